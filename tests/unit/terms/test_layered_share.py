"""Shares of the layers of one quantity."""

from __future__ import annotations

import math

import pytest

from stresstest.terms._term import NOT_USED
from stresstest.terms.layered_share import KIND, counted, layer_end, layer_part

pytestmark = pytest.mark.unit


def values(layers, **others):
    """The fields as a check sees them; layers as (attachment, limit)."""
    plain = {"counts": "excess", "aggregate_deductible": 0.0, "aggregate_limit": NOT_USED, "share": 1.0} | others
    return plain | {"layers": [{"attachment": a, "limit": b, "share": 1.0} for a, b in layers]}


@pytest.mark.parametrize(("x", "part"), [(-1, 0), (2, 0), (3, 1), (6, 4), (7, 4)])
def test_excess_counts_from_start_to_end(x, part):
    """A layer counts what lies above its start, up to its end."""
    assert layer_part(float(x), 2.0, 6.0, False) == part


@pytest.mark.parametrize(("x", "part"), [(-1, 0), (2, 0), (2.5, 2.5), (6, 6), (7, 6)])
def test_franchise_counts_from_zero_once_above_the_start(x, part):
    """At the start itself a franchise pays nothing, above it everything up to the end."""
    assert layer_part(float(x), 2.0, 6.0, True) == part


@pytest.mark.parametrize("franchise", [False, True])
def test_what_is_not_a_number_stays_visible(franchise):
    """A missing loss never becomes a payment of nothing."""
    assert math.isnan(layer_part(math.nan, 2.0, 6.0, franchise))


def test_no_limit_is_no_limit_whatever_the_base():
    """A limit of 1e18 is not multiplied by a base of 0."""
    assert layer_end(0.0, NOT_USED, 0.0) == NOT_USED
    assert layer_end(2.0, 3.0, 10.0) == 32.0


@pytest.mark.parametrize(("total", "result"), [(0, 0), (5, 0), (6, 1), (15, 10), (99, 10)])
def test_deductible_comes_before_the_limit(total, result):
    """The aggregate deductible comes off the sum first; the limit ends what is left."""
    assert counted(float(total), 5.0, 10.0) == result


def test_aggregates_run_over_the_rows(pay):
    """Deductible and limit are used up row by row, and the overall share is of what counts."""
    terms = {
        "of": "x",
        "aggregate_deductible": 15.0,
        "aggregate_limit": 20.0,
        "share": 0.5,
        "layers": [{"attachment": 0.0}],
    }
    assert pay("layered_share", terms, *[{"x": 10}] * 5) == pytest.approx([0, 2.5, 5, 2.5, 0])


def test_limit_lowered_later_takes_money_back(pay):
    """Each year's limit holds for the sum so far."""
    terms = {"of": "x", "aggregate_limit": [30.0, 20.0], "layers": [{"attachment": 0.0}]}
    assert pay("layered_share", terms, {"x": 25}, {"x": 0}) == pytest.approx([25, -5])


def test_share_by_year_applies_to_what_the_year_adds(pay):
    """A later share does not settle earlier years anew."""
    terms = {"of": "x", "share": [0.5, 1.0], "layers": [{"attachment": 0.0}]}
    assert pay("layered_share", terms, {"x": 10}, {"x": 10}) == pytest.approx([5, 10])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (values([]), "no layer"),
        (values([(0.0, 2.0), (1.0, 2.0)]), "overlap"),
        (values([(1.0, 2.0), (0.0, 2.0)]), "overlap"),
        (values([(0.0, NOT_USED), (1.0, 2.0)]), "overlap"),
        (values([(0.0, 0.0)]), "holds nothing"),
        (values([(0.0, 1.0), (1.0, 2.0)], counts="franchise"), "one layer"),
    ],
)
def test_bad_layers_are_reported(given, word):
    """Layers that overlap, hold nothing or do not fit the way of counting are named."""
    assert any(word in sentence for _, sentence in KIND.check(given))


def test_sound_layers_pass():
    """Layers in any order, with gaps, touching after rounding, or with numbers that quantities give, are accepted."""
    assert KIND.check(values([(3.0, 1.0), (0.0, 2.0)])) == []
    assert KIND.check(values([(0.1, 0.2), (0.3, 1.0)])) == []
    assert KIND.check(values([(0.0, 1.0)], share=math.nan, aggregate_deductible=math.nan, counts=math.nan)) == []
