"""Which mitigations of the standard playbook act on the cause of which risk: judgements, by name of risk and of mitigation.

A mitigation stands with a risk only where it changes what the risk does: it makes the event rarer, or what follows from it
smaller, or moves it from one party to another. What helps against a failure whatever its cause (longer notice, a guarantee, a
rescue) stands with none: that is the playbook's own table. A risk that is not named has no such mitigation in the library.
"""

from __future__ import annotations

_PRICE = ("due_diligence_price", "price_review", "price_reopened")
_PAYMENT = ("growth_ceiling", "payment_brake")

ANSWERS: dict[str, tuple[str, ...]] = {
    "opening_baseline": _PRICE,
    "winners_curse": _PRICE,
    "omitted_item": _PRICE,
    "late_start": ("price_review", "price_reopened"),
    "need_growth": ("need_in_the_price", "price_review"),
    "demography": ("need_in_the_price",),
    "technology_demand": ("need_in_the_price",),
    "productivity": ("price_review", "price_reopened"),
    "pay_and_vacancies": ("cost_shock_pool",),
    "inflation": ("cost_shock_pool",),
    "pandemic": ("cost_shock_pool",),
    "hard_winter": ("cost_shock_pool",),
    "funding": _PAYMENT,
    "benefits": ("capacity_plan",),
    "stranded_cost": ("bridge_to_hospital", "capacity_plan", "hospital_buy_out"),
    "dear_step_in": ("standing_successor",),
}


__all__ = ["ANSWERS"]
