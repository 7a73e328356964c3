"""What a settlement writes, and that it writes it whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv
from settled_tables import PAY, TOTAL, contract_of, input_of, rows_of, settled, written

from stresstest.errors import ConfigError, DataError, RunError
from stresstest.settlement.engine import Given, Settlement
from stresstest.settlement.output import settle_file, settled_columns, write_settlement
from stresstest.settlement.table import Table

pytestmark = pytest.mark.unit

CONTRACT = contract_of(PAY, TOTAL)
TABLE = "case,year,x\na,1,10\na,2,20\n"


def test_columns_are_carried_along_as_they_stood(tmp_path):
    """What the table holds beside the contract's columns comes out letter for letter, and first."""
    cells = {
        "code": "007",
        "note": '"a, ""b"""',
        "date": "2018-04-01",
        "time": "2018-04-01 00:00",
        "size": "1e3",
        "none": "",
        "so": "true",
    }
    text = f"case,{','.join(cells)},year,x\n01,{','.join(cells.values())},2018,1\n"
    (row,) = settled(CONTRACT, tmp_path, text)
    assert list(row)[:10] == ["case", *cells, "year", "x"]
    assert (row["case"], row["year"]) == ("01", "2018")
    assert {name: row[name] for name in cells} == {**cells, "note": 'a, "b"'}


def test_rows_come_out_in_the_tables_order(tmp_path):
    """The output has the table's rows in the table's order."""
    rows = settled(CONTRACT, tmp_path, "case,year,x\nb,2,1\na,1,5\nb,1,2\n")
    assert [(row["case"], row["year"], row["total"]) for row in rows] == [
        ("b", "2", "3"),
        ("a", "1", "5"),
        ("b", "1", "2"),
    ]


def test_numbers_come_out_in_full(tmp_path):
    """A number that is written and read again is the same number."""
    contract = contract_of({**PAY, "price": 1.0 / 3.0})
    (row,) = settled(contract, tmp_path, "year,x\n1,0.1\n")
    assert float(row["pay"]) == 1.0 / 3.0 * 0.1


def test_parquet_goes_in_and_comes_out(tmp_path):
    """A Parquet table gives the numbers of the same CSV table, and comes out as Parquet where that is asked for."""
    pq.write_table(pa.table({"case": ["a", "a"], "year": [1, 2], "x": [10, 20]}), tmp_path / "in.parquet")
    totals = settle_file(CONTRACT, tmp_path / "in.parquet", tmp_path / "out.parquet")
    columns = pq.read_table(tmp_path / "out.parquet").to_pydict()
    assert columns["pay"] == [20.0, 60.0]
    assert (columns["total"], columns["case"], columns["year"]) == ([10.0, 30.0], ["a", "a"], [1, 2])
    assert totals == {"commissioner": -80.0, "provider": 80.0}
    assert [row["pay"] for row in settled(CONTRACT, tmp_path, TABLE)] == ["20", "60"]


def test_without_a_file_the_rows_are_printed(tmp_path, capsys):
    """Without a name the rows go to standard output as CSV, and nowhere else."""
    path = written(tmp_path, TABLE)
    settle_file(CONTRACT, path, None)
    assert [row["pay"] for row in rows_of(capsys.readouterr().out)] == ["20", "60"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_settlement_is_not_written_over_its_own_table(tmp_path):
    """The table stays as it was, whichever way its name is written."""
    path = written(tmp_path, TABLE)
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "in").mkdir()
    for out in (path, tmp_path / "link.csv", tmp_path / "in" / ".." / "table.csv"):
        with pytest.raises(ConfigError) as caught:
            settle_file(CONTRACT, path, out)
        assert (caught.value.key, caught.value.value) == ("--out", str(out))
        assert caught.value.message == "the settlement would be written over its own table"
    assert path.read_text(encoding="utf-8") == TABLE


@pytest.mark.parametrize(
    ("header", "said"),
    [("case,year,x", []), ("case,year,x,note,", ["carried along, not read: note"]),
     (",year,x,site,note", ["carried along, not read: (a column without a name), site, note"])],
)  # fmt: skip
def test_what_is_carried_along_is_said(tmp_path, header, said):
    """Columns that nobody reads are named, once and in order."""
    heard = []
    row = "a,1,10,n,m"[: 2 * header.count(",") + 2] if not header.endswith(",") else "a,1,10,n,"
    settle_file(CONTRACT, written(tmp_path, f"{header}\n{row}\n"), tmp_path / "out.csv", heard.append)
    assert heard == said


