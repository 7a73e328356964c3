"""The clauses of a health contract once more: hospitals, operators, layers, corridors, profits and limits.

Each is a function (v, year, memory) → (amount, figures), as in language_clauses_a.py.
"""

from __future__ import annotations

from .language_clauses_a import ENDLESS, NO_LIMIT, Clause, Memory, Result, Values, Year, held, limit, part


def profit_cap(v: Values, year: Year, memory: Memory) -> Result:
    """The provider keeps a profit up to a share of its income and pays back the rest."""
    profit = v["income"] - v["cost"]
    kept = min(profit, v["cap"] * v["income"]) if profit > 0.0 else profit
    return kept - profit, {"profit": profit, "kept": kept}


def area_flows(v: Values, year: Year, memory: Memory) -> Result:
    """The provider pays for residents treated elsewhere and is paid for others who come to it."""
    inward, outward = v["inflow_price"] * v["inflow"], v["outflow_price"] * v["outflow"]
    return inward - outward, {"out_charge": outward, "in_payment": inward}


def surplus_fee(v: Values, year: Year, memory: Memory) -> Result:
    """An operator is paid out of the surplus of the year, layer by layer."""
    surplus = v["income"] - v["cost"]
    fee = sum(row["share"] * part(surplus, row["from"], row["to"]) for row in v["layers"])
    return float(fee), {"surplus": surplus}


def loss_cap(v: Values, year: Year, memory: Memory) -> Result:
    """An operator makes good deficits until it has paid a fixed sum over the whole term."""
    deficit = max(0.0, v["cost"] - v["income"])
    paid = min(deficit, max(0.0, v["cap"] - memory.get("used", 0.0)))
    used = memory["used"] = memory.get("used", 0.0) + paid
    free = float(v["cap"] - used <= 0.005)
    return paid, {"deficit": deficit, "used": used, "left": max(0.0, v["cap"] - used), "right_to_leave": free}


def marginal_rate(v: Values, year: Year, memory: Memory) -> Result:
    """Full price up to a baseline, and a lower rate for activity above it."""
    base, activity = v["baseline"] if v["baseline_from"] == "stated" else v["expected"], v["activity"]
    payment = base + v["rate"] * (activity - base) if activity > base else activity
    return payment if v["pays"] == "whole" else payment - base, {"beyond": max(0.0, activity - base)}


def vat_leak(v: Values, year: Year, memory: Memory) -> Result:
    """Tax on bought-in services that the provider cannot recover."""
    affected = v["spend"] * v["affected_share"]
    return affected * v["vat_rate"], {"affected": affected}


def stranded_cost(v: Values, year: Year, memory: Memory) -> Result:
    """What a hospital goes on paying for after its activity has left, and who helps it."""
    fading = 0.5 ** (year.t / v["half_life"]) if v["half_life"] != 0.0 else float(year.t == 0)
    stranded = v["removed"] * v["fixed_share"] * fading
    return v["support_share"] * stranded, {"stranded": stranded}


def payment(v: Values, year: Year, memory: Memory) -> Result:
    """A price times a quantity."""
    return v["price"] * v["of"], {}


def layered_share(v: Values, year: Year, memory: Memory) -> Result:
    """Shares of the layers of one quantity, with a deductible and a limit on the sum over the term."""
    base, x, in_layers = max(0.0, v["base"]), v["of"], 0.0
    for row in v["layers"]:
        start = row["attachment"] * base
        end = start + limit(row["limit"], base)
        if v["counts"] == "franchise":
            in_layers += row["share"] * (min(x, end) if x > start else 0.0)
        else:
            in_layers += row["share"] * part(x, start, end)
    total = memory["total"] = memory.get("total", 0.0) + in_layers
    counted = min(max(total - v["aggregate_deductible"], 0.0), v["aggregate_limit"])
    amount = v["share"] * (counted - memory.get("counted", 0.0))
    memory["counted"] = counted
    left = v["aggregate_limit"] - counted if v["aggregate_limit"] < NO_LIMIT else NO_LIMIT
    return amount, {"in_layers": in_layers, "aggregate_left": left}


