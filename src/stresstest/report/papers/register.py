"""The assumptions register: one row for every number that went in, with what it means, where it is from and what it moves.

    quality   published: excellent · seed, fitted, derived: good · judgement, chosen, recalled, unstated, variant: poor. The level
              of an axis is chosen: somebody published the scenario, and that the axis goes there is nobody's finding.
    impact    (measures.impact) of moving the input from half to one and a half times its value, in the same futures (analysis
              `sensitivity`); without that analysis, of the one change of the run's own table of swings. The two are never mixed.
    risk      from quality and impact; an input that was not varied has no impact and is not rated

Settings of the run (seed, numbers of futures, effort of the search) are no assumptions and have neither.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ...measures.impact import (
    EXCELLENT,
    GOOD,
    HIGH_FROM,
    MEDIUM_FROM,
    NOT_VARIED,
    POOR,
    impact_of,
    risk_of,
    single_change,
)
from ..book import Book
from ..source import real
from ..tracing import TableRow
from . import CHANCE, DATE, NUMBER, POUNDS, TEXT, WHOLE, Column, Paper, paper
from .register_dates import IN_FILE, NOT_RECORDED, OF_SOURCE, as_of
from .register_inputs import known_inputs
from .register_why import why_not
from .register_words import meaning

NAME, QUALITIES = "register", "register_quality"
SETTING, CHOSEN = "setting", "chosen"
#: By what impact was measured: the analysis, or the run's own table of single changes.
SENSITIVITY, SWINGS = "sensitivity", "swings"
QUALITY_OF = {
    "published": EXCELLENT, "seed": GOOD, "fitted": GOOD, "derived": GOOD, "judgement": POOR, CHOSEN: POOR, "recalled": POOR,
    "unstated": POOR, "variant": POOR,
}  # fmt: skip
SETTINGS = ("study.seed", "study.futures", "study.scenario_futures", "study.years_futures", "study.design.", "study.search.")
COLUMNS = (
    Column("id", "Id", TEXT, "stable: A- and the first six hexadecimal digits of the SHA-256 of the key (more where two agree)"),
    Column("key", "Key", TEXT, "where the input stands in the effective configuration"),
    Column("statement", "What it is", TEXT, "meaning of the input"),
    Column("value", "Value", NUMBER, "as it was set; several numbers as words"),
    Column("unit", "Unit", TEXT, "unit of the value"),
    Column("source", "Source", TEXT, "where the value comes from"),
    Column("mark", "Quality mark", TEXT, "mark in the file: published, derived, fitted, judgement …; chosen: level of an axis; "
                                           "setting: no assumption"),
    Column("quality", "Quality", TEXT, "excellent, good or poor, by the mark"),
    Column("owner", "Owner", TEXT, "who keeps it, by the assurance record"),
    Column("made", "Set on", DATE, "when the value was set, by the assurance record"),
    Column("as_of", "As of", TEXT, f"day or year to which the value or its source belongs, or {NOT_RECORDED}"),
    Column("as_of_by", "As of, by", TEXT, f"{IN_FILE}, or {OF_SOURCE}"),
    Column("measured_by", "Impact measured by", TEXT, f"{SENSITIVITY}, {SWINGS}, or {NOT_VARIED}"),
    Column("why_not_varied", "Why not varied", TEXT, "why no impact was measured"),
    Column("losses_swing", "Swing: losses end it", CHANCE,
           "change of the chance that losses end the contract, from half to one and a half times the value"),
    Column("losses_swing_error", "Swing: losses end it, error", CHANCE, "standard error of that swing"),
    Column("exposure_swing_gbp", "Swing: net exposure", POUNDS, "change of the commissioner's mean net exposure over that move"),
    Column("exposure_swing_error_gbp", "Swing: net exposure, error", POUNDS, "standard error of that swing"),
    Column("losses_change", "Single change: losses end it", CHANCE,
           "change of that chance by the one change of the input in summary/swings.csv"),
    Column("losses_change_error", "Single change: losses end it, error", CHANCE, "standard error of that change"),
    Column("exposure_change_gbp", "Single change: net exposure", POUNDS, "change of mean net exposure by that one change"),
    Column("exposure_change_error_gbp", "Single change: net exposure, error", POUNDS, "standard error of that change"),
    Column("impact", "Impact", TEXT, "low, medium, high, or not varied"),
    Column("risk", "Risk", TEXT, "low, medium or high by quality and impact, or not rated"),
    Column("signed_off_by", "Signed off by", TEXT, "approver, else assurer, who signed this run"),
    Column("signed_off_on", "Signed off on", DATE, "date of that signature"),
    Column("review_by", "Review by", DATE, "when inputs are to be looked at again, by the assurance record"),
)  # fmt: skip


def register(book: Book) -> Paper:
    """The register of a book, made once. Rows stand in the order of the files."""
    if NAME not in book.papers:
        inputs = known_inputs(book.source)
        moved, by = swings(book), measured_by(book)
        names, kinds, year = ids(inputs), _kinds(book), yearly_payment(inputs)
        rows = [
            {"id": names[key], "key": key, "statement": meaning(key, kinds), **_row(book, key, one),
             **_moved(key, one, moved.get(key, {}), by, year)}
            for key, one in inputs.items()
        ]  # fmt: skip
        for row in rows:
            row["risk"] = "" if row["mark"] == SETTING else risk_of(str(row["quality"]), str(row["impact"]))
        notes = (f"Impact is medium from {MEDIUM_FROM[0]:.0%} or {MEDIUM_FROM[1]:.0%} of a year's payment on, high from "
                 f"{HIGH_FROM[0]:.0%} or {HIGH_FROM[1]:.0%} on.",)  # fmt: skip
        source = "summary/assumptions.csv, config.effective.toml, advice/sensitivity/inputs.csv, summary/swings.csv"
        book.add(paper(NAME, "Assumptions register", COLUMNS, rows, source, notes))
    return book.papers[NAME]


def qualities(book: Book) -> Paper:
    """How many inputs there are of each mark; the last row holds all, settings of the run apart."""
    if QUALITIES not in book.papers:
        marks = [str(row["mark"]) for row in register(book).rows if row["mark"] != SETTING]
        order = [*QUALITY_OF, *sorted(set(marks) - set(QUALITY_OF))]
        rows = [
            {"mark": mark, "quality": QUALITY_OF.get(mark, POOR), "inputs": marks.count(mark)} for mark in order if mark in marks
        ]
        columns = (
            Column("mark", "Mark", TEXT, "quality mark of the files"), Column("quality", "Quality", TEXT, "what it counts as"),
            Column("inputs", "Inputs", WHOLE, "inputs of this mark"),
        )  # fmt: skip
        all_of_them = {"mark": "all", "quality": "", "inputs": len(marks)}
        book.add(paper(QUALITIES, "Inputs by quality", columns, [*rows, all_of_them], "the assumptions register"))
    return book.papers[QUALITIES]


def input_row(book: Book, key: str) -> TableRow | None:
    """The register's row of an input, whose cells can be cited; None where the run has no such input."""
    return next((row for row in register(book).rows if row["key"] == key), None)


