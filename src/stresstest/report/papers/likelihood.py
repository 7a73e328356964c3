"""The scale of likelihood words: which word stands for which chance."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from . import CHANCE, TEXT, Column, Paper, paper

NAME = "likelihood_words"
COLUMNS = (
    Column("words", "Word", TEXT, "word of the PHIA scale (Professional Head of Intelligence Assessment)"),
    Column("low", "From", CHANCE, "lowest chance of the band"), Column("high", "To", CHANCE, "highest chance of the band"),
)  # fmt: skip


def likelihood_words(book: Book) -> Paper:
    """The scale, made once."""
    if NAME not in book.papers:
        rows = [{"words": word, "low": low, "high": high} for low, high, word in W.LIKELIHOODS]
        note = "A chance between two bands takes the word of the nearer one."
        book.add(paper(NAME, "Words for chances", COLUMNS, rows, "the PHIA scale", (note,)))
    return book.papers[NAME]
