"""Parties against their hurdles, and what early ends cost, against the futures worked out directly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.config.load import load_study
from stresstest.futures.design import Design
from stresstest.measures import exit_costs
from stresstest.measures.exit_costs import exit_cost_rows
from stresstest.measures.failures import failures, limit_of, present
from stresstest.measures.hurdle_table import Limit, _points, hurdle_rows, limits_of
from stresstest.measures.hurdle_years import hurdle_year_rows
from stresstest.measures.summary import summary_rows
from stresstest.runner import run_study

pytestmark = pytest.mark.unit

N = 900
STRATEGIES = ["honest", "gamed"]


def small(study, **changes):
    """One scenario of 900 futures, all with their years unless said otherwise."""
    scenario = replace(study.scenarios[0], futures=N)
    return replace(study, **{"scenarios": (scenario,), "futures": N, "years_futures": N, **changes})


@pytest.fixture(scope="module")
def study(dudley):
    """Dudley's contract."""
    return small(dudley.study)


@pytest.fixture(scope="module")
def folder(study, honest, gamed, tmp_path_factory):
    """A run of it in several parts."""
    return run_study(study, (honest, gamed), tmp_path_factory.mktemp("runs"), backend="sequential", chunk=256).folder


@pytest.fixture(scope="module")
def rows(folder, study):
    """The hurdle table by strategy, hurdle and path."""
    return {(r["strategy"], r["hurdle"], r["path"]): r for r in hurdle_rows(folder, study, STRATEGIES)}


@pytest.fixture(scope="module")
def out(dudley, honest, gamed):
    """The same futures, straight from the machine, without future 0."""
    return dudley.outcomes(honest, gamed, first=1, n=N)


@pytest.fixture(scope="module")
def years(dudley, honest, gamed):
    """Their years."""
    return dudley.years(honest, gamed, first=1, n=N)


def middle(values):
    """Median and ends of the middle 80% over the last axis, as order statistics."""
    return [np.quantile(values, p, axis=-1, method="inverted_cdf") for p in (0.1, 0.5, 0.9)]


def test_the_chance_of_missing_a_hurdle_is_that_of_its_failure(rows, out, study):
    """Each hurdle is missed in the futures in which the failure of the analyses happens, with the same limit."""
    for k, strategy in enumerate(STRATEGIES):
        columns = dict(zip(L.OUTCOMES, out[k], strict=True))
        for one in failures(study):
            row = rows[strategy, one.name, "median"]
            assert row["fails_probability"] == pytest.approx(one.failing(columns).mean(), abs=1e-12), one.name
            assert row["fails_probability_low"] <= row["fails_probability"] <= row["fails_probability_high"]
            assert row["fails_probability_error"] > 0.0
            assert row["party"] == one.party
    assert 0.0 < rows["honest", "commissioner_limit", "median"]["fails_probability"] < 1.0


@pytest.mark.parametrize("design", [Design("random", 1), Design("lhs", 6), Design("stratified", 1)], ids=lambda d: d.kind)
def test_walking_away_is_the_summarys_end_by_losses(design, dudley, honest, gamed, tmp_path):
    """In every design the chance, its error and its interval are those of the summary, and so are those of all ends."""
    study = small(dudley.study, design=design, years_futures=64)
    folder = run_study(study, (honest, gamed), tmp_path, backend="sequential", chunk=256).folder
    table = {
        (r["strategy"], r["metric"]): r for r in summary_rows(folder, ["calibrated"], STRATEGIES, list(study.year_labels))
        if not r["year"] and r["statistic"] in ("mean", "probability")
    }  # fmt: skip
    ends = {(r["strategy"], r["cause"]): r for r in exit_cost_rows(folder, study, STRATEGIES) if not r["year"]}
    for row in hurdle_rows(folder, study, STRATEGIES):
        if row["hurdle"] == "walks_away":
            told = table[row["strategy"], "exit_losses"]
            for name, key in (("", "value"), ("_error", "error"), ("_low", "low"), ("_high", "high")):
                assert row[f"fails_probability{name}"] == pytest.approx(told[key], rel=1e-9)
            assert row["path_futures"] < row["futures"] == N
    for cause, metric in (("losses", "exit_losses"), ("policy", "exit_policy"), ("all", "exit")):
        assert ends["honest", cause]["probability"] == pytest.approx(table["honest", metric]["value"], rel=1e-9)
        assert ends["honest", cause]["probability_error"] == pytest.approx(table["honest", metric]["error"], rel=1e-9)
    whole = ends["honest", "all"]
    cost = table["honest", "exposure_step_in_npv"]["value"]
    assert whole["probability"] * whole["step_in_mean_gbp"] == pytest.approx(cost)
    assert 0.0 < whole["step_in_error_gbp"] < 0.2 * whole["step_in_mean_gbp"]


