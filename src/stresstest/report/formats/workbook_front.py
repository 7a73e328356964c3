"""The sheets that a workbook opens with, cover, contents, notes and run facts, and the two that it ends with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...results import schema
from .. import words as W
from ..book import Book
from ..papers import POUNDS, TEXT, WHOLE, Column
from ..parts.front import BANNERS, facts, title
from .meanings_advice import ROW
from .sheet import Sheet
from .workbook_tables import AUDIT

COVER, CONTENTS, NOTES, FACTS, DICTIONARY = "Cover", "Contents", "Notes", "Run facts", "Data dictionary"
START = "Start here"
SEE_UNIT = "as the column “Unit” of the row says, or the words of the row"
#: Columns of the sheets that are made last.
OWN = {
    CONTENTS: (
        Column("sheet", "Sheet", TEXT, "tab, with a link to it"),
        Column("group", "Group", TEXT, "Summary: what the report prints; Detail: tables of the run and its analyses; Audit: "
                                       "what went in, checks, and how to trace a number"),
        Column("title", "What it shows", TEXT, "title of the sheet"), Column("rows", "Rows", WHOLE, "rows of its table"),
        Column("file", "From", TEXT, "file that its rows come from"),
    ),
    NOTES: (Column("note", "Note", TEXT, "number by which sheets name it"), Column("text", "Text", TEXT, "what it says")),
    DICTIONARY: (
        Column("sheet", "Sheet", TEXT, "tab of this workbook"), Column("heading", "Heading", TEXT, "as it stands in the sheet"),
        Column("column", "Column in the file", TEXT, "name of the column in its file"),
        Column("file", "File", TEXT, "file that the sheet's rows come from"), Column("unit", "Unit", TEXT, "GBP is pounds"),
        Column("meaning", "Meaning", TEXT, "what the column holds, and how to read its sign"),
    ),
}  # fmt: skip
#: Notes that any sheet may name, by what makes a sheet name them.
GENERAL = {
    "gaps": "An empty cell means that no figure applies or that none was worked out; it does not mean 0.",
    "money": "Money is in pounds. Price basis: {basis}. PV is present value at the start of the contract, at {money} a year "
             "for money; health is discounted at {health} a year. What is undiscounted is the amount of years as they come.",
    "signs": "Exposure above 0 is what the commissioner pays beyond the agreed budget, below 0 what it pays less; surplus above "
             "0 is the provider's gain. A cost, harm or loss above 0 is a loss to the party named, below 0 a gain; health above "
             "0 is gained. A change or difference is the new less the old, or as its column says.",
    "errors": "Standard errors are of sampling alone. They say nothing of inputs that are wrong.",
    "shares": "Shares and probabilities are held as fractions and shown as percentages.",
    "forecast": "A scenario is not a forecast.",
}
_PARQUET = ("futures", "outcomes", "years", "gaming", "summary")


def stamp(book: Book) -> str:
    """The assurance state as every title carries it; nothing once the report is approved."""
    banner = BANNERS[book.assurance.state][0]
    return f" [{banner}]" if banner else ""


def cover(book: Book) -> Sheet:
    """What the report is, who stands behind it, and where it comes from."""
    rows = [{"fact": name, "value": value} for name, value in facts(book)]
    rows.append({"fact": "Licence", "value": f"Contains public sector information licensed under the {schema.LICENCE_TITLE}."})
    rows.append({"fact": "Accessible original", "value": "index.html, beside this workbook"})
    return Sheet(COVER, f"Stress test: {title(book)}", _two("Fact", "Value"), rows, group=START)


def run_facts(book: Book) -> Sheet:
    """What went into the run and what came out, from its manifest."""
    manifest = book.source.manifest
    provenance = manifest.get("provenance") or {}
    git = provenance.get("git") or {}
    found: list[tuple[str, Any]] = [
        *((W.spoken(key).capitalize(), manifest.get(key)) for key in ("run_id", "created", "finished", "seed")),
        *((f"Futures, {W.scenario_title(name)}", count) for name, count in manifest["futures"].items()),
        ("Design", (manifest.get("design") or {}).get("kind")), ("Futures with yearly figures", manifest["years_futures"]),
        *((W.spoken(key).capitalize(), manifest.get(key)) for key in ("inputs_hash", "results_hash", "source_digest")),
        ("Version of stresstest", provenance.get("stresstest")), ("Commit", git.get("commit")),
        ("Uncommitted changes", git.get("dirty")), ("Python", provenance.get("python")), ("System", provenance.get("system")),
        *((f"Library {name}", version) for name, version in (provenance.get("libraries") or {}).items()),
        *((f"Sha256 of {name}", facts["sha256"]) for name, facts in (manifest.get("files") or {}).items() if "summary/" in name),
        ("Checkpoint of the report", book.checkpoint), ("Assurance state", book.assurance.state),
    ]  # fmt: skip
    rows = [{"fact": name, "value": value} for name, value in found if value is not None]
    return Sheet(FACTS, "Facts of the run", _two("Fact", "Value"), rows, "manifest.json", group=AUDIT,
                 made="Made from manifest.json of the run folder.")  # fmt: skip


def checks(book: Book) -> Sheet:
    """The model checks of the run."""
    rows = [{**one, "result": "passed" if one["ok"] else "FAILED"} for one in book.source.checks]
    columns = (Column("check", "Check", TEXT, "what is checked"), Column("result", "Result", TEXT, "passed or FAILED"),
               Column("detail", "Detail", TEXT, "what was found"))  # fmt: skip
    return Sheet("Model checks", "Checks that the run made of itself", columns, rows, "checks.json", group=AUDIT,
                 made="Made from checks.json of the run folder.")  # fmt: skip


def dictionary(sheets: Sequence[Sheet]) -> Sheet:
    """Every column of every sheet, and of the run's Parquet tables: unit and meaning."""
    rows: list[dict[str, Any]] = [
        {"sheet": sheet.name, "heading": heading, "column": c.name, "file": sheet.file or "this workbook",
         "unit": SEE_UNIT if c.unit == ROW else c.unit, "meaning": c.meaning}
        for sheet in (*sheets, *(Sheet(name, "", own, ()) for name, own in OWN.items()))
        for heading, c in zip(sheet.headings, sheet.columns, strict=True)
    ]  # fmt: skip
    rows += [
        {"sheet": "none: in the run folder", "heading": c.name, "column": c.name, "file": _place(table), "unit": c.unit or TEXT,
         "meaning": c.description}
        for table in _PARQUET for c in schema.COLUMNS[table]
    ]  # fmt: skip
    return Sheet(DICTIONARY, "What every column means", OWN[DICTIONARY], rows, group=AUDIT)


