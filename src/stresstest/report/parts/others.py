"""What of other providers: income at risk, hospital and council, leaving, savings that come late or not, costs left out."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..document import Block, Grid, Section, Text, Under
from ..other_tables import costs, income, omitted, other_parties, savings, to_the_pound
from ..papers import FOLDER
from ..papers.providers import provider_paper
from ..source import HONEST

NAME, TITLE = "others", "What of other providers, of leaving, and of what was left out"
AGAIN = "this run has no table of it; run the study again to have one."
OTHERS = (
    "Activity that goes leaves fixed cost behind at the hospital; care that is moved may land at the council. Neither is counted "
    "in the commissioner’s exposure, but both are in the public purse’s. The limit holds for the whole term’s sum."
)
LEAVING = (
    "What an early end costs is the exposure by stepping in: care after the provider has left less the agreed budget, and "
    "letting the contract again, in present value over the rest of the term. Chances are of all futures, costs of those that end "
    "in that year by that cause. The year is the last of service."
)
SAVINGS = (
    "The plan counts on productivity and on fewer hospital stays. Each row sets how much of both comes and how late, and runs "
    "the same futures again with the provider acting as before. Changes are against all of the plan in time (standard errors)."
)


def section(book: Book) -> Section | None:
    """The section."""
    return Section(NAME, TITLE, [
        *_income(book), Under("Hospital and council", [Text(OTHERS), Grid(other_parties(book), "../summary/summary.csv")]),
        Under("What leaving costs", _leaving(book)), Under("Savings: how much, and when", _savings(book)),
        Under("Costs left out of the price", _omitted(book)),
    ], ("IS4", "IS5", "IS7", "IS8"))  # fmt: skip


def _income(book: Book) -> list[Block]:
    """Income at risk by provider, and the fault of the source's sum; nothing for a place without figures."""
    found = provider_paper(book)
    if found is None:
        return []
    last = found.rows[-1]
    faults = [row for row in found.rows[:-1] if abs(row["left_out_gbp"]) > ROUNDING]
    say = book.say
    total, printed = (to_the_pound(book, last, name) for name in ("total_gbp", "total_printed_gbp"))
    words = (
        f"The commissioner’s own plan of 2014 put {total} a year of other providers’ income at risk, "
        f"{say.percent(last, 'share_of_contract')} of their contracts. "
    )
    if faults:
        names = W.listed([f"part of the row of {row['provider']} ({to_the_pound(book, row, 'left_out_gbp')})" for row in faults])
        words += f"**It prints {printed}**: its total leaves out {names}. Both sums are shown. "
    words += "These are plans of that year for services as they then were, not results of this model."
    return [Under("Income at risk", [Text(words), Grid(income(book, found), f"{FOLDER}/{found.name}.csv"),
                                     Text(f"Source: {found.source}.", "sub")])]  # fmt: skip


#: Differences up to this many pounds are rounding in the source.
ROUNDING = 5.0


def _leaving(book: Book) -> list[Block]:
    rows = [
        row for row in book.source.rows("exit_costs") if row["scenario"] == book.source.main and row["strategy"] == HONEST
    ]
    if not rows:
        return [Text(f"What leaving costs by year: {AGAIN}")]
    return [Text(f"{LEAVING} {_backing(book)}"), Grid(costs(book, rows), "../summary/exit_costs.csv")]


def _backing(book: Book) -> str:
    """What the owners stand behind, from the register."""
    rows = {str(row["key"]): row for row in book.source.rows("assumptions")}
    names = {"reserve": "reserve", "loss_cap": "further losses", "guarantee": "parent guarantee", "exit_fee": "fee for leaving"}
    told = [
        f"{words} {book.say.cite(row, 'value', W.pounds(float(row['value'])))}"
        for key, words in names.items() if (row := rows.get(f"contract.ending.{key}"))
    ]  # fmt: skip
    return f"Owners stand behind it with: {W.listed(told)}." if told else ""


def _savings(book: Book) -> list[Block]:
    rows = book.source.rows("savings")
    if not rows:
        return [Text(f"Savings in part or late: {AGAIN}")]
    return [Text(SAVINGS), Grid(savings(book, rows), "../summary/savings.csv")]


def _omitted(book: Book) -> list[Block]:
    """How a cost left out, such as VAT by legal form, is modelled, and what it costs each party."""
    rows = {str(row["key"]): row for row in book.source.rows("assumptions")}
    chance, size = (rows.get(f"place.opening.omitted_{name}") for name in ("probability", "size"))
    leak = any(term.get("kind") == "vat_leak" for term in book.source.setting("contract", "terms") or [])
    words = "A clause on VAT that cannot be recovered is in the contract." if leak else (
        "The contract has no clause on VAT; whether it can be recovered hangs on the legal form, which is not settled here."
    )
    if chance and size:
        said = [book.say.cite(row, "value", W.percent(float(row["value"]))) for row in (chance, size)]
        words += f" With a chance of {said[0]} the price leaves out an item, such as VAT, that costs {said[1]} of it"
        words += f" ({chance['quality']})."
    table = omitted(book)
    more = [Grid(table, "../advice/risks/scores.csv")] if table else [
        Text("What it costs each party: `stresstest advise RUN` works it out.")
    ]
    return [Text(words), *more]
