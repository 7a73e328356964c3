"""What is given up for what? Drafts over everything that can be turned, each with the honest provider's answer to it.

    points           every draft: exposure, health, true score, the provider's surplus and its chance of walking away, gaming
    frontier         drafts that no other beats on the commissioner's exposure and on health at once, lived again on further
                     futures, with the slope between neighbours: pounds of exposure for a further QALY
    frontiers        the same for other pairs of aims
    one_at_a_time    what each parameter alone buys

A draft is *dominated* where another has no more exposure and no less health, and more of one. That a point lies on the frontier
was found on the futures that score it; the frontier's own figures come from others, so that chance does not flatter it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ConfigError
from ..gaming.frontier import dominators
from . import tradeoffs_points as P
from .result import Advice
from .source import Source
from .tradeoffs_parameters import Parameter
from .tradeoffs_points import EXPOSURE, GAMED, HEALTH, LEAVES, SCORE, SURPLUS, Points, fresh, mean, mean_error, points
from .tradeoffs_words import CAPTIONS, answer, notes

Row = dict[str, Any]
#: Name, number in KEPT, unit, and 1 where more is better.
AXES = (
    ("exposure", EXPOSURE, "gbp", -1.0), ("health", HEALTH, "qaly", 1.0), ("score", SCORE, "score", 1.0),
    ("surplus", SURPLUS, "gbp", 1.0), ("walks_away", LEAVES, "probability", -1.0), ("gamed_exposure", GAMED, "gbp", -1.0),
)  # fmt: skip
SENSE = {number: sense for _, number, _, sense in AXES}
PAIRS = (
    ("exposure and health", EXPOSURE, HEALTH), ("exposure and true score", EXPOSURE, SCORE),
    ("exposure and provider surplus", EXPOSURE, SURPLUS), ("health and provider surplus", HEALTH, SURPLUS),
    ("exposure and the provider staying", EXPOSURE, LEAVES), ("exposure and exposure when gamed", EXPOSURE, GAMED),
)  # fmt: skip
BEYOND = 1.96


def tradeoffs(
    source: Source, jobs: int = 2, say: Callable[[str], None] = lambda _: None, parameters: Sequence[Parameter] | None = None,
    count: int = P.SPREAD, searched: int = P.SEARCHED, scored: int = P.SCORED,
) -> Advice:  # fmt: skip
    """Trade-offs over the declared parameters that the contract has; `count` drafts spread over all of them.

    `searched` futures for the provider's answers, `scored` further ones for the figures. Errors: ConfigError where nothing can
    be turned.
    """
    found = points(source, parameters, jobs, say, count, searched, scored)
    if not found.parameters:
        raise ConfigError(
            "the contract has none of the parameters that are turned, as numbers", key="parameters",
            value=source.study.contract.name,
            expected="an improvement payment, a gain or loss share, an annual payment or a collar with numbers",
        )  # fmt: skip
    say("the frontier on further futures")
    means = found.means
    on = frontier_of(means, EXPOSURE, HEALTH)
    again, weight = fresh(source, found, [0, *on], jobs)
    tables: dict[str, list[Row]] = {
        "frontier": frontier_rows(found, on, again, weight), "points": point_rows(found, means, on),
        "one_at_a_time": alone_rows(found), "frontiers": pair_rows(found, means), "parameters": parameter_rows(found),
    }  # fmt: skip
    facts = {
        "drafts": len(found.drafts), "futures": scored, "place": source.study.place.title, "gaming": found.gaming,
        "contract": source.study.contract.name, "weighted": bool(source.scenario.consistency),
    }  # fmt: skip
    return Advice(
        "tradeoffs", "What is given up for what?", f"Trade-offs of {source.study.contract.title}", answer(tables, facts), tables,
        CAPTIONS, notes(facts, searched), source.basis, facts,
    )  # fmt: skip


def frontier_of(means: np.ndarray, first: int, second: int) -> list[int]:
    """Numbers of the drafts that no other beats on two aims at once, by rising second aim."""
    good = np.stack([SENSE[first] * means[:, first], SENSE[second] * means[:, second]], axis=1)
    free = np.flatnonzero(~dominators(good).any(axis=1))
    distinct: dict[tuple[float, float], int] = {}
    for k in free.tolist():
        distinct.setdefault((float(good[k, 0]), float(good[k, 1])), k)
    return sorted(distinct.values(), key=lambda k: float(means[k, second]))


def cells(found: Points, k: int, means: np.ndarray) -> Row:
    """A draft's means, and paired differences from the contract as it is, with errors."""
    row: Row = {}
    for name, number, unit, _ in AXES:
        if number == GAMED and not found.gaming:
            continue
        row |= {
            f"{name}_{unit}": float(means[k, number]), f"{name}_error_{unit}": mean_error(found.kept[k, number], found.weight),
            f"{name}_change_{unit}": float(means[k, number] - means[0, number]),
            f"{name}_change_error_{unit}": found.error(k, 0, number),
        }  # fmt: skip
    return row


