"""Peeling: take the best exploit, write it down, forbid what carries it, and look again, until little is left to gain.

Each round forbids the exploit's largest lever, the one whose loss costs most, or, by signature, every lever that it uses. The
first way shows what is left when the best trick is stopped, and the second exploits that have nothing in common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..analysis.exploit import Game
from ..levers import GAMING
from .best import Answer, honest_of, nearest_of, scored, search
from .plays import Levels, strategies, used, without

#: Where peeling stops unless told otherwise (£, present value over the term): a judgement.
THRESHOLD_GBP = 100_000.0


@dataclass(frozen=True)
class Peeled:
    """One exploit of the catalogue: what it is worth, its largest lever, and which levers were forbidden when it was found."""

    answer: Answer
    largest: str
    forbidden: tuple[str, ...]

    @property
    def signature(self) -> tuple[str, ...]:
        """Gaming levers in use."""
        return self.answer.signature


@dataclass(frozen=True)
class Catalogue:
    """The exploits in the order in which they came off; `remainder` is the gain of the first that was too small (£)."""

    exploits: tuple[Peeled, ...]
    threshold: float
    remainder: float

    @property
    def levers(self) -> tuple[str, ...]:
        """Every lever that some exploit uses, in the order of the register."""
        found = {name for one in self.exploits for name in one.signature}
        return tuple(name for name in GAMING if name in found)


def largest_lever(game: Game, levels: Levels) -> str:
    """The gaming lever whose loss costs most on the polishing futures, the rest held."""
    names = used(levels)
    values = game.polish.mean_aim(strategies([without(levels, {name}) for name in names]))
    return names[int(np.argmin(values))]


def peel(
    game: Game, threshold: float = THRESHOLD_GBP, levers: tuple[str, ...] = GAMING, most: int = 24,
    first: Levels | None = None, by: str = "lever", say: Callable[[str], None] = lambda text: None,
) -> Catalogue:  # fmt: skip
    """The catalogue of exploits worth at least `threshold` (£), at most `most` of them; `by` is "lever" or "signature".

    The first is searched in full unless given; the next are sought from honest work and from what is left of the last.
    """
    left = levers
    found: list[Peeled] = []
    levels = first if first is not None else search(game, levers, levers)
    remainder = 0.0
    while left and len(found) < most:
        answer = scored(game, levels)
        if not answer.signature or answer.gain < threshold:
            remainder = answer.gain if answer.signature else 0.0
            break
        largest = largest_lever(game, levels)
        found.append(Peeled(answer, largest, tuple(name for name in levers if name not in left)))
        gone = {largest} if by == "lever" else set(answer.signature)
        say(f"exploit {len(found)}: {', '.join(answer.signature)}; forbidding {', '.join(sorted(gone))}")
        left = tuple(name for name in left if name not in gone)
        levels = nearest_of(game, (honest_of(game), without(levels, gone)), left, left)
    return Catalogue(tuple(found), threshold, remainder)