def test_the_providers_path_is_that_of_its_surplus_to_date(rows, years, study):
    """Start, low point and end are the median and the lowest tenth of each year, against what the owners bear."""
    ending = study.contract.ending
    backing = sum(ending[name].value for name in ("reserve", "loss_cap", "guarantee"))
    for k, strategy in enumerate(STRATEGIES):
        low, half, _ = middle(years["cumulative_surplus_gbp"][k])
        for path, told in (("median", half), ("1 in 10", low)):
            row = rows[strategy, "walks_away", path]
            assert row["limit"] == -backing
            assert (row["start"], row["end"]) == pytest.approx((told[0], told[-1]))
            assert row["low_point"] == pytest.approx(told.min())
            first = int(np.flatnonzero(told <= told.min() + 0.005)[0])
            assert row["low_point_year"] == study.year_labels[first]
            assert row["meets"] == ("yes" if told.min() > 0.005 - backing else "no")
    assert {rows["honest", "walks_away", path]["meets"] for path in ("median", "1 in 10")} >= {"no"}


def test_the_commissioners_path_ends_where_its_outcome_does(rows, out, years, study):
    """Exposure to date, discounted, ends at the outcome itself; the worst value of the path is its largest."""
    rate = study.place.parameters["health.money_discount"].value
    paid = years["commissioner_exposure_gbp"][0] * ((1.0 + rate) ** -np.arange(study.years))[:, None]
    _, half, high = middle(np.cumsum(paid, axis=0))
    for path, told, p in (("median", half, 0.5), ("1 in 10", high, 0.9)):
        row = rows["honest", "commissioner_limit", path]
        end = np.quantile(out[0, L.OUT["commissioner_exposure_npv_gbp"]], p, method="inverted_cdf")
        assert (row["end"], row["low_point"], row["start"]) == pytest.approx((end, told.max(), told[0]))
        assert row["meets"] == ("yes" if end <= row["limit"] else "no")
    assert row["limit"] == pytest.approx(study.hurdles["commissioner_limit"].value * present(study, 0))


def test_quality_is_judged_by_its_mean_over_the_term(rows, out, study):
    """The path ends at the mean true score of the outcomes, and is held against the floor there."""
    for path, p in (("median", 0.5), ("1 in 10", 0.1)):
        row = rows["honest", "quality_floor", path]
        end = np.quantile(out[0, L.OUT["mean_true_score"]], p, method="inverted_cdf")
        assert row["end"] == pytest.approx(end)
        assert row["meets"] == ("yes" if end >= limit_of(study, "quality_floor") else "no")


def test_hospital_and_council_have_an_end_and_no_path(rows, out):
    """No yearly column tells what they bear: start and low point are empty, the end is the outcome's quantile."""
    for party in ("hospital", "council"):
        row = rows["gamed", f"{party}_limit", "1 in 10"]
        assert (row["start"], row["low_point"], row["low_point_year"]) == (None, None, "")
        exposure = out[1, L.OUT[f"{party}_exposure_npv_gbp"]]
        assert row["end"] == np.quantile(exposure, 0.9, method="inverted_cdf")


def test_under_a_rescue_the_hurdle_is_the_owners_money(honest, gamed, tmp_path):
    """Where the commissioner carries what the owners do not, no loss ends the contract: using up the cap is what counts."""
    study = small(load_study("dudley", ("contract.ending.rescue=1",)))
    folder = run_study(study, (honest, gamed), tmp_path, backend="sequential").folder
    row = next(r for r in hurdle_rows(folder, study, STRATEGIES) if r["hurdle"] == "walks_away")
    assert limits_of(study)[0].column == "lowest_reserve_gbp"
    assert "carries" in row["words"]
    assert 0.2 < row["fails_probability"] < 1.0


