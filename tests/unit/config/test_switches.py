"""A study's switches: by name or letter, held or released, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stresstest.assumptions import ASSUMPTIONS, held
from stresstest.config.section import Section
from stresstest.config.switches import read_switches, switched
from stresstest.errors import ConfigError
from stresstest.futures.axes import MEAN, TODAY
from stresstest.futures.scenario import Consistency
from stresstest.layout import AXES

pytestmark = pytest.mark.unit
RELEASED = {one.name: "released" for one in ASSUMPTIONS}


def read(table: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Letters that are held, and the effective form."""
    top = Section("study.toml", {"assumptions": table})
    letters = read_switches(top)
    return letters, top.effective["assumptions"]


def test_all_are_released_where_nothing_is_said() -> None:
    """A study without the table, or with an empty one, holds nothing; the effective form names all seven."""
    top = Section("study.toml", {})
    assert (read_switches(top), top.effective) == ((), {"assumptions": RELEASED})
    assert read({}) == ((), RELEASED)


def test_names_and_letters_are_the_same_switches() -> None:
    """Held ones come in the order a to g; the form names them by name and reads the same."""
    letters, form = read({"funding": "held", "a": "held", "g": "released"})
    assert letters == ("a", "d")
    assert form == {**RELEASED, "workforce": "held", "funding": "held"}
    assert read(form) == (letters, form)


@pytest.mark.parametrize(
    ("table", "key", "message", "value", "near"),
    [
        ({"workforc": "held"}, "workforc", "unknown key", "held", "workforce"),
        ({"h": "held"}, "h", "unknown key", "held", None),
        ({"workforce": "hold"}, "workforce", "not one of the choices", "hold", "held"),
        ({"b": "relased"}, "b", "not one of the choices", "relased", "released"),
        ({"policy": True}, "policy", "this should be text", True, None),
        ({"policy": "held", "e": "held"}, "e", "this assumption stands here twice", "held", None),
    ],
)  # fmt: skip
def test_what_is_no_switch_is_refused(table: dict[str, Any], key: str, message: str, value: Any, near: str | None) -> None:
    """An unknown name, letter or state, and one assumption under both its names."""
    with pytest.raises(ConfigError) as caught:
        read(table)
    error = caught.value
    assert (error.file, error.key, error.message, error.value) == ("study.toml", f"assumptions.{key}", message, value)
    assert error.nearest == near
    assert error.expected


def test_switching_holds(dudley) -> None:
    """`switched` is the study with the assumptions held, and the study itself where there are none."""
    assert switched(dudley.study, (), "study.toml") is dudley.study
    assert held(switched(dudley.study, ("a", "f"), "study.toml")) == ("a", "f")


def test_factors_that_leave_nothing_of_what_is_held_are_refused(dudley) -> None:
    """Today's state is a middle one; a scenario that rules a middle state out has no future left when it is held."""
    at = AXES.index("state")
    rule = Consistency(tuple(1 if a == at else -1 for a in range(6)), 0.0)
    scenarios = (replace(dudley.study.scenarios[0], consistency=(rule,)),)
    study = replace(dudley.study, scenarios=scenarios)
    assert 0.3 < study.law.table[at, TODAY] < 0.4
    assert switched(study, ("a",), "study.toml").law.table[at, MEAN] == study.law.table[at, MEAN]
    with pytest.raises(ConfigError) as caught:
        switched(study, ("a", "d"), "study.toml")
    assert (caught.value.file, caught.value.key, caught.value.value) == ("study.toml", "assumptions", "a, d")
    assert "calibrated" in caught.value.message
