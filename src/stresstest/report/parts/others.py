"""What of other providers: income at risk, hospital and council, leaving, savings that come late or not, costs left out."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..document import Block, Grid, Section, Text, Under
from ..money_words import change, error_of, figure, told_of, with_error
from ..other_tables import costs, income, omitted, other_parties, savings, to_the_pound
from ..papers import FOLDER
from ..papers.providers import provider_paper
from ..source import GAMED, HONEST

NAME, TITLE = "others", "What of other providers, of leaving, and of what was left out"
AGAIN = "this run has no table of it; run the study again to have one."
OTHERS = (
    "Activity that goes leaves fixed cost behind at the hospital; care that is moved may land at the council. Neither is counted "
    "in the commissioner’s exposure, but both are in the public purse’s. The limit holds for the whole term’s sum. Income that "
    "the hospital wins for the space that is freed is not counted."
)
SHIFTED = (
    "**An honest provider moves no cost to the council:** only gaming (the lever cost shifting) or a clause that the council "
    "pays would, and none is paid in any future here, so that figure is nothing by construction and no estimate of a small "
    "chance."
)
LEAVING = (
    "The table shows what the commissioner pays after an early end: care after the provider has left beyond the agreed budget, "
    "and letting the contract again, in present value over the rest of the term. **Most of it would arise anyway:** that care "
    "would cost more than the budget whoever gave it. Chances are of all futures, costs of those that end in that year by that "
    "cause. The year is the last of service; a dash stands where too few futures end so."
)
#: The risk that stepping in itself costs more, the view and party it is read for, and the change by which nobody leaves.
DEAR, AS_IS, NOBODY_LEAVES = "dear_step_in", "as the contract is", "rescue"
SAVINGS = (
    "The plan counts on productivity and on fewer hospital stays. Each row sets how much of both comes and how late, and runs "
    "the same futures again with the provider acting as before. Changes are against all of the plan in time (standard errors)."
)


def section(book: Book) -> Section | None:
    """The section."""
    return Section(NAME, TITLE, [
        *_income(book), Under("Hospital and council", _fallen(book)),
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
    words += (
        "These are plans of that year for services as they then were, at prices of 2014/15, not results of this model nor in its "
        "price base. Which schemes are behind them, and who owns them, is not in the data."
    )
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
    return [
        Text(f"{LEAVING} {_itself(book)}"), Text(_backing(book)), Grid(costs(book, rows), "../summary/exit_costs.csv"),
    ]  # fmt: skip


def _itself(book: Book) -> str:
    """What leaving itself adds: the register's risk that stepping in costs more, and what a contract nobody leaves saves."""
    risks, playbook = book.advice("risks"), book.advice("playbook")
    dear = next((
        row for row in (risks.rows("scores") if risks else [])
        if (row["risk"], row["view"], row["party"]) == (DEAR, AS_IS, "commissioner")
    ), None)  # fmt: skip
    saved = next((row for row in (playbook.rows("mitigations") if playbook else []) if row["mitigation"] == NOBODY_LEAVES), None)
    told = []
    if dear:
        told.append(
            "the register’s risk “stepping in costs more” costs the commissioner a mean of "
            f"{with_error(book, dear, 'mean_cost_gbp', 'mean_cost_error_gbp')} over all futures"
        )
    if saved:
        moved = change(book, saved, "commissioner_gbp", "commissioner_error_gbp")
        told.append(
            "were nobody to leave, because the commissioner makes good every deficit beyond the owners’ cap, its mean exposure "
            f"would change by {moved} ({error_of(book, saved, 'commissioner_error_gbp')}) and pass its limit in "
            f"{book.say.percent(saved, 'commissioner_limit_rate')} of futures"
        )
    if not told:
        return "What leaving itself adds: `stresstest advise RUN` works it out."
    return f"What leaving itself adds is far less (standard errors): {'; '.join(told)}."


def _fallen(book: Book) -> list[Block]:
    """What falls on hospital and council; that a council’s nothing is so by construction, and what a gamed provider moves."""
    grid = Grid(other_parties(book), "../summary/summary.csv")
    if not told_of(book, "council", "exposure_npv"):
        return [Text(OTHERS), grid]
    most = book.source.figure("council", "exposure_npv", "sd")
    gamed = [book.source.figure("council", "exposure_npv", name, strategy=GAMED) for name in ("p50", "mean")]
    if most.value or not gamed[1].value:
        return [Text(OTHERS), grid]
    words = (
        f" A gamed provider moves a median of {figure(book, gamed[0])} and a mean of "
        f"{with_error(book, gamed[1].row, 'value', 'error')} to it (standard error)."
    )
    return [Text(OTHERS), Text(SHIFTED + words), grid]


def _backing(book: Book) -> str:
    """What the owners stand behind, from the register."""
    rows = {str(row["key"]): row for row in book.source.rows("assumptions")}
    names = {"reserve": "reserve", "loss_cap": "further losses", "guarantee": "parent guarantee", "exit_fee": "fee for leaving"}
    told = [
        f"{words} {book.say.cite(row, 'value', W.pounds(float(row['value'])))}"
        for key, words in names.items() if (row := rows.get(f"contract.ending.{key}"))
    ]  # fmt: skip
    shares = "as shares of the opening price of a year they stand under [where the hurdles come from](#hurdles)"
    return f"Owners stand behind it with: {W.listed(told)}; {shares}." if told else ""


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
