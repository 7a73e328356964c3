"""A study's hurdles: judgements where it is silent, its own where it speaks, and a kind refusal of anything else."""

from __future__ import annotations

import pytest

from stresstest.config.load import load_effective, load_study
from stresstest.errors import ConfigError
from stresstest.hurdles import HURDLES, defaults

pytestmark = pytest.mark.unit


def test_a_silent_study_has_the_defaults():
    """Every hurdle stands in the effective study at its default, marked as a judgement."""
    study = load_study("dudley")
    assert {name: q.value for name, q in study.hurdles.items()} == {h.name: h.default for h in HURDLES}
    assert {q.quality for q in study.hurdles.values()} == {"judgement"}
    assert set(defaults()) == set(study.effective()["study"]["hurdles"])


def test_a_study_sets_its_own(tmp_path):
    """A hurdle that is set holds, and survives the effective configuration."""
    study = load_study("dudley", ("hurdles.commissioner_limit=0.02",))
    assert study.hurdles["commissioner_limit"].value == 0.02
    path = tmp_path / "effective.toml"
    path.write_text(study.effective_toml(), encoding="utf-8")
    assert load_effective(path).hurdles["commissioner_limit"].value == 0.02


@pytest.mark.parametrize("change", ["hurdles.comissioner_limit=0.02", "hurdles.quality_floor=25", "hurdles.hospital_limit=-1"])
def test_what_is_no_hurdle_is_refused(change):
    """An unknown hurdle and a value out of bounds are refused."""
    with pytest.raises(ConfigError):
        load_study("dudley", (change,))
