"""The methods of advice and of the search for gaming: each with a sum on tiny arrays, worked out by its own code."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..advice import risks_score
from ..config.risk_register import load_register
from ..gaming.alignment import cosine
from ..gaming.regret import Regret
from ..levers import payoff
from ..measures.moments import Estimate
from ..methods import (
    control_limits,
    design_point,
    dominance,
    prim_checks,
    reliability,
    roots,
    shapley,
    skill,
    thresholds,
)
from ..methods import regret as regrets
from ..methods.box import Box, Limit
from ..methods.cases import Cases
from ..methods.components import components
from ..methods.paired import switching
from ..methods.pick_freeze import indices
from ..methods.projection import adjusted, between, standard
from ..methods.separation import deltas
from .method_worked import Worked

TWO = np.array([[100.0, 60.0, 20.0], [80.0, 80.0, 50.0]])
FAILED = np.array([True, True, True, False, True, False, False, False])
SIGNAL = np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0])


def _grid() -> Cases:
    """400 futures: every pair of 20 levels of two inputs, and a result that is the one plus half of the other."""
    first, second = (axis.ravel() for axis in np.meshgrid(np.linspace(-1.0, 1.0, 20), np.linspace(-1.0, 1.0, 20)))
    return Cases.of({"first": first, "second": second}, {"result": first + 0.5 * second})


# ── choosing ───────────────────────────────────────────────────────────────────────────────────────────────────────
def regret_sum() -> Worked:
    """A sum of regret."""
    found = regrets.regret(TWO)
    return Worked(
        {"worth of option A in three futures": TWO[0], "of option B": TWO[1]},
        {"regret of A": found[0], "regret of B": found[1], "largest": found.max(axis=1)},
    )


def criteria_sum() -> Worked:
    """A sum of criteria."""
    found = regrets.figures(TWO, np.ones(3))
    return Worked(
        {"worth of option A": TWO[0], "of option B": TWO[1]},
        {words: found[k] for k, (_, words, _) in enumerate(regrets.CRITERIA)},
        "Each result for A, then for B.",
    )


def standing_sum() -> Worked:
    """A sum of standing."""
    money, health = np.array([-10.0, -5.0, -8.0]), np.array([100.0, 40.0, 30.0])
    found = regrets.standing(money, health)
    return Worked(
        {"money of three drafts": money, "health": health},
        {"rank by money": found.money, "rank by health": found.health, "on the frontier": found.frontier},
    )


def dominance_sum() -> Worked:
    """A sum of dominance."""
    base = np.arange(64) * 37.0 % 64.0
    found = dominance.compared(np.array([base + 30.0, base]), batches=8)
    return Worked(
        {"option": "64 futures worth 30, 31, … 93", "other": "the same futures worth 0, 1, … 63"},
        {"violation": found.violation, "of the reverse": found.reverse, "verdict": found.verdict},
    )


def switching_sum() -> Worked:
    """A sum of switching."""
    found = switching(Estimate("mean", 20e6, 2e6), Estimate("mean", 1_000.0, 100.0), 0.0)
    return Worked(
        {"costs more (£)": 20e6, "its error": 2e6, "yields more (QALYs)": 1_000.0, "error of that": 100.0},
        {
            "switching value (£ per QALY)": found.value,
            "95% interval": (found.low, found.high),
            "the option is": found.holds,
        },
    )


# ── which input matters ────────────────────────────────────────────────────────────────────────────────────────────
def shapley_sum() -> Worked:
    """A sum of shapley."""
    values = np.array([0.0, 0.4, 0.5, 0.8])
    return Worked(
        {"variance explained by nothing, by A, by B, by both": values},
        {"effect of A": shapley.shapley_matrix(2)[0] @ values, "effect of B": shapley.shapley_matrix(2)[1] @ values},
    )


def adjusted_sum() -> Worked:
    """A sum of adjusted."""
    return Worked({"R²": 0.3, "futures": 101, "columns": 20}, {"share explained": float(adjusted(0.3, 101.0, 20))})


def components_sum() -> Worked:
    """A sum of components."""
    cases = _grid()
    found = components(shapley.fit(cases, ["result"]), "result")
    return Worked(
        {"futures": "all pairs of 20 levels of two inputs", "result": "first + ½ · second"},
        {f"{one.player}: structural, correlative": (one.structural.value, one.correlative.value) for one in found},
    )


def between_sum() -> Worked:
    """A sum of between."""
    values = np.array([1.0, 2.0, 5.0, 6.0, 1.0, 2.0, 5.0, 6.0])
    cases = Cases.of({"x": values}, {"y": values})
    found = between(np.array([0, 0, 1, 1, 0, 0, 1, 1]), standard(cases, ["y"]), cases)
    return Worked(
        {"result": values, "class": [0, 0, 1, 1, 0, 0, 1, 1]}, {"correlation ratio, adjusted": found[0].value}
    )


def sobol_sum() -> Worked:
    """A sum of sobol."""
    a1, a2, b1, b2 = (np.sin(np.arange(256.0) * step) for step in (1.0, 1.7, 2.3, 3.1))
    found = indices(a1 + 0.5 * a2, b1 + 0.5 * b2, {"first": b1 + 0.5 * a2, "second": a1 + 0.5 * b2})
    return Worked(
        {"two independent inputs": "256 values each", "result": "first + ½ · second"},
        {f"{one.group}: first order, total": (one.first.value, one.total.value) for one in found},
    )


def delta_sum() -> Worked:
    """A sum of delta."""
    found = deltas(_grid(), ["result"])
    return Worked(
        {"futures": "all pairs of 20 levels of two inputs", "result": "first + ½ · second"},
        {one.factor: one.share.value for one in found} | {"no-signal level": found[0].no_signal},
    )


# ── where it fails, and the way there ──────────────────────────────────────────────────────────────────────────────
def box_sum() -> Worked:
    """A sum of box."""
    cases = Cases.of({"x": SIGNAL}, {"fails": FAILED.astype(float)})
    found = prim_checks.judge(cases, "fails", Box((Limit("x", low=6.0),)))
    return Worked(
        {"x": SIGNAL, "fails": list(FAILED), "box": "x of 6 or more"},
        {
            "coverage": found.coverage.value,
            "density": found.density.value,
            "failing outside": found.outside.value,
            "lift": found.lift,
            "Youden": found.youden,
        },
    )


def quasi_p_sum() -> Worked:
    """A sum of quasi p."""
    return Worked(
        {"cases inside": 4, "all of them fail, without the limit": 0.5},
        {"quasi-p": prim_checks.binomial_p(1.0, 0.5, 4)},
    )


def _limit(u: np.ndarray) -> Any:
    return 3.0 - u[..., 0] - u[..., 1]


def design_point_sum() -> Worked:
    """A sum of design point."""
    found = design_point.design_point(_limit, 2)
    return Worked(
        {"fails where": "u₁ + u₂ ≥ 3"},
        {"distance β": found.beta, "nearest point": found.point, "share of each, α²": found.sensitivities**2},
    )


def second_order_sum() -> Worked:
    """A sum of second order."""
    found = reliability.second_order(_limit, design_point.design_point(_limit, 2))
    return Worked(
        {"fails where": "u₁ + u₂ ≥ 3, a straight line"},
        {"first order Φ(−β)": found.first_order, "second order": found.hohenbichler},
    )


# ── what to watch ──────────────────────────────────────────────────────────────────────────────────────────────────
def area_sum() -> Worked:
    """A sum of area."""
    found, best = thresholds.area_under_curve(SIGNAL, FAILED), thresholds.best_threshold(SIGNAL, FAILED)
    given = {"values": SIGNAL, "fails": list(FAILED)}
    return Worked(
        given,
        {"area": found.value, "threshold": best.value if best else "none", "Youden": best.youden if best else 0.0},
    )


def judged_sum() -> Worked:
    """A sum of judged."""
    found = thresholds.judge(SIGNAL > 5.5, FAILED)
    return Worked(
        {"signal": list(SIGNAL > 5.5), "fails": list(FAILED)},
        {"hit rate": found.hit.value, "false alarms": found.false_alarm.value, "precision": found.precision.value},
    )


def skill_sum() -> Worked:
    """A sum of skill."""
    chance, came = np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, True, False, False])
    found = skill.skill_against(chance, 0.5, came)
    return Worked(
        {"chance said": chance, "fails": list(came), "reference": 0.5},
        {"Brier score": found.brier, "of the reference": found.reference, "skill": found.skill},
    )


def control_sum() -> Worked:
    """A sum of control."""
    values = np.arange(200.0)[None, :]
    (found,) = control_limits.limits_by_year(values, np.ones_like(values, dtype=bool), np.ones(200))
    assert found is not None
    return Worked(
        {"a quantity in 200 futures that go well": "0, 1, … 199"},
        {
            "middle": found.middle,
            "5% and 95%": (found.low, found.high),
            "1% and 99%": (found.low_outer, found.high_outer),
        },
    )


def root_sum() -> Worked:
    """A sum of root."""
    found = roots.scan(lambda x: roots.Reading(1.0 - x * x, 0.01), 0.0, 1.0, 0.36, points=5)
    return Worked(
        {"chance of failure at x": "1 − x²", "target": 0.36},
        {"enough from": found.crossings[0].value, "and misses at": found.crossings[0].misses},
    )


# ── gaming and risks ───────────────────────────────────────────────────────────────────────────────────────────────
def minimax_sum() -> Worked:
    """A sum of minimax."""
    cost = np.array([[10.0, 60.0], [20.0, 30.0]])
    found = Regret(
        ("as drafted", "fixed"), (("cautious", 0.0), ("bold", 0.0)), cost, np.zeros((2, 2)), np.ones(2), np.zeros(2)
    )
    return Worked(
        {"cost of the draft by provider": cost[0], "of the fixed one": cost[1]},
        {"largest regret": found.largest, "chosen": found.variants[found.chosen]},
    )


def gradient_sum() -> Worked:
    """A sum of gradient."""
    given = {"game_gain": 1_800_000.0, "game_cost": 10_000.0, "true_gain": 1_800_000.0, "true_cost": 200_000.0}
    return Worked(given, {"gaming gradient": payoff.gaming_gradient(**given)}, "Money in pounds.")


def synergy_sum() -> Worked:
    """A sum of synergy."""
    given = {"both": 14.0, "first": -23.0, "second": -1.0}
    return Worked(given, {"synergy": payoff.synergy(**given)}, "In millions of pounds, each against nothing at all.")


def cosine_sum() -> Worked:
    """A sum of cosine."""
    return Worked(
        {"pay": (3.0, 4.0), "value": (4.0, 3.0)}, {"cosine": cosine(np.array([3.0, 4.0]), np.array([4.0, 3.0]))}
    )


def deterring_sum() -> Worked:
    """A sum of deterring."""
    given: dict[str, Any] = {"gain": 10.0, "cost": 1.0, "fine": 0.5, "fixed": 5.0, "look_back": 3.0}
    return Worked(given, {"chance that deters": payoff.deterring_detection(**given)})


def score_sum() -> Worked:
    """A sum of score."""
    register = load_register()
    likely, hit = register.band("likelihood", 0.3), register.band("money", 0.02)
    return Worked(
        {"likelihood": 0.3, "impact, as a share of what the party has": 0.02},
        {
            "band of likelihood": likely,
            "band of impact": hit,
            "score": likely * hit,
            "grade": risks_score.grade(likely * hit),
        },
    )
