"""The central books of a study, without drawing a future: everything as the plan has it, outcomes at their baselines."""

from __future__ import annotations

import math

import numpy as np

from ..drivers.parameters import PLAN_ACUTE, PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY, slot
from ..study import Study
from ..terms import INDICATOR_PREFIX
from .backing import backing
from .books import Books, asked
from .records import centre_of


def planned(study: Study) -> Books:
    """One case: the list grows as expected, need, prices and productivity as planned, acute spend as benchmarked."""
    p, plan, t = study.parameter_vector(), study.contract.plan_table(), np.arange(study.years)
    size = p[slot("place.population.list_base")] * (1.0 + p[slot("place.population.list_growth")]) ** t
    base = sum(study.contract.scope.values()) * (1.0 - p[slot("provider.opening.margin")])
    cost = base * plan[:, PLAN_NEED] * plan[:, PLAN_PRICE] / plan[:, PLAN_PRODUCTIVITY]
    need = plan[:, PLAN_NEED] / (size / size[0])
    growth = study.contract.plan["funding_growth"].value
    known = {
        "list": size, "list_audited": size, "list_at_start": np.full(study.years, size[0]), "need": need, "need_audited": need,
        "funding": (1.0 + growth) ** t, "agreed_budget": plan[:, PLAN_AGREED], "acute_expected": plan[:, PLAN_ACUTE],
        "acute_actual": plan[:, PLAN_ACUTE], "reported_cost": cost,
    }  # fmt: skip
    known |= {f"{INDICATOR_PREFIX}.{i.name}": np.full(study.years, i.baseline) for i in study.place.indicators}
    follows = {entry.name: entry.follows for entry in study.contract.inputs if entry.follows}
    columns = {}
    for name in asked(study.contract):
        source = follows.get(name, name)
        values = known[source] if source in known else centre_of(study.contract, backing(study.contract, name))
        columns[name] = np.asarray(values, dtype=np.float64)[None, :].copy()
    return Books(study.contract, columns, "the plan's own figures")


def chance(study: Study) -> dict[str, float]:
    """Standard deviation of a year's chance variation of what the contract reads, where the place gives it."""
    found = {f"{INDICATOR_PREFIX}.{i.name}": i.noise_sd for i in study.place.indicators}
    p, expected = study.parameter_vector(), float(study.contract.plan_table()[:, PLAN_ACUTE].mean())
    persistence = p[slot("place.acute.persistence")]
    found["acute_actual"] = expected * p[slot("place.acute.noise")] / math.sqrt(max(1e-9, 1.0 - persistence**2))
    found["reported_cost"] = float(study.contract.plan_table()[:, PLAN_AGREED].mean()) * p[slot("place.shock.insurance_noise")]
    return found
