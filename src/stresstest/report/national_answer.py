"""The answer of a national study: who fails, what is carried, what pools, the gamed provider, where, contagion, clauses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from . import words as W
from .leaflet import Leaflet, Row
from .national_body import CALL, SAVED, limit_words, total
from .national_clauses import said
from .national_contagion import spread_said
from .national_rows import WALKS, alike, budget, first_strategy, of, strategies_of, summary, with_size
from .national_years import gone_by

#: Ends of the 80% interval of the number that fails, as chances of at least so many.
MOST, LEAST = 0.9, 0.1
#: From so many places on, half of them are told of; of fewer, all.
HALVES = 8
#: The place named first where the worst futures weigh heavier than its budget by this ratio.
HEAVIER, NAMED = 1.02, 3


def answer(page: Leaflet, whereabouts: Mapping[str, Any] | None = None) -> list[str]:
    """Failures first; then what the nation carries, money and health; what pools; gaming; where first; contagion; clauses."""
    first = first_strategy(page)
    return [failing(page), carried(page), *pooled(page), *gamed(page), *worst(page), *spread_said(page, first), said(page, first)]


def failing(page: Leaflet) -> str:
    """How many fail on average by the end of the term, when most have gone, and the chance of half of the places or all."""
    say, first = page.say, first_strategy(page)
    row, rows = summary(page, first), [r for r in of(page, "joint", first) if r["failure"] == WALKS]
    few, many = (_reached(rows, chance) for chance in (MOST, LEAST))
    year = gone_by(page, first)
    gone = f"; two thirds of those that do have gone by {year}" if year else ""
    return (
        f"On average {say.number(row, 'mean_places', 'mean_places_error')} of {say.text(rows[-1], 'places_failing')} "
        f"providers walk away by the end of the term (80% interval {say.text(few, 'places_failing')} to "
        f"{say.text(many, 'places_failing')}){gone}. {'; '.join(_chances(page, rows, float(row['mean_places'])))}."
    )


def _chances(page: Leaflet, rows: Sequence[Row], mean: float) -> list[str]:
    """The chance that so many are gone by the end: half of the places, and three quarters where half is less than the mean."""
    count = len(rows) - 1
    if count < HALVES:
        told = [("all of them are gone", rows[count])]
    else:
        told = [("half of them or more", rows[math.ceil(count / 2)])]
        if mean >= count / 2:
            told.append(("three quarters or more", rows[math.ceil(0.75 * count)]))
    found = []
    for k, (words, row) in enumerate(told):
        seen, alone = (page.say.percent(row, f"{law}at_least_probability") for law in ("", "independent_"))
        least = f" ({page.say.text(row, 'places_failing')})" if row is not rows[count] else ""
        head, tail = ("In", "of futures ") if k == 0 else ("in", "")
        gone = " are gone" if k == 0 and least else ""
        end = " by the end of the term, where independent places would in " if k == 0 else ", against "
        likely = f"({W.likelihood(row['at_least_probability'])}) " if k == 0 else ""
        found.append(f"{head} {seen} {tail}{likely}{words}{least}{gone}{end}{alone}".replace("  ", " "))
    return found


def _reached(rows: Sequence[Row], chance: float) -> Row:
    """The most failures that are reached with at least this chance."""
    return [row for row in rows if row["at_least_probability"] >= chance][-1]


def carried(page: Leaflet) -> str:
    """What commissioners together bear, beside all agreed budgets, and health beside it."""
    say, first = page.say, first_strategy(page)
    mean, low, high, far = (total(page, "commissioner exposure", key, first) for key in ("mean", "p10", "p90", "p95"))
    health, few, many = (total(page, "health", key, first) for key in ("mean", "p10", "p90"))
    whole = budget(page, first)
    share = f", {W.percent(float(mean['value']) / whole)} of the {W.pounds(whole)} that they agreed" if whole else ""
    return (
        f"Commissioners together bear {say.pounds(mean)} beyond their budgets on average{share} (80% interval {say.pounds(low)} "
        f"to {say.pounds(high)}), and more than {say.pounds(far)} in 1 future in 20; residents {health_said(page, health)} "
        f"(80% interval {say.number(few)} to {say.number(many)})."
    )


def health_said(page: Leaflet, row: Row) -> str:
    """"gain 6,123 QALYs", or "lose 24,500 QALYs"."""
    value = float(row["value"])
    size = page.say.cite(row, "value", W.number(abs(value), row.get("error")))
    return f"{'gain' if value >= 0.0 else 'lose'} {size} QALYs"


def pooled(page: Leaflet) -> list[str]:
    """What falls on the national body beyond commissioners' limits, and what pooling moves and evens out."""
    say, first = page.say, first_strategy(page)
    row = next(r for r in of(page, "diversified", first) if r["measure"] == "commissioner exposure")
    if row["times_independent"] is None:
        return []
    if row.get("remaining_share") is not None and _has(page, CALL) and _has(page, SAVED):
        call, far, moved = (total(page, *which, first) for which in ((CALL, "mean"), (CALL, "p95"), (SAVED, "mean")))
        return [
            f"What goes beyond commissioners' own limits{limit_words(page)} falls on the national body: {say.pounds(call)} on "
            f"average and more than {say.pounds(far)} in 1 future in 20. Pooling the limits would move {say.pounds(moved)} "
            f"of that mean to commissioners with room and save nothing; however many such places shared it, "
            f"{say.percent(row, 'remaining_share')} of the variance of what is borne would remain."
        ]  # fmt: skip
    return [
        f"Pooling evens out {say.percent(row, 'diversified_share')} of the places' summed standard deviations: that of the total "
        f"is {say.pounds(row, 'sd', None)}, against {say.pounds(row, 'independent_sd', None)} for independent places and "
        f"{say.pounds(row, 'together_sd', None)} for places that move as one."
    ]  # fmt: skip


