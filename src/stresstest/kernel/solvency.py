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
from ..drivers.demand import LIST_BASE
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
def logarithmic_mean(a: float, b: float) -> float:
    """(a − b) / ln(a / b), and a where the two are as good as equal."""
    ratio = math.log(a / b)
    return (a - b) / ratio if abs(ratio) > 1e-12 else a


@rule
def start_block(s: np.ndarray, p: np.ndarray, n: int) -> None:
    """The state of a block before the first year."""
    for k in range(s.shape[0]):
        for i in range(n):
            s[k, i] = 0.0
    for i in range(n):
        s[L.S_LIST, i] = p[LIST_BASE]
        s[L.S_NEED, i] = s[L.S_PAY_PRICE, i] = s[L.S_INFLATION, i] = s[L.S_FUNDING, i] = s[L.S_RUNNING, i] = 1.0
        s[L.S_SURVIVAL, i] = 1.0
        s[L.S_RESERVE, i] = p[RESERVE]
        s[L.S_NOTICE, i] = s[L.S_EXIT_YEAR, i] = -1.0


@rule
def split_result(
    d: np.ndarray, s: np.ndarray, p: np.ndarray, plan: np.ndarray, base_cost: float, t: int, n: int
) -> None:
    """Add this year's adverse parts against the plan to the running sums of providers in service."""
    planned = base_cost * plan[t, PLAN_NEED] * plan[t, PLAN_PRICE] / plan[t, PLAN_PRODUCTIVITY]
    for i in range(n):
        if s[L.S_RUNNING, i] != 1.0:
            continue
        need = d[L.WORLD_LIST, i] / p[LIST_BASE] * d[L.WORLD_NEED, i] / plan[t, PLAN_NEED]
        price = d[L.WORLD_INPUT_PRICE, i] / plan[t, PLAN_PRICE]
        productivity = plan[t, PLAN_PRODUCTIVITY] / d[L.WORLD_PRODUCTIVITY, i]
        opening, shock = d[L.WORLD_OPENING, i], d[L.WORLD_SHOCK, i]
        scale = logarithmic_mean(planned * opening * need * price * productivity * shock, planned)
        s[L.S_ADVERSE + A_OPENING, i] += scale * math.log(opening)
        s[L.S_ADVERSE + A_NEED, i] += scale * math.log(need)
        s[L.S_ADVERSE + A_PRICE, i] += scale * math.log(price)
        s[L.S_ADVERSE + A_PRODUCTIVITY, i] += scale * math.log(productivity)
        s[L.S_ADVERSE + A_SHOCK, i] += scale * math.log(shock)
        s[L.S_ADVERSE + A_FUNDING, i] += plan[t, PLAN_AGREED] - d[L.PAID_ANNUAL, i]
        s[L.S_ADVERSE + A_OPENING, i] -= d[L.PAID_VARIATION, i]
        s[L.S_ADVERSE + A_PERFORMANCE, i] -= d[L.PAID_INCOME, i] - d[L.PAID_ANNUAL, i] - d[L.PAID_VARIATION, i]
        own = d[L.WORLD_INVESTMENT, i] + d[L.WORLD_GAMING_COST, i]
        saved = d[L.WORLD_PREVENTION_SAVING, i] + d[L.WORLD_SPARED, i]
        s[L.S_ADVERSE + A_INVESTMENT, i] += own - saved - d[L.WORLD_SHIFTED, i]


@rule
def largest_adverse(s: np.ndarray, i: int) -> int:
    """Number of the largest adverse part so far."""
    best = 0
    for k in range(1, 8):
        if s[L.S_ADVERSE + k, i] > s[L.S_ADVERSE + best, i]:
            best = k
    return best


