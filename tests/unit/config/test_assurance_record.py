"""The assurance record: where it is found, what it refuses, and how far signatures bring it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.config.assurance import Assurance, Role, Signature, check_assurance, read_assurance, read_record
from stresstest.config.assurance_rules import ROLES, person
from stresstest.config.folders import config_folder
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
HASH, OTHER = "638d" * 16, "77aa" * 16
MANIFEST: dict[str, Any] = {"study": {"name": "no-such-study"}, "results_hash": HASH, "created": "2026-11-22T13:26:36Z"}
WHOLE = """
schema_version = 1
question = "Is it sound?"
checkpoint = "CP2"
review_by = 2027-11-30
limits = ["One place."]
[roles.commissioner]
name = "C. Commissioner"
organisation = "A council"
[roles.analyst]
name = "A. Analyst"
[owners]
contract = "one"
"place.opening" = "two"
place.need.noise = "three"
[made]
contract = "2026-11-21"
[[decisions]]
date = 2026-11-21
decision = "Money is real."
why = "It was published so."
who = "somebody"
"""


def written(folder: Path, text: str = WHOLE, *signed: tuple[str, str, str], results_hash: str = HASH) -> Path:
    """A record in a file of its own, with signatures (role, name, date)."""
    rows = [f'[[signatures]]\nrole = "{role}"\nname = "{name}"\ndate = "{day}"\nresults_hash = "{results_hash}"\n'
            for role, name, day in signed]  # fmt: skip
    path = folder / "record.toml"
    path.write_text(text + "\n".join(rows), encoding="utf-8")
    return path


def refused(folder: Path, text: str = WHOLE, *signed: tuple[str, str, str], results_hash: str = HASH) -> ConfigError:
    """The error with which a record is refused."""
    path = written(folder, text, *signed, results_hash=results_hash)
    with pytest.raises(ConfigError) as caught:
        read_assurance(folder, MANIFEST, path)
    assert str(caught.value.file) == str(path)
    return caught.value


def test_a_record_is_read_whole(tmp_path: Path) -> None:
    """Every entry arrives; dates may be written as dates; keys may be quoted or nested."""
    record = read_assurance(tmp_path, MANIFEST, written(tmp_path))
    assert (record.question, record.checkpoint, record.review_by) == ("Is it sound?", "CP2", "2027-11-30")
    assert record.roles == {"commissioner": Role("C. Commissioner", "A council"), "analyst": Role("A. Analyst")}
    assert record.decisions[0].date == "2026-11-21"
    assert record.limits == ("One place.",)
    assert record.owners == {"contract": "one", "place.opening": "two", "place.need.noise": "three"}
    assert (record.state, record.next_role, record.file) == ("draft", "analyst", "record.toml")


def test_the_longest_beginning_of_a_key_names_the_owner(tmp_path: Path) -> None:
    """A beginning ends at a full stop or a bracket, and the longest counts."""
    record = read_record(written(tmp_path))
    owners = {"contract.terms[gate].cap": "one", "place.opening.gap_median": "two", "place.need.noise": "three",
              "place.openings": "", "place.need": "", "contracts": ""}  # fmt: skip
    assert {key: record.owner(key) for key in owners} == owners
    assert record.made_on("contract.scope[x].base_gbp") == "2026-11-21"


def test_where_the_record_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A given file, else the run's own, else its study's in configs/, else nothing: an empty record."""
    run, place = tmp_path / "run", tmp_path / "work"
    run.mkdir()
    (place / "configs" / "studies").mkdir(parents=True)
    (place / "configs" / "assurance").mkdir()
    monkeypatch.chdir(place)
    assert read_assurance(run, MANIFEST) == Assurance()
    own = place / "configs" / "assurance" / "no-such-study.toml"
    own.write_text('schema_version = 1\nquestion = "study"\n', encoding="utf-8")
    assert read_assurance(run, MANIFEST).question == "study"
    assert read_assurance(run, MANIFEST).file == "configs/assurance/no-such-study.toml"
    (run / "assurance.toml").write_text('schema_version = 1\nquestion = "run"\n', encoding="utf-8")
    assert read_assurance(run, MANIFEST).question == "run"
    assert read_assurance(run, MANIFEST, written(tmp_path)).question == "Is it sound?"


@pytest.mark.parametrize("study", ["../secret", "a/b", ""])
def test_a_study_s_name_never_leads_out_of_the_folder(tmp_path: Path, study: str) -> None:
    """A name that is a path names no record."""
    assert read_assurance(tmp_path, {**MANIFEST, "study": {"name": study}}) == Assurance()


