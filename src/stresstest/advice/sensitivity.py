"""Which uncertainty matters?

    effects        Shapley effects of the axes, and of all that a run records, on each result and each failure
    deltas         how far each recorded column moves the whole distribution of a result
    twin           Sobol' indices of groups of draws on an independent twin of the run
    years          what each axis's value of one year explains
    assumptions    the change from all of the plan's assumptions held to all released, shared out among them
    clauses        each clause taken out of force
    inputs         each judged input at a half and at one and a half times its value (a tornado)
    switching      the value of an input at which a hurdle is crossed
    verdicts       whether so many futures settle each of these, and how many would

Effects, deltas and years explain what the run's own futures hold; the others live fresh futures on which nothing was chosen,
the same for every variant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import layout as L
from ..errors import ConfigError, DataError, nearest
from ..methods.cases import Cases
from ..methods.projection import between, standard
from ..methods.separation import classes_of
from ..methods.shapley import Effects
from . import sensitivity_assumptions, sensitivity_clauses, sensitivity_inputs, sensitivity_twin
from . import sensitivity_words as W
from .failures import Failure, chosen
from .reading import ALL, read_cases
from .result import Advice, Row
from .sensitivity_assumptions import CONTRIBUTION, assumption_rows
from .sensitivity_clauses import ANY_CHANGE, clause_rows
from .sensitivity_columns import column_rows
from .sensitivity_effects import (
    AXES,
    AXIS_PLAYERS,
    NATURE,
    PLAYERS,
    TABLE,
    delta_rows,
    game,
    outcome,
    settled,
    words_of,
)
from .sensitivity_inputs import Trial, switching_rows, tornado_rows
from .sensitivity_twin import twin_rows
from .sensitivity_years import year_rows
from .source import Source, columns_of, live

VERB, QUESTION = "sensitivity", "Which uncertainty matters?"
RESULTS = ("provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp")
#: Players beyond which those that explain least by themselves are put together, and the fewest futures that say anything.
MOST_SINGLE, FEWEST, CLASSES = 10, 40, 16
OTHERS = "all other inputs"
CAPTIONS = {
    "effects": "Shapley effects: shares of the spread of each result, inputs that hang together counted fairly; 95% intervals",
    "columns": "What each recorded quantity explains by itself, for every result and failure",
    "deltas": "Moment-independent measure: how far an input moves the whole distribution, 0 not at all, 1 entirely",
    "twin": "Sobol' indices on an independent twin, not on the run itself: groups of draws by themselves and with all they touch",
    "years": "Share of each result that an axis's value of one year explains by itself",
    "assumptions": "From all assumptions of the plan held to all released: what each adds",
    "clauses": "Each clause taken out of force, in the same futures: what changes",
    "inputs": "Judged inputs at a half and at one and a half times their value, within bounds",
    "switching": "The value at which an input, alone, takes the contract over a hurdle",
    "verdicts": "Whether so many futures settle each table",
}
NOTES = (
    "Effects are exact over all combinations of inputs; an input that only goes with another one shares its effect. An effect of "
    "nothing comes out slightly below 0 as often as above.",
    "Intervals are of sampling alone: that functions of inputs are smooth is not in them. What inputs explain only together is "
    "what boosted trees find, in futures they never saw, beyond the effects; it may belong to any input.",
    "The opening price gap contains an item left out and a late start; growth of funding follows in part from the axes: what two "
    "inputs share is split between them.",
    "The twin is another world, in which axes are independent; in the run they are not.",
    "Clauses and inputs are moved with the provider's strategy held as it is: no new best response.",
    "The twin, assumptions, clauses and inputs rest on fresh random futures, the same for every variant.",
)


@dataclass(frozen=True)
class Effort:
    """Fresh futures that each part lives (a variant, where there are several), and how many inputs get switching values."""

    twin: int = sensitivity_twin.FUTURES
    assumptions: int = sensitivity_assumptions.FUTURES
    clauses: int = sensitivity_clauses.FUTURES
    inputs: int = sensitivity_inputs.FUTURES
    switching: int = sensitivity_inputs.MOST


FULL = Effort()


def sensitivity(
    source: Source, results: Sequence[str] = RESULTS, failing: Sequence[Failure] = (), jobs: int = 2,
    say: Callable[[str], None] = lambda text: None, effort: Effort = FULL,
) -> Advice:  # fmt: skip
    """Which uncertainty matters to these columns of table outcomes and to these failures (default: those of the study).

    Errors: ConfigError for an unknown column; DataError where nothing varies or the run has fewer than FEWEST futures.
    """
    for name in results:
        if name not in L.OUTCOMES:
            raise ConfigError("outcomes have no such column", key="results", value=name, expected=", ".join(L.OUTCOMES),
                              nearest=nearest(name, L.OUTCOMES))  # fmt: skip
    ways = tuple(failing) or chosen(source.study, ())
    say("reading the run")
    read = read_cases(source, ALL, results, ways)
    if source.manifest.get("design", {}).get("kind") == "stratified":
        read = replace(read, groups=None)
    cases, notes = _varying(read)
    notes = [*notes, *_middle(source, ways)]
    names = tuple(cases.results)
    measured = [name for name in results if name in names] or list(names[:1])
    say("sharing out the spread among inputs")
    axis_rows, axes = game(cases, names, AXIS_PLAYERS, AXES)
    nature_rows, nature = game(cases, names, PLAYERS, NATURE)
    say("whole distributions, and years of the axes")
    tables: dict[str, Sequence[Row]] = {
        "effects": [*nature_rows, *axis_rows], "columns": column_rows(cases, names),
        "deltas": delta_rows(cases, measured), "years": year_rows(source, cases, measured, jobs),
        **_lived(source, ways, jobs, say, effort),
    }  # fmt: skip
    tables["verdicts"] = _verdicts(nature, axes, tables)
    still = sorted({name for one in nature for name in one.constant})
    if still:
        notes.append(f"Never varies in these futures, so its effect is 0: {', '.join(words_of(name) for name in still)}.")
    facts = {
        "futures": cases.n, "results": {name: W.result_words(name, ways) for name in names},
        "failures": {one.name: one.words for one in ways},
        "explained": {one.result: one.whole.value for one in nature},
        "explained_by_axes": {one.result: one.whole.value for one in axes},
    }  # fmt: skip
    answer = _answer(nature, axes, measured, ways, tables)
    title = f"Which uncertainty matters: {source.study.contract.title}"
    return Advice(VERB, QUESTION, title, answer, tables, CAPTIONS, [*notes, *NOTES], source.basis, facts)


def _lived(
    source: Source, ways: Sequence[Failure], jobs: int, say: Callable[[str], None], effort: Effort
) -> dict[str, Sequence[Row]]:
    """The tables that live futures of their own."""
    say("the independent twin and the plan's assumptions")
    twin = twin_rows(source.study, source.scenario, source.strategy, effort.twin, jobs)
    held = assumption_rows(source, effort.assumptions, jobs)
    say("clauses and judged inputs")
    clauses, trial = clause_rows(source, ways, effort.clauses, jobs), Trial(source, effort.inputs, jobs)
    swings = tornado_rows(trial)
    return {"twin": twin, "assumptions": held, "clauses": clauses, "inputs": swings,
            "switching": switching_rows(trial, swings, effort.switching)}  # fmt: skip


def _answer(
    nature: Sequence[Effects], axes: Sequence[Effects], measured: Sequence[str], ways: Sequence[Failure],
    tables: Mapping[str, Sequence[Row]],
) -> list[str]:  # fmt: skip
    """The answer in sentences, the main one first."""
    said = [
        W.headline([one for one in nature if one.result in measured], axes, ways),
        *(W.result_sentence(tables["effects"], one.result, NATURE, ways) for one in nature),
        *(W.axes_sentence(one, ways) for one in axes if one.result in measured),
        W.year_sentence(tables["years"], ways), W.assumption_sentence(tables["assumptions"]),
        W.clause_sentence(tables["clauses"]), W.input_sentence(tables["inputs"], tables["switching"]),
        W.verdict_sentence(tables["verdicts"]),
    ]  # fmt: skip
    return [sentence for sentence in said if sentence]


def sensitivity_of_table(
    cases: Cases, results: Sequence[str], groups: Mapping[str, Sequence[str]] | None = None
) -> Advice:
    """Which input matters in a plain table: effects, the moment-independent measure and verdicts.

    `groups` players by name with their columns; otherwise each column is one, and beyond MOST_SINGLE those that explain least by
    themselves stand together. Errors: ConfigError for a column in two groups; DataError where nothing varies or rows are too few.
    """
    for name in results:
        cases.result(name)
    own = replace(cases, results={name: cases.result(name) for name in results})
    varying, notes = _varying(own)
    names = tuple(varying.results)
    players = groups or _single(varying, names)
    rows, found = game(varying, names, players, TABLE)
    tables: dict[str, Sequence[Row]] = {"effects": rows, "deltas": delta_rows(varying, names),
                                        "verdicts": [settled(one, "effects") for one in found]}  # fmt: skip
    still = sorted({name for one in found for name in one.constant})
    if still:
        notes.append(f"Never varies, so its effect is 0: {', '.join(still)}.")
    answer = [
        W.headline(found, [], ()), *(W.result_sentence(rows, name, TABLE, ()) for name in names),
        W.verdict_sentence(tables["verdicts"]),
    ]  # fmt: skip
    explained = {one.result: one.whole.value for one in found}
    facts = {"futures": cases.n, "results": {name: name for name in names}, "explained": explained}
    return Advice(VERB, QUESTION, f"Which input matters to {', '.join(names)}", [a for a in answer if a], tables, CAPTIONS,
                  [*notes, *NOTES[:2]], f"A table of {cases.n:,} rows.", facts)  # fmt: skip


def _varying(cases: Cases) -> tuple[Cases, list[str]]:
    """The cases with the results that vary, and notes on the others. Errors: DataError."""
    if cases.n < FEWEST:
        raise DataError("too few futures to tell anything", key="futures", value=cases.n, expected=f"at least {FEWEST}; run more")
    varies = {name: values for name, values in cases.results.items() if float(np.ptp(values)) > 0.0}
    notes = []
    for name in cases.results:
        if name not in varies:
            value = float(cases.results[name][0])
            told = "never happens" if value == 0.0 else "always happens" if value == 1.0 else f"is always {value:g}"
            notes.append(f"{name} {told} in these futures: there is nothing to explain.")
    if not varies:
        raise DataError("no result varies, so nothing can explain it", key="results", value=", ".join(cases.results),
                        expected="a result that differs between futures; more futures, or another failure")  # fmt: skip
    return replace(cases, results=varies), notes


def _middle(source: Source, ways: Sequence[Failure]) -> list[str]:
    """A note on failures that the central case has already."""
    central = columns_of(live(source.inputs(), 0, 1, 1)[0])
    names = [one.words for one in ways if bool(one.failing(central)[0])]
    return [f"The middle case fails already: {'; '.join(names)}."] if names else []


def _single(cases: Cases, results: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Each column a player; beyond MOST_SINGLE the weakest by themselves as one."""
    if len(cases.names) <= MOST_SINGLE:
        return {name: (name,) for name in cases.names}
    y = standard(cases, results)
    alone = {
        name: max(one.value for one in between(classes_of(cases.values(name), cases.weight, CLASSES), y, cases))
        for name in cases.names
    }
    order = sorted(alone, key=lambda name: -alone[name])
    kept = sorted(order[: MOST_SINGLE - 1], key=cases.names.index)
    return {**{name: (name,) for name in kept}, OTHERS: tuple(order[MOST_SINGLE - 1 :])}


