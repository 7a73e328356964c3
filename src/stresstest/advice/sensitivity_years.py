"""In which year an axis tells most: the share of a result's spread that the axis's value of one year explains by itself.

The axes of the run's own futures are drawn again year by year; a share is the correlation ratio over 32 classes of equal weight
(methods/projection.py). Years of one axis hang together, so shares of years do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.draws import draw
from ..methods.cases import Cases
from ..methods.projection import between, standard
from ..methods.separation import classes_of
from .sensitivity_lived import shared_out
from .source import Source

FUTURES, CHUNK, CLASSES = 100_000, 8192, 32


def axis_paths(source: Source, n: int, jobs: int = 2) -> np.ndarray:
    """float32[T, AXES, n]: the axes of the run's futures 1 … n."""
    out = np.empty((source.study.years, len(L.AXES), n), dtype=np.float32)

    def fill(start: int) -> None:
        size = min(CHUNK, n - start)
        out[:, :, start : start + size] = draw(source.study, source.scenario, 1 + start, size).axes

    shared_out(fill, range(0, n, CHUNK), jobs)
    return out


def year_rows(source: Source, cases: Cases, results: Sequence[str], jobs: int = 2, most: int = FUTURES) -> list[dict[str, Any]]:
    """One row a result, axis and year: the share explained by that year's value alone, with error and interval."""
    n = min(cases.n, most)
    own = replace(cases.rows(slice(0, n)), codes=cases.codes[:0], factors=(), levels=())
    paths, y, labels = axis_paths(source, n, jobs), standard(own, results), source.study.year_labels
    weight = own.weight

    def shares(place: tuple[int, int]) -> list[Any]:
        return between(classes_of(paths[place], weight, CLASSES), y, own)

    places = [(t, a) for a in range(len(L.AXES)) for t in range(len(labels))]
    found = shared_out(shares, places, jobs)
    return [
        {"result": result, "axis": L.AXES[a], "year": labels[t], "share": one[k].value, "share_error": one[k].error,
         "share_low": one[k].low, "share_high": one[k].high, "futures": n}
        for k, result in enumerate(results) for (t, a), one in zip(places, found, strict=True)
    ]  # fmt: skip
