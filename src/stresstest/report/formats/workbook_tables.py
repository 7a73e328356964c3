"""Which tables of a run and of its analyses the workbook shows, and what each is called: a sheet each, in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..advice_index import ADVICE, ANALYSES
from ..book import Book
from ..papers import CHANCE, NUMBER, Column
from ..source import Row
from .meanings import column_of
from .sheet import Sheet, sheet_of

#: table of summary/: (tab, title).
RUN_TABLES = {
    "hurdles": ("Hurdles", "Each party against its hurdle, by scenario, strategy and path"),
    "hurdles_by_year": ("Hurdles by year", "Chance of each failure by year"),
    "bridge": ("Bridge", "From the start to the low point of the provider's surplus, before and after every fix of wording"),
    "savings": ("Savings", "Results where savings are missed or come late"),
    "exit_costs": ("Exit costs", "What an early end costs, by year and cause"),
    "exceedance": ("Exceedance", "Chance that the commissioner's exposure passes each amount"),
    "starting": ("Before the start", "What comes before the first year, and results with it counted in"),
    "strategies": ("Strategies", "What each strategy of the provider does"),
    "swings": ("Swings", "Judged inputs changed one at a time"),
    "assumption_switches": ("Assumptions held", "The seven assumptions of the plan, held or released"),
    "dependence": ("Dependence", "Results under other ways of joining the uncertainties"),
    "correlations": ("Correlations", "Correlations of the six axes, asked for and achieved"),
    "variance_split": ("Variance split", "How much of the variance is known before the first year"),
    "null_test": ("Null test", "What each clause pays a provider that changes nothing"),
    "history": ("History", "The axes against the historical record"),
    "assumptions": ("Inputs", "Every input of the study, with unit, source and quality"),
    "convergence": ("Convergence", "How results settle as futures are added"),
    "stories": ("Stories", "Single futures told in words"),
}
#: (analysis, table): (tab, title).
ADVICE_TABLES = {
    ("sensitivity", "inputs"): ("Tornado inputs", "Each input at its lower and upper value, one at a time"),
    ("sensitivity", "switching"): ("Switching values", "Value of each input at which a hurdle is reached"),
    ("sensitivity", "effects"): ("Shares of variance", "How much of each result each uncertainty answers for"),
    ("sensitivity", "clauses"): ("Clauses removed", "Results without each clause"),
    ("reverse", "reverse_points"): ("Reverse stress", "Smallest joint shock that brings each failure"),
    ("reverse", "reverse_shocks"): ("Reverse shocks", "What that shock is made of"),
    ("reverse", "reverse_singles"): ("Single shocks", "Single shocks that bring each failure"),
    ("breakeven", "solutions"): ("Break-even", "How much of each handle would be enough"),
    ("discover", "boxes"): ("Where it fails", "Simple rules that tell futures which fail"),
    ("risks", "register"): ("Risk register", "Risks, each at its worst party"),
    ("risks", "scores"): ("Risk scores", "Likelihood, impact and score of every risk for every party"),
    ("risks", "bearers"): ("Risk bearers", "Who bears each risk, who controls it and who could carry it"),
    ("risks", "together"): ("Risks together", "Costs of risks added up, and all at once"),
    ("tradeoffs", "one_at_a_time"): ("Trade-offs", "One parameter of the contract changed at a time"),
    ("tradeoffs", "frontier"): ("Frontier", "Wordings that no other beats"),
    ("playbook", "plan"): ("Plan", "What to do about each failure, best first"),
    ("playbook", "mitigations"): ("Mitigations", "Each mitigation in all futures"),
    ("signposts", "pack"): ("Monitoring", "What to watch in each year, with limits"),
    ("signposts", "scorecards"): ("Scorecards", "Signs counted together"),
}
STATISTICS = ("mean", "sd", "p2.5", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p97.5", "p99", "cte95", "cte99",
              "probability", "probability_negative", "central")  # fmt: skip
_MEANINGS = {
    "mean": "mean over futures", "sd": "standard deviation over futures",
    "cte95": "mean of the worst 1 in 20", "cte99": "mean of the worst 1 in 100",
    "probability": "probability", "probability_negative": "probability of less than 0", "central": "central case",
    "mean_error": "Monte Carlo standard error of the mean, or of the probability where there is no mean",
}  # fmt: skip
_KEYS = ("scenario", "strategy", "party", "metric", "year")
SUMMARY = "summary/summary.csv"
WHOLE_TERM, BY_YEAR, ALL_FIGURES = "Whole term", "By year", "All figures"


def run_sheets(book: Book) -> Iterator[Sheet]:
    """Sheets of the tables of the run itself, those that are there."""
    yield from summary_sheets(book)
    for table, (tab, title) in RUN_TABLES.items():
        file = f"summary/{table}.csv"
        found = sheet_of(tab, title, book.source.folder / file, file)
        if found:
            yield found


def advice_sheets(book: Book) -> Iterator[Sheet]:
    """Sheets of the tables of the analyses made of the run; none of an analysis that was not made."""
    for (verb, table), (tab, title) in ADVICE_TABLES.items():
        file = f"{ADVICE}/{verb}/{table}.csv"
        found = sheet_of(tab, title, book.source.folder / file, file, (f"Analysis “{ANALYSES[verb]}” of this run.",))
        if found and book.advice(verb):
            yield found


def summary_sheets(book: Book) -> Iterator[Sheet]:
    """The long summary as three sheets: statistics side by side for the whole term and by year, and every figure as it is."""
    rows = book.source.rows("summary")
    if not rows:
        return
    yield _crossed(WHOLE_TERM, "Results over the whole contract: present values and chances, by party", rows, whole=True)
    yield _crossed(BY_YEAR, "Results by year: quantiles and chances", rows, whole=False)
    names = list(rows[0])
    notes = ("In long form, as in the file: one figure a row, with its Monte Carlo standard error and 95% interval.",)
    yield Sheet(ALL_FIGURES, "Every figure of the summary", [column_of(one) for one in names], rows, SUMMARY, notes)


def _crossed(tab: str, title: str, rows: Sequence[Row], whole: bool) -> Sheet:
    """Rows of the summary with statistics side by side."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        if bool(row["year"]) == (not whole):
            key = tuple(str(row[name] or "") for name in _KEYS)
            one = found.setdefault(key, dict(zip(_KEYS, key, strict=True)) | {"unit": row["unit"]})
            one[row["statistic"]] = row["value"]
            if row["statistic"] in ("mean", "probability"):
                one.setdefault("mean_error", row["error"])
    used = [name for name in STATISTICS if any(name in one for one in found.values())]
    left = [name for name in _KEYS if not (whole and name == "year")]
    columns = [*(column_of(name) for name in (*left, "unit")), *(_statistic(name) for name in [*used, "mean_error"])]
    notes = ("Quantiles are taken of each figure by itself, and do not add up; means do.",)
    return Sheet(tab, title, columns, list(found.values()), SUMMARY, notes)


def _statistic(name: str) -> Column:
    words = _MEANINGS.get(name) or f"{name.removeprefix('p')}th percentile of futures"
    unit = CHANCE if name.startswith("probability") else NUMBER
    heads = {"mean_error": "Standard error", "sd": "SD"}
    return Column(name, heads.get(name, name.replace("_", " ").capitalize()), unit, words)


def gaming_sheet(book: Book, tables: Mapping[str, Any]) -> Iterator[Sheet]:
    """The catalogue of ways to game, as the run found them."""
    title = "Ways to game the contract: gain, harm, fix and what is left"
    found = sheet_of("Gaming", title, tables["gaming"], "report/tables/gaming.csv")
    if found:
        yield found



