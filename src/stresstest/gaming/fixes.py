"""What each fix does once everybody has answered it: what is left, where gaming goes, and what honest providers pay for it.

A fix is a set of changes to the contract (levers/_lever.Fix). Behind it honest work and the best response over all levers
are found again, never the one lever alone: stopping one trick makes another worth while. All figures are means on the same
fresh futures, before and after as paired differences with standard errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..analysis.evaluate import EXPOSURE, HEALTH, PUBLIC, SURPLUS
from ..analysis.exploit import Game, fix_parts, fixed_game
from ..levers import GAMING, LEVER_NUMBER, LEVERS
from ..levers._lever import Fix
from .best import best_of, honest_of, nearest_of
from .compounds import Estimate, estimate
from .plays import Levels, size, strategies, top, without

#: A lever has risen where it is used more by this share of its range than before.
RISEN_SHARE = 0.05


@dataclass(frozen=True)
class Risen:
    """A lever used more behind a fix: highest level before and after."""

    lever: str
    before: float
    after: float


@dataclass(frozen=True)
class FixEffect:
    """One fix of one lever. Changes are (mean, standard error), after less before, in £ or QALYs.

    `gain_before`, `gain_after`: best response over its own honest twin. `exposure_gamed`, `public_gamed`, `health_gamed`: change
    under best responses; `exposure_honest`, `health_honest`, `surplus_honest`: change under honest best responses.
    `losing_before`, `losing_after`: chance that an honest provider's surplus is below nothing. `applies` is False where the
    contract lacks what the fix changes, or the fix lies outside the contract.
    """

    lever: str
    words: str
    parts: tuple[tuple[str, str, str], ...]
    applies: bool
    gain_before: Estimate = (0.0, 0.0)
    gain_after: Estimate = (0.0, 0.0)
    gain_change: Estimate = (0.0, 0.0)
    exposure_gamed: Estimate = (0.0, 0.0)
    public_gamed: Estimate = (0.0, 0.0)
    health_gamed: Estimate = (0.0, 0.0)
    surplus_honest: Estimate = (0.0, 0.0)
    exposure_honest: Estimate = (0.0, 0.0)
    health_honest: Estimate = (0.0, 0.0)
    losing_before: float = 0.0
    losing_after: float = 0.0
    honest: Levels | None = None
    levels: Levels | None = None
    risen: tuple[Risen, ...] = ()
    fix: Fix | None = None


@dataclass(frozen=True)
class Played:
    """Outcomes by future of an honest twin and of a best response, on fresh futures: out[2, OUTCOMES, n], aim[2, n]."""

    honest: Levels
    levels: Levels
    out: np.ndarray
    aim: np.ndarray

    @property
    def gain(self) -> np.ndarray:
        """Aim of the best response less its honest twin's, by future (£)."""
        return np.asarray(self.aim[1] - self.aim[0])


def played(game: Game, levels: Levels) -> Played:
    """A game's honest twin and a play on the fresh futures."""
    honest = honest_of(game)
    out = game.verify.outcomes(strategies([honest, levels]))
    return Played(honest, levels, out, game.verify.aim(out))


def fixes_of(levers: tuple[str, ...] = GAMING) -> list[tuple[str, Fix]]:
    """(lever, fix) of every fix on the levers' lists."""
    return [(name, fix) for name in levers for fix in LEVERS[LEVER_NUMBER[name]].fixes]


def risen_levers(before: Levels, after: Levels) -> tuple[Risen, ...]:
    """Gaming levers used more after than before, by at least RISEN_SHARE of their range; the largest rise first."""
    rows = [Risen(name, size(before.get(name, 0.0)), size(after.get(name, 0.0))) for name in GAMING]
    rose = [row for row in rows if row.after - row.before >= RISEN_SHARE * top(row.lever)]
    return tuple(sorted(rose, key=lambda row: -(row.after - row.before) / top(row.lever)))


def answered(game: Game, starts: tuple[Levels, ...], levers: tuple[str, ...] = GAMING) -> Levels:
    """The best response on a changed contract, sought from plays that were good on the old one and from honest work."""
    found = nearest_of(game, (*starts, honest_of(game)), levers, ())
    allowed = [without(start, set(GAMING) - set(levers)) for start in starts]
    return best_of(game, [*allowed, found])


def fix_effect(
    game: Game, before: Played, lever: str, fix: Fix, levers: tuple[str, ...] = GAMING
) -> FixEffect:
    """One fix, with honest work and the best response over `levers` found again."""
    parts = tuple(fix_parts(fix))
    fixed = fixed_game(game, fix) if parts else None
    if fixed is None:
        return FixEffect(lever, fix.words, parts, False)
    after = played(fixed, answered(fixed, (before.levels,), levers))
    change = after.out - before.out
    return FixEffect(
        lever, fix.words, parts, True, estimate(before.gain), estimate(after.gain), estimate(after.gain - before.gain),
        estimate(change[1, EXPOSURE]), estimate(change[1, PUBLIC]), estimate(change[1, HEALTH]),
        estimate(change[0, SURPLUS]), estimate(change[0, EXPOSURE]), estimate(change[0, HEALTH]),
        float((before.out[0, SURPLUS] < 0.0).mean()), float((after.out[0, SURPLUS] < 0.0).mean()),
        after.honest, after.levels, risen_levers(before.levels, after.levels), fix,
    )  # fmt: skip


def fix_effects(
    game: Game, levels: Levels, levers: tuple[str, ...] = GAMING, of: tuple[str, ...] | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> list[FixEffect]:  # fmt: skip
    """Every fix of the levers `of` (all in `levers` unless told), against the best response `levels` on the contract as it is."""
    before, found = played(game, levels), []
    for lever, fix in fixes_of(levers if of is None else of):
        say(f"{LEVERS[LEVER_NUMBER[lever]].title.lower()}: {fix.words}")
        found.append(fix_effect(game, before, lever, fix, levers))
    return found
