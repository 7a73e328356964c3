"""`settle` as a user runs it: from the printed header to the settled table, and what is said where something is wrong."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import stresstest
from stresstest.cli import main
from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.settlement.columns import asked_columns, given_columns

pytestmark = pytest.mark.integration
CONFIGS = config_folder(Path(__file__).resolve().parent)
SOURCES = Path(stresstest.__file__).resolve().parents[1]
CONTRACTS = sorted(path.stem for path in (CONFIGS / "contracts").glob("*.toml"))
TOWER = "reinsurance-tower"
TABLE = """case,year,premium,losses,largest_event
mild,1,1000000,600000,0
mild,2,1000000,700000,0
hard,1,1000000,1300000,400000
"""
CONTRACT = """schema_version = 1
title = "A fee and a rate"
price_basis = "cash"
first_year = "2018/19"
years = 2
inputs = [{ name = "people", unit = "persons", doc = "people served", low = 0.0 }]
terms = [
  { id = "rate", kind = "formula", value = "100 / people" },
  { id = "fee", kind = "payment", price = 3.0, of = "people" },
]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with a contract of two clauses in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fee.toml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(here, capsys):
    """A run of the program on a table: exit code, standard output, standard error."""

    def start(*words, table=None):
        if table is not None:
            (here / "table.csv").write_text(table, encoding="utf-8")
            words = (*words, "--input", "table.csv")
        code = main(["settle", *words])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return start


def rows_of(text):
    """CSV text as rows."""
    return list(csv.DictReader(io.StringIO(text)))


# ── from the header to the settlement ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_template_of_every_shipped_contract_settles_once_filled_in(run, here, name):
    """The header that a contract prints, filled in with one row a year, settles and gives every column that was announced."""
    code, text, told = run(name, "--template")
    assert (code, told) == (0, "")
    *remarks, header = text.splitlines()
    assert all(line.startswith("#") for line in remarks)
    contract = load_contract(name, CONFIGS)
    middle = {c.name: min(max(1.0, c.low), c.high) for c in asked_columns(contract)}
    names = next(csv.reader([header]))
    lines = [["a", str(year + 1), *(repr(middle[key]) for key in names[2:])] for year in range(contract.years)]
    filled = text + "".join(",".join(line) + "\n" for line in lines)
    code, out, told = run(name, table=filled)
    assert code == 0, told
    rows = rows_of(out)
    assert len(rows) == contract.years
    assert list(rows[0]) == [*names, *(column.name for column in given_columns(contract))]
    for row in rows:
        nets = [float(value) for key, value in row.items() if key.startswith("net.")]
        assert sum(nets) == pytest.approx(0.0, abs=1e-9 * max(1.0, *map(abs, nets)))


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_columns_of_every_shipped_contract_are_printed(run, name):
    """`--columns` prints every column in and out with its unit."""
    code, text, _ = run(name, "--columns")
    contract = load_contract(name, CONFIGS)
    assert code == 0
    assert all(f"| in: `{c.name}` | {c.unit} |" in text for c in asked_columns(contract))
    assert all(f"| out: `{c.name}` | {c.unit} |" in text for c in given_columns(contract))


def test_without_out_the_rows_are_all_that_is_printed(run, here):
    """Without `--out` standard output is the CSV and nothing else; the parties' totals are said aside, unless --quiet."""
    code, out, told = run("fee.toml", table="case,year,people\na,1,10\na,2019/20,20\n")
    assert code == 0
    assert rows_of(out) == [
        {
            "case": "a",
            "year": "1",
            "people": "10",
            "rate": "10",
            "fee": "30",
            "net.commissioner": "-30",
            "net.provider": "30",
        },
        {
            "case": "a",
            "year": "2019/20",
            "people": "20",
            "rate": "5",
            "fee": "60",
            "net.commissioner": "-60",
            "net.provider": "60",
        },
    ]
    assert "commissioner: -90.00" in told.replace("−", "-")
    assert "provider: 90.00" in told
    quiet = run("fee.toml", "--quiet", table="case,year,people\na,1,10\na,2019/20,20\n")
    assert quiet == (0, out, "")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_with_out_the_rows_are_in_the_file(run, here, ending):
    """With `--out` the file holds the rows, standard output names it, and nothing else is left in the folder."""
    code, out, _ = run("fee.toml", "--out", f"settled.{ending}", table="people\n10\n")
    assert (code, out) == (0, f"settled.{ending}\n")
    assert sorted(path.name for path in here.iterdir()) == ["fee.toml", f"settled.{ending}", "table.csv"]
    if ending == "csv":
        assert rows_of((here / "settled.csv").read_text(encoding="utf-8"))[0]["fee"] == "30"
    again = run("fee.toml", "--out", "again.csv", "--input", f"settled.{ending}")
    assert again[0] == 3, "what a settlement gives is not taken for what it asks"


