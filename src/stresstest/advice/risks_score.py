"""Scores of a risk for a party: how likely it costs something that matters, how much then, and the grade.

    likelihood   the chance that the cost is beyond the materiality, with Wilson's interval
    impact       the mean cost given that it is, and the 95th percentile of all costs, as a share of what the party has
    score        band of likelihood · band of impact, 1 to 25, with the bands' own uncertainty
    grade        15 to 25 extreme, 8 to 12 high, 4 to 6 moderate, 1 to 3 low, as in the NPSA's matrix (2008)

A risk that never costs anything that matters is 1 × 1, and its likelihood is at most 3 in n with 95% confidence (rule of three:
Hanley and Lippman-Hand 1983).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..config.risk_register import PARTIES, Register, Risk
from .breakeven_sample import Sample, ratio
from .risks_cost import MONEY, Ledger

GRADES = ((15, "● extreme"), (8, "▲ high"), (4, "◆ moderate"), (0, "■ low"))


def grade(score: int) -> str:
    """The grade of a score, in a word and a symbol."""
    return next(words for least, words in GRADES if score >= least)


def score_row(ledger: Ledger, register: Register, risk: Risk, view: str, party: str) -> dict[str, Any]:
    """Likelihood, impact, bands, score and grade of one risk for one party."""
    sample, cost = ledger.sample, ledger.costs[risk.id][view][party]
    kind = "money" if party in MONEY else "health"
    unit, has = "gbp" if kind == "money" else "qaly", ledger.resources[party]
    least = register.materiality[kind].value * has
    event = (cost > least).astype(np.float64)
    chance, mean, worst = sample.share(event), sample.mean(cost), sample.quantile(cost, 0.95)
    never = not event.any()
    given, error = (math.nan, math.nan) if never else ratio(sample, cost * event, event)
    likely = [1] * 3 if never else [register.band("likelihood", x) for x in (chance.low, chance.value, chance.high)]
    hit = [1] * 3 if never else [
        register.band(kind, max(0.0, x) / has) for x in (given - 1.96 * error, given, given + 1.96 * error)
    ]  # fmt: skip
    score = [a * b for a, b in zip(likely, hit, strict=True)]
    return {
        "risk": risk.id, "title": risk.title, "view": view, "party": party,
        "likelihood_probability": chance.value, "likelihood_probability_error": chance.error,
        "likelihood_low": 0.0 if never else chance.low, "likelihood_high": 3.0 / sample.size if never else chance.high,
        **_figures("impact", unit, given, error), "impact_share": given / has, "impact_share_error": error / has,
        **_figures("mean_cost", unit, mean.value, mean.error), **_figures("p95", unit, worst.value, worst.error),
        "p95_low": worst.low, "p95_high": worst.high, "p95_share": worst.value / has, "material_from": least,
        "likelihood_band": likely[1], "impact_band": hit[1], "score": score[1], "score_low": score[0], "score_high": score[2],
        "grade": grade(score[1]),
        "told": f"never in {sample.n:,} futures: at most 3 in {sample.size:,.0f}" if never else "",
    }  # fmt: skip


def _figures(name: str, unit: str, value: float, error: float) -> dict[str, float | None]:
    """A figure and its error under its own unit; the other unit stays empty."""
    found: dict[str, float | None] = {}
    for one in ("gbp", "qaly"):
        own = one == unit and math.isfinite(value)
        found |= {f"{name}_{one}": value if own else None, f"{name}_error_{one}": error if own else None}
    return found


def register_rows(register: Register, scores: list[dict[str, Any]], views: tuple[str, ...]) -> list[dict[str, Any]]:
    """One row a risk: number, words, the worst party and its score in each view, and who owns and controls it."""
    rows = []
    for risk in register.risks:
        row: dict[str, Any] = {"id": risk.id, "title": risk.title}
        for view in views:
            own = [one for one in scores if one["risk"] == risk.id and one["view"] == view]
            worst = max(own, key=lambda one: (one["score"], abs(one["mean_cost_gbp"] or 0.0)))
            mark = "" if view == views[0] else "_with_gaming"
            row |= {
                f"party{mark}": worst["party"], f"likelihood_band{mark}": worst["likelihood_band"],
                f"impact_band{mark}": worst["impact_band"], f"score{mark}": worst["score"], f"grade{mark}": worst["grade"],
                f"score_low{mark}": worst["score_low"], f"score_high{mark}": worst["score_high"],
            }  # fmt: skip
        rows.append(row | {
            "cause": risk.cause, "event": risk.event, "effect": risk.effect, "owner": risk.owner,
            "controls": ", ".join(risk.controls) or "nobody", "early_sign": risk.early_sign, "mitigation": risk.mitigation,
            "source": risk.source, "quality": risk.quality,
        })  # fmt: skip
    rows.sort(key=lambda row: (-row["score"], -_expected(scores, row["id"])))
    return [{"number": k + 1, **row} for k, row in enumerate(rows)]


def _expected(scores: list[dict[str, Any]], risk: str) -> float:
    """Expected cost in money of all parties, as the contract is."""
    first = scores[0]["view"]
    return sum(one["mean_cost_gbp"] or 0.0 for one in scores if one["risk"] == risk and one["view"] == first)


def together_rows(ledger: Ledger, register: Register) -> list[dict[str, Any]]:
    """By view and party: the risks' mean costs added up, their cost all at once, and the difference, with paired errors."""
    rows = []
    scope = {one.id for one in register.risks if one.scope}
    for view, all_at_once in ledger.together.items():
        for party in PARTIES:
            unit = "gbp" if party in MONEY else "qaly"
            summed = np.sum([costs[view][party] for name, costs in ledger.costs.items() if name not in scope], axis=0)
            row: dict[str, Any] = {"view": view, "party": party}
            for name, x in (("sum", summed), ("together", all_at_once[party]), ("interaction", all_at_once[party] - summed)):
                found = ledger.sample.mean(x)
                row |= _figures(name, unit, found.value, found.error)
            rows.append(row)
    return rows


__all__ = ["GRADES", "Sample", "grade", "register_rows", "score_row", "together_rows"]
