"""Papers of the risk register: each risk where it hits hardest, what it costs every party, and what each party can bear.

Rows join the tables of the analysis of risks with what the playbook's first choice leaves of the failure that a risk leads to.
"""

from __future__ import annotations

from typing import Any

from ..advice_source import AdviceSource
from ..book import Book
from ..tracing import TableRow
from . import CHANCE, POUNDS, QALY, TEXT, WHOLE, Column, Paper, paper

RESIDENTS, GAMING_RISK = "residents", "gaming"
PARTIES = ("commissioner", "provider", "hospital", "council")
#: The failure that is each party's own, by the names of the analyses.
FAILURE_OF = {
    "provider": "walks_away", "commissioner": "commissioner_limit", "hospital": "hospital_limit", "council": "council_limit",
    RESIDENTS: "quality_floor",
}  # fmt: skip
FAILURES = {
    "walks_away": "the provider walks away", "commissioner_limit": "the commissioner passes its limit",
    "quality_floor": "quality stays below its floor", "hospital_limit": "the hospital bears more than its limit",
    "council_limit": "the council bears more than its limit",
}  # fmt: skip
EVERYWHERE = "all futures"
SOURCE = "advice/risks (register, scores, bearers, parties, together) and advice/playbook (plan, effects)"

RISKS = (
    Column("number", "No", WHOLE, "number of the risk in the register, most severe first"),
    Column("risk", "Name", TEXT, "name of the risk in the register's file"),
    Column("title", "Risk", TEXT, "the risk"),
    Column("party", "Hits hardest", TEXT, "the party at which the risk scores highest, as the contract is"),
    Column("chance", "Chance", CHANCE, "chance that it costs that party something that matters over the term"),
    Column("chance_low", "Chance, low", CHANCE, "lower end of the 95% interval of the chance"),
    Column("chance_high", "Chance, high", CHANCE, "upper end of the 95% interval of the chance"),
    Column("money_party", "Pays most", TEXT, "the party that loses most money: the one hit hardest, or, where that is residents, "
           "the one that bears most"),
    Column("mean_gbp", "Mean loss", POUNDS, "mean cost to the party that pays most, all futures, present value"),
    Column("mean_error_gbp", "Standard error", POUNDS, "standard error of the mean loss"),
    Column("p95_gbp", "Loss in 1 of 20", POUNDS, "cost that 1 future in 20 exceeds, party that pays most, present value"),
    Column("p95_error_gbp", "Standard error", POUNDS, "standard error of the loss in 1 of 20"),
    Column("health_qaly", "Health lost", QALY, "mean health that residents lose by it, present value"),
    Column("health_error_qaly", "Standard error", QALY, "standard error of the health lost"),
    Column("score", "Score", WHOLE, "likelihood band times impact band, 1 to 25"),
    Column("grade", "Grade", TEXT, "grade as the contract is"),
    Column("grade_with_gaming", "Grade, gamed", TEXT, "grade where the provider games"),
    Column("bears_most", "Bears it", TEXT, "party that bears most of it now"),
    Column("best_able", "Best able", TEXT, "party best able to bear it: it controls the risk, or can carry it"),
    Column("why_best_able", "Why", TEXT, "why that party is best able to bear it"),
    Column("flag", "Flag", TEXT, "set where the party that bears it neither controls nor can carry it"),
    Column("controls", "Controls it", TEXT, "parties that can do something about it"),
    Column("owner", "Owner", TEXT, "who answers for it"),
    Column("cause", "Cause", TEXT, "cause"),
    Column("event", "Event", TEXT, "event"),
    Column("effect", "Effect", TEXT, "effect"),
    Column("early_sign", "Early sign", TEXT, "what would be seen first"),
    Column("mitigation", "Mitigation", TEXT, "mitigation of the register; not tried one by one"),
    Column("residual_failure", "Failure it leads to", TEXT, "the failure of the party hit hardest, whatever causes it"),
    Column("residual_answer", "Best answer tried", TEXT, "the playbook's first choice against that failure, by name"),
    Column("residual_words", "What it is", TEXT, "that answer in words"),
    Column("residual_before", "Chance without it", CHANCE, "chance of that failure in all futures, nothing done"),
    Column("residual_after", "Chance left", CHANCE, "chance of that failure in the same futures with the best answer"),
    Column("residual_gain_gbp", "Gain left", POUNDS, "gaming only: what the best play still gains after every change of wording"),
    Column("residual_gain_error_gbp", "Standard error", POUNDS, "standard error of the gain left"),
    Column("quality", "Basis", TEXT, "quality of the evidence"),
    Column("source", "Source", TEXT, "sources of the entry in the register"),
)  # fmt: skip
_PARTY_COLUMNS = tuple(
    Column(f"{party}_{part}gbp", f"{party.capitalize()}, {words}", POUNDS, f"{words} of the risk to the {party}, present value")
    for party in PARTIES for part, words in (("mean_", "mean cost"), ("p95_", "cost in 1 of 20"))
)  # fmt: skip
ALLOCATION = (
    Column("risk", "Name", TEXT, "name of the risk in the register's file"),
    Column("title", "Risk", TEXT, "the risk"),
    *_PARTY_COLUMNS,
    Column("residents_mean_qaly", "Residents, mean", QALY, "mean health lost, present value"),
    Column("residents_p95_qaly", "Residents, 1 in 20", QALY, "health lost that 1 future in 20 exceeds, present value"),
)
BEARERS = (
    Column("party", "Party", TEXT, "who bears"),
    Column("capacity_gbp", "Can bear", POUNDS, "what the party can bear over the term, present value"),
    Column("capacity_qaly", "Can bear", QALY, "health of residents if no risk came to pass"),
    Column("together_gbp", "All risks together", POUNDS, "mean cost of all risks at once, present value"),
    Column("together_error_gbp", "Standard error", POUNDS, "standard error of the cost of all risks together"),
    Column("together_qaly", "All risks together", QALY, "mean health lost to all risks at once, present value"),
    Column("together_error_qaly", "Standard error", QALY, "standard error of the health lost"),
    Column("gamed_gbp", "With gaming", POUNDS, "the same where the provider games"),
    Column("gamed_error_gbp", "Standard error", POUNDS, "standard error of the cost with gaming"),
    Column("gamed_qaly", "With gaming", QALY, "the same where the provider games"),
    Column("gamed_error_qaly", "Standard error", QALY, "standard error of the health lost with gaming"),
)


