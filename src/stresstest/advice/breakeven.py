"""How much would be enough? The smallest margin, price, uplift, reserve, cap or sharing at which a risk is bearable.

The run's own futures are lived again with one number of the contract turned at a time, so that the risk is one fixed curve of it
(common random numbers). Every crossing of the target is looked for (methods/roots.py), the one nearest to today's value is
narrowed down, costed in the same futures, and told again on futures that nothing was chosen on, with the honest response found
again (advice/breakeven_solve.py). What can be turned is in advice/breakeven_handles.py, what a target is in breakeven_goals.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..methods.roots import Reading
from .breakeven_goals import Goal, default_goals, goal
from .breakeven_handles import handles
from .breakeven_sample import FEWEST
from .breakeven_solve import COARSE, FINE, GRID, Problem, Solution, met_now, solve
from .breakeven_words import answer, notes
from .result import Advice
from .source import Source, columns_of, live

QUESTION = "How much would be enough?"
#: A fresh figure further from the one that was solved for than this many standard errors fails the check.
TOO_FAR = 4.0


def breakeven(
    source: Source, target: str | None = None, keys: Sequence[str] = (), jobs: int = 2,
    say: Callable[[str], None] = lambda text: None,
) -> Advice:  # fmt: skip
    """The value of each handle at which a target is met: see the module.

    `target` such as "P(walks_away) <= 10%" or "mean health_qaly_npv >= 2000"; without one, walking away at 10% and the other
    failures at what is taken as bearable. `keys`: what to turn, see `breakeven_handles.handles`. Errors: ConfigError for a
    target or key that means nothing, DataError for a run of fewer than FEWEST futures.
    """
    goals = (goal(source.study, target),) if target else default_goals(source.study)
    turned = handles(source.study, tuple(keys))
    problem = Problem.of(source, goals, jobs)
    main: list[Solution] = []
    others: list[Solution] = []
    for one in turned:
        say(f"breakeven: {one.words}")
        found = solve(problem, one, goals[0])
        main.append(found)
        others += [solve(problem, one, other, finely=False) for other in goals[1:]]
        problem.forget()
    tables = {
        "solutions": [solution_row(problem, one) for one in main], "curves": [row for one in main for row in curve_rows(one)],
        "crossings": [row for one in (*main, *others) for row in crossing_rows(one)],
        "other_targets": [other_row(problem, one) for one in others],
    }  # fmt: skip
    first = goals[0]
    facts = {
        "target": first.words, "measured": first.measured, "bound": first.bound, "chance": first.chance,
        "central_misses": bool(central_misses(problem)), "futures": problem.sample.n, "contract": source.study.contract.name,
    }  # fmt: skip
    return Advice(
        "breakeven", QUESTION, f"How much would be enough: {first.measured}", answer(problem, main, others, facts), tables,
        CAPTIONS, notes(problem, main, facts), source.basis, facts, ok=agrees(tables["solutions"]),
    )  # fmt: skip


CAPTIONS = {
    "solutions": "Each handle by itself: the value at which the target is just met, and what comes with it",
    "curves": "The risk at every value looked at, on the first futures of the run",
    "crossings": "Every place where a target begins or ceases to be met, between the bounds",
    "other_targets": "The same handles against the other failures, each at the chance taken as bearable",
}


def central_misses(problem: Problem) -> bool:
    """Whether the central case, future 0, lies on the wrong side by itself (a chance: it fails in it)."""
    found, first = columns_of(live(problem.source.inputs(), 0, 1, 1)[0]), problem.goals[0]
    value = float(first.score(found)[0])
    return first.sign * value > first.sign * first.bound


def solution_row(problem: Problem, one: Solution) -> dict[str, Any]:
    """The main row of a handle: what it is today, what would do, how sure that is, the best that was seen, and its price."""
    handle, goal_, sure = one.handle, one.goal, one.sure
    word, score = "probability" if goal_.chance else "mean", goal_.score(problem.base)
    own = problem.sample.share(score) if goal_.chance else problem.sample.mean(score)
    best = _best(one)
    return {
        "handle": handle.name, "words": handle.words, "kind": handle.kind, "unit": handle.unit, "status": one.status,
        "now": handle.now, "value": one.value, "value_low": sure.low if sure else None, "value_high": sure.high if sure else None,
        "value_error": sure.error if sure else None, "value_error_blocks": sure.error_blocks if sure else None,
        "now_words": handle.said(handle.now), "value_words": handle.said(one.value) if one.value is not None else "",
        "met_above": one.crossing.above if one.crossing else None, "looked_low": handle.low, "looked_high": handle.high,
        "best": best[0] if best else None, f"best_{word}": goal_.sign * best[1].value if best else None,
        f"best_{word}_error": best[1].error if best else None,
        f"as_is_{word}": own.value, f"as_is_{word}_error": own.error, **one.told,
    }  # fmt: skip


def _best(one: Solution) -> tuple[float, Reading] | None:
    return min(one.grid, key=lambda point: point[1].value, default=None)


def curve_rows(one: Solution) -> list[dict[str, Any]]:
    """The coarse curve of a handle, with 95% limits of 1.96 standard errors."""
    word, sign = "probability" if one.goal.chance else "mean", one.goal.sign
    return [
        {"handle": one.handle.name, "at": x, "at_words": one.handle.said(x), word: sign * r.value, f"{word}_error": r.error,
         f"{word}_low": sign * r.value - 1.96 * r.error, f"{word}_high": sign * r.value + 1.96 * r.error}
        for x, r in one.grid
    ]  # fmt: skip


def crossing_rows(one: Solution) -> list[dict[str, Any]]:
    """Every crossing that the coarse scan saw."""
    found, chosen = (one.seen.crossings, one.seen.nearest(one.handle.now)) if one.seen else ((), None)
    return [
        {"handle": one.handle.name, "target": one.goal.name, "at": c.value, "at_words": one.handle.said(c.value),
         "met_above": c.above, "chosen": c is chosen}
        for c in found
    ]  # fmt: skip


def other_row(problem: Problem, one: Solution) -> dict[str, Any]:
    """A handle against one of the other failures."""
    own, best, sure = problem.sample.share(one.goal.score(problem.base)), _best(one), one.sure
    return {
        "failure": one.goal.name, "words": one.goal.measured, "bound_probability": one.goal.bound,
        "as_is_probability": own.value, "as_is_probability_error": own.error, "handle": one.handle.name, "status": one.status,
        "now_words": one.handle.said(one.handle.now), "value": one.value, "value_error": sure.error if sure else None,
        "value_words": one.handle.said(one.value) if one.value is not None else "",
        "best_words": one.handle.said(best[0]) if best else "", "best_probability": best[1].value if best else None,
        "best_probability_error": best[1].error if best else None,
    }  # fmt: skip


def agrees(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether the risk on fresh futures is, for every solution, what was solved for, within TOO_FAR standard errors."""
    for row in rows:
        for word in ("probability", "mean"):
            if f"fresh_{word}" in row:
                error = np.hypot(row[f"fresh_{word}_error"], row[f"solved_{word}_error"])
                if abs(row[f"fresh_{word}"] - row[f"solved_{word}"]) > TOO_FAR * error:
                    return False
    return True


__all__ = ["COARSE", "FEWEST", "FINE", "GRID", "Goal", "breakeven", "met_now"]
