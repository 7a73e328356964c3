"""Charts of the playbook: what is left against what it costs, from the rows of table effects, the plan's choices marked."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_playbook import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit


def folder(path, chosen="collar"):
    """A folder with one eventuality, do nothing and two mitigations."""
    place = {"failure": "walks_away", "where": "an opening gap above 2%"}
    effects = [
        {**place, "mitigation": name, "commissioner_gbp": cost, "commissioner_error_gbp": 1e5, "fails_rate": left,
         "change_rate_error": 0.01}
        for name, cost, left in (("", 0.0, 0.8), ("collar", 3e6, 0.5), ("fee", -2e6, 0.79))
    ]  # fmt: skip
    plan = [{**place, "rank": 0, "mitigation": ""}] + ([{**place, "rank": 1, "mitigation": chosen}] if chosen else [])
    advice = Advice("playbook", "?", "Playbook", ["."], {"plan": plan, "effects": effects})
    return AdviceSource(advice.write(path / "own"))


def test_chart_shows_the_rows_of_the_table(tmp_path):
    """Cost in £m, chance and kind of each row; do nothing first, then the plan's choice."""
    (chart,) = charts(folder(tmp_path))
    assert [(row["mitigation"], row["kind"], row["cost"], row["left"]) for row in chart.rows] == [
        ("do nothing", "do nothing", 0.0, 0.8), ("collar", "best", 3.0, 0.5), ("fee", "other", -2.0, 0.79),
    ]  # fmt: skip
    assert "50.0%" in chart.title
    assert "<svg" in chart.svg()


def test_a_plan_without_choices_says_so(tmp_path):
    """Where nothing helps the title says that."""
    (chart,) = charts(folder(tmp_path, chosen=""))
    assert "nothing in the library" in chart.title
