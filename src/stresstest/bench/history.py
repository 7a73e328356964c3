"""Records side by side: how each ratio and each rule moved from one to the next."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigError
from .record import Record, differs, read


def records(folder: Path) -> list[tuple[str, Record]]:
    """(name of the file, record) of every record in a folder, by date. Errors: ConfigError where there is none."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise ConfigError("There are no records in this folder.", file=folder, key="--history",
                          expected="files that `stresstest bench --json FILE` wrote")  # fmt: skip
    found = [(path.stem, read(path)) for path in files]
    return sorted(found, key=lambda pair: pair[1].date)


def figures(record: Record) -> dict[str, float]:
    """Every ratio and rule of a record."""
    ratios = {key: ratio.median for key, ratio in record.ratios.items()}
    return {**ratios, **{name: own["cost"] for name, own in record.rules.items()}}


def rows(found: list[tuple[str, Record]], only: str = "") -> list[list[str]]:
    """Header and one row for each figure whose name holds `only`: the figure in each record, and its whole change.

    Without `only` the ratios alone. Records of another machine or library than the last one are marked with an asterisk.
    """
    last = found[-1][1]
    heads = [name + ("*" if differs(one, last) else "") for name, one in found]
    names = [name for name in figures(last) if (only in name if only else name in last.ratios)]
    table = [["", *heads, "change"]]
    for name in names:
        own = [figures(one).get(name) for _, one in found]
        there = [value for value in own if value is not None]
        change = f"{there[-1] / there[0] - 1.0:+.0%}".replace("-", "−") if len(there) > 1 and there[0] else ""
        table.append([name, *("" if value is None else f"{value:.3g}" for value in own), change])
    return table