def _has(page: Leaflet, measure: str) -> bool:
    return any(row["measure"] == measure for row in page.rows("totals"))


def gamed(page: Leaflet) -> list[str]:
    """The same with the second strategy, in one sentence; nothing where there is none."""
    others = strategies_of(page)[1:]
    if not others:
        return []
    say, name = page.say, others[0]
    row, health = summary(page, name), total(page, "health", "mean", name)
    floor = next((r for r in of(page, "joint_summary", name) if r["failure"] == "quality_floor"), None)
    below = f"; quality ends below its floor in {say.number(floor, 'mean_places', 'mean_places_error')} places" if floor else ""
    return [
        f"With the {name} provider {say.number(row, 'mean_places', 'mean_places_error')} walk away on average, residents "
        f"{health_said(page, health)}{below}, and commissioners bear "
        f"{say.pounds(total(page, 'commissioner exposure', 'mean', name))}."
    ]


def worst(page: Leaflet) -> list[str]:
    """Whether places differ in their chance, and which weigh heavier in the worst futures than in the budgets."""
    first = first_strategy(page)
    told = ["In its chance of failing, no place differs from another beyond Monte Carlo error"] if alike(page, first) else []
    if not told and with_size(page, first):
        told = [f"The likeliest to fail are {with_size(page, first)}"]
    rows = of(page, "places", first)
    if rows[0].get("worst_over_budget") is not None:
        ranked = sorted(rows, key=lambda row: -float(row["worst_over_budget"] or 0.0))[: min(NAMED, len(rows) - 1)]
        heavy = [row for row in ranked if float(row["worst_over_budget"] or 0.0) >= HEAVIER]
        if heavy:
            named = W.listed([f"{row['place']} {times(page, row)} times" for row in heavy])
            told.append(f"In the worst 1 in 20 futures commissioners bear most for their budgets in {named} their share of all "
                        "budgets")  # fmt: skip
        else:
            told.append("In the worst 1 in 20 futures each place bears about what its budget would have it")
    return [". ".join(told) + "."] if told else []


def times(page: Leaflet, row: Row) -> str:
    """"1.21": the place's share of the worst futures over its share of the budgets."""
    value = row.get("worst_over_budget")
    return W.NONE if value is None else page.say.cite(row, "worst_over_budget", f"{float(value):.2f}")
