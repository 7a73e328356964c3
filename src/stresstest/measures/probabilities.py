"""Probabilities of events, with Wilson's interval in every design.

Where futures are independent and weigh alike, the interval is that of n futures; else that of as many independent futures
as would have the design's error. Where nobody was seen, or everybody, there is no error to go by: the standard error is
then that of one future in n and the interval that of W² / Σ w² independent futures, so that it never has no width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .intervals import wilson
from .moments import Estimate, Influence, centred, spreads
from .stream import Column
from .tallies import FUTURES, Spread

#: An error so small, as a share of the whole weight, is rounding.
NOTHING = 1e-12


def probability(
    name: str, share: float, size: float, method: str, spread: Spread | None = None, weight: float = math.nan
) -> Estimate:
    """A probability seen among `size` independent futures, or with the design's spread of Σ w ψ where Σ w is `weight`."""
    error, critical = math.sqrt(max(share * (1.0 - share), (1.0 - 1.0 / size) / size) / size), None
    if spread is not None:
        critical = spread.critical
        if 0.0 < share < 1.0:
            found = math.sqrt(spread.variance) / weight
            error = found if found > NOTHING else 1.0 / size
            size = share * (1.0 - share) / error**2
    bounds = wilson(share, size) if critical is None else wilson(share, size, critical)
    return Estimate(name, share, error, *bounds, f"{method}, Wilson")


def probabilities(column: Column, events: Sequence[Influence], name: str = "probability") -> list[Estimate]:
    """Probabilities of events, each a function from values[n] to yes and no[n]; two passes at most."""
    n, total, squares, least, most = 0, 0.0, 0.0, math.inf, -math.inf
    hits, counts = np.zeros(len(events)), np.zeros(len(events), dtype=np.int64)
    for x, w, _ in column:
        if x.size:
            n, total, squares = n + x.size, total + float(w.sum()), squares + float((w * w).sum())
            least, most = min(least, float(w.min())), max(most, float(w.max()))
            seen = [event(x) for event in events]
            counts += [int(np.count_nonzero(s)) for s in seen]
            hits += [float(w[s].sum()) for s in seen] if least < most else most * np.array([s.sum() for s in seen])
    if total <= 0.0:
        return [Estimate(name, math.nan, math.nan)] * len(events)
    design = column.design
    if least == most and design.units == FUTURES:
        return [probability(name, int(count) / n, n, design.method) for count in counts]
    shares = [min(1.0, float(h) / total) for h in hits]
    found = spreads(column, [(centred(event, p), False) for event, p in zip(events, shares, strict=True)])
    return [
        probability(name, p, total**2 / squares, design.method, spread, total)
        for p, spread in zip(shares, found, strict=True)
    ]
