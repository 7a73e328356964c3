"""The reader of tables: what it takes, and how it places every fault."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from settled_tables import PAY, TOTAL, contract_of, input_of, settled, written

from stresstest.errors import DataError, StressTestError
from stresstest.settlement.table import read_table

pytestmark = pytest.mark.unit

PLAIN = contract_of(PAY)
REMEMBERS = contract_of(PAY, TOTAL)
GAIN = contract_of(
    {"id": "gain", "kind": "gain_loss_share", "expected": "x", "actual": "y", "payment": "x", "share_gain": [0.5, 0.25],
     "share_loss": "rate", "dead_band": 0.1},
    inputs=(input_of("x"), input_of("y"), input_of("rate", "share", low=0.0, high=1.0, default=0.75)),
)  # fmt: skip


def refused(contract, folder, text, name="table.csv"):
    """The error that a table gives."""
    with pytest.raises(DataError) as caught:
        read_table(written(folder, text, name), contract)
    assert caught.value.exit_code == 3
    assert str(caught.value.file).endswith(name)
    return caught.value


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_column_is_named_with_its_meaning(tmp_path):
    """A column that the contract needs and the table lacks is named, with what it means and its unit."""
    error = refused(PLAIN, tmp_path, "case,year\na,1\n")
    assert (error.message, error.key, error.expected) == ("the table lacks a column", "x", "spend of the year (GBP)")


def test_a_misspelt_column_is_offered_for_the_missing_one(tmp_path):
    """Where a spare column looks like the missing one it is offered."""
    contract = contract_of({**PAY, "of": "spend"}, inputs=(input_of("spend"),))
    error = refused(contract, tmp_path, "case,year,spned\na,1,2\n")
    assert (error.key, error.nearest) == ("spend", "spned")


def test_a_misspelt_column_that_may_be_left_out_is_refused(tmp_path):
    """A column that looks like one with a default is not silently carried along."""
    error = refused(GAIN, tmp_path, "year,x,y,rte\n1,1,1,0.5\n")
    assert (error.key, error.nearest) == ("rte", "rate")


@pytest.mark.parametrize(
    ("name", "right"), [("Year", "year"), ("CASE", "case"), ("X", "x"), ("Rate", "rate"), ("Gain.Dead_Band", "gain.dead_band")]
)
def test_a_name_in_other_capitals_is_refused(tmp_path, name, right):
    """A column that is right but for its capitals is not carried along unread, whether or not the right one stands there."""
    for header in ("y", "y,x", "y,x,case", "y,x,year"):
        if right not in header.split(","):
            error = refused(GAIN, tmp_path, f"{header},{name}\n{'1,' * len(header.split(','))}1\n")
            assert (error.key, error.nearest) == (name, right)
            assert error.message == "a column's name is written with other capitals"
    assert refused(PLAIN, tmp_path, "year,x,YEAR\n1,1,1\n").nearest == "year"


@pytest.mark.parametrize(
    ("name", "right"),
    [("cases", "case"), ("Cases", "case"), ("caes", "case"), ("years", "year"), ("yaer", "year"), ("yr", "year"), ("YR", "year")],
)
def test_a_misspelt_case_or_year_is_refused(tmp_path, name, right):
    """A column like `case` or `year`, where that one is missing, is not carried along: its rows would be taken in order."""
    error = refused(PLAIN, tmp_path, f"{name},x\n1,1\n")
    assert (error.key, error.nearest) == (name, right)
    assert error.message == f"this column would be carried along, not read, and looks like {right}"


def test_what_is_like_a_column_that_stands_there_is_carried(tmp_path):
    """With case and year in the table, a column of years, yields or notes is the user's own."""
    path = written(tmp_path, "case,year,x,years,yield,base,note,spend\na,1,1,7,7,7,7,7\n")
    assert read_table(path, PLAIN).carried == ("years", "yield", "base", "note", "spend")
    two = contract_of(PAY, inputs=(input_of("x"), input_of("X")))
    assert read_table(written(tmp_path, "case,year,x,X\na,1,1,1\n"), two).carried == ("X",)


