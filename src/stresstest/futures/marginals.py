"""Quantile functions: from a point of the unit interval to a value. One per distribution, all monotone."""

from __future__ import annotations

import math

from .._jit import rule
from .._lanes import pick, root, somewhere
from .elementary import logarithm_of_normal

ROOT_HALF = math.sqrt(0.5)
#: The outermost points of the unit interval that a rounded share may be: neither 0 nor 1, whose quantiles are infinite.
LEAST_POINT, LARGEST_POINT = 1e-300, 1.0 - 2.0**-53
LN_4 = math.log(4.0)


@rule
def _polynomial_ratio(
    x: float, n0: float, n1: float, n2: float, n3: float, n4: float, n5: float, n6: float, n7: float, d1: float,
    d2: float, d3: float, d4: float, d5: float, d6: float, d7: float,
) -> float:  # fmt: skip
    """Ratio of two polynomials of degree seven, the lower with constant term 1."""
    above = ((((((n7 * x + n6) * x + n5) * x + n4) * x + n3) * x + n2) * x + n1) * x + n0
    below = ((((((d7 * x + d6) * x + d5) * x + d4) * x + d3) * x + d2) * x + d1) * x + 1.0
    return above / below


@rule
def tail_quantile(u: float, w: float) -> float:
    """Standard normal quantile of u in the tail, where w = −ln(4u(1 − u)) is above TAIL, by Wichura's algorithm AS 241 (Applied
    Statistics 37, 1988), PPND16 coefficients: relative error about 1e-16.

    With p the smaller of u and 1 − u its r² = −ln p = w + ln 4 + ln(1 − p); the last is a short series.
    """
    p = pick(u < 0.5, u, 1.0 - u)
    r = root(w + (LN_4 - p * (1.0 + p * (1.0 / 2.0 + p * (1.0 / 3.0 + p * (1.0 / 4.0 + p * (1.0 / 5.0)))))))
    z = _polynomial_ratio(
        r - 1.6,
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
        2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
        1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    )  # fmt: skip
    if somewhere(r > 5.0):
        z = pick((u > 0.0) & (u < 1.0), pick(r > 5.0, _far_quantile(r), z), math.inf)
    return pick(u < 0.5, -z, z)


@rule
def _far_quantile(r: float) -> float:
    """As tail_quantile, for r = √(−ln u) above 5 (u below 1.4e-11)."""
    return _polynomial_ratio(
        r - 5.0,
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
        5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
        1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    )  # fmt: skip


#: −ln(4u(1 − u)) at which the tail begins: u below 0.00169 or above 0.99831, one draw in three hundred.
TAIL = 5.0


@rule
def middle_quantile(q: float, w: float) -> float:
    """Standard normal quantile at u = ½ + q from w = −ln(4u(1 − u)) up to TAIL: 2q times a polynomial in w − 2.5.

    The way of Giles ("Approximating the erfinv function", GPU Computing Gems, 2011) with a polynomial of our own, of degree 20,
    fitted by Chebyshev interpolation with fifty digits: relative error below 1e-16 before rounding.
    """
    x = w - 2.5
    x2 = x * x
    x4 = x2 * x2
    x8 = x4 * x4
    a = (2.12331346701467 + 0.348802024399054 * x) + (-0.005907619380164654 - 0.001771596512913367 * x) * x2
    b = (0.000308652483824766 - 7.065523544817908e-06 * x) + (-4.831829763633398e-06 + 6.770197244136967e-07 * x) * x2
    c = (1.8974214298575432e-08 - 1.5360036647889597e-08 * x) + (1.2831311523329006e-09 + 1.6916254882722136e-10 * x) * x2
    d = (-4.39912223437694e-11 + 1.284963003119658e-12 * x) + (7.592179653214651e-13 - 1.0679008776686067e-13 * x) * x2
    e = (-4.429714956677305e-15 + 2.5717251497601876e-15 * x) + (-1.4813799966920084e-16 - 3.005991019861824e-17 * x) * x2
    high = (c + d * x4) + (e + 3.7418277765660954e-18 * x4) * x8
    return 2.0 * q * ((a + b * x4) + high * x8)


@rule
def depth_of(u: float) -> float:
    """w = −ln(4u(1 − u)): 0 in the middle, and the larger the further out u lies."""
    return -logarithm_of_normal(4.0 * u * (1.0 - u))


@rule
def quantile_at(u: float, w: float) -> float:
    """Standard normal quantile of u in (0, 1) whose depth is w: the second half of normal_quantile."""
    z = middle_quantile(u - 0.5, w)
    if somewhere(w > TAIL):
        z = pick(w > TAIL, tail_quantile(u, w), z)
    return z


@rule
def normal_quantile(u: float) -> float:
    """Standard normal quantile of u in (0, 1): relative error below 6e-16; normal_quantile(0.5) = 0 exactly; −∞ at 0, ∞ at 1.

    Nearly all draws of a group of futures take the polynomial; the tail is worked out where a group has any.
    """
    return quantile_at(u, depth_of(u))


@rule
def inside(u: float) -> float:
    """u, or the outermost point inside the unit interval where rounding has sent it to 0 or 1."""
    return min(max(u, LEAST_POINT), LARGEST_POINT)


@rule
def normal_cdf(z: float) -> float:
    """Φ(z), by the complementary error function, so that a low tail keeps its relative precision."""
    return 0.5 * math.erfc(-z * ROOT_HALF)


@rule
def student_cdf(x: float, degrees: int) -> float:
    """Distribution function of Student's t for an even number of degrees of freedom ν, in closed form.

    With θ = atan(x / √ν) it is ½ + ½ sin θ · (1 + ½ cos²θ + (1·3)/(2·4) cos⁴θ + … up to cos^(ν−2) θ) (Abramowitz and Stegun
    26.7.4).
    """
    cosine = 1.0 / (1.0 + x * x / degrees)
    term = total = 1.0
    for k in range(1, degrees // 2):
        term *= cosine * (2.0 * k - 1.0) / (2.0 * k)
        total += term
    return 0.5 + 0.5 * x / root(degrees + x * x) * total


@rule
def clip(x: float, low: float, high: float) -> float:
    """x held between low and high; a NaN stays a NaN."""
    return pick(x < low, low, pick(x > high, high, x))


@rule
def three_points(level: float, low: float, high: float) -> float:
    """Piecewise linear through (−1, low), (0, 0) and (+1, high), carried on beyond the ends."""
    return pick(level < 0.0, -level * low, level * high)


@rule
def smooth_step(u: float) -> float:
    """0 up to u = 0, 1 from u = 1, and 3u² − 2u³ between: an S-shaped passage with level ends."""
    inside = clip(u, 0.0, 1.0)
    return inside * inside * (3.0 - 2.0 * inside)
