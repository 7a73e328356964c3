"""What gaming pays on paper: closed forms of single levers, small enough to check by hand.

The engine plays levers over thousands of futures; these functions give the same pay-offs for one year or one path, so
that a reviewer can set a known number beside each. Where the engine has a function for a step, it is called and not
written again: the clauses of terms/ for what is paid, the rules of the lever files for what is reported. The kernel
uses nothing of this.

    net of detection   gain · (1 − π(1 + m)Λ) − cost − π·F
    deterred from      π* = (gain − cost) / ((1 + m)·Λ·gain + F)
    audit              π = 1 − (1 − s·q)^n;  any of three: π = 1 − (1 − π_a)(1 − π_w)(1 − π_b)

π chance of being found out, m fine as a multiple of the gain, F fixed penalty, Λ years of gain recovered. Money is in
pounds, or in any unit used throughout. Test vectors TV01–TV05, TV08–TV10 and TV17–TV19.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from .. import layout as L
from ..terms import ONE, STANDARD, PackContext, annual_payment, gain_loss_share, improvement_payment
from .exception_reporting import excepted
from .list_inflation import diluted
from .prevention_run_off import returns_within_term
from .upcoding import coding_cost
from .year_end_timing import room_for_cost

MAX_PATHS = 1_000_000
#: The row of d that each quantity is read from; the one that is always 1 stands behind the drivers.
QUANTITIES = {quantity.name: quantity.driver for quantity in STANDARD} | {ONE: len(L.DRIVERS)}


# ── detection ──────────────────────────────────────────────────────────────────────────────────────────────────────
def net_of_detection(
    gain: float, cost: float, detection: float, fine: float, fixed: float = 0.0, look_back: float = 1.0
) -> float:
    """Expected gain after what is recovered with its fine, the fixed penalty and the cost of the act."""
    return gain * (1.0 - detection * (1.0 + fine) * look_back) - cost - detection * fixed


def deterring_detection(gain: float, cost: float, fine: float, fixed: float = 0.0, look_back: float = 1.0) -> float:
    """The chance of being found out at which the act just stops paying (may exceed 1: nothing deters it)."""
    return (gain - cost) / ((1.0 + fine) * look_back * gain + fixed)


def audit_detection(false_share: float, records: int, sensitivity: float = 1.0) -> float:
    """Chance that a sample of `records` finds at least one false record."""
    return 1.0 - (1.0 - sensitivity * false_share) ** records


def combined_detection(audit: float, whistle: float, outlier: float) -> float:
    """Chance that an audit, a whistle-blower or an outlier test finds the act."""
    return 1.0 - (1.0 - audit) * (1.0 - whistle) * (1.0 - outlier)


# ── L02 list inflation ─────────────────────────────────────────────────────────────────────────────────────────────
def paid_for_list(price: float, heads: float, base: float, at_risk: float, score: float) -> float:
    """Annual payment for a list, less what is withheld on outcomes at this score."""
    paid = annual_payment.payment(price, heads, base, 1.0, 1.0, 0.0)
    return paid + improvement_payment.improvement_amount(score, paid, at_risk, 0.0)


def ghost_list_gain(
    price: float, true_list: float, ghosts: float, at_risk: float, score: float, tolerance: float = 1.0
) -> float:
    """What `ghosts` names bring in a year; no more heads are paid than true list · (1 + tolerance): case TV01."""
    heads = min(true_list + ghosts, true_list * (1.0 + tolerance))
    return paid_for_list(price, heads, true_list, at_risk, score) - paid_for_list(
        price, true_list, true_list, at_risk, score
    )


# ── L03 up-coding ──────────────────────────────────────────────────────────────────────────────────────────────────
def coding_gain(
    budget: float, overstated: float, scale: float, cap: float = 1.0, detection: float = 0.0, fine: float = 0.0
) -> float:
    """Expected gain of overstating need: M · budget · min(u, cap) − ½·k·u², M = 1 − π(1 + m): case TV02."""
    need = 1.0 + min(overstated, cap)
    gain = annual_payment.payment(budget, 1.0, 1.0, need, 0.0, 1.0) - budget
    return net_of_detection(gain, coding_cost(overstated, scale), detection, fine)


def best_coding(budget: float, scale: float, detection: float = 0.0, fine: float = 0.0) -> float:
    """The overstatement that gains most where nothing caps it: u* = M · budget / k."""
    return max(0.0, 1.0 - detection * (1.0 + fine)) * budget / scale


# ── L05 effort near a step ─────────────────────────────────────────────────────────────────────────────────────────
def best_effort(
    start: float, floor: float, target: float, step_share: float, pot: float, patients: int, cost: float
) -> tuple[float, float]:
    """(gain, share reached) of the best number of further patients at `cost` each, paid by the engine's score: TV03.

    Of two numbers that pay alike the smaller is taken. `start` is the share of patients reached without effort.
    """
    reached = round(start * patients)
    before = improvement_payment.indicator_score(reached / patients, floor, target, step_share)
    best_gain, best_reached = 0.0, reached / patients
    for more in range(1, patients - reached + 1):
        share = (reached + more) / patients
        after = improvement_payment.indicator_score(share, floor, target, step_share)
        gain = pot * (after - before) - more * cost
        if gain > best_gain + 1e-9:
            best_gain, best_reached = gain, share
    return best_gain, best_reached


def give_up_point(target: float, pot: float, patients: int, cost: float) -> float:
    """The start below which a step at `target` is not worth the effort."""
    return target - pot / (cost * patients)


def marginal_pay_under_noise(pot: float, target: float, value: float, noise_sd: float, patients: int) -> float:
    """Expected pay for one more patient when a step is judged on a noisy value: J·n((τ−x)/σ)/(σ·D): case TV17."""
    z = (target - value) / noise_sd
    return pot * math.exp(-0.5 * z * z) / (math.sqrt(2.0 * math.pi) * noise_sd * patients)


# ── L04 exceptions ─────────────────────────────────────────────────────────────────────────────────────────────────
def exceptions_needed(register: float, met: float, target: float) -> float:
    """Patients to except so that what was met reaches the target: E* = D − Y/τ, none where it is reached: case TV04."""
    return max(0.0, register - met / target)


def reported_share(register: float, met: float, exceptions: float) -> float:
    """Share reported when `exceptions` patients of a register leave the denominator."""
    return float(excepted(met / register, exceptions / register, 1.0, False))


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


# ── L11 timing ─────────────────────────────────────────────────────────────────────────────────────────────────────
def settled_share(
    savings: Sequence[float], share: float, cap: float, settlement: str, expected: float = 100.0
) -> float:
    """Sum over years of the engine's gain/loss share on these savings; ±cap pounds a year (annual or cumulative)."""
    kind = gain_loss_share.KIND
    values: dict[str, Any] = {f.name: f.default for f in kind.fields}
    values |= {"share_gain": share, "share_loss": share, "gain_cap": cap / expected, "loss_cap": cap / expected}
    values["settlement"] = settlement
    d, memory, total = np.zeros((len(L.DRIVERS) + 1, 1)), np.zeros((L.MEMORY_SLOTS, 1)), 0.0
    d[QUANTITIES[ONE]] = 1.0
    for year, saving in enumerate(savings):
        row = np.array(kind.row(values, PackContext(year, len(savings), quantities=QUANTITIES)))
        d[L.RECORD_ACUTE_EXPECTED], d[L.RECORD_ACUTE], d[L.PAID_ANNUAL] = expected, expected - saving, expected
        total += kind.arm(row, d, memory, 0)
    return total


