"""Charts of a comparison hold the figures of its tables and no others."""

from __future__ import annotations

import pytest

from stresstest.advice.result import Advice
from stresstest.report.advice_compare import charts, short
from stresstest.report.advice_source import AdviceSource

pytestmark = pytest.mark.unit
PARTIES = ("provider surplus", "commissioner exposure", "public exposure")


def differing(metric, draft, value, unit, strategy="honest"):
    """A row of money or health against the reference."""
    return {
        "strategy": strategy, "metric": metric, "draft": draft, "against": "1", f"difference_{unit}": value,
        f"difference_low_{unit}": value - 2e6, f"difference_high_{unit}": value + 2e6,
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A comparison with invented figures; the reference is called 1."""
    tables = {
        "money": [differing(metric, draft, k * 1e7, "gbp") for k, metric in enumerate(PARTIES) for draft in ("two", "three")],
        "health": [differing("health", draft, 30.0, "qaly", s) for s in ("honest", "gamed") for draft in ("two", "three")],
        "regret_money": [{"strategy": "honest", "metric": "public exposure", "draft": d, "mean_gbp": 1e6 * k, "p95_gbp": 5e6 * k}
                         for k, d in enumerate(("1", "two", "three"))],
        "regret_health": [{"strategy": "honest", "metric": "health", "draft": d, "mean_qaly": 1.0 * k, "p95_qaly": 5.0 * k}
                          for k, d in enumerate(("1", "two", "three"))],
    }  # fmt: skip
    facts = {"drafts": ["1", "two", "three"], "reference": "1", "strategies": ["honest", "gamed"], "place": "Dudley"}
    return Advice("compare", "?", "t", ["a"], tables, facts=facts).write(tmp_path / "out")


def test_every_chart_is_drawn(folder, tmp_path):
    """Three charts, each within its limits of words, as pictures and as numbers."""
    found = charts(AdviceSource(folder))
    assert [chart.name for chart in found] == ["compare_money", "compare_health", "compare_regret"]
    for chart in found:
        assert len(chart.title.split()) <= 15
        chart.write(tmp_path)
        assert (tmp_path / f"{chart.name}.png").stat().st_size > 1000
        assert chart.inline().startswith("<svg")


def test_figures_are_those_of_the_tables(folder):
    """Money in millions, health in QALYs; a draft that is named by a number is found."""
    money, health, regret = charts(AdviceSource(folder))
    assert money.rows[1] == {"what": "commissioner exposure", "draft": "two", "low": 8.0, "difference": 10.0, "high": 12.0}
    assert {row["what"] for row in health.rows} == {"honest provider", "gamed provider"}
    assert regret.rows[2] == {"draft": "three", "money_mean": 2.0, "money_p95": 10.0, "health_mean": 2.0, "health_p95": 10.0}


def test_nothing_is_drawn_of_nothing(tmp_path):
    """Without tables there are no charts; long names are cut."""
    facts = {"drafts": ["a", "b"], "reference": "a", "strategies": ["honest"], "place": "x"}
    empty = Advice("compare", "?", "t", ["a"], {}, facts=facts).write(tmp_path / "out")
    assert charts(AdviceSource(empty)) == []
    assert len(short("x" * 99)) <= 30
