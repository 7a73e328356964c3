"""Reserve, owners, rescue or walk-away, policy break, and what care costs once the provider has left.

    reserve    R_t = R_{t−1} + income_t − cost_t                                          (worked number E20)
    owners     where R_t < 0: they bear min(−R_t, cap + guarantee − borne before)         (worked number E10)
    support    the commissioner bears the rest; the reserve starts again at 0
    variation  what a sole bidder wins back of an opening gap (drivers/opening.py) is income like any other
    leaving    a provider that would rather not bear all of the cap gives notice as soon as the reserve is gone and the
               owners have borne the share 1 − x of cap and guarantee (lever walk_away); they then pay the exit fee, which
               is owed on top of the cap. Where the contract has a rescue nobody leaves
    exit       in the year t in which the reserve is gone, the owners' cap with the guarantee is used up (to half a
               penny) and the contract has no rescue, notice is given and the cause is fixed; service ends with year
               t + notice_years, and until then what deficits the owners do not bear is supported. A policy break ends
               service with any year, with chance c_t = break_probability · (1 + control_link · control_t): it comes in
               the first year by which 1 − Π (1 − c) is above the future's one uniform 1 − u, which gives each year its
               own chance; it is the cause only where no notice had been given. Nothing that happens in the last year ends
               a contract before its term
    after      from the year after the last year of service the commissioner pays the in-scope cost of care, dearer by
               step_in_premium for step_in_years, and in the first such year the cost of letting the contract again; the
               machine goes on drawing the same noise, and the provider chooses and bends nothing

Why it ended: each year the provider's result is split against the plan that the contract was signed on. With C the cost
of care and C* its planned value, the parts of C − C* are (C − C*) / ln(C / C*) · ln(ratio) for opening price, need, prices,
productivity and shocks, which add up exactly; funding below plan, performance payments and own investment are in pounds.
The cause of an exit by losses is the part with the largest sum up to then.
"""

from __future__ import annotations

import math

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import blank, pick, somewhere
from ..drivers.parameters import PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY, slot
from ..terms.loss_cap import borne_by_owner

LOSS_CAP, GUARANTEE, RESCUE, NOTICE = (
    slot(f"contract.ending.{k}") for k in ("loss_cap", "guarantee", "rescue", "notice_years")
)
PREMIUM, STEP_IN_YEARS, REPROCUREMENT = (
    slot(f"contract.ending.{k}") for k in ("step_in_premium", "step_in_years", "reprocurement_cost")
)
RESERVE, EXIT_FEE = slot("contract.ending.reserve"), slot("contract.ending.exit_fee")
BREAK, BREAK_LINK = slot("place.policy.break_probability"), slot("place.policy.control_link")
(A_OPENING, A_FUNDING, A_NEED, A_PRICE, A_PRODUCTIVITY, A_SHOCK, A_PERFORMANCE, A_INVESTMENT) = range(8)
NEARLY_NOTHING = 0.005


@rule
def reserve_path_step(reserve: float, income: float, cost: float) -> float:
    """Reserve at the end of a year: what there was, plus income, less cost."""
    return reserve + income - cost


@rule
def logarithmic_mean(a: float, b: float, log_ratio: float) -> float:
    """(a − b) / ln(a / b), and a where the two are as good as equal; `log_ratio` is ln(a / b)."""
    return pick(abs(log_ratio) > 1e-12, (a - b) / log_ratio, a)


@rule
def start_block(s: np.ndarray, p: np.ndarray, n: int) -> None:
    """The state of n groups of futures before the first year."""
    blank(s, 0, s.shape[0], n)
    for i in range(n):
        s[L.S_RUNNING, i] = s[L.S_SURVIVAL, i] = 1.0
        s[L.S_RESERVE, i] = p[RESERVE]
        s[L.S_NOTICE, i] = s[L.S_EXIT_YEAR, i] = -1.0


