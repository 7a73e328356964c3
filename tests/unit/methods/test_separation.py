"""Borgonovo's delta: closed forms, Ishigami by integration, SALib as a second opinion, atoms, weights and chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.cases import Cases
from stresstest.methods.separation import classes_of, deltas

pytestmark = pytest.mark.unit


def _truth(a):
    """Delta of x for y = a x + √(1 − a²) z, both standard normal, by quadrature."""
    from scipy.stats import norm

    y, spread = np.linspace(-8.0, 8.0, 2001), math.sqrt(1.0 - a * a)
    points = norm.ppf((np.arange(400) + 0.5) / 400)
    return float(np.mean([0.5 * np.trapezoid(np.abs(norm.pdf(y) - norm.pdf(y, a * x, spread)), y) for x in points]))


@pytest.mark.parametrize("a", [0.2, 1.0 / math.sqrt(2.0), 0.9])
def test_sums_of_normals(a):
    """Quadrature is met within four standard errors and 0.015, for weak and for strong inputs."""
    z = normals(key_of(f"test/delta {a}"), 2, 20_000)
    found = deltas(Cases.of({"x": z[0]}, {"y": a * z[0] + math.sqrt(1.0 - a * a) * z[1]}), ["y"])[0]
    assert abs(found.share.value - _truth(a)) < 4.0 * found.share.error + 0.01
    assert found.seen


def test_ishigami_by_integration():
    """Ishigami's three deltas as a fine grid gives them: 0.25, 0.42 and 0.20, within 0.025."""
    grid = (np.arange(300) + 0.5) / 300 * 2.0 * math.pi - math.pi
    sine, square, fourth = np.sin(grid), 7.0 * np.sin(grid) ** 2, 1.0 + 0.1 * grid**4
    edges = np.linspace(-11.0, 18.0, 61)

    def shape(values):
        return np.histogram(values, edges)[0] / values.size

    both = np.outer(sine, fourth).ravel()
    given = (
        [shape(np.add.outer(s * fourth, square).ravel()) for s in sine[::5]], [shape(both + s) for s in square[::5]],
        [shape(np.add.outer(sine * f, square).ravel()) for f in fourth[::5]],
    )  # fmt: skip
    overall = np.mean(given[1], axis=0)
    truth = [float(np.mean([0.5 * np.abs(one - overall).sum() for one in own])) for own in given]
    x = (2.0 * uniforms(key_of("test/delta ishigami"), 3, 40_000) - 1.0) * math.pi
    y = np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    found = deltas(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": y}), ["y"])
    np.testing.assert_allclose([one.share.value for one in found], truth, atol=0.025)


def test_a_second_opinion():
    """SALib's estimate from the same numbers (Plischke, Borgonovo and Smith 2013) differs by less than 0.07, where it is low."""
    from SALib.analyze import delta

    x = (2.0 * uniforms(key_of("test/delta opinion"), 3, 4000) - 1.0) * math.pi
    y = np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    problem = {"num_vars": 3, "names": ["x0", "x1", "x2"], "bounds": [[-math.pi, math.pi]] * 3}
    other = delta.analyze(problem, x.T.copy(), y, num_resamples=20, seed=1)["delta_balanced"]
    found = deltas(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": y}), ["y"])
    np.testing.assert_allclose([one.share.value for one in found], other, atol=0.07)
    assert abs(found[1].share.value - 0.42) < abs(other[1] - 0.42)


def test_chance_is_not_taken_for_signal():
    """With nothing there delta is 0 on average and above the no-signal level in few of 60 inputs."""
    values, seen = [], 0
    for k in range(20):
        z = normals(key_of(f"test/no delta {k}"), 4, 1000)
        for one in deltas(Cases.of({f"x{j}": z[j] for j in range(3)}, {"y": z[3]}), ["y"]):
            values.append(one.share.value)
            seen += one.seen
    assert abs(np.mean(values)) < 0.01
    assert seen <= 9


def test_atoms_and_events():
    """An event that is decided by a coin: ½ (|1 − ½| + |0 − ½|) = ½; half of a result at nothing is a cell of its own."""
    u = uniforms(key_of("test/atoms"), 2, 4000)
    coin = (u[0] < 0.5).astype(float)
    found = deltas(Cases.of({"coin": coin, "other": u[1]}, {"event": coin, "part": coin * u[1]}), ["event", "part"])
    by = {(one.result, one.factor): one.share.value for one in found}
    assert by["event", "coin"] == pytest.approx(0.5, abs=0.02)
    assert by["event", "other"] < 0.02
    assert by["part", "coin"] == pytest.approx(0.5, abs=0.02)
    cells = classes_of(coin * u[1], np.ones(4000), 10)
    assert np.unique(cells[coin == 0.0]).size == 1
    assert np.unique(cells[coin == 1.0]).size >= 4


def test_weights_count():
    """With weights that undo a biased sample, delta is that of the unbiased one."""
    n = 20_000
    u = uniforms(key_of("test/delta weights"), 3, n)
    x = np.where(u[0] < 0.8, u[0] / 1.6, 0.5 + (u[0] - 0.8) / 0.4)
    weight = np.where(x < 0.5, 0.5 / 0.8, 0.5 / 0.2)
    tilted = deltas(Cases.of({"x": x}, {"y": x + u[1]}, weight), ["y"])[0].share
    plain = deltas(Cases.of({"x": u[2]}, {"y": u[2] + u[1]}), ["y"])[0].share
    assert tilted.value == pytest.approx(plain.value, abs=4.0 * math.hypot(tilted.error, plain.error))


def test_a_constant_tells_nothing():
    """An input or a result that never varies has a delta of 0 and is not seen."""
    z = normals(key_of("test/delta still"), 1, 200)[0]
    for one in deltas(Cases.of({"x": z, "still": np.ones(200)}, {"y": z, "same": np.zeros(200)}), ["y", "same"]):
        if "still" in one.factor or one.result == "same":
            assert one.share.value == 0.0
            assert not one.seen


@pytest.mark.parametrize(("a", "n"), [(0.99, 20_000), (0.99, 2000), (0.9, 2000), (0.9, 300)])
def test_what_classes_hide_is_in_the_interval(a, n):
    """For strong inputs and few futures the interval holds the truth, in four tables of five at least."""
    truth, held = _truth(a), 0
    for k in range(5):
        z = normals(key_of(f"test/delta hidden {a} {n} {k}"), 2, n)
        share = deltas(Cases.of({"x": z[0]}, {"y": a * z[0] + math.sqrt(1.0 - a * a) * z[1]}), ["y"])[0].share
        held += share.low <= truth <= share.high
    assert held >= 4
