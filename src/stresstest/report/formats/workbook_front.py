"""The sheets that a workbook opens with, cover, contents, notes and run facts, and the two that it ends with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...results import schema
from .. import words as W
from ..book import Book
from ..papers import NUMBER, POUNDS, TEXT, WHOLE, Column
from ..parts.front import BANNERS, facts, title
from .meanings import headed
from .sheet import Sheet

COVER, CONTENTS, NOTES, FACTS, DICTIONARY, TRACE = (
    "Cover", "Contents", "Notes", "Run facts", "Data dictionary", "Trace of numbers",
)  # fmt: skip
#: Notes that any sheet may name, by what makes a sheet name them.
GENERAL = {
    "gaps": "An empty cell means that no figure applies or that none was worked out; it does not mean 0.",
    "money": "Money is in pounds. Price basis: {basis}. Present values are at the start of the contract.",
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
    return Sheet(COVER, f"Stress test: {title(book)}", _two("Fact", "Value"), rows)


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
    return Sheet(FACTS, "Facts of the run", _two("Fact", "Value"), rows, "manifest.json")


def checks(book: Book) -> Sheet:
    """The model checks of the run."""
    rows = [{**one, "result": "passed" if one["ok"] else "FAILED"} for one in book.source.checks]
    columns = (Column("check", "Check", TEXT, "what is checked"), Column("result", "Result", TEXT, "passed or FAILED"),
               Column("detail", "Detail", TEXT, "what was found"))  # fmt: skip
    return Sheet("Model checks", "Checks that the run made of itself", columns, rows, "checks.json")


def trace(book: Book) -> Sheet:
    """Every number that the page prints, with the cell that it comes from."""
    columns = (
        Column("printed", "As printed", TEXT, "the number as the report prints it"),
        Column("value", "In full", NUMBER, "the number in full"), Column("file", "File", TEXT, "file of the run folder"),
        Column("line", "Line", WHOLE, "line of that file; its header is line 1"), Column("column", "Column", TEXT, "its column"),
    )  # fmt: skip
    rows = [dict(zip(("printed", "value", "file", "line", "column"), (e.printed, e.value, e.file, e.line, e.column), strict=True))
            for e in book.say.entries]  # fmt: skip
    return Sheet(TRACE, "Every number of the report and the cell it comes from", columns, rows, "report/trace.csv")


def dictionary(sheets: Sequence[Sheet]) -> Sheet:
    """Every column of every sheet, and of the run's Parquet tables: unit and meaning."""
    rows: list[dict[str, Any]] = [
        {"sheet": sheet.name, "heading": headed(c.heading, c.unit), "column": c.name, "file": sheet.file or "this workbook",
         "unit": c.unit, "meaning": c.meaning}
        for sheet in sheets for c in sheet.columns
    ]  # fmt: skip
    rows += [
        {"sheet": "none: in the run folder", "heading": c.name, "column": c.name, "file": _place(table), "unit": c.unit or TEXT,
         "meaning": c.description}
        for table in _PARQUET for c in schema.COLUMNS[table]
    ]  # fmt: skip
    columns = (
        Column("sheet", "Sheet", TEXT, "tab of this workbook"), Column("heading", "Heading", TEXT, "heading in the sheet"),
        Column("column", "Column in the file", TEXT, "name of the column in its file"), Column("file", "File", TEXT, "file"),
        Column("unit", "Unit", TEXT, "unit; GBP is pounds"), Column("meaning", "Meaning", TEXT, "what it means"),
    )  # fmt: skip
    return Sheet(DICTIONARY, "What every column means", columns, rows)


def _place(table: str) -> str:
    return "summary/summary.parquet" if table == "summary" else f"tables/{table}/"


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """Tab, title, rows and place of every sheet, each with a link."""
    rows = [{"sheet": s.name, "title": s.title, "rows": len(s.rows), "file": s.file or "this workbook"} for s in sheets]
    columns = (
        Column("sheet", "Sheet", TEXT, "tab, with a link to it"), Column("title", "What it shows", TEXT, "title of the sheet"),
        Column("rows", "Rows", WHOLE, "rows of its table"), Column("file", "From", TEXT, "file with the same rows"),
    )  # fmt: skip
    return Sheet(CONTENTS, "Contents", columns, rows, links={k: s.name for k, s in enumerate(sheets)})


def with_notes(book: Book, sheets: Sequence[Sheet]) -> tuple[list[Sheet], Sheet]:
    """The sheets with their notes as "[note 7]", and the notes sheet."""
    basis = str(book.source.setting("contract", "price_basis") or "not recorded")
    texts = {name: text.format(basis=basis) for name, text in GENERAL.items()}
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
    columns = (Column("note", "Note", TEXT, "number of the note"), Column("text", "Text", TEXT, "the note"))
    return done, Sheet(NOTES, "Notes", columns, rows)


def _general(sheet: Sheet) -> Iterator[str]:
    units = {column.unit for column in sheet.columns}
    if sheet.gaps:
        yield "gaps"
    if POUNDS in units or any(row.get("unit") == POUNDS for row in sheet.rows):
        yield "money"
    if any(re.search(r"(^|_)error(_|$)", column.name) for column in sheet.columns):
        yield "errors"
    if units & {"share", "probability"}:
        yield "shares"
    if any(column.name == "scenario" for column in sheet.columns):
        yield "forecast"


def _two(first: str, second: str) -> tuple[Column, Column]:
    return Column("fact", first, TEXT, "what is told"), Column("value", second, TEXT, "what holds of it")
