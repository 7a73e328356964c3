"""Single signposts: one quantity, seen by the end of a year, beyond a threshold. Chosen on half of the futures, judged on the
rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..methods.control_limits import weighted_quantiles
from ..methods.thresholds import Area, Judged, Rate, Threshold, area_under_curve, best_threshold, judge, rate
from ..units import percent
from .watching import BY_NAME, Watch

#: Ends of years at which one looks, counted from 0.
WATCHED = (0, 1, 2, 4)
#: Fewest failing and fewest other futures at risk, in each half, to choose and to judge by.
FEWEST_AT_RISK = 50
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Signpost:
    """One signpost, as it does on futures that it was not chosen on.

    `year` counts from 0; a signal is the quantity beyond `threshold` at the end of it. `at_risk` futures were judged, of which
    a share `base` fails later; `quiet` is the share that fails though there was no signal. Lead in years: median, and the
    middle 80%, among failures that were signalled. `ahead`: share of all failures still to come by then. `merit`: what it was
    chosen by, hit less false-alarm rate on the half on which it was chosen, times `ahead`. `found`: it tells more than chance
    would, after Bonferroni's correction for all signposts of this failure.
    """

    failure: str
    quantity: str
    year: int
    label: str
    threshold: Threshold
    area: Area
    judged: Judged
    quiet: Rate
    base: float
    at_risk: int
    lead_low: float
    lead_median: float
    lead_high: float
    ahead: float
    merit: float
    found: bool

    @property
    def side(self) -> str:
        """ "above" or "below"."""
        return "above" if self.threshold.above else "below"

    @property
    def limit_words(self) -> str:
        """The threshold in words, such as "below −2.1%"."""
        return f"{self.side} {said(self.quantity, self.threshold.value)}"

    @property
    def words(self) -> str:
        """The whole signpost in words."""
        return f"{BY_NAME[self.quantity].words}: {self.limit_words} at the end of {self.label}"


def said(quantity: str, value: float) -> str:
    """A quantity's value in words: scores in two decimals, all else in percent."""
    return f"{value:.2f}".replace("-", "−") if BY_NAME[quantity].unit == "score" else percent(value)


def target_of(watch: Watch, failure: str, inside: np.ndarray | None) -> np.ndarray:
    """What is to be foretold, bool[n]: the failure, or the failure inside a region."""
    return watch.failed[failure] if inside is None else watch.failed[failure] & inside


def _one(
    watch: Watch, failure: str, quantity: str, year: int, labels: Sequence[str], tests: int, target: np.ndarray
) -> Signpost | None:  # fmt: skip
    """The signpost of one quantity at the end of one year; None where the quantity does not vary or nothing can be judged."""
    risk, half = watch.at_risk(failure, year), watch.first_half
    values, first, rest = watch.values[quantity][year], risk & half, risk & ~half
    threshold = best_threshold(values[first], target[first], watch.weight[first])
    if threshold is None:
        return None
    groups = None if watch.groups is None else watch.groups[rest]
    weight, own, came = watch.weight[rest], values[rest], target[rest]
    signal = threshold.signal(own)
    area = area_under_curve(own if threshold.above else -own, came, weight, groups)
    told = area.p_value / 2.0 if area.value > 0.5 else 1.0 - area.p_value / 2.0
    caught = signal & came
    leads = watch.years_to(failure, year)[rest]
    lead = weighted_quantiles(leads[caught], weight[caught], (0.1, 0.5, 0.9)) if caught.any() else np.zeros(3)
    ahead = watch.ahead(failure, year)
    return Signpost(
        failure, quantity, year, labels[year], threshold, area, judge(signal, came, weight, groups),
        rate(came, weight, groups, ~signal if (~signal).any() else None), float(np.average(came, weights=weight)),
        int(rest.sum()), float(lead[0]), float(lead[1]), float(lead[2]), ahead, threshold.youden * ahead,
        told * tests < SIGNIFICANT,
    )  # fmt: skip


def singles(watch: Watch, failure: str, labels: Sequence[str], inside: np.ndarray | None = None) -> list[Signpost]:
    """Every signpost of a failure, quantity by quantity at the end of each watched year, in order of merit (the earlier first).

    `inside` bool[n]: only failures inside a region count as such. Years with too few futures at risk are left out.
    """
    target = target_of(watch, failure, inside)
    looks = [(year, name) for year in WATCHED if year < len(labels) - 1 for name in watch.names(year)]
    usable = [(year, name) for year, name in looks if enough(watch, failure, year, target)]
    found = [_one(watch, failure, name, year, labels, len(usable), target) for year, name in usable]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.merit, one.year, one.quantity))


def enough(watch: Watch, failure: str, year: int, target: np.ndarray) -> bool:
    """Whether both halves hold enough futures at risk of either kind at the end of a year."""
    risk, half = watch.at_risk(failure, year), watch.first_half
    counts = [int((risk & part & kind).sum()) for part in (half, ~half) for kind in (target, ~target)]
    return min(counts) >= FEWEST_AT_RISK


def signpost_row(one: Signpost) -> dict[str, object]:
    """A signpost as a row of a table."""
    row: dict[str, object] = {
        "failure": one.failure, "year": one.label, "quantity": one.quantity, "limit": one.limit_words,
        "signal": one.side, "threshold": one.threshold.value,
    }  # fmt: skip
    rates = (
        ("hit_rate", one.judged.hit), ("false_alarm_rate", one.judged.false_alarm), ("precision_rate", one.judged.precision),
        ("fails_without_signal_rate", one.quiet), ("signalled_rate", one.judged.signalled), ("area", one.area),
    )  # fmt: skip
    for name, figure in rates:
        row |= {
            name: figure.value,
            f"{name}_error": figure.error,
            f"{name}_low": figure.low,
            f"{name}_high": figure.high,
        }
    return row | {
        "fails_later_rate": one.base, "lead_years": one.lead_median, "lead_years_low": one.lead_low,
        "lead_years_high": one.lead_high, "failures_ahead_share": one.ahead, "futures_at_risk": one.at_risk, "found": one.found,
    }  # fmt: skip