@pytest.mark.parametrize("name", ["gain.dead_bnad", "gian.dead_band", "net.provider", "gain.gap", "a.b"])
def test_a_column_with_a_dot_has_to_be_an_entry_of_a_clause(tmp_path, name):
    """CLAUSE.FIELD columns are entries of clauses and nothing else, with the nearest right name offered."""
    error = refused(GAIN, tmp_path, f"year,x,y,{name}\n1,1,1,0.5\n")
    assert error.key == name
    if name.startswith(("gain.dead", "gian")):
        assert error.nearest == "gain.dead_band"


def test_a_column_of_a_clauses_name_is_refused(tmp_path):
    """A table may not bring a column that the settlement itself gives."""
    assert refused(PLAIN, tmp_path, "year,x,pay\n1,1,77\n").key == "pay"


@pytest.mark.parametrize("header", ["x,year,x", "x,year, x", 'year,"x",x'])
def test_a_column_that_stands_twice_is_refused(tmp_path, header):
    """Two columns of one name are refused, spaces around it aside."""
    error = refused(PLAIN, tmp_path, f"{header}\n1,1,1\n")
    assert (error.message, error.key) == ("a column stands in the table twice", "x")


def test_a_row_with_too_few_cells_is_refused(tmp_path):
    """A row that is shorter than the header makes the table unreadable, with its number."""
    assert "Row #3" in refused(PLAIN, tmp_path, "case,year,x\na,1,1\nb,1\n").message


# ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "message"),
    [("", "row 2 is empty here"), ("much", "row 2 holds no number here"), ("1O0", "row 2 holds no number here"),
     ('"1,000"', "row 2 holds no number here"), ("1_000", "row 2 holds no number here"), ("true", "row 2 holds no number here"),
     ("2018-01-01", "row 2 holds no number here"), ("0x10", "row 2 holds no number here"), ("£5", "row 2 holds no number here"),
     ("2e9", "row 2 is out of range"), ("-1e9000", "row 2"), ("nan", "row 2"), ("inf", "row 2"), ("-inf", "row 2")],
)  # fmt: skip
def test_a_cell_that_is_no_number_is_placed(tmp_path, cell, message):
    """An empty cell, text, NaN, infinity or a number out of range is refused with its row and column."""
    error = refused(PLAIN, tmp_path, f"case,year,x\na,1,5\nb,1,{cell}\n")
    assert error.message.startswith(message)
    assert error.key == "x"


def test_text_among_text_is_placed(tmp_path):
    """NaN is refused as well where the column holds text already, and is never taken for an empty cell."""
    contract = contract_of(PAY, inputs=(input_of("x", default=7.0),))
    for cell in ("nan", "NaN", "inf", "1_0", "none", "NULL", "N/A"):
        error = refused(contract, tmp_path, f"case,year,x\na,1,{cell}\nb,1, 5\n")
        assert (error.message.split(" holds")[0].split(" is")[0], error.key) == ("row 1", "x")


def test_a_share_written_as_a_percentage_is_recognised(tmp_path):
    """Where a hundredth of a number would be in range, the message says so."""
    error = refused(GAIN, tmp_path, "year,x,y,rate\n1,1,1,75\n")
    assert (error.key, error.value, error.nearest) == ("rate", 75.0, "0.75 (a share, not a percentage)")
    assert error.expected == "from 0 to 1 (share)"
    assert refused(GAIN, tmp_path, "year,x,y,rate\n1,1,1,101\n").nearest is None


