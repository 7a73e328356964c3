"""The quality-scaled share: a bonus first, a share set by quality later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.quality_scaled_share import KIND, phase_one, phase_two

shares = st.floats(0, 1)


@pytest.mark.unit
def test_phase_one_on_budget_pays_the_bonus_alone():
    """Without a gap only quality is paid."""
    assert phase_one(0.0, 100.0, 0.6, 0.5, 0.1) == pytest.approx(6.0)
    assert phase_one(-3.0, 100.0, 0.0, 0.5, 0.1) == pytest.approx(-1.5)


@pytest.mark.unit
def test_phase_two_pays_no_bonus():
    """On budget quality pays nothing in phase two."""
    assert phase_two(0.0, 1.0, 0.2, 0.6) == 0.0


@pytest.mark.unit
def test_shares_above_the_whole_are_reported():
    """Low plus span above 1 would pay the provider for a loss."""
    assert KIND.check({"low": 0.5, "span": 0.6})[0][0] == "span"
    assert KIND.check({"low": 0.4, "span": 0.6}) == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("phase", "bonus", "names"),
    [("one", 0.0, ("quality",)), ("one", 0.1, ()), ("two", 0.0, ()), (float("nan"), 0.0, ())],
)
def test_quality_is_read_only_where_it_pays(phase, bonus, names):
    """In a phase one without a bonus nobody needs a score."""
    assert KIND.unread({"phase": phase, "bonus": bonus}) == names


@pytest.mark.law
@given(st.floats(-1e8, 1e8), shares, shares, shares, shares)
def test_better_quality_never_pays_less(gap, one, two, low, span):
    """Both phases are monotone in quality."""
    worse, better = sorted((one, two))
    span *= 1.0 - low
    assert phase_one(gap, 1e8, better, 0.5, 0.1) >= phase_one(gap, 1e8, worse, 0.5, 0.1) - 1e-6
    assert phase_two(gap, better, low, span) >= phase_two(gap, worse, low, span) - 1e-6


@pytest.mark.law
@given(st.floats(-1e8, 1e8), st.floats(0, 1e8), shares, shares, shares)
def test_a_larger_gap_never_pays_less(gap, more, quality, low, span):
    """Both phases are non-increasing in spend, and no share exceeds the whole."""
    span *= 1.0 - low
    assert phase_one(gap + more, 1e8, quality, 0.5, 0.1) >= phase_one(gap, 1e8, quality, 0.5, 0.1) - 1e-6
    assert phase_two(gap + more, quality, low, span) >= phase_two(gap, quality, low, span) - 1e-6
    assert abs(phase_two(gap, quality, low, span)) <= abs(gap) * (1.0 + 1e-12)


@pytest.mark.law
@given(st.floats(-1e8, 1e8), shares)
def test_zero_share_and_bonus_move_no_money(gap, quality):
    """Phase one without share and bonus pays nothing."""
    assert phase_one(gap, 1e8, quality, 0.0, 0.0) == 0.0
