"""The section of key risks: the register's own rows and figures, who bears them, and what is left."""

import csv
import json
import re
import shutil

import pytest
from pages import says

from stresstest.advice.risks_answers import ANSWERS
from stresstest.config.playbooks import read_playbook
from stresstest.config.risk_register import load_register
from stresstest.errors import DataError
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid, Under, words_of
from stresstest.report.papers.risks import FAILURE_OF, FAILURES
from stresstest.report.parts import risks
from stresstest.report.tracing import MARKED, plain

pytestmark = pytest.mark.unit

#: Digits that are no figure of the run: years, intervals by name, definitions.
NO_FIGURE = re.compile(r"\b\d{4}/\d{2}\b|\b(?:80|90|95)% interval|\b1 in 20\b|\bL\d{2}\b|\bE\d{2}\b")


def read(path):
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def unlisted(path):
    """Take a file and its twin off the list of the run's manifest, so that the run was never made with them; the path again."""
    manifest = next(folder for folder in path.parents if (folder / "manifest.json").is_file()) / "manifest.json"
    record = json.loads(manifest.read_text(encoding="utf-8"))
    for twin in (path, path.with_suffix(".parquet"), path.with_suffix(".csv")):
        record["files"].pop(twin.relative_to(manifest.parent).as_posix(), None)
    manifest.write_text(json.dumps(record), encoding="utf-8")
    return path


def write(path, rows):
    """Write rows as CSV, in the place of what the run wrote."""
    unlisted(path)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def blocks_of(blocks):
    """Every block, those within others too."""
    for block in blocks:
        yield block
        if isinstance(block, Under | Fold):
            yield from blocks_of(block.blocks)


def grid(section, name):
    """The table of a section with this name."""
    return next(b.table for b in blocks_of(section.blocks) if isinstance(b, Grid) and b.table.name == name)


def text_of(section):
    """Every word of a section, without marks."""
    return plain(" ".join(text for block in section.blocks for text in words_of(block)))


def wrong_cells(book):
    """Cited numbers that are not what the named cell holds, in the run's tables or in the papers that go beside the report."""
    papers = {f"report/tables/{name}.csv": one.rows for name, one in book.papers.items()}
    tables, wrong = {}, []
    for entry in book.say.entries:
        if entry.file in papers:
            there = papers[entry.file][entry.line - 2][entry.column]
        else:
            if entry.file not in tables:
                tables[entry.file] = read(book.source.folder / entry.file)
            there = tables[entry.file][entry.line - 2][entry.column]
        if not says(entry.printed, there):
            wrong.append((entry.printed, there, entry.file, entry.column))
    return wrong


def loose_digits(section):
    """Digits that stand in no cited number, in the words and tables of a section."""
    found = []
    for block in section.blocks:
        for text in words_of(block):
            found += re.findall(r"\S*\d\S*", NO_FIGURE.sub(" ", MARKED.sub("", text)))
    return found


def test_the_ten_largest_in_the_registers_order(recorded_run):
    """The register's first ten come in its order, each with its one party, grade, score and a word for its chance."""
    section = risks.section(Book.of(recorded_run))
    register = read(recorded_run / "advice" / "risks" / "register.csv")
    rows = grid(section, "risks").rows
    assert [row[0] for row in rows[:10]] == [one["title"] for one in register[:10]]
    for row, one in zip(rows[:10], register[:10], strict=True):
        assert plain(row[1]) == f"{one['party']}: {one['grade']} ({one['score']})"
        assert re.search(r"likely|certain|possibility|chance", plain(row[2]))
    assert len(grid(section, "risk-register").rows) == len(register)


