"""The clauses of a health contract once more, written from the words of each clause: payments, quality and shares.

A clause is a function (v, year, memory) → (amount, figures). `v` holds the clause's numbers of the year, with plain numbers
where the contract names quantities; `memory` is a dict that is empty in the first year in force and is kept between years.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
Memory = dict[str, Any]
Result = tuple[float, dict[str, float]]
Clause = Callable[..., Result]

NO_LIMIT = 1e18
ENDLESS = float("inf")


@dataclass
class Year:
    """What a clause may see of its year, and what it writes.

    `t` counts from 0 in the first year in which the clause is in force, `years` are its years in all.
    """

    t: int
    years: int
    quantity: Callable[[str], float]
    written: dict[str, float] = field(default_factory=dict)


def held(x: float, low: float, high: float) -> float:
    """x, no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def limit(share: float, of: float, unused: float = NO_LIMIT) -> float:
    """A share of something as a limit; endless where the share says that it is not used."""
    return ENDLESS if share >= unused else share * max(0.0, of)


def part(x: float, start: float, end: float) -> float:
    """How much of x lies between start and end."""
    return max(0.0, min(x, end) - start)


def price_growth(v: Values, funding: float, funding_before: float) -> float:
    """Growth of the annual payment's price, between floor and ceiling."""
    if v["form"] == "allocation_linked":
        growth = funding / funding_before - 1.0 if funding_before != 0.0 else 0.0
    elif v["form"] == "fixed":
        growth = 0.0
    elif v["combination"] == "additive":
        growth = v["inflation"] - v["efficiency"] + v["demand"] + v["list_uplift"]
    else:
        growth = (1 + v["inflation"]) * (1 - v["efficiency"]) * (1 + v["demand"]) * (1 + v["list_uplift"]) - 1
    return held(growth, v["growth_floor"], v["growth_ceiling"])


def annual_payment(v: Values, year: Year, memory: Memory) -> Result:
    """The whole-population budget, indexed from year to year."""
    funding, growth = year.quantity("funding"), 0.0
    if "price" in memory:
        growth = price_growth(v, funding, memory["funding"])
        memory["price"] = memory["price"] * (1.0 + growth) + v["scope_change"]
    else:
        memory["price"] = v["opening_price"]
    memory["funding"] = funding
    heads = min(year.quantity("list"), year.quantity("list_audited") * (1.0 + v["list_tolerance"]))
    start = year.quantity("list_at_start")
    heads_ratio = heads / start if start != 0.0 else 1.0
    expected = (1.0 + v["expected_need_growth"]) ** year.t
    need = year.quantity("need") / expected if expected != 0.0 else 1.0
    need_ratio = held(need, 1.0 - v["coding_cap"], 1.0 + v["coding_cap"])
    amount = memory["price"] * (1.0 + v["list_pass_through"] * (heads_ratio - 1.0))
    amount *= 1.0 + v["need_pass_through"] * (need_ratio - 1.0)
    year.written["annual_payment"] = amount
    return amount, {
        "price": memory["price"], "growth": growth, "heads_ratio": heads_ratio, "need_ratio": need_ratio,
    }  # fmt: skip


def indicator_score(x: float, low: float, high: float, step_share: float) -> float:
    """Score of one indicator: a straight line from `low` to `high`, a step at `high`, or partly each."""
    reached = float(x <= high if high < low else x >= high)
    line = reached if low == high else held((x - low) / (high - low), 0.0, 1.0)
    return (1.0 - step_share) * line + step_share * reached


def improvement_payment(v: Values, year: Year, memory: Memory) -> Result:
    """The part of the budget that hangs on outcomes."""
    excepted = year.quantity("exceptions") if v["exception_cap"] < 1.0 else 0.0
    total = weights = 0.0
    for k, row in enumerate(v["indicators"]):
        moved = memory.get(k, 0.0)
        low, high = row["floor"] + moved, row["target"] + moved
        x = counted_report(row["name"], excepted, v["exception_cap"], row["exception_effect"], high < low)
        total += row["weight"] * indicator_score(x, low, high, v["step_share"])
        weights += row["weight"]
        if year.t + 1 >= v["rebase_from"]:
            memory[k] = moved + v["rebase"] * (x - high)
    raw = total / weights if weights != 0.0 else 0.0
    score = counted_score(raw, v["score_gate"], v["levels"])
    pot = v["at_risk"] * v["payment"]
    earned, forgone = pot * score, pot * (1.0 - score)
    year.written["score"] = score
    amount = -forgone if v["style"] == "withheld" else earned
    return amount, {"raw_score": raw, "earned": earned, "forgone": forgone}


def counted_report(x: float, excepted: float, cap: float, effect: float, falling: bool) -> float:
    """A report with no more exceptions than the cap: put back to everybody, then relieved of what is allowed."""
    everybody, relieved = 1.0 - effect * excepted, 1.0 - effect * min(excepted, cap)
    if excepted <= cap:
        return x
    return x / everybody * relieved if falling else x * everybody / relieved


def counted_score(raw: float, gate: float, levels: float) -> float:
    """The score that is paid on: 0 below the gate, otherwise in whole levels where there are any."""
    if raw < gate:
        return 0.0
    return (raw * levels + 1e-9) // 1.0 / levels if levels != 0.0 else raw


