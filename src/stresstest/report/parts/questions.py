"""What the assurance process asks, with answers; the likelihood words; and one page that a governing body can minute."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..document import Grid, Section, Text
from ..papers.questions import asked_paper, minutes_paper
from ..replies import Reply, bearers, breaking, budget, others, savings
from ..replies_more import FOR, care, checkpoint, gaming, governance, leaving, repricing, tax
from ..summary import CHECKPOINT_WORDS
from ..table import Table

#: Likelihood words with the chances that they stand for.
SCALE = (
    ("remote chance", "5% or less"), ("highly unlikely", "10% to 20%"), ("unlikely", "25% to 35%"),
    ("realistic possibility", "40% to 50%"), ("likely", "55% to 75%"), ("highly likely", "80% to 90%"),
    ("almost certain", "95% or more"),
)  # fmt: skip
SCALE_SOURCE = (
    "The scale is that of the Professional Head of Intelligence Assessment; a chance between two bands takes the nearer word."
)
CONFIDENCE = (
    "**Settled**: the answer stays on its side whichever judged input is changed alone, or is a fact. **Rests on judgement**: "
    "an input without a published source can turn it. **Not modelled**: this report cannot answer; somebody else must. Analyses "
    "use futures of their own, so that one and the same chance differs a little between sections."
)
QUESTIONS = (budget, bearers, breaking, savings, others, repricing, tax, leaving, gaming, governance, checkpoint)
MINUTED = ("IS1", "IS2", "IS3", "IS4", "IS5", "IS6", "IS7", "IS9", "IS8")


def section(book: Book) -> Section | None:
    """The questions, the scale, and the page for the minutes."""
    replies = [ask(book) for ask in QUESTIONS]
    patients = care(book)
    minuted = [*(one for name in MINUTED for one in replies if one.number == name), patients]
    book.add(asked_paper(replies))
    book.add(minutes_paper(minuted))
    return Section("questions", "What the assurance process asks", [
        Text(f"This report is for checkpoint {book.checkpoint}, {CHECKPOINT_WORDS[book.checkpoint]}. {FOR[book.checkpoint]}",
             "lead"),
        Text(CONFIDENCE),
        Grid(_asked(replies), "tables/questions.csv", "asked"),
        Grid(_minutes(minuted), "tables/minutes.csv", "minute"),
        Grid(_scale()), Text(SCALE_SOURCE, "sub"),
    ], tuple(one.number for one in replies), new_page=True)  # fmt: skip


def _asked(replies: Sequence[Reply]) -> Table:
    rows = [
        [f"{one.number}: {one.question}", f"{one.short} {one.more}".strip(), one.confidence, _links(one)] for one in replies
    ]  # fmt: skip
    return Table("questions", "Questions of the assurance process, answered by this run",
                 ("Question", "Answer", "Confidence", "Where"), rows, 0)  # fmt: skip


def _links(one: Reply) -> str:
    return "; ".join(f"[{words}](#{name})" for name, words in one.sections)


def _scale() -> Table:
    words = [W.sentence(word) for word, _ in SCALE]
    caption = "Likelihood words, as this report uses them"
    return Table("likelihood", caption, ("Word", *words), [["Chance", *(chance for _, chance in SCALE)]], 0)


def _minutes(replies: Sequence[Reply]) -> Table:
    rows = [[one.question, one.short, one.confidence, ""] for one in replies]
    rows += [["Decision of the governing body", "", "", ""], ["Present, and date", "", "", ""]]
    caption = "For the minutes of the governing body. Dissent is left empty for names and reasons"
    return Table("minutes", caption, ("Question", "Answer of this report", "Confidence", "Dissent, with names"), rows, 0)
