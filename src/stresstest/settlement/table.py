"""Reading a table to settle: CSV (or Parquet), with every fault placed by row and column."""

from __future__ import annotations

import io
import re
from csv import reader
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..contract import Contract
from ..errors import DataError, nearest
from ..terms import Field
from ..units import year_labels
from ..wiring import Reference
from .columns import Column, asked_columns, override_fields
from .engine import Given, remembering, with_columns
from .headings import CASE, YEAR, check_headings, check_separator

_WHOLE_YEAR = re.compile(r"(\d+)\.0*", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A table as read: what is to be settled, and its columns as they stood (pyarrow arrays by name) for the output."""

    given: Given
    columns: dict[str, Any]
    carried: tuple[str, ...]
    file: Path | None = None


def read_table(path: Path, contract: Contract) -> Table:
    """The table in `path` for a contract. Raises DataError for a missing column, an unknown clause entry or a bad cell."""
    columns = _read(path)
    overrides = override_fields(contract)
    asked = {column.name: column for column in asked_columns(with_columns(contract, overrides.keys() & columns.keys()))}
    carried = check_headings(path, contract, list(columns), asked, overrides)
    size = len(next(iter(columns.values()))) if columns else 0
    if size == 0:
        raise DataError("the table has no rows", file=path, expected="one row for each case and year")
    case = _cases(columns, size)
    year = _years(path, contract, columns, case)
    _check_years(path, contract, case, year)
    numbers: dict[str, np.ndarray] = {}
    for name, cells in columns.items():
        if name in asked:
            numbers[name] = _asked_numbers(path, asked[name], cells)
        elif name in overrides:
            values = _override_numbers(path, name, overrides[name], cells)
            numbers[name] = _filled(path, contract, name, values, year)
    words = {name: _words(overrides[name], values) for name, values in numbers.items() if name in overrides}
    return Table(Given(case, year, numbers), {**columns, **numbers, **words}, carried, path)


def _read(path: Path) -> dict[str, Any]:
    """Columns as pyarrow arrays by name; those of a CSV file as text, letter for letter."""
    import pyarrow as pa

    parquet = path.suffix == ".parquet"
    try:
        names, columns = _parquet_columns(path) if parquet else _csv_columns(path)
    except FileNotFoundError:
        others = sorted(p.name for p in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        raise DataError("no such file", file=path, nearest=nearest(path.name, others)) from None
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        detail = str(error).split("\n")[0]
        expected = "a Parquet file" if parquet else "a UTF-8 CSV file"
        raise DataError(f"the table cannot be read: {detail}", file=path, expected=expected) from None
    kept = [(name.strip(), cells) for name, cells in zip(names, columns, strict=True) if name.strip() or not _blank(cells)]
    names, columns = [name for name, _ in kept], [cells for _, cells in kept]
    for name, column in zip(names, columns, strict=True):
        if names.count(name) > 1:
            raise DataError("a column stands in the table twice", file=path, key=name, expected="each column once")
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            raise DataError("this column holds neither numbers nor text", file=path, key=name, value=str(column.type))
    return dict(zip(names, columns, strict=True))


def _blank(cells: Any) -> bool:
    """Whether a column holds nothing but empty cells, as spreadsheets leave behind."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.null_count == len(cells):
        return True
    return bool(pa.types.is_string(cells.type) and pc.all(pc.equal(pc.utf8_trim_whitespace(cells), "")).as_py())


def _parquet_columns(path: Path) -> tuple[list[str], list[Any]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table.column_names, [column.combine_chunks() for column in table.columns]


def _csv_columns(path: Path) -> tuple[list[str], list[Any]]:
    """Header and columns of text below the lines that begin with #."""
    import pyarrow as pa
    from pyarrow import csv

    body = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    while body[:1] in (b"#", b"\n", b"\r"):
        body = body.partition(b"\n")[2]
    if not body.strip():
        raise DataError(
            "the table is empty", file=path, expected="a header and rows; `settle CONTRACT --template` prints one"
        )
    if body.count(b'"') % 2:
        raise DataError("a quoted cell is not closed", file=path, expected='an even number of " in the file')
    header = next(reader(io.StringIO(body.decode("utf-8"), newline="")))
    check_separator(path, header)
    text = csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""],
        quoted_strings_can_be_null=True,
    )  # fmt: skip
    table = csv.read_csv(
        pa.BufferReader(body), read_options=csv.ReadOptions(use_threads=False), convert_options=text,
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=True),
    )  # fmt: skip
    return table.column_names, [column.combine_chunks() for column in table.columns]


