"""The plain Python loop: the five clauses of Dudley's shipped contracts; their words and equations stand in terms/."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .loop_setting import Setting

NO_LIMIT = 1e18


@dataclass(slots=True)
class Paid:
    """What the clauses paid in a year (£), the score, and what was overpaid on list, need and score."""

    annual: float = 0.0
    improvement: float = 0.0
    shares: float = 0.0
    income: float = 0.0
    score: float = 0.0
    variation: float = 0.0
    list_over: float = 0.0
    need_over: float = 0.0
    score_over: float = 0.0


def settle(record: Any, life: Any, setting: Setting, t: int) -> Paid:
    """Every clause in the contract's order, for a provider in service."""
    paid, shared = Paid(), setting.shared[t]
    annual_payment(paid, record, life, shared.annual_payment, t)
    paid.improvement = improvement_payment(paid, record, life, shared.improvement_payment, t)
    paid.income = paid.annual + paid.improvement
    share = gain_loss_share(record, paid.annual, shared.gain_loss_share)
    paid.income += share
    collar = cap_and_collar(paid, record, shared.cap_and_collar)
    paid.income += collar
    floor = shared.prevention_floor.floor
    back = -max(0.0, floor * shared.agreed_gbp - max(0.0, record.prevention)) if floor > 0.0 else 0.0
    paid.income += back
    paid.shares = share + collar + back
    return paid


def annual_payment(paid: Paid, record: Any, life: Any, clause: SimpleNamespace, t: int) -> None:
    """The annual payment, and what was overpaid on an inflated list or need."""
    if t == 0:
        life.price = clause.opening_price * (1.0 + clause.base_year_weight * record.base)
    else:
        growth = record.funding / life.funding_before - 1.0
        growth = min(max(growth, clause.growth_floor), clause.growth_ceiling)
        life.price = life.price * (1.0 + growth) + clause.scope_change
    life.funding_before = record.funding
    price = life.price * (1.0 + record.bid)
    heads = min(record.heads, record.audited_heads * (1.0 + clause.list_tolerance))
    low, high = 1.0 - clause.coding_cap, 1.0 + clause.coding_cap
    need = min(max(record.need / clause.expected_need, low), high)
    for_list = 1.0 + clause.list_pass_through * (heads / record.list_base - 1.0)
    for_need = 1.0 + clause.need_pass_through * (need - 1.0)
    paid.annual = price * for_list * for_need
    if record.ghosts > 0.0:
        found = 1.0 + clause.list_pass_through * (min(heads, record.audited_heads) / record.list_base - 1.0)
        paid.list_over = paid.annual - price * found * for_need
    if record.need != record.audited_need:
        audited = min(max(record.audited_need / clause.expected_need, low), high)
        paid.need_over = paid.annual - price * for_list * (1.0 + clause.need_pass_through * (min(need, audited) - 1.0))


def improvement_payment(paid: Paid, record: Any, life: Any, clause: SimpleNamespace, t: int) -> float:
    """The improvement payment, its score, and what a false report brought; then floors and targets are re-based."""
    paid.score = score_of(record.indicators, record, life, clause)
    amount = clause.at_risk * paid.annual * (paid.score - 1.0)
    if record.false != 0.0:
        true = score_of(record.audited_indicators, record, life, clause)
        paid.score_over = amount - clause.at_risk * paid.annual * (true - 1.0)
    if t + 1.0 >= clause.rebase_from:
        for k, (number, _, _, target) in enumerate(clause.indicators):
            life.moved[k] += clause.rebase * (record.indicators[number] - (target + life.moved[k]))
    return float(amount)


def score_of(values: list[float], record: Any, life: Any, clause: SimpleNamespace) -> float:
    """Weighted score of reported or audited values; open weights go where the provider steers them."""
    total = weights = best = 0.0
    for moved, (number, weight, floor, target) in zip(life.moved, clause.indicators, strict=False):
        score = indicator_score(values[number], floor + moved, target + moved, clause.step_share)
        total += weight * score
        weights += weight
        best = max(best, score)
    mean, steered = total / weights, clause.open_weights * record.steered
    return float((1.0 - steered) * mean + steered * best)


def indicator_score(x: float, floor: float, target: float, step_share: float) -> float:
    """Score of one indicator: a line from floor to target, and a step at the target."""
    line = min(max((x - floor) / (target - floor), 0.0), 1.0)
    reached = (target - floor) * (x - target) >= 0.0
    return (1.0 - step_share) * line + (step_share if reached else 0.0)


def gain_loss_share(record: Any, payment: float, clause: SimpleNamespace) -> float:
    """What the provider receives (+) or bears (−) of a gap beyond the dead band."""
    gap, band = record.acute_expected - record.acute, clause.dead_band * record.acute_expected
    if abs(gap) <= band:
        return 0.0
    if gap > 0.0:
        return min(clause.share_gain * (gap - band), limit(clause.gain_cap, clause.gain_cap_money, payment))
    return max(clause.share_loss * (gap + band), -limit(clause.loss_cap, clause.loss_cap_money, payment))


def limit(share: float, money: float, payment: float) -> float:
    """The lower of a share of the payment and a sum (£); a share of NO_LIMIT is no limit."""
    return min(share * max(0.0, payment), money) if share < NO_LIMIT else money


def cap_and_collar(paid: Paid, record: Any, clause: SimpleNamespace) -> float:
    """Support where the year falls short of its edges, pay-back where it runs well."""
    base, outturn = paid.annual, paid.annual + paid.income - record.cost
    first, second, top = clause.support_from * base, clause.support_more_from * base, clause.pay_back_from * base
    support = clause.support_share * max(0.0, first - max(second, outturn))
    support += clause.support_more_share * max(0.0, second - outturn)
    return float(support - clause.pay_back_share * max(0.0, outturn - top))