@rule
def split_result(d: np.ndarray, s: np.ndarray, g: np.ndarray, p: np.ndarray, plan: np.ndarray, base_cost: float, t: int,
                 n: int) -> None:  # fmt: skip
    """Add this year's adverse parts against the plan to the running sums of providers in service."""
    planned = base_cost * plan[t, PLAN_NEED] * plan[t, PLAN_PRICE] / plan[t, PLAN_PRODUCTIVITY]
    planned_log = math.log(plan[t, PLAN_PRODUCTIVITY])
    for i in range(n):
        serves = pick(s[L.S_RUNNING, i] == 1.0, 1.0, 0.0)
        opening, need, price, shock = g[L.G_LOG_OPENING, i], g[L.G_LOG_NEED, i], g[L.G_LOG_PRICE, i], g[L.G_LOG_SHOCK, i]
        productivity = planned_log - (g[L.G_LOG_PRODUCTIVITY, i] + s[L.S_LOG_PRODUCTIVITY, i])
        cost = g[L.G_GROSS, i] / d[L.WORLD_PRODUCTIVITY, i]
        scale = serves * logarithmic_mean(cost, planned, opening + need + price + productivity + shock)
        annual, variation = d[L.PAID_ANNUAL, i], d[L.PAID_VARIATION, i]
        s[L.S_ADVERSE + A_OPENING, i] += scale * opening - serves * variation
        s[L.S_ADVERSE + A_NEED, i] += scale * need
        s[L.S_ADVERSE + A_PRICE, i] += scale * price
        s[L.S_ADVERSE + A_PRODUCTIVITY, i] += scale * productivity
        s[L.S_ADVERSE + A_SHOCK, i] += scale * shock
        s[L.S_ADVERSE + A_FUNDING, i] += serves * (plan[t, PLAN_AGREED] - annual)
        s[L.S_ADVERSE + A_PERFORMANCE, i] -= serves * (d[L.PAID_INCOME, i] - annual - variation)
        own = d[L.WORLD_INVESTMENT, i] + d[L.WORLD_GAMING_COST, i]
        saved = d[L.WORLD_PREVENTION_SAVING, i] + d[L.WORLD_SPARED, i]
        s[L.S_ADVERSE + A_INVESTMENT, i] += serves * (own - saved - d[L.WORLD_SHIFTED, i])


@rule
def largest_adverse(s: np.ndarray, i: int) -> float:
    """Number of the largest adverse part so far; the first of equals."""
    best, most = 0.0, s[L.S_ADVERSE, i]
    for k in range(1, 8):
        more = s[L.S_ADVERSE + k, i] > most
        best = pick(more, float(k), best)
        most = pick(more, s[L.S_ADVERSE + k, i], most)
    return best