def test_years_count_what_happens_in_them(folder, study, years):
    """Each measure of each year is the share of futures in which it happens."""
    limit, floor = limit_of(study, "commissioner_limit"), limit_of(study, "quality_floor")
    rate = study.place.parameters["health.money_discount"].value
    paid = years["commissioner_exposure_gbp"]
    to_date = np.cumsum(paid * ((1.0 + rate) ** -np.arange(study.years))[:, None], axis=1)
    expected = {
        "provider_deficit": years["surplus_gbp"] < 0.0, "provider_deficit_to_date": years["cumulative_surplus_gbp"] < 0.0,
        "commissioner_over_budget": paid > 0.0, "commissioner_over_limit_to_date": to_date > limit,
        "quality_below_floor": years["true_score"] < floor,
        "hospital_bears_cost": years["acute_actual_gbp"] < years["acute_expected_gbp"],
    }  # fmt: skip
    found = hurdle_year_rows(folder, study)
    assert len(found) == len(expected) * len(STRATEGIES) * study.years
    for row in found:
        k, t = STRATEGIES.index(row["strategy"]), study.year_labels.index(row["year"])
        assert row["probability"] == pytest.approx(expected[row["measure"]][k, t].mean(), abs=0.0012), row
        assert row["futures"] == N
    last = next(r for r in found[::-1] if r["measure"] == "commissioner_over_limit_to_date" and r["strategy"] == "honest")
    assert last["probability"] == pytest.approx((to_date[0, -1] > limit).mean())


def test_what_an_end_costs_is_that_of_the_futures_that_end_so(folder, study, out):
    """Chance, mean and 95th percentile of step-in by year and cause; nothing is told of what too few ends say nothing of."""
    year, cause = out[0, L.OUT["exit_year_index"]], out[0, L.OUT["exit_cause_code"]]
    cost = out[0, L.OUT["exposure_step_in_npv_gbp"]]
    kinds = {"losses": cause >= L.EXIT_FIRST_ADVERSE, "policy": cause == L.EXIT_POLICY, "all": cause > 0.0}
    for row in exit_cost_rows(folder, study, ["honest"]):
        t = study.year_labels.index(row["year"]) if row["year"] else None
        chosen = kinds[row["cause"]] & (True if t is None else year == t)
        assert row["probability"] == pytest.approx(chosen.mean(), abs=1e-12)
        if chosen.any():
            assert row["step_in_mean_gbp"] == pytest.approx(cost[chosen].mean())
            tail = np.quantile(cost[chosen], 0.95, method="inverted_cdf") if chosen.sum() >= exit_costs.LEAST_TAIL else None
            assert row["step_in_p95_gbp"] == tail
        else:
            assert row["step_in_mean_gbp"] is None
        assert row["exits"] == chosen.sum()
        if chosen.sum() < exit_costs.LEAST_MEAN:
            assert row["step_in_error_gbp"] is row["step_in_low_gbp"] is row["step_in_median_error_gbp"] is None
        else:
            assert row["step_in_error_gbp"] == pytest.approx(cost[chosen].std(ddof=1) / chosen.sum() ** 0.5)


def test_gathering_in_batches_changes_nothing(folder, study, monkeypatch):
    """Costs gathered for a few years at a time are those gathered for all years at once."""
    whole = exit_cost_rows(folder, study, STRATEGIES)
    monkeypatch.setattr(exit_costs, "GATHER", 60)
    assert exit_cost_rows(folder, study, STRATEGIES) == whole


def test_a_path_of_one_year_is_a_path_all_the_same():
    """Where the term is one year, start and worst point are that year's, and not left out as if no path were kept."""
    of = some_limit()
    told = _points(of, [("2018/19", -3.0)], True)
    assert (told["start"], told["low_point"], told["low_point_year"], told["end"]) == (-3.0, -3.0, "2018/19", -3.0)
    ends = _points(of, [("2018/19", -3.0)], False)
    assert (ends["start"], ends["low_point"], ends["low_point_year"], ends["end"]) == (None, None, "", -3.0)


def some_limit():
    """A hurdle that a path keeps to above minus five."""
    return Limit("walks_away", "provider", "", "GBP", "above", -5.0, "", "at any time", "", lambda x: x < -5.0)


def test_chances_among_contracts_that_run(folder, study, years):
    """Beside the chance of all futures stands that of the contracts that still run in the year, for what they alone can do."""
    running = years["running"][0] > 0.5
    loss = years["surplus_gbp"][0] < -0.005
    rows = [r for r in hurdle_year_rows(folder, study) if r["strategy"] == "honest"]
    for row in rows:
        t = study.year_labels.index(row["year"])
        if row["measure"] == "provider_deficit":
            assert row["running_futures"] == running[t].sum()
            assert row["running_probability"] == pytest.approx(loss[t][running[t]].mean())
            assert row["running_probability"] >= row["probability"]
        if row["measure"].startswith("commissioner"):
            assert row["running_probability"] is None
    assert running[-1].mean() < 0.5
