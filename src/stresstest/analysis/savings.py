"""Are the plan's savings dated and evidenced: what happens if half of them, or none, come, or if they come late.

The plan counts on two savings. Each row sets both; everything else, chance included, is the study's own, in the same futures.

    productivity   growth of a year, on average and efficiency work included: share · ln(1 + planned productivity growth) from
                   the year 1 + delay on, nothing before. It moves place.productivity.mean and provider.efficiency.gain and the
                   sign of the yearly efficiency work, which costs the same either way (its cost goes with the square)
    acute care     full cut of the model of care, on average: share · the cut at which the basket falls by the planned
                   reduction (place.acute.benefit_mean, and benefit_limit where it binds). It begins `delay` years after the start
                   and builds up over the plan's phase-in (place.acute.lag_shortest, lag_longest, build_years)

What spreads between futures (place.productivity.spread and noise, technology, place.acute.benefit_spread) stays. The first row,
all of the plan in time, is what the others are compared with; the last is the study as it stands. The provider goes on doing
what it does.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import layout as L
from ..assumptions import planned_benefit
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..place import Quantity
from ..strategy import Strategy
from ..study import Study
from .evaluate import EXPOSURE, HEALTH, SURPLUS, simulate_with_nature

FUTURES = 8192
CAUSE, WEIGHT = L.OUT["exit_cause_code"], len(L.NATURE) + L.TAG_WEIGHT
MEASURES = ("exit_losses", "surplus", "exposure", "health")
UNITS = {"exit_losses": "", "surplus": "_gbp", "exposure": "_gbp", "health": "_qaly"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """A share of the planned savings, years that they are late, and the words; no share: the study as it stands."""

    share: float | None
    delay: int | None
    words: str


SETTINGS = (
    Setting(1.0, 0, "as planned"),
    Setting(0.5, 0, "half of the planned savings"),
    Setting(0.0, 0, "none of the planned savings"),
    Setting(1.0, 1, "all of them, one year late"),
    Setting(1.0, 2, "all of them, two years late"),
    Setting(1.0, 3, "all of them, three years late"),
    Setting(None, None, "as the study expects them"),
)


def saving_rows(study: Study, strategy: Strategy, futures: int = FUTURES, jobs: int = 2) -> list[Row]:
    """One row a setting: measures with their errors, and paired changes against the first row."""

    def lived(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
        own, played = with_savings(study, strategy, setting)
        inputs = own.kernel_inputs(own.scenarios[0], (played,), RANDOM_DESIGN)
        out, nature = simulate_with_nature(inputs, VERIFY_FIRST, futures)
        return _columns(out[0]), nature[WEIGHT] / nature[WEIGHT].mean()

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        found = list(pool.map(lived, SETTINGS))
    base = found[0][0]
    return [
        {
            "share_of_plan": setting.share, "delay_years": setting.delay, "words": setting.words,
            **_numbers(columns, columns - base, share), "strategy": strategy.name, "scenario": study.scenarios[0].name,
            "futures": futures,
        }
        for setting, (columns, share) in zip(SETTINGS, found, strict=True)
    ]  # fmt: skip


def _columns(out: np.ndarray) -> np.ndarray:
    """values[MEASURES, n] of out[OUTCOMES, n]."""
    return np.array([out[CAUSE] >= L.EXIT_FIRST_ADVERSE, out[SURPLUS], out[EXPOSURE], out[HEALTH]], dtype=float)


def _numbers(values: np.ndarray, changes: np.ndarray, share: np.ndarray) -> Row:
    """Each measure with its error, and its change with the error of the paired difference."""
    found: Row = {}
    for k, name in enumerate(MEASURES):
        mean = name if name == "exit_losses" else f"{name}_mean{UNITS[name]}"
        found |= _estimate(mean, f"{name}_error{UNITS[name]}", values[k], share)
        found |= _estimate(f"{mean}_change", f"{mean}_change_error", changes[k], share)
    return found


def _estimate(name: str, error: str, values: np.ndarray, share: np.ndarray) -> Row:
    mean = float(np.mean(share * values))
    return {name: mean, error: float(np.std(share * (values - mean), ddof=1) / math.sqrt(values.size))}


def with_savings(study: Study, strategy: Strategy, setting: Setting) -> tuple[Study, Strategy]:
    """The study in which a share of the planned savings comes `delay` years late, and the strategy to be played in it."""
    if setting.share is None or setting.delay is None:
        return study, strategy
    place, full = study.place.parameters, setting.share * planned_benefit(study)
    growth = setting.share * math.log1p(study.contract.plan["productivity_growth"].value)
    own, played, mean = _dated(study, strategy, growth, setting.delay)
    new = {
        "productivity.mean": mean, "acute.benefit_mean": full,
        "acute.benefit_limit": max(full, place["acute.benefit_limit"].value),
        "acute.lag_shortest": float(setting.delay), "acute.lag_longest": float(setting.delay),
        "acute.build_years": study.contract.benchmark["phase_years"].value,
    }  # fmt: skip
    parameters = {**place, **{key: _set(place[key], value) for key, value in new.items()}}
    return replace(own, place=replace(study.place, parameters=parameters)), played


def _dated(study: Study, strategy: Strategy, growth: float, delay: int) -> tuple[Study, Strategy, float]:
    """Study, strategy and mean growth such that productivity grows by nothing up to year `delay` and by `growth` after it.

    Efficiency work of level x stands at −x in the years without growth and at x in the others, so that it costs the same, and
    mean growth and its gain are half the growth each. Where there is no such work it is made free and stands at −1 and 1.
    """
    level = strategy.levels.get("efficiency", 0.0)
    x = float(np.mean(level)) or 1.0
    own = study.provider.parameters
    new = {"efficiency.gain": 0.5 * growth / x}
    if not np.any(np.asarray(level)):
        new["efficiency.cost_share"] = 0.0
    provider = replace(study.provider, parameters={**own, **{key: _set(own[key], value) for key, value in new.items()}})
    dated = tuple(-x if t <= delay else x for t in range(study.years))
    return study.with_provider(provider), Strategy(strategy.name, {**strategy.levels, "efficiency": dated}), 0.5 * growth


def _set(quantity: Quantity, value: float) -> Quantity:
    return replace(quantity, values=(value,), source="savings of the plan", quality="variant")
