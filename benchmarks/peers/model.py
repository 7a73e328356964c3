"""The model that every tool runs: Dudley's shipped contract, 15 years, one strategy, the whole row of outcomes of a future.

The peers call the plain Python loop of this project (`stresstest.bench.loop`), one future a call, as their users would call a
model of their own. A future is given either its numbers, one by one, or a seed from which it draws them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate
from stresstest.bench import loop
from stresstest.bench.loop_draw import AxesLaw, draw_future
from stresstest.config.load import load_study
from stresstest.strategy import Strategy
from stresstest.study import KernelInputs, Study

STRATEGY = Strategy("honest", {"effort": 0.5, "prevention": 0.01})
#: A first future of the kernel's that no other check uses.
FIRST = 1


def dudley() -> Study:
    """The study of the comparison: one scenario, for it draws in one way."""
    return load_study("dudley", ("futures=2000", "years_futures=500", "scenarios=['calibrated']"))


def inputs_of(study: Study) -> KernelInputs:
    """What the kernel is given for the study's one scenario and the one strategy."""
    return study.kernel_inputs(study.scenarios[0], (STRATEGY,))


class Dealt:
    """Stands in for a random generator, and hands out the given normals and uniforms in their order."""

    def __init__(self, normals: Sequence[float], uniforms: Sequence[float]) -> None:
        self.gauss: Callable[[], float] = iter(normals).__next__
        self.random: Callable[[], float] = iter(uniforms).__next__


class Counted:
    """Stands in for a random generator, and counts what is asked of it."""

    def __init__(self) -> None:
        self.normals = self.uniforms = 0

    def gauss(self) -> float:
        """A normal, always its mean."""
        self.normals += 1
        return 0.0

    def random(self) -> float:
        """A uniform, always a half."""
        self.uniforms += 1
        return 0.5


class Subject:
    """The model as a function of numbers or of a seed. `normals`, `uniforms`: how many numbers a future reads."""

    def __init__(self) -> None:
        self.inputs = inputs_of(dudley())
        self.setting, self.law = loop.prepare(self.inputs), AxesLaw(self.inputs)
        counted = Counted()
        draw_future(self.law, self.setting, counted)  # type: ignore[arg-type]
        self.normals, self.uniforms = counted.normals, counted.uniforms
        self.outcomes = L.OUTCOMES

    def of_numbers(self, normals: Sequence[float], uniforms: Sequence[float]) -> list[float]:
        """Outcomes[OUTCOMES] of the future with these numbers."""
        return self._outcomes(Dealt(normals, uniforms))

    def of_seed(self, seed: int) -> list[float]:
        """Outcomes[OUTCOMES] of the future that draws from a generator of this seed."""
        return self._outcomes(random.Random(seed))

    def _outcomes(self, generator: object) -> list[float]:
        return loop.one_future(self.setting, *draw_future(self.law, self.setting, generator))[0]  # type: ignore[arg-type]

    def kernel(self, futures: int) -> np.ndarray:
        """out[OUTCOMES, futures] of this project's kernel on the calling thread, draws included."""
        return simulate(self.inputs, FIRST, futures)[0]

    def plain_loop(self, futures: int) -> np.ndarray:
        """out[OUTCOMES, futures] of the plain Python loop without any framework, draws included."""
        generator = random.Random(1)
        return np.array([self._outcomes(generator) for _ in range(futures)]).T


def names_of(count: int, letter: str) -> list[str]:
    """`count` names of variables that begin with a letter."""
    return [f"{letter}{k}" for k in range(count)]


def apart(first: np.ndarray, second: np.ndarray) -> float:
    """Largest distance between the means of two samples [OUTCOMES, cases] of the outcomes, in standard errors.

    An outcome that does not vary counts as 0 where both means are the same, and as infinitely far where they are not.
    """
    return max(_distances(first, second))


def _distances(first: np.ndarray, second: np.ndarray) -> Iterator[float]:
    for a, b in zip(first, second, strict=True):
        error = float(np.hypot(a.std(ddof=1) / a.size**0.5, b.std(ddof=1) / b.size**0.5))
        gap = abs(float(a.mean() - b.mean()))
        scale = max(abs(float(a.mean())), 1e-300)
        yield gap / error if error > 1e-12 * scale else (0.0 if gap <= 1e-9 * scale else float("inf"))
