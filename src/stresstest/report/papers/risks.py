"""Papers of the risk register: each risk where it hits hardest, what it costs every party, and what each party can bear.

Rows join the tables of the analysis of risks with what the playbook's first choice leaves of the failure that a risk leads to.
"""

from __future__ import annotations

from typing import Any

from ...advice.risks_answers import ANSWERS
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
#: What is told of each party, in its own sense: more is worse of an exposure, better of a surplus or of health.
MEASURES = {
    "commissioner": "net exposure", "provider": "surplus", "hospital": "net exposure", "council": "net exposure",
    RESIDENTS: "health gained",
}  # fmt: skip
FAILURES = {
    "walks_away": "the provider walks away", "commissioner_limit": "the commissioner passes its limit",
    "quality_floor": "quality stays below its floor", "hospital_limit": "the hospital bears more than its limit",
    "council_limit": "the council bears more than its limit",
}  # fmt: skip
EVERYWHERE, MEANT = "all futures", "yes"
GAMED = "_with_gaming"
SOURCE = (
    "advice/risks (register, scores, bearers, parties, together) and advice/playbook (effects); which answer acts on which risk: "
    "a judgement"
)


def _hit(mark: str, view: str) -> tuple[Column, ...]:
    """Columns of the one party at which a risk scores highest in a view: all its figures are that party's own."""
    own = f"the party hit hardest, {view}"
    return (
        Column(f"party{mark}", "Hits hardest", TEXT, f"the party at which the risk scores highest, {view}"),
        Column(f"chance{mark}", "Chance", CHANCE, f"chance that it costs {own}, something that matters over the term"),
        Column(f"chance_low{mark}", "Chance, low", CHANCE, "lower end of the 95% interval of the chance"),
        Column(f"chance_high{mark}", "Chance, high", CHANCE, "upper end of the 95% interval of the chance"),
        Column(f"mean_gbp{mark}", "Mean loss", POUNDS, f"mean cost to {own}, present value; empty for residents"),
        Column(f"mean_error_gbp{mark}", "Standard error", POUNDS, "standard error of the mean loss"),
        Column(f"p95_gbp{mark}", "Loss in 1 of 20", POUNDS, f"cost to {own}, that 1 future in 20 exceeds, present value"),
        Column(f"p95_error_gbp{mark}", "Standard error", POUNDS, "standard error of the loss in 1 of 20"),
        Column(f"mean_qaly{mark}", "Mean loss", QALY, f"mean health lost, {view}, where residents are hit hardest"),
        Column(f"mean_error_qaly{mark}", "Standard error", QALY, "standard error of the mean health lost"),
        Column(f"p95_qaly{mark}", "Loss in 1 of 20", QALY, "health lost that 1 future in 20 exceeds, residents hit hardest"),
        Column(f"p95_error_qaly{mark}", "Standard error", QALY, "standard error of the health lost in 1 of 20"),
        Column(f"score{mark}", "Score", WHOLE, f"likelihood band times impact band at that party, {view}, 1 to 25"),
        Column(f"grade{mark}", "Grade", TEXT, f"grade at that party, {view}"),
    )


