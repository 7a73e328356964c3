"""What a rule may call on lanes, as it is for one number: the meaning that `_lanes` gives to sixteen at once.

These run in plain Python. In compiled code `_lanes` takes their place, for single numbers and for lanes alike.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def rows_of(array: np.ndarray) -> Any:
    """The view of float64[…, B] whose last index counts groups of LANES; B is a multiple of LANES, its numbers side by side."""
    return array


def block_of(array: np.ndarray) -> Any:
    """As rows_of, for an array in one piece whose rows hold BLOCK futures: where a row lies is then known to the compiler."""
    return array


def blank(rows: Any, first: int, count: int, n: int) -> None:
    """Set rows first … first + count − 1 of a block's view to 0 in n groups of futures, or in all that it holds."""
    rows[first : first + count, :n] = 0.0


def shared_of(array: np.ndarray) -> Any:
    """A view of an array that all futures share; unlike the array itself it keeps no count of who uses it."""
    return array


def pick(condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, `no` elsewhere; both are worked out."""
    return yes if condition else no


def somewhere(condition: Any) -> bool:
    """Whether the condition holds in any future of the group."""
    return bool(condition)


def root(x: Any) -> Any:
    """√x, rounded correctly."""
    return math.sqrt(x) if x >= 0.0 else math.nan


def floor_of(x: Any) -> Any:
    """The largest whole number that is no larger."""
    return float(np.floor(x))


def numbered(start: int) -> Any:
    """start, start + 1, … of the futures of a group, as numbers below 2⁵³."""
    return float(start)


def width_of(x: Any) -> int:
    """How many futures a value holds: LANES, or 1 for a single number."""
    return 1


def one_of(x: Any, lane: int) -> float:
    """The number of one future of the group, lane in 0 … LANES − 1."""
    return x


def with_one(x: Any, lane: int, value: float) -> Any:
    """x with the number of one future replaced."""
    return value


def exponent_of(x: Any) -> Any:
    """e of a positive normal x = m · 2ᵉ with m in [1, 2); −1023 at 0, whose bits say so."""
    return float(math.frexp(x)[1] - 1) if x != 0.0 else -1023.0


def mantissa_of(x: Any) -> Any:
    """m in [1, 2) of a positive normal x = m · 2ᵉ; 1 at 0."""
    return 2.0 * math.frexp(x)[0] if x != 0.0 else 1.0


def two_to(e: Any) -> Any:
    """2ᵉ for a whole e in −1022 … 1023; without meaning for others."""
    return math.ldexp(1.0, int(e)) if e == e else math.nan


def add_words(a: Any, b: Any) -> Any:
    """Sum of 32-bit words, what runs over left out. One word is a 64-bit number below 2³²."""
    return (a + b) & np.uint64(0xFFFFFFFF)


def rotate_words(word: Any, left: Any) -> Any:
    """A 32-bit word rotated left by 1 … 31."""
    return ((word << left) | (word >> (np.uint64(32) - left))) & np.uint64(0xFFFFFFFF)


def words_of(number: Any) -> Any:
    """A 32-bit word for every future of the group: one whole number for all, or one in each lane."""
    return np.uint64(number)


def words_at(table: np.ndarray, at: int) -> Any:
    """The words number at, at + 1, … of a table of uint32 that lies in one piece, whatever its shape."""
    return np.uint64(table.flat[at])


def counted_words(start: int) -> tuple[Any, Any]:
    """(low, high) 32-bit words of the numbers start, start + 1, … of a group's futures."""
    return np.uint64(start) & np.uint64(0xFFFFFFFF), np.uint64(start) >> np.uint64(32)


def number_of_words(word: Any) -> Any:
    """The words as numbers."""
    return float(word)
