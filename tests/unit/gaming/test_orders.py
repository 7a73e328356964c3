"""Orders without chance."""

from __future__ import annotations

import pytest

from stresstest.gaming.orders import order_number, squares

pytestmark = pytest.mark.unit


def test_few_players_walk_in_every_order():
    """Four players have 24 orders, each once."""
    (every,) = squares(tuple("abcd"), 50)
    assert len(set(every)) == len(every) == 24


def test_many_players_walk_in_latin_squares():
    """At least fifty orders in whole squares, in each of which every player stands once at every place."""
    players = tuple("abcdefghijkl")
    found = squares(players, 50)
    assert sum(map(len, found)) >= 50
    for square in found:
        for place in range(len(players)):
            assert {order[place] for order in square} == set(players)
    assert found == squares(players, 50)


def test_orders_are_numbered_in_the_order_of_the_players():
    """Number 0 is the order given, the last one its reverse."""
    assert order_number(("a", "b", "c"), 0) == ("a", "b", "c")
    assert order_number(("a", "b", "c"), 5) == ("c", "b", "a")
