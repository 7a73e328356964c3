"""One future under the names of the engine's columns: year's drivers, and what nature did."""

from __future__ import annotations

import math
from types import SimpleNamespace

from .world import Nature, Setting, item_omitted, opening_gap, realised_scope, start_delay, starts

PAID = ("annual", "list_over", "need_over", "score", "income", "variation", "score_over")


def drivers(year: SimpleNamespace) -> dict[str, float]:
    """The year's world, record and payments by column name; what a provider that has left has no more is left out."""
    w, r = year.w, year.r
    columns = {
        "choice_prevention": w.prevention, "choice_efficiency": w.efficiency,
        "world_list": w.list, "world_need": w.need, "world_input_price": w.input_price,
        "world_productivity": w.productivity, "world_shock": w.shock, "world_opening": w.opening,
        "world_funding": w.funding, "world_care": w.care, "world_scope_cost": w.scope_cost,
        "world_prevention_saving": w.prevention_saving, "world_investment": w.investment,
        "world_gaming_cost": w.gaming_cost, "world_shifted": w.shifted, "world_shifted_acute": w.shifted_acute,
        "world_shifted_council": w.shifted_council, "world_acute": w.acute, "world_cost": w.cost,
        "world_health": w.health, "record_list": r.list, "record_need": r.need,
        "record_acute_expected": r.acute_expected, "record_cost": r.cost, "record_funding": r.funding,
        "record_agreed": r.agreed, "record_list_base": r.list_base,
        "record_ghosts": r.ghosts, "record_exceptions": r.exceptions, "record_prevention": r.prevention,
        "audit_list": r.audit_list, "audit_need": r.audit_need,
        "world_away": w.away, "world_left": w.left, "world_disinvested": w.disinvested, "world_spared": w.spared,
        "world_quality_cut": w.quality_cut, "record_disinvested": r.disinvested, "record_false": r.false,
        "record_relabelled": r.relabelled, "record_base": r.base, "record_bid": r.bid, "record_markup": r.markup,
        "record_relief": r.relief, "record_steered": r.steered, "audit_council": r.audit_council,
        "audit_acute": r.audit_acute, "audit_left": r.audit_left, "audit_quality_cut": r.audit_quality_cut,
    }  # fmt: skip
    columns |= {f"choice_effort_{k}": effort for k, effort in enumerate(w.effort)}
    columns |= {f"world_progress_{k}": y for k, y in enumerate(w.progress)}
    columns |= {f"audit_indicator_{k}": x for k, x in enumerate(r.audited.values())}
    columns |= {f"record_indicator_{k}": x for k, x in enumerate(r.indicators.values())}
    if year.running:
        columns["record_acute"] = r.acute
        columns |= {f"paid_{name}": getattr(year.paid, name) for name in PAID}
    return columns


def nature_of(nature: Nature, setting: Setting, funding: list[float]) -> dict[str, float]:
    """What nature did over the term: axes, opening gap, full benefit, funding growth, counts of shocks, start and scope."""
    p, once, years = setting.place, nature.once, setting.years
    winters = zip(nature.noise["winter"], nature.noise["pandemic"], strict=True)
    full = min(p["acute.benefit_mean"] + p["acute.benefit_spread"] * nature.once["benefit"], p["acute.benefit_limit"])
    return {
        **{f"{axis}_mean": math.fsum(path) / years for axis, path in nature.axes.items()},
        **{f"{axis}_end": path[-1] for axis, path in nature.axes.items()},
        "opening_gap": opening_gap(p, nature.once), "benefit_full": full,
        "funding_growth_mean": (funding[-1] / funding[0]) ** (1.0 / (years - 1)) - 1.0,
        "crisis_years": float(sum(growth < 0.0 for growth in nature.axes["economy"])),
        "inflation_surprises": float(sum(u < p["cost.inflation_probability"] for u in nature.noise["inflation"][1:])),
        "pandemic_years": float(sum(u < p["shock.pandemic_probability"] for u in nature.noise["pandemic"])),
        "hard_winters": float(
            sum(u < p["shock.winter_probability"] and v >= p["shock.pandemic_probability"] for u, v in winters)
        ),
        "omitted_item": float(item_omitted(p, once)), "start_delay": start_delay(p, once),
        "starts": float(starts(p, once)), "realised_scope": realised_scope(p, once),
        "productivity_growth": p["productivity.mean"] + p["productivity.spread"] * once["productivity_mean"]
        + p["productivity.noise"] * math.fsum(nature.noise["productivity"][1:]) / (years - 1),
        "need_surprise": p["need.noise"] * math.fsum(nature.noise["need"][1:]) / (years - 1),
        "pay_surprise": p["cost.pay_noise"] * math.fsum(nature.noise["pay"][1:]) / (years - 1),
    }  # fmt: skip
