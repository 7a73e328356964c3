"""Where scenarios stand: the named file, a file of the study's own, tables inside the study."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from scenario_tables import CALENDAR, CONFIGS, LAW, NAMED, refused_study

from stresstest.config.scenarios import Shelf, gather_scenarios, read_scenarios
from stresstest.config.section import Section
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
MINE = '#:schema x\nschema_version = 1\n[mine]\neconomy = "low"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A study's path, with mine.toml beside it."""
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    return tmp_path / "study.toml"


def gathered(text: str, path: Path) -> tuple[Shelf, dict[str, Any]]:
    """The shelf and the rest of a study in `path`."""
    return gather_scenarios(tomllib.loads(text), path, NAMED, CONFIGS)


@pytest.mark.parametrize("name", ["mine", "mine.toml", "ABSOLUTE"])
def test_a_file_is_found_beside_the_study_or_by_its_path(name: str, path: Path) -> None:
    """By name, with or without .toml, or by a whole path; its scenarios join the named ones."""
    asked = str(path.parent / "mine.toml") if name == "ABSOLUTE" else name
    shelf, rest = gathered(f"title = 'T'\nscenario_file = '{asked}'", path)
    assert {"calibrated", "official-future", "mine"} < set(shelf.names)
    assert rest == {"title": "T"}
    assert shelf.section("mine").file == path.parent / "mine.toml"
    assert shelf.section("official-future").file == NAMED


def test_a_study_without_scenarios_of_its_own_has_the_named_ones(path: Path) -> None:
    """Nothing is added, nothing is taken off the study, and naming the named file itself changes nothing."""
    for text in ("title = 'T'", "title = 'T'\nscenario_file = 'named'"):
        shelf, rest = gathered(text, path)
        assert shelf.names[:2] == ["calibrated", "official-future"]
        assert (rest, shelf.origins) == ({"title": "T"}, {})


def test_tables_inside_a_study_carry_their_name_and_their_place(path: Path) -> None:
    """The name leaves the table, and a fault in the table is placed in the study at its number."""
    text = "[[scenario]]\nname = 'a'\neconomy = 'low'\n[[scenario]]\nname = 'b'\neconomy = 'lwo'"
    shelf, rest = gathered(text, path)
    assert shelf.tables["a"] == {"economy": "low"}
    assert rest == {}
    top = Section(path, {})
    assert [s.name for s in read_scenarios(shelf, ["a"], LAW, CALENDAR, 1, 1, top)[0]] == ["a"]
    with pytest.raises(ConfigError) as caught:
        read_scenarios(shelf, ["b"], LAW, CALENDAR, 1, 1, top)
    assert (caught.value.file, caught.value.key, caught.value.nearest) == (path, "scenario[2].economy", "low")


def test_what_is_not_listed_is_not_read(path: Path) -> None:
    """A fault in a scenario that the study does not list does not stop it."""
    shelf, _ = gathered("[[scenario]]\nname = 'b'\neconomy = 'lwo'", path)
    assert read_scenarios(shelf, ["calibrated"], LAW, CALENDAR, 1, 1, Section(path, {}))[1] == {"calibrated": {}}


@pytest.mark.parametrize(
    ("text", "file", "key", "message", "value", "near"),
    [
        ("scenario_file = 'mien'", "study.toml", "scenario_file", "there is no scenario file of this name", "mien", "mine"),
        ("scenario_file = 'nmed'", "study.toml", "scenario_file", "there is no scenario file of this name", "nmed", "named"),
        ("scenario_file = 3", "study.toml", "scenario_file", "this should be text", 3, None),
        ("scenario = 3", "study.toml", "scenario", "this should be a list of tables", 3, None),
        ("[scenario]\nname = 'a'", "study.toml", "scenario", "this should be a list of tables", {"name": "a"}, None),
        ("[[scenario]]\neconomy = 'low'", "study.toml", "scenario[1].name", "an entry is missing", None, None),
        ("[[scenario]]\nname = 3", "study.toml", "scenario[1].name", "this should be text", 3, None),
        ("[[scenario]]\nname = 'calibrated'", "study.toml", "scenario[1]", "calibrated is the joint law itself",
         "calibrated", None),
        ("[[scenario]]\nname = 'official-future'", "study.toml", "scenario[1]", "two scenarios have the same name",
         "official-future", None),
        ("scenario_file = 'mine'\n[[scenario]]\nname = 'mine'", "study.toml", "scenario[1]",
         "two scenarios have the same name", "mine", None),
        ("[[scenario]]\nname = 'a'\n[[scenario]]\nname = 'a'", "study.toml", "scenario[2]",
         "two scenarios have the same name", "a", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_it_stands(
    text: str, file: str, key: str, message: str, value: Any, near: str | None, path: Path
) -> None:
    """File, key, value and message name the fault, with the nearest name of a file where there is one."""
    error = refused_study(text, path)
    assert (Path(str(error.file)).name, error.key, error.message, error.value) == (file, key, message, value)
    assert error.nearest == near


def test_two_of_one_name_are_told_where_the_other_stands(path: Path) -> None:
    """The message names file and key of the first."""
    error = refused_study("scenario_file = 'mine'\n[[scenario]]\nname = 'mine'", path)
    assert str(error.expected) == f"another name: this one is taken by mine in {path.parent / 'mine.toml'}"
    (path.parent / "mine.toml").write_text("[state-supreme]\neconomy = 'low'", encoding="utf-8")
    error = refused_study("scenario_file = 'mine'", path)
    assert (error.file, error.key) == (path.parent / "mine.toml", "state-supreme")
    assert str(error.expected).endswith(f"state-supreme in {NAMED}")


@pytest.mark.parametrize(
    ("content", "message", "key"),
    [
        ("schema_version = 2\n[mine]\neconomy = 'low'", "not a version that this program reads", "schema_version"),
        ("economy = 'low'", "this should be a table", "economy"),
        ("['my scenario']\neconomy = 'low'", "a scenario's name is the name of a folder", "my scenario"),
        ("[mine\n", "not valid TOML", None),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scenario_file_is_refused(content: str, message: str, key: str | None, path: Path) -> None:
    """A newer version, an entry outside any table, a name that is no folder's name, and what is no TOML."""
    (path.parent / "mine.toml").write_text(content, encoding="utf-8")

    def read_last() -> None:
        shelf, _ = gathered("scenario_file = 'mine'", path)
        read_scenarios(shelf, [shelf.names[-1]], LAW, CALENDAR, 1, 1, Section(path, {}))

    with pytest.raises(ConfigError) as caught:
        read_last()
    assert caught.value.message.startswith(message)
    assert caught.value.file == path.parent / "mine.toml"
    assert caught.value.key == key
