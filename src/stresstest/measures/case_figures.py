"""The figures of one case of a batch: a few measures of each scenario and strategy, and by how much they exceed another case's.

Differences are taken future by future, so that what both cases have in common drops out of their error.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..results.manifest import load_manifest
from .designs import Design
from .estimates import Wanted, estimate
from .headline import CAUSE, MEASURES
from .stream import KEYS, Column, Parts

#: Measures of the table, from headline.py.
MEASURED = ("mean_surplus", "mean_exposure", "mean_public_exposure", "mean_health", "p_exit_losses")


def unit_of(name: str) -> str:
    """What a measure's column ends in: _gbp, _qaly, or nothing for a chance."""
    return "" if MEASURES[name].unit == "probability" else f"_{MEASURES[name].unit.casefold()}"


def figures(folder: Path, reference: Path | None) -> list[dict[str, Any]]:
    """One row for each scenario and strategy of a run: MEASURED with standard errors, and by how much each is more than in the
    reference, future by future, where both live the same futures (NaN where they do not, or there is none).
    """
    rows = []
    manifest = load_manifest(folder)
    for scenario in manifest["futures"]:
        own = _columns(folder, scenario, manifest["results_hash"])
        base = _shared(manifest, reference, scenario)
        for strategy in manifest["strategies"]:
            row: dict[str, Any] = {"scenario": scenario, "strategy": strategy}
            for name in MEASURED:
                row |= _figure(name, own[strategy], base.get(strategy), manifest)
            rows.append(row)
    return rows


def _shared(manifest: dict[str, Any], reference: Path | None, scenario: str) -> dict[str, Any]:
    """The reference's columns by strategy, where it lives the same futures; {} otherwise."""
    if reference is None:
        return {}
    other = load_manifest(reference)
    alike = all(manifest.get(key) == other.get(key) for key in ("seed", "design", "year_labels"))
    if not alike or other["futures"].get(scenario) != manifest["futures"][scenario]:
        return {}
    return _columns(reference, scenario, other["results_hash"])


@lru_cache(maxsize=8)
def _columns(folder: Path, scenario: str, results_hash: str) -> dict[str, Any]:
    """(values by measure, weights, groups) by strategy, without future 0. The hash says which run the folder held."""
    numbers = {name: k for k, name in enumerate(L.EXIT_CAUSES)}
    columns = sorted({MEASURES[name].column.replace(CAUSE, "exit_cause") for name in MEASURED})
    pieces: dict[str, list[np.ndarray]] = {}
    for part in Parts.of(folder, "outcomes", scenario).read([*KEYS, *columns]):
        table = np.array([
            part["weight"], part["group"],
            *(part["exit_cause"].numbered(numbers) if name == "exit_cause" else part[name] for name in columns),
        ])  # fmt: skip
        for word in part["strategy"].words:
            chosen = part["strategy"].equal(word) & (part["future"] != 0)
            pieces.setdefault(word, []).append(table[:, chosen])
    found = {}
    for strategy, own in pieces.items():
        weight, group, *values = np.concatenate(own, axis=1)
        found[strategy] = (dict(zip(columns, values, strict=True)), weight, group.astype(np.int64))
    return found


def _figure(name: str, own: Any, base: Any, manifest: dict[str, Any]) -> dict[str, float]:
    """A measure of one strategy with its error, and its paired difference from the reference with its error."""
    measure, design = MEASURES[name], Design.from_manifest(manifest)
    unit = unit_of(name)

    def values(side: Any) -> np.ndarray:
        """The measure's value in each future; 0 or 1 where it is a chance."""
        found = side[0][measure.column.replace(CAUSE, "exit_cause")]
        return np.asarray(found if unit else measure.wanted(found), dtype=np.float64)  # type: ignore[operator]

    pairs = base is not None and np.array_equal(own[1], base[1]) and np.array_equal(own[2], base[2])
    row: dict[str, float] = {}
    for word, column in (("", values(own)), ("_more", values(own) - values(base) if pairs else None)):
        value, error = _mean(Column.of(column, own[1], own[2], design)) if column is not None else (np.nan, np.nan)
        row |= {f"{name}{word}{unit}": value, f"{name}{word}_error{unit}": error}
    return row


def _mean(column: Any) -> tuple[float, float]:
    (found,) = estimate(column, [Wanted("mean")])
    return float(found.value), float(found.error)
