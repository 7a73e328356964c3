"""The method book: complete, made from the package and nothing else, one self-contained page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from stresstest.analysis.worked import load_cases
from stresstest.config.folders import config_folder
from stresstest.drivers.parameters import PARAMETERS
from stresstest.errors import ConfigError
from stresstest.levers import LEVERS
from stresstest.report import markdown
from stresstest.report.method import PARTS, SOURCES, as_markdown, book, bounds, docstring, write_method
from stresstest.report.method_parts import NOT_AT_HAND
from stresstest.report.model_map import edges, model_map
from stresstest.results import schema
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
VOID = {"meta", "br", "img", "link"}
#: Futures in the back-fit: enough for the book's form.
FEW = 60


@pytest.fixture(scope="module")
def text() -> str:
    """The book as Markdown."""
    return book(CONFIGS, FEW)


class Reader(HTMLParser):
    """Collects tags, headings, links and anchors of a page, and what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        facts = dict(attrs)
        self.tags.append((tag, facts))
        self.open += [] if tag in VOID else [tag]
        self.ids += [facts["id"]] if facts.get("id") else []
        self.links += [facts["href"]] if tag == "a" and facts.get("href") else []
        self.levels += [int(tag[1])] if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else []

    def handle_endtag(self, tag: str) -> None:
        """Close a tag, which must be the last one opened."""
        assert self.open.pop() == tag


def test_parts_stand_in_pipeline_order(text: str) -> None:
    """The map; packages from nature to the report; then measures, the record, the registers, the cases, what is there."""
    titles = [title for level, title, _ in markdown.headings(text) if level == 2]
    ends = ["Measures, one by one", "The axes against the record", "Parameters", "Output columns", "Worked cases"]
    assert titles == ["Model map", *(title for title, _ in PARTS.values()), *ends, "What each entry holds"]


def test_packages_stand_in_pipeline_order() -> None:
    """No package of the book is built on one that follows it."""
    order = [package.split("/")[0] for package in PARTS]
    assert not [(a, b) for a, b in edges() if a in order and b in order and order.index(a) > order.index(b)]
    assert {"methods", "gaming", "advice"} <= set(order)


@pytest.mark.parametrize("package", list(PARTS))
def test_every_module_of_a_package_is_in_the_book(text: str, package: str) -> None:
    """Each module's file is named and the first sentence of its docstring is its heading."""
    for path in (SOURCES / package).glob("*.py"):
        if path.stem != "__init__":
            assert f"`{package}/{path.name}`" in text
            assert f"### {docstring(path).splitlines()[0].rstrip('.')}" in text


def test_every_clause_field_is_in_the_book(text: str) -> None:
    """Each entry of each clause has a row with its meaning, columns of lists included."""
    for kind in TERMS:
        for field in kind.fields:
            assert f"| `{field.name}` | {field.unit} |" in text
            for column in field.columns:
                assert f"| `{field.name}.{column.name}` |" in text


def test_every_lever_has_grade_evidence_and_fixes(text: str) -> None:
    """What the register holds about a lever stands under its heading."""
    for kind in LEVERS:
        assert f"| grade | {kind.grade} |" in text
        assert kind.evidence in text
        for fix in kind.fixes:
            assert markdown.cell(fix.words) in text


def test_every_parameter_stands_with_value_quality_and_source(text: str) -> None:
    """Each parameter has one row that ends with its value, quality mark and source."""
    rows = [line for line in text.split("\n") if line.startswith("| `")]
    for q in PARAMETERS:
        own = [row for row in rows if row.startswith(f"| `{q.key}` | {q.unit} |")]
        assert len(own) == 1, q.key
        assert own[0].count("|") == 8
        assert bounds(q.low, q.high) in own[0]


def test_every_output_column_is_in_the_book(text: str) -> None:
    """Each column has its type, unit and meaning."""
    for row in schema.describe():
        assert f"| `{row['name']}` | {row['type']} | {row['unit']} | {markdown.cell(row['description'])} |" in text


