"""The improvement payment: scores, styles, steps and re-based targets."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stresstest.levers.exception_reporting import excepted
from stresstest.terms.improvement_payment import KIND, allowed, counted_score, improvement_amount, indicator_score

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
    assert KIND.check({"indicators": ONE, "levels": 0.0}) == []
    assert KIND.check({"indicators": [*ONE, {**ONE[0], "name": "y"}], "levels": 0.0})[0][0] == "indicators.weight"


@pytest.mark.unit
def test_an_indicator_stands_once():
    """An indicator that is named twice is reported, even where the weights add to 1."""
    key, sentence = KIND.check({"indicators": [{**ONE[0], "weight": 0.5}] * 2, "levels": 0.0})[0]
    assert key == "indicators.name"
    assert sentence.startswith("x stands here twice")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("raw", "gate", "levels", "score"),
    [
        (0.65, 0.0, 0.0, 0.65), (0.6, 0.6, 0.0, 0.6), (0.5999, 0.6, 0.0, 0.0), (0.65, 0.0, 10.0, 0.6),
        (0.6, 0.0, 5.0, 0.6), (0.3, 0.0, 10.0, 0.3), (1.0, 0.0, 3.0, 1.0), (0.65, 0.62, 10.0, 0.6),
    ],
)  # fmt: skip
def test_gate_and_levels(raw, gate, levels, score):
    """Below the gate the score is 0, at it it counts; levels count whole ones, and come after the gate."""
    assert counted_score(raw, gate, levels) == pytest.approx(score, abs=1e-15)


@pytest.mark.unit
def test_a_missing_score_passes_gate_and_levels_unseen():
    """A NaN is neither failed nor levelled."""
    assert math.isnan(counted_score(math.nan, 0.5, 10.0))


@pytest.mark.unit
def test_levels_are_paid(pay):
    """Of a score of 0.55 in ten levels half of the money is earned."""
    terms = {"at_risk": 0.1, "style": "withheld", "levels": 10.0, "indicators": ONE}
    assert pay("improvement_payment", terms, {"annual": 100.0, "indicators": {"x": 71.0}}) == pytest.approx([-5.0])


@pytest.mark.unit
@pytest.mark.parametrize(("levels", "findings"), [(0.0, 0), (10.0, 0), (2.5, 1), (math.nan, 0)])
def test_levels_are_whole(levels, findings):
    """Two and a half levels are reported; levels that a quantity gives are not."""
    assert len(KIND.check({"indicators": ONE, "levels": levels})) == findings


@pytest.mark.unit
def test_exceptions_and_payment_are_read_only_where_they_matter():
    """Exceptions matter under a cap of less than everybody, the payment where something is at risk."""
    assert KIND.reads({"exception_cap": 1.0}) == ()
    assert KIND.reads({"exception_cap": 0.99}) == KIND.reads({"exception_cap": math.nan}) == ("exceptions",)
    assert KIND.unread({"at_risk": 0.0}) == ("payment",)
    assert KIND.unread({"at_risk": 0.1}) == KIND.unread({"at_risk": math.nan}) == ()


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
