"""The verb bench as a user meets it: what it measures, writes, compares and refuses."""

from __future__ import annotations

import json

import pytest

from stresstest.bench import children, counting, measure, record
from stresstest.bench.ratios import SUBJECTS
from stresstest.bench.setting import Setting
from stresstest.cli import main

pytestmark = pytest.mark.integration
KEY = "kernel_vs_sfc64_normals"


@pytest.fixture
def small(monkeypatch):
    """Samples as few and as short as can be: what is measured then means nothing, but everything is."""
    monkeypatch.setattr(measure, "setting_of", lambda quick: Setting(2, 1e-4, 1))
    monkeypatch.setattr(measure, "VISITS", 1)
    monkeypatch.setattr(measure, "QUICK_PROCESSES", 1)
    monkeypatch.setattr(counting, "available", lambda: False)


def doctored(path, change):
    """Change a stored record."""
    found = json.loads(path.read_text(encoding="utf-8"))
    change(found)
    path.write_text(json.dumps(found), encoding="utf-8")


def test_help_and_list_teach(capsys):
    """The help shows how a change is checked, and the list names every ratio with its two sides."""
    with pytest.raises(SystemExit) as ended:
        main(["bench", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "--compare before.json" in told
    assert "docs/benchmarks.md" in told
    assert main(["bench", "--list"]) == 0
    told = capsys.readouterr().out
    assert all(subject.key in told and subject.baseline in told for subject in SUBJECTS)


def test_the_whole_quick_measurement(small, tmp_path, capsys):
    """Every ratio of --quick, every rule and every compiled entry stand in the record, and nothing is compiled twice."""
    path = tmp_path / "now.json"
    assert main(["bench", "--quick", "--quiet", "--json", str(path)]) == 0
    found = record.read(path)
    assert list(found.ratios) == sorted(subject.key for subject in SUBJECTS if subject.quick)
    assert found.faults == []
    assert found.compiled["kernel.project.project"] == 1
    assert {name.split(":")[0] for name in found.rules} == {"clause", "lever", "audit", "step", "draw"}
    assert all(ratio.median > 0.0 for ratio in found.ratios.values())
    assert 0 < found.counts["normals"] <= found.counts["normals_of_plan"]
    assert KEY in capsys.readouterr().out


def test_a_slower_kernel_ends_with_1(small, tmp_path, capsys):
    """Against a record in which the kernel took a tenth of the time the exit code is 1; against its own it is 0."""
    path = tmp_path / "before.json"
    command = ["bench", "--only", KEY, "--quiet"]
    assert main([*command, "--json", str(path)]) == 0

    def wide(found):
        found["spread"][KEY] |= {"low": 1e-6, "high": 1e6}

    def faster(found):
        found[KEY] *= 0.1
        found["spread"][KEY] |= dict.fromkeys(record.SPREAD, found[KEY])

    doctored(path, wide)
    assert main([*command, "--compare", str(path)]) == 0
    assert "nothing is worse" in capsys.readouterr().out
    doctored(path, faster)
    assert main([*command, "--compare", str(path)]) == 1
    assert "WORSE" in capsys.readouterr().out


def test_a_slower_rule_ends_with_1(small, monkeypatch, tmp_path, capsys):
    """A rule that costs a fifth more in every process is reported by name; one that did so once is not."""
    told = {"clause: payment": [20.0], "clause: gate": [5.0]}
    asked = []

    def ask(what, *arguments, **more):
        asked.append(arguments)
        return {name: costs[min(len(asked), len(costs)) - 1] for name, costs in told.items()}

    monkeypatch.setattr(children, "ask", ask)
    monkeypatch.setattr(counting, "available", lambda: False)
    path, command = tmp_path / "before.json", ["bench", "--only", "clause:", "--quick", "--quiet"]
    assert main([*command, "--json", str(path)]) == 0
    asked.clear()
    told["clause: gate"] = [9.0, 5.0]
    assert main([*command, "--compare", str(path)]) == 0
    asked.clear()
    told["clause: payment"] = [24.0]
    assert main([*command, "--compare", str(path)]) == 1
    verdict = capsys.readouterr().out
    assert "clause: payment" in verdict.split("against the stored record")[1]
    assert "clause: gate" not in verdict.split("against the stored record")[1]


def test_another_machine_is_not_judged(small, tmp_path, capsys):
    """A record of another processor is shown beside, and nothing is called worse."""
    path, command = tmp_path / "before.json", ["bench", "--only", KEY, "--quiet"]
    assert main([*command, "--json", str(path)]) == 0
    doctored(path, lambda found: (found["environment"].update(processor="another"), found.update({KEY: 1e-9})))
    assert main([*command, "--compare", str(path)]) == 0
    assert "times are shown and not judged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--only", "no-such-thing"], 2), (["--compare", "none.json"], 2), (["--json", "no/such/folder/a.json"], 2),
        (["--history", "none"], 2), (["--compare", "pyproject.toml"], 3),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(options, code, capsys, monkeypatch):
    """Names, files and folders that are not there, and files that are no records, end before anything is measured."""
    monkeypatch.setattr(measure, "rule_answers", lambda only, processes, say: [{}])
    assert main(["bench", "--quiet", *options]) == code
    assert capsys.readouterr().err.startswith("stresstest: ")


def test_history_prints_how_a_ratio_moved(small, tmp_path, capsys):
    """Two records make a table with the change."""
    for name in ("one", "two"):
        assert main(["bench", "--only", KEY, "--quiet", "--json", str(tmp_path / f"{name}.json")]) == 0
    capsys.readouterr()
    assert main(["bench", "--history", str(tmp_path)]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["one", "two", "change"]
    assert row.startswith(KEY)
