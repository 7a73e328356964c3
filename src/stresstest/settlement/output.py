"""Writing a settlement: the table's own columns, every transfer, every figure, and what each party is left with."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..contract import Contract
from ..errors import ConfigError, DataError, RunError
from .engine import Settlement, settle
from .headings import CASE, YEAR
from .table import Table, read_table

CLOSES_TO = 1e-9


def settled_columns(contract: Contract, table: Table, settlement: Settlement) -> dict[str, Any]:
    """The output's columns in order. Raises RunError for a number that is not finite or a year that does not close."""
    _check_finite(table, settlement)
    _check_closed(settlement)
    columns = dict(table.columns)
    for term in contract.terms:
        if term.kind.moves:
            columns[term.id] = settlement.amounts[term.id]
        for name in (term.id, *(f"{term.id}.{figure.name}" for figure in term.kind.shows)):
            if name in settlement.figures:
                columns[name] = settlement.figures[name]
    columns |= {f"net.{party}": values for party, values in settlement.net.items()}
    return columns


def _check_finite(table: Table, settlement: Settlement) -> None:
    for name, values in {**settlement.amounts, **settlement.figures}.items():
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            k = int(bad[0])
            case = table.columns[CASE][k].as_py() if CASE in table.columns else "the only case"
            where = f"case {case}, contract year {int(table.given.year[k]) + 1} (row {k + 1})"
            raise DataError(
                f"{where} gives no finite number", file=table.file, key=name, value=float(values[k]),
                expected="a finite number; a divisor of 0, or a figure beyond all measure?",
            )  # fmt: skip


def _check_closed(settlement: Settlement) -> None:
    """What the parties are left with adds to nothing, to a billionth of what moved."""
    if not settlement.amounts:
        return
    moved = np.sum(np.abs(np.array(list(settlement.amounts.values()))), axis=0)
    left = np.array([math.fsum(row) for row in np.array(list(settlement.net.values())).T])
    if np.any(np.abs(left) > CLOSES_TO * np.maximum(1.0, moved)):
        raise RunError("the parties' balances do not add to zero", value=float(np.max(np.abs(left))))


def write_settlement(columns: dict[str, Any], out: Path | None) -> None:
    """Write CSV to `out` or to standard output; Parquet where `out` ends so. Whole or not at all."""
    import pyarrow as pa
    from pyarrow import csv

    table = pa.table(
        {name: pa.array(values) if isinstance(values, np.ndarray) else values for name, values in columns.items()}
    )
    if out is None:
        sink = pa.BufferOutputStream()
        csv.write_csv(table, sink)
        sys.stdout.write(sink.getvalue().to_pybytes().decode())
        return
    if out.suffix not in (".csv", ".parquet"):
        raise ConfigError(
            "a settlement is written as CSV or Parquet",
            key="--out",
            value=str(out),
            expected="a name in .csv or .parquet",
        )
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        if out.suffix == ".parquet":
            from ..results.store import write_settlement_table

            write_settlement_table(table, draft)
        else:
            csv.write_csv(table, str(draft))
        os.replace(draft, out)
    except OSError as error:
        detail = error.strerror or str(error)
        raise ConfigError(
            f"the settlement cannot be written: {detail}", key="--out", value=str(out), expected="a folder with room"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _check_apart(path: Path, out: Path | None) -> None:
    """Raise ConfigError where the settlement would be written over the table that it is made from."""
    if out is not None and os.path.realpath(out) == os.path.realpath(path):
        raise ConfigError(
            "the settlement would be written over its own table", key="--out", value=str(out), expected="another file"
        )


def settle_file(
    contract: Contract, path: Path, out: Path | None, say: Callable[[str], None] = lambda text: None
) -> dict[str, float]:
    """Settle the table in `path`, write what comes out, and return each party's total; `say` hears what was not read."""
    _check_apart(path, out)
    table = read_table(path, contract)
    if table.carried:
        say(f"carried along, not read: {', '.join(name or '(a column without a name)' for name in table.carried)}")
    settlement = settle(contract, table.given)
    write_settlement(settled_columns(contract, table, settlement), out)
    return {party: math.fsum(values.tolist()) for party, values in settlement.net.items()}


__all__ = ["CASE", "YEAR", "settle_file", "settled_columns", "write_settlement"]
