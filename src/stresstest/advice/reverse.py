"""What would it take? From failure back to the likeliest way there, the smallest shocks, and the last year to act.

A contract can have failed long before its money is spent, so a test should start from failure and ask what leads there
(Prudential Regulation Authority, SS31/15, chapter 4; Basel Committee 2018, principle 5). For each failure, in this order:

    1  the likeliest path     nearest point of the space of shocks at which the failure is likelier than not (reverse_search.py)
    2  the smallest shocks    each alone, and in twos
    3  a check                against real draws and in fresh futures (reverse_check.py)
    4  the last year          when it can be seen coming (reverse_years.py), and until when a rescue still works
                              (reverse_rescue.py)

Distances are in standard deviations of independent shocks (reverse_shocks.py): Φ(−distance) of futures lie at least as far out
that way. Those futures are not the only ones that fail, and not all of them do: the share that fails stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import DataError
from ..futures.marginals import normal_quantile
from . import reverse_rows as R
from . import reverse_words as W
from .failures import Failure
from .result import Advice
from .reverse_check import Check, Sample, Share, check, fresh, held_out, run_shares, sample_of
from .reverse_clauses import clause_table
from .reverse_lab import Lab, Prober
from .reverse_rescue import FUTURES as RESCUE_FUTURES
from .reverse_rescue import Saved, best_rescue, rescues_of, too_late
from .reverse_search import Nearest, Pair, Search, Single
from .reverse_shocks import Space
from .reverse_years import discounts, histories_of, known_by, seen_coming
from .source import Source

BLOCKS, FUTURES, SCOUTS = 4, 256, 256
QUESTION = "What would it take for this contract to fail?"
CAPTIONS = {
    "reverse_points": "For each failure: how far it is from the middle, how rare that is, and what real draws say",
    "reverse_shocks": "The nearest point shock by shock, in standard deviations and in its own unit",
    "reverse_singles": "Each shock alone: the size at which the verdict turns",
    "reverse_pairs": "Two shocks together: the nearest points",
    "reverse_paths": "The nearest point year by year",
    "reverse_warning": "When failure can be seen coming",
    "reverse_seen": "Share of failures that are plain by the end of each year",
    "reverse_clauses": "Each clause taken out of force, in the same futures: what each failure's chance would be without it",
    "reverse_rescues": "Share of failing futures that a rescue still saves, by the year in which it begins",
}


@dataclass(frozen=True)
class Finding:
    """All that was found on one failure."""

    failure: Failure
    share: Share
    middle: Share
    nearest: Nearest
    error: float
    checked: Check | None
    singles: list[Single]
    pairs: list[Pair]


def reverse(
    source: Source, failing: Sequence[Failure], jobs: int = 2, say: Callable[[str], None] = lambda line: None,
    level: float = 0.5,
) -> Advice:  # fmt: skip
    """What it would take: for each failure the nearest point, the smallest shocks, warning and rescue.

    `level` is how likely a failure must be for the verdict to turn (½: likelier than not). Errors: DataError where none of the
    failures happens in the run or anywhere within reach.
    """
    if not 0.0 < level < 1.0:
        raise DataError("a level is a chance", key="level", value=level, expected="between 0 and 1, such as 0.5")
    space = Space.of(source.study, source.scenario)
    if not space.shocks:
        raise DataError("nothing varies in this study, so no shock leads to failure", file=source.folder,
                        expected="an axis, an opening gap or yearly surprises with a spread")  # fmt: skip
    shares = run_shares(source, failing)
    say("drawing real futures")
    sample = sample_of(source, space, failing, jobs)
    prober = Prober(Lab.of(space, source.strategy, BLOCKS, FUTURES), failing, jobs)
    scout = Prober(Lab.of(space, source.strategy, 1, SCOUTS), failing, jobs)
    fresh_futures = held_out(space, source, failing, jobs, BLOCKS)
    found = []
    for k, failure in enumerate(failing):
        say(f"searching for the nearest way to {failure.name}")
        found.append(_finding(Search(prober, k, scout, level), sample, shares[k], failure, fresh_futures))
    if all(one.share.value <= 0.0 and not one.nearest.found for one in found):
        raise DataError(
            "none of these failures happens: in no future of the run, and nowhere within reach of the shocks", file=source.folder,
            value=", ".join(one.name for one in failing),
            expected='a failure that some futures have: lower its hurdle under [hurdles], or give one: "mean_true_score < 0.5"',
        )  # fmt: skip
    say("looking at the years")
    return _advice(source, space, prober.lab, sample, found, jobs)


def _finding(search: Search, sample: Sample, share: Share, failure: Failure, held: Prober) -> Finding:
    """Points, singles, pairs and checks of one failure."""
    k, space = search.failure, search.space
    singles = [search.single(j) for j in range(search.count)]
    others = [one.size * space.direction(one.shock) for one in singles if one.size is not None]
    nearest = search.nearest(sample.leaning(k), others)
    middle, checked, error = fresh(held, k, np.zeros(search.count)), None, nearest.beta_error
    if nearest.found:
        there = fresh(held, k, nearest.design.point)
        checked = check(sample, nearest, k, there)
        gap = normal_quantile(min(max(there.value, 1e-6), 1.0 - 1e-6)) - search.turn
        error = max(error, abs(gap) / max(nearest.slope, 1e-9)) if nearest.design.converged else error
    pairs = search.pairs(singles, nearest.design.shares) if nearest.found else []
    return Finding(failure, share, middle, nearest, error, checked, singles, pairs)


def _advice(source: Source, space: Space, lab: Lab, sample: Sample, found: list[Finding], jobs: int) -> Advice:
    """Tables and sentences."""
    labels, failing = source.study.year_labels, [one.failure for one in found]
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in CAPTIONS}
    for k, one in enumerate(found):
        leaning = sample.leaning(k)
        error = None if leaning is None else sample.leaning_error(k)
        tables["reverse_points"].append(R.point_row(one.failure, one.share, one.middle, one.nearest, one.checked, one.error))
        tables["reverse_shocks"] += R.shock_rows(one.failure, space, one.nearest, leaning, error)
        tables["reverse_singles"] += R.single_rows(one.failure, space, one.singles)
        tables["reverse_pairs"] += R.pair_rows(one.failure, space, one.pairs)
        tables["reverse_paths"] += R.path_rows(one.failure, space, lab, one.nearest)
    histories = histories_of(source, jobs)
    known = known_by(histories, discounts(source))
    for one in found:
        rows, whole = R.seen_rows(one.failure, seen_coming(source, one.failure, histories, known), labels)
        tables["reverse_seen"] += rows
        tables["reverse_warning"].append(whole)
    tables["reverse_clauses"] = clause_table(source, failing, jobs)
    saved = rescues_of(source, failing, jobs)
    tables["reverse_rescues"] = R.rescue_rows(failing, saved, labels)
    facts = {"best_rescue": _best(saved, found, labels), "level": found[0].nearest.level, "shocks": len(space.shocks)}
    return Advice(
        "reverse", QUESTION, "What it would take for the contract to fail", _answer(tables, found, facts), tables, CAPTIONS,
        _notes(source, sample, found, tables), source.basis, facts, all(_sound(one) for one in found),
    )  # fmt: skip


def _best(saved: list[Saved], found: list[Finding], labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By failure: the rescue that saves most from the first year, and the year from which it saves fewer than half."""
    best = {}
    for k, one in enumerate(found):
        rows = best_rescue(saved, k)
        late = too_late(rows) if rows else None
        best[one.failure.name] = {
            "rescue": rows[0].rescue.name if rows else "", "too_late": None if late is None else labels[late],
            "too_late_year": None if late is None else late + 1,
        }  # fmt: skip
    return best


