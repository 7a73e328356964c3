"""Shocks that come by the year: held by their number, with binomial quantiles; and the clause that a failure comes through."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from stresstest.advice.failures import failure
from stresstest.advice.reverse_clauses import clause_table
from stresstest.advice.reverse_counts import Count, counts_of, held_points, number_at, score_of
from stresstest.futures.resampling import key_of, uniforms

pytestmark = pytest.mark.unit
PANDEMIC = Count("pandemics", "noise/pandemic", "years with a pandemic", 0.03)


@pytest.mark.parametrize(("z", "number"), [(-3.0, 0), (0.0, 0), (0.5, 1), (1.5, 2), (2.5, 3)])
def test_a_number_is_a_binomial_quantile(z, number):
    """At z the number is the smallest that is reached with chance Φ(z), and so many years have the event."""
    assert number_at(PANDEMIC, 15, z) == number
    assert binom.cdf(number, 15, 0.03) >= ndtr(z)
    points = held_points(PANDEMIC, 15, z)
    assert (points < 0.03).sum() == number
    assert np.all((points > 0.0) & (points < 1.0))


def test_events_are_evenly_spaced():
    """One event stands in the middle year, three stand a third of the term apart."""
    years = [np.flatnonzero(held_points(PANDEMIC, 15, z) < 0.03).tolist() for z in (0.5, 2.5)]
    assert years == [[7], [2, 7, 12]]


def test_drawn_futures_have_scores_of_their_numbers():
    """Scores rise with the number, and holding a drawn future's score gives its own number again."""
    drawn = uniforms(key_of("test/reverse counts"), 15, 4000)
    scores = score_of(PANDEMIC, drawn)
    numbers = (drawn < 0.03).sum(axis=0)
    for number in range(3):
        own = scores[numbers == number]
        assert np.unique(own).size == 1
        assert number_at(PANDEMIC, 15, float(own[0])) == number
    assert abs(scores.mean()) < 0.25


def test_what_cannot_happen_or_costs_nothing_is_no_shock(small_source):
    """Dudley's study has pandemics, hard winters and crises; where the economy is given there is no crisis."""
    assert [one.name for one in counts_of(small_source.study, True)] == ["pandemics", "winters", "crises"]
    assert [one.name for one in counts_of(small_source.study, False)] == ["pandemics", "winters"]


def test_the_price_is_what_a_contract_lives_on(small_source):
    """Every clause has a row; without the annual payment more contracts fail, and rows are in order of what is left."""
    rows = clause_table(small_source, [failure(small_source.study, "walks_away")])
    terms = {term.id for term in small_source.study.contract.terms}
    assert {row["clause"] for row in rows} == terms
    assert rows[-1]["clause"] == "annual_payment"
    assert rows[-1]["without_probability"] > rows[-1]["base_probability"]
    assert [row["without_probability"] for row in rows] == sorted(row["without_probability"] for row in rows)
