"""Who carries an exploit."""

from __future__ import annotations

import pytest

from stresstest.gaming.best import honest_of
from stresstest.gaming.compounds import HONEST_WORK, compound

pytestmark = pytest.mark.unit
PAIR = {"upcoding": 0.1, "exception_reporting": 0.1}


def test_shapley_values_add_up_on_the_toy(toy):
    """The values add up to the whole gain; a pair that pays only together shares it evenly and is flagged."""
    found = compound(toy, {**honest_of(toy), "upcoding": 0.16, "exception_reporting": 0.1, "list_inflation": 0.04})
    assert sum(value for value, _ in found.shapley.values()) == pytest.approx(found.total[0])
    assert found.orders == 6
    (pair,) = found.flagged
    assert {pair.first, pair.second} == {"upcoding", "exception_reporting"}
    assert pair.amount[0] == pytest.approx(5e6, rel=1e-6)
    assert found.shapley["upcoding"][0] == pytest.approx(found.shapley["exception_reporting"][0])


def test_leaving_one_out_has_the_sign_of_what_it_adds(toy):
    """A lever that costs shows a negative loss, one of a pair the whole pair's gain, though alone it costs."""
    found = compound(toy, {**honest_of(toy), "upcoding": 0.16, "exception_reporting": 0.1, "misreporting": 0.2})
    assert found.leave_one_out["misreporting"][0] < 0.0
    assert found.leave_one_out["upcoding"][0] > 0.0 > found.alone["upcoding"][0]


def test_other_honest_work_is_a_player_of_its_own(toy):
    """Where the exploit works otherwise than the honest twin, that is a player, and the sum still holds."""
    found = compound(toy, {"effort": 0.5, "list_inflation": 0.04})
    assert found.players == ("list_inflation", HONEST_WORK)
    assert found.shapley[HONEST_WORK][0] < 0.0
    assert sum(value for value, _ in found.shapley.values()) == pytest.approx(found.total[0])


def test_many_players_add_up_with_latin_squares(toy):
    """With more than five players orders come from squares, and the sum is exact all the same."""
    names = ("list_inflation", "upcoding", "exception_reporting", "misreporting", "skimping", "disinvestment", "relabelling")
    found = compound(toy, {**honest_of(toy), **dict.fromkeys(names, 0.01)})
    assert found.orders >= 50
    assert sum(value for value, _ in found.shapley.values()) == pytest.approx(found.total[0])


def test_shapley_values_add_up_on_the_machine(small):
    """On the real machine too, to rounding, with each coalition simulated once."""
    game = small(futures=4)
    found = compound(game, {**honest_of(game), **PAIR})
    assert found.coalitions == 4
    assert sum(value for value, _ in found.shapley.values()) == pytest.approx(found.total[0], abs=1e-3)
