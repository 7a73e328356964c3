"""Exploits on file, and on another draft."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stresstest.errors import DataError
from stresstest.gaming import archive as module
from stresstest.gaming.archive import archive_of, contract_hash, play_of, read_archive, write_archive
from stresstest.gaming.best import honest_of, search
from stresstest.gaming.replays import against, verdict_of, within_bounds
from stresstest.levers import LEVERS

pytestmark = pytest.mark.unit
TIMING = {"year_end_timing": (0.0,) * 10 + (0.03,) * 5}


@pytest.fixture
def kept(toy, monkeypatch):
    """An archive of two exploits of the toy, with its game."""
    monkeypatch.setattr(module, "creating_terms", lambda game, levels: ["annual_payment"])
    plays = [{**honest_of(toy), "list_inflation": 0.04}, {**honest_of(toy), **TIMING}, honest_of(toy)]
    return toy, archive_of(toy, plays)


def test_an_archive_comes_back_as_it_was(kept, tmp_path):
    """What is written is read again, equal in every number; honest plays are not exploits."""
    _, archive = kept
    path = tmp_path / "deep" / "exploits.json"
    write_archive(archive, path)
    assert read_archive(path) == archive
    assert len(archive.exploits) == 2
    assert play_of(archive.exploits[1])["year_end_timing"] == TIMING["year_end_timing"]
    assert [one.name for one in path.parent.iterdir()] == ["exploits.json"]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text[: len(text) // 2], "cannot be read"),
        (lambda text: text.replace('"seed": 2018', '"seed": 2019'), "altered"),
        (lambda text: text.replace('"schema_version": 1', '"schema_version": 2'), "another version"),
        (lambda text: "[]", "not an archive"),
        (lambda text: "", "cannot be read"),
    ],
)
def test_a_damaged_archive_is_refused(kept, tmp_path, damage, told):
    """Half a file, an altered number, another schema and something else altogether end in exit code 3, with the file named."""
    path = tmp_path / "exploits.json"
    write_archive(kept[1], path)
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=told) as caught:
        read_archive(path)
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)


def test_an_entry_of_another_name_is_refused_with_the_nearest(kept, tmp_path):
    """Even with a right checksum a file must have exactly the entries of an archive."""
    path = tmp_path / "exploits.json"
    write_archive(kept[1], path)
    body = json.loads(path.read_text(encoding="utf-8"))
    body.pop("sha256")
    body["exploits"][0]["gian"] = body["exploits"][0].pop("gain")
    path.write_text(json.dumps({**body, "sha256": module._checksum(body)}), encoding="utf-8")
    with pytest.raises(DataError, match="gian"):
        read_archive(path)


def test_a_missing_archive_names_the_nearest(kept, tmp_path):
    """A slip in the name is answered with the file that is there."""
    write_archive(kept[1], tmp_path / "exploits.json")
    with pytest.raises(DataError, match=r"exploits\.json"):
        read_archive(tmp_path / "exploit.json")


def test_a_write_that_fails_leaves_the_old_archive(kept, tmp_path, monkeypatch):
    """When the last step fails the old file is whole and nothing else is left behind."""
    path = tmp_path / "exploits.json"
    write_archive(kept[1], path)
    monkeypatch.setattr(module.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(DataError, match="No space"):
        write_archive(replace(kept[1], seed=1), path)
    assert read_archive(path) == kept[1]
    assert [one.name for one in tmp_path.iterdir()] == ["exploits.json"]


def test_the_hash_follows_what_a_contract_says(dudley):
    """A number that changes moves it; a title and a source do not."""
    contract = dudley.study.contract
    assert contract_hash(contract) == contract_hash(replace(contract, title="another", name="other"))
    assert contract_hash(contract) != contract_hash(contract.with_change("annual_payment", "list_tolerance", 0.0))
    assert contract_hash(contract) != contract_hash(replace(contract, terms=contract.terms[:-1]))


def test_the_same_contract_gives_the_same_gains(kept):
    """On its own contract every exploit is open, with a paired change of nothing."""
    toy, archive = kept
    found = against(archive, toy.study, jobs=1)
    assert found.same_contract
    assert found.notes == ()
    assert [one.verdict for one in found.replays] == ["open", "open"]
    for one in found.replays:
        assert one.paired
        assert one.change[0] == pytest.approx(0.0, abs=0.01)
        assert one.now == pytest.approx(one.then)


def test_another_draft_is_allowed_and_told(kept):
    """A draft that answers one exploit closes it and leaves the other open; the note says that the contract is another."""
    toy, archive = kept
    study = toy.study.with_contract(toy.study.contract.with_change("annual_payment", "list_tolerance", 0.0))
    found = against(archive, study, jobs=1)
    assert not found.same_contract
    assert archive.contract in found.notes[0]
    assert [one.verdict for one in found.replays] == ["closed", "open"]
    assert found.count("closed") == 1


def test_what_a_draft_no_longer_has_is_named(kept):
    """A clause that made an exploit pay and a lever that nobody knows are named, and the rest is replayed."""
    toy, archive = kept
    old = archive.exploits[1]
    strange = replace(old, clauses=("old_bonus",), levels={**old.levels, "time_travel": (1.0,) * 15})
    found = against(replace(archive, exploits=(strange,)), toy.study, jobs=1).replays[0]
    assert found.missing_clauses == ("old_bonus",)
    assert found.missing_levers == ("time_travel",)
    assert found.verdict == "open"


def test_verdicts_follow_threshold_and_errors():
    """Under the threshold or near nothing is closed; beyond two errors of the change it is worse or reduced."""
    assert verdict_of((5e4, 1.0), (0.0, 1.0), 1e5) == "closed"
    assert verdict_of((2e5, 1.5e5), (0.0, 1.0), 1e5) == "closed"
    assert verdict_of((2e6, 1.0), (1e6, 1e5), 1e5) == "worse"
    assert verdict_of((2e6, 1.0), (-1e6, 1e5), 1e5) == "reduced"
    assert verdict_of((2e6, 1.0), (-1e5, 1e5), 1e5) == "open"


def test_levels_beyond_todays_bounds_come_down():
    """A level that a lever's range no longer allows is its highest."""
    highest = next(kind.highest for kind in LEVERS if kind.name == "upcoding")
    assert within_bounds({"upcoding": 9.0, "effort": 0.5}) == {"upcoding": highest, "effort": 0.5}


def test_an_archive_of_the_search_is_an_archive_of_its_answer(kept):
    """The best response on the archive's contract can be kept and replayed like any other play."""
    toy, _ = kept
    answer = search(toy)
    archive = archive_of(toy, [answer])
    assert play_of(archive.exploits[0]) == answer
