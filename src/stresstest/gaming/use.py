"""How likely a provider is to use a lever that pays: ranges read from configs/gaming/use.toml.

The ranges are judgements. They are used at their low, their mode and their high ends, and what rests on them is a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config.folders import config_folder
from ..config.section import QUALITIES, Section, read_toml
from ..errors import nearest
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
    return (configs or config_folder()) / "gaming" / "use.toml"


def read_use(path: Path | None = None) -> dict[str, Use]:
    """Ranges by lever. Raises ConfigError for a lever that is unknown or missing, and for a range out of order."""
    file = path or use_file()
    top = Section(file, read_toml(file))
    top.whole("schema_version", 1, 1)
    top.text("title")
    rows = top.section("levers")
    found = {}
    for lever in rows.remaining():
        if lever not in GAMING:
            raise rows.fail(lever, "no such gaming lever", expected=", ".join(GAMING), near=nearest(lever, GAMING))
    for lever in GAMING:
        found[lever] = _range(lever, rows.section(lever))
    rows.finish()
    top.finish()
    return found


def _range(lever: str, row: Section) -> Use:
    values = row.anything("use")
    wanted = "three chances from 0 to 1 in order: low, mode, high"
    if not _three_chances(values):
        raise row.fail("use", "not a range of chances", values, wanted)
    low, mode, high = map(float, values)
    one = Use(lever, low, mode, high, row.text("quality", choices=QUALITIES), row.text("source"))
    row.finish()
    return one


def _three_chances(values: Any) -> bool:
    if not isinstance(values, list) or len(values) != 3:
        return False
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return False
    return 0.0 <= values[0] <= values[1] <= values[2] <= 1.0

