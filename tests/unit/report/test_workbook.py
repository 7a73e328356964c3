"""The workbook of a report: every cell is its file's, the rules of accessible spreadsheets hold, and sums come out."""

import csv
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from pages import read_page, says

from stresstest.config.assurance import Assurance, Signature
from stresstest.report.book import Book
from stresstest.report.formats import workbook
from stresstest.report.formats.meanings import column_of
from stresstest.report.formats.sheet import Sheet, named_apart, plain_value
from stresstest.report.formats.workbook import sheets_of, write_workbook
from stresstest.report.formats.workbook_front import cover
from stresstest.report.formats.workbook_style import HEAD_ROW, cell_name, number_format
from stresstest.report.formats.workbook_sums import sums
from stresstest.report.page import write_gaming
from stresstest.report.papers import CHANCE, POUNDS, TEXT, Column, write_papers
from stresstest.report.parts import sections_of
from stresstest.report.parts.front import front

pytestmark = pytest.mark.unit

HEAD = HEAD_ROW + 1
KEYS = ("scenario", "strategy", "party", "metric", "year")
CROSSED = ("Whole term", "By year")


@pytest.fixture(scope="module")
def made(recorded_report, tmp_path_factory):
    """A real run's folder with its report and, beside it, the workbook."""
    folder = tmp_path_factory.mktemp("workbook") / "run"
    shutil.copytree(recorded_report, folder)
    write_again(folder, folder / "report")
    return folder


def write_again(folder, place):
    """The workbook of a run whose page stands in `place`, from a book of its own that draws no chart."""
    found = Book.of(folder)
    front(found)
    sections_of(found)
    write_papers(list(found.papers.values()), place / "tables")
    write_gaming(found.source, place / "tables" / "gaming.csv")
    return write_workbook(found, place)


@pytest.fixture(scope="module")
def book(made):
    """The workbook as a reader sees it."""
    return openpyxl.load_workbook(made / "report" / "results.xlsx")


@pytest.fixture(scope="module")
def shown(made):
    """The rows of the sheet of sums with what its formulas came to when it was made."""
    found = openpyxl.load_workbook(made / "report" / "results.xlsx", data_only=True, read_only=True)
    return list(found["Sums recomputed"].iter_rows(min_row=HEAD + 1, values_only=True))


def table(page):
    """(headings, rows) of the one table of a sheet."""
    rows = list(page.iter_rows(min_row=HEAD, values_only=True))
    return list(rows[0]), rows[1:]


def file_of(page):
    """The CSV file that a sheet says it holds; "" for none."""
    match = re.match(r"Rows as in (\S+\.csv) of the run folder\.", page["A3"].value)
    return match[1] if match else ""


def same(cell, text):
    """Whether a cell of the workbook is a cell of a CSV file."""
    if text in ("", "nan"):
        return cell is None
    if isinstance(cell, int | float):
        return float(text) == cell
    return cell == text.replace("\r\n", "\n")


# ── what it holds ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_cell_is_its_files(made, book):
    """Each sheet holds every row and column of the CSV file that it names, in full precision and in order."""
    compared = 0
    for page in book:
        file = file_of(page)
        if not file:
            continue
        with (made / file).open(encoding="utf-8-sig", newline="") as stream:
            _, *wanted = list(csv.reader(stream))
        _, rows = table(page)
        assert len(rows) == len(wanted), page.title
        for row, texts in zip(rows, wanted, strict=True):
            for cell, text in zip(row, texts, strict=True):
                assert same(cell, text), f"{page.title}: {cell!r} is not {text!r}"
        compared += len(rows)
    assert compared > 5000


