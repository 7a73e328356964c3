"""Reads the project's own data tables, and refuses any that changed without someone saying so.

A table is one CSV file in the data folder and one row in `register.csv` beside it, which holds its checksum, source,
licence and vintage. Units are in the column names; a rate or a share without a unit is a fraction.
To accept a changed table: `python -m stresstest.config.tables --accept NAME`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stresstest.errors import DataError, nearest

REGISTER_FILE = "register.csv"
REGISTER_COLUMNS = ("file", "sha256", "rows", "source", "licence", "vintage", "extracted", "review_by")

#: Columns that hold words. Every other column of every table is numeric.
TEXT_COLUMNS = frozenset(
    {"financial_year", "date", "age_band", "code", "name", "areas", "within", "note", "pattern", "region", "icb", "hospital",
     "provider", "quality"}
)

#: Columns that each shipped table must have. A registered table that is not named here may have any columns.
REQUIRED_COLUMNS = {
    "history_gdp": ("year", "real_gdp_growth"),
    "history_state_share": ("financial_year", "state_share_of_gdp"),
    "history_health_funding": ("financial_year", "real_growth"),
    "history_vacancies": ("date", "vacancy_rate"),
    "dudley_age_bands": ("age_band", "persons_mid_2020", "annual_growth", "relative_cost"),
    "places": ("code", "name", "registered_persons", "resident_persons_mid_2020"),
    "local_authorities": (
        "code", "name", "persons_0_15", "persons_16_64", "persons_65_74", "persons_75_84", "persons_85_plus",
    ),
    "england_places": (
        "code", "region", "icb", "hospital", "quality", "longitude", "latitude", "tile_column", "tile_row",
    ),
    "mcp_vanguards": ("code", "name", "areas", "within", "note"),
    "provider_income": (
        "code", "name", "contract_value_2014_15_gbp", "nonelective_reduction_gbp", "elective_efficiency_gbp",
        "procured_again_gbp", "cquin_gbp", "total_printed_gbp", "note",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One verified table.

    `columns` maps each column to its cells, top to bottom: floats in numeric columns, text in the others.
    `rows` is the number of data rows, `sha256` the verified checksum, `source` the words of the register.
    """

    name: str
    columns: dict[str, tuple[str, ...] | tuple[float, ...]]
    rows: int
    sha256: str
    source: str


def load_table(name: str, folder: Path) -> Table:
    """Read the table `name` (with or without `.csv`) from `folder`, and check it against the register.

    Errors: DataError for a missing or unregistered table, a checksum that differs, a missing column, or a cell of a
    numeric column that is not a finite number.
    """
    name = name.removesuffix(".csv")
    path = _existing(name, folder)
    row = _registered(name, folder)
    content, found = _content(path)
    if found != row["sha256"]:
        raise DataError(
            f"The table {name} was changed since it was registered. If the change is meant, "
            f"accept it: python -m stresstest.config.tables --accept {name} --folder {folder}",
            file=path,
            key="sha256",
            value=found,
            expected=row["sha256"],
        )
    columns = _parse(name, path, content)
    return Table(name, columns, len(next(iter(columns.values()))), found, row["source"])


