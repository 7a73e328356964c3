"""What the provider can make of what it learns on the way: three regimes of information, on the same fresh futures.

    open loop     one table of levels by year, fixed at the start
    feedback      that table until the end of a year; from then on another one, where a figure that the provider has seen by
                  then lies beyond a threshold
    clairvoyant   in every future the best of all plays that were tried: an upper bound for choosing among them, since no
                  provider sees the future

Both branches of a feedback rule are tables by year that agree up to the branching year, so what is seen by then is the same
in both. The rule is chosen on search futures. Clairvoyant less open loop is the value of seeing the years unfold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .. import layout as L
from ..analysis.evaluate import Arena, simulate_years
from ..analysis.exploit import Game
from ..levers import GAMING, HONEST
from .best import honest_of
from .compounds import Estimate, estimate
from .plays import DECIDED_ONCE, Levels, from_year, size, strategies, tidy, top, with_level

SEEN = ("cumulative surplus", "reserve", "reported score", "acute gap")
THRESHOLDS = 19


@dataclass(frozen=True)
class Rule:
    """A feedback rule: from the start of `year` (from 0) go over to `after` where the figure `seen` lies beyond `threshold`.

    `above`: beyond means above, else below. Money in £, the score as a share.
    """

    before: Levels
    after: Levels
    year: int
    seen: str
    above: bool
    threshold: float

    def goes_over(self, figures: dict[str, np.ndarray]) -> np.ndarray:
        """bool[futures]: where the provider goes over to the other table."""
        values = figures[self.seen]
        return np.asarray(values > self.threshold if self.above else values < self.threshold)


@dataclass(frozen=True)
class Regimes:
    """Gains over the honest twin (mean, standard error, £) on fresh futures; differences are paired.

    `rule` is None where no rule beat the open loop on the search futures. `share_over`: futures in which it goes over.
    """

    open_loop: Estimate
    feedback: Estimate
    clairvoyant: Estimate
    feedback_less_open: Estimate
    clairvoyant_less_open: Estimate
    rule: Rule | None
    share_over: float
    tried: int


def figures_by(game: Game, arena: Arena, play: Levels, year: int) -> dict[str, np.ndarray]:
    """float64[futures] for each figure of SEEN, as it stands at the end of year `year` − 1 (counted from 0)."""
    tables = np.array([strategy.table(game.study.years) for strategy in strategies([play])])
    yearly = simulate_years(replace(arena.inputs, strategies=tables), arena.first, arena.n, 0)[0]
    last = year - 1
    gap = yearly[L.YEAR["acute_expected_gbp"], :year] - yearly[L.YEAR["acute_actual_gbp"], :year]
    return {
        "cumulative surplus": yearly[L.YEAR["cumulative_surplus_gbp"], last], "reserve": yearly[L.YEAR["reserve_gbp"], last],
        "reported score": yearly[L.YEAR["reported_score"], last], "acute gap": gap.sum(axis=0),
    }  # fmt: skip


def branches(game: Game, play: Levels, levers: tuple[str, ...]) -> list[Levels]:
    """Plays that a provider may go over to: honest work, nothing at all, and the play with one lever changed."""
    found: list[Levels] = [{**honest_of(game), **{n: v for n, v in play.items() if n in DECIDED_ONCE}}]
    found.append({name: level for name, level in play.items() if name in DECIDED_ONCE})
    for name in HONEST + levers:
        if name not in DECIDED_ONCE:
            sizes = {0.0, 0.5 * top(name), top(name)} - {size(play.get(name, 0.0))}
            found += [with_level(play, name, one) for one in sorted(sizes)]
    return found


def best_threshold(values: np.ndarray, gain: np.ndarray) -> tuple[float, bool, float]:
    """(threshold, above, mean gain) of the best one-sided rule that takes `gain` where `values` lie beyond a quantile."""
    best = (0.0, True, 0.0)
    for threshold in np.unique(np.quantile(values, np.arange(1, THRESHOLDS + 1) / (THRESHOLDS + 1))):
        for above in (True, False):
            over = values > threshold if above else values < threshold
            mean = float(np.where(over, gain, 0.0).mean())
            if mean > best[2]:
                best = (float(threshold), above, mean)
    return best


def years_to_branch(years: int) -> list[int]:
    """Years (from 0) at whose start a rule may go over: every second one, the first year left out."""
    return list(range(1, years, 2))


def find_rule(game: Game, play: Levels, levers: tuple[str, ...] = GAMING) -> tuple[Rule | None, list[Levels]]:
    """The best rule with `play` before it, on the search futures, and every play that was tried on the way."""
    arena, years = game.polish, game.study.years
    base = arena.aim(arena.outcomes(strategies([play])))[0]
    best: tuple[float, Rule | None] = (0.0, None)
    tried: list[Levels] = []
    for year in years_to_branch(years):
        others = [from_year(play, other, year, years) for other in branches(game, play, levers)]
        figures = figures_by(game, arena, play, year)
        for at in range(0, len(others), 32):
            aims = arena.aim(arena.outcomes(strategies(others[at : at + 32])))
            for other, aim in zip(others[at : at + 32], aims, strict=True):
                for seen in SEEN:
                    threshold, above, mean = best_threshold(figures[seen], aim - base)
                    if mean > best[0]:
                        best = (mean, Rule(play, other, year, seen, above, threshold))
        tried += others
    return best[1] and improved_rule(game, best[1], levers), tried


def improved_rule(game: Game, rule: Rule, levers: tuple[str, ...], rounds: int = 3) -> Rule:
    """The rule with more levers changed in the table that it goes over to, one at a time while that pays."""
    arena, years = game.polish, game.study.years
    over = rule.goes_over(figures_by(game, arena, rule.before, rule.year))
    for _ in range(rounds):
        tries = [from_year(rule.before, other, rule.year, years) for other in branches(game, rule.after, levers)[2:]]
        tries = [rule.after, *tries]
        gains = np.concatenate([
            arena.aim(arena.outcomes(strategies(tries[at : at + 32])))[:, over].sum(axis=1) for at in range(0, len(tries), 32)
        ])  # fmt: skip
        best = int(np.argmax(gains))
        if best == 0:
            break
        rule = replace(rule, after=tries[best])
    return rule


def regimes(
    game: Game, play: Levels, also: tuple[Levels, ...] = (), levers: tuple[str, ...] = GAMING, futures: int | None = None
) -> Regimes:
    """The three regimes for an open-loop best response; `also` are other plays that were tried (other exploits, say).

    Clairvoyance is worked out on the first `futures` fresh futures (as many as the game polishes on, unless told), and so is
    everything else, so that the differences are paired.
    """
    play = tidy(play)
    arena = Arena(game.study, game.scenario, game.verify.first, futures or game.polish.n, game.jobs)
    rule, tried = find_rule(game, play, levers)
    known = [honest_of(game), play, *also] + ([rule.after] if rule else []) + _distinct(tried)
    honest, most, over_aim = np.zeros(0), np.zeros(0), np.zeros(0)
    aims: list[np.ndarray] = []
    for at in range(0, len(known), 32):
        part = arena.aim(arena.outcomes(strategies(known[at : at + 32])))
        most = part.max(axis=0) if at == 0 else np.maximum(most, part.max(axis=0))
        aims += list(part[: max(0, 3 + len(also) - at)])
    honest, opened = aims[0], aims[1]
    followed, share = opened, 0.0
    if rule is not None:
        over_aim = aims[2 + len(also)]
        over = rule.goes_over(figures_by(game, arena, play, rule.year))
        followed, share = np.where(over, over_aim, opened), float(over.mean())
    return Regimes(
        estimate(opened - honest), estimate(followed - honest), estimate(most - honest), estimate(followed - opened),
        estimate(most - opened), rule, share, len(known),
    )  # fmt: skip


def _distinct(plays: list[Levels]) -> list[Levels]:
    found: list[Levels] = []
    for play in plays:
        if play not in found:
            found.append(play)
    return found
