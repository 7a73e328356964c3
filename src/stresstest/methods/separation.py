"""How far knowing an input moves the whole distribution of a result, and not its variance alone: Borgonovo's delta.

    delta = ½ · E_x ∫ |density of y − density of y given x| dy          (Borgonovo 2007)

0 where the two are independent, at most 1. From given data (Plischke, Borgonovo and Smith 2013): the input is cut into classes of
equal weight and the result into cells, values that many futures share being cells of their own. A cell's difference d has a
standard error s, and chance alone makes |d| too large by E|a + s·Z| − |a| = s · (2 φ(a/s) − 2 (a/s) Φ(−a/s)), a the true
difference, for which d stands after shrinking a class whose differences are hardly larger than chance makes them (James and Stein
1961). How large chance makes them is read off futures whose results have been shuffled. The largest delta of 19 shuffles is the
no-signal level: where nothing is there, one input in twenty exceeds it.

Classes and cells hide a part. The estimate is made again with half as many of both. Where that is clearly smaller (by two
standard errors of the change), a third of the change is added (Richardson 1911, for an error that goes as the square of the
width); and the upper end of the interval is higher by the whole change, up or down, since what is hidden makes an estimate low.
The standard error is of sampling alone. Measured on y = ρ x + √(1 − ρ²) z with both normal, the mean estimate against the truth:

    ρ        truth   n = 300   1,000   2,000   20,000
    0.2      0.065     0.030   0.041   0.045    0.057
    0.7      0.301     0.276   0.283   0.291    0.297
    0.9      0.515     0.491   0.510   0.506    0.514
    0.99     0.802     0.772   0.735   0.777    0.802

and the 95% interval held the truth in 93% of tables or more, but in 82% (ρ = 0.7) and 80% (ρ = 0.99) at n = 1,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..futures.resampling import chosen, shuffled
from .cases import Cases
from .projection import Share

BATCHES, ROUNDS, SHUFFLES, MOST_ROWS = 64, 200, 19, 131_072
#: Classes and cells: a multiple of a power of the number of futures, at least and at most so many (judgement; see the tests).
CLASSES, CELLS, POWER = (1.2, 5, 36), (1.2, 8, 36), 0.3


@dataclass(frozen=True)
class Delta:
    """An input's delta for a result, with its interval, and the level that chance alone reaches in one input of twenty."""

    factor: str
    result: str
    share: Share
    no_signal: float

    @property
    def seen(self) -> bool:
        """Whether it stands above what chance makes."""
        return self.share.value > self.no_signal


def how_many(n: float, rule: tuple[float, int, int]) -> int:
    """Classes or cells for n futures."""
    return int(np.clip(round(rule[0] * n**POWER), rule[1], rule[2]))


def classes_of(values: np.ndarray, weight: np.ndarray, count: int) -> np.ndarray:
    """Classes 0, 1, … of about equal weight, int64[n]; a value that fills more than a class is a class of its own."""
    order = np.argsort(values, kind="stable")
    ordered, total = values[order], np.cumsum(weight[order])
    places = np.searchsorted(total, total[-1] * np.arange(1, count) / count)
    cuts = ordered[np.minimum(places, values.size - 1)]
    heavy = cuts[:-1][cuts[1:] == cuts[:-1]] if cuts.size > 1 else cuts[:0]
    edges = np.unique(np.concatenate([cuts, np.nextafter(heavy, -np.inf)]))
    found = np.searchsorted(edges, values, side="left")
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.int64)


