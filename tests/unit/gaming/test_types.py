"""Types of provider."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.gaming.best import honest_of
from stresstest.gaming.types import (
    chosen_by_chance,
    expected_harm,
    harm_of,
    levers_of,
    provider_type,
    provider_types,
    with_altruism,
)
from stresstest.gaming.use import read_use
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS

pytestmark = pytest.mark.unit


def test_grades_part_the_types():
    """The honest type pulls nothing, the opportunist nothing false, the strategic everything."""
    assert levers_of("honest") == ()
    assert levers_of("strategic") == GAMING
    assert {LEVERS[LEVER_NUMBER[name]].grade for name in levers_of("opportunist")} == {"lawful", "grey"}


def test_the_opportunist_gains_no_more_than_the_strategist(toy):
    """More levers never gain less; the honest type gains nothing and harms nobody."""
    use = read_use()
    found = {name: provider_type(toy.study, name, 0.0, use, jobs=1) for name in ("honest", "opportunist", "strategic")}
    assert found["honest"].answer.gain == found["honest"].harm == 0.0
    assert found["honest"].probability_worthwhile == 0.0
    assert 0.0 < found["opportunist"].answer.gain <= found["strategic"].answer.gain + 1.0
    assert found["strategic"].probability_worthwhile == 1.0


def test_expected_harm_is_a_range_with_two_ends(toy):
    """Between using nothing and using everything: harm rises with the chances of use."""
    levels = {**honest_of(toy), "list_inflation": 0.04}
    low, high = expected_harm(toy, levels, read_use())["commissioner"]
    worth = float(toy.worth(levels).commissioner.mean())
    assert 0.0 < low < high < worth
    assert low == pytest.approx(0.3 * worth, rel=0.15)
    assert high == pytest.approx(0.9 * worth, rel=0.15)


def test_harm_adds_public_money_and_lost_health(toy):
    """A QALY lost counts at the provider file's value, in every future."""
    worth = toy.worth({**honest_of(toy), "list_inflation": 0.04})
    np.testing.assert_allclose(harm_of(toy.study, worth), worth.public - 20_000 * worth.health)


def test_weight_on_benefit_changes_what_is_wanted(toy):
    """A provider that cares about patients wants surplus and health; a play's surplus stays what it was."""
    study = with_altruism(toy.study, 1.0)
    assert study.provider.parameters["motive.altruism"].value == 1.0
    assert toy.study.provider.parameters["motive.altruism"].value == 0.0


def test_use_by_chance_grows_with_the_chance():
    """The same net at every end: who is used at the low end is used at the high end as well."""
    use = read_use()
    low = chosen_by_chance(("upcoding", "skimping"), use, "low")
    high = chosen_by_chance(("upcoding", "skimping"), use, "high")
    assert all(a <= b for a, b in zip(low, high, strict=True))
    assert chosen_by_chance((), use, "low") == [frozenset()]


def test_every_type_at_every_weight(toy):
    """Three types at two weights are six answers, each said before it is sought."""
    said: list[str] = []
    found = provider_types(toy.study, read_use(), (0.0, 1.0), 1, said.append)
    assert [(one.name, one.altruism) for one in found] == [
        (name, weight) for name in ("honest", "opportunist", "strategic") for weight in (0.0, 1.0)
    ]
    assert len(said) == 6
