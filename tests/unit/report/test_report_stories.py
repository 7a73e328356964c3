"""Futures told on the page: rows made from the run's representatives, and the section that reads them back."""

import json
from types import SimpleNamespace

import pytest

from stresstest.errors import DataError
from stresstest.report import stories
from stresstest.report.source import Source

pytestmark = pytest.mark.unit


def test_rows_join_the_choice_and_the_narrative(monkeypatch, tmp_path):
    """Every role of the first scenario, the median one of the others; one reference for all of them."""
    asked = []
    found = [SimpleNamespace(role="median", future=7), SimpleNamespace(role="worst", future=9)]
    monkeypatch.setattr(stories, "pick_representatives", lambda *where: asked.append(where) or (
        found if where[3] is None else found[:1]
    ))  # fmt: skip
    monkeypatch.setattr(stories, "reference_futures", lambda study, strategy, futures: (strategy.name, futures))
    monkeypatch.setattr(stories, "tell", lambda study, scenario, strategy, future, reference: (scenario.name, future, reference))
    monkeypatch.setattr(stories, "narrate", lambda told: SimpleNamespace(text=f"told {told}", note="ranks"))
    study = SimpleNamespace(scenarios=(SimpleNamespace(name="calibrated"), SimpleNamespace(name="other")))
    rows = stories.story_rows(tmp_path, study, SimpleNamespace(name="honest"), 64)
    assert asked == [(tmp_path, "calibrated", "honest", None), (tmp_path, "other", "honest", ("median",))]
    assert [(row["scenario"], row["role"], row["future"]) for row in rows] == [
        ("calibrated", "median", 7), ("calibrated", "worst", 9), ("other", "median", 7),
    ]  # fmt: skip
    assert rows[1] == {
        "role": "worst", "future": 9, "strategy": "honest", "text": "told ('calibrated', 9, ('honest', 64))",
        "note": "ranks", "scenario": "calibrated",
    }  # fmt: skip


def test_each_scenario_has_its_own_stories(recorded_run):
    """A recorded run tells a median future of each scenario, and the section of four only those of the first."""
    source = Source(recorded_run)
    told = {name: stories.of_scenario(source, name) for name in source.scenarios}
    assert next(row["role"] for row in told[source.main]) == "median"
    assert len(told[source.main]) == 4
    assert all([row["role"] for row in rows] == ["median"] for name, rows in told.items() if name != source.main)
    assert len({row["text"] for rows in told.values() for row in rows}) == 3 + len(told)
    assert len(stories.stories(source)["told"]) == 4


def test_stories_of_an_older_run_are_those_of_its_first_scenario(fake_run):
    """A table without the column scenario is read as before, and no other scenario has a story."""
    source = Source(fake_run)
    assert "scenario" not in source.rows("stories")[0]
    assert len(stories.of_scenario(source, source.main)) == 2
    assert stories.of_scenario(source, source.scenarios[1]) == []


def test_the_section_counts_and_names_its_futures(fake_run):
    """The title counts them, each is named by what it stands for, and the first can be looked up."""
    found = stories.stories(Source(fake_run))
    assert found["title"] == "Two futures, told"
    assert found["told"][0]["title"] == "Future 1,163: in the middle of the commissioner's exposure"
    assert found["told"][0]["text"] == "Output <fell> by 8.7% in 2030/31."
    assert found["command"].endswith("--future 1163")
    assert found["note"] == "Ranks are among 4,096 futures."


def test_a_run_without_stories_has_none(fake_run):
    """Runs that were made before futures were told have no such section and no error."""
    (fake_run / "summary" / "stories.csv").unlink()
    assert stories.stories(Source(fake_run)) is None
    assert stories.of_scenario(Source(fake_run), "calibrated") == []


@pytest.mark.parametrize("table", ["hurdles", "hurdles_by_year", "bridge", "savings", "exit_costs"])
def test_tables_of_later_runs_may_be_lacking_and_not_damaged(recorded_run, table):
    """A run without the table has no rows of it; a number that is none, or a column that is gone, is a kind error."""
    manifest = recorded_run / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    del facts["files"][f"summary/{table}.csv"]  # a file that the manifest lists is refused before it is read
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    path = recorded_run / "summary" / f"{table}.csv"
    whole = path.read_text(encoding="utf-8")
    rows = Source(recorded_run).rows(table)
    assert (rows[0].file, rows[0].line) == (f"summary/{table}.csv", 2)
    path.write_text(whole.replace("error", "mistake", 1), encoding="utf-8")
    with pytest.raises(DataError, match="lacks a column"):
        Source(recorded_run).rows(table)
    number = next(name for name, value in rows[0].items() if isinstance(value, float))
    place = whole.partition("\n")[0].split(",").index(number)
    head, first = whole.split("\n")[0], ",".join("many" if k == place else "1" for k in range(len(rows[0])))
    path.write_text(f"{head}\n{first}\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        Source(recorded_run).rows(table)
    path.unlink()
    assert Source(recorded_run).rows(table) == []
