"""The register of assumptions: one id for every number, risk computed, impact measured; decisions and data beside it."""

import re
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from stresstest.config.assurance import Assurance, Decision, Signature
from stresstest.measures.impact import RISK, impact_of, risk_of
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid, words_of
from stresstest.report.papers import data_log as log
from stresstest.report.papers import register as reg
from stresstest.report.papers.register_counts import register_counts
from stresstest.report.papers.register_dates import dates_in
from stresstest.report.papers.register_inputs import inputs_of, orphans
from stresstest.report.papers.register_words import meaning, parts_of
from stresstest.report.parts import register as part
from stresstest.report.source import Source
from stresstest.report.tracing import cited, plain

pytestmark = pytest.mark.unit
SIGNED = (Signature("analyst", "A", "2026-11-23", "x"), Signature("assurer", "B", "2026-11-24", "x"))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A real run's folder, without a report."""
    folder = tmp_path_factory.mktemp("register")
    with zipfile.ZipFile(Path(__file__).parent / "recorded_run.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def book(run):
    """The book of a real run."""
    return Book.of(run)


def told(section):
    """Everything that a section prints."""
    return "\n".join(plain(text) for block in section.blocks for text in words_of(block))


def numbers_of(value, key=""):
    """Every number of a configuration by its place, read by another way than the register's."""
    if isinstance(value, dict):
        if "value" in value and not isinstance(value["value"], dict | str):
            yield key, value["value"]
        else:
            for name, inner in value.items():
                yield from numbers_of(inner, f"{key}.{name}")
    elif isinstance(value, list):
        if value and all(isinstance(one, int | float) for one in value):
            yield key, value
        else:
            for k, inner in enumerate(value):
                yield from numbers_of(inner, f"{key}[{k}]")
    elif isinstance(value, int | float) and not isinstance(value, bool) and not key.endswith("schema_version"):
        yield key, value


def test_every_number_of_the_configuration_has_one_id(book):
    """As many numbers as rows, every id once, and the table of assumptions and the configuration hold the same."""
    form = tomllib.loads((book.source.folder / "config.effective.toml").read_text(encoding="utf-8"))
    numbers = [value for _, value in numbers_of(form)]
    rows = reg.register(book).rows
    assert len(rows) == len(numbers) > 440
    assert len({row["id"] for row in rows}) == len({row["key"] for row in rows}) == len(rows)
    plain_ones = Counter(float(value) for value in numbers if not isinstance(value, list))
    assert Counter(float(row["value"]) for row in rows if not isinstance(row["value"], str)) == plain_ones
    assert orphans(book.source) == ([], [])


@pytest.mark.parametrize(("lost", "strange"), [("summary", 0), ("configuration", 1)])
def test_an_orphan_is_seen_either_way(run, lost, strange):
    """A row less in the table, or a number less in the configuration, is named, and the section warns."""
    source = Source(run)
    if lost == "summary":
        source._read["assumptions"] = [row for row in source.rows("assumptions") if row["key"] != "place.need.noise"]
    else:
        source.configuration["place"]["need"].pop("noise")
    found = orphans(source)
    assert found[1 - strange] == ["place.need.noise"]
    assert found[strange] == []
    assert "Register and configuration do not agree" in told(part.section(Book(source)))


def test_ids_follow_from_keys_alone():
    """An id is stable, and two keys whose digits agree get longer ones."""
    assert reg.ids(["contract.plan.funding_growth"]) == {"contract.plan.funding_growth": "A-cb12d7"}
    many = reg.ids([f"place.x{k}.y" for k in range(20_000)])
    assert len(set(many.values())) == 20_000
    assert {len(one) for one in many.values()} == {8, 14}


@pytest.mark.parametrize(
    ("quality", "risks"),
    [("excellent", ("low", "low", "medium")), ("good", ("low", "medium", "high")), ("poor", ("medium", "high", "high"))],
)
def test_risk_follows_from_quality_and_impact(quality, risks):
    """The three by three table."""
    assert tuple(RISK[quality, impact] for impact in ("low", "medium", "high")) == risks


@pytest.mark.parametrize(
    ("losses", "exposure", "impact"),
    [(0.0199, 0.0, "low"), (0.02, 0.0, "medium"), (-0.0999, 0.0, "medium"), (-0.1, 0.0, "high"), (0.0, 4.9e6, "low"),
     (0.0, -5e6, "medium"), (0.0, 25e6, "high"), (0.0, 24.9e6, "medium")],
)  # fmt: skip
def test_bands_of_impact(losses, exposure, impact):
    """From 2 or 10 points of the chance of losses, or 5% or 25% of a year's payment of £100m, whichever is worse."""
    assert impact_of((losses, 1e-6), (exposure, 1.0), 100e6) == impact


def test_noise_has_no_impact():
    """A swing within two standard errors counts as none; without a payment only losses count; an unknown error is none."""
    assert impact_of((0.15, 0.08), (9e9, 1.0), float("nan")) == "low"
    assert impact_of((0.15, float("nan")), (0.0, 1.0), float("nan")) == "high"
    assert risk_of("poor", "not varied") == "not rated"


def test_impact_is_the_analysis_s(book):
    """Each varied input carries the swing of the analysis; the others say that they were not varied."""
    analysed = {row["key"]: row for row in book.advice("sensitivity").rows("inputs")}
    assert len(analysed) > 80
    for row in reg.register(book).rows:
        if row["key"] in analysed:
            assert row["losses_swing"] == analysed[row["key"]]["swing_walks_away_probability"]
            assert row["exposure_swing_gbp"] == analysed[row["key"]]["swing_exposure_gbp"]
            assert (row["measured_by"], row["impact"] in ("low", "medium", "high")) == ("sensitivity", True)
            assert row["risk"] == RISK[row["quality"], row["impact"]]
        elif row["mark"] == "setting":
            assert (row["quality"], row["impact"], row["risk"]) == ("", "", "")
        else:
            assert (row["measured_by"], row["impact"], row["risk"]) == ("not varied", "not varied", "not rated")


def test_without_the_analysis_the_run_s_own_swings_count(fake_run):
    """The difference of the two columns of table swings, and the sentence says how to measure all."""
    book = Book.of(fake_run)
    moved = reg.swings(book)["provider.opening.gap_median"]
    assert moved["losses_change"] == pytest.approx(0.4312 - 0.75)
    assert "losses_swing" not in moved
    assert reg.measured_by(book) == "swings"
    assert "stresstest advise RUN" in part.unrated_words(book)
    rated = part.ranked(book)
    assert {row["measured_by"] for row in rated} <= {"swings"}
    assert "single change" in part.main_table(book, rated).headings[3]


def test_two_measures_are_never_ranked_together(book):
    """Where the analysis was made it alone rates: an input that only the run's own table moved is not rated by it."""
    twin = Book(book.source)
    twin.source._read["swings"] = [*twin.source.rows("swings"), {**twin.source.rows("swings")[0], "key": "contract.years"}]
    try:
        row = reg.input_row(twin, "contract.years")
    finally:
        twin.source._read.pop("swings")
    assert row["losses_change"] != 0.0
    assert (row["losses_swing"], row["impact"], row["risk"]) == (None, "not varied", "not rated")


def test_the_first_sentence_counts_what_is_not_rated(book):
    """How many, of how many, the opening price by name and value, and why; the reason stands in every such row."""
    first = next(iter(part.section(book).blocks)).words
    rows = reg.register(book).rows
    unrated = [row for row in rows if row["impact"] == "not varied"]
    assert plain(first).startswith(f"**{len(unrated)} of {sum(row['mark'] != 'setting' for row in rows)} inputs have no rated")
    assert "price of the first year (£367m)" in plain(first)
    assert "no clause, service line, axis or lever" in first
    assert all(row["why_not_varied"] for row in unrated)
    assert not any(row["why_not_varied"] for row in rows if row["impact"] in ("low", "medium", "high"))


def test_one_count_of_inputs_is_reconciled(book):
    """Ids are inputs and settings, inputs are those listed and those added, rated and not rated."""
    of = {row["name"]: row["count"] for row in register_counts(book).rows}
    assert of["ids"] == len(reg.register(book).rows) == of["inputs"] + of["settings"]
    assert of["inputs"] == of["listed"] + of["added"] == of["rated"] + of["not_rated"]
    assert of["listed"] == len(book.source.rows("assumptions"))
    said = plain(part.count_words(book))
    assert all(str(of[name]) in said for name in ("ids", "inputs", "settings", "listed", "added"))


def test_levels_of_an_axis_are_choices(book):
    """They are rated poor and called chosen, and the run's own table still says published."""
    levels = [row for row in reg.register(book).rows if ".levels." in row["key"]]
    assert len(levels) == 18
    assert {(row["mark"], row["quality"]) for row in levels} == {("chosen", "poor")}
    own = {row["key"]: row["quality"] for row in book.source.rows("assumptions")}
    assert {own[row["key"]] for row in levels} == {"published"}


@pytest.mark.parametrize(
    ("source", "dates"),
    [("report (9 February 2018)", ["2018-02-09"]), ("plan to 2020/21 (NHS Improvement 2016)", ["2016"]),
     ("University of Birmingham (2016); gives 318,492", ["2016"]),
     ("plan 2014-19 (Strategy Unit, BMJ Open 2019; D-LAG)", ["2019"]),
     ("Green Book (under review since December 2025)", []), ("series 1948-2023 (D-FIT)", []), ("31 February 2018", []),
     ("projection 317,600 (2016) to 336,900 (2041)", [])],
)  # fmt: skip
def test_dates_are_those_of_the_publication_that_is_named(source, dates):
    """A day, or a name in brackets that ends in a year; a year that is part of the matter is no date."""
    assert dates_in(source) == dates


def test_what_has_no_date_says_so(book):
    """A date of the file comes first; a judgement's source gives none; every input says something."""
    rows = {row["key"]: row for row in reg.register(book).rows if row["mark"] != "setting"}
    assert (rows["axes.workforce.today"]["as_of"], rows["axes.workforce.today"]["as_of_by"]) == ("2017-09-30", "the file")
    assert rows["place.opening.gap_median"]["as_of"] == "not recorded"
    assert all(row["as_of"] for row in rows.values())


def test_files_are_no_owners(book):
    """An owner that is a file is told as such; people are counted; all of them named is said too."""
    def said(**owners):
        return plain(part.dates_and_owners(Book(book.source, assurance=Assurance(owners=owners))))

    assert "No owner of any input is named" in said()
    assert "No person or body owns an input" in said(contract="contributors (a.toml)", place="no person; configs/b.toml")
    assert "1 have an owner by name" in said(**{"contract.years": "Ann Lee"})
    parts = dict.fromkeys(("contract", "place", "provider", "axes", "study", "scenarios"), "Ann Lee")
    assert "Each has an owner" in said(**parts)


def test_counts_of_quality_add_up(book):
    """The marks of the table are counted once each, settings apart, and the sentence cites them."""
    *marks, whole = reg.qualities(book).rows
    assert sum(row["inputs"] for row in marks) == whole["inputs"]
    assert whole["inputs"] == sum(row["mark"] != "setting" for row in reg.register(book).rows)
    words = part.quality_words(book)
    assert len(cited(words)) == len(marks)
    assert not re.search(r"\d", re.sub("\ue000.*?\ue002", "", words))


def test_owners_dates_and_signatures_come_from_the_record(book):
    """Owner by the longest beginning, date set, review, and who signed off once it is assured."""
    owners, made = {"place": "P", "place.opening": "O"}, {"place": "2026-01-01"}
    record = Assurance(owners=owners, made=made, review_by="2027-01-01", signatures=SIGNED)
    rows = {row["key"]: row for row in reg.register(Book(book.source, assurance=record)).rows}
    row = rows["place.opening.gap_median"]
    assert [row[name] for name in ("owner", "made", "review_by", "signed_off_by", "signed_off_on")] == [
        "O", "2026-01-01", "2027-01-01", "B", "2026-11-24",
    ]  # fmt: skip
    assert rows["contract.plan.funding_growth"]["owner"] == ""
    draft = reg.register(Book(book.source, assurance=Assurance(signatures=SIGNED[:1]))).rows
    assert {row["signed_off_by"] for row in draft} == {""}


def test_every_input_says_what_it_is(book):
    """No statement is a bare key: registers of parameters, clauses, levers, axes and settings describe them all."""
    for row in reg.register(book).rows:
        last = parts_of(row["key"])[-1][0]
        assert not row["statement"].lower().endswith(f": {last.replace('_', ' ')}"), row["key"]
    kinds = {"share": "gain_loss_share"}
    assert meaning("contract.terms[share].dead_band", kinds).startswith("Share: ")
    assert meaning("place.unheard.of_it", {}) == "Unheard: of it"


def test_names_with_dots_and_brackets_of_rows_are_one_part():
    """A row's own name does not end its part."""
    assert parts_of("contract.scope[day.cases].base_gbp") == [("contract", ""), ("scope", "day.cases"), ("base_gbp", "")]
    form = {"contract": {"scope": [{"line": "a.b", "base_gbp": {"value": 1.0, "unit": "GBP"}}, {"x": [1, 2]}]}}
    assert list(inputs_of(form)) == ["contract.scope[a.b].base_gbp", "contract.scope[2].x"]


def test_the_page_prints_the_main_inputs_and_folds_the_rest(book):
    """At most twenty rows are printed, high impact first; the whole register is folded and not printed."""
    section = part.section(book)
    (grid,) = [block for block in section.blocks if isinstance(block, Grid)]
    impacts = [row[5] for row in grid.table.rows]
    assert len(impacts) == 20
    assert impacts == sorted(impacts, key=["high", "medium", "low"].index)
    fold = next(block for block in section.blocks if isinstance(block, Fold))
    whole = next(block for block in fold.blocks if isinstance(block, Grid))
    assert not fold.printed
    assert len(whole.table.rows) == len(reg.register(book).rows)


def test_small_numbers_and_missing_limits_are_readable(book):
    """No exponent is printed, and a limit that is not used says so."""
    shown = {row[0]: row[2] for row in part.whole_table(book).rows}
    values = [plain(text) for text in shown.values()]
    assert not [text for text in values if re.search(r"\de[−+]?\d", text)]
    rows = {row["key"]: plain(shown[row["id"]]) for row in reg.register(book).rows}
    assert rows["contract.terms[gain_loss_share].loss_cap_money"] == "not used"
    assert rows["place.health.qaly_per_prevention_pound"] == "0.00005 QALY per GBP"


def test_decisions_are_logged_or_asked_for(book):
    """In the order of their days; without any, the section says where to write them."""
    record = Assurance(decisions=(Decision("2026-02-02", "B", "why", "who"), Decision("2026-01-01", "A", "why", "who")))
    words = told(part.section(Book(book.source, assurance=record)))
    assert words.index("2026-01-01") < words.index("2026-02-02")
    assert "no decision is signed" in words
    assert "No decision is recorded" in told(part.section(Book(book.source)))


ENTRY = {"sha256": "aa", "rows": "3", "source": "ONS", "licence": "OGL v3.0", "vintage": "2020", "extracted": "2026-01-01",
         "review_by": "2026-11-21"}  # fmt: skip


@pytest.mark.parametrize(("made", "expired"), [("2026-11-20", "no"), ("2026-11-21", "no"), ("2026-11-22", "yes")])
def test_a_sunset_is_held_against_the_run_s_day(made, expired):
    """On the day itself a table is still good."""
    (row,) = log.rows_of({"t": ENTRY}, {"t": "aa"}, made)
    assert (row["expired"], row["use"], row["rows"]) == (expired, "as registered", 3)


def test_tables_are_compared_with_what_the_run_read():
    """As registered, changed, not read, and not in the register."""
    rows = log.rows_of({"a": ENTRY, "b": ENTRY, "c": ENTRY}, {"a": "aa", "b": "bb", "own.csv": "cc"}, "")
    assert [row["use"] for row in rows] == [log.SAME, log.DIFFERENT, log.UNREAD, log.UNKNOWN]
    assert [row["sha256"] for row in rows] == ["aa", "bb", "aa", "cc"]


def test_a_passed_sunset_warns_once(run, capsys, monkeypatch):
    """Once on stderr and in the section, however often the report is made."""
    monkeypatch.setattr(log, "registered", lambda: {"dudley_age_bands": ENTRY | {"review_by": "2026-11-01"}})
    log._warn.cache_clear()
    words = [told(part.section(Book.of(run))) for _ in range(2)]
    assert capsys.readouterr().err.count("dudley_age_bands.csv was due for a newer vintage by 2026-11-01") == 1
    assert all("Out of date when the run was made" in text for text in words)
    log._warn.cache_clear()


def test_the_shipped_data_are_as_the_recorded_run_read_them(book):
    """The one table that the simulation reads has not changed since."""
    rows = {row["file"]: row for row in log.data_log(book).rows}
    assert rows["dudley_age_bands.csv"]["use"] == "as registered"
    assert {row["expired"] for row in rows.values()} == {"no"}
