"""Changes laid over a run's effective configuration: kept, or refused; never dropped."""

from __future__ import annotations

import pytest

from stresstest.config.load import load_effective, load_study
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def effective(tmp_path_factory):
    """The effective configuration of Dudley's study, as a run writes it."""
    path = tmp_path_factory.mktemp("effective") / "config.effective.toml"
    path.write_text(load_study("dudley").effective_toml(), encoding="utf-8")
    return path


@pytest.mark.parametrize("part", ["contract.ending.reserve", "provider.opening.margin"])
def test_a_change_to_a_pattern_is_refused(effective, part):
    """What is written for a pattern place has been put to the run's own place: the remedy is the place's own number."""
    with pytest.raises(ConfigError) as caught:
        load_effective(effective, changes=(f"pattern.{part}=1e6",))
    assert caught.value.exit_code == 2
    assert caught.value.value == f"pattern.{part}=1e6"
    assert caught.value.expected.startswith(f"{part}=1e6,")


def test_a_change_to_the_contract_is_kept(effective):
    """The change that the refusal names is one that is laid over."""
    before, after = load_effective(effective), load_effective(effective, changes=("contract.ending.reserve=1e6",))
    assert after.contract.ending["reserve"].value == 1e6 != before.contract.ending["reserve"].value
