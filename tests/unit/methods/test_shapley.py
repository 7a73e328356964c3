"""Shapley effects against functions whose effects are known, dependent inputs among them, and against chance."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from stresstest.errors import ConfigError
from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.cases import Cases
from stresstest.methods.shapley import shapley_effects, shapley_matrix

pytestmark = pytest.mark.unit


def ishigami(x):
    """Ishigami and Homma (1990) with a = 7, b = 0.1, of x[3, n] in −π … π."""
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def ishigami_truth():
    """Shapley effects: S1 + S13 / 2, S2, S13 / 2, from the closed forms of the variances."""
    b, pi4 = 0.1, math.pi**4
    first, second = 0.5 * (1.0 + b * pi4 / 5.0) ** 2, 49.0 / 8.0
    both = b * b * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0)
    total = first + second + both
    return np.array([first + both / 2.0, second, both / 2.0]) / total


def g_truth(a):
    """Shapley effects of Sobol's G by summing over all subsets: each interaction is shared evenly."""
    own = 1.0 / (3.0 * (1.0 + np.asarray(a)) ** 2)
    total, effects = np.prod(1.0 + own) - 1.0, np.zeros(len(a))
    for u in range(1, 1 << len(a)):
        inside = [i for i in range(len(a)) if u >> i & 1]
        effects[inside] += np.prod(own[inside]) / len(inside)
    return effects / total


def gaussian_truth(beta, sigma, noise=0.0):
    """Effects of a linear model in correlated normals, from conditional variances (Owen and Prieur 2017)."""
    beta, sigma = np.array(beta), np.array(sigma)
    values, total = [], beta @ sigma @ beta + noise
    for u in range(1 << len(beta)):
        own = [i for i in range(len(beta)) if u >> i & 1]
        cross = sigma[:, own].T @ beta
        values.append(float(cross @ np.linalg.solve(sigma[np.ix_(own, own)], cross)) / total if own else 0.0)
    return shapley_matrix(len(beta)) @ np.array(values)


def _correlated(n, sigma, name):
    z = normals(key_of(name), len(sigma) + 1, n)
    return np.linalg.cholesky(np.array(sigma)) @ z[:-1], z[-1]


def test_the_matrix_is_the_mean_over_all_orders():
    """For any game of four players the matrix gives the mean of what a player adds over all 24 orders, and it adds up."""
    game = uniforms(key_of("test/game"), 1, 16)[0]
    game[0] = 0.0
    by_hand = np.zeros(4)
    for order in permutations(range(4)):
        seen = 0
        for i in order:
            by_hand[i] += (game[seen | 1 << i] - game[seen]) / 24.0
            seen |= 1 << i
    np.testing.assert_allclose(shapley_matrix(4) @ game, by_hand)
    assert by_hand.sum() == pytest.approx(game[15])


@pytest.mark.parametrize(("n", "within"), [(1000, 0.03), (20_000, 0.012)])
def test_ishigami(n, within):
    """Interactions and bends: the closed form is met, within three standard errors too, from 1,000 futures on."""
    x = (2.0 * uniforms(key_of(f"test/ishigami {n}"), 3, n) - 1.0) * math.pi
    found = shapley_effects(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": ishigami(x)}), ["y"])[0]
    for share, truth in zip(found.effects, ishigami_truth(), strict=True):
        assert share.value == pytest.approx(truth, abs=within)
        assert abs(share.value - truth) < 3.0 * share.error + 0.005
    assert found.whole.value == pytest.approx(1.0, abs=0.02)


def test_small_tables_are_read_too():
    """500 futures of Ishigami: every effect within 0.06."""
    x = (2.0 * uniforms(key_of("test/ishigami small"), 3, 500) - 1.0) * math.pi
    found = shapley_effects(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": ishigami(x)}), ["y"])[0]
    np.testing.assert_allclose([share.value for share in found.effects], ishigami_truth(), atol=0.06)


def test_sobol_g():
    """Kinks and products of four inputs."""
    a, n = (0.0, 1.0, 4.5, 9.0), 8000
    u = uniforms(key_of("test/g"), 4, n)
    y = np.prod((np.abs(4.0 * u - 2.0) + np.array(a)[:, None]) / (1.0 + np.array(a))[:, None], axis=0)
    found = shapley_effects(Cases.of({f"x{k}": u[k] for k in range(4)}, {"y": y}), ["y"])[0]
    np.testing.assert_allclose([share.value for share in found.effects], g_truth(a), atol=0.02)


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.5, 0.95])
def test_two_correlated_normals(correlation):
    """The closed form for two inputs: (β1²(1 − ρ²/2) + ρβ1β2 + β2²ρ²/2) / Var (Iooss and Prieur 2019)."""
    beta = (1.0, 2.0)
    x, _ = _correlated(6000, [[1.0, correlation], [correlation, 1.0]], f"test/two {correlation}")
    found = shapley_effects(Cases.of({"a": x[0], "b": x[1]}, {"y": beta[0] * x[0] + beta[1] * x[1]}), ["y"])[0]
    total = 5.0 + 4.0 * correlation
    truth = (1.0 - correlation**2 / 2.0 + 2.0 * correlation + 2.0 * correlation**2) / total
    assert found.effects[0].value == pytest.approx(truth, abs=0.02)
    assert abs(found.effects[0].value - truth) < 3.5 * found.effects[0].error + 0.002
    np.testing.assert_allclose(gaussian_truth(beta, [[1.0, correlation], [correlation, 1.0]])[0], truth, rtol=1e-12)


