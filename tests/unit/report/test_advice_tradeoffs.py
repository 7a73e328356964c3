"""Charts of trade-offs hold the figures of their tables and no others."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_source import AdviceSource
from stresstest.report.advice_tradeoffs import charts

pytestmark = pytest.mark.unit


def point(name, health, exposure, on="no", surplus=1e6):
    """A row of the points."""
    return {"draft": name, "health_qaly": health, "exposure_gbp": exposure, "surplus_gbp": surplus, "on_frontier": on}


def turned(name, share, change, now="no"):
    """A row of one parameter alone."""
    return {
        "parameter": name, "set_to": f"{share:.0%}", "range_share": share, "as_it_is": now, "health_change_qaly": change,
        "health_change_error_qaly": 1.0, "exposure_change_gbp": -1e6 * change, "exposure_change_error_gbp": 1e5,
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """Trade-offs with invented figures: six parameters, of which four are drawn."""
    tables = {
        "points": [
            point("as it is", 100.0, 4e8), point("spread 1", 120.0, 3e8, "yes"), point("spread 2", 200.0, 3.5e8, "yes", -1e6),
        ],
        "one_at_a_time": [turned(f"entry {k}", share, k * share, "yes" if share == 0.0 else "no") for k in range(6)
                          for share in (0.0, 0.5, 1.0)],
    }  # fmt: skip
    return Advice("tradeoffs", "?", "t", ["a"], tables, facts={"place": "Dudley"}).write(tmp_path / "out")


def test_every_chart_is_drawn(folder, tmp_path):
    """Three charts, each within its limits of words, as pictures and as numbers."""
    found = charts(AdviceSource(folder))
    assert [chart.name for chart in found] == ["tradeoffs_frontier", "tradeoffs_alone_health", "tradeoffs_alone_exposure"]
    for chart in found:
        assert len(chart.title.split()) <= 15
        chart.write(tmp_path)
        assert (tmp_path / f"{chart.name}.png").stat().st_size > 1000
        assert chart.inline().startswith("<svg")


def test_figures_are_those_of_the_tables(folder):
    """Exposure in millions; the four entries that move most are drawn, the strongest named in the title."""
    scatter, health, _ = charts(AdviceSource(folder))
    assert scatter.rows[1] == {"draft": "spread 1", "health": 120.0, "exposure": 300.0, "surplus": 1.0, "on": "yes"}
    assert scatter.title.startswith("Of 3 drafts 2 are beaten by none")
    assert {row["parameter"] for row in health.rows} == {f"entry {k}" for k in (2, 3, 4, 5)}
    assert health.title.startswith("Entry 5")


def test_nothing_is_drawn_of_nothing(tmp_path):
    """Without tables there are no charts."""
    empty = Advice("tradeoffs", "?", "t", ["a"], {}, facts={"place": "x"}).write(tmp_path / "out")
    assert charts(AdviceSource(empty)) == []
