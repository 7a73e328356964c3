"""Figures written as formulas."""

from __future__ import annotations

import pytest
from year_by_year import settle

from stresstest.terms.formula import KIND, MOST_STEPS

pytestmark = pytest.mark.unit


def test_a_formula_is_worked_out_afresh_each_year():
    """Nothing of one year is left in the next, although the memory serves as scratch."""
    years = ({"saving": saving} for saving in (10.0, -5.0, 10.0))
    assert settle(KIND, {"value": "max(0, saving) * 0.5"}, *years)[0] == [5.0, 0.0, 5.0]


def test_a_formula_is_a_figure():
    """It moves no money and carries nothing from year to year."""
    assert not KIND.moves
    assert not KIND.remembers


@pytest.mark.parametrize(
    ("value", "words"),
    [("1 +", "cannot be read"), ("mean(a, b)", "not known"), ("a < b < c", "two things"), ("'a'", "not a number")],
)
def test_what_cannot_be_read_is_a_finding(value, words):
    """The finding names the entry and says what is wrong."""
    ((key, sentence),) = KIND.check({"value": value})
    assert key == "value"
    assert words in sentence


def test_the_longest_formula_fits_and_a_longer_one_is_a_finding():
    """Twenty-eight steps are allowed: fourteen numbers take twenty-seven, fifteen take twenty-nine."""
    assert KIND.check({"value": "-(" + " + ".join("a" * 14) + ")"}) == []
    ((_, sentence),) = KIND.check({"value": " + ".join("a" * 15)})
    assert f"29 steps, the most is {MOST_STEPS}" in sentence
    assert settle(KIND, {"value": "-(" + " + ".join("a" * 14) + ")"}, {"a": 2.0})[0] == [-28.0]


def test_a_formula_that_holds_too_much_at_once_is_a_finding():
    """Nine numbers waiting for each other are one too many."""
    ((_, sentence),) = KIND.check({"value": "a+(a+(a+(a+(a+(a+(a+(a+a)))))))"})
    assert "9 numbers at once" in sentence
    assert KIND.check({"value": "a+(a+(a+(a+(a+(a+(a+a))))))"}) == []
