"""Charts of the risk register: numbers stand in the cells of their bands, and costs are the tables' own."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_risks import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit


def row(number, likelihood, impact, mark=""):
    """Bands of a risk."""
    return {f"party{mark}": "provider", f"likelihood_band{mark}": likelihood, f"impact_band{mark}": impact,
            f"score{mark}": likelihood * impact, f"grade{mark}": "● extreme"}  # fmt: skip


def written(folder, gaming):
    """A folder as the analysis writes it."""
    register = [{"number": k, "id": f"r{k}", "title": f"Risk {k}", **row(k, 6 - k, 5)} for k in (1, 2, 3)]
    if gaming:
        register = [one | row(1, 5, 5, "_with_gaming") for one in register]
    scores = [
        {"risk": one["id"], "party": party, "view": "as the contract is", "mean_cost_gbp": k * sign * 1e7,
         "mean_cost_error_gbp": 1e6}
        for k, one in enumerate(register, 1) for party, sign in (("commissioner", 1.0), ("provider", -0.5))
    ]  # fmt: skip
    facts = {"views": ["as the contract is"]}
    Advice("risks", "q", "t", ["a"], {"register": register, "scores": scores}, facts=facts).write(folder / "out")
    return AdviceSource(folder / "out")


def texts(chart):
    """Words on the chart with their places."""
    return {(one.get_text(), one.get_position()) for one in chart.figure().axes[0].texts}


def test_numbers_stand_in_their_cells(tmp_path):
    """Each risk's number is written at its bands, and every cell says its grade."""
    found = charts(written(tmp_path, gaming=False))
    assert [one.name for one in found] == ["risks_map", "risks_costs"]
    assert "3 of 3" in found[0].title
    places = {text: (round(x), round(y)) for text, (x, y) in texts(found[0]) if text.isdigit()}
    assert places == {"1": (5, 5), "2": (5, 4), "3": (5, 3)}
    words = [text for text, _ in texts(found[0]) if not text.isdigit()]
    assert len(words) == 25
    assert set(words) == {"extreme", "high", "moderate", "low"}


def test_costs_are_the_tables_own(tmp_path):
    """The chart of costs holds millions of pounds with their errors, largest first."""
    costs = charts(written(tmp_path, gaming=True))[-1]
    assert [one["commissioner"] for one in costs.rows] == pytest.approx([30.0, 20.0, 10.0])
    assert [one["provider"] for one in costs.rows] == pytest.approx([-15.0, -10.0, -5.0])
    assert all(one["commissioner_error"] == pytest.approx(1.0) for one in costs.rows)


def test_gaming_has_a_map_of_its_own(tmp_path):
    """With gaming there are two maps; titles are short and every chart can be drawn."""
    found = charts(written(tmp_path, gaming=True))
    assert [one.name for one in found] == ["risks_map", "risks_map_gaming", "risks_costs"]
    for one in found:
        assert len(one.title.split()) <= 15
        assert one.inline().startswith("<svg")
        assert one.alt


def test_an_empty_register_has_no_charts(tmp_path):
    """A folder without a register has no charts and no error."""
    Advice("risks", "q", "t", ["a"], {"other": [{"a": 1.0}]}).write(tmp_path / "out")
    assert charts(AdviceSource(tmp_path / "out")) == []
