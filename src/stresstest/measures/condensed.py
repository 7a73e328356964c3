"""Statistics of condensed futures: all that were lived, most of which were not kept.

Read off three tables (results/condensed.py): exact sums, weights in bins, weights of ends. With weights w, W = Σ w and the number
of equal futures that would say as much, n = W² / Σ w²:

    mean, sd       from the sums, exactly; the error of sd from fourth powers of the bins' middles
    quantile       the weight of its bin spread evenly from the lowest to the highest value in it: off by less than these, which
                   are given and at most 0.4% apart, and exact where they are one; interval: the outer ends of the bins that
                   hold the quantiles at the levels within which the share below the true one lies (intervals.py)
    cte            mean of the worst share, from the bins' middles; error that of the mean of (x − edge)⁺ over the share; the
                   interval is wider by the mean half-width of the tail's bins
    probability    weight counted in every future; Wilson's interval with n; a loss is an amount below −0.000001
    lowest, highest  and the first future that has it, for `stresstest explain --future`

Only designs of independent futures are condensed. Quantiles are those of each future's own number; nothing adds quantiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..layout import EXIT_CAUSES, EXIT_FIRST_ADVERSE
from ..results.condense import SMALLEST
from ..results.schema import COLUMNS
from .intervals import NORMAL, levels, wilson
from .summary import METRICS

Row = dict[str, Any]
QUANTILES = (0.00001, 0.0001, 0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999, 0.9999, 0.99999)
TAILS = (0.95, 0.99, 0.999)
#: Futures beyond a quantile below which it is not given.
FEWEST = 30.0
_KNOWN = {column: (party, metric, high) for party, metric, column, high, _ in METRICS}
_BASES = ("exact sums", "bins of at most 0.4%", "counted in every future", "extreme")


@dataclass(frozen=True)
class Bins:
    """The bins of one outcome under one strategy in rising order: lowest and highest value in each, weights, and the number of
    equal futures.
    """

    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    futures: float

    @property
    def middle(self) -> np.ndarray:
        """Half-way between the lowest and the highest value in each bin."""
        return np.asarray((self.low + self.high) / 2.0)

    def place(self, p: float) -> tuple[float, float, float]:
        """The p-quantile, weight spread evenly over its bin, and the lowest and highest value in that bin."""
        upto = np.cumsum(self.weight)
        target = min(max(p, 0.0), 1.0) * float(upto[-1])
        k = min(int(np.searchsorted(upto, target)), self.weight.size - 1)
        share = (target - (upto[k] - self.weight[k])) / self.weight[k] if self.weight[k] > 0.0 else 0.0
        low, high = float(self.low[k]), float(self.high[k])
        return low + float(share) * (high - low), low, high

    def quantile(self, p: float) -> Row:
        """Value, error, interval and bin of a quantile."""
        error = math.sqrt(p * (1.0 - p) / self.futures)
        value, low, high = self.place(p)
        a, b = levels(p, error, NORMAL)
        reach = (self.place(p + error)[0] - self.place(p - error)[0]) / 2.0
        ends = {"low": self.place(a)[1], "high": self.place(b)[2]}
        return {"value": value, "error": reach, **ends, "bin_low": low, "bin_high": high}

    def tail(self, p: float, high_is_bad: bool) -> Row:
        """Mean of the worst share 1 − p, the bin on its edge counted in part."""
        sign = 1.0 if high_is_bad else -1.0
        edge, low, high = self.place(p if high_is_bad else 1.0 - p)
        over = np.maximum(0.0, sign * (self.middle - edge))
        total = float(self.weight.sum())
        mean = float(self.weight @ over) / total
        sd = math.sqrt(max(0.0, float(self.weight @ over**2) / total - mean * mean))
        value, error = edge + sign * mean / (1.0 - p), sd / math.sqrt(self.futures) / (1.0 - p)
        tail = sign * (self.high if high_is_bad else self.low) >= sign * edge
        reach = NORMAL * error + float(self.weight[tail] @ (self.high - self.low)[tail]) / 2.0 / float(self.weight[tail].sum())
        return {"value": value, "error": error, "low": value - reach, "high": value + reach, "bin_low": low, "bin_high": high}

    def fourth(self, mean: float) -> float:
        """Mean fourth power of the distance from the mean."""
        return float(self.weight @ (self.middle - mean) ** 4) / float(self.weight.sum())


def condensed_rows(folder: Path, year_labels: Sequence[str] = ()) -> list[Row]:
    """Every statistic of a run's condensed futures; none where it has none. `year_labels` are the contract's years.

    Columns: scenario, strategy, party, metric, year, statistic, value, error, low, high, unit, bin_low, bin_high (lowest and
    highest value in the bin that a quantile lies in), future (that of an extreme), futures (lived), method.
    """
    moments, bins, ends = (_table(folder, name) for name in ("moments", "bins", "ends"))
    if moments is None or bins is None or ends is None:
        return []
    cut = _cuts(bins)
    units = {column.name: column.unit.split(",")[0] for column in COLUMNS["outcomes"]}
    rows: list[Row] = []
    for k in range(moments["weight"].size):
        one = {name: values[k] for name, values in moments.items()}
        own = cut[one["scenario"], one["strategy"], one["measure"]]
        futures = float(one["weight"] ** 2 / one["weight_squares"])
        held = Bins(bins["low"][own], bins["high"][own], bins["weight"][own], futures)
        rows += [_named(one, units[one["measure"]], row) for row in _outcome_rows(one, held)]
    return rows + list(_end_rows(moments, ends, year_labels))


def _table(folder: Path, name: str) -> dict[str, np.ndarray] | None:
    import pyarrow.parquet as pq

    path = folder / "tables" / name / "part-000000000000.parquet"
    if not path.is_file():
        return None
    found = pq.read_table(path)
    return {key: column.to_numpy() for key, column in zip(found.column_names, found.columns, strict=True)}


def _cuts(bins: dict[str, np.ndarray]) -> dict[tuple[str, str, str], slice]:
    """Where the bins of each scenario, strategy and outcome stand; they stand together."""
    keys = [bins[name] for name in ("scenario", "strategy", "measure")]
    change = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    starts = [0, *(np.flatnonzero(change) + 1).tolist(), keys[0].size]
    return {(keys[0][a], keys[1][a], keys[2][a]): slice(a, b) for a, b in pairwise(starts)}


def _named(one: Row, unit: str, row: Row) -> Row:
    party, metric, _ = _KNOWN.get(one["measure"], ("contract", one["measure"], True))
    unit = "probability" if row["statistic"] == "probability_negative" else unit
    return _row(one["scenario"], one["strategy"], party, metric, "", unit, int(one["futures"]), row)


def _row(scenario: str, strategy: str, party: str, metric: str, year: str, unit: str, futures: int, row: Row) -> Row:
    nan = math.nan
    empty = {"value": nan, "error": nan, "low": nan, "high": nan, "unit": unit, "bin_low": nan, "bin_high": nan, "future": ""}
    return {"scenario": scenario, "strategy": strategy, "party": party, "metric": metric, "year": year,
            "statistic": row["statistic"], **empty, "futures": futures, **row}  # fmt: skip


def _outcome_rows(one: Row, bins: Bins) -> Iterator[Row]:
    weight, mean = float(one["weight"]), float(one["mean"])
    error = math.sqrt(float(one["error_squares"])) / weight
    yield {"statistic": "mean", "value": mean, "error": error, "low": mean - NORMAL * error, "high": mean + NORMAL * error,
           "method": _BASES[0]}  # fmt: skip
    sd = math.sqrt(float(one["squares"]) / (weight - float(one["weight_squares"]) / weight)) if bins.futures > 1.0 else math.nan
    if sd > 0.0:
        error = math.sqrt(max(0.0, bins.fourth(mean) - sd**4) / bins.futures) / (2.0 * sd)
        yield {"statistic": "sd", "value": sd, "error": error, "low": sd - NORMAL * error, "high": sd + NORMAL * error,
               "method": _BASES[0]}  # fmt: skip
    for p in QUANTILES:
        if min(p, 1.0 - p) * bins.futures >= FEWEST - 1e-6:
            yield {"statistic": f"p{100 * p:.10g}", **bins.quantile(p), "method": _BASES[1]}
    for p in TAILS:
        if (1.0 - p) * bins.futures >= FEWEST - 1e-6:
            bad = _KNOWN.get(one["measure"], ("", "", True))[2]
            yield {"statistic": f"cte{100 * p:g}", **bins.tail(p, bad), "method": _BASES[1]}
    below = float(bins.weight[bins.high <= -SMALLEST].sum()) / weight
    yield {"statistic": "probability_negative", **_chance(below, bins.futures)}
    for name in ("lowest", "highest"):
        yield {"statistic": name, "value": float(one[name]), "future": str(one[f"{name}_future"]), "method": _BASES[3]}


def _chance(share: float, futures: float) -> Row:
    low, high = wilson(min(1.0, max(0.0, share)), futures)
    return {"value": share, "error": math.sqrt(max(0.0, share * (1.0 - share)) / futures), "low": low, "high": high,
            "method": _BASES[2]}  # fmt: skip


def _end_rows(moments: dict[str, np.ndarray], ends: dict[str, np.ndarray], year_labels: Sequence[str]) -> Iterator[Row]:
    """Chance of an early end by cause and by year (cumulative), and of each hurdle missed."""
    years = year_labels or sorted({str(year) for year in ends["year"]} - {""})
    whole = {(s, k): m for m, (s, k) in enumerate(zip(moments["scenario"], moments["strategy"], strict=True))}
    for (scenario, strategy), m in whole.items():
        weight, futures = float(moments["weight"][m]), int(moments["futures"][m])
        equal = weight * weight / float(moments["weight_squares"][m])
        own = (ends["scenario"] == scenario) & (ends["strategy"] == strategy)
        exits, names = own & (ends["kind"] == "exit"), ends["name"]
        if not own.any():
            continue  # a difference of two strategies does not end
        losses = exits & np.isin(names, EXIT_CAUSES[EXIT_FIRST_ADVERSE:])
        chosen: list[tuple[str, str, np.ndarray]] = []
        for metric, rows in (("exit", exits), ("exit_losses", losses)):
            chosen += [(metric, year, rows & (ends["year"] <= year)) for year in years] + [(metric, "", rows)]
        seen = [cause for cause in EXIT_CAUSES if (exits & (names == cause)).any()]
        chosen += [(f"exit_cause:{cause}", "", exits & (names == cause)) for cause in seen]
        failed = own & (ends["kind"] == "failure")
        chosen += [(f"missed:{names[k]}", "", np.arange(names.size) == k) for k in np.flatnonzero(failed)]
        for metric, year, rows in chosen:
            row = {"statistic": "probability", **_chance(float(ends["weight"][rows].sum()) / weight, equal)}
            yield _row(scenario, strategy, "contract", metric, year, "probability", futures, row)
