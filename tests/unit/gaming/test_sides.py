"""The commissioner's side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stresstest.gaming.best import search
from stresstest.gaming.sides import further_targets, side_effects, sides
from stresstest.place import Quantity

pytestmark = pytest.mark.unit


def by_name(study):
    """The sides of a study by name."""
    return {side.name: side.study for side in sides(study)}


def test_each_side_changes_what_it_says(dudley):
    """Targets, re-basing, enforcement, growth and shares of the changed studies, one by one."""
    found, contract = by_name(dudley.study), dudley.study.contract
    rebased = found["early re-basing"].contract.first("improvement_payment").at(0)
    assert (rebased["rebase"], rebased["rebase_from"]) == (1.0, 1.0)
    cut = found["budget cut"].contract.first("annual_payment").at(0)
    assert cut["growth_ceiling"] == pytest.approx(contract.first("annual_payment").at(0)["growth_ceiling"] - 0.01)
    assert cut["scope_change"] == pytest.approx(-0.01 * contract.opening_price)
    levers = found["non-enforcement"].provider.levers
    assert all(values["detection"].value == 0.0 for values in levers.values() if "detection" in values)
    held = found["hold-up"].contract
    assert held.first("gain_loss_share").at(0)["share_gain"] == 0.0
    assert held.first("cap_and_collar").at(0)["pay_back_share"] == 1.0


def test_targets_move_away_from_their_floors_in_every_year():
    """Half as far again: a rising and a falling indicator."""
    rows = [
        {"name": "up", "floor": Quantity((60.0,)), "target": Quantity((70.0, 80.0))},
        {"name": "down", "floor": Quantity((100.0,)), "target": Quantity((90.0,))},
    ]
    found = further_targets(rows)
    assert found[0]["target"].values == (75.0, 90.0)
    assert found[1]["target"].values == (85.0,)


def test_a_side_without_its_clause_is_said_not_to_apply(dudley):
    """A contract without an improvement payment cannot re-base it."""
    terms = tuple(term for term in dudley.study.contract.terms if term.kind.name != "improvement_payment")
    found = by_name(dudley.study.with_contract(replace(dudley.study.contract, terms=terms)))
    assert found["early re-basing"] is None
    assert found["unattainable targets"] is None
    assert found["budget cut"] is not None


def test_effects_hold_honest_work_and_gaming_apart(toy):
    """On the toy, whose payoffs no side changes, nothing moves, and every side is said before it is tried."""
    said: list[str] = []
    found = side_effects(toy, search(toy), say=said.append)
    assert len(found) == len(said) == 5
    for one in found:
        assert one.applies
        assert one.surplus[0] == pytest.approx(0.0, abs=1e3)
        assert one.gain_after[0] == pytest.approx(one.gain_before[0], rel=0.02)
