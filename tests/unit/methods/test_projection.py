"""Shares explained: closed forms, chance fit taken off, weights and groups heeded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.basis import basis_of
from stresstest.methods.cases import Cases
from stresstest.methods.projection import (
    FOLDS,
    Spread,
    adjusted,
    between,
    choose_size,
    critical,
    fold_of,
    moments_of,
    solve,
    standard,
)
from stresstest.methods.separation import classes_of

pytestmark = pytest.mark.unit


def _linear(n=4000, noise=1.0, name="test/projection"):
    z = normals(key_of(name), 3, n)
    return Cases.of({"a": z[0], "b": z[1]}, {"y": z[0] + 2.0 * z[1] + noise * z[2], "still": np.ones(n)})


def test_a_straight_line_is_fitted_as_least_squares_does():
    """Coefficients and R² equal numpy's least squares on the same columns."""
    cases = _linear()
    basis, _ = basis_of(cases, size=(1, 0, 0))
    gram, products, squares = moments_of(cases, basis, ["y"]).centred()
    found, kept = solve(gram, products, np.ones(2, dtype=bool))
    x = np.array([cases.values("a"), cases.values("b"), np.ones(cases.n)]).T
    _, left, *_ = np.linalg.lstsq(x, cases.result("y"), rcond=None)
    expected = 1.0 - left[0] / (cases.n * cases.result("y").var())
    assert kept.size == 2
    assert squares[0] == pytest.approx(1.0)
    assert float((found * products).sum()) == pytest.approx(expected, rel=1e-9)


def test_columns_that_repeat_others_are_left_out():
    """Two copies of a column count once."""
    cases = _linear()
    twice = Cases.of({"a": cases.values("a"), "same": cases.values("a")}, {"y": cases.result("y")})
    basis, _ = basis_of(twice, size=(4, 0, 0))
    gram, products, _ = moments_of(twice, basis, ["y"]).centred()
    _, kept = solve(gram, products, np.ones(basis.size, dtype=bool))
    assert kept.size == 4


def test_chance_fit_is_taken_off_on_average():
    """With nothing there and 20 columns on 200 futures the adjusted share is 0 within its error, R² itself 0.10."""
    raw, fair = [], []
    for k in range(60):
        z = normals(key_of(f"test/chance {k}"), 6, 200)
        cases = Cases.of({f"x{j}": z[j] for j in range(5)}, {"y": z[5]})
        basis, _ = basis_of(cases, size=(4, 0, 0))
        gram, products, _ = moments_of(cases, basis, ["y"]).centred()
        found, kept = solve(gram, products, np.ones(basis.size, dtype=bool))
        raw.append(float((found * products).sum()))
        fair.append(float(adjusted(raw[-1], 200.0, kept.size)))
    assert np.mean(raw) == pytest.approx(0.10, abs=0.015)
    assert abs(np.mean(fair)) < 3.0 * np.std(fair) / np.sqrt(60)


def test_weights_count_as_copies():
    """A future of weight 2 does what the same future twice does, folds aside; and a result that never varies stays 0."""
    cases = _linear(600)
    weight = 1.0 + (np.arange(600) % 2)
    rows = np.repeat(np.arange(600), weight.astype(int))
    doubled = cases.rows(rows)
    weighed = replace(cases, weight=weight)
    basis, _ = basis_of(weighed, size=(3, 2, 0))
    one, two = moments_of(weighed, basis, ["y", "still"]), moments_of(doubled, basis, ["y", "still"])
    for a, b in zip(one.centred(), two.centred(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)
    assert one.n == pytest.approx(600 * 1.5**2 / 2.5)
    assert not standard(cases, ["still"]).any()


def test_the_size_is_chosen_by_what_holds_elsewhere():
    """A product of two inputs needs pairs, a straight line needs none, and noise gets the smallest size."""
    z = normals(key_of("test/size"), 3, 3000)
    for y, pairs in ((z[0] * z[1], True), (z[0] + z[1], False), (z[2], False)):
        cases = Cases.of({"a": z[0], "b": z[1]}, {"y": y + 0.5 * z[2]})
        basis, sizes = basis_of(cases)
        moments = moments_of(cases, basis, ["y"])
        size, held_out = choose_size(moments, basis, sizes)
        assert (size[1] > 0) is pairs
        assert moments.sums.shape[0] == FOLDS
        assert held_out[0] < 1.0


def test_classes_explain_what_they_hold():
    """A result that is a function of four classes is explained in full, noise not at all; two known halves by the formula."""
    n = 4000
    u = uniforms(key_of("test/between"), 2, n)
    classes = (4 * u[0]).astype(int)
    y = classes.astype(float) ** 2
    cases = Cases.of({"x": u[0]}, {"y": y, "noise": u[1], "half": (u[0] > 0.5) + u[1]})
    full, none, half = between(classes_of(classes.astype(float), cases.weight, 8), standard(cases, ["y", "noise", "half"]), cases)
    assert full.value == pytest.approx(1.0, abs=1e-9)
    assert none.low < 0.0 < none.high
    assert half.low < 0.25 / (0.25 + 1.0 / 12.0) < half.high


def test_groups_widen_errors_and_intervals():
    """The error of a mean of 100 groups of equal futures is that of 100 futures, and few groups take Student's interval."""
    values = np.repeat(normals(key_of("test/groups"), 1, 100)[0], 20)
    cases = Cases.of({"x": values}, {"y": values})
    grouped = replace(cases, groups=np.repeat(np.arange(100), 20))
    errors = []
    for one in (cases, grouped):
        spread = Spread(one, 1)
        spread.add(values[:, None] - values.mean(), one.weight, np.arange(one.n))
        errors.append(float(np.sqrt(spread.covariance()[0, 0])))
    assert errors[1] / errors[0] == pytest.approx(np.sqrt(20), rel=0.02)
    assert critical(cases) == pytest.approx(1.96, abs=1e-3)
    assert critical(replace(cases, groups=np.arange(2000) % 8)) == pytest.approx(2.365, abs=1e-3)


@pytest.mark.parametrize("groups", [np.arange(600) % 2, np.arange(600) // 200 * 4, np.arange(600) // 10 * 4])
def test_no_fold_is_empty(groups):
    """Few groups, or groups with gaps in their numbers, leave no fold empty; a single group is refused."""
    cases = replace(_linear(600), groups=groups)
    fold = fold_of(cases)
    assert np.all(np.bincount(fold, minlength=FOLDS) >= 100)
    if np.unique(groups).size >= FOLDS:
        assert all(np.unique(fold[groups == one]).size == 1 for one in np.unique(groups))
    with pytest.raises(DataError, match="hang together"):
        fold_of(replace(cases, groups=np.zeros(600, dtype=np.int64)))
