"""The monitoring pack: for each quantity worth watching its course when all goes well, its limits, and the trigger to act on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..methods.control_limits import Limits, crossing, limits_by_year
from ..methods.thresholds import Rate, Threshold, rate
from .signposts_single import Signpost
from .watching import BY_NAME, Watch

#: Quantities in the pack for each failure, and years that it shows.
MOST_QUANTITIES = 4
MOST_YEARS = 10


def in_service(watch: Watch, year: int) -> np.ndarray:
    """Futures in which the provider was in service during a year, bool[n]."""
    return np.ones(watch.n, dtype=bool) if year == 0 else watch.serving[year - 1]


def best_by_quantity(signs: Sequence[Signpost]) -> list[Signpost]:
    """The best signpost of each quantity, in order of merit, at most MOST_QUANTITIES."""
    found: dict[str, Signpost] = {}
    for one in signs:
        found.setdefault(one.quantity, one)
    return list(found.values())[:MOST_QUANTITIES]


def triggers(signs: Sequence[Signpost], best: Signpost, years: int) -> list[Threshold | None]:
    """The trigger of each year: the threshold of the last watched year so far, on the best signpost's side; None before the
    first."""
    own = {one.year: one.threshold for one in signs
           if one.quantity == best.quantity and one.threshold.above == best.threshold.above}  # fmt: skip
    found: list[Threshold | None] = []
    for year in range(years):
        found.append(own.get(year, found[-1] if found else None))
    return found


def pack_rows(watch: Watch, failure: str, signs: Sequence[Signpost], labels: Sequence[str]) -> list[dict[str, object]]:
    """Rows of the pack for one failure: a quantity and a year each."""
    rows: list[dict[str, object]] = []
    seen = np.array([in_service(watch, year) for year in range(len(labels))])
    well = ~watch.failed[failure]
    if not well.any():
        return rows
    for best in best_by_quantity(signs):
        values, by_year = watch.values[best.quantity], triggers(signs, best, len(labels))
        limits = limits_by_year(values, seen & well, watch.weight)
        whole = crossing(values, seen, by_year, well, watch.weight, watch.groups)
        for year, (limit, trigger) in enumerate(zip(limits[:MOST_YEARS], by_year, strict=False)):
            if limit is not None:
                own = _alarm(watch, values[year], trigger, seen[year] & well)
                rows.append(_row(best, labels[year], limit, trigger, own, whole))
    return rows


def _alarm(watch: Watch, values: np.ndarray, trigger: Threshold | None, among: np.ndarray) -> Rate | None:
    return None if trigger is None else rate(trigger.signal(values), watch.weight, watch.groups, among)


def _row(
    best: Signpost, label: str, limit: Limits, trigger: Threshold | None, alarm: Rate | None, whole: Rate
) -> dict[str, object]:  # fmt: skip
    return {
        "failure": best.failure, "quantity": best.quantity, "year": label, "words": BY_NAME[best.quantity].words,
        "unit": BY_NAME[best.quantity].unit, "middle": limit.middle, "middle_low": limit.low, "middle_high": limit.high,
        "outer_limit_low": limit.low_outer, "outer_limit_high": limit.high_outer, "signal": best.side,
        "trigger": trigger.value if trigger else None, "alarm_rate": alarm.value if alarm else None,
        "alarm_rate_error": alarm.error if alarm else None, "alarm_in_term_rate": whole.value,
        "alarm_in_term_rate_error": whole.error, "alarm_in_term_rate_low": whole.low, "alarm_in_term_rate_high": whole.high,
        "first_step": BY_NAME[best.quantity].step, "futures": limit.futures,
    }  # fmt: skip


def _typical(watch: Watch, quantity: str, among: np.ndarray, years: int) -> int | None:
    """The future whose course over the first years lies nearest the median course of those like it; None where there is none."""
    rows = np.flatnonzero(among)
    if rows.size == 0:
        return None
    course = watch.values[quantity][:years][:, rows]
    middle = np.median(course, axis=1)
    scale = np.maximum(1e-12, np.median(np.abs(course - middle[:, None]), axis=1))
    far = np.max(np.abs(course - middle[:, None]) / scale[:, None], axis=0)
    return int(rows[int(np.argmin(far))])


def example_rows(watch: Watch, best: Signpost, labels: Sequence[str]) -> list[dict[str, object]]:
    """The best signpost's quantity in two futures: a typical one that fails and a typical one that does not, year by year.

    Typical: nearest the median course of those at risk with a signal that fail, and of those without one that serve on and do
    not.
    """
    years = best.year + 1
    values, risk = watch.values[best.quantity], watch.at_risk(best.failure, best.year)
    signal, failed = best.threshold.signal(values[best.year]), watch.failed[best.failure]
    last = min(len(labels), MOST_YEARS) - 1
    bad = _typical(watch, best.quantity, risk & signal & failed, years)
    good = _typical(watch, best.quantity, risk & ~signal & ~failed & in_service(watch, last), last + 1)
    rows: list[dict[str, object]] = []
    for year, label in enumerate(labels[: last + 1]):
        row: dict[str, object] = {"failure": best.failure, "quantity": best.quantity, "year": label}
        for name, future in (("fails", bad), ("holds", good)):
            there = future is not None and bool(in_service(watch, year)[future])
            row |= {
                name: float(values[year, future]) if there else None,
                f"{name}_future": None if future is None else future + 1,
            }
        rows.append(row)
    return rows