RISKS = (
    Column("number", "No", WHOLE, "number of the risk in the register, most severe first as the contract is"),
    Column("risk", "Name", TEXT, "name of the risk in the register's file"),
    Column("title", "Risk", TEXT, "the risk"),
    *_hit("", "as the contract is"),
    Column("health_qaly", "Health lost", QALY, "mean health that residents lose by it as the contract is, present value"),
    Column("health_error_qaly", "Standard error", QALY, "standard error of the health lost"),
    *_hit(GAMED, "where the provider games"),
    Column("bears_most", "Bears it", TEXT, "party that bears most of it now"),
    Column("best_able", "Best able", TEXT, "party best able to bear it: it controls the risk, or can carry it"),
    Column("why_best_able", "Why", TEXT, "why that party is best able to bear it, and up to how much"),
    Column("flag", "Flag", TEXT, "set where the party that bears it neither controls nor can carry it"),
    Column("controls", "Controls it", TEXT, "parties that can do something about it"),
    Column("owner", "Owner", TEXT, "who answers for it"),
    Column("cause", "Cause", TEXT, "cause"),
    Column("event", "Event", TEXT, "event"),
    Column("effect", "Effect", TEXT, "effect"),
    Column("early_sign", "Early sign", TEXT, "what would be seen first"),
    Column("mitigation", "Mitigation", TEXT, "mitigation of the register; not tried one by one"),
    Column("residual_answer", "Answer tried", TEXT, "the playbook's best answer to this risk's own cause (a judgement)"),
    Column("residual_words", "What it is", TEXT, "that answer in words"),
    Column("residual_failure", "Failure it is meant for", TEXT, "the failure that the answer is meant for, whatever causes it"),
    Column("residual_before", "Chance without it", CHANCE, "chance of that failure in all futures, nothing done"),
    Column("residual_after", "Chance left", CHANCE, "chance of that failure in the same futures with the answer"),
    Column("own_failure", "Failure of the party hit", TEXT, "failure of the party hit, where the answer is meant for another"),
    Column("own_before", "Chance without it", CHANCE, "chance of the failure of the party hit hardest, nothing done"),
    Column("own_after", "Chance left", CHANCE, "chance of the failure of the party hit hardest with the answer"),
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
    Column("measure", "Outcome", TEXT, "the outcome of the party that is told of"),
    Column("now_gbp", "As it is", POUNDS, "mean outcome as the contract is, present value"),
    Column("now_error_gbp", "Standard error", POUNDS, "standard error of the mean outcome"),
    Column("now_qaly", "As it is", QALY, "mean health gained as the contract is, present value"),
    Column("now_error_qaly", "Standard error", QALY, "standard error of the mean health gained"),
    Column("plan_gbp", "Plan come true", POUNDS, "mean outcome were none of the risks to come, present value"),
    Column("plan_error_gbp", "Standard error", POUNDS, "standard error of the outcome were the plan to come true"),
    Column("plan_qaly", "Plan come true", QALY, "mean health gained were none of the risks to come, present value"),
    Column("plan_error_qaly", "Standard error", QALY, "standard error of the health gained were the plan to come true"),
    Column("capacity_gbp", "Can bear", POUNDS, "limit of what the party can bear of its outcome itself (not of costs of risks)"),
    Column("sum_gbp", "Added up", POUNDS, "mean costs of the same risks one by one, added up, present value"),
    Column("sum_qaly", "Added up", QALY, "mean health lost to the same risks one by one, added up, present value"),
    Column("together_gbp", "All risks at once", POUNDS, "mean cost of all risks at once, against the plan come true"),
    Column("together_error_gbp", "Standard error", POUNDS, "standard error of the cost of all risks together"),
    Column("together_qaly", "All risks at once", QALY, "mean health lost to all risks at once, against the plan come true"),
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
    views = [view_of(advice), *list(advice.facts.get("views") or ())[1:2]]
    scores = [s for s in advice.rows("scores") if s["risk"] == row["id"]]
    bearer: dict[str, Any] = next(
        (b for b in advice.rows("bearers") if (b["risk"], b["view"]) == (row["id"], views[0])), TableRow())
    found: dict[str, Any] = {}
    for mark, view in zip(("", GAMED), views, strict=False):
        found |= _figures(mark, str(row.get(f"party{mark}") or ""), {str(s["party"]): s for s in scores if s["view"] == view})
    kept = ("number", "title", "party", "score", "grade", "party_with_gaming", "score_with_gaming", "grade_with_gaming",
            "controls", "owner", "cause", "event", "effect", "early_sign", "mitigation", "quality", "source")  # fmt: skip
    lost = next((s for s in scores if (s["party"], s["view"]) == (RESIDENTS, views[0])), TableRow())
    return {name: row.get(name) for name in kept} | found | {
        "risk": row["id"], "health_qaly": lost.get("mean_cost_qaly"), "health_error_qaly": lost.get("mean_cost_error_qaly"),
        "bears_most": bearer.get("bears_most"), "best_able": bearer.get("best_able"), "why_best_able": bearer.get("sentence"),
        "flag": bearer.get("flag"),
    } | (_gain_left(book) if row["id"] == GAMING_RISK else _residual(book, str(row["id"]), str(row["party"])))  # fmt: skip


def _figures(mark: str, party: str, scores: dict[str, TableRow]) -> dict[str, Any]:
    """Chance, mean and 1 in 20 of one party in one view; the unit is the party's own and the other stays empty."""
    own: dict[str, Any] = scores.get(party, TableRow())
    found = {f"chance{end}{mark}": own.get(f"likelihood_{name}")
             for end, name in (("", "probability"), ("_low", "low"), ("_high", "high"))}  # fmt: skip
    for unit in ("gbp", "qaly"):
        found |= {
            f"mean_{unit}{mark}": own.get(f"mean_cost_{unit}"), f"mean_error_{unit}{mark}": own.get(f"mean_cost_error_{unit}"),
            f"p95_{unit}{mark}": own.get(f"p95_{unit}"), f"p95_error_{unit}{mark}": own.get(f"p95_error_{unit}"),
        }  # fmt: skip
    return found


def _residual(book: Book, risk: str, party: str) -> dict[str, Any]:
    """What the best answer to a risk's own cause leaves of the failure that it is meant for; nothing where none was tried.

    Answers meant for the failure of the party hit hardest come first. Where the best is meant for another party's failure, what
    becomes of that of the party hit stands beside.
    """
    playbook, own = book.advice("playbook"), FAILURE_OF.get(party, "")
    if playbook is None:
        return {}
    rows = [row for row in playbook.rows("effects") if row["where"] == EVERYWHERE]
    before = {row["failure"]: row["fails_rate"] for row in rows if not row.get("mitigation")}
    tried = [row for row in rows if row.get("mitigation") in ANSWERS.get(risk, ()) and row.get("meant_for_it") == MEANT
             and row["failure"] in before]  # fmt: skip
    best = min(tried, key=lambda row: (row["failure"] != own, row["fails_rate"] - before[row["failure"]]), default=None)
    if best is None:
        return {}
    found = {
        "residual_answer": str(best["mitigation"]).replace("_", " "), "residual_words": best["what"],
        "residual_failure": FAILURES.get(best["failure"]), "residual_before": before[best["failure"]],
        "residual_after": best["fails_rate"],
    }  # fmt: skip
    beside = next((row for row in rows if (row["failure"], row.get("mitigation")) == (own, best["mitigation"])), None)
    if best["failure"] == own or beside is None or own not in before:
        return found
    return found | {"own_failure": FAILURES.get(own), "own_before": before[own], "own_after": beside["fails_rate"]}


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
        row: dict[str, Any] = {"party": party["party"], "measure": MEASURES.get(str(party["party"])),
                               "capacity_gbp": party.get("capacity_gbp")}  # fmt: skip
        for name, part in (("together", own.get(True, TableRow())), ("gamed", own.get(False, TableRow()))):
            row |= {f"{name}_{what}": part.get(f"together_{what}") for what in ("gbp", "error_gbp", "qaly", "error_qaly")}
        for what in ("gbp", "error_gbp", "qaly", "error_qaly"):
            row |= {f"now_{what}": party.get(f"as_it_is_{what}"), f"plan_{what}": party.get(f"without_risks_{what}")}
        rows.append(row | {f"sum_{unit}": own.get(True, TableRow()).get(f"sum_{unit}") for unit in ("gbp", "qaly")})
    return book.add(paper("risk_bearers", "What each party can bear, and what all risks at once cost it", BEARERS, rows, SOURCE))