def test_statistics_side_by_side_are_those_of_the_summary(made, book):
    """The two sheets that set statistics side by side hold every value of the long summary, each in its place."""
    with (made / "summary" / "summary.csv").open(encoding="utf-8-sig", newline="") as stream:
        long = {tuple(row[part] for part in (*KEYS, "statistic")): row for row in csv.DictReader(stream)}
    found = 0
    for name in CROSSED:
        heads, rows = table(book[name])
        names = [head.lower().replace(" ", "_") if head != "Standard error" else "" for head in heads]
        for row in rows:
            cells = dict(zip(names, row, strict=True))
            key = tuple(cells.get(part) or "" for part in KEYS)
            for statistic, cell in cells.items():
                if (*key, statistic) in long:
                    assert same(cell, long[(*key, statistic)]["value"]), (name, key, statistic)
                    found += 1
    assert found == len(long)


def test_papers_and_run_tables_are_all_there(made, book):
    """Every paper of the report and every table that the workbook names and the run has is a sheet."""
    files = {file_of(page) for page in book}
    assert {f"report/tables/{path.name}" for path in (made / "report" / "tables").glob("*.csv")} <= files
    for name in ("exceedance", "assumptions", "swings", "strategies"):
        assert f"summary/{name}.csv" in files
    for name in ("risks/register", "risks/scores", "risks/bearers", "sensitivity/inputs", "sensitivity/switching"):
        assert f"advice/{name}.csv" in files
    assert {"report/trace.csv", "summary/summary.csv"} <= files


def test_numbers_are_numbers_and_formats_follow_units(book):
    """Money is shown in pounds, chances as percentages, and a financial year is text."""
    heads, rows = table(book["Whole term"])
    mean, unit = heads.index("Mean"), heads.index("Unit")
    for k, row in enumerate(rows[:40]):
        form = book["Whole term"].cell(HEAD + 1 + k, mean + 1).number_format
        assert ("£" in form) == (row[unit] == "GBP")
    page = book["By year"]
    heads, rows = table(page)
    assert {type(row[heads.index("Year")]) for row in rows} == {str}
    assert "%" in page.cell(HEAD + 1 + next(k for k, r in enumerate(rows) if r[heads.index("Unit")] == "probability"),
                            heads.index("Probability") + 1).number_format  # fmt: skip


def worked_out(formula, value):
    """What a formula of these workbooks comes to: sums, products and powers of cells, or the one verdict that they give."""
    verdict = re.fullmatch(r'=IF\(ABS\((\w+)\)<=(\w+),"yes","no"\)', formula)
    if verdict:
        return "yes" if abs(value(verdict[1])) <= value(verdict[2]) else "no"
    text = re.sub(r"(?:'[^']+'!)?\b[A-Z]{1,3}\d+\b", lambda match: f"({value(match[0])!r})", formula[1:]).replace("^", "**")
    assert re.fullmatch(r"[-+*.()\de]+", text), text
    return eval(text)


def test_sums_recompute_to_what_is_stored(book, shown):
    """Each formula, worked out again from the cells that it names, gives the value written with it; every sum holds."""
    def value(place):
        sheet, _, cell = place.rpartition("!")
        return book[sheet.strip("'")][cell].value if sheet else shown[int(cell[1:]) - HEAD - 1]["ABCDEFG".index(cell[0])]

    assert len(shown) > 60
    for k, row in enumerate(shown):
        for place in range(2, 7):
            formula = book["Sums recomputed"].cell(HEAD + 1 + k, place + 1).value
            assert formula.startswith("=")
            again = worked_out(formula, value)
            assert again == row[place] or again == pytest.approx(row[place], rel=1e-9, abs=1e-5), formula
        assert row[6] == "yes", row


@pytest.mark.parametrize("words", ["headline figure is the summary's", "yearly means of net exposure, discounted",
                                   "bridge adds up", "bridge ends at the mean surplus to date"])  # fmt: skip
def test_years_tiles_and_bridge_are_tied_to_their_sources(shown, words):
    """Headline figures, yearly means against present values, and the bridge each have their sums."""
    assert len([row for row in shown if row[0].startswith(words)]) >= 5


