"""Mirrors of paths: reflections that send the first draw along the path's main direction."""

from __future__ import annotations

import numpy as np
import pytest
from padded_rows import reflect_paths

from stresstest.futures.path_components import mirrors_of, reflect
from stresstest.futures.plan import PILES_UP, plan_design

pytestmark = pytest.mark.unit

YEARS = 6


@pytest.fixture(scope="module")
def plan():
    """The streams of a contract of six years."""
    return plan_design(1, "dudley", YEARS)


def reflected(mirror, z):
    """z after the reflection."""
    cube = np.array(z, dtype=float)[:, None]
    reflect(cube, 0, mirror, 0)
    return cube[:, 0]


def matrix_of(mirror):
    """The reflection as a matrix, column by column."""
    return np.array([reflected(mirror, row) for row in np.eye(mirror.size)]).T


def test_every_mirror_is_a_reflection(plan):
    """Mirrors are orthogonal and undo themselves; events, single draws and what joins destinations have none."""
    for name, slots, normal, mirror in zip(plan.names, plan.slots, plan.normal, mirrors_of(plan, YEARS), strict=True):
        if slots == YEARS and normal:
            matrix = matrix_of(mirror)
            np.testing.assert_allclose(matrix @ matrix.T, np.eye(YEARS), atol=1e-14)
            np.testing.assert_allclose(matrix @ matrix, np.eye(YEARS), atol=1e-14)
        else:
            assert np.all(mirror == 0.0), name


def test_the_first_draw_moves_the_path_along_its_direction(plan):
    """The first column is the stream's direction: falling where draws pile up or fade, level where they do not."""
    mirrors = dict(zip(plan.names, mirrors_of(plan, YEARS), strict=True))
    expected = {
        "noise/need": np.array([0.0, 5.0, 4.0, 3.0, 2.0, 1.0]),
        "axis/state/noise": np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0]),
        "noise/insurance": np.ones(6),
    }
    for name, direction in expected.items():
        np.testing.assert_allclose(matrix_of(mirrors[name])[:, 0], direction / np.linalg.norm(direction), atol=1e-14)
    assert "noise/need" in PILES_UP


def test_what_piles_up_hangs_on_its_first_component(plan):
    """Of the variance of the sum of piled-up growth, the first component carries nearly all."""
    matrix = matrix_of(mirrors_of(plan, YEARS)[plan.names.index("noise/need")])
    piled = np.tril(np.ones((YEARS, YEARS)))
    piled[:, 0] = 0.0  # nothing grows in the first year
    loads = piled.sum(axis=0) @ matrix
    assert loads[0] ** 2 / (loads**2).sum() > 0.999


def test_reflected_normals_stay_independent_normals(plan):
    """Over 20,000 draws the reflected years have variance 1 and no correlation."""
    z = np.random.default_rng(2).standard_normal((YEARS, 20_000))
    mirror = mirrors_of(plan, YEARS)[plan.names.index("noise/pay")]
    changed = z - 2.0 * np.outer(mirror, mirror @ z)
    np.testing.assert_allclose(np.cov(changed), np.eye(YEARS), atol=5 / np.sqrt(10_000))


def test_blocks_reflect_stream_by_stream(plan):
    """A block's rows are reflected within their stream; rows without a mirror, or that nobody reads, keep every bit."""
    cube = np.random.default_rng(3).standard_normal((plan.dimensions, 7))
    before, mirrors = cube.copy(), mirrors_of(plan, YEARS)
    read = np.arange(plan.offsets.size) % 5 > 0
    reflect_paths(cube, plan.offsets, read, mirrors)
    for k, at in enumerate(plan.offsets):
        rows = slice(int(at), int(at + plan.slots[k]))
        if mirrors[k].any() and read[k]:
            expected = before[rows] - 2.0 * np.outer(mirrors[k], mirrors[k] @ before[rows])
            np.testing.assert_allclose(cube[rows], expected, atol=1e-13)
        else:
            np.testing.assert_array_equal(cube[rows], before[rows])


def test_a_single_year_has_no_mirror():
    """With one year there is nothing to turn."""
    assert not mirrors_of(plan_design(1, "dudley", 1), 1).any()
