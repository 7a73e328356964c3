"""Charts of "which uncertainty matters?": drawn from the tables alone, with short titles."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_sensitivity import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit

SURPLUS = "provider_surplus_npv_gbp"


def _effect(name, share, rank, game="nature"):
    return {"game": game, "result": SURPLUS, "rank": rank, "input": name, "words": f"the {name}", "share": share,
            "share_error": 0.01, "share_low": share - 0.02, "share_high": share + 0.02}  # fmt: skip


def _assumption(letter, change, error):
    return {"kind": "contribution", "letter": letter, "assumption": "name", "exposure_gbp": change, "exposure_error_gbp": error,
            "walks_away_probability": 0.1}  # fmt: skip


def _input(name, low, high, unit="share"):
    return {"key": name, "input": name, "unit": unit, "at_lower_value": 0.5e6, "at_lower_exposure_gbp": low,
            "at_upper_value": 1.5e6, "at_upper_exposure_gbp": high}  # fmt: skip


def _tables():
    years = [
        {"result": SURPLUS, "axis": axis, "year": year, "share": share, "share_error": 0.001}
        for axis, shares in (("state", (0.01, 0.03)), ("economy", (-0.0001, 0.002)))
        for year, share in zip(("2018/19", "2019/20"), shares, strict=True)
    ]  # fmt: skip
    return {
        "effects": [
            _effect("gap", 0.3, 1), _effect("state", 0.02, 2), _effect("rest", 0.68, 3), _effect("state", 0.9, 1, "axes"),
        ],
        "years": years,
        "assumptions": [_assumption("a", 2e8, 1e6), _assumption("b", -1e8, 1e6), {"kind": "all held", "exposure_gbp": 1e8}],
        "inputs": [_input("margin", 4e8, 2e8), _input("cap", 3e8, 3.1e8, "GBP")],
    }


def _written(folder, tables):
    facts = {"results": {SURPLUS: "the provider's surplus"}}
    Advice("sensitivity", "q", "t", ["a"], tables, facts=facts).write(folder / "out")
    return AdviceSource(folder / "out")


def test_charts_show_the_tables(tmp_path):
    """Effects of one game, the map, assumptions and inputs: the plotted numbers are the tables' own."""
    found = {chart.name: chart for chart in charts(_written(tmp_path, _tables()))}
    assert list(found) == [f"effects_{SURPLUS}", "axis_years", "assumptions", "inputs"]
    assert [row["share"] for row in found[f"effects_{SURPLUS}"].rows] == [0.3, 0.02, 0.68]
    assert found["axis_years"].rows[1] == {"year": "2019/20", "state": 0.03, "economy": 0.002}
    assert [row["change"] for row in found["assumptions"].rows] == [200.0, -100.0]
    assert found["inputs"].rows[1]["low"] == "£500k"
    for chart in found.values():
        assert len(chart.title.split()) <= 15
        assert "<svg" in chart.inline()
        assert chart.table
        assert chart.csv().count("\n") == len(chart.rows) + 1


def test_an_open_order_is_named_as_open(tmp_path):
    """Two assumptions within two standard errors of each other share the title."""
    tables = _tables() | {"assumptions": [_assumption("a", 2e8, 1e7), _assumption("b", 2.1e8, 1e7)]}
    title = next(chart.title for chart in charts(_written(tmp_path, tables)) if chart.name == "assumptions")
    assert "b name or a name" in title


def test_a_plain_table_has_its_effects_alone(tmp_path):
    """Where there is no run there are no years, clauses or inputs to draw."""
    found = charts(_written(tmp_path, {"effects": _tables()["effects"][:3]}))
    assert [chart.name for chart in found] == [f"effects_{SURPLUS}"]
