"""Logarithm, exponential and their small companions against numbers with more digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest._jit import kernel, rule
from stresstest._lanes import groups, rows_of
from stresstest.futures.elementary import exponential, exponential_less_one, logarithm, logarithm_of_one_more

pytestmark = pytest.mark.unit

SPECIAL = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e-320, 2.3e-308, 1.7e308, 709.7, 710.0, -708.0, -745.0, 0.5]


@rule
def fill(x, out):
    """The four functions of sixteen numbers at once."""
    many, into = rows_of(x), rows_of(out)
    for i in range(groups(x.shape[0])):
        into[0, i], into[1, i] = logarithm(many[i]), exponential(many[i])
        into[2, i], into[3, i] = logarithm_of_one_more(many[i]), exponential_less_one(many[i])


@kernel
def at_once(x, out):
    """As `fill`, from Python."""
    fill(x, out)


@kernel
def one_by_one(x, out):
    """The four functions of one number after the other."""
    for i in range(x.shape[0]):
        out[0, i], out[1, i] = logarithm(x[i]), exponential(x[i])
        out[2, i], out[3, i] = logarithm_of_one_more(x[i]), exponential_less_one(x[i])


def numbers():
    """Special values, then ordinary ones of all sizes, a multiple of sixteen."""
    steps = np.linspace(-1.0, 1.0, 20_000)
    found = np.concatenate([SPECIAL, steps, 1.0 + 1e-3 * steps, 40.0 * steps, 10.0 ** (300.0 * steps), 1e-9 * steps])
    return found[: found.size // 16 * 16]


def worst(found, true, where):
    """Largest error in units of the last place of the true value."""
    with np.errstate(all="ignore"):
        error = np.abs(found.astype(np.longdouble) - true) / np.spacing(np.abs(true.astype(float)))
    return float(np.max(error[where & np.isfinite(true) & (np.abs(true) > 1e-300)]))


def test_as_good_as_a_library():
    """Each is within 1¼ units of the last place of a result with eleven more bits, four for ln(1 + x) and eˣ − 1."""
    x = numbers()
    out = np.zeros((4, x.size))
    at_once(x, out)
    wide, ordinary = x.astype(np.longdouble), np.abs(x) < 1e300
    with np.errstate(all="ignore"):
        assert worst(out[0], np.log(wide), ordinary & (x > 2.3e-308)) < 1.25
        assert worst(out[1], np.exp(wide), np.abs(x) < 700.0) < 1.25
        assert worst(out[2], np.log1p(wide), ordinary & (x > -1.0)) < 4.0
        assert worst(out[3], np.expm1(wide), np.abs(x) < 700.0) < 4.0
    assert logarithm(1.0) == 0.0
    assert exponential(0.0) == 1.0


def test_special_values_follow_the_library():
    """Zero, infinities, overflow, negative numbers and NaN give what Python's library stands for."""
    assert logarithm(0.0) == -math.inf
    assert math.isnan(logarithm(-1.0))
    assert logarithm(math.inf) == math.inf
    assert exponential(math.inf) == exponential(710.0) == math.inf
    assert exponential(-math.inf) == exponential(-746.0) == 0.0
    assert math.isnan(exponential(math.nan))
    assert math.isnan(logarithm(math.nan))


def test_sixteen_at_once_are_the_same_bits():
    """The answer of a number does not depend on whether it is worked alone."""
    x = numbers()
    many, alone = np.zeros((4, x.size)), np.zeros((4, x.size))
    at_once(x, many)
    one_by_one(x, alone)
    np.testing.assert_array_equal(many.view(np.uint64), alone.view(np.uint64))
