"""Counter-based random numbers, keyed by (seed, stream name, place, future).

A draw is a pure function of its address: no state, no order, so any future can be drawn alone, by any thread, in any
chunk, and adding a stream changes no other. The generator is Threefry with four 32-bit words and 20 rounds (Salmon,
Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11), written here from the paper's description
and checked against the three published known-answer vectors (tests/unit/futures/test_streams.py).

Address of a word: key = (seed low, seed high, stream hash low, stream hash high); counter = (future low, future high,
group of four slots, 0). A single word is held in a 64-bit integer, so that compiled and plain
Python agree; compiled, a group of futures has a word in each lane.
"""

from __future__ import annotations

import hashlib

import numpy as np

from .._jit import rule
from .._lanes import add_words, number_of_words, rotate_words

Word = np.uint64
PARITY = np.uint64(0x1BD11BDA)
HALF_STEP = 2.0**-33
STEP = 2.0**-32


@rule
def two_rounds(
    a: Word, b: Word, c: Word, d: Word, r0: Word, r1: Word, r2: Word, r3: Word
) -> tuple[Word, Word, Word, Word]:
    """Two Threefry rounds: mix (a, b) and (c, d), then (a, d) and (c, b)."""
    a = add_words(a, b)
    b = rotate_words(b, r0) ^ a
    c = add_words(c, d)
    d = rotate_words(d, r1) ^ c
    a = add_words(a, d)
    d = rotate_words(d, r2) ^ a
    c = add_words(c, b)
    b = rotate_words(b, r3) ^ c
    return a, b, c, d


# Rotation distances of the eight rounds, in pairs of pairs, as published.
R10, R26, R11, R21, R13, R27, R23, R05 = (np.uint64(k) for k in (10, 26, 11, 21, 13, 27, 23, 5))
R06, R20, R17, R25, R18 = (np.uint64(k) for k in (6, 20, 17, 25, 18))
ONE, TWO, THREE, FOUR, FIVE = (np.uint64(k) for k in range(1, 6))


@rule
def first_four(a: Word, b: Word, c: Word, d: Word) -> tuple[Word, Word, Word, Word]:
    """Rounds 1 to 4 of each eight."""
    a, b, c, d = two_rounds(a, b, c, d, R10, R26, R11, R21)
    return two_rounds(a, b, c, d, R13, R27, R23, R05)


@rule
def second_four(a: Word, b: Word, c: Word, d: Word) -> tuple[Word, Word, Word, Word]:
    """Rounds 5 to 8 of each eight."""
    a, b, c, d = two_rounds(a, b, c, d, R06, R20, R17, R11)
    return two_rounds(a, b, c, d, R25, R10, R18, R20)


@rule
def add_key(
    a: Word, b: Word, c: Word, d: Word, k0: Word, k1: Word, k2: Word, k3: Word, count: Word
) -> tuple[Word, Word, Word, Word]:
    """Add four of the key's words, and to the last the number of this addition."""
    return add_words(a, k0), add_words(b, k1), add_words(c, k2), add_words(d, add_words(k3, count))


@rule
def threefry(
    c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word, k2: Word, k3: Word
) -> tuple[Word, Word, Word, Word]:
    """Threefry4x32 with 20 rounds: counter words and key words in, four 32-bit words out.

    Words are single numbers (uint64 below 2³²), or one for each future of a group (futures/random_points.py).
    """
    k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3
    a, b, c, d = first_four(add_words(c0, k0), add_words(c1, k1), add_words(c2, k2), add_words(c3, k3))
    a, b, c, d = second_four(*add_key(a, b, c, d, k1, k2, k3, k4, ONE))
    a, b, c, d = first_four(*add_key(a, b, c, d, k2, k3, k4, k0, TWO))
    a, b, c, d = second_four(*add_key(a, b, c, d, k3, k4, k0, k1, THREE))
    a, b, c, d = first_four(*add_key(a, b, c, d, k4, k0, k1, k2, FOUR))
    return add_key(a, b, c, d, k0, k1, k2, k3, FIVE)


@rule
def threefry_twice(
    c0: Word, c1: Word, d0: Word, d1: Word, c2: Word, c3: Word, k0: Word, k1: Word, k2: Word, k3: Word
) -> tuple[Word, Word, Word, Word, Word, Word, Word, Word]:
    """threefry of the counters (c0, c1, c2, c3) and (d0, d1, c2, c3), step by step side by side.

    A step waits for the one before it; with two counters a processor always has another to go on with.
    """
    k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3
    a, b, c, d = add_words(c0, k0), add_words(c1, k1), add_words(c2, k2), add_words(c3, k3)
    e, f, g, h = first_four(add_words(d0, k0), add_words(d1, k1), c, d)
    a, b, c, d = first_four(a, b, c, d)
    e, f, g, h = second_four(*add_key(e, f, g, h, k1, k2, k3, k4, ONE))
    a, b, c, d = second_four(*add_key(a, b, c, d, k1, k2, k3, k4, ONE))
    e, f, g, h = first_four(*add_key(e, f, g, h, k2, k3, k4, k0, TWO))
    a, b, c, d = first_four(*add_key(a, b, c, d, k2, k3, k4, k0, TWO))
    e, f, g, h = second_four(*add_key(e, f, g, h, k3, k4, k0, k1, THREE))
    a, b, c, d = second_four(*add_key(a, b, c, d, k3, k4, k0, k1, THREE))
    e, f, g, h = add_key(*first_four(*add_key(e, f, g, h, k4, k0, k1, k2, FOUR)), k0, k1, k2, k3, FIVE)
    a, b, c, d = add_key(*first_four(*add_key(a, b, c, d, k4, k0, k1, k2, FOUR)), k0, k1, k2, k3, FIVE)
    return a, b, c, d, e, f, g, h


@rule
def unit(word: Word) -> float:
    """The middle of the word's cell of the unit interval: (w + ½) / 2³², never 0 and never 1."""
    return number_of_words(word) * STEP + HALF_STEP


def stream_key(seed: int, name: str, place: str = "") -> tuple[int, int, int, int]:
    """Key words of the stream `name`; `place` is empty for what the whole country shares.

    The name enters by the first 64 bits, little-endian, of the sha256 of "name|place" (the bar stays where the place is
    empty), low word first, so a new stream can never move an old one.
    """
    stream = int.from_bytes(hashlib.sha256(f"{name}|{place}".encode()).digest()[:8], "little")
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, stream & 0xFFFFFFFF, stream >> 32