def shifted_savings(savings: Sequence[float], share: float, cap: float, movable: float) -> list[float]:
    """Savings as recorded when cost of the next year is brought forward into a year that does not count it: TV05."""
    recorded, carried = [], 0.0
    for year, saving in enumerate(savings):
        gap = saving + carried
        room = room_for_cost(gap, 0.0, cap / share, cap / share)
        carried = min(movable, room) if year < len(savings) - 1 else 0.0
        recorded.append(gap - carried)
    return recorded


def timing_result(
    savings: Sequence[float], share: float, cap: float, movable: float, settlement: str = "annual"
) -> float:
    """What the share pays over the years when up to `movable` pounds of cost a year are moved: case TV05."""
    return settled_share(shifted_savings(savings, share, cap, movable), share, cap, settlement)


# ── L06 ratchet ────────────────────────────────────────────────────────────────────────────────────────────────────
def surviving_incentive(rebase: float, years: int, discount: float = 0.0) -> float:
    """Share of the reward for a lasting gain that is left when targets follow reports."""
    factors = [(1.0 + discount) ** -k for k in range(years)]
    return sum(f * (1.0 - rebase) ** k for k, f in enumerate(factors)) / sum(factors)


def ratchet_gain(gain: float, pay: float, cost: float, years: int, rebase: float, discount: float = 0.0) -> float:
    """Worth of a lasting gain at `pay` and `cost` a point and year: bΔ·Σβᵏ(1−λ)ᵏ − cΔ·Σβᵏ, k from 0: case TV08."""
    factor = sum((1.0 + discount) ** -k for k in range(years))
    return gain * factor * (pay * surviving_incentive(rebase, years, discount) - cost)


