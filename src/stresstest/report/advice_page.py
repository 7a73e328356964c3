"""The page of an analysis: one self-contained file, with its figures and their numbers beside it. Computes no new number."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from . import palette
from .advice_index import ANALYSES, PAGE
from .advice_source import AdviceSource
from .advice_tables import table_of
from .chart import Chart
from .page import environment, shown, write_page

TEMPLATE = "advice.html.j2"


def _module(source: AdviceSource) -> Any:
    """The module that draws an analysis, or None for one of somebody else's."""
    verb = str(source.record["verb"])
    return importlib.import_module(f"{__package__}.advice_{verb}") if verb in ANALYSES else None


def charts_of(source: AdviceSource) -> list[Chart]:
    """The charts of an analysis, drawn from its tables."""
    module = _module(source)
    return list(module.charts(source)) if module is not None else []


def build_advice_page(folder: Path) -> Path:
    """Write index.html and figures/ into the folder of an analysis, and return the path of the page.

    Both appear whole or not at all. Errors: DataError for a folder that holds no analysis, or a table that cannot be read.
    """
    source = AdviceSource(Path(folder))
    drawn = charts_of(source)
    return write_page(source.folder, PAGE, render(source, drawn), drawn)


def render(source: AdviceSource, drawn: list[Chart]) -> str:
    """The page as HTML. Every word from a file is escaped; only our own drawings go in as they are."""
    record = source.record
    named = [(name, record["captions"].get(name, name.replace("_", " "))) for name in record["tables"]]
    columns = getattr(_module(source), "COLUMNS", {})
    tables = [table_of(name, caption, rows, columns.get(name, ())) for name, caption in named if (rows := source.rows(name))]
    heading, title = ANALYSES.get(record["verb"], record["verb"]), str(record["title"])
    whole = title if title.lower().startswith(heading.lower()) else f"{heading}: {title}"
    return environment().get_template(TEMPLATE).render(
        record=record, title=whole, charts=[shown(chart) for chart in drawn],
        first=tables[:1], others=tables[1:], palette=palette,
    )  # fmt: skip
