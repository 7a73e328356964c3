"""Sobol' indices on an independent twin of the run: axes drawn independently, with no link between them, and no weights.

The twin is another world: it says what each group of draws would do by itself if nothing hung together. In the run the axes are
correlated, and the Shapley effects hold. Groups are streams: each axis (destination, timing, noise, crises), what is drawn
once for a future, yearly draws of the whole country, and yearly draws of the place (being found out among them).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.evaluate import simulate
from ..analysis.variance_split import NATIONAL
from ..futures.axes import LINK
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST, detection_plan, plan_design
from ..futures.scenario import Scenario
from ..levers import LEVERS
from ..methods.pick_freeze import indices
from ..strategy import Strategy
from ..study import KernelInputs, Study
from .sensitivity_lived import measures_of, shared_out

FUTURES = 8192
RESULTS = ("walks_away", "commissioner_exposure_npv_gbp", "provider_surplus_npv_gbp")
ONCE, COUNTRY, LOCAL, COURSE = "drawn once", "yearly, national", "yearly, local", "course of the scenario"


def independent(study: Study, scenario: Scenario) -> tuple[Study, Scenario]:
    """The study without links between axes, and the scenario with independent destinations and no consistency factors."""
    table = study.law.table.copy()
    table[:, LINK] = 0.0
    return replace(study, law=replace(study.law, table=table)), replace(scenario, dependence="independent", consistency=())


def groups_of(study: Study, scenario: Scenario) -> dict[str, np.ndarray]:
    """bool[streams] for each group."""
    names = plan_design(study.seed, study.place.name, study.years).names
    found = {axis: np.array([name.startswith(f"axis/{axis}/") for name in names]) for axis in L.AXES}
    found[ONCE] = np.array([name.startswith("once/") for name in names])
    found[COUNTRY] = np.array([name in NATIONAL for name in names])
    found[LOCAL] = np.array([name.startswith("noise/") and name not in NATIONAL for name in names])
    if len(scenario.courses) > 1:
        found[COURSE] = np.array([name == "axis/course" for name in names])
    return found


def redrawn(study: Study, inputs: KernelInputs, streams: np.ndarray, found_out: bool) -> KernelInputs:
    """The same futures with these streams (bool[streams]) drawn anew, and whether levers are found out if asked."""
    plan = plan_design(study.seed, study.place.name, study.years)
    other = plan_design(study.seed ^ (1 << 62), study.place.name, study.years)
    kind, replicates, futures, pairs, own, *rest = inputs.design
    keys = np.where(streams[:, None], other.keys, plan.keys)
    levers = detection_plan(study.seed ^ (1 << 62), study.place.name, study.years, tuple(lever.name for lever in LEVERS))
    return replace(
        inputs, design=(kind, replicates, futures, pairs, (keys, *own[1:]), *rest),
        lever_keys=levers if found_out else inputs.lever_keys,
    )  # fmt: skip


def twin_rows(
    study: Study, scenario: Scenario, strategy: Strategy, futures: int = FUTURES, jobs: int = 2
) -> list[dict[str, Any]]:
    """First-order and total share of each group, by result, with errors and 95% intervals."""
    apart, drawn = independent(study, scenario)
    inputs = apart.kernel_inputs(drawn, (strategy,), RANDOM_DESIGN)
    groups = groups_of(study, scenario)
    every = np.logical_or.reduce(list(groups.values()))
    wanted = [(np.zeros_like(every), False), (every, True), *((own, name == LOCAL) for name, own in groups.items())]
    lived = shared_out(
        lambda one: measures_of(simulate(redrawn(apart, inputs, *one), VERIFY_FIRST, futures)[0]), wanted, jobs
    )
    rows = []
    for k, result in enumerate(RESULTS):
        for one in indices(lived[0][k], lived[1][k], {name: lived[2 + j][k] for j, name in enumerate(groups)}):
            row: dict[str, Any] = {"world": "independent twin", "result": result, "group": one.group, "futures": futures}
            for name, share in (("first", one.first), ("total", one.total)):
                row |= {f"{name}_share": share.value, f"{name}_share_error": share.error, f"{name}_share_low": share.low,
                        f"{name}_share_high": share.high}  # fmt: skip
            rows.append(row)
    return rows
