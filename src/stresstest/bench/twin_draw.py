"""The numpy twin: draws of a chunk of futures by numpy's SFC64, and the six axes' paths as arrays [T, n]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .. import layout as L
from ..futures import axes as A
from ..study import KernelInputs
from .loop_draw import ORDER, AxesLaw, read_noise

if TYPE_CHECKING:
    from numpy.random import Generator  # noqa: TID251

Array = np.ndarray
TINY = 2.0**-54


class TwinLaw(AxesLaw):
    """The law of the axes, number of years and draws that are read."""

    def __init__(self, inputs: KernelInputs) -> None:
        super().__init__(inputs)
        self.years = inputs.years
        self.rows = read_noise(self.indicators)


def draw_chunk(law: TwinLaw, generator: Generator, n: int) -> tuple[Array, Array, Array]:
    """(axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n]) of n futures; rows of noise that nothing reads are not drawn."""
    noise = np.empty((law.years, len(L.NOISE), n))
    for row, normal in law.rows:
        for t in range(law.years):
            if normal:
                generator.standard_normal(out=noise[t, row])
            else:
                generator.random(out=noise[t, row])
    noise[:, L.NOISE_INFLATION] += TINY
    once = np.empty((len(L.ONCE), n))
    for k, kind in enumerate(L.ONCE_KINDS.values()):
        once[k] = generator.standard_normal(n) if kind == "normal" else generator.random(n)
    return draw_axes(law, generator, n), noise, once


def draw_axes(law: TwinLaw, generator: Generator, n: int) -> Array:
    """axes[T, AXES, n]: destinations, passages, tremors and crises."""
    axes = np.empty((law.years, len(L.AXES), n))
    scores = np.einsum("ak,kn->an", np.array(law.triangle), generator.standard_normal((len(L.AXES), n)))
    surprise: Array = np.zeros((law.years, n))
    for a in ORDER:
        own, given = law.table[a], law.given[a]
        goal = np.clip(own[A.MEAN] + own[A.SD] * scores[a], own[A.LOW], own[A.HIGH]) if given is None else np.full(n, given)
        trend = trend_of(own, goal, generator.random(n), law.years)
        value = generator.standard_normal((law.years, n))
        value *= own[A.NOISE_SD]
        value[0] += own[A.LINK] * surprise[0]
        for t in range(1, law.years):
            value[t] += own[A.PERSISTENCE] * value[t - 1] + own[A.LINK] * surprise[t]
        value += trend
        if a == L.ECONOMY:
            add_crises(own, value, generator)
        np.clip(value, own[A.LOW], own[A.HIGH], out=axes[:, a])
        if a == L.ECONOMY:
            surprise = axes[:, a] - trend
    return axes


def trend_of(own: list[float], goal: Array, start: Array, years: int) -> Array:
    """Way from today to the destination [T, n], an S-shaped passage."""
    start = own[A.EARLIEST] + (own[A.LATEST] - own[A.EARLIEST]) * start
    gone = (np.arange(1.0, years + 1.0)[:, None] - start) / own[A.DURATION]
    np.clip(gone, 0.0, 1.0, out=gone)
    gone *= gone * (3.0 - 2.0 * gone)
    gone *= goal - own[A.TODAY]
    gone += own[A.TODAY]
    return np.asarray(gone)


def add_crises(own: list[float], growth: Array, generator: Generator) -> None:
    """Crises counted in, and a crisis in the years that have one."""
    chance, size = own[A.CRISIS_PROBABILITY], own[A.CRISIS_SIZE]
    growth += chance * size
    depth = generator.standard_normal(growth.shape)
    depth *= own[A.CRISIS_SPREAD]
    depth += size
    np.maximum(depth, 0.0, out=depth)
    depth *= generator.random(growth.shape) < chance
    growth -= depth
