"""The sections of the reverse stress test and of what to watch and do: rows of the analyses, and what a run lacks."""

import shutil

import pytest
from test_part_risks import blocks_of, grid, loose_digits, read, text_of, write, wrong_cells

from stresstest.advice.result import Advice
from stresstest.report.book import Book
from stresstest.report.document import Fold, Grid, Picture
from stresstest.report.parts import reverse, watch
from stresstest.report.tracing import plain

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("part", [reverse, watch])
def test_every_figure_is_a_cell(recorded_run, part):
    """Each cited number is a rounding of the cell it names, and no other digits stand in the section."""
    book = Book.of(recorded_run, "CP3")
    section = part.section(book)
    assert len(book.say.entries) > 50
    assert wrong_cells(book) == []
    assert loose_digits(section) == []


# ── reverse stress test ────────────────────────────────────────────────────────────────────────────────────────────
def test_every_failure_has_its_way(recorded_run):
    """Each failure of the analysis has a row with its largest shock, and another with the last year to turn it."""
    section = reverse.section(Book.of(recorded_run))
    points = read(recorded_run / "advice/reverse/reverse_points.csv")
    rows, times = grid(section, "reverse").rows, grid(section, "reverse-times").rows
    assert [plain(row[1]) for row in rows] == [one["words"] for one in points] == [plain(row[0]) for row in times]
    shocks = read(recorded_run / "advice/reverse/reverse_shocks.csv")
    for row, one in zip(rows, points, strict=True):
        largest = max((s for s in shocks if s["failure"] == one["failure"]), key=lambda s: float(s["distance_share"]))
        assert largest["words"] in plain(row[2])


def test_a_clause_that_carries_it_is_named(recorded_run):
    """The clause without which a failure is rarer stands with both chances; where none does, the cell says so."""
    cells = [plain(row[3]) for row in grid(reverse.section(Book.of(recorded_run)), "reverse").rows]
    carried = {r["failure"] for r in read(recorded_run / "advice/reverse/reverse_clauses.csv") if r["carries_it"] == "True"}
    points = [r["failure"] for r in read(recorded_run / "advice/reverse/reverse_points.csv")]
    assert carried
    assert [cell != "none alone" for cell in cells] == [name in carried for name in points]


def test_of_several_clauses_the_one_that_carries_most_is_named(recorded_run):
    """Where two clauses carry a failure, the one without which it is rarest stands in the row."""
    path = recorded_run / "advice/reverse/reverse_clauses.csv"
    rows = read(path)
    for row in rows:
        carries = {"cap_and_collar": "0.001", "gain_loss_share": "0.3"}.get(row["clause"])
        row |= {"carries_it": str(carries is not None), "without_probability": carries or row["without_probability"]}
    write(path, rows)
    cells = [plain(row[3]) for row in grid(reverse.section(Book.of(recorded_run)), "reverse").rows]
    assert all(cell.startswith("cap and collar: without it 0.1%, with it ") for cell in cells)


def test_a_rescue_that_never_saves_half_says_so(recorded_run):
    """Where even the first year is too late the cell does not name a year."""
    late = [plain(row[-1]) for row in grid(reverse.section(Book.of(recorded_run)), "reverse-times").rows]
    facts = Book.of(recorded_run).advice("reverse").facts["best_rescue"]
    expected = ["it never saves half" if one["too_late_year"] == 1 else one["too_late"] for one in facts.values()]
    assert late == expected
    assert "it never saves half" in late


def test_pairs_are_folded(recorded_run):
    """Two shocks together are folded away, with every row of the analysis."""
    section = reverse.section(Book.of(recorded_run))
    (fold,) = [b for b in blocks_of(section.blocks) if isinstance(b, Fold)]
    assert not fold.printed
    assert len(fold.blocks[0].table.rows) == len(read(recorded_run / "advice/reverse/reverse_pairs.csv"))


# ── what to watch ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_best_sign_of_each_failure(recorded_run):
    """The table holds the first sign that was found for each failure, with its own figures."""
    signs = [row for row in read(recorded_run / "advice/signposts/signposts.csv") if row["found"] == "True"]
    first = {row["failure"]: row for row in reversed(signs)}
    section = watch.section(Book.of(recorded_run))
    rows = grid(section, "signs").rows
    assert len(rows) == len(first)
    for row, one in zip(rows, dict.fromkeys(s["failure"] for s in signs), strict=True):
        assert plain(row[2]).endswith(first[one]["limit"])
        assert plain(row[6]) == f"{100 * float(first[one]['hit_rate']):.1f}%"
    every = [(one["failure"], one["year"]) for one in signs]
    assert len(grid(section, "all-signs").rows) == len(set(every)) < len(every)
    assert "signposts_monitoring" in [b.chart for b in blocks_of(section.blocks) if isinstance(b, Picture)]


