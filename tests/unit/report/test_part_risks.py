"""The section of key risks: the register's own rows and figures, who bears them, and what is left."""

import csv
import re
import shutil

import pytest
from pages import says

from stresstest.errors import DataError
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid, Under, words_of
from stresstest.report.parts import risks
from stresstest.report.tracing import MARKED, plain

pytestmark = pytest.mark.unit

#: Digits that are no figure of the run: years, intervals by name, definitions.
NO_FIGURE = re.compile(r"\b\d{4}/\d{2}\b|\b(?:80|90|95)% interval|\b1 in 20\b|\bL\d{2}\b|\bE\d{2}\b")


def read(path):
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path, rows):
    """Write rows as CSV."""
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
    """The table holds the register's first ten risks in its order, each with party, grade and a word for its chance."""
    section = risks.section(Book.of(recorded_run))
    register = read(recorded_run / "advice" / "risks" / "register.csv")[:10]
    rows = grid(section, "risks").rows
    assert [row[0] for row in rows] == [one["title"] for one in register]
    assert all(row[-1].startswith(one["grade"]) for row, one in zip(rows, register, strict=True))
    assert all(row[1].startswith(one["party"]) for row, one in zip(rows, register, strict=True))
    assert all(re.search(r"likely|certain|possibility|chance", plain(row[4])) for row in rows)
    assert len(grid(section, "risk-register").rows) == len(read(recorded_run / "advice" / "risks" / "register.csv"))


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
    assert shown[4].startswith("60.0%")
    assert shown[4].endswith(", likely")
    assert (shown[5], shown[6].split(" ")[0], shown[7]) == ("£123m", "£456m", "789")


def test_a_risk_that_hits_residents_names_who_pays(recorded_run):
    """Where residents are hit hardest the money is that of the party that bears most, and it is named."""
    book = Book.of(recorded_run)
    risks.section(book)
    rows = [row for row in book.papers["risks"].rows if row["party"] == "residents"]
    assert rows
    assert all(row["money_party"] in ("commissioner", "provider", "hospital", "council") for row in rows)
    scores = read(recorded_run / "advice" / "risks" / "scores.csv")
    for row in rows:
        own = next(s for s in scores if (s["risk"], s["party"], s["view"])
                   == (row["risk"], row["money_party"], "as the contract is"))  # fmt: skip
        assert row["mean_gbp"] == float(own["mean_cost_gbp"])


def test_the_residual_is_the_playbooks_own(recorded_run):
    """Before and after are the same futures' chances, nothing done and with the plan's first choice."""
    book = Book.of(recorded_run)
    risks.section(book)
    row = next(one for one in book.papers["risks"].rows if one["party"] == "provider")
    first = next(r for r in read(recorded_run / "advice/playbook/plan.csv") if r["failure"] == "walks_away" and r["mitigation"])
    own = {r["mitigation"]: r for r in read(recorded_run / "advice/playbook/effects.csv")
           if (r["failure"], r["where"]) == ("walks_away", "all futures")}  # fmt: skip
    assert row["residual_before"] == float(own[""]["fails_rate"])
    assert row["residual_after"] == float(own[first["mitigation"]]["fails_rate"])


def test_without_a_playbook_nothing_was_tried(recorded_run):
    """Where there is no playbook every residual but that of gaming says so."""
    shutil.rmtree(recorded_run / "advice" / "playbook")
    rows = grid(risks.section(Book.of(recorded_run)), "risks").rows
    assert {row[8] for row in rows} == {risks.NOT_TRIED}


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
        assert f"“{row['title']}” lies with the {row['bears_most']}, best with the {row['best_able']}" in text
