"""Charts of the search for regions: only numbers of the folder's tables, drawn without error, and none where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.advice.discover import discover_of_table
from stresstest.methods.cases import Cases
from stresstest.report.advice_discover import charts
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit


def table(high):
    """A plain table; failing is likelier where a is large, unless `high` is 0.1."""
    draw = np.random.default_rng(1)
    a, b = draw.uniform(size=(2, 2000))
    y = draw.uniform(size=2000) < np.where((a > 0.5) & (b < 0.5), high, 0.1)
    return Cases.of({"a": a, "b": b}, {"y": y.astype(float)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a region, and made-up medians of four named scenarios beside it."""
    told = discover_of_table(table(0.9), "y")
    sides = [
        {**{key: row[key] for key in ("failure", "factors", "box", "kind", "factor", "side")}, "scenario": name,
         "median_below_share": 0.1 + 0.2 * k}
        for row in told.tables["limits"]
        for k, name in enumerate(("official-future", "state-supreme", "community-resilience", "corporate-rules"))
    ]  # fmt: skip
    told.tables["scenario_limits"] = sides
    return told.write(tmp_path_factory.mktemp("discover") / "out")


def test_charts_show_the_tables(folder):
    """The trade-off holds the judged shares of the boxes on the way; the bars end where the limits lie among all futures."""
    source = AdviceSource(folder)
    trade_off, bars = charts(source)
    way = [row for row in source.rows("trajectory") if row["stage"] != "factors of the box" and row["box"] == 1.0]
    assert [row["density"] for row in trade_off.rows] == [row["judged_density_share"] for row in way]
    shown = [(row["limit"], row["low"], row["high"]) for row in bars.rows]
    limits = [row for row in source.rows("limits") if row["kind"] == "box"]
    assert shown == [
        (row["words"], row["below_share"] if row["side"] == "low" else 0.0, 1.0 if row["side"] == "low" else row["below_share"])
        for row in limits
    ]
    assert bars.rows[0]["state-supreme"] == pytest.approx(0.3)


def test_charts_can_be_drawn(folder, tmp_path):
    """Each chart becomes SVG, PNG and CSV; its title has at most fifteen words and every scenario is named."""
    for chart in charts(AdviceSource(folder)):
        assert len(chart.title.split()) <= 15
        chart.write(tmp_path)
        assert (tmp_path / f"{chart.name}.png").stat().st_size > 5000
    assert "Corporate Rules" in (tmp_path / "discover_limits_y.svg").read_text(encoding="utf-8")


def test_nothing_found_draws_nothing(tmp_path):
    """Without a region there is no chart."""
    assert charts(AdviceSource(discover_of_table(table(0.1), "y").write(tmp_path / "out"))) == []
