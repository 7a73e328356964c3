"""Quantile functions: from a point of the unit interval to a value. One per distribution, all monotone."""

from __future__ import annotations

import math

from .._jit import rule

ROOT_HALF = math.sqrt(0.5)


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
def normal_quantile(u: float) -> float:
    """Standard normal quantile by Wichura's algorithm AS 241 (Applied Statistics 37, 1988), PPND16 coefficients.

    Relative error about 1e-16; normal_quantile(0.5) = 0 exactly. `u` in (0, 1).
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _polynomial_ratio(
            0.180625 - q * q,
            3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
            4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
            3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
        )  # fmt: skip
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        z = _polynomial_ratio(
            r - 1.6,
            1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
            2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
            1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
        )  # fmt: skip
    else:
        z = _polynomial_ratio(
            r - 5.0,
            6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
            5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
            1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
        )  # fmt: skip
    return -z if q < 0.0 else z


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
    return 0.5 + 0.5 * x / math.sqrt(degrees + x * x) * total


@rule
def clip(x: float, low: float, high: float) -> float:
    """x held between low and high; a NaN stays a NaN."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@rule
def three_points(level: float, low: float, high: float) -> float:
    """Piecewise linear through (−1, low), (0, 0) and (+1, high), carried on beyond the ends."""
    return -level * low if level < 0.0 else level * high


@rule
def smooth_step(u: float) -> float:
    """0 up to u = 0, 1 from u = 1, and 3u² − 2u³ between: an S-shaped passage with level ends."""
    if u <= 0.0:
        return 0.0
    if u >= 1.0:
        return 1.0
    return u * u * (3.0 - 2.0 * u)
