"""Runs that keep a share of their futures: one hash however they are worked through, whatever stops them."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stresstest import runner
from stresstest.errors import ConfigError
from stresstest.futures.design import Design
from stresstest.measures.condensed import condensed_rows
from stresstest.measures.summary import outcome_rows
from stresstest.progress import Progress
from stresstest.results import condense, store
from stresstest.results.condense import Event
from stresstest.results.manifest import verify_run

HELPERS = Path(__file__).resolve().parents[1] / "unit" / "results"
sys.path.insert(0, str(HELPERS))
import fake_study as fake  # noqa: E402  (a helper beside the unit tests; worker processes import it by name)

pytestmark = pytest.mark.integration
FUTURES = 30_000
EVENTS = (Event("limit", "commissioner_exposure_npv_gbp", True, 0.0),)


@pytest.fixture(autouse=True)
def small_stretches(monkeypatch):
    """The fake kernel, and stretches that a small run has several of."""
    monkeypatch.setattr(runner, "simulate_chunk", fake.fake_chunk)
    monkeypatch.setattr(condense, "STRETCH", 2 * condense.CELL)


def study_of(futures):
    """A fake study of two scenarios with as many futures each."""
    return fake.FakeStudy(scenarios=(fake.Scenario("calibrated", futures), fake.Scenario("official-future", futures, 5.0)))


def run(folder, keep=0.1, study=None, **options):
    """One run of the fake study that keeps a tenth."""
    return runner.run_study(study or study_of(FUTURES), fake.STRATEGIES, folder, keep=keep, events=EVENTS, **options)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The results hash of a run in one thread and large chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "simulate_chunk", fake.fake_chunk)
        patch.setattr(condense, "STRETCH", 2 * condense.CELL)
        return run(tmp_path_factory.mktemp("one"), backend="sequential", chunk=50_000).manifest["results_hash"]


@pytest.mark.parametrize(("backend", "jobs", "chunk"), [
    ("threading", 2, 256), ("threading", 1, 5000), ("loky", 2, 4096), ("sequential", None, None), ("dask", 2, 4096),
])  # fmt: skip
def test_one_hash_however_it_is_worked_through(tmp_path, expected, backend, jobs, chunk):
    """Back-ends, jobs and chunks leave no trace in what is kept nor in what is summed up."""
    if backend == "dask":
        pytest.importorskip("distributed")
    done = run(tmp_path, backend=backend, jobs=jobs, chunk=chunk)
    assert done.manifest["results_hash"] == expected
    assert done.ok
    assert all(check.ok for check in verify_run(done.folder))
    assert not (done.folder / store.CHUNKS).exists()
    assert done.manifest["futures"] == dict.fromkeys(done.manifest["condensed"], 3000)
    assert set(done.manifest["condensed"].values()) == {FUTURES}


def test_an_interrupted_run_goes_on(tmp_path, expected, monkeypatch):
    """Stretches that were folded are not lived again; the rest is done, to the same hash."""
    seen = []

    def stop(self, units):
        seen.append(units)
        if len(seen) == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "advance", stop)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, jobs=1, chunk=4096)
    (partial,) = tmp_path.glob(".partial-*")
    assert list(partial.glob("chunks/condensed/*-whole.json"))
    done = run(tmp_path, jobs=2, resume=True)
    assert done.manifest["results_hash"] == expected
    log = [json.loads(line) for line in (done.folder / "run.log").read_text().splitlines()]
    assert [line["chunks_kept"] for line in log if line["event"] == "simulate"][-1] >= 3


def test_a_damaged_stretch_is_lived_again(tmp_path, expected, monkeypatch):
    """A folded stretch whose bytes changed counts as missing, and so do its chunks."""
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_complete", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, jobs=1, chunk=4096)
    (partial,) = tmp_path.glob(".partial-*")
    whole = sorted(partial.glob("chunks/condensed/*-whole.npz"))
    assert len(whole) >= 3
    for path in whole[:2]:
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(bytes(body))
    assert run(tmp_path, resume=True).manifest["results_hash"] == expected


def test_kept_futures_are_those_of_a_whole_run(tmp_path):
    """The rows of a run that keeps a tenth are the first rows of one that keeps all."""
    part, whole = run(tmp_path / "part"), run(tmp_path / "whole", keep=1.0)
    assert not whole.manifest["condensed"]
    for table in ("futures", "outcomes"):
        few, all_ = (pq.read_table(r.folder / "tables" / table).to_pandas() for r in (part, whole))
        first = all_[all_.future <= 3000].reset_index(drop=True)
        keys = [k for k in ("scenario", "strategy", "future") if k in few]
        assert few.sort_values(keys).reset_index(drop=True).equals(first.sort_values(keys).reset_index(drop=True))


def test_condensed_figures_agree_with_kept_ones(tmp_path):
    """Where every future is there as well, means and errors agree to rounding, quantiles and tails to the width of a bin."""
    part, whole = run(tmp_path / "part"), run(tmp_path / "whole", keep=1.0)
    scenario = next(iter(part.manifest["condensed"]))
    rows = {(r["strategy"], r["party"], r["metric"], r["statistic"]): r for r in condensed_rows(part.folder)
            if r["scenario"] == scenario}  # fmt: skip
    names, compared = [s.name for s in fake.STRATEGIES], 0
    for want in outcome_rows(whole.folder, scenario, names):
        have = rows.get((want["strategy"], want["party"], want["metric"], want["statistic"]))
        if have is None:
            continue
        scale, compared = max(abs(want["value"]), 1.0), compared + 1
        close = {"mean": 1e-12, "sd": 1e-9, "probability_negative": 1e-12}.get(want["statistic"], 0.005)
        assert abs(have["value"] - want["value"]) <= close * scale, want
        if want["statistic"] in ("mean", "probability_negative"):
            assert math.isclose(have["error"], want["error"], rel_tol=1e-3, abs_tol=1e-4), want
    assert compared > 100


def test_every_kept_quantile_lies_in_the_condensed_interval(tmp_path):
    """What the rows of all futures say of a quantile or a tail is inside the bin, or the interval, that the bins give."""
    part, whole = run(tmp_path / "part"), run(tmp_path / "whole", keep=1.0)
    scenario, compared = next(iter(part.manifest["condensed"])), 0
    want = {(r["strategy"], r["party"], r["metric"], r["statistic"]): r["value"]
            for r in outcome_rows(whole.folder, scenario, [s.name for s in fake.STRATEGIES])}  # fmt: skip
    for row in condensed_rows(part.folder):
        value = want.get((row["strategy"], row["party"], row["metric"], row["statistic"]))
        if row["scenario"] == scenario and value is not None and row["statistic"][:3] in ("p2.", "p5", "p95", "p99", "cte"):
            slack = 1e-9 * abs(value) + 1e-6
            assert row["low"] - slack <= value <= row["high"] + slack, row
            compared += 1
    assert compared > 50


@pytest.mark.parametrize("years", [0, 900, 29_999])
def test_any_number_of_yearly_futures_will_do(tmp_path, years):
    """None, some or nearly all futures may have yearly rows: the chunk that holds the central future alone is in no sum."""
    from dataclasses import replace

    done = run(tmp_path, study=replace(study_of(30_000), years_futures=years), chunk=4096)
    assert done.ok
    assert {r["futures"] for r in condensed_rows(done.folder)} == {30_000}


def test_scenarios_whose_names_begin_alike_are_kept_apart(tmp_path):
    """No scenario's futures are taken for those of one whose name begins as its own does."""
    study = fake.FakeStudy(scenarios=(fake.Scenario("growth", 9000), fake.Scenario("growth-2", 5000, 5.0)))
    done = run(tmp_path, study=study)
    assert done.ok
    assert {(r["scenario"], r["futures"]) for r in condensed_rows(done.folder)} == {("growth", 9000), ("growth-2", 5000)}


