"""Scenarios in a few lines: what each form becomes, and what is refused with which words."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import numpy as np
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from scenario_tables import CALENDAR, LAW, one, read, refused, shelf

from stresstest.config.scenarios import Shelf, read_scenarios
from stresstest.config.section import Section
from stresstest.errors import ConfigError
from stresstest.futures.scenario import NOWHERE, Course, Scenario
from stresstest.layout import AXES

pytestmark = pytest.mark.unit
ECONOMY, STATE, WORKFORCE, CONTROL = (AXES.index(axis) for axis in ("economy", "state", "workforce", "control"))


def drawn(values: Any) -> list[bool]:
    """Which of some values are left to the law."""
    return [bool(v != v) for v in values]


# ── what each form becomes ─────────────────────────────────────────────────────────────────────────────────────────
def test_levels_and_numbers_are_destinations_and_the_rest_is_drawn() -> None:
    """A tube has destinations and no path; an axis that is not named has neither."""
    course = one('[x]\nstate = "high"\neconomy = 0.005').courses[0]
    assert course.destination[STATE] == 0.45
    assert course.destination[ECONOMY] == 0.005
    assert drawn(course.destination) == [axis not in ("state", "economy") for axis in AXES]
    assert course.path == ((),) * len(AXES)
    assert np.isnan(course.table(3)[1:]).all()


def test_a_point_holds_its_values_in_every_year() -> None:
    """The level is both destination and path, so the table has it in each year."""
    course = one('[x]\nworkforce = "low"\npath = "point"').courses[0]
    assert course.destination[WORKFORCE] == 0.15
    assert course.table(4)[:, WORKFORCE].tolist() == [0.15] * 5
    assert np.isnan(course.table(4)[:, ECONOMY]).all()


def test_a_list_is_a_path_whose_last_value_holds() -> None:
    """Levels may stand among the numbers, and the destination is where the list ends."""
    course = one('[x]\neconomy = [0.01, "low", -0.02]').courses[0]
    assert course.table(5)[1:, ECONOMY].tolist() == [0.01, 0.0, -0.02, -0.02, -0.02]
    assert course.destination[ECONOMY] == -0.02


def test_dates_leave_the_years_before_them_to_the_law() -> None:
    """Until the first date the axis travels towards the last value; then each value holds until the next begins."""
    course = one('[x]\ncontrol = { "2022/23" = 0.5, "2020/21" = "high" }').courses[0]
    years = course.table(15)[1:, CONTROL]
    assert drawn(years[:3]) == [True, True, False]
    assert years[2:5].tolist() == [1.0, 1.0, 0.5]
    assert (years[4:] == 0.5).all()
    assert course.destination[CONTROL] == 0.5


@pytest.mark.parametrize("first", ['"2018/19"', "1"])
def test_dates_from_the_first_year_are_a_whole_path(first: str) -> None:
    """A table that begins with the contract, by label or by contract year, has a destination: its last value."""
    course = one(f'[x]\ncontrol = {{ {first} = "low", "2020/21" = "high" }}').courses[0]
    assert course.destination[CONTROL] == 1.0
    assert course.table(3)[1:, CONTROL].tolist() == [-1.0, -1.0, 1.0]


def test_the_named_scenarios_are_what_they_were() -> None:
    """The four of the 2018 report: a level on every axis, as tubes, with the study's number of futures."""
    scenario = read("", "state-supreme")[0][0]
    assert scenario == Scenario(
        "state-supreme", "State Supreme", 10, (Course("state-supreme", (1.0, 1.0, 0.45, 0.0, 1.0, 0.05)),)
    )
    (calibrated,), form = read("", "calibrated")
    assert (calibrated.name, calibrated.futures, drawn(calibrated.pinned)) == ("calibrated", 100, [True] * 6)
    assert form == {"calibrated": {}}


@pytest.mark.parametrize("shape", ["point", "tube"])
def test_a_shape_after_the_name_takes_a_scenario_that_way(shape: str) -> None:
    """NAME:point and NAME:tube set the path, whatever the scenario says, and add to name and title."""
    own = "point" if shape == "tube" else "tube"
    scenario = one(f'[x]\ntitle = "X"\neconomy = "low"\npath = "{own}"', f"x:{shape}")
    assert (scenario.name, scenario.title) == (f"x-{shape}", f"X ({shape})")
    assert scenario.courses[0].path[ECONOMY] == ((0.0,) if shape == "point" else ())