def risk_paper(book: Book) -> Paper | None:
    """The register, one risk a row, where it hits hardest; None where risks have not been analysed."""
    advice = book.advice("risks")
    if advice is None or not advice.rows("register"):
        return None
    return book.add(paper("risks", "Risks, who bears them and what is left", RISKS, [
        _risk(book, advice, row) for row in advice.rows("register")
    ], SOURCE))  # fmt: skip


def view_of(advice: AdviceSource) -> str:
    """The view of the contract as it is, by the name that the analysis gave it."""
    views = advice.facts.get("views") or ["as the contract is"]
    return str(views[0])


def _risk(book: Book, advice: AdviceSource, row: TableRow) -> dict[str, Any]:
    view, party = view_of(advice), str(row["party"])
    scores = {str(s["party"]): s for s in advice.rows("scores") if (s["risk"], s["view"]) == (row["id"], view)}
    bearer: dict[str, Any] = next((b for b in advice.rows("bearers") if (b["risk"], b["view"]) == (row["id"], view)), TableRow())
    worst, money = scores.get(party, TableRow()), _money_party(party, str(bearer.get("bears_most") or ""))
    paid, lost = scores.get(money, TableRow()), scores.get(RESIDENTS, TableRow())
    kept = ("number", "title", "party", "score", "grade", "grade_with_gaming", "controls", "owner", "cause", "event", "effect",
            "early_sign", "mitigation", "quality", "source")  # fmt: skip
    return {name: row.get(name) for name in kept} | {
        "risk": row["id"], "chance": worst.get("likelihood_probability"), "chance_low": worst.get("likelihood_low"),
        "chance_high": worst.get("likelihood_high"), "money_party": money, "mean_gbp": paid.get("mean_cost_gbp"),
        "mean_error_gbp": paid.get("mean_cost_error_gbp"), "p95_gbp": paid.get("p95_gbp"),
        "p95_error_gbp": paid.get("p95_error_gbp"), "health_qaly": lost.get("mean_cost_qaly"),
        "health_error_qaly": lost.get("mean_cost_error_qaly"), "bears_most": bearer.get("bears_most"),
        "best_able": bearer.get("best_able"), "why_best_able": bearer.get("sentence"), "flag": bearer.get("flag"),
    } | (_gain_left(book) if row["id"] == GAMING_RISK else _residual(book, FAILURE_OF.get(party, "")))  # fmt: skip


