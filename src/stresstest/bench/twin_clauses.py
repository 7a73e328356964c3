"""The numpy twin: the five clauses of Dudley's shipped contracts; their words and equations stand in terms/."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from .loop_clauses import NO_LIMIT
from .loop_setting import Setting

Array = np.ndarray


@dataclass(slots=True)
class Paid:
    """What the clauses pay in a year if the provider serves (£), the score, and what is overpaid on list, need and score."""

    annual: Array
    improvement: Array
    shares: Array
    income: Array
    score: Array
    list_over: Any = 0.0
    need_over: Any = 0.0
    score_over: Any = 0.0


class Clauses:
    """The clauses and what they carry from year to year: price, allocation, and how far each indicator's targets have moved."""

    def __init__(self, setting: Setting, n: int) -> None:
        self.setting = setting
        numbers = [entry[0] for entry in setting.shared[0].improvement_payment.indicators]
        whole = numbers == list(range(len(setting.indicators)))
        self.rows: Any = slice(None) if whole else numbers
        self.moved = np.zeros((len(numbers), n))
        self.price: Any = 0.0
        self.funding: Any = 1.0

    def settle(self, record: Any, t: int) -> Paid:
        """Every clause in the contract's order."""
        shared = self.setting.shared[t]
        paid = self.annual_payment(record, shared.annual_payment, t)
        self.improvement_payment(paid, record, shared.improvement_payment, t)
        paid.income = paid.annual + paid.improvement
        paid.shares = gain_loss_share(record, paid.annual, shared.gain_loss_share)
        paid.income += paid.shares
        collar = cap_and_collar(paid, record, shared.cap_and_collar)
        paid.income += collar
        paid.shares += collar
        floor = shared.prevention_floor.floor
        if floor > 0.0:
            back = np.maximum(0.0, floor * shared.agreed_gbp - np.maximum(0.0, record.prevention))
            paid.income -= back
            paid.shares -= back
        return paid

    def annual_payment(self, record: Any, clause: SimpleNamespace, t: int) -> Paid:
        """The annual payment, and what is overpaid on an inflated list or need."""
        if t == 0:
            self.price = clause.opening_price * (1.0 + clause.base_year_weight * record.base)
        else:
            growth = record.funding / self.funding - 1.0
            np.clip(growth, clause.growth_floor, clause.growth_ceiling, out=growth)
            growth += 1.0
            self.price = self.price * growth + clause.scope_change
        self.funding = record.funding
        price = self.price * (1.0 + record.bid)
        heads = np.minimum(record.heads, record.audited_heads * (1.0 + clause.list_tolerance))
        base = self.setting.p.population_list_base
        for_list = (1.0 - clause.list_pass_through) + clause.list_pass_through / base * heads
        need = np.clip(record.need / clause.expected_need, 1.0 - clause.coding_cap, 1.0 + clause.coding_cap)
        for_need = (1.0 - clause.need_pass_through) + clause.need_pass_through * need
        annual = price * for_list * for_need
        paid = Paid(annual, annual, annual, annual, annual)
        if record.heads is not record.audited_heads:
            found = np.minimum(heads, record.audited_heads)
            for_found = (1.0 - clause.list_pass_through) + clause.list_pass_through / base * found
            paid.list_over = annual - price * for_found * for_need
        if record.need is not record.audited_need:
            audited = np.clip(record.audited_need / clause.expected_need, 1.0 - clause.coding_cap, 1.0 + clause.coding_cap)
            found = (1.0 - clause.need_pass_through) + clause.need_pass_through * np.minimum(need, audited)
            paid.need_over = annual - price * for_list * found
        return paid

    def improvement_payment(self, paid: Paid, record: Any, clause: SimpleNamespace, t: int) -> None:
        """The improvement payment, its score, and what a false report brought; then floors and targets are re-based."""
        _, weight, floor, target = (np.array(column)[:, None] for column in zip(*clause.indicators, strict=True))
        reports = record.indicators[self.rows] - self.moved
        paid.score = score_of(reports, weight, floor, target, clause, record.steered)
        paid.improvement = clause.at_risk * paid.annual * (paid.score - 1.0)
        if record.indicators is not record.audited:
            true = score_of(record.audited[self.rows] - self.moved, weight, floor, target, clause, record.steered)
            paid.score_over = paid.improvement - clause.at_risk * paid.annual * (true - 1.0)
        if t + 1.0 >= clause.rebase_from and clause.rebase > 0.0:
            reports -= target
            reports *= clause.rebase
            self.moved += reports


def score_of(reports: Array, weight: Array, floor: Array, target: Array, clause: SimpleNamespace, steered: Any) -> Array:
    """Weighted score of reports [indicators, n]; open weights go where the provider steers them."""
    line = reports - floor
    line *= 1.0 / (target - floor)
    score = np.clip(line, 0.0, 1.0)
    score *= 1.0 - clause.step_share
    score += clause.step_share * (line >= 1.0)
    mean: Array = np.einsum("k,kn->n", weight[:, 0] / weight.sum(), score)
    if np.ndim(steered) == 0:
        return mean
    steered = clause.open_weights * steered
    return (1.0 - steered) * mean + steered * score.max(0)


def gain_loss_share(record: Any, payment: Array, clause: SimpleNamespace) -> Array:
    """What the provider receives (+) or bears (−) of a gap beyond the dead band."""
    gap = record.acute_expected - record.acute
    band = clause.dead_band * record.acute_expected
    gain = np.maximum(gap - band, 0.0)
    gain *= clause.share_gain
    loss = np.maximum(-gap - band, 0.0)
    loss *= clause.share_loss
    np.minimum(gain, limit(clause.gain_cap, clause.gain_cap_money, payment), out=gain)
    np.minimum(loss, limit(clause.loss_cap, clause.loss_cap_money, payment), out=loss)
    gain -= loss
    return gain


def limit(share: float, money: float, payment: Array) -> Any:
    """The lower of a share of the payment and a sum (£); a share or a sum of NO_LIMIT is no limit."""
    if share >= NO_LIMIT:
        return money
    cap = share * np.maximum(0.0, payment)
    return cap if money >= NO_LIMIT else np.minimum(cap, money)


def cap_and_collar(paid: Paid, record: Any, clause: SimpleNamespace) -> Array:
    """Support where the year falls short of its edges, pay-back where it runs well."""
    base = paid.annual
    outturn = base + paid.income
    outturn -= record.cost
    second = clause.support_more_from * base
    support = clause.support_share * np.maximum(0.0, clause.support_from * base - np.maximum(second, outturn))
    support += clause.support_more_share * np.maximum(0.0, second - outturn)
    support -= clause.pay_back_share * np.maximum(0.0, outturn - clause.pay_back_from * base)
    return np.asarray(support)
