"""Counter-based random numbers, keyed by (seed, stream name, place, future).

A draw is a pure function of its address: no state, no order, so any future can be drawn alone, by any thread, in any
chunk, and adding a stream changes no other. The generator is Threefry with four 32-bit words and 20 rounds (Salmon,
Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11), written here from the paper's description
and checked against the three published known-answer vectors (tests/unit/futures/test_streams.py).

Address of a word: key = (seed low, seed high, stream hash low, stream hash high); counter = (future low, future high,
group of four slots, 0). Words are 32-bit numbers held in 64-bit integers, so that compiled and plain Python agree.
"""

from __future__ import annotations

import hashlib

import numpy as np

from .._jit import rule

Word = np.uint64
MASK = np.uint64(0xFFFFFFFF)
PARITY = np.uint64(0x1BD11BDA)
WORD_BITS = np.uint64(32)
HALF_STEP = 2.0**-33
STEP = 2.0**-32


@rule
def rotate(word: Word, left: Word) -> Word:
    """Rotate a 32-bit word left."""
    return ((word << left) | (word >> (WORD_BITS - left))) & MASK


@rule
def two_rounds(
    a: Word, b: Word, c: Word, d: Word, r0: Word, r1: Word, r2: Word, r3: Word
) -> tuple[Word, Word, Word, Word]:
    """Two Threefry rounds: mix (a, b) and (c, d), then (a, d) and (c, b)."""
    a = (a + b) & MASK
    b = rotate(b, r0) ^ a
    c = (c + d) & MASK
    d = rotate(d, r1) ^ c
    a = (a + d) & MASK
    d = rotate(d, r2) ^ a
    c = (c + b) & MASK
    b = rotate(b, r3) ^ c
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
def threefry(
    c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word, k2: Word, k3: Word
) -> tuple[Word, Word, Word, Word]:
    """Threefry4x32 with 20 rounds: counter words and key words in, four 32-bit words out (all as uint64)."""
    k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3
    a, b, c, d = (c0 + k0) & MASK, (c1 + k1) & MASK, (c2 + k2) & MASK, (c3 + k3) & MASK
    a, b, c, d = first_four(a, b, c, d)
    a, b, c, d = (a + k1) & MASK, (b + k2) & MASK, (c + k3) & MASK, (d + k4 + ONE) & MASK
    a, b, c, d = second_four(a, b, c, d)
    a, b, c, d = (a + k2) & MASK, (b + k3) & MASK, (c + k4) & MASK, (d + k0 + TWO) & MASK
    a, b, c, d = first_four(a, b, c, d)
    a, b, c, d = (a + k3) & MASK, (b + k4) & MASK, (c + k0) & MASK, (d + k1 + THREE) & MASK
    a, b, c, d = second_four(a, b, c, d)
    a, b, c, d = (a + k4) & MASK, (b + k0) & MASK, (c + k1) & MASK, (d + k2 + FOUR) & MASK
    a, b, c, d = first_four(a, b, c, d)
    return (a + k0) & MASK, (b + k1) & MASK, (c + k2) & MASK, (d + k3 + FIVE) & MASK


@rule
def unit(word: Word) -> float:
    """The middle of the word's cell of the unit interval: (w + ½) / 2³², never 0 and never 1."""
    return np.float64(word) * STEP + HALF_STEP


def stream_key(seed: int, name: str, place: str = "") -> tuple[int, int, int, int]:
    """Key words of the stream `name`; `place` is empty for what the whole country shares.

    The name enters by the first 64 bits, little-endian, of the sha256 of "name|place" (the bar stays where the place is
    empty), low word first, so a new stream can never move an old one.
    """
    stream = int.from_bytes(hashlib.sha256(f"{name}|{place}".encode()).digest()[:8], "little")
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, stream & 0xFFFFFFFF, stream >> 32
