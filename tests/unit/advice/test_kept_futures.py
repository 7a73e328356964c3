"""Analyses of a run that kept a share of its futures: they live as many as it kept, and say of how many that is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stresstest.advice.batch_runs import run_variants
from stresstest.advice.compare import compare
from stresstest.advice.compare_shared import command
from stresstest.advice.drafts import variant_run, variant_study
from stresstest.advice.source import Source, as_kept
from stresstest.config.load import load_effective, load_study
from stresstest.config.variants import Variant
from stresstest.report.source import Source as Report
from stresstest.results.manifest import counted
from stresstest.runner import run_study
from stresstest.strategy import Strategy

pytestmark = pytest.mark.integration
LIVED, OTHERS, KEEP = 3000, 900, 0.1
CHANGE = "contract.gain_loss_share.dead_band=0.05"
HONEST = Strategy("honest", {"effort": 0.75, "efficiency": 0.5})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two scenarios that keeps a tenth of each."""
    base = load_study("dudley", (f"futures={LIVED}", f"scenario_futures={OTHERS}"))
    study = replace(base, scenarios=base.scenarios[:2], years_futures=50)
    return Path(run_study(study, (HONEST,), tmp_path_factory.mktemp("kept"), keep=KEEP, jobs=2).folder)


@pytest.fixture
def source(folder: Path) -> Source:
    """That run as analyses see it."""
    return Source.of(folder)


@pytest.mark.parametrize("scenario", [0, 1])
def test_a_variant_lives_the_kept_futures(folder: Path, tmp_path: Path, scenario: int) -> None:
    """Its run has the futures that the source kept, all of them in full, and not those that were only summed up."""
    source = Source.of(folder, load_effective(folder / "config.effective.toml").scenarios[scenario].name)
    said: list[str] = []
    other = variant_run(source, "wider", (CHANGE,), tmp_path, keep=True, say=said.append)
    assert source.futures == (LIVED, OTHERS)[scenario] * KEEP
    assert other.manifest["futures"] == {source.scenario.name: source.futures}
    assert (other.manifest["condensed"], other.manifest["keep"]) == ({}, 1.0)
    assert said == [f"wider: {source.futures:,} futures"]
    assert other.futures == other.scenario.futures == source.futures
    again = load_effective(other.folder / "config.effective.toml")
    assert next(one for one in again.scenarios if one.name == source.scenario.name).futures == source.futures


def test_many_variants_live_the_kept_futures(source: Source, tmp_path: Path) -> None:
    """A batch of drafts does as one draft does; a draft that changes nothing comes out as the run did."""
    same = Variant("same", ("contract.ending.reserve=5e6",))
    (found,) = run_variants(source, (same,), tmp_path, keep=True, jobs=2, say=lambda _: None)
    assert found.source is not None
    assert found.source.manifest["futures"] == {source.scenario.name: source.futures}
    money = compare([source, found.source], ("as it is", "same")).tables["money"]
    assert money
    assert {value for row in money for key, value in row.items() if key.startswith("difference_")} == {0.0}


def test_the_study_of_a_source_has_the_kept_futures(source: Source) -> None:
    """Whatever lives a source's study lives as many as were kept; they are the first of those that were lived."""
    study = source.study
    assert [one.futures for one in study.scenarios[:2]] == [LIVED * KEEP, OTHERS * KEEP]
    assert (study.futures, source.scenario.futures) == (LIVED * KEEP, LIVED * KEEP)
    assert [one.futures for one in variant_study(source, (CHANGE,)).scenarios[:2]] == [LIVED * KEEP, OTHERS * KEEP]
    whole = load_effective(source.folder / "config.effective.toml")
    assert [one.futures for one in whole.scenarios[:2]] == [LIVED, OTHERS]
    np.testing.assert_array_equal(source.live(64), source.live(64, study=whole))


def test_a_whole_run_keeps_its_study(small_source: Source) -> None:
    """Where every future was kept nothing is counted anew, and nothing is said of it."""
    assert as_kept(small_source.study, small_source.manifest) is small_source.study
    assert small_source.counted == f"{small_source.futures:,}"
    assert "kept" not in small_source.basis


def test_kept_futures_do_not_pass_for_all(source: Source) -> None:
    """Advice and report count futures in the same words, which say how many were lived."""
    words = f"{LIVED * KEEP:.0f} kept of {LIVED:,} lived"
    assert counted(source.manifest, source.scenario.name) == source.counted == words
    assert f"{words} futures of scenario calibrated" in source.basis
    assert Report(source.folder).counted("calibrated") == words


def test_a_comparison_says_what_was_kept(source: Source) -> None:
    """The line on what figures rest on names each run that kept a share."""
    basis = compare([source, source], ("a", "b")).basis
    words = f"{LIVED * KEEP:.0f} kept of {LIVED:,} lived"
    assert re.findall(r"[\d,]+ kept of [\d,]+ lived of \w", basis) == [f"{words} of a", f"{words} of b"]


def test_the_command_makes_the_same_run_again(source: Source) -> None:
    """It names the futures that were lived and the share that was kept."""
    assert f"--futures {LIVED} " in command(source)
    assert command(source).endswith(f"--keep {KEEP}")
