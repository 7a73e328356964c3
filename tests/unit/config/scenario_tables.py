"""What the tests of scenarios share: Dudley's law and calendar, a shelf, and a reader that expects a refusal."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from stresstest.config.axes import read_axes
from stresstest.config.folders import config_folder
from stresstest.config.scenarios import Shelf, gather_scenarios, read_scenarios
from stresstest.config.section import Section, read_toml
from stresstest.config.values import Calendar
from stresstest.errors import ConfigError
from stresstest.futures.axes import AxisLaw
from stresstest.futures.scenario import Scenario

CONFIGS = config_folder(Path(__file__).resolve().parent)
NAMED = CONFIGS / "scenarios" / "named.toml"
LAW: AxisLaw = read_axes(read_toml(CONFIGS / "axes" / "calibrated-2018.toml"), "axes")[0]
CALENDAR = Calendar("2018/19", 15)


def shelf(text: str) -> Shelf:
    """The named scenarios and those of a TOML text, which stands for a file mine.toml."""
    own = tomllib.loads(text)
    tables = {**read_toml(NAMED), **own}
    return Shelf(tables, "named.toml", {name: ("mine.toml", name) for name in own})


def read(text: str, *names: str, futures: int = 100, each: int = 10) -> tuple[tuple[Scenario, ...], dict[str, Any]]:
    """Scenarios by name, and the effective form; the first table of the text where no name is given."""
    listed = list(names) or [next(iter(tomllib.loads(text)))]
    top = Section("study.toml", {})
    return read_scenarios(shelf(text), listed, LAW, CALENDAR, futures, each, top)


def one(text: str, name: str = "") -> Scenario:
    """The one scenario of a text."""
    return read(text, *([name] if name else []))[0][0]


def refused(text: str, *names: str) -> ConfigError:
    """The error with which a text is refused."""
    with pytest.raises(ConfigError) as caught:
        read(text, *names)
    return caught.value


def refused_study(text: str, path: Path) -> ConfigError:
    """The error with which the scenarios of a study in `path` are refused."""
    with pytest.raises(ConfigError) as caught:
        gather_scenarios(tomllib.loads(text), path, NAMED, CONFIGS)
    return caught.value