def settings(found: Points, k: int) -> Row:
    """The value of every parameter in a draft; shares as fractions, money in pounds."""
    return {column_of(one): found.drafts[k].values.get(one.name, found.now[one.name]) for one in found.parameters}


def column_of(one: Parameter) -> str:
    """A parameter's column: its name with underscores, its unit behind."""
    unit = {"GBP": "gbp", "years": "years"}.get(one.unit, "share")
    return f"{one.name.replace(' ', '_').replace('’', '').replace('-', '_')}_{unit}"


def label(found: Points, k: int) -> str:
    """What a draft is called: as it is, spread 12, or the one parameter with its value."""
    draft = found.drafts[k]
    if draft.kind == P.ONE:
        one = next(p for p in found.parameters if p.name == draft.alone)
        return f"{draft.alone} {said(one, draft.values[draft.alone])}"
    return P.AS_IT_IS if draft.kind == P.AS_IT_IS else f"{P.NET} {k}"


def said(one: Parameter, value: float) -> str:
    """A parameter's value in words."""
    from ..units import percent, pounds

    return pounds(value) if one.unit == "GBP" else f"{value:.1f} years" if one.unit == "years" else percent(value)


def point_rows(found: Points, means: np.ndarray, on: Sequence[int]) -> list[Row]:
    """Every draft: what it sets, what comes of it, the provider's answer, and which draft of the frontier beats it."""
    good = np.stack([SENSE[n] * means[:, n] for n in (EXPOSURE, HEALTH, SCORE, SURPLUS)], axis=1)
    two, four = dominators(good[:, :2]), dominators(good)
    extent = np.where(np.ptp(good[:, :2], axis=0) > 0.0, np.ptp(good[:, :2], axis=0), 1.0)
    rows = []
    for k in range(len(found.drafts)):
        by = [j for j in on if two[k, j]]
        best = max(by, key=lambda j: float(((good[j, :2] - good[k, :2]) / extent).sum()), default=None)
        rows.append({
            "draft": label(found, k), "kind": found.drafts[k].kind, "on_frontier": "yes" if k in on else "no",
            "dominated": "yes" if two[k].any() else "no", "dominated_on_all_four": "yes" if four[k].any() else "no",
            **beaten(found, means, k, best), **cells(found, k, means), **settings(found, k),
            **{f"answer_{name}": level for name, level in answer_cells(found.responses[k]).items()},
        })  # fmt: skip
    return rows


def answer_cells(response: dict[str, float]) -> dict[str, float]:
    """The honest answer as cells."""
    return {name: response.get(name, 0.0) for name in ("effort", "prevention", "efficiency")}


def beaten(found: Points, means: np.ndarray, k: int, best: int | None) -> Row:
    """By which draft of the frontier, by how much, and whether that is beyond the error."""
    if best is None:
        return dict.fromkeys(("beaten_by", "saves_gbp", "saves_error_gbp", "adds_qaly", "adds_error_qaly", "beyond_error"), None)
    saves, adds = float(means[k, EXPOSURE] - means[best, EXPOSURE]), float(means[best, HEALTH] - means[k, HEALTH])
    errors = found.error(best, k, EXPOSURE), found.error(best, k, HEALTH)
    beyond = saves > BEYOND * errors[0] or adds > BEYOND * errors[1]
    return {
        "beaten_by": label(found, best), "saves_gbp": saves, "saves_error_gbp": errors[0], "adds_qaly": adds,
        "adds_error_qaly": errors[1], "beyond_error": "yes" if beyond else "no",
    }  # fmt: skip


