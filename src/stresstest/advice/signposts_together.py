"""Signposts together: a scorecard of the best few, and a logistic model on all that is seen, each judged as a forecast.

scorecard   "at least k of the best m signposts of the year": m at most MOST_SIGNS, alike ones left out, m and k chosen on one
half logistic    log-odds linear in every quantity seen by then, fitted on the same half judged      on the other half, by Brier
score and log score against the share that fails (base rate) and against the logistic
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..methods.skill import Part, Skill, base_chance, calibration, fit_logistic, skill_against
from ..methods.thresholds import Area, Judged, area_under_curve, best_threshold, judge
from .signposts_single import SIGNIFICANT, Signpost, enough
from .watching import Watch

MOST_SIGNS = 5
#: Signposts whose quantities are correlated beyond this say the same thing.
ALIKE = 0.8
BETTER, NO_BETTER = "better than the base rate", "no better than the base rate"


@dataclass(frozen=True)
class Forecast:
    """A way to foretell a failure at the end of a year: what it says of the futures that judge, and how it does."""

    method: str
    chance: np.ndarray
    area: Area
    skill: Skill
    against_logistic: Skill | None = None
    judged: Judged | None = None


@dataclass(frozen=True)
class Together:
    """All forecasts of one failure at the end of one year; `signs` and `least` the scorecard's m signposts and its k.

    `base` is the share that fails of those at risk on the half that chooses, which every forecast is set against; `came` the
    share that fails of the `futures` at risk on the half that judges.
    """

    failure: str
    year: int
    label: str
    base: float
    came: float
    futures: int
    signs: tuple[Signpost, ...]
    least: int
    forecasts: tuple[Forecast, ...]
    parts: tuple[Part, ...]

    def of(self, method: str) -> Forecast:
        """The forecast by this method."""
        return next(one for one in self.forecasts if one.method == method)


def unlike(watch: Watch, signs: Sequence[Signpost], rows: np.ndarray) -> list[Signpost]:
    """The best signposts of a year that do not repeat each other, at most MOST_SIGNS."""
    kept: list[Signpost] = []
    for one in signs:
        values = watch.values[one.quantity][one.year][rows]
        others = [watch.values[known.quantity][known.year][rows] for known in kept]
        if values.std() > 0.0 and all(abs(float(np.corrcoef(values, other)[0, 1])) < ALIKE for other in others):
            kept.append(one)
        if len(kept) == MOST_SIGNS:
            break
    return kept


def counts_of(watch: Watch, signs: Sequence[Signpost], rows: np.ndarray) -> np.ndarray:
    """How many of the signposts give a signal in each of these futures, int64[rows]."""
    signals = [one.threshold.signal(watch.values[one.quantity][one.year][rows]) for one in signs]
    return np.asarray(np.sum(signals, axis=0, dtype=np.int64))


def by_count(counts: np.ndarray, failed: np.ndarray, weight: np.ndarray, most: int) -> np.ndarray:
    """Share that fails at each count of signals 0 … most, drawn to the share of all by one future's weight."""
    base = base_chance(failed, weight)
    prior = float(weight.mean())
    bad, all_of = np.bincount(counts, weight * failed, most + 1), np.bincount(counts, weight, most + 1)
    return np.asarray((bad + prior * base) / (all_of + prior))


def _scorecard(
    watch: Watch, signs: list[Signpost], first: np.ndarray, failed: np.ndarray
) -> tuple[list[Signpost], int, np.ndarray]:
    """(the m signposts, k, chance by count) with the largest hit less false-alarm rate on the half that chooses."""
    best: tuple[float, int, int] = (-1.0, 1, 1)
    for m in range(1, len(signs) + 1):
        found = best_threshold(counts_of(watch, signs[:m], first).astype(float), failed[first], watch.weight[first])
        if found is not None and found.above and found.youden > best[0] + 1e-12:
            best = found.youden, m, int(np.ceil(found.value))
    _, m, least = best
    counts = counts_of(watch, signs[:m], first)
    return signs[:m], least, by_count(counts, failed[first], watch.weight[first], m)


