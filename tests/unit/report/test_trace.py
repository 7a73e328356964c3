"""Every number that decides anything is tied to a cell of a file beside the report."""

import csv
import re

import pytest
from pages import cell, read_page, says

pytestmark = pytest.mark.unit

#: What may hold digits without being a figure of the run: years, definitions, names, and the run's own marks.
NO_FIGURE = re.compile(
    r"\b\d{4}/\d{2}\b|\b\d{4}-\d{2}-\d{2}\b|\b(?:80|90|95|50)% (?:interval|confidence|of futures|band)|"
    r"\b1 in (?:10|20)\b|\bCP[123]\b|\bIS\d+\b|\bA4\b|\b\d{8}T\d{6}Z_\S+|\bL\d{2}\b|\b[0-9a-f]{8,64}\b|\bNHS \d"
)


def _loose(node):
    """Digits that stand in no cited number."""
    return list(re.findall(r"\S*\d\S*", NO_FIGURE.sub(" ", node.text(skip=("data",)))))


@pytest.fixture(scope="module")
def page(recorded_report):
    """The page of the recorded run's report."""
    return read_page(recorded_report / "report" / "index.html")


def _section(page, name):
    (node,) = page.find("section", id=name)
    return node


def test_every_number_of_the_summary_is_cited(page, recorded_report):
    """On page 1 no figure stands that is not tied to a cell; the contract's own title is a name."""
    summary = _section(page, "summary")
    assert len(summary.cited()) >= 15
    assert _loose(summary) == []


@pytest.mark.parametrize("name", ["hurdles", "risks", "loopholes"])
def test_every_number_of_the_tables_is_cited(page, name):
    """In the hurdle, risk and loophole tables no figure stands that is not tied to a cell."""
    section = _section(page, name)
    tables = [t for t in section.find("table") if t.attributes["id"].startswith("table-")]
    assert tables
    assert sum(len(table.cited()) for table in tables) >= 20
    for table in tables:
        assert _loose(table) == [], table.attributes["id"]


def test_every_cited_number_is_what_its_cell_holds(page, recorded_report):
    """Each cited number names a file, a line and a column; the cell there holds its value, and the print is its rounding."""
    found = page.cited()
    assert len(found) >= 200
    wrong = []
    for one in found:
        there = cell(recorded_report, one.title)
        same = there == one.value or (_float(there) is not None and _float(there) == _float(one.value))
        if not same or not says(one.printed, there):
            wrong.append((one.printed, one.value, there, one.title))
    assert wrong == []


def _float(text):
    try:
        return float(text)
    except ValueError:
        return None


def test_a_wrong_rounding_would_be_seen():
    """The comparison used here tells a wrong figure from a right one."""
    assert says("£337m", "336914522.3")
    assert not says("£338m", "336914522.3")
    assert says("−£12.3m", "-12341234.0")
    assert not says("£12.3m", "-12341234.0")
    assert says("55.3%", "0.55286")
    assert not says("55.4%", "0.55286")
    assert says("about 6 in 10", "0.55286")
    assert not says("about 4 in 10", "0.55286")
    assert not says("2019/20", "2020/21")


def test_the_list_of_numbers_is_the_page_s(page, recorded_report):
    """trace.csv holds every number that the page cites, as printed, with its place."""
    with (recorded_report / "report" / "trace.csv").open(encoding="utf-8", newline="") as stream:
        listed = {(r["printed"], f"{r['file']}, line {r['line']}, {r['column']}") for r in csv.DictReader(stream)}
    assert {(one.printed, one.title) for one in page.cited()} <= listed
