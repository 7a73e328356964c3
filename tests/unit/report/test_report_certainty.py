"""How sure the figures are: words that fit the design, intervals by number of futures, bounds by rank, shares of variance."""

import json
from dataclasses import replace

import pytest

from stresstest.layout import DESIGNS
from stresstest.report import certainty
from stresstest.report import words as W
from stresstest.report.book import Book
from stresstest.report.document import words_of
from stresstest.report.parts import annex, method
from stresstest.report.source import Source
from stresstest.report.tracing import Trace, plain

pytestmark = pytest.mark.unit
ALONE = "each independent of all others"
DESIGN_WORDS = {
    "random": "The spread of the futures", "lhs": "Latin hypercubes", "sobol": "scrambled Sobol’ nets",
    "stratified": "729 combinations", "importance": "nearer to a costly failure",
}  # fmt: skip


def drawn_by(folder, kind, antithetic=False):
    """The run with another design in its manifest."""
    source = Source(folder)
    source.manifest["design"] = {"kind": kind, "replicates": 16, "antithetic": antithetic}
    return source


def said_by(make, source):
    """What a function says of a run, as it is printed, without the marks of its numbers."""
    made = make(source, Trace())
    return plain(made) if isinstance(made, str) else replace(made, rows=[[plain(cell) for cell in row] for row in made.rows])


def weigh(source, effective):
    """Unequal weights in the convergence table."""
    for row in source.rows("convergence"):
        if row["measure"] == "effective_futures":
            row["value"] = effective
    return source


@pytest.mark.parametrize("kind", DESIGNS)
def test_the_words_fit_the_design(fake_run, kind):
    """Only the random design claims independent futures, and each says what its errors rest on."""
    said = said_by(certainty.design, drawn_by(fake_run, kind))
    assert said.startswith("100,000 futures were drawn")
    assert (ALONE in said) == (kind == "random")
    assert DESIGN_WORDS[kind].lower() in said.lower()
    assert ("16" in said) == (kind in ("lhs", "sobol", "importance"))
    assert "{" not in said


def test_mirrored_pairs_have_words_of_their_own(fake_run):
    """Pairs are independent and their futures are not."""
    said = said_by(certainty.design, drawn_by(fake_run, "random", antithetic=True))
    assert "mirror image" in said
    assert "spread of the pairs" in said
    assert ALONE not in said


def test_a_manifest_without_a_design_is_random(fake_run):
    """Runs made before there were designs had independent futures."""
    source = Source(fake_run)
    source.manifest.pop("design")
    assert ALONE in said_by(certainty.design, source)


