"""Support for stranded hospital cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.stranded_cost import KIND, stranded


@pytest.mark.unit
def test_halves_in_its_half_life():
    """After one half-life half is left, after two a quarter."""
    assert [stranded(100.0, 0.25, t, 3.0) for t in (0.0, 3.0, 6.0)] == pytest.approx([25.0, 12.5, 6.25])


@pytest.mark.unit
def test_a_half_life_of_nothing_leaves_nothing_after_the_first_year():
    """No number is divided by zero."""
    assert [stranded(100.0, 0.25, t, 0.0) for t in (0.0, 1.0)] == [25.0, 0.0]


@pytest.mark.unit
def test_support_begins_in_the_first_year(pay):
    """The first contract year carries the whole stranded cost."""
    terms = {"removed": 100.0, "fixed_share": 0.25, "half_life": 1.0}
    assert pay("stranded_cost", terms, {}, {}) == pytest.approx([25.0, 12.5])


@pytest.mark.unit
def test_a_national_body_supports_the_hospital():
    """The support is no payment of the commissioner."""
    assert (KIND.payer, KIND.payee) == ("nhs_england", "hospital")


@pytest.mark.law
@given(st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 30), st.floats(0.1, 100))
def test_stranded_cost_fades_and_is_never_negative(removed, fixed, year, half_life):
    """A year later less is stranded, never less than nothing; no fixed cost strands nothing."""
    now, later = (stranded(removed, fixed, t, half_life) for t in (year, year + 1.0))
    assert 0.0 <= later <= now <= removed
    assert stranded(removed, 0.0, year, half_life) == 0.0
