"""The reverse stress test names a planted cause first, says what it cannot find, and counts rescues as declared."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice import reverse as module
from stresstest.advice.failures import failure, failures
from stresstest.advice.reverse import reverse
from stresstest.advice.reverse_check import run_shares, sample_of, share_of
from stresstest.advice.reverse_lab import Lab, Prober
from stresstest.advice.reverse_rescue import RESCUES, Saved, Share, best_rescue, rescues_of, too_late
from stresstest.advice.reverse_search import Search, first_crossing, nearest_crossing
from stresstest.advice.reverse_shocks import Space
from stresstest.advice.reverse_words import FAILS, TAKES, alone, amount, moved, one_in
from stresstest.advice.reverse_years import _judge, failure_years, histories_of, weighted_median
from stresstest.advice.source import Source
from stresstest.config.load import load_study
from stresstest.errors import DataError
from stresstest.futures.axes import CRISIS_PROBABILITY
from stresstest.place import Quantity
from stresstest.runner import run_study
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

QUIET = {
    "opening.gap_spread": 0.0, "opening.gap_shift": 0.0, "opening.gap_median": 0.0, "opening.bid_spread": 0.0,
    "opening.omitted_probability": 0.0, "productivity.spread": 0.0, "productivity.noise": 0.0, "need.noise": 0.0,
    "cost.pay_noise": 0.0, "cost.inflation_probability": 0.0, "policy.break_probability": 0.0, "shock.pandemic_probability": 0.0,
    "need.technology_low": 0.0, "need.technology_high": 0.0, "productivity.technology_low": 0.0,
    "productivity.technology_high": 0.0,
}  # fmt: skip


def planted(**changes):
    """Dudley's study without most of its shocks, and with a few numbers of the place changed."""
    study = load_study("dudley", ("futures=1000", "scenario_futures=100"))
    numbers = {**QUIET, **{name.replace("__", "."): value for name, value in changes.items()}}
    new = {name: Quantity((value,), "", "test", "variant") for name, value in numbers.items()}
    return replace(study, place=replace(study.place, parameters={**study.place.parameters, **new}))


@pytest.fixture
def quick(monkeypatch):
    """Fewer futures at a point."""
    monkeypatch.setattr(module, "FUTURES", 32)
    monkeypatch.setattr(module, "SCOUTS", 32)
    monkeypatch.setattr(module, "rescues_of", partial(rescues_of, most=200))


def nearest_of(source, text, futures=128):
    """The search for one failure, with real futures to lean on."""
    failing = [failure(source.study, text)]
    space = Space.of(source.study, source.scenario)
    search = Search(Prober(Lab.of(space, source.strategy, 4, futures), failing), 0)
    return space, search, search.nearest(sample_of(source, space, failing).leaning(0))


def first_shock(space, nearest):
    """The shock with the largest share of the distance."""
    return space.names[int(np.argmax(nearest.design.shares))]


def test_a_planted_opening_gap_is_named_first(small_source):
    """Where only the baseline of the price can go wrong, it makes nearly all of the distance, and its size is right."""
    study = planted(opening__gap_median=0.02, opening__gap_spread=1.0, productivity__mean=0.02)
    source = replace(small_source, study=study)
    space, search, nearest = nearest_of(source, "walks_away")
    assert first_shock(space, nearest) == "opening_gap"
    assert nearest.design.shares.max() > 0.8
    there = search.prober.chances(nearest.design.point[None, :])[0, 0]
    assert there == pytest.approx(0.5, abs=0.06)
    single = search.single(space.names.index("opening_gap"))
    assert abs(single.size) >= abs(nearest.design.beta) - 3.0 * nearest.beta_error - 0.03


def test_a_planted_axis_is_named_first(small_source):
    """Where need follows responsibility alone, responsibility is named first, in the direction in which need rises."""
    study = planted(need__responsibility_low=-0.02, need__responsibility_high=0.02, productivity__mean=0.025, funding__noise=0.0,
                    funding__growth_link=0.0, funding__state_link=0.0, cost__pay_growth_link=0.0)  # fmt: skip
    space, _, nearest = nearest_of(replace(small_source, study=study), "walks_away")
    assert nearest.found
    assert first_shock(space, nearest) == "responsibility"
    sign = -1.0 if nearest.fails_in_the_middle else 1.0
    assert sign * nearest.design.point[space.names.index("responsibility")] > 0.0


