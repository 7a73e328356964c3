"""Breaks of a payment along one input are found where they are, with their heights and slopes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.gaming.probe import shape_of

pytestmark = pytest.mark.unit


def test_a_step_two_kinks_and_flat_stretches() -> None:
    """Flat, rising, flat, a jump of 100 and flat again."""

    def pay(x: np.ndarray) -> np.ndarray:
        return np.clip(5.0 * (x - 2.3), 0.0, 13.5) + 100.0 * (x >= 7.123456)

    seen = shape_of(pay, 0.0, 10.0, 3.0)
    assert [round(b.at, 6) for b in seen.breaks] == [2.3, 5.0, 7.123456]
    assert [round(b.jump, 3) for b in seen.breaks] == [0.0, 0.0, 100.0]
    assert [(round(b.before, 6), round(b.after, 6)) for b in seen.breaks] == [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0)]
    assert seen.slope == pytest.approx(5.0)
    assert [(round(a, 6), round(b, 6)) for a, b in seen.flats()] == [(0.0, 2.3), (5.0, 7.123456), (7.123456, 10.0)]


def test_a_straight_line_has_no_break() -> None:
    """Nothing is seen in a line, steep or flat."""
    for slope in (0.0, 1e-9, 3.0, 1e9):
        assert shape_of(lambda x, slope=slope: slope * x, -5.0, 5.0, 0.0).breaks == ()


@given(
    st.lists(st.integers(5, 95), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from([-4.0, -1.0, 0.5, 2.0, 7.0]), min_size=5, max_size=5),
)
def test_kinks_of_any_broken_line_are_found(knots: list[int], slopes: list[float]) -> None:
    """A broken line with whole-numbered knots gives back every knot whose slopes differ, to a part in a million."""
    edges = sorted(knots)
    if any(b - a < 3 for a, b in pairwise(edges)):
        return
    xs = np.array([0.0, *edges, 100.0])
    ys = np.concatenate([[0.0], np.cumsum(np.diff(xs) * np.array(slopes[: len(xs) - 1]))])
    seen = shape_of(lambda x: np.interp(x, xs, ys), 0.0, 100.0, 50.0)
    wanted = [k for i, k in enumerate(edges) if slopes[i] != slopes[i + 1]]
    assert [b.at for b in seen.breaks] == pytest.approx(wanted, abs=1e-4)
    assert all(b.jump == 0.0 for b in seen.breaks)
