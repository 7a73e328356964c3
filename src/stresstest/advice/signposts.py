"""What should we watch, and when do we act?

Early signs of each failure by the end of years 1, 2, 3 and 5, among contracts that still run and have not failed: thresholds
chosen on half of the futures and judged on the other half, alone and together, against the base rate; and a pack to monitor
them by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ConfigError
from .failures import Failure
from .failures import failure as failure_of
from .result import Advice
from .signposts_pack import best_by_quantity, example_rows, pack_rows
from .signposts_single import WATCHED, Signpost, signpost_row, singles
from .signposts_together import BETTER, Together, card_row, part_rows, skill_rows, together
from .signposts_words import best_words, nothing_words, silence_words, timing_words, together_words
from .source import Source
from .watching import MOST, Watch, watch

__all__ = ["Signpost", "best_signposts", "signposts"]
QUESTION = "What should we watch, and when do we act?"
CAPTIONS = {
    "signposts": "Signposts, best first: each chosen on half of the futures and judged on the other half",
    "skill": "How well each way foretells, on futures that it was not fitted on, against saying the share that fails",
    "scorecards": "Scorecards: at least so many of these signposts",
    "at_risk": "Contracts still running and not failed at the end of each year, and the failures still ahead",
    "pack": "Monitoring pack: median of futures that go well, with 90% and 98% limits, trigger, false alarms and first step",
    "calibration": "Is a chance that is said the chance that comes? The model on all quantities, by tenths",
    "examples": "The best signpost's quantity in a typical future that fails and in one that holds",
}


def best_signposts(
    source: Source, failure: Failure | str, seen: Watch | None = None, inside: np.ndarray | None = None
) -> list[Signpost]:
    """The signposts of a failure that tell more than chance would, best first; none where nothing is found.

    `seen` what was read before; `inside` bool[n], a region: only failures inside it are to be foretold. Errors: DataError.
    """
    one = failure_of(source.study, failure) if isinstance(failure, str) else failure
    seen = watch(source, [one]) if seen is None else seen
    return [sign for sign in singles(seen, one.name, source.study.year_labels, inside) if sign.found]


def signposts(
    source: Source, failing: Sequence[Failure], jobs: int = 2, say: Callable[[str], None] = lambda _: None
) -> Advice:
    """Early signs of each failure, found and judged on a run's first futures (at most 65,536 of those with yearly rows).

    `jobs` is not needed here. Errors: ConfigError where no failure can be told apart; DataError for a run without yearly rows.
    """
    say("reading what can be seen year by year")
    seen, labels = watch(source, failing), source.study.year_labels
    found = {}
    for one in failing:
        say(f"signs of {one.name}")
        found[one.name] = singles(seen, one.name, labels)
    if not any(found.values()):
        raise ConfigError(
            "no failure can be foretold or not: " + " ".join(silence_words(one, seen) for one in failing), key="--failure",
            value=", ".join(one.name for one in failing), expected="a failure of some but not all futures, such as --failure "
            '"provider_surplus_npv_gbp < 0"',
        )  # fmt: skip
    joined = [
        both for name, signs in found.items() for year in WATCHED
        if (both := together(seen, name, year, [one for one in signs if one.year == year], labels[min(year, len(labels) - 1)]))
    ]  # fmt: skip
    return _advice(source, failing, seen, found, joined)


def _advice(
    source: Source, failing: Sequence[Failure], seen: Watch, found: dict[str, list[Signpost]], joined: list[Together]
) -> Advice:  # fmt: skip
    labels = source.study.year_labels
    skill = [row for one in joined for row in skill_rows(one, len(joined))]
    first = next((signs[0] for signs in found.values() if signs and signs[0].found), None)
    tables: dict[str, list[dict[str, Any]]] = {
        "signposts": [signpost_row(one) for signs in found.values() for one in signs], "skill": skill,
        "scorecards": [card_row(one) for one in joined],
        "at_risk": [row for one in failing for row in _risk_rows(seen, one.name, labels)],
        "pack": [row for name, signs in found.items() for row in pack_rows(seen, name, signs, labels)],
        "calibration": [row for one in joined for row in part_rows(one)],
        "examples": example_rows(seen, first, labels) if first else [],
    }  # fmt: skip
    return Advice(
        "signposts", QUESTION, "Signposts", _answer(failing, seen, found, joined, skill, labels), tables, CAPTIONS,
        _notes(seen, source, failing, found), source.basis, _facts(source, seen, found, first),
    )  # fmt: skip


def _risk_rows(seen: Watch, failure: str, labels: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    for year in (year for year in WATCHED if year < len(labels) - 1):
        risk = seen.at_risk(failure, year)
        share = float(np.average(seen.failed[failure][risk], weights=seen.weight[risk])) if risk.any() else None
        rows.append({"failure": failure, "year": labels[year], "futures": seen.n, "futures_at_risk": int(risk.sum()),
                     "fails_later_rate": share, "failures_ahead_share": seen.ahead(failure, year)})  # fmt: skip
    return rows


def _answer(
    failing: Sequence[Failure], seen: Watch, found: dict[str, list[Signpost]], joined: list[Together],
    skill: list[dict[str, Any]], labels: Sequence[str],
) -> list[str]:  # fmt: skip
    better = {
        (row["failure"], row["year"]) for row in skill if row["method"] != "best signpost" and row["verdict"] == BETTER
    }
    said: list[str] = []
    years = [year for year in WATCHED if year < len(labels) - 1]
    for one in failing:
        signs = found[one.name]
        if not signs:
            said.append(silence_words(one, seen))
            continue
        said += best_words(signs[0], seen) if signs[0].found else [nothing_words(one.name)]
        said.append(timing_words(seen, one.name, labels, years))
        both = [together for together in joined if together.failure == one.name and together.year == signs[0].year]
        said += [together_words(each, (each.failure, each.label) in better) for each in both]
    return said


def _notes(seen: Watch, source: Source, failing: Sequence[Failure], found: dict[str, list[Signpost]]) -> list[str]:
    notes = [
        f"{seen.n:,} of {source.futures:,} futures, the first; thresholds, scorecards and model were found on the even half "
        f"of them and "
        "every figure is from the odd half.",
        "A failure is foretold only among contracts that still run and have not failed by then. A walk-away counts as known "
        "once notice "
        "is given; lead time runs to the end of service. Quality, and any comparison of one's own, is settled when the provider "
        "leaves, as nothing can be done from then on, or else at the end of the term.",
        "Axes that nobody publishes (responsibility, control, technology) and true quality are not watched. Accounts are "
        "taken to be "
        "right: under gaming they may not be, and then the provider's own figures come later than here.",
        "Signposts are symptoms and not causes: acting on one changes what it foretells. See the playbook for what to do.",
        "False alarms: where nothing can be seen, a model fitted on one half was called better than the base rate on the "
        "other once in "
        "1,000 tables of chance.",
    ]
    if seen.n < min(source.futures, MOST):
        notes.append(f"The run kept {seen.n:,} futures year by year; more would narrow the intervals (years_futures).")
    notes += [silence_words(one, seen) for one in failing if not found[one.name]]
    return notes


def _facts(source: Source, seen: Watch, found: dict[str, list[Signpost]], first: Signpost | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "place": source.study.place.title, "futures": seen.n,
        "best": {name: [one.quantity for one in best_by_quantity(signs)] for name, signs in found.items() if signs},
    }  # fmt: skip
    return facts | (
        {"first": {"failure": first.failure, "quantity": first.quantity, "year": first.label}} if first else {}
    )
