"""Exact order statistics of a column that is never held whole, with weights and without."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.measures import stream
from stresstest.measures.ranks import Ranks
from stresstest.measures.stream import Column, Piece

N = 5000
RANDOM = np.random.default_rng(5)

COLUMNS = {
    "smooth": RANDOM.random(N),
    "long tail": np.exp(18.0 * RANDOM.random(N)),
    "an atom at nothing": np.where(RANDOM.random(N) < 0.6, 0.0, RANDOM.random(N)),
    "three atoms": np.floor(3.0 * RANDOM.random(N)),
    "one value": np.full(N, 7.0),
    "both signs": 1e9 * (RANDOM.random(N) - 0.5) ** 3,
    "neighbours": np.where(RANDOM.random(N) < 0.5, 1.0, np.nextafter(1.0, 2.0)),
}


def column(values, weights, parts=13):
    """A column in parts of unequal size, one of them empty."""
    whole = Piece(values, weights, np.zeros(values.size, dtype=np.int64))
    edges = [0, 0, *np.linspace(0, values.size, parts + 1).astype(int)[1:]]
    pieces = [whole.cut(slice(a, b)) for a, b in pairwise(edges)]
    return Column(lambda: iter(pieces))


def ranks(values, weights=None, parts=13):
    """Ranks of a column."""
    each = 1.0 if weights is None else 0.0
    weights = np.ones(values.size) if weights is None else weights
    return Ranks(column(values, weights, parts), float(values.min()), float(values.max()), values.size, each)


def brute(values, weights, targets):
    """The smallest value up to which the weight reaches each target."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weights[order])
    return {a: float(values[order][min(np.searchsorted(ends, a), values.size - 1)]) for a in targets}


@pytest.mark.unit
@pytest.mark.parametrize("gather", [10, 50, 400_000])
@pytest.mark.parametrize("name", COLUMNS)
def test_ranks_are_exact(monkeypatch, name, gather):
    """The value at each rank is the value at that rank, whether the column is gathered or searched cell by cell."""
    monkeypatch.setattr(stream, "GATHER", gather)
    values = COLUMNS[name]
    wanted = [0, 1, 49, 1250, 2499, 2500, 2999, 3001, 4949, N - 2, N - 1]
    found = ranks(values).at([rank + 1.0 for rank in wanted])
    ordered = np.sort(values)
    assert found == {rank + 1.0: float(ordered[rank]) for rank in wanted}


@pytest.mark.unit
@pytest.mark.parametrize("gather", [10, 50, 400_000])
@pytest.mark.parametrize("name", COLUMNS)
def test_weighted_values_are_exact(monkeypatch, name, gather):
    """With weights, some of them nothing, the value at each cumulative weight is that of sorting everything."""
    monkeypatch.setattr(stream, "GATHER", gather)
    values = COLUMNS[name]
    weights = np.where(RANDOM.random(N) < 0.1, 0.0, RANDOM.integers(1, 9, N).astype(float))
    targets = [0.5, 3.0, 1000.5, weights.sum() / 2, weights.sum() - 0.5, weights.sum()]
    assert ranks(values, weights).at(targets) == brute(values, weights, targets)


@pytest.mark.unit
@pytest.mark.parametrize("gather", [10, 400_000])
def test_beyond_the_ends_lie_the_ends(monkeypatch, gather):
    """At no weight the smallest value is found, beyond the whole weight the largest."""
    monkeypatch.setattr(stream, "GATHER", gather)
    values = COLUMNS["smooth"]
    assert ranks(values).at([-1.0, 0.0, N + 1.0]) == {-1.0: values.min(), 0.0: values.min(), N + 1.0: values.max()}


@pytest.mark.unit
def test_a_long_column_is_never_gathered_whole(monkeypatch):
    """Searching many ranks gathers at most GATHER values at once, in few passes."""
    monkeypatch.setattr(stream, "GATHER", 500)
    values, passes = COLUMNS["smooth"], []
    pieces = np.array_split(values, 10)

    def counted():
        passes.append(1)
        return iter(pieces)

    found = Ranks(Column(counted), float(values.min()), float(values.max()), N, 1.0)
    wanted = [float(k) for k in range(1, N, 100)]
    assert found.at(wanted) == {a: float(np.sort(values)[int(a) - 1]) for a in wanted}
    assert len(passes) == 2


@pytest.mark.law
@settings(max_examples=60)
@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), min_size=1, max_size=60
    ),
    st.data(),
)
def test_ranks_of_any_numbers(held, data):
    """For any numbers whatever, the search finds what sorting finds."""
    values = np.array(held)
    wanted = data.draw(st.lists(st.integers(0, values.size - 1), min_size=1, max_size=5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "GATHER", 3)
        found = ranks(values, None, 3).at([rank + 1.0 for rank in wanted])
    ordered = np.sort(values)
    assert all(found[rank + 1.0] == ordered[rank] for rank in wanted)
