"""What may go wrong, who bears it, and what is left of it: the ten largest risks, the whole register, and the parties."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..document import Block, Fold, Grid, Section, Text
from ..papers import Paper
from ..papers.risks import PARTIES, allocation_paper, bearers_paper, risk_paper
from ..table import Table
from ..tracing import TableRow, Trace

NAME, TITLE, QUESTIONS = "risks", "Key risks: who bears them, how likely they are and what is left", ("IS1", "IS2")
PAGE = "../advice/risks/index.html"
LARGEST = 10
NOT_TRIED = "not tried"


def section(book: Book) -> Section:
    """The section; where risks have not been analysed it says how to do so."""
    risks = risk_paper(book)
    if risks is None:
        return Section(NAME, TITLE, [Text(missing("Who bears which risk"))], QUESTIONS, new_page=True)
    bearers, blocks = bearers_paper(book), [_lead(book.say, risks)]
    top = risks.rows[:LARGEST]
    blocks.append(Grid(_table(book.say, top), "tables/risks.csv", "gaming"))
    blocks.append(Text(_answers(book.say, top), "sub"))
    if bearers is not None:
        blocks.append(Grid(_bearers(book.say, bearers), "tables/risk_bearers.csv", "gaming"))
        blocks.append(Text(_misplaced(risks), "sub"))
    return Section(NAME, TITLE, [*blocks, *_folds(book, risks)], QUESTIONS, new_page=True)


# ── words that other sections use too ──────────────────────────────────────────────────────────────────────────────
def missing(what: str, command: str = "stresstest advise RUN") -> str:
    """One sentence for what a run lacks, with the command that makes it."""
    return f"{what} has not been worked out for this run: `{command}` makes it."


def worded(say: Trace, row: TableRow, column: str) -> str:
    """A cell of words; cited where it holds a figure, a dash where it is empty."""
    text = str(row.get(column) or "")
    return say.text(row, column) if any(letter.isdigit() for letter in text) else text or W.NONE


def chance_words(say: Trace, row: TableRow, value: str, low: str, high: str) -> str:
    """A chance, its interval and its word: "55.3% (54.9% to 55.6%), likely"."""
    shown = row.get(value)
    if not isinstance(shown, float):
        return W.NONE
    ends = f" ({say.percent(row, low)} to {say.percent(row, high)})" if isinstance(row.get(low), float) else ""
    return f"{say.percent(row, value)}{ends}, {W.likelihood(shown)}"


def with_error(say: Trace, row: TableRow, value: str, error: str, qaly: bool = False) -> str:
    """An amount and its standard error: "£290m ± £600k", "2,397 ± 12"."""
    spread = row.get(error)
    if row.get(value) == 0.0:
        return say.cite(row, value, "0" if qaly else "£0")
    shown = say.number(row, value, error) if qaly else say.pounds(row, value, error)
    if shown == W.NONE or not isinstance(spread, float) or not W.known(spread) or not spread:
        return shown
    return f"{shown} ± {say.cite(row, error, W.spare(spread, W.number if qaly else W.pounds))}"


# ── this section's own ─────────────────────────────────────────────────────────────────────────────────────────────
def _lead(say: Trace, risks: Paper) -> Block:
    first = risks.rows[0]
    mean, far = (say.pounds(first, f"{name}_gbp", f"{name}_error_gbp") for name in ("mean", "p95"))
    return Text(
        f"The gravest risk is “{first['title']}”: it costs the {first['money_party']} {mean} on average, and {far} or more "
        f"in 1 in 20 futures, with {say.number(first, 'health_qaly', 'health_error_qaly')} QALYs lost beside.", "lead",
    )  # fmt: skip


def _table(say: Trace, rows: Sequence[TableRow]) -> Table:
    headings = ("Risk", "Hits hardest", "Early sign", "Mitigation in the register", "Chance that it matters (95% interval)",
                "Mean loss", "Loss that 1 in 20 exceeds", "Health lost, QALYs", "Residual: failure, before → after",
                "Grade")  # fmt: skip
    body = [
        [
            str(row["title"]), _party(row), worded(say, row, "early_sign"), worded(say, row, "mitigation"),
            chance_words(say, row, "chance", "chance_low", "chance_high"), say.pounds(row, "mean_gbp", "mean_error_gbp"),
            with_error(say, row, "p95_gbp", "p95_error_gbp"), say.number(row, "health_qaly", "health_error_qaly"),
            residual(say, row), _grade(row),
        ]
        for row in rows
    ]  # fmt: skip
    return Table("risks", "The largest risks of the contract as it is, most severe first", headings, body, 0)


def _party(row: TableRow) -> str:
    """The party hit hardest, and whose money is told of where that is another."""
    return str(row["party"]) if row["party"] == row["money_party"] else f"{row['party']} (money: {row['money_party']})"


def _grade(row: TableRow) -> str:
    """Symbol and word of the grade; that of a gamed contract too where it differs."""
    own, gamed = str(row["grade"]), row.get("grade_with_gaming")
    return own if gamed in (None, "", own) else f"{own}; gamed {gamed}"


def residual(say: Trace, row: TableRow) -> str:
    """What is left of the failure that a risk leads to after the best answer tried, or that nothing was tried."""
    if isinstance(row.get("residual_gain_gbp"), float):
        left = say.pounds(row, "residual_gain_gbp", "residual_gain_error_gbp")
        return f"the best play still gains {left} ({worded(say, row, 'residual_answer')})"
    if row.get("residual_answer") is None:
        return NOT_TRIED
    return (
        f"{row['residual_failure']}: {say.percent(row, 'residual_before')} → {say.percent(row, 'residual_after')} "
        f"({worded(say, row, 'residual_answer')})"
    )


def _answers(say: Trace, rows: Sequence[TableRow]) -> str:
    """How to read the table, and what the answers named in it are."""
    told: dict[str, str] = {}
    for row in rows:
        if row.get("residual_before") is not None and row["residual_answer"] not in told:
            told[row["residual_answer"]] = f"{worded(say, row, 'residual_answer')}: {worded(say, row, 'residual_words')}"
    tried = f" Answers tried: {'; '.join(told.values())}." if told else ""
    return (
        "Cost: what a risk adds in the same futures, present value; ± one standard error; costs do not add up. Residual: chance "
        "of the failure it leads to, whatever the cause, before and after the playbook’s first choice. The register’s own "
        "mitigations were not tried; they are judgements, as are early signs."
        f"{tried} [Worked out here]({PAGE})"
    )


def _bearers(say: Trace, bearers: Paper) -> Table:
    body = []
    for row in bearers.rows:
        health = row["party"] not in PARTIES
        unit = "qaly" if health else "gbp"
        limit = "not modelled" if health else say.pounds(row, "capacity_gbp", None)
        body.append([W.sentence(str(row["party"])), limit, *(
            f"{with_error(say, row, f'{part}_{unit}', f'{part}_error_{unit}', health)}{' QALYs' if health else ''}"
            if isinstance(row.get(f"{part}_{unit}"), float) else W.NONE for part in ("together", "gamed")
        )])  # fmt: skip
    headings = ("Party", "Can bear", "All risks together, mean", "The same where the provider games")
    caption = "What each party can bear, and what all risks at once cost it (present value)"
    return Table("risk-bearers", caption, headings, body, 3)


def _misplaced(risks: Paper) -> str:
    """Risks that lie mainly with a party that neither controls nor can carry them."""
    named = [f"“{row['title']}” lies with the {row['bears_most']}, best with the {row['best_able']}" for row in risks.rows
             if row.get("flag")]  # fmt: skip
    if not named:
        return "No risk lies mainly with a party that neither controls nor can carry it."
    return f"Borne by a party that neither controls nor can carry it: {'; '.join(named)}."


def _folds(book: Book, risks: Paper) -> list[Block]:
    say = book.say
    whole = [
        [str(row["title"]), str(row["grade"]), f"{W.sentence(str(row['cause']))}; so {row['event']}; so {row['effect']}",
         str(row["owner"]), str(row["controls"]), str(row["bears_most"]), str(row["best_able"]), worded(say, row, "mitigation"),
         worded(say, row, "source")]
        for row in risks.rows
    ]  # fmt: skip
    headings = ("Risk", "Grade", "Cause, event and effect", "Owner", "Controls it", "Bears it", "Best able to bear it",
                "Mitigation", "Source")  # fmt: skip
    table = Table("risk-register", "The register: who bears each risk, and who could best bear it", headings, whole, 0)
    found: list[Block] = [Fold("The whole register", [Grid(table, "tables/risks.csv")])]
    shares = allocation_paper(book)
    if shares is not None:
        found.append(Fold("What each risk costs each party", [Grid(_allocation(say, shares), "tables/risk_allocation.csv")]))
    return found


def _allocation(say: Trace, shares: Paper) -> Table:
    def cost(row: TableRow, party: str) -> str:
        return f"{say.pounds(row, f'{party}_mean_gbp', None)}; {say.pounds(row, f'{party}_p95_gbp', None)}"

    body = [
        [str(row["title"]), *(cost(row, party) for party in PARTIES),
         f"{say.number(row, 'residents_mean_qaly', None)}; {say.number(row, 'residents_p95_qaly', None)}"]
        for row in shares.rows
    ]  # fmt: skip
    headings = ("Risk", *(f"{W.sentence(party)}: mean; 1 in 20" for party in PARTIES), "Residents, QALYs: mean; 1 in 20")
    return Table("risk-allocation", "Cost of each risk to each party, as the contract is, present value", headings, body, 5)
