"""A number that the contract states, year by year."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from year_by_year import settle

from stresstest.terms.schedule import FIELDS, KIND

numbers = st.floats(-1e15, 1e15)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5.0, [5.0, 5.0, 5.0]), ([1.0, 2.0], [1.0, 2.0, 2.0]), ([1.0, 2.0, -3.0, 4.0], [1.0, 2.0, -3.0]),
        ([0.0], [0.0, 0.0, 0.0]), ([-1e15, 1e15], [-1e15, 1e15, 1e15]),
    ],
)  # fmt: skip
def test_each_year_has_its_number_and_the_last_one_holds(value, expected):
    """Three years of one number, of a list that is too short and of one that is too long."""
    assert settle(KIND, {"value": value}, {}, {}, {})[0] == expected


@pytest.mark.unit
def test_a_quantity_may_give_the_number():
    """The number of each year is what the quantity is, and a missing one stays visible."""
    values = settle(KIND, {"value": "tariff"}, {"tariff": 7.5}, {"tariff": -1.0}, {"tariff": math.nan})[0]
    assert values[:2] == [7.5, -1.0]
    assert math.isnan(values[2])


@pytest.mark.unit
def test_it_moves_no_money_and_remembers_nothing():
    """It is a figure with one field, which must be given and may vary by year."""
    assert not KIND.moves
    assert not KIND.remembers
    assert [(field.name, field.default, field.fixed) for field in FIELDS] == [("value", None, False)]


@pytest.mark.law
@given(st.lists(numbers, min_size=1, max_size=6), st.integers(1, 8))
def test_numbers_come_out_as_they_went_in(value, years):
    """No number is rounded, scaled or carried over from another year."""
    expected = [value[min(t, len(value) - 1)] for t in range(years)]
    assert settle(KIND, {"value": value}, *[{}] * years)[0] == expected
