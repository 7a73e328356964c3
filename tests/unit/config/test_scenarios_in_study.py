"""Scenarios and switches in a whole study: from the file to the study, and back from its effective configuration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario_tables import CONFIGS

from stresstest.assumptions import held
from stresstest.config.load import load_effective, load_study
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
MINE = '[mine]\neconomy = [0.01, "low"]\ncontrol = { "2022/23" = "high" }\n[other]\nmix = { mine = 0.5, calibrated = 0.5 }\n'
MORE = '\n[[scenario]]\nname = "inside"\nstate = 0.36\npath = "point"\nfutures = 7\n[assumptions]\nd = "held"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Dudley's study with a file of scenarios beside it, a scenario inside, and funding held."""
    text = (CONFIGS / "studies" / "dudley.toml").read_text(encoding="utf-8")
    text = text.replace('"corporate-rules"]', '"official-future:point", "mine", "other", "inside"]\nscenario_file = "mine"')
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "study.toml").write_text(text + MORE, encoding="utf-8")
    shutil.copytree(CONFIGS, tmp_path / "configs")
    shutil.copytree(CONFIGS.parent / "data", tmp_path / "data")
    return tmp_path / "study.toml"


def test_a_study_has_its_own_scenarios_beside_the_named_ones(path: Path) -> None:
    """In the order of its list, with the contract's years as the calendar."""
    study = load_study(str(path))
    assert [s.name for s in study.scenarios][-4:] == ["official-future-point", "mine", "other", "inside"]
    assert [s.futures for s in study.scenarios][-2:] == [10000, 7]
    assert [c.name for c in study.scenarios[-2].courses] == ["mine", "calibrated"]
    assert held(study) == ("d",)


def test_the_effective_configuration_needs_no_other_file(path: Path) -> None:
    """Written out and read elsewhere it is the same study, to the hash, also with assumptions held."""
    study = load_study(str(path), ("assumptions.workforce=held", "scenario_futures=50"))
    away = path.parent / "away" / "config.effective.toml"
    away.parent.mkdir()
    away.write_text(study.effective_toml(), encoding="utf-8")
    again = load_effective(away, CONFIGS.parent / "data")
    assert repr(again.scenarios) == repr(study.scenarios)
    assert again.inputs_hash == study.inputs_hash
    assert again.place == study.place
    assert held(again) == ("a", "d")
    assert "scenario_file" not in study.configuration["study"]
    assert study.configuration["study"]["assumptions"]["policy"] == "released"


def test_a_switch_on_the_command_line_holds_and_releases(path: Path) -> None:
    """What --set says goes over what the study says."""
    assert held(load_study(str(path), ("assumptions.d=released",))) == ()
    assert held(load_study("dudley", ("assumptions.workforce=held", "assumptions.g=held"))) == ("a", "g")
    assert held(load_study("dudley")) == ()


@pytest.mark.parametrize(
    ("change", "key", "near"),
    [
        ("assumptions.workfroce=held", "assumptions.workfroce", "workforce"),
        ("assumptions.workforce=true", "assumptions.workforce", None),
        ('scenarios=["mien"]', "scenarios", "mine"),
        ("scenario_file=mien", "scenario_file", "mine"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_refused(change: str, key: str, near: str | None, path: Path) -> None:
    """A slip is met with what was meant."""
    with pytest.raises(ConfigError) as caught:
        load_study(str(path), (change,))
    assert (caught.value.key, caught.value.nearest) == (key, near)


def test_holding_funding_changes_what_funding_does(path: Path) -> None:
    """The held study's place has the plan's growth; the configuration still shows what it would be when released."""
    study = load_study(str(path))
    assert study.place.parameters["funding.constant"].value == study.contract.plan["funding_growth"].value
    released = load_study("dudley").place.parameters["funding.constant"].value
    assert study.configuration["place"]["funding"]["constant"]["value"] == released
