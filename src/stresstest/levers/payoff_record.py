"""What a bent record pays: ghosts on the list, overstated need, exceptions, and ghosts hidden by exceptions.

Cases TV01, TV02, TV04 and TV18. The annual payment is the clause's own, and so are the indicators' scores; what a lever
does to a reported value is the rule of its own file.
"""

from __future__ import annotations

from ..terms import annual_payment, improvement_payment
from .exception_reporting import excepted
from .list_inflation import diluted
from .payoff_clause import run_clause
from .payoff_detection import net_of_detection
from .upcoding import coding_cost


# ── L02 list inflation ─────────────────────────────────────────────────────────────────────────────────────────────
def paid_for_list(
    price: float, heads: float, base: float, at_risk: float, score: float, tolerance: float = 1.0
) -> float:
    """Annual payment for a list, less what is withheld on outcomes at this score.

    No more heads are paid than base · (1 + tolerance).
    """
    terms = {"opening_price": price, "form": "fixed", "list_pass_through": 1.0, "list_tolerance": tolerance}
    year = {"list": heads, "list_at_start": base, "list_audited": base}
    paid = float(run_clause(annual_payment.KIND, terms, [year])[0][0, 0])
    return float(paid + improvement_payment.improvement_amount(score, paid, at_risk, 0.0))


def ghost_list_gain(
    price: float, true_list: float, ghosts: float, at_risk: float, score: float, tolerance: float = 1.0
) -> float:
    """What `ghosts` names bring in a year; no more heads are paid than true list · (1 + tolerance): case TV01."""
    inflated = paid_for_list(price, true_list + ghosts, true_list, at_risk, score, tolerance)
    return inflated - paid_for_list(price, true_list, true_list, at_risk, score, tolerance)


# ── L03 up-coding ──────────────────────────────────────────────────────────────────────────────────────────────────
def coding_gain(
    budget: float, overstated: float, scale: float, cap: float = 1.0, detection: float = 0.0, fine: float = 0.0
) -> float:
    """Expected gain of overstating need: M · budget · min(u, cap) − ½·k·u², M = 1 − π(1 + m): case TV02."""
    terms = {"opening_price": budget, "form": "fixed", "need_pass_through": 1.0, "coding_cap": cap}
    paid = run_clause(annual_payment.KIND, terms, [{"need": 1.0 + overstated, "need_audited": 1.0}])[0][0, 0]
    return net_of_detection(float(paid) - budget, coding_cost(overstated, scale), detection, fine)


def best_coding(budget: float, scale: float, detection: float = 0.0, fine: float = 0.0) -> float:
    """The overstatement that gains most where nothing caps it: u* = M · budget / k."""
    return max(0.0, 1.0 - detection * (1.0 + fine)) * budget / scale


# ── L04 exceptions ─────────────────────────────────────────────────────────────────────────────────────────────────
def exceptions_needed(register: float, met: float, target: float) -> float:
    """Patients to except so that what was met reaches the target: E* = D − Y/τ, none where it is reached: case TV04."""
    return max(0.0, register - met / target)


def reported_share(register: float, met: float, exceptions: float, exception_cap: float = 1.0) -> float:
    """Share that counts when `exceptions` patients of a register are excepted; beyond the cap they count as failures."""
    share = exceptions / register
    return float(
        improvement_payment.allowed(excepted(met / register, share, 1.0, False), share, exception_cap, 1.0, False)
    )


def exception_gain(
    register: float, met: float, exceptions: float, floor: float, target: float, step_share: float, pot: float,
    cost: float,
) -> float:  # fmt: skip
    """What exceptions at `cost` each bring on one indicator."""
    before = improvement_payment.indicator_score(met / register, floor, target, step_share)
    share = reported_share(register, met, exceptions)
    # a share that reaches the target but for rounding has reached it: exceptions come in whole patients
    share = target if abs(share - target) < 1e-12 else share
    after = improvement_payment.indicator_score(share, floor, target, step_share)
    return float(pot * (after - before) - cost * exceptions)


def patients_still_needed(register: float, met: float, target: float, exception_cap: float) -> float:
    """Further patients to reach the target when only a share `exception_cap` of the register may be excepted."""
    return max(0.0, target * register * (1.0 - exception_cap) - met)


def gaming_gradient(game_gain: float, game_cost: float, true_gain: float, true_cost: float) -> float:
    """Gain per pound of gaming over gain per pound of improving; above 1 gaming pays better."""
    return (game_gain / game_cost) / (true_gain / true_cost)


# ── compound of L02 and L04 ────────────────────────────────────────────────────────────────────────────────────────
def masking_exceptions(value: float, target: float, ghosts: float) -> float:
    """Share of patients to except so that a value diluted by ghosts still reaches its target."""
    return max(0.0, 1.0 - value / (target * (1.0 + ghosts)))


def compound_gain(
    price: float, value: float, target: float, at_risk: float, ghosts: float, exceptions: float, cost: float,
    patients: int, indicators: int,
) -> float:  # fmt: skip
    """Gain of ghosts and exceptions together, when all that is at risk hangs on a step: case TV18.

    `ghosts` and `exceptions` are shares of the list and of each register, `cost` is for one excepted patient. The
    honest provider reports `value` and is paid by the same rule.
    """
    reported = diluted(excepted(value, exceptions, 1.0, False), ghosts, 1.0)
    score = improvement_payment.indicator_score(reported, 0.0, target, 1.0)
    honest = improvement_payment.indicator_score(value, 0.0, target, 1.0)
    gain = paid_for_list(price, 1.0 + ghosts, 1.0, at_risk, score) - paid_for_list(price, 1.0, 1.0, at_risk, honest)
    return gain - cost * exceptions * patients * indicators


def synergy(both: float, first: float, second: float) -> float:
    """What two acts gain together beyond the sum of each alone."""
    return both - first - second
