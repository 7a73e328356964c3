"""The plain Python loop: the result, who bears losses, how a contract ends; the words stand in kernel/solvency.py."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .. import layout as L
from .loop_clauses import Paid
from .loop_place import PlaceYear
from .loop_setting import Setting

NEARLY_NOTHING = 0.005


@dataclass(slots=True)
class Ledger:
    """What the machine itself books in a year (£); `step_in` holds the cost of letting the contract again."""

    recovery: float = 0.0
    support: float = 0.0
    exit_fee: float = 0.0
    step_in: float = 0.0


def split_result(life: Any, setting: Setting, opening: float, given: PlaceYear, year: Any, paid: Paid, t: int) -> None:
    """Add the year's adverse parts against the plan, in the order of ADVERSE."""
    shared = setting.shared[t]
    planned = setting.base_cost * shared.need_and_list * shared.input_price / shared.productivity
    parts = (
        math.log(opening),
        math.log(given.heads / setting.p.population_list_base * given.need / shared.need_and_list),
        math.log(given.price / shared.input_price), math.log(shared.productivity / year.productivity), math.log(year.shock),
    )  # fmt: skip
    ratio = sum(parts)
    scale = (year.gross - planned) / ratio if abs(ratio) > 1e-12 else year.gross
    first, need, price, productivity, shock = (scale * part for part in parts)
    own = year.investment + year.gaming_cost - year.saving - year.spared - year.shifted
    performance = paid.variation + paid.annual - paid.income
    funding = shared.agreed_gbp - paid.annual
    found = (first - paid.variation, funding, need, price, productivity, shock, performance, own)
    life.adverse = [before + now for before, now in zip(life.adverse, found, strict=True)]


def bear_losses(life: Any, p: SimpleNamespace, paid: Paid, cost: float, ledger: Ledger) -> None:
    """Move the reserve, let the owners bear what they must, and put the rest down as support."""
    life.reserve += paid.income - cost
    if life.reserve < 0.0:
        left = p.ending_loss_cap + p.ending_guarantee + life.fee_paid - life.owners_paid
        borne = min(-life.reserve, max(0.0, left))
        life.owners_paid += borne
        ledger.support = -life.reserve - borne
        life.reserve = 0.0


def give_notice(life: Any, p: SimpleNamespace) -> None:
    """Start the years of notice, and say why: the largest adverse part so far."""
    life.notice = math.ceil(p.ending_notice_years) + 1.0
    life.exit_cause = L.EXIT_FIRST_ADVERSE + life.adverse.index(max(life.adverse))


def leave_early(life: Any, p: SimpleNamespace, paid: Paid, ledger: Ledger) -> None:
    """Notice before the owners' cap is used up, where they would rather leave, and the fee for it."""
    share, life.leave_at = life.leave_at, 0.0
    if share > 0.0 and life.notice < 0.0 and p.ending_rescue == 0.0 and life.reserve <= 0.0:
        cap = p.ending_loss_cap + p.ending_guarantee
        if (1.0 - share) * cap - NEARLY_NOTHING <= life.owners_paid < cap - NEARLY_NOTHING:
            give_notice(life, p)
            ledger.exit_fee = p.ending_exit_fee
            paid.income -= ledger.exit_fee
            life.fee_paid += ledger.exit_fee
            life.owners_paid += ledger.exit_fee


def end_service(life: Any, p: SimpleNamespace, control: float, policy: float, t: int) -> None:
    """Decide, at the end of year t, whether the provider leaves and why."""
    chance = p.policy_break_probability * (1.0 + p.policy_control_link * control)
    life.survival *= 1.0 - min(1.0, max(0.0, chance))
    if not life.running:
        return
    cap = p.ending_loss_cap + p.ending_guarantee + life.fee_paid
    used = life.reserve <= 0.0 and life.owners_paid >= cap - NEARLY_NOTHING
    if life.notice < 0.0 and p.ending_rescue == 0.0 and used:
        give_notice(life, p)
    if life.notice > 0.0:
        life.notice -= 1.0
    if life.notice == 0.0 or policy > life.survival:
        life.running, life.exit_year = False, t
        if life.notice < 0.0:
            life.exit_cause = L.EXIT_POLICY
