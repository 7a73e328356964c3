"""One table of a configuration file, taken entry by entry; what is left over at the end is an unknown key.

Each entry that is taken is also written to `effective`, with its default where the file is silent, so that the effective
study can be printed, hashed and read again.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import ConfigError, nearest
from ..place import Quantity

QUALITIES = ("published", "seed", "fitted", "derived", "judgement", "recalled", "unstated", "variant")
#: Units in which nobody writes a percentage by mistake.
NO_PERCENT = ("GBP", "persons", "years", "whole years", "0 or 1")
_REQUIRED = object()


def read_toml(path: Path) -> dict[str, Any]:
    """The file as a dict. Raises ConfigError where it is missing, unreadable or not TOML (with the line)."""
    try:
        with open(path, "rb") as handle:
            return tomllib.load(handle)
    except FileNotFoundError:
        others = sorted(p.name for p in path.parent.glob("*.toml")) if path.parent.is_dir() else []
        raise ConfigError("no such file", file=path, nearest=nearest(path.name, others)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file cannot be read: {error}", file=path, expected="a UTF-8 TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", file=path) from None
    except (RecursionError, ValueError):
        message = "not valid TOML: it is nested too deeply, or holds a number with too many digits"
        raise ConfigError(message, file=path, key="(the file)") from None


class Section:
    """A table being read. `path` is its dotted place in the file, for messages."""

    def __init__(self, file: object, data: dict[str, Any], path: str = "") -> None:
        self.file, self.path = file, path
        self._left = dict(data)
        self._known: list[str] = []
        self.effective: dict[str, Any] = {}

    def key(self, name: str) -> str:
        """Dotted key of an entry."""
        return f"{self.path}.{name}" if self.path else name

    def fail(
        self, name: str, message: str, value: Any = None, expected: str | None = None, near: str | None = None
    ) -> ConfigError:
        """An error about one entry, ready to raise."""
        return ConfigError(message, file=self.file, key=self.key(name), value=value, expected=expected, nearest=near)

    def _take(self, name: str, default: Any, expected: str) -> Any:
        self._known.append(name)
        if name in self._left:
            return self._left.pop(name)
        if default is _REQUIRED:
            near = nearest(name, self._left)
            raise self.fail(
                name, "an entry is missing", expected=expected, near=f"{near} (found there)" if near else None
            )
        return default

    def peek(self, name: str) -> Any:
        """An entry as it stands, without taking it; None where there is none."""
        return self._left.get(name)

    def rewrite(self, name: str, change: Callable[[Any], Any]) -> None:
        """Put another form in the place of an entry that stands there."""
        if name in self._left:
            self._left[name] = change(self._left[name])

    def text(self, name: str, default: Any = _REQUIRED, choices: tuple[str, ...] = ()) -> str:
        """A string, one of `choices` where given."""
        value = self._take(name, default, " or ".join(choices) or "text")
        if not isinstance(value, str):
            raise self.fail(name, "this should be text", value, " or ".join(choices) or "text in quotes")
        if choices and value not in choices:
            raise self.fail(name, "not one of the choices", value, ", ".join(choices), nearest(value, choices))
        self.effective[name] = value
        return value

    def whole(self, name: str, low: int, high: int, default: Any = _REQUIRED) -> int:
        """A whole number between low and high."""
        value = self._take(name, default, f"a whole number from {low:,} to {high:,}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(name, "this should be a whole number", value, f"from {low:,} to {high:,}")
        if not low <= value <= high:
            raise self.fail(name, "out of range", value, f"a whole number from {low:,} to {high:,}")
        self.effective[name] = value
        return value

    def number(
        self, name: str, unit: str, low: float, high: float, default: Any = _REQUIRED, by_year: bool = False
    ) -> Quantity:
        """A number, { value, unit, source, quality }, or where `by_year` a list by year in place of the number."""
        raw = self._take(name, default, f"a number from {low:g} to {high:g} ({unit})")
        quantity = self._quantity(name, raw, unit, low, high, by_year)
        written: Any = list(quantity.values) if len(quantity.values) > 1 else quantity.values[0]
        self.effective[name] = {
            "value": written,
            "unit": quantity.unit,
            "source": quantity.source,
            "quality": quantity.quality,
        } | ({"date": quantity.date} if quantity.date else {})
        return quantity

    def _quantity(self, name: str, raw: Any, unit: str, low: float, high: float, by_year: bool) -> Quantity:
        notes = {"unit": unit, "source": "", "quality": "unstated"}
        if isinstance(raw, dict):
            extra = [k for k in raw if k not in ("value", "unit", "source", "quality", "date", "earliest", "latest")]
            if extra or "value" not in raw:
                wrong = extra[0] if extra else "value"
                message = "unknown key" if extra else "an entry is missing"
                raise self.fail(
                    f"{name}.{wrong}",
                    message,
                    expected="value, unit, source, quality",
                    near=nearest(wrong, ("value", "unit", "source", "quality")),
                )
            notes.update({k: raw[k] for k in ("unit", "source", "quality", "date") if k in raw})
            for k, note in notes.items():
                if not isinstance(note, str):
                    raise self.fail(f"{name}.{k}", "this should be text", note, "text in quotes")
            if notes["quality"] not in QUALITIES:
                raise self.fail(
                    f"{name}.quality",
                    "not a quality mark",
                    notes["quality"],
                    ", ".join(QUALITIES),
                    nearest(notes["quality"], QUALITIES),
                )
            raw = raw["value"]
        if isinstance(raw, list) and not by_year:
            message = "this entry holds for the whole contract; only clause entries vary by year"
            raise self.fail(name, message, raw, f"one number from {low:g} to {high:g} ({unit})")
        values = raw if isinstance(raw, list) else [raw]
        if not values:
            raise self.fail(name, "an empty list has no value", expected="at least one number")
        return Quantity(tuple(self._checked(name, v, unit, low, high) for v in values), **notes)

    def _checked(self, name: str, value: Any, unit: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fail(name, "this should be a number", value, f"from {low:g} to {high:g} ({unit})")
        if not _finite(value):
            raise self.fail(name, "not a finite number", value, f"from {low:g} to {high:g} ({unit})")
        if not low <= value <= high:
            near = None
            if unit not in NO_PERCENT and low <= value / 100.0 <= high:
                near = f"{value / 100.0:g} (rates and shares are fractions: {value:g}% is written {value / 100.0:g})"
            raise self.fail(name, "out of range", value, f"from {low:g} to {high:g} ({unit})", near)
        if unit == "0 or 1" and value not in (0, 1):
            raise self.fail(name, "this is a switch", value, "0 or 1")
        if unit.startswith("whole") and value != int(value):
            raise self.fail(name, "this should be a whole number", value, f"from {low:g} to {high:g} ({unit})")
        return float(value)

    def section(self, name: str, default: Any = _REQUIRED) -> Section:
        """A table inside this one. Call `finish` on it when it has been read."""
        value = self._take(name, default, "a table")
        if not isinstance(value, dict):
            raise self.fail(name, "this should be a table", value, f"[{self.key(name)}]")
        inner = Section(self.file, value, self.key(name))
        self.effective[name] = inner.effective
        return inner

    def rows(self, name: str, default: Any = _REQUIRED) -> list[Section]:
        """A list of tables."""
        value = self._take(name, default, "a list of tables")
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.fail(name, "this should be a list of tables", value, f"[[{self.key(name)}]]")
        inner = [Section(self.file, row, f"{self.key(name)}[{k + 1}]") for k, row in enumerate(value)]
        self.effective[name] = [row.effective for row in inner]
        return inner

    def anything(self, name: str, default: Any = None) -> Any:
        """An entry that is read elsewhere (a list of names, for example)."""
        value = self._take(name, default, "an entry")
        self.effective[name] = value
        return value

    def remaining(self) -> list[str]:
        """Keys that nobody has taken yet."""
        return list(self._left)

    def finish(self) -> None:
        """Raise ConfigError for the first key that nobody asked for, with the nearest that somebody did."""
        for name, value in self._left.items():
            raise self.fail(
                name, "unknown key", value if not isinstance(value, (dict, list)) else None,
                "one of " + ", ".join(self._known), nearest(name, self._known),
            )  # fmt: skip


def _finite(value: float) -> bool:
    """Whether a number is finite and fits a float."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


