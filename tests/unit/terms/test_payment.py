"""Price times quantity."""

from __future__ import annotations

import pytest

from stresstest.terms.payment import KIND

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("price", "heads", "due"), [(2.5, 4, 10), (2.5, 0, 0), (-2.5, 4, -10), (2.5, -4, -10), (0, 4, 0)]
)
def test_payment_is_price_times_quantity(pay, price, heads, due):
    """The sign of price and quantity decides the direction of the money."""
    assert pay("payment", {"price": price, "of": "heads"}, {"heads": heads}) == pytest.approx([due])


def test_price_alone_is_the_yearly_sum(pay):
    """Where no quantity is named, the quantity is 1 in every year."""
    assert pay("payment", {"price": [7.0, 8.0]}, {}, {}, {}) == pytest.approx([7.0, 8.0, 8.0])


def test_price_may_be_a_quantity(pay):
    """A price by name is read anew in each year."""
    years = ({"rate": 0.2, "premium": 100}, {"rate": 0.3, "premium": 200})
    assert pay("payment", {"price": "rate", "of": "premium"}, *years) == pytest.approx([20, 60])


def test_nothing_is_remembered():
    """A payment needs no memory and shows no figure."""
    assert not KIND.remembers
    assert KIND.shows == ()
