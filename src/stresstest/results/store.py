"""The only writer of Parquet: part files, one per chunk and table, that appear whole or not at all.

    tables/<table>/<scenario>/part-<first future>.parquet     simulated tables; the scenario is a column in the file
    tables/gaming|bins|moments|ends/part-000000000000.parquet summary/summary.parquet, summary/summary.csv
    chunks/<scenario>-<first future>.json                     marker, written last: the chunk's files, rows and sha256

A file is made in memory, where its checksum is taken; written under a temporary name, flushed to disk, measured there, and only
then renamed. Numbers are NOT NULL; how each column is encoded is chosen from the numbers (encoding.py). A marker is not flushed:
one that did not get to the disk whole, or whose files did not, is as good as none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .. import layout as L
from ..errors import RunError, nearest
from . import encoding, schema

ROW_GROUP = 131_072
WRITE_BATCH = 65_536
#: Bytes handed to the disk at once: a part in one piece takes ext4 five to ten times the processor time.
PIECE = 1 << 20
CHUNKS = "chunks"
_HOST = "".join(letter for letter in platform.node() if letter.isalnum())[:24]
_STATISTICS = {"scenario", "strategy", "year", "future", "exit_year", "exit_cause"}


@dataclass(frozen=True)
class Labels:
    """The words that a chunk's rows carry, and the run they belong to."""

    run_id: str
    scenario: str
    place: str
    contract: str
    strategies: tuple[str, ...]
    year_labels: tuple[str, ...]