def load_own_table(path: Path, required: Sequence[str]) -> Table:
    """Read a user's own CSV table, which stands in no register. `source` names its file.

    Errors: DataError for a missing file, a missing column, or a cell of a numeric column that is not a finite number.
    """
    if not path.is_file():
        there = sorted(p.name for p in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        expected = "one of " + ", ".join(there) if there else "a CSV table"
        raise DataError("There is no such table.", file=path, expected=expected, nearest=nearest(path.name, there))
    content, found = _content(path)
    _require(path, _cells(path, content)[0], required)
    columns = _parse(path.stem, path, content)
    return Table(path.name, columns, len(next(iter(columns.values()))), found, f"own table {path.name}")


def register(folder: Path) -> dict[str, dict[str, str]]:
    """The register of `folder`: table name (without `.csv`) → its row, every value as text.

    Errors: DataError when the register is missing, lacks a column or a cell, or names a table twice.
    """
    path = folder / REGISTER_FILE
    if not path.is_file():
        raise DataError("There is no register of data tables.", file=path)
    header, lines = _cells(path, _content(path)[0])
    _require(path, header, REGISTER_COLUMNS)
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        row = dict(zip(header, line, strict=True))
        name = row["file"].removesuffix(".csv")
        if name in found:
            raise DataError("The register names a table twice.", file=path, key="file", value=row["file"])
        found[name] = row
    return found


def accept(name: str, folder: Path) -> tuple[str, str]:
    """Put the present checksum and row count of table `name` into the register; return the old and new checksums.

    Only a table that can be read is accepted. Its source, licence and vintage are left for a person to revise.
    Errors: DataError as for `load_table`, but for the checksum.
    """
    name = name.removesuffix(".csv")
    path = _existing(name, folder)
    _registered(name, folder)
    content, checksum = _content(path)
    columns = _parse(name, path, content)
    rows = register(folder)
    old = rows[name]["sha256"]
    rows[name] |= {"sha256": checksum, "rows": str(len(next(iter(columns.values()))))}
    _write_register(folder, list(rows.values()))
    return old, checksum


def _existing(name: str, folder: Path) -> Path:
    """The path of table `name`, or a DataError with the name most like it."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        there = [p.stem for p in folder.glob("*.csv") if p.name != REGISTER_FILE]
        raise DataError(
            f"There is no data table called {name}.", file=path, key="table", value=name,
            expected="one of " + ", ".join(sorted(there)) if there else "a table", nearest=nearest(name, there),
        )  # fmt: skip
    return path


def _registered(name: str, folder: Path) -> dict[str, str]:
    """The register's row for table `name`, or a DataError."""
    rows = register(folder)
    if name not in rows:
        raise DataError(
            f"The table {name} is not in the register: add a row with its source, licence and vintage.",
            file=folder / REGISTER_FILE,
            key="file",
            value=f"{name}.csv",
            nearest=nearest(name, rows),
        )
    return rows[name]


def _content(path: Path) -> tuple[str, str]:
    """The text of a file and its SHA-256, both with line feeds only: a checkout on Windows must not change the hash."""
    content = path.read_bytes().replace(b"\r\n", b"\n")
    try:
        return content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    except UnicodeDecodeError as error:
        raise DataError("The file is not UTF-8 text.", file=path, value=str(error)) from error


def _cells(path: Path, content: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV text; every row has a cell under every heading."""
    header, *lines = list(csv.reader(io.StringIO(content))) or [[]]
    if len(set(header)) != len(header):
        raise DataError("A heading stands twice in the table.", file=path, value=header)
    for number, line in enumerate(lines, start=1):
        if len(line) != len(header):
            raise DataError(
                f"Row {number} has the wrong number of cells.", file=path, value=line, expected=f"{len(header)} cells"
            )
    return header, lines


def _require(path: Path, header: Sequence[str], required: Sequence[str]) -> None:
    """Raise a DataError for the first required column that the header lacks."""
    for column in required:
        if column not in header:
            raise DataError(
                "A column is missing.",
                file=path,
                key=column,
                expected=", ".join(required),
                nearest=nearest(column, header),
            )


def _parse(name: str, path: Path, content: str) -> dict[str, tuple[str, ...] | tuple[float, ...]]:
    """The columns of a table, numeric ones as floats; at least one row."""
    header, lines = _cells(path, content)
    _require(path, header, REQUIRED_COLUMNS.get(name, ()))
    if not header or not lines:
        raise DataError("The table is empty.", file=path)
    by_column = dict(zip(header, zip(*lines, strict=True), strict=True))
    return {c: v if c in TEXT_COLUMNS else _numbers(path, c, v) for c, v in by_column.items()}


def _numbers(path: Path, column: str, cells: Sequence[str]) -> tuple[float, ...]:
    """The cells as finite floats, or a DataError with the row, counted from 1 below the header."""
    numbers = []
    for row, cell in enumerate(cells, start=1):
        try:
            number = math.nan if "_" in cell else float(cell)  # float() reads 1_000, which is no figure in a table
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise DataError(
                f"Row {row} of column {column} is not a finite number.",
                file=path,
                key=column,
                value=cell,
                expected="a finite number",
            )
        numbers.append(number)
    return tuple(numbers)


def _write_register(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write the register beside the old one, then swap, so that a killed run leaves the old one whole."""
    path = folder / REGISTER_FILE
    draft = path.with_suffix(".csv.new")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(draft, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """`--accept NAME [--folder DIR]`: register a changed table. Returns 0, or 3 when the table is refused."""
    parser = argparse.ArgumentParser(prog="python -m stresstest.config.tables", description="Accept a changed table.")
    parser.add_argument("--accept", metavar="NAME", required=True, help="the table to accept, such as history_gdp")
    parser.add_argument("--folder", type=Path, default=Path("data"), help="the data folder (default: data)")
    options = parser.parse_args(arguments)
    try:
        old, new = accept(options.accept, options.folder)
    except DataError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{options.accept}: {old[:12]} -> {new[:12]}. Check its source and vintage in {REGISTER_FILE}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
