"""What the page on scenarios tells a reader to write works as it stands there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.assumptions import ASSUMPTIONS
from stresstest.config.axes import LEVELS, read_axes
from stresstest.config.folders import config_folder
from stresstest.config.scenarios import gather_scenarios, read_scenarios
from stresstest.config.section import Section, read_toml
from stresstest.config.switches import read_switches
from stresstest.config.values import Calendar
from stresstest.errors import ConfigError
from stresstest.futures.axes import HIGH, LOW
from stresstest.futures.scenario import Scenario
from stresstest.layout import AXES

pytestmark = pytest.mark.integration
CONFIGS = config_folder(Path(__file__).resolve().parent)
NAMED = CONFIGS / "scenarios" / "named.toml"
PAGE = (CONFIGS.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
STUDIES = [block for block in BLOCKS if block.startswith("# study")]
TABLES = [block for block in BLOCKS if not block.startswith("# study")]
LAW = read_axes(read_toml(CONFIGS / "axes" / "calibrated-2018.toml"), "axes")[0]


def listed(study: str, tmp_path: Path, mine: str = "") -> tuple[dict[str, Scenario], dict[str, Any]]:
    """The scenarios that lines of a study list, with mine.toml beside it, and the rest of the study."""
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    shelf, rest = gather_scenarios(tomllib.loads(study), tmp_path / "study.toml", NAMED, CONFIGS)
    top = Section(tmp_path / "study.toml", rest)
    names = rest.get("scenarios", ["calibrated"])
    found, _ = read_scenarios(shelf, names, LAW, Calendar("2018/19", 15), 100, 10, top)
    return {scenario.name: scenario for scenario in found}, rest


def first(block: str, tmp_path: Path) -> Scenario:
    """The scenario of a block that stands for a file of one's own."""
    name = next(iter(tomllib.loads(block)))
    study = f'scenario_file = "mine"\nscenarios = ["{name}"]'
    return listed(study, tmp_path, block)[0][name]


def test_every_block_can_be_read(tmp_path: Path) -> None:
    """Each table of the page is a scenario, and each piece of a study lists scenarios that there are."""
    assert (len(STUDIES), len(TABLES)) == (4, 6)
    for block in TABLES:
        assert first(block, tmp_path).courses
    for block in STUDIES:
        assert listed(block, tmp_path, TABLES[0])[0]


def test_the_first_example_says_what_the_page_says(tmp_path: Path) -> None:
    """Growth at its low level, 12% of posts vacant, the rest drawn; as a file and inside the study alike."""
    scenario = first(TABLES[0], tmp_path)
    assert scenario.title == "Growth ends, staff leave"
    assert scenario.courses[0].destination[AXES.index("economy")] == 0.0
    assert scenario.courses[0].destination[AXES.index("workforce")] == 0.12
    assert int(np.isnan(scenario.courses[0].destination).sum()) == 4
    inside = listed(STUDIES[1], tmp_path)[0]["stagnation-here"]
    assert repr(inside.courses[0].destination) == repr(scenario.courses[0].destination)


def test_the_four_ways_to_say_something(tmp_path: Path) -> None:
    """A level and a number are ends; a list and dates are years, and what comes before a date is drawn."""
    course = first(TABLES[1], tmp_path).courses[0]
    assert (course.destination[AXES.index("state")], course.path[AXES.index("state")]) == (0.45, ())
    table = course.table(15)[1:]
    assert table[:4, AXES.index("workforce")].tolist() == [0.09, 0.10, 0.12, 0.12]
    assert np.isnan(table[:4, AXES.index("control")]).all()
    assert table[[4, 8, 9, 14], AXES.index("control")].tolist() == [1.0, 1.0, 0.0, 0.0]


def test_points_tubes_and_mixes(tmp_path: Path) -> None:
    """The point holds its years, one scenario is listed both ways, and the mix has three courses."""
    assert first(TABLES[2], tmp_path).courses[0].path[AXES.index("state")] == (0.36,)
    assert list(listed(STUDIES[2], tmp_path)[0]) == ["calibrated", "official-future", "official-future-point"]
    mix = first(TABLES[3], tmp_path)
    assert [(c.name, c.probability) for c in mix.courses] == [
        ("official-future", 0.5), ("state-supreme-point", 0.2), ("calibrated", 0.3),
    ]  # fmt: skip


def test_factors_and_dependence(tmp_path: Path) -> None:
    """Two factors, one of them 0; and the axes independent."""
    rules = first(TABLES[4], tmp_path).consistency
    assert [(rule.levels, rule.factor) for rule in rules] == [((-1, 0, 2, -1, -1, -1), 0.3), ((-1, -1, 2, 2, 0, -1), 0.0)]
    assert first(TABLES[5], tmp_path).dependence == "independent"


def test_the_table_of_axes_is_that_of_the_law() -> None:
    """Levels and limits on the page are those of the shipped axes."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) to ([^|]*) \|$", PAGE, re.M)
    assert [row[0] for row in rows] == list(AXES)
    for a, (_, *numbers) in enumerate(rows):
        shown = [float(x.replace("−", "-")) for x in numbers]
        assert shown == [*LAW.anchors[a], LAW.table[a, LOW], LAW.table[a, HIGH]]
    assert len(LEVELS) == 3


def test_every_shipped_scenario_is_on_the_page() -> None:
    """The table of what is there already names each."""
    for name in read_toml(NAMED):
        if name != "schema_version":
            assert f"`{name}`" in PAGE, name


def test_the_message_is_the_one_that_comes(tmp_path: Path) -> None:
    """The page shows what a slip in its first example really brings."""
    shown = re.findall(r"```\n(not one of the choices.*?)\n```", PAGE, re.S)[0]
    with pytest.raises(ConfigError) as caught:
        first(TABLES[0].replace('economy = "low"', 'economy = "lwo"'), tmp_path)
    assert str(caught.value).replace(str(tmp_path / "mine.toml"), "mine.toml") == shown


def test_the_switches_of_the_page_hold_two_assumptions(tmp_path: Path) -> None:
    """The last block holds a and d, and the table beside it has all seven in order."""
    rest = listed(STUDIES[3], tmp_path)[1]
    assert read_switches(Section("study.toml", rest)) == ("a", "d")
    rows = re.findall(r"^\| ([a-g]) \| `(\w+)` \|", PAGE, re.M)
    assert rows == [(one.letter, one.name) for one in ASSUMPTIONS]