def test_a_shipped_contract_is_found_by_name_from_anywhere(run):
    """A contract of configs/contracts goes by its name, a file by its path."""
    code, out, _ = run(TOWER, table=TABLE)
    assert code == 0
    assert [row["case"] for row in rows_of(out)] == ["mild", "mild", "hard"]
    code, same, _ = run(str(CONFIGS / "contracts" / f"{TOWER}.toml"), table=TABLE)
    assert (code, same) == (0, out)


def test_a_row_may_change_a_clause(run):
    """A column CLAUSE.FIELD gives a clause's number anew in the rows that fill it."""
    own = rows_of(run(TOWER, table=TABLE)[1])
    table = TABLE.replace("largest_event\n", "largest_event,quota_premium.price\n").replace(
        ",400000\n", ",400000,0.5\n"
    )
    table = table.replace(",0\n", ",0,\n")
    code, out, told = run(TOWER, table=table)
    assert code == 0, told
    rows = rows_of(out)
    assert [row["quota_premium"] for row in rows] == ["200000", "200000", "500000"]
    for k in (0, 1):
        assert {key: rows[k][key] for key in own[k]} == own[k]


@pytest.mark.parametrize("change", ["fee.price=4", "contract.fee.price=4.0", "fee.price = [4, 9]"])
def test_a_clause_may_be_changed_from_the_command_line(run, change):
    """`--set` changes an entry of a clause, with or without `contract.`; it may be repeated, and the last one holds."""
    code, out, told = run("fee.toml", "--set", "fee.price=1", "--set", change, table="people\n10\n")
    assert (code, [row["fee"] for row in rows_of(out)]) == (0, ["40"]), told
    code, out, _ = run("fee.toml", "--set", "fee.of=rate", "--set", "title=Other", table="people\n10\n")
    assert (code, rows_of(out)[0]["fee"]) == (0, "30")


def test_a_change_may_ask_for_another_column(run):
    """The printed header is that of the changed contract."""
    _, plain, _ = run("fee.toml", "--template")
    code, changed, _ = run("fee.toml", "--template", "--set", "fee.of=list")
    assert (code, plain.splitlines()[-1], changed.splitlines()[-1]) == (0, "case,year,people", "case,year,people,list")


def test_an_index_may_be_changed(run, here):
    """A rate of growth of the contract is changed by its name."""
    text = CONTRACT.replace("price = 3.0", 'price = { value = 3.0, index = "pay" }').replace("years", "indices.pay = 0.1\nyears")
    (here / "grown.toml").write_text(text, encoding="utf-8")
    code, out, told = run("grown.toml", "--set", "indices.pay=1", table="people\n10\n10\n")
    assert (code, [row["fee"] for row in rows_of(out)]) == (0, ["30", "60"]), told


BAD_CHANGES = {
    "fe.price=1": ("the contract has no such clause", "--set contract.fe", "fee"),
    "contract.fe.price=1": ("the contract has no such clause", "--set contract.fe", "fee"),
    "fee.prise=1": ("unknown key", "terms[2].prise", "price"),
    "fee.price=many": ("no such quantity", "terms[2].price", ""),
    "fee.price=-1e99": ("out of range", "terms[2].price", ""),
    "fee=1": ("a clause's entry is written contract.CLAUSE.ENTRY=value", "--set", ""),
    "contract=other": ("a clause's entry is written contract.CLAUSE.ENTRY=value", "--set", ""),
    "place.fee.price=1": ("a clause's entry is written contract.CLAUSE.ENTRY=value", "--set", ""),
    "futures=9": ("a clause's entry is written contract.CLAUSE.ENTRY=value", "--set", ""),
    "axes.x=9": ("the contract has no such clause", "--set contract.axes", ""),
    "fee.price": ("a change is written key=value", "--set", ""),
    "years=many": ("this should be a whole number", "years", ""),
}