def corridor(v: Values, year: Year, memory: Memory) -> Result:
    """A result is shared band by band to either side of a target."""
    gap = v["target"] - v["actual"]
    side, size = ("gain" if gap > 0.0 else "loss"), abs(gap)
    unit = max(0.0, v["target"]) if v["edges"] == "share_of_target" else 1.0
    bands = [row for row in v["bands"] if row["side"] == side] if gap != 0.0 else []
    first = min((row["from"] for row in bands), default=0.0)
    amount = 0.0
    for row in bands:
        start, end = row["from"] * unit, limit(row["to"], unit)
        if v["counts"] == "first_pound" and row["from"] == first:
            amount += row["share"] * (min(size, end) if size >= start else 0.0)
        else:
            amount += row["share"] * part(size, start, end)
    return amount if side == "gain" else -amount, {"gap": gap}


def swing_premium(v: Values, year: Year, memory: Memory) -> Result:
    """A premium that follows the losses, between a lowest and a highest rate."""
    subject, indicated = max(0.0, v["subject"]), v["losses"] * v["load"]
    premium = min(max(indicated, v["minimum"] * subject), v["maximum"] * subject)
    return premium - v["deposit"] * subject, {"indicated": indicated, "premium": premium}


def profit_share(v: Values, year: Year, memory: Memory) -> Result:
    """A share of a profit, after deficits of earlier years have been made good."""
    deficits: dict[int, float] = memory.setdefault("deficits", {})
    carry = int(v["carry_years"]) if int(v["carry_years"]) <= 10 else ENDLESS
    result = v["income"] * (1.0 - v["expenses"]) - v["cost"]
    carried_in = sum(left for t, left in deficits.items() if year.t - t <= carry)
    free = max(0.0, result)
    for t in sorted(deficits):
        if year.t - t <= carry:
            used = min(free, deficits[t])
            deficits[t] -= used
            free -= used
    deficits[year.t] = max(0.0, -result)
    profit = max(0.0, result - carried_in)
    most = ENDLESS if v["cap"] >= NO_LIMIT else v["cap"] * max(0.0, v["income"])
    carried_out = sum(left for t, left in deficits.items() if year.t + 1 - t <= carry)
    figures = {"result": result, "carried_in": carried_in, "profit": profit, "carried_out": carried_out}
    return min(v["share"] * profit, most), figures


def one_side(multiple: float, base: float) -> float:
    """A limit as a multiple of a base; plainly endless where it is not used."""
    return multiple if abs(multiple) >= NO_LIMIT else multiple * max(0.0, base)


def overall_limit(v: Values, year: Year, memory: Memory) -> Result:
    """A cap and a floor on what several clauses come to together."""
    total = sum(row["weight"] * row["clause"] for row in v["of"])
    sums = memory.setdefault("sums", {"total": 0.0, "base": 0.0, "other_base": 0.0, "adjusted": 0.0})
    this = {"total": total, "base": v["base"], "other_base": v["other_base"]}
    for key, value in this.items():
        sums[key] += value
    counted = {"annual": this, "cumulative": sums, "term": {**this, "total": sums["total"]}}[v["settlement"]]
    cap = min(one_side(v["most"], counted["base"]), one_side(v["most_other"], counted["other_base"]))
    floor = max(one_side(v["least"], counted["base"]), one_side(v["least_other"], counted["other_base"]))
    adjustment = held(counted["total"], floor, cap) - counted["total"]
    if v["settlement"] != "annual":
        adjustment -= sums["adjusted"]
    sums["adjusted"] += adjustment
    return adjustment, {"total": total, "allowed": total + adjustment}


CLAUSES: dict[str, Clause] = {
    "profit_cap": profit_cap,
    "area_flows": area_flows,
    "surplus_fee": surplus_fee,
    "loss_cap": loss_cap,
    "marginal_rate": marginal_rate,
    "vat_leak": vat_leak,
    "stranded_cost": stranded_cost,
    "payment": payment,
    "layered_share": layered_share,
    "corridor": corridor,
    "swing_premium": swing_premium,
    "profit_share": profit_share,
    "overall_limit": overall_limit,
}
