"""Exploits of an archive on another draft: is each one closed, reduced, open, or worse?

Honest work is found again on the draft, then each play is lived on the draft's fresh futures as it was on the first contract.
Where place, seed, years and futures are the same, the change of its gain is a paired difference.

    closed    the gain is under the threshold, or within two standard errors of nothing
    worse     it has risen beyond two standard errors of the change, and by more than £1,000
    reduced   it has fallen as much
    open      anything else

What a play cannot do on the draft is named: levers that this program does not have, clauses that made it pay and are gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..analysis.evaluate import EXPOSURE
from ..analysis.exploit import Game
from ..levers import LEVER_NUMBER
from ..study import Study
from .archive import KEPT_FUTURES, Archive, Archived, contract_hash, honest_start, play_of
from .best import game_on, honest_of
from .compounds import Estimate, estimate
from .costs import TIE_GBP
from .fixes import played
from .peel import THRESHOLD_GBP
from .plays import Levels, resized, size, strategies, top, without

VERDICTS = ("closed", "reduced", "open", "worse")


@dataclass(frozen=True)
class Replay:
    """An archived exploit on a draft: gains (mean, standard error) over the honest twin then and now, £.

    `change` is paired where `paired` says so. `missing_levers`, `missing_clauses`: what the draft or the program no longer has.
    """

    id: str
    signature: tuple[str, ...]
    then: Estimate
    now: Estimate
    change: Estimate
    paired: bool
    verdict: str
    commissioner: Estimate
    missing_levers: tuple[str, ...]
    missing_clauses: tuple[str, ...]


@dataclass(frozen=True)
class Against:
    """All replays of an archive on a draft. `same_contract`: the draft says what the archive's contract said.

    `notes` say in sentences what differs between the two (contract, place, seed, length).
    """

    replays: tuple[Replay, ...]
    same_contract: bool
    notes: tuple[str, ...]

    def count(self, verdict: str) -> int:
        """How many exploits have a verdict."""
        return sum(one.verdict == verdict for one in self.replays)


def differences(archive: Archive, study: Study) -> tuple[str, ...]:
    """Sentences on what differs between the archive's study and this one; none where only clauses' numbers are the same."""
    found = []
    if archive.contract_hash != contract_hash(study.contract):
        found.append(
            f"The archive was made on the contract {archive.contract} ({archive.contract_hash[:12]}); this is "
            f"{study.contract.name} ({contract_hash(study.contract)[:12]}). Every exploit is tried on it all the same."
        )
    if archive.place != study.place.name:
        found.append(f"The archive's place is {archive.place}; this is {study.place.name}: gains are not paired.")
    if archive.seed != study.seed:
        found.append(f"The archive's seed is {archive.seed}; this is {study.seed}: gains are not paired.")
    if archive.years != study.years:
        found.append(
            f"The archive's contract runs {archive.years} years, this one {study.years}: the last year's levels hold beyond it."
        )
    return tuple(found)


def verdict_of(now: Estimate, change: Estimate, threshold: float) -> str:
    """The verdict on a gain and its change since; see the module's text."""
    if now[0] < threshold or now[0] <= 2.0 * now[1]:
        return "closed"
    beyond = max(2.0 * change[1], TIE_GBP)
    if change[0] > beyond:
        return "worse"
    return "reduced" if change[0] < -beyond else "open"


def within_bounds(levels: Levels) -> Levels:
    """The play with levels that this program's bounds do not allow brought down to the highest that they do."""
    return {name: level if size(level) <= top(name) else resized(level, top(name)) for name, level in levels.items()}


def _replayed(game: Game, archive: Archive, one: Archived, threshold: float) -> Replay:
    unknown = tuple(name for name in one.levels if name not in LEVER_NUMBER)
    levels = within_bounds(play_of(_known(one, unknown)))
    now = played(game, levels)
    study = game.study
    count = min(len(one.gains), game.verify.n, KEPT_FUTURES)
    same = (archive.place, archive.seed, archive.years) == (study.place.name, study.seed, study.years)
    paired = bool(count > 1 and same and archive.first_future == game.verify.first)
    gain = estimate(now.gain)
    if paired:
        change = estimate(now.gain[:count] - np.array(one.gains[:count]))
    else:
        change = (gain[0] - one.gain, float(np.hypot(gain[1], one.gain_error)))
    ids = {term.id for term in study.contract.terms}
    return Replay(
        one.id, one.signature, (one.gain, one.gain_error), gain, change, paired, verdict_of(gain, change, threshold),
        estimate((now.out[1] - now.out[0])[EXPOSURE]), unknown, tuple(c for c in one.clauses if c not in ids),
    )  # fmt: skip


def _known(one: Archived, unknown: tuple[str, ...]) -> Archived:
    kept = without(dict(one.levels), unknown)
    return replace(one, levels={name: level for name, level in kept.items() if isinstance(level, tuple)})


def against(
    archive: Archive, study: Study, threshold: float = THRESHOLD_GBP, jobs: int = 2,
    say: Callable[[str], None] = lambda text: None,
) -> Against:  # fmt: skip
    """Every exploit of the archive on the study's contract, whatever contract the archive was made on."""
    game = game_on(study, jobs)
    if archive.exploits:  # the honest twin must not be worse than the one that the archive knew
        known = honest_start(_known(archive.exploits[0], ()))
        values = game.polish.mean_aim(strategies([honest_of(game), known]))
        if values[1] > values[0]:
            game.honest = {name: size(level) for name, level in known.items()}
    found = []
    for number, one in enumerate(archive.exploits, 1):
        say(f"trying exploit {number} of {len(archive.exploits)} ({one.id})")
        found.append(_replayed(game, archive, one, threshold))
    return Against(tuple(found), archive.contract_hash == contract_hash(study.contract), differences(archive, study))
