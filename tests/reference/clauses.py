"""The clauses once more, one function each: (values of the year, record, paid, memory) → amount to the provider."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Values = dict[str, Any]
Clause = Callable[[Values, SimpleNamespace, SimpleNamespace, dict[str, Any]], float]


def held(x: float, low: float, high: float) -> float:
    """x, no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def growth_of_price(v: Values, r: SimpleNamespace, last_funding: float) -> float:
    """Growth of the price from last year to this."""
    if v["form"] == "allocation_linked":
        growth = r.funding / last_funding - 1.0
    elif v["form"] == "fixed":
        growth = 0.0
    elif v["combination"] == "additive":
        growth = v["inflation"] - v["efficiency"] + v["demand"] + v["list_uplift"]
    else:
        growth = (1.0 + v["inflation"]) * (1.0 - v["efficiency"]) * (1.0 + v["demand"]) * (1.0 + v["list_uplift"]) - 1.0
    return held(growth, v["growth_floor"], v["growth_ceiling"])


def annual_payment(v: Values, r: SimpleNamespace, paid: SimpleNamespace, memory: dict[str, Any]) -> float:
    """The whole-population budget."""
    if memory:
        memory["price"] *= 1.0 + growth_of_price(v, r, memory["funding"])
    else:
        memory["price"] = v["opening_price"] * (1.0 + v["base_year_weight"] * r.base)
    memory["funding"] = r.funding

    def due(heads: float, need: float) -> float:
        heads = min(heads, r.audit_list * (1.0 + v["list_tolerance"]))
        ratio = held(need / (1.0 + v["expected_need_growth"]) ** r.year, 1.0 - v["coding_cap"], 1.0 + v["coding_cap"])
        more_heads = v["list_pass_through"] * (heads / r.list_base - 1.0)
        asked = min(r.bid, 0.0) if v["form"] == "fixed" else r.bid
        return memory["price"] * (1.0 + asked) * (1.0 + more_heads) * (1.0 + v["need_pass_through"] * (ratio - 1.0))

    paid.annual = due(r.list, r.need)
    paid.list_over = paid.annual - due(r.audit_list, r.need)
    paid.need_over = paid.annual - due(r.list, r.audit_need)
    return paid.annual


def indicator_score(x: float, floor: float, target: float, step_share: float) -> float:
    """Score of one indicator between 0 and 1."""
    there = x >= target if target >= floor else x <= target
    line = float(there) if target == floor else held((x - floor) / (target - floor), 0.0, 1.0)
    return (1.0 - step_share) * line + step_share * there


def improvement_payment(v: Values, r: SimpleNamespace, paid: SimpleNamespace, memory: dict[str, Any]) -> float:
    """The part of the budget that hangs on outcomes."""
    pot = v["at_risk"] * paid.annual

    def due(score: float) -> float:
        return pot * score if v["style"] == "additional" else -pot * (1.0 - score)

    paid.score = score_of(v, r, r.indicators, memory)
    paid.score_over = due(paid.score) - due(score_of(v, r, r.audited, memory))
    if r.year + 1 >= v["rebase_from"]:
        for row in v["indicators"]:
            moved = memory.get(row["name"], 0.0)
            x = counted(r, r.indicators, row["name"], v["exception_cap"], row["target"] > row["floor"])
            memory[row["name"]] = moved + v["rebase"] * (x - row["target"] - moved)
    return due(paid.score)


def score_of(v: Values, r: SimpleNamespace, values: dict[str, float], memory: dict[str, Any]) -> float:
    """The score of these values of the indicators, with open weights steered to the best; targets as they stand."""
    scores, weights = [], []
    for row in v["indicators"]:
        moved = memory.get(row["name"], 0.0)
        x = counted(r, values, row["name"], v["exception_cap"], row["target"] > row["floor"])
        scores.append(indicator_score(x, row["floor"] + moved, row["target"] + moved, v["step_share"]))
        weights.append(row["weight"])
    mean = sum(a * b for a, b in zip(weights, scores, strict=True)) / sum(weights)
    return mean + v["open_weights"] * r.steered * (max(scores) - mean)


def counted(r: SimpleNamespace, values: dict[str, float], name: str, cap: float, rising: bool) -> float:
    """A value with no more exceptions than the cap: put back to everybody, then relieved of what is allowed."""
    value, effect = values[name], r.exception_effects[name]
    everybody, relieved = 1.0 - effect * r.exceptions, 1.0 - effect * min(r.exceptions, cap)
    return value * everybody / relieved if rising else value / everybody * relieved


def shared(v: Values, gap: float, expected: float, quality: float) -> float:
    """The provider's share of a gain (+) or loss (−), before the caps."""
    band = v["dead_band"] * expected
    if abs(gap) <= band:
        return 0.0
    counts = abs(gap) - (band if v["band"] == "net" else 0.0)
    if gap < 0.0:
        return -v["share_loss"] * counts
    gain = v["share_gain"] * counts
    if v["tiers"]:
        layers = [(row["share"], row["from"] * expected, row["to"] * expected) for row in v["tiers"]]
        gain = sum(share * max(0.0, min(counts, end) - start) for share, start, end in layers)
    return gain * quality if v["quality_scaled"] else gain


def gain_loss_share(v: Values, r: SimpleNamespace, paid: SimpleNamespace, memory: dict[str, Any]) -> float:
    """Share of what acute care outside the budget costs less or more than expected."""
    gap, expected, payment, before = r.acute_expected - r.acute, r.acute_expected, paid.annual, 0.0
    if v["settlement"] == "cumulative" and memory:
        gap, expected, payment = gap + memory["gap"], expected + memory["expected"], payment + memory["payment"]
        before = memory["before"]
    due = held(shared(v, gap, expected, paid.score), -v["loss_cap"] * payment, v["gain_cap"] * payment)
    memory |= {"gap": gap, "expected": expected, "payment": payment, "before": due}
    return due - before


def cap_and_collar(v: Values, r: SimpleNamespace, paid: SimpleNamespace, memory: dict[str, Any]) -> float:
    """Support in a bad year, pay-back in a good one."""
    outturn = (paid.annual + paid.income - r.cost) / paid.annual
    first = v["support_share"] * max(0.0, v["support_from"] - max(v["support_more_from"], outturn))
    second = v["support_more_share"] * max(0.0, v["support_more_from"] - outturn)
    back = v["pay_back_share"] * max(0.0, outturn - v["pay_back_from"])
    return paid.annual * (first + second - back)


def prevention_floor(v: Values, r: SimpleNamespace, paid: SimpleNamespace, memory: dict[str, Any]) -> float:
    """Money for prevention that was not spent on it goes back."""
    return -max(0.0, v["floor"] * r.agreed - r.prevention)


CLAUSES: dict[str, Clause] = {
    "annual_payment": annual_payment,
    "improvement_payment": improvement_payment,
    "gain_loss_share": gain_loss_share,
    "cap_and_collar": cap_and_collar,
    "prevention_floor": prevention_floor,
}