DEEPEST = 50


def merge(base: dict[str, Any], change: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """`base` with `change` laid over it: tables merge, named rows (MERGED) merge by name, everything else is replaced."""
    if depth > DEEPEST:
        raise ConfigError("tables are nested too deeply", key=next(iter(change), ""), expected=f"at most {DEEPEST} levels")
    result = dict(base)
    for name, value in change.items():
        old = result.get(name)
        if name in MERGED and isinstance(old, list) and isinstance(value, list):
            result[name] = _merge_named(old, value, MERGED[name])
        elif isinstance(old, dict) and isinstance(value, dict) and not {"value", "dated"} & set(value):
            result[name] = merge(old, value, depth + 1)
        else:
            result[name] = value
    return result


#: Lists of tables that merge by name: the keys that name a row.
MERGED = {"terms": ("id", "kind"), "inputs": ("name",), "parties": ("name",), "subcontracts": ("id",)}


def _merge_named(old: list[Any], new: list[Any], keys: tuple[str, ...]) -> list[Any]:
    def name_of(row: Any) -> Any:
        return next((row[key] for key in keys if key in row), None) if isinstance(row, dict) else None

    result = [dict(row) if isinstance(row, dict) else row for row in old]
    names = [name_of(row) for row in result]
    for row in new:
        name = name_of(row)
        row, before = _without_before(row)
        old_row = None
        if name is not None and name in names:
            k = names.index(name)
            old_row = result[k]
            old_row.update(row)
            if before is None:
                continue
            result.pop(k)
            names.pop(k)
        if before is not None and before not in names:
            known = ", ".join(str(known) for known in names)
            message = "there is no clause of this name to go before"
            raise ConfigError(message, key=f"terms.{name}.before", value=before, expected=known)
        at = len(names) if before is None else names.index(before)
        result.insert(at, row if old_row is None else old_row)
        names.insert(at, name)
    return result


def _without_before(row: Any) -> tuple[Any, Any]:
    """A row without its `before`, and the name of the row that it goes before (None: nothing is said)."""
    if not isinstance(row, dict):
        return row, None
    return {key: value for key, value in row.items() if key != "before"}, row.get("before")
