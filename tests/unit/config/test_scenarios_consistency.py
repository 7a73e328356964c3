"""Consistency factors: which combinations they are for, and which are refused."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_tables import LAW, one, read, refused

from stresstest.config.axes import LEVELS
from stresstest.config.scenario_entries import possible_cells, possible_weights
from stresstest.futures.axes import SD
from stresstest.futures.scenario import NOWHERE, Consistency, Course
from stresstest.layout import AXES

pytestmark = pytest.mark.unit
CELLS = list(itertools.product(range(3), repeat=6))
WITH = "consistency = [{ %s }]"


def test_a_factor_is_for_the_levels_it_names_and_any_other() -> None:
    """Levels by axis in order, −1 where the row says nothing."""
    rows = '{ workforce = "high", state = "middle", factor = 0.25 }, { control = "low", factor = 2 }'
    scenario = one(f"[x]\nconsistency = [{rows}]")
    assert scenario.consistency == (Consistency((-1, -1, 1, -1, -1, 2), 0.25), Consistency((-1, 0, -1, -1, -1, -1), 2.0))


@given(
    rules=st.lists(
        st.tuples(st.lists(st.integers(-1, 2), min_size=6, max_size=6), st.sampled_from([0.0, 0.3, 2.0])), max_size=4
    ),
    ends=st.lists(st.sampled_from([None, 0, 1, 2]), min_size=6, max_size=6),
)
def test_weights_of_the_729_combinations_are_the_products_of_the_factors(
    rules: list[tuple[list[int], float]], ends: list[int | None]
) -> None:
    """Cell by cell, with some axes at a level: 0 where the course cannot be, else every factor that applies."""
    course = Course("x", tuple(float("nan") if k is None else float(LAW.anchors[a, k]) for a, k in enumerate(ends)))
    found = possible_weights([Consistency(tuple(levels), factor) for levels, factor in rules], [course], LAW)
    for cell, weight in zip(CELLS, found, strict=True):
        expected = float(all(k is None or k == level for k, level in zip(ends, cell, strict=True)))
        for levels, factor in rules:
            if all(asked in (-1, level) for asked, level in zip(levels, cell, strict=True)):
                expected *= factor
        assert weight == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("axis", "value", "level"),
    [("economy", 0.0099, 0), ("economy", 0.0101, 1), ("economy", 0.0299, 1), ("economy", 0.0301, 2),
     ("workforce", 0.1251, 0), ("workforce", 0.1249, 1), ("workforce", 0.0751, 1), ("workforce", 0.0749, 2),
     ("state", 0.3, 1), ("state", 0.4, 2), ("control", -0.5, 1), ("control", -0.51, 0)],
)  # fmt: skip
def test_a_number_has_the_level_whose_anchor_is_nearest(axis: str, value: float, level: int) -> None:
    """The borders are half-way between anchors, for axes whose anchors rise and for the one whose anchors fall."""
    course = one(f"[x]\n{axis} = {value}").courses[0]
    cells = np.array(CELLS)[possible_cells([course], LAW)]
    assert set(cells[:, AXES.index(axis)]) == {level}
    assert len(cells) == 243


def test_several_courses_can_have_what_one_of_them_can_have() -> None:
    """A mix of two points has two cells, and a factor on the one leaves the other."""
    rows = WITH % 'economy = "low", factor = 0'
    text = f'[a]\nmix = {{ "state-supreme:point" = 0.5, "corporate-rules:point" = 0.5 }}\n{rows}'
    scenario = one(text)
    assert possible_cells(scenario.courses, LAW).sum() == 2
    assert (possible_weights(scenario.consistency, scenario.courses, LAW) > 0).sum() == 1


def test_an_axis_without_spread_has_one_level() -> None:
    """Where the law holds an axis still, its mean decides its level."""
    table = LAW.table.copy()
    table[:, SD] = 0.0
    assert possible_cells([Course("x", NOWHERE)], replace(LAW, table=table)).sum() == 1


def test_the_shipped_factors_touch_none_of_the_four_named_scenarios() -> None:
    """`plausible` makes combinations rarer that hardly go together; the report's four stories are not among them."""
    scenarios, _ = read("", "official-future", "state-supreme", "community-resilience", "corporate-rules", "plausible")
    rules = scenarios[-1].consistency
    assert len(rules) == 4
    assert all(rule.factor < 1.0 for rule in rules)
    for scenario in scenarios[:-1]:
        assert possible_weights(rules, scenario.courses, LAW).sum() == 1.0
    untouched = possible_weights(rules, scenarios[-1].courses, LAW) == 1.0
    assert 0.5 < untouched.mean() < 0.95


@pytest.mark.parametrize(
    ("text", "key", "message", "value", "near"),
    [
        (WITH % 'state = "hihg", factor = 0.3', "x.consistency[1].state", "not one of the choices", "hihg", "high"),
        (WITH % 'stae = "high", factor = 0.3', "x.consistency[1].stae", "unknown key", "high", "state"),
        (WITH % "state = 0.4, factor = 0.3", "x.consistency[1].state", "this should be text", 0.4, None),
        (WITH % "factor = 0.3", "x.consistency[1].factor", "a factor without an axis", 0.3, None),
        (WITH % 'state = "high"', "x.consistency[1].factor", "an entry is missing", None, None),
        (WITH % 'state = "high", factor = -0.1', "x.consistency[1].factor", "out of range", -0.1, None),
        (WITH % 'state = "high", factor = inf', "x.consistency[1].factor", "not a finite number", float("inf"), None),
        (WITH % 'state = "high", factor = "no"', "x.consistency[1].factor", "this should be a number", "no", None),
        ("consistency = 0.3", "x.consistency", "this should be a list of tables", 0.3, None),
        ('state = "low"\n' + WITH % 'state = "high", factor = 0.3', "x.consistency[1]",
         "no future of this scenario has these levels", "state high", None),
        ('state = "low"\n' + WITH % 'state = "low", factor = 0.3', "x.consistency[1]",
         "every future of this scenario has these levels", "state low", None),
        ('state = "low"\n' + WITH % 'state = "high", control = "low", factor = 0.3', "x.consistency[1]",
         "no future of this scenario has these levels", "control low and state high", None),
        ('state = { "2020/21" = "low" }\n' + WITH % 'state = "high", factor = 0.3', "x.consistency[1]",
         "no future of this scenario has these levels", "state high", None),
        ("consistency = [" + ", ".join(f'{{ state = "{level}", factor = 0 }}' for level in LEVELS) + "]", "x.consistency",
         "the factors leave none of the 729 combinations of levels", None, None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(
    text: str, key: str, message: str, value: Any, near: str | None
) -> None:
    """A level or an axis that there is not, a factor below 0, and factors that change nothing or leave nothing."""
    error = refused(f"[x]\n{text}")
    assert (str(error.file), error.key, error.message, error.value) == ("mine.toml", key, message, value)
    assert error.nearest == near


def test_a_factor_with_a_note_of_its_own_is_taken() -> None:
    """A factor may carry its source as any number does."""
    text = WITH % 'state = "high", factor = { value = 0.3, quality = "judgement", source = "s" }'
    (scenario,), form = read(f"[x]\n{text}")
    assert scenario.consistency[0].factor == 0.3
    assert form["x"]["consistency"][0]["factor"]["source"] == "s"
