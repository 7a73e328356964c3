"""The angle between what pays and what is worth having, over true outcomes (Baker's measure of distortion, recalled).

    cos = pay · value / (|pay| |value|)

    pay_k    the provider's gain from one unit more of true progress on indicator k in every year, all clauses at work
    value_k  QALYs of that unit, discounted, at the worth of a QALY (J-QALY)

One more outcome, services without an indicator, is counted in the yearly sum that full effort on one indicator costs, so that all
axes are in like amounts of work; it pays nothing. The cosine is given with and without it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..analysis.evaluate import QALY_VALUE, SURPLUS, Arena
from ..analysis.exploit import Game
from ..drivers.parameters import slot
from ..futures.plan import VERIFY_FIRST
from ..strategy import Strategy
from .virement import HEALTH_KEY

HEALTH_RATE, EFFORT_COST = slot("place.health.health_discount"), slot("provider.effort.cost_share")
STEP = 0.05


@dataclass(frozen=True)
class Alignment:
    """Pay and value of each true outcome as flat dicts, and the cosine with and without services that nothing measures."""

    outcomes: tuple[dict[str, Any], ...]
    cosine: float
    cosine_measured: float

    @property
    def degrees(self) -> float:
        """Angle between pay and value, unmeasured services counted in; 0 is perfect alignment."""
        return math.degrees(math.acos(max(-1.0, min(1.0, self.cosine))))

    def rows(self) -> list[dict[str, Any]]:
        """The outcomes, with the cosines and the angle on every row."""
        both = {"cosine": self.cosine, "cosine_measured": self.cosine_measured, "angle_degrees": self.degrees}
        return [outcome | both for outcome in self.outcomes]


def pay_per_progress(game: Game, futures: int) -> np.ndarray:
    """float64[indicators]: the honest provider's mean gain from one unit more of true progress in every year (£).

    The indicator's scale is moved by a step up and down while targets stay, on the same futures; all clauses are at work.
    """
    honest, slopes = Strategy("honest", dict(game.honest)), []
    for k in range(len(game.study.place.indicators)):
        ends = []
        for step in (STEP, -STEP):
            own = list(game.study.place.indicators)
            shift = step * (own[k].target - own[k].baseline)
            own[k] = replace(own[k], baseline=own[k].baseline + shift, target=own[k].target + shift)
            study = replace(game.study, place=replace(game.study.place, indicators=tuple(own)))
            arena = Arena(study, game.scenario, VERIFY_FIRST, futures, game.jobs)
            ends.append(float(arena.outcomes([honest])[0, SURPLUS].mean()))
        slopes.append((ends[0] - ends[1]) / (2.0 * STEP))
    return np.array(slopes)


def cosine(pay: np.ndarray, value: np.ndarray) -> float:
    """Cosine of the angle between two gradients; NaN where one of them is nothing at all."""
    size = float(np.linalg.norm(pay) * np.linalg.norm(value))
    return float(pay @ value) / size if size > 0.0 else float("nan")


def alignment(game: Game, futures: int) -> Alignment:
    """The alignment of a game's contract at its honest best response; see the module's text."""
    study, p = game.study, game.study.parameter_vector()
    years = float(((1.0 + p[HEALTH_RATE]) ** -np.arange(study.years)).sum())
    worth = [p[QALY_VALUE] * years * indicator.qaly_per_progress for indicator in study.place.indicators]
    names = [indicator.name for indicator in study.place.indicators]
    sum_of_year = p[EFFORT_COST] * study.contract.opening_price / max(1, len(names))
    worth.append(p[QALY_VALUE] * years * study.place.parameters[HEALTH_KEY].value * sum_of_year)
    pay, value = np.append(pay_per_progress(game, futures), 0.0), np.array(worth)
    rows = [
        {
            "outcome": name, "pay_per_unit_gbp": float(a), "value_per_unit_gbp": float(b),
            "pay_over_value": float(a / b) if b else None,
        }
        for name, a, b in zip([*names, "services without an indicator"], pay, value, strict=True)
    ]  # fmt: skip
    return Alignment(tuple(rows), cosine(pay, value), cosine(pay[:-1], value[:-1]))
