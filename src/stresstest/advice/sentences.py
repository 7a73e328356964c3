"""Sentences that stay short: lists told in as many of them as they need, and errors of chances."""

from __future__ import annotations

from collections.abc import Sequence

#: Words that a sentence of an answer has at most, and that a list is filled up to.
LONGEST, FULL = 60, 50


def packed(lead: str, items: Sequence[str], then: str = "Likewise", full: int = FULL) -> list[str]:
    """"LEAD: a; b." and "THEN: c; d.": as many sentences as needed for each to have at most `full` words, or one item alone."""
    said: list[str] = []
    held: list[str] = []
    for one in items:
        start = then if said else lead
        if held and words(f"{start} {' '.join(held)} {one}") > full:
            said.append(f"{start}: {'; '.join(held)}.")
            held = []
        held.append(one)
    return [*said, f"{then if said else lead}: {'; '.join(held)}."] if held else said


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def sentence_lengths(text: str) -> list[int]:
    """Words of each sentence of a text; a full stop ends one where a blank and a capital letter, “ or figure follow."""
    import re

    return [words(part) for part in re.split(r"(?<=\.) (?=[A-Z“0-9£])", text)]


def points(error: float) -> str:
    """A chance's standard error in percentage points, in two figures: 0.0123 → "1.2 points", 0.00045 → "0.045 points"."""
    return f"{100.0 * error:.2g} points"
