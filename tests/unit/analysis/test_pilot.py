"""The tilt towards failure: where it comes from and that it helps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.analysis.evaluate import EXPOSURE, simulate_with_nature
from stresstest.analysis.pilot import _components, _tail_mean, find_tilt
from stresstest.analysis.preparation import prepare
from stresstest.futures.design import Design
from stresstest.futures.path_components import mirrors_of
from stresstest.futures.plan import plan_design
from stresstest.layout import NATURE

pytestmark = pytest.mark.unit


def test_the_tail_mean_finds_the_draw_that_matters():
    """Of three draws only the one that makes exposure is tilted, by the mean of a normal's upper tenth, 1.75."""
    z = np.random.default_rng(3).standard_normal((3, 40_000))
    tilt = dict(_tail_mean(z, z[1] * 2.0, np.ones(40_000), ("a", "b", "c"), 0.1).sizes)
    assert list(tilt) == ["b"]
    assert tilt["b"] == pytest.approx(1.755, abs=0.03)


def test_weights_count_in_the_tail():
    """A future of weight 0 is not in the tail."""
    z, exposure = np.array([[5.0, 0.0, 0.0, 1.0]]), np.array([9.0, 1.0, 2.0, 8.0])
    tilt = _tail_mean(z, exposure, np.array([0.0, 1.0, 1.0, 2.0]), ("a",), 0.5)
    assert tilt.sizes == ()  # one future in the tail is within noise
    many = _tail_mean(np.tile(z, 50), np.tile(exposure, 50), np.tile([0.0, 1.0, 1.0, 2.0], 50), ("a",), 0.5)
    assert many.sizes[0][1] == pytest.approx(1.0)


def test_components_are_the_paths_turned_back():
    """Turning components into a path and back gives them again; events become the normals that they stand for."""
    plan = plan_design(5, "dudley", 15)
    rng = np.random.default_rng(1)
    variates = rng.uniform(0.01, 0.99, (plan.dimensions, 7))
    mirrors = mirrors_of(plan, 15)
    k = plan.names.index("noise/need")
    rows = slice(plan.offsets[k], plan.offsets[k] + 15)
    asked = rng.standard_normal((15, 7))
    variates[rows] = asked - 2.0 * np.outer(mirrors[k], mirrors[k] @ asked)
    np.testing.assert_allclose(_components(variates, plan, 15)[rows], asked, atol=1e-12)


def test_the_tilt_is_learnt_and_helps(dudley, honest):
    """The opening price is tilted upwards, the same twice, and the tail mean of exposure varies far less for it."""
    study = dudley.study
    tilt = find_tilt(study, study.scenarios[0], honest)
    assert dict(tilt.sizes)["once/opening_gap"] > 1.0
    assert find_tilt(study, study.scenarios[0], honest) == tilt

    def tail(seed: int, kind: str) -> float:
        own = replace(study, seed=seed, design=Design(kind, 4), tilts={study.scenarios[0].name: tilt})
        out, nature = simulate_with_nature(own.kernel_inputs(study.scenarios[0], (honest,)), 1, 1024)
        exposure, weight = out[0, EXPOSURE], nature[len(NATURE)]
        order = np.argsort(-exposure)
        worst = order[np.cumsum(weight[order]) <= 0.01 * weight.sum()]
        return float(np.average(exposure[worst], weights=weight[worst]))

    plain, tilted = ([tail(seed, kind) for seed in range(8)] for kind in ("random", "importance"))
    assert np.var(tilted) < np.var(plain) / 5.0


def test_only_importance_needs_a_tilt_and_only_the_worst_case_a_coupling(dudley, honest):
    """A random study is prepared as it is."""
    ready = prepare(replace(dudley.study, scenarios=dudley.study.scenarios[:1]), honest)
    assert ready.preparation() == {}
    worst = replace(dudley.study.scenarios[0], name="worst", dependence="worst")
    ready = prepare(replace(dudley.study, scenarios=(worst,)), honest)
    assert set(ready.couplings) == {"worst"}
    again = dudley.study.prepared(ready.preparation())
    np.testing.assert_array_equal(again.couplings["worst"], ready.couplings["worst"])
