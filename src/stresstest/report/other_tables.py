"""Tables of the section on other providers: income at risk, what falls on them, leaving, savings, and costs left out."""

from __future__ import annotations

from collections.abc import Sequence

from . import words as W
from .book import Book
from .money_words import QALY, amount, chance_range, change, error_of, figure, likely, told_of, with_error
from .papers import Paper
from .papers.hurdles import hurdle_paper
from .source import GAMED, HONEST, Row, real
from .table import Table

#: The risk of the register that is a cost left out, and the view that is told.
RISK, VIEW = "omitted_item", "as the contract is"
CAUSES = ("losses", "policy")
#: What is said beside the source's bottom line.
TOTAL = "sum, not to be added"
PARTS = ("nonelective_reduction_gbp", "elective_efficiency_gbp", "procured_again_gbp", "cquin_gbp")


def income(book: Book, found: Paper) -> Table:
    """Income at risk, to the pound as the source has it, with both totals."""
    heads = {column.name: column.heading for column in found.columns}
    columns = ("contract_value_2014_15_gbp", *PARTS, "total_printed_gbp", "total_gbp")
    lines = [
        [
            f"{row['provider']} ({TOTAL})" if row["kind"] == "total" else str(row["provider"]),
            *(to_the_pound(book, row, name) for name in columns),
            book.say.percent(row, "share_of_contract"),
        ]
        for row in found.rows
    ]  # fmt: skip
    headings = ("Provider", *(heads[name] for name in columns), heads["share_of_contract"])
    return Table("provider_income", f"{found.title}, £ a year at prices of 2014/15", headings, lines, len(columns) + 1)


def to_the_pound(book: Book, row: Row, column: str) -> str:
    """A published figure as it stands: "£184,648,535"."""
    return book.say.cite(row, column, W.signed(f"£{real(row[column]):,.0f}"))


def other_parties(book: Book) -> Table:
    """What falls on hospital and council, honest and gamed, and how often it passes what they can bear."""
    found = hurdle_paper(book)
    hurdles = {str(row["party"]): row for row in found.rows if row["scenario"] == book.source.main} if found else {}
    lines = [
        _party(book, party, player, hurdles.get(party))
        for party in ("hospital", "council") if told_of(book, party, "exposure_npv") for player in (HONEST, GAMED)
    ]
    headings = (
        "Party", "Provider", "In words", "Median", "80% interval", "1 in 20 is worse than", "Mean (standard error)", "Limit",
        "Chance of passing it (95% interval)",
    )  # fmt: skip
    caption = f"What falls on the hospital and the council: present value over the term, {W.of_scenario(book.source.main)}"
    return Table("other_parties", caption, headings, lines, 6)


def _party(book: Book, party: str, player: str, hurdle: Row | None) -> list[str]:
    def shown(statistic: str) -> str:
        return figure(book, book.source.figure(party, "exposure_npv", statistic, strategy=player))

    mean = book.source.figure(party, "exposure_npv", "mean", strategy=player).row
    column = "fails_probability" if player == HONEST else "gamed_fails_probability"
    return [
        W.sentence(party), player, likely(hurdle, column) if hurdle else W.NONE, shown("p50"),
        f"{shown('p10')} to {shown('p90')}", shown("p95"), with_error(book, mean, "value", "error"),
        amount(book, hurdle, "limit", unit=str(hurdle["unit"])) if hurdle else W.NONE,
        chance_range(book, hurdle, column) if hurdle else W.NONE,
    ]  # fmt: skip


def costs(book: Book, rows: Sequence[Row]) -> Table:
    """One line a year, and one for the whole term: how often it ends by each cause, and what stepping in then costs."""
    found = {(str(row["year"]), str(row["cause"])): row for row in rows}
    lines = [
        [year or "Whole term", *(cell for cause in CAUSES for cell in _cost(book, found.get((year, cause))))]
        for year in dict.fromkeys(str(row["year"]) for row in rows)
    ]
    heads = ("chance", "mean cost (standard error)", "1 in 20 costs more than")
    headings = ("Last year of service", *(f"{W.sentence(cause)}: {head}" for cause in CAUSES for head in heads))
    caption = "Paid beyond the agreed budget after an early end, by its cause: most of it arises anyway; honest provider"
    return Table("exit_costs", caption, headings, lines, 6)


