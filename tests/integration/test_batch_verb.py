"""`stresstest batch` as a user has it: plan, run, table, and going on after it was killed at any moment."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import stresstest
from stresstest.batches.record import load_batch
from stresstest.batches.verify import verify_batch
from stresstest.cli import main
from stresstest.config.batch_file import read_batch
from stresstest.layout import EXIT_CAUSES, EXIT_FIRST_ADVERSE
from stresstest.measures.case_figures import figures
from stresstest.results.folder import PARTIAL
from stresstest.results.manifest import load_manifest

pytestmark = pytest.mark.integration

SOURCES = Path(stresstest.__file__).resolve().parents[1]
FILE = """schema_version = 1
title = "Small"
futures = 60
changes = ["scenarios=['calibrated']"]
strategies = ["honest", "gamed"]
[grid]
place = ["Dudley", "Stockport", "Leeds", "Camden", "E06000053"]
seed = [1, 2]
[[strategy]]
name = "honest"
levels = { effort = 0.75, prevention = 1.0, efficiency = 0.5 }
[[strategy]]
name = "gamed"
levels = { effort = 0.75, prevention = 1.0, efficiency = 0.5, upcoding = 0.08 }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a batch file."""
    place = tmp_path_factory.mktemp("batches")
    (place / "small.toml").write_text(FILE, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def done(folder):
    """(exit code, folder) of the batch, run without interruption."""
    code = main(["batch", str(folder / "small.toml"), "--out", str(folder / "whole"), "--quiet"])
    (found,) = [path for path in (folder / "whole").iterdir() if not path.name.startswith(".")]
    return code, found


def test_the_plan_is_told_and_nothing_is_run(folder, capsys):
    """--plan prints cases, futures, strategies, time and bytes, and makes no folder."""
    assert main(["batch", str(folder / "small.toml"), "--plan", "--out", str(folder / "plan")]) == 0
    told = capsys.readouterr().out
    assert "Small: 10 cases, 610 futures, strategies gamed, honest (1,220 futures lived); about" in told
    assert "stockport-seed-2: 61 futures; honest, gamed" in told
    assert not (folder / "plan").exists()
    assert main(["batch", str(folder / "small.toml"), "--plan", "--json", "--only", "leeds*", "--futures", "9"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(case["case"], case["futures"]) for case in found["cases"]] == [("leeds-seed-1", 10), ("leeds-seed-2", 10)]
    assert found["bytes"] > 0 < found["seconds"]


def test_the_batch_leaves_runs_and_a_table(done):
    """Four places are run under two seeds; the Isles of Scilly are too few and are named; the exit code says so."""
    code, found = done
    assert code == 1
    record = load_batch(found)
    assert sorted(path.name for path in (found / "cases").iterdir()) == sorted(
        f"{place}-seed-{seed}" for place in ("dudley", "stockport", "leeds", "camden") for seed in (1, 2))  # fmt: skip
    assert [case["name"] for case in record["cases"] if case["status"] == "failed"] == [
        "isles-of-scilly-seed-1", "isles-of-scilly-seed-2",
    ]  # fmt: skip
    with (found / "cases.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 18
    assert {row["place"] for row in rows if row["reason"]} == {"Isles of Scilly"}
    assert "too few people" in next(row["reason"] for row in rows if row["reason"])
    assert all(check.ok for check in verify_batch(found))


def test_differences_are_taken_where_futures_are_shared(done):
    """Against the first case: in the same seed future by future, exactly; in another seed not at all."""
    _, found = done
    first, other, seed = (found / "cases" / name for name in ("dudley-seed-1", "leeds-seed-1", "leeds-seed-2"))
    row = figures(other, first)[0]
    plain = figures(other, None)[0]
    base = figures(first, None)[0]
    assert row["mean_surplus_more_gbp"] == pytest.approx(plain["mean_surplus_gbp"] - base["mean_surplus_gbp"], rel=1e-9)
    assert 0.0 < row["mean_surplus_more_error_gbp"] < plain["mean_surplus_error_gbp"] + base["mean_surplus_error_gbp"]
    assert all(value != value for key, value in figures(seed, first)[0].items() if "_more" in key)
    assert plain["p_exit_losses"] == pytest.approx(_share_ended_by_losses(other))


def _share_ended_by_losses(folder):
    """The share of honest futures that end by losses, counted."""
    import pyarrow.dataset as data

    table = data.dataset(folder / "tables" / "outcomes", format="parquet").to_table().to_pylist()
    honest = [row for row in table if row["strategy"] == "honest" and row["future"] > 0]
    return sum(row["exit_cause"] in EXIT_CAUSES[EXIT_FIRST_ADVERSE:] for row in honest) / len(honest)


def _start(folder, out, *options):
    """The batch in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-m", "stresstest", "batch", str(folder / "small.toml"), "--out", str(out), "--quiet", *options]
    silent: dict[str, int] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parent, **silent)