def holding_back_rebase(pay: float, cost: float, years: int, discount: float = 0.0) -> float:
    """The re-basing share λ* above which a lasting gain stops paying; 1 where it always pays, 0 where it never does."""
    low, high = 0.0, 1.0
    if ratchet_gain(1.0, pay, cost, years, high, discount) >= 0.0:
        return high
    for _ in range(80):
        middle = 0.5 * (low + high)
        if ratchet_gain(1.0, pay, cost, years, middle, discount) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def path_value(path: Sequence[float], pay: float, cost: float, rebase: float = 1.0, memory_years: int = 1) -> float:
    """What a path of achievements earns above a target that follows it, less its cost: case TV19.

    With `memory_years` 1 the target moves by `rebase` of the way to the last report, as in the improvement payment;
    with more it is the mean of the last reports (years before the start count as 0) times `rebase`. 0: a fixed target.
    """
    target, value = 0.0, 0.0
    for year, achieved in enumerate(path):
        value += pay * max(0.0, achieved - target) - cost * achieved
        if memory_years == 1:
            target += rebase * (achieved - target)
        else:
            target = rebase * sum(path[max(0, year + 1 - memory_years) : year + 1]) / memory_years
    return value


def best_path(
    years: int, levels: Sequence[float], pay: float, cost: float, rebase: float = 1.0, memory_years: int = 1
) -> float:
    """The most that any path over these levels earns; tries them all. Raises ValueError beyond a million paths."""
    if len(levels) ** years > MAX_PATHS:
        raise ValueError(f"{len(levels)} levels over {years} years are more than {MAX_PATHS} paths")
    return max(path_value(path, pay, cost, rebase, memory_years) for path in product(levels, repeat=years))


# ── L10 cost shifting ──────────────────────────────────────────────────────────────────────────────────────────────
def shifting_gain(inside: float, acute: float, council: float, acute_share: float, council_share: float) -> float:
    """Cost saved inside less the provider's shares of what falls outside: case TV09."""
    return inside - acute_share * acute - council_share * council


def shifting_harm(acute: float, council: float, qalys: float, value_of_qaly: float) -> float:
    """What others pay, and health lost at its value."""
    return acute + council + qalys * value_of_qaly


def deadweight(harm: float, gain: float) -> float:
    """Harm beyond what the provider gains: what is lost and not merely moved."""
    return harm - gain


def deterring_share(inside: float, acute: float, council: float) -> float:
    """Share of the whole basket at which shifting just stops paying: Δ_in / (Δ_acute + Δ_council)."""
    return inside / (acute + council)


# ── L13 prevention near the end ────────────────────────────────────────────────────────────────────────────────────
def prevention_worth(
    year: int, years: int, lag: float, lasting: float, yearly_return: float, tail_share: float = 0.0
) -> float:
    """What a pound of prevention in contract year `year` (1 = first) returns, with a share of the tail: TV10."""
    within = returns_within_term(year - 1, years, lag, lasting, yearly_return)
    return float(within + tail_share * (yearly_return * lasting - within))


def last_profitable_year(years: int, lag: float, lasting: float, yearly_return: float, tail_share: float = 0.0) -> int:
    """Last contract year (1 = first) in which a pound of prevention returns more than a pound; 0 where none does."""
    worth = [prevention_worth(t, years, lag, lasting, yearly_return, tail_share) for t in range(1, years + 1)]
    return max((t for t, w in enumerate(worth, start=1) if w > 1.0 + 1e-12), default=0)


def idle_loss(years: int, lag: float, lasting: float, yearly_return: float) -> float:
    """Net return lost to everyone, per pound a year, in the years when prevention loses the provider money."""
    worth = [prevention_worth(t, years, lag, lasting, yearly_return) for t in range(1, years + 1)]
    return sum(yearly_return * lasting - 1.0 for w in worth if w < 1.0 - 1e-12)


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
