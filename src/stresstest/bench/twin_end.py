"""The numpy twin: the result against plan, who bears losses, and how contracts end; the words stand in kernel/solvency.py."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import layout as L
from .loop_end import NEARLY_NOTHING
from .loop_setting import Setting

Array = np.ndarray
OPENING, FUNDING, NEED, PRICE, PRODUCTIVITY, SHOCK, PERFORMANCE, INVESTMENT = range(len(L.ADVERSE))


class Ending:
    """Reserve, owners, notice and exit of a chunk of futures, and what the machine itself books in a year (£)."""

    def __init__(self, setting: Setting, n: int) -> None:
        self.setting = setting
        self.cap = setting.p.ending_loss_cap + setting.p.ending_guarantee
        self.reserve = np.full(n, setting.p.ending_reserve)
        self.owners_paid, self.notice, self.exit_year = np.zeros(n), np.full(n, -1.0), np.full(n, -1.0)
        self.exit_cause, self.since = np.zeros(n), np.zeros(n)
        self.adverse = np.zeros((len(L.ADVERSE), n))
        self.fee_paid: Any = 0.0
        self.variation, self.support = np.zeros(n), np.zeros(n)
        self.step_in: Any = 0.0
        self.exit_fee: Any = 0.0

    def vary_price(self, opening: Array, on: Array, t: int) -> None:
        """What a sole bidder wins back of an opening gap."""
        p = self.setting.p
        won = p.opening_hold_up / p.opening_bidders * self.setting.shared[t].agreed_gbp
        self.variation = np.maximum(0.0, opening - 1.0)
        self.variation *= won * on

    def split_result(self, life: Any, year: Any, paid: Any, income: Array, t: int) -> None:
        """Add the year's adverse parts against the plan, for providers in service."""
        shared, place, on, adverse = self.setting.shared[t], life.place, life.on, self.adverse
        planned = self.setting.base_cost * shared.need_and_list * shared.input_price / shared.productivity
        need, price, shock = place.log_need[t], place.log_price[t], place.log_shock[t]
        productivity = math.log(shared.productivity) - year.log_productivity
        ratio = place.log_opening + need + price + productivity + shock
        level = np.abs(ratio) <= 1e-12
        scale = (year.gross - planned) / np.where(level, 1.0, ratio)
        if level.any():
            scale[level] = year.gross[level]
        scale *= on
        adverse[OPENING] += scale * place.log_opening - self.variation
        adverse[NEED] += scale * need
        adverse[PRICE] += scale * price
        adverse[PRODUCTIVITY] += scale * productivity
        adverse[SHOCK] += scale * shock
        annual = paid.annual * on
        adverse[FUNDING] += shared.agreed_gbp * on - annual
        adverse[PERFORMANCE] += self.variation + annual - income
        own = year.investment + year.gaming_cost - year.saving - year.spared - year.shifted
        adverse[INVESTMENT] += own * on

    def bear_losses(self, income: Array, cost: Array, on: Array) -> None:
        """Move the reserve, let the owners bear what they must, and put the rest down as support."""
        self.reserve += income
        self.reserve -= cost * on
        deficit = np.maximum(0.0, -self.reserve)
        borne = np.minimum(deficit, np.maximum(0.0, self.cap + self.fee_paid - self.owners_paid))
        self.owners_paid += borne
        self.support = np.subtract(deficit, borne, out=deficit)
        np.maximum(self.reserve, 0.0, out=self.reserve)

    def give_notice(self, given: Array) -> None:
        """Where notice is given, start its years, and say why: the largest adverse part so far."""
        if given.any():
            self.notice[given] = math.ceil(self.setting.p.ending_notice_years) + 1.0
            self.exit_cause[given] = L.EXIT_FIRST_ADVERSE + self.adverse[:, given].argmax(0)

    def leave_early(self, life: Any, share: float, income: Array, t: int) -> Array:
        """Notice before the owners' cap is used up, where they would rather leave; the year's income less the fee for it."""
        p, self.exit_fee = self.setting.p, 0.0
        if p.ending_rescue != 0.0 or t + math.ceil(p.ending_notice_years) >= self.setting.years - 1:
            return income
        free = (life.on == 1.0) & (self.notice < 0.0) & (self.reserve <= 0.0)
        free &= ((1.0 - share) * self.cap - NEARLY_NOTHING <= self.owners_paid) & (self.owners_paid < self.cap - NEARLY_NOTHING)
        self.give_notice(free)
        self.exit_fee = p.ending_exit_fee * free
        self.fee_paid = self.fee_paid + self.exit_fee
        self.owners_paid += self.exit_fee
        return income - self.exit_fee

    def succeed(self, scope_cost: Array, on: Array) -> None:
        """Care after the provider has left, dearer for a while, and in the first such year the cost of letting it again."""
        p, left = self.setting.p, 1.0 - on
        dearer = 1.0 + p.ending_step_in_premium * (self.since < p.ending_step_in_years)
        self.step_in = left * (scope_cost * dearer + p.ending_reprocurement_cost * (self.since == 0.0))
        self.since += left

    def end_service(self, on: Array, broken: Array, t: int) -> None:
        """Decide, at the end of year t, who leaves and why; `on` becomes 0 where service ends."""
        serves = on == 1.0
        if self.setting.p.ending_rescue == 0.0:
            used = (self.reserve <= 0.0) & (self.owners_paid >= self.cap + self.fee_paid - NEARLY_NOTHING)
            self.give_notice(serves & used & (self.notice < 0.0))
        self.notice -= serves & (self.notice > 0.0)
        ends = serves & ((self.notice == 0.0) | broken)
        self.exit_year[ends] = t
        self.exit_cause[ends & (self.notice < 0.0)] = L.EXIT_POLICY
        on[ends] = 0.0
