"""The model map: its boxes are the package's parts, its arrows the import statements, and it can be read."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from stresstest.report import model_map as M
from stresstest.report.model_map_layout import BOX, lay_out

pytestmark = pytest.mark.unit
CHART = M.model_map()


def test_every_module_is_in_one_box() -> None:
    """Every folder and single module of the package is named, once, and no box holds a name that is not there."""
    held = [top for tops in M.members().values() for top in tops]
    there = {path.stem for path in M.SOURCES.glob("*.py")} | {path.parent.name for path in M.SOURCES.glob("*/__init__.py")}
    assert sorted(held) == sorted(there - {"__init__", "__main__", "_shipped"})
    assert {name for names in M.SINGLE.values() for name in names} <= there
    assert set(M.members()) == set(M.WORDS)


def test_edges_are_import_statements() -> None:
    """Known edges are there with their direction, and none leads from a box to itself or to the foundation."""
    found = M.edges()
    assert found["terms", "levers"] >= 20
    assert ("levers", "terms") not in found
    assert all(a != b and M.FOUNDATION not in (a, b) for a, b in found)
    assert all(count > 0 for count in found.values())


def test_imports_are_read_in_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative and absolute imports, at the top and inside functions; what comes from elsewhere is left out."""
    (tmp_path / "a").mkdir()
    module = tmp_path / "a" / "one.py"
    module.write_text(
        "from ..b import x\nfrom .. import c\nfrom . import two\nimport numpy\nfrom stresstest.d import y\n"
        "def f():\n    from ..e.g import z\n",
        encoding="utf-8",
    )  # fmt: skip
    monkeypatch.setattr(M, "SOURCES", tmp_path)
    assert sorted(M.imported(module)) == ["a", "b", "c", "d", "e"]


def test_drawn_arrows_imply_all_others() -> None:
    """Following drawn arrows one comes from a to b exactly where some chain of imports does; all lead downwards."""
    rows = M.edge_rows()
    drawn = {(row["from"], row["to"]): 1 for row in rows if row["drawn"] == "drawn"}
    for row in rows:
        edge = (row["from"], row["to"])
        assert edge in drawn or M.implied(edge, drawn)
        assert M.rank(edge[0]) < M.rank(edge[1])


def test_the_chart_keeps_the_house_rules() -> None:
    """Title, text alternative and table: short, made from the code, one row for each arrow."""
    assert len(CHART.title.split()) <= 15
    assert len(CHART.alt) <= 300
    assert str(len(M.members())) in CHART.alt
    assert CHART.csv().count("\n") == len(M.edges()) + 1


def test_every_box_is_named_in_the_drawing(tmp_path: Path) -> None:
    """The SVG holds each box's name as text, and PNG and CSV are written beside it."""
    CHART.write(tmp_path)
    svg = (tmp_path / "model-map.svg").read_text(encoding="utf-8")
    assert all(f">{box}<" in svg for box in M.members())
    assert (tmp_path / "model-map.png").stat().st_size > 20_000


def test_boxes_do_not_overlap() -> None:
    """In every row neighbours are a box apart, and an arrow that skips rows has a slot in each of them."""
    rows = M.rows_of_boxes()
    shown = [(row["from"], row["to"]) for row in M.edge_rows() if row["drawn"] == "drawn"]
    laid = lay_out(rows, shown)
    for row in rows:
        places = sorted(laid.places[name][0] for name in row)
        assert all(right - left >= BOX for left, right in pairwise(places))
    for way in laid.arrows:
        assert [laid.places[name][1] for name in way] == list(range(laid.places[way[0]][1], laid.places[way[-1]][1] + 1))


def test_the_book_part_holds_picture_boxes_and_edges() -> None:
    """The method book has the drawing's place, a row for each box and a row for each arrow."""
    text = "\n".join(M.map_text())
    assert f"]({M.NAME}.svg)" in text
    assert all(f"| **{box}** |" in text for box in M.members())
    assert text.count(" | drawn |") + text.count(" | implied |") == len(M.edges())