def test_a_bridge_that_does_not_close_shows_a_difference():
    """A bridge whose drivers come to another low point leaves its difference in the sheet of sums, and does not hold."""
    names = ("contract", "strategy", "scenario", "driver", "change_gbp")
    rows = [dict(zip(names, ("as it is", "honest", "calibrated", driver, amount), strict=True))
            for driver, amount in (("start", 10.0), ("pay", -4.0), ("low point", 5.0))]  # fmt: skip
    found = sums([Sheet("Bridge", "", [Column(n, n, TEXT, "") for n in names], rows, "summary/bridge.csv")])
    assert [(row["stored"], row["recomputed"], row["difference"], row["holds"]) for row in found.rows] == [(5.0, 6.0, -1.0, "no")]


def test_tiles_read_the_cells_that_page_1_prints(book, made):
    """Each number of page 1 stands in the sheet of tiles, as a formula that names a cell with that number."""
    heads, rows = table(book["Tiles"])
    printed = [cell.printed for cell in read_page(made / "report" / "index.html").find("section", id="summary")[0].cited()]
    assert [row[heads.index("As printed")] for row in rows] == printed
    again = openpyxl.load_workbook(made / "report" / "results.xlsx", data_only=True)["Tiles"]
    read = 0
    for k, row in enumerate(rows):
        value, sheet, place = (row[heads.index(name)] for name in ("In full", "Sheet", "Cell"))
        if isinstance(value, str) and value.startswith("="):
            assert value == f"='{sheet}'!{place}"
            there = book[sheet][place].value
            assert there == again.cell(HEAD + 1 + k, heads.index("In full") + 1).value
            assert says(row[heads.index("As printed")], repr(there))
            read += 1
    assert read >= 20


def test_the_trace_names_section_and_cell(book, made):
    """Most numbers of the page have a cell of the workbook, which holds what the trace says; sections are those of the page."""
    heads, rows = table(book["Trace of numbers"])
    sections = {node.attributes["id"] for node in read_page(made / "report" / "index.html").find("section")}
    at = {name: heads.index(name) for name in ("In full", "Section", "Sheet", "Cell")}
    assert {row[at["Section"]] for row in rows} <= sections | {None}
    placed = [row for row in rows if row[at["Cell"]]]
    assert len(placed) > 0.95 * len(rows)
    for row in placed:
        there = book[row[at["Sheet"]]][row[at["Cell"]]].value
        assert there == row[at["In full"]], row


def test_sheets_stand_in_three_groups(book):
    """After cover and notes come summary, detail and audit, each together; no name is another's with a number."""
    heads, rows = table(book["Contents"])
    groups = [row[heads.index("Group")] for row in rows]
    assert list(dict.fromkeys(groups)) == ["Start here", "Summary", "Detail", "Audit"]
    assert groups == sorted(groups, key=["Start here", "Summary", "Detail", "Audit"].index)
    assert not [name for name in book.sheetnames if re.search(r"\(\d\)$", name)]


def test_money_says_its_basis(book):
    """Money in headings is present value or undiscounted, at the prices of a year."""
    heads = table(book["Risk scores by party"])[0]
    assert "Mean cost (£ PV, 2016/17 prices)" in heads
    assert "Change (£ undiscounted, 2016/17 prices)" in table(book["Bridge, every scenario"])[0]
    bare = [(page.title, head) for page in book for head in table(page)[0] if head.endswith("(£)")]
    assert {title for title, _ in bare} <= {"Provider income"}


def test_rates_and_signs_are_in_the_notes(book):
    """The notes give both discount rates, and how signs are to be read."""
    texts = " ".join(row[1] for row in table(book["Notes"])[1])
    assert "3.5% a year for money" in texts
    assert "1.5% a year" in texts
    assert "above 0 is what the commissioner pays beyond the agreed budget" in texts


