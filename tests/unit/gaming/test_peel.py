"""The catalogue of exploits."""

from __future__ import annotations

import pytest

from stresstest.gaming.best import honest_of
from stresstest.gaming.peel import largest_lever, peel

pytestmark = pytest.mark.unit


def test_peeling_brings_up_what_the_best_exploit_hid(toy):
    """The largest lever goes first; gains fall, and what is forbidden is not used again."""
    found = peel(toy)
    gains = [one.answer.gain for one in found.exploits]
    assert len(gains) >= 3
    assert gains == sorted(gains, reverse=True)
    for one in found.exploits:
        assert not set(one.signature) & set(one.forbidden)
    assert set(found.levers) == {"list_inflation", "upcoding", "exception_reporting", "year_end_timing"}


def test_peeling_by_signature_gives_exploits_with_nothing_in_common(toy):
    """All levers of the first are forbidden at once, and then nothing pays."""
    found = peel(toy, by="signature")
    assert len(found.exploits) == 1
    assert found.remainder == 0.0


def test_peeling_stops_under_the_threshold(toy):
    """With a threshold above every gain the catalogue is empty, and says what was left."""
    found = peel(toy, threshold=1e9)
    assert not found.exploits
    assert 0.0 < found.remainder < 1e9


def test_the_largest_lever_is_the_one_whose_loss_costs_most(toy):
    """£4m for the list against £0.67m for timing."""
    play = {**honest_of(toy), "list_inflation": 0.04, "year_end_timing": (0.0,) * 10 + (0.03,) * 5}
    assert largest_lever(toy, play) == "list_inflation"


def test_nothing_to_gain_is_an_empty_catalogue(toy):
    """Where only levers that cost are allowed there is no exploit."""
    found = peel(toy, levers=("misreporting", "skimping"))
    assert found.exploits == ()
    assert found.remainder == 0.0
