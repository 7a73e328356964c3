"""The other scenarios of a run beside the regions found: how much of each lies inside, and on which side of each limit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..methods.box import Box, Limit
from ..methods.cases import Cases
from ..methods.prim_checks import bounds, share
from .discover_regions import Look
from .discover_tables import Rows, below
from .failures import Failure
from .reading import read_cases
from .source import Source

MOSTLY = 0.75


def beside(source: Source, looks: list[Look], failing: list[Failure]) -> tuple[Rows, Rows]:
    """(one row for each box and scenario; one for each limit and scenario), boxes that were found only."""
    wanted = [(look, number, kind, box) for look in looks for number, kind, box in shown(look)]
    names = sorted({limit.factor for *_, box in wanted for limit in box.limits})
    scenarios = [name for name in source.manifest["futures"] if name != source.scenario.name]
    boxes: Rows = []
    limits: Rows = []
    for scenario in scenarios if wanted else []:
        cases = read_cases(source, names, (), failing, scenario=scenario)
        for look, number, kind, box in wanted:
            keys = {"failure": look.failure, "factors": look.name, "box": number, "kind": kind, "scenario": scenario}
            boxes.append(keys | _inside(cases, look.failure, box))
            limits += [keys | _side(cases, look, limit, side) for limit, side in bounds(box)]
    return boxes, limits


def shown(look: Look) -> list[tuple[int, str, Box]]:
    """(number, "box" or "core", box) of every region that counts as found."""
    found = []
    for number, (region, core) in enumerate(zip(look.regions, look.core_regions, strict=True), start=1):
        found += [(number, kind, one.box) for kind, one in (("box", region), ("core", core)) if one.found]
    return found


def _inside(cases: Cases, result: str, box: Box) -> dict[str, Any]:
    """Share of a scenario's futures inside a box, and of those inside and outside that fail."""
    inside, failing, every = box.inside(cases), cases.result(result) > 0.5, np.ones(cases.n, dtype=bool)
    found: dict[str, Any] = {}
    for name, among, counted in (
        ("inside", every, inside), ("fails", every, failing), ("fails_inside", inside, failing),
        ("fails_outside", ~inside, failing),
    ):  # fmt: skip
        one = share(cases, among, counted)
        found |= {f"{name}_share": one.value, f"{name}_error": one.error}
    return found


def _side(cases: Cases, look: Look, limit: Limit, side: str) -> dict[str, Any]:
    """A scenario's middle on a factor, its place among the run's own futures, and the share of it that meets the bound."""
    value = limit.low if side == "low" else limit.high
    alone = Limit(limit.factor, low=value) if side == "low" else Limit(limit.factor, high=value)
    met = share(cases, np.ones(cases.n, dtype=bool), Box((alone,)).inside(cases))
    middle = median(cases, limit.factor)
    lies = "inside" if met.value >= MOSTLY else "outside" if met.value <= 1.0 - MOSTLY else "on both sides"
    return {"factor": limit.factor, "side": side, "value": value, "median": middle, "meets_share": met.value,
            "meets_error": met.error, "lies": lies, "median_below_share": below(look.held, limit.factor, middle)}  # fmt: skip


def median(cases: Cases, name: str) -> float:
    """The weighted median of a factor."""
    k = cases.at(name)
    mass = np.cumsum(np.bincount(cases.codes[k], cases.weight, cases.levels[k].size))
    return float(cases.levels[k][np.searchsorted(mass, 0.5 * mass[-1])])
