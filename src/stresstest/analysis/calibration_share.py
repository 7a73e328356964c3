"""A share of output fitted round the paths that the process itself could draw, with its link to the economy's surprise.

The record is cut into stretches of a contract's length. In each the path goes from one level to another by the same
S-shaped passage as in futures/axes.py, with the start that leaves least; its two levels and its start are free. What is
left is regressed on what is left of the surprise (the link), and the rest is noise with persistence. Nothing hangs on
where a regime is said to begin: every way of cutting the record is fitted and the fits are averaged.

A surprise may pass with its year, or last: fade at the pace of the noise, so that the share goes back no faster than it
would after any other push.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..futures.marginals import smooth_step
from .calibration_fits import STRETCH, Estimate, Residuals, likeness, noise_of, residuals, stretches

TOLERANCE, ROUNDS = 1e-10, 60
HALF_YEAR = 0.5
SLOWEST, FASTEST, PACE_STEP = 0.3, 0.96, 0.05
#: Designs of a passage, each with the projector of the path that it draws.
Paths = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Passage:
    """When a passage may start (years into the stretch) and how long it takes; see futures/axes.py."""

    earliest: float
    latest: float
    duration: float

    def designs(self, years: int) -> list[np.ndarray]:
        """For each start, half a year apart: design[years, 2], the weights of the level left and of the level reached."""
        starts = np.arange(self.earliest, self.latest + HALF_YEAR / 2.0, HALF_YEAR)
        gone = [np.array([smooth_step((t + 1.0 - s) / self.duration) for t in range(years)]) for s in starts]
        return [np.column_stack([1.0 - g, g]) for g in gone]


@dataclass(frozen=True)
class ShareFit:
    """Link to the economy's surprise, sd of the yearly noise and its persistence."""

    link: Estimate
    noise: Estimate
    persistence: Estimate


def paths_of(designs: Sequence[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each design with a column that lets its start move, so that the start counts as fitted; and its plain projector."""
    beside = [*designs[1:], designs[max(len(designs) - 2, 0)]]
    moved = [np.column_stack([own, other[:, 1] - own[:, 1]]) for own, other in zip(designs, beside, strict=True)]
    return [(m, np.eye(len(own)) - own @ np.linalg.pinv(own)) for m, own in zip(moved, designs, strict=True)]


def _best_path(values: np.ndarray, paths: Paths) -> np.ndarray:
    """The design that leaves least."""
    left = [float(values @ projector @ values) for _, projector in paths]
    return paths[int(np.argmin(left))][0]


def _round_paths(
    share: np.ndarray, surprise: np.ndarray, link: float, parts: Sequence[np.ndarray], paths: Paths
) -> tuple[list[Residuals], list[Residuals]]:
    """What is left of the share and of the surprise round the paths that are best at this link."""
    best = [_best_path(share[part] - link * surprise[part], paths) for part in parts]
    pairs = list(zip(parts, best, strict=True))
    return [residuals(share[p], x, p) for p, x in pairs], [residuals(surprise[p], x, p) for p, x in pairs]


def fit_one_cutting(share: np.ndarray, surprise: np.ndarray, parts: Sequence[np.ndarray], paths: Paths) -> ShareFit:
    """The fit for one way of cutting the record into stretches; link and paths are found in turn."""
    link, change = 0.0, np.inf
    for _ in range(ROUNDS):
        shares, surprises = _round_paths(share, surprise, link, parts, paths)
        bread = sum(float(z.left @ z.left) for z in surprises)
        new = sum(float(z.left @ y.left) for y, z in zip(shares, surprises, strict=True)) / bread
        link, change = new, abs(new - link)
        if change < TOLERANCE:
            break
    both = zip(shares, surprises, strict=True)
    rest = [Residuals(y.left - link * z.left, y.projector, y.years) for y, z in both]
    noise, persistence = noise_of(rest, parameters=1)
    meat = sum(float(z.left @ likeness(z.years, persistence.value) @ z.left) for z in surprises)
    variance = noise.value**2 / (1.0 - persistence.value**2)
    return ShareFit(Estimate(link, float(np.sqrt(variance * meat)) / bread), noise, persistence)


def fit_share(share: np.ndarray, surprise: np.ndarray, passage: Passage, length: int = STRETCH) -> ShareFit:
    """Average over all ways of cutting; the errors are those of one way, since the ways share their years."""
    paths = paths_of(passage.designs(length))
    firsts = range(min(length, share.size - length + 1))
    fits = [fit_one_cutting(share, surprise, stretches(share.size, length, first), paths) for first in firsts]

    def average(name: str) -> Estimate:
        pairs = [(getattr(fit, name).value, getattr(fit, name).error) for fit in fits]
        return Estimate(*np.mean(pairs, axis=0).tolist())

    return ShareFit(average("link"), average("noise"), average("persistence"))


def lasting(surprise: np.ndarray, persistence: float) -> np.ndarray:
    """Surprises added up, each fading by `persistence` a year."""
    total, carried = np.empty_like(surprise), 0.0
    for t, value in enumerate(surprise):
        carried = persistence * carried + value
        total[t] = carried
    return total


def fit_lasting(share: np.ndarray, surprise: np.ndarray, passage: Passage) -> ShareFit:
    """The share's fit where a surprise fades at the same pace as the noise: the pace that the fit itself returns.

    Found on a grid, then between the two neighbours whose fits lie on either side of it.
    """
    grid = np.arange(SLOWEST, FASTEST, PACE_STEP)
    fits = [fit_share(share, lasting(surprise, float(pace)), passage) for pace in grid]
    over = np.array([fit.persistence.value for fit in fits]) - grid
    k = int(np.argmax(over < 0.0)) if (over < 0.0).any() else grid.size - 1
    if k == 0 or over[k] >= 0.0:
        return fits[k]
    pace = float(grid[k - 1] + (grid[k] - grid[k - 1]) * over[k - 1] / (over[k - 1] - over[k]))
    return fit_share(share, lasting(surprise, pace), passage)
