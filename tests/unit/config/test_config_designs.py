"""The entry `design` of a study."""

from __future__ import annotations

import pytest

from stresstest.config.load import load_effective, load_study
from stresstest.errors import ConfigError
from stresstest.futures.design import REPLICATES

pytestmark = pytest.mark.unit


def test_random_where_left_out():
    """A study without the entry is sampled pseudo-randomly."""
    assert load_study("dudley").design.kind == "random"


@pytest.mark.parametrize("text", ["design=sobol", 'design={kind="sobol"}'])
def test_a_name_is_enough(text):
    """A name, or a table with a kind, and the usual number of replicates."""
    design = load_study("dudley", (text,)).design
    assert (design.kind, design.replicates) == ("sobol", REPLICATES)


def test_the_effective_configuration_keeps_it(tmp_path):
    """A design with replicates comes back from the effective configuration."""
    study = load_study("dudley", ('design={kind="lhs", replicates=8}',))
    path = tmp_path / "config.effective.toml"
    path.write_text(study.effective_toml(), encoding="utf-8")
    assert load_effective(path).design == study.design
    assert load_effective(path).inputs_hash == study.inputs_hash


@pytest.mark.parametrize(
    ("changes", "message", "near"),
    [
        (("design=sobl",), "not one of the choices", "sobol"),
        (('design={kind="sobol", replicates=2}',), "out of range", None),
        (('design={kind="sobol", antithetic=1}',), "only the random design has mirrored pairs", None),
        (("design=sobol", "futures=20"), "too few futures for its replicates", None),
        (("design=stratified", 'scenarios=["worst-dependence"]'), "has the worst dependence", None),
        (('design={kind="lhs", replicate=8}',), "unknown key", "replicates"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(changes, message, near):
    """File, key and value of what is wrong, what was expected, and the nearest right answer."""
    with pytest.raises(ConfigError, match=message) as refused:
        load_study("dudley", changes)
    assert refused.value.key.startswith("design")
    assert near is None or refused.value.nearest == near
