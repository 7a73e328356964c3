"""The improvement payment: scores, styles, steps and re-based targets."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stresstest.levers.exception_reporting import excepted
from stresstest.terms.improvement_payment import KIND, allowed, improvement_amount, indicator_score

ONE = [{"name": "x", "weight": 1.0, "floor": 60.0, "target": 80.0}]
values = st.floats(-1e3, 1e3)


@pytest.mark.unit
@pytest.mark.parametrize(("x", "score"), [(60, 0.0), (70, 0.5), (80, 1.0), (59, 0.0), (81, 1.0)])
def test_rising_indicator(x, score):
    """A rising indicator scores 0 at its floor and 1 at its target, in a straight line."""
    assert indicator_score(float(x), 60.0, 80.0, 0.0) == pytest.approx(score)


@pytest.mark.unit
@pytest.mark.parametrize(("x", "score"), [(80, 0.0), (70, 0.5), (60, 1.0), (81, 0.0), (59, 1.0)])
def test_falling_indicator(x, score):
    """A falling indicator has its target below its floor."""
    assert indicator_score(float(x), 80.0, 60.0, 0.0) == pytest.approx(score)


@pytest.mark.unit
@pytest.mark.parametrize(("floor", "target", "below", "at"), [(60.0, 80.0, 79.999, 80.0), (80.0, 60.0, 60.001, 60.0)])
def test_step_is_paid_exactly_at_the_target(floor, target, below, at):
    """The step pays at the target and not just before it, in both directions."""
    assert indicator_score(below, floor, target, 1.0) == 0.0
    assert indicator_score(at, floor, target, 1.0) == 1.0


@pytest.mark.unit
def test_floor_equal_to_target_is_a_step():
    """Without a line between floor and target nothing is divided by zero."""
    assert indicator_score(79.9, 80.0, 80.0, 0.0) == 0.0
    assert indicator_score(80.0, 80.0, 80.0, 0.0) == 1.0


@pytest.mark.unit
def test_a_missing_report_stays_visible():
    """A NaN is not paid as if it were a score."""
    assert math.isnan(indicator_score(math.nan, 60.0, 80.0, 0.0))


@pytest.mark.unit
def test_targets_follow_reports_only_from_the_stated_year(pay):
    """With `rebase_from` 2 the first report moves no target and the second does."""
    terms = {"at_risk": 1.0, "style": "additional", "rebase": 1.0, "rebase_from": 2.0, "indicators": ONE}
    years = [{"annual": 1.0, "indicators": {"x": x}} for x in (90.0, 90.0, 80.0)]
    assert pay("improvement_payment", terms, *years) == pytest.approx([1.0, 1.0, 0.5])


@pytest.mark.unit
def test_weights_must_add_to_one():
    """A clause whose weights do not add to 1 is reported."""
    assert KIND.check({"indicators": ONE}) == []
    assert KIND.check({"indicators": [*ONE, {**ONE[0], "name": "y"}]})[0][0] == "indicators.weight"


@pytest.mark.unit
def test_an_indicator_stands_once():
    """An indicator that is named twice is reported, even where the weights add to 1."""
    key, sentence = KIND.check({"indicators": [{**ONE[0], "weight": 0.5}] * 2})[0]
    assert key == "indicators.name"
    assert sentence.startswith("x stands here twice")


@pytest.mark.law
@given(values, values, values, st.floats(0, 1), st.floats(0, 100))
def test_score_is_monotone_and_bounded(x, floor, target, step, better):
    """A better report never scores less, and every score lies between 0 and 1."""
    assume(abs(target - floor) > 1e-6)
    low = indicator_score(x, floor, target, step)
    high = indicator_score(x + math.copysign(better, target - floor), floor, target, step)
    assert 0.0 <= low <= 1.0 + 1e-12
    assert high >= low - 1e-12


@pytest.mark.law
@given(st.floats(0, 1), st.floats(0, 1e9), st.floats(0, 0.5))
def test_withheld_and_additional_agree_after_rebasing(score, price, at_risk):
    """P less what is withheld equals P(1 − κ) plus what is added at κ/(1 − κ)."""
    withheld = price + improvement_amount(score, price, at_risk, 0.0)
    base = price * (1.0 - at_risk)
    assert withheld == pytest.approx(base + improvement_amount(score, base, at_risk / (1.0 - at_risk), 1.0), abs=1e-3)


@pytest.mark.law
@given(st.floats(0, 1), st.floats(0, 1e9))
def test_nothing_at_risk_pays_nothing(score, price):
    """A zero share moves no money in either style."""
    assert improvement_amount(score, price, 0.0, 0.0) == 0.0
    assert improvement_amount(score, price, 0.0, 1.0) == 0.0


@pytest.mark.law
@given(st.floats(0.01, 1), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 1), st.booleans())
def test_exceptions_beyond_the_cap_are_taken_back(true_value, exceptions, cap, effect, falling):
    """A report inflated by exceptions counts as if only the cap had been excepted, and never better than reported."""
    reported, granted = (excepted(true_value, e, effect, falling) for e in (exceptions, min(exceptions, cap)))
    counted = allowed(reported, exceptions, cap, effect, falling)
    assert counted == pytest.approx(granted)
    assert counted >= reported - 1e-12 if falling else counted <= reported + 1e-12
