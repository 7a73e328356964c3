"""Futures lived with the shocks held: how likely a failure is at a point of the space of shocks.

Held draws enter as points of a net: a row of steps of zeros, which starts at the point. So the contract, the
levers and all other draws are those of any run, and every point is tried in the same futures (common random numbers).

    P(z)   share of the lab's futures that fail with the shocks at z, pooled over its blocks; blocks are scrambled independently
    h(z)   Φ⁻¹((failing + ½) / (n + 1)): nearly straight in z where a sum of many causes decides, 0 where P is a half
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from .. import layout as L
from ..analysis.evaluate import simulate_with_nature
from ..futures.design import Design
from ..sampling.nets import scrambled_nets, tables_of
from ..strategy import Strategy
from ..study import KernelInputs
from .failures import Failure
from .reverse_shocks import Space
from .source import columns_of

WEIGHT = len(L.NATURE) + L.TAG_WEIGHT


@dataclass(frozen=True)
class Lab:
    """Futures that are lived with the shocks held: `blocks` independently scrambled nets of `futures` futures each."""

    space: Space
    inputs: KernelInputs
    blocks: int
    futures: int

    @staticmethod
    def of(space: Space, strategy: Strategy, blocks: int, futures: int, first: int = 0) -> Lab:
        """Nets number `first` … `first` + `blocks` − 1 of the study; two labs that share none are independent."""
        inputs = space.study.kernel_inputs(space.scenario, (strategy,), Design("sobol", blocks))
        *before, _, mirrors, tilt = inputs.design
        numbers, shifts = scrambled_nets(space.plan, first + blocks)
        own = tables_of(numbers[first:], shifts[first:])
        return Lab(space, replace(inputs, design=(*before, own, mirrors, tilt)), blocks, futures)

    def at(self, z: np.ndarray) -> KernelInputs:
        """The kernel's inputs with the shocks held at z[K]."""
        rows, points = self.space.held(z)
        *before, (starts, steps), mirrors, tilt = self.inputs.design
        starts, steps = starts.copy(), steps.copy()
        starts[rows] = np.clip(np.floor(points * 2.0**32), 0.0, 2.0**32 - 1.0).astype(np.uint32)[:, None]
        steps[rows] = 0
        return replace(self.inputs, design=(*before, (starts, steps), mirrors, tilt))


@dataclass
class Prober:
    """P of every failure at points of the space, remembered; `blocks_of` keeps the blocks apart. `jobs` threads."""

    lab: Lab
    failing: Sequence[Failure]
    jobs: int = 2
    known: dict[bytes, np.ndarray] = field(default_factory=dict)
    futures_lived: int = 0

    @property
    def total(self) -> int:
        """Futures lived at a point."""
        return self.lab.blocks * self.lab.futures

    def blocks_of(self, points: np.ndarray) -> np.ndarray:
        """P[points, failures, blocks]."""
        points = np.atleast_2d(points)
        keys = [np.round(point, 9).tobytes() for point in points]
        new = {key: point for key, point in zip(keys, points, strict=True) if key not in self.known}
        with ThreadPoolExecutor(max(1, self.jobs)) as pool:
            for key, found in zip(new, pool.map(self._one, new.values()), strict=True):
                self.known[key] = found
        self.futures_lived += len(new) * self.total
        return np.array([self.known[key] for key in keys]).reshape(len(keys), len(self.failing), self.lab.blocks)

    def chances(self, points: np.ndarray) -> np.ndarray:
        """P[points, failures], pooled over the blocks."""
        return np.asarray(self.blocks_of(points).mean(axis=2))

    def _one(self, z: np.ndarray) -> np.ndarray:
        """P[failures, blocks] at one point: futures go to the blocks in turn."""
        out, nature = simulate_with_nature(self.lab.at(z), 1, self.total)
        columns, weight = columns_of(out[0]), nature[WEIGHT]
        block = np.arange(self.total) % self.lab.blocks
        whole = np.bincount(block, weights=weight, minlength=self.lab.blocks)
        fails = [np.bincount(block, weights=weight * one.failing(columns), minlength=self.lab.blocks) for one in self.failing]
        return np.array(fails) / np.maximum(whole, 1e-300)


def scores(chances: np.ndarray, futures: int) -> np.ndarray:
    """h = Φ⁻¹((P n + ½) / (n + 1))."""
    from scipy.special import ndtri

    return np.asarray(ndtri((np.asarray(chances) * futures + 0.5) / (futures + 1.0)))
