"""What a page needs to be read by keyboard, by ear and by eye: headings, tables, alternatives, contrast, no network."""

import itertools
import re

import pytest
from pages import Node, read_page

from stresstest.report import palette

pytestmark = pytest.mark.unit
LONGEST_ALTERNATIVE = 420


@pytest.fixture(scope="module")
def page(recorded_report):
    """The page of the recorded run's report."""
    return read_page(recorded_report / "report" / "index.html")


@pytest.fixture(scope="module")
def source(recorded_report):
    """The same as text."""
    return (recorded_report / "report" / "index.html").read_text(encoding="utf-8")


def _headings(node):
    found = []
    for child in node.children:
        if isinstance(child, Node):
            if re.fullmatch(r"h[1-6]", child.tag):
                found.append((int(child.tag[1]), child.text()))
            found += _headings(child)
    return found


def test_headings_go_down_one_level_at_a_time(page):
    """There is one h1, no heading is empty, and none skips a level."""
    found = _headings(page)
    assert [level for level, _ in found].count(1) == 1
    assert all(text.strip() for _, text in found)
    skipped = [(a, b) for a, b in itertools.pairwise(found) if b[0] > a[0] + 1]
    assert skipped == []


def test_every_table_has_a_caption_and_headed_rows_and_columns(page):
    """Each table has one caption; every header cell says what it heads; every row of the body begins with one."""
    tables = page.find("table")
    assert len(tables) > 20
    for table in tables:
        name = table.attributes.get("id")
        assert len(table.find("caption")) == 1, name
        assert table.find("caption")[0].text().strip(), name
        assert all(head.attributes.get("scope") in ("col", "row") for head in table.find("th")), name
        for row in table.find("tbody")[0].find("tr"):
            first = next(child for child in row.children if isinstance(child, Node))
            assert (first.tag, first.attributes.get("scope")) == ("th", "row"), name


def test_every_drawing_has_words_for_it(page):
    """Each SVG is an image with a text alternative that says more than its title and is not too long to be heard."""
    drawings = page.find("svg")
    assert len(drawings) > 8
    for drawing in drawings:
        assert drawing.attributes.get("role") == "img"
        assert 40 < len(drawing.attributes.get("aria-label", "")) <= LONGEST_ALTERNATIVE, drawing.attributes.get("aria-label")


def test_alternatives_follow_the_results(page):
    """A text alternative holds a figure of the run, so that it changes with the numbers."""
    labels = [drawing.attributes["aria-label"] for drawing in page.find("svg")]
    assert sum(bool(re.search(r"\d", label)) for label in labels) >= 0.8 * len(labels)


def test_every_figure_has_its_numbers_beside_it(page, recorded_report):
    """Each figure stands as SVG, PNG and CSV in figures/, and its table is in the page."""
    figures = page.find("figure")
    assert figures
    for figure in figures:
        name = figure.attributes["id"].removeprefix("figure-")
        for end in ("svg", "png", "csv"):
            assert (recorded_report / "report" / "figures" / f"{name}.{end}").stat().st_size > 0
        assert page.find("table", id=f"numbers-{name}")


def test_names_of_links_and_ids_are_told_apart(page):
    """No two elements have one id; links that look alike lead to one place; every link inside the page arrives."""
    ids = re.findall(r'\sid="([^"]+)"', "".join(_tags(page)))
    assert len(ids) == len(set(ids))
    places = {}
    for link in page.find("a"):
        places.setdefault(" ".join(link.text().split()), set()).add(link.attributes["href"])
        if link.attributes["href"].startswith("#"):
            assert link.attributes["href"][1:] in ids
    assert {words: where for words, where in places.items() if len(where) > 1} == {}


def _tags(node):
    for child in node.children:
        if isinstance(child, Node):
            if "id" in child.attributes:
                yield f' id="{child.attributes["id"]}"'
            yield from _tags(child)


def test_every_link_to_a_file_arrives(page, recorded_report):
    """Each relative link leads to a file of the report or of its run; analyses' pages stand beside the run and may be absent."""
    missing = []
    for link in page.find("a"):
        where = link.attributes["href"].partition("#")[0]
        if where and "/advice/" not in where and not (recorded_report / "report" / where).exists():
            missing.append(where)
    assert missing == []


def test_nothing_comes_from_elsewhere(source):
    """The page asks for nothing from a network and runs nothing."""
    assert "<script" not in source
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", source)
    assert not re.search(r"url\((?!#)", source)
    assert "default-src 'none'" in source


def test_no_path_of_a_machine_is_printed(recorded_report):
    """No file of the report names a folder of the machine that made it."""
    for path in (recorded_report / "report").rglob("*"):
        if path.suffix in (".html", ".csv", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w/])/(?:home|root|tmp|Users|work)/", text), path.name


def test_colours_of_words_can_be_read():
    """Each pair of text and background colours differs by 4.5 to 1 or more."""
    for text, ground in palette.TEXT_PAIRS:
        assert palette.contrast(text, ground) >= 4.5


def test_no_colour_is_named_outside_the_palette(source):
    """Every colour that the page's own style uses is one of the palette."""
    named = [value for entry in vars(palette).values() for value in (entry if isinstance(entry, tuple) else (entry,))]
    known = {value.lower() for value in named if isinstance(value, str) and value.startswith("#")}
    style = source[source.index("<style>") : source.index("</style>")]
    assert {colour.lower() for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", style)} <= known


def test_two_renders_are_equal(recorded_run):
    """The report of one run is the same bytes every time."""
    from stresstest.report import build_report

    def contents():
        build_report(recorded_run)
        folder = recorded_run / "report"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert contents() == contents()
