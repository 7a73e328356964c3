"""Which levers of an exploit carry it, and which of them need each other.

Players are the gaming levers in use and, where the exploit works otherwise than the honest twin, "honest work": its honest
levers go from the twin's levels to the exploit's. With U(S) the mean aim when the players in S do as in the exploit and the
others as in the twin, over the same fresh futures:

    alone        U({j}) − U(∅)                             leave-one-out   U(all) − U(all without j)
    Shapley      mean over orders of U(before j, and j) − U(before j); the sum over players is U(all) − U(∅), to rounding
    synergy      U({a, b}) − U({a}) − U({b}) + U(∅)

A pair is flagged where its synergy is beyond a quarter of the larger single gain, and beyond two standard errors. Orders are
all orders up to five players, else Latin squares (orders.py); the error of a Shapley value then holds the spread between
squares as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..analysis.evaluate import Arena
from ..analysis.exploit import Game
from ..futures.plan import VERIFY_FIRST
from .best import honest_of
from .orders import squares
from .plays import Levels, honest_part, strategies, used, without

HONEST_WORK = "honest work"
FLAGGED_SHARE = 0.25
ORDERS = 50
Estimate = tuple[float, float]


@dataclass(frozen=True)
class Synergy:
    """What two players gain together beyond what each gains alone (£), and whether it matters."""

    first: str
    second: str
    amount: Estimate
    flagged: bool


@dataclass(frozen=True)
class Compound:
    """Shares of an exploit's gain: by player (mean, standard error) in £. `orders` were walked over `coalitions` plays."""

    players: tuple[str, ...]
    total: Estimate
    alone: dict[str, Estimate]
    leave_one_out: dict[str, Estimate]
    shapley: dict[str, Estimate]
    synergies: tuple[Synergy, ...]
    orders: int
    coalitions: int

    @property
    def flagged(self) -> tuple[Synergy, ...]:
        """The pairs that matter, largest first."""
        return tuple(sorted((one for one in self.synergies if one.flagged), key=lambda one: -abs(one.amount[0])))


class Coalitions:
    """Aims by future of every coalition asked for, each simulated once on the same futures."""

    def __init__(self, game: Game, levels: Levels, futures: int) -> None:
        self.honest = honest_of(game)
        self.levels = levels
        levers = used(levels)
        self.players = levers + ((HONEST_WORK,) if honest_part(levels) != honest_part(self.honest) else ())
        self.arena = Arena(game.study, game.scenario, VERIFY_FIRST, futures, game.jobs)
        self.known: dict[frozenset[str], np.ndarray] = {}

    def play(self, players: frozenset[str]) -> Levels:
        """Levels when these players do as in the exploit; what the exploit hardly uses goes with honest work."""
        base = honest_part(self.levels) if HONEST_WORK in players else self.honest
        gaming = {name: level for name, level in self.levels.items() if name in players}
        if players == frozenset(self.players):
            gaming = without(self.levels, honest_part(self.levels))
        return {**base, **gaming}

    def learn(self, wanted: list[frozenset[str]], batch: int = 32) -> None:
        """Simulate the coalitions that are not known yet."""
        new = [one for one in dict.fromkeys(wanted) if one not in self.known]
        for k in range(0, len(new), batch):
            part = new[k : k + batch]
            aims = self.arena.aim(self.arena.outcomes(strategies([self.play(one) for one in part])))
            self.known.update(zip(part, aims, strict=True))

    def __call__(self, *players: str) -> np.ndarray:
        """Aim by future of a coalition, float64[futures]."""
        one = frozenset(players)
        self.learn([one])
        return self.known[one]


def estimate(values: np.ndarray) -> Estimate:
    """Mean over futures and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0


def _shapley(coalitions: Coalitions, groups: list[list[tuple[str, ...]]]) -> dict[str, Estimate]:
    walks = [order for group in groups for order in group]
    coalitions.learn([frozenset(order[:k]) for order in walks for k in range(len(order) + 1)])
    found = {}
    for player in coalitions.players:
        by_group = []
        for group in groups:
            gains = [coalitions(*order[: order.index(player) + 1]) - coalitions(*order[: order.index(player)]) for order in group]
            by_group.append(np.mean(gains, axis=0))
        mean, error = estimate(np.mean(by_group, axis=0))
        between = np.std([one.mean() for one in by_group], ddof=1) / np.sqrt(len(by_group)) if len(by_group) > 1 else 0.0
        found[player] = (mean, float(np.hypot(error, between)))
    return found


def _synergies(coalitions: Coalitions) -> tuple[Synergy, ...]:
    pairs = list(combinations(coalitions.players, 2))
    coalitions.learn([frozenset(pair) for pair in pairs])
    found = []
    for a, b in pairs:
        amount = estimate(coalitions(a, b) - coalitions(a) - coalitions(b) + coalitions())
        single = max(abs(float((coalitions(one) - coalitions()).mean())) for one in (a, b))
        found.append(Synergy(a, b, amount, abs(amount[0]) > max(FLAGGED_SHARE * single, 2.0 * amount[1])))
    return tuple(found)


def compound(game: Game, levels: Levels, futures: int | None = None, orders: int = ORDERS) -> Compound:
    """The shares of an exploit's players, on fresh futures (as many as the game polishes on, unless told)."""
    coalitions = Coalitions(game, levels, futures or game.polish.n)
    everyone = coalitions.players
    groups = squares(everyone, orders)
    shapley = _shapley(coalitions, groups)
    full, none = coalitions(*everyone), coalitions()
    coalitions.learn([frozenset(everyone) - {one} for one in everyone])
    return Compound(
        everyone, estimate(full - none), {one: estimate(coalitions(one) - none) for one in everyone},
        {one: estimate(full - coalitions(*(set(everyone) - {one}))) for one in everyone}, shapley, _synergies(coalitions),
        sum(map(len, groups)), len(coalitions.known),
    )  # fmt: skip
