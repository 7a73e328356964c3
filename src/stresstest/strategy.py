"""The provider and what it does: its parameters, and lever intensities by year. Knows no contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .layout import LEVER_SLOTS
from .levers import GAMING, HONEST, LEVER_NUMBER, LEVERS
from .place import Quantity


@dataclass(frozen=True)
class Provider:
    """What honest work and gaming cost this provider. `parameters` by "section.name", `levers` by lever and field."""

    name: str
    title: str
    parameters: dict[str, Quantity]
    levers: dict[str, dict[str, Quantity]]

    def lever_rows(self, years: int) -> np.ndarray:
        """float64[levers, LEVER_SLOTS]: years, how it is found out, own fields; zeros but for the years for honest levers."""
        rows = np.zeros((len(LEVERS), LEVER_SLOTS))
        for j, kind in enumerate(LEVERS):
            values = {name: quantity.value for name, quantity in self.levers.get(kind.name, {}).items()}
            rows[j] = kind.row(years, {"detection": 0.0, "fine": 0.0, **values})
        return rows

    def with_audits(self, lever: str, records: float) -> Provider:
        """The same provider where an audit looks at another number of one lever's records in a year."""
        own = {**self.levers[lever], "audit_records": Quantity((records,), quality="variant")}
        return Provider(self.name, self.title, self.parameters, {**self.levers, lever: own})

    def with_detection(self, lever: str, chance: float, alone: bool = False) -> Provider:
        """The same provider with another chance of being found out on one lever.

        `alone`: that chance is the whole chance of being found out and punished, without audits and with full enforcement.
        """
        given = {"detection": chance, **({"audit_records": 0.0, "enforcement": 1.0} if alone else {})}
        changed = {name: Quantity((value,), quality="variant") for name, value in given.items()}
        levers = {**self.levers, lever: {**self.levers[lever], **changed}}
        return Provider(self.name, self.title, self.parameters, levers)


@dataclass(frozen=True)
class Strategy:
    """A named choice of lever intensities. A level holds in every year; a tuple gives each year (the last holds).

    Honest levers alone make an honest strategy: the twin against which gaming is measured.
    """

    name: str
    levels: Mapping[str, float | tuple[float, ...]]

    def table(self, years: int) -> np.ndarray:
        """float64[T, levers]."""
        table = np.zeros((years, len(LEVERS)))
        for name, level in self.levels.items():
            by_year = level[:years] if isinstance(level, tuple) else (level,)
            table[: len(by_year), LEVER_NUMBER[name]] = by_year
            table[len(by_year) :, LEVER_NUMBER[name]] = by_year[-1]
        return table

    @property
    def intensities(self) -> dict[str, float | tuple[float, ...]]:
        """Lever intensities that are not zero."""
        return {name: level for name, level in self.levels.items() if np.any(np.asarray(level) != 0.0)}

    def honest_part(self, name: str) -> Strategy:
        """The same strategy without gaming."""
        return Strategy(name, {lever: level for lever, level in self.levels.items() if lever in HONEST})

    @property
    def games(self) -> bool:
        """Whether any gaming lever is in use."""
        return any(lever in GAMING for lever in self.intensities)


NULL = Strategy("null", {})
