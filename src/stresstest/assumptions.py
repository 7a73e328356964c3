"""The seven assumptions on which the plan rests, as switches: each is held true, or released.

The Strategy Unit's summary report on Dudley (9 February 2018) names the assumptions most critical to the contract, a to g,
and finds the plan based on no material change in any of them. Here *released* means that the study's own laws decide.
*Held* means that the plan comes true in that respect: with all seven held, need, prices, productivity, funding and acute care
run as the contract's [plan] and [benchmark] have it, and what is left is chance in small numbers and what the provider does.

    axis held          today's value in every year (the economy: the growth at which pay runs at its trend), also in
                       scenarios that send the axis elsewhere; no spread, noise, link or crisis
    parameter held     the value below, which the plan gives, or nil for what the plan leaves out
    a  pay_growth      g with share · (1 + g)^t + drugs, capital and other prices = (1 + planned price growth)^t, t the last year
    b  need growth     of every service line: what planned need and list growth leave beyond list and age, never below 0
    c  benefit_mean    planned reduction ÷ the basket's mean response, built up over the plan's phase-in without a wait

No parameter belongs to two assumptions, so holding is the same in any order. Which assumption answers for what is a judgement.
Never held: the provider's choices and its margin, yearly noise of acute activity, chance in the cost of this many people, and
chance in outcomes and in how they are counted. That losses never end the contract is not assumed either, although g could be
read so: it is what is to be found out. Of need beyond demography all is taken to be medical advance (b), although part of it is
morbidity (f) and expectation (c); of productivity all is taken to be new ways of working (a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from . import layout as L
from .drivers.parameters import LINE_BASE, LINE_CAPITAL, LINE_DRUGS, LINE_PAY, POD_BASE, POD_BENEFIT
from .errors import ConfigError, nearest
from .futures.axes import CRISIS_PROBABILITY, LINK, MEAN, NOISE_SD, SD, TODAY, AxisLaw
from .futures.scenario import DRAWN, Course, Scenario
from .place import Place
from .study import Study

RELEASED, HELD = STATES = ("released", "held")


@dataclass(frozen=True)
class Held:
    """What holding an assumption fixes: axes (None: today's value), place parameters by key, need growth of every line."""

    axes: dict[int, float | None]
    parameters: dict[str, float]
    need_growth: float | None = None


@dataclass(frozen=True)
class Assumption:
    """One of the seven. `words` what is assumed; `when_held` and `when_released` what the engine then does."""

    letter: str
    name: str
    words: str
    when_held: str
    when_released: str
    fixes: Callable[[Study], Held] = field(repr=False)


def _plan(study: Study, name: str) -> float:
    return study.contract.plan[name].value


def planned_pay_growth(study: Study) -> float:
    """Yearly growth of pay at which input prices reach the plan's level in the last year; the place's own without pay."""
    own, t = study.place.parameters["cost.pay_growth"].value, study.years - 1
    lines = study.place.line_table(study.contract.scope)
    weight = lines[:, LINE_BASE] / lines[:, LINE_BASE].sum()
    pay, drugs, capital = (float(weight @ lines[:, column]) for column in (LINE_PAY, LINE_DRUGS, LINE_CAPITAL))
    shares = {"drugs": drugs, "capital": capital, "other": 1.0 - pay - drugs - capital}
    rest = sum(s * (1.0 + study.place.parameters[f"cost.{name}_growth"].value) ** t for name, s in shares.items())
    level = (1.0 + _plan(study, "input_price_growth")) ** t - rest
    return float((level / pay) ** (1.0 / t) - 1.0) if t > 0 and pay > 0.0 and level > 0.0 else own


def planned_need_growth(study: Study) -> float:
    """Yearly growth of need that the plan leaves beyond the growth and the ageing of the list, never below 0."""
    t = study.years - 1
    if t == 0:
        return 0.0
    people = (1.0 + study.place.parameters["population.list_growth"].value) ** t * float(study.place.age_mix(study.years)[t])
    return max(0.0, float((1.0 + _plan(study, "need_and_list_growth")) / people ** (1.0 / t) - 1.0))


def planned_benefit(study: Study) -> float:
    """Cut where activity responds in full at which the whole basket falls by the planned share."""
    pods, planned = study.place.pod_table(), study.contract.benchmark["planned_reduction"].value
    response = float(pods[:, POD_BASE] @ pods[:, POD_BENEFIT] / pods[:, POD_BASE].sum()) if len(pods) else 0.0
    return planned / response if response > 0.0 else study.place.parameters["acute.benefit_mean"].value


def _workforce(study: Study) -> Held:
    return Held({L.WORKFORCE: None}, {
        "cost.pay_growth": planned_pay_growth(study), "cost.pay_noise": 0.0,
        "productivity.mean": float(np.log1p(_plan(study, "productivity_growth"))),
        "productivity.spread": 0.0, "productivity.noise": 0.0, "start.uptake_low": 1.0,
    })  # fmt: skip


def _technology(study: Study) -> Held:
    nil = ("need.technology_low", "need.technology_high", "productivity.technology_low", "productivity.technology_high")
    return Held({L.TECHNOLOGY: None}, dict.fromkeys(nil, 0.0), planned_need_growth(study))


def _patients(study: Study) -> Held:
    full = planned_benefit(study)
    return Held({L.RESPONSIBILITY: None}, {
        "need.responsibility_low": 0.0, "need.responsibility_high": 0.0, "acute.benefit_mean": full,
        "acute.benefit_spread": 0.0, "acute.benefit_limit": max(full, study.place.parameters["acute.benefit_limit"].value),
        "acute.lag_shortest": 0.0, "acute.lag_longest": 0.0,
        "acute.build_years": study.contract.benchmark["phase_years"].value,
    })  # fmt: skip


def _funding(study: Study) -> Held:
    growth, place = _plan(study, "funding_growth"), study.place.parameters
    nil = ("growth_link", "state_link", "control_link", "noise")
    return Held({L.STATE: None, L.ECONOMY: place["cost.growth_trend"].value}, {
        "funding.constant": growth, **dict.fromkeys((f"funding.{name}" for name in nil), 0.0),
        "funding.low": min(growth, place["funding.low"].value), "funding.high": max(growth, place["funding.high"].value),
        "cost.inflation_probability": 0.0, "start.council_probability": 1.0,
    })  # fmt: skip


def _policy(study: Study) -> Held:
    nil = ("policy.break_probability", "start.hazard", "start.delay_mean", "start.small_probability")
    return Held({L.CONTROL: None}, dict.fromkeys(nil, 0.0))


def _population(study: Study) -> Held:
    nil = ("population.list_noise", "need.noise", "shock.pandemic_probability", "shock.winter_probability")
    return Held({}, dict.fromkeys(nil, 0.0))


def _incentives(study: Study) -> Held:
    nil = ("gap_shift", "gap_median", "bid_spread", "omitted_probability", "staleness", "hold_up")
    return Held({}, dict.fromkeys((f"opening.{name}" for name in nil), 0.0))


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "a", "workforce", "staff of the right kind and number can be found, and work in the new ways",
        "vacancies stay at today's rate, practices join, pay and productivity grow as planned",
        "vacancies, pay and productivity go their own way", _workforce,
    ),
    Assumption(
        "b", "technology", "technology is delivered and accepted, and medical advance adds no demand",
        "take-up stays as it is today, need beyond list and age grows no more than planned",
        "take-up moves, and need grows with medical advance", _technology,
    ),
    Assumption(
        "c", "patients", "patients and communities go along: care nearer home, more self-care, shared data",
        "responsibility for health stays where it is, acute care falls as planned and when planned",
        "responsibility for health shifts, and the cut in acute care comes late, less, or not at all", _patients,
    ),
    Assumption(
        "d", "funding", "money for health and care grows as it did of late, and is shielded from yearly budgets",
        "the allocation grows as planned, the economy at its trend, council care stays, no inflation goes unpaid",
        "the economy and the state's share move, and allocations, council care and inflation with them", _funding,
    ),
    Assumption(
        "e", "policy", "no radical change of health or social care policy",
        "control of care stays where it is, and no policy stops, delays or shrinks the contract",
        "control of care shifts, and policy may end the contract", _policy,
    ),
    Assumption(
        "f", "population", "the local population stays as projected in size, make-up and health",
        "list and ageing as projected; no chance in need, no pandemic, no hard winter",
        "list and need vary, pandemics and hard winters come", _population,
    ),
    Assumption(
        "g", "incentives", "the contract aligns incentives and is sustainable for both sides, and its price covers what it must",
        "the opening price is right, and the provider does not game",
        "the opening price misses the cost, and the provider games where it pays", _incentives,
    ),
)  # fmt: skip
LETTERS = tuple(one.letter for one in ASSUMPTIONS)