def test_a_planted_clause_makes_its_own_cause_count(small_source):
    """A clause that charges the commissioner for growth of need makes need the way to the commissioner's limit."""
    study = planted(need__noise=0.01, productivity__mean=0.03)
    contract = study.contract.with_clause({"id": "need_charge", "kind": "formula", "fields": {"value": "max(0, need - 1.15)"}})
    contract = contract.with_clause({"id": "pay_need", "kind": "payment", "payer": "commissioner", "payee": "provider",
                                     "fields": {"price": 5e9, "of": "need_charge"}})  # fmt: skip
    space, _, nearest = nearest_of(replace(small_source, study=study.with_contract(contract)), "commissioner_limit")
    assert nearest.found
    shares = dict(zip(space.names, nearest.design.shares, strict=True))
    assert shares["need_surprise"] + shares["responsibility"] > 0.8


def test_the_whole_on_a_small_run(small_source, quick, tmp_path):
    """All tables come out with the same failures, sentences name figures, and the nearest point holds in fresh futures."""
    failing = [failure(small_source.study, name) for name in ("walks_away", "commissioner_limit")]
    found = reverse(small_source, failing)
    assert found.ok
    points = found.tables["reverse_points"]
    assert [row["failure"] for row in points] == ["walks_away", "commissioner_limit"]
    for row in points:
        assert row["verdict"] in (TAKES, FAILS)
        assert row["at_point_probability"] == pytest.approx(0.5, abs=0.1)
        assert (row["distance"] < 0.0) == (row["middle_probability"] > 0.5) or abs(row["distance"]) < 0.2
        assert row["as_far_probability_low"] <= row["as_far_probability"] <= row["as_far_probability_high"]
        own = [one["distance_share"] for one in found.tables["reverse_shocks"] if one["failure"] == row["failure"]]
        assert sum(own) == pytest.approx(1.0, abs=1e-6)
        assert row["beyond_share"] > row["before_share"]
    assert "%" in found.answer[0]
    folder = found.write(tmp_path / "reverse")
    assert (folder / "reverse_points.csv").is_file()
    assert (folder / "reverse_rescues.csv").is_file()


def test_no_failure_anywhere_is_refused_with_a_remedy(small_source, quick):
    """A failure that no future has, and no shock leads to, is an error that says what to do."""
    with pytest.raises(DataError) as refused:
        reverse(small_source, [failure(small_source.study, "mean_true_score > 5")])
    assert "hurdle" in str(refused.value)


def test_everything_fails_is_said(small_source, quick):
    """Where every future fails and nothing averts it, that is said, and no warning or distance is made up."""
    own = [failure(small_source.study, "mean_true_score < 5")]
    found = reverse(small_source, own)
    row = found.tables["reverse_points"][0]
    assert row["failing_share"] == 1.0
    assert row["distance"] is None
    assert row["verdict"] == "every future fails"
    assert not found.tables["reverse_warning"][0]["enough"]
    assert any("Every one" in sentence for sentence in found.answer)


def test_a_level_outside_the_unit_interval_is_refused(small_source):
    """A level must be a chance."""
    with pytest.raises(DataError, match="a level is a chance"):
        reverse(small_source, failures(small_source.study)[:1], level=1.5)


def test_nothing_that_varies_is_refused(small_source):
    """A study without any spread has no shocks to search."""
    study = planted(funding__noise=0.0, acute__noise=0.0, acute__benefit_spread=0.0, shock__pandemic_probability=0.0,
                    shock__winter_probability=0.0)  # fmt: skip
    law = replace(study.law, table=study.law.table.copy())
    law.table[:, 2] = 0.0
    dynamics = {**study.place.dynamics, "progress_noise": Quantity((0.0,))}
    law.table[L.ECONOMY, CRISIS_PROBABILITY] = 0.0
    still = replace(study, law=law, place=replace(study.place, dynamics=dynamics))
    with pytest.raises(DataError, match="nothing varies"):
        reverse(replace(small_source, study=still), failures(still)[:1])


def test_given_axes_are_no_shocks(small_folder):
    """In a named scenario the axes that its course gives are not among the shocks; the others' shocks stay."""
    source = Source.of(small_folder)
    named = next(one for one in source.study.scenarios if one.name != "calibrated")
    kinds = [shock.kind for shock in Space.of(source.study, named).shocks]
    assert "axis" not in kinds
    assert "once" in kinds


