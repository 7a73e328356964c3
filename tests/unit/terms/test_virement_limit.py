"""Money moved between services beyond what is allowed."""

from __future__ import annotations

import pytest
from year_by_year import settle

from stresstest.terms.virement_limit import KIND, excess_moved

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("moved", "base", "consent", "excess"),
    [(5, 100, 0, 0), (6, 100, 0, 1), (-6, 100, 0, 1), (6, 100, 1, 0), (6, 100, 0.99, 1), (6, 0, 0, 6), (6, -100, 0, 6)],
)
def test_excess_is_what_lies_beyond_the_limit_either_way(moved, base, consent, excess):
    """A twentieth of the budget may be moved, nothing of a budget of 0 or less, anything with consent."""
    assert excess_moved(float(moved), float(base), 0.05, float(consent)) == pytest.approx(excess)


def test_the_penalty_comes_on_top():
    """The provider pays back the excess and a quarter more; the excess is shown without the penalty."""
    terms = {"moved": "moved", "base": "budget", "limit": 0.05, "penalty": 0.25}
    amounts, shown = settle(KIND, terms, {"moved": 9.0, "budget": 100.0}, {"moved": 1.0, "budget": 100.0})
    assert amounts == pytest.approx([-5.0, 0.0])
    assert shown["excess"] == pytest.approx([4.0, 0.0])