def frontier_rows(found: Points, on: Sequence[int], again: np.ndarray, weight: np.ndarray | None = None) -> list[Row]:
    """Drafts of the frontier on further futures, by rising health; the slope is from the draft above. again[0]: as it is."""
    rows, before = [], None
    for k, kept in zip(on, again[1:], strict=True):
        row: Row = {"draft": label(found, k), "kind": found.drafts[k].kind}
        for name, number, unit, _ in AXES:
            if number == GAMED and not found.gaming:
                continue
            change = kept[number] - again[0, number]
            row |= {
                f"{name}_{unit}": float(mean(kept[number], weight)), f"{name}_error_{unit}": mean_error(kept[number], weight),
                f"{name}_change_{unit}": float(mean(change, weight)), f"{name}_change_error_{unit}": mean_error(change, weight),
            }  # fmt: skip
        row |= slope(before, kept, weight) | settings(found, k)
        row |= {f"answer_{name}": level for name, level in answer_cells(found.responses[k]).items()}
        rows.append(row)
        before = kept
    return rows


def slope(before: np.ndarray | None, kept: np.ndarray, weight: np.ndarray | None = None) -> Row:
    """Pounds of exposure for a further QALY between two drafts, with the ratio's error; empty where health is no more."""
    empty = {"slope_gbp_per_qaly": None, "slope_error_gbp_per_qaly": None}
    if before is None:
        return empty
    money, health = kept[EXPOSURE] - before[EXPOSURE], kept[HEALTH] - before[HEALTH]
    more = float(mean(health, weight))
    if more <= BEYOND * mean_error(health, weight):
        return empty
    value = float(mean(money, weight)) / more
    return {"slope_gbp_per_qaly": value, "slope_error_gbp_per_qaly": mean_error(money - value * health, weight) / more}


def alone_rows(found: Points) -> list[Row]:
    """Each parameter alone, by its values, the contract's own among them."""
    rows, means = [], found.means
    for one in found.parameters:
        own = [(d.values[one.name], k) for k, d in enumerate(found.drafts) if d.alone == one.name]
        for value, k in sorted([*own, (found.now[one.name], 0)]):
            rows.append({
                "parameter": one.name, "words": one.words, "set_to": said(one, value), "value": value, "unit": one.unit,
                "range_share": (value - one.low) / (one.high - one.low), "as_it_is": "yes" if k == 0 else "no",
                **cells(found, k, means), **{f"answer_{n}": x for n, x in answer_cells(found.responses[k]).items()},
            })  # fmt: skip
    return rows


def pair_rows(found: Points, means: np.ndarray) -> list[Row]:
    """The frontier of each pair of aims, as scored."""
    units = {number: (name, unit) for name, number, unit, _ in AXES}
    rows = []
    for words, first, second in PAIRS:
        if GAMED in (first, second) and not found.gaming:
            continue
        on = frontier_of(means, first, second)
        for k in on:
            row: Row = {"pair": words, "draft": label(found, k)}
            for number in dict.fromkeys((EXPOSURE, HEALTH, SCORE, SURPLUS, LEAVES, GAMED)):
                name, unit = units[number]
                mine = number in (first, second)
                row[f"{name}_{unit}"] = float(means[k, number]) if mine else None
                row[f"{name}_error_{unit}"] = mean_error(found.kept[k, number], found.weight) if mine else None
            rows.append(row | settings(found, k))
    return rows


def parameter_rows(found: Points) -> list[Row]:
    """What was turned, within which range, and what the contract says now."""
    return [
        {"parameter": one.name, "words": one.words, "clause": one.clause, "low": said(one, one.low), "high": said(one, one.high),
         "as_it_is": said(one, found.now[one.name]), "source": "judgement"}
        for one in found.parameters
    ]  # fmt: skip
