"""The table of the fits: every number of the axes beside its fit, its standard error and what was done about it.

    taken     the configuration holds the fit (quality "fitted"), to its rounding
    kept      within two standard errors of the fit
    differs   further away, and kept for the reason that its source gives
    judged    no series, or too few points: nothing to fit

`apart` is |configured − fitted| in standard errors. Rows of the health funding chain stand at the end, for the lag of one
year that the chain has and without a lag.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ..layout import AXES
from .calibration import RECENT_YEARS, Record
from .calibration_fits import STRETCH, Estimate
from .calibration_share import Passage

APART = 2.0
FITTED = "fitted"
PARAMETERS = (
    "today", "mean", "sd", "start.earliest", "start.latest", "start.duration", "noise.sd", "noise.persistence", "noise.link",
)  # fmt: skip
CRISIS = ("crisis.probability", "crisis.size", "crisis.spread")
FUNDING = ("constant", "growth_link", "state_link", "noise")
PATHS = "round paths that the process could draw, every way of cutting the record averaged; surprises last like the noise"
Form = dict[str, Any]
Fits = dict[str, tuple[Estimate, str]]


def entry(form: Form, axis: str, parameter: str) -> tuple[float, str, str]:
    """(value, quality, source) of a number in the effective form of an axes file; its group's notes where it has none."""
    group, _, name = parameter.rpartition(".")
    around = form[axis][group] if group else {}
    own = (around if group else form[axis])[name]
    quality = own["quality"] if own["quality"] != "unstated" else around.get("quality", "unstated")
    return float(own["value"]), str(quality), str(own["source"] or around.get("source", ""))


def passage_of(form: Form, axis: str) -> Passage:
    """The passage of an axis as configured."""
    return Passage(*(entry(form, axis, f"start.{name}")[0] for name in ("earliest", "latest", "duration")))


def _economy(record: Record, base_year: int) -> Fits:
    fit, years = record.economy, record.growth.years
    span = f"{years[0]}–{years[-1]}"
    calm = f"calm years round the mean of their {STRETCH}-year stretch, {span}"
    known = min(base_year, int(years[-1]))
    return {
        "today": (
            record.today(base_year)[0],
            f"mean of the calm years among the {RECENT_YEARS} to {known}, less the allowance for crises",
        ),
        "mean": (fit.mean, f"mean of {span}, crises counted in; error from {STRETCH}-year averages"),
        "sd": (fit.level, f"spread of {STRETCH}-year averages beyond what noise and crises give them"),
        "noise.sd": (fit.noise, calm), "noise.persistence": (fit.persistence, f"{calm}; bias of the means taken out"),
        "crisis.probability": (fit.probability, f"episodes of falling output, each counted once, over the years {span}"),
        "crisis.size": (fit.size, "mean shortfall of an episode below the calm mean, rebound netted off"),
        "crisis.spread": (fit.spread, "sd of the shortfalls"),
    }  # fmt: skip


def _state(record: Record, base_year: int, passage: Passage) -> Fits:
    fit, first = record.state(passage), f"{STRETCH}-year averages"
    return {
        "today": (record.today(base_year)[1], f"the record's value for {base_year - 1}/{base_year % 100:02d}"),
        "mean": (record.mean_share, f"mean of the record; error from {first}"),
        "sd": (record.state_level(fit), f"spread of {first} beyond what noise and surprises give them"),
        "noise.sd": (fit.noise, PATHS), "noise.persistence": (fit.persistence, PATHS), "noise.link": (fit.link, PATHS),
    }  # fmt: skip


def _workforce(record: Record) -> Fits:
    points = record.vacancies
    spread = float(points.std(ddof=1))
    text = f"{points.size} points; no persistence and no link can be fitted to them"
    return {
        "mean": (Estimate(float(points.mean()), spread / points.size**0.5), text),
        "sd": (Estimate(spread, spread / (2.0 * (points.size - 1)) ** 0.5), f"{text}; noise counted in"),
    }


def _apart(value: float, fit: Estimate) -> float:
    """Distance from the fit in standard errors; NaN where there is no fit. A fit without error is met or is not."""
    if fit.error > 0.0:
        return abs(value - fit.value) / fit.error
    return math.nan if math.isnan(fit.value) else 0.0 if value == fit.value else math.inf


def _row(axis: str, parameter: str, fit: tuple[Estimate, str] | None, own: tuple[float, str, str]) -> Form:
    value, quality, source = own
    estimate, method = fit or (Estimate(math.nan, math.nan), f"not fitted: {source}")
    apart = _apart(value, estimate)
    verdict = "judged" if fit is None else "taken" if quality == FITTED else "kept" if apart <= APART else "differs"
    return {
        "axis": axis, "parameter": parameter, "fitted": estimate.value, "error": estimate.error, "configured": value,
        "apart": apart, "quality": quality, "verdict": verdict, "method": method, "source": source,
    }  # fmt: skip


def base_year_of(form: Form) -> int:
    """The year in which the base year of an axes file begins."""
    return int(str(form["base_year"])[:4])


def fitted_rows(data: Path, form: Form) -> list[Form]:
    """One row for every number of the axes: fitted value and error (NaN where judged), configured value, verdict, method.

    `form` is the effective form of an axes file, `data` the folder of the record.
    """
    record, base_year = Record(data), base_year_of(form)
    fits: dict[str, Fits] = {
        "economy": _economy(record, base_year), "state": _state(record, base_year, passage_of(form, "state")),
        "workforce": _workforce(record),
    }  # fmt: skip
    return [
        _row(axis, name, fits.get(axis, {}).get(name), entry(form, axis, name))
        for axis in AXES
        for name in (*PARAMETERS, *(CRISIS if axis == "economy" else ()))
    ]


def funding_rows(data: Path, place: Form) -> list[Form]:
    """The chain of health funding as fitted, with its lag of a year and without, beside the place's numbers."""
    record, rows = Record(data), []
    for lag, words in ((1, "a year later, as the chain has it"), (0, "in the same year")):
        coefficients, noise, explained = record.funding_fit(lag)
        method = f"real growth of public health spending on growth and the change of the share, {words}; R² {explained:.2f}"
        for name, estimate in zip(FUNDING, (*coefficients, noise), strict=True):
            own = place["funding"][name]
            row = _row("health funding", name, (estimate, method), (float(own["value"]), own["quality"], own["source"]))
            rows.append({**row, "lag_years": lag})
    return rows
