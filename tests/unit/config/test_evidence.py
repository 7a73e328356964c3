"""The evidence register: every id that a configuration, lever or worked case cites stands in docs/evidence.md, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stresstest.analysis.worked import load_cases
from stresstest.levers import LEVERS

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
EVIDENCE, SUMS = TEXT.split("## 4. Sums on paper")
IDS = re.findall(r"^\| ([DJ]-[A-Z-]+|E\d+) \|", EVIDENCE, flags=re.MULTILINE)
CITED = re.compile(r"\b[DJ]-[A-Z]+(?:-[A-Z]+)*\b")
CONFIGS = sorted((ROOT / "configs").rglob("*.toml"))


def test_no_id_is_given_twice() -> None:
    """An id names one row."""
    assert len(IDS) > 90
    assert len(set(IDS)) == len(IDS)


def test_every_row_has_its_cells() -> None:
    """Facts and evidence have figure, source, address and confidence; ranges have an anchor cell."""
    for line in EVIDENCE.split("\n"):
        if re.match(r"\| ([DJ]-[A-Z]|E\d)", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == (4 if cells[0].startswith("J-") else 5), line
            assert all(cells[:3]) or "own estimate" in cells[-1], line


@pytest.mark.parametrize("path", CONFIGS, ids=[path.stem for path in CONFIGS])
def test_every_id_in_a_configuration_is_in_the_register(path: Path) -> None:
    """A source that names an id can be looked up."""
    text = path.read_text(encoding="utf-8")
    assert set(CITED.findall(text)) <= set(IDS)
    assert {f"E{k}" for k in re.findall(r"\(E(\d+)\)", text)} <= set(IDS)


def test_every_id_in_the_documents_is_in_the_register() -> None:
    """The register and the limits refer to rows that are there."""
    limits = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    assert set(CITED.findall(TEXT + limits)) <= set(IDS)


@pytest.mark.parametrize("lever", [kind.name for kind in LEVERS])
def test_every_lever_cites_evidence_that_is_there(lever: str) -> None:
    """A gaming lever names its evidence, and each id is a row."""
    kind = next(kind for kind in LEVERS if kind.name == lever)
    cited = re.findall(r"E\d+|J-[A-Z]+", kind.evidence)
    assert cited or kind.grade == "honest"
    assert set(cited) <= set(IDS)


def test_every_worked_number_is_explained() -> None:
    """A worked number that a case names is in the list of sums, which says where its figures come from."""
    listed = {name for row in re.findall(r"^\| (E[\d, E]+) \|", SUMS, flags=re.MULTILINE) for name in row.split(", ")}
    for case in load_cases(ROOT / "tests" / "cases"):
        found = re.fullmatch(r"worked number (E\d+)", case.source)
        assert found is None or found[1] in listed, case.name
