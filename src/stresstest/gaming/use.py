"""How likely a provider is to use a lever that pays: ranges read from configs/gaming/use.csv.

The ranges are judgements. They are used at their low, their mode and their high ends, and what rests on them is a range.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ..config.folders import config_folder
from ..config.section import QUALITIES
from ..errors import DataError, nearest
from ..levers import GAMING

ENDS = ("low", "mode", "high")


@dataclass(frozen=True)
class Use:
    """Chance that a lever is used where it pays: its low, mode and high, with their source and quality."""

    lever: str
    low: float
    mode: float
    high: float
    quality: str
    source: str

    def at(self, end: str) -> float:
        """The chance at one end of the range: "low", "mode" or "high"."""
        return {"low": self.low, "mode": self.mode, "high": self.high}[end]


def use_file(configs: Path | None = None) -> Path:
    """The file of the ranges, in the given configs folder or the nearest."""
    return (configs or config_folder()) / "gaming" / "use.csv"


def read_use(path: Path | None = None) -> dict[str, Use]:
    """Ranges by lever. Raises DataError for a lever that is unknown or missing, and for a range out of order."""
    file = path or use_file()
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise DataError("the ranges of use cannot be read", file=file, expected=error.strerror) from None
    found = {}
    for row in rows:
        if row.get("lever") not in GAMING:
            raise DataError(
                "no such gaming lever", file=file, key="lever", value=row.get("lever"), expected=", ".join(GAMING),
                nearest=nearest(str(row.get("lever")), GAMING),
            )  # fmt: skip
        found[row["lever"]] = _range(file, row)
    for lever in GAMING:
        if lever not in found:
            raise DataError("a lever has no range of use", file=file, key=lever, expected="low, mode and high")
    return {lever: found[lever] for lever in GAMING}


def _range(file: Path, row: dict[str, str]) -> Use:
    try:
        low, mode, high = (float(row[name]) for name in ENDS)
    except (KeyError, TypeError, ValueError):
        low, mode, high = 1.0, 0.0, 0.0
    if not 0.0 <= low <= mode <= high <= 1.0:
        raise DataError(
            "not a range of chances", file=file, key=row["lever"], value=", ".join(str(row.get(name)) for name in ENDS),
            expected="three chances from 0 to 1 in order: low, mode, high",
        )  # fmt: skip
    if row.get("quality") not in QUALITIES:
        raise DataError(
            "no such quality", file=file, key=row["lever"], value=row.get("quality"), expected=", ".join(QUALITIES),
            nearest=nearest(str(row.get("quality")), QUALITIES),
        )  # fmt: skip
    return Use(row["lever"], low, mode, high, str(row["quality"]), row.get("source") or "")
