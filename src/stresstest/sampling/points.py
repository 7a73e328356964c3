"""A design as the kernel takes it: streams, scrambled nets, mirrors of paths and tilt."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..futures.design import Design, Tilt
from ..futures.path_components import mirrors_of
from ..futures.plan import DesignPlan
from ..layout import IMPORTANCE, LHS, RANDOM, SOBOL
from .nets import hypercubes_of, nets_of


def design_inputs(
    design: Design, plan: DesignPlan, years: int, futures: int, tilt: Tilt | None = None, unread: frozenset[str] = frozenset()
) -> tuple[Any, ...]:
    """The kernel's design: (kind, replicates, futures, pairs, streams, tables, mirrors, tilt).

    streams = (keys, slots, offsets, normal, read): the streams named in `unread` are not drawn, unless they are tilted. Arrays
    that a design has no use for are empty.
    """
    tables = (np.zeros((0, 0), dtype=np.uint32), np.zeros((0, 0, 0), dtype=np.uint32))
    mirrors, tilts = np.zeros((len(plan.names), years)), _tilt_table(plan, tilt)
    if design.number in (SOBOL, IMPORTANCE):
        tables = nets_of(plan, design.replicates * (2 if design.number == IMPORTANCE else 1))
        mirrors = mirrors_of(plan, years)
    if design.number == LHS:
        tables = hypercubes_of(plan, design.replicates)
    read = np.array([name not in unread for name in plan.names])
    read[np.searchsorted(plan.offsets, tilts[0], side="right") - 1] = True
    streams = (plan.keys, plan.slots, plan.offsets, plan.normal, read)
    pairs = design.antithetic and design.number == RANDOM
    return design.number, design.replicates, futures, pairs, streams, tables, mirrors, tilts


def all_read(design: tuple[Any, ...]) -> tuple[Any, ...]:
    """The kernel's design with every stream drawn, whether the place reads it or not."""
    *before, streams, tables, mirrors, tilts = design
    return *before, (*streams[:4], np.ones_like(streams[4])), tables, mirrors, tilts


def _tilt_table(plan: DesignPlan, tilt: Tilt | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(cube rows, whether each holds normals, sizes) of a tilt."""
    sizes = dict(tilt.sizes) if tilt else {}
    names = plan.rows()
    rows = np.array([names.index(name) for name in sizes], dtype=np.int64)
    stream = np.repeat(np.arange(len(plan.names)), plan.slots)
    return rows, plan.normal[stream[rows]] if rows.size else np.zeros(0, dtype=bool), np.array(list(sizes.values()), dtype=float)
