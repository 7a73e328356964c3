"""The seven assumptions: what is held when one is held, and that with all of them held the plan comes true."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.assumptions import (
    ASSUMPTIONS,
    LETTERS,
    assumption,
    held,
    hold,
    planned_benefit,
    planned_need_growth,
    planned_pay_growth,
)
from stresstest.config.load import load_study
from stresstest.drivers.parameters import PLAN_ACUTE, PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY
from stresstest.errors import ConfigError
from stresstest.futures.scenario import Course
from stresstest.place import Quantity
from stresstest.strategy import Strategy
from stresstest.study import Study

pytestmark = pytest.mark.unit
FULL_EFFORT = Strategy("effort", {"effort": 1.0})
CHANCES = ("probability", "noise", "spread", "hazard", "delay_mean")
#: Chance that no assumption of the plan speaks of, and what has no effect once its chance is held.
NEVER_HELD = {"acute.noise", "shock.insurance_noise", "opening.gap_spread"}


@cache
def shipped() -> Study:
    """Dudley's study, for tests that draw their input."""
    return load_study("dudley")


def moving(study: Study, axis: int) -> bool:
    """Whether the law lets an axis move."""
    row = study.law.table[axis]
    return bool(row[1] != row[0] or row[[2, 8, 10, 11]].any())


def test_letters_and_names_are_the_seven() -> None:
    """a to g, in order, each with words for what is assumed and for both states."""
    assert "".join(LETTERS) == "abcdefg"
    for one in ASSUMPTIONS:
        assert assumption(one.letter) is assumption(one.name) is one
        assert one.words
        assert one.when_held != one.when_released


def test_a_word_that_is_none_of_them_is_refused() -> None:
    """The nearest name is offered."""
    with pytest.raises(ConfigError) as caught:
        assumption("workfroce")
    assert (caught.value.key, caught.value.value, caught.value.nearest) == ("assumptions", "workfroce", "workforce")


def test_no_parameter_and_no_axis_belongs_to_two(dudley) -> None:
    """So that holding one never undoes another, and parts can be told apart."""
    fixed = [one.fixes(dudley.study) for one in ASSUMPTIONS]
    for one, other in itertools.combinations(fixed, 2):
        assert not set(one.parameters) & set(other.parameters)
        assert not set(one.axes) & set(other.axes)
    assert sorted(a for one in fixed for a in one.axes) == list(range(6))


def test_every_chance_of_the_place_belongs_to_one_or_is_named_as_never_held(dudley) -> None:
    """A new parameter that makes something happen by chance must be given to an assumption, or to NEVER_HELD."""
    pinned = {key for one in ASSUMPTIONS for key in one.fixes(dudley.study).parameters}
    chances = {key for key in dudley.study.place.parameters if any(word in key for word in CHANCES)}
    assert chances - pinned == NEVER_HELD & chances


@pytest.mark.parametrize("letter", LETTERS)
def test_holding_one_fixes_what_is_its_own_and_nothing_else(letter: str, dudley) -> None:
    """Axes and parameters of the other six are as they were; the configuration says what is held."""
    study = hold(dudley.study, letter)
    fixed = assumption(letter).fixes(dudley.study)
    for a in range(6):
        assert moving(study, a) == (a not in fixed.axes)
    for key, quantity in dudley.study.place.parameters.items():
        assert study.place.parameters[key].value == fixed.parameters.get(key, quantity.value), key
    assert study.place.parameters["shock.insurance_noise"] == dudley.study.place.parameters["shock.insurance_noise"]
    assert held(study) == (letter,)
    assert held(dudley.study) == ()
    assert study.inputs_hash != dudley.study.inputs_hash


