"""Sobol' indices where inputs are independent: first-order and total effect of groups of inputs by pick and freeze.

Two independent sets of futures A and B, and for each group a third that takes the group from B and everything else from A
(Saltelli and others 2010):

    first = mean(B · (A_with_group_of_B − A)) / Var        total = mean((A − A_with_group_of_B)²) / (2 Var)

On inputs that depend on each other these shares have no meaning; shapley.py is for those. Estimates and bootstrap intervals are
those of the library SALib (Herman and Usher 2017).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .projection import NORMAL_95, Share

RESAMPLES, FIRST_RESAMPLE = 200, 1


@dataclass(frozen=True)
class Index:
    """A group's first-order and total share of variance."""

    group: str
    first: Share
    total: Share


def in_order(a: np.ndarray, b: np.ndarray, mixed: Mapping[str, np.ndarray]) -> np.ndarray:
    """Results in Saltelli's order, float64[n (groups + 2)]: A, A with each group of B in turn, B, future by future."""
    return np.asarray(np.vstack([a, *mixed.values(), b]).T.ravel())


def indices(a: np.ndarray, b: np.ndarray, mixed: Mapping[str, np.ndarray]) -> list[Index]:
    """Indices of each group from results a[n], b[n] and, by group, those of A with the group of B.

    All are 0 where the result never varies. Errors: DataError where lengths differ.
    """
    from SALib.analyze import sobol

    if any(values.shape != a.shape for values in (b, *mixed.values())):
        raise DataError("results of unequal length", key="pick-freeze", value=a.size, expected="one result for each future")
    if not np.ptp(np.r_[a, b]) > 0.0:
        return [Index(name, Share(0.0, 0.0, 0.0, 0.0), Share(0.0, 0.0, 0.0, 0.0)) for name in mixed]
    problem = {"num_vars": len(mixed), "names": list(mixed), "bounds": [[0.0, 1.0]] * len(mixed)}
    found = sobol.analyze(
        problem, in_order(a, b, mixed), calc_second_order=False, num_resamples=RESAMPLES, seed=FIRST_RESAMPLE
    )
    return [
        Index(name, *(Share.of(found[key][k], found[f"{key}_conf"][k] / NORMAL_95) for key in ("S1", "ST")))
        for k, name in enumerate(mixed)
    ]
