"""One sum over the tables that a report and its analyses print from: what a signature can name besides the results hash.

The results hash covers the run's own tables. The analyses in advice/ and the tables of the report are made afterwards from those.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from ..errors import DataError

#: What is summed, as patterns below the run folder.
PATTERNS = ("advice/**/*.csv", "report/tables/*.csv")
#: Columns that a signature itself fills in; a table is the same table with and without them.
SIGNED = frozenset({"signed_by", "signed_off_by", "signed_off_on"})


def papers_digest(folder: Path) -> str:
    """sha256 over the sorted paths and digests of the CSV tables in advice/ and report/tables/; "" where there is none.

    Cells that name who signed do not count, nor do hidden files. Errors: DataError for a table that cannot be read.
    """
    paths = sorted({path for pattern in PATTERNS for path in Path(folder).glob(pattern)})
    lines = [f"{table_digest(path)}  {place}\n" for path in paths
             if path.is_file() and not _hidden(place := path.relative_to(folder).as_posix())]  # fmt: skip
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else ""


def table_digest(path: Path) -> str:
    """sha256 of a CSV table without the columns that a signature fills in; of its bytes where it has none of them."""
    try:
        data = path.read_bytes()
        if not SIGNED & set(data.split(b"\n", 1)[0].decode("utf-8-sig").strip().split(",")):
            return hashlib.sha256(data).hexdigest()
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError("A table cannot be read.", file=path, value=str(error), expected="a CSV file in UTF-8") from error
    kept = [k for k, name in enumerate(rows[0]) if name not in SIGNED]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([row[k] for k in kept if k < len(row)] for row in rows)
    return hashlib.sha256(buffer.getvalue().encode()).hexdigest()


def _hidden(place: str) -> bool:
    return any(part.startswith(".") for part in place.split("/"))
