"""Trade-offs: what is turned and how, the provider's answer, frontiers and slopes by hand, and a small search from end to end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.sentences import LONGEST, sentence_lengths
from stresstest.advice.source import Source
from stresstest.advice.tradeoffs import frontier_of, slope, tradeoffs
from stresstest.advice.tradeoffs_parameters import PARAMETERS, Parameter, parameters_of, turned, value_of
from stresstest.advice.tradeoffs_points import (
    EXPOSURE,
    HEALTH,
    KEPT,
    Weighing,
    answer_to,
    fresh,
    mean_error,
    points,
    spread_over,
    weight_of,
)
from stresstest.analysis.evaluate import Arena
from stresstest.config.load import load_study
from stresstest.contract import Contract
from stresstest.errors import ConfigError
from stresstest.futures.plan import SEARCH_FIRST, VERIFY_FIRST
from stresstest.futures.resampling import key_of, normals
from stresstest.futures.scenario import Consistency
from stresstest.strategy import Strategy
from stresstest.units import pounds

pytestmark = pytest.mark.unit
FEW = tuple(one for one in PARAMETERS if one.name in ("share at risk", "pay-back"))


@pytest.fixture(scope="module")
def contract():
    """Dudley's contract."""
    return load_study("dudley").contract


@pytest.fixture(scope="module")
def small_tradeoffs(small_folder):
    """Trade-offs of two parameters over few drafts and futures."""
    return tradeoffs(Source.of(small_folder), 2, parameters=FEW, count=5, searched=64, scored=256)


def test_what_the_contract_has_is_found(contract):
    """Every declared parameter of Dudley's contract has its value, the indicators' weights among them; others are left out."""
    known = {one.name: value_of(contract, one) for one in parameters_of(contract)}
    assert (known["share at risk"], known["ramp"], known["dead band"], known["pay-back"]) == (0.1, 1.0, 0.02, 0.5)
    assert known["weight of avoidable emergency admissions"] == 0.25
    assert known["owners’ loss limit"] == 18e6
    assert parameters_of(contract, [Parameter("x", "late_fee", "rate", 0.0, 1.0, "share", "")]) == []
    assert parameters_of(contract, [Parameter("x", "gain_loss_share", "nothing", 0.0, 1.0, "share", "")]) == []


def test_values_that_the_contract_has_change_nothing(contract):
    """Turned to what it says already, the contract's clauses keep their numbers; turned elsewhere, they say so."""
    known = parameters_of(contract)
    now = {one.name: value_of(contract, one) for one in known}
    same: Contract = turned(contract, now, known)
    for one in known:
        assert value_of(same, one) == pytest.approx(value_of(contract, one))
    risk = same.first("improvement_payment").values["at_risk"]
    assert [risk.at(t) for t in range(15)] == [0.0] + [0.1] * 14
    for one in known:
        value = 0.5 * (one.low + one.high)
        expected = 4.0 if one.field == "ramp" else value
        assert value_of(turned(contract, {one.name: value}, known), one) == pytest.approx(expected)


def test_a_ramp_by_hand(contract):
    """A share of 20% with a ramp of 4 years is 0, 5, 10, 15, 20, 20 … per cent; with none it is whole from the first year."""
    known = parameters_of(contract)
    risk = turned(contract, {"share at risk": 0.2, "ramp": 4.0}, known).first("improvement_payment").values["at_risk"]
    assert [risk.at(t) for t in range(6)] == pytest.approx([0.0, 0.05, 0.1, 0.15, 0.2, 0.2])
    risk = turned(contract, {"ramp": 0.0}, known).first("improvement_payment").values["at_risk"]
    assert {risk.at(t) for t in range(15)} == {0.1}


def test_weights_add_up_to_what_they_did(contract):
    """A weight that is turned takes from the others in proportion; too many at the top are scaled down."""
    known = parameters_of(contract)
    names = [one.name for one in known if one.name.startswith("weight of")]

    def weights(values):
        return [row["weight"].value for row in turned(contract, values, known).first("improvement_payment").values["indicators"]]

    assert weights({names[0]: 0.5}) == pytest.approx([0.5, 0.1, 0.1, 0.4 / 3.0, 0.1, 0.2 / 3.0])
    assert sum(weights(dict.fromkeys(names, 0.5))) == pytest.approx(1.0)
    assert sum(weights({names[0]: 0.5, names[1]: 0.5, names[2]: 0.5})) == pytest.approx(1.0)


