"""Laws of measures: order, parts and names of futures do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.measures.estimates import describe
from stresstest.measures.stream import Column

pytestmark = pytest.mark.law

values = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False) | st.just(0.0), min_size=20, max_size=300).map(np.array)


def column(*parts):
    """A column in parts."""
    return Column(lambda: iter(parts))


def numbers(found):
    """Values by statistic, without the central case."""
    return {e.statistic: e.value for e in found if e.statistic != "central"}


@given(values, st.permutations(range(7)), st.booleans())
def test_swapping_futures_changes_nothing(held, order, bad):
    """Futures in another order give the same quantiles exactly, and the same sums to rounding."""
    pieces = np.array_split(held, 7)
    other = np.concatenate([pieces[k][::-1] for k in order])
    one, two = numbers(describe(column(held), bad)), numbers(describe(column(other), bad))
    scale = max(1.0, float(np.abs(held).max()))
    for name, value in one.items():
        exact = name.startswith("p") and name[1].isdigit()
        assert two[name] == value if exact else two[name] == pytest.approx(value, abs=1e-9 * scale)


@given(values, st.integers(1, 9), st.booleans())
def test_parts_do_not_matter(held, parts, bad):
    """A column in any number of parts has the statistics of the whole."""
    one, two = numbers(describe(column(held), bad)), numbers(describe(column(*np.array_split(held, parts)), bad))
    scale = max(1.0, float(np.abs(held).max()))
    for name, value in one.items():
        assert two[name] == pytest.approx(value, abs=1e-9 * scale), name


@given(values)
def test_the_other_side_is_the_mirror(held):
    """The worst of −x where low is bad is minus the worst of x where high is bad."""
    one, two = numbers(describe(column(held), True)), numbers(describe(column(-held), False))
    scale = max(1.0, float(np.abs(held).max()))
    for name in ("mean", "cte95", "cte99"):
        assert two[name] == pytest.approx(-one[name], abs=1e-8 * scale)


@given(values)
def test_statistics_stand_in_order(held):
    """Quantiles rise, the conditional tail lies beyond its quantile, and no statistic leaves the range of the values."""
    found = numbers(describe(column(held), True))
    quantiles = [found[f"p{100 * p:g}"] for p in (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)]
    assert quantiles == sorted(quantiles)
    slack = 1e-9 * max(1.0, float(np.abs(held).max()))
    assert found["p95"] - slack <= found["cte95"] <= found["cte99"] + slack <= held.max() + 2 * slack
    assert held.min() - slack <= found["mean"] <= held.max() + slack
