"""A study in which one risk of the register, or all of them, is made nothing of: parameters at nil or at the plan, axes still.

What the plan says of a parameter is worked out as for the seven assumptions (assumptions.py). A limit that would cut the
planned value off is moved with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..assumptions import (
    Held,
    held_place,
    held_scenario,
    planned_benefit,
    planned_need_growth,
    planned_pay_growth,
    still_law,
)
from ..config.risk_register import NEED_GROWTH, PLAN, Risk
from ..contract import ENDING
from ..futures.axes import TODAY
from ..place import Quantity
from ..study import Study

#: A sample so large that counting shows the truth.
EVERYBODY = 1e18


def planned(study: Study, key: str) -> float:
    """What the contract's plan says a parameter would be."""
    plan, mark = study.contract.plan, study.contract.benchmark
    return {
        "place.funding.constant": lambda: plan["funding_growth"].value,
        "place.cost.pay_growth": lambda: planned_pay_growth(study),
        "place.productivity.mean": lambda: float(np.log1p(plan["productivity_growth"].value)),
        "place.acute.benefit_mean": lambda: planned_benefit(study),
        "place.acute.build_years": lambda: mark["phase_years"].value,
        NEED_GROWTH: lambda: planned_need_growth(study),
    }[key]()


def settings(study: Study, risk: Risk, scope: bool = False) -> dict[str, float]:
    """The numbers that make nothing of a risk by parameter key (with `scope` those of the start), limits moved with them."""
    raw = risk.scope if scope else risk.parameters
    found = {key: planned(study, key) if value == PLAN else float(value) for key, value in raw.items()}
    own = study.place.parameters
    if "place.funding.constant" in found:
        growth = found["place.funding.constant"]
        found["place.funding.low"] = min(growth, own["funding.low"].value)
        found["place.funding.high"] = max(growth, own["funding.high"].value)
    if "place.acute.benefit_mean" in found:
        found["place.acute.benefit_limit"] = max(found["place.acute.benefit_mean"], own["acute.benefit_limit"].value)
    return found


def without(study: Study, risks: Iterable[Risk], scope: bool = False) -> Study:
    """The study without these risks; those of the scope only where `scope` asks for them. Gaming is no part of a study."""
    for risk in risks:
        axes = {a: float(study.law.table[a, TODAY]) for a in risk.axes}
        study = _set(study, settings(study, risk, scope), axes, risk.id)
        if risk.special == "counting":
            exact = tuple(replace(one, denominator=EVERYBODY) for one in study.place.indicators)
            study = replace(study, place=replace(study.place, indicators=exact))
    return study


def _set(study: Study, found: dict[str, float], axes: dict[int, float], name: str) -> Study:
    """The study with these numbers and still axes."""
    need = found.pop(NEED_GROWTH, None)
    fixed = Held(dict(axes), {key.removeprefix("place."): x for key, x in found.items() if key.startswith("place.")}, need)
    study = replace(
        study, place=held_place(study.place, fixed, name),
        law=still_law(study.law, axes) if axes else study.law,
        scenarios=tuple(held_scenario(one, axes) for one in study.scenarios) if axes else study.scenarios,
    )  # fmt: skip
    provider = {key.removeprefix("provider."): Quantity((x,), quality="variant") for key, x in found.items() if
                key.startswith("provider.")}  # fmt: skip
    if provider:
        own = {**study.provider.parameters, **provider}
        study = study.with_provider(replace(study.provider, parameters=own))
    for key, x in found.items():
        if key.startswith("contract.ending."):
            study = study.with_contract(study.contract.with_change(ENDING, key.rsplit(".", 1)[1], x))
    return study
