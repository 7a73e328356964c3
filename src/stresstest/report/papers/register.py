"""The assumptions register: one row for every number that went in, with what it means, where it is from and what it moves.

    quality   published: excellent · seed, fitted, derived: good · judgement, recalled, unstated, variant: poor
    impact    of moving the input from half to one and a half times its value, in the same futures (analysis `sensitivity`), or of
              the one change of the run's own table of swings: on the chance that losses end the contract, and on the mean net
              exposure as a share of a year's payment. A swing within two standard errors counts as none.
    risk      from quality and impact by the table RISK; an input that was not varied has no impact and is not rated

Settings of the run (seed, numbers of futures, effort of the search) are no assumptions and have neither.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..book import Book
from ..source import ERRORS_APART, real
from ..tracing import TableRow
from . import CHANCE, DATE, NUMBER, POUNDS, TEXT, WHOLE, Column, Paper, paper
from .register_inputs import known_inputs
from .register_words import meaning

NAME, QUALITIES = "register", "register_quality"
EXCELLENT, GOOD, POOR = "excellent", "good", "poor"
LOW, MEDIUM, HIGH = "low", "medium", "high"
NOT_VARIED, NOT_RATED, SETTING = "not varied", "not rated", "setting"
QUALITY_OF = {
    "published": EXCELLENT, "seed": GOOD, "fitted": GOOD, "derived": GOOD, "judgement": POOR, "recalled": POOR,
    "unstated": POOR, "variant": POOR,
}  # fmt: skip
#: Risk by quality and impact.
RISK = {
    (EXCELLENT, LOW): LOW, (EXCELLENT, MEDIUM): LOW, (EXCELLENT, HIGH): MEDIUM,
    (GOOD, LOW): LOW, (GOOD, MEDIUM): MEDIUM, (GOOD, HIGH): HIGH,
    (POOR, LOW): MEDIUM, (POOR, MEDIUM): HIGH, (POOR, HIGH): HIGH,
}  # fmt: skip
#: From which swing on an impact is medium or high: of the chance that losses end it, and of exposure over a year's payment.
MEDIUM_FROM, HIGH_FROM = (0.02, 0.05), (0.10, 0.25)
SETTINGS = ("study.seed", "study.futures", "study.scenario_futures", "study.years_futures", "study.design.", "study.search.")
COLUMNS = (
    Column("id", "Id", TEXT, "stable: A- and the first six hexadecimal digits of the SHA-256 of the key (more where two agree)"),
    Column("key", "Key", TEXT, "where the input stands in the effective configuration"),
    Column("statement", "What it is", TEXT, "meaning of the input"),
    Column("value", "Value", NUMBER, "as it was set; several numbers as words"),
    Column("unit", "Unit", TEXT, "unit of the value"),
    Column("source", "Source", TEXT, "where the value comes from"),
    Column("mark", "Quality mark", TEXT, "mark in the file: published, derived, fitted, judgement …; setting: no assumption"),
    Column("quality", "Quality", TEXT, "excellent, good or poor, by the mark"),
    Column("owner", "Owner", TEXT, "who keeps it, by the assurance record"),
    Column("made", "Set on", DATE, "when the value was set, by the assurance record"),
    Column("as_of", "As of", TEXT, "date to which the value belongs, where the file says"),
    Column("measured_by", "Impact measured by", TEXT, "sensitivity, swings, or not varied"),
    Column("losses_swing", "Swing: losses end it", CHANCE, "change of the chance that losses end the contract, over the move"),
    Column("losses_swing_error", "Error", CHANCE, "standard error of that change"),
    Column("exposure_swing_gbp", "Swing: net exposure", POUNDS, "change of the commissioner's mean net exposure over the move"),
    Column("exposure_swing_error_gbp", "Error", POUNDS, "standard error of that change"),
    Column("impact", "Impact", TEXT, "low, medium, high, or not varied"),
    Column("risk", "Risk", TEXT, "low, medium or high by quality and impact, or not rated"),
    Column("signed_off_by", "Signed off by", TEXT, "approver, else assurer, who signed this run"),
    Column("signed_off_on", "Signed off on", DATE, "date of that signature"),
    Column("review_by", "Review by", DATE, "when inputs are to be looked at again, by the assurance record"),
)  # fmt: skip


def register(book: Book) -> Paper:
    """The register of a book, made once. Rows stand in the order of the files."""
    if NAME not in book.papers:
        moved, inputs = swings(book), known_inputs(book.source)
        names, kinds, year = ids(inputs), _kinds(book), yearly_payment(inputs)
        rows = [_row(book, key, one, names[key], kinds, moved.get(key, {}), year) for key, one in inputs.items()]
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
def _row(
    book: Book, key: str, one: dict[str, Any], name: str, kinds: dict[str, str], moved: dict[str, Any], year: float
) -> dict[str, Any]:
    setting = is_setting(key)
    mark = SETTING if setting else str(one["quality"] or "unstated")
    quality = "" if setting else QUALITY_OF.get(mark, POOR)
    impact = "" if setting else impact_of(moved, year)
    record, signed = book.assurance, book.assurance.signed_off
    return {
        "id": name, "key": key, "statement": meaning(key, kinds), "value": one["value"], "unit": one["unit"],
        "source": one["source"], "mark": mark, "quality": quality, "owner": record.owner(key), "made": record.made_on(key),
        "as_of": one.get("date", ""), "measured_by": moved.get("measured_by", "" if setting else NOT_VARIED), **moved,
        "impact": impact, "risk": "" if setting else RISK.get((quality, impact), NOT_RATED),
        "signed_off_by": signed.name if signed else "", "signed_off_on": signed.date if signed else "",
        "review_by": record.review_by,
    }  # fmt: skip


def impact_of(moved: dict[str, Any], year: float) -> str:
    """low, medium or high by the larger of the two swings; "not varied" where there is none."""
    if not moved:
        return NOT_VARIED
    losses = _clear(moved["losses_swing"], moved["losses_swing_error"])
    money = _clear(moved["exposure_swing_gbp"], moved["exposure_swing_error_gbp"]) / year if year > 0.0 else 0.0
    for word, (least, least_money) in ((HIGH, HIGH_FROM), (MEDIUM, MEDIUM_FROM)):
        if losses >= least or money >= least_money:
            return word
    return LOW


def _clear(swing: float, error: float) -> float:
    """The size of a swing, 0 where noise may have made it."""
    return abs(swing) if abs(swing) > ERRORS_APART * real(error, 0.0) else 0.0


def swings(book: Book) -> dict[str, dict[str, Any]]:
    """What moving each input does, by key: as the analysis has it, else as the run's own table of swings has it."""
    found: dict[str, dict[str, Any]] = {}
    for row in book.source.rows("swings"):
        found[str(row["key"])] = {
            "measured_by": "swings",
            "losses_swing": row["exit_losses_changed"] - row["exit_losses_base"], "losses_swing_error": row["exit_losses_error"],
            "exposure_swing_gbp": row["exposure_changed_gbp"] - row["exposure_base_gbp"],
            "exposure_swing_error_gbp": row["exposure_error_gbp"],
        }  # fmt: skip
    analysis = book.advice("sensitivity")
    for row in analysis.rows("inputs") if analysis else ():
        found[str(row["key"])] = {
            "measured_by": "sensitivity",
            "losses_swing": row["swing_walks_away_probability"], "losses_swing_error": row["swing_walks_away_probability_error"],
            "exposure_swing_gbp": row["swing_exposure_gbp"], "exposure_swing_error_gbp": row["swing_exposure_error_gbp"],
        }  # fmt: skip
    return found
