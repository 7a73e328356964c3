"""The model map: which part of the package builds on which, read out of the import statements and drawn.

A box is a folder of the package or a group of single modules. An arrow goes from a part to a part that builds on it. Drawn are
the arrows that no chain of other arrows implies; the table holds them all. What everybody imports (errors, units, layout, the
compiler's front door) has a box and no arrows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .chart import Chart, Column
from .markdown import table
from .model_map_draw import draw_map

SOURCES = Path(__file__).resolve().parents[1]
NAME = "model-map"
FOUNDATION, COMMANDS = "foundation", "commands"
#: Single modules by the name of their box; those that are not named here are commands.
SINGLE = {
    FOUNDATION: ("errors", "units", "layout", "_jit", "_link", "_single", "_lane_types", "_lane_views", "_lanes"),
    "domain": ("place", "wiring", "contract", "strategy", "hurdles", "study", "assumptions"),
    "running": ("progress", "backends", "chunks", "runner", "batches"),
    COMMANDS: ("bench",),
}
#: What each box is for, in a few words.
WORDS = {
    FOUNDATION: "errors, units, layout", "futures": "what nature does", "sampling": "designs as arrays",
    "drivers": "need, cost and quality", "terms": "what the contract says", "levers": "what a provider may do",
    "kernel": "year after year", "domain": "place, contract, study", "review": "what is odd about it",
    "config": "from files to a study", "results": "tables, hashes, checks", "settlement": "given years, settled",
    "running": "a study, run in chunks", "measures": "numbers for decisions", "methods": "arrays in, figures out",
    "analysis": "why it went so", "gaming": "what pays a gaming provider", "advice": "what to do about it",
    "report": "words and pictures", COMMANDS: "what each verb does",
}  # fmt: skip
Edge = tuple[str, str]


def box_of(module: str) -> str:
    """The box of a top-level name of the package."""
    return next((box for box, names in SINGLE.items() if module in names), module if (SOURCES / module).is_dir() else COMMANDS)


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(path for path in SOURCES.rglob("*.py") if not {"_shipped", "__pycache__"} & set(path.parts))


def top_of(path: Path) -> str:
    """The top-level name that a module belongs to: its folder, or itself."""
    first = path.relative_to(SOURCES).parts[0]
    return first.removesuffix(".py")


def members() -> dict[str, list[str]]:
    """Top-level names by box, in the order of the alphabet."""
    found: dict[str, list[str]] = {}
    for top in sorted({top_of(path) for path in modules()} - {"__init__", "__main__"}):
        found.setdefault(box_of(top), []).append(top)
    return found


def imported(path: Path) -> Iterator[str]:
    """Top-level names of the package that a module imports, wherever in the file, one for each import statement."""
    package = path.relative_to(SOURCES).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (*package[: len(package) - node.level + 1], *(node.module or "").split("."))
            names = [part for part in base if part][:1] or [alias.name for alias in node.names]
            yield from names[: 1 if base and any(base) else None]
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("stresstest"):
            yield from str(node.module).split(".")[1:2]


@cache
def edges() -> dict[Edge, int]:
    """(from, to) and how many import statements say that `to` builds on `from`; nothing within a box or from the foundation."""
    known = {top_of(path) for path in modules()}
    found: dict[Edge, int] = {}
    for path in modules():
        to = box_of(top_of(path))
        for name in imported(path):
            if name in known and top_of(path) not in ("__init__", "__main__") and name != "__init__":
                edge = (box_of(name), to)
                if edge[0] != to and FOUNDATION not in edge:
                    found[edge] = found.get(edge, 0) + 1
    return found


def implied(edge: Edge, among: dict[Edge, int]) -> bool:
    """Whether a chain of other arrows leads the same way."""
    start, end = edge
    reached, ahead = set[str](), [b for a, b in among if a == start and b != end]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += [b for a, b in among if a == one]
    return end in reached


@cache
def rank(box: str) -> int:
    """The row of a box: one below the lowest of those that it builds on."""
    return 1 + max((rank(a) for a, b in edges() if b == box), default=-1)


def edge_rows() -> list[dict[str, Any]]:
    """Every arrow as a row: from, to, imports, and whether it is drawn; in pipeline order."""
    found = edges()
    order = sorted(found, key=lambda edge: (rank(edge[0]), edge[0], rank(edge[1]), edge[1]))
    return [
        {"from": a, "to": b, "imports": found[a, b], "drawn": "implied" if implied((a, b), found) else "drawn"}
        for a, b in order
    ]  # fmt: skip


def rows_of_boxes() -> list[list[str]]:
    """The boxes in pipeline order, row by row; the foundation first, by itself."""
    ranks = {box: rank(box) for box in members() if box != FOUNDATION}
    return [[FOUNDATION], *([box for box in WORDS if ranks.get(box) == k] for k in range(max(ranks.values()) + 1))]


def model_map() -> Chart:
    """The map as a chart: figure with text alternative, and the table of its arrows."""
    rows, boxes = edge_rows(), members()
    shown = [(row["from"], row["to"]) for row in rows if row["drawn"] == "drawn"]
    lines = rows_of_boxes()

    def draw(ax: Any) -> None:
        draw_map(ax, lines, shown, WORDS)

    return Chart(
        NAME, "Each part builds only on the parts above it",
        "Parts of the package and what they import; arrows that follow from others are not drawn",
        f"Diagram of {len(boxes)} boxes in {len(lines)} rows, from {lines[1][0]} at the top to {lines[-1][-1]} at the bottom. "
        f"{len(shown)} arrows lead downwards, from a part to what builds on it; none leads back.",
        "Read from the import statements. An arrow that a chain of others implies is in the table and is not drawn.",
        (Column("from", "part", "text"), Column("to", "is built on by", "text"), Column("imports", "imports", "text"),
         Column("drawn", "in the picture", "text")),
        rows, draw, size=(7.2, 8.4),
    )  # fmt: skip


def map_text() -> list[str]:
    """The map's part of the method book as lines of Markdown: picture, what the boxes hold, and every arrow."""
    chart, rows = model_map(), edge_rows()
    boxes = [(f"**{box}**", WORDS[box], ", ".join(f"`{top}`" for top in members()[box])) for box in WORDS]
    return [
        "## Model map", "", f"{chart.title}. {chart.subtitle}.", "", f"![{chart.alt}]({NAME}.svg)", "", chart.caption, "",
        *table(("box", "what it is for", "modules and folders"), boxes), "### Every dependency", "",
        *table(("part", "is built on by", "imports", "in the picture"), [tuple(row.values()) for row in rows]),
    ]  # fmt: skip


def model_map_chart() -> Chart:
    """The same as model_map, for sections of a report."""
    return model_map()