def _place(table: str) -> str:
    return "summary/summary.parquet" if table == "summary" else f"tables/{table}/"


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """Group, tab, title, rows and place of every sheet, each with a link."""
    rows = [{"sheet": s.name, "group": s.group, "title": s.title, "rows": len(s.rows), "file": s.file or "this workbook"}
            for s in sheets]  # fmt: skip
    return Sheet(CONTENTS, "Contents", OWN[CONTENTS], rows, links={k: s.name for k, s in enumerate(sheets)}, group=START)


def with_notes(book: Book, sheets: Sequence[Sheet]) -> tuple[list[Sheet], Sheet]:
    """The sheets with their notes as "[note 7]", and the notes sheet."""
    rates = {name: _rate(book, f"{name}_discount") for name in ("money", "health")}
    basis = str(book.source.setting("contract", "price_basis") or "not recorded")
    texts = {name: text.format(basis=basis, **rates) for name, text in GENERAL.items()}
    listed = list(texts.values())

    def number(text: str) -> int:
        if text not in listed:
            listed.append(text)
        return listed.index(text) + 1

    done = []
    for sheet in sheets:
        own = [texts[name] for name in _general(sheet)] + [one for one in sheet.notes if one]
        marks = [f"[note {number(text)}]" for text in own]
        done.append(replace(sheet, notes=marks))
    rows = [{"note": f"[note {k}]", "text": text} for k, text in enumerate(listed, 1)]
    return done, Sheet(NOTES, "Notes", OWN[NOTES], rows, group=START)


def _rate(book: Book, name: str) -> str:
    """A discount rate of the study in words."""
    value = book.source.setting("place", "health", name)
    return f"{100.0 * value:g}%" if isinstance(value, int | float) else "a rate that is not recorded"


def _general(sheet: Sheet) -> Iterator[str]:
    units = {column.unit for column in sheet.columns}
    if sheet.gaps:
        yield "gaps"
    if POUNDS in units or any(row.get("unit") == POUNDS for row in sheet.rows):
        yield "money"
        yield "signs"
    if any(re.search(r"(^|_)error(_|$)", column.name) for column in sheet.columns):
        yield "errors"
    if units & {"share", "probability"}:
        yield "shares"
    if any(column.name == "scenario" for column in sheet.columns):
        yield "forecast"


def _two(first: str, second: str) -> tuple[Column, Column]:
    return Column("fact", first, TEXT, "what is told"), Column("value", second, TEXT, "what holds of it")