# ── shares of the run ──────────────────────────────────────────────────────────────────────────────────────────────
def test_shares_of_the_run_are_those_of_its_tables(small_source):
    """Read part by part, the shares equal those of the same futures lived again; the error is the binomial one."""
    failing = failures(small_source.study)[:4]
    columns = dict(zip(module_outcomes(), small_source.live(2000)[0], strict=True))
    for one, share in zip(failing, run_shares(small_source, failing), strict=True):
        fails = one.failing(columns)
        assert share.value == pytest.approx(fails.mean(), abs=1e-12)
        wanted = math.sqrt(fails.mean() * (1.0 - fails.mean()) / 2000)
        assert share.error == pytest.approx(max(wanted, 1.0 / 2000), rel=1e-6)


def module_outcomes():
    """Names of the outcomes."""
    from stresstest.layout import OUTCOMES

    return OUTCOMES


def test_dependent_futures_make_the_error_of_their_replicates(tmp_path):
    """In a Sobol' run the error comes from the spread of the replicates, not from the number of futures."""
    from stresstest.runner import run_study
    from stresstest.strategy import Strategy

    base = load_study("dudley", ("futures=512", "scenario_futures=64", "design=sobol"))
    small = replace(base, scenarios=base.scenarios[:1])
    source = Source.of(run_study(small, (Strategy("honest", {"effort": 0.75}),), tmp_path, jobs=2).folder)
    share = run_shares(source, failures(source.study)[:1])[0]
    fails = failures(source.study)[0].failing(dict(zip(module_outcomes(), source.live(512)[0], strict=True))).astype(float)
    means = np.array([fails[k::16].mean() for k in range(16)])
    assert share.value == pytest.approx(fails.mean())
    assert share.error == pytest.approx(means.std(ddof=1) / math.sqrt(16), rel=1e-9)


def test_weighed_shares():
    """A share is weighed; none seen has the error of one future, and no futures have no share."""
    found = share_of(np.array([1.0, 0.0, 0.0]), np.array([2.0, 1.0, 1.0]))
    assert found.value == pytest.approx(0.5)
    assert share_of(np.zeros(10), np.ones(10)).error == pytest.approx(0.1)
    assert math.isnan(share_of(np.zeros(0), np.zeros(0)).value)


# ── the years ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_warnings_must_stay():
    """A warning counts from the year after which it never falls below 9 in 10 until the failure."""
    chances = np.array([[0.95, 0.95, 0.2], [0.5, 0.95, 0.95], [0.95, 0.95, 0.1], [0.99, 0.1, 0.1]])
    seen = _judge(chances, np.array([3, 2, -1]), np.ones(3))
    np.testing.assert_array_equal(seen.first, [2, 0])
    assert seen.median_warning == 1.0
    assert seen.right.value == pytest.approx(2.0 / 3.0)
    assert seen.by_year[0, 0] == pytest.approx(0.5)


def test_years_of_failure(small_source):
    """Walking away happens in the exit year; the commissioner's limit is passed for good by the end, and never before year 1."""
    histories = histories_of(small_source, most=600)
    walks, limit, floor = (failure_years(small_source, failures(small_source.study)[k], histories) for k in (0, 1, 2))
    left = histories.out[module_outcomes().index("exit_cause_code")] >= 2
    np.testing.assert_array_equal(walks >= 0, left)
    np.testing.assert_array_equal(walks[left], histories.out[module_outcomes().index("exit_year_index")][left])
    assert limit.max() <= small_source.study.years - 1
    assert set(np.unique(floor)) <= {-1, small_source.study.years - 1}


def test_weighted_medians():
    """Half of the weight decides the median."""
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0])) == 2.0


# ── rescues ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_rescues_save_fewer_the_later(small_source):
    """Support saves fewer futures the later it begins and harms none; it costs the commissioner money."""
    rows = rescues_of(small_source, failures(small_source.study)[:1], most=400)
    own = [row for row in rows if row.rescue.name == "support"]
    saved = [row.saved.value for row in own]
    assert saved[0] > 0.3
    assert np.diff(saved).max() <= 1e-12
    assert saved[-1] == 0.0
    assert max(row.harmed.value for row in own) == 0.0
    assert own[0].exposure > 0.0
    assert best_rescue(rows, 0)[0].rescue.name == "support"


