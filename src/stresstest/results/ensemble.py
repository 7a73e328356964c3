"""A run as labelled tables: read when asked for, never changed, the central case left out unless wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError, DataError, nearest
from . import schema
from .hashing import part_files
from .manifest import load_manifest

if TYPE_CHECKING:
    import pandas as pd

Names = str | Sequence[str] | None


class Ensemble:
    """Every future of a run, through one place and contract, under one or more strategies.

    Arguments: `folder` a run folder. Errors: DataError when it is not one.
    """

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        self._manifest = load_manifest(self._folder)

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self._folder

    @property
    def manifest(self) -> dict[str, Any]:
        """A copy of the manifest."""
        return dict(self._manifest)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(self._manifest["futures"])

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names of the strategies."""
        return tuple(self._manifest["strategies"])

    @property
    def year_labels(self) -> tuple[str, ...]:
        """Financial-year labels of the contract years."""
        return tuple(self._manifest["year_labels"])

    def __repr__(self) -> str:
        futures = sum(self._manifest["futures"].values())
        return (
            f"Run {self._manifest['run_id']} ({self._manifest['status']}): {futures:,} futures in "
            f"{_count(self.scenarios, 'scenario')} under {_count(self.strategies, 'strategy')}."
        )

    def outcomes(
        self, columns: Sequence[str] | None = None, *, scenario: Names = None, strategy: Names = None,
        with_central: bool = False,
    ) -> pd.DataFrame:  # fmt: skip
        """One row per future, strategy and scenario. `columns` and names narrow it; future 0 only `with_central`.

        Errors: ConfigError for a column, scenario or strategy that the run does not have.
        """
        return self._read("outcomes", columns, {"scenario": scenario, "strategy": strategy}, with_central)

    def years(
        self, columns: Sequence[str] | None = None, *, scenario: Names = None, strategy: Names = None,
        with_central: bool = False,
    ) -> pd.DataFrame:  # fmt: skip
        """One row per year, future, strategy and scenario, for the first futures of each scenario; see `outcomes`."""
        return self._read("years", columns, {"scenario": scenario, "strategy": strategy}, with_central)

    def futures(
        self, columns: Sequence[str] | None = None, *, scenario: Names = None, with_central: bool = False
    ) -> pd.DataFrame:
        """One row per future and scenario: what nature did; see `outcomes`."""
        return self._read("futures", columns, {"scenario": scenario}, with_central)

    def gaming(self) -> pd.DataFrame:
        """One row per exploit. Errors: DataError when the run has no such table."""
        return self._read("gaming", None, {}, True)

    def summary(self) -> pd.DataFrame:
        """The figures in long form. Errors: DataError when the run has no such table."""
        return self._read("summary", None, {}, True)

    def _read(
        self, table: str, columns: Sequence[str] | None, wanted: dict[str, Names], with_central: bool
    ) -> pd.DataFrame:
        import pyarrow.dataset as ds

        known = schema.names(table)
        for name in columns or ():
            if name not in known:
                raise ConfigError(f"Table {table} has no such column.", key=name, nearest=nearest(name, known))
        paths = part_files(self._folder, table)
        if not paths:
            raise DataError(f"This run has no table {table}.", file=self._folder)
        tests = [ds.field(key).isin(self._chosen(key, names)) for key, names in wanted.items() if names is not None]
        tests += [] if with_central else [ds.field("future") > 0]
        keep = None
        for test in tests:
            keep = test if keep is None else keep & test
        found = ds.dataset([str(path) for path in paths], format="parquet")
        return found.to_table(columns=list(columns) if columns else known, filter=keep).to_pandas()

    def _chosen(self, key: str, names: str | Sequence[str]) -> list[str]:
        """The asked-for scenarios or strategies, each of which the run must have."""
        asked = [names] if isinstance(names, str) else list(names)
        there = self.scenarios if key == "scenario" else self.strategies
        for name in asked:
            if name not in there:
                raise ConfigError(f"This run has no such {key}.", key=key, value=name, expected=", ".join(there),
                                  nearest=nearest(name, there))  # fmt: skip
        return asked


def _count(names: Sequence[str], word: str) -> str:
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{len(names)} {word if len(names) == 1 else many}"