def assumption(name: str) -> Assumption:
    """An assumption by its letter or its name. Raises ConfigError for any other word."""
    for one in ASSUMPTIONS:
        if name in (one.letter, one.name):
            return one
    names = [one.name for one in ASSUMPTIONS]
    expected = ", ".join(f"{one.letter} {one.name}" for one in ASSUMPTIONS)
    raise ConfigError(
        "there is no such assumption", key="assumptions", value=name, expected=expected, nearest=nearest(name, names)
    )


def held(study: Study) -> tuple[str, ...]:
    """Letters of the assumptions that a study holds, in their order."""
    said = study.configuration.get("study", {}).get("assumptions", {})
    return tuple(one.letter for one in ASSUMPTIONS if said.get(one.name) == HELD)


def hold(study: Study, letters: Iterable[str]) -> Study:
    """The study with these assumptions (letters or names) held true as well; its configuration says so.

    What the provider does is no part of a study: for g the caller gives an honest strategy.
    """
    chosen = [assumption(letter) for letter in letters]
    for one in sorted(chosen, key=lambda one: one.letter):
        fixed = one.fixes(study)
        at = {a: float(study.law.table[a, TODAY]) if value is None else value for a, value in fixed.axes.items()}
        study = replace(
            study, law=still_law(study.law, at), place=held_place(study.place, fixed, one.letter),
            scenarios=tuple(held_scenario(scenario, at) for scenario in study.scenarios),
            configuration=_noted(study.configuration, one),
        )  # fmt: skip
    return study