def test_one_scenario_may_be_listed_as_tube_and_as_point() -> None:
    """They are two scenarios, and what they are made of stands in the effective form once."""
    scenarios, form = read("", "official-future", "official-future:point")
    assert [s.name for s in scenarios] == ["official-future", "official-future-point"]
    assert list(form) == ["official-future"]
    assert form["official-future"]["path"] == "tube"


def test_title_futures_and_dependence_have_defaults() -> None:
    """A scenario without a title is called by its name; futures come from the study, dependence from the law."""
    scenario = one('[bad-times]\neconomy = "low"')
    assert (scenario.title, scenario.futures, scenario.dependence) == ("Bad times", 10, "calibrated")
    given_ = one('[x]\neconomy = "low"\nfutures = 7\ndependence = "worst"\ntitle = "T"')
    assert (given_.title, given_.futures, given_.dependence) == ("T", 7, "worst")


# ── mixes ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_mix_has_its_members_courses() -> None:
    """Each with its probability, in order, also the calibrated law and a member in another shape."""
    scenario = one('[x]\nmix = { official-future = 0.5, "state-supreme:point" = 0.2, calibrated = 0.3 }')
    assert [c.name for c in scenario.courses] == ["official-future", "state-supreme-point", "calibrated"]
    assert [c.probability for c in scenario.courses] == [0.5, 0.2, 0.3]
    assert scenario.courses[0].destination == one("", "official-future").courses[0].destination
    assert scenario.courses[1].path[STATE] == (0.45,)
    assert drawn(scenario.courses[2].destination) == drawn(NOWHERE)


def test_a_mix_as_a_point_holds_every_member() -> None:
    """NAME:point reaches through a mix; what is made of what stands in the effective form."""
    (scenario,), form = read("", "named-mix:point")
    assert all(len(path) == 1 for course in scenario.courses for path in course.path)
    assert set(form) == {"named-mix", "official-future", "state-supreme", "community-resilience", "corporate-rules"}


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=4))
def test_probabilities_that_add_to_one_are_taken(parts: list[int]) -> None:
    """Any shares of a whole pass, in spite of rounding; with a hundredth more they do not."""
    names = ["official-future", "state-supreme", "community-resilience", "corporate-rules"][: len(parts)]
    shares = {name: part / sum(parts) for name, part in zip(names, parts, strict=True)}
    assert len(one(tomli_w.dumps({"x": {"mix": shares}})).courses) == len(parts)
    shares[names[0]] *= 0.99
    error = refused(tomli_w.dumps({"x": {"mix": shares}}))
    assert error.message == f"the probabilities add to {sum(shares.values()):.10g}, not to 1"


# ── the effective form ─────────────────────────────────────────────────────────────────────────────────────────────
EVERY_FORM = """
[a]
title = "A"
state = "high"
economy = [0.01, "low"]
control = { "2022/23" = "high" }
futures = 5
source = "here"
[b]
technology = 0.5
path = "point"
[c]
mix = { a = 0.5, b = 0.25, "b:tube" = 0.25 }
dependence = "independent"
consistency = [{ technology = "high", responsibility = "low", factor = 0.5, source = "s" }]
"""


def test_the_effective_form_says_everything_and_reads_the_same() -> None:
    """Written out as TOML and read again it gives the same scenarios and the same form."""
    names = ("calibrated", "a", "a:point", "b", "c", "c:tube", "plausible", "named-mix")
    scenarios, form = read(EVERY_FORM, *names)
    again = Shelf(tomllib.loads(tomli_w.dumps(form)), "config.effective.toml:scenarios")
    scenarios_again, form_again = read_scenarios(again, list(names), LAW, CALENDAR, 100, 99, Section("study", {}))
    assert repr(scenarios_again) == repr(scenarios)
    assert form_again == form
    assert form["b"] == {
        "title": "B", "path": "point", "technology": 0.5, "consistency": [], "dependence": "calibrated", "futures": 10,
        "quality": "unstated", "source": "",
    }  # fmt: skip


# ── what is refused ────────────────────────────────────────────────────────────────────────────────────────────────
GROWTH = "low, middle, high, or a number from -0.11 to 0.09 (real GDP growth a year)"