def test_three_correlated_normals_with_noise():
    """Song, Nelson and Staum's (2016) kind of model: three inputs, two of them correlated, and noise that nothing explains."""
    sigma = [[1.0, 0.7, 0.0], [0.7, 1.0, 0.0], [0.0, 0.0, 1.0]]
    x, z = _correlated(10_000, sigma, "test/three")
    y = x[0] + 2.0 * x[1] + 0.5 * x[2] + 3.0 * z
    found = shapley_effects(Cases.of({f"x{k}": x[k] for k in range(3)}, {"y": y}), ["y"])[0]
    truth = gaussian_truth((1.0, 2.0, 0.5), sigma, 9.0)
    for share, expected in zip(found.effects, truth, strict=True):
        assert abs(share.value - expected) < 3.5 * share.error
        assert share.error < 0.01
    assert found.whole.value == pytest.approx(truth.sum(), abs=3.5 * found.whole.error)


def test_copies_share_evenly_and_constants_get_nothing():
    """Two columns that are one get a half each; an input that never varies gets 0 and is named; effects add up to the whole."""
    z = normals(key_of("test/copies"), 2, 3000)
    cases = Cases.of({"a": z[0], "copy": z[0], "b": z[1], "still": np.ones(3000)}, {"y": z[0] + z[1]})
    found = shapley_effects(cases, ["y"])[0]
    a, copy, b, still = (share.value for share in found.effects)
    assert a == pytest.approx(copy, abs=1e-9)
    assert a + copy == pytest.approx(b, abs=0.05)
    assert still == 0.0
    assert found.constant == ("still",)
    assert sum(share.value for share in found.effects) == pytest.approx(found.whole.value, abs=1e-12)


def test_groups_of_columns_play_as_one():
    """A player of two columns gets what the two explain together, their interaction included."""
    z = normals(key_of("test/players"), 3, 5000)
    cases = Cases.of({"a": z[0], "b": z[1], "c": z[2]}, {"y": z[0] * z[1] + z[2]})
    found = shapley_effects(cases, ["y"], {"both": ("a", "b"), "c": ("c",)})[0]
    np.testing.assert_allclose([share.value for share in found.effects], [0.5, 0.5], atol=0.04)


def test_nothing_is_found_where_nothing_is():
    """With no signal and correlated inputs, effects average to nothing and at most one in twenty stands above 0."""
    wrong, values = 0, []
    for k in range(30):
        z = normals(key_of(f"test/nothing {k}"), 4, 500)
        cases = Cases.of({"a": z[0], "b": 0.7 * z[0] + 0.7 * z[1], "c": z[2]}, {"y": np.exp(0.7 * z[3])})
        found = shapley_effects(cases, ["y"])[0]
        wrong += sum(share.low > 0.0 for share in found.effects)
        values.append(found.whole.value)
    assert wrong <= 4
    assert abs(np.mean(values)) < 3.5 * np.std(values) / math.sqrt(30)


def test_intervals_hold_the_truth():
    """Of 40 samples of a noisy model with correlated inputs, 95% intervals hold the truth in 34 at least."""
    sigma = [[1.0, 0.7], [0.7, 1.0]]
    truth, held = gaussian_truth((1.0, 2.0), sigma, 4.0), np.zeros(2)
    for k in range(40):
        x, z = _correlated(800, sigma, f"test/cover {k}")
        found = shapley_effects(Cases.of({"a": x[0], "b": x[1]}, {"y": x[0] + 2.0 * x[1] + 2.0 * z}), ["y"])[0]
        held += [share.low <= expected <= share.high for share, expected in zip(found.effects, truth, strict=True)]
    assert np.all(held >= 34)


def test_weights_undo_a_biased_sample():
    """Futures drawn too often on one side and weighed down again give the effects of the unbiased law."""
    n = 20_000
    u = uniforms(key_of("test/tilted"), 3, n)
    x = np.where(u[0] < 0.8, u[0] / 1.6, 0.5 + (u[0] - 0.8) / 0.4)
    weight = np.where(x < 0.5, 0.5 / 0.8, 0.5 / 0.2)
    cases = Cases.of({"a": x, "b": u[1]}, {"y": x * x + 0.5 * u[1]}, weight)
    found = shapley_effects(cases, ["y"])[0]
    square, half = 1.0 / 5.0 - 1.0 / 9.0, 0.25 / 12.0
    truth = square / (square + half)
    assert abs(found.effects[0].value - truth) < 3.5 * found.effects[0].error
    plain = shapley_effects(replace(cases, weight=np.ones(n)), ["y"])[0]
    assert abs(plain.effects[0].value - truth) > 5.0 * plain.effects[0].error


def test_too_many_players_are_refused():
    """More than twelve players are refused with what is allowed."""
    z = normals(key_of("test/many"), 13, 60)
    with pytest.raises(ConfigError):
        shapley_effects(Cases.of({f"x{k}": z[k] for k in range(13)}, {"y": z[0]}), ["y"])


def test_inputs_that_do_nothing_have_wide_enough_intervals():
    """One real input and five that do nothing, 400 futures: hardly an interval lies wholly below 0 (2.5% at most by right)."""
    below = 0
    for k in range(30):
        z = normals(key_of(f"test/weak {k}"), 7, 400)
        found = shapley_effects(Cases.of({f"x{j}": z[j] for j in range(6)}, {"y": z[0] + z[6]}), ["y"])[0]
        below += sum(share.high < 0.0 for share in found.effects[1:])
    assert below <= 6
