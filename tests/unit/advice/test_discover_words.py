"""Limits in words: the number with its unit, the side, when, and nothing that a reader must look up."""

from __future__ import annotations

import pytest

from stresstest.advice.discover_words import box_words, limit_words
from stresstest.advice.reading import ALL, factor_of
from stresstest.methods.box import Box, Limit
from stresstest.methods.cases import Factor

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit("economy_mean", high=0.011), "growth of the economy below 1.1% a year on average"),
        (Limit("workforce_end", low=0.11), "vacancies above 11.0% of posts in the last year"),
        (Limit("state_mean", low=0.38, high=0.42), "the state's share between 38.0% of GDP and 42.0% of GDP on average"),
        (Limit("technology_mean", high=-0.2), "take-up of technology below −0.20 on average (towards low)"),
        (Limit("opening_gap", low=-0.013), "an opening gap above −1.3% of the price"),
        (Limit("hard_winters", low=3.0), "at least 3 hard winters"),
        (Limit("crisis_years", high=1.0), "at most 1 year of falling output"),
        (Limit("omitted_item", low=1.0), "an item left out of the opening price"),
        (Limit("omitted_item", high=0.0), "nothing left out of the opening price"),
        (Limit("start_delay", low=0.25), "a delay of the start above 0.25 years"),
    ],
)
def test_a_limit_in_words(limit, words):
    """Rates and shares are percentages of what they are shares of, counts whole numbers, events are said."""
    assert limit_words(factor_of(limit.factor), limit) == words


def test_every_factor_of_a_run_has_words_of_its_own():
    """No two factors say the same of the same limit, and none shows its column's name."""
    said = [limit_words(factor_of(name), Limit(name, low=1.0)) for name in ALL]
    assert len(set(said)) == len(said)
    assert not any("_" in words for words in said)


def test_a_plain_factor_is_said_by_its_name():
    """A column of somebody's table keeps its name; a box joins its limits; no limit is all futures."""
    factors = {"total_cost": Factor("total_cost"), "y": Factor("y")}
    box = Box((Limit("total_cost", high=12.5), Limit("y", low=-3.0)))
    assert box_words(box, factors) == "total cost below 12.5 and y above −3"
    assert box_words(Box(), factors) == "all futures"
