"""One reading of a run's tables that answers everything: the results hash, the digest of each table, and every check.

A run is read back while it is still being simulated (following.py), and once more when it is verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from . import schema
from .hashing import TableDigest, joined_hash, part_files, row_groups
from .invariants import Check, Question, questions


class Census:
    """What the tables of a run say, read part by part; a table's parts must come in the order of their futures.

    Arguments: `manifest` what the tables are held against; `each` maps a function over the columns of a row group.
    """

    def __init__(self, manifest: dict[str, Any], each: Callable[..., Iterable[None]] = map) -> None:
        self._each, self._digests = each, dict[str, TableDigest]()
        self._questions, self._faults = questions(manifest), dict[tuple[str, str], str]()
        self._unread, self._unhashed = dict[str, DataError](), dict[str, DataError]()

    def read(self, folder: Path, tables: Iterable[str] = schema.TABLES) -> Census:
        """Read every part of these tables. What cannot be read is kept as the answer."""
        for table in tables:
            for path in part_files(folder, table):
                self.read_part(table, path)
        return self

    def read_part(self, table: str, path: Path) -> None:
        """Read the next part of a table."""
        part = f"{table}/{path.parent.name}/{path.name}"
        digest = self._digests.setdefault(table, TableDigest(table, self._each))
        asked = [question for question in self._questions if table in question.tables]
        try:
            for group in row_groups(path):
                self._hash(digest, part, group)
                for question in asked:
                    self._ask(question, table, part, group)
        except DataError as error:
            self._unread.setdefault(table, error)

    def _hash(self, digest: TableDigest, part: str, group: pa.Table) -> None:
        if digest.table not in self._unhashed:
            try:
                digest.see(part, group)
            except DataError as error:
                self._unhashed[digest.table] = error

    def _ask(self, question: Question, table: str, part: str, group: pa.Table) -> None:
        key = question.name, table
        if key in self._faults:
            return
        try:
            fault = question.see(table, part, group)
        except (pa.ArrowException, KeyError) as error:
            fault = str(error)
        if fault:
            self._faults[key] = fault

    def require_read(self) -> None:
        """Errors: DataError where a table could not be read or hashed."""
        for table in schema.TABLES:
            if (error := self._unread.get(table) or self._unhashed.get(table)) is not None:
                raise error

    def results_hash(self) -> tuple[str, dict[str, str]]:
        """The results hash and the digest of each table that is there. Errors: as `require_read`."""
        self.require_read()
        tables = {table: self._digests[table].hexdigest() for table in schema.TABLES if table in self._digests}
        return joined_hash(tables), tables

    def checks(self) -> list[Check]:
        """The answer to every question; a table that could not be read fails all that is asked of it."""
        return [self._answer(question) for question in self._questions]

    def _answer(self, question: Question) -> Check:
        found = [str(self._unread[table]) for table in question.tables if table in self._unread]
        found += [self._faults[question.name, table] for table in question.tables if (question.name, table) in self._faults]
        fault = found[0].replace("\n", ";") if found else question.end()
        return Check(question.name, not fault, fault or "holds")


def check_tables(folder: Path, manifest: dict[str, Any]) -> list[Check]:
    """Every invariant that can be read off the tables of a run folder. A file that cannot be read fails its check."""
    return Census(manifest).read(folder).checks()
