"""Between futures and within them: how much of the spread of results the world decides, and how much is local chance.

Two sets of futures share some of their streams and draw the others anew. The covariance of a result between twins is the
variance that the shared streams explain (Sobol' 1993, closed index by pick-freeze). Shares are cumulative: the six axes;
and what is settled before the first year; and yearly national draws. What is left is local chance from year to year, which a
planner could not have known and no scenario tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST, plan_design
from ..strategy import Strategy
from ..study import KernelInputs, Study
from .evaluate import EXPOSURE, SURPLUS, simulate

FUTURES = 16384
NATIONAL = tuple(f"noise/{name}" for name in L.NATIONAL_NOISE)
LEVELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the six axes", ("axis/",)),
    ("and what is settled before the first year", ("axis/", "once/")),
    ("and national draws from year to year", ("axis/", "once/", *NATIONAL)),
)


def twin(study: Study, inputs: KernelInputs, shared: tuple[str, ...]) -> KernelInputs:
    """The same futures with every stream drawn anew whose name does not begin with one of `shared`."""
    plan = plan_design(study.seed, study.place.name, study.years)
    other = plan_design(study.seed ^ (1 << 62), study.place.name, study.years)
    keep = np.array([name.startswith(shared) for name in plan.names])
    kind, replicates, futures, pairs, streams, *rest = inputs.design
    keys = np.where(keep[:, None], plan.keys, other.keys)
    return replace(inputs, design=(kind, replicates, futures, pairs, (keys, *streams[1:]), *rest))


def split_rows(study: Study, strategy: Strategy, futures: int = FUTURES) -> list[dict[str, Any]]:
    """One row a measure and level: the share of variance that the shared streams explain, with its error."""
    inputs = study.kernel_inputs(study.scenarios[0], (strategy,), RANDOM_DESIGN)
    base = simulate(inputs, VERIFY_FIRST, futures)[0]
    rows: list[dict[str, Any]] = []
    for level, shared in LEVELS:
        again = simulate(twin(study, inputs, shared), VERIFY_FIRST, futures)[0]
        for measure, k in (("net exposure", EXPOSURE), ("surplus", SURPLUS)):
            share, error = _share(base[k], again[k])
            rows.append({"measure": measure, "shared": level, "share_of_variance": share, "error": error, "futures": futures})
    return rows


def _share(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """(correlation of twins, its standard error by the spread over 32 batches)."""
    middle = (one.mean() + other.mean()) / 2.0
    products, squares = (one - middle) * (other - middle), ((one - middle) ** 2 + (other - middle) ** 2) / 2.0
    value = float(products.mean() / squares.mean())
    batches = [
        float(p.sum() - value * q.sum()) for p, q in zip(np.array_split(products, 32), np.array_split(squares, 32), strict=True)
    ]
    return value, float(np.std(batches, ddof=1) * np.sqrt(32) / squares.sum())
