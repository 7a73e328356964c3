"""Limits, assurance and annex: states, roles, statement, checks, changes, two standards; docs are made of the same lists."""

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from stresstest._jit import SOURCE_DIGEST
from stresstest.config.assurance import Assurance, Role, Signature
from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import Grid, Under, words_of
from stresstest.report.page import build_report
from stresstest.report.papers.checks import found
from stresstest.report.papers.compliance import STANDARDS, compliance, markdown
from stresstest.report.papers.compliance_items import MET, NOT_MET, PARTLY
from stresstest.report.papers.limits import limits
from stresstest.report.parts import annex, assurance, sections_of
from stresstest.report.parts import limits as limits_part
from stresstest.report.parts.front import front
from stresstest.report.tracing import plain
from stresstest.results.papers_digest import papers_digest

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
SIGNED = tuple(
    Signature(role, name, "2026-11-23", "x", "looked at")
    for role, name in (("analyst", "Ann"), ("assurer", "Bo"), ("approver", "Di"))
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A real run's folder, without a report."""
    folder = tmp_path_factory.mktemp("assurance")
    with zipfile.ZipFile(Path(__file__).parent / "recorded_run.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def book(run):
    """The book of a real run with an empty record."""
    return replace(Book.of(run), assurance=Assurance())


def told(section):
    """Everything that a section prints."""
    return "\n".join(plain(text) for block in section.blocks for text in words_of(block))


def table(section, name):
    """A table of the section, wherever it stands."""

    def inside(blocks):
        for block in blocks:
            if isinstance(block, Grid):
                yield block.table
            yield from inside(getattr(block, "blocks", ()))

    (one,) = [one for one in inside(section.blocks) if one.name == name]
    return one


# ── state and roles ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("signed", "words"),
    [(0, "an unassured draft"), (1, "checked by its analyst, and not yet assured"), (2, "assured, and not yet approved"),
     (3, "assured and approved")],
)  # fmt: skip
def test_the_state_is_said_first_and_in_the_statement(book, signed, words):
    """Section and statement name the same state, and what comes next."""
    section = assurance.section(replace(book, assurance=Assurance(signatures=SIGNED[:signed])))
    assert words in section.blocks[0].words
    assert ("stresstest sign RUN --role" in section.blocks[0].words) == (signed < 3)
    statement = dict(assurance.statement(replace(book, assurance=Assurance(signatures=SIGNED[:signed]))))
    assert words in statement["State"].lower()
    assert ("Nobody is named" in statement["State"]) is True


def test_roles_show_who_is_named_and_who_signed(book):
    """A role that was signed and never named shows its signer; one that nobody has says so."""
    record = Assurance(roles={"commissioner": Role("Cy", "A council")}, signatures=SIGNED[:1])
    rows = {row[0].partition(":")[0]: row[1:] for row in table(assurance.section(replace(book, assurance=record)), "roles").rows}
    assert rows["Commissioner"] == ["Cy", "A council", "not signed", W.NONE]
    assert rows["Analyst"] == ["Ann", W.NONE, "2026-11-23", "looked at"]
    assert rows["Assurer"][0] == rows["Approver"][0] == "nobody named"


def test_the_statement_has_every_part(book):
    """Purpose, use, inputs, verification, validation, uncertainty, limits, review, state."""
    statement = dict(assurance.statement(book))
    names = ["Purpose", "Use", "Code", "Verification", "Validation", "Uncertainty", "Limits", "Review", "State"]
    assert [name for name in statement if name != "Quality of inputs"] == names
    assert "No question is recorded" in statement["Purpose"]
    assert "305 are judgements" in plain(statement["Quality of inputs"])
    assert "not known for 368" in plain(statement["Quality of inputs"])
    assert "Every check of the model holds" in statement["Verification"]


# ── checks ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_failed_checks_come_first_and_are_said(run, tmp_path):
    """In the table, in the words above it and in the statement."""
    with zipfile.ZipFile(Path(__file__).parent / "recorded_run.zip") as archive:
        archive.extractall(tmp_path)
    path = tmp_path / "checks.json"
    checks = json.loads(path.read_text(encoding="utf-8"))
    checks[3] |= {"ok": False, "detail": "future 7"}
    path.write_text(json.dumps(checks), encoding="utf-8")
    book = Book.of(tmp_path)
    section = assurance.section(book)
    assert table(section, "checks").rows[0][1:] == ["FAILED", W.NONE, "future 7"]
    assert "At least one check failed" in told(section)
    assert f"Failed on this run: {checks[3]['name']}" in dict(assurance.statement(book))["Verification"]


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("holds", ""), ("pays £-10.3k a year (-0.03% of it)", "pays −£10.3k a year (−0.03% of it)"),
     ("(−0.00% of it)", "(0.00% of it)"), ("gets −£0 a year", "gets £0 a year"), ("gets -£0.5m", "gets −£0.5m")],
)  # fmt: skip
def test_details_of_checks_have_proper_minus_signs(detail, shown):
    """A minus sign is one, and nothing has none; a bare "holds" is not said twice."""
    assert found(detail) == shown


