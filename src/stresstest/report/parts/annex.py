"""Section of the report: words, how to trace a number, how to make the run again, and what lies where."""

from __future__ import annotations

from .. import words as W
from ..book import Book
from ..document import Code, Fold, Grid, Section, Terms, Text, Under
from ..papers import FOLDER
from ..papers.likelihood import likelihood_words
from ..table import Table

RANDOM = "random"
GLOSSARY = (
    ("Calibrated law",
     "the joint law of the six uncertainties that was fitted to, or judged by, the record; the report is about it unless it "
     "says otherwise"),
    ("Central case", "the one life in which every chance takes its middle; in no probability and no average"),
    ("Clause", "a part of the contract that moves money: one payer, one payee, one signed amount a year"),
    ("Exposure", "what the commissioner pays, or must fund, beyond the budget agreed at signature; net of what comes back"),
    ("Future", "one draw of everything that nature decides, over all years"),
    ("Gamed", "a provider that uses every lever that pays, in the same futures as the honest one"),
    ("Honest", "a provider that does what pays it best without gaming"),
    ("Hurdle", "what is too bad for a party; a judgement of the study"),
    ("Interval of 80%", "from the tenth to the ninetieth of a hundred futures in order"),
    ("Lever", "one way in which a provider may game"),
    ("Mean of the worst 1 in 20", "average over the worst twentieth of futures (conditional tail expectation)"),
    ("Opening price", "the first annual payment; the gap is what it misses the cost by"),
    ("Paired", "compared future by future, so that luck is the same on both sides"),
    ("Present value", "amounts of later years counted less, year by year, by the discount rate"),
    ("QALY", "quality-adjusted life year"),
    ("Settled",
     "said of an answer that no judged input turns when it is moved alone; inputs that were not moved, and several moved "
     "together, may turn it"),
    ("Standard error", "how far a figure would be out, typically, over other draws of as many futures"),
    ("Step-in", "the commissioner running the services after an early end, until they are let again"),
    ("True score", "progress on the outcomes as it is, whatever is reported: 0 the start, 1 the contract’s own targets"),
)  # fmt: skip
FILES = (
    ("report/index.html", "this report; the accessible original"),
    ("report/trace.csv", "every number that the report prints: its section, file, line and column, and cell of the workbook"),
    ("report/tables/", "tables that the report joins: register, risks, hurdles, decisions, data log and others"),
    ("report/figures/", "each chart as SVG, PNG and the numbers in it as CSV"),
    ("summary/", "every figure of the run with error and interval, and the small tables beside it; CSV and Parquet"),
    ("tables/", "Parquet tables futures, outcomes, years and gaming: a row for each future, with units in the files"),
    ("advice/", "the analyses of this run, where they have been made"),
    ("config.effective.toml", "everything that went in, with every default filled in"),
    ("assurance.toml", "roles, signatures, decisions and owners, where the run has a record of its own"),
    ("manifest.json", "status, hashes, seed, versions, timings, checks"),
    ("checks.json, run.log, datapackage.json", "checks, log and a description of the tables for other programs"),
)  # fmt: skip


def section(book: Book) -> Section | None:
    """Glossary, tracing, reproduction, files."""
    return Section("annex", "Annex: words, tracing, reproduction", [
        Under("How to trace a number", [Text(tracing_words())]),
        Under("How to make this run again", [
            Code(commands(book)), Grid(facts(book)), Fold("What lies where in the run folder", [Grid(files())]),
        ]),
        Under("Words", [Grid(scale(book), f"{FOLDER}/likelihood_words.csv"), Fold("Glossary", [Terms(GLOSSARY)], printed=True)]),
    ])  # fmt: skip


def tracing_words() -> str:
    """The way from a printed number to its source."""
    return (
        "On screen, point at a number: its file, line and column are shown, counted from the top of the run folder. The "
        "same list, with each number unrounded, is [trace.csv of this report](trace.csv). From a table in `summary/` the "
        "way goes on by `stresstest explain RUN --future K`, which tells one future year by year and clause by clause, to "
        "the penny; from an input, by its id in the [register of assumptions](#register), to a source. Codes in sources that "
        "begin with D- (facts of contracts, places and prices), J- (judged ranges) or E (evidence on behaviour) name entries of "
        "the register of evidence: evidence.md in the review pack, `docs/evidence.md` of the program. Worked numbers of the "
        "method book have labels of their own."
    )


def commands(book: Book) -> list[str]:
    """What to type to check the run, make it again, and write its papers."""
    manifest = book.source.manifest
    run, study = manifest["run_id"], manifest.get("study", {}).get("name", "STUDY")
    kind = book.source.design.kind
    chosen = "" if kind == RANDOM else f" --design {kind}"
    said = (
        (f"stresstest verify reports/runs/{run}", "every hash and check again"),
        (f"stresstest reproduce reports/runs/{run}", "run it again and compare"),
        (f"stresstest run {study} --seed {manifest.get('seed')}{chosen}", "the same study afresh"),
        (f"stresstest advise reports/runs/{run}", "the analyses"),
        (f"stresstest report reports/runs/{run}", "this report"),
    )
    return [line for command, words in said for line in (f"# {words}", command)]


def facts(book: Book) -> Table:
    """What identifies the run and what made it."""
    manifest = book.source.manifest
    made_by = manifest.get("provenance", {})
    git = made_by.get("git") or {}
    libraries = made_by.get("libraries") or {}
    rows = [
        ("Run", manifest["run_id"]), ("Results hash", manifest.get("results_hash")), ("Inputs hash", manifest["inputs_hash"]),
        ("Seed", manifest.get("seed")), ("Design", design(book)),
        ("Futures", ", ".join(f"{W.scenario_title(name)} {book.source.counted(name)}" for name in book.source.scenarios)),
        ("Version", made_by.get("stresstest")),
        ("Code", f"{git.get('commit', '')}{', with changes that were not committed' if git.get('dirty') else ''}"),
        ("Python", made_by.get("python")), ("Libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())),
        ("Made", manifest.get("created")),
    ]  # fmt: skip
    shown = [[name, str(value)] for name, value in rows if value not in (None, "")]
    return Table("reproduction", "What this run is, and what made it", ("Fact", "Value"), shown, 0)


def design(book: Book) -> str:
    """"random", "random, mirrored pairs", "sobol, 16 replicates"."""
    one = book.source.design
    more = {"pairs": ", mirrored pairs", "replicates": f", {one.replicates} replicates"}
    return str(one.kind) + more.get(one.units, "")


def files() -> Table:
    """What lies where."""
    return Table("files", "Files of a run folder", ("File", "What it holds"), [[f"`{name}`", what] for name, what in FILES], 0)


def scale(book: Book) -> Table:
    """The words for chances."""
    rows = [
        [W.sentence(str(row["words"])), f"{book.say.percent(row, 'low', 0)} to {book.say.percent(row, 'high', 0)}"]
        for row in likelihood_words(book).rows
    ]
    caption = "Words for chances (PHIA scale); a chance between two bands takes the word of the nearer one"
    return Table("likelihood_words", caption, ("Word", "Chance"), rows, 1)


