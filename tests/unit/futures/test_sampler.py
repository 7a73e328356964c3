"""From the cube to values: which variates are normal, which are uniform."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.futures.design import plan_design
from stresstest.futures.sampler import NOISE_IS_NORMAL, ONCE_IS_NORMAL, sample_block

pytestmark = pytest.mark.unit

YEARS, N = 15, 256


@pytest.fixture(scope="module")
def block(dudley):
    """(axes, noise, once) of futures 0 … 255."""
    plan = plan_design(dudley.study.seed, "dudley", YEARS)
    axes, noise, once = (
        np.full((YEARS, 6, N), np.nan),
        np.full((YEARS, len(L.NOISE), N), np.nan),
        np.full((len(L.ONCE), N), np.nan),
    )
    sample_block(
        axes, noise, once, np.empty((plan.dimensions, N)), np.empty((6, N)), np.empty((YEARS, N)), plan.keys, plan.slots,
        plan.offsets, dudley.study.law.table, np.full(6, np.nan), dudley.study.law.cholesky, 0, N, YEARS,
    )  # fmt: skip
    return axes, noise, once


def test_everything_is_filled(block):
    """No axis, no yearly variate and no once-only draw is left empty."""
    assert all(np.isfinite(part).all() for part in block)


def test_normals_and_uniforms(block):
    """A normal goes beyond ±2 and averages nothing; a uniform stays inside the unit interval and averages a half."""
    _, noise, once = block
    for values, normal in [
        *zip(noise.transpose(1, 0, 2), NOISE_IS_NORMAL, strict=True),
        *zip(once, ONCE_IS_NORMAL, strict=True),
    ]:
        beyond = values[..., 1:]
        if normal:
            assert beyond.min() < -2 < 2 < beyond.max()
            assert abs(beyond.mean()) < 0.35
        else:
            assert 0 < beyond.min() < beyond.max() < 1
            assert abs(beyond.mean() - 0.5) < 0.1


def test_the_central_case_is_still(block):
    """Future 0 has no noise, and its uniforms stand in the middle, so that no rarer event happens."""
    _, noise, once = block
    assert np.all(noise[:, NOISE_IS_NORMAL, 0] == 0.0)
    assert np.all(noise[:, ~NOISE_IS_NORMAL, 0] == 0.5)
    assert np.all(once[ONCE_IS_NORMAL, 0] == 0.0)
    assert np.all(once[~ONCE_IS_NORMAL, 0] == 0.5)


def test_each_variate_has_its_own_draws(block):
    """No yearly variate repeats another."""
    _, noise, _ = block
    flat = noise[:, :, 1:].transpose(1, 0, 2).reshape(len(L.NOISE), -1)
    assert np.unique(np.round(flat, 12), axis=0).shape[0] == len(L.NOISE)