def _money_party(party: str, bears_most: str) -> str:
    """The party whose money is told of: the one hit hardest, else the one that bears most."""
    return party if party in PARTIES else bears_most if bears_most in PARTIES else PARTIES[0]


def _residual(book: Book, failure: str) -> dict[str, Any]:
    """What the playbook's first choice leaves of a failure, in all futures; only the failure's name where nothing was tried."""
    found: dict[str, Any] = {"residual_failure": FAILURES.get(failure)}
    playbook = book.advice("playbook")
    if playbook is None:
        return found
    own = [row for row in playbook.rows("effects") if row["failure"] == failure and row["where"] == EVERYWHERE]
    first = next((r["mitigation"] for r in playbook.rows("plan") if r["failure"] == failure and r.get("mitigation")), None)
    before = next((row for row in own if not row.get("mitigation")), None)
    after = next((row for row in own if first and row.get("mitigation") == first), None)
    if before is None or after is None:
        return found
    return found | {
        "residual_answer": str(after["mitigation"]).replace("_", " "), "residual_words": after["what"],
        "residual_before": before["fails_rate"], "residual_after": after["fails_rate"],
    }  # fmt: skip


def _gain_left(book: Book) -> dict[str, Any]:
    """What gaming still gains once every change of wording is made together."""
    best = book.source.best_combination
    if best is None or best.get("residual_gain_mean_gbp") is None:
        return {}
    return {
        "residual_answer": "every change of wording", "residual_words": best["fix"],
        "residual_gain_gbp": best["residual_gain_mean_gbp"], "residual_gain_error_gbp": best["residual_error_gbp"],
    }  # fmt: skip


def allocation_paper(book: Book) -> Paper | None:
    """What each risk costs each party, mean and 1 in 20, as the contract is; None where risks have not been analysed."""
    advice = book.advice("risks")
    if advice is None or not advice.rows("scores"):
        return None
    rows: dict[str, dict[str, Any]] = {str(r["id"]): {"risk": r["id"], "title": r["title"]} for r in advice.rows("register")}
    for score in advice.rows("scores"):
        if score["view"] == view_of(advice) and str(score["risk"]) in rows:
            unit = "qaly" if score["party"] == RESIDENTS else "gbp"
            rows[str(score["risk"])] |= {
                f"{score['party']}_mean_{unit}": score[f"mean_cost_{unit}"], f"{score['party']}_p95_{unit}": score[f"p95_{unit}"],
            }  # fmt: skip
    return book.add(paper("risk_allocation", "What each risk costs each party", ALLOCATION, list(rows.values()), SOURCE))


def bearers_paper(book: Book) -> Paper | None:
    """What each party can bear beside the cost of all risks at once; None where risks have not been analysed."""
    advice = book.advice("risks")
    if advice is None or not advice.rows("parties"):
        return None
    view = view_of(advice)
    rows = []
    for party in advice.rows("parties"):
        own = {str(r["view"]) == view: r for r in advice.rows("together") if r["party"] == party["party"]}
        row = {"party": party["party"], "capacity_gbp": party.get("capacity_gbp"), "capacity_qaly": party.get("resources_qaly")}
        for name, part in (("together", own.get(True, TableRow())), ("gamed", own.get(False, TableRow()))):
            row |= {f"{name}_{what}": part.get(f"together_{what}") for what in ("gbp", "error_gbp", "qaly", "error_qaly")}
        rows.append(row)
    return book.add(paper("risk_bearers", "What each party can bear, and what all risks together cost it", BEARERS, rows, SOURCE))