def test_the_net_fills_the_ranges():
    """Points of the net lie within the ranges, differ, and are the same every time."""
    found = spread_over(FEW, 16)
    values = np.array([[row[one.name] for one in FEW] for row in found])
    assert values.shape == (16, 2)
    for k, one in enumerate(FEW):
        assert one.low <= values[:, k].min() < values[:, k].max() <= one.high
        assert len(set(values[:, k])) == 16
    assert found == spread_over(FEW, 16)


def test_a_frontier_by_hand():
    """Of (exposure, health) (5, 1), (6, 2), (6, 1), (9, 9), (5, 1) the first, second and fourth are the frontier, once each."""
    means = np.zeros((5, len(KEPT)))
    means[:, EXPOSURE], means[:, HEALTH] = [5, 6, 6, 9, 5], [1, 2, 1, 9, 1]
    assert frontier_of(means, EXPOSURE, HEALTH) == [0, 1, 3]


def test_a_slope_by_hand():
    """£200 more for 4 QALYs more is £50 a QALY; exact where every future says so, empty where health is no more."""
    before, after = np.zeros((len(KEPT), 50)), np.zeros((len(KEPT), 50))
    after[EXPOSURE], after[HEALTH] = 200.0, 4.0
    assert slope(before, after) == {"slope_gbp_per_qaly": 50.0, "slope_error_gbp_per_qaly": 0.0}
    assert slope(None, after)["slope_gbp_per_qaly"] is None
    after[HEALTH] = 0.0
    assert slope(before, after)["slope_gbp_per_qaly"] is None


class FlatArena:
    """A provider to whom efficiency is all one, effort is best at 0.6, and prevention matters by chance alone."""

    def outcomes(self, strategies):
        """Aims of plays, float64[plays, futures]."""
        chance = normals(key_of("flat arena"), 2, 200)
        return np.array([
            -((s.levels.get("effort", 0.0) - 0.6) ** 2) + 0.1 * chance[int(s.levels.get("prevention", 0.0) > 0.5)]
            for s in strategies
        ])  # fmt: skip

    def aim(self, out):
        """The aims themselves."""
        return out

    def mean_aim(self, strategies):
        """Their means."""
        return self.outcomes(strategies).mean(axis=1)


def test_levers_that_do_not_matter_stay():
    """What serves the provider clearly is moved; a level that is better by chance alone is put back to where it was."""
    found = answer_to(FlatArena(), {"effort": 0.1, "prevention": 0.4, "efficiency": 0.3})
    assert found["effort"] == pytest.approx(0.6, abs=0.03)
    assert found["efficiency"] == 0.3
    assert found["prevention"] == 0.4


def test_the_provider_answers(small_source):
    """With a quarter of the payment at risk the provider works, and the answer serves it better than none."""
    known = parameters_of(small_source.study.contract)
    study = small_source.study.with_contract(turned(small_source.study.contract, {"share at risk": 0.25}, known))
    arena = Arena(study, small_source.scenario, SEARCH_FIRST, 128, 2)
    found = answer_to(arena, {})
    assert found["effort"] > 0.5
    assert arena.mean_aim([Strategy("none", {}), Strategy("found", found)]).argmax() == 1


def test_threads_leave_no_trace(small_source):
    """One thread and two give the same drafts, answers and figures."""
    one, two = (points(small_source, FEW, jobs, count=3, searched=32, scored=64) for jobs in (1, 2))
    np.testing.assert_array_equal(one.kept, two.kept)
    assert one.responses == two.responses


@pytest.fixture
def factored(small_source) -> Source:
    """The run, with a consistency factor of 6 on futures whose economy ends high."""
    rules = (Consistency((-1, -1, -1, 2, -1, -1), 6.0),)
    return replace(small_source, scenario=replace(small_source.scenario, consistency=rules))


def test_futures_weigh_what_their_consistency_says(small_source, factored):
    """Means, errors, slopes and the provider's aim are weighted by nature's own weights; without factors all weigh the same."""
    found = points(factored, FEW, count=2, searched=32, scored=256)
    np.testing.assert_array_equal(found.weight, weight_of(factored, VERIFY_FIRST, 256))
    assert len(np.unique(found.weight)) == 2
    assert found.weight.max() == pytest.approx(6.0 * found.weight.min())
    x = found.kept[0, EXPOSURE]
    assert found.means[0, EXPOSURE] == pytest.approx(np.average(x, weights=found.weight))
    assert abs(found.means[0, EXPOSURE] - x.mean()) > 0.1 * x.std() / 16.0
    share = found.weight / found.weight.sum()
    by_hand = np.sqrt(256 / 255 * np.sum((share * (x - share @ x)) ** 2))
    assert mean_error(x, found.weight) == pytest.approx(by_hand)
    assert mean_error(x, np.ones(256)) == pytest.approx(mean_error(x))
    arena = Weighing(factored, factored.study, 64, 1, weight_of(factored, SEARCH_FIRST, 64))
    plays = [Strategy("none", {}), Strategy("works", {"effort": 1.0})]
    aims = arena.aim(arena.outcomes(plays))
    np.testing.assert_allclose(arena.mean_aim(plays), np.average(aims, axis=1, weights=arena.weight))
    assert weight_of(small_source, VERIFY_FIRST, 64) is None