# ── whole files ────────────────────────────────────────────────────────────────────────────────────────────────────
def sha256_of(path: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def draft_of(path: Path) -> Path:
    """A hidden name beside `path` that no other worker uses."""
    return path.with_name(f".{path.name}.{_HOST}-{os.getpid()}-{threading.get_ident()}.draft")


def write_text(path: Path, text: str, *, flush: bool = True) -> None:
    """Write a UTF-8 text file whole: beside, flushed to disk (with `flush`), renamed."""
    draft = draft_of(path)
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            if flush:
                os.fsync(stream.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, value: Any, *, flush: bool = True) -> None:
    """Write a JSON file whole, indented, keys in the given order; NaN is refused. Flushed to disk with `flush`."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", flush=flush)


def write_table(path: Path, name: str, table: pa.Table) -> dict[str, Any]:
    """Write table `name` as one Parquet file and return its facts: rows, bytes, sha256.

    Errors: RunError when another number of rows or bytes was written; OSError when the disk refuses.
    """
    content = io.BytesIO()
    written: list[Any] = []
    pq.write_table(
        table, content, version="2.6", write_batch_size=WRITE_BATCH, row_group_size=ROW_GROUP, metadata_collector=written,
        write_statistics=[n for n in schema.names(name) if n in _STATISTICS], **encoding.settings(name, table),
    )  # fmt: skip
    rows = sum(facts.num_rows for facts in written)
    if rows != table.num_rows:
        raise RunError("A table was not written whole.", key=name, value=rows, expected=f"{table.num_rows} rows")
    with content.getbuffer() as body:
        facts = {"rows": rows, "bytes": body.nbytes, "sha256": hashlib.sha256(body).hexdigest()}
        write_bytes(path, body)
    return facts


def write_bytes(path: Path, body: bytes | memoryview) -> None:
    """Write a file whole: beside, flushed to disk, measured, renamed. Errors: OSError, RunError when bytes are missing."""
    draft = draft_of(path)
    try:
        with draft.open("wb", buffering=0) as stream:
            left = memoryview(body)
            while left:
                left = left[stream.write(left[:PIECE]) :]
            os.fsync(stream.fileno())
            size = os.fstat(stream.fileno()).st_size
        if size != len(body):
            raise RunError("A file was not written whole.", file=path.name, value=size, expected=f"{len(body)} bytes")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


# ── simulated tables ───────────────────────────────────────────────────────────────────────────────────────────────
def _words(codes: np.ndarray, values: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(values), pa.string()))


def _same(value: str, rows: int) -> pa.Array:
    return _words(np.zeros(rows, np.int32), (value,))


def _stack(blocks: Sequence[Mapping[str, Any]], name: str, run_id: str) -> pa.Table:
    """One table from blocks of equal columns, without copying the numbers."""
    wanted = schema.arrow_schema(name, run_id)
    columns = [pa.chunked_array([pa.array(b[f.name]) for b in blocks], type=f.type) for f in wanted]
    return pa.Table.from_arrays(columns, schema=wanted)


def _futures_table(labels: Labels, first: int, nature: np.ndarray) -> pa.Table:
    rows = nature.shape[1]
    block = {
        "scenario": _same(labels.scenario, rows), "future": np.arange(first, first + rows),
        **_tags(nature), **dict(zip(L.NATURE, nature, strict=False)),
    }  # fmt: skip
    return _stack([block], "futures", labels.run_id)


def _tags(nature: np.ndarray) -> dict[str, np.ndarray]:
    """Weight (float64), group, cell and course (int64) of each future."""
    weight, *whole = nature[len(L.NATURE) :]
    return {"weight": weight, **{name: v.astype(np.int64) for name, v in zip(L.TAGS[1:], whole, strict=True)}}


def _outcomes_table(labels: Labels, first: int, out: np.ndarray, nature: np.ndarray) -> pa.Table:
    rows, ends = out.shape[2], ("", *labels.year_labels)
    shared = {
        "place": _same(labels.place, rows), "contract": _same(labels.contract, rows), **_tags(nature),
        "scenario": _same(labels.scenario, rows), "future": np.arange(first, first + rows),
    }  # fmt: skip
    blocks = []
    for k, values in enumerate(out):
        block = {**shared, "strategy": _words(np.full(rows, k), labels.strategies)}
        block.update(zip(L.OUTCOMES, values, strict=True))
        block["exit_year"] = _words(values[L.OUT["exit_year_index"]] + 1.0, ends)
        block["exit_cause"] = _words(values[L.OUT["exit_cause_code"]], L.EXIT_CAUSES)
        blocks.append(block)
    return _stack(blocks, "outcomes", labels.run_id)


def _years_table(labels: Labels, first: int, yearly: np.ndarray, nature: np.ndarray) -> pa.Table:
    years, futures = yearly.shape[2:]
    rows = years * futures
    tags = _tags(nature)
    shared = {
        "scenario": _same(labels.scenario, rows), "future": np.tile(np.arange(first, first + futures), years),
        "year": _words(np.repeat(np.arange(years), futures), labels.year_labels),
        "weight": np.tile(tags["weight"], years), "group": np.tile(tags["group"], years),
    }  # fmt: skip
    blocks = []
    for k, values in enumerate(yearly):
        block = {**shared, "strategy": _words(np.full(rows, k), labels.strategies)}
        block.update(zip(L.YEARLY, values.reshape(len(L.YEARLY), rows), strict=True))
        block["running"] = block["running"] > 0.5
        blocks.append(block)
    return _stack(blocks, "years", labels.run_id)


def require_finite(labels: Labels, first: int, out: np.ndarray, yearly: np.ndarray, nature: np.ndarray) -> None:
    """Stop at the first number that is not finite, or at an ending that is none.

    Errors: RunError naming scenario, strategy, future, column and, in the yearly table, year.
    """
    years = len(labels.year_labels)
    for values, columns in ((nature[None], L.NATURE + L.TAGS), (out, L.OUTCOMES), (yearly, L.YEARLY)):
        if not np.isfinite(values).all():
            where = tuple(int(k) for k in np.argwhere(~np.isfinite(values))[0])
            strategy = "" if columns[0] == L.NATURE[0] else f", strategy {labels.strategies[where[0]]}"
            year = f", year {labels.year_labels[where[2]]}" if columns is L.YEARLY else ""
            raise RunError(
                f"Future {first + where[-1]} gave a number that is not finite "
                f"(scenario {labels.scenario}{strategy}{year}).",
                key=columns[where[1]], value=float(values[where]), expected="a finite number",
            )  # fmt: skip
    for column, low, high in (("exit_year_index", -1, years - 1), ("exit_cause_code", 0, len(L.EXIT_CAUSES) - 1)):
        codes = out[:, L.OUT[column]]
        bad = np.argwhere((codes < low) | (codes > high) | (codes != np.floor(codes)))
        if bad.size:
            k, i = (int(x) for x in bad[0])
            raise RunError(
                f"Future {first + i} has no such ending (scenario {labels.scenario}, strategy {labels.strategies[k]}).",
                key=column, value=float(codes[k, i]), expected=f"a whole number from {low} to {high}",
            )  # fmt: skip


def part_path(table: str, scenario: str, first: int) -> str:
    """Path of a part file inside the run folder, with forward slashes."""
    return f"tables/{table}/{scenario}/part-{first:012d}.parquet"


def marker_path(scenario: str, first: int) -> str:
    """Path of a chunk's marker inside the run folder."""
    return f"{CHUNKS}/{scenario}-{first:012d}.json"


def make_folders(folder: Path, scenarios: Sequence[str]) -> None:
    """Make the folders of all part files beforehand, so that a worker that outlives its run cannot make one anew."""
    (folder / CHUNKS / "condensed").mkdir(parents=True, exist_ok=True)
    for table in schema.SIMULATED:
        for scenario in scenarios:
            (folder / "tables" / table / scenario).mkdir(parents=True, exist_ok=True)


def write_chunk(
    folder: Path, labels: Labels, first: int, out: np.ndarray, yearly: np.ndarray, nature: np.ndarray, *, kept: bool = True,
    piece: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write every table of one chunk where it is kept, then its marker; return the marker.

    Arguments: the first future's number, out[S, OUTCOMES, n], yearly[S, YEARLY, T, n] (or nothing: its second axis is
    0), nature[NATURE + TAGS, n], and the facts of its condensed piece where there is one. Errors: RunError for a number that
    is not finite.
    """
    require_finite(labels, first, out, yearly, nature)
    files: dict[str, Any] = {}
    if kept:
        tables = {"futures": _futures_table(labels, first, nature), "outcomes": _outcomes_table(labels, first, out, nature)}
        if yearly.shape[1] > 0:
            tables["years"] = _years_table(labels, first, yearly, nature)
        for name, table in tables.items():
            path = part_path(name, labels.scenario, first)
            files[path] = write_table(folder / path, name, table)
        del tables  # give the pages back, so that memory follows the chunk and not the number of chunks
        pa.default_memory_pool().release_unused()
    marker = {
        "scenario": labels.scenario, "first": first, "futures": nature.shape[1], "with_years": yearly.shape[1] > 0,
        "kept": kept, "files": files, "piece": piece,
    }  # fmt: skip
    write_json(folder / marker_path(labels.scenario, first), marker, flush=False)
    return marker


def read_marker(
    folder: Path, scenario: str, first: int, futures: int, with_years: bool, kept: bool = True
) -> dict[str, Any] | None:
    """The marker of a chunk whose files are all there and unchanged; otherwise None, and the marker is removed."""
    path = folder / marker_path(scenario, first)
    try:
        marker = json.loads(path.read_text(encoding="utf-8"))
        asked = {"scenario": scenario, "first": first, "futures": futures, "with_years": with_years, "kept": kept}
        whole = all(marker[key] == value for key, value in asked.items())
        if whole and all(sha256_of(folder / name) == facts["sha256"] for name, facts in marker["files"].items()):
            return dict(marker)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    path.unlink(missing_ok=True)
    return None


def forget_chunks(folder: Path) -> None:
    """Remove every marker and simulated part: the futures of this run are other ones now."""
    for table in schema.SIMULATED:
        for path in (folder / "tables" / table).rglob("*.parquet"):
            path.unlink(missing_ok=True)
    for path in (folder / CHUNKS).rglob("*.*"):
        path.unlink(missing_ok=True)


# ── small tables ───────────────────────────────────────────────────────────────────────────────────────────────────
def _tidy(column: schema.Column, value: Any, row: int) -> Any:
    """A cell as the schema wants it: no None among words, no NaN among numbers, lists joined by "; "."""
    if column.kind == schema.TEXT:
        return "; ".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)
    if value is not None and value == value:
        return int(value) if column.kind == schema.WHOLE else float(value)
    if column.nullable:
        return None
    raise RunError(f"Row {row} of table {column.table} lacks a number.", key=column.name, expected=column.kind)


def _from_rows(name: str, rows: Sequence[Mapping[str, Any]], run_id: str) -> pa.Table:
    known = {column.name: column for column in schema.COLUMNS[name]}
    for row in rows:
        for key in row:
            if key not in known:
                raise RunError(f"Table {name} has no such column.", key=key, nearest=nearest(key, known))
    cells = {n: [_tidy(c, row.get(n), k) for k, row in enumerate(rows)] for n, c in known.items()}
    wanted = schema.arrow_schema(name, run_id)
    plain = {f.name: pa.string() if pa.types.is_dictionary(f.type) else f.type for f in wanted}
    columns = [pa.array(cells[f.name], plain[f.name]).cast(f.type) for f in wanted]
    return pa.Table.from_arrays(columns, schema=wanted)


def write_gaming(folder: Path, rows: Sequence[Mapping[str, Any]], run_id: str) -> dict[str, Any]:
    """Write the exploits as table `gaming`; a missing word becomes "", a missing amount stays empty.

    Errors: RunError for a column that the schema does not have or a count that is missing.
    """
    return write_whole(folder, "gaming", rows, run_id)


def write_whole(folder: Path, name: str, rows: Sequence[Mapping[str, Any]], run_id: str) -> dict[str, Any]:
    """Write a table that has one part: rows, or stretches of whole columns (words as their codes and the words).

    Errors: as for `write_gaming`.
    """
    path = folder / "tables" / name / "part-000000000000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    if rows and all(isinstance(value, tuple | np.ndarray) for value in rows[0].values()):
        blocks = [{k: _words(*v) if isinstance(v, tuple) else v for k, v in block.items()} for block in rows]
        return write_table(path, name, _stack(blocks, name, run_id))
    return write_table(path, name, _from_rows(name, rows, run_id))


def write_summary(folder: Path, rows: Sequence[Mapping[str, Any]], run_id: str) -> dict[str, Any]:
    """Write the summary as Parquet and as CSV (full precision). Errors: as for `write_gaming`."""
    table = _from_rows("summary", rows, run_id)
    path = folder / "summary" / "summary.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = write_table(path, "summary", table)
    _write_csv(path.with_suffix(".csv"), schema.names("summary"), table.to_pylist())
    return facts


def write_finding(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a small table beside the summary, as summary/<name>.parquet and .csv; the first row gives the columns."""
    write_rows(folder / "summary", name, rows)


def write_rows(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a small table as <name>.parquet and <name>.csv in a folder; the first row gives the columns."""
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(path)
    try:
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), draft, compression="lz4")
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _write_csv(path.with_suffix(".csv"), list(rows[0]), rows)


def write_settlement_table(table: pa.Table, path: Path) -> None:
    """Write a settled table as Parquet; the caller renames it."""
    pq.write_table(table, path, compression="zstd")


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as CSV in full precision, whole or not at all; a number that is none leaves its cell empty."""
    draft = draft_of(path)
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: None if value != value else value for name, value in row.items()} for row in rows)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, path)