@pytest.mark.parametrize("change", BAD_CHANGES)
@pytest.mark.parametrize("verb", ["settle", "check"])
def test_a_change_that_fits_nothing_is_refused(here, capsys, verb, change):
    """Exit code 2, the place and the nearest right answer, from `settle` and from `check`."""
    message, key, near = BAD_CHANGES[change]
    (here / "table.csv").write_text("people\n10\n", encoding="utf-8")
    more = ["--input", "table.csv"] if verb == "settle" else []
    assert main([verb, "fee.toml", *more, "--set", change]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert told.startswith(f"stresstest: {message}")
    assert f"  key:      {key}\n" in told
    assert not near or f"did you mean: {near}\n" in told


def test_a_changed_contract_is_checked(here, capsys):
    """`check` looks at the contract as it is after the change."""
    assert main(["check", "fee.toml", "--set", "years=1"]) == main(["check", "fee.toml", "--set", "contract.years=1"]) == 0
    assert "years: 1\n" in capsys.readouterr().err


def test_what_is_not_read_is_said_aside(run):
    """Columns that are carried along are named on standard error, unless --quiet."""
    table = "case,year,people,site,note\na,1,10,north,n\n"
    code, out, told = run("fee.toml", table=table)
    assert (code, rows_of(out)[0]["site"]) == (0, "north")
    assert told.startswith("carried along, not read: site, note\n")
    assert run("fee.toml", "--quiet", table=table) == (0, out, "")
    assert "carried" not in run("fee.toml", table="people\n10\n")[2]


def test_a_contract_extends_the_one_beside_it(run, here):
    """A user's own folder needs no configs/."""
    (here / "more.toml").write_text('extends = "fee"\ntitle = "More"\nterms = [{ id = "fee", price = 5.0 }]\n', encoding="utf-8")
    for name in ("more.toml", f"{here}/more.toml"):
        code, out, told = run(name, table="people\n10\n")
        assert (code, rows_of(out)[0]["fee"]) == (0, "50"), told
    assert main(["check", "more.toml"]) == 0


# ── what a user gets wrong ──────────────────────────────────────────────────────────────────────────────────────────

BAD_TABLES = {
    "no such column": ("case,year,persons\na,1,1\n", "the table lacks a column", "people"),
    "text for a number": ("people\nmany\n", "row 1 holds no number here", "people"),
    "an empty cell": ("case,people\na,1\nb,\n", "row 2 is empty here", "people"),
    "below the bound": ("people\n-1\n", "row 1 is out of range", "people"),
    "no year of the contract": ("year,people\n2016,1\n", "row 1 is no year of the contract", "year"),
    "a year twice": ("year,people\n1,1\n2018/19,1\n", "row 2 repeats a year of its case", "year"),
    "a misspelt entry": ("people,fee.prise\n1,1\n", "neither a quantity nor an entry of a clause", "fee.prise"),
    "a number that is none": (
        "people\n1\n0\n",
        "case the only case, contract year 2 (row 2) gives no finite number",
        "rate",
    ),
    "other capitals": ("People\n1\n", "a column's name is written with other capitals", "People"),
    "cases for case": ("cases,people\na,1\n", "this column would be carried along, not read", "cases"),
    "semicolons": ("case;people\na;1\n", "the table has one column only", "case;people"),
    "nothing": ("", "the table is empty", ""),
    "remarks alone": ("# one\n", "the table is empty", ""),
    "a header alone": ("people\n", "the table has no rows", ""),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_is_refused_with_its_place(run, here, name):
    """Exit code 3, one message with file, column and remedy, nothing on standard output, and no file written."""
    table, message, key = BAD_TABLES[name]
    code, out, told = run("fee.toml", "--out", "settled.csv", table=table)
    assert (code, out) == (3, "")
    assert told.startswith(f"stresstest: {message}")
    assert f"  key:      {key}\n" in told if key else "  expected: " in told
    assert "table.csv" in told
    assert sorted(path.name for path in here.iterdir()) == ["fee.toml", "table.csv"]


BAD_COMMANDS = {
    "no contract of this name": (("no-such-contract", "--template"), "there is no contract file of this name"),
    "no such path": (("none.toml", "--template"), "no such file"),
    "nothing to settle": (("fee.toml",), "there is nothing to settle"),
    "a spreadsheet to write": (
        ("fee.toml", "--input", "good.csv", "--out", "out.xlsx"),
        "a settlement is written as CSV or Parquet",
    ),
    "a folder that is not there": (
        ("fee.toml", "--input", "good.csv", "--out", "none/out.csv"),
        "the settlement cannot be written",
    ),
    "its own table": (
        ("fee.toml", "--input", "good.csv", "--out", "./good.csv"),
        "the settlement would be written over its own table",
    ),
    "a spoilt contract": (("spoilt.toml", "--template"), "not valid TOML"),
    "a contract with a bad clause": (("bad.toml", "--template"), "unknown key"),
    "no contract at all": ((), ""),
}


@pytest.mark.parametrize("name", BAD_COMMANDS)
def test_a_bad_command_or_contract_is_refused(run, here, name):
    """Exit code 2, a message that says what and where, nothing on standard output, and nothing written."""
    (here / "good.csv").write_text("people\n1\n", encoding="utf-8")
    (here / "spoilt.toml").write_text('title = "', encoding="utf-8")
    (here / "bad.toml").write_text(CONTRACT.replace("price = 3.0", "price = 3.0, prise = 3.0"), encoding="utf-8")
    before = sorted(path.name for path in here.iterdir())
    words, message = BAD_COMMANDS[name]
    code, out, told = run(*words)
    assert (code, out) == (2, "")
    assert message in told
    assert sorted(path.name for path in here.iterdir()) == before


def test_a_table_that_is_not_there_is_refused(run, here):
    """A missing table is bad data, with the nearest name; so is a folder."""
    (here / "cases.csv").write_text("people\n1\n", encoding="utf-8")
    code, out, told = run("fee.toml", "--input", "case.csv")
    assert (code, out) == (3, "")
    assert "no such file" in told
    assert "did you mean: cases.csv" in told
    assert run("fee.toml", "--input", ".")[0] == 3


@pytest.mark.parametrize(
    "bad", [b"case,people\n\xe9,1\n", b"people\n\x00\n", b"people,people\n1,1\n", b'people\n"1\n', b"\xff\xfep\x00"]
)
def test_the_program_itself_shows_no_traceback(here, bad):
    """Started as a program on bytes that are no table it ends with code 3 and a message, never with a traceback."""
    (here / "table.csv").write_bytes(bad)
    words = [sys.executable, "-m", "stresstest", "settle", "fee.toml", "--input", "table.csv"]
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCES)}, check=False
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("stresstest: ")
    assert "Traceback" not in done.stderr
    assert "table.csv" in done.stderr


