"""Sobol' indices by pick and freeze against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.errors import DataError
from stresstest.futures.resampling import key_of, uniforms
from stresstest.methods.pick_freeze import in_order, indices

pytestmark = pytest.mark.unit


def _indices(function, count, n=4096):
    a, b = (uniforms(key_of(f"test/pick {which}"), count, n) for which in "ab")
    mixed = {}
    for k in range(count):
        own = a.copy()
        own[k] = b[k]
        mixed[f"x{k}"] = function(own)
    return indices(function(a), function(b), mixed)


def test_ishigami():
    """First order 0.314, 0.442, 0 and total 0.558, 0.442, 0.244 within four standard errors."""

    def ishigami(u):
        x = (2.0 * u - 1.0) * math.pi
        return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    for one, first, total in zip(_indices(ishigami, 3), (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True):
        assert abs(one.first.value - first) < 4.0 * one.first.error
        assert abs(one.total.value - total) < 4.0 * one.total.error
        assert one.first.low < one.first.value < one.first.high


def test_sobol_g():
    """First order V_i / V and total by the product formula of Sobol's G."""
    a = np.array([0.0, 1.0, 4.5])

    def g(u):
        return np.prod((np.abs(4.0 * u - 2.0) + a[:, None]) / (1.0 + a)[:, None], axis=0)

    own = 1.0 / (3.0 * (1.0 + a) ** 2)
    whole = np.prod(1.0 + own) - 1.0
    for k, one in enumerate(_indices(g, 3)):
        assert abs(one.first.value - own[k] / whole) < 4.0 * one.first.error
        total = own[k] * np.prod(1.0 + np.delete(own, k)) / whole
        assert abs(one.total.value - total) < 4.0 * one.total.error


def test_the_order_is_saltellis():
    """Future by future: A, A with each group of B, B."""
    order = in_order(np.array([1.0, 5.0]), np.array([4.0, 8.0]), {"x": np.array([2.0, 6.0]), "y": np.array([3.0, 7.0])})
    np.testing.assert_array_equal(order, np.arange(1.0, 9.0))


def test_odd_results_are_met_kindly():
    """A result that never varies has indices of 0; results of unequal length are refused."""
    still = np.ones(64)
    assert indices(still, still, {"x": still})[0].total.value == 0.0
    with pytest.raises(DataError):
        indices(still, still[:8], {"x": still})
