"""The best response over all levers: honest work first, then a screen, climbs from its best points, and years of use.

Search, in order, on futures of its own (plan.SEARCH_FIRST on):

    screen   an unscrambled Sobol' net over the box of levels; each lever alone at five levels; levels at which a clause of
             the lever has a number of its own (caps, tolerances: the knots) and one step of rounding to either side; the
             union of the levers that pay alone
    climbs   from the best points, on the screen's futures: sweeps, subspaces, pairs
    polish   the two best on more futures, with windows of years; then finer grids, and levers that add nothing are left out

Honest levers are free throughout, and gaming levers outside `levers` never move. The answer is scored again on fresh futures
(plan.VERIFY_FIRST on), as a paired difference from the honest best response; search mean less fresh mean is the winner's
curse. Every step is deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..analysis.evaluate import Arena
from ..analysis.exploit import Game, Worth
from ..analysis.response import screen_points
from ..futures.plan import SEARCH_FIRST
from ..futures.scenario import Scenario
from ..levers import GAMING, HONEST, LEVER_NUMBER, LEVERS
from ..place import Quantity
from ..study import Study
from .climb import Climb
from .plays import Levels, strategies, top, used, with_level

#: Futures between the first of one block of search futures and the first of the next.
BLOCK_STEP = 1 << 30
ALONE = (0.1, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Answer:
    """A best response with its gain on the futures that it was sought on, and its worth on fresh ones.

    `search_gain` is the mean aim (£) over the honest twin's on the search futures; `worth.aim` the same on fresh futures.
    """

    levels: Levels
    honest: Levels
    search_gain: float
    worth: Worth
    evaluations: int

    @property
    def signature(self) -> tuple[str, ...]:
        """Gaming levers in use."""
        return used(self.levels)

    @property
    def gain(self) -> float:
        """Mean of what the provider wants more than its honest twin gets, on fresh futures (£)."""
        return float(self.worth.aim.mean())

    @property
    def error(self) -> float:
        """Standard error of `gain`."""
        return float(self.worth.aim.std(ddof=1) / np.sqrt(self.worth.aim.size))

    @property
    def winners_curse(self) -> float:
        """How much of the gain on the search futures fresh futures do not show (£)."""
        return self.search_gain - self.gain


def game_on(study: Study, jobs: int = 2, block: int = 0, scenario: Scenario | None = None) -> Game:
    """A game whose search uses the numbered block of search futures (0: the usual one), with honest work found."""
    game = Game(study, scenario or study.scenarios[0], jobs)
    if block:
        first = SEARCH_FIRST + block * BLOCK_STEP
        game.screen = Arena(study, game.scenario, first, game.screen.n, jobs)
        game.polish = Arena(study, game.scenario, first, game.polish.n, jobs)
    game.find_honest()
    return game


def honest_of(game: Game) -> Levels:
    """The game's honest best response as a play."""
    return dict(game.honest)


def knots(study: Study, lever: str) -> list[float]:
    """Levels of a lever at which a clause that pays for it has a number of its own, and their neighbours in float64."""
    found: set[float] = set()
    for clause in LEVERS[LEVER_NUMBER[lever]].clauses:
        term = study.contract.first(clause)
        for value in term.values.values() if term else ():
            if isinstance(value, Quantity) and 0.0 < value.value < top(lever):
                knot = value.value
                found |= {float(np.nextafter(knot, 0.0)), knot, float(np.nextafter(knot, 1.0))}
    return sorted(found)


def _seeds(game: Game, levers: tuple[str, ...], starts: tuple[Levels, ...]) -> list[Levels]:
    """Starting points: given ones, honest work, levers alone on top of it, their union, and the net."""
    honest = honest_of(game)
    alone = {
        name: [share * top(name) for share in ALONE] + knots(game.study, name) for name in levers
    }  # fmt: skip
    singles = [with_level(honest, name, level) for name, sizes in alone.items() for level in sizes]
    values = game.screen.mean_aim(strategies([honest, *singles]))
    union, at = honest, 1
    for name, sizes in alone.items():
        own = values[at : at + len(sizes)]
        at += len(sizes)
        if own.max() > values[0]:
            union = with_level(union, name, sizes[int(np.argmax(own))])
    net: list[Levels] = [dict(point) for point in screen_points(HONEST + levers, game.study.search.screen)]
    return [*starts, honest, union, *singles, *net]