def test_numbers_are_read_in_every_usual_form(tmp_path):
    """Signs, exponents, spaces and long whole numbers are numbers; those beyond 2⁵³ are rounded, and held to their bounds."""
    contract = contract_of({**PAY, "price": 1.0}, inputs=(input_of("x"),))
    cells = ("5", " 6 ", "+7", "-8", "1e3", "2.5E-1", ".5", "100000000000001")
    text = "case,year,x\n" + "".join(f"{k},1,{cell}\n" for k, cell in enumerate(cells))
    read = read_table(written(tmp_path, text), contract).given.columns["x"]
    np.testing.assert_array_equal(read, [5.0, 6.0, 7.0, -8.0, 1000.0, 0.25, 0.5, 100000000000001.0])
    error = refused(contract, tmp_path, "year,x\n1,9007199254740993\n")
    assert (error.message, error.value) == ("row 1 is out of range", 2.0**53)


def test_whole_numbers_first_and_decimals_late_are_one_column(tmp_path):
    """A large table whose first decimal stands far down is read as numbers throughout."""
    text = "case,year,x\n" + "".join(f"{k},1,1\n" for k in range(120_000)) + "end,1,1.5\n"
    table = read_table(written(tmp_path, text), PLAIN)
    assert table.given.columns["x"][[0, -1]].tolist() == [1.0, 1.5]
    assert np.unique(table.given.case).size == 120_001


# ── years ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "years",
    [
        ("1", "2", "3"), ("2018", "2019", "2020"), (" 2018", "2 ", "2020"), ('"1"', '"2019"', '"3"'), ("1.0", "2.0", "3."),
        ("2018.0", "2019.00", "3"),
    ],
)
def test_years_are_numbers_or_labels(tmp_path, years):
    """A year is its number in the contract or its label, also one beside the other."""
    rows = settled(REMEMBERS, tmp_path, "case,year,x\n" + "".join(f"a,{year},10\n" for year in years))
    assert [row["pay"] for row in rows] == ["20", "30", "40"]
    assert [row["total"] for row in rows] == ["10", "20", "30"]


def test_financial_years_are_labels(tmp_path):
    """Where the first year is a financial year the labels are."""
    contract = contract_of(PAY, first_year="2018/19")
    rows = settled(contract, tmp_path, "case,year,x\na,2020/21,1\na,1,1\n")
    assert [row["pay"] for row in rows] == ["4", "2"]
    error = refused(contract, tmp_path, "year,x\n2018,1\n")
    assert (error.key, error.value, error.nearest) == ("year", 2018, "2018/19") or error.value == "2018"


@pytest.mark.parametrize(
    "year",
    ["0", "4", "-1", "1.5", "1.01", "4.0", "2021.0", "1.0.0", ".0", "١.0", "2021", "2018/19", "²", "١", "first", "true",
     "10000000000000000000000", "1e9"],
)  # fmt: skip
def test_a_year_beyond_the_term_is_refused(tmp_path, year):
    """What is no year of the contract is refused with its row, and the contract's years are named."""
    error = refused(PLAIN, tmp_path, f"case,year,x\na,1,1\nb,{year},1\n")
    assert (error.message, error.key, error.expected) == (
        "row 2 is no year of the contract",
        "year",
        "1 to 3, or 2018 to 2020",
    )


def test_an_empty_year_is_refused(tmp_path):
    """A cell without a year is refused with its row."""
    assert refused(PLAIN, tmp_path, "case,year,x\na,1,1\nb,,1\n").message == "row 2 has no year"
    assert refused(PLAIN, tmp_path, "case,year,x\na,,1\n").key == "year"


@pytest.mark.parametrize("again", ["1", "2018"])
def test_a_year_that_stands_twice_in_a_case_is_refused(tmp_path, again):
    """One case has each year once, whichever way it is written; another case may have it as well."""
    error = refused(PLAIN, tmp_path, f"case,year,x\na,1,1\nb,1,1\na,{again},1\n")
    assert (error.message, error.key) == ("row 3 repeats a year of its case", "year")


def test_a_gap_is_refused_where_a_clause_remembers(tmp_path):
    """A case that leaves out a year, or begins late, is refused where a clause remembers, and settled where none does."""
    for years, row in ((("1", "3"), 2), (("2", "3"), 1)):
        text = "case,year,x\n" + "".join(f"a,{year},1\n" for year in years)
        error = refused(REMEMBERS, tmp_path, text)
        assert error.message == f"row {row}: the year before it is missing, and total remembers earlier years"
        assert len(settled(PLAIN, tmp_path, text)) == 2


