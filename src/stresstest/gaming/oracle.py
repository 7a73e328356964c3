"""Double oracle: the commissioner answers every play found so far, the provider answers with a new one, until nothing is new.

    commissioner   the combination of fixes that costs least against the archive (costs.py)
    provider       its best response on that contract over all levers; honest work found again

They stop when the provider's new play gains less than epsilon more than the best play of the archive. What is left is
a contract that answers the plays of the archive, and an archive on which later drafts can be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..analysis.exploit import Game, fix_parts, with_fix
from ..levers import GAMING
from ..levers._lever import Fix
from ..study import Study
from .best import honest_of
from .costs import Cost, Ledger, cheapest
from .fixes import answered
from .plays import Levels, strategies, used

#: Where the exchange stops, and what an honest provider may lose (£, present value over the term): judgements.
EPSILON_GBP = 1_000_000.0
MOST_LOST_GBP = 5_000_000.0
#: Plays of the archive from which the provider's new answer is sought, the best ones first.
STARTS = 2


@dataclass(frozen=True)
class Round:
    """One exchange: the fixes chosen (words), their cost against the archive then, and what the new play gained beyond it (£)."""

    fixes: tuple[str, ...]
    cost: Cost
    signature: tuple[str, ...]
    new_gain: float


@dataclass(frozen=True)
class Settled:
    """Where the double oracle stopped: fixes, the contract with them, costs before and after, the archive and the rounds.

    `closed` is False where the rounds ran out before the provider's new gain fell under epsilon.
    """

    fixes: tuple[Fix, ...]
    study: Study
    before: Cost
    after: Cost
    plays: tuple[Levels, ...]
    honest: tuple[Levels, ...]
    rounds: tuple[Round, ...]
    closed: bool


def candidates(study: Study, fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """The fixes that this contract can take and that change something, each once."""
    found: dict[str, Fix] = {}
    for fix in fixes:
        parts = fix_parts(fix)
        if parts and str(parts) not in found and with_fix(study, fix) is not None:
            found[str(parts)] = fix
    return tuple(found.values())


def double_oracle(
    game: Game, plays: tuple[Levels, ...], fixes: tuple[Fix, ...], most_lost: float = MOST_LOST_GBP,
    epsilon: float = EPSILON_GBP, rounds: int = 16, levers: tuple[str, ...] = GAMING, futures: int | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Settled:  # fmt: skip
    """Play the double oracle from an archive of plays and a list of fixes; see the module's text for arguments' use."""
    ledger = Ledger(game, candidates(game.study, fixes), list(plays), [honest_of(game)], futures or game.screen.n)
    done: list[Round] = []
    closed, chosen = False, frozenset[int]()
    while len(done) < rounds and not closed:
        chosen = cheapest(ledger, most_lost)
        cost, study = ledger.cost(chosen), ledger.study(chosen)
        assert cost is not None, "the empty combination is always open"
        assert study is not None
        fixed = Game(study, game.scenario, game.jobs)
        fixed.find_honest(game.honest)
        known = fixed.polish.mean_aim(strategies([honest_of(fixed), *ledger.plays]))
        order = np.argsort(-known[1:], kind="stable")[:STARTS]
        new = answered(fixed, tuple(ledger.plays[k] for k in order), levers)
        gain = float(fixed.polish.mean_aim(strategies([new]))[0] - known.max())
        words = tuple(ledger.fixes[k].words for k in sorted(chosen))
        done.append(Round(words, cost, used(new), gain))
        say(f"round {len(done)}: {len(words)} fixes; the provider's new play gains £{gain:,.0f} more")
        ledger.honest.append(honest_of(fixed))
        ledger.plays.append(new)
        closed = gain < epsilon
    if not closed:
        chosen = cheapest(ledger, most_lost)
    before, after, study = ledger.cost(frozenset()), ledger.cost(chosen), ledger.study(chosen)
    assert before is not None
    assert after is not None
    assert study is not None
    return Settled(
        tuple(ledger.fixes[k] for k in sorted(chosen)), study, before, after, tuple(ledger.plays), tuple(ledger.honest),
        tuple(done), closed,
    )  # fmt: skip
