"""95% intervals from a value and what is known of its error. No files, no columns.

sums           Hall's transform of the t statistic (Hall 1992), by which the long tail of a skewed sum lies on the right side:
               value − error · y(±t), y(x) = (3 / k) · ((1 + k (x − k/6))^(1/3) − 1), k the skewness of the statistic itself;
               value ± t · error where k is 0
probabilities  Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001), with the number of independent futures
               that would have the same error in place of n (Korn and Graubard 1998)
quantiles      the levels between which the share below the true quantile lies, so that the quantiles of the sample at
               these levels hold it, whatever the distribution (Woodruff 1952); for independent futures of equal weight
               the order-statistic bounds, exact by the binomial distribution (Hahn and Meeker 1991, chapter 5)
"""

from __future__ import annotations

import math
from functools import lru_cache

CONFIDENCE = 0.95
NORMAL = 1.959963984540054


@lru_cache(maxsize=4096)
def student(freedom: float) -> float:
    """The 97.5% quantile of Student's t with `freedom` degrees of freedom (at least 1); the normal's where infinite."""
    if math.isinf(freedom):
        return NORMAL
    from scipy.special import stdtrit

    return float(stdtrit(max(1.0, freedom), 0.5 + CONFIDENCE / 2.0))


def unskewed(x: float, skewness: float) -> float:
    """Hall's inverse transform of a critical value for a statistic of the given skewness (−1 to 1)."""
    if abs(skewness) < 1e-9:
        return x
    y = 1.0 + skewness * (x - skewness / 6.0)
    return 3.0 * (math.cbrt(y) - 1.0) / skewness


def skewed(value: float, error: float, skewness: float, critical: float) -> tuple[float, float]:
    """Interval of a statistic with the given standard error and skewness; value ± critical · error where skewness is 0."""
    low, high = (value - error * unskewed(x, skewness) for x in (critical, -critical))
    return min(low, value), max(high, value)


def wilson(share: float, size: float, critical: float = NORMAL) -> tuple[float, float]:
    """Wilson's interval of a probability seen as `share` among `size` independent futures. Never of no width."""
    square = critical * critical / size
    middle = (share + square / 2.0) / (1.0 + square)
    reach = math.sqrt(square * (share * (1.0 - share) + square / 4.0)) / (1.0 + square)
    return max(0.0, min(middle - reach, share)), min(1.0, max(middle + reach, share))


def levels(p: float, error: float, critical: float) -> tuple[float, float]:
    """The levels of the sample that bound its true p-quantile, when the share below that has standard error `error`.

    p ± critical · error, moved by the skewness of a binomial count with that error (Cornish and Fisher 1938).
    """
    variance = p * (1.0 - p)
    moved = (critical * critical - 1.0) * (1.0 - 2.0 * p) * error * error / (6.0 * variance)
    return min(p, p - critical * error + moved), max(p, p + critical * error + moved)


@lru_cache(maxsize=4096)
def order_statistics(n: int, p: float) -> tuple[int, int]:
    """Ranks (1 = smallest) of the two of n independent futures that hold the p-quantile with at least 95% confidence.

    P(the lower one lies above it) and P(the upper one lies below it) are each at most 2.5%, by the binomial distribution.
    Rank 0 or n + 1 where n futures are too few to give such a bound.
    """
    tail = (1.0 - CONFIDENCE) / 2.0
    return _binomial_quantile(tail, n, p), _binomial_quantile(1.0 - tail, n, p) + 1


def _binomial_quantile(share: float, n: int, p: float) -> int:
    """The smallest k with P(at most k of n) ≥ share."""
    from scipy.special import bdtr

    step = NORMAL if share > 0.5 else -NORMAL
    k = min(n, max(0, round(n * p + step * math.sqrt(n * p * (1.0 - p)))))
    while k > 0 and bdtr(k - 1, n, p) >= share:
        k -= 1
    while k < n and bdtr(k, n, p) < share:
        k += 1
    return k