def gain_loss_share(v: Values, year: Year, memory: Memory) -> Result:
    """Provider and commissioner share what care costs less or more than expected."""
    sums = memory.setdefault("sums", {"gap": 0.0, "expected": 0.0, "payment": 0.0})
    this = {"gap": v["expected"] - v["actual"], "expected": v["expected"], "payment": v["payment"]}
    for key in sums:
        sums[key] += this[key]
    counted = sums if v["settlement"] == "cumulative" else this
    gap, expected, payment = counted["gap"], counted["expected"], counted["payment"]
    band = v["dead_band"] * expected
    beyond = beyond_band(gap, band, v["band"])
    before_caps = shared_gap(v, beyond, expected)
    most = min(limit(v["gain_cap"], payment), limit(v["gain_cap_money"], 1.0))
    least = -min(limit(v["loss_cap"], payment), limit(v["loss_cap_money"], 1.0))
    amount = held(before_caps, least, most)
    if v["settlement"] == "cumulative":
        amount -= memory.get("paid", 0.0)
        memory["paid"] = memory.get("paid", 0.0) + amount
    return amount, {"gap": gap, "beyond_band": beyond, "before_caps": before_caps}


def beyond_band(gap: float, band: float, counts: str) -> float:
    """The part of a gap that counts."""
    if abs(gap) <= band:
        return 0.0
    if counts == "first_pound":
        return gap
    return gap - band if gap > 0.0 else gap + band


def shared_gap(v: Values, beyond: float, expected: float) -> float:
    """The provider's share of a gap beyond the band, before caps."""
    if beyond > 0.0:
        share = tiered(v["tiers"], beyond, expected) if v["tiers"] else v["share_gain"] * beyond
        return share * v["score"] if v["quality_scaled"] else share
    if v["loss_tiers"]:
        return -tiered(v["loss_tiers"], -beyond, expected)
    return v["share_loss"] * beyond


def tiered(tiers: list[dict[str, float]], x: float, expected: float) -> float:
    """Shares of what falls into tiers that are shares of the expected spend."""
    return sum(row["share"] * part(x, row["from"] * expected, row["to"] * expected) for row in tiers)


def cap_and_collar(v: Values, year: Year, memory: Memory) -> Result:
    """Support when the provider's year falls short, pay-back when it runs well."""
    outturn = v["base"] + v["income"] - v["cost"]
    first, second, upper = (v[key] * v["base"] for key in ("support_from", "support_more_from", "pay_back_from"))
    support = v["support_share"] * max(0.0, first - max(second, outturn))
    support += v["support_more_share"] * max(0.0, second - outturn)
    back = v["pay_back_share"] * max(0.0, outturn - upper)
    return support - back, {"outturn": outturn, "support": support, "pay_back": back}


def prevention_floor(v: Values, year: Year, memory: Memory) -> Result:
    """Money for prevention that is not spent on it is paid back; a floor of 0 is a clause left blank."""
    required = v["floor"] * v["budget"]
    amount = -max(0.0, required - v["spend"]) if v["floor"] != 0.0 else 0.0
    return amount, {"required": required}


def shared_savings(v: Values, year: Year, memory: Memory) -> Result:
    """The provider keeps part of a saving against a benchmark, and may owe part of an excess."""
    benchmark, gap = v["benchmark"], v["benchmark"] - v["spend"]
    final = v["max_share"] * v["quality"] if v["quality"] > v["quality_gate"] else 0.0
    amount = before = 0.0
    if gap > 0.0:
        share = final if gap >= v["msr"] * benchmark else v["below_msr_factor"] * final
        before = share * gap
        cap, kept = limit(v["gain_cap_benchmark"], benchmark, 1e9), 1.0 - v["haircut"]
        amount = min(before * kept, cap) if v["haircut_order"] == "before_cap" else min(before, cap) * kept
    elif gap < 0.0 and -gap >= (v["mlr"] if v["mlr"] >= 0.0 else v["msr"]) * benchmark:
        owed = loss_rate(v, final) * -gap
        caps = limit(v["loss_cap_benchmark"], benchmark, 1e9), limit(v["loss_cap_revenue"], v["revenue"], 1e9)
        before, amount = -owed, -min(owed, *caps) * (1.0 - v["relief"])
    return amount, {"gap": gap, "final_share": final, "before_cap": before}


def loss_rate(v: Values, final: float) -> float:
    """The provider's share of a loss under shared savings."""
    if v["loss_form"] == "none":
        return 0.0
    if v["loss_form"] == "fixed":
        return v["loss_rate"]
    return held(1.0 - final, v["loss_rate_floor"], v["loss_rate_ceiling"])


def quality_scaled_share(v: Values, year: Year, memory: Memory) -> Result:
    """A global budget whose quality score first earns a bonus, and later sets the share."""
    gap = v["budget"] - v["spend"]
    if v["phase"] == "one":
        return v["share"] * gap + v["bonus"] * v["quality"] * v["budget"], {"gap": gap, "share_applied": v["share"]}
    sigma = v["low"] + v["span"] * v["quality"]
    applied = sigma if gap > 0.0 else 1.0 - sigma
    return applied * gap, {"gap": gap, "share_applied": applied}


CLAUSES: dict[str, Clause] = {
    "annual_payment": annual_payment,
    "improvement_payment": improvement_payment,
    "gain_loss_share": gain_loss_share,
    "cap_and_collar": cap_and_collar,
    "prevention_floor": prevention_floor,
    "shared_savings": shared_savings,
    "quality_scaled_share": quality_scaled_share,
}