def test_null_tests_stand_beside_their_tolerance(book):
    """The tolerance of the effective configuration; other checks have none; a run that does not say it is not made to."""
    rows = {row[0]: row[2] for row in table(assurance.section(book), "checks").rows}
    nulls = [plain(text) for name, text in rows.items() if name.startswith("Null test")]
    assert len(nulls) == 5
    assert all("±0.5% of the annual payment" in text for text in nulls)
    assert {text for name, text in rows.items() if not name.startswith("Null test")} == {W.NONE}


@pytest.mark.parametrize(
    ("git", "digest", "words"),
    [({"commit": "abc", "dirty": True}, "x", "changes that were not committed"), ({"commit": "abc", "dirty": False}, "x",
     "without other changes"), ({}, "x", "does not name the commit"), ({"commit": "abc", "dirty": False}, "", "no digest")],
)  # fmt: skip
def test_the_code_of_the_run_is_told_as_it_was(book, git, digest, words):
    """Uncommitted changes, the commit, neither; other code than the report's is named."""
    manifest = {**book.source.manifest, "provenance": {"git": git}, "source_digest": digest}
    source = SimpleNamespace(manifest=manifest)
    said = assurance.code_words(SimpleNamespace(source=source))
    assert words in said
    assert ("other code" in said) == bool(digest)
    manifest["source_digest"] = SOURCE_DIGEST
    assert "The same code made this report" in assurance.code_words(SimpleNamespace(source=source))


def test_evidence_outside_the_pack_is_said_to_be(book):
    """Tests and cases are in the repository; the statement does not claim that they are at hand."""
    statement = dict(assurance.statement(book))
    assert "not in this pack" in statement["Verification"]
    assert "not in this pack" in statement["Validation"]
    assert "not in this pack" in assurance.validation()[0]


def test_a_signature_names_the_tables_too(tmp_path):
    """Tables as they were signed agree; after a change in an analysis the report says so; without a digest it says that."""
    with zipfile.ZipFile(Path(__file__).parent / "recorded_run.zip") as archive:
        archive.extractall(tmp_path)
    results = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["results_hash"]

    def record(digest):
        entry = f'role = "analyst"\nname = "Ann"\ndate = "2099-01-01"\nresults_hash = "{results}"\npapers_digest = "{digest}"\n'
        text = f'schema_version = 1\nquestion = "Is it sound?"\n[[signatures]]\n{entry}'
        (tmp_path / "assurance.toml").write_text(text, encoding="utf-8")

    def said():
        book = Book.of(tmp_path)
        front(book)
        return next(told(section) for section in sections_of(book) if section.name == "assurance")

    record("")
    build_report(tmp_path)
    assert "Signed for the results hash alone" in said()
    record(papers_digest(tmp_path))
    assert "have changed since" not in said()
    assert "results hash alone" not in said()
    path = next(iter(sorted((tmp_path / "advice").rglob("*.csv"))))
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "Signed tables have changed since" in said()