def test_other_hurdles_are_another_run(tmp_path, monkeypatch):
    """A run that counted other hurdles is not gone on with."""
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_complete", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    other = (Event("limit", "commissioner_exposure_npv_gbp", True, 1e7),)
    done = runner.run_study(study_of(FUTURES), fake.STRATEGIES, tmp_path, keep=0.1, events=other, resume=True)
    assert done.ok
    assert len(list(tmp_path.glob(".partial-*"))) == 1


def test_extremes_name_their_future(tmp_path):
    """The lowest value's future, read in a whole run, has that value."""
    part, whole = run(tmp_path / "part"), run(tmp_path / "whole", keep=1.0)
    table = pq.read_table(whole.folder / "tables" / "outcomes").to_pandas()
    row = next(r for r in condensed_rows(part.folder) if r["statistic"] == "lowest" and r["metric"] == "surplus_npv")
    own = table[(table.scenario == row["scenario"]) & (table.strategy == row["strategy"]) & (table.future > 0)]
    assert own[own.future == int(row["future"])].provider_surplus_npv_gbp.tolist() == [row["value"]]
    assert row["value"] == own.provider_surplus_npv_gbp.min()


@pytest.mark.parametrize("table", ["bins", "moments"])
def test_a_table_that_lacks_weight_fails_its_check(tmp_path, table):
    """Sums and bins that no longer agree are found, whatever their checksums say."""
    from stresstest.results.census import check_tables

    done = run(tmp_path)
    path = next((done.folder / "tables" / table).glob("*.parquet"))
    rows = pq.read_table(path)
    pq.write_table(rows.slice(0, rows.num_rows - 1), path)
    assert "condensed futures add up" in [c.name for c in check_tables(done.folder, done.manifest) if not c.ok]


@pytest.mark.parametrize("keep", [0.0, -0.1, 1.5, math.nan])
def test_a_share_that_is_none_is_refused(tmp_path, keep):
    """Nothing is begun with a share outside 0 to 1."""
    with pytest.raises(ConfigError, match="--keep"):
        run(tmp_path, keep=keep)
    assert not list(tmp_path.iterdir())


def test_other_designs_are_refused(tmp_path):
    """Errors of nets and cells need every future."""
    from dataclasses import replace

    study = replace(study_of(100), design=Design("sobol"))
    with pytest.raises(ConfigError, match="--design random"):
        run(tmp_path, study=study)


def test_memory_of_the_tables_does_not_follow_the_futures(tmp_path):
    """Ten times the futures give the same number of rows to within the tails' new bins."""
    sizes = []
    for n in (3000, 30_000):
        done = run(tmp_path / str(n), keep=0.01, study=study_of(n))
        paths = [next((done.folder / "tables" / table).glob("*.parquet")) for table in ("moments", "bins")]
        sizes.append([pq.read_metadata(path).num_rows for path in paths])
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] < 3 * sizes[0][1]
