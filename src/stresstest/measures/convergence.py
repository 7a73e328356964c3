"""How far the futures of a run carry: the error by number of futures, bounds for its tails, and what its weights cost.

    doubling  each headline measure from all N futures, from N/2, N/4 … down to about a thousand
    tails     percentiles with the design's interval, and with the distribution-free bounds of order statistics
    weights   futures of equal weight that would be as good, W² / Σ w² (Kish 1965), and the share of the heaviest future

If errors are stated rightly, they fall with the number of futures and the intervals of smaller numbers hold the value of
the whole most of the time. Latin hypercubes have no prefix: fewer of them are taken, whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .designs import Design
from .estimates import Wanted, estimate
from .headline import EXPOSURE, MEASURES, SURPLUS
from .intervals import order_statistics
from .moments import Estimate, Moments, moments
from .ranks import Ranks
from .stream import Column, Parts, strategy_column
from .tallies import FUTURES

LEAST = 1000
DOUBLED = ("mean_surplus", "p_exit", "p_exit_losses", "median_exposure", "cte99_exposure")
LEVELS = (0.05, 0.5, 0.95, 0.99)
TAILED = (("surplus", SURPLUS), ("exposure", EXPOSURE))
NAN = math.nan
Row = dict[str, Any]


def convergence_rows(folder: Path, scenario: str, strategy: str = "honest") -> list[Row]:
    """All blocks for one strategy: block, measure, futures, value, error, low, high, note."""
    parts, design = Parts.of(folder, "outcomes", scenario), Design.of(folder)
    rows: list[Row] = []
    for name in DOUBLED:
        measure = MEASURES[name]
        for futures, column, note in subsets(measure.from_folder(folder, scenario, strategy).held()):
            rows.append(_row("doubling", futures, measure.estimate(column), note))
    for name, source in TAILED:
        column = strategy_column(parts, source, strategy, None, design).held()
        rows += tail_rows(name, column)
    return [*rows, *weight_rows(column)]


def _row(block: str, futures: int, found: Estimate, note: str) -> Row:
    return {
        "block": block, "measure": found.statistic, "futures": futures, "value": found.value, "error": found.error,
        "low": found.low, "high": found.high, "note": note,
    }  # fmt: skip


def subsets(column: Column) -> Iterator[tuple[int, Column, str]]:
    """(futures, the column of so many, how they were chosen), from all of them down to about a thousand."""
    design, whole = column.design, sum(piece.values.size for piece in column)
    yield whole, column, "all futures"
    if design.kind == "lhs":
        count = design.replicates // 2
        while count >= 2 and whole * count // design.replicates >= LEAST:
            part = column.replicates(count)
            note = f"{count} of {design.replicates} Latin hypercubes, whole: a hypercube has no prefix"
            yield sum(piece.values.size for piece in part), part, note
            count //= 2
        return
    unit, note = _prefix(design)
    size = whole // 2
    while size >= LEAST and size >= 2 * unit:
        futures = size // unit * unit
        yield futures, column.first(futures), note
        size //= 2


def _prefix(design: Design) -> tuple[int, str]:
    """The number of futures that a prefix of the design is a multiple of, and what the prefix is."""
    if design.kind == "sobol":
        return design.replicates, f"first points of each of {design.replicates} nets"
    if design.kind == "importance":
        return 2 * design.replicates, f"first points of each of {design.replicates} pairs of nets"
    if design.kind == "stratified":
        return 1, "first futures, by cells in their shares"
    return (2, "first pairs") if design.antithetic else (1, "first futures")


def tail_rows(name: str, column: Column) -> Iterator[Row]:
    """Percentiles of a column with the design's interval, each followed by its order-statistic bounds."""
    m = moments(column)
    ranks = Ranks(column, m.low, m.high, m.n, m.each)
    for p, found in zip(LEVELS, estimate(column, [Wanted("quantile", p) for p in LEVELS]), strict=True):
        measure = f"p{100 * p:g}_{name}"
        own = Estimate(measure, found.value, found.error, found.low, found.high)
        yield _row("tails", m.n, own, f"by the design: {found.method}")
        low, high, note = order_bounds(ranks, m, p, column.design)
        yield _row("tails", m.n, Estimate(measure, found.value, NAN, low, high), note)


def order_bounds(ranks: Ranks, m: Moments, p: float, design: Design) -> tuple[float, float, str]:
    """The two order statistics that hold the p-quantile with 95% confidence, and a note on what they suppose.

    Exact for independent futures of equal weight. With other weights the levels are those of W² / Σ w² futures. NaN where
    there are too few futures for a bound.
    """
    size = m.n if m.each > 0.0 else max(1, int(m.effective))
    first, last = order_statistics(size, p)
    targets = [(rank - 0.5) / size * m.weight if 1 <= rank <= size else NAN for rank in (first, last)]
    values = ranks.at([a for a in targets if a == a])
    low, high = (values.get(a, NAN) for a in targets)
    exact = "exact" if design.units == FUTURES and design.kind == "random" else "as if futures were independent"
    if m.each <= 0.0:
        return low, high, f"order statistics, approximate: levels of {size:,} futures of equal weight"
    return low, high, f"order statistics {first:,} and {last:,} of {size:,}: {exact}"


def weight_rows(column: Column) -> Iterator[Row]:
    """Effective number of futures, and the share of the heaviest one in the whole weight."""
    m, most = moments(column), max((float(piece.weights.max()) for piece in column if piece.weights.size), default=NAN)
    kept = f"{m.effective / m.n:.1%} of the futures" if m.n else ""
    yield _row("weights", m.n, Estimate("effective_futures", m.effective, NAN), f"weights alone: {kept}")
    heaviest = most / m.weight if m.weight else NAN
    yield _row("weights", m.n, Estimate("largest_share", heaviest, NAN), "of the whole weight, by one future")
