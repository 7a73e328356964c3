"""Section of the report: assumptions with what each moves, decisions, data."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..certainty import error_said
from ..document import Block, Fold, Grid, Section, Text, Under
from ..papers import FOLDER
from ..papers.data_log import data_log
from ..papers.decisions import decisions
from ..papers.register import HIGH_FROM, MEDIUM_FROM, NOT_VARIED, SENSITIVITY, SETTING, measured_by, qualities, register
from ..papers.register_counts import ADDED, DATED, IDS, INPUTS, LISTED, OWNED, SETTINGS, UNRATED, count
from ..papers.register_inputs import orphans
from ..source import real
from ..table import Table
from ..tracing import TableRow

MOST, NAMED = 20, 3
#: Words for the impact of an input that nobody moved.
UNMOVED = "–"
#: From here on a limit means that there is none; below TINY a number is written without an exponent.
NOT_USED, TINY = 1e18, 1e-3
MEASURED = (
    "Impact is measured: each judged or derived parameter of place, provider and ending was moved alone from half to one and a "
    "half times its value, in the same futures."
)
SINGLE = "Impact is that of the one change of an input in the run’s own table of swings, which holds the largest alone."
NOT_MOVED = {
    True: "the analysis moves judged and derived parameters, and no clause, service line, axis or lever by its number",
    False: "the run moves its largest inputs alone; `stresstest advise RUN` moves every judged parameter both ways",
}
DATA = (
    "Tables of public data, with the day by which someone should look for a newer vintage (sunset). Those that the "
    "simulation does not read were used to fit the laws, or are the record that futures are set beside. Checksums are in "
    "the file."
)


def section(book: Book) -> Section | None:
    """Register, decisions and data of every run."""
    blocks: list[Block] = [
        Text(unrated_words(book)), Text(f"{count_words(book)} {quality_words(book)} {dates_and_owners(book)}"),
        Text(impact_words(book)), *_orphans(book),
    ]  # fmt: skip
    moved = ranked(book)
    if moved:
        blocks.append(Grid(main_table(book, moved[:MOST]), f"{FOLDER}/register.csv"))
    blocks.append(Fold("The whole register: every number that went in", [
        Text("Owner and day of setting are those of the assurance record, which may name a file in place of a person.", "sub"),
        Grid(whole_table(book), f"{FOLDER}/register.csv"),
    ]))  # fmt: skip
    blocks += [Under("Decisions", _decisions(book)), Under("Data", _data(book))]
    return Section("register", "Assumptions, decisions and data", blocks, new_page=True)


# ── assumptions ────────────────────────────────────────────────────────────────────────────────────────────────────
def unrated_words(book: Book) -> str:
    """How many inputs are not rated, the largest sums among them, and why."""
    rows = unrated_sums(book)
    named = W.listed([f"{W.within(str(row['statement']))} ({book.say.pounds(row, 'value', None)})" for row in rows[:NAMED]])
    largest = f" The largest sums of the contract among them are {named}." if rows else ""
    said = book.say.set_to(count(book, UNRATED), "count"), book.say.set_to(count(book, INPUTS), "count")
    why = NOT_MOVED[measured_by(book) == SENSITIVITY]
    opening = [row for row in register(book).rows if str(row["key"]).startswith("place.opening.")]
    gap = any(row["impact"] not in ("", NOT_VARIED) for row in opening)
    moved = " What the opening price misses the cost by was moved, part by part (`place.opening`)." if gap and rows else ""
    return (
        f"**{said[0]} of {said[1]} inputs have no rated impact or risk, because they were not moved one by one**: {why}.{largest}"
        f"{moved} The register gives the reason beside each."
    )


def unrated_sums(book: Book) -> list[TableRow]:
    """Sums of money of the contract that were not moved, the largest first."""
    rows = [row for row in register(book).rows if row["impact"] == NOT_VARIED and row["unit"] == "GBP"]
    sums = [row for row in rows if isinstance(row["value"], float) and str(row["key"]).startswith("contract.")]
    return sorted([row for row in sums if 0.0 < row["value"] < NOT_USED], key=lambda row: (-row["value"], row["key"]))


def count_words(book: Book) -> str:
    """One count of the inputs, reconciled with the other lists of them."""
    of = {name: book.say.set_to(count(book, name), "count") for name in (IDS, INPUTS, SETTINGS, LISTED, ADDED)}
    return (
        f"The register has {of[IDS]} ids: {of[INPUTS]} inputs and {of[SETTINGS]} settings of how the run is made, such as its "
        f"seed. `summary/assumptions.csv` lists {of[LISTED]} of the inputs; the other {of[ADDED]} are hurdles and tolerance of "
        "the study, bounds, and the term."
    )


def quality_words(book: Book) -> str:
    """How many of the inputs are of which quality."""
    *marks, _ = qualities(book).rows
    said = [f"{book.say.set_to(row, 'inputs')} {_of_mark(str(row['mark']))}" for row in marks]
    return (
        f"By quality mark they are: {W.listed(said)}. Published values count as excellent, fitted and derived ones as good, and "
        "the rest as poor. The levels of an axis are somebody’s choice, though a published one, and no finding."
    )


def dates_and_owners(book: Book) -> str:
    """How many inputs have a date, and who owns them."""
    dated, owned, whole = count(book, DATED), count(book, OWNED), count(book, INPUTS)
    said = f"The date of a value or of its source is recorded for {book.say.set_to(dated, 'count')} of them."
    return f"{said} {owners(book, owned, whole)}"


def owners(book: Book, owned: TableRow, whole: TableRow) -> str:
    """Who owns inputs: people or bodies, or files alone."""
    if not owned["count"]:
        return "No person or body owns an input: the register names the file that it stands in." if book.assurance.owners else (
            "No owner of any input is named.")  # fmt: skip
    if owned["count"] == whole["count"]:
        return "Each has an owner, named in the register."
    return f"{book.say.set_to(owned, 'count')} have an owner by name; of the others only the file is known."


def _of_mark(mark: str) -> str:
    words = {"published": "published", "derived": "derived from published figures", "fitted": "fitted to the record",
             "seed": "from the commissioned scenario work", "judgement": "judgements",
             "chosen": "chosen levels of axes", "recalled": "recalled",
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
        return f"{MEASURED} {bands}"
    return f"{SINGLE} {bands}"


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
    losses, _ = measured(book)
    return sorted(rows, key=lambda row: (order.index(row["impact"]), -abs(real(row[losses], 0.0)), row["key"]))


def measured(book: Book) -> tuple[str, str]:
    """The two columns of the register by which this run's inputs are rated: swings of the analysis, or single changes."""
    kind = "swing" if measured_by(book) == SENSITIVITY else "change"
    return f"losses_{kind}", f"exposure_{kind}_gbp"


def main_table(book: Book, rows: list[TableRow]) -> Table:
    """The inputs that move most."""
    losses, exposure = measured(book)
    kind = "swing" if measured_by(book) == SENSITIVITY else "single change"
    shown = [
        [
            f"{row['statement']} ({row['id']})", _value(book, row), str(row["mark"]),
            f"{_swing(book, row, losses, True)}", f"{_swing(book, row, exposure, False)}",
            str(row["impact"]), str(row["risk"]),
        ]
        for row in rows
    ]  # fmt: skip
    headings = ("Input (id)", "Value", "Quality mark", f"Losses end it: {kind} (standard error)",
                f"Mean net exposure: {kind} (standard error)", "Impact", "Risk")  # fmt: skip
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
            str(row["owner"] or "not named"), str(row["made"] or "not recorded"), str(row["as_of"] or UNMOVED),
        ]
        for row in register(book).rows
    ]  # fmt: skip
    headings = ("Id", "What it is", "Value", "Quality mark", "Impact", "Risk", "Source", "Owner", "Set on", "As of")
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