def test_dudley_s_record_is_an_unsigned_draft() -> None:
    """The shipped record fills no role, signs nothing, gives an owner to every part, and dates its decisions in order."""
    record = read_record(config_folder(Path(__file__).parent) / "assurance" / "dudley.toml")
    assert (record.roles, record.signatures, record.state) == ({}, (), "draft")
    assert all(record.owner(part) and record.made_on(part) for part in ("contract", "place", "provider", "axes", "study"))
    assert len(record.decisions) >= 8
    assert [one.date for one in record.decisions] == sorted(one.date for one in record.decisions)


ANALYST, ASSURER = ("analyst", "A. Analyst", "2026-11-22"), ("assurer", "B", "2026-11-23")
APPROVER = ("approver", "D", "2026-11-24")


@pytest.mark.parametrize(
    ("signed", "state"),
    [((), "draft"), ((ANALYST,), "analyst-checked"), ((ANALYST, ASSURER), "assured"), ((ANALYST, ASSURER, APPROVER), "approved"),
     ((("commissioner", "C. Commissioner", "2026-11-22"),), "draft")],
)  # fmt: skip
def test_signatures_bring_it_on_in_order(tmp_path: Path, signed: Any, state: str) -> None:
    """Draft, checked by the analyst, assured, approved; a commissioner's signature moves nothing."""
    record = read_assurance(tmp_path, MANIFEST, written(tmp_path, WHOLE, *signed))
    assert record.state == state
    assert (record.signed_off is not None) == (state in ("assured", "approved"))


@pytest.mark.parametrize(
    "name",
    ["A. Analyst", "a analyst", "A.ANALYST", "  A.  Analyst ", "Ａ. Analyst", "Á. Analyst", "A\u200b Analyst"],
)
def test_the_analyst_is_not_the_assurer_whatever_the_spelling(tmp_path: Path, name: str) -> None:
    """One person in both roles is refused, as named and as signed."""
    assurer = f"[roles.assurer]\nname = \"{name}\"\n[owners]"
    named = refused(tmp_path, WHOLE.replace("[owners]", assurer))
    assert named.message == "the analyst and the assurer must be different people"
    assert named.key == "roles.assurer.name"
    signed = refused(tmp_path, WHOLE, ANALYST, ("assurer", name, "2026-11-23"))
    assert (signed.message, signed.key) == (named.message, "signatures[2].name")


def test_an_assurer_may_not_have_signed_as_analyst(tmp_path: Path) -> None:
    """Nobody named as analyst: the signature still tells who was."""
    text = WHOLE.replace('[roles.analyst]\nname = "A. Analyst"', '[roles.assurer]\nname = "Bo Lee"')
    assert refused(tmp_path, text, ("analyst", "bo lee", "2026-11-22")).key == "roles.assurer.name"


@pytest.mark.parametrize(
    ("signed", "message", "key"),
    [
        ((("analyst", "Somebody Else", "2026-11-22"),), "the role of analyst is another person's", "signatures[1].name"),
        ((ASSURER,), "the analyst signs before the assurer", "signatures[1].role"),
        ((ASSURER, ANALYST), "the analyst signs before the assurer", "signatures[1].role"),
        ((ANALYST, APPROVER), "the assurer signs before the approver", "signatures[2].role"),
        ((ANALYST, ("assurer", "B", "2026-11-22"), ("approver", "D", "2026-11-21")), "this was signed before the run was made",
         "signatures[3].date"),
        ((("analyst", "A. Analyst", "2026-11-24"), ASSURER), "the assurer signed before the analyst", "signatures[2].date"),
        ((ANALYST, ANALYST), "the role of analyst has been signed already", "signatures[2].role"),
        ((("analyst", "…", "2026-11-22"),), "a signature needs a name", "signatures[1].name"),
        ((("analyst", "A. Analyst", "22.11.2026"),), "this is no date", "signatures[1].date"),
        ((("analyst", "A. Analyst", "2026-02-30"),), "this is no date", "signatures[1].date"),
        ((("analyst", "A. Analyst", "20261122"),), "this is no date", "signatures[1].date"),
    ],
)  # fmt: skip
def test_what_signatures_may_not_do(tmp_path: Path, signed: Any, message: str, key: str) -> None:
    """Sign another's role, out of order, twice, before the run, on no day, or as nobody."""
    error = refused(tmp_path, WHOLE, *signed)
    assert (error.message, error.key) == (message, key)
    assert error.expected