def test_meanings_say_more_than_the_heading(book):
    """No meaning in the dictionary repeats the name or the heading of its column."""
    def bare(text):
        return re.sub(r"\W+", " ", re.sub(r"\(.*\)", "", text)).strip().lower()

    _, rows = table(book["Data dictionary"])
    again = [row for row in rows if bare(row[5]) in (bare(row[1]), bare(row[2].replace("_", " ")))]
    assert len(again) <= 0.01 * len(rows), again


def test_the_dictionary_has_every_column(book):
    """Every heading of every sheet stands in the data dictionary with a unit and a meaning."""
    _, rows = table(book["Data dictionary"])
    known = {(row[0], row[1]) for row in rows}
    for page in book:
        assert {(page.title, head) for head in table(page)[0]} <= known, page.title
    assert all(row[4] and row[5] for row in rows)


def test_the_same_run_gives_the_same_bytes_and_a_small_file(made, tmp_path):
    """Two workbooks of one run are equal byte for byte and under 10 MB."""
    shutil.copytree(made / "report", tmp_path / "report")
    first, second = (made / "report" / "results.xlsx").read_bytes(), write_again(made, tmp_path / "report").read_bytes()
    assert first == second
    assert len(first) < 10_000_000


# ── the rules of accessible spreadsheets ───────────────────────────────────────────────────────────────────────────
def test_cover_contents_and_notes_come_first(book):
    """The first three sheets are cover, contents and notes; then comes one table a sheet."""
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]


def test_each_sheet_has_one_marked_up_table(book):
    """Each sheet has one table, in column A, over all its rows; names are unique and made of words."""
    names = []
    for page in book:
        assert len(page.tables) == 1, page.title
        name, where = next(iter(page.tables.items()))
        assert where == f"A{HEAD}:{cell_name(page.max_row - 1, page.max_column - 1)}"
        names.append(name)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{5,}", name) for name in names)


def test_no_cells_are_merged(book):
    """No sheet has a merged cell."""
    assert not [page.title for page in book if page.merged_cells.ranges]


def test_no_row_or_column_of_a_table_is_blank(book):
    """No table has a row without anything in it; a column is blank only where its heading still stands."""
    for page in book:
        assert all(any(cell is not None for cell in row) for row in table(page)[1]), page.title


def test_one_row_of_headings_each_different(book):
    """Headings are one row of texts, no two alike whatever their capitals."""
    for page in book:
        heads = table(page)[0]
        assert all(isinstance(head, str) and head for head in heads), page.title
        assert len({head.lower() for head in heads}) == len(heads), page.title


def test_texts_are_wrapped(book):
    """Headings and texts in tables wrap."""
    for page in book:
        for row in page.iter_rows(min_row=HEAD, max_row=min(page.max_row, HEAD + 20)):
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s" and not cell.hyperlink:
                    assert cell.alignment.wrap_text, (page.title, cell.coordinate)


def test_nothing_is_frozen_filtered_or_hidden(book):
    """No panes are frozen, no filter is set, no sheet, row or column is hidden."""
    for page in book:
        assert page.freeze_panes is None
        assert page.auto_filter.ref is None
        assert all(one.autoFilter is None for one in page.tables.values())
        assert page.sheet_state == "visible"
        assert not any(one.hidden for one in [*page.row_dimensions.values(), *page.column_dimensions.values()])


def test_empty_cells_are_explained(book):
    """A sheet with an empty cell points to the note on empty cells."""
    assert "empty cell" in book["Notes"]["B6"].value
    empty = [page for page in book if any(cell is None for row in table(page)[1] for cell in row)]
    assert len(empty) > 3
    assert not [page.title for page in empty if "[note 1]" not in page["A2"].value]