@rule
def bear_losses(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Move the reserve, let the owners bear what they must, and put the rest on ledger line `line` as support."""
    for i in range(n):
        serves = s[L.S_RUNNING, i] == 1.0
        reserve = reserve_path_step(s[L.S_RESERVE, i], d[L.PAID_INCOME, i], d[L.WORLD_COST, i])
        gone = serves & (reserve < 0.0)
        borne = borne_by_owner(-reserve, p[LOSS_CAP] + p[GUARANTEE] + s[L.S_FEE_PAID, i] - s[L.S_OWNER_PAID, i])
        s[L.S_OWNER_PAID, i] += pick(gone, borne, 0.0)
        ledger[t, line, i] = pick(gone, -reserve - borne, 0.0)
        s[L.S_RESERVE, i] = pick(serves, pick(gone, 0.0, reserve), s[L.S_RESERVE, i])


@rule
def give_notice(s: np.ndarray, p: np.ndarray, given: bool, i: int) -> None:
    """Where notice is given, start its years (part of a year is served as a whole one), and say why."""
    s[L.S_NOTICE, i] = pick(given, math.ceil(p[NOTICE]) + 1.0, s[L.S_NOTICE, i])
    if somewhere(given):
        s[L.S_EXIT_CAUSE, i] = pick(given, L.EXIT_FIRST_ADVERSE + largest_adverse(s, i), s[L.S_EXIT_CAUSE, i])


@rule
def leave_early(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Let providers that would leave before their owners' cap is used up give notice, and put the fee on ledger line `line`.

    The choice, s[S_LEAVE], holds for the year. Notice by a used cap is given in `end_service` and costs no fee.
    """
    cap = p[LOSS_CAP] + p[GUARANTEE]
    for i in range(n):
        share, s[L.S_LEAVE, i], ledger[t, line, i] = s[L.S_LEAVE, i], 0.0, 0.0
        if p[RESCUE] == 0.0 and somewhere(share > 0.0):
            free = (share > 0.0) & (s[L.S_RUNNING, i] == 1.0) & (s[L.S_NOTICE, i] < 0.0) & (s[L.S_RESERVE, i] <= 0.0)
            borne = s[L.S_OWNER_PAID, i]
            free = free & ((1.0 - share) * cap - NEARLY_NOTHING <= borne) & (borne < cap - NEARLY_NOTHING)
            give_notice(s, p, free, i)
            fee = pick(free, p[EXIT_FEE], 0.0)
            ledger[t, line, i] = fee
            d[L.PAID_INCOME, i] -= fee
            s[L.S_FEE_PAID, i] += fee
            s[L.S_OWNER_PAID, i] += fee


@rule
def end_service(s: np.ndarray, axes: np.ndarray, once: np.ndarray, p: np.ndarray, t: int, n: int) -> None:
    """Decide, at the end of year t, who leaves and why. The exit year is the last year of service."""
    for i in range(n):
        chance = min(1.0, max(0.0, p[BREAK] * (1.0 + p[BREAK_LINK] * axes[t, L.CONTROL, i])))
        s[L.S_SURVIVAL, i] *= 1.0 - chance
        serves = s[L.S_RUNNING, i] == 1.0
        if p[RESCUE] == 0.0:
            borne, cap = s[L.S_OWNER_PAID, i], p[LOSS_CAP] + p[GUARANTEE] + s[L.S_FEE_PAID, i]
            used = (s[L.S_RESERVE, i] <= 0.0) & (borne >= cap - NEARLY_NOTHING)
            give_notice(s, p, serves & used & (s[L.S_NOTICE, i] < 0.0), i)
        notice = s[L.S_NOTICE, i]
        notice = pick(serves & (notice > 0.0), notice - 1.0, notice)
        s[L.S_NOTICE, i] = notice
        served = serves & (notice == 0.0)
        broken = serves & (notice != 0.0) & (once[L.ONCE_POLICY, i] > s[L.S_SURVIVAL, i])
        ends = served | broken
        s[L.S_RUNNING, i] = pick(ends, 0.0, s[L.S_RUNNING, i])
        s[L.S_EXIT_YEAR, i] = pick(ends, float(t), s[L.S_EXIT_YEAR, i])
        s[L.S_EXIT_CAUSE, i] = pick(broken & (notice < 0.0), float(L.EXIT_POLICY), s[L.S_EXIT_CAUSE, i])


@rule
def successor_cost(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Pay for care where the provider had left before this year: ledger lines `line` (care) and `line + 1` (once only)."""
    for i in range(n):
        left, since = s[L.S_RUNNING, i] == 0.0, s[L.S_SINCE_EXIT, i]
        dearer = 1.0 + pick(since < p[STEP_IN_YEARS], p[PREMIUM], 0.0)
        ledger[t, line, i] = pick(left, d[L.WORLD_SCOPE_COST, i] * dearer, 0.0)
        ledger[t, line + 1, i] = pick(left & (since == 0.0), p[REPROCUREMENT], 0.0)
        s[L.S_SINCE_EXIT, i] = pick(left, since + 1.0, since)