def ids(keys: Iterable[str]) -> dict[str, str]:
    """An id for each key that no other key of the register has and that another register gives it too."""
    hashes = {key: hashlib.sha256(key.encode()).hexdigest() for key in keys}
    short = Counter(digest[:6] for digest in hashes.values())
    return {key: f"A-{digest[: 6 if short[digest[:6]] == 1 else 12]}" for key, digest in hashes.items()}


def is_setting(key: str) -> bool:
    """Whether a number says how the run is made, and nothing of the world or the contract."""
    return key.startswith(SETTINGS) or (key.startswith("scenarios.") and key.endswith(".futures"))


def _kinds(book: Book) -> dict[str, str]:
    """Kind of each clause by its id, as keys of the register name it."""
    terms = book.source.setting("contract", "terms") or []
    return {str(term.get("id") or term.get("kind")): str(term.get("kind")) for term in terms if isinstance(term, dict)}


def yearly_payment(inputs: dict[str, dict[str, Any]]) -> float:
    """The annual payment's opening price (£), NaN where the contract has none."""
    found = [one["value"] for key, one in inputs.items() if key.startswith("contract.terms[") and key.endswith("].opening_price")]
    return next((float(value) for value in found if isinstance(value, float)), float("nan"))


# ── one row ────────────────────────────────────────────────────────────────────────────────────────────────────────
def mark_of(key: str, one: dict[str, Any]) -> str:
    """The mark that counts: that of the file, but for settings and for levels of an axis, which are choices."""
    if is_setting(key):
        return SETTING
    mark = str(one["quality"] or "unstated")
    return CHOSEN if key.startswith("axes.") and ".levels." in key and QUALITY_OF.get(mark, POOR) != POOR else mark


