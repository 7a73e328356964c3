"""In which futures does it fail? A few limits on a few inputs that hold most failures, found on half of the futures and judged on
the other half; first by the six axes alone, then by all that nature decides; beside a tree, and beside the named scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ConfigError
from ..methods.box import Box
from ..methods.cases import Cases
from ..methods.prim import MOST_BOXES, require_both, search
from ..methods.prim_checks import judge
from . import discover_answer as A
from . import discover_tables as T
from .discover_regions import NATURE, Look, Region, look, regions, sampled
from .discover_scenarios import beside, median
from .failures import Failure, chosen
from .reading import ALL, AXIS_MEANS, read_cases
from .result import Advice
from .source import Source, columns_of, live

__all__ = ["Region", "discover", "discover_of_table", "regions"]

VERB, QUESTION, TITLE = "discover", "In which futures does it fail?", "Where it fails"
#: What the ends of the axes must add to Youden's index before they are taken in beside the means.
ENDS_ADD = 0.02
AXES, ALL_NATURE, GIVEN = "the six axes", "all that nature decides", "the inputs given"
Say = Callable[[str], None]
Halves = tuple[Cases, Cases]


def _silent(text: str) -> None:
    """Nothing."""


def discover(
    source: Source, failing: Sequence[Failure] = (), factors: Sequence[str] | None = None, jobs: int = 2, say: Say = _silent
) -> Advice:
    """The regions of a run's futures in which its contract fails, for each failure (default: those of the study).

    `factors` columns of table futures, instead of the six axes and then all that nature decides. `jobs` threads for the central
    case. Errors: ConfigError where every failure always or never happens, or for an unknown factor.
    """
    wanted = list(failing or chosen(source.study, ()))
    cases = read_cases(source, tuple(factors or ALL), (), wanted)
    usable = _usable(cases, [one.name for one in wanted])
    names = cases.constant()
    sets = [(GIVEN, list(factors))] if factors else [(AXES, list(AXIS_MEANS)), (ALL_NATURE, list(NATURE))]
    looks, part = _looks(cases, usable, [(name, [n for n in own if n not in names]) for name, own in sets], say)
    say("the other scenarios of the run")
    scenarios, sides = beside(source, looks, wanted)
    central = columns_of(live(source.inputs(), 0, 1, jobs)[0])
    middle = _middle(cases, looks, {one.name: bool(one.failing(central)[0]) for one in wanted})
    tables = {**part, "scenarios": scenarios, "scenario_limits": sides, "middle": middle}
    words = {one.name: one.words for one in wanted}
    answer = A.answer(cases, looks, tables, words, [one.name for one in wanted if one.name not in usable])
    return Advice(VERB, QUESTION, TITLE, answer, tables, A.CAPTIONS, A.notes(cases, looks, names), source.basis,
                  {"failures": words, "factors": {one.name: one.words for one in cases.factors}})  # fmt: skip


def discover_of_table(cases: Cases, result: str, say: Say = _silent) -> Advice:
    """The same for a plain table of cases and a result of 0 and 1, by all its inputs.

    Errors: ConfigError where the result is not 0 and 1 or is the same in every row, and where no input varies.
    """
    require_both(cases, result)
    idle = cases.constant()
    names = [name for name in cases.names if name not in idle]
    looks, tables = _looks(cases, [result], [(GIVEN, names)], say)
    answer = A.answer(cases, looks, tables, {result: f"the result {result} is 1"}, [])
    basis = f"A table of {cases.n:,} rows and {len(names)} inputs."
    return Advice(VERB, QUESTION, TITLE, answer, tables, A.CAPTIONS, A.notes(cases, looks, idle), basis)


def _usable(cases: Cases, results: list[str]) -> list[str]:
    """Failures that happen in some futures and not in all. Errors: ConfigError where there is none."""
    shares = {name: float(cases.weight @ cases.result(name) / cases.weight.sum()) for name in results}
    usable = [name for name, share in shares.items() if 0.0 < share < 1.0]
    if not usable:
        raise ConfigError(
            "each failure happens in every future or in none: there is no region to look for", key="--failure",
            value=", ".join(f"{name}: {'always' if share > 0.5 else 'never'}" for name, share in shares.items()),
            expected="a failure that happens in some futures: another limit under [hurdles], more futures, or a comparison of "
            "your own",
        )  # fmt: skip
    return usable


def _looks(cases: Cases, results: list[str], sets: list[tuple[str, list[str]]], say: Say) -> tuple[list[Look], dict[str, Any]]:
    """Every failure among every set of factors, and the tables of it."""
    sets = [(name, own) for name, own in sets if own]
    if not sets:
        raise ConfigError("no input varies: there is nothing to set a limit on", value=", ".join(cases.names),
                          expected="at least one input with two values")  # fmt: skip
    halves = cases.halves()
    tests = 2 * MOST_BOXES * len(results) * len(sets)
    looks: list[Look] = []
    tables: dict[str, Any] = {name: [] for name in ("boxes", "limits", "together", "leaves", "trajectory")}
    for result in results:
        for name, own in sets:
            say(f"{result}: {name}")
            names = _with_ends(halves, result, own) if name == ALL_NATURE else own
            one = look(*halves, result, names, name, tests)
            looks.append(one)
            _tabulate(tables, one, halves[0], names)
    return looks, tables


def _tabulate(tables: dict[str, Any], one: Look, searched: Cases, names: list[str]) -> None:
    """Add the rows of one look to each table."""
    tables["boxes"] += T.box_rows(one)
    tables["limits"] += T.limit_rows(one)
    tables["trajectory"] += T.way_rows(one)
    if one.verdict != "too few futures":
        leaves, together = T.leaf_rows(one, searched, names)
        tables["leaves"] += leaves
        tables["together"].append(together)


def _with_ends(halves: Halves, result: str, names: list[str]) -> list[str]:
    """All factors, where the ends of the axes add to the best box beyond the means; else those given."""
    part = sampled(halves[0], result, 20_000)
    every = [name for name in ALL if name in part.names and name not in part.constant()]
    worth = [judge(halves[1], result, search(part.only(some), result, rounds=2).box).youden for some in (names, every)]
    return every if worth[1] > worth[0] + ENDS_ADD else names


def _middle(cases: Cases, looks: list[Look], central: dict[str, bool]) -> T.Rows:
    """Whether the middle of all futures (each factor's median) lies in the first box, and whether the central case fails."""
    rows: T.Rows = []
    for one in looks:
        box = one.boxes[0] if one.boxes else Box()
        inside = all(limit.low <= median(cases, limit.factor) <= limit.high for limit in box.limits)
        rows.append({
            "failure": one.failure, "factors": one.name, "middle_in_box": "yes" if box.limits and inside else "no",
            "central_case": "fails" if central.get(one.failure) else "holds",
            "base_share": float(np.average(cases.result(one.failure), weights=cases.weight)),
        })  # fmt: skip
    return rows
