"""What the assurance process asks, as a table: question, answer, confidence and section; and the page for the minutes."""

from __future__ import annotations

from collections.abc import Sequence

from ..replies import Reply
from ..tracing import plain
from . import TEXT, Column, Paper, paper

ASKED = (
    Column("number", "Number", TEXT, "number of the question in the assurance process for novel contracts"),
    Column("question", "Question", TEXT, "what is asked"),
    Column("answer", "Answer", TEXT, "the answer in a sentence"),
    Column("more", "What supports it", TEXT, "further figures and limits"),
    Column("confidence", "Confidence", TEXT, "settled, rests on judgement, or not modelled"),
    Column("section", "Section", TEXT, "where the report shows it"),
)
MINUTES = (
    Column("question", "Question", TEXT, "what the governing body decides on"),
    Column("answer", "Answer of this report", TEXT, "the answer in a sentence"),
    Column("confidence", "Confidence", TEXT, "settled, rests on judgement, or not modelled"),
    Column("dissent", "Dissent, with names", TEXT, "left empty for the meeting"),
)


def asked_paper(replies: Sequence[Reply]) -> Paper:
    """Every question with its answer, as plain words."""
    rows = [
        {"number": one.number, "question": one.question, "answer": plain(one.short), "more": plain(one.more).replace("`", ""),
         "confidence": one.confidence, "section": ", ".join(words for _, words in one.sections)}
        for one in replies
    ]  # fmt: skip
    return paper("questions", "What the assurance process asks", ASKED, rows, "the tables named in trace.csv")


def minutes_paper(replies: Sequence[Reply]) -> Paper:
    """The page for the minutes; the column of dissent is empty."""
    rows = [
        {"question": one.question, "answer": plain(one.short), "confidence": one.confidence, "dissent": ""} for one in replies
    ]
    note = "Empty cells of the column of dissent are left for the meeting to fill in."
    return paper("minutes", "For the minutes of the governing body", MINUTES, rows, "the tables named in trace.csv", (note,))
