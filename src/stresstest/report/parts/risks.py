"""What may go wrong, who bears it, and what is left of it: the ten largest risks, the whole register, and the parties."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..document import Block, Fold, Grid, Section, Text
from ..papers import Paper
from ..papers.risks import FAILURES, GAMED, GAMING_RISK, PARTIES, allocation_paper, bearers_paper, risk_paper
from ..table import Table
from ..tracing import TableRow, Trace

NAME, TITLE, QUESTIONS = "risks", "Key risks: who bears them, how likely they are and what is left", ("IS1", "IS2")
PAGE = "../advice/risks/index.html"
LARGEST, EXTREME = 10, "extreme"
NOT_TRIED = "none tried"
#: Risks that lie in how much of the scope is ever run: not in the cost of all risks at once.
OF_THE_SCOPE = ("never_starts", "partial_scope", "council_stays_out")
#: The failures as the table names them.
BRIEFLY = {
    FAILURES["walks_away"]: "provider leaves", FAILURES["commissioner_limit"]: "commissioner’s limit",
    FAILURES["quality_floor"]: "quality floor", FAILURES["hospital_limit"]: "hospital’s limit",
    FAILURES["council_limit"]: "council’s limit",
}  # fmt: skip
CURSE, BIDDERS = "winners_curse", "place.opening.bidders"


def section(book: Book) -> Section:
    """The section; where risks have not been analysed it says how to do so."""
    risks = risk_paper(book)
    if risks is None:
        return Section(NAME, TITLE, [Text(missing("Who bears which risk"))], QUESTIONS, new_page=True)
    bearers, blocks = bearers_paper(book), [_lead(book.say, risks)]
    top = shown(risks)
    blocks.append(Grid(_table(book.say, top), "tables/risks.csv", "gaming"))
    blocks.append(Text(_answers(book, top), "sub"))
    if bearers is not None:
        blocks.append(Grid(_bearers(book.say, bearers), "tables/risk_bearers.csv", "gaming"))
        blocks.append(Text(_counted(risks), "sub"))
    blocks.append(Text(_misplaced(book.say, risks), "sub"))
    answers = Fold("Answers tried", [_tried(book.say, risks.rows)])
    return Section(NAME, TITLE, [*blocks, answers, *_folds(book, risks)], QUESTIONS, new_page=True)


# ── words that other sections use too ──────────────────────────────────────────────────────────────────────────────
def missing(what: str, command: str = "stresstest advise RUN") -> str:
    """One sentence for what a run lacks, with the command that makes it."""
    return f"{what} has not been worked out for this run: `{command}` makes it."


def worded(say: Trace, row: TableRow, column: str) -> str:
    """A cell of words; cited where it holds a figure, a dash where it is empty."""
    text = str(row.get(column) or "")
    return say.text(row, column) if any(letter.isdigit() for letter in text) else text or W.NONE


def chance_words(say: Trace, row: TableRow, value: str, low: str = "", high: str = "") -> str:
    """A chance, its interval if named and its word: "55.3% (54.9% to 55.6%), likely"."""
    shown = row.get(value)
    if not isinstance(shown, float):
        return W.NONE
    ends = f" ({say.percent(row, low)} to {say.percent(row, high)})" if isinstance(row.get(low), float) else ""
    return f"{say.percent(row, value)}{ends}, {W.likelihood(shown)}"


def signed(say: Trace, row: TableRow, column: str, gains: str = "gained", error: str | None = None) -> str:
    """A loss, in pounds or QALYs by its column; a minus is said in a word too: "−368 (gained)"."""
    shown = say.number(row, column, error) if "qaly" in column else say.pounds(row, column, error)
    return f"{shown} ({gains})" if shown.count(W.MINUS) else shown


def with_error(say: Trace, row: TableRow, value: str, error: str, qaly: bool = False) -> str:
    """An amount and its standard error: "£290m ± £600k", "2,397 ± 12"."""
    spread = row.get(error)
    if row.get(value) == 0.0:
        return say.cite(row, value, "0" if qaly else "£0")
    shown = say.number(row, value, error) if qaly else say.pounds(row, value, error)
    if shown == W.NONE or not isinstance(spread, float) or not W.known(spread):
        return shown
    told = W.spare(spread, W.number if qaly else W.pounds)
    return f"{shown} ± {say.cite(row, error, told)}" if told.strip("£0.") else shown


# ── this section's own ─────────────────────────────────────────────────────────────────────────────────────────────
def shown(risks: Paper) -> list[TableRow]:
    """The largest risks of the register, and behind them those that are extreme where the provider games."""
    return [row for k, row in enumerate(risks.rows) if k < LARGEST or EXTREME in str(row.get(f"grade{GAMED}") or "")]


def _lead(say: Trace, risks: Paper) -> Block:
    first = risks.rows[0]
    words = (
        f"With an honest provider the gravest risk is “{first['title']}”: it costs the {first['party']} "
        f"{loss(say, first, 'mean')} on average, and {loss(say, first, 'p95')} or more in 1 in 20 futures."
    )
    gaming = next((row for row in risks.rows if row["risk"] == GAMING_RISK), None)
    if gaming is not None and isinstance(gaming.get(f"chance{GAMED}"), float):
        words += (
            f" Gaming costs nothing while the provider is honest; where it games, that costs the {gaming[f'party{GAMED}']} "
            f"{loss(say, gaming, 'mean', GAMED)} on average ({gaming[f'grade{GAMED}']})."
        )
    return Text(words, "lead")


def loss(say: Trace, row: TableRow, name: str, mark: str = "", error: bool = False) -> str:
    """Mean loss, or that of 1 in 20, of the party hit hardest in its own unit: "£290m", "567 QALYs"."""
    unit = "qaly" if isinstance(row.get(f"{name}_qaly{mark}"), float) else "gbp"
    column, spread = f"{name}_{unit}{mark}", f"{name}_error_{unit}{mark}"
    if unit == "gbp":
        return with_error(say, row, column, spread) if error else say.pounds(row, column, spread)
    return f"{with_error(say, row, column, spread, True) if error else say.number(row, column, spread)} QALYs"


def _table(say: Trace, rows: Sequence[TableRow]) -> Table:
    headings = ("Risk", "Hits hardest: grade (score)", "Chance that it matters to it",
                "Its loss: mean; 1 in 20 exceed", "Health lost, QALYs, mean", "Where the provider games", "Early sign",
                "Mitigation in the register", "Answer tried: failure before → after")  # fmt: skip
    body = [
        [str(row["title"]), *_honest(say, row), _gamed(say, row), worded(say, row, "early_sign"), worded(say, row, "mitigation"),
         residual(say, row)]
        for row in rows
    ]  # fmt: skip
    caption = "The largest risks with an honest provider, most severe first; behind them those that are extreme where it games"
    return Table("risks", caption, headings, body, 0)


def _honest(say: Trace, row: TableRow) -> list[str]:
    """Party with grade and score, chance, mean, 1 in 20 and health, with an honest provider; gaming then never happens."""
    if row["risk"] == GAMING_RISK and row.get("chance") == 0.0:
        return [_hit(say, row), "not while it is honest", *[W.NONE] * 2]
    return [
        _hit(say, row), chance_words(say, row, "chance"), f"{loss(say, row, 'mean')}; {loss(say, row, 'p95', error=True)}",
        signed(say, row, "health_qaly", "gained", "health_error_qaly"),
    ]  # fmt: skip


def _hit(say: Trace, row: TableRow, mark: str = "") -> str:
    """Party, grade and score: "commissioner: ● extreme (25)"."""
    score = row.get(f"score{mark}")
    told = f" ({say.cite(row, f'score{mark}', f'{score:.0f}')})" if isinstance(score, float | int) else ""
    return f"{row[f'party{mark}']}: {row[f'grade{mark}']}{told}"


def _gamed(say: Trace, row: TableRow) -> str:
    """Party, grade and score where the provider games, for gaming itself with chance and mean; a dash without gaming."""
    if not isinstance(row.get(f"chance{GAMED}"), float):
        return W.NONE
    if row["risk"] != GAMING_RISK:
        return _hit(say, row, GAMED)
    return f"{_hit(say, row, GAMED)}; {say.percent(row, f'chance{GAMED}')}; mean {loss(say, row, 'mean', GAMED)}"


def residual(say: Trace, row: TableRow) -> str:
    """What the best answer to this risk's own cause leaves of the failure that it is meant for, or that none was tried."""
    if isinstance(row.get("residual_gain_gbp"), float):
        left = say.pounds(row, "residual_gain_gbp", "residual_gain_error_gbp")
        return f"the best play still gains {left} ({worded(say, row, 'residual_answer')})"
    if row.get("residual_answer") is None:
        return NOT_TRIED
    own = (
        f"; {BRIEFLY[row['own_failure']]} {say.percent(row, 'own_before')} → {say.percent(row, 'own_after')}"
        if row.get("own_failure") is not None else ""
    )  # fmt: skip
    return (
        f"{worded(say, row, 'residual_answer')}: {BRIEFLY[row['residual_failure']]} {say.percent(row, 'residual_before')} → "
        f"{say.percent(row, 'residual_after')}{own}"
    )


