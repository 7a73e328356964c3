"""From nature and a strategy to one year of the world and of the record."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.kernel.respond import CLEARED, LEVER_MOVES, TOUCHED, WRITTEN, runs
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

TOLD = (
    ("record_list", "world_list"), ("record_need", "world_need"), ("record_acute", "world_acute"),
    ("record_cost", "world_cost"), ("record_funding", "world_funding"), ("audit_list", "world_list"),
    ("audit_need", "world_need"),
)  # fmt: skip


@pytest.fixture(scope="module")
def lived(dudley, honest, gamed):
    """64 futures under both strategies, of a provider that no loss exhausts."""
    return dudley.with_ending(reserve=1e10).years(honest, gamed, n=64)


@pytest.mark.parametrize(("told", "true"), TOLD)
def test_an_honest_record_is_the_truth(lived, told, true):
    """Whatever an honest provider reports is what is so."""
    np.testing.assert_array_equal(lived[told][0], lived[true][0])


def test_an_auditor_finds_the_truth_whatever_is_told(lived):
    """Gaming bends list and need on the record, never in the audit and never in the world."""
    for name in ("list", "need"):
        np.testing.assert_array_equal(lived[f"audit_{name}"][1], lived[f"world_{name}"][1])
        np.testing.assert_array_equal(lived[f"world_{name}"][1], lived[f"world_{name}"][0])
        running = lived["running"][1] == 1.0
        assert np.all(lived[f"record_{name}"][1][running] > lived[f"world_{name}"][1][running])


def test_cost_is_care_work_and_gaming(lived):
    """The provider's cost is care in scope, honest work and the cost of gaming, to the penny."""
    parts = lived["world_scope_cost"] + lived["world_investment"] + lived["world_gaming_cost"]
    np.testing.assert_array_equal(lived["world_cost"], parts)
    assert np.all(lived["world_gaming_cost"][0] == 0.0)
    assert lived["world_gaming_cost"][1].max() > 0.0


def test_scope_cost_is_the_product_of_its_parts(dudley, lived):
    """Opening cost × gap × people × need × price ÷ productivity × shock, less what prevention saves."""
    study = dudley.study
    margin = study.provider.parameters["opening.margin"].value
    heads = lived["world_list"][0] / study.place.parameters["population.list_base"].value
    gross = study.contract.opening_price * (1.0 - margin) * lived["world_opening"][0] * heads * lived["world_need"][0]
    gross = gross * lived["world_input_price"][0] / lived["world_productivity"][0] * lived["world_shock"][0]
    np.testing.assert_allclose(lived["world_scope_cost"][0], gross - lived["world_prevention_saving"][0], rtol=1e-12)


def test_expected_acute_spend_follows_the_true_list(dudley, lived):
    """The benchmark is the plan's, for as many people as there truly are."""
    plan = dudley.study.contract.plan_table()[:, 4][:, None]
    heads = lived["world_list"][1] / dudley.study.place.parameters["population.list_base"].value
    np.testing.assert_allclose(lived["record_acute_expected"][1], plan * heads, rtol=1e-12)


def test_reports_scatter_about_the_truth(dudley, honest):
    """What is reported differs from the true value by chance of the stated size, and by nothing on average."""
    years = dudley.with_ending(reserve=1e10).years(honest, n=600)
    for k, indicator in enumerate(dudley.study.place.indicators):
        true = indicator.baseline + years[f"world_progress_{k}"][0] * (indicator.target - indicator.baseline)
        errors = (years[f"record_indicator_{k}"][0] - true) / indicator.noise_sd
        assert errors.std() == pytest.approx(1.0, abs=0.05), indicator.name
        assert abs(errors.mean()) < 5 / np.sqrt(errors.size), indicator.name


def test_investment_follows_the_agreed_budget(dudley):
    """Honest work costs its share of the agreed budget: squares of effort and efficiency, a straight line of prevention."""
    levels = {"effort": 0.6, "prevention": 0.5, "efficiency": 0.4}
    years = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0).years(Strategy("h", levels), n=2)
    share = {k: dudley.study.provider.parameters[f"{k}.cost_share"].value for k in levels}
    expected = share["effort"] * 0.36 + share["prevention"] * 0.5 + share["efficiency"] * 0.16
    np.testing.assert_allclose(years["world_investment"][0], expected * years["record_agreed"][0], rtol=1e-12)


def test_need_price_and_productivity_start_where_they_were_priced(dudley):
    """In the first year of the central case people, need and productivity are those that were priced."""
    years = dudley.years(Strategy("none", {}), first=0, n=1)
    for name in ("world_need", "world_productivity", "world_shock", "world_funding", "world_care"):
        assert years[name][0, 0, 0] == pytest.approx(1.0, rel=0.02), name
    assert years["world_list"][0, 0, 0] == dudley.study.place.parameters["population.list_base"].value


def test_rows_side_by_side_are_one_run():
    """Runs hold every row once, and none beside."""
    assert runs({3, 4, 5, 9}) == ((3, 3), (9, 1))
    assert {k for first, count in CLEARED for k in range(first, first + count)} == TOUCHED


def test_every_row_of_the_year_has_somebody_who_sets_it_back():
    """A row is written anew, set back every year, set by a choice, or set back after the lever that adds to it."""
    moved = {int(row) for row in LEVER_MOVES.ravel() if row >= 0}
    choices = {L.driver(name) for name in L.DRIVERS if name.startswith("choice_")}
    parts = (WRITTEN, TOUCHED, choices, moved)
    assert set.union(*map(set, parts)) == set(range(len(L.DRIVERS)))
    assert sum(map(len, parts)) == len(L.DRIVERS)


@pytest.mark.parametrize("lever", GAMING)
def test_what_a_lever_adds_to_is_nothing_in_the_year_after(dudley, lever):
    """After one year of a lever every row that levers add to is 0 again, and no row moved that the lever does not name."""
    study, kind = dudley.with_ending(reserve=1e10), LEVERS[LEVER_NUMBER[lever]]
    work = {"effort": 1.0, "prevention": 0.5}
    once = Strategy("once", {**work, lever: (0.0, 0.0, kind.highest, 0.0)})
    years = study.years(once, n=64)
    for row in {int(row) for row in LEVER_MOVES.ravel() if row >= 0}:
        name = L.DRIVERS[row]
        quiet = np.delete(years[name][0], 2, axis=0)
        assert not quiet.any(), name
        assert name in (*kind.moves, "audit_claim") or not years[name][0, 2].any(), name
