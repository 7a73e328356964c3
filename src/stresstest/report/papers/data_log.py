"""The data log: every public table, with its checksum, source, licence and sunset, and which of them the run read."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from ...errors import StressTestError
from ..book import Book
from . import DATE, TEXT, WHOLE, Column, Paper, paper

NAME = "data_log"
SAME, DIFFERENT, UNREAD, UNKNOWN = "as registered", "changed since the run", "not read by the simulation", "not in the register"
COLUMNS = (
    Column("file", "File", TEXT, "table in data/"),
    Column("use", "In this run", TEXT, f"{SAME}: the run read it as it stands in the register; {DIFFERENT}; {UNREAD}; {UNKNOWN}"),
    Column("sha256", "SHA-256", TEXT, "checksum of what the run read, else of the register"),
    Column("rows", "Rows", WHOLE, "rows of the table"), Column("source", "Source", TEXT, "who published it"),
    Column("licence", "Licence", TEXT, "on what terms"), Column("vintage", "Vintage", TEXT, "which release"),
    Column("extracted", "Extracted", DATE, "when it was taken"),
    Column("sunset", "Sunset", DATE, "day by which someone should look for a newer vintage"),
    Column("expired", "Sunset passed", TEXT, "whether that day had passed when the run was made: yes or no"),
)  # fmt: skip


def data_log(book: Book) -> Paper:
    """The data log of a book, made once; a sunset that had passed is told once on stderr."""
    if NAME not in book.papers:
        made = str(book.source.manifest.get("created", ""))[:10]
        rows = rows_of(registered(), dict(book.source.manifest.get("data_hashes") or {}), made)
        book.add(paper(NAME, "Data log", COLUMNS, rows, "data/register.csv and manifest.json"))
        for row in rows:
            if row["expired"] == "yes":
                _warn(str(book.source.manifest["run_id"]), str(row["file"]), str(row["sunset"]))
    return book.papers[NAME]


def registered() -> dict[str, dict[str, str]]:
    """The register of data tables; empty where no data folder can be found or read."""
    from ...config.folders import config_folder, data_folder
    from ...config.tables import register

    try:
        return register(data_folder(config_folder()))
    except StressTestError:
        return {}


def rows_of(known: dict[str, dict[str, str]], read: dict[str, str], made: str) -> list[dict[str, Any]]:
    """A row for each table of the register and each that the run read; `made` the run's date (ISO)."""
    rows = [_row(name, one, read.get(name, ""), made) for name, one in known.items()]
    unknown = [name for name in read if name not in known]
    return rows + [{"file": f"{name}.csv", "use": UNKNOWN, "sha256": read[name], "expired": "no"} for name in unknown]


def _row(name: str, one: dict[str, str], read: str, made: str) -> dict[str, Any]:
    use = UNREAD if not read else SAME if read == one["sha256"] else DIFFERENT
    return {
        "file": f"{name}.csv", "use": use, "sha256": read or one["sha256"], "rows": int(one["rows"]), "source": one["source"],
        "licence": one["licence"], "vintage": one["vintage"], "extracted": one["extracted"], "sunset": one["review_by"],
        "expired": "yes" if made and one["review_by"] and one["review_by"] < made else "no",
    }  # fmt: skip


@cache
def _warn(run: str, file: str, sunset: str) -> None:
    print(f"warning: the data table {file} was due for a newer vintage by {sunset}, before run {run} was made", file=sys.stderr)