def still_law(law: AxisLaw, at: dict[int, float]) -> AxisLaw:
    """The law with these axes at one value in every year."""
    table = law.table.copy()
    for a, value in at.items():
        table[a, [TODAY, MEAN]] = value
        table[a, [SD, NOISE_SD, LINK, CRISIS_PROBABILITY]] = 0.0
    return replace(law, table=table)


def held_place(place: Place, fixed: Held, letter: str) -> Place:
    """The place with the parameters that it has fixed, and every line's need growth where that is."""
    own = place.parameters
    new = {
        key: replace(own[key], values=(value,), source=f"assumption {letter} held", quality="variant")
        for key, value in fixed.parameters.items() if key in own
    }  # fmt: skip
    lines = place.lines
    if fixed.need_growth is not None:
        lines = tuple(replace(line, need_growth=fixed.need_growth) for line in lines)
    return replace(place, parameters={**own, **new}, lines=lines)


def held_scenario(scenario: Scenario, at: dict[int, float]) -> Scenario:
    """The scenario with these axes at one value wherever a course sends them elsewhere."""

    def kept(course: Course) -> Course:
        ends, paths = list(course.destination), list(course.path)
        for a, value in at.items():
            given = ends[a] == ends[a] or bool(paths[a])
            ends[a], paths[a] = value if given else DRAWN, ()
        return replace(course, destination=tuple(ends), path=tuple(paths))

    return replace(scenario, courses=tuple(map(kept, scenario.courses)))


def _noted(configuration: dict[str, Any], one: Assumption) -> dict[str, Any]:
    """The configuration with the switch of this assumption at held."""
    own = configuration.get("study", {})
    said = dict.fromkeys((other.name for other in ASSUMPTIONS), RELEASED) | own.get("assumptions", {}) | {one.name: HELD}
    return {**configuration, "study": {**own, "assumptions": said}}


__all__ = [
    "ASSUMPTIONS", "HELD", "LETTERS", "RELEASED", "STATES", "Assumption", "Held", "assumption", "held",
    "held_place", "held_scenario", "hold", "planned_benefit", "planned_need_growth", "planned_pay_growth", "still_law",
]  # fmt: skip
