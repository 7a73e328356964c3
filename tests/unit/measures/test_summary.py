"""The summary of a run, against its outcomes worked out directly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.measures.stream import Parts, strategy_column
from stresstest.measures.summary import EXPOSURES, METRICS, exceedance_rows, summary_rows
from stresstest.runner import run_study

pytestmark = pytest.mark.unit

N = 900


@pytest.fixture(scope="module")
def study(dudley):
    """One scenario of 900 futures, all with their years."""
    return replace(dudley.study, scenarios=(replace(dudley.study.scenarios[0], futures=N),), futures=N, years_futures=N)


@pytest.fixture(scope="module")
def folder(study, honest, gamed, tmp_path_factory):
    """A run of it in several parts."""
    return run_study(study, (honest, gamed), tmp_path_factory.mktemp("runs"), backend="sequential", chunk=256).folder


@pytest.fixture(scope="module")
def rows(study, folder):
    """The summary by (strategy, party, metric, year, statistic)."""
    found = list(summary_rows(folder, ["calibrated"], ["honest", "gamed"], list(study.year_labels)))
    table = {(r["strategy"], r["party"], r["metric"], r["year"], r["statistic"]): r for r in found}
    assert len(table) == len(found)
    return table


@pytest.fixture(scope="module")
def out(dudley, honest, gamed):
    """The same futures, straight from the machine; future 0 first."""
    return dudley.outcomes(honest, gamed, first=0, n=N + 1)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m[2])
def test_every_metric_is_that_of_the_futures(rows, out, metric):
    """Mean, median and central case of each strategy, and of the paired difference, are those of the futures."""
    party, name, column, _, unit = metric
    values = out[:, L.OUT[column]]
    for label, held in (("honest", values[0]), ("gamed", values[1]), ("gamed - honest", values[1] - values[0])):
        key = (label, party, name, "")
        assert rows[*key, "mean"]["value"] == pytest.approx(held[1:].mean(), rel=1e-11, abs=1e-5)
        assert rows[*key, "p50"]["value"] == np.quantile(held[1:], 0.5, method="inverted_cdf")
        assert rows[*key, "central"]["value"] == held[0]
        assert rows[*key, "mean"]["unit"] == unit
        assert rows[*key, "probability_negative"]["unit"] == "probability"


def test_causes_are_the_layouts():
    """The summary lists the causes of exposure that the machine has."""
    assert EXPOSURES == L.EXPOSURE


def test_ends_by_year_and_cause(rows, out, study):
    """Cumulative chances of an end by year, by cause and in all, and of running the term."""
    years, causes = out[0, L.OUT["exit_year_index"], 1:], out[0, L.OUT["exit_cause_code"], 1:]
    for t, label in enumerate(study.year_labels):
        assert rows["honest", "contract", "exit", label, "probability"]["value"] == np.mean((years >= 0) & (years <= t))
    whole = rows["honest", "contract", "exit", "", "probability"]["value"]
    assert whole == np.mean(years >= 0)
    assert rows["honest", "contract", "ran_its_term", "", "probability"]["value"] == pytest.approx(1 - whole)
    for code in np.unique(causes[causes > 0]):
        found = rows["honest", "contract", f"exit_cause:{L.EXIT_CAUSES[int(code)]}", "", "probability"]
        assert found["value"] == np.mean(causes == code)
    assert ("honest", "contract", "exit_cause:none", "", "probability") not in rows


def test_yearly_fans(rows, dudley, gamed, study):
    """Fans of cumulative surplus and exposure, and the share still running, are those of the kept years."""
    years = dudley.years(gamed, n=N)
    for metric, party, column in (
        ("cumulative_surplus", "provider", "cumulative_surplus_gbp"),
        ("exposure_yearly", "commissioner", "commissioner_exposure_gbp"), ("true_score", "contract", "true_score"),
    ):  # fmt: skip
        for t in (0, 7, 14):
            held = years[column][0, t]
            key = ("gamed", party, metric, study.year_labels[t])
            assert rows[*key, "mean"]["value"] == pytest.approx(held.mean(), rel=1e-11, abs=1e-6)
            assert rows[*key, "p90"]["value"] == np.quantile(held, 0.9, method="inverted_cdf")
            running = rows["gamed", "contract", "running", study.year_labels[t], "probability"]
            assert running["value"] == years["running"][0, t].mean()


def test_exceedance_of_exposure(folder, out):
    """The curve of each strategy is the share of its futures above each threshold."""
    found = list(exceedance_rows(folder, "calibrated", ["honest", "gamed"]))
    for k, strategy in enumerate(("honest", "gamed")):
        held = out[k, L.OUT["commissioner_exposure_npv_gbp"], 1:]
        mine = [r for r in found if r["strategy"] == strategy]
        assert [r["probability"] for r in mine] == [np.mean(held > r["threshold_gbp"]) for r in mine]


def test_differences_are_paired_by_future(folder, out):
    """The difference column subtracts the honest number of the same future, part by part."""
    parts = Parts.of(folder, "outcomes", "calibrated")
    column = strategy_column(parts, "provider_surplus_npv_gbp", "gamed", "honest")
    np.testing.assert_array_equal(np.concatenate(list(column)), (out[1, 0] - out[0, 0])[1:])
    assert column.central == out[1, 0, 0] - out[0, 0, 0]
    assert len(parts.files) > 1
