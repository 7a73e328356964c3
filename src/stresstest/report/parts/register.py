"""Section of the report: assumptions with what each moves, decisions, data."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..certainty import error_said
from ..document import Block, Fold, Grid, Section, Text, Under
from ..papers import FOLDER
from ..papers.data_log import data_log
from ..papers.decisions import decisions
from ..papers.register import (
    HIGH_FROM,
    MEDIUM_FROM,
    NOT_VARIED,
    SETTING,
    qualities,
    register,
)
from ..papers.register_inputs import orphans
from ..source import real
from ..table import Table
from ..tracing import TableRow

MOST = 20
#: Words for the impact of an input that nobody moved.
UNMOVED = "–"
#: From here on a limit means that there is none; below TINY a number is written without an exponent.
NOT_USED, TINY = 1e18, 1e-3
MEASURED = (
    "Impact is measured: each judged or derived parameter was moved alone from half to one and a half times its value, in the "
    "same futures."
)
SINGLE = "Impact is that of the single change of the run’s own table of swings."
DATA = (
    "Tables of public data, with the day by which someone should look for a newer vintage (sunset). Those that the "
    "simulation does not read were used to fit the laws, or are the record that futures are set beside. Checksums are in "
    "the file."
)


def section(book: Book) -> Section | None:
    """Register, decisions and data of every run."""
    blocks: list[Block] = [Text(quality_words(book)), Text(impact_words(book)), *_orphans(book)]
    moved = ranked(book)
    if moved:
        blocks.append(Grid(main_table(book, moved[:MOST]), f"{FOLDER}/register.csv"))
    blocks.append(Fold("The whole register: every number that went in", [
        Text("Where no owner is named, the assurance record names none.", "sub"),
        Grid(whole_table(book), f"{FOLDER}/register.csv"),
    ]))  # fmt: skip
    blocks += [Under("Decisions", _decisions(book)), Under("Data", _data(book))]
    return Section("register", "Assumptions, decisions and data", blocks)


# ── assumptions ────────────────────────────────────────────────────────────────────────────────────────────────────
def quality_words(book: Book) -> str:
    """How many of the inputs are of which quality."""
    *marks, whole = qualities(book).rows
    said = [f"{book.say.set_to(row, 'inputs')} {_of_mark(str(row['mark']))}" for row in marks]
    return (
        f"The model runs on {book.say.set_to(whole, 'inputs')} inputs, each with an id, a source or the word judgement, and "
        f"a quality mark: {W.listed(said)}. Published values count as excellent, fitted and derived ones as good, judgements "
        "and values without a mark as poor."
    )


def _of_mark(mark: str) -> str:
    words = {"published": "published", "derived": "derived from published figures", "fitted": "fitted to the record",
             "seed": "from the commissioned scenario work", "judgement": "judgements", "recalled": "recalled",
             "unstated": "without a mark", "variant": "changed for this run"}  # fmt: skip
    return words.get(mark, W.spoken(mark))


def impact_words(book: Book) -> str:
    """How impact is measured and what the bands mean; how to get it where it is missing."""
    (losses, money), (most_losses, most_money) = MEDIUM_FROM, HIGH_FROM
    bands = (
        f"Impact is high from {most_losses * 100:.0f} percentage points of the chance that losses end the contract, or from "
        f"{most_money * 100:.0f}% of a year’s payment in mean net exposure; medium from {losses * 100:.0f} points or "
        f"{money * 100:.0f}%; else low. Risk follows from quality and impact."
    )
    if book.advice("sensitivity") is not None:
        return f"{MEASURED} {bands} Other inputs were not varied one by one, and their risk is not rated."
    return f"{SINGLE} {bands} `stresstest advise RUN` moves every judged parameter both ways."


def _orphans(book: Book) -> list[Block]:
    """A warning where register and configuration do not agree; runs that keep no configuration have nothing to hold against."""
    if not book.source.configuration:
        return []
    strange, missing = orphans(book.source)
    if not strange and not missing:
        return [Text("Every number of the configuration has exactly one id, and every id a number.", "sub")]
    named = W.listed([f"`{key}`" for key in [*strange, *missing][:5]])
    return [Text(f"**Register and configuration do not agree**, among others on {named}.", "boxed")]


def ranked(book: Book) -> list[TableRow]:
    """Inputs that were varied: by impact and risk, then by the size of the swing."""
    order = ["high", "medium", "low"]
    rows = [row for row in register(book).rows if row["impact"] in order]
    return sorted(rows, key=lambda row: (order.index(row["impact"]), -abs(real(row["losses_swing"], 0.0)), row["key"]))


def main_table(book: Book, rows: list[TableRow]) -> Table:
    """The inputs that move most."""
    shown = [
        [
            f"{row['statement']} ({row['id']})", _value(book, row), str(row["mark"]),
            f"{_swing(book, row, 'losses_swing', True)}", f"{_swing(book, row, 'exposure_swing_gbp', False)}",
            str(row["impact"]), str(row["risk"]),
        ]
        for row in rows
    ]  # fmt: skip
    headings = ("Input (id)", "Value", "Quality mark", "Losses end it: swing (standard error)",
                "Mean net exposure: swing (standard error)", "Impact", "Risk")  # fmt: skip
    caption = f"The inputs that move the answers most ({len(rows)} of those that were varied)"
    return Table("register_main", caption, headings, shown, 0)


def _swing(book: Book, row: TableRow, column: str, share: bool) -> str:
    value, error = row[column], row[f"{column.removesuffix('_gbp')}_error{'' if share else '_gbp'}"]
    name = f"{column.removesuffix('_gbp')}_error{'' if share else '_gbp'}"
    text = W.changed(value, lambda x: f"{W.in_points(x)} points" if share else W.pounds(x, error))
    return f"{book.say.cite(row, column, text)} ({error_said(book.say, row, name, share)})"


def _value(book: Book, row: TableRow) -> str:
    """The value as it was set, with its unit."""
    value, unit = row["value"], str(row["unit"] or "")
    if value in (None, ""):
        return W.NONE
    if isinstance(value, str):
        return f"{book.say.cite(row, 'value', value.replace('-', W.MINUS))} {unit}".strip()
    if value >= NOT_USED:
        return "not used"
    if unit == "GBP":
        return book.say.set_to(row, "value", unit)
    if 0.0 < abs(value) < TINY:
        return f"{book.say.cite(row, 'value', W.signed(f'{value:.12f}'.rstrip('0')))} {unit}".strip()
    one = {"0 or 1": "", "whole years": "years"}.get(unit, unit)
    one = "year" if value == 1.0 and one == "years" else one
    return f"{book.say.set_to(row, 'value')} {one}".strip()


def whole_table(book: Book) -> Table:
    """Every input."""
    shown = [
        [
            str(row["id"]), str(row["statement"]), _value(book, row),
            str(row["mark"]), str(row["impact"] if row["impact"] not in ("", NOT_VARIED) else row["impact"] or UNMOVED),
            str(row["risk"] or UNMOVED), str(row["source"] or "none given" if row["mark"] != SETTING else UNMOVED),
            str(row["owner"] or "not named"),
        ]
        for row in register(book).rows
    ]  # fmt: skip
    headings = ("Id", "What it is", "Value", "Quality mark", "Impact", "Risk", "Source", "Owner")
    return Table("register", "Assumptions register", headings, shown, 0)


# ── decisions and data ─────────────────────────────────────────────────────────────────────────────────────────────
def _decisions(book: Book) -> list[Block]:
    log = decisions(book)
    if not log.rows:
        return [Text("No decision is recorded. Record them under `[[decisions]]` in `assurance.toml` in the run folder, or "
                     "in the record of the study in `configs/assurance/`.")]  # fmt: skip
    signed = any(row["signed_by"] for row in log.rows)
    rows = [
        [*(str(row[name]) for name in ("decision", "why", "date", "who")), *([row["signed_by"] or "nobody"] if signed else [])]
        for row in log.rows
    ]
    headings = ("Decision", "Why", "Date", "Who", *(["Signed by"] if signed else []))
    table = Table("decisions", f"Decisions log{'' if signed else '; no decision is signed'}", headings, rows, 0)
    return [Fold("Decisions on the way to this model, with reasons", [Grid(table, f"{FOLDER}/decisions.csv")], printed=True)]


def _data(book: Book) -> list[Block]:
    log = data_log(book)
    if not log.rows:
        return [Text("This run read no table of public data.")]
    expired = [f"`{row['file']}` (due {row['sunset']})" for row in log.rows if row["expired"] == "yes"]
    blocks: list[Block] = []
    if expired:
        blocks.append(Text(f"**Out of date when the run was made:** {W.listed(expired)}. Look for a newer vintage.", "boxed"))
    rows = [
        [str(row["file"]), str(row["use"]), _count(book, row), str(row["source"] or UNMOVED), str(row["licence"] or UNMOVED),
         str(row["vintage"] or UNMOVED), str(row["sunset"] or UNMOVED)]
        for row in log.rows
    ]  # fmt: skip
    headings = ("File", "In this run", "Rows", "Source", "Licence", "Vintage", "Sunset")
    table = Table("data_log", "Data log", headings, rows, 0)
    return [*blocks, Text(DATA), Fold("The tables", [Grid(table, f"{FOLDER}/data_log.csv")])]


def _count(book: Book, row: TableRow) -> str:
    return book.say.set_to(row, "rows") if row["rows"] is not None else UNMOVED


