"""A design as the kernel takes it: streams, scrambled nets, mirrors of paths and tilt."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..futures.design import Design, Tilt
from ..futures.path_components import mirrors_of
from ..futures.plan import DesignPlan
from ..layout import IMPORTANCE, RANDOM, SOBOL
from .nets import nets_of


def design_inputs(design: Design, plan: DesignPlan, years: int, futures: int, tilt: Tilt | None = None) -> tuple[Any, ...]:
    """The kernel's design: (kind, replicates, futures, pairs, streams, nets, mirrors, tilt).

    Arrays that a design has no use for are empty.
    """
    streams = (plan.keys, plan.slots, plan.offsets, plan.normal)
    nets = (np.zeros((0, 0, 0), dtype=np.uint64), np.zeros((0, 0), dtype=np.uint64))
    mirrors = np.zeros((len(plan.names), years))
    if design.number in (SOBOL, IMPORTANCE):
        nets = nets_of(plan, design.replicates * (2 if design.number == IMPORTANCE else 1))
        mirrors = mirrors_of(plan, years)
    pairs = design.antithetic and design.number == RANDOM
    return design.number, design.replicates, futures, pairs, streams, nets, mirrors, _tilt_table(plan, tilt)


def _tilt_table(plan: DesignPlan, tilt: Tilt | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(cube rows, whether each holds normals, sizes) of a tilt."""
    sizes = dict(tilt.sizes) if tilt else {}
    names = plan.rows()
    rows = np.array([names.index(name) for name in sizes], dtype=np.int64)
    stream = np.repeat(np.arange(len(plan.names)), plan.slots)
    return rows, plan.normal[stream[rows]] if rows.size else np.zeros(0, dtype=bool), np.array(list(sizes.values()), dtype=float)
