"""Exact order statistics of a column that is never held whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.futures.design import fill_stream
from stresstest.futures.streams import stream_key
from stresstest.measures import stream
from stresstest.measures.stream import Column, Words, ranked

N = 5000


def uniforms(name, n=N):
    """n draws of the project's own generator."""
    cube = np.zeros((1, n))
    fill_stream(cube, 0, 1, np.array(stream_key(5, name), dtype=np.uint64), 1, n)
    return cube[0]


COLUMNS = {
    "smooth": lambda: uniforms("a"),
    "long tail": lambda: np.exp(18.0 * uniforms("b")),
    "an atom at nothing": lambda: np.where(uniforms("c") < 0.6, 0.0, uniforms("d")),
    "three atoms": lambda: np.floor(3.0 * uniforms("e")),
    "one value": lambda: np.full(N, 7.0),
    "both signs": lambda: 1e9 * (uniforms("f") - 0.5) ** 3,
    "neighbours": lambda: np.where(uniforms("g") < 0.5, 1.0, np.nextafter(1.0, 2.0)),
}


def column(values, parts=13):
    """A column in parts of unequal size, one of them empty."""
    pieces = [values[:0], *np.array_split(values, parts)]
    return Column(lambda: iter(pieces))


@pytest.mark.unit
@pytest.mark.parametrize("gather", [10, 50, 400_000])
@pytest.mark.parametrize("name", COLUMNS)
def test_ranks_are_exact(monkeypatch, name, gather):
    """The value at each rank is the value at that rank, whether the column is gathered or searched cell by cell."""
    monkeypatch.setattr(stream, "GATHER", gather)
    values = COLUMNS[name]()
    ranks = [0, 1, 49, 1250, 2499, 2500, 2999, 3001, 4949, N - 2, N - 1]
    found = ranked(column(values), ranks, float(values.min()), float(values.max()), N)
    ordered = np.sort(values)
    assert found == {rank: float(ordered[rank]) for rank in ranks}


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
    ranks = data.draw(st.lists(st.integers(0, values.size - 1), min_size=1, max_size=5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "GATHER", 3)
        found = ranked(column(values, 3), ranks, float(values.min()), float(values.max()), values.size)
    ordered = np.sort(values)
    assert all(found[rank] == ordered[rank] for rank in ranks)


@pytest.mark.unit
def test_a_column_can_be_read_again():
    """A column is a repeatable stream: reading it twice gives the same values."""
    values = column(np.arange(10.0))
    np.testing.assert_array_equal(np.concatenate(list(values)), np.concatenate(list(values)))


@pytest.mark.unit
def test_words_are_compared_and_counted():
    """A column of words knows which rows hold a word, and how often each stands in chosen rows."""
    words = Words(np.array([0, 1, 1, 2, 0]), ["honest", "gamed", "none"])
    np.testing.assert_array_equal(words.equal("gamed"), [False, True, True, False, False])
    assert not words.equal("unknown").any()
    assert words.counts(np.array([True, True, True, False, True])) == {"honest": 2, "gamed": 2}
