"""Is draft B better than draft A? Finished runs that live the same futures, compared future by future.

For each strategy and metric: means, paired differences with errors and 95% intervals, the middle 80% of the differences, how
often one is worse; first and second-order stochastic dominance; regret; hurdles; criteria with money and health side by side;
the worth of a QALY at which two drafts change places; and what differs between the drafts. Methods: methods/paired.py,
dominance.py and regret.py. Memory does not follow the number of futures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..study import Study
from .compare_criteria import criteria_rows, hurdle_rows, regret_rows, regretted
from .compare_shared import Drafts, difference_rows, drafts
from .compare_store import Table
from .compare_tables import COLUMNS, METRICS, TABLES, dominance_rows, failure_rows, metric_rows, together_rows
from .compare_words import answer, notes, verdict_rows
from .failures import Failure, failures
from .result import Advice
from .source import Source

Rows = dict[str, list[dict[str, Any]]]
CAPTIONS = {
    "verdicts": "The answer: each draft against the reference, money and health side by side",
    "together": "Money and health of each draft against each other one, and the worth of a QALY at which they change places",
    "money": "Money by party: means, and differences in the same futures (£, present value)",
    "health": "Health: means, and differences in the same futures (QALYs, present value)",
    "scores": "True progress on the outcomes: means, and differences in the same futures (1: the contract's targets)",
    "chances": "Chances of failure, and differences in the same futures",
    "criteria": "Criteria for a choice: money and health side by side; no draft first that another one dominates",
    "regret_money": "Regret in pounds: how much better the best of the drafts would have been in the same future",
    "regret_health": "Regret in QALYs: how much better the best of the drafts would have been in the same future",
    "hurdles": "Share of futures in which hurdles hold",
    "dominance": "Stochastic dominance: the largest violation either way; dominates: no crossing beyond chance was seen",
    "differ": "What differs between the drafts",
}
ORDER = tuple(CAPTIONS)


def compare(
    sources: Sequence[Source], names: Sequence[str] | None = None, say: Callable[[str], None] = lambda _: None, against: str = "",
) -> Advice:  # fmt: skip
    """Finished runs of 2 to 20 drafts compared; `names` of the drafts, `against` the reference (the first unless named).

    The reference sets the hurdles in pounds and is what the answer compares the others with; nothing else depends on the order.
    Errors: ConfigError for runs that do not live the same futures, with the remedy.
    """
    found = drafts(sources, names, against)
    study = found.sources[found.reference].study
    failing = failures(study)
    tables: Rows = {name: [] for name in ORDER}
    for strategy in found.strategies:
        say(f"{len(found.names)} drafts in the same {found.n:,} futures: {strategy} provider")
        of_strategy(Table(found, strategy, COLUMNS, failing), strategy, failing, tables)
    tables["verdicts"] = verdict_rows(found, tables)
    tables["differ"] = difference_rows(found)
    others = [one for one in found.names if one != found.names[found.reference]]
    title = f"{others[0]} against {found.names[found.reference]}" if len(others) == 1 else f"{len(found.names)} drafts compared"
    return Advice(
        "compare", question(others, found.names[found.reference]), title, answer(found, tables), tables, CAPTIONS,
        notes(found, tables["differ"], differing_hurdles(found)), basis(found), facts(found, study),
    )  # fmt: skip


def of_strategy(table: Table, strategy: str, failing: Sequence[Failure], tables: Rows) -> None:
    """Add every row of one strategy."""
    tables["together"] += together_rows(table, strategy)
    for metric in METRICS:
        tables[TABLES[metric.unit]] += metric_rows(table, strategy, metric)
        tables["dominance"] += dominance_rows(table, strategy, metric)
    for one in failing:
        tables["chances"] += failure_rows(table, strategy, one.name, one.words)
    for metric in regretted():
        tables["regret_health" if metric.unit == "qaly" else "regret_money"] += regret_rows(table, strategy, metric)
    tables["hurdles"] += hurdle_rows(table, strategy, failing)
    tables["criteria"] += criteria_rows(table, strategy, failing)


def question(others: Sequence[str], reference: str) -> str:
    """The question as it is asked."""
    return f"Is {others[0]} better than {reference}?" if len(others) == 1 else f"Which of {len(others) + 1} drafts is best?"


def differing_hurdles(found: Drafts) -> bool:
    """Whether the runs' studies set different hurdles."""
    told = [{name: quantity.value for name, quantity in source.study.hurdles.items()} for source in found.sources]
    return any(one != told[0] for one in told)


def basis(found: Drafts) -> str:
    """What figures rest on."""
    runs = ", ".join(f"{name} ({source.manifest['run_id']})" for name, source in zip(found.names, found.sources, strict=True))
    first = found.sources[0]
    parts = [f"{source.counted} of {name}" for name, source in zip(found.names, found.sources, strict=True)
             if source.manifest["condensed"]]  # fmt: skip
    of_these = f"; {', '.join(parts)}" if parts else ""
    return (
        f"Runs {runs}: {found.n:,} common futures of scenario {first.scenario.name}, design {found.design.kind}, seed "
        f"{first.study.seed}{of_these}."
    )


def facts(found: Drafts, study: Study) -> dict[str, Any]:
    """What the page needs besides."""
    return {
        "drafts": list(found.names), "reference": found.names[found.reference], "strategies": list(found.strategies),
        "futures": found.n, "place": study.place.title,
        "scenario": found.sources[0].scenario.name,
    }  # fmt: skip
