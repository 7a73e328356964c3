"""What a run takes: bytes against runs as they are written, memory against the runner's plan, and what is refused."""

from __future__ import annotations

import re
from types import SimpleNamespace

import fake_study as fake
import pytest

from stresstest import chunks, runner
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.results import volume
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

#: Bytes by table of a whole run of the main study under its own honest and gamed strategies, in today's encodings.
MEASURED = (
    ((100_000, 10_000, 10_000, 10_000, 10_000), {"futures": 22_596_673, "outcomes": 33_679_719, "years": 301_864_666}),
)
GIGA = 10**9


def disk(monkeypatch, free):
    """A disk with so many bytes free."""
    monkeypatch.setattr(volume.shutil, "disk_usage", lambda place: SimpleNamespace(free=free))


@pytest.mark.parametrize(("futures", "found"), MEASURED)
def test_bytes_are_those_of_real_runs(futures, found):
    """Each table of a run of the main study is foretold within 10%."""
    ahead = volume.bytes_of(futures, 2, 100_000, 15)
    assert {name: pytest.approx(count, rel=0.1) for name, count in found.items()} == ahead.tables
    assert ahead.total == pytest.approx(sum(found.values()), rel=0.1)


def test_bytes_are_those_of_a_run_made_now(tmp_path):
    """The tables of a small run of another place, under simpler strategies, come within 12% together."""
    changes = ("futures=9000", "years_futures=1000", "place=Stockport", "scenarios=['calibrated']")
    study = load_study("dudley", changes)
    strategies = (Strategy("honest", {"effort": 1.0, "efficiency": 1.2}), Strategy("gamed", {"effort": 0.5, "upcoding": 0.04}))
    run = runner.run_study(study, strategies, tmp_path, jobs=1)
    written = sum(facts["bytes"] for name, facts in run.manifest["files"].items() if name.startswith("tables/"))
    assert sum(volume.bytes_of(9000, 2, 1000, 15).tables.values()) == pytest.approx(written, rel=0.12)


def test_a_kept_share_and_several_runs_scale():
    """One per cent of the futures takes a hundredth of the rows; many places take as many times as much."""
    whole, kept = volume.bytes_of(10**8, 2, 0, 15), volume.bytes_of(10**8, 2, 0, 15, keep=0.01)
    assert kept.tables["outcomes"] == pytest.approx(whole.tables["outcomes"] / 100, rel=0.01)
    assert volume.bytes_of(20_000, 2, 0, 15, runs=309).total == 309 * volume.bytes_of(20_000, 2, 0, 15).total
    assert volume.with_runs(kept, 4).total == 4 * kept.total


def test_no_yearly_rows_take_no_bytes():
    """A study below 0 years_futures has no yearly table."""
    assert volume.bytes_of(1000, 2, -1, 15).tables["years"] == 0


def test_seconds_grow_with_futures_and_shrink_with_jobs():
    """Twice the futures take about twice as long, two jobs half."""
    one, two = volume.bytes_of(10**6, 2, 0, 15), volume.bytes_of(2 * 10**6, 2, 0, 15)
    assert volume.seconds_of(two) == pytest.approx(2 * volume.seconds_of(one), rel=0.01)
    assert volume.seconds_of(two, 2) == volume.seconds_of(two) / 2
    assert 30 < volume.seconds_of(one) < 60


def test_memory_is_what_the_runner_plans():
    """The chunk that the runner chooses stays within what it allows all chunks in flight."""
    for jobs in (1, 2, 8):
        chunk = chunks.default_chunk(10**7, 2, jobs)
        assert 0 < volume.memory_of(chunk, jobs, 2) - volume.PROCESS_BYTES <= chunks.CHUNK_BYTES
    assert volume.COPIES == chunks.COPIES


def test_what_fits_is_let_through(tmp_path, monkeypatch):
    """A small run on a large disk, also into a folder that is not there yet, says nothing."""
    disk(monkeypatch, 52 * GIGA)
    volume.require_room(tmp_path / "a" / "b", volume.bytes_of(100_000, 2, 100_000, 15))
    assert not (tmp_path / "a").exists()