def test_without_a_year_column_rows_are_years_in_order(tmp_path):
    """Without years the rows of a case are its years from the first, also where cases are mixed."""
    rows = settled(REMEMBERS, tmp_path, "case,x\na,1\nb,10\na,2\nb,20\nb,30\n")
    assert [(row["pay"], row["total"]) for row in rows] == [
        ("2", "1"),
        ("20", "10"),
        ("6", "3"),
        ("60", "30"),
        ("120", "60"),
    ]


def test_without_a_case_column_all_rows_are_one_case(tmp_path):
    """Without cases the rows are one case, and more rows than years are refused with the remedy."""
    assert [row["total"] for row in settled(REMEMBERS, tmp_path, "x\n1\n2\n3\n")] == ["1", "3", "6"]
    error = refused(REMEMBERS, tmp_path, "x\n1\n2\n3\n4\n")
    assert (error.message, error.key) == ("row 4 is year 4 of its case; the contract has 3", "case")


def test_cases_are_told_apart_letter_by_letter(tmp_path):
    """007 and 7 are two cases, as are 1 and 1.0."""
    table = read_table(written(tmp_path, "case,year,x\n007,1,1\n7,1,2\n1,1,3\n1.0,1,4\n"), PLAIN)
    assert table.given.case.tolist() == [0, 1, 2, 3]


# ── entries of clauses ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_blank_cell_leaves_the_contracts_own_number_of_the_year(tmp_path):
    """Where a cell of a clause's entry is empty the contract's own holds, year by year, and stands in the output."""
    rows = settled(PLAIN, tmp_path, "case,year,x,pay.price\na,1,10,\na,2,10,7\na,3,10,\n")
    assert [row["pay"] for row in rows] == ["20", "70", "40"]
    assert [row["pay.price"] for row in rows] == ["2", "7", "4"]


def test_a_column_without_any_cell_leaves_the_contract_as_it_is(tmp_path):
    """A column of a clause's entry with nothing in it changes nothing."""
    assert [row["pay"] for row in settled(PLAIN, tmp_path, "year,x,pay.price\n1,10,\n2,10,\n")] == ["20", "30"]


def test_an_entry_that_a_quantity_gives_needs_every_cell(tmp_path):
    """Where the contract reads an entry from a quantity, an empty cell of its column is refused."""
    rows = settled(GAIN, tmp_path, "case,year,x,y,gain.share_loss\na,1,100,160,0.5\n")
    assert [row["gain"] for row in rows] == ["-25"]
    error = refused(GAIN, tmp_path, "case,year,x,y,gain.share_loss\na,1,100,160,0.5\nb,1,100,160,\n")
    assert error.message == "row 2 is empty here, and the contract takes this entry from rate"
    assert error.key == "gain.share_loss"


def test_a_choice_may_be_given_anew(tmp_path):
    """A column of a choice takes its words, blank for the contract's own, and refuses others with the nearest."""
    text = "case,year,x,y,gain.band\na,1,100,60,first_pound\nb,1,100,60,\nc,1,100,60,net\n"
    rows = settled(GAIN, tmp_path, text)
    assert [row["gain"] for row in rows] == ["20", "15", "15"]
    assert [row["gain.band"] for row in rows] == ["first_pound", "net", "net"]
    error = refused(GAIN, tmp_path, "case,year,x,y,gain.band\na,1,100,60,nett\n")
    assert (error.key, error.value, error.expected, error.nearest) == ("gain.band", "nett", "net, first_pound", "net")


def test_a_choice_by_column_asks_for_what_it_reads(tmp_path):
    """What the contract need not read as it stands has to be there once a column may switch it on."""
    error = refused(GAIN, tmp_path, "year,x,y,gain.quality_scaled\n1,100,60,1\n")
    assert error.key == "score"
    rows = settled(GAIN, tmp_path, "year,x,y,gain.quality_scaled,score\n1,100,60,1,0.5\n")
    assert rows[0]["gain"] == "7.5"