@pytest.mark.parametrize("kind", ["sobol", "importance"])
def test_sections_of_another_design(fake_run, kind):
    """Neither method nor annex claims independent futures, and weights are mentioned where they differ."""
    path = fake_run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["design"] = {"kind": kind, "replicates": 16, "antithetic": False, "tilts": {"calibrated": {"once/policy": 0.2}}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    table = fake_run / "summary" / "convergence.csv"
    if kind == "importance":
        text = table.read_text(encoding="utf-8")
        old = "weights,effective_futures,100000,100000.0"
        assert old in text
        table.write_text(text.replace(old, "weights,effective_futures,100000,58400.0"), encoding="utf-8")
    book = Book.of(fake_run)
    blocks = [*method.section(book).blocks, *annex.section(book).blocks]
    page = "\n".join(plain(text) for block in blocks for text in words_of(block))
    assert ALONE not in page
    assert ("each counted by its weight" in page) == (kind == "importance")
    assert ("58,400 of equal weight" in page) == (kind == "importance")
    assert f"{kind}, 16 replicates" in page
    assert f"--seed 2018 --design {kind}" in page


def test_what_weights_cost(fake_run):
    """Equal weights say nothing; unequal ones say what they are worth, and more only where the design has an aim."""
    source = Source(fake_run)
    assert said_by(certainty.weights, source) == certainty.counted(source) == ""
    weighed = weigh(drawn_by(fake_run, "importance"), 58_400.0)
    assert "100,000 futures tell as much as 58,400 of equal weight" in said_by(certainty.weights, weighed)
    assert "On the costly tail, for which they were drawn so, they tell more." in said_by(certainty.weights, weighed)
    lighter = weigh(Source(fake_run), 90_000.0)
    assert "drawn so" not in said_by(certainty.weights, lighter)
    assert certainty.counted(lighter) == ", each counted by its weight"


def test_headline_figures_by_number_of_futures(fake_run):
    """Estimate and error from all futures, then intervals from all, half and a quarter of them."""
    table = said_by(certainty.headline, Source(fake_run))
    assert table.headings[3:] == tuple(f"95% interval, {n:,} futures" for n in (100_000, 50_000, 25_000))
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Provider's mean surplus"][:3] == ["−£31.0m", "£170k", "−£31.3m to −£30.7m"]
    assert rows["Chance that losses end it early"][:3] == ["75.0%", "0.1 points", "74.7% to 75.3%"]
    assert all(len(row) == len(table.headings) for row in table.rows)


def test_a_run_too_small_to_halve(fake_run):
    """With one number of futures there is one interval, and no claim about fewer."""
    source = Source(fake_run)
    source._read["convergence"] = [r for r in source.rows("convergence") if r["note"] != "first futures"]
    assert len(said_by(certainty.headline, source).headings) == 4
    assert certainty.held(source) == "There are too few futures to look at fewer."


def test_intervals_that_miss_are_named(fake_run):
    """The two intervals of an eighth of the futures, 35 errors away, do not hold the estimate from all."""
    source = Source(fake_run)
    assert certainty.held(source).startswith("Some interval from half of the futures, a quarter and so on misses")
    source._read["convergence"] = [r for r in source.rows("convergence") if r["futures"] > 20_000]
    assert certainty.held(source).startswith("Every interval from half")


def test_every_halving_is_in_the_long_table(fake_run):
    """A row for each measure and number of futures, with how they were chosen."""
    table = said_by(certainty.doubling, Source(fake_run))
    assert [row[2] for row in table.rows] == ["100,000", "50,000", "25,000", "12,500"] * 2
    assert {row[1] for row in table.rows} == {"all futures", "first futures"}


def test_percentiles_stand_beside_their_bounds_by_rank(fake_run):
    """One row a percentile: the design's interval, the interval by rank, and what that supposes."""
    (row,) = said_by(certainty.tails, Source(fake_run)).rows
    assert row[0] == "Commissioner’s net exposure, 95th percentile"
    assert row[1] == "Order statistics 94,865 and 95,136 of 100,000: exact"
    assert row[2:] == ["£134m", "£133m to £135m", "£133m to £135m"]


def test_bounds_that_too_few_futures_cannot_give(fake_run):
    """An interval that is not known is a dash."""
    source = Source(fake_run)
    for row in source.rows("convergence"):
        row["low"] = float("nan")
    assert said_by(certainty.tails, source).rows[0][3:] == [W.NONE, W.NONE]
    assert said_by(certainty.headline, source).rows[0][3] == W.NONE


def test_what_knowing_more_would_tell(fake_run):
    """Shares grow from axes to what is settled before the first year to national draws; the rest is local chance."""
    said = said_by(certainty.knowing, Source(fake_run))
    assert said.startswith("If one knew the whole course of the six uncertainties, 4% of the spread between futures")
    assert said.index("82%") < said.index("89%") < said.index("local chance")
    assert "; if one also knew what is settled before the first year (how far the price misses the cost" in said
    table = said_by(certainty.variance_split, Source(fake_run))
    assert [row[1] for row in table.rows] == ["4.0% (0.9 points)", "82.3% (0.9 points)", "89.3% (0.9 points)"]
    assert table.headings[1].startswith("Net exposure")


def test_levels_of_knowledge_are_those_of_the_analysis():
    """Every level that the analysis writes has words."""
    from stresstest.analysis.variance_split import LEVELS

    assert {level for level, _ in LEVELS} == set(certainty.KNOWING)


def test_measures_and_tails_are_those_of_the_convergence_table():
    """Every measure and every tail that the convergence table holds has words."""
    from stresstest.measures.convergence import DOUBLED, TAILED

    assert set(DOUBLED) <= set(certainty.MEASURES)
    assert {name for name, _ in TAILED} == set(certainty.TAIL_WORDS)