def test_a_run_of_terabytes_is_refused_with_figure_and_remedy(tmp_path, monkeypatch):
    """The message has both figures; every number that it offers would fit."""
    disk(monkeypatch, 52 * GIGA)
    ahead = volume.bytes_of(1_200_000_000, 2, 1_200_000_000, 15)
    with pytest.raises(ConfigError) as caught:
        volume.require_room(tmp_path, ahead)
    said = caught.value
    assert said.exit_code == 2
    assert re.fullmatch(r"The run would write 3\.\d TB; 51 GB are free\.", said.message)
    assert "--keep 1% would write" in said.expected
    most = int(re.search(r"at most ([\d,]+) futures", said.expected).group(1).replace(",", ""))
    assert volume.room_in(tmp_path) >= ahead.again(futures=(most,)).total > 0.8 * volume.room_in(tmp_path)


def test_only_remedies_that_fit_are_offered(tmp_path, monkeypatch):
    """Where one per cent is still too much it is not offered; where yearly rows are all that is too much, fewer are."""
    disk(monkeypatch, 2 * GIGA)
    with pytest.raises(ConfigError) as caught:
        volume.require_room(tmp_path, volume.bytes_of(10**10, 2, 0, 15))
    assert "--keep" not in caught.value.expected
    with pytest.raises(ConfigError) as caught:
        volume.require_room(tmp_path, volume.bytes_of(10**6, 2, 10**6, 15))
    assert "years_futures=10000 would write" in caught.value.expected
    disk(monkeypatch, 100_000)
    with pytest.raises(ConfigError, match="a disk with more room"):
        volume.require_room(tmp_path, volume.bytes_of(10**6, 2, 10**6, 15, keep=0.01))


def test_a_terabyte_takes_consent(tmp_path, monkeypatch):
    """More than a terabyte is refused even where it fits, names --yes, and goes through with consent; the disk's end does not."""
    disk(monkeypatch, 10_000 * GIGA)
    large = volume.bytes_of(10**9, 2, 10**9, 15)
    with pytest.raises(ConfigError, match="--yes"):
        volume.require_room(tmp_path, large)
    volume.require_room(tmp_path, large, consent=True)
    disk(monkeypatch, 100 * GIGA)
    with pytest.raises(ConfigError, match="99 GB are free"):
        volume.require_room(tmp_path, large, consent=True)


def test_what_is_there_already_counts(tmp_path, monkeypatch):
    """A run that goes on needs room only for the rest."""
    ahead = volume.bytes_of(10**6, 2, 0, 15)
    disk(monkeypatch, ahead.total // 2)
    with pytest.raises(ConfigError):
        volume.require_room(tmp_path, ahead)
    volume.require_room(tmp_path, ahead, already=ahead.total * 3 // 4)


def test_a_batch_speaks_of_itself(tmp_path, monkeypatch):
    """The noun, the option and the number of runs are the caller's."""
    disk(monkeypatch, GIGA)
    with pytest.raises(ConfigError) as caught:
        volume.require_room(tmp_path, volume.bytes_of(20_000, 2, 20_000, 15, runs=309), "places", noun="The batch")
    assert caught.value.message.startswith("The batch would write")
    assert caught.value.key == "places"
    assert "309 runs of 20,000 futures" in str(caught.value)


@pytest.mark.parametrize(
    ("count", "words"), [(52e9, "52 GB"), (3.1e12, "3.1 TB"), (9.99e8, "999 MB"), (1500, "2 kB"), (1.25e15, "1.2 PB")]
)
def test_sizes_are_read_in_words(count, words):
    """Two figures and a unit."""
    assert volume.size_words(count) == words


def test_a_fetch_needs_room(tmp_path, monkeypatch):
    """What is fetched must fit, and the message has both figures."""
    disk(monkeypatch, GIGA)
    volume.require_free(tmp_path, GIGA // 2, "The run")
    with pytest.raises(ConfigError, match=r"takes 5\.0 GB; 950 MB are free"):
        volume.require_free(tmp_path, 5 * GIGA, "The run")


def test_the_fake_study_has_the_tables_that_are_foretold():
    """Every simulated table has a share, so that a new one cannot be forgotten."""
    assert set(volume.SHARE) == set(volume.bytes_of(fake.FakeStudy().futures, 2, 900, fake.YEARS).tables)
