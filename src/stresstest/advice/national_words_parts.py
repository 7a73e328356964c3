"""What the dictionary of national tables is put together from: columns of every table, and figures with their errors."""

from __future__ import annotations

from collections.abc import Iterable

Meaning = tuple[str, str]
Meanings = dict[str, Meaning]
GBP, SHARE, CHANCE, COUNT = "GBP, present value", "share", "probability", "places"
STRATEGY: Meanings = {"strategy": ("", "what the provider does")}
ERROR, LOW, HIGH = "standard error of ", "lower end of the 95% interval of ", "upper end of the 95% interval of "


def with_error(name: str, unit: str, words: str, interval: bool = False) -> Meanings:
    """A figure, its standard error and, where there is one, its interval."""
    found = {name: (unit, words), f"{name}_error": (unit, f"{ERROR}{name}")}
    return found | (
        {f"{name}_low": (unit, f"{LOW}{name}"), f"{name}_high": (unit, f"{HIGH}{name}")} if interval else {}
    )


def estimate(stem: str, end: str, unit: str, words: str) -> Meanings:
    """A figure whose unit ends its name: stem_end, stem_error_end, stem_low_end, stem_high_end."""
    return {
        f"{stem}_{end}": (unit, words),
        f"{stem}_error_{end}": (unit, f"{ERROR}{stem}_{end}"),
        f"{stem}_low_{end}": (unit, f"{LOW}{stem}_{end}"),
        f"{stem}_high_{end}": (unit, f"{HIGH}{stem}_{end}"),
    }


def joined(parts: Iterable[Meanings]) -> Meanings:
    """Columns of several parts, in their order."""
    return {name: meaning for part in parts for name, meaning in part.items()}


YEAR: Meanings = {"year": ("", "financial year"), "year_number": ("years", "year of the contract, 1 the first")}
LEVEL: Meanings = {"level": ("", "how many places, in words"), "at_least_places": (COUNT, "so many places or more")}