def _wait_for(out, count, process):
    """Wait until so many cases are finished, or the process is."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if len(list(out.glob(f"{PARTIAL}*/cases/*/manifest.json"))) >= count:
            return
        time.sleep(0.002)


@pytest.mark.parametrize(("backend", "moments"), [("threading", (1, 4)), ("loky", (2,))])
def test_killed_again_and_again_it_comes_to_the_same_hash(folder, done, tmp_path, backend, moments):
    """kill -9 after the first case, and again later; --resume goes on, doubles nothing, and the hash is the same."""
    out, wanted = tmp_path / "killed", load_batch(done[1])["results_hash"]
    for count in moments:
        process = _start(folder, out, "--backend", backend, "--jobs", "2", "--resume")
        _wait_for(out, count, process)
        process.send_signal(signal.SIGKILL)
        _, told = process.communicate()
        assert process.returncode == -signal.SIGKILL, told.decode()
        assert len(list(out.glob(f"{PARTIAL}*"))) == 1
    process = _start(folder, out, "--backend", backend, "--jobs", "2", "--resume")
    _, told = process.communicate()
    assert process.returncode == 1, told.decode()
    (found,) = out.iterdir()
    record = load_batch(found)
    assert record["results_hash"] == wanted
    assert "there already" in [case["status"] for case in record["cases"]]
    assert all(check.ok for check in verify_batch(found))


def test_an_interrupt_leaves_what_is_finished(folder, done, tmp_path):
    """SIGINT: exit code 130, a word on --resume, a table with the finished cases."""
    for attempt in range(3):  # Python drops an interrupt that falls into a finaliser: such a batch runs to its end
        out = tmp_path / f"out{attempt}"
        process = _start(folder, out, "--jobs", "1")
        _wait_for(out, 2, process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
        if process.returncode != 1:
            break
    assert process.returncode == 130, told.decode()
    assert b"--resume" in told
    (partial,) = out.iterdir()
    record = load_batch(partial)
    assert record["status"] == "stopped"
    assert "run now" in (partial / "cases.csv").read_text(encoding="utf-8")
    process = _start(folder, out, "--jobs", "1", "--resume")
    assert process.wait() == 1
    (found,) = out.iterdir()
    assert load_batch(found)["results_hash"] == load_batch(done[1])["results_hash"]


@pytest.mark.parametrize(("options", "words"), [
    (["--only", "leds-seed-1"], "leeds-seed-1"), (["--sort", "mean_surplus"], "mean_surplus_gbp"), (["--jobs", "0"], "1 or more"),
    (["--backend", "lokyy"], "loky"),
])  # fmt: skip
def test_wrong_options_are_refused(folder, capsys, options, words):
    """Exit code 2, with the right answer named, before anything is run."""
    assert main(["batch", str(folder / "small.toml"), "--quiet", "--out", str(folder / "none"), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (folder / "none").exists()


def test_limits_and_the_disk_are_kept(folder, capsys):
    """A file's own limits, and a disk that is too small: refused with figures and remedy."""
    path = folder / "limited.toml"
    path.write_text(FILE.replace("[grid]", "[limits]\ngigabytes = 0.0001\n[grid]"), encoding="utf-8")
    assert main(["batch", str(path), "--out", str(folder / "none")]) == 2
    assert "--yes" in capsys.readouterr().err
    path.write_text(FILE.replace("futures = 60", "futures = 2000000000"), encoding="utf-8")
    assert main(["batch", str(path), "--out", str(folder / "none")]) == 2
    assert "would write" in capsys.readouterr().err
    assert not (folder / "none").exists()


def test_search_is_done_once_for_all_cases(folder, tmp_path, capsys):
    """Without strategies of its own the file's honest provider is found once, and is the same in every case."""
    path = tmp_path / "found.toml"
    budget = ", ".join(f'"search.{key}={n}"' for key, n in (
        ("screen", 8), ("screen_futures", 16), ("polish", 1), ("polish_futures", 16), ("verify_futures", 16)))  # fmt: skip
    head = FILE.partition("[[strategy]]")[0].replace(', "Leeds", "Camden", "E06000053"', "")
    head = head.replace('"gamed"]', '"mild"]').replace('["scen', f'[{budget}, "scen')
    path.write_text(head + '[[strategy]]\nname = "mild"\nbase = "honest"\nlevels = { upcoding = 0.02 }\n', encoding="utf-8")
    assert main(["batch", str(path), "--out", str(tmp_path / "out"), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err.count("honest best response") == 1
    found = json.loads(told.out)
    manifests = [load_manifest(folder) for folder in Path(found["folder"]).glob("cases/*")]
    assert len(manifests) == 4
    assert len({json.dumps(one["strategies"]) for one in manifests}) == 1
    assert manifests[0]["strategies"]["mild"]["upcoding"][0] == 0.02
    assert {row["strategy"] for row in found["cases"]} == {"honest", "mild"}


def test_the_guides_file_and_its_python_work_as_they_stand(tmp_path, monkeypatch, capsys):
    """The batch file of docs/howto/batches.md can be read, and the code runs."""
    guide = (Path(__file__).resolve().parents[2] / "docs" / "howto" / "batches.md").read_text(encoding="utf-8")
    file, strategy = re.findall(r"```toml\n(.*?)```", guide, re.S)
    (tmp_path / "guide.toml").write_text(file + strategy, encoding="utf-8")
    batch = read_batch(tmp_path / "guide.toml")
    assert len(batch.cases) == 7
    assert list(batch.strategies) == ["mild"]
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.S)
    exec(compile(code, "guide", "exec"), {})
    folder, found = capsys.readouterr().out.split()
    assert load_batch(Path(folder))["results_hash"] == found
    assert all(check.ok for check in verify_batch(Path(folder)))