def test_an_entry_keeps_its_bounds_in_a_table(tmp_path):
    """A clause's entry from a table keeps the bounds that it has in a file."""
    error = refused(GAIN, tmp_path, "year,x,y,gain.dead_band\n1,100,60,10\n")
    assert (error.key, error.expected, error.nearest) == (
        "gain.dead_band",
        "from 0 to 0.5 (share)",
        "0.1 (a share, not a percentage)",
    )


def test_a_default_fills_a_column_and_its_blanks(tmp_path):
    """An input with a default may be left out, wholly or cell by cell."""
    assert settled(GAIN, tmp_path, "year,x,y\n1,100,160\n")[0]["gain"] == "-37.5"
    rows = settled(GAIN, tmp_path, "case,year,x,y,rate\na,1,100,160,\nb,1,100,160,1\n")
    assert [row["gain"] for row in rows] == ["-37.5", "-50"]


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a remark", "# one\n# two\n", "\ufeff", "\ufeff# one\n", "   \n \n"]
)
def test_a_file_without_a_table_is_refused(tmp_path, text):
    """An empty file, one of blank lines and one of remarks alone are told from a table without rows."""
    error = refused(PLAIN, tmp_path, text)
    assert error.message == "the table is empty"
    assert "--template" in error.expected


def test_a_header_alone_is_refused(tmp_path):
    """A table has at least one row."""
    assert refused(PLAIN, tmp_path, "# remark\ncase,year,x\n").message == "the table has no rows"


@pytest.mark.parametrize("column", ["case", "year", "x", "note", "header"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path, column):
    """A byte that is not UTF-8 is refused wherever it stands, as is a table in UTF-16."""
    cells = {"case": "a", "year": "1", "x": "1", "note": "n", "header": "h"} | {column: "caf\xe9"}
    header = "case,year,x,note," + ("caf\xe9" if column == "header" else "header")
    text = f"{header}\n{','.join(cells.values())}\n"
    for encoding in ("latin-1", "utf-16"):
        error = refused(PLAIN, tmp_path, text.encode(encoding))
        assert error.message.startswith("the table cannot be read: ")
        assert error.expected == "a UTF-8 CSV file"


def test_a_folder_is_no_table(tmp_path):
    """A folder in the place of a file is refused, whatever its name ends in."""
    for name in ("folder.csv", "folder.parquet"):
        (tmp_path / name).mkdir()
        with pytest.raises(DataError) as caught:
            read_table(tmp_path / name, PLAIN)
        assert str(caught.value.file).endswith(name)


def test_a_file_that_is_not_there_has_a_neighbour(tmp_path):
    """A missing file is refused with the nearest name in its folder; a missing folder is as well."""
    written(tmp_path, "x\n1\n", "cases-2018.csv")
    with pytest.raises(DataError, match="no such file") as caught:
        read_table(tmp_path / "cases-2081.csv", PLAIN)
    assert caught.value.nearest == "cases-2018.csv"
    with pytest.raises(DataError, match="no such file"):
        read_table(tmp_path / "none" / "cases.csv", PLAIN)


def test_remarks_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path):
    """A table may begin with a mark, remarks and blank lines, and have lines that end as on any machine."""
    for text in (
        "\ufeff# one, two\n#\n\n# three\ncase,year,x\n\na,1,5\n\n",
        "# one\r\ncase,year,x\r\na,1,5\r\n",
        "\ufeffcase,year,x\na,1,5",
    ):
        assert [row["pay"] for row in settled(PLAIN, tmp_path, text)] == ["10"]


@pytest.mark.parametrize(
    "text", ["case,year,x,,\na,1,5,,\n", "case,year,x,, \na,1,5,, \n", "case,year,,x,\na,1,,5,\n", 'case,year,x,""\na,1,5,""\n']
)
def test_empty_columns_without_a_name_are_dropped(tmp_path, text):
    """What a spreadsheet leaves behind, a heading without a name over empty cells, is no column."""
    assert list(read_table(written(tmp_path, text), PLAIN).columns) == ["case", "year", "x"]