def test_the_frontier_of_weighted_futures_is_weighted(factored):
    """The frontier's figures are weighted means on the further futures, and the notes say so instead of warning."""
    made = tradeoffs(factored, parameters=FEW, count=2, searched=32, scored=256)
    found = points(factored, FEW, count=2, searched=32, scored=256)
    again, weight = fresh(factored, found, [0])
    own = next(row for row in made.tables["points"] if row["draft"] == "as it is")
    assert own["exposure_gbp"] == pytest.approx(found.means[0, EXPOSURE])
    np.testing.assert_array_equal(weight, weight_of(factored, VERIFY_FIRST + 256, 256))
    first = made.tables["frontier"][0]
    k = [row["draft"] for row in made.tables["points"]].index(first["draft"])
    kept = fresh(factored, found, [k])[0][0]
    assert first["exposure_gbp"] == pytest.approx(np.average(kept[EXPOSURE], weights=weight))
    change = kept[EXPOSURE] - again[0, EXPOSURE]
    assert first["exposure_change_gbp"] == pytest.approx(np.average(change, weights=weight), abs=1e-3)
    assert any("weigh what the scenario's consistency factors say" in note for note in made.notes)
    assert not any("WARNING" in note for note in made.notes)


def test_sentences_are_short_and_have_one_standard_error(small_tradeoffs):
    """One short sentence answers; none is long; after ± stands the tables' own error."""
    (first,) = sentence_lengths(small_tradeoffs.answer[0])
    assert first <= 35
    assert all(max(sentence_lengths(text)) <= LONGEST for text in (*small_tradeoffs.answer, *small_tradeoffs.notes))
    changes = [row["exposure_change_error_gbp"] for row in small_tradeoffs.tables["one_at_a_time"] if row["as_it_is"] == "no"]
    told = next(text for text in small_tradeoffs.answer if text.startswith("Alone, exposure"))
    assert any(f"(± {pounds(error)})" in told for error in changes)
    assert not any(f"(± {pounds(1.96 * error)})" in told for error in changes)


def test_tables_hang_together(small_tradeoffs):
    """The contract as it is changes nothing against itself; what is dominated is beaten by one of the frontier; pay-back pays."""
    rows = small_tradeoffs.tables["points"]
    assert rows[0]["draft"] == "as it is"
    assert rows[0]["exposure_change_gbp"] == rows[0]["health_change_error_qaly"] == 0.0
    on = {row["draft"] for row in rows if row["on_frontier"] == "yes"}
    assert on == {row["draft"] for row in small_tradeoffs.tables["frontier"]}
    for row in rows:
        if row["dominated"] == "yes":
            assert row["beaten_by"] in on
            assert row["saves_gbp"] >= 0.0
            assert row["adds_qaly"] >= 0.0
    back = [row for row in small_tradeoffs.tables["one_at_a_time"] if row["parameter"] == "pay-back"]
    assert [row["value"] for row in back] == sorted(row["value"] for row in back)
    assert back[0]["exposure_gbp"] > back[-1]["exposure_gbp"]
    assert sum(row["as_it_is"] == "yes" for row in back) == 1
    assert {row["gamed_exposure_gbp"] > 0.0 for row in rows} == {True}


def test_it_says_what_is_given_up(small_tradeoffs, tmp_path):
    """The answer has the frontier's ends and what the provider gives up; everything can be written."""
    assert "frontier" in small_tradeoffs.answer[0] or "Nothing is given up" in small_tradeoffs.answer[0]
    assert any("provider" in sentence for sentence in small_tradeoffs.answer)
    assert (small_tradeoffs.write(tmp_path / "out") / "points.csv").is_file()


def test_nothing_to_turn_is_refused(small_source):
    """A contract without any of the parameters is refused, with what would be needed."""
    with pytest.raises(ConfigError, match="none of the parameters"):
        tradeoffs(small_source, parameters=(Parameter("x", "late_fee", "rate", 0.0, 1.0, "share", ""),), scored=32)
