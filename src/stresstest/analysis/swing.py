"""How much the headline rests on its judged inputs: each changed alone, in the same futures, with the honest strategy.

One input at a time is moved to the nearer of a half and one and a half times its value that its bounds allow, both
ways; the row that is kept is the one that moves the chance of an end by losses most. The strategy is not chosen again,
so this is the effect of the input and not of a new plan.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import layout as L
from ..drivers.parameters import PARAMETERS, Parameter
from ..futures.plan import VERIFY_FIRST
from ..place import Quantity
from ..strategy import Strategy
from ..study import Study
from .evaluate import EXPOSURE, Arena

JUDGED = ("judgement", "unstated", "derived")
FACTORS = (0.5, 1.5)
EXIT_CAUSE = L.OUT["exit_cause_code"]


def _with(study: Study, parameter: Parameter, value: float) -> Study:
    """The study with one parameter changed."""
    new = Quantity((value,), parameter.unit, "changed alone", "variant")
    if parameter.owner == "contract":
        return study.with_contract(replace(study.contract, ending={**study.contract.ending, parameter.name: new}))
    if parameter.owner == "provider":
        parameters = {**study.provider.parameters, parameter.key: new}
        return study.with_provider(replace(study.provider, parameters=parameters))
    return replace(study, place=replace(study.place, parameters={**study.place.parameters, parameter.key: new}))


def _quantity(study: Study, parameter: Parameter) -> Quantity:
    owners = {"place": study.place.parameters, "provider": study.provider.parameters}
    return (
        study.contract.ending[parameter.name]
        if parameter.owner == "contract"
        else owners[parameter.owner][parameter.key]
    )


def _reading(study: Study, strategy: Strategy, futures: int) -> tuple[np.ndarray, np.ndarray]:
    """(ended by losses, net exposure) of each future."""
    out = Arena(study, study.scenarios[0], VERIFY_FIRST, futures, 1).outcomes([strategy])[0]
    return out[EXIT_CAUSE] >= L.EXIT_FIRST_ADVERSE, out[EXPOSURE]


def swing_rows(study: Study, honest: Strategy, futures: int = 2000, most: int = 12) -> list[dict[str, Any]]:
    """The inputs that move the chance of an end by losses most, largest first."""
    ended, exposure = _reading(study, honest, futures)
    rows = []
    for parameter in PARAMETERS:
        quantity = _quantity(study, parameter)
        if quantity.quality not in JUDGED or quantity.value == 0.0 or parameter.unit == "0 or 1":
            continue
        best = max((_row(study, parameter, quantity, f, honest, futures, ended, exposure) for f in FACTORS), key=_size)
        rows.append(best)
    return sorted(rows, key=_size, reverse=True)[:most]


def _size(row: dict[str, Any]) -> float:
    return abs(row["exit_losses_changed"] - row["exit_losses_base"])


def _row(
    study: Study, parameter: Parameter, quantity: Quantity, factor: float, honest: Strategy, futures: int,
    ended: np.ndarray, exposure: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    value = min(parameter.high, max(parameter.low, factor * quantity.value))
    if parameter.unit.startswith("whole"):
        value = float(round(value))
    ended_now, exposure_now = _reading(_with(study, parameter, value), honest, futures)
    moved, cost = ended_now.astype(float) - ended, exposure_now - exposure
    return {
        "key": f"{parameter.owner}.{parameter.key}", "title": parameter.doc, "quality": quantity.quality,
        "source": quantity.source, "base": quantity.value, "changed": value, "exit_losses_base": float(ended.mean()),
        "exit_losses_changed": float(ended_now.mean()), "exit_losses_error": float(moved.std(ddof=1) / np.sqrt(futures)),
        "exposure_base_gbp": float(exposure.mean()), "exposure_changed_gbp": float(exposure_now.mean()),
        "exposure_error_gbp": float(cost.std(ddof=1) / np.sqrt(futures)),
    }  # fmt: skip
