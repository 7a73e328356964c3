"""Batches: what they leave, that back-ends leave no trace, what fails and what goes on."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest

from stresstest.backends import Pool
from stresstest.batches import run as batch_run
from stresstest.batches.case import Case, Recipe
from stresstest.batches.record import BATCH, load_batch
from stresstest.batches.run import run_batch
from stresstest.batches.verify import verify_batch
from stresstest.batches.work import KEPT, RAN, WORKING
from stresstest.config.load import load_study
from stresstest.errors import BackendError, ConfigError, DataError
from stresstest.progress import Progress
from stresstest.results.folder import PARTIAL
from stresstest.results.manifest import DIGEST, digest_of, json_text, load_manifest, verify_run

sys.path.insert(0, str(Path(__file__).resolve().parent))
import small_cases as small

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Six cases, one after the other."""
    return run_batch("Six places", "test", small.cases(6), tmp_path_factory.mktemp("six"), small.ONE, figures=small.first_surplus)


def partials(folder):
    """Hidden folders of unfinished batches."""
    return sorted(folder.glob(f"{PARTIAL}*"))


def statuses(batch):
    """Status of each case."""
    return {case["name"]: case["status"] for case in batch.manifest["cases"]}


def test_a_batch_leaves_ordinary_runs_a_table_and_a_record(done):
    """Every case is a run that verifies; record and table name all of them; nothing else is left."""
    assert list(done.runs) == [place.casefold() for place in small.PLACES]
    assert done.exit_code == 0
    assert not done.failed
    assert sorted(path.name for path in done.folder.iterdir()) == [BATCH, "cases", "cases.csv", "cases.parquet"]
    assert all(check.ok for folder in done.runs.values() for check in verify_run(folder))
    with (done.folder / "cases.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["place"] for row in rows] == list(small.PLACES)
    assert [row["reference"] for row in rows] == ["none"] + ["dudley"] * 5
    assert {row["results_hash"] for row in rows} == {load_manifest(folder)["results_hash"] for folder in done.runs.values()}


@pytest.mark.parametrize(("backend", "jobs"), [("threading", 2), ("loky", 2)])
def test_whole_cases_side_by_side_leave_no_trace(tmp_path, done, backend, jobs, monkeypatch):
    """Handed out whole or run one after the other with the pool inside: one batch hash, the same hash of every case."""
    handed = []
    plain = batch_run._Course.side_by_side
    monkeypatch.setattr(batch_run._Course, "side_by_side", lambda self, names: (handed.extend(names), plain(self, names))[1])
    again = run_batch("Six places", "test", small.cases(6), tmp_path, Pool(backend, jobs), figures=small.first_surplus)
    assert len(handed) == 5
    assert again.manifest["results_hash"] == done.manifest["results_hash"]


def test_the_pool_goes_inside_where_cases_are_large(tmp_path, done, monkeypatch):
    """Cases that take long are run one after the other, by the whole pool, with the same results."""
    monkeypatch.setattr(batch_run, "SMALL_SECONDS", 0.0)
    monkeypatch.setattr(batch_run._Course, "side_by_side", lambda *_: pytest.fail("cases were handed out"))
    again = run_batch("Six places", "test", small.cases(6), tmp_path, small.TWO)
    assert again.manifest["results_hash"] == done.manifest["results_hash"]


def test_the_hash_knows_names_and_results(tmp_path, done):
    """Another seed gives another hash; the order of cases does not."""
    other = run_batch("Six places", "test", small.cases(6, "seed=7"), tmp_path, small.TWO)
    turned = run_batch("Six places", "test", small.cases(6)[::-1], tmp_path, small.TWO)
    assert other.manifest["results_hash"] != done.manifest["results_hash"]
    assert turned.manifest["results_hash"] == done.manifest["results_hash"]


def test_a_case_that_fails_is_named_and_the_others_go_on(tmp_path):
    """A place that is too small, and a study that cannot be read, are facts of the batch; its exit code is 1."""
    wrong = [small.case("Dudley"), small.case("E06000053", name="scilly"), small.case("Leeds", "contract.no.such=1", name="odd")]
    found = run_batch("Two wrong", "test", wrong, tmp_path, small.ONE)
    assert found.exit_code == 1
    assert list(found.runs) == ["dudley"]
    assert "too few people" in found.failed["scilly"]
    assert "no such clause" in found.failed["odd"]
    assert load_batch(found.folder)["status"] == "complete but for failed cases"
    checks = verify_batch(found.folder)
    assert all(check.ok for check in checks)
    assert checks[0].detail == "status complete but for failed cases, 1 of 3 cases run; failed: scilly, odd"


def test_a_lost_worker_stops_the_batch_and_resume_goes_on(tmp_path, done):
    """What is finished is kept and readable; --resume does the rest and comes to the same hash."""
    with pytest.raises(BackendError, match="worker is lost"):
        run_batch("Six places", "test", small.cases(6), tmp_path, small.ONE, figures=small.lost)
    (partial,) = partials(tmp_path)
    record = load_batch(partial)
    assert record["status"] == "stopped"
    assert record["cases"][0]["status"] == RAN
    assert "dudley" in (partial / "cases.csv").read_text(encoding="utf-8")
    told: list[str] = []
    again = run_batch("Six places", "test", small.cases(6), tmp_path, small.TWO, resume=True, say=told.append)
    assert again.manifest["results_hash"] == done.manifest["results_hash"]
    assert statuses(again)["dudley"] == KEPT
    assert told == [f"going on with {again.folder.name}"]
    assert not partials(tmp_path)
    assert not (again.folder / WORKING).exists()


def test_resume_runs_again_what_has_other_inputs_or_lost_a_file(tmp_path, monkeypatch):
    """Kept are whole runs of the same study under the same strategies, and no others."""
    monkeypatch.setattr(batch_run._Course, "inside", _stop_after(3, batch_run._Course.inside))
    with pytest.raises(KeyboardInterrupt):
        run_batch("Again", "test", small.cases(4), tmp_path, small.ONE)
    monkeypatch.undo()
    (partial,) = partials(tmp_path)
    next((partial / "cases" / "stockport").rglob("part-*.parquet")).unlink()
    changed = [small.case("Dudley"), small.case("Stockport"), small.case("Tameside", "seed=9"), small.case("Leeds")]
    again = run_batch("Again", "test", changed, tmp_path, small.ONE, resume=True)
    assert statuses(again) == {"dudley": KEPT, "stockport": RAN, "tameside": RAN, "leeds": RAN}
    assert load_manifest(again.runs["tameside"])["seed"] == 9
    assert all(check.ok for check in verify_batch(again.folder))


def stopped(folder, monkeypatch, count=3):
    """The unfinished folder of four cases, of which so many were run."""
    monkeypatch.setattr(batch_run._Course, "inside", _stop_after(count, batch_run._Course.inside))
    with pytest.raises(KeyboardInterrupt):
        run_batch("Stopped", "test", small.cases(4), folder, small.ONE, figures=small.first_surplus)
    monkeypatch.undo()
    return partials(folder)[0]


def test_resume_lives_again_what_has_a_flipped_byte(tmp_path, monkeypatch):
    """A case of which one byte is another is run anew, though every file has its size; the batch then verifies."""
    part = next((stopped(tmp_path, monkeypatch) / "cases" / "stockport").rglob("part-*.parquet"))
    body = bytearray(part.read_bytes())
    body[len(body) // 2] ^= 1
    part.write_bytes(bytes(body))
    again = run_batch("Stopped", "test", small.cases(4), tmp_path, small.ONE, resume=True, figures=small.first_surplus)
    assert statuses(again) == {"dudley": KEPT, "stockport": RAN, "tameside": KEPT, "leeds": RAN}
    assert all(check.ok for check in verify_batch(again.folder))


def test_a_first_case_that_now_fails_is_no_reference(tmp_path, monkeypatch):
    """Its earlier run is removed and the others are set against nothing."""
    stopped(tmp_path, monkeypatch)
    changed = [small.case("E06000053", name="dudley"), *small.cases(4)[1:]]
    again = run_batch("Stopped", "test", changed, tmp_path, small.ONE, resume=True, figures=small.first_surplus)
    assert list(again.failed) == ["dudley"]
    assert not (again.folder / "cases" / "dudley").exists()
    assert again.manifest["reference"] == ""
    with (again.folder / "cases.csv").open(encoding="utf-8") as stream:
        assert [row["reference"] for row in csv.DictReader(stream)] == ["", "none", "none", "none"]
    assert all(check.ok for check in verify_batch(again.folder))


def test_a_failed_first_case_is_no_reference_though_its_folder_stays(tmp_path, monkeypatch):
    """Where the system does not let the earlier run be removed, it is still not what the others are set against."""
    stopped(tmp_path, monkeypatch)
    monkeypatch.setattr("stresstest.batches.work.shutil.rmtree", lambda *_, **__: None)
    changed = [small.case("E06000053", name="dudley"), *small.cases(4)[1:]]
    again = run_batch("Stopped", "test", changed, tmp_path, small.ONE, resume=True, figures=small.first_surplus)
    with (again.folder / "cases.csv").open(encoding="utf-8") as stream:
        assert {row["reference"] for row in csv.DictReader(stream) if row["case"] != "dudley"} == {"none"}


def test_resume_lives_again_what_has_its_strategies_in_another_order(tmp_path, monkeypatch):
    """The order of strategies is the order of rows: a run with another one is not the case's."""
    stopped(tmp_path, monkeypatch)
    turned = [Case(one.name, one.study, one.strategies[::-1], one.labels, one.futures) if one.name == "stockport" else one
              for one in small.cases(4)]  # fmt: skip
    again = run_batch("Stopped", "test", turned, tmp_path, small.ONE, resume=True, figures=small.first_surplus)
    assert statuses(again) == {"dudley": KEPT, "stockport": RAN, "tameside": KEPT, "leeds": RAN}
    assert list(load_manifest(again.runs["stockport"])["strategies"]) == ["gamed", "honest"]


def _stop_after(count, plain):
    """A way of running cases that is interrupted after so many."""
    seen: list[str] = []

    def inside(self, name):
        if len(seen) == count:
            raise KeyboardInterrupt
        seen.append(name)
        return plain(self, name)

    return inside


def test_a_batch_with_other_cases_is_not_gone_on_with(tmp_path):
    """An unfinished batch that holds a case which is not asked for is left alone."""
    with pytest.raises(BackendError):
        run_batch("Other", "test", small.cases(3), tmp_path, small.ONE, figures=small.lost)
    fresh = run_batch("Other", "test", small.cases(1), tmp_path, small.ONE, resume=True)
    assert fresh.exit_code == 0
    assert len(partials(tmp_path)) == 1


def test_two_batches_in_one_folder_do_not_meet(tmp_path):
    """A batch that resumes leaves one alone that another process is writing; two fresh ones get names of their own."""
    record = batch_run.describe("Same", "test", small.cases(2))
    first, lock = batch_run._open(tmp_path, record, False, print)
    batch_run.Ledger(first, record).write()
    second, other = batch_run._open(tmp_path, record, True, print)
    assert first != second
    lock.close()
    other.close()
    third, last = batch_run._open(tmp_path, record, True, print)
    assert third == first
    last.close()


def test_progress_counts_futures_of_all_cases(tmp_path, capsys):
    """The last line of progress has the futures of every case, however it was run; without futures it counts cases."""
    run_batch("Counted", "test", small.cases(3), tmp_path, small.TWO, progress=Progress(stream=sys.stdout))
    assert "180 futures in" in capsys.readouterr().out
    plain = [Case(one.name, one.study, one.strategies, one.labels) for one in small.cases(2)]
    run_batch("Counted", "test", plain, tmp_path, small.TWO, progress=Progress(stream=sys.stdout, unit="cases"))
    assert "2 cases in" in capsys.readouterr().out


def test_a_study_that_is_there_travels_as_its_configuration(tmp_path):
    """A study made in code is run as it is; one that was changed behind its configuration is refused."""
    study = load_study("dudley", (*small.SMALL, "place=Leeds"))
    made = run_batch("Made", "test", [Case("leeds", Recipe.of(study), (small.HONEST,))], tmp_path, small.ONE)
    assert load_manifest(made.runs["leeds"])["inputs_hash"] == study.inputs_hash
    changed = study.with_contract(study.contract.with_change("gain_loss_share", "dead_band", 0.07))
    with pytest.raises(ConfigError, match="was changed"):
        Recipe.of(changed)
    odd = Recipe("dudley", (*small.SMALL, "seed=3"), expected=study.inputs_hash)
    with pytest.raises(ConfigError, match="was changed"):
        odd.load()


@pytest.mark.parametrize(("cases", "words"), [
    ([], "needs a case"), ([small.case("Dudley"), small.case("Leeds", name="DUDLEY")], "two cases"),
    ([small.case("Dudley", name="../out")], "name of a folder"), ([Case("a", Recipe("dudley"), ())], "needs a strategy"),
])  # fmt: skip
def test_what_is_no_batch_is_refused(tmp_path, cases, words):
    """No case, two of a name, a name that leads elsewhere, no strategy: refused before any folder is made."""
    with pytest.raises(ConfigError, match=words):
        run_batch("Wrong", "test", cases, tmp_path, small.ONE)
    assert not list(tmp_path.iterdir())


# ── verification ───────────────────────────────────────────────────────────────────────────────────────────────────
def faults(folder):
    """Checks that fail."""
    return [check.name for check in verify_batch(folder) if not check.ok]


@pytest.fixture
def copied(tmp_path, done):
    """A copy of the finished batch, to be spoilt."""
    return Path(shutil.copytree(done.folder, tmp_path / "copy"))


def test_a_whole_batch_verifies(copied):
    """A copy of a batch verifies, by one worker or two."""
    assert faults(copied) == []
    assert [check.ok for check in verify_batch(copied, small.TWO)] == [True] * 12


@pytest.mark.parametrize("key", ["title", "created", "labels", "inputs_hash", "run_id"])
def test_an_edited_record_is_found(copied, key):
    """Whatever is changed in batch.json, in a case or besides, the record is not as it was written."""
    record = json.loads((copied / BATCH).read_text(encoding="utf-8"))
    if key in record:
        record[key] = "another"
    else:
        record["cases"][0][key] = {"place": "another"} if key == "labels" else "0" * 64
    (copied / BATCH).write_text(json_text(record), encoding="utf-8")
    assert "the record is as it was written" in faults(copied)


@pytest.mark.parametrize("key", ["inputs_hash", "run_id", "results_hash"])
def test_a_record_edited_with_its_digest_is_held_to_the_runs(copied, key):
    """Who writes the digest anew as well is still told from the manifest of the case."""
    record = json.loads((copied / BATCH).read_text(encoding="utf-8"))
    record["cases"][3][key] = "0" * 64
    (copied / BATCH).write_text(json_text({**record, DIGEST: digest_of(record)}), encoding="utf-8")
    assert faults(copied) == [f"case leeds: the {key.replace('_', ' ')} is the batch's"]


@pytest.mark.parametrize("harm", [
    lambda text: text.replace(' "kind"', ' "kind": "first",\n "kind"', 1), lambda text: text.replace("\n", "\n "),
    lambda text: json_text({key: value for key, value in json.loads(text).items() if key != DIGEST}),
], ids=["twice", "form", "none"])  # fmt: skip
def test_a_record_in_another_form_is_found(copied, harm):
    """A key that stands twice, other white space, no digest: the record is not as it was written."""
    path = copied / BATCH
    path.write_text(harm(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert faults(copied) == ["the record is as it was written"]


def test_a_finished_case_with_a_flipped_byte_is_not_kept(copied):
    """A run counts as finished only with every byte as it was written."""
    from stresstest.batches.work import is_whole

    case = copied / "cases" / "leeds"
    assert is_whole(case)
    path = next((case / "tables" / "outcomes").rglob("*.parquet"))
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))
    assert not is_whole(case)


def test_a_flipped_byte_is_found(copied):
    """One byte of one part of one case."""
    part = next((copied / "cases" / "leeds").rglob("part-*.parquet"))
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    assert any(name.startswith("case leeds: every file") for name in faults(copied))


def test_swapped_cases_are_found(copied):
    """Two whole runs in each other's place verify by themselves, but not as cases of the batch."""
    for old, new in (("leeds", "x"), ("camden", "leeds"), ("x", "camden")):
        (copied / "cases" / old).rename(copied / "cases" / new)
    assert {"case leeds: the results hash is the batch's", "case camden: the results hash is the batch's"} <= set(faults(copied))


def test_missing_added_and_edited_things_are_found(copied):
    """A case removed, a folder added, a table edited, a hash written over."""
    shutil.rmtree(copied / "cases" / "leeds")
    (copied / "cases" / "more").mkdir()
    with (copied / "cases.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    record = json.loads((copied / BATCH).read_text(encoding="utf-8"))
    (copied / BATCH).write_text(json.dumps({**record, "results_hash": "0" * 64}), encoding="utf-8")
    assert set(faults(copied)) == {
        "case leeds: it is a run", "the record is as it was written", "the batch's results hash is as it was",
        "cases.csv is as it was written",
        "no other run lies among the cases",
    }  # fmt: skip


def test_what_is_no_batch_folder_is_refused(tmp_path):
    """A folder without a record, or with one that cannot be read."""
    with pytest.raises(DataError, match="not a batch"):
        verify_batch(tmp_path)
    for text in ("{", "[]", '{"batch_version": 1}', '{"batch_version": 9, "kind": "", "title": "", "status": "", "cases": []}'):
        (tmp_path / BATCH).write_text(text, encoding="utf-8")
        with pytest.raises(DataError):
            verify_batch(tmp_path)