def test_every_worked_case_is_in_the_book(text: str) -> None:
    """Each case has its heading and its source."""
    for case in load_cases(CONFIGS.parent / "tests" / "cases"):
        assert f"#### {case.name}\n\nSource: {case.source}." in text


def test_book_is_made_without_cases_where_there_are_none(tmp_path: Path) -> None:
    """An installed package has no tests folder: the book then has no cases, and says where they are."""
    (tmp_path / "data").symlink_to(CONFIGS.parent / "data")
    (tmp_path / "configs").symlink_to(CONFIGS)
    found = book(tmp_path / "configs", FEW)
    assert "\n## Worked cases" not in found
    assert NOT_AT_HAND in found


def test_page_is_whole_and_self_contained(text: str) -> None:
    """Every tag is closed, nothing is fetched from elsewhere, no script runs, and the language is given."""
    page = Reader(markdown.page("Method book", text, {"model-map.svg": model_map().inline()}))
    assert page.open == []
    assert any(tag == "svg" for tag, _ in page.tags)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe"})
    assert all(link.startswith("#") for link in page.links)
    assert next(facts for tag, facts in page.tags if tag == "html")["lang"] == "en-GB"
    assert all(facts.get("scope") == "col" for tag, facts in page.tags if tag == "th")


def test_headings_and_contents_fit_together(text: str) -> None:
    """One first heading, no level is skipped, anchors are unique, and every link of the contents leads somewhere."""
    page = Reader(markdown.page("Method book", text))
    assert page.levels.count(1) == 1
    assert page.levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert len(page.links) == 1 + sum(level in (2, 3) for level in page.levels)


def test_formulas_keep_their_lines() -> None:
    """Indented and set-out blocks are fenced, with their own indentation; a paragraph is not."""
    lines = as_markdown("Words go on\nover a line.\n\n    a = b\n      + c\n\n1  first\n2  second")
    assert lines == [
        "Words go on", "over a line.", "",
        "```", "a = b", "  + c", "```", "",
        "```", "1  first", "2  second", "```", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a < b & **c**", "<p>a &lt; b &amp; <strong>c</strong></p>"),
        ("`x<y` *z*", "<p><code>x&lt;y</code> <em>z</em></p>"), ("π* and π*", "<p>π* and π*</p>"),
        ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("![a <b>](x.svg)", "<p>a &lt;b&gt;</p>"), ("![a](map.svg)", '<figure class="wide" tabindex="0"><svg></svg></figure>'),
        ("```\n# a\n\nb\n```", '<pre tabindex="0"># a\n\nb</pre>'), ("# T\n\n# T", '<h1 id="t">T</h1>\n<h1 id="t-2">T</h1>'),
    ],
)  # fmt: skip
def test_markdown_becomes_html(text: str, page: str) -> None:
    """Each element that the book uses, escaped."""
    assert markdown.body(text, {"map.svg": "<svg></svg>"}) == page


def test_table_cells_keep_their_bars() -> None:
    """A bar inside a cell is not taken for the end of the cell, and numeric columns are marked."""
    lines = markdown.table(("a", "b"), [("|d| ≤ δ", "two\nlines")])
    page = markdown.body("\n".join(lines))
    assert "<td>|d| ≤ δ</td><td>two lines</td>" in page
    assert '<td class="number">1</td>' in markdown.body("| n |\n| ---: |\n| 1 |")


def test_files_are_written_whole_and_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two writings give the same bytes; text, page and map are there; the page's path is printed."""
    assert write_method(tmp_path / "a" / "b", FEW) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "a" / "b" / "method.html")
    write_method(tmp_path / "c", FEW)
    written = ["method.html", "method.md", "model-map.csv", "model-map.png", "model-map.svg"]
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == written
    for name in written:
        assert (tmp_path / "a" / "b" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A file in the way of --out is a ConfigError that names it."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        write_method(tmp_path / "file" / "method")
    assert caught.value.key == "--out"
