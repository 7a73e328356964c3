"""Reserve, owners, rescue or walk-away, policy break, the successor, and why a contract ended."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace

from .world import Setting

PARTS = ("opening", "funding", "need", "price", "productivity", "shock", "performance", "investment")
HALF_A_PENNY = 0.005


@dataclass
class Purse:
    """The provider's money and its standing in the contract."""

    reserve: float
    owner_paid: float = 0.0
    fee_paid: float = 0.0
    running: bool = True
    notice_left: int | None = None
    notice_cause: str = ""
    exit_year: int | None = None
    exit_cause: str = "none"
    survival: float = 1.0
    adverse: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))


def logarithmic_mean(a: float, b: float) -> float:
    """(a − b) / ln(a / b), and a where the two are equal."""
    return a if abs(a - b) <= 1e-12 * abs(b) else (a - b) / math.log(a / b)


def split_result(purse: Purse, w: SimpleNamespace, paid: SimpleNamespace, setting: Setting, t: int) -> None:
    """Add the year's adverse parts against the plan the contract was signed on."""
    plan = setting.plan[t]
    planned = setting.base_cost * plan.need * plan.price / plan.productivity
    scale = logarithmic_mean(w.full_cost, planned)
    ratios = {
        "opening": w.opening, "need": w.list / setting.place["population.list_base"] * w.need / plan.need,
        "price": w.input_price / plan.price, "productivity": plan.productivity / w.productivity, "shock": w.shock,
    }  # fmt: skip
    for name, ratio in ratios.items():
        purse.adverse[name] += scale * math.log(ratio)
    purse.adverse["funding"] += plan.agreed - paid.annual
    purse.adverse["opening"] -= paid.variation
    purse.adverse["performance"] += paid.annual + paid.variation - paid.income
    purse.adverse["investment"] += w.cost - w.full_cost


def bear_losses(purse: Purse, income: float, cost: float, ending: dict[str, float]) -> float:
    """Move the reserve; the support that the commissioner must pay after the owners have borne their part (£)."""
    purse.reserve += income - cost
    if purse.reserve >= 0.0:
        return 0.0
    deficit = -purse.reserve
    borne = min(deficit, max(0.0, most_borne(ending) - (purse.owner_paid - purse.fee_paid)))
    purse.owner_paid += borne
    purse.reserve = 0.0
    return deficit - borne


def most_borne(ending: dict[str, float]) -> float:
    """What the owners bear of losses at most (£); a fee for leaving comes on top."""
    return ending["loss_cap"] + ending["guarantee"]


def leave_early(purse: Purse, unused: float, setting: Setting, t: int) -> float:
    """Notice by owners who would leave the share `unused` of their cap unused; the fee that they pay for it (£)."""
    ending, most = setting.ending, most_borne(setting.ending)
    too_late = t + ending["notice_years"] >= setting.years - 1
    if unused == 0.0 or too_late or ending["rescue"] or purse.notice_left is not None or purse.reserve > 0.0:
        return 0.0
    if purse.owner_paid < most * (1.0 - unused) - HALF_A_PENNY or purse.owner_paid >= most - HALF_A_PENNY:
        return 0.0
    purse.notice_left = int(ending["notice_years"]) + 1  # this year's end counts as one
    purse.notice_cause = max(PARTS, key=lambda name: purse.adverse[name])
    purse.fee_paid = ending["exit_fee"]
    purse.owner_paid += purse.fee_paid
    return purse.fee_paid


def end_service(purse: Purse, control: float, policy: float, setting: Setting, t: int) -> None:
    """At the end of year t: give notice where the owners' cap is used up, and decide who leaves.

    The one uniform `policy` of the future says when policy ends it: in the first year by which less is left of the chance
    of survival than that.
    """
    ending, p = setting.ending, setting.place
    if t == len(setting.plan) - 1:
        return
    purse.survival *= 1.0 - min(
        max(p["policy.break_probability"] * (1.0 + p["policy.control_link"] * control), 0.0), 1.0
    )
    if purse.notice_left is not None:
        purse.notice_left -= 1
    elif (
        purse.reserve <= 0.0
        and purse.owner_paid - purse.fee_paid >= most_borne(ending) - HALF_A_PENNY
        and not ending["rescue"]
    ):
        purse.notice_left = int(ending["notice_years"])
        purse.notice_cause = max(PARTS, key=lambda name: purse.adverse[name])
    if purse.notice_left == 0:
        purse.running, purse.exit_year, purse.exit_cause = False, t, purse.notice_cause
    elif policy > purse.survival:
        cause = purse.notice_cause if purse.notice_left is not None else "policy break"
        purse.running, purse.exit_year, purse.exit_cause = False, t, cause


def successor(purse: Purse, w: SimpleNamespace, ending: dict[str, float], t: int) -> tuple[float, float]:
    """What the commissioner pays for care after the provider has left, and for letting the contract again (£)."""
    if purse.exit_year is None or t <= purse.exit_year:
        return 0.0, 0.0
    since = t - purse.exit_year - 1
    premium = ending["step_in_premium"] if since < ending["step_in_years"] else 0.0
    return w.scope_cost * (1.0 + premium), ending["reprocurement_cost"] if since == 0 else 0.0