def _answers(book: Book, rows: Sequence[TableRow]) -> str:
    """How to read the table in brief."""
    return (
        "All figures of a row are of the one party named in it, where the risk scores highest; residents’ are QALYs. Cost: "
        "outcome as the contract is less outcome without the risk, same futures, present value; ± one standard error (intervals "
        "of the chances: in the file). Answer tried: the playbook’s best against this risk’s own cause (a judgement), and what "
        "becomes of the failure, whatever its cause. Mitigations of the register and early signs are judgements, not tried."
        f"{_curse(book, rows)} [Worked out here]({PAGE})"
    )


def _tried(say: Trace, rows: Sequence[TableRow]) -> Text:
    """What the answers named in the table are, and what an empty cell means."""
    told: dict[str, str] = {}
    for row in rows:
        if row.get("residual_before") is not None and row["residual_answer"] not in told:
            told[row["residual_answer"]] = f"{worded(say, row, 'residual_answer')}: {worded(say, row, 'residual_words')}"
    return Text(
        f"{'; '.join(told.values())}{'. ' if told else ''}“None tried”: the playbook’s library has none that acts on the cause; "
        "what helps against a failure as such stands under [what to do](#watch).", "sub",
    )  # fmt: skip


def _curse(book: Book, rows: Sequence[TableRow]) -> str:
    """That one bidder knows no winner's curse, where there is one and the misjudged bid is among the risks shown."""
    row = next((one for one in rows if one["risk"] == CURSE), None)
    input_row = next((one for one in book.source.rows("assumptions") if one["key"] == BIDDERS), None)
    if row is None or input_row is None or str(input_row["value"]) not in ("1", "1.0"):
        return ""
    return (
        f" “{row['title']}” is no winner’s curse here: with {book.say.text(input_row, 'value')} bidder the mistake falls either "
        "way."
    )