def test_a_rescue_pays_from_its_year_on(small_source):
    """Before the rescue begins nothing changes; from then on the provider has its share of the agreed budget."""
    from stresstest.analysis.evaluate import simulate_years
    from stresstest.layout import YEAR

    study, strategy = RESCUES[0].begun(small_source.study, small_source.strategy, 2)
    base, after = (simulate_years(small_source.inputs(one, (strategy,)), 1, 64, 0)[0] for one in (small_source.study, study))
    income, agreed = YEAR["income_gbp"], base[YEAR["agreed_budget_gbp"]]
    np.testing.assert_array_equal(after[income, :2], base[income, :2])
    serving = base[YEAR["running"], 2] == 1.0
    assert serving.any()
    more = (after[income, 2] - base[income, 2])[serving]
    assert np.median(more / agreed[2, serving]) == pytest.approx(0.05, abs=0.04)
    assert more.min() >= -1e-6


def test_too_late_is_the_first_year_below_half_for_good():
    """The year after the last one in which half is still saved; None where it always is, the first where it never is."""
    def rows(shares):
        return [Saved(RESCUES[0], 0, t, Share(s, 0.0, 9), Share(0.0, 0.0, 9), 0.0, 0.0) for t, s in enumerate(shares)]

    assert too_late(rows([0.9, 0.4, 0.6, 0.1])) == 3
    assert too_late(rows([0.9, 0.6])) is None
    assert too_late(rows([0.2, 0.1])) == 0


# ── small parts ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_crossings():
    """The first change of sign, by a straight line; the nearest to 0 of either side; none where there is none."""
    grid = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    assert first_crossing(grid[2:], np.array([1.0, 0.5, -0.5])) == pytest.approx(1.5)
    assert nearest_crossing(grid, np.array([-3.0, 1.0, 1.0, 1.0, -1.0])) == pytest.approx(-1.25)
    assert nearest_crossing(grid, np.ones(5)) is None


def test_words():
    """Values in the words of their unit, chances as one in so many, and a sentence where no shock does it alone."""
    assert amount(-0.0123, "a year") == "−1.23% a year"
    assert amount(0.25, "index") == "+0.25"
    assert amount(3.0, "years of service") == "3 years"
    assert one_in(0.217) == "1 future in 4.6"
    assert one_in(0.0) == "fewer than can be counted"
    assert "no shock alone" in alone("quality_floor", TAKES, [{"size": None}], [])


def test_small_values_are_told_apart_from_the_middle():
    """A value that the usual digits would show as 0, or as the middle's, has more of them; else its size is told."""
    assert amount(-0.0046, "index") == "−0.005"
    assert amount(0.0, "index") == amount(-1e-17, "index") == "0"
    assert amount(0.00004, "a year") == "0.004% a year"
    row = {"words": "outcomes beyond their course", "value": -0.0046, "middle_value": 0.0, "unit": "index", "size": -0.4}
    assert moved(row) == "outcomes beyond their course at −0.005 instead of 0"
    assert moved(row | {"value": 1.504, "middle_value": 1.5}) == "outcomes beyond their course at +1.504 instead of +1.500"
    assert moved(row | {"value": 1e-12}).endswith("0.40 standard deviations below the middle")
    winters = row | {"words": "hard winters", "value": 3.0, "middle_value": 3.0, "unit": "years", "size": 0.4}
    assert moved(winters).endswith("above the middle")


def test_mirrored_pairs_learn_or_are_judged_together(tmp_path):
    """Under antithetic draws, and under replicates, all futures of a group lie in one half."""
    for kind in (("design.kind=random", "design.antithetic=1"), ("design.kind=sobol", "design.replicates=4")):
        study = load_study("dudley", ("futures=64", "years_futures=0", *kind))
        study = replace(study, scenarios=study.scenarios[:1])
        source = Source.of(run_study(study, (Strategy("honest", {"effort": 0.75}),), tmp_path / kind[0], jobs=2).folder)
        histories = histories_of(source)
        halves = [set(histories.learns[histories.groups == group].tolist()) for group in np.unique(histories.groups)]
        assert len(halves) in (4, 32)
        assert all(len(half) == 1 for half in halves)
        assert histories.learns.mean() == 0.5
