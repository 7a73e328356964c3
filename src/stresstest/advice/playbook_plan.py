"""The plan by eventuality: for each region in which a contract fails, the best few mitigations, their signpost and the time to
act.

Best: of those by which the chance inside the region falls by more than two standard errors, first the ones with at least half
of the largest fall that no other of them beats on what is left of the chance, cost to the public and health at once; then the
others of at least half; then the rest; each by how far the chance falls. Money alone does not rank. They are chosen on one set
of futures and measured on another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..config.playbooks import Mitigation
from ..methods.box import Box
from .mitigations import NotLaidError
from .mitigations_try import MONEY, Effect, Futures, Trial, attempt, effect
from .signposts_single import Signpost

BEST = 3
#: Mitigations that are tried once more as agreed on the sign only.
LATE = 4
#: Share of the largest fall that a mitigation needs to stand in the first row.
MOST_OF = 0.5
#: Least rise of another failure's chance that is told.
TOLD = 0.001
PUBLIC = MONEY[1]
EVERYWHERE = "all futures"
AT_SIGNATURE = "at signature only"


@dataclass(frozen=True)
class Eventuality:
    """A failure, and the region in which it happens: words, box (None: all futures), and its share of all futures."""

    failure: str
    words: str
    box: Box | None
    mass: float


@dataclass(frozen=True)
class Choice:
    """A mitigation chosen for an eventuality: its effect inside and overall on fresh futures; `late` the chance inside where it
    is in force only once the signpost has been seen and the notice has run, and `answered` where the provider's answer is found
    again (each None where there is none); `worsens` the failures that it makes likelier."""

    mitigation: Mitigation
    inside: Effect
    overall: Effect
    late: float | None
    late_why: str
    answered: Effect | None
    worsens: tuple[str, ...]


@dataclass(frozen=True)
class Late:
    """A mitigation that is agreed only on the sign: in force from year `start` (from 0), and its effect inside on fresh
    futures."""

    mitigation: Mitigation
    start: int
    effect: Effect


@dataclass(frozen=True)
class Plan:
    """An eventuality with its choices, the signpost that announces it (None where nothing does) and how it fares if nothing is
    done."""

    eventuality: Eventuality
    nothing: Effect
    choices: tuple[Choice, ...]
    signpost: Signpost | None
    late: tuple[Late, ...] = ()


def beaten(effects: Mapping[str, Effect]) -> set[str]:
    """Those that another beats on what is left of the chance, public cost and health, or equals on two and beats on the third."""
    points = {name: (one.after.value, one.money[PUBLIC].value, -one.health.value) for name, one in effects.items()}
    return {
        name for name, own in points.items()
        if any(all(x <= y for x, y in zip(other, own, strict=True)) and other != own for other in points.values())
    }  # fmt: skip


def ranked(effects: Mapping[str, Effect]) -> list[str]:
    """Mitigations that help, best first: see the head of this module."""
    helping = {name: one for name, one in effects.items() if one.helps}
    enough = MOST_OF * min((one.change.value for one in helping.values()), default=0.0)
    weighty = {name: one for name, one in helping.items() if one.change.value <= enough}
    worse = beaten(weighty)
    return sorted(helping, key=lambda name: (name not in weighty, name in worse, helping[name].change.value, name))


def worsened(futures: Futures, trial: Trial) -> tuple[str, ...]:
    """Failures that become likelier in all futures by more than two standard errors and by TOLD, with by how much."""
    found = [(one.name, effect(futures, trial, one.name)) for one in futures.failing]
    return tuple(
        f"{name} +{100.0 * one.change.value:.1f} points"
        for name, one in found
        if one.harms and one.change.value >= TOLD
    )


def late_rate(
    futures: Futures, among: np.ndarray, failure: str, one: Mitigation, signpost: Signpost | None, jobs: int
) -> tuple[float | None, str]:  # fmt: skip
    """(chance inside where the mitigation is in force only after the signpost and its notice, why there is none)."""
    if one.kind == "trigger":
        return None, "fires by itself"
    if signpost is None:
        return None, "no signpost announces it"
    start = signpost.year + 1 + math.ceil(one.notice_years)
    if start >= futures.source.study.years:
        return None, "the term ends before"
    try:
        trial = attempt(futures, [one], jobs, start)
    except NotLaidError:
        return None, AT_SIGNATURE
    return float(np.average(trial.failed[failure][among], weights=futures.weight[among])), ""


def late_choices(
    futures: Futures, event: Eventuality, names: Sequence[str], library: Mapping[str, Mitigation], sign: Signpost | None,
    jobs: int,
) -> tuple[Late, ...]:  # fmt: skip
    """The first LATE of the mitigations that help and can still be agreed once the sign is seen, the least left first.

    A trigger that is agreed late looks at the years from then on only.
    """
    found: list[Late] = []
    among = futures.inside(event.box)
    for name in names if sign is not None else ():
        start = sign.year + 1 + math.ceil(library[name].notice_years)  # type: ignore[union-attr]
        if len(found) == LATE or start >= futures.source.study.years:
            continue
        try:
            trial = attempt(futures, [library[name]], jobs, start)
        except NotLaidError:
            continue
        found.append(Late(library[name], start, effect(futures, trial, event.failure, among)))
    return tuple(sorted(found, key=lambda one: one.effect.after.value))


def plan_of(
    eventuality: Eventuality, names: Sequence[str], library: Mapping[str, Mitigation], fresh: Futures,
    trials: Mapping[str, Trial], answered: Mapping[str, tuple[Futures, Trial]], signpost: Signpost | None, jobs: int,
) -> Plan:  # fmt: skip
    """The plan of an eventuality from the mitigations that help, the best first (`names`), measured on fresh futures."""
    among, failure = fresh.inside(eventuality.box), eventuality.failure
    choices = []
    for name in names[:BEST]:
        late, why = late_rate(fresh, among, failure, library[name], signpost, jobs)
        again = effect(*answered[name], failure, among) if name in answered else None
        choices.append(
            Choice(
                library[name], effect(fresh, trials[name], failure, among), effect(fresh, trials[name], failure), late, why,
                again,
                worsened(fresh, trials[name]),
            )
        )  # fmt: skip
    later = late_choices(fresh, eventuality, names, library, signpost, jobs)
    return Plan(eventuality, effect(fresh, fresh.base, failure, among), tuple(choices), signpost, later)


def act_by(choice: Choice, signpost: Signpost | None, labels: Sequence[str]) -> str:
    """By when one has to decide, in words: the signpost's year, and how long the quickest tenth of the failures then leaves."""
    one = choice.mitigation
    if one.kind == "trigger":
        return "agree it at signature; it fires by itself"
    if choice.late_why == AT_SIGNATURE:
        return "agree it at signature"
    if signpost is None:
        return "agree it at signature: nothing announces the failure"
    spare = math.floor(signpost.lead_low - one.notice_years)
    if spare < 0:
        if signpost.lead_median < one.notice_years:
            return "agree it at signature: the signpost comes too late for most failures"
        return (
            f"agree it at signature, or at the latest by the end of {signpost.label}: a tenth of the failures come sooner than "
            "it works"
        )
    return f"by the end of {labels[min(len(labels) - 1, signpost.year + spare)]}"
