"""Bases: orthonormal functions, sizes that fit the futures, columns that belong to their players."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import ConfigError, DataError
from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.basis import MOST_COLUMNS, SIZES, basis_of, count_columns, functions_of, masses, sizes_for
from stresstest.methods.cases import Cases

pytestmark = pytest.mark.unit


def _cases(n=2000, columns=3):
    x = normals(key_of("test/basis"), columns, n)
    return Cases.of({f"x{k}": x[k] for k in range(columns)}, {"y": x[0]}, uniforms(key_of("test/basis w"), 1, n)[0])


def test_functions_are_orthonormal_under_the_weights():
    """Mean 0, variance 1 and no correlation, with the masses of unequal weights."""
    cases = _cases()
    mass = masses(cases, 0)
    f = functions_of(cases.levels[0], mass, 20)
    assert f.shape[1] == 20
    np.testing.assert_allclose(mass @ f, 0.0, atol=1e-9)
    np.testing.assert_allclose((f * mass[:, None]).T @ f, np.eye(20), atol=1e-8)


def test_the_first_function_is_the_level_itself():
    """A straight line is met by the first function alone, tails and all."""
    cases = _cases()
    f = functions_of(cases.levels[0], masses(cases, 0), 5)
    assert abs(np.corrcoef(f[:, 0], cases.levels[0])[0, 1]) == pytest.approx(1.0, abs=1e-9)


def test_few_levels_have_few_functions():
    """k levels carry k − 1 functions, which tell every level apart; one level carries none."""
    mass = np.array([0.2, 0.5, 0.3])
    f = functions_of(np.array([0.0, 1.0, 5.0]), mass)
    assert f.shape == (3, 2)
    np.testing.assert_allclose((f * mass[:, None]).T @ f, np.eye(2), atol=1e-10)
    assert functions_of(np.array([4.0]), np.array([1.0])).shape == (1, 0)


def test_columns_are_products_within_their_degree():
    """The count foretells the columns; each is the product of its factors' functions and belongs to its players."""
    cases = _cases()
    basis, _ = basis_of(cases, {"a": ("x0", "x1"), "b": ("x2",)}, (3, 4, 3))
    assert basis.size == count_columns([3, 3, 3], (3, 4, 3)) == 9 + 3 * 6 + 1
    rows = np.arange(50)
    design = basis.design(cases, rows)
    k = int(np.flatnonzero(basis.order == 3)[0])
    by_hand = np.prod([basis.tables[j][cases.codes[j, rows], 0] for j in range(3)], axis=0)
    np.testing.assert_allclose(design[:, k], by_hand)
    pair = (basis.order == 2) & np.all(basis.factors[:, :2] == [0, 1], axis=1)
    assert set(basis.owners[pair]) == {1}
    assert basis.held_by(1).sum() == 6 + 6
    np.testing.assert_array_equal(basis.part(pair).design(cases, rows), design[:, pair])


def test_sizes_follow_the_futures():
    """Few futures get a small basis, many a large one, and never more columns than are allowed."""
    few, many = sizes_for([32] * 6, 60), sizes_for([32] * 6, 1e6)
    assert few == [SIZES[0]]
    assert len(many) > len(few)
    assert max(count_columns([32] * 6, size) for size in many) <= MOST_COLUMNS


def test_groups_must_make_sense():
    """A column in two groups, an unknown column and no column at all are refused."""
    cases = _cases()
    with pytest.raises(ConfigError):
        basis_of(cases, {"a": ("x0",), "b": ("x0",)})
    with pytest.raises(DataError):
        basis_of(cases, {"a": ("z",)})
    with pytest.raises(DataError):
        basis_of(cases.only([]))
