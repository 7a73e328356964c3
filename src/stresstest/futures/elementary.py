"""Logarithm, exponential and power, written out so that sixteen futures can be worked at once.

They are polynomials (fitted by Chebyshev interpolation with fifty digits, tools in mpmath) after the usual reductions, in plain
steps of IEEE 754: the same bits on every machine, compiled or not, one future or many. Errors are below one unit in the last
place (tests/unit/futures/test_elementary.py measures them against a library of many digits):

    ln x = e · ln 2 + ln m,        m in [√½, √2),  s = (m − 1) / (m + 1),  ln m = 2s + s · z · P(z),  z = s²
    eˣ   = 2ᵏ · (1 + r + r² · Q(r)),   k = round(x / ln 2),  r = x − k · ln 2 in two parts
"""

from __future__ import annotations

import math

from .._jit import rule
from .._lanes import exponent_of, floor_of, mantissa_of, one_of, pick, two_to, width_of, with_one

ROOT_TWO = math.sqrt(2.0)
#: ln 2 in two parts: the first has 32 bits, so that a whole number times it is exact.
LN2_HIGH, LN2_LOW, PER_LN2 = 0.6931471803691238, 1.9082149292705877e-10, 1.4426950408889634
#: The least number that has all its digits, and what lifts smaller ones above it.
LEAST, TWO_TO_54, LOG_TWO_TO_54 = 2.2250738585072014e-308, 2.0**54, 37.42994775023705
LARGEST, SMALLEST = 709.782712893384, -708.3964185322641


@rule
def logarithm_of_normal(x: float) -> float:
    """ln x of a positive number that is neither infinite nor below 2⁻¹⁰²²; for others a number without meaning."""
    m, e = mantissa_of(x), exponent_of(x)
    above = m > ROOT_TWO
    m, e = pick(above, 0.5 * m, m), pick(above, e + 1.0, e)
    f = m - 1.0
    s = f / (m + 1.0)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (0.6666666666666666 + 0.4000000000000088 * z) + (0.28571428570803614 + 0.22222222391713917 * z) * z2
    high = (0.18181795640132906 + 0.15386239702814658 * z) + (0.13268773138656886 + 0.13086626147840102 * z) * z2
    # 2s = f − f·s exactly in the real numbers: the first part carries the digits, the rest corrects them.
    return e * LN2_HIGH + (f - (f * s - s * z * (low + high * z4) - e * LN2_LOW))


@rule
def logarithm(x: float) -> float:
    """ln x; −∞ at 0, NaN below."""
    tiny = x < LEAST
    lifted = pick(tiny, x * TWO_TO_54, x)
    inside = (lifted >= LEAST) & (x < math.inf)
    found = logarithm_of_normal(pick(inside, lifted, 1.0)) - pick(tiny, LOG_TWO_TO_54, 0.0)
    return pick(inside, found, pick(x == 0.0, -math.inf, pick(x > 0.0, x, math.nan)))


@rule
def exponential(x: float) -> float:
    """eˣ; ∞ beyond what a number can hold, 0 where it would be below 2⁻¹⁰²², NaN for NaN."""
    held = pick(x == x, min(max(x, SMALLEST), LARGEST), 0.0)
    k = floor_of(held * PER_LN2 + 0.5)
    r = (held - k * LN2_HIGH) - k * LN2_LOW
    whole = 1.0 + (r + beyond_linear(r))
    half = floor_of(0.5 * k)
    value = whole * two_to(half) * two_to(k - half)
    return pick(x > LARGEST, math.inf, pick(x < SMALLEST, 0.0, pick(x == x, value, x)))


@rule
def beyond_linear(r: float) -> float:
    """eʳ − 1 − r for |r| ≤ ½ ln 2."""
    r2 = r * r
    r4 = r2 * r2
    low = (0.5 + 0.16666666666666669 * r) + (0.04166666666662413 + 0.008333333333330062 * r) * r2
    high = (0.0013888888917213717 + 0.00019841269863053618 * r) + (2.4801521295954376e-05 + 2.7557268459997064e-06 * r) * r2
    top = 2.7620088445409746e-07 + 2.510038549551032e-08 * r
    return r2 * (low + (high + top * r4) * r4)


@rule
def logarithm_of_one_more(x: float) -> float:
    """ln(1 + x), with all its digits for a small x."""
    whole = 1.0 + x
    return pick(whole == 1.0, x, logarithm(whole) * x / (whole - 1.0))


@rule
def exponential_less_one(x: float) -> float:
    """eˣ − 1, with all its digits for a small x."""
    near = (x > -0.34) & (x < 0.34)
    r = pick(near, x, 0.0)
    return pick(near, r + beyond_linear(r), exponential(x) - 1.0)


@rule
def power(base: float, exponent: float) -> float:
    """base to the power exponent, future by future, by the library of the machine."""
    value = base + exponent
    for lane in range(width_of(value)):
        alone = one_of(base, lane) ** one_of(exponent, lane)
        value = with_one(value, lane, alone)
    return value
