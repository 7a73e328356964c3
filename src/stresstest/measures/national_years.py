"""How many places have failed by each year: as seen, as independent places would, and with every failure in one order.

Independent: the law of a sum of independent events with the places' own chances by that year (Poisson-binomial). The chances
are themselves estimates from the same futures. With c_k = P(just j − 1 of the others fail), to first order

    P_independent(at least j) moves by Σ_k c_k (1[k fails] − p_k)      (the derivative of the law with respect to p_k is c_k)

so that its error, and that of what is seen less it, are the design's error of a mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .estimates import Wanted, estimate
from .moments import moments
from .national import independent, together
from .probabilities import probabilities
from .stream import Column

Row = dict[str, Any]
Values = np.ndarray
#: A difference of chances that is no more than rounding.
ROUNDING = 1e-12
#: (words, places, share of the places): how many at once is told of.
LEVELS = (
    ("at least 1 place", 1, 0.0), ("at least 2 places", 2, 0.0), ("at least 5 places", 5, 0.0),
    ("at least 10% of the places", 0, 0.1), ("at least 25% of the places", 0, 0.25), ("at least half of the places", 0, 0.5),
)  # fmt: skip


def levels(places: int) -> list[tuple[str, int]]:
    """(words, number of places) of the levels that so many places can reach; a share is rounded up to whole places."""
    found = [(words, count or max(1, math.ceil(share * places - 1e-9))) for words, count, share in LEVELS]
    return [(words, count) for words, count in found if count <= places]


def others(chances: Sequence[float], counts: Sequence[int]) -> Values:
    """P(just j − 1 of the other places fail) for each j of counts and each place, float64[counts, K]; independent places.

    By the characteristic function of the sum, each place's factor left out through products from both ends.
    """
    p, size = np.asarray(chances, dtype=np.float64), len(chances)
    turn = np.exp(2j * np.pi * np.arange(size) / size)
    factors = 1.0 - p[:, None] + p[:, None] * turn[None, :]
    one = np.ones((1, size), dtype=complex)
    before = np.concatenate((one, np.cumprod(factors[:-1], axis=0)))
    after = np.concatenate((np.cumprod(factors[:0:-1], axis=0)[::-1], one))
    back = np.stack([turn ** -(j - 1) for j in counts])
    return np.maximum(0.0, np.real(back @ (before * after).T) / size)


def level_rows(
    counts: Column, chances: Sequence[float], errors: Sequence[float],
    weighed: Callable[[Values], Callable[[int], Column]],
) -> Iterator[Row]:  # fmt: skip
    """For each level: the chance that so many places fail; seen, independent and together, each with its error.

    `chances` and `errors` by place. `weighed(c)` gives, for c[levels, K], a function from a level to the column of
    Σ_k c_k 1[k fails].
    """
    size, column = len(chances), counts.held()
    wanted = levels(size)
    seen = probabilities(column, [reaches(j) for _, j in wanted])
    alone, as_one = independent(chances), together(chances)
    inner = weighed(others(chances, [j for _, j in wanted]))
    ordered = [errors[k] for k in np.argsort(-np.asarray(chances), kind="stable")]
    for k, (words, j) in enumerate(wanted):
        law, sums = float(alone[j:].sum()), inner(k).held()
        beyond, error = seen[k].value - law, error_of(_apart(column, sums, j))
        if not 0.0 < seen[k].value < 1.0:  # nobody was seen, or everybody: that has an error too
            error = max(error, seen[k].error)
        yield {
            "level": words, "at_least_places": j, "probability": seen[k].value, "probability_error": seen[k].error,
            "probability_low": seen[k].low, "probability_high": seen[k].high, "independent_probability": law,
            "independent_probability_error": error_of(sums), "together_probability": float(as_one[j:].sum()),
            "together_probability_error": ordered[j - 1], "beyond_independent": beyond if abs(beyond) > ROUNDING else 0.0,
            "beyond_independent_error": error,
        }  # fmt: skip


def reaches(j: int) -> Callable[[Values], Values]:
    """Whether a count is j or more."""
    return lambda count: np.asarray(count >= j)


def _apart(counts: Column, sums: Column, j: int) -> Column:
    """1[at least j] less the weighed sum, piece by piece."""
    return Column(lambda: (a._replace(values=(a.values >= j) - b.values) for a, b in zip(counts, sums, strict=True)),
                  design=counts.design)  # fmt: skip


def error_of(column: Column) -> float:
    """The design's standard error of a column's mean."""
    return float(estimate(column.held(), [Wanted("mean")])[0].error)


def year_head(counts: Column, chances: Sequence[float]) -> Row:
    """Mean number of places that have failed, its standard deviation, and that of independent failures."""
    column = counts.held()
    (mean,) = estimate(column, [Wanted("mean")])
    return {
        "mean_places": mean.value, "mean_places_error": mean.error, "sd_places": moments(column).sd,
        "independent_sd_places": math.sqrt(sum(p * (1.0 - p) for p in chances)),
    }  # fmt: skip