def test_a_column_without_a_name_that_holds_something_stays(tmp_path):
    """Cells under no heading are carried along; two such columns cannot be told apart."""
    assert read_table(written(tmp_path, ",year,x\n0,1,5\n"), PLAIN).carried == ("",)
    assert refused(PLAIN, tmp_path, "year,x,,\n1,5,7,7\n").message == "a column stands in the table twice"


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_recognised(tmp_path, mark, word):
    """A file with semicolons or tabs is refused with a word on its separator, also where decimals have commas."""
    for cell in ("5", "3,5"):
        error = refused(PLAIN, tmp_path, f"# remark\ncase,year,x\na,1,{cell.replace(',', '.')}\n".replace(",", mark))
        assert error.message == "the table has one column only"
        assert error.expected.endswith(f"this file seems to use {word}")
        assert word in refused(PLAIN, tmp_path, f"case{mark}year{mark}x\na{mark}1{mark}{cell}\n").expected


def test_quoted_cells_may_hold_commas_quotes_and_line_breaks(tmp_path):
    """A case's name may hold anything, and stays apart from its neighbour."""
    rows = settled(PLAIN, tmp_path, 'case,year,x\n"a,\n""b""",1,1\n"a,\nb",1,2\n# c,1,3\n')
    assert [row["case"] for row in rows] == ['a,\n"b"', "a,\nb", "# c"]
    assert [row["pay"] for row in rows] == ["2", "4", "6"]


def test_a_table_may_be_parquet(tmp_path):
    """Numbers, labels and dictionaries of a Parquet file are read as those of a CSV file."""
    columns = {
        "case": pa.array(["a", "a", "b"]).dictionary_encode(),
        "year": ["2018", "2019", "2018"],
        "x": pa.array([1, 2, 3], pa.int32()),
    }
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    table = read_table(tmp_path / "table.parquet", REMEMBERS)
    assert (table.given.case.tolist(), table.given.year.tolist()) == ([0, 0, 1], [0, 1, 0])
    assert table.given.columns["x"].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("column", ["case", "year", "x", "note"])
@pytest.mark.parametrize("cell", [[1], {"a": 1}, b"\xff"], ids=["list", "table", "bytes"])
def test_a_parquet_column_of_no_numbers_and_no_text_is_refused(tmp_path, column, cell):
    """Lists, tables and bytes in a Parquet file are refused by the name of their column."""
    columns = {"case": ["a"], "year": [1], "x": [1.0], "note": ["n"]} | {column: [cell]}
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "table.parquet", PLAIN)
    assert caught.value.key == column


def test_a_spoilt_parquet_file_is_refused(tmp_path):
    """A file that only calls itself Parquet is refused."""
    assert refused(PLAIN, tmp_path, b"PAR1 and no more", "table.parquet").message.startswith("the table cannot be read")


@pytest.mark.parametrize("text", ['case,year,x,note\na,1,1,"n\nb,1,2,m\n', 'x\n"1\n', '"x\n1\n', 'case,x\n"a ""b,1\n'])
def test_a_quote_that_is_not_closed_is_refused(tmp_path, text):
    """A quoted cell without an end would swallow the rows behind it, so the table is refused."""
    assert refused(PLAIN, tmp_path, text).message == "a quoted cell is not closed"


def test_a_column_cannot_switch_on_what_is_not_there(tmp_path):
    """A quantity that a clause reads only once a column gives another entry has to be there all the same."""
    limit = {"id": "limit", "kind": "overall_limit", "most": 9.0, "other_base": "no_such", "of": [{"clause": "pay"}]}
    with pytest.raises(StressTestError) as caught:
        settled(contract_of(PAY, limit), tmp_path, "year,x,limit.most_other\n1,1,2\n")
    assert "other_base" in str(caught.value)
