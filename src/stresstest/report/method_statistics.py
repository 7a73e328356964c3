"""Statistics over futures, headline measures and hurdles: what each is, with sums by the engine's own code on a toy run."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from .. import layout as L
from ..config.load import load_study
from ..measures import intervals
from ..measures.designs import Design
from ..measures.estimates import QUANTILES, TAILS, Wanted, estimate
from ..measures.failures import failures, limit_of
from ..measures.headline import MEASURES, of_arrays
from ..measures.probabilities import probabilities
from ..measures.stream import Column
from .markdown import table
from .method_worked import HEADLINE, HURDLE, STATISTIC, Entry, Worked, said

STUDY = "dudley"
#: Chances of an end, of the summary: what they count.
ENDINGS = {
    "exit": ("Early end", "the contract ends before its term, by any cause"),
    "exit_losses": ("End by losses", "it ends early by a cause that costs the provider"),
    "exit_policy": ("End by policy", "a break of national policy ends it"),
    "ran_its_term": ("Ran its term", "it does not end early"),
    "exit_cause:CAUSE": ("End by one cause", "it ends early by the cause that is named"),
}

#: Twenty futures: a run of losses and gains with a long lower tail (£m).
TWENTY = (
    -60.0,
    -31.0,
    -18.0,
    -11.0,
    -8.0,
    -5.0,
    -3.0,
    -1.0,
    0.0,
    2.0,
    3.0,
    5.0,
    6.0,
    8.0,
    9.0,
    11.0,
    13.0,
    16.0,
    20.0,
    27.0,
)


def _statistic(*wanted: Wanted) -> Worked:
    found = estimate(Column.of(np.array(TWENTY)), list(wanted))
    shown: dict[str, Any] = {}
    for one in found:
        shown |= {
            one.statistic: one.value,
            f"standard error of {one.statistic}": one.error,
            f"95% interval of {one.statistic}": (one.low, one.high),
        }
    return Worked({"20 futures of equal weight": TWENTY}, shown)


def _wilson() -> Worked:
    return Worked({"share": 0.25, "independent futures": 20}, {"95% interval": intervals.wilson(0.25, 20.0)})


def _orders() -> Worked:
    ranks = intervals.order_statistics(100, 0.5)
    return Worked(
        {"futures": 100, "quantile": 0.5},
        {"ranks that hold it": ranks},
        "With 95% confidence the median lies between the futures of these ranks.",
    )


ESTIMATE = "measures.estimates:estimate"
#: Mean, spread, quantiles, tails, chances, and their intervals.
STATISTICS: tuple[Entry, ...] = (
    Entry(
        "mean",
        STATISTIC,
        "Mean",
        "The weighted mean over futures; future 0 is left out.",
        ("Σ w x / Σ w",),
        "Owen 2013, chapter 2",
        ESTIMATE,
        lambda: _statistic(Wanted("mean")),
        columns=("mean",),
    ),
    Entry(
        "sd",
        STATISTIC,
        "Standard deviation",
        "How far futures spread.",
        ("√(Σ w (x − mean)² / Σ w)",),
        "Owen 2013, section 2.7",
        ESTIMATE,
        lambda: _statistic(Wanted("sd")),
        columns=("sd",),
    ),
    Entry(
        "quantile",
        STATISTIC,
        "Quantile",
        "The smallest value up to which at least a share p of the weight lies: p50 is the "
        "median, p10 to p90 the 80% interval of outcomes.",
        ("min { x : Σ w 1[xᵢ ≤ x] ≥ p Σ w }",),
        "Woodruff 1952; Hahn and Meeker 1991",
        ESTIMATE,
        lambda: _statistic(Wanted("quantile", 0.5)),
        columns=tuple(Wanted("quantile", p).name for p in QUANTILES),
    ),
    Entry(
        "cte",
        STATISTIC,
        "Conditional tail expectation",
        "The mean of the worst 5% (1%) of futures, the future on the edge "
        "counted in part; also called expected shortfall. The sum takes the worst quarter.",
        ("q + mean of (x − q)⁺ / (1 − p), q the p-quantile",),
        "Chen 2008; Hong, Hu and Liu 2014",
        ESTIMATE,
        lambda: _statistic(Wanted("cte", 0.75, False)),
        columns=tuple(Wanted("cte", p).name for p in TAILS),
    ),
    Entry(
        "probability_negative",
        STATISTIC,
        "Chance of a loss",
        "The share of the weight below nothing.",
        ("Σ w 1[x < 0] / Σ w",),
        "Wilson 1927",
        ESTIMATE,
        lambda: _statistic(Wanted("negative")),
        "probability",
        columns=("probability_negative",),
    ),
    Entry(
        "wilson",
        STATISTIC,
        "Interval of a probability",
        "Wilson's score interval, never of no width.",
        ("(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)",),
        "Wilson 1927; BrESTIMATE, Cai and DasGupta 2001",
        "measures.intervals:wilson",
        _wilson,
        "probability",
    ),
    Entry(
        "order_statistics",
        STATISTIC,
        "Interval of a quantile",
        "Two futures, counted from the smallest, that hold the quantile between them.",
        ("P(lower one above it) ≤ 2.5%, P(upper one below it) ≤ 2.5%, by the binomial law",),
        "Hahn and Meeker 1991, chapter 5",
        "measures.intervals:order_statistics",
        _orders,
        "rank",
    ),
    Entry(
        "central",
        STATISTIC,
        "Central case",
        "The value in future 0, in which every chance takes its middle. It is no "
        "expectation and belongs to no probability.",
        (),
        "design of this engine",
        "measures.estimates:describe",
        why="it is one future's own number, read and not computed",
        columns=("central",),
    ),
)


def statistic_entries() -> list[Entry]:
    """Mean, spread, quantiles, tails, chances, and their intervals."""
    return list(STATISTICS)


def _ending(name: str) -> Worked:
    ends = Column.of(
        np.array(
            [-1.0, -1.0, len(L.EXIT_CAUSES) * 3.0 + L.EXIT_POLICY, len(L.EXIT_CAUSES) * 5.0 + L.EXIT_FIRST_ADVERSE]
        )
    )
    events = {
        "exit": lambda x: x >= 0.0,
        "ran_its_term": lambda x: x < 0.0,
        "exit_policy": lambda x: (x >= 0.0) & (x % len(L.EXIT_CAUSES) == L.EXIT_POLICY),
        "exit_losses": lambda x: (x >= 0.0) & (x % len(L.EXIT_CAUSES) >= L.EXIT_FIRST_ADVERSE),
        "exit_cause:CAUSE": lambda x: (x >= 0.0) & (x % len(L.EXIT_CAUSES) == L.EXIT_FIRST_ADVERSE),
    }
    (found,) = probabilities(ends, [events[name]])
    given = ("none", "none", "policy break in year 4", f"{L.EXIT_CAUSES[L.EXIT_FIRST_ADVERSE]} in year 6")
    return Worked(
        {"how four futures end": given}, {"probability": found.value, "95% interval": (found.low, found.high)}
    )


def ending_entries() -> list[Entry]:
    """Chances of an end, whole and by year."""
    return [
        Entry(
            name,
            STATISTIC,
            title,
            f"The chance that {words}; by year, up to the end of that year.",
            ("Σ w 1[event] / Σ w",),
            "Wilson 1927",
            "measures.probabilities:probabilities",
            partial(_ending, name),
            "probability",
            columns=(name,),
        )
        for name, (title, words) in ENDINGS.items()
    ]


_STATISTIC_SOURCE = {
    "mean": "Owen 2013, chapter 2",
    "quantile": "Woodruff 1952; Hahn and Meeker 1991",
    "event": "Wilson 1927",
    "cte": "Chen 2008; Hong, Hu and Liu 2014",
}


def _toy_run() -> np.ndarray:
    """out[OUTCOMES, 20]: surplus as TWENTY, exposures twice the loss, health in even steps, the four worst end early."""
    out, values = np.zeros((len(L.OUTCOMES), len(TWENTY))), np.array(TWENTY)
    out[L.OUT["provider_surplus_npv_gbp"]] = values
    for name in ("commissioner_exposure_npv_gbp", "public_exposure_npv_gbp"):
        out[L.OUT[name]] = -2.0 * values
    out[L.OUT["health_qaly_npv"]] = np.arange(len(TWENTY)) * 10.0
    out[L.OUT["exit_cause_code"], :4] = L.EXIT_POLICY, L.EXIT_FIRST_ADVERSE, L.EXIT_FIRST_ADVERSE, L.EXIT_FIRST_ADVERSE
    return out


def run_text() -> list[str]:
    """The twenty futures that the sums of this part are made on, as lines of Markdown."""
    out = _toy_run()
    shown = [
        (name, said(out[L.OUT[name]]))
        for name in dict.fromkeys(one.column for one in MEASURES.values())
        if "code" not in name
    ]
    ends = [L.EXIT_CAUSES[int(code)] for code in out[L.OUT["exit_cause_code"]]]
    return [
        "Every sum below on a headline measure is made on one toy run of twenty futures.",
        "",
        *table(("column", "20 futures"), [*shown, ("exit_cause", said(ends))]),
    ]


def _headline(name: str) -> Worked:
    out, n = _toy_run(), len(TWENTY)
    found = of_arrays(name, out, np.ones(n), np.zeros(n, dtype=np.int64), Design())
    return Worked({}, {name: found.value, "standard error": found.error, "95% interval": (found.low, found.high)})


def headline_entries() -> list[Entry]:
    """The measures to which `--until` may ask for a precision."""
    return [
        Entry(
            one.name,
            HEADLINE,
            one.words[:1].upper() + one.words[1:],
            f"A statistic of the column `{one.column.replace('_code', '')}` over all futures of a scenario.",
            (
                f"{one.wanted.name} of {one.column}"
                if isinstance(one.wanted, Wanted)
                else f"Σ w 1[event on {one.column}] / Σ w",
            ),
            _STATISTIC_SOURCE[one.wanted.kind if isinstance(one.wanted, Wanted) else "event"],
            "measures.headline:of_arrays",
            partial(_headline, one.name),
            one.unit,
            columns=(one.name,),
        )
        for one in MEASURES.values()
    ]


@cache
def _study() -> Any:
    return load_study(STUDY)


def _hurdle(name: str) -> Worked:
    study = _study()
    one = next(failure for failure in failures(study) if failure.name == name)
    if name == "walks_away":
        causes = [L.EXIT_NONE, L.EXIT_POLICY, L.EXIT_FIRST_ADVERSE]
        found = one.failing({"exit_cause_code": np.array(causes)})
        return Worked({"how three futures end": [L.EXIT_CAUSES[code] for code in causes]}, {"fails": list(found)})
    limit = limit_of(study, name)
    values = np.array([0.5, 1.0, 1.5]) * limit
    found = one.failing({one.needs[0]: values})
    return Worked(
        {"limit": limit, f"{one.needs[0]} of three futures": values},
        {"fails": list(found)},
        f"At the hurdle of the shipped study `{STUDY}`; exactly at the limit is no failure.",
    )


def hurdle_entries() -> list[Entry]:
    """What failing means, party by party."""
    study = _study()
    own = {name: quantity.source for name, quantity in study.hurdles.items()}
    return [
        Entry(
            one.name,
            HURDLE,
            f"Hurdle: {one.name.replace('_', ' ')} ({one.party})",
            one.words[:1].upper() + one.words[1:] + ".",
            (
                f"1[{one.needs[0]} {'<' if one.name == 'quality_floor' else '>'} limit]"
                if one.name != "walks_away"
                else "1[the cause of the end is one that costs the provider]",
            ),
            own.get(one.name, "design of this engine: a loss is whatever ends it but a break of policy"),
            "measures.failures:failures",
            partial(_hurdle, one.name),
            "yes or no",
            columns=(one.name,),
        )
        for one in failures(study)
    ]