@rule
def bear_losses(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Move the reserve, let the owners bear what they must, and put the rest on ledger line `line` as support."""
    for i in range(n):
        ledger[t, line, i] = 0.0
        if s[L.S_RUNNING, i] == 1.0:
            reserve = reserve_path_step(s[L.S_RESERVE, i], d[L.PAID_INCOME, i], d[L.WORLD_COST, i])
            if reserve < 0.0:
                borne = borne_by_owner(-reserve, p[LOSS_CAP] + p[GUARANTEE] + s[L.S_FEE_PAID, i] - s[L.S_OWNER_PAID, i])
                s[L.S_OWNER_PAID, i] += borne
                ledger[t, line, i] = -reserve - borne
                reserve = 0.0
            s[L.S_RESERVE, i] = reserve


@rule
def give_notice(s: np.ndarray, p: np.ndarray, i: int) -> None:
    """Start the years of notice of future i (part of a year is served as a whole one), and say why."""
    s[L.S_NOTICE, i] = math.ceil(p[NOTICE]) + 1.0
    s[L.S_EXIT_CAUSE, i] = L.EXIT_FIRST_ADVERSE + largest_adverse(s, i)


@rule
def leave_early(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Let providers that would leave before their owners' cap is used up give notice, and put the fee on ledger line `line`.

    The choice, s[S_LEAVE], holds for the year. Notice by a used cap is given in `end_service` and costs no fee.
    """
    cap = p[LOSS_CAP] + p[GUARANTEE]
    for i in range(n):
        ledger[t, line, i] = 0.0
        share, s[L.S_LEAVE, i] = s[L.S_LEAVE, i], 0.0
        free = share > 0.0 and s[L.S_RUNNING, i] == 1.0 and s[L.S_NOTICE, i] < 0.0 and p[RESCUE] == 0.0
        if free and s[L.S_RESERVE, i] <= 0.0:
            borne = s[L.S_OWNER_PAID, i]
            if (1.0 - share) * cap - NEARLY_NOTHING <= borne < cap - NEARLY_NOTHING:
                give_notice(s, p, i)
                ledger[t, line, i] = p[EXIT_FEE]
                d[L.PAID_INCOME, i] -= p[EXIT_FEE]
                s[L.S_FEE_PAID, i] += p[EXIT_FEE]
                s[L.S_OWNER_PAID, i] += p[EXIT_FEE]


@rule
def end_service(s: np.ndarray, axes: np.ndarray, once: np.ndarray, p: np.ndarray, t: int, n: int) -> None:
    """Decide, at the end of year t, who leaves and why. The exit year is the last year of service."""
    for i in range(n):
        chance = min(1.0, max(0.0, p[BREAK] * (1.0 + p[BREAK_LINK] * axes[t, L.CONTROL, i])))
        s[L.S_SURVIVAL, i] *= 1.0 - chance
        if s[L.S_RUNNING, i] != 1.0:
            continue
        borne, cap = s[L.S_OWNER_PAID, i], p[LOSS_CAP] + p[GUARANTEE] + s[L.S_FEE_PAID, i]
        used = s[L.S_RESERVE, i] <= 0.0 and borne >= cap - NEARLY_NOTHING
        if s[L.S_NOTICE, i] < 0.0 and p[RESCUE] == 0.0 and used:
            give_notice(s, p, i)
        if s[L.S_NOTICE, i] > 0.0:
            s[L.S_NOTICE, i] -= 1.0
        if s[L.S_NOTICE, i] == 0.0:
            s[L.S_RUNNING, i], s[L.S_EXIT_YEAR, i] = 0.0, float(t)
        elif once[L.ONCE_POLICY, i] > s[L.S_SURVIVAL, i]:
            s[L.S_RUNNING, i], s[L.S_EXIT_YEAR, i] = 0.0, float(t)
            if s[L.S_NOTICE, i] < 0.0:
                s[L.S_EXIT_CAUSE, i] = float(L.EXIT_POLICY)


@rule
def successor_cost(d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int, t: int, n: int) -> None:
    """Pay for care where the provider had left before this year: ledger lines `line` (care) and `line + 1` (once only)."""
    for i in range(n):
        ledger[t, line, i] = ledger[t, line + 1, i] = 0.0
        if s[L.S_RUNNING, i] == 0.0:
            premium = p[PREMIUM] if s[L.S_SINCE_EXIT, i] < p[STEP_IN_YEARS] else 0.0
            ledger[t, line, i] = d[L.WORLD_SCOPE_COST, i] * (1.0 + premium)
            if s[L.S_SINCE_EXIT, i] == 0.0:
                ledger[t, line + 1, i] = p[REPROCUREMENT]
            s[L.S_SINCE_EXIT, i] += 1.0
