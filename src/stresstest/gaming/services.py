"""What is known of each service line: how much of it is measured, what can be cut, who is harmed, and who has a say.

Three small tables in configs/gaming/: services.csv (by service line), bands.csv (by deprivation) and harm.csv (by lever).
All of it is judgement; each row says so and on what it leans. A number that is wrong ends in a DataError that names it.

    free part of a line = budget · movable share · (1 − measured share) · (1 − protected share)

The movable share is the place's; what is measured would be seen in an indicator; what is protected stands in statute or in a
national contract. In Dudley's £5.5bn contract the free parts come to about 3% of the scope, the share that lever
disinvestment has as well (J-DISINVESTMENT).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..config.folders import config_folder
from ..errors import DataError, nearest
from ..study import Study

FOLDER, SERVICES, BANDS, HARM = "gaming", "services.csv", "bands.csv", "harm.csv"
FUNDERS = ("commissioner", "council")
PATTERNS = ("even", "graded", "steep")


@dataclass(frozen=True)
class Service:
    """A service line of a study. `budget_gbp` a year; shares as fractions; `qaly_factor` × the place's QALYs per pound cut;
    `lag_years` from a cut to its harm; `funded_by` commissioner or council."""

    name: str
    budget_gbp: float
    movable_share: float
    measured_share: float
    protected_share: float
    qaly_factor: float
    lag_years: float
    funded_by: str
    harmed: str
    quality: str
    source: str

    @property
    def unmeasured_gbp(self) -> float:
        """The part of the budget that no indicator sees (£ a year)."""
        return self.budget_gbp * (1.0 - self.measured_share)

    @property
    def free_gbp(self) -> float:
        """What can be cut, and neither an indicator nor a statute stands in the way (£ a year)."""
        return self.unmeasured_gbp * self.movable_share * (1.0 - self.protected_share)


@dataclass(frozen=True)
class Harm:
    """How a lever's harm falls: who is harmed, in words, and its share by band, most deprived first (adds to 1)."""

    lever: str
    group: str
    pattern: str
    by_band: dict[str, float]
    source: str


def gaming_folder() -> Path:
    """The folder configs/gaming."""
    return config_folder() / FOLDER


def read_rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a CSV file that has these columns. Errors: DataError naming what is missing."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"the table cannot be read: {error}", file=path, expected="a CSV file in UTF-8") from None
    found = list(rows[0]) if rows else []
    for column in columns:
        if column not in found:
            message = "the table is empty" if not rows else "a column is missing"
            raise DataError(message, file=path, key=column, expected=", ".join(columns), nearest=nearest(column, found))
    return rows


def number(path: Path, row: dict[str, str], name: str, key: str, low: float, high: float) -> float:
    """A number of a row within bounds. Errors: DataError with file, key, value and what was expected."""
    try:
        value = float(row[key])
    except (TypeError, ValueError):
        value = float("nan")
    if not low <= value <= high:
        raise DataError(
            "not a number within its bounds", file=path, key=f"{name}.{key}", value=row[key], expected=f"from {low:g} to {high:g}"
        )
    return value


def one_of(path: Path, row: dict[str, str], name: str, key: str, choices: Iterable[str]) -> str:
    """A word of a row that is one of the choices. Errors: DataError with the nearest."""
    known = list(choices)
    if row[key] not in known:
        raise DataError(
            "not one of the choices", file=path, key=f"{name}.{key}", value=row[key], expected=", ".join(known),
            nearest=nearest(row[key], known),
        )  # fmt: skip
    return row[key]


def services(study: Study, path: Path | None = None) -> tuple[Service, ...]:
    """The service lines in a study's scope, in its order. Errors: DataError for a line that the table does not know."""
    path = path or gaming_folder() / SERVICES
    shares = ("measured_share", "protected_share")
    rows = {row["line"]: row for row in read_rows(path, ("line", "funded_by", *shares, "qaly_factor", "lag_years", "harmed"))}
    movable = {line.name: line.movable_share for line in study.place.lines}
    found = []
    for name, budget in study.contract.scope.items():
        if name not in rows:
            raise DataError(
                "no row for this service line", file=path, key="line", value=name, expected="one row for each line in scope",
                nearest=nearest(name, rows),
            )  # fmt: skip
        row = rows[name]
        measured, protected = (number(path, row, name, key, 0.0, 1.0) for key in shares)
        found.append(Service(
            name, budget, movable[name], measured, protected, number(path, row, name, "qaly_factor", 0.0, 100.0),
            number(path, row, name, "lag_years", 0.0, 30.0), one_of(path, row, name, "funded_by", FUNDERS), row["harmed"],
            row.get("quality", "unstated"), row.get("source", ""),
        ))  # fmt: skip
    return tuple(found)


def harms(folder: Path | None = None) -> dict[str, Harm]:
    """How each lever's harm falls, by lever. Share of a band = people · risk a head / the sum of that over all bands."""
    folder = folder or gaming_folder()
    bands, path = folder / BANDS, folder / HARM
    rows = read_rows(bands, ("band", "population_share", *PATTERNS))
    weights = {
        pattern: {
            row["band"]: number(bands, row, row["band"], "population_share", 0.0, 1.0)
            * number(bands, row, row["band"], pattern, 0.0, 100.0)
            for row in rows
        }
        for pattern in PATTERNS
    }
    found = {}
    for row in read_rows(path, ("lever", "pattern", "harmed", "source")):
        pattern = one_of(path, row, row["lever"], "pattern", PATTERNS)
        total = sum(weights[pattern].values())
        if total <= 0.0:
            raise DataError("nobody bears this pattern of harm", file=bands, key=pattern, expected="a sum above 0")
        shares = {band: weight / total for band, weight in weights[pattern].items()}
        found[row["lever"]] = Harm(row["lever"], row["harmed"], pattern, shares, row["source"])
    return found
