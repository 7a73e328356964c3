"""Probabilities and their intervals, with and without weights, in independent and in clustered futures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference import estimates as slow
from stresstest.measures.designs import Design
from stresstest.measures.intervals import NORMAL, student, wilson
from stresstest.measures.probabilities import probabilities, probability
from stresstest.measures.stream import Column
from stresstest.measures.tallies import Spread

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(5)
X = RANDOM.standard_normal(800)
W = RANDOM.exponential(size=800) + 0.1
GROUPS = np.arange(800) % 16


def below(edge):
    """The event of a value below an edge."""
    return lambda x: x < edge


@pytest.mark.parametrize(
    ("hits", "n", "p", "error"),
    [(50, 100, 0.5, 0.05), (0, 100, 0.0, 0.00995), (100, 100, 1.0, 0.00995), (1, 100, 0.01, 0.00995)],
)
def test_share_and_error_of_independent_futures(hits, n, p, error):
    """The share and √(p(1 − p)/n); where nobody or everybody was seen, the error of one future in n."""
    found = probability("p", hits / n, n, "independent futures")
    assert found.value == p
    assert found.error == pytest.approx(error, rel=1e-3)
    assert (found.low, found.high) == wilson(p, n)
    assert found.method == "independent futures, Wilson"


def test_futures_that_weigh_alike_are_counted():
    """With one weight, whatever it is, shares are counts over n to the last bit."""
    for weights in (None, np.full(800, 0.3)):
        (found,) = probabilities(Column.of(X, weights), [below(0.3)])
        assert found.value == int((X < 0.3).sum()) / 800
        assert (found.low, found.high) == wilson(found.value, 800)


@pytest.mark.parametrize("design", [Design(), Design("importance", 16)])
def test_weights_and_replicates_give_the_error(design):
    """The share is Σw over the event by Σw; the error that of Σ w (1[event] − share); Wilson with what n that amounts to."""
    (found,) = probabilities(Column.of(X, W, GROUPS, design), [below(-1.0)])
    share = W[X < -1.0].sum() / W.sum()
    u = W * ((X < -1.0) - share)
    variance = slow.independent(u) if design.kind == "random" else slow.clustered(u, GROUPS.tolist())
    assert found.value == pytest.approx(share)
    assert found.error == pytest.approx(math.sqrt(variance) / W.sum())
    critical = student(799) if design.kind == "random" else student(15)
    assert (found.low, found.high) == pytest.approx(wilson(share, share * (1 - share) / found.error**2, critical))


@pytest.mark.parametrize("design", [Design(), Design("sobol", 16), Design("stratified"), Design("random", 1, True)])
@pytest.mark.parametrize("edge", [-99.0, 99.0])
def test_nobody_and_everybody_have_an_interval(design, edge):
    """An event that nobody met, or everybody, has an interval with a width and an error above nothing in every design."""
    for weights in (None, W):
        (found,) = probabilities(Column.of(X, weights, GROUPS, design), [below(edge)])
        assert found.value == (0.0 if edge < 0 else 1.0)
        assert found.error > 0.0
        assert found.high - found.low > 1.0 / 800


def test_replicates_that_agree_have_the_error_of_one_future():
    """Where every replicate has the same share there is no variance to see: one future in n, and not nothing."""
    x = np.repeat([0.0, 1.0], 400)
    (found,) = probabilities(Column.of(x, None, np.arange(800) % 16, Design("sobol", 16)), [below(0.5)])
    assert found.error == pytest.approx(1.0 / 800)
    assert found.low < 0.5 < found.high


def test_several_events_in_parts():
    """Many events are found in one go, and in parts as in the whole."""
    pieces = np.array_split(X, 9)
    edges = (-1.0, 0.0, 2.0)
    found = probabilities(Column(lambda: iter(pieces)), [below(e) for e in edges], "share")
    assert [e.value for e in found] == [np.mean(below(e)(X)) for e in edges]
    assert {e.statistic for e in found} == {"share"}


def test_no_futures_have_no_probability():
    """Of no futures, or of futures that weigh nothing, there is no share."""
    for column in (Column.of(np.zeros(0)), Column.of(np.ones(5), np.zeros(5))):
        (found,) = probabilities(column, [below(0.0)])
        assert math.isnan(found.value)


def test_a_spread_of_rounding_is_none():
    """A variance that is only rounding is taken as none."""
    found = probability("p", 0.5, 100.0, "pairs", Spread(1e-30, 0.0, 0.0, 50.0), 100.0)
    assert found.error == 0.01
    assert found.high - found.low == pytest.approx(2 * NORMAL * 0.01, rel=0.05)
