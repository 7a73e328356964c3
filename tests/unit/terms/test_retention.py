"""Money held back and released later."""

from __future__ import annotations

import pytest
from year_by_year import settle

from stresstest.terms.retention import KIND, paid_of_due

pytestmark = pytest.mark.unit
TERMS = {"of": "fee", "rate": 0.1}


@pytest.mark.parametrize(("release", "paid"), [(0, 0), (0.25, 2), (1, 8), (1.5, 8), (-0.5, 0)])
def test_release_counts_between_none_and_all(release, paid):
    """Of what is due no more than all is paid, and no less than nothing."""
    assert paid_of_due(8.0, float(release)) == pytest.approx(paid)


@pytest.mark.parametrize("after", [0, 1, 2, 5, 10])
@pytest.mark.parametrize("years", [1, 3, 12, 30])
def test_what_is_wholly_released_adds_to_nothing(after, years):
    """With full release all that was held back has come back by the last year, however long it is held."""
    terms = TERMS | {"after_years": after}
    amounts, shown = settle(KIND, terms, *({"fee": 100.0 * (t + 1)} for t in range(years)))
    assert sum(amounts) == pytest.approx(0.0, abs=1e-9)
    assert shown["held"][-1] == 0.0
    assert sum(shown["released"]) == pytest.approx(sum(shown["held_back"]))


def test_each_year_comes_back_after_its_own_time():
    """After two years exactly that year's retention is released."""
    fees = (100.0, 200.0, 400.0, 800.0, 0.0, 0.0)
    _, shown = settle(KIND, TERMS | {"after_years": 2}, *({"fee": fee} for fee in fees))
    assert shown["released"] == pytest.approx([0.0, 0.0, 10.0, 20.0, 40.0, 80.0])


def test_what_is_not_released_is_lost():
    """A year that earned nothing never comes back, and later years are not charged for it."""
    release = (1.0, 0.0, 1.0, 1.0)
    amounts, shown = settle(
        KIND, TERMS | {"after_years": 1, "release": "r"}, *({"fee": 100.0, "r": r} for r in release)
    )
    assert amounts == pytest.approx([-10.0, -10.0, 0.0, 10.0])
    assert shown["held"] == pytest.approx([10.0, 10.0, 10.0, 0.0])


def test_twenty_years_held_until_the_end_are_all_there():
    """What is held longer than the eleven years that are kept apart is not forgotten."""
    amounts, _ = settle(KIND, TERMS, *({"fee": 100.0} for _ in range(20)))
    assert amounts == pytest.approx([-10.0] * 19 + [190.0])


def test_a_shorter_time_releases_what_is_older_too():
    """Where the time falls from five years to one, all that is a year old or older becomes due at once."""
    _, shown = settle(KIND, TERMS | {"after_years": [5, 5, 5, 1]}, *({"fee": 100.0} for _ in range(6)))
    assert shown["released"] == pytest.approx([0.0, 0.0, 0.0, 30.0, 10.0, 20.0])