def test_notes_are_numbered_and_all_are_used(book):
    """Every "[note 3]" stands in the notes sheet, and every note there is named by a sheet, but the general ones."""
    numbers = [row[0] for row in table(book["Notes"])[1]]
    assert numbers == [f"[note {k}]" for k in range(1, len(numbers) + 1)]
    named = {mark for page in book for mark in re.findall(r"\[note \d+\]", page["A2"].value)}
    assert named <= set(numbers)
    assert set(numbers) - named <= set(numbers[:6])


def test_titles_say_what_the_sheet_shows_and_carry_the_state(book):
    """A1 of each sheet is its title with the assurance state, and where its rows come from stands under it."""
    for page in book:
        assert page["A1"].value.endswith("[UNASSURED DRAFT]"), page.title
        assert page["A2"].value.startswith("This sheet holds one table")
        assert page["A3"].value


def test_an_approved_report_carries_no_state(fake_run, tmp_path, monkeypatch):
    """Once signed to the end, titles are plain."""
    book = Book.of(fake_run)
    signed = tuple(Signature(role, f"Name {k}", "2026-11-22", "x") for k, role in enumerate(("analyst", "assurer", "approver")))
    only(monkeypatch, cover(book))
    found = openpyxl.load_workbook(write_workbook(replace(book, assurance=Assurance(signatures=signed)), tmp_path))
    assert not [page.title for page in found if "[" in page["A1"].value]


def test_no_colour_carries_meaning(book):
    """No cell is filled and no format depends on a value."""
    for page in book:
        assert not page.conditional_formatting
        assert all(cell.fill.fill_type is None for row in page.iter_rows(max_row=min(page.max_row, HEAD + 5)) for cell in row)


def test_no_pictures_macros_or_outside_links(made):
    """The file holds no drawing, macro, external link or comment."""
    with zipfile.ZipFile(made / "report" / "results.xlsx") as archive:
        names = archive.namelist()
    assert not [name for name in names if re.search(r"media|drawing|vba|externalLink|comments|printerSettings", name)]


def test_properties_are_filled(made, book):
    """Title, subject, author, keywords and description are there, and the file is dated as its run."""
    facts = book.properties
    assert all((facts.title, facts.subject, facts.creator, facts.keywords, facts.description))
    assert facts.language == "en-GB"
    assert "UNASSURED" in facts.title
    created = Book.of(made).source.manifest["created"]
    assert facts.created.strftime("%Y-%m-%dT%H:%M:%SZ") == created


def test_it_opens_at_the_first_cell(book):
    """The cursor stands in A1 of the first sheet."""
    assert book.active.title == "Cover"
    assert {page.sheet_view.selection[0].activeCell for page in book} <= {"A1", None}


def test_contents_links_lead_to_every_sheet(book):
    """Each row of the contents names a sheet in order and links to it."""
    page = book["Contents"]
    listed = [page.cell(HEAD + 1 + k, 1) for k in range(len(table(page)[1]))]
    assert [cell.value for cell in listed] == [name for name in book.sheetnames if name != "Contents"]
    assert all(cell.hyperlink.location == f"'{cell.value}'!A1" for cell in listed)


# ── its parts ──────────────────────────────────────────────────────────────────────────────────────────────────────
def only(monkeypatch, *sheets):
    """Let the workbook have these sheets and no others."""
    monkeypatch.setattr(workbook, "sheets_of", lambda _book, _tables, _page: list(sheets))


def test_words_like_formulas_are_words(fake_run, tmp_path, monkeypatch):
    """A text that begins with =, +, - or @ is written as text, marked as such, and no formula is made of it."""
    texts = ['=HYPERLINK("http://x")', "+44 1", "-dash", "@sum"]
    only(monkeypatch, Sheet("Odd", "", [Column("a", "A", TEXT, "")], [{"a": text} for text in texts]))
    page = openpyxl.load_workbook(write_workbook(Book.of(fake_run), tmp_path))["Odd"]
    cells = [row[0] for row in page.iter_rows(min_row=HEAD + 1)]
    assert [cell.value for cell in cells] == texts
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}