@pytest.mark.parametrize("value", ["1 / x", "log(x)", "sqrt(x - 1)", "x ** -1", "exp(800 - 800 * x)"])
def test_a_number_that_is_none_is_refused_with_case_year_and_clause(tmp_path, value):
    """A formula without a value is refused with the row, the case, the contract year and the clause."""
    text = "case,year,x\na,1,1\nb,1,0\n"
    contract = contract_of({"id": "rate", "kind": "formula", "value": value}, {**PAY, "of": "rate"})
    out = tmp_path / "out.csv"
    with pytest.raises(DataError) as caught:
        settle_file(contract, written(tmp_path, text), out)
    assert caught.value.message == "case b, contract year 1 (row 2) gives no finite number"
    assert caught.value.key in ("rate", "pay")
    assert not out.exists()


def test_a_number_that_is_none_names_the_first_clause_without_a_case(tmp_path):
    """Where no case is named the message says so; a contract year counts from 1."""
    contract = contract_of({"id": "inverse", "kind": "formula", "value": "1 / x"})
    with pytest.raises(DataError) as caught:
        settle_file(contract, written(tmp_path, "x\n1\n2\n0\n"), None)
    assert caught.value.message == "case the only case, contract year 3 (row 3) gives no finite number"
    assert caught.value.key == "inverse"
    assert caught.value.expected.startswith("a finite number")


def test_a_figure_without_a_value_spoils_its_own_row_alone(tmp_path):
    """What one row cannot say is no matter for the clauses that do not read it."""
    contract = contract_of(
        {"id": "inverse", "kind": "formula", "value": "ratio(1, x)"}, {**PAY, "of": "net.provider", "id": "none"}, PAY
    )
    rows = settled(contract, tmp_path, "case,year,x\na,1,0\nb,1,4\n")
    assert [(row["inverse"], row["pay"], row["none"]) for row in rows] == [("0", "0", "0"), ("0.25", "8", "0")]


def test_balances_that_do_not_close_are_refused():
    """A settlement whose balances do not add to nothing is never written."""
    given = Given(np.array([0]), np.array([0]), {})
    open_books = Settlement(
        {"pay": np.array([5.0])}, {}, {"commissioner": np.array([-5.0]), "provider": np.array([5.1])}
    )
    with pytest.raises(RunError, match="do not add to zero"):
        settled_columns(contract_of(PAY), Table(given, {}, ()), open_books)


# ── whole or not at all ─────────────────────────────────────────────────────────────────────────────────────────────


def refused(out: Path, folder: Path) -> ConfigError:
    """The error of a settlement that cannot be written to `out`."""
    with pytest.raises(ConfigError) as caught:
        settle_file(CONTRACT, written(folder, TABLE), out)
    assert caught.value.exit_code == 2
    assert (caught.value.key, caught.value.value) == ("--out", str(out))
    return caught.value


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_missing_folder_leaves_nothing(tmp_path, name):
    """Where the folder is not there it is not made, and nothing is left behind."""
    refused(tmp_path / "none" / name, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_file_in_the_place_of_a_folder_leaves_nothing(tmp_path, name):
    """A path through a file, a name that is too long and a folder of that name are refused, and leave nothing."""
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    (tmp_path / name).mkdir()
    for out in (tmp_path / "file" / name, tmp_path / ("x" * 250 + name), tmp_path / name):
        refused(out, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["file", name, "table.csv"])
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_read_only_folder_leaves_nothing(tmp_path, name):
    """Where the folder may not be written to nothing is left behind."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        refused(folder / name, tmp_path)
        assert not list(folder.iterdir())
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_disk_that_fills_half_way_leaves_what_was_there(tmp_path, monkeypatch, name, number):
    """Where writing fails half-way, an earlier file of that name stays as it was and no draft is left."""
    out = tmp_path / name
    out.write_text("earlier", encoding="utf-8")

    def half(table, path, *rest, **more):
        Path(path).write_text("half a ta", encoding="utf-8")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(csv, "write_csv", half)
    monkeypatch.setattr(pq, "write_table", half)
    error = refused(out, tmp_path)
    assert os.strerror(number) in error.message
    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "table.csv"])


def test_a_folder_that_refuses_the_last_step_keeps_no_draft(tmp_path, monkeypatch):
    """Where the draft cannot take its name, it goes."""

    def never(source, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "replace", never)
    refused(tmp_path / "out.csv", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz", ".csv"])
def test_only_csv_and_parquet_are_written(tmp_path, name):
    """Any other ending is refused."""
    assert "csv or .parquet" in (refused(tmp_path / name, tmp_path).expected or "")


def test_columns_of_any_kind_can_be_written(tmp_path):
    """Arrays and columns of text are written side by side."""
    write_settlement({"case": pa.array(["a", None]), "pay": np.array([1.5, -0.0])}, tmp_path / "out.csv")
    assert rows_of((tmp_path / "out.csv").read_text(encoding="utf-8")) == [
        {"case": "a", "pay": "1.5"},
        {"case": "", "pay": "-0"},
    ]
    assert input_of("x")["unit"] == "GBP"
