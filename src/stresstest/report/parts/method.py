"""Section of the report: how it was worked out, and how sure the figures are."""

from __future__ import annotations

import importlib
import importlib.util

from .. import certainty, dependence, starting
from .. import words as W
from ..book import Book
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..papers.register import input_row, register
from ..tracing import TableRow

SUMMARY = "../summary"
TRANSFERS = (
    "Payments between public bodies are transfers: who gains and who pays stand side by side, and none is counted as a saving."
)


def section(book: Book) -> Section | None:
    """Model, futures, error, dependence, the start, prices."""
    blocks: list[Block] = [
        Text(model_words(book)), *_map(book),
        Under("How futures are drawn, and how sure the figures are", _futures(book)),
        Under("How the uncertainties hang together", _dependence(book)),
        Under("Before the first year", _start(book)),
        Under("Prices and discounting", _prices(book)),
    ]
    return Section("method", "Method", [*blocks, Text(further(book), "sub")])


def model_words(book: Book) -> str:
    """What is done, in a paragraph."""
    row = input_row(book, "contract.years")
    years = book.say.set_to(row, "value") if row is not None else str(len(book.source.years))
    return (
        f"Every future draws six uncertainties and the shocks that sink contracts, year by year for {years} "
        "years. From them follow need, cost, funding, acute care and true outcomes. The contract’s clauses then move money "
        "in the order that the contract says, and the provider’s reserves decide whether it lasts. An honest provider and "
        "one that games the clauses live through the same futures, so that a difference between them is gaming and not luck."
    )


def _map(book: Book) -> list[Block]:
    """The model map, where the package can draw it."""
    name = f"{__package__.rpartition('.')[0]}.model_map"
    if importlib.util.find_spec(name) is None:
        return []
    return [Picture(book.chart(importlib.import_module(name).model_map()).name)]


# ── futures and their error ────────────────────────────────────────────────────────────────────────────────────────
def _futures(book: Book) -> list[Block]:
    source, say = book.source, book.say
    heavy = certainty.weights(source, say)
    counted = certainty.counted(source)
    drawn = f"{certainty.design(source, say)}{f' Futures are{counted[1:]}.' if counted else ''}{f' {heavy}' if heavy else ''}"
    return [
        Text(drawn),
        Text(
            "An error here is one of sampling: the standard error of a figure over other draws of as many futures. Figures "
            f"are rounded to it. It says nothing of inputs that are wrong. {certainty.held(source)}"
        ),
        Grid(certainty.headline(source, say), f"{SUMMARY}/convergence.csv"),
        Fold("Every number of futures", [Grid(certainty.doubling(source, say), f"{SUMMARY}/convergence.csv")]),
        Fold("Percentiles and their bounds", [Grid(certainty.tails(source, say), f"{SUMMARY}/convergence.csv")]),
        Text(certainty.knowing(source, say)),
        Fold("Share of the variance, by what is known", [
            Grid(certainty.variance_split(source, say), f"{SUMMARY}/variance_split.csv"),
        ]),
    ]


def _dependence(book: Book) -> list[Block]:
    source, say = book.source, book.say
    return [
        Text(
            "The six uncertainties do not move alone: their destinations are correlated, and a surprise to growth reaches "
            f"the state’s share, funding and pay. How strongly is a judgement. {dependence.largest_change(source, say)}"
        ),
        Grid(dependence.dependence(source, say), f"{SUMMARY}/dependence.csv"),
        Fold("Correlations, asked and achieved", [Grid(dependence.correlations(source, say), f"{SUMMARY}/correlations.csv")]),
    ]


def _start(book: Book) -> list[Block]:
    source, say = book.source, book.say
    return [
        Text(f"{starting.starting_sentence(source, say)} {starting.counted_in(source, say)}"),
        Fold("Every figure of the start", [Grid(starting.starting(source, say), f"{SUMMARY}/starting.csv")]),
    ]


# ── prices ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _prices(book: Book) -> list[Block]:
    basis = book.source.setting("contract", "price_basis")
    opening = next((row for row in register(book).rows if str(row["key"]).endswith("].opening_price")), None)
    said = [
        f"All money is {basis}." if basis else "The run does not say its price basis; it was made without a configuration.",
        _cited(book, opening, "The first annual payment is {}.", money=True),
        _cited(book, input_row(book, "contract.plan.funding_growth"), "The plan took funding to grow by {} a year over prices."),
        _cited(book, input_row(book, "place.health.money_discount"), "Present values discount money at {} a year"),
    ]
    health = _cited(book, input_row(book, "place.health.health_discount"), " and health at {}.")
    discounted = f"{said.pop()}{health or '.'}" if said[-1] else said.pop()
    rates = "The rates are those of the Green Book, which is under review; both are inputs." if discounted else ""
    return [Text(" ".join(text for text in (*said, discounted, rates, TRANSFERS) if text))]


def _cited(book: Book, row: TableRow | None, words: str, money: bool = False) -> str:
    if row is None or not isinstance(row["value"], float):
        return ""
    return words.format(book.say.pounds(row, "value", None) if money else book.say.percent(row))


def further(book: Book) -> str:
    """Where the whole method is written."""
    return W.sentence(
        "every clause, lever and parameter with its formula is in the method book, which `stresstest method` writes; how a "
        "future is made and which design suits what is in `docs/futures.md` of the project."
    )
