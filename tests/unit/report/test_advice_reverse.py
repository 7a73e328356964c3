"""Charts of the reverse stress test: built only from the folder's rows, left out where there are none."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_reverse import _free, amount, charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit

YEARS = ("2018/19", "2019/20", "2020/21")


def folder_of(path, verdict="takes shocks", distance=1.4):
    """A small folder of made-up rows."""
    shock = {"failure": "walks_away", "words": "what the price's baseline missed", "unit": "share of the price"}
    tables = {
        "reverse_points": [{"failure": "walks_away", "verdict": verdict, "distance": distance}],
        "reverse_shocks": [
            {**shock, "size": 1.2, "size_error": 0.1, "value": 0.08, "middle_value": 0.01, "distance_share": 0.8},
            {**shock, "words": "need", "size": -0.7, "size_error": 0.1, "value": 0.0, "middle_value": 0.1, "distance_share": 0.2},
        ],
        "reverse_singles": [{**shock, "size": 1.6, "size_error": 0.1, "value": 0.11, "one_in": 18.2},
                            {**shock, "words": "need", "size": None, "size_error": None, "value": None, "one_in": None}],
        "reverse_rescues": [
            {"failure": "walks_away", "rescue": name, "words": name, "label": year, "saved_share": share}
            for name, shares in (("support", (0.8, 0.6, 0.1)), ("effort", (0.1, 0.0, 0.0)))
            for year, share in zip(YEARS, shares, strict=True)
        ],
        "reverse_seen": [{"failure": "walks_away", "label": year, "plain_share": share}
                         for year, share in zip(YEARS, (0.2, 0.5, 1.0), strict=True)],
    }  # fmt: skip
    facts = {"best_rescue": {"walks_away": {"rescue": "support", "too_late": "2020/21", "too_late_year": 3}}}
    return Advice("reverse", "?", "t", ["a"], tables, facts=facts).write(path)


def test_charts_show_the_rows_of_the_folder(tmp_path):
    """Four charts, with exactly the folder's numbers: the point, the single shocks found, the best rescue, the warnings."""
    found = charts(AdviceSource(folder_of(tmp_path / "a")))
    assert [chart.name for chart in found] == ["reverse_point_1", "reverse_single_1", "reverse_saved", "reverse_plain"]
    assert [row["share"] for row in found[0].rows] == [0.8, 0.2]
    assert len(found[1].rows) == 1
    assert [row["walking away"] for row in found[2].rows] == [0.8, 0.6, 0.1]
    assert "2020/21" in found[2].title
    for chart in found:
        assert len(chart.title.split()) <= 15
        assert chart.svg().startswith("<?xml")
        assert chart.csv().count("\n") == len(chart.rows) + 1


def test_a_tiny_distance_has_no_bars(tmp_path):
    """Where the verdict hangs on next to nothing, bars would only show noise and are left out."""
    names = [chart.name for chart in charts(AdviceSource(folder_of(tmp_path / "a", "fails in the middle", -0.04)))]
    assert "reverse_point_1" not in names


def test_nothing_found_draws_nothing(tmp_path):
    """A folder without rows has no charts."""
    assert charts(AdviceSource(Advice("reverse", "?", "t", ["a"], {}).write(tmp_path / "a"))) == []


def test_amounts_and_room():
    """Values in the words of their unit; a name stands where its line is alone."""
    assert amount(0.081, "share of the price") == "8.1%"
    assert amount(-0.2, "index") == "−0.20"
    assert amount(3.0, "years of service") == "after 3 years"
    flat, rising = [0.2] * 12, [0.05 + 0.08 * t for t in range(12)]
    year, height = _free(0, [flat, rising], [], 8)
    assert abs(height - 0.2) < 0.06
    assert all(abs(rising[t] - height) > 0.04 for t in (year, min(year + 1, 11)))
