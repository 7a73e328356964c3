"""Futures told on the page: rows made from the run's representatives, and the section that reads them back."""

from types import SimpleNamespace

import pytest

from stresstest.report import build_report, stories
from stresstest.report.source import Source

pytestmark = pytest.mark.unit


def test_rows_join_the_choice_and_the_narrative(monkeypatch, tmp_path):
    """One row for each representative of the first scenario, told under the same strategy and with the same reference."""
    asked = []
    monkeypatch.setattr(stories, "pick_representatives", lambda *where: asked.append(where) or [
        SimpleNamespace(role="median", future=7), SimpleNamespace(role="worst", future=9)
    ])  # fmt: skip
    monkeypatch.setattr(stories, "tell", lambda study, scenario, strategy, future, reference: (scenario.name, future, reference))
    monkeypatch.setattr(stories, "narrate", lambda told: SimpleNamespace(text=f"told {told}", note="ranks"))
    study = SimpleNamespace(scenarios=(SimpleNamespace(name="calibrated"), SimpleNamespace(name="other")))
    rows = stories.story_rows(tmp_path, study, SimpleNamespace(name="honest"), 64)
    assert asked == [(tmp_path, "calibrated", "honest")]
    assert rows[1] == {
        "role": "worst", "future": 9, "strategy": "honest", "text": "told ('calibrated', 9, 64)", "note": "ranks",
    }  # fmt: skip


def test_the_section_counts_and_names_its_futures(reported_run):
    """The title counts them, each is named by what it stands for, and the first can be looked up."""
    found = stories.stories(Source(reported_run))
    assert found["title"] == "Two futures, told"
    assert found["told"][0]["title"] == "Future 1,163: in the middle of the commissioner's exposure"
    assert found["command"].endswith("--future 1163")
    assert found["note"] == "Ranks are among 4,096 futures."


def test_the_page_tells_them_escaped(reported_run):
    """Stories are text and never markup."""
    text = (reported_run / "report" / "index.html").read_text(encoding="utf-8")
    assert "Output &lt;fell&gt; by 8.7% in 2030/31." in text
    assert text.index("Two futures, told") < text.index("What each lever is worth")


def test_a_run_without_stories_has_a_page_without_them(fake_run):
    """Runs that were made before futures were told have no such section and no error."""
    (fake_run / "summary" / "stories.csv").unlink()
    text = build_report(fake_run).read_text(encoding="utf-8")
    assert ", told</h2>" not in text
    assert "How sure are these figures" in text
