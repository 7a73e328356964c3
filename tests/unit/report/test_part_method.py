"""The method section: every figure cited, every part there, and prices that follow the configuration."""

import re
import zipfile
from pathlib import Path

import pytest

from stresstest.report.book import Book
from stresstest.report.document import Fold, Picture, Under, words_of
from stresstest.report.parts import method
from stresstest.report.tracing import MARKED, plain

pytestmark = pytest.mark.unit
#: Digits that are no figures of the run: sizes of steps in headings, names, definitions.
NO_FIGURE = re.compile(r"\b\d{4}/\d{2}\b|\b95% interval|, [\d,]+ futures|\d+th percentile|1 in \d+|worst 1%|largest 95th|\b729\b|"
                       r"[\d,]+ and [\d,]+ of [\d,]+|copula, \d+|counted as 0")  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The book of a real run."""
    folder = tmp_path_factory.mktemp("method")
    with zipfile.ZipFile(Path(__file__).parent / "recorded_run.zip") as archive:
        archive.extractall(folder)
    return Book.of(folder)


@pytest.fixture(scope="module")
def section(book):
    """The section of that run."""
    return method.section(book)


def texts(blocks):
    """Every string that blocks print."""
    return [text for block in blocks for text in words_of(block)]


def under(section, title):
    """The words under one of the section's headings, without marks."""
    (found,) = [block for block in section.blocks if isinstance(block, Under) and block.title == title]
    return plain("\n".join(texts(found.blocks)))


def test_it_has_every_part_in_order(section):
    """Model, map, futures and error, dependence, the start, prices."""
    titles = [block.title for block in section.blocks if isinstance(block, Under)]
    assert titles == ["How futures are drawn, and how sure the figures are", "How the uncertainties hang together",
                      "Before the first year", "Prices and discounting"]  # fmt: skip


def test_every_figure_is_cited(section):
    """No digits stand outside a cited number, but in definitions and headings."""
    loose = [
        found for text in texts(section.blocks)
        for found in re.findall(r"\S*\d\S*", NO_FIGURE.sub(" ", MARKED.sub(" ", text)))
    ]  # fmt: skip
    assert loose == []


def test_long_tables_are_folded_and_not_printed(section):
    """Only the headline, dependence and their sentences are printed."""
    folds = [inner for block in section.blocks if isinstance(block, Under) for inner in block.blocks if isinstance(inner, Fold)]
    assert len(folds) >= 5
    assert not any(fold.printed for fold in folds)


def test_prices_follow_the_configuration(book, section):
    """Basis, first payment, planned growth and both discount rates, each from its cell of the register."""
    said = under(section, "Prices and discounting")
    assert "real, 2016/17 prices" in said
    assert "£367m" in said
    assert "1.3% a year" in said
    assert "money at 3.5% a year and health at 1.5%" in said
    assert "Green Book" in said


def test_a_run_without_a_configuration_has_a_method_too(fake_run):
    """The section says what it does not know, and never fails."""
    (fake_run / "config.effective.toml").unlink()
    said = under(method.section(Book.of(fake_run)), "Prices and discounting")
    assert said.startswith("The run does not say its price basis")
    assert "discount" not in said
    assert "Green Book" not in said


def test_the_map_is_drawn_where_the_package_can(book, section):
    """A picture of the section is a chart of the book."""
    pictures = [block.chart for block in section.blocks if isinstance(block, Picture)]
    assert all(name in book.charts for name in pictures)
    assert pictures
