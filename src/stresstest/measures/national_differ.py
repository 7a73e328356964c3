"""Whether places differ in a chance by more than chance has it, though all of them live one economy.

Place k fails in future f with indicator I, p_k its mean over futures. What places share moves all of them alike and cancels out
in differences, so that only what is local counts. With n futures (Kish's number where weights differ), K places, v the mean of
their variances p_k (1 − p_k), and c the mean covariance of pairs, found from the number C of failing places in each future:

    c = (Var C − Σ p_k (1 − p_k)) / (K (K − 1))        s² = (v − c) / n        Q = Σ (p_k − p̄)² / s²

Were all chances equal and all pairs alike, Q would follow χ² with K − 1 degrees of freedom. A test that treats the futures of
places as unrelated would divide by v / n, and overlook differences that the shared economy lets be seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .moments import moments
from .stream import Column

Row = dict[str, Any]
#: A variance that is no more than rounding.
ROUNDING = 1e-12


def differ_row(counts: Column, chances: Sequence[float], budgets: Sequence[float]) -> Row:
    """χ² test of equal chances over K places: chi_square, freedom, p_value, and Spearman's correlation of chance with budget.

    `counts` is the number of failing places by future. Where all chances are the same, χ² is 0; where nothing local is left, so
    that they cannot differ by chance, it is NaN, as is the correlation of what never varies.
    """
    from scipy.stats import chi2, spearmanr

    p, size = np.asarray(chances, dtype=np.float64), len(chances)
    apart = float(((p - p.mean()) ** 2).sum())
    found = moments(counts)
    own = float((p * (1.0 - p)).sum())
    shared = (found.square / found.weight - own) / (size * (size - 1.0))
    local = (own / size - shared) / found.effective
    q = 0.0 if apart <= ROUNDING else apart / local if local > ROUNDING / found.effective else math.nan
    varies = apart > ROUNDING and len(set(budgets)) > 1
    return {
        "chi_square": q, "freedom": size - 1, "p_value": float(chi2.sf(q, size - 1)),
        "rank_correlation_with_budget": float(spearmanr(p, np.asarray(budgets))[0]) if varies else math.nan,
    }  # fmt: skip