# ── changes ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_changes_are_linked_where_they_are(book, run):
    """Without a comparison the command, with one the link to its page."""
    assert "stresstest changes EARLIER_RUN RUN" in assurance.changes(book)
    (run / "changes").mkdir()
    (run / "changes" / "index.html").write_text("x", encoding="utf-8")
    try:
        assert "(../changes/index.html)" in assurance.changes(book)
    finally:
        (run / "changes" / "index.html").unlink()
        (run / "changes").rmdir()


# ── standards ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda one: one.name)
def test_the_docs_are_made_of_the_same_list(standard):
    """docs/rap.md and docs/aqua.md: write them with `python -m stresstest.report.papers.compliance docs`."""
    assert (ROOT / "docs" / f"{standard.name.lower()}.md").read_text(encoding="utf-8") == markdown(standard)


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda one: one.name)
def test_every_item_points_to_something_that_is_there(standard, book):
    """Files exist, sections are sections of every report, states are known, ids are given once; what is not met says why."""
    sections = {"register", "limits", "assurance", "annex", "method"}
    for item in standard.items:
        assert item.where, item.id
        for where in item.where:
            assert where[1:] in sections if where.startswith("#") else (ROOT / where).exists(), (item.id, where)
        assert item.state in (MET, PARTLY, NOT_MET)
        assert item.note or item.state == MET, item.id
    ids = [item.id for item in standard.items]
    assert len(set(ids)) == len(ids)
    shown = table(assurance.section(book), f"compliance_{standard.name.lower()}").rows
    assert [row[0].partition(" ")[0] for row in shown] == ids
    assert {row["id"] for row in compliance(book).rows if row["standard"] == standard.name} == set(ids)


def test_the_levels_and_the_fourteen_items_are_all_there():
    """Three levels of the pipeline, AQ1 to AQ14; what is not met is not hidden."""
    rap, aqua = STANDARDS
    assert list(dict.fromkeys(item.level for item in rap.items)) == ["baseline", "silver", "gold"]
    assert [item.id for item in aqua.items] == [f"AQ{k}" for k in range(1, 15)]
    assert NOT_MET in {item.state for item in rap.items}


def test_what_is_not_met_is_said_where_it_is_printed(book):
    """The printed sentence names every item that is not or partly met."""
    (under,) = [one for one in assurance.section(book).blocks if isinstance(one, Under) and one.title == "Two public standards"]
    printed = " ".join(block.words for block in under.blocks if hasattr(block, "words"))
    for standard in STANDARDS:
        for item in standard.items:
            assert (W.within(item.asked) in printed) == (item.state != MET), item.id


# ── limits and annex ───────────────────────────────────────────────────────────────────────────────────────────────
def test_limits_are_for_machines_and_people(book):
    """Every statement of the paper is printed; the record's own limits come last."""
    book = replace(book, assurance=Assurance(limits=("Only for a rehearsal.",)))
    rows, words = limits(book).rows, told(limits_part.section(book))
    assert {row["kind"] for row in rows} == {"use supported", "use not supported", "limit"}
    assert all(str(row["statement"]) in words for row in rows)
    assert (rows[-1]["id"], rows[-1]["given_by"]) == ("R1", "the assurance record")
    assert len({row["id"] for row in rows}) == len(rows)


def test_the_annex_says_how_to_make_the_run_again(book, run):
    """Commands name run, study and seed; facts hold hashes and versions; no file is named that a run never has."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    words = told(annex.section(book))
    commit = manifest["provenance"]["git"]["commit"]
    verify, run_it = f"stresstest verify reports/runs/{manifest['run_id']}", "stresstest run dudley --seed 2018\n"
    for said in (verify, run_it, manifest["results_hash"], commit, "numpy 2"):
        assert said in words
    for name in ("summary", "tables", "config.effective.toml", "manifest.json"):
        assert (run / name).exists()
        assert name in words


def test_the_scale_of_words_is_the_one_that_is_used(book):
    """Each band's own ends are said in its word."""
    for row in table(annex.section(book), "likelihood_words").rows:
        low, high = (float(one) / 100.0 for one in re.findall(r"(\d+)%", plain(row[1])))
        assert {W.likelihood(low), W.likelihood(high)} == {row[0].lower()}
