"""Reading a study's switches, [assumptions], and putting them to work."""

from __future__ import annotations

from ..assumptions import ASSUMPTIONS, HELD, RELEASED, STATES, hold
from ..errors import ConfigError
from ..study import Study
from .scenario_entries import possible_weights, refuse_unknown
from .section import Section


def read_switches(top: Section) -> tuple[str, ...]:
    """Letters of the assumptions that a study's [assumptions] holds; each is named by its name or its letter.

    The effective form names all seven. Raises ConfigError, placed, for anything that is no switch.
    """
    section = top.section("assumptions", {})
    refuse_unknown(section, tuple(one.name for one in ASSUMPTIONS) + tuple(one.letter for one in ASSUMPTIONS))
    states = {}
    for one in ASSUMPTIONS:
        given = [key for key in (one.name, one.letter) if key in section.remaining()]
        if len(given) > 1:
            raise section.fail(one.letter, "this assumption stands here twice", section.peek(one.letter), f"{one.name} alone")
        states[one.name] = section.text(given[0] if given else one.name, RELEASED, STATES)
    section.effective.clear()
    section.effective.update(states)
    return tuple(one.letter for one in ASSUMPTIONS if states[one.name] == HELD)


def switched(study: Study, letters: tuple[str, ...], file: object) -> Study:
    """The study with these assumptions held. Raises ConfigError where a scenario's factors then leave no future."""
    kept = hold(study, letters)
    for scenario in kept.scenarios if letters else ():
        if not possible_weights(scenario.consistency, scenario.courses, kept.law).any():
            message = f"with these assumptions held no future of the scenario {scenario.name} has a weight above 0"
            raise ConfigError(message, file=file, key="assumptions", value=", ".join(letters), expected="fewer of them held")
    return kept
