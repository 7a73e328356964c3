"""Whether the best response depends on where the search starts, or on which futures it sees.

The same search from starting points that lie far apart, and on blocks of futures that have none in common. All answers are
scored against the same honest twin on the same fresh futures.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.exploit import Game
from ..levers import GAMING, HONEST
from .best import game_on, near, scored, search
from .plays import Levels, spread, top


@dataclass(frozen=True)
class Stability:
    """Answers from several starting points on one block of futures, then from other blocks, all on the same fresh futures.

    `gains` and `errors` (£) by run; `overlap` the share of levers in common with the first answer (those used by both over
    those used by either); `holds` where every gain lies within `tolerance` of the largest.
    """

    labels: tuple[str, ...]
    gains: tuple[float, ...]
    errors: tuple[float, ...]
    signatures: tuple[tuple[str, ...], ...]
    overlap: tuple[float, ...]
    tolerance: float

    @property
    def spread(self) -> float:
        """Largest gain less smallest, as a share of the largest."""
        return (max(self.gains) - min(self.gains)) / max(abs(max(self.gains)), 1.0)

    @property
    def holds(self) -> bool:
        """Whether the gains agree within the tolerance."""
        return self.spread <= self.tolerance


def other_starts(levers: tuple[str, ...], count: int) -> list[Levels]:
    """Starting points far apart: nothing at all, everything at half, everything at the top, then points of the net."""
    names = HONEST + levers
    fixed: list[Levels] = [{}, {name: 0.5 * top(name) for name in names}, {name: top(name) for name in names}]
    rows = spread(count, len(names))
    net: list[Levels] = [{name: float(u) * top(name) for name, u in zip(names, row, strict=True)} for row in rows]
    return (fixed + net)[:count]


def stability(
    game: Game, starts: int = 5, blocks: int = 3, levers: tuple[str, ...] = GAMING, tolerance: float = 0.01
) -> Stability:
    """How far the answer depends on where the search starts and on which futures it sees.

    Block 0 is the game's own; the others are disjoint from it. Every answer is compared with the game's honest twin.
    """
    plays, labels = [search(game, levers)], ["full search"]
    for number, start in enumerate(other_starts(levers, starts), 1):
        plays.append(near(game, start, levers))
        labels.append(f"start {number}")
    for block in range(1, blocks):
        plays.append(search(game_on(game.study, game.jobs, block, game.scenario), levers))
        labels.append(f"futures of block {block + 1}")
    answers = [scored(game, play) for play in plays]
    first = set(answers[0].signature)
    shared = [len(first & set(a.signature)) / max(1, len(first | set(a.signature))) for a in answers]
    return Stability(
        tuple(labels), tuple(a.gain for a in answers), tuple(a.error for a in answers),
        tuple(a.signature for a in answers), tuple(shared), tolerance,
    )  # fmt: skip
