"""One measure in the method book: what it is, its formula, where it comes from, and a sum worked out by the engine's own code."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .markdown import table

FIGURE, YEARLY, HEADLINE, STATISTIC, HURDLE, METHOD = "figure", "yearly", "headline", "statistic", "hurdle", "method"


@dataclass(frozen=True)
class Worked:
    """A worked example: what was given and what the code made of it, both by name; `words` says what to see in it."""

    given: Mapping[str, Any]
    found: Mapping[str, Any]
    words: str = ""


@dataclass(frozen=True)
class Entry:
    """A measure. `code` is "module:function" below the package; `columns` the output columns or statistics that it explains.

    `work` makes the worked example; where there is none, `why` says so plainly. `unit` of what comes out.
    """

    name: str
    kind: str
    title: str
    words: str
    formula: Sequence[str]
    source: str
    code: str
    work: Callable[[], Worked] | None = None
    unit: str = ""
    why: str = ""
    columns: Sequence[str] = ()


def code_of(entry: Entry) -> Any:
    """The function that computes a measure. Errors: ImportError or AttributeError where there is none."""
    module, _, name = entry.code.partition(":")
    return getattr(importlib.import_module(f"{__package__.rpartition('.')[0]}.{module}"), name)


def said(value: Any) -> str:
    """A number, list or word of an example: six significant figures, rows apart by semicolons."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray | list | tuple):
        if isinstance(value, np.ndarray) and value.ndim == 0:
            return said(value.item())
        deep = any(isinstance(one, np.ndarray | list | tuple) for one in value)
        return (" / " if deep else "; ").join(said(one) for one in value)
    number = float(value)
    if math.isnan(number):
        return "none"
    if math.isinf(number):
        return "no limit" if number > 0 else "−no limit"
    size = 0.0 if abs(number) < 1e-12 else number
    return (f"{size:,.0f}" if abs(size) >= 1e5 else f"{size:,.6g}").replace("-", "−")


def entry_text(entry: Entry) -> list[str]:
    """A measure as lines of Markdown, under a heading of the fourth level."""
    lines = [f"#### {entry.title}", "", entry.words, ""]
    lines += ["```", *entry.formula, "```", ""] if entry.formula else []
    unit = f" Unit: {entry.unit}." if entry.unit else ""
    lines += [f"Source: {entry.source}. Code: `{entry.code}`.{unit}", ""]
    if entry.columns:
        lines += [f"In the tables: {', '.join(f'`{name}`' for name in entry.columns)}.", ""]
    return lines + example_text(entry)


def example_text(entry: Entry) -> list[str]:
    """The worked example, made by the code at this moment; or the reason why there is none."""
    if entry.work is None:
        return [f"No worked example: {entry.why}.", ""]
    worked = entry.work()
    lines = ["Worked example, computed by this code when the book was written:", ""]
    lines += [worked.words, ""] if worked.words else []
    rows = [("given", name, said(value)) for name, value in worked.given.items()]
    rows += [("result", name, said(value)) for name, value in worked.found.items()]
    return lines + table(("", "name", "value"), rows)
