"""The clauses of a health contract once more: those that remember payments, and the figures that move no money.

Each is a function (v, year, memory) → (amount, figures), as in language_clauses_a.py.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from .language_clauses_a import ENDLESS, NO_LIMIT, Clause, Memory, Result, Values, Year, held

NAN = float("nan")


def whole(x: float, low: int, high: int) -> int:
    """x cut to a whole number and held between two ends."""
    return int(held(math.trunc(x), low, high))


def reinstatement(v: Values, year: Year, memory: Memory) -> Result:
    """A further premium for cover that losses have used up."""
    before, cover = memory.get("reinstated", 0.0), v["reinstatements"] * v["limit"]
    if v["limit"] <= 0.0:
        return 0.0, {"reinstated": before, "left": 0.0}
    now = min(max(0.0, v["recovered"]), max(0.0, cover - before))
    after = memory["reinstated"] = before + now
    return v["price"] * v["premium"] * now / v["limit"], {"reinstated": after, "left": max(0.0, cover - after)}


def guarantee(v: Values, year: Year, memory: Memory) -> Result:
    """A bond or a parent's promise that pays what is called, up to a sum over the whole term."""
    before = memory.get("used", 0.0)
    amount = min(max(0.0, v["call"]), max(0.0, v["limit"] - before)) if v["trigger"] > 0.0 else 0.0
    used = memory["used"] = before + amount
    return amount, {"used": used, "left": max(0.0, v["limit"] - used)}


def claw_back(v: Values, year: Year, memory: Memory) -> Result:
    """Earlier payments are called back when something goes wrong."""
    memory[year.t] = max(0.0, v["of"])
    back = whole(v["look_back"], 0, 10)
    near = [t for t in memory if t >= year.t - back]
    called = sum(memory[t] for t in near)
    if math.isnan(v["trigger"]):
        return NAN, {"held": called}
    if v["trigger"] <= 0.0:
        return 0.0, {"held": called}
    for t in near:
        memory[t] *= 1.0 - v["share"]
    return -v["share"] * called, {"held": called}


def deductions(v: Values, year: Year, memory: Memory) -> Result:
    """Penalty points cost money, more beyond a step and more when failure repeats itself, up to a cap."""
    chargeable = max(0.0, v["points"] - v["free"])
    stepped = min(chargeable, max(0.0, v["points"] - v["step"]))
    row = memory.get("row", 0)
    uncapped = v["price"] * v["repeat_factor"] ** row * (chargeable - stepped + v["step_factor"] * stepped)
    memory["row"] = row + 1 if chargeable > 0.0 else 0
    amount = uncapped if v["most"] >= NO_LIMIT else min(uncapped, max(0.0, v["most"] * v["base"]))
    return amount, {"chargeable": chargeable, "uncapped": uncapped}


def retention(v: Values, year: Year, memory: Memory) -> Result:
    """Part of each payment is held back, and released later as far as it has been earned."""
    memory[year.t] = held_back = v["rate"] * max(0.0, v["of"])
    after = whole(v["after_years"], 0, 10)
    last = year.t == year.years - 1
    due = [t for t in memory if last or (after > 0 and t <= year.t - after)]
    released = held(v["release"], 0.0, 1.0) * sum(memory.pop(t) for t in due)
    return released - held_back, {"held_back": held_back, "released": released, "held": float(sum(memory.values()))}


def reopener(v: Values, year: Year, memory: Memory) -> Result:
    """Every few years the price is opened again, and a share of what cost ran ahead of it is paid from then on."""
    gaps: list[float] = memory.setdefault("gaps", [])
    if year.t > 0 and year.t % whole(v["every"], 1, 30) == 0:
        memory["mean"] = sum(gaps) / len(gaps) if gaps else 0.0
        bound = max(0.0, v["most"] * v["agreed"])
        memory["adjustment"] = min(bound, max(-bound, v["share"] * memory["mean"]))
        gaps.clear()
    gaps.append(v["actual"] - v["agreed"])
    adjustment = memory.get("adjustment", 0.0)
    return adjustment, {"adjustment": adjustment, "mean_gap": memory.get("mean", 0.0)}


def virement_limit(v: Values, year: Year, memory: Memory) -> Result:
    """Money that was moved out of a service, or into it, beyond what is allowed is paid back."""
    allowed = max(0.0, v["limit"] * v["base"])
    excess = max(0.0, abs(v["moved"]) - allowed) if v["consent"] < 1.0 else 0.0
    return -(1.0 + v["penalty"]) * excess, {"excess": excess}


