"""Numbers that change over a contract's years: dated, growing and indexed values, written out year by year.

{ dated = [{ from = "2018/19", value = 0.02 }, { from = 4, value = 0.03 }] }   each holds until the next begins
{ dated = […], growth = 0.02 }                    each grows until the next begins
{ value = 100.0, growth = 0.02 }                  or a list: one rate for each later year, the last of which holds
{ value = 100.0, index = "tariff" }               growth by a series of the contract's [indices]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import ConfigError, nearest
from ..units import year_labels
from .section import Section, _finite

SPECIAL = ("dated", "growth", "index")


@dataclass(frozen=True)
class Calendar:
    """A contract's first year and number of years, and its indices by name (rates of growth from year to year)."""

    first_year: str
    years: int
    indices: dict[str, list[float]] = field(default_factory=dict)

    def year(self, section: Section, name: str, raw: Any) -> int:
        """A contract year from 0, from a label or a contract year from 1. Raises ConfigError for one outside the term."""
        labels = year_labels(self.first_year, self.years)
        if isinstance(raw, str) and raw in labels:
            return labels.index(raw)
        if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= self.years:
            return raw - 1
        expected = f"a contract year from 1 to {self.years}, or a label from {labels[0]} to {labels[-1]}"
        close = nearest(raw, labels) if isinstance(raw, str) else None
        raise section.fail(name, "not a year of this contract", raw, expected, close)


def read_indices(top: Section) -> dict[str, list[float]]:
    """The table [indices]: a rate, or a list of rates from year to year, by name."""
    section = top.section("indices", {})
    names = section.remaining()
    indices = {name: list(section.number(name, "per year", -0.9, 10.0, by_year=True).values) for name in names}
    section.finish()
    return indices


def expand(section: Section, name: str, calendar: Calendar) -> None:
    """Write out a dated, growing or indexed entry year by year, in place; leave every other entry as it is."""

    def written_out(raw: Any) -> Any:
        if not isinstance(raw, dict) or not any(key in raw for key in SPECIAL):
            return raw
        notes = {key: raw[key] for key in ("unit", "source", "quality") if key in raw}
        used = [key for key in SPECIAL if key in raw]
        start = "dated" if "dated" in raw else "value"
        extra = [key for key in raw if key not in (start, *used, "unit", "source", "quality")]
        if ("growth" in raw and "index" in raw) or extra:
            wrong = extra[0] if extra else "index"
            raise section.fail(f"{name}.{wrong}", "these entries do not go together", expected=" or ".join(SPECIAL))
        rates = _rates(section, name, raw, calendar)
        steps = _dates(section, name, raw["dated"], calendar) if start == "dated" else {0: raw.get("value")}
        return {"value": _written(section, name, steps, rates, calendar.years), **notes}

    section.rewrite(name, written_out)


def _number(section: Section, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise section.fail(name, "this should be a number", value, "a number")
    if not _finite(value):
        raise section.fail(name, "not a finite number", value, "a number")
    return float(value)


def _dates(section: Section, name: str, rows: Any, calendar: Calendar) -> dict[int, Any]:
    """Values by the contract year (from 0) in which they begin."""
    if (
        not isinstance(rows, list)
        or not rows
        or not all(isinstance(r, dict) and set(r) == {"from", "value"} for r in rows)
    ):
        raise section.fail(f"{name}.dated", "this should be a list of { from, value }", rows, "at least one entry")
    steps: dict[int, Any] = {}
    for k, row in enumerate(rows):
        key = f"{name}.dated[{k + 1}].from"
        year = calendar.year(section, key, row["from"])
        if (not steps and year != 0) or (steps and year <= max(steps)):
            message = "dates must rise" if steps else "the first date is the contract's first year"
            raise section.fail(key, message, row["from"], "dates in order, from the first year")
        steps[year] = row["value"]
    return steps


def _rates(section: Section, name: str, raw: dict[str, Any], calendar: Calendar) -> list[float]:
    """Growth from each year to the next; the last rate holds."""
    if "index" in raw:
        known = calendar.indices
        if not isinstance(raw["index"], str) or raw["index"] not in known:
            close = nearest(raw["index"], known) if isinstance(raw["index"], str) else None
            expected = ", ".join(known) or "a series under [indices]"
            raise section.fail(f"{name}.index", "the contract has no such index", raw["index"], expected, close)
        return known[raw["index"]]
    growth = raw.get("growth", 0.0)
    given = growth if isinstance(growth, list) else [growth]
    if not given:
        raise section.fail(f"{name}.growth", "an empty list has no rate", expected="at least one rate")
    return [_number(section, f"{name}.growth", rate) for rate in given]


def _written(section: Section, name: str, steps: dict[int, Any], rates: list[float], years: int) -> list[float]:
    values: list[float] = []
    for year in range(years):
        if year in steps:
            values.append(_number(section, name, steps[year]))
        else:
            values.append(values[-1] * (1.0 + rates[min(year - 1, len(rates) - 1)]))
    return values


def contract_calendar(top: Section, years: int, first_year: str) -> Calendar:
    """The calendar of a contract whose first year and length are read. Raises ConfigError for a label that is no year."""
    try:
        year_labels(first_year, years)
    except ConfigError as error:
        raise top.fail("first_year", error.message, first_year, error.expected) from None
    return Calendar(first_year, years, read_indices(top))