def test_the_first_choice_stands_beside_doing_nothing(recorded_run):
    """Each eventuality has one row: chance with nothing done and with the first choice, money of three parties and health."""
    plan = read(recorded_run / "advice/playbook/plan.csv")
    rows = grid(watch.section(Book.of(recorded_run)), "actions").rows
    nothing, first = ([one for one in plan if one["rank"] == rank] for rank in ("0", "1"))
    assert len(rows) == len(nothing)
    assert [plain(row[1]) for row in rows] == [one["what"] for one in first]
    for row, before, after in zip(rows, nothing, first, strict=True):
        assert plain(row[3]).startswith(f"{100 * float(before['fails_rate']):.1f}%")
        assert plain(row[4]).startswith(f"{100 * float(after['fails_rate']):.1f}%")
        assert len(row) == 11


def test_an_eventuality_without_help_says_so(recorded_run):
    """Where the plan has no first choice the table says that nothing in the library clearly helps."""
    path = recorded_run / "advice/playbook/plan.csv"
    plan = read(path)
    write(path, [row for row in plan if row["failure"] != plan[0]["failure"] or row["rank"] == "0"])
    rows = grid(watch.section(Book.of(recorded_run)), "actions").rows
    assert rows[0][1] == "nothing in the library clearly helps"


@pytest.mark.parametrize(("checkpoint", "printed"), [("CP2", False), ("CP3", True)])
def test_before_go_live_all_signs_are_printed(recorded_run, checkpoint, printed):
    """CP3 prints every sign and the three best of the plan; CP2 folds them away; CP1 has no such section."""
    section = watch.section(Book.of(recorded_run, checkpoint))
    folds = {fold.blocks[0].table.name: fold.printed for fold in blocks_of(section.blocks) if isinstance(fold, Fold)}
    assert folds["all-signs"] is printed
    assert folds["plan"] is printed
    assert folds["late"] is False
    assert "CP1" not in section.checkpoints


@pytest.mark.parametrize(("verb", "words"), [
    ("signposts", "What to watch has not been worked out"), ("playbook", "What to do when it happens has not been worked out"),
    ("tradeoffs", "What is given up for what has not been worked out"),
])  # fmt: skip
def test_what_is_missing_is_said(recorded_run, verb, words):
    """Each analysis that a run lacks is named in a sentence with the command, and the rest stands."""
    shutil.rmtree(recorded_run / "advice" / verb)
    section = watch.section(Book.of(recorded_run))
    text = text_of(section)
    assert f"{words} for this run: `stresstest advise RUN` makes it." in text
    assert text.count("has not been worked out") == 1
    assert [b for b in blocks_of(section.blocks) if isinstance(b, Grid)]


def test_a_run_without_analyses_fails_nowhere(fake_run):
    """A run without any analysis has sentences instead of tables."""
    book = Book.of(fake_run)
    for part in (reverse, watch):
        section = part.section(book)
        assert "`stresstest advise RUN`" in text_of(section)
        assert not [b for b in blocks_of(section.blocks) if isinstance(b, Grid)]


def test_drafts_are_shown_where_they_were_compared(recorded_run):
    """Drafts compared have a table with money and health side by side; without a comparison there is none."""
    folder = recorded_run / "advice" / "compare"
    shutil.rmtree(folder, ignore_errors=True)
    assert "Drafts compared" not in text_of(watch.section(Book.of(recorded_run)))
    row = {
        "draft": "reworded", "against": "as it is", "strategy": "honest", "costs_more_gbp": -5e6, "costs_more_error_gbp": 1e5,
        "health_more_qaly": 12.0, "health_more_error_qaly": 0.5, "better_on_both_probability": 0.75,
        "worse_on_both_probability": 0.125,
    }  # fmt: skip
    basis = Book.of(recorded_run).source.manifest["run_id"]
    Advice("compare", "q", "t", ["a"], {"together": [row]}, basis=basis, facts={}).write(folder)
    (shown,) = grid(watch.section(Book.of(recorded_run)), "compared").rows
    assert [plain(cell) for cell in shown] == [
        "reworded", "as it is", "honest", "−£5.0m ± £100k", "12.0 ± 0.50", "75.0%", "12.5%",
    ]  # fmt: skip