def _verdicts(nature: Sequence[Effects], axes: Sequence[Effects], tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """A verdict on every table and result."""
    found: list[Row] = [settled(one, f"effects, {name}") for name, games in ((NATURE, nature), (AXES, axes)) for one in games]
    parts = [row for row in tables["assumptions"] if row["kind"] == CONTRIBUTION]
    wanted = (
        ("assumptions", "walks_away_probability", "walks_away_probability_error", parts, "assumption"),
        ("assumptions", "exposure_gbp", "exposure_error_gbp", parts, "assumption"),
        ("clauses", ANY_CHANGE, f"{ANY_CHANGE}_error", tables["clauses"], "clause"),
        ("inputs", "swing_walks_away_probability", "swing_walks_away_probability_error", tables["inputs"], "key"),
        ("inputs", "swing_exposure_gbp", "swing_exposure_error_gbp", tables["inputs"], "key"),
    )
    return found + [_verdict(table, value, error, rows, name) for table, value, error, rows, name in wanted if len(rows) > 1]


def _verdict(table: str, value: str, error: str, rows: Sequence[Row], name: str) -> Row:
    """Whether the row that moves most (of clauses: that does most harm) is known to come first; errors taken as independent."""

    def moved(row: Row) -> float:
        return -float(row[value]) if table == "clauses" else abs(float(row[value]))

    first, second = sorted(rows, key=lambda row: -moved(row))[:2]
    n, size = float(first["futures"]), moved(first)
    base = {"table": table, "result": value, "futures": n}
    if size <= 1.96 * float(first[error]):
        return {**base, "verdict": "nothing found", "futures_needed": None, "sentence": "Nothing stands out from chance."}
    gap = max(size - moved(second), 1e-12 * size)
    needed = n * (1.96 * float(np.hypot(first[error], second[error])) / gap) ** 2
    return {**base, **outcome(max(needed, n * (1.96 * float(first[error]) / (0.25 * size)) ** 2), n, str(first[name]))}