def _answer(tables: dict[str, list[dict[str, Any]]], found: list[Finding], facts: dict[str, Any]) -> list[str]:
    """Nearest failure first: what it takes, what does it alone, when it is plain, until when it can be mended."""
    order = sorted(range(len(found)), key=lambda k: found[k].nearest.design.beta if found[k].nearest.found else math.inf)
    said, later = [], []
    for k in order:
        name, point = found[k].failure.name, tables["reverse_points"][k]
        own = {key: [row for row in rows if row["failure"] == name] for key, rows in tables.items()}
        said.append(W.headline(point, own["reverse_shocks"]))
        extreme = W.extreme(point)
        later += [extreme] if extreme else []
        if found[k].nearest.found:
            later.append(W.alone(name, point["verdict"], own["reverse_singles"], own["reverse_pairs"]))
        best = facts["best_rescue"][name]
        later.append(W.warning(own["reverse_warning"][0]))
        later += W.clause(name, own["reverse_clauses"])
        rescued = [row for row in own["reverse_rescues"] if row["rescue"] == best["rescue"]]
        later.append(W.rescue(name, rescued, best["too_late"]))
    return said + later


def _notes(source: Source, sample: Sample, found: list[Finding], tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    """How it was done, and what it cannot say."""
    notes = [
        f"Chances at a point rest on {BLOCKS * FUTURES:,} futures with the shocks held and all else drawn, in {BLOCKS} blocks; "
        "the nearest point is checked in 8,192 fresh ones. Distances are first order; errors are one standard error.",
        f"Real draws: {sample.weight.size:,} futures drawn at random under this law. Rescues: {RESCUE_FUTURES:,} futures of the "
        "run at most. Warnings: half of 16,384 at most fitted, the other half judged.",
        "Timing of axes, the size of crises and single years are not shocks here; they are drawn as always. Pandemics, hard "
        "winters and crises are held by their number, evenly spaced.",
        "Walking away happens in the last year of service, the commissioner's limit in the year from which discounted exposure "
        "so far stays beyond it; other failures are known at the end of the term.",
        "Rescues are tried as declared; whether anybody would agree to them is not asked.",
    ]  # fmt: skip
    if source.scenario.dependence == "worst":
        notes.append("The scenario's worst dependence has no law of its own; the calibrated correlations stand in for it.")
    if source.scenario.consistency:
        notes.append("Distances are those of the law before the scenario's consistency factors; chances are weighed by them.")
    if source.study.law.degrees and source.scenario.dependence == "calibrated":
        notes.append("The mixing of the t copula is drawn, not held: joint extremes of the axes are nearer than they look.")
    for one, row in zip(found, tables["reverse_points"], strict=True):
        notes += _doubts(one, row)
    return notes


def _doubts(one: Finding, row: dict[str, Any]) -> list[str]:
    """What is doubtful about one failure's point."""
    said, name = [], one.failure.name
    if one.nearest.found and not one.nearest.design.converged:
        said.append(f"{name}: the limit has an edge, such as an end one year earlier; the point is the nearest that was found.")
    if row["straight_probability"] is not None and abs(row["straight_probability"] - row["failing_share"]) > 0.1:
        said.append(
            f"{name}: a straight line through the point would give {row['straight_probability']:.2f} of futures, the run has "
            f"{row['failing_share']:.2f}; the limit bends, or there are other ways to fail."
        )
    if row["likeness"] is not None and row["likeness"] < 0.8:
        said.append(f"{name}: failing futures lie elsewhere on average (likeness {row['likeness']:.2f}); see failing_mean.")
    return said


def _sound(one: Finding) -> bool:
    """Whether the point holds in fresh futures: P there within 0.1 of the level, unless the limit has an edge."""
    if one.checked is None or not one.nearest.design.converged:
        return True
    return abs(one.checked.held_out.value - one.nearest.level) < 0.1