@pytest.mark.parametrize(
    ("text", "key", "message", "value", "expected", "near"),
    [
        ('economy = "hgih"', "x.economy", "not one of the choices", "hgih", GROWTH, "high"),
        ('econmy = "high"', "x.econmy", "unknown key", "high", "one of responsibility, control", "economy"),
        ("economy = 0.5", "x.economy", "out of range", 0.5, "from -0.11 to 0.09", "0.005 "),
        ("economy = 2", "x.economy", "out of range", 2, "from -0.11 to 0.09", "0.02 (rates and shares are fractions"),
        ("state = 45", "x.state", "out of range", 45, "from 0.2 to 0.6", "0.45 "),
        ("economy = true", "x.economy", "this should be a level or a number", True, GROWTH, None),
        ("economy = nan", "x.economy", "not a finite number", None, "from -0.11 to 0.09", None),
        ("economy = 2020-01-01", "x.economy", "this should be a level or a number", None, GROWTH, None),
        ("economy = []", "x.economy", "an empty list has no value", None, "from 1 to 15 values", None),
        ("economy = [0.01, 0.2]", "x.economy[2]", "out of range", 0.2, "from -0.11 to 0.09", "0.002"),
        ('economy = ["low", "midle"]', "x.economy[2]", "not one of the choices", "midle", GROWTH, "middle"),
        (f"economy = {[0.01] * 16}", "x.economy", "the list is longer than the contract", "16 values",
         "at most 15 values, one for each contract year", None),
        ("economy = {}", "x.economy", "an empty table has no value", None, '{ "YEAR" = VALUE }', None),
        ('economy = { "2022/2" = "low" }', "x.economy.2022/2", "not a year of this contract", "2022/2",
         "a contract year from 1 to 15, or a label from 2018/19 to 2032/33", "2022/23"),
        ('economy = { "2033/34" = "low" }', "x.economy.2033/34", "not a year of this contract", "2033/34",
         "2018/19 to 2032/33", "2032/33"),
        ('economy = { "16" = "low" }', "x.economy.16", "not a year of this contract", 16, "from 1 to 15", None),
        ('economy = { "2018/19" = 0.0, "1" = 0.0 }', "x.economy.1", "this year stands here twice", "1", "each year once",
         None),
        ('economy = { "2022/23" = "hihg" }', "x.economy.2022/23", "not one of the choices", "hihg", GROWTH, "high"),
        ('economy = { "2022/23" = [1] }', "x.economy.2022/23", "this should be a level or a number", [1], GROWTH, None),
        ('path = "pont"\neconomy = 0.0', "x.path", "not one of the choices", "pont", "tube, point", "point"),
        ('path = "point"', "x.path", "a point needs an axis that is given", "point", "a level or a number", None),
        ('dependence = "worse"', "x.dependence", "not one of the choices", "worse", "calibrated, independent, worst", "worst"),
        ("futures = 0", "x.futures", "out of range", 0, "a whole number from 1", None),
        ("title = 3", "x.title", "this should be text", 3, "text in quotes", None),
        ("mix = 0.5", "x.mix", "this should be a table of probabilities", 0.5, "{ NAME = 0.5, OTHER = 0.5 }", None),
        ("mix = {}", "x.mix", "this should be a table of probabilities", None, "{ NAME = 0.5, OTHER = 0.5 }", None),
        ("mix = { official-future = 0.5, state-supreme = 0.4 }", "x.mix", "the probabilities add to 0.9, not to 1",
         {"official-future": 0.5, "state-supreme": 0.4}, "probabilities that add to 1", None),
        ("mix = { official-futur = 1.0 }", "x.mix.official-futur", "there is no scenario of this name", "official-futur",
         "calibrated, official-future", "official-future"),
        ('mix = { "official-future:pint" = 1.0 }', "x.mix.official-future:pint", "not a shape of a scenario",
         "official-future:pint", "official-future:tube, official-future:point", "official-future:point"),
        ("mix = { official-future = 40 }", "x.mix.official-future", "out of range", 40, "from 0 to 1 (probability)", "0.4 "),
        ("mix = { official-future = -0.1 }", "x.mix.official-future", "out of range", -0.1, "from 0 to 1", None),
        ("mix = { official-future = 1.0, state-supreme = 0 }", "x.mix.state-supreme", "a member without probability", 0,
         "a probability above 0", None),
        ("mix = { official-future = true }", "x.mix.official-future", "this should be a number", True, "from 0 to 1", None),
        ("mix = { named-mix = 1.0 }", "x.mix.named-mix", "a mix of mixes", "named-mix", "members that are no mix", None),
        ("mix = { x = 1.0 }", "x.mix.x", "a mix of mixes", "x", "members that are no mix", None),
        ("mix = { plausible = 1.0 }", "x.mix.plausible", "a member of a mix has no factors and no dependence of its own",
         "plausible", "consistency and dependence beside mix", None),
        ("mix = { independent = 1.0 }", "x.mix.independent",
         "a member of a mix has no factors and no dependence of its own", "independent", "beside mix", None),
        ('mix = { official-future = 1.0 }\neconomy = "low"', "x.economy", "a mix takes its axes from its members", "low",
         "mix, or axes, but not both", None),
        ('mix = { official-future = 1.0 }\npath = "point"', "x.path", "a mix takes its axes from its members", "point",
         "mix, or axes, but not both", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(
    text: str, key: str, message: str, value: Any, expected: str, near: str | None
) -> None:
    """The error names file, key and value, what was expected, and the nearest right answer where there is one."""
    error = refused(f"[x]\n{text}")
    assert (str(error.file), error.key, error.message) == ("mine.toml", key, message)
    assert value is None or error.value == value
    assert expected in str(error.expected)
    assert (error.nearest or "").startswith(near or "")
    assert (error.nearest is None) == (near is None)


@pytest.mark.parametrize(
    ("names", "message", "value", "near"),
    [
        (["oficial-future"], "there is no scenario of this name", "oficial-future", "official-future"),
        (["oficial-future:point"], "there is no scenario of this name", "oficial-future:point", "official-future:point"),
        (["official-future:pt"], "not a shape of a scenario", "official-future:pt", None),
        (["calibrated:point"], "the calibrated law has no shape", "calibrated:point", None),
        (["official-future", "official-future"], "a scenario stands here twice", "official-future", None),
        (["x-point", "x:point"], "a scenario stands here twice", "x:point", None),
        ([3], "there is no scenario of this name", 3, None),
        (["schema_version"], "there is no scenario of this name", "schema_version", None),
    ],
)  # fmt: skip
def test_a_list_of_scenarios_is_refused_by_the_name_at_fault(
    names: list[Any], message: str, value: Any, near: str | None
) -> None:
    """The study is at fault, at `scenarios`; NAME:SHAPE must be a scenario and a shape, and each may stand there once."""
    error = refused('[x]\neconomy = "low"\n[x-point]\neconomy = "low"', *names)
    assert (str(error.file), error.key, error.message, error.value) == ("study.toml", "scenarios", message, value)
    if near:
        assert error.nearest == near


def test_a_point_that_the_list_asks_for_needs_something_to_hold() -> None:
    """NAME:point of a scenario that only draws is refused at that scenario."""
    error = refused("", "plausible:point")
    assert (error.key, error.message) == ("plausible.path", "a point needs an axis that is given")


@pytest.mark.parametrize("names", [[], "calibrated", None, {"calibrated": 1}])
def test_a_list_is_needed(names: Any) -> None:
    """Anything but a list with a name in it is refused, and the names that there are are told."""
    with pytest.raises(ConfigError) as caught:
        read_scenarios(shelf(""), names, LAW, CALENDAR, 1, 1, Section("study.toml", {}))
    assert caught.value.message == "a list of scenario names is needed"
    assert "worst-dependence" in str(caught.value.expected)


def test_numbers_at_the_limits_are_taken() -> None:
    """Just at a limit of the axis a number passes; just beyond it does not."""
    for text, fine in (("0.09", True), ("-0.11", True), ("0.0901", False), ("-0.1101", False)):
        if fine:
            assert one(f"[x]\neconomy = {text}").courses[0].destination[ECONOMY] == float(text)
        else:
            assert refused(f"[x]\neconomy = {text}").message == "out of range"
    assert not math.isnan(one("[x]\neconomy = 0").courses[0].destination[ECONOMY])
