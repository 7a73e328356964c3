"""The verbs of advice as a user meets them: a run or a table in; answer, tables and page out; kind refusals, nothing left."""

from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import pytest

from stresstest import advice_verbs
from stresstest.advice.drafts import constant_levels, parse_variant, variant_run, variant_study
from stresstest.advice.result import uniform
from stresstest.cli import main
from stresstest.errors import ConfigError
from stresstest.futures.resampling import key_of, uniforms
from stresstest.report.advice_source import AdviceSource
from stresstest.strategy import Strategy

pytestmark = pytest.mark.integration


@pytest.fixture
def table(tmp_path):
    """A CSV file of 2,000 rows: y is 1 where a is high and b low, c plays no part, words are left alone."""
    a, b, c = uniforms(key_of("test/advice verbs"), 3, 2000)
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["a", "b", "c", "word", "y"])
        writer.writerows([*row, "x", int(row[0] > 0.7 and row[1] < 0.5)] for row in zip(a, b, c, strict=True))
    return path


@pytest.mark.parametrize("verb", ["discover", "risks"])
def test_a_run_gives_answer_tables_and_page(verb, small_folder, tmp_path, capsys):
    """The answer goes to stdout with the page's path; tables have their rows; every figure has its picture and its numbers."""
    out = tmp_path / "out"
    assert main([verb, str(small_folder), "--out", str(out), "--quiet"]) == 0
    told = capsys.readouterr().out
    source = AdviceSource(out)
    assert source.record["question"] in told
    assert source.record["answer"][0][:60] in told
    assert told.splitlines()[-1] == str(out / "index.html")
    assert source.record["tables"]
    assert all(source.rows(name) for name in source.record["tables"])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "nan" not in page.lower().split()
    for figure in (out / "figures").glob("*.svg"):
        assert figure.with_suffix(".csv").is_file()
        assert figure.with_suffix(".png").is_file()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_analysis_of_a_run_stands_in_its_folder_and_its_report_tells_of_it(small_folder, tmp_path, capsys):
    """Without --out an analysis goes to RUN/advice/VERB, takes the place of an earlier one, and leaves the run's hashes alone."""
    folder = tmp_path / "run"
    shutil.copytree(small_folder, folder)
    for _ in range(2):
        assert main(["compare", str(folder), str(folder), "--quiet"]) == 0
    assert (folder / "advice" / "compare" / "index.html").is_file()
    assert sorted(path.name for path in (folder / "advice").iterdir()) == ["compare"]
    assert main(["verify", str(folder)]) == 0
    capsys.readouterr()


def test_a_run_against_itself_differs_by_nothing(small_folder, tmp_path):
    """Compared with itself a run gives 0 everywhere, not nearly 0."""
    out = tmp_path / "self"
    assert main(["compare", str(small_folder), str(small_folder), "--out", str(out), "--quiet"]) == 0
    source = AdviceSource(out)
    for name in ("money", "health", "scores"):
        for row in source.rows(name):
            assert {value for key, value in row.items() if key.startswith("difference_")} == {0.0}
    assert {row["difference_probability"] for row in source.rows("chances")} == {0.0}


def test_a_variant_lives_the_same_futures(small_source, tmp_path):
    """A variant changes the contract alone: where the change is none its run is the run; nature cannot be changed."""
    same = variant_run(small_source, "same", ("contract.ending.reserve=5e6",), tmp_path, keep=True)
    ours, theirs = small_source.live(300), same.live(300)
    np.testing.assert_array_equal(ours, theirs)
    changed = variant_study(small_source, ("contract.gain_loss_share.dead_band=0.05",))
    assert changed.contract.first("gain_loss_share").at(0)["dead_band"] == 0.05
    assert changed.law.table.tolist() == small_source.study.law.table.tolist()
    with pytest.raises(ConfigError):
        variant_study(small_source, ("axes.economy.sd=0.1",))
    with pytest.raises(ConfigError):
        variant_study(small_source, ("contract.gain_loss_share.dead_bond=0.05",))


def test_a_variant_has_a_form():
    """NAME: KEY=VALUE; KEY=VALUE; anything else is refused with an example. Levels that change by year are kept as they are."""
    assert parse_variant("wider: a.b=1; c.d=2") == ("wider", ("a.b=1", "c.d=2"))
    for text in ("wider", "wider:", ": a=1"):
        with pytest.raises(ConfigError) as refused:
            parse_variant(text)
        assert "dead_band" in str(refused.value)
    assert constant_levels(Strategy("s", {"effort": (0.5, 0.5)})) == {"effort": 0.5}
    assert constant_levels(Strategy("s", {"effort": (0.5, 0.6)})) is None


