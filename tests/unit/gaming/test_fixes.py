"""Fixes, with everybody's answer to them."""

from __future__ import annotations

import pytest

from stresstest.analysis.exploit import fix_parts
from stresstest.gaming.best import honest_of, search
from stresstest.gaming.fixes import fix_effects, fixes_of, played, risen_levers
from stresstest.levers import LEVER_NUMBER, LEVERS

pytestmark = pytest.mark.unit


def test_a_fix_takes_away_its_levers_gain_and_costs_honest_work_nothing(toy):
    """Paying for no more heads than the estimate ends list inflation (£4m); the honest provider does not notice."""
    (effect,) = fix_effects(toy, search(toy), of=("list_inflation",))
    assert effect.applies
    assert effect.gain_change[0] == pytest.approx(-4e6, abs=2e5)
    assert effect.gain_after[0] > 0.0
    assert effect.surplus_honest[0] == pytest.approx(0.0, abs=1e5)
    assert "list_inflation" not in effect.levels
    assert effect.losing_before == effect.losing_after


def test_a_fix_outside_the_contract_is_said_to_be(toy):
    """A fix without changes is listed, and not tried."""
    effects = fix_effects(toy, honest_of(toy), of=("low_bid",))
    outside = [fix.words for fix in LEVERS[LEVER_NUMBER["low_bid"]].fixes if not fix_parts(fix)]
    assert outside
    assert outside == [one.words for one in effects if not one.parts]
    assert not any(one.applies for one in effects if not one.parts)


def test_levers_that_rise_are_named_with_amounts():
    """Displacement is a rise of a twentieth of a lever's range or more, the largest first."""
    rose = risen_levers({"upcoding": 0.02, "skimping": 0.08}, {"upcoding": 0.04, "list_inflation": 0.04, "skimping": 0.01})
    assert [(one.lever, one.before, one.after) for one in rose] == [("list_inflation", 0.0, 0.04), ("upcoding", 0.02, 0.04)]


def test_every_fix_of_every_lever_is_listed():
    """As many pairs as the register has fixes."""
    assert len(fixes_of()) == sum(len(kind.fixes) for kind in LEVERS if kind.grade != "honest")


def test_gains_are_paired_on_fresh_futures(toy):
    """The toy's chance that no play changes cancels in the gain."""
    gain = played(toy, {**honest_of(toy), "year_end_timing": 0.0}).gain
    assert gain.shape == (toy.verify.n,)
    assert abs(gain).max() == 0.0