def reserve_fund(v: Values, year: Year, memory: Memory) -> Result:
    """Good years pay into a fund up to a target, bad years draw on it as far as it goes."""
    interest = v["interest"] * memory.get("balance", 0.0)
    opening, result = memory.get("balance", 0.0) + interest, v["result"]
    room = ENDLESS if v["target"] >= NO_LIMIT else max(0.0, v["target"] * v["base"] - opening)
    paid_in = min(v["pay_in"] * result, room) if result > 0.0 else 0.0
    drawn = min(v["draw"] * -result, opening) if result < 0.0 else 0.0
    balance = memory["balance"] = opening + paid_in - drawn
    return paid_in - drawn, {"balance": balance, "interest_earned": interest}


def formula(v: Values, year: Year, memory: Memory) -> Result:
    """A figure worked out from other quantities; its text has become a number in `v`."""
    return v["value"], {}


def schedule(v: Values, year: Year, memory: Memory) -> Result:
    """A number that the contract states, year by year."""
    return v["value"], {}


def gate(v: Values, year: Year, memory: Memory) -> Result:
    """One number where a condition is met and another where it is not."""
    of, at = v["of"], v["at"]
    if math.isnan(of) or math.isnan(at):
        return NAN, {}
    holds = {"at_least": of >= at, "more_than": of > at, "at_most": of <= at, "less_than": of < at}
    return v["met"] if holds[v["comparison"]] else v["unmet"], {}


def sliding_scale(v: Values, year: Year, memory: Memory) -> Result:
    """A figure read off a scale of points."""
    x = v["of"] / v["per"] if v["per"] != 0.0 else 0.0
    if math.isnan(x):
        return NAN, {"x": NAN}
    reader = on_steps if v["form"] == "step" else on_lines
    return reader(v["points"], x), {"x": x}


def on_steps(points: list[dict[str, float]], x: float) -> float:
    """The value of the last point at or below x, or of the first point."""
    passed = [row["value"] for row in points if row["at"] <= x]
    return passed[-1] if passed else points[0]["value"]


def on_lines(points: list[dict[str, float]], x: float) -> float:
    """The value on the straight line between the points around x; flat beyond the ends."""
    if x <= points[0]["at"]:
        return points[0]["value"]
    for left, right in pairwise(points):
        if x <= right["at"]:
            share = (x - left["at"]) / (right["at"] - left["at"])
            return left["value"] + (right["value"] - left["value"]) * share
    return points[-1]["value"]


def running(v: Values, year: Year, memory: Memory) -> Result:
    """The total, mean, highest, lowest, previous value or change of a quantity over the years."""
    seen: list[float] = memory.setdefault("seen", [])
    before = seen[-1] if seen else v["opening"]
    seen.append(v["of"])
    looked_at: dict[str, Any] = {"total": seen, "previous": [before], "change": [before, v["of"]]}
    years = looked_at.get(v["what"], seen[-whole(v["window"], 1, 10) :])
    if any(math.isnan(x) for x in years):
        return NAN, {}
    said = {
        "total": math.fsum, "previous": math.fsum, "change": lambda pair: pair[1] - pair[0],
        "mean": lambda own: math.fsum(own) / len(own), "highest": max, "lowest": min,
    }  # fmt: skip
    return float(said[v["what"]](years)), {}


def rebased_target(v: Values, year: Year, memory: Memory) -> Result:
    """A target that grows by a rate and is pulled towards what was reported."""
    if "target" in memory:
        last = memory["target"]
        memory["target"] = last * (1.0 + v["growth"])
        if year.t % whole(v["every"], 1, 30) == 0:
            memory["target"] += v["rebase"] * (memory["report"] - last)
    else:
        memory["target"] = v["opening"]
    memory["report"] = v["of"]
    return memory["target"], {}


CLAUSES: dict[str, Clause] = {
    "reinstatement": reinstatement,
    "guarantee": guarantee,
    "claw_back": claw_back,
    "deductions": deductions,
    "retention": retention,
    "reopener": reopener,
    "virement_limit": virement_limit,
    "reserve_fund": reserve_fund,
    "formula": formula,
    "gate": gate,
    "sliding_scale": sliding_scale,
    "running": running,
    "rebased_target": rebased_target,
    "schedule": schedule,
}