def _cost(book: Book, row: Row | None) -> list[str]:
    if row is None:
        return [W.NONE] * 3
    if not W.known(real(row["step_in_mean_gbp"])):
        return [book.say.percent(row, "probability"), W.NONE, W.NONE]
    return [
        book.say.percent(row, "probability"), _few(book, row), book.say.pounds(row, "step_in_p95_gbp", "step_in_p95_error_gbp"),
    ]  # fmt: skip


def _few(book: Book, row: Row) -> str:
    """A mean and its error; "too few" in its place where the error is not known."""
    if W.known(real(row["step_in_error_gbp"])):
        return with_error(book, row, "step_in_mean_gbp", "step_in_error_gbp")
    return f"{book.say.pounds(row, 'step_in_mean_gbp', None)} (too few)"


def savings(book: Book, rows: Sequence[Row]) -> Table:
    """What becomes of failure, money and health where savings come in part or late."""
    headings = (
        "Savings", "Losses end it (standard error)", "Change", "Provider surplus, change of the mean",
        "Commissioner exposure, change of the mean", "Health, QALYs, change of the mean",
    )  # fmt: skip
    caption = "Planned savings in part or late: means over the term, changes against all of them in time (standard error)"
    return Table("savings", caption, headings, [_saving(book, row) for row in rows], 5)


def _saving(book: Book, row: Row) -> list[str]:
    pairs = (
        ("exit_losses_change", "points"), ("surplus_mean_gbp_change", "GBP"), ("exposure_mean_gbp_change", "GBP"),
        ("health_mean_qaly_change", QALY),
    )  # fmt: skip
    chance = f"{book.say.percent(row, 'exit_losses')} ({error_of(book, row, 'exit_losses_error', 'points')})"
    return [W.sentence(str(row["words"])), chance, *(_moved(book, row, name, unit) for name, unit in pairs)]


def _moved(book: Book, row: Row, name: str, unit: str) -> str:
    """A paired change with its error; a dash where there is none, as in the row that others are compared with."""
    if name not in row:
        return "not modelled"
    if not real(row[name], 0.0):
        return W.NONE
    return f"{change(book, row, name, f'{name}_error', unit)} ({error_of(book, row, f'{name}_error', unit)})"


def omitted(book: Book) -> Table | None:
    """What a cost left out means for each party, from the analysis of risks; None where it has not been made."""
    advice = book.advice("risks")
    rows = [row for row in advice.rows("scores") if row["risk"] == RISK and row["view"] == VIEW] if advice else []
    if not rows:
        return None
    lines = [
        [
            W.sentence(str(row["party"])), likely(row, "likelihood_probability"),
            chance_range(book, row, "likelihood_probability", "likelihood"),
            _paid(book, row), book.say.pounds(row, "p95_gbp", "p95_error_gbp"),
            with_error(book, row, "mean_cost_qaly", "mean_cost_error_qaly", QALY)
            if W.known(real(row["mean_cost_qaly"])) else W.NONE,
        ]
        for row in rows
    ]  # fmt: skip
    headings = (
        "Party", "In words", "Chance that it costs something that matters", "Mean cost (standard error)",
        "1 in 20 loses more than", "Health lost, QALYs (standard error)",
    )  # fmt: skip
    return Table("omitted", "What a cost left out of the price means, by party: all futures, present value", headings, lines, 4)


def _paid(book: Book, row: Row) -> str:
    """Mean cost in money; a dash where the party loses health and no money."""
    known = W.known(real(row["mean_cost_gbp"]))
    return with_error(book, row, "mean_cost_gbp", "mean_cost_error_gbp") if known else W.NONE
