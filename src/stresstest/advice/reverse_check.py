"""What real draws say of a point that a search has found: where failing futures lie, and whether the point holds.

    leaning    mean of z among failing futures, float64[K]: with a straight limit it points to the nearest point
    likeness   cosine between the two, 1 where they point the same way
    beyond     share that fails among futures at least as far out along the point's direction, and among the others
    hold-out   P at the point in fresh futures
    straight   share of all futures that fail were h straight: Φ(−β s / √(1 + s²)), s the slope of h along the way. It says
               whether the picture at the point holds for the whole law
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..analysis.draws import draw
from ..analysis.evaluate import simulate_with_nature
from ..errors import DataError
from ..futures.design import RANDOM_DESIGN
from ..methods.reliability import tail
from .failures import Failure
from .reverse_lab import WEIGHT, Lab, Prober
from .reverse_search import Nearest
from .reverse_shocks import Space
from .source import Source, columns_of

FUTURES, PART = 16_384, 2048
FEWEST = 25
HELD_OUT, HELD_OUT_FUTURES = 8, 1024


@dataclass(frozen=True)
class Sample:
    """Real futures: z[K, n], weight[n] and whether each fails, fails[failures, n]."""

    z: np.ndarray
    weight: np.ndarray
    fails: np.ndarray

    def leaning(self, failure: int) -> np.ndarray | None:
        """Mean of z among the futures that fail; None where there are fewer than FEWEST."""
        fails = self.fails[failure]
        if fails.sum() < FEWEST:
            return None
        return np.asarray(self.z @ (fails * self.weight) / (fails @ self.weight))

    def leaning_error(self, failure: int) -> np.ndarray:
        """Standard error of that mean, float64[K]."""
        share = self.fails[failure] * self.weight
        mean = self.z @ share / share.sum()
        return np.asarray(np.sqrt(((self.z - mean[:, None]) ** 2 @ share**2) / share.sum() ** 2))


def sample_of(source: Source, space: Space, failing: Sequence[Failure], jobs: int = 2) -> Sample:
    """The first futures of the run, drawn at random: its own where its design is random, others of the same law elsewhere."""
    from concurrent.futures import ThreadPoolExecutor

    n = min(source.futures, FUTURES)
    inputs = space.study.kernel_inputs(space.scenario, (source.strategy,), RANDOM_DESIGN)

    def part(first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        size = min(PART, n + 1 - first)
        drawn = draw(space.study, space.scenario, first, size, variates=True, design=RANDOM_DESIGN)
        out, nature = simulate_with_nature(inputs, first, size)
        columns = columns_of(out[0])
        return space.coordinates(drawn.variates), nature[WEIGHT], np.array([one.failing(columns) for one in failing])

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        parts = list(pool.map(part, range(1, n + 1, PART)))
    return Sample(*(np.concatenate([one[k] for one in parts], axis=-1) for k in range(3)))


@dataclass(frozen=True)
class Share:
    """A weighted share and its standard error, of `futures` futures."""

    value: float
    error: float
    futures: int


def share_of(fails: np.ndarray, weight: np.ndarray) -> Share:
    """The share of the weight that fails; the error is at least that of one future, as none seen is not none there."""
    total = float(weight.sum())
    if total <= 0.0:
        return Share(math.nan, math.nan, 0)
    value = float(fails @ weight) / total
    error = math.sqrt(float(weight**2 @ (fails - value) ** 2)) / total
    return Share(value, max(error, 1.0 / fails.size), fails.size)


@dataclass(frozen=True)
class Check:
    """What real draws say of a point; see the module's text."""

    likeness: float
    beyond: Share
    before: Share
    held_out: Share
    straight: float


