"""Where effort goes: near a step, under noise, and away from what is not measured.

Cases TV03 and TV17 (L05) and TV16 (L07). Scores are those of the improvement payment. For two tasks that compete for the
same staff, one measured and paid b a unit, the other done for its own sake at μ a unit, the provider chooses

    max b·e1 + μ·e2 − ½(e1² + e2²) − γ·e1·e2:   e1 = (b − γμ) / (1 − γ²),  e2 = (μ − γb) / (1 − γ²)

with 0 ≤ γ < 1 as the rivalry of the tasks; where one of them would be negative it is 0 and the other its own reward.
The more the measured task pays, the less is left for the other. Evidence: E18, E20.
"""

from __future__ import annotations

import math

from ..terms import improvement_payment, payment
from .payoff_clause import run_clause


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


# ── L07 effort away from what is not measured ──────────────────────────────────────────────────────────────────────
def best_tasks(pay: float, motive: float, rivalry: float) -> tuple[float, float]:
    """(measured, unmeasured) effort that the provider chooses: case TV16."""
    whole = 1.0 - rivalry * rivalry
    measured, unmeasured = (pay - rivalry * motive) / whole, (motive - rivalry * pay) / whole
    if unmeasured < 0.0:
        return pay, 0.0
    return (0.0, motive) if measured < 0.0 else (measured, unmeasured)


def tasks_worth(measured: float, unmeasured: float, pay: float, motive: float, rivalry: float) -> float:
    """What two efforts are worth to the provider, the measured one paid as a price times a quantity."""
    paid = run_clause(payment.KIND, {"price": pay, "of": "measured"}, [{"measured": measured}])[0][0, 0]
    toil = 0.5 * (measured * measured + unmeasured * unmeasured) + rivalry * measured * unmeasured
    return float(paid) + motive * unmeasured - toil


def value_of_tasks(
    pay: float, motive: float, rivalry: float, measured_worth: float = 1.0, unmeasured_worth: float = 3.0
) -> float:
    """What the chosen efforts are worth to the commissioner, at its value of each task: case TV16."""
    measured, unmeasured = best_tasks(pay, motive, rivalry)
    return measured_worth * measured + unmeasured_worth * unmeasured