def _bearers(say: Trace, bearers: Paper) -> Table:
    body = []
    for row in bearers.rows:
        health = row["party"] not in PARTIES
        limit = "not modelled" if health else say.pounds(row, "capacity_gbp", None)
        if row["party"] == "provider":
            limit = f"a loss of {limit}"
        body.append([f"{W.sentence(str(row['party']))}: {row['measure'] or W.NONE}", *_amounts(say, row, ("plan", "now"), health),
                     limit, *_amounts(say, row, ("together", "sum", "gamed"), health)])  # fmt: skip
    headings = ("Party: outcome, mean", "Plan come true", "As the contract is", "Can bear of that outcome",
                "Cost of all risks at once, against the plan", "One by one, added up", "At once where it games")  # fmt: skip
    caption = "Each party’s outcome and its limit; and, of another measure, what all risks cost it (means, present value)"
    return Table("risk-bearers", caption, headings, body, 6)


def _amounts(say: Trace, row: TableRow, names: Sequence[str], health: bool) -> list[str]:
    """Amounts in the party's own unit with their errors; a dash for what the analysis lacks."""
    unit = "qaly" if health else "gbp"
    return [
        f"{with_error(say, row, f'{name}_{unit}', f'{name}_error_{unit}', health)}{' QALYs' if health else ''}"
        if isinstance(row.get(f"{name}_{unit}"), float) else W.NONE for name in names
    ]  # fmt: skip


def _counted(risks: Paper) -> str:
    """Against what costs are counted, and what is not in them."""
    left = [f"“{row['title']}”" for row in risks.rows if row["risk"] in OF_THE_SCOPE]
    out = f" Not in them: {W.listed(left)} (how much of the scope is ever run)." if left else ""
    return (
        "Costs are counted from the plan come true, not from the agreed budget: the provider’s are first surplus forgone and "
        "only then loss. They are not to be held against what a party can bear, a limit on the outcome itself: a hurdle chosen "
        "for the study (a judgement), or the provider’s reserve, loss cap and guarantee. Once and added up differ, as a contract "
        f"ends once.{out}"
    )


def _misplaced(say: Trace, risks: Paper) -> str:
    """Risks that lie mainly with a party that neither controls nor can carry them, with how much the best able could carry."""
    named = [f"“{row['title']}” lies with the {row['bears_most']}; best able: {worded(say, row, 'why_best_able')}"
             for row in risks.rows if row.get("flag")]  # fmt: skip
    if not named:
        return "No risk lies mainly with a party that neither controls nor can carry it."
    return (
        f"Borne by a party that neither controls nor can carry it: {'; '.join(named)}. The rule sets the risk’s own cost beside "
        "what a party can bear, as if nothing else went wrong."
    )


def _folds(book: Book, risks: Paper) -> list[Block]:
    say = book.say
    whole = [
        [str(row["title"]), str(row["grade"]), f"{W.sentence(str(row['cause']))}; so {row['event']}; so {row['effect']}",
         str(row["owner"]), str(row["controls"]), str(row["bears_most"]), worded(say, row, "why_best_able"),
         worded(say, row, "mitigation"),
         worded(say, row, "source")]
        for row in risks.rows
    ]  # fmt: skip
    headings = ("Risk", "Grade", "Cause, event and effect", "Owner", "Controls it", "Bears it",
                "Best able to bear it, up to what", "Mitigation", "Source")  # fmt: skip
    table = Table("risk-register", "The register: who bears each risk, and who could best bear it", headings, whole, 0)
    found: list[Block] = [Fold("The whole register", [Grid(table, "tables/risks.csv")])]
    shares = allocation_paper(book)
    if shares is not None:
        found.append(Fold("What each risk costs each party", [Grid(_allocation(say, shares), "tables/risk_allocation.csv"), Text(
            "Each risk alone, with an honest provider: outcome as the contract is less outcome without the risk, in the same "
            "futures. The commissioner’s, hospital’s and council’s are net exposure; the provider’s is surplus forgone, most of "
            "it no loss; a minus is a gain. They do not add up to the cost of all risks at once.", "sub",
        )]))  # fmt: skip
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
    caption = "Cost of each risk alone to each party, against the same futures without it: honest provider, present value"
    return Table("risk-allocation", caption, headings, body, 5)