def check(sample: Sample, nearest: Nearest, failure: int, held_out: Share) -> Check:
    """Real draws against a point."""
    design = nearest.design
    leaning = sample.leaning(failure)
    sign = -1.0 if nearest.fails_in_the_middle else 1.0
    size = float(np.linalg.norm(design.point))
    likeness = math.nan
    if leaning is not None and size > 0.0:
        likeness = float(sign * leaning @ design.point / np.linalg.norm(leaning) / size)
    far = design.sensitivities @ sample.z >= design.beta
    shares = [share_of(sample.fails[failure][kept].astype(float), sample.weight[kept]) for kept in (far, ~far)]
    s = nearest.slope
    return Check(likeness, shares[0], shares[1], held_out, tail(design.beta * s / math.sqrt(1.0 + s * s)))


def held_out(space: Space, source: Source, failing: Sequence[Failure], jobs: int, after: int) -> Prober:
    """A prober on nets that no search has seen: those from number `after` on."""
    return Prober(Lab.of(space, source.strategy, HELD_OUT, HELD_OUT_FUTURES, after), failing, jobs)


def fresh(prober: Prober, failure: int, point: np.ndarray) -> Share:
    """P of a failure at a point in the hold-out; the error from the spread of its blocks, at least that of one future."""
    by_block = prober.blocks_of(point[None, :])[0, failure]
    error = float(by_block.std(ddof=1)) / math.sqrt(by_block.size)
    return Share(float(by_block.mean()), max(error, 1.0 / prober.total), prober.total)


def run_shares(source: Source, failing: Sequence[Failure]) -> list[Share]:
    """The share of the run's futures that fail, read part by part; groups of dependent futures are counted as one each.

    Errors: DataError where the run has no futures of the scenario.
    """
    parts = list(_tallies(source, failing))
    if not parts:
        raise DataError("the run has no futures of this scenario", file=source.folder, key=source.scenario.name)
    kind = source.manifest.get("design", {}).get("kind", "random")
    found = []
    for k in range(len(failing)):
        total, fails = sum(p[0] for p in parts), sum(p[1][k] for p in parts)
        squares = sum(p[2] for p in parts), sum(p[3][k] for p in parts)
        value = fails / total
        spread = squares[1] * (1.0 - 2.0 * value) + squares[0] * value**2
        n = sum(p[4] for p in parts)
        grouped = _by_group(parts, k, value, total) if kind in ("sobol", "lhs", "importance") else None
        error = grouped if grouped is not None else math.sqrt(max(spread, 0.0)) / total
        found.append(Share(value, max(error, 1.0 / n), n))
    return found


#: Weight, failing weight, squares of weights, of failing ones, futures, and a table of groups of a part of the run.
Tally = tuple[float, list[float], float, list[float], int, np.ndarray]


def _tallies(source: Source, failing: Sequence[Failure]) -> Iterator[Tally]:
    """The tallies of each part of the run."""
    from .reading import outcomes

    needs = list(dict.fromkeys(need for one in failing for need in one.needs))
    for part in outcomes(source, needs):
        w, fails = part["weight"], [one.failing(part).astype(float) for one in failing]
        groups, number = np.unique(part["group"], return_inverse=True)
        sums = [np.bincount(number, weights=w * f) for f in (np.ones(w.size), *fails)] if groups.size <= 256 else []
        table = np.array([groups, *sums]) if sums else np.zeros((0, 0))
        yield float(w.sum()), [float(w @ f) for f in fails], float(w @ w), [float(w * w @ f) for f in fails], w.size, table


def _by_group(parts: list[Tally], k: int, value: float, total: float) -> float | None:
    """Standard error by the spread between replicates; None where there are too many or too few groups to hold."""
    if any(part[5].size == 0 for part in parts):
        return None
    gaps: dict[float, float] = {}
    for part in parts:
        for group, weight, fails in zip(part[5][0], part[5][1], part[5][2 + k], strict=True):
            gaps[group] = gaps.get(group, 0.0) + fails - value * weight
    count = len(gaps)
    return math.sqrt(sum(gap**2 for gap in gaps.values()) * count / (count - 1)) / total if count > 1 else None