def climb(arena: Arena, play: Levels, levers: tuple[str, ...], timed: tuple[str, ...]) -> Climb:
    """A climb on an arena that may move honest levers and `levers`, and give `timed` ones their years."""
    return Climb(arena, play, HONEST + levers, timed)


def rough(game: Game, play: Levels, levers: tuple[str, ...]) -> Levels:
    """A climb on the screen's futures: coarse sweeps, pairs and subspaces."""
    one = climb(game.screen, play, levers, ())
    one.sweep(0.25, 9)
    one.pairs(2)
    one.subspace(0.3)
    one.sweep(0.1, 5)
    one.together(0.1)
    return one.play


def polished(game: Game, play: Levels, levers: tuple[str, ...], timed: tuple[str, ...]) -> Levels:
    """A climb on the polishing futures: years of use, ever finer sweeps, then what adds nothing is left out."""
    first = climb(game.screen, play, levers, timed)
    first.timing()
    first.awake()
    one = climb(game.polish, first.play, levers, timed)
    one.sweep(0.1, 5)
    one.retime()
    one.subspace(0.1, 16)
    for share in (0.04, 0.015):
        one.sweep(share, 5, tuple(one.play))
        one.together(share)
    one.simplify()
    return one.play


def search(
    game: Game, levers: tuple[str, ...] = GAMING, timed: tuple[str, ...] = GAMING, starts: tuple[Levels, ...] = ()
) -> Levels:
    """The play that serves the provider best with honest levers and `levers`; `timed` may be used in some years only."""
    seeds = _seeds(game, levers, starts)
    order = np.argsort(-game.screen.mean_aim(strategies(seeds)), kind="stable")
    keep = max(1, game.study.search.polish)
    kept = [seeds[k] for k in order[:keep]] + seeds[len(starts) : len(starts) + 2] + list(starts)
    climbed = [rough(game, play, levers) for play in kept]
    return best_of(game, [polished(game, play, levers, timed) for play in _best(game.screen, climbed, 2)])


def near(game: Game, start: Levels, levers: tuple[str, ...] = GAMING, timed: tuple[str, ...] = GAMING) -> Levels:
    """The best response found from one starting point, without a screen."""
    return best_of(game, [polished(game, rough(game, start, levers), levers, timed)])


def nearest_of(
    game: Game, starts: tuple[Levels, ...], levers: tuple[str, ...] = GAMING, timed: tuple[str, ...] = GAMING
) -> Levels:
    """The best response from several starting points: a rough climb from each, and the best of them polished."""
    climbed = [rough(game, start, levers) for start in starts]
    return best_of(game, [polished(game, _best(game.screen, climbed, 1)[0], levers, timed)])


def _best(arena: Arena, plays: list[Levels], count: int) -> list[Levels]:
    order = np.argsort(-arena.mean_aim(strategies(plays)), kind="stable")
    distinct: list[Levels] = []
    for k in order:
        if plays[k] not in distinct:
            distinct.append(plays[k])
    return distinct[:count]


def best_of(game: Game, plays: list[Levels]) -> Levels:
    """The best of some plays on the polishing futures; the honest best response where none is better."""
    return _best(game.polish, [honest_of(game), *plays], 1)[0]


def scored(game: Game, levels: Levels, before: int = 0) -> Answer:
    """A play's worth on fresh futures, next to what the search saw; `before` counts evaluations made elsewhere."""
    pair = game.polish.mean_aim(strategies([honest_of(game), levels]))
    worth = game.worth(levels)  # type: ignore[arg-type]
    return Answer(levels, honest_of(game), float(pair[1] - pair[0]), worth, game.evaluations + before)


def best(game: Game, levers: tuple[str, ...] = GAMING, timed: tuple[str, ...] = GAMING) -> Answer:
    """The best response over honest levers and `levers`, verified on fresh futures."""
    return scored(game, search(game, levers, timed))


def with_budget(study: Study, search_futures: int = 2000, verify_futures: int = 20_000) -> Study:
    """The study with other numbers of futures for polishing and for verifying."""
    budget = replace(study.search, polish_futures=search_futures, verify_futures=verify_futures)
    return replace(study, search=budget)
