"""The data dictionary: every column of every table that a run or its report writes, with unit and meaning, as Markdown.

Big tables come from results/schema.py, the report's own tables from report/papers. The small tables of summary/ carry no schema
in their files; what their columns mean stands in dictionary_small.py, and a test holds it against the tables of a real run.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..results import schema
from .dictionary_small import ENDINGS, MEANINGS, TABLES
from .markdown import table
from .papers import FOLDER, Column

TITLE = "Data dictionary"
PAPERS = Path(__file__).with_name("papers")
INTRODUCTION = (
    "Money is in pounds on the contract's price basis (Dudley: real, 2016/17 prices); rates and shares are fractions; `npv` "
    "means present value at the start of the contract. Years are financial years such as 2018/19. Future 0 is the central "
    "case and belongs in no probability. Big tables are Parquet, with unit and description of each column in the file; each "
    "small table is there as Parquet and as CSV."
)


@dataclass(frozen=True)
class PaperColumns:
    """A table of the report: its name, the module that makes it, and its columns."""

    name: str
    module: str
    columns: Sequence[Column]


# ── tables of the report ───────────────────────────────────────────────────────────────────────────────────────────
def papers() -> list[PaperColumns]:
    """Every table of the report whose columns stand in its module as a constant, by name.

    Read from the calls of `paper(name, title, COLUMNS, …)`; columns that are made while the report is written, such as one for
    each scenario, are not there: `made_papers` names those tables.
    """
    return [PaperColumns(name, path.stem, columns) for path, name, columns in _calls() if columns]


def made_papers() -> list[tuple[str, str]]:
    """(table, module) of the tables whose columns depend on the run."""
    return [(name, path.stem) for path, name, columns in _calls() if not columns]


def _calls() -> Iterator[tuple[Path, str, Sequence[Column]]]:
    for path in sorted(PAPERS.glob("*.py")):
        if path.stem == "__init__":
            continue
        module = importlib.import_module(f"{__package__}.{PAPERS.name}.{path.stem}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "paper" and len(node.args) >= 3:
                name, columns = _constant(module, node.args[0]), _constant(module, node.args[2])
                if isinstance(name, str):
                    yield path, name, _as_columns(columns)


def _constant(module: object, node: ast.expr) -> object:
    """The value of a literal or of a name of the module; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value
    return getattr(module, node.id, None) if isinstance(node, ast.Name) else None


def _as_columns(value: object) -> Sequence[Column]:
    whole = isinstance(value, tuple | list) and bool(value) and all(isinstance(one, Column) for one in value)
    return tuple(value) if whole and isinstance(value, tuple | list) else ()


# ── small tables ───────────────────────────────────────────────────────────────────────────────────────────────────
def meaning(name: str, column: str) -> tuple[str, str]:
    """(unit, meaning) of a column of a small table; empty strings where it is not known.

    A column that is another one with an ending (its error, the ends of its interval, its change) takes its unit from that one.
    """
    own = TABLES[name][1].get(column, ("", ""))
    if own[1] or column in MEANINGS:
        return own if own[1] else MEANINGS[column]
    for ending, words in ENDINGS.items():
        if ending in column:
            base = column.replace(ending, "", 1)
            unit, told = meaning(name, base) if base else ("", "")
            if told:
                return unit, f"{words}: {told}"
    return "", ""


# ── the page ───────────────────────────────────────────────────────────────────────────────────────────────────────
def big_tables() -> list[str]:
    """Tables with a schema, as lines of Markdown."""
    lines, described = ["## Tables of a run", ""], schema.describe()
    for name in dict.fromkeys(row["table"] for row in described):
        rows = [(f"`{r['name']}`", r["type"], r["unit"], r["description"]) for r in described if r["table"] == name]
        lines += [f"### Table `{name}`", "", f"In `{'summary' if name == 'summary' else 'tables'}/{name}`.", ""]
        lines += table(("column", "type", "unit", "meaning"), rows)
    return lines


def small_tables() -> list[str]:
    """Tables of summary/ without a schema of their own, as lines of Markdown."""
    lines = ["## Small tables of `summary/`", ""]
    for name, (words, own) in TABLES.items():
        rows = [(f"`{column}`", *meaning(name, column)) for column in own]
        lines += [f"### Table `{name}`", "", words, "", *table(("column", "unit", "meaning"), rows)]
    endings = [(f"`…{ending}`", words) for ending, words in ENDINGS.items()]
    return [
        *lines,
        "### Endings of column names",
        "",
        "They may stand before the unit: `mean_gbp`, `mean_error_gbp`.",
        "",
        *table(("ending", "meaning"), endings),
    ]


def report_tables() -> list[str]:
    """Tables that a report adds, as lines of Markdown."""
    lines = [f"## Tables of the report (`report/{FOLDER}/`)", ""]
    for one in papers():
        rows = [(f"`{c.name}`", c.unit, c.heading, c.meaning) for c in one.columns]
        lines += [f"### Table `{one.name}` of the report", "", *table(("column", "unit", "heading", "meaning"), rows)]
    made = [(f"`{name}`", f"`report/papers/{module}.py`") for name, module in made_papers()]
    if made:
        told = "The columns of these tables depend on the run; the workbook's data dictionary lists them."
        lines += ["### Tables whose columns depend on the run", "", told, "", *table(("table", "made by"), made)]
    return lines


def dictionary_text() -> list[str]:
    """The whole dictionary as lines of Markdown, with a heading of the first level."""
    advice = (
        "Each analysis of advice writes its own tables to `advice/VERB/`, with captions in `advice.json`. Their columns follow "
        "the same rules: the unit ends the name (`_gbp`, `_qaly`; a probability says so), and errors and intervals have these "
        "endings."
    )
    return [f"# {TITLE}", "", INTRODUCTION, "", *big_tables(), *small_tables(), advice, "", *report_tables()]