def deltas(cases: Cases, results: Sequence[str], factors: Sequence[str] = ()) -> list[Delta]:
    """Delta of every factor (or those named) for every result, from at most MOST_ROWS futures, evenly spaced."""
    if cases.groups is None and cases.n > MOST_ROWS:
        cases = cases.rows(slice(None, None, -(-cases.n // MOST_ROWS)))
    weight = cases.weight
    n = float(weight.sum() ** 2 / (weight @ weight))
    names = factors or cases.names
    inputs = {name: classes_of(cases.values(name), weight, how_many(n, CLASSES)) for name in names}
    halved = {name: classes_of(cases.values(name), weight, how_many(n, CLASSES) // 2) for name in names}
    number = np.arange(cases.n) if cases.groups is None else cases.groups
    found = []
    for result in results:
        cells, wide = (classes_of(cases.result(result), weight, how_many(n, CELLS) // part) for part in (1, 2))
        orders = shuffled(f"separation/{result}", SHUFFLES, cases.n)
        null = [cells[order] for order in orders]
        found += [
            _delta(name, result, (own, halved[name]), (cells, wide), null, weight, number % BATCHES, n)
            for name, own in inputs.items()
        ]
    return found


def _tables(own: np.ndarray, cells: np.ndarray, weight: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Weights by batch, class and cell, float64[batches, classes, cells]; batches without futures are left out."""
    height, width = int(own.max()) + 1, int(cells.max()) + 1
    table = np.bincount((batch * height + own) * width + cells, weights=weight, minlength=BATCHES * height * width)
    tables = table.reshape(BATCHES, height, width)
    return np.asarray(tables[tables.sum(axis=(1, 2)) > 0.0])


def _estimates(tables: np.ndarray, times: np.ndarray, n: float, scale: float) -> tuple[float, np.ndarray]:
    """(delta of all batches, deltas of batches drawn again `times` [rounds, batches])."""
    again = (times @ tables.reshape(len(tables), -1)).reshape(-1, *tables.shape[1:])
    return float(corrected(tables.sum(axis=0)[None], n, scale)[0]), corrected(again, n, scale)


def _refined(fine: tuple[float, np.ndarray], coarse: tuple[float, np.ndarray]) -> Share:
    """The share from both estimates: Richardson's where they clearly differ, and the upper end higher by what they differ."""
    change, changes = fine[0] - coarse[0], fine[1] - coarse[1]
    part = 1.0 / 3.0 if change > 2.0 * float(changes.std(ddof=1)) else 0.0
    value, error = fine[0] + part * change, float((fine[1] + part * changes).std(ddof=1))
    own = Share.of(value, error)
    return Share(own.value, own.error, own.low, own.high + abs(change))


def _delta(
    name: str, result: str, inputs: tuple[np.ndarray, np.ndarray], results: tuple[np.ndarray, np.ndarray],
    null: Sequence[np.ndarray], weight: np.ndarray, batch: np.ndarray, n: float,
) -> Delta:  # fmt: skip
    """One delta, from (fine, coarse) classes of the input and cells of the result."""
    own, height, width = inputs[0], int(inputs[0].max()) + 1, int(results[0].max()) + 1
    if height < 2 or width < 2:
        return Delta(name, result, Share(0.0, 0.0, 0.0, 0.0), 0.0)
    shuffles = np.array([np.bincount(own * width + one, weights=weight, minlength=height * width) for one in null])
    raw, noise = _raw(shuffles.reshape(-1, height, width), n)
    scale = float(raw.mean() / noise.mean())
    level = float(corrected(shuffles.reshape(-1, height, width), n, scale).max())
    fine, coarse = (_tables(a, b, weight, batch) for a, b in zip(inputs, results, strict=True))
    draws = chosen(f"separation/{result}/{name}", ROUNDS, len(fine))
    times = np.array([np.bincount(draw, minlength=len(fine)) for draw in draws])
    return Delta(name, result, _refined(_estimates(fine, times, n, scale), _estimates(coarse, times, n, scale)), level)


def _differences(tables: np.ndarray, n: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(weights of classes, differences, their standard errors where nothing is there) of tables [rounds, classes, cells]."""
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    mass = np.maximum(share.sum(axis=2, keepdims=True), 1e-300)
    overall = share.sum(axis=1, keepdims=True)
    error = np.sqrt(np.maximum(overall * (1.0 - overall) * (1.0 - mass), 0.0) / (n * mass))
    return mass, share / mass - overall, error


def _raw(tables: np.ndarray, n: float) -> tuple[np.ndarray, np.ndarray]:
    """(delta as it comes, what chance alone would make it) of each table."""
    mass, difference, error = _differences(tables, n)
    return 0.5 * (mass * np.abs(difference)).sum(axis=(1, 2)), 0.5 * (mass * error).sum(axis=(1, 2)) * np.sqrt(2.0 / np.pi)


def corrected(tables: np.ndarray, n: float, scale: float = 1.0) -> np.ndarray:
    """Delta of each table [rounds, classes, cells] less what chance adds; `scale` multiplies the errors of differences."""
    from scipy.special import ndtr

    mass, difference, error = _differences(tables, n)
    error = np.maximum(scale * error, 1e-300)
    ratio = ((difference / error) ** 2).mean(axis=2, keepdims=True)
    beside = np.pad(ratio, ((0, 0), (1, 1), (0, 0)), mode="edge")
    smooth = (beside[:, :-2] + beside[:, 1:-1] + beside[:, 2:]) / 3.0
    usual = 1.0 + np.sqrt(2.0 / (3.0 * difference.shape[2]))
    true = np.abs(difference) * np.maximum(0.0, 1.0 - usual / np.maximum(smooth, 1e-300))
    t = true / error
    chance = error * (2.0 * np.exp(-0.5 * t * t) / np.sqrt(2.0 * np.pi) - 2.0 * t * ndtr(-t))
    return np.asarray(0.5 * (mass * (np.abs(difference) - chance)).sum(axis=(1, 2)))
