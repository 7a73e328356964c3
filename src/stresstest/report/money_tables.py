"""Tables of the finance section: every party beside every other, amounts read off, chances by year, the steps."""

from __future__ import annotations

from collections.abc import Sequence

from . import words as W
from .book import Book
from .money_words import change, error_of, figure, short_middle, with_error
from .papers.bridge import LEFT, LOW, START
from .source import DIFFERENCE, GAMED, HONEST, Row, real
from .table import Table

GROSS = "exposure_gross_npv"
PLAYER_WORDS = {HONEST: "honest", GAMED: "gamed", DIFFERENCE: "gamed less honest, same futures"}
MEASURES = (
    ("provider", "surplus_npv", "Provider surplus", "p5"),
    ("commissioner", "exposure_npv", "Commissioner exposure, net", "p95"),
    ("commissioner", GROSS, "Commissioner exposure, gross", "p95"),
    ("public", "exposure_npv", "Public exposure (commissioner, hospital, council)", "p95"),
    ("residents", "health_qaly_npv", "Health gained, QALYs", "p5"),
)
#: Chance among the contracts that still run.
OF_RUNNING = "running_probability"
#: Amounts of the read-off table: how often more is lost, and the statistic.
READ_OFF = (("half of futures", "p50"), ("1 in 10", "p90"), ("1 in 20", "p95"), ("1 in 100", "p99"))


def sides(book: Book) -> Table:
    """Every party in one line: honest and gamed, what gaming changes, and the bad end of both."""
    rows = [
        [
            title, *(short_middle(book, party, metric, player) for player in (HONEST, GAMED)),
            *(figure(book, book.source.figure(party, metric, tail, strategy=player)) for player in (HONEST, GAMED)),
            _gaming_changes(book, party, metric),
        ]
        for party, metric, title, tail in MEASURES if metric != GROSS
    ]  # fmt: skip
    headings = (
        "Measure", "Honest: median (80% interval)", "Gamed: median (80% interval)", "Honest: 1 in 20 is worse than",
        "Gamed: 1 in 20 is worse than", "Gaming changes the mean by (standard error)",
    )  # fmt: skip
    caption = f"Who gains and who pays: present values over the contract, {W.of_scenario(book.source.main)}"
    return Table("sides", caption, headings, rows, 5)


def _gaming_changes(book: Book, party: str, metric: str) -> str:
    found = book.source.figure(party, metric, "mean", strategy=DIFFERENCE)
    return f"{change(book, found.row, 'value', 'error', found.unit)} ({error_of(book, found.row, 'error', found.unit)})"


def outcomes(book: Book) -> Table:
    """Every party's result side by side, so that a transfer does not look like a saving."""
    rows = [
        _outcome_row(book, party, metric, title, tail, player)
        for party, metric, title, tail in MEASURES
        for player in PLAYER_WORDS
    ]
    headings = (
        "Measure", "Provider", "Median", "80% interval", "1 in 20 is worse than (standard error)",
        "Mean of the worst 1 in 20", "Mean (standard error)", "Central case (no events, never found out)",
    )  # fmt: skip
    caption = f"Every party in full: present values over the contract, {W.of_scenario(book.source.main)}"
    return Table("outcomes", caption, headings, rows, 6)


def _outcome_row(book: Book, party: str, metric: str, title: str, tail: str, player: str) -> list[str]:
    def shown(statistic: str, with_spread: bool = False) -> str:
        found = book.source.figure(party, metric, statistic, strategy=player)
        spread = f" ({error_of(book, found.row, 'error', found.unit)})" if with_spread else ""
        return figure(book, found) + spread

    paired = player == DIFFERENCE
    return [
        title, PLAYER_WORDS[player], shown("p50"), f"{shown('p10')} to {shown('p90')}",
        W.NONE if paired else shown(tail, True), W.NONE if paired else shown("cte95"), shown("mean", True),
        W.NONE if paired else shown("central"),
    ]  # fmt: skip


def read_off(book: Book) -> Table:
    """Exposure that is passed in so many futures, honest and gamed."""
    rows = [
        [W.sentence(words), *(figure(book, book.source.figure("commissioner", "exposure_npv", name, strategy=player))
                              for player in (HONEST, GAMED))]
        for words, name in READ_OFF
    ]  # fmt: skip
    caption = "Read off the curves: commissioner exposure of more than this in so many futures, present value"
    return Table("read_off", caption, ("In", "Honest provider", "Gamed"), rows, 2)


def by_year(book: Book, rows: Sequence[Row]) -> Table:
    """One line a year, one column a measure."""
    words = {(str(row["measure"]), "probability"): W.sentence(str(row["words"])) for row in rows}
    words |= {
        (str(row["measure"]), OF_RUNNING): f"Of contracts that still run: {row['words']}"
        for row in rows if W.known(real(row.get(OF_RUNNING)))
    }  # fmt: skip
    found = {(str(row["year"]), str(row["measure"])): row for row in rows}
    lines = [
        [year, *(_chance(book, found.get((year, name)), column) for name, column in words)]
        for year in dict.fromkeys(str(row["year"]) for row in rows)
    ]
    caption = "Chance by year, honest provider, of all futures unless said otherwise (standard error)"
    return Table("by_year", caption, ("Year", *words.values()), lines, len(words))


def _chance(book: Book, row: Row | None, column: str) -> str:
    if row is None or not W.known(real(row.get(column))):
        return W.NONE
    return f"{book.say.percent(row, column)} ({error_of(book, row, f'{column}_error', 'points')})"


def steps(book: Book, rows: Sequence[Row]) -> Table:
    """The steps of both bridges side by side."""
    lines = [
        [
            _step_name(row), str(row["kind"]), str(row["words"]), _step(book, row, ""), _step(book, row, "fixed_"),
            _difference(book, row),
        ]
        for row in rows if row["driver"] != LEFT
    ]  # fmt: skip
    headings = (
        "Step", "Kind", "What it holds", "As it is: mean (standard error)", "With every fix of wording: mean (standard error)",
        "Fixes change it by: mean (standard error)",
    )  # fmt: skip
    caption = "Means of cumulative surplus, honest provider: levels at the start and in the year reached, changes between them"
    return Table("bridge", caption, headings, lines, 3)


def _step_name(row: Row) -> str:
    return "Level reached" if row["driver"] == LOW else W.sentence(str(row["driver"]))


def _difference(book: Book, row: Row) -> str:
    """The paired difference between both contracts; a dash where there is none."""
    if not real(row["difference_gbp"], 0.0) or not W.known(real(row["difference_gbp"])):
        return W.NONE
    moved = change(book, row, "difference_gbp", "difference_error_gbp")
    return f"{moved} ({error_of(book, row, 'difference_error_gbp')})"


def _step(book: Book, row: Row, path: str) -> str:
    column, error = f"{path}change_gbp", f"{path}change_error_gbp"
    if row["driver"] == START:
        return book.say.pounds(row, column, error)
    if row["driver"] == LOW:
        return f"{with_error(book, row, column, error)} in {book.say.text(row, f'{path}to_year')}"
    return f"{change(book, row, column, error)} ({error_of(book, row, error)})"