@pytest.mark.parametrize("verb", ["sensitivity", "discover"])
def test_a_plain_table_is_explained(verb, table, tmp_path, capsys):
    """A table whose cause is known gives its cause, as JSON for programs too."""
    assert main([verb, str(table), "--result", "y", "--json", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    if verb == "sensitivity":
        effects = {row["input"]: row["share"] for row in told["tables"]["effects"]}
        assert min(effects["a"], effects["b"]) > 0.2 > 0.05 > abs(effects["c"])
    else:
        assert {row["factor"] for row in told["tables"]["limits"] if row["box"] == 1 and row["kind"] == "box"} == {"a", "b"}
    assert (tmp_path / "out" / "index.html").is_file()


BAD = [
    (["discover", "no-such-study"], "dudley", 2),
    (["discover", "{run}", "--failure", "walk_away"], "walks_away", 2),
    (["discover", "{run}", "--failure", "health_qaly_npv < -1e9"], "", 2),
    (["discover", "{run}", "--scenario", "calibratd"], "calibrated", 2),
    (["discover", "{run}", "--set", "seed=3"], "compare", 2),
    (["discover", "{table}"], "--result", 2),
    (["discover", "{table}", "--result", "a"], "--above", 2),
    (["discover", "{table}", "--result", "z"], "z", 2),
    (["reverse", "{table}"], "run folder", 2),
    (["discover", "{table}", "--result", "y,a"], "one result", 2),
    (["discover", "{table}", "--result", "y", "--failure", "walks_away"], "does not read", 2),
    (["discover", "{table}", "--result", "c", "--above", "nan"], "a number", 2),
    (["sensitivity", "{run}", "--result", "y"], "does not read", 2),
    (["discover", "{run}", "--failure", "health_qaly_npv > 1.2.3"], "comparison", 2),
    (["breakeven", "{run}", "--target", "walks_away <= 0.1.2"], "walks_away <= 0.1", 2),
    (["risks", "{run}", "--jobs", "0"], "1 or more", 2),
    (["risks", "{altered}"], "another version", 3),
    (["risks", "{older}"], "older version", 3),
    (["compare", "{run}"], "--variant", 2),
    (["compare", "{run}", "{other}"], "seed", 2),
    (["compare", "{run}", "{run}", "--against", "dudley"], "dudley-5.5bn (2)", 2),
    (["compare", "{run}", "--variant", "wide: contract.gain_loss_share.dead_bond=0.1"], "“wide”", 2),
    (["risks", "{empty}"], "", 3),
]


@pytest.fixture(scope="module")
def other(tmp_path_factory, make_run):
    """A run of the same study with another seed."""
    return make_run(tmp_path_factory.mktemp("other"), ("seed=7",), 300)


@pytest.fixture(scope="module")
def altered(small_folder, tmp_path_factory):
    """A copy of the run whose surplus is a pound more in every row."""
    return _with_column(small_folder, tmp_path_factory.mktemp("altered") / "run", "outcomes", "provider_surplus_npv_gbp", 1.0)


@pytest.fixture(scope="module")
def older(small_folder, tmp_path_factory):
    """A copy of the run whose table outcomes lacks a column that this version has."""
    return _with_column(small_folder, tmp_path_factory.mktemp("older") / "run", "outcomes", "health_qaly_npv", None)


def _with_column(source, folder, table, name, more):
    """A copy of a run with a column of a table changed by `more`, or taken out where it is None."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    shutil.copytree(source, folder)
    for path in (folder / "tables" / table).rglob("*.parquet"):
        rows = pq.read_table(path)
        k = rows.column_names.index(name)
        field = rows.schema.field(k)
        rows = rows.remove_column(k) if more is None else rows.set_column(k, field, pc.add(rows.column(k), more))
        pq.write_table(rows, path)
    return folder


@pytest.mark.parametrize(("words", "told", "code"), BAD, ids=[" ".join(words) for words, *_ in BAD])
def test_bad_input_is_refused_kindly(words, told, code, small_folder, other, altered, older, table, tmp_path, capsys):
    """Exit code 2 for usage, 3 for data; the message names what was wrong and what would be right; nothing is written."""
    (tmp_path / "empty").mkdir()
    runs = {"run": small_folder, "other": other, "altered": altered, "older": older}
    places = {**runs, "table": table, "empty": tmp_path / "empty"}
    before = sorted(tmp_path.iterdir())
    assert main([*(word.format(**places) for word in words), "--out", str(tmp_path / "out"), "--quiet"]) == code
    said = capsys.readouterr()
    assert told in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("words", [["risks", "{run}"], ["compare", "{run}", "{run}"]], ids=["risks", "compare"])
def test_an_occupied_folder_is_left_alone(words, small_folder, tmp_path, capsys):
    """--out names a new folder; one with something in it is refused before any work, and nothing in it is touched."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main([*(word.format(run=small_folder) for word in words), "--out", str(tmp_path), "--quiet"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert "not empty" in capsys.readouterr().err


def test_a_folder_that_filled_up_meanwhile_is_left_alone(small_folder, tmp_path, monkeypatch, capsys):
    """What somebody puts into the folder while the analysis runs stays there; the analysis is refused and leaves nothing."""
    out = tmp_path / "out"
    monkeypatch.setattr(advice_verbs, "_free", lambda _: out.mkdir() or (out / "mine.txt").write_text("mine"))
    assert main(["compare", str(small_folder), str(small_folder), "--out", str(out), "--quiet"]) == 2
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert "not empty" in capsys.readouterr().err


def test_rows_that_lack_columns_are_padded():
    """A table's rows all get the columns of any of them: a first row without a finding loses none of the others' figures."""
    assert uniform([{"a": 1}, {"a": 2, "b": 3.0}]) == [{"a": 1, "b": None}, {"a": 2, "b": 3.0}]
