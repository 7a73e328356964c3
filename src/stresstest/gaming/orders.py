"""Orders of players without chance: all of them where they are few, else cyclic Latin squares of orders far apart.

In a cyclic Latin square of k orders each player stands once at every place, so each square is balanced by itself.
"""

from __future__ import annotations

from itertools import permutations
from math import factorial, sqrt

EVERY_ORDER_UP_TO = 5
_GOLDEN = (sqrt(5.0) - 1.0) / 2.0


def order_number(players: tuple[str, ...], number: int) -> tuple[str, ...]:
    """The order with this number (from 0) among all orders of the players, in the order of `players`."""
    left, found = list(players), []
    for place in range(len(players), 0, -1):
        which, number = divmod(number, factorial(place - 1))
        found.append(left.pop(which))
    return tuple(found)


def squares(players: tuple[str, ...], least: int) -> list[list[tuple[str, ...]]]:
    """At least `least` orders in groups: every order in one group where there are few players, else Latin squares."""
    k = len(players)
    if k <= EVERY_ORDER_UP_TO:
        return [list(permutations(players))]
    found = []
    for square in range(max(2, -(-least // k))):
        first = order_number(players, int((square * _GOLDEN) % 1.0 * factorial(k)))
        found.append([first[shift:] + first[:shift] for shift in range(k)])
    return found
