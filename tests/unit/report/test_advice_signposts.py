"""Charts of signposts: made of the rows of the tables alone, and left out where the tables hold nothing."""

from __future__ import annotations

import math

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_signposts import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit

YEARS = ("2018/19", "2019/20", "2020/21")


def folder(path, found=True, example=True):
    """A folder with two signposts, a pack of three years and examples."""
    signs = [{"failure": "walks_away", "quantity": q, "year": YEARS[0], "limit": "below −1.0%",
              "hit_rate": hit, "false_alarm_rate": 0.2,
              "found": found} for q, hit in (("surplus", 0.8), ("acute", 0.6))]  # fmt: skip
    pack = [{"failure": "walks_away", "quantity": "surplus", "year": year, "words": "the result", "unit": "share", "middle": 0.02,
             "middle_low": -0.03, "middle_high": 0.05, "trigger": None if k == 0 else -0.01}
            for k, year in enumerate(YEARS)]  # fmt: skip
    examples = [{"failure": "walks_away", "quantity": "surplus", "year": year, "fails": -0.04 if k < 2 else None, "holds": 0.01}
                for k, year in enumerate(YEARS)]  # fmt: skip
    facts = (
        {"place": "Anywhere", "first": {"failure": "walks_away", "quantity": "surplus", "year": YEARS[0]}}
        if example
        else {}
    )
    advice = Advice(
        "signposts", "?", "Signposts", ["."], {"signposts": signs, "pack": pack, "examples": examples}, facts=facts
    )
    return AdviceSource(advice.write(path / "own"))


def test_charts_show_the_rows_of_the_tables(tmp_path):
    """Hits and false alarms, limits, trigger and examples are those of the tables; both charts can be drawn."""
    alarms, monitoring = charts(folder(tmp_path))
    assert [(row["false_alarm"], row["hit"]) for row in alarms.rows] == [(0.2, 0.8), (0.2, 0.6)]
    assert [row["low"] for row in monitoring.rows] == [-0.03] * 3
    assert math.isnan(monitoring.rows[0]["trigger"])
    assert monitoring.rows[1]["trigger"] == -0.01
    assert math.isnan(monitoring.rows[2]["fails"])
    assert monitoring.rows[2]["holds"] == 0.01
    for chart in (alarms, monitoring):
        assert "<svg" in chart.svg()
        assert len(chart.title.split()) <= 15
        assert chart.table


def test_nothing_found_draws_nothing(tmp_path):
    """Where no signpost was found and there is no best one there is no chart."""
    assert charts(folder(tmp_path, found=False, example=False)) == []
