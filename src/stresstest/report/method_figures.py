"""The figures of a future: what each outcome and each yearly figure is, with sums by the engine's own code.

A toy contract stands for the real one; the code that adds it up is the kernel's.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from .. import layout as L
from ..drivers.parameters import PARAMETERS
from ..kernel import measure as M
from ..results.schema import COLUMNS
from .markdown import table
from .method_worked import FIGURE, YEARLY, Entry, Worked, said

#: The toy contract behind the sums: two years, an annual payment and an improvement payment (£m), two indicators.
YEARS: tuple[dict[str, Any], ...] = (
    {
        "annual": 104.0,
        "improvement": 6.0,
        "agreed": 100.0,
        "cost": 113.0,
        "health": 50.0,
        "gaming": 0.0,
        "council": 0.5,
        "acute": 76.0,
        "expected": 80.0,
        "progress": (0.3, 0.5),
        "reported": 0.6,
        "reserve": 7.0,
    },
    {
        "annual": 105.0,
        "improvement": 5.0,
        "agreed": 102.0,
        "cost": 108.0,
        "health": 60.0,
        "gaming": 1.0,
        "council": 0.5,
        "acute": 79.0,
        "expected": 80.0,
        "progress": (0.5, 0.7),
        "reported": 0.8,
        "reserve": 9.0,
    },
)
RATES = {"money": 0.035, "health": 0.015, "hospital": 0.25}
GREEN_BOOK = "HM Treasury, Green Book: 3.5% a year for money, 1.5% for health"
ENDS = "how the contract ended, copied from the state in which the future stopped"
_WHY_END = "it is no sum: it is copied from the year and the cause in which the future ended"
_SPECIAL = {
    "provider_surplus_npv_gbp": ("Σ over years t = 0, 1, … of (1 + rate)^−t · (income − cost)",),
    "commissioner_exposure_npv_gbp": (
        "Σ (1 + rate)^−t · Σ over causes of what the commissioner pays beyond the agreed budget",
    ),
    "commissioner_exposure_gross_npv_gbp": (
        "Σ (1 + rate)^−t · Σ over causes of max(0, exposure of that year and cause)",
    ),
    "public_exposure_npv_gbp": ("net exposure + Σ (1 + rate)^−t · (other public payers + council + hospital)",),
    "hospital_exposure_npv_gbp": (
        "Σ (1 + rate)^−t · (fixed share · max(0, expected − actual acute) + paid − received)",
    ),
    "council_exposure_npv_gbp": ("Σ (1 + rate)^−t · (care shifted to the council + paid − received)",),
    "health_qaly_npv": ("Σ (1 + health rate)^−t · QALYs of year t",),
    "performance_npv_gbp": ("Σ (1 + rate)^−t · (income − annual payment − price variation)",),
    "gaming_cost_npv_gbp": ("Σ (1 + rate)^−t · cost of gaming",),
    "lowest_reserve_gbp": ("min over year ends of (reserve − what the owners have paid in)",),
    "mean_true_score": ("mean over the term of the mean over indicators of min(1, max(0, progress))",),
    "mean_reported_score": ("mean over the years in service of the score that was reported and paid on",),
}


_BY_YEAR = {
    "income_gbp": "what the clauses pay + deficit support, in service",
    "surplus_gbp": "income − cost",
    "cumulative_surplus_gbp": "Σ of surplus up to the year",
    "performance_gbp": "income − annual payment − price variation",
    "commissioner_exposure_gbp": "Σ over causes of what the commissioner pays beyond the agreed budget",
    "true_score": "mean over indicators of min(1, max(0, progress))",
}
#: Names of yearly figures in the summary, by column.
_SUMMED = {
    "cumulative_surplus_gbp": ("cumulative_surplus",),
    "commissioner_exposure_gbp": ("exposure_yearly",),
    "running": ("running",),
}


def _plain(function: Any) -> Any:
    """A compiled function as it is written, which runs at once and gives the same."""
    return getattr(function, "py_func", function)


@cache
def toy() -> tuple[dict[str, float], dict[str, list[float]]]:
    """Every outcome of the toy contract, and every yearly figure by year (£m), added up by the kernel's own code."""
    terms, years = 2, len(YEARS)
    out, yearly = np.zeros((len(L.OUTCOMES), 1)), np.zeros((len(L.YEARLY), years, 1))
    out[L.OUT["lowest_reserve_gbp"]] = 10.0
    d, s, p = np.zeros((len(L.DRIVERS), 1)), np.zeros((len(L.STATES), 1)), np.zeros(len(PARAMETERS))
    p[M.MONEY_RATE], p[M.HEALTH_RATE], p[M.FIXED_SHARE] = RATES["money"], RATES["health"], RATES["hospital"]
    payers, payees = np.full(terms, L.COMMISSIONER), np.full(terms, L.PROVIDER)
    causes, public = np.array([L.X_UPLIFT, L.X_IMPROVEMENT]), np.array([name in L.PUBLIC_BODIES for name in L.PARTIES])
    ledger = np.zeros((years, terms + len(L.SYSTEM_LINES), 1))
    x = np.zeros((len(L.EXPOSURE) + len(L.PUBLIC_SUMS), 1))
    for t, year in enumerate(YEARS):
        ledger[t, :terms, 0] = year["annual"], year["improvement"]
        for row, name in (
            (L.RECORD_AGREED, "agreed"),
            (L.PAID_ANNUAL, "annual"),
            (L.WORLD_COST, "cost"),
            (L.WORLD_HEALTH, "health"),
            (L.WORLD_GAMING_COST, "gaming"),
            (L.WORLD_SHIFTED_COUNCIL, "council"),
            (L.WORLD_ACUTE, "acute"),
            (L.RECORD_ACUTE_EXPECTED, "expected"),
            (L.PAID_SCORE, "reported"),
        ):
            d[row] = year[name]
        d[L.PAID_INCOME] = year["annual"] + year["improvement"]
        d[L.WORLD_PROGRESS : L.WORLD_PROGRESS + 2, 0] = year["progress"]
        s[L.S_RESERVE] = year["reserve"]
        deal = (np.zeros(0), payers, payees, causes, None, None, None, public)
        _plain(M.read_year)(out, x, np.ones(1), t, 1, deal, ledger, d, s, p, 2)
        _plain(M.list_year)(yearly, x, np.ones(1), t, 1, terms, ledger, d, s, 2)
    s[L.S_EXIT_YEAR] = -1.0
    _plain(M.finish)(out, s, 1, years)
    by_year = {name: [float(x) for x in yearly[k, :, 0]] for name, k in L.YEAR.items()}
    return {name: float(out[k, 0]) for name, k in L.OUT.items()}, by_year