@given(st.lists(st.sampled_from(LETTERS), max_size=7), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(letters: list[str], shuffle) -> None:
    """Holding one by one, in any order, again and again, is holding all at once."""
    study = shipped()
    at_once = hold(study, sorted(set(letters)))
    mixed = [*letters, *letters]
    shuffle.shuffle(mixed)
    one_by_one = study
    for letter in mixed:
        one_by_one = hold(one_by_one, [letter])
    assert one_by_one.place == at_once.place
    assert np.array_equal(one_by_one.law.table, at_once.law.table)
    assert one_by_one.configuration == at_once.configuration


def test_a_scenario_is_held_too_on_the_axes_that_it_sends_elsewhere(dudley) -> None:
    """State Supreme with funding held keeps today's state, and its other axes; what was drawn stays drawn."""
    scenario = next(s for s in dudley.study.scenarios if s.name == "state-supreme")
    path = tuple((0.3, 0.2) if a == L.STATE else () for a in range(6))
    bent = replace(scenario, courses=(*scenario.courses, Course("bent", path=path)))
    study = hold(replace(dudley.study, scenarios=(bent,)), ["funding"])
    today = dudley.study.law.table[:, 0]
    for course in study.scenarios[0].courses:
        assert course.destination[L.STATE] == today[L.STATE]
        assert course.path[L.STATE] == ()
    first, second = study.scenarios[0].courses
    assert first.destination[L.CONTROL] == 1.0
    assert first.destination[L.ECONOMY] == dudley.study.place.parameters["cost.growth_trend"].value
    assert np.isnan(second.destination[L.ECONOMY])


def test_pay_need_and_benefit_are_those_that_the_plan_leaves_room_for(dudley) -> None:
    """For Dudley, written out: prices and need of the last year are the plan's, and so is the cut of the basket."""
    study, own = dudley.study, {key: q.value for key, q in dudley.study.place.parameters.items()}
    plan = {key: q.value for key, q in study.contract.plan.items()}
    lines = {line.name: line for line in study.place.lines}
    total = sum(study.contract.scope.values())
    pay = (1.0 + planned_pay_growth(study)) ** 14
    drugs, capital, other = ((1.0 + own[f"cost.{name}_growth"]) ** 14 for name in ("drugs", "capital", "other"))
    price = 0.0
    for name, base in study.contract.scope.items():
        line = lines[name]
        rest = 1.0 - line.pay_share - line.drugs_share - line.capital_share
        part = line.pay_share * pay + line.drugs_share * drugs + line.capital_share * capital + rest * other
        price += base / total * part
    assert price == pytest.approx((1.0 + plan["input_price_growth"]) ** 14, rel=1e-9)
    people = (1.0 + own["population.list_growth"]) ** 14 * study.place.age_mix(15)[14]
    need = people * (1.0 + planned_need_growth(study)) ** 14
    assert need == pytest.approx((1.0 + plan["need_and_list_growth"]) ** 14, rel=1e-9)
    basket = sum(pod.base_gbp for pod in study.place.pods)
    cut = sum(pod.base_gbp * pod.benefit_response * planned_benefit(study) for pod in study.place.pods) / basket
    assert cut == pytest.approx(study.contract.benchmark["planned_reduction"].value, rel=1e-9)


def test_a_plan_below_demography_leaves_no_negative_growth(dudley) -> None:
    """Where the plan has less need than list and age alone, need beyond them is held at nil."""
    plan = {**dudley.study.contract.plan, "need_and_list_growth": Quantity((0.001,))}
    study = dudley.study.with_contract(replace(dudley.study.contract, plan=plan))
    assert planned_need_growth(study) == 0.0
    assert {line.need_growth for line in hold(study, "b").place.lines} == {0.0}


def test_with_all_held_the_plan_comes_true(dudley) -> None:
    """Need, prices, productivity, funding and acute care of the central future run as planned, year by year."""
    bench = type(dudley)(hold(dudley.study, LETTERS))
    years = bench.years(FULL_EFFORT, first=0, n=1)
    plan = dudley.study.contract.plan_table()
    base = dudley.study.place.parameters["population.list_base"].value
    price = dudley.study.contract.opening_price
    need = years["world_list"][0, :, 0] / base * years["world_need"][0, :, 0]
    assert need == pytest.approx(plan[:, PLAN_NEED], rel=0.002)
    assert years["world_input_price"][0, :, 0] == pytest.approx(plan[:, PLAN_PRICE], rel=0.002)
    assert years["world_productivity"][0, :, 0] == pytest.approx(plan[:, PLAN_PRODUCTIVITY], rel=1e-12)
    assert price * years["world_funding"][0, :, 0] == pytest.approx(plan[:, PLAN_AGREED], rel=1e-12)
    assert years["world_acute"][0, :, 0] == pytest.approx(plan[:, PLAN_ACUTE] * years["world_list"][0, :, 0] / base, rel=0.01)
    assert years["world_opening"][0, :, 0] == pytest.approx(np.ones(15), abs=1e-12)
    assert years["world_care"][0, :, 0] == pytest.approx(np.ones(15), abs=1e-12)


def test_with_all_held_only_chance_in_small_numbers_is_left(dudley) -> None:
    """Futures differ in acute care, outcomes and the cost of so many people, and in nothing else."""
    years = type(dudley)(hold(dudley.study, LETTERS)).years(FULL_EFFORT, first=1, n=16)
    for name in ("world_list", "world_need", "world_input_price", "world_productivity", "world_funding", "world_care"):
        assert np.ptp(years[name], axis=2).max() < 1e-9 * np.abs(years[name]).max(), name
    for name in ("world_acute", "world_shock", "world_progress_0"):
        assert np.ptp(years[name], axis=2).max() > 0.0, name
    assert (years["running"] == 1.0).all()
