"""The results hash: sha256 over what the tables say, however their rows were split into files.

Rows are taken by group (scenario, strategy, year) and, within a group, in the order of the files, which is that of the
futures. Every column of every group has a digest of its own, fed as the files are read once: numbers as little-endian
bytes, words as their lengths and their UTF-8 bytes, an empty cell as the one NaN. The digests are then joined in
canonical order. Memory is one row group. Chunk size, back-end and compression leave no trace; any changed value does.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import DataError
from . import schema

#: Tables that the results hash covers; the summary follows from them and has its own digest in the manifest.
HASHED = ("futures", "outcomes", "years", "gaming", "bins", "moments", "ends")


class _Digest:
    """One column of one group: a digest of numbers, or of lengths and letters."""

    def __init__(self) -> None:
        self.first, self.second = hashlib.sha256(), hashlib.sha256()

    def update(self, values: pa.Array) -> None:
        if pa.types.is_dictionary(values.type):
            self._update_words(values)
        elif pa.types.is_string(values.type):
            self.first.update(pc.binary_length(values).to_numpy(zero_copy_only=False).astype("<i4").tobytes())
            self.second.update(_letters(values))
        else:
            self.first.update(_numbers(values))

    def _update_words(self, values: pa.Array) -> None:
        """As `update` for coded words: one word throughout is not looked up row by row."""
        codes = values.indices.to_numpy(zero_copy_only=False)
        if values.null_count or not codes.size or codes.min() != codes.max():
            self.update(values.dictionary_decode())
            return
        word = str(values.dictionary[int(codes[0])].as_py()).encode()
        self.first.update(len(word).to_bytes(4, "little") * codes.size)
        self.second.update(word * codes.size)

    def hexdigest(self) -> str:
        return self.first.hexdigest() + self.second.hexdigest()


def _letters(values: pa.Array) -> memoryview:
    """The UTF-8 bytes of a string array, end to end."""
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)
    start, stop = offsets[values.offset], offsets[values.offset + len(values)]
    return memoryview(values.buffers()[2] or b"")[start:stop]


def _numbers(values: pa.Array) -> bytes | memoryview:
    """The values as little-endian bytes: float64, int64 or one byte for yes and no."""
    if pa.types.is_floating(values.type):
        filled = values.fill_null(float("nan")) if values.null_count else values
        return np.ascontiguousarray(filled.to_numpy(), dtype="<f8").data.cast("B")
    kind = "u1" if pa.types.is_boolean(values.type) else "<i8"
    return np.ascontiguousarray(values.to_numpy(zero_copy_only=False), dtype=kind).data.cast("B")


def part_files(folder: Path, table: str) -> list[Path]:
    """The part files of a table, scenario by scenario, in the order of their futures."""
    if table == "summary":
        return [path for path in (folder / "summary" / "summary.parquet",) if path.is_file()]
    base = folder / "tables" / table
    return sorted(path for path in base.rglob("*.parquet") if not path.name.startswith("."))


def row_groups(path: Path, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """The row groups of a part file, one after the other. Errors: DataError for a file that is not whole Parquet."""
    try:
        with pq.ParquetFile(path) as file:
            for k in range(file.num_row_groups):
                if file.metadata.row_group(k).num_rows > 0:
                    yield file.read_row_group(k, columns=columns).unify_dictionaries().combine_chunks()
    except (pa.ArrowException, OSError) as error:
        raise DataError("A table of this run cannot be read.", file=path.name, value=str(error)) from error


def column_of(table: pa.Table, name: str) -> pa.Array:
    """A column of a row group as one array."""
    values = table.column(name)
    return values.chunk(0) if values.num_chunks == 1 else pa.concat_arrays(values.chunks)


def runs(table: pa.Table, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Stretches of rows with equal keys: (the keys' values, first row, number of rows)."""
    if not keys:
        yield (), 0, table.num_rows
        return
    columns = [column_of(table, name) for name in keys]
    codes = np.array([column.indices.to_numpy() for column in columns])
    starts = np.flatnonzero(np.r_[True, (codes[:, 1:] != codes[:, :-1]).any(axis=0)])
    for start, stop in zip(starts, [*starts[1:], table.num_rows], strict=True):
        yield tuple(column[int(start)].as_py() for column in columns), int(start), int(stop - start)


class TableDigest:
    """The digest of one table, fed with its row groups in the order of the files.

    Arguments: `each` maps a function over the columns of a row group: `map`, or that of a pool of threads.
    """

    def __init__(self, table: str, each: Callable[..., Iterable[None]] = map) -> None:
        self.table, self._each = table, each
        self._keys = schema.GROUPS.get(table, ())
        self._names = [name for name in schema.names(table) if name not in self._keys]
        self._digests: dict[tuple[str, ...], dict[str, _Digest]] = {}

    def see(self, part: str, group: pa.Table) -> None:
        """Take in the next row group. Errors: DataError, naming the part, when it lacks a column."""
        missing = [name for name in schema.names(self.table) if name not in group.column_names]
        if missing:
            raise DataError("A table of this run lacks a column.", file=part.rpartition("/")[2], key=missing[0])
        stretches = [(self._of(key), start, rows) for key, start, rows in runs(group, self._keys)]

        def feed(name: str) -> None:
            column = column_of(group, name)
            for own, start, rows in stretches:
                own[name].update(column.slice(start, rows))

        deque(self._each(feed, self._names), maxlen=0)

    def _of(self, key: tuple[str, ...]) -> dict[str, _Digest]:
        if key not in self._digests:
            self._digests[key] = {name: _Digest() for name in self._names}
        return self._digests[key]

    def hexdigest(self) -> str:
        """The digest of everything that was seen."""
        by_group = sorted(self._digests.items())
        return _joined([[self.table, *key, name, own[name].hexdigest()] for key, own in by_group for name in self._names])


def table_hash(folder: Path, table: str) -> str | None:
    """The digest of one table, or None where the run has no such table."""
    digest, paths = TableDigest(table), part_files(folder, table)
    for path in paths:
        for group in row_groups(path):
            digest.see(path.name, group)
    return digest.hexdigest() if paths else None


def _joined(lines: list[Any]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def joined_hash(tables: dict[str, str]) -> str:
    """The results hash that the digests of the tables come to."""
    return _joined([[table, tables[table]] for table in HASHED if table in tables])


def results_hash(folder: Path) -> tuple[str, dict[str, str]]:
    """The results hash of a run folder, and the digest of each table that it has (the summary's included).

    Errors: DataError for a part file that cannot be read.
    """
    tables = {table: found for table in schema.TABLES if (found := table_hash(folder, table)) is not None}
    return joined_hash(tables), tables
