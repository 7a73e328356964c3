"""What a contract costs the public against an archive of plays, and combinations of fixes that make it cost less.

The provider picks from the archive what serves it best on the contract at hand, honest plays and gamed ones; what it picks
costs

    cost     Δ public exposure, the commissioner's included, less value of a QALY · health   (£, means)

Of plays that serve the provider equally well, to a tolerance, the one that costs most counts: ties go against the commissioner.
A combination of fixes is open to the commissioner only where the honest provider's mean surplus does not fall by more than
a stated sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..analysis.evaluate import EXPOSURE, HEALTH, PUBLIC, QALY_VALUE, SURPLUS, Arena
from ..analysis.exploit import Game, with_fix
from ..levers._lever import Fix
from ..study import Study
from .plays import Levels, strategies, used

#: Plays within this of the best serve the provider equally well (£): judgement.
TIE_GBP = 1_000.0


@dataclass(frozen=True)
class Cost:
    """What a contract costs against an archive. `exploit` is the number of the play that the provider picks; -1: honest work.

    £ means on the futures of the evaluation; `cost` as in the module's text, of the pick; `honest_surplus` of the honest one.
    """

    cost: float
    exposure: float
    aim: float
    honest_aim: float
    honest_surplus: float
    exploit: int

    @property
    def gain(self) -> float:
        """Aim of the pick over honest work (£)."""
        return self.aim - self.honest_aim


@dataclass
class Ledger:
    """Archive, fixes and futures, with every combination that was worked out: nothing is simulated twice.

    `plays` are gamed plays, `honest` honest ones; `futures` of the search's own block are used.
    """

    game: Game
    fixes: tuple[Fix, ...]
    plays: list[Levels]
    honest: list[Levels]
    futures: int
    known: dict[frozenset[int], tuple[np.ndarray, int, int]] = field(default_factory=dict)

    def study(self, chosen: frozenset[int]) -> Study | None:
        """The study with some of the fixes in it; None where they cannot stand together."""
        study: Study | None = self.game.study
        for number in sorted(chosen):
            study = with_fix(study, self.fixes[number]) if study is not None else None
        return study

    def _means(self, chosen: frozenset[int]) -> np.ndarray | None:
        """means[4, honest + plays]: aim, surplus, cost, exposure; only what is new since the last time is simulated."""
        study = self.study(chosen)
        if study is None:
            return None
        old, honest, plays = self.known.get(chosen, (np.zeros((4, 0)), 0, 0))
        new = self.honest[honest:] + self.plays[plays:]
        if new:
            arena = Arena(study, self.game.scenario, self.game.screen.first, self.futures, self.game.jobs)
            out = arena.outcomes(strategies(new))
            value = study.parameter_vector()[QALY_VALUE]
            cost = out[:, PUBLIC] - value * out[:, HEALTH]
            fresh = np.array([row.mean(axis=1) for row in (arena.aim(out), out[:, SURPLUS], cost, out[:, EXPOSURE])])
            split = len(self.honest) - honest
            old = np.concatenate([old[:, :honest], fresh[:, :split], old[:, honest:], fresh[:, split:]], axis=1)
            self.known[chosen] = (old, len(self.honest), len(self.plays))
        return old

    def cost(self, chosen: frozenset[int]) -> Cost | None:
        """What the contract with these fixes costs against the archive; None where they cannot stand together."""
        means = self._means(chosen)
        if means is None:
            return None
        aim, surplus, cost, exposure = means
        count = len(self.honest)
        honest = int(np.argmax(aim[:count]))
        best = float(max(aim[honest], aim[count:].max(initial=-np.inf)))
        tied = [honest] + [k for k in range(count, aim.size) if aim[k] >= best - TIE_GBP]
        tied = [k for k in tied if aim[k] >= best - TIE_GBP]
        pick = max(tied, key=lambda k: cost[k])
        number = pick - count if pick >= count and used(self.plays[pick - count]) else -1
        numbers = [float(one) for one in (cost[pick], exposure[pick], aim[pick], aim[honest], surplus[honest])]
        return Cost(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], number)


def allowed(cost: Cost | None, before: Cost, most_lost: float) -> bool:
    """Whether an honest provider loses no more than `most_lost` (£, mean present value) against the contract as procured."""
    return cost is not None and cost.honest_surplus >= before.honest_surplus - most_lost


def _subsets(count: int) -> list[frozenset[int]]:
    return [frozenset(k for k in range(count) if number >> k & 1) for number in range(1 << count)]


def cheapest(ledger: Ledger, most_lost: float, exhaustive_up_to: int = 6) -> frozenset[int]:
    """The combination of fixes that costs least: every one of them for a few fixes, else by adding and leaving out."""
    procured = ledger.cost(frozenset())
    assert procured is not None

    def value(chosen: frozenset[int]) -> tuple[float, int]:
        cost = ledger.cost(chosen)
        return (cost.cost, len(chosen)) if cost is not None and allowed(cost, procured, most_lost) else (np.inf, 0)

    count = len(ledger.fixes)
    if count <= exhaustive_up_to:
        return min(_subsets(count), key=value)
    now = frozenset[int]()
    while True:
        steps = [now ^ {k} for k in range(count)]
        best = min(steps, key=value)
        if value(best)[0] >= value(now)[0]:
            return now
        now = best
