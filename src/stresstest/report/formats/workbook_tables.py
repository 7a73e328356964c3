"""Which tables of a run and of its analyses the workbook shows, and what each is called: a sheet each, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..advice_index import ADVICE, ANALYSES
from ..book import Book
from ..papers import CHANCE, Column
from ..source import Row
from .meanings import column_of
from .meanings_advice import ROW
from .sheet import Sheet, read_rows, sheet_of

#: table of summary/: (tab, title).
RUN_TABLES = {
    "hurdles": ("Hurdles, each path", "Each party against its hurdle, by scenario, strategy and path"),
    "hurdles_by_year": ("Hurdles by year", "Chance of each failure by year"),
    "bridge": ("Bridge, every scenario", "Provider's surplus to date, cause by cause, before and after every fix"),
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
    ("sensitivity", "assumptions"): ("Assumptions shared out", "What each of the plan's assumptions adds, all orders averaged"),
    ("reverse", "reverse_points"): ("Reverse stress", "Smallest joint shock that brings each failure"),
    ("reverse", "reverse_shocks"): ("Reverse shocks", "What that shock is made of"),
    ("reverse", "reverse_singles"): ("Single shocks", "Single shocks that bring each failure"),
    ("reverse", "reverse_pairs"): ("Pairs of shocks", "Pairs of shocks that bring each failure"),
    ("reverse", "reverse_clauses"): ("Clauses at the point", "What each clause does at the nearest point of failure"),
    ("reverse", "reverse_warning"): ("Warning", "How long before a failure it can be seen coming"),
    ("reverse", "reverse_rescues"): ("Rescues by year", "What a rescue still saves, by the year in which it begins"),
    ("breakeven", "solutions"): ("Break-even", "How much of each handle would be enough"),
    ("discover", "boxes"): ("Where it fails", "Simple rules that tell futures which fail"),
    ("risks", "register"): ("Risks scored", "Risks, each at its worst party, with bands, grades and sources"),
    ("risks", "scores"): ("Risk scores by party", "Likelihood, impact and score of every risk for every party"),
    ("risks", "bearers"): ("Who bears each risk", "Who bears each risk, who controls it and who could carry it"),
    ("risks", "together"): ("Risks together", "Costs of risks added up, and all at once"),
    ("risks", "parties"): ("Means of the parties", "What costs are compared with, and what each party can bear"),
    ("tradeoffs", "one_at_a_time"): ("Trade-offs", "One parameter of the contract changed at a time"),
    ("tradeoffs", "frontier"): ("Frontier", "Wordings that no other beats"),
    ("playbook", "plan"): ("Plan in full", "What to do about each failure, best first"),
    ("playbook", "acting_late"): ("Acting late", "What is left where a mitigation is agreed only once the sign is seen"),
    ("playbook", "mitigations"): ("Mitigations", "Each mitigation in all futures"),
    ("signposts", "pack"): ("Monitoring in full", "What to watch in each year, with limits"),
    ("signposts", "scorecards"): ("Scorecards", "Signs counted together"),
}
#: Tables of the run that show how far it can be trusted rather than what it found.
AUDIT_TABLES = frozenset({"null_test", "history", "correlations", "dependence", "variance_split", "convergence",
                          "assumptions"})  # fmt: skip
#: How to read a table, by its file.
NOTES = {
    "summary/hurdles.csv":
        "The worst point of a path is its lowest value where above is better and its highest where below is; the path “1 in 10” "
        "is the adverse one, which 1 future in 10 is worse than.",
    "summary/hurdles_by_year.csv":
        "Chances are of all contracts, those that have ended by then too; “running” on sheet By year says how many still run.",
    "summary/bridge.csv":
        "The first and last row of each bridge are levels; the rows between are changes, and start and changes add up to the "
        "last row. All are means over futures of the surplus to date, undiscounted.",
    "summary/exit_costs.csv":
        "Step-in is care after the provider has left, beyond the agreed budget. Most of it would arise anyway, as overspending "
        "by a provider that stayed.",
    "summary/convergence.csv": "Values are in the unit of the measure: pounds for exposure and surplus, shares for chances.",
    "summary/assumptions.csv":
        "Every number of the effective configuration is a row. The assumptions register counts otherwise; its notes say how.",
    "advice/sensitivity/clauses.csv":
        "Changes are what taking the clause out does. The verdict goes by one count, the change of the chance that any hurdle is "
        "missed: “does harm” where it falls without the clause by more than 1.96 standard errors, “does good” where it rises "
        "so; money has no part in it.",
    "advice/playbook/mitigations.csv":
        "Chances are with the mitigation; money and health are changes against doing nothing, in the same futures. Above 0 "
        "costs the commissioner and public bodies more; above 0 is a gain of surplus and health.",
    "advice/playbook/plan.csv":
        "Money and health are changes against doing nothing, in the same futures. Above 0 costs the commissioner and public "
        "bodies more; above 0 is a gain of surplus and health.",
    "advice/risks/scores.csv":
        "A cost is what the party bears with the risk less what it bears without it, in the same futures; of the provider it is "
        "surplus forgone. Cells for residents are in QALYs.",
}  # fmt: skip
STATISTICS = ("mean", "sd", "p2.5", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p97.5", "p99", "cte95", "cte99",
              "probability", "probability_negative", "central")  # fmt: skip
_MEANINGS = {
    "mean": "mean over futures", "sd": "standard deviation over futures",
    "cte95": "mean of the worst 1 in 20", "cte99": "mean of the worst 1 in 100",
    "probability": "how often it happens, over futures", "probability_negative": "probability of less than 0",
    "central": "central case",
    "mean_error": "Monte Carlo standard error of the mean, or of the probability where there is no mean",
}  # fmt: skip
_KEYS = ("scenario", "strategy", "party", "metric", "year")
SUMMARY = "summary/summary.csv"
YEARLY = "Metrics that end in npv are present values of the whole term; figures of single years are not discounted."
CROSSED = f"Made from {SUMMARY}: its statistics are set side by side; intervals and methods are on sheet All figures."
DETAIL, AUDIT = "Detail", "Audit"
WHOLE_TERM, BY_YEAR, ALL_FIGURES = "Whole term", "By year", "All figures"


def run_sheets(book: Book) -> Iterator[Sheet]:
    """Sheets of the tables of the run itself, those that are there."""
    yield from summary_sheets(book)
    for table, (tab, title) in RUN_TABLES.items():
        file = f"summary/{table}.csv"
        found = sheet_of(tab, title, book.source.folder / file, file, _note(file))
        if found:
            yield replace(found, group=AUDIT if table in AUDIT_TABLES else DETAIL)


def _note(file: str) -> tuple[str, ...]:
    return (NOTES[file],) if file in NOTES else ()


def advice_sheets(book: Book) -> Iterator[Sheet]:
    """Sheets of the tables of the analyses made of the run; none of an analysis that was not made."""
    for (verb, table), (tab, title) in ADVICE_TABLES.items():
        file = f"{ADVICE}/{verb}/{table}.csv"
        notes = (f"Analysis “{ANALYSES[verb]}” of this run.", *_note(file))
        found = sheet_of(tab, title, book.source.folder / file, file, notes, _parameters(book) if verb == "tradeoffs" else None)
        if found and book.advice(verb):
            yield replace(found, group=DETAIL)


def _parameters(book: Book) -> dict[str, str]:
    """What the drafts of the trade-offs set, by the columns that hold it."""
    path = book.source.folder / ADVICE / "tradeoffs" / "parameters.csv"
    rows = read_rows(path)[1] if path.is_file() else []
    bare = (str(row.get("parameter")).replace("'", "").replace("’", "") for row in rows)
    stems = {re.sub(r"[^A-Za-z0-9]+", "_", name): str(row.get("words")) for name, row in zip(bare, rows, strict=True)}
    units = ("_share", "_years", "_gbp", "")
    return {f"{stem}{unit}": f"the draft sets: {words}" for stem, words in stems.items() for unit in units}


def summary_sheets(book: Book) -> Iterator[Sheet]:
    """The long summary as three sheets: statistics side by side for the whole term and by year, and every figure as it is."""
    rows = book.source.rows("summary")
    if not rows:
        return
    yield _crossed(WHOLE_TERM, "Results over the whole contract: present values and chances, by party", rows, whole=True)
    yield _crossed(BY_YEAR, "Results by year, undiscounted: means, quantiles and chances", rows, whole=False)
    names = list(rows[0])
    notes = ("In long form, as in the file: one figure a row, with its Monte Carlo standard error and 95% interval.",)
    columns = [column_of(one, beside=names) for one in names]
    yield Sheet(ALL_FIGURES, "Every figure of the summary", columns, rows, SUMMARY, (*notes, YEARLY), group=DETAIL)


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
    notes = ("Quantiles are taken of each figure by itself, and do not add up; means do.", YEARLY)
    return Sheet(tab, title, columns, list(found.values()), SUMMARY, notes, group=DETAIL, made=CROSSED)


def _statistic(name: str) -> Column:
    words = _MEANINGS.get(name) or f"{name.removeprefix('p')}th percentile of futures"
    unit = CHANCE if name.startswith("probability") else ROW
    heads = {"mean_error": "Standard error", "sd": "SD"}
    return Column(name, heads.get(name, name.replace("_", " ").capitalize()), unit, words)


def gaming_sheet(book: Book, tables: Mapping[str, Any]) -> Iterator[Sheet]:
    """The catalogue of ways to game, as the run found them."""
    title = "Ways to game the contract: gain, harm, fix and what is left"
    found = sheet_of("Gaming in full", title, tables["gaming"], "report/tables/gaming.csv")
    if found:
        yield replace(found, group=DETAIL)



