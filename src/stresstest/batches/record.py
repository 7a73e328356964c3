"""What a batch writes down: batch.json, the table of cases, and the batch's results hash.

    batch.json                 kind, title, status; every case with labels, inputs hash, run folder, results hash, seconds
    cases.csv, cases.parquet   one row for each case, scenario and strategy: labels, figures, status (written as cases finish)
    cases/<name>/              the runs

The batch's results hash is sha256 over the sorted pairs of case name and results hash of the cases that were run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import __version__
from .._jit import SOURCE_DIGEST
from ..errors import DataError, nearest
from ..results.manifest import DIGEST, digest_of, plain, timestamp
from ..results.provenance import now
from ..results.store import sha256_of, write_json, write_rows
from .case import Case
from .work import CASES, FAILED

BATCH, TABLE = "batch.json", "cases"
BATCH_VERSION = 1
#: The table is written anew after this many seconds, and later where writing it takes long.
LIVE_SECONDS, LIVE_SHARE = 2.0, 0.02
WAITING = "not yet run"
NAN = float("nan")
#: Columns that every row of the table has besides labels and figures.
FIRST, LAST = ("case",), ("status", "futures", "seconds", "results_hash", "reason")


def batch_hash(hashes: dict[str, str]) -> str:
    """sha256 over the sorted pairs of case name and results hash."""
    return hashlib.sha256("".join(
        json.dumps([name, hashes[name]], ensure_ascii=False) + "\n" for name in sorted(hashes)).encode()).hexdigest()  # fmt: skip


def load_batch(folder: Path) -> dict[str, Any]:
    """The record of a batch folder. Errors: DataError where there is none, or it cannot be read or lacks a key."""
    path = Path(folder) / BATCH
    if not path.is_file():
        near = [p.name for p in Path(folder).parent.glob("*") if (p / BATCH).is_file()]
        raise DataError("The folder is not a batch: it has no record.", file=folder, expected=BATCH,
                        nearest=nearest(Path(folder).name, near))  # fmt: skip
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise DataError("The record of the batch cannot be read.", file=path, value=str(error)) from error
    for key in ("batch_version", "kind", "title", "status", "cases"):
        if not isinstance(record, dict) or key not in record:
            raise DataError("The record of the batch lacks a key.", file=path, key=key)
    if record["batch_version"] != BATCH_VERSION:
        raise DataError("This batch was made by another version of the program.", file=path, key="batch_version",
                        value=record["batch_version"], expected=f"{BATCH_VERSION}: run the batch again")  # fmt: skip
    if not isinstance(record["cases"], list) or not all(isinstance(one, dict) and "name" in one for one in record["cases"]):
        raise DataError("The record of the batch has no list of cases.", file=path, key="cases")
    return record


def is_batch(folder: Path) -> bool:
    """Whether a folder is a batch's."""
    return (Path(folder) / BATCH).is_file()


def describe(title: str, kind: str, cases: Sequence[Case], about: dict[str, Any] | None = None) -> dict[str, Any]:
    """The record of a batch that is about to begin."""
    return {
        "batch_version": BATCH_VERSION, "kind": kind, "title": title, "status": "running", "stresstest": __version__,
        "source_digest": SOURCE_DIGEST, "created": timestamp(now()), "reference": cases[0].name, "about": plain(about or {}),
        "cases": [_described(case) for case in cases],
    }  # fmt: skip


def _described(case: Case) -> dict[str, Any]:
    return {
        "name": case.name, "labels": dict(case.labels), "study": Path(case.study.name).name, "changes": list(case.study.changes),
        "strategies": [strategy.name for strategy in case.strategies], "status": WAITING,
    }  # fmt: skip


@dataclass
class Ledger:
    """The record of a batch under way: takes in what cases report, and writes record and table now and then."""

    path: Path
    record: dict[str, Any]
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    due: float = 0.0

    def add(self, facts: dict[str, Any]) -> None:
        """Take in the facts of a case; write where that is due."""
        self.facts[facts["case"]] = facts
        if time.monotonic() >= self.due:
            self.write()

    def write(self, **changes: Any) -> None:
        """Write record and table, with entries of the record changed."""
        began = time.monotonic()
        self.record = {**self.record, **changes, "cases": [self._case(one) for one in self.record["cases"]]}
        write_json(self.path / BATCH, plain(self.record))
        write_rows(self.path, TABLE, self.rows())
        self.due = time.monotonic() + max(LIVE_SECONDS, (time.monotonic() - began) / LIVE_SHARE)

    def finish(self) -> None:
        """Write everything for the last time, with the batch's results hash and the checksums of the table."""
        hashes = {name: facts["results_hash"] for name, facts in self.facts.items() if facts["status"] != FAILED}
        status = "complete" if len(hashes) == len(self.record["cases"]) else "complete but for failed cases"
        self.write(status=status, finished=timestamp(now()), results_hash=batch_hash(hashes))
        files = {name: sha256_of(self.path / name) for name in (f"{TABLE}.csv", f"{TABLE}.parquet")}
        whole = plain({**self.record, "files": files})
        write_json(self.path / BATCH, {**whole, DIGEST: digest_of(whole)})

    def _case(self, one: dict[str, Any]) -> dict[str, Any]:
        facts = self.facts.get(one["name"])
        if facts is None:
            return one
        found = {key: value for key, value in facts.items() if key not in ("case", "figures", "work")}
        return {**one, "run": f"{CASES}/{one['name']}" if facts["status"] != FAILED else "", **found}

    def rows(self) -> list[dict[str, Any]]:
        """The table of cases: one row for each scenario and strategy of a case; one for a case without figures."""
        return table_rows(self.record["cases"], self.facts)


def table_rows(cases: Sequence[dict[str, Any]], facts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each case, scenario and strategy, all with the same columns; a number that is none is NaN."""
    labels = list(dict.fromkeys(key for one in cases for key in one["labels"]))
    empty: dict[str, Any] = {}
    for own in facts.values():
        for figures in own.get("figures", ()):
            empty |= {key: "" if isinstance(value, str) else NAN for key, value in figures.items() if key not in empty}
    rows = []
    for one in cases:
        own = facts.get(one["name"], {"status": WAITING})
        head = {"case": one["name"], **{key: str(one["labels"].get(key, "")) for key in labels}}
        tail = {
            "status": own["status"], "futures": int(own.get("futures", 0)), "seconds": float(own.get("seconds", NAN)),
            "results_hash": own.get("results_hash", ""), "reason": own.get("reason", ""),
        }  # fmt: skip
        several: list[dict[str, Any]] = list(own.get("figures", ())) or [{}]
        rows += [{**head, **empty, **figures, **tail} for figures in several]
    return rows