def together(watch: Watch, failure: str, year: int, signs: Sequence[Signpost], label: str) -> Together | None:
    """Scorecard and logistic model of a failure at the end of a year; None where too few futures are at risk."""
    failed, risk = watch.failed[failure], watch.at_risk(failure, year)
    if not signs or not enough(watch, failure, year, failed):
        return None
    first, rest = np.flatnonzero(risk & watch.first_half), np.flatnonzero(risk & ~watch.first_half)
    base = base_chance(failed[first], watch.weight[first])
    chosen, least, table = _scorecard(watch, unlike(watch, signs, first), first, failed)
    columns = np.stack([watch.values[name][year] for name in watch.names(year)], axis=1)
    model = fit_logistic(columns[first], failed[first], watch.weight[first])
    counts, logistic = counts_of(watch, chosen, rest), model.chance(columns[rest])
    alone = by_count(counts_of(watch, signs[:1], first), failed[first], watch.weight[first], 1)
    said = {
        "best signpost": alone[counts_of(watch, signs[:1], rest)],
        "scorecard": table[counts],
        "logistic model": logistic,
    }
    forecasts = tuple(_forecast(watch, rest, failed, name, chance, base, logistic) for name, chance in said.items())
    groups = None if watch.groups is None else watch.groups[rest]
    marked = judge(counts >= least, failed[rest], watch.weight[rest], groups)
    forecasts = tuple(replace(one, judged=marked) if one.method == "scorecard" else one for one in forecasts)
    parts = calibration(logistic, failed[rest], watch.weight[rest], groups)
    came = base_chance(failed[rest], watch.weight[rest])
    return Together(failure, year, label, base, came, int(rest.size), tuple(chosen), least, forecasts, tuple(parts))


def _forecast(
    watch: Watch, rows: np.ndarray, failed: np.ndarray, name: str, chance: np.ndarray, base: float, logistic: np.ndarray
) -> Forecast:  # fmt: skip
    weight, groups = watch.weight[rows], None if watch.groups is None else watch.groups[rows]
    against = None if name == "logistic model" else skill_against(chance, logistic, failed[rows], weight, groups)
    return Forecast(
        name, chance, area_under_curve(chance, failed[rows], weight, groups),
        skill_against(chance, base, failed[rows], weight, groups), against,
    )  # fmt: skip


def skill_rows(found: Together, tests: int) -> list[dict[str, object]]:
    """A row for each forecast, with its verdict at 5% after Bonferroni's correction for `tests` looks."""
    rows = []
    for one in found.forecasts:
        against = one.against_logistic
        better = one.skill.p_value * tests < SIGNIFICANT
        rows.append({
            "failure": found.failure, "year": found.label, "method": one.method, "futures": found.futures,
            "base_rate": found.base, "came_rate": found.came,
            "brier_skill": one.skill.skill, "brier_skill_error": one.skill.skill_error,
            "brier_skill_low": one.skill.skill_low, "brier_skill_high": one.skill.skill_high,
            "log_skill": one.skill.log_skill, "log_skill_error": one.skill.log_skill_error,
            "brier_score": one.skill.brier, "brier_score_error": one.skill.brier_error, "base_brier_score": one.skill.reference,
            "log_score": one.skill.log_score, "skill_against_logistic": against.skill if against else None,
            "skill_against_logistic_error": against.skill_error if against else None, "area": one.area.value,
            "area_error": one.area.error, "area_low": one.area.low, "area_high": one.area.high, "p_value": one.skill.p_value,
            "verdict": BETTER if better else NO_BETTER,
        })  # fmt: skip
    return rows


def part_rows(found: Together) -> list[dict[str, object]]:
    """The calibration of the logistic model: what was said and what came, part by part."""
    return [
        {"failure": found.failure, "year": found.label, "part": k + 1, "said_rate": part.said, "came_rate": part.came.value,
         "came_rate_error": part.came.error, "came_rate_low": part.came.low, "came_rate_high": part.came.high,
         "futures": part.futures}
        for k, part in enumerate(found.parts)
    ]  # fmt: skip


def card_row(found: Together) -> dict[str, object]:
    """The scorecard of a failure and year as a row: which signposts, how many of them, and how it does."""
    judged = found.of("scorecard").judged
    row: dict[str, object] = {
        "failure": found.failure, "year": found.label, "at_least": found.least, "of": len(found.signs),
        "words": "; ".join(f"{one.quantity.replace('_', ' ')} {one.limit_words}" for one in found.signs),
    }  # fmt: skip
    for name, figure in (("hit_rate", judged.hit), ("false_alarm_rate", judged.false_alarm),
                         ("precision_rate", judged.precision)) if judged else ():  # fmt: skip
        row |= {
            name: figure.value,
            f"{name}_error": figure.error,
            f"{name}_low": figure.low,
            f"{name}_high": figure.high,
        }
    return row