def _row(book: Book, key: str, one: dict[str, Any]) -> dict[str, Any]:
    """What an input is, where it is from, and who answers for it."""
    mark = mark_of(key, one)
    day, by = ("", "") if mark == SETTING else as_of(one, mark)
    record, signed = book.assurance, book.assurance.signed_off
    return {
        "value": one["value"], "unit": one["unit"], "source": one["source"], "mark": mark,
        "quality": "" if mark == SETTING else QUALITY_OF.get(mark, POOR), "owner": record.owner(key),
        "made": record.made_on(key), "as_of": day, "as_of_by": by,
        "signed_off_by": signed.name if signed else "", "signed_off_on": signed.date if signed else "",
        "review_by": record.review_by,
    }  # fmt: skip


def _moved(key: str, one: dict[str, Any], moved: dict[str, Any], by: str, year: float) -> dict[str, Any]:
    """What moving an input did, and the impact that this is; why it was not moved where it was not."""
    if is_setting(key):
        return {"impact": "", "measured_by": "", **moved}
    losses, money = ("losses_swing", "exposure_swing") if by == SENSITIVITY else ("losses_change", "exposure_change")
    if losses not in moved:
        return {"impact": NOT_VARIED, "measured_by": NOT_VARIED, "why_not_varied": why_not(key, one, by == SENSITIVITY), **moved}
    chance = moved[losses], real(moved[f"{losses}_error"], 0.0)
    pounds = moved[f"{money}_gbp"], real(moved[f"{money}_error_gbp"], 0.0)
    return {"impact": impact_of(chance, pounds, year), "measured_by": by, **moved}


def measured_by(book: Book) -> str:
    """By what impact is measured in a run: by the analysis where it has been made, else by the run's own table."""
    return SENSITIVITY if book.advice("sensitivity") is not None else SWINGS


def swings(book: Book) -> dict[str, dict[str, Any]]:
    """What moving each input does, by key: as the analysis has it, and as the run's own table of single changes has it."""
    found: dict[str, dict[str, Any]] = {str(row["key"]): dict(single_change(row)) for row in book.source.rows("swings")}
    analysis = book.advice("sensitivity")
    for row in analysis.rows("inputs") if analysis else ():
        found.setdefault(str(row["key"]), {}).update({
            "losses_swing": row["swing_walks_away_probability"], "losses_swing_error": row["swing_walks_away_probability_error"],
            "exposure_swing_gbp": row["swing_exposure_gbp"], "exposure_swing_error_gbp": row["swing_exposure_error_gbp"],
        })  # fmt: skip
    return found


__all__ = [
    "CHOSEN", "HIGH_FROM", "MEDIUM_FROM", "NOT_VARIED", "POOR", "SENSITIVITY", "SETTING", "SWINGS", "ids", "input_row",
    "is_setting", "mark_of", "measured_by", "qualities", "register", "swings", "yearly_payment",
]  # fmt: skip