def toy_text() -> list[str]:
    """The toy contract that the sums of this part are made on, as lines of Markdown."""
    rows = [(name, *(said(year[name]) for year in YEARS)) for name in YEARS[0]]
    rates = [f"{name} {said(value)}" for name, value in RATES.items()]
    told = (
        "Every sum below on a figure of a run is made on one toy contract of two years (£m and QALYs): a budget, an improvement "
        f"payment, two indicators. Discount rates and the hospital's fixed share: {', '.join(rates)}."
    )
    return [told, "", *table(("given", "year 1", "year 2"), rows)]


def _outcome(column: str) -> Worked:
    return Worked({}, {f"{column} of the toy contract": toy()[0][column]})


def _year(column: str) -> Worked:
    return Worked({}, {f"{column} of the toy contract, by year": toy()[1][column]})


def _cause(column: str) -> str:
    return f"exposure by {column.removeprefix('exposure_').removesuffix('_npv_gbp').replace('_', ' ')}"


def yearly_entries() -> list[Entry]:
    """One entry for each column of the yearly table."""
    return [
        Entry(
            one.name,
            YEARLY,
            one.description[:1].upper() + one.description[1:],
            "One number for each year of a future, not discounted.",
            (_BY_YEAR.get(one.name, f"{one.name.removesuffix('_gbp').replace('_', ' ')} of the year"),),
            "design of this engine",
            "kernel.measure:list_year",
            partial(_year, one.name),
            one.unit,
            columns=(one.name, *_SUMMED.get(one.name, ())),
        )
        for one in COLUMNS["years"]
        if one.name in L.YEAR
    ]


def figure_entries() -> list[Entry]:
    """One entry for each outcome column."""
    found = []
    for column in COLUMNS["outcomes"]:
        if column.name in L.OUT:
            formula = _SPECIAL.get(column.name) or (f"Σ (1 + rate)^−t · {_cause(column.name)} of the year",)
            found.append(
                Entry(
                    column.name,
                    FIGURE,
                    column.description[:1].upper() + column.description[1:],
                    "One number for each strategy, scenario and future.",
                    formula,
                    GREEN_BOOK + "; design of this engine",
                    "kernel.measure:read_year",
                    partial(_outcome, column.name),
                    column.unit,
                    columns=(column.name,),
                )
            )
    return [
        *found,
        *(
            Entry(
                name,
                FIGURE,
                title,
                ENDS[:1].upper() + ENDS[1:] + ".",
                (),
                "design of this engine",
                "kernel.measure:finish",
                why=_WHY_END,
                columns=(name,),
            )
            for name, title in (("exit_year", "Last year of service"), ("exit_cause", "Cause of an early end"))
        ),
    ]
