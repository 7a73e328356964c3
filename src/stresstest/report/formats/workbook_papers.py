"""The papers of the report as sheets: what each is called, in which group it stands, and headings that stand alone."""

from __future__ import annotations

import re

from .. import words as W
from ..book import Book
from ..papers import FOLDER, NUMBER, Column, Paper
from .meanings import found
from .meanings_advice import ROW
from .sheet import Sheet, with_words
from .workbook_tables import AUDIT

FIRST_PAPER = "headline"
SUMMARY = "Summary"
#: Tabs of papers whose own name says too little beside those of the run's tables.
TABS = {
    "risks": "Key risks", "risk_bearers": "What each party can bear", "risk_allocation": "Cost of each risk",
    "watch": "What to watch", "hurdle_table": "Hurdles", "bridge_table": "Bridge", "actions": "What to do",
    "register": "Assumptions register", "checks": "Model checks", "plausibility": "Scenario levels", "limits": "Limits of use",
}  # fmt: skip
#: Headings that say nothing without the column before them.
PARTS_OF = frozenset({"standard error", "error", "low", "high"})
#: Papers that show how far the report can be trusted rather than what it says.
AUDIT_PAPERS = frozenset({"register", "register_quality", "decisions", "data_log", "limits", "checks", "compliance",
                          "likelihood_words"})  # fmt: skip


def paper_sheets(book: Book) -> list[Sheet]:
    """The papers of the report, headline figures first."""
    ordered = sorted(book.papers.values(), key=lambda one: one.name != FIRST_PAPER)
    return [
        Sheet(TABS.get(one.name, one.name.replace("_", " ").capitalize()), one.title, _own(one), one.rows,
              f"report/{FOLDER}/{one.name}.csv", [*([f"Joined from {one.source}."] if one.source else []), *one.notes],
              group=AUDIT if one.name in AUDIT_PAPERS else SUMMARY)
        for one in ordered
    ]  # fmt: skip


def _own(paper: Paper) -> list[Column]:
    """The columns of a paper: each with a heading that says what it belongs to, and a meaning that says more than it.

    Numbers of a paper that names units row by row are in the unit of their row.
    """
    by_row = any(column.name == "unit" for column in paper.columns)
    done, of = [], ""
    for column in paper.columns:
        part = column.heading.lower() in PARTS_OF
        told = f"{of}, {W.within(column.heading)}" if part and of else column.heading
        of = of if part else column.heading
        bare = re.sub(r"\W", "", column.meaning.lower()) in (re.sub(r"\W", "", column.heading.lower()), column.name.lower())
        meaning = W.sentence(found(column.name)[1]) if bare else column.meaning
        unit = ROW if by_row and column.unit == NUMBER else column.unit
        done.append(with_words(Column(column.name, told, unit, meaning), paper.rows))
    return done
