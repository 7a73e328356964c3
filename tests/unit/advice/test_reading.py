"""From run tables to cases: every future once, in its own row, whatever the parts; failures at the study's own hurdles."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice.failures import chosen, failure, failures, present
from stresstest.advice.reading import ALL, read_cases
from stresstest.advice.source import Source, columns_of
from stresstest.advice.tables import read_table
from stresstest.errors import ConfigError, DataError
from stresstest.methods.box import Box, Limit
from stresstest.results.ensemble import Ensemble

pytestmark = pytest.mark.unit


def test_cases_hold_what_the_tables_hold(small_source, small_folder):
    """Factors, results, weights and failures equal the run's tables, future by future, the central case left out."""
    cases = read_cases(small_source, ALL, ["provider_surplus_npv_gbp"], failures(small_source.study))
    run = Ensemble(small_folder)
    nature = run.futures(scenario="calibrated").sort_values("future")
    went = run.outcomes(scenario="calibrated", strategy="honest").sort_values("future")
    assert cases.n == len(nature) == 2000
    for name in ALL:
        np.testing.assert_array_equal(cases.values(name), nature[name].to_numpy())
    np.testing.assert_array_equal(cases.result("provider_surplus_npv_gbp"), went["provider_surplus_npv_gbp"].to_numpy())
    left = ~went["exit_cause"].isin(["none", "policy break"]).to_numpy()
    np.testing.assert_array_equal(cases.result("walks_away") == 1.0, left)
    assert 0 < left.sum() < 2000


def test_a_future_lived_again_gives_its_own_row(small_source):
    """The run's own futures, lived again by their numbers, give what the tables hold; threads change nothing."""
    cases = read_cases(small_source, (), ["commissioner_exposure_npv_gbp"])
    one, two = (small_source.live(600, jobs=jobs)[0] for jobs in (1, 2))
    np.testing.assert_array_equal(one, two)
    again = columns_of(one)["commissioner_exposure_npv_gbp"]
    np.testing.assert_array_equal(again, cases.result("commissioner_exposure_npv_gbp")[:600])


def test_limits_are_shares_of_the_plan(small_source):
    """The commissioner's limit is its share of the agreed budget's present value; both follow the study's own hurdle."""
    study = small_source.study
    rate = study.place.parameters["health.money_discount"].value
    by_hand = sum(study.contract.plan_table()[t, 0] / (1.0 + rate) ** t for t in range(study.years))
    assert present(study, 0) == pytest.approx(by_hand, rel=1e-12)
    limit = study.hurdles["commissioner_limit"].value * by_hand
    own = next(one for one in failures(study) if one.name == "commissioner_limit")
    column = np.array([limit * 0.999, limit * 1.001])
    assert own.failing({"commissioner_exposure_npv_gbp": column}).tolist() == [False, True]


def test_a_failure_of_ones_own(small_source):
    """Comparisons over outcomes, joined by and, become a failure; unknown words are refused with the nearest right answer."""
    own = failure(small_source.study, "health_qaly_npv < 500 and provider_surplus_npv_gbp > 1e6")
    columns = {"health_qaly_npv": np.array([400.0, 400.0, 600.0]), "provider_surplus_npv_gbp": np.array([2e6, 0.0, 2e6])}
    assert own.failing(columns).tolist() == [True, False, False]
    wanted = ["walks_away", "commissioner_limit", "quality_floor", "hospital_limit"]
    assert [one.name for one in chosen(small_source.study, [])] == wanted
    for text, near in (("walk_away", "walks_away"), ("health_qaly < 3", "health_qaly_npv")):
        with pytest.raises(ConfigError) as refused:
            failure(small_source.study, text)
        assert refused.value.nearest == near


def test_names_that_a_run_lacks_are_refused(small_folder):
    """An unknown scenario or strategy is refused, and so is a folder that is no run."""
    with pytest.raises(ConfigError):
        Source.of(small_folder, scenario="calibrate")
    with pytest.raises(ConfigError):
        Source.of(small_folder, strategy="gamer")
    with pytest.raises(DataError):
        Source.of(small_folder / "tables")


def test_a_plain_table_becomes_cases(tmp_path):
    """Columns of numbers explain the result; a cell that is no number and an unknown column are refused, with the row."""
    path = tmp_path / "t.csv"
    path.write_text("a,b,word,y\n1,5,x,0\n2,6,y,1\n3,7,z,1\n", encoding="utf-8")
    cases = read_table(path, ["y"])
    assert cases.names == ("a", "b")
    assert cases.result("y").tolist() == [0.0, 1.0, 1.0]
    box = Box((Limit("a", low=2.0),))
    assert box.inside(cases).tolist() == [False, True, True]
    with pytest.raises(ConfigError):
        read_table(path, ["z"])
    path.write_text("a,y\n1,0\nnan,1\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_table(path, ["y"])
    assert "row 3" in str(refused.value)


def test_every_failure_reads_outcomes_only(small_source):
    """No failure needs a column that table outcomes lacks."""
    assert {need for one in failures(small_source.study) for need in one.needs} <= set(L.OUTCOMES)