def test_what_is_extreme_only_where_it_games_is_shown(recorded_run):
    """Behind the ten stand the risks that are extreme with gaming, that of gaming itself among them, with the gamed figures."""
    rows = grid(risks.section(Book.of(recorded_run)), "risks").rows
    register = read(recorded_run / "advice" / "risks" / "register.csv")
    assert [row[0] for row in rows[10:]] == [one["title"] for one in register[10:] if "extreme" in one["grade_with_gaming"]]
    gaming = next(one for one in register if one["id"] == "gaming")
    shown = next(row for row in rows if row[0] == gaming["title"])
    assert shown[2] == "not while it is honest"
    party = gaming["party_with_gaming"]
    own = next(s for s in read(recorded_run / "advice" / "risks" / "scores.csv")
               if (s["risk"], s["party"], s["view"]) == ("gaming", party, "with gaming"))  # fmt: skip
    cell = plain(shown[5])
    assert cell.startswith(f"{party}: {gaming['grade_with_gaming']} ({gaming['score_with_gaming']})")
    assert f"{100 * float(own['likelihood_probability']):.1f}%" in cell


def test_every_figure_is_a_cell(recorded_run):
    """Each cited number is a rounding of the cell it names, and no other digits stand in the section."""
    book = Book.of(recorded_run)
    section = risks.section(book)
    assert len(book.say.entries) > 200
    assert wrong_cells(book) == []
    assert loose_digits(section) == []


def test_money_and_health_are_those_of_the_tables(recorded_run):
    """Loss and health lost follow the tables of the analysis when these change."""
    path = recorded_run / "advice" / "risks" / "scores.csv"
    rows, first = read(path), read(path.with_name("register.csv"))[0]
    for row in rows:
        if row["risk"] == first["id"] and row["view"] == "as the contract is":
            if row["party"] == first["party"]:
                row |= {"mean_cost_gbp": "123000000.0", "p95_gbp": "456000000.0", "likelihood_probability": "0.6"}
            if row["party"] == "residents":
                row |= {"mean_cost_qaly": "789.0", "mean_cost_error_qaly": "1.0"}
    write(path, rows)
    shown = [plain(cell) for cell in grid(risks.section(Book.of(recorded_run)), "risks").rows[0]]
    assert shown[2].startswith("60.0%")
    assert shown[2].endswith(", likely")
    assert shown[3].startswith("£123m; £456m")
    assert shown[4] == "789"


def test_a_row_is_of_one_party(recorded_run):
    """Chance, mean and 1 in 20 of every row are that party's own, in both views; those of residents are QALYs and no money."""
    book = Book.of(recorded_run)
    section = risks.section(book)
    rows, scores = book.papers["risks"].rows, read(recorded_run / "advice" / "risks" / "scores.csv")
    assert {"residents", "commissioner"} <= {row["party"] for row in rows}
    for row in rows:
        for mark, view in (("", "as the contract is"), ("_with_gaming", "with gaming")):
            party = row[f"party{mark}"]
            own = next(s for s in scores if (s["risk"], s["party"], s["view"]) == (row["risk"], party, view))
            unit, other = ("qaly", "gbp") if party == "residents" else ("gbp", "qaly")
            assert row[f"chance{mark}"] == float(own["likelihood_probability"])
            assert row[f"mean_{unit}{mark}"] == float(own[f"mean_cost_{unit}"])
            assert row[f"p95_{unit}{mark}"] == float(own[f"p95_{unit}"])
            assert row[f"mean_{other}{mark}"] is None
            assert row[f"p95_{other}{mark}"] is None
    hit = next(row for row in grid(section, "risks").rows if plain(row[1]).startswith("residents"))
    assert plain(hit[3]).count("QALYs") == 2
    assert "£" not in plain(hit[3])


def test_an_answer_acts_on_the_risks_own_cause(recorded_run):
    """Only an answer that acts on the cause and is meant for the failure stands in a row, with the playbook's own chances."""
    book = Book.of(recorded_run)
    risks.section(book)
    effects = {(r["failure"], r["mitigation"]): r for r in read(recorded_run / "advice/playbook/effects.csv")
               if r["where"] == "all futures"}  # fmt: skip
    names = {words: name for name, words in FAILURES.items()}
    told = [row for row in book.papers["risks"].rows if row["residual_before"] is not None]
    assert told
    for row in told:
        answer, failure = str(row["residual_answer"]).replace(" ", "_"), names[row["residual_failure"]]
        assert answer in ANSWERS[row["risk"]]
        assert effects[failure, answer]["meant_for_it"] == "yes"
        assert row["residual_before"] == float(effects[failure, ""]["fails_rate"])
        assert row["residual_after"] == float(effects[failure, answer]["fails_rate"])
        if row["own_failure"] is not None:
            own = names[row["own_failure"]]
            assert own == FAILURE_OF[row["party"]] != failure
            assert row["own_after"] == float(effects[own, answer]["fails_rate"])
    untold = [row["risk"] for row in book.papers["risks"].rows if row["residual_answer"] is None]
    assert {"policy_break", "never_starts"} <= set(untold)


