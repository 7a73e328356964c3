"""From future numbers to what nature does: which variates are normal, which are uniform, and which are left in the middle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.futures.plan import plan_design

pytestmark = pytest.mark.unit

N = 256
NOISE_IS_NORMAL = np.array([kind == "normal" for kind in L.NOISE_KINDS.values()])
ONCE_IS_NORMAL = np.array([kind == "normal" for kind in L.ONCE_KINDS.values()])


@pytest.fixture(scope="module")
def block(dudley):
    """Futures 0 … 255 of the calibrated law."""
    return draw(dudley.study, dudley.study.scenarios[0], 0, N, variates=True)


def test_everything_is_filled(block):
    """No axis, no yearly variate, no once-only draw, no tag and no destination is left empty."""
    assert all(np.isfinite(part).all() for part in vars(block).values())


def test_normals_and_uniforms(block):
    """A normal goes beyond ±2 and averages nothing; a uniform stays inside the unit interval and averages a half."""
    for values, normal in [
        *zip(block.noise.transpose(1, 0, 2), NOISE_IS_NORMAL, strict=True),
        *zip(block.once, ONCE_IS_NORMAL, strict=True),
    ]:
        beyond = values[..., 1:]
        if normal:
            assert beyond.min() < -2 < 2 < beyond.max()
            assert abs(beyond.mean()) < 0.35
        else:
            assert 0 < beyond.min() < beyond.max() < 1
            assert abs(beyond.mean() - 0.5) < 0.1


def test_the_central_case_is_still(block):
    """Future 0 has no noise, its uniforms stand in the middle, so that no rarer event happens, and no policy ends it."""
    assert np.all(block.noise[:, NOISE_IS_NORMAL, 0] == 0.0)
    assert np.all(block.noise[:, ~NOISE_IS_NORMAL, 0] == 0.5)
    assert np.all(block.once[ONCE_IS_NORMAL, 0] == 0.0)
    uniforms = np.flatnonzero(~ONCE_IS_NORMAL)
    assert np.all(block.once[uniforms[uniforms != L.ONCE_POLICY], 0] == 0.5)
    assert block.once[L.ONCE_POLICY, 0] == 0.0
    np.testing.assert_array_equal(block.tags[:, 0][[L.TAG_WEIGHT, L.TAG_GROUP, L.TAG_COURSE]], [1.0, 0.0, 0.0])


def test_each_variate_has_its_own_draws(block):
    """No yearly variate and no once-only draw repeats another."""
    flat = block.noise[:, :, 1:].transpose(1, 0, 2).reshape(len(L.NOISE), -1)
    assert np.unique(np.round(flat, 12), axis=0).shape[0] == len(L.NOISE)
    assert np.unique(np.round(block.once[:, 1:], 12), axis=0).shape[0] == len(L.ONCE)


def test_variates_stand_in_the_rows_that_the_plan_names(dudley, block):
    """Noise and once-only draws are rows of the cube, by name."""
    plan = plan_design(dudley.study.seed, dudley.study.place.name, dudley.study.years)
    for k, name in enumerate(L.NOISE):
        at = plan.offset(f"noise/{name}")
        np.testing.assert_array_equal(block.variates[at : at + dudley.study.years], block.noise[:, k])
    for k, name in enumerate(L.ONCE):
        np.testing.assert_array_equal(block.variates[plan.offset(f"once/{name}"), 1:], block.once[k, 1:])


def test_variates_are_empty_where_nobody_asked(dudley, block):
    """Without the asking no cube is handed back, and all else is the same."""
    got = draw(dudley.study, dudley.study.scenarios[0], 0, N)
    assert got.variates.shape[0] == 0
    np.testing.assert_array_equal(got.axes, block.axes)


def test_what_is_drawn_is_what_the_contract_lives_through(dudley, honest):
    """The axes, weights, cells and courses of a run's table are those that are drawn here."""
    _, _, nature = dudley.chunk(honest, n=64)
    got = draw(dudley.study, dudley.study.scenarios[0], 0, 64)
    np.testing.assert_allclose(nature[:6], got.axes.mean(axis=0), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(nature[6:12], got.axes[-1])
    np.testing.assert_array_equal(nature[len(L.NATURE) :], got.tags)


def test_a_term_of_one_year_has_its_draws(dudley):
    """A contract of one year draws one year of everything."""
    short = replace(dudley.study, contract=replace(dudley.study.contract, years=1))
    got = draw(short, short.scenarios[0], 0, 32)
    assert got.noise.shape == (1, len(L.NOISE), 32)
    assert np.isfinite(got.axes).all()
