"""The answer of a national study in five sentences: failing together, what is carried, what pools, where first, and clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import words as W
from .leaflet import Leaflet, Row
from .national_body import CALL, SAVED
from .national_clauses import said
from .national_map import CHANCE, FEWEST, regional, standing, tiles_of, worst_regions
from .national_rows import WALKS, of

#: As many failures as independent places would reach once in twenty futures are told of.
RARE = 0.05
#: Ends of the 80% interval of the number that fails, as chances of at least so many.
MOST, LEAST = 0.9, 0.1


def answer(page: Leaflet, whereabouts: Mapping[str, Any] | None = None) -> list[str]:
    """Joint failures first; then what the nation carries, money and health; what pools; where first; clauses."""
    return [failing(page), carried(page), *pooled(page), worst(page, whereabouts), said(page, first_strategy(page))]


def first_strategy(page: Leaflet) -> str:
    """The strategy of the answer."""
    return str(page.rows("joint_summary")[0]["strategy"])


def summary(page: Leaflet, failure: str = WALKS) -> Row:
    """The row of joint failures of a kind."""
    return next(row for row in of(page, "joint_summary", first_strategy(page)) if row["failure"] == failure)


def failing(page: Leaflet) -> str:
    """How many fail on average; and the chance of so many at once as independent places would reach 1 time in 20."""
    say, row, count = page.say, summary(page), len(page.facts["places"])
    rows = [r for r in of(page, "joint", first_strategy(page)) if r["failure"] == WALKS]
    rare = next((r for r in rows if r["independent_at_least_probability"] <= RARE), rows[count])
    few, many = (_reached(rows, chance) for chance in (MOST, LEAST))
    likely = W.likelihood(rare["at_least_probability"])
    told = "all of them" if rare is rows[count] else f"{say.text(rare, 'places_failing')} or more"
    return (
        f"On average {say.number(row, 'mean_places', 'mean_places_error')} of {say.text(rows[count], 'places_failing')} "
        f"providers walk away (80% interval {say.text(few, 'places_failing')} to {say.text(many, 'places_failing')}); "
        f"in {say.percent(rare, 'at_least_probability')} of futures ({likely}) {told} do so at once, "
        f"where independent places would in {say.percent(rare, 'independent_at_least_probability')}."
    )


def _reached(rows: Sequence[Row], chance: float) -> Row:
    """The most failures that are reached with at least this chance."""
    return [row for row in rows if row["at_least_probability"] >= chance][-1]


def total(page: Leaflet, measure: str, statistic: str) -> Row:
    """A total's statistic."""
    rows = of(page, "totals", first_strategy(page))
    return next(row for row in rows if row["measure"] == measure and row["statistic"] == statistic)


def carried(page: Leaflet) -> str:
    """What commissioners together bear, and health beside it."""
    say = page.say
    mean, low, high, far = (total(page, "commissioner exposure", key) for key in ("mean", "p10", "p90", "p95"))
    health, few, many = (total(page, "health", key) for key in ("mean", "p10", "p90"))
    return (
        f"Commissioners together bear {say.pounds(mean)} beyond their budgets on average (80% interval {say.pounds(low)} to "
        f"{say.pounds(high)}), and more than {say.pounds(far)} in 1 future in 20; residents gain {say.number(health)} QALYs "
        f"(80% interval {say.number(few)} to {say.number(many)})."
    )


def pooled(page: Leaflet) -> list[str]:
    """What falls on the national body beyond commissioners' limits, and what pooling evens out."""
    say = page.say
    row = next(r for r in of(page, "diversified", first_strategy(page)) if r["measure"] == "commissioner exposure")
    if row["times_independent"] is None:
        return []
    if row.get("remaining_share") is not None and _has(page, CALL) and _has(page, SAVED):
        call, far, saved = total(page, CALL, "mean"), total(page, CALL, "p95"), total(page, SAVED, "mean")
        return [
            f"What goes beyond commissioners' own limits falls on the national body: {say.pounds(call)} on average and more than "
            f"{say.pounds(far)} in 1 future in 20; pooling the limits would save {say.pounds(saved)} of the mean, and however "
            f"many such places shared it, {say.percent(row, 'remaining_share')} of the variance of what is borne would remain."
        ]  # fmt: skip
    return [
        f"Pooling evens out {say.percent(row, 'diversified_share')} of the places' summed standard deviations: that of the total "
        f"is {say.pounds(row, 'sd', None)}, against {say.pounds(row, 'independent_sd', None)} for independent places and "
        f"{say.pounds(row, 'together_sd', None)} for places that move as one."
    ]  # fmt: skip


def _has(page: Leaflet, measure: str) -> bool:
    return any(row["measure"] == measure for row in page.rows("totals"))


def worst(page: Leaflet, whereabouts: Mapping[str, Any] | None) -> str:
    """The place whose provider is likeliest to walk away, and the regions where such places gather."""
    rows = of(page, "places", first_strategy(page))
    row = rows[0]
    walks, floor = (page.say.percent(row, f"{name}_probability") for name in (WALKS, "quality_floor"))
    on, _ = standing(rows, whereabouts)
    regions = worst_regions(list(tiles_of(on, whereabouts, CHANCE))) if whereabouts and len(on) >= FEWEST else []
    where = f"; places like it gather in {regional(regions[:2])}" if regions else ""
    return (
        f"Likeliest to fail is {row['place']}: its provider walks away in {walks} of futures "
        f"({W.likelihood(row[f'{WALKS}_probability'])}) and quality stays below its floor in {floor}{where}."
    )