def test_numbers_of_numpy_are_plain_numbers(fake_run, tmp_path, monkeypatch):
    """A table may hold numbers of numpy: they are written in full, as any other."""
    columns = (Column("a", "A", "number", ""), Column("b", "B", "whole", ""))
    only(monkeypatch, Sheet("Odd", "", columns, [{"a": np.float64(0.1) * 3, "b": np.int64(7)}]))
    page = openpyxl.load_workbook(write_workbook(Book.of(fake_run), tmp_path))["Odd"]
    assert table(page)[1] == [(0.1 * 3, 7)]


def test_a_run_without_analyses_has_a_workbook(fake_run, tmp_path):
    """A run of which no analysis was made, made before the newer tables, gives the sheets that it can."""
    book = Book.of(fake_run)
    names = [sheet.name for sheet in sheets_of(book, {"gaming": tmp_path / "none.csv"})]
    assert "Whole term" in names
    assert "Risks scored" not in names
    assert "Hurdles, each path" not in names


@pytest.mark.parametrize(
    ("unit", "value", "row", "form"),
    [
        ("GBP", -0.3, {}, "£#,##0;£#,##0"), ("GBP", -3.0, {}, "£#,##0;-£#,##0"), ("GBP", 1e18, {}, '"no limit"'),
        ("number", 36.8, {"unit": "share of the price"}, "0.0"), ("see unit", 0.25, {"unit": "share"}, "0.0%;-0.0%"),
        ("see unit", 0.25, {"unit": "score"}, "0.0000"), ("see unit", -0.2, {"party": "residents"}, "#,##0;#,##0"),
        ("see unit", 5e7, {"measure": "mean_surplus"}, "£#,##0;-£#,##0"), ("text", 3.0, {"unit": "GBP"}, "General"),
    ],
)  # fmt: skip
def test_formats(unit, value, row, form):
    """A column's own unit gives the format, the row's only where the column says so; what rounds to nothing has no sign."""
    assert number_format(Column("a", "A", unit, ""), row, value) == form


def test_names_of_sheets_are_short_and_apart():
    """Names lose what a workbook does not take, and a second one of a name gets a number."""
    def named(name):
        return Sheet(name, "", (), ())

    names = [one.name for one in named_apart([named("a/b: c"), named("A b  c"), named("x" * 40), named("X" * 31)])]
    assert names == ["a b  c", "A b  c (2)", "x" * 31, "X" * 27 + " (2)"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("value", "1e3", 1000.0), ("value", "7", 7), ("year", "2018", "2018"), ("value", "1 2", "1 2"), ("value", "", None),
     ("sha256", "1e5", "1e5"), ("value", "nan", None), ("value", "-0.0014", -0.0014)],
)  # fmt: skip
def test_cells_of_files(name, text, value):
    """What is written as a number is one, unless its column holds names."""
    assert plain_value(name, text) == value
    assert type(plain_value(name, text)) is type(value)


@pytest.mark.parametrize(
    ("name", "unit", "meaning"),
    [("exposure_change_error_gbp", POUNDS, "standard error"), ("walks_away_probability_low", CHANCE, "lower end"),
     ("exit_losses_change", CHANCE, "change"), ("health_qaly", "QALY", "health"), ("handle", TEXT, "turned")],
)  # fmt: skip
def test_columns_are_known_by_their_names(name, unit, meaning):
    """Unit and meaning of a column follow from the grammar of its name."""
    column = column_of(name)
    assert column.unit == unit
    assert meaning in column.meaning.lower()


def test_sheets_read_what_stands_in_the_folder(tmp_path):
    """A damaged CSV file is refused by name."""
    from stresstest.errors import DataError
    from stresstest.report.formats.sheet import sheet_of

    path = Path(tmp_path) / "broken.csv"
    path.write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(DataError, match=r"broken\.csv"):
        sheet_of("x", "", path, "broken.csv")
