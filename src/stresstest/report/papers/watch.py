"""Papers of what to watch and what to do: the best sign of each failure year by year, and the plan against each eventuality."""

from __future__ import annotations

from typing import Any

from ..advice_source import AdviceSource
from ..book import Book
from ..tracing import TableRow
from . import CHANCE, NUMBER, POUNDS, QALY, TEXT, WHOLE, YEAR, Column, Paper, paper
from .risks import FAILURES

BEST_SIGN = "best signpost"

WATCH = (
    Column("failure", "Name", TEXT, "name of the failure in the analyses"),
    Column("failure_words", "Failure", TEXT, "the failure"),
    Column("year", "Year", YEAR, "year at whose end it is looked at"),
    Column("quantity", "Quantity", TEXT, "name of what is watched"),
    Column("quantity_words", "What is watched", TEXT, "what is watched"),
    Column("limit", "Act when", TEXT, "threshold, found on one half of the futures and judged on the other"),
    Column("precision_rate", "Then it fails in", CHANCE, "chance of failure later, given the sign"),
    Column("precision_low", "Low", CHANCE, "lower end of the 95% interval of it"),
    Column("precision_high", "High", CHANCE, "upper end of the 95% interval of it"),
    Column("otherwise_rate", "Otherwise in", CHANCE, "chance of failure later without the sign"),
    Column("hit_rate", "Seen", CHANCE, "share of the failures to come that show the sign"),
    Column("false_alarm_rate", "False alarms", CHANCE, "share of the futures that hold in which the sign shows"),
    Column("lead_years", "Years ahead", NUMBER, "median years between sign and failure"),
    Column("lead_low", "Low", NUMBER, "one in ten come sooner"),
    Column("lead_high", "High", NUMBER, "one in ten come later"),
    Column("ahead_share", "Failures still ahead", CHANCE, "share of all failures that are still to come at that year's end"),
    Column("skill", "Skill", NUMBER, "share of the error of going by the base rate that the sign takes off"),
    Column("verdict", "Verdict", TEXT, "whether it tells more than the base rate"),
    Column("first_step", "First step", TEXT, "what to do when the sign shows; a judgement"),
)
ACTIONS = (
    Column("failure", "Name", TEXT, "name of the failure in the analyses"),
    Column("failure_words", "Failure", TEXT, "the failure"),
    Column("where", "Where", TEXT, "futures in which it happens often"),
    Column("where_share", "Share of futures", CHANCE, "share of all futures that lie there"),
    Column("rank", "Choice", WHOLE, "0 do nothing, then the first to third choice"),
    Column("what", "What to do", TEXT, "the mitigation"),
    Column("agree", "Who must agree", TEXT, "parties that must agree"),
    Column("act_by", "By when", TEXT, "by when it must be agreed"),
    Column("fails_rate", "Chance left", CHANCE, "chance of the failure there, judged on other futures than chose it"),
    Column("fails_low", "Low", CHANCE, "lower end of the 95% interval of the chance left"),
    Column("fails_high", "High", CHANCE, "upper end of the 95% interval of the chance left"),
    Column("answered_rate", "Left if answered", CHANCE, "chance left once the provider has found its answer to it again"),
    Column("commissioner_gbp", "Commissioner bears", POUNDS, "change of the commissioner's exposure, present value"),
    Column("commissioner_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("public_gbp", "Public purse bears", POUNDS, "change of the public exposure, present value"),
    Column("public_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("provider_gbp", "Provider's surplus", POUNDS, "change of the provider's surplus, present value"),
    Column("provider_error_gbp", "Standard error", POUNDS, "standard error of that change"),
    Column("health_qaly", "Health", QALY, "change of health, present value"),
    Column("health_error_qaly", "Standard error", QALY, "standard error of that change"),
    Column("worsens", "Makes likelier", TEXT, "other failures that it makes likelier, over all futures"),
    Column("signpost", "Sign", TEXT, "sign of it in these futures"),
)


def watch_paper(book: Book) -> Paper | None:
    """The best sign of each failure at the end of each year; None where signposts have not been looked for."""
    advice = book.advice("signposts")
    if advice is None or not advice.rows("signposts"):
        return None
    rows, seen = [], set()
    for row in advice.rows("signposts"):
        key = (str(row["failure"]), str(row["year"]))
        if key not in seen and row.get("found") is True:
            seen.add(key)
            rows.append(_sign(advice, row))
    title = "What to watch: the best sign of each failure, year by year"
    return book.add(paper("watch", title, WATCH, rows, "advice/signposts (signposts, pack, skill, at_risk)"))


def parties(names: Any) -> str:
    """Parties as words: "commissioner, nhs_england" → "commissioner, NHS England"."""
    return str(names or "").replace("nhs_england", "NHS England")


def named(failures: Any) -> str:
    """Names of failures as words: "hospital_limit +3.5 points" → "hospital limit +3.5 points"."""
    return str(failures or "").replace("_", " ")


def _sign(advice: AdviceSource, row: TableRow) -> dict[str, Any]:
    def beside(table: str, *keys: str) -> TableRow:
        return next((r for r in advice.rows(table) if all(r[key] == row[key] for key in keys)), TableRow())

    pack = beside("pack", "failure", "quantity", "year")
    skill = next((r for r in advice.rows("skill")
                  if (r["failure"], r["year"], r["method"]) == (row["failure"], row["year"], BEST_SIGN)), TableRow())  # fmt: skip
    same = ("failure", "year", "quantity", "limit", "precision_rate", "hit_rate", "false_alarm_rate", "lead_years")
    return {name: row.get(name) for name in same} | {
        "failure_words": FAILURES.get(str(row["failure"]), str(row["failure"])), "quantity_words": pack.get("words"),
        "precision_low": row.get("precision_rate_low"), "precision_high": row.get("precision_rate_high"),
        "otherwise_rate": row.get("fails_without_signal_rate"), "lead_low": row.get("lead_years_low"),
        "lead_high": row.get("lead_years_high"), "ahead_share": beside("at_risk", "failure", "year").get("failures_ahead_share"),
        "skill": skill.get("brier_skill"), "verdict": skill.get("verdict"), "first_step": pack.get("first_step"),
    }  # fmt: skip


def action_paper(book: Book) -> Paper | None:
    """The plan against each eventuality, nothing done first; None where there is no playbook."""
    advice = book.advice("playbook")
    if advice is None or not advice.rows("plan"):
        return None
    rows = [
        {column.name: row.get(column.name) for column in ACTIONS} | {
            "failure_words": FAILURES.get(str(row["failure"]), str(row["failure"])),
            "fails_low": row.get("fails_rate_low"), "fails_high": row.get("fails_rate_high"),
            "answered_rate": row.get("fails_if_answered_rate"), "provider_gbp": row.get("provider_surplus_gbp"),
            "provider_error_gbp": row.get("provider_surplus_error_gbp"),
            "agree": parties(row.get("agree")), "worsens": named(row.get("worsens")),
        }
        for row in advice.rows("plan")
    ]  # fmt: skip
    return book.add(paper("actions", "What to do: the plan against each eventuality", ACTIONS, rows, "advice/playbook (plan)"))