def test_every_answer_is_in_the_library():
    """The judgement of which answer acts on which risk names risks and mitigations that exist."""
    known = {one.id for one in read_playbook(None)}
    assert set(ANSWERS) <= {one.id for one in load_register().risks}
    assert {name for names in ANSWERS.values() for name in names} <= known


def test_without_a_playbook_nothing_was_tried(recorded_run):
    """Where there is no playbook every answer but that of gaming says so."""
    shutil.rmtree(recorded_run / "advice" / "playbook")
    rows = grid(risks.section(Book.of(recorded_run)), "risks").rows
    assert {row[8] for row in rows if row[0] != "The provider games the terms"} == {risks.NOT_TRIED}


def test_one_bidder_knows_no_winners_curse(recorded_run):
    """With one bidder the misjudged bid is said to fall either way; with two, nothing is said."""
    assert "with 1 bidder" in text_of(risks.section(Book.of(recorded_run)))
    path = recorded_run / "summary" / "assumptions.csv"
    rows = read(path)
    for row in rows:
        row["value"] = "2" if row["key"] == "place.opening.bidders" else row["value"]
    write(path, rows)
    path.with_suffix(".parquet").unlink(missing_ok=True)
    assert "no winner’s curse here" not in text_of(risks.section(Book.of(recorded_run)))


def test_a_limit_stands_beside_its_own_measure(recorded_run):
    """The limit stands with the outcome it limits; costs say against what they are counted, and what is in no sum."""
    folder = recorded_run / "advice" / "risks"
    parties = read(folder / "parties.csv")
    for row in parties:
        unit, other = ("qaly", "gbp") if row["party"] == "residents" else ("gbp", "qaly")
        for name, value in (("as_it_is", "52600000.0"), ("without_risks", "314000000.0")):
            row |= {f"{name}_{unit}": value, f"{name}_error_{unit}": "100000.0"}
            row |= {f"{name}_{other}": "", f"{name}_error_{other}": ""}
    write(folder / "parties.csv", parties)
    (folder / "parties.parquet").unlink(missing_ok=True)
    section = risks.section(Book.of(recorded_run))
    row = next(row for row in grid(section, "risk-bearers").rows if row[0].startswith("Provider"))
    assert [plain(cell) for cell in row[:4]] == ["Provider: surplus", "£314m ± £100k", "£52.6m ± £100k", "a loss of £23.0m"]
    text = text_of(section)
    assert "counted from the plan come true" in text
    assert "Not in them: “The contract never starts”" in text


def test_without_the_analysis_the_section_says_what_makes_it(fake_run):
    """A run without the analysis of risks has one sentence with the command."""
    section = risks.section(Book.of(fake_run))
    assert "`stresstest advise RUN`" in text_of(section)
    assert not [b for b in blocks_of(section.blocks) if isinstance(b, Grid)]


def test_a_damaged_table_fails(recorded_run):
    """A table that is no text ends in a DataError that names the file."""
    path = recorded_run / "advice" / "risks" / "scores.csv"
    path.write_bytes(b"risk,party\n\xff\xfe\x00broken,1\n")
    with pytest.raises(DataError) as caught:
        risks.section(Book.of(recorded_run))
    assert "scores.csv" in str(caught.value)


def test_misplaced_risks_are_named(recorded_run):
    """Risks that lie with a party that neither controls nor can carry them are named with who is best able to bear them."""
    bearers = [r for r in read(recorded_run / "advice/risks/bearers.csv") if r["flag"] and r["view"] == "as the contract is"]
    text = text_of(risks.section(Book.of(recorded_run)))
    assert bearers
    for row in bearers:
        assert f"“{row['title']}” lies with the {row['bears_most']}; best able: {row['sentence']}" in text