# ── what Medicare paid ──────────────────────────────────────────────────────────────────────────────────────────────


def published():
    """The fifteen published settlements by contract: what went in, and what was paid or owed."""
    with open(CONFIGS / "cases" / "mssp-published.toml", "rb") as handle:
        checks = tomllib.load(handle)["checks"]
    by_contract = {}
    for check in checks:
        (paid,) = (e["value"] for e in check["expect"] if e["column"] == "shared_savings")
        by_contract.setdefault(check["contract"], []).append((check["id"], check["years"][0], paid))
    return by_contract


@pytest.mark.parametrize("contract", published())
def test_the_published_settlements_come_out(run, contract):
    """Tables of the published figures, one for each contract, settle to what Medicare paid or was owed within 0.01%."""
    rows = published()[contract]
    names = [column.name for column in asked_columns(load_contract(contract, CONFIGS)) if column.needed]
    names += sorted({key for _, year, _ in rows for key in year} - set(names))
    lines = [",".join([case, *(repr(year[key]) if key in year else "" for key in names)]) for case, year, _ in rows]
    code, out, told = run(contract, "--quiet", table="\n".join([",".join(["case", *names]), *lines]) + "\n")
    assert code == 0, told
    for row, (case, _, paid) in zip(rows_of(out), rows, strict=True):
        assert row["case"] == case
        assert float(row["shared_savings"]) == pytest.approx(paid, rel=1e-4, abs=0.5)
        assert float(row["net.provider"]) == float(row["shared_savings"])


def test_all_fifteen_published_settlements_are_tried():
    """Fifteen rows of five contracts are behind the test before."""
    assert sum(len(rows) for rows in published().values()) == 15
    assert len(published()) == 5