def _floats(path: Path, name: str, cells: Any, expected: str) -> np.ndarray:
    """A column as float64, NaN where a cell is empty. Raises DataError for the first cell that is no number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(cells.type):
        return np.full(len(cells), np.nan)
    if not (pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type)):
        return _from_text(path, name, cells, expected)
    values = np.asarray(pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    empty = np.asarray(cells.is_null().to_numpy(zero_copy_only=False))
    _require_finite(path, name, values, empty, expected)
    return values


def _from_text(path: Path, name: str, cells: Any, expected: str) -> np.ndarray:
    """Numbers written as text; an empty cell is NaN, the words nan and inf are refused."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.utf8_trim_whitespace(pc.cast(cells, pa.string()))
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    try:
        values = np.asarray(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        found = enumerate(texts.to_pylist())
        k, text = next((k, text) for k, text in found if text and not _PLAIN.fullmatch(text))
        raise DataError(f"row {k + 1} holds no number here", file=path, key=name, value=text, expected=expected) from None
    _require_finite(path, name, values, np.asarray(texts.is_null().to_numpy(zero_copy_only=False)), expected)
    return values


def _require_finite(path: Path, name: str, values: np.ndarray, empty: np.ndarray, expected: str) -> None:
    bad = np.flatnonzero(~np.isfinite(values) & ~empty)
    if bad.size:
        k = int(bad[0])
        message = f"row {k + 1} is not a finite number"
        raise DataError(message, file=path, key=name, value=float(values[k]), expected=expected)


def _in_bounds(path: Path, name: str, values: np.ndarray, low: float, high: float, unit: str) -> None:
    """Refuse what lies beyond the bounds, and parts of what comes in wholes."""
    with np.errstate(invalid="ignore"):
        wrong = (values < low) | (values > high) | np.isinf(values)
        if unit == "0 or 1" or unit.startswith("whole"):
            wrong |= values != np.floor(values)
    bad = np.flatnonzero(wrong & ~np.isnan(values))
    if bad.size:
        k = int(bad[0])
        value = float(values[k])
        fits = unit == "share" and low <= value / 100.0 <= high
        raise DataError(
            f"row {k + 1} is out of range", file=path, key=name, value=value,
            expected=f"from {low:g} to {high:g} ({unit})",
            nearest=f"{value / 100.0:g} (a share, not a percentage)" if fits else None,
        )  # fmt: skip


def _asked_numbers(path: Path, column: Column, cells: Any) -> np.ndarray:
    values = _floats(path, column.name, cells, f"a number ({column.unit})")
    empty = np.flatnonzero(np.isnan(values))
    if empty.size:
        if column.default is None:
            k = int(empty[0])
            raise DataError(
                f"row {k + 1} is empty here", file=path, key=column.name,
                expected=f"{column.doc} ({column.unit})",
            )  # fmt: skip
        values = np.where(np.isnan(values), column.default, values)
    _in_bounds(path, column.name, values, column.low, column.high, column.unit)
    return values


def _override_numbers(path: Path, name: str, field: Field, cells: Any) -> np.ndarray:
    """A clause's entry by row, NaN where the contract's own holds; choices as their numbers."""
    if field.unit == "choice":
        texts = [str(v).strip() if v is not None else "" for v in cells.to_pylist()]
        for k, text in enumerate(texts):
            if text and text not in field.choices:
                raise DataError(
                    f"row {k + 1} is not one of the choices", file=path, key=name, value=text,
                    expected=", ".join(field.choices), nearest=nearest(text, field.choices),
                )  # fmt: skip
        return np.array([float(field.choices.index(text)) if text else np.nan for text in texts])
    values = _floats(path, name, cells, f"a number ({field.unit}), or nothing for the contract's own")
    _in_bounds(path, name, values, field.low, field.high, field.unit)
    return values


def _filled(path: Path, contract: Contract, name: str, values: np.ndarray, year: np.ndarray) -> np.ndarray:
    """The column with the contract's own number of the year where a cell is empty."""
    empty = np.isnan(values)
    if not empty.any():
        return values
    clause, _, entry = name.rpartition(".")
    term = next(term for term in contract.terms if term.id == clause)
    own = term.values[entry]
    k = int(np.flatnonzero(empty)[0])
    if isinstance(own, Reference):
        raise DataError(
            f"row {k + 1} is empty here, and the contract takes this entry from {own.name}", file=path,
            key=name, expected="a number in every row",
        )  # fmt: skip
    field = next(field for field in term.kind.fields if field.name == entry)
    by_year = [term.at(t)[entry] for t in range(contract.years)]
    numbers = [float(field.choices.index(v)) if field.unit == "choice" else float(v) for v in by_year]
    return np.where(empty, np.array(numbers)[year], values)


def _words(field: Field, values: np.ndarray) -> Any:
    """What was used, as a table shows it: a choice by its word."""
    if field.unit != "choice":
        return values
    import pyarrow as pa

    return pa.array([field.choices[int(value)] for value in values])


def _cases(columns: dict[str, Any], size: int) -> np.ndarray:
    """A number for each row's case, in order of first appearance; without the column all rows are one case."""
    if CASE not in columns:
        return np.zeros(size, dtype=np.int64)
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pc.fill_null(pc.cast(columns[CASE], pa.string()), "")
    return np.asarray(words.dictionary_encode().indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _years(path: Path, contract: Contract, columns: dict[str, Any], case: np.ndarray) -> np.ndarray:
    """Contract years from 0; without the column a case's rows are its years in order."""
    if YEAR not in columns:
        order = np.argsort(case, kind="stable")
        starts = np.r_[0, np.flatnonzero(np.diff(case[order])) + 1]
        place = np.arange(case.size) - np.repeat(starts, np.diff(np.r_[starts, case.size]))
        years = np.empty(case.size, dtype=np.int64)
        years[order] = place
        return years
    labels = year_labels(contract.first_year, contract.years)
    cells = columns[YEAR].dictionary_encode()
    known: list[int] = []
    for value in cells.dictionary.to_pylist():
        text = f"{value:g}" if isinstance(value, float) else str(value).strip()
        whole = _WHOLE_YEAR.fullmatch(text)
        text = whole[1] if whole else text
        if text in labels:
            known.append(labels.index(text))
        elif text.isdecimal() and text.isascii() and 1 <= int(text) <= contract.years:
            known.append(int(text) - 1)
        else:
            row = columns[YEAR].to_pylist().index(value)
            raise DataError(
                f"row {row + 1} is no year of the contract", file=path, key=YEAR, value=value,
                expected=f"1 to {contract.years}, or {labels[0]} to {labels[-1]}", nearest=nearest(text, labels),
            )  # fmt: skip
    if cells.indices.null_count:
        row = columns[YEAR].to_pylist().index(None)
        raise DataError(f"row {row + 1} has no year", file=path, key=YEAR, expected="a year")
    return np.array(known, dtype=np.int64)[np.asarray(cells.indices.to_numpy(zero_copy_only=False))]


def _check_years(path: Path, contract: Contract, case: np.ndarray, year: np.ndarray) -> None:
    """Refuse a year that stands twice in a case, years beyond the term, and, where a clause remembers, gaps."""
    late = np.flatnonzero(year >= contract.years)
    if late.size:
        k = int(late[0])
        message = f"row {k + 1} is year {int(year[k]) + 1} of its case; the contract has {contract.years}"
        raise DataError(message, file=path, key=CASE, expected="a column `case` that tells the cases apart")
    order = np.lexsort((year, case))
    new = np.r_[True, case[order][1:] != case[order][:-1]]
    step = np.r_[0, np.diff(year[order])]
    twice = np.flatnonzero(~new & (step == 0))
    if twice.size:
        k = int(order[twice[0]])
        raise DataError(f"row {k + 1} repeats a year of its case", file=path, key=YEAR, expected="each once")
    clause = remembering(contract)
    gap = np.flatnonzero((new & (year[order] != 0)) | (~new & (step != 1)))
    if clause and gap.size:
        k = int(order[gap[0]])
        message = f"row {k + 1}: the year before it is missing, and {clause} remembers earlier years"
        raise DataError(message, file=path, key=YEAR, expected="every year of a case, from the contract's first")
