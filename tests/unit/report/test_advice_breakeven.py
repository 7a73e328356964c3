"""Charts of "how much would be enough?": drawn from the tables alone, with short titles, and something for every verdict."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_breakeven import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit


def solution(name, status, change, **more):
    """A row of the main table."""
    found = {
        "handle": name, "words": f"the {name}", "unit": "GBP", "status": status, "now": 3e8, "value": 4e8, "value_words": "£400m",
        "best": 4e8, "best_probability": 0.05, "as_is_probability": 0.5, "public_change_gbp": change,
        "public_change_error_gbp": 1e6, "health_change_qaly": 800.0, "health_change_error_qaly": 8.0,
    }  # fmt: skip
    return found | more


def written(folder, solutions):
    """A folder as the analysis writes it."""
    curve = [
        {"handle": row["handle"], "at": at, "probability": p, "probability_error": 0.01, "probability_low": p - 0.02,
         "probability_high": p + 0.02}
        for row in solutions for at, p in ((2e8, 0.9), (3e8, 0.5), (4e8, 0.1), (5e8, 0.02))
    ]  # fmt: skip
    facts = {"measured": "the chance that losses end it", "bound": 0.1, "chance": True}
    Advice("breakeven", "q", "t", ["a"], {"solutions": solutions, "curves": curve}, facts=facts).write(folder / "out")
    return AdviceSource(folder / "out")


def test_charts_show_the_tables(tmp_path):
    """Cheapest first, a curve each, then money and health side by side; the plotted numbers are the tables' own."""
    found = charts(written(tmp_path, [solution("price", "needed", 2e8), solution("reserve", "needed", -5e7)]))
    assert [one.name for one in found] == ["breakeven_reserve", "breakeven_price", "breakeven_money", "breakeven_health"]
    assert [row["chance"] for row in found[0].rows] == [0.9, 0.5, 0.1, 0.02]
    assert [row["value"] for row in found[2].rows] == [-50.0, 200.0]
    assert found[2].rows[1]["high"] == pytest.approx(201.96)
    for one in found:
        assert len(one.title.split()) <= 15
        assert one.alt
        assert one.caption
        assert one.inline().startswith("<svg")
        assert one.csv().count("\n") == len(one.rows) + 1
    assert "£400m" in found[1].title


def test_nothing_found_shows_what_comes_nearest(tmp_path):
    """Where nothing is enough there is one chart, of the best, that says so."""
    rows = [solution("price", "out of reach", None, value=None, value_words="", public_change_gbp=None),
            solution("reserve", "out of reach", None, value=None, value_words="", public_change_gbp=None, best_probability=0.3)]
    found = charts(written(tmp_path, rows))
    assert [one.name for one in found] == ["breakeven_price"]
    assert "nothing tried is enough" in found[0].title
    assert found[0].inline().startswith("<svg")


def test_no_rows_no_charts(tmp_path):
    """A folder without solutions has no charts and no error."""
    Advice("breakeven", "q", "t", ["a"], {"other": [{"a": 1.0}]}, facts={"chance": False}).write(tmp_path / "out")
    assert charts(AdviceSource(tmp_path / "out")) == []
