"""Where condensed futures lie while a run is being written, and the three tables that are left of them.

    chunks/condensed/<scenario>-<first>.npz           one chunk's piece, named and summed in the chunk's marker
    chunks/condensed/<scenario>-<first>-whole.npz     a whole stretch, with a marker beside it; its pieces go away
    tables/bins|moments|ends/part-000000000000.parquet  what is left when every stretch is joined

A file that is not what its marker says is as good as missing: its chunks are lived again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from .. import layout as L
from ..errors import RunError
from . import store
from .condense import MEASURES, UNIT, Event, Piece, join, labels_of

FOLDER = f"{store.CHUNKS}/condensed"
TABLES = ("bins", "moments", "ends")
#: Whose figures the failures are that no hurdle names.
ANY = "any"


# ── while the run is written ───────────────────────────────────────────────────────────────────────────────────────
def write_piece(folder: Path, scenario: str, first: int, piece: Piece) -> dict[str, Any]:
    """Write a chunk's piece; return its path, bytes and sha256. Not flushed to disk: its checksum tells whether it got there."""
    return _write(folder, f"{FOLDER}/{scenario}-{first:012d}.npz", piece, flush=False)


def _write(folder: Path, name: str, piece: Piece, flush: bool) -> dict[str, Any]:
    path = folder / name
    draft = store.draft_of(path)
    try:
        piece.write(draft)
        if flush:
            with draft.open("rb+") as stream:
                os.fsync(stream.fileno())
        facts = {"path": name, "bytes": draft.stat().st_size, "sha256": store.sha256_of(draft)}
        os.replace(draft, path)
        return facts
    finally:
        draft.unlink(missing_ok=True)


def is_there(folder: Path, facts: dict[str, Any] | None) -> bool:
    """Whether a piece is there as its facts say."""
    try:
        return facts is not None and store.sha256_of(folder / facts["path"]) == facts["sha256"]
    except (OSError, KeyError, TypeError):
        return False


def fold(folder: Path, scenario: str, first: int, futures: int, pieces: Iterable[dict[str, Any]]) -> None:
    """Join the pieces of a stretch of futures into one, mark it, and remove them."""
    paths = [folder / facts["path"] for facts in pieces]
    facts = _write(folder, whole_path(scenario, first), join(map(Piece.read, paths)), flush=True)
    store.write_json(_marker(folder, scenario, first), {"first": first, "futures": futures, "piece": facts})
    for path in paths:
        path.unlink(missing_ok=True)


def whole_path(scenario: str, first: int) -> str:
    """Path of a joined stretch inside the run folder."""
    return f"{FOLDER}/{scenario}-{first:012d}-whole.npz"


def _marker(folder: Path, scenario: str, first: int) -> Path:
    return folder / FOLDER / f"{scenario}-{first:012d}-whole.json"


def is_folded(folder: Path, scenario: str, first: int, futures: int) -> bool:
    """Whether a stretch is there, whole and unchanged; a marker that says otherwise is removed."""
    path = _marker(folder, scenario, first)
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if (found["first"], found["futures"]) == (first, futures) and is_there(folder, found["piece"]):
            return True
    path.unlink(missing_ok=True)
    return False


# ── when it is whole ───────────────────────────────────────────────────────────────────────────────────────────────
def write_tables(
    folder: Path, stretches: Mapping[str, Sequence[int]], expected: Mapping[str, int], strategies: Sequence[str],
    year_labels: Sequence[str], events: Sequence[Event], run_id: str,
) -> None:  # fmt: skip
    """Join every stretch and write the tables.

    Arguments: by scenario the first futures of its `stretches`, and the number of futures `expected`. Errors: RunError where
    other futures are there; the stretches are kept.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for scenario, firsts in stretches.items():
        piece = join(Piece.read(folder / whole_path(scenario, first)) for first in firsts)
        if int(piece.futures[0]) != expected[scenario]:
            raise RunError("Condensed futures are missing, or are there twice.", key=scenario, value=int(piece.futures[0]),
                           expected=f"{expected[scenario]:,} futures")  # fmt: skip
        head = {"scenario": scenario}
        rows["bins"].append(_bin_columns(scenario, labels_of(strategies), piece))  # columns, as there are many
        rows["moments"] += [head | row for row in _moment_rows(labels_of(strategies), piece)]
        rows["ends"] += [head | row for row in _end_rows(strategies, year_labels, events, piece)]
    for name in TABLES:
        store.write_whole(folder, name, rows[name], run_id)


def _bin_columns(scenario: str, labels: Sequence[str], piece: Piece) -> dict[str, Any]:
    return {
        "scenario": (np.zeros(piece.bin.size, dtype=np.int32), [scenario]),
        "strategy": (piece.row // len(MEASURES), list(labels)), "measure": (piece.row % len(MEASURES), list(MEASURES)),
        "low": piece.low, "high": piece.high, "weight": piece.units * UNIT,
    }  # fmt: skip


def _moment_rows(labels: Sequence[str], piece: Piece) -> Iterable[dict[str, Any]]:
    weight, square = float(piece.weight[0]), float(piece.square[0])
    for k, label in enumerate(labels):
        for m, measure in enumerate(MEASURES):
            yield {
                "strategy": label, "measure": measure, "futures": int(piece.futures[0]),
                "weight": weight, "weight_squares": square, "mean": float(piece.total[k, m, 0]) / weight,
                "squares": float(piece.spread[k, m, 0]),
                "error_squares": float(piece.error[k, m, 0]),
                "lowest": float(piece.extreme[k, m, 0]), "lowest_future": int(piece.extreme_future[k, m, 0]),
                "highest": float(piece.extreme[k, m, 1]), "highest_future": int(piece.extreme_future[k, m, 1]),
            }  # fmt: skip


def _end_rows(
    strategies: Sequence[str], year_labels: Sequence[str], events: Sequence[Event], piece: Piece
) -> Iterable[dict[str, Any]]:
    for s, strategy in enumerate(strategies):
        for t, c in np.argwhere(piece.ends[s]):
            weight = float(piece.ends[s, t, c]) * UNIT
            yield {"strategy": strategy, "kind": "exit", "name": L.EXIT_CAUSES[c], "year": year_labels[t], "weight": weight}
        for name, units in zip([*(event.name for event in events), ANY], piece.missed[s], strict=True):
            yield {"strategy": strategy, "kind": "failure", "name": name, "year": "", "weight": float(units) * UNIT}
