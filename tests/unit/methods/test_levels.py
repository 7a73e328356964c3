"""Cases: levels lose nothing of small tables and little of large ones; halves share no group."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, normals
from stresstest.methods.box import Box, Limit
from stresstest.methods.cases import LEVELS, Cases, codes_of, levels_of

pytestmark = pytest.mark.unit


def test_a_small_table_is_held_exactly():
    """Up to LEVELS distinct values come back as they were."""
    values = normals(key_of("test/cases"), 1, 5000)[0]
    cases = Cases.of({"x": values}, {"y": values})
    np.testing.assert_array_equal(cases.values("x"), values)


def test_a_large_column_keeps_its_ranks_and_its_mean():
    """Beyond LEVELS values each stands for its own part: order is kept, the mean moves by less than 1e-4 of the spread."""
    values = normals(key_of("test/cases large"), 1, 100_000)[0]
    levels = levels_of(values)
    held = levels[codes_of(values, levels)]
    assert levels.size <= LEVELS
    assert np.all(np.diff(held[np.argsort(values)]) >= 0.0)
    assert abs(held.mean() - values.mean()) < 1e-4
    assert np.abs(held - values)[np.abs(values) < 3.0].max() < 0.02


def test_halves_share_no_group():
    """Futures of one group (a mirrored pair, a replicate) stand in the same half."""
    n = 100
    cases = Cases.of({"x": np.arange(n, dtype=float)}, {"y": np.arange(n, dtype=float)})
    grouped = Cases(cases.factors, cases.codes, cases.levels, cases.results, cases.weight, np.arange(n) // 2)
    one, two = grouped.halves()
    assert one.groups is not None
    assert two.groups is not None
    assert not set(one.groups) & set(two.groups)
    assert one.n + two.n == n


def test_bad_columns_are_refused_with_their_row():
    """A number that is not finite, columns of unequal length and no rows are refused."""
    good = np.arange(3.0)
    for columns, result in (({"x": np.array([0.0, np.nan, 1.0])}, good), ({"x": good[:2]}, good), ({"x": good[:0]}, good[:0])):
        with pytest.raises(DataError):
            Cases.of(columns, {"y": result})
    with pytest.raises(DataError):
        Cases.of({"x": good}, {"y": good}).values("z")


def test_a_box_holds_its_bounds():
    """Both bounds of a limit are included, and an open side has none."""
    cases = Cases.of({"x": np.arange(5.0), "c": np.ones(5)}, {"y": np.zeros(5)})
    assert Box((Limit("x", 1.0, 3.0),)).inside(cases).tolist() == [False, True, True, True, False]
    assert Box((Limit("x", high=0.5),)).inside(cases).sum() == 1
    assert Box().inside(cases).all()
    assert cases.constant() == ["c"]
