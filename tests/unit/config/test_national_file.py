"""National studies are read as batch files whose cases live one economy, and kindly refused where they would not."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.config import national as N
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.errors import ConfigError, DataError

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
HEAD = 'schema_version = 1\ntitle = "Two places"\nstudy = "dudley"\nfutures = 200\n'


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes a national file where the shipped configuration is found."""
    monkeypatch.chdir(CONFIGS.parent)

    def written(text: str) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.mark.parametrize(("name", "places", "wordings"), [("england", 308, 1), ("vanguards", 9, 7)])
def test_the_shipped_studies_are_read(name, places, wordings):
    """Every place that the register has people for stands in each wording once."""
    read = N.read_national(CONFIGS / "national" / f"{name}.toml")
    assert len(read.wordings) == wordings
    assert read.wordings[0] == "as it is"
    assert len(read.batch.cases) == places * wordings
    for wording in read.wordings:
        own = [case.labels["place"] for case in read.batch.cases if N.wording_of(case) == wording]
        assert len(own) == len(set(own)) == places


def test_clauses_are_changed_before_they_are_put_to_size(write):
    """A price that is 3% higher for Dudley is 3% higher for Stockport, and not Dudley's own price."""
    read = N.read_national(write(HEAD + 'variants = "national"\n[grid]\nplace = ["Stockport", "Dudley"]\n'
                                 'variant = ["as it is", "price 3% higher"]\n'))  # fmt: skip
    plain, dearer = (load_study(read.batch.study, (*read.batch.changes, *case.changes), CONFIGS) for case in read.batch.cases[:2])
    assert plain.place.title == "Stockport"
    assert dearer.contract.opening_price / plain.contract.opening_price == pytest.approx(377666667 / 366666667, rel=1e-12)
    assert plain.contract.opening_price < 340e6


def test_thresholds_and_holders_are_read(write):
    """Thresholds keep their source; what is not said is left to the default."""
    read = N.read_national(write(
        HEAD + '[grid]\nplace = ["Stockport", "Dudley"]\n[national]\nprovider = "region"\n'
        'provider_threshold = { value = 0.4, unit = "share", quality = "judgement", source = "a panel" }\n'))  # fmt: skip
    assert (read.provider, read.thresholds["provider"].value, read.thresholds["provider"].source) == ("region", 0.4, "a panel")
    assert "hospital" not in read.thresholds


@pytest.mark.parametrize(("text", "key", "word"), [
    ('[grid]\nplace = ["Stockport"]\n', "grid.place", "no nation"),
    ('[grid]\nplace = ["Stockport", "Stockport"]\n', "place", "twice"),
    ('[grid]\nplace = ["Stockport", "E08000007"]\n', "place", "same place"),
    ('[grid]\nplace = ["Stockport", "Dudlee"]\n', "place", "Dudley"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\ncontract = ["dudley-5.5"]\n', "contract", "dudley-5.5bn"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\nseed = [1, 2]\n', "grid.seed", "same futures"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\nscenario = ["calibrated", "state-supreme"]\n', "grid.scenario", "same futures"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\n[national]\nprovider = "regions"\n', "provider", "region"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\n[national]\nprovider_threshold = 0\n', "provider_threshold", "1e-06"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\n[national]\nthreshold = 1\n', "threshold", "provider_threshold"),
    ('[grid]\nplace = ["Stockport", "Dudley"]\n[national]\nleave_out = ["Dudly"]\n', "leave_out", "Dudley"),
    ('[[case]]\nname = "here"\nchanges = []\n', "case", "no place"),
])  # fmt: skip
def test_what_is_no_national_study_is_refused(write, text, key, word):
    """The message names the file, the key and what to write instead."""
    path = write(HEAD + text)
    with pytest.raises((ConfigError, DataError)) as stopped:
        N.read_national(path)
    assert key in str(stopped.value.key)
    assert word in str(stopped.value)
    assert "mine.toml" in str(stopped.value) or key == "contract"  # a name that is looked up in a folder names that folder


def test_a_place_without_people_is_refused(write, tmp_path):
    """A row of a user's own register that has no people stops the study, with the row's code."""
    (tmp_path / "own.csv").write_text(
        "code,name,persons_0_15,persons_16_64,persons_65_74,persons_75_84,persons_85_plus\n"
        "west,West,1000,5000,900,500,200\neast,East,0,0,0,0,0\n", encoding="utf-8")  # fmt: skip
    path = write(HEAD + f'changes = ["register=\'{tmp_path / "own.csv"}\'"]\n[grid]\nplace = ["west", "east"]\n')
    with pytest.raises(DataError, match="no people") as stopped:
        N.read_national(path)
    assert "east" in str(stopped.value)
