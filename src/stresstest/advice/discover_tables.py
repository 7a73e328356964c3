"""Tables of a search for regions: boxes, their limits, every box on the way, leaves of the tree. Plain values with errors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..methods.box import Box
from ..methods.cases import Cases
from ..methods.prim_checks import Judged, Share, bounds, jaccard, judge, quasi_p, share, without
from ..methods.prim_peel import Step
from ..methods.tree import failing_leaves, leaves, union
from .discover_regions import Look, Region, sampled, thinned
from .discover_words import box_words

Rows = list[dict[str, Any]]
#: Cases that judge each box on the way and each limit: enough for an error of half a point.
JUDGES = 50_000
#: Cases that judge the leaves of the tree.
LEAF_JUDGES = 400_000


def figures(name: str, one: Share) -> dict[str, Any]:
    """A share as four columns: value, error, low and high."""
    return {f"{name}_share": one.value, f"{name}_error": one.error, f"{name}_low": one.low, f"{name}_high": one.high}


def box_rows(look: Look) -> Rows:
    """One row for each box and each core, judged on the other half; or one that says why there is none."""
    rows = []
    for number, (whole, region, core, core_region) in enumerate(
        zip(look.judged, look.regions, look.cores, look.core_regions, strict=True), start=1
    ):
        rows.append(_box_row(look, number, "box", whole, region))
        rows.append(_box_row(look, number, "core", core, core_region))
    if not rows:
        rows.append({"failure": look.failure, "factors": look.name, "box": 0, "kind": "none", "words": look.verdict,
                     "verdict": look.verdict})  # fmt: skip
    return rows


def _box_row(look: Look, number: int, kind: str, judged: Judged, region: Region) -> dict[str, Any]:
    return {
        "failure": look.failure, "factors": look.name, "box": number, "kind": kind, "words": region.words,
        "limits": len(bounds(region.box)), **figures("base", judged.base), **figures("density", judged.density),
        **figures("coverage", judged.coverage), **figures("mass", judged.mass), **figures("outside", judged.outside),
        "lift": judged.lift, "youden": judged.youden, "p_value": region.p_value,
        "verdict": "found" if region.found else "nothing found",
    }  # fmt: skip


def limit_rows(look: Look) -> Rows:
    """One row for each bound of each box and core: what it adds, and where it lies among all futures."""
    few = thinned(look.held, JUDGES)
    return [
        row
        for number, one in enumerate(look.found, start=1)
        for kind, box in (("box", one.box), ("core", one.core))
        for row in _bound_rows(look, few, number, kind, box)
    ]


def _bound_rows(look: Look, few: Cases, number: int, kind: str, box: Box) -> Rows:
    found, words = look.found[number - 1], {one.name: one for one in look.held.factors}
    kept = {(one.factor, one.side): one for one in found.kept} if kind == "box" else {}
    failing = few.result(look.failure) > 0.5
    rows = []
    for limit, side in bounds(box):
        factor, value = words[limit.factor], limit.low if side == "low" else limit.high
        loose = share(few, without(box, limit.factor, side).inside(few), failing)
        whole = share(few, box.inside(few), failing)
        own = kept.get((limit.factor, side))
        rows.append({
            "failure": look.failure, "factors": look.name, "box": number, "kind": kind, "factor": limit.factor, "side": side,
            "value": value, "unit": factor.unit, "group": factor.group,
            "words": box_words(Box((type(limit)(limit.factor, **{side: value}),)), words),
            "density_share": whole.value, "density_without_share": loose.value, "density_without_error": loose.error,
            "quasi_p": quasi_p(few, look.failure, box, limit.factor, side), "quasi_p_where_found": own.quasi_p if own else None,
            "resampled_share": own.stable_share if own else None, "below_share": below(look.held, limit.factor, value),
        })  # fmt: skip
    return rows


def below(cases: Cases, name: str, value: float) -> float:
    """Weight of cases with less of a factor than `value`, and half of those with as much, as a share: its place among all."""
    k = cases.at(name)
    mass = np.bincount(cases.codes[k], cases.weight, cases.levels[k].size)
    first, last = np.searchsorted(cases.levels[k], value, side="left"), np.searchsorted(cases.levels[k], value, side="right")
    return float((mass[:first].sum() + 0.5 * mass[first:last].sum()) / mass.sum())


def way_rows(look: Look) -> Rows:
    """Every box on the way, on the cases that were searched and on others: from which a reader may choose another."""
    few, words, rows = thinned(look.held, JUDGES), {one.name: one for one in look.held.factors}, []
    left, failing = np.ones(few.n, dtype=bool), few.result(look.failure) > 0.5
    for number, one in enumerate(look.found, start=1):
        stages: Iterable[tuple[str, Iterable[tuple[Step, Box]]]] = (
            ("all factors", one.searched), ("factors of the box", one.refined), ("box", ((one.step, one.box),)),
            ("core", ((one.core_step, one.core),)),
        )  # fmt: skip
        for stage, boxes in stages:
            for count, (step, box) in enumerate(boxes):
                inside = box.inside(few) & left
                density, coverage = share(few, inside, failing), share(few, left & failing, inside)
                rows.append({
                    "failure": look.failure, "factors": look.name, "box": number, "stage": stage, "step": count,
                    "kind": step.kind, "limits": len(bounds(box)), "coverage_share": step.coverage, "density_share": step.density,
                    "mass_share": step.share, "youden": step.youden, "judged_coverage_share": coverage.value,
                    "judged_density_share": density.value, "judged_density_error": density.error,
                    "words": box_words(box, words),
                })  # fmt: skip
        left &= ~one.box.inside(few)
    return rows


def leaf_rows(look: Look, searched: Cases, factors: list[str]) -> tuple[Rows, dict[str, Any]]:
    """(leaves of a tree over the same cases, judged on the others; the tree beside the boxes: one row)."""
    words = {one.name: one for one in look.held.factors}
    part = sampled(searched, look.failure).only(factors)
    grown, held = leaves(part, look.failure), thinned(look.held, LEAF_JUDGES)
    base = float(part.weight @ part.result(look.failure) / part.weight.sum())
    failing = failing_leaves(grown, base)
    rows: Rows = []
    for number, leaf in enumerate(grown, start=1):
        judged = judge(held, look.failure, leaf.box)
        rows.append({
            "failure": look.failure, "factors": look.name, "leaf": number, "fails": "yes" if leaf in failing else "no",
            "words": box_words(leaf.box, words), **figures("density", judged.density), **figures("coverage", judged.coverage),
            **figures("mass", judged.mass), "searched_density_share": leaf.density,
        })  # fmt: skip
    return rows, _beside(look, held, [leaf.box for leaf in failing])


def _beside(look: Look, held: Cases, leaf_boxes: list[Box]) -> dict[str, Any]:
    """All boxes that were found together, and the failing leaves of the tree together."""
    ours, theirs = union(look.boxes, held), union(leaf_boxes, held)
    mine, tree = (judge(held, look.failure, one) for one in (ours, theirs))
    boxes = {} if not look.boxes else {
        **figures("density", mine.density), **figures("coverage", mine.coverage), "mass_share": mine.mass.value,
        "youden": mine.youden,
    }  # fmt: skip
    return {
        "failure": look.failure, "factors": look.name, "boxes": len(look.boxes), **boxes, **figures("base", mine.base),
        "leaves": len(leaf_boxes), **figures("tree_density", tree.density), "tree_coverage_share": tree.coverage.value,
        "tree_coverage_error": tree.coverage.error, "tree_youden": tree.youden,
        "agreement_share": jaccard(held, ours, theirs) if look.boxes else math.nan,
    }  # fmt: skip
