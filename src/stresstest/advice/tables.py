"""A plain table of cases, from somewhere else: so that a method can be tried on data whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import ConfigError, DataError, nearest
from ..methods.cases import Cases

WEIGHT = "weight"


def read_table(path: Path, results: Sequence[str], inputs: Sequence[str] = ()) -> Cases:
    """Cases from a CSV or Parquet file: `results` the columns that are explained, `inputs` those that explain (default: all
    other columns of numbers); a column "weight" weighs the rows.

    Errors: DataError for a file that cannot be read or cells that are no numbers; ConfigError for unknown columns.
    """
    import pandas as pd

    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except Exception as error:
        raise DataError("the table cannot be read", file=path, value=str(error), expected="a CSV or Parquet table") from None
    known = [str(name) for name in frame.columns]
    for key, asked in (("--result", results), ("--inputs", inputs)):
        for name in asked:
            if name not in known:
                raise ConfigError("the table has no such column", file=path, key=key, value=name, expected=", ".join(known),
                                  nearest=nearest(name, known))  # fmt: skip
    if not results:
        raise ConfigError("say which column is to be explained", file=path, key="--result", expected=", ".join(known))
    used = [name for name in (inputs or known) if name not in results and name != WEIGHT]
    if not inputs:
        used = [name for name in used if pd.api.types.is_numeric_dtype(frame[name])]
    columns = {}
    for name in (*used, *results, *([WEIGHT] if WEIGHT in known else [])):
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isfinite(values).all():
            row = int(np.argmin(np.isfinite(values)))
            raise DataError("a cell is no number", file=path, key=name, value=f"row {row + 2}: {frame[name].iloc[row]}",
                            expected="a finite number")  # fmt: skip
        columns[name] = values
    return Cases.of({name: columns[name] for name in used}, {name: columns[name] for name in results}, columns.get(WEIGHT))
