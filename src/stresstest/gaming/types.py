"""Three types of provider, each at three weights on patients' benefit: what each would do, gain and harm.

    honest       honest levers alone
    opportunist  what the rules allow, and grey
    strategic    everything, false reporting included

Without types the results read as an accusation. Expected harm is a range: each lever of the best response is used with a
chance between the low and the high end of its range (use.py), independently of the others, and the mean harm of the resulting
plays is worked out at low, mode and high. No single chance is ever used to give one number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..analysis.evaluate import EXPOSURE, HEALTH, PUBLIC, QALY_VALUE, Arena
from ..analysis.exploit import Game, Worth
from ..futures.plan import VERIFY_FIRST
from ..levers import GAMING, LEVER_NUMBER, LEVERS
from ..place import Quantity
from ..study import Study
from .best import Answer, game_on, honest_of, near, scored, search
from .plays import Levels, spread, strategies, used, without
from .use import ENDS, Use

GRADES = {"honest": (), "opportunist": ("lawful", "grey"), "strategic": ("lawful", "grey", "false")}
ALTRUISM = (0.0, 0.5, 1.0)
COALITIONS = 32


@dataclass(frozen=True)
class ProviderType:
    """A type at a weight on benefit, with its best response.

    `expected_commissioner` and `expected_harm` are (least, most) in £ over the ends of the ranges of use: for the opportunist;
    a strategic provider uses everything that pays, so both ends are its harm. `probability_worthwhile`: futures in which the
    play gives it more than its honest twin.
    """

    name: str
    altruism: float
    answer: Answer
    harm: float
    harm_error: float
    probability_worthwhile: float
    expected_commissioner: tuple[float, float]
    expected_harm: tuple[float, float]


def levers_of(name: str) -> tuple[str, ...]:
    """Gaming levers that a type would pull."""
    return tuple(lever for lever in GAMING if LEVERS[LEVER_NUMBER[lever]].grade in GRADES[name])


def with_altruism(study: Study, weight: float) -> Study:
    """The study with another weight on patients' benefit (0: surplus alone)."""
    chosen = Quantity((weight,), "share", "a type of provider", "variant")
    return study.with_provider(replace(study.provider, parameters={**study.provider.parameters, "motive.altruism": chosen}))


def harm_of(study: Study, worth: Worth) -> np.ndarray:
    """float64[futures]: what public bodies pay more, and the value of the health that is lost (£).

    The value of a QALY is the provider file's: a judgement, for adding up and nothing else.
    """
    return np.asarray(worth.public - study.parameter_vector()[QALY_VALUE] * worth.health)


def chosen_by_chance(levers: tuple[str, ...], use: dict[str, Use], end: str, count: int = COALITIONS) -> list[frozenset[str]]:
    """Sets of levers in use when each is used with its own chance: one set for each point of an even net."""
    if not levers:
        return [frozenset()]
    points = spread(count, len(levers))
    return [frozenset(n for n, u in zip(levers, row, strict=True) if u < use[n].at(end)) for row in points]


def expected_harm(game: Game, levels: Levels, use: dict[str, Use], count: int = COALITIONS) -> dict[str, tuple[float, float]]:
    """(least, most) over the ends of the ranges of use, of mean £: "commissioner" alone, and "harm" (see `harm_of`)."""
    arena = Arena(game.study, game.scenario, VERIFY_FIRST, game.polish.n, game.jobs)
    levers, value = used(levels), float(game.study.parameter_vector()[QALY_VALUE])
    honest = honest_of(game)

    def means(play: Levels) -> tuple[float, float]:
        out = arena.outcomes(strategies([honest, play]))
        change = (out[1] - out[0]).mean(axis=1)
        return float(change[EXPOSURE]), float(change[PUBLIC] - value * change[HEALTH])

    known: dict[frozenset[str], tuple[float, float]] = {frozenset(): (0.0, 0.0)}
    ends = []
    for end in ENDS:
        sets = chosen_by_chance(levers, use, end, count)
        for one in sets:
            if one not in known:
                known[one] = means(without(levels, set(levers) - one))
        ends.append(np.mean([known[one] for one in sets], axis=0))
    low, high = np.min(ends, axis=0), np.max(ends, axis=0)
    return {"commissioner": (float(low[0]), float(high[0])), "harm": (float(low[1]), float(high[1]))}


def provider_type(
    study: Study, name: str, altruism: float, use: dict[str, Use], start: Levels | None = None, jobs: int = 2
) -> ProviderType:
    """The best response of a type at a weight on benefit; from `start` where a play of a like type is known."""
    game = game_on(with_altruism(study, altruism), jobs)
    levers = levers_of(name)
    levels = honest_of(game)
    if levers:
        levels = search(game, levers, levers) if start is None else near(game, start, levers, levers)
    answer = scored(game, levels)
    harm = harm_of(study, answer.worth)
    both = {"commissioner": float(answer.worth.commissioner.mean()), "harm": float(harm.mean())}
    ranges = {key: (value, value) for key, value in both.items()}
    if name == "opportunist":
        ranges = expected_harm(game, levels, use)
    return ProviderType(
        name, altruism, answer, both["harm"], float(harm.std(ddof=1) / np.sqrt(harm.size)),
        float((answer.worth.aim > 0.0).mean()), ranges["commissioner"], ranges["harm"],
    )  # fmt: skip


def provider_types(
    study: Study, use: dict[str, Use], weights: tuple[float, ...] = ALTRUISM, jobs: int = 2,
    say: Callable[[str], None] = lambda text: None,
) -> list[ProviderType]:  # fmt: skip
    """Every type at every weight; the first weight is searched in full, the next ones from the answer before."""
    found = []
    for name in GRADES:
        start: Levels | None = None
        for weight in weights:
            say(f"{name} provider, weight {weight:g} on patients' benefit")
            one = provider_type(study, name, weight, use, start, jobs)
            start = one.answer.levels
            found.append(one)
    return found