def test_a_signature_for_another_run_is_refused(tmp_path: Path) -> None:
    """The message says so and how to sign this one."""
    error = refused(tmp_path, WHOLE, ANALYST, results_hash=OTHER)
    assert error.message == "this was signed for another run"
    assert HASH in str(error.expected)
    assert "stresstest sign RUN --role analyst" in str(error.expected)
    with pytest.raises(ConfigError, match="another run"):
        check_assurance(Assurance(signatures=(Signature("analyst", "A", "2026-11-22", ""),)), {"results_hash": ""})


@pytest.mark.parametrize(
    ("old", "new", "key", "near"),
    [
        ("question =", "qestion =", "qestion", "question"),
        ("[roles.analyst]", "[roles.analist]", "roles.analist", "analyst"),
        ('"CP2"', '"CP4"', "checkpoint", "CP3"),
        ("[owners]", "[owner]", "owner", "owners"),
        ("schema_version = 1", "schema_version = 2", "schema_version", None),
        ('contract = "one"', 'contrat = "one"', "owners.contrat", "contract"),
        ('contract = "one"', "contract = 1", "owners.contract", None),
        ('["One place."]', '"One place."', "limits", None),
        ("review_by = 2027-11-30", 'review_by = "soon"', "review_by", None),
        ('why = "It was published so."\n', "", "decisions[1].why", None),
        ('contract = "2026-11-21"', 'contract = "x"', "made.contract", None),
        ("date = 2026-11-21", "date = 2026-11-21T10:00:00Z", "decisions[1].date", None),
    ],
)  # fmt: skip
def test_what_a_file_may_not_hold(tmp_path: Path, old: str, new: str, key: str, near: str | None) -> None:
    """A misspelt, missing or malformed entry is named by its key, with the nearest right answer where there is one."""
    assert old in WHOLE
    error = refused(tmp_path, WHOLE.replace(old, new, 1))
    assert error.key == key
    assert error.expected
    if near:
        assert near in str(error.nearest)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A record that was asked for by name must be there."""
    with pytest.raises(ConfigError, match="no such file"):
        read_assurance(tmp_path, MANIFEST, tmp_path / "absent.toml")


DRESSES = st.sampled_from([str.upper, str.title, lambda name: f" {name}. ", lambda name: name.replace(" ", "-")])


@given(st.text(min_size=1, max_size=12), DRESSES)
def test_a_name_is_the_same_in_any_dress(name: str, dress: Any) -> None:
    """Case, spaces and punctuation never make another person; folding twice changes nothing."""
    assert person(person(name)) == person(name)
    if name.isascii():
        assert person(dress(name)) == person(name)


@pytest.mark.parametrize(
    ("name", "same"),
    [("Lee, Ann", True), ("Dr Ann Lee", True), ("Lee, Dr Ann, OBE", True), ("Аnn Lее", True), ("Ann L33", False),
     ("Ann Leigh", False), ("A. Lee", False), ("Prof", False)],
)  # fmt: skip
def test_order_titles_and_look_alikes_make_no_other_person(name: str, same: bool) -> None:
    """Words in any order, without titles, Cyrillic letters as the Latin ones that they look like; initials cannot be told."""
    assert (person(name) == person("Ann Lee")) is same
    assert person("Prof") == "prof"


def test_a_signature_s_digest_is_one(tmp_path: Path) -> None:
    """Sixty-four hexadecimal digits, or nothing."""
    text = f'schema_version = 1\n[[signatures]]\nrole = "analyst"\nname = "A"\ndate = "2026-11-22"\nresults_hash = "{HASH}"\n'
    path = tmp_path / "record.toml"
    path.write_text(f'{text}papers_digest = "{OTHER}"\n', encoding="utf-8")
    assert read_assurance(tmp_path, MANIFEST, path).signatures[0].papers_digest == OTHER
    path.write_text(f'{text}papers_digest = "short"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="no digest"):
        read_assurance(tmp_path, MANIFEST, path)


def test_the_state_counts_every_role_in_between() -> None:
    """Without the assurer's signature an approver's brings nothing on."""
    one = Signature("analyst", "A", "2026-11-22", HASH)
    record = Assurance(signatures=(one, replace(one, role="approver", name="D")))
    assert record.state == "analyst-checked"
    assert ROLES == ("commissioner", "analyst", "assurer", "approver")
