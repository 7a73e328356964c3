"""The folder of a gaming search: tables as CSV and Parquet, the archive, facts about the search. Whole or not at all."""

from __future__ import annotations

import dataclasses
import math
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from ..results.store import write_json, write_rows

Row = Mapping[str, Any]


def plain_row(row: Any) -> dict[str, Any]:
    """A dataclass or mapping as cells: lists joined by "; ", NaN left empty."""
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        row = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return "; ".join(str(one) for one in value)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class Output:
    """A folder being filled: beside its place until `done`, which renames it. Errors: ConfigError where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
            raise ConfigError(
                "the folder is not empty", key="--out", value=str(folder), expected="a new folder, or an empty one"
            )
        self.folder = folder
        self.draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        try:
            self.draft.mkdir(parents=True)
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> ConfigError:
        detail = error.strerror or str(error)
        return ConfigError(
            f"the folder cannot be written: {detail}", key="--out", value=str(self.folder), expected="a folder with room"
        )

    def table(self, name: str, rows: Iterable[Any]) -> None:
        """Write a table; one without rows is left out."""
        cells = [plain_row(row) for row in rows]
        if cells:
            try:
                write_rows(self.draft, name, cells)
            except OSError as error:
                raise self._refused(error) from None

    def facts(self, name: str, value: Any) -> None:
        """Write a JSON file."""
        try:
            write_json(self.draft / name, value)
        except OSError as error:
            raise self._refused(error) from None

    def done(self) -> Path:
        """Give the folder its name."""
        try:
            if self.folder.is_dir():
                self.folder.rmdir()
            os.replace(self.draft, self.folder)
        except OSError as error:
            raise self._refused(error) from None
        return self.folder

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)
