"""Several places in one economy, in words: how many fail together, what the national body carries, what diversifies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import words as W
from .leaflet import Leaflet, Row, placed
from .national_parts import WALKS, of, sections_of

KIND = "national"
CAPTIONS = {
    "places": "The places, likeliest failure first: money and quality beside each other",
    "joint_summary": "How many places fail in the same future",
    "joint": "Chance that so many places fail in the same future",
    "totals": "What the places add up to, future by future", "diversified": "What diversifies, and what does not",
}  # fmt: skip
#: As many failures as independent places would reach once in twenty futures are told of.
RARE = 0.05
NETS = ("sobol", "importance")


def national_leaflet(tables: Mapping[str, Sequence[Mapping[str, Any]]], facts: Mapping[str, Any]) -> Leaflet:
    """The page. `facts`: places, futures, seed, scenario, design."""
    page = Leaflet(KIND, "Places in one economy", "What if many places sign at once?", placed(tables), CAPTIONS)
    page.facts = dict(facts)
    page.basis = (
        f"Runs of {len(facts['places'])} places: {facts['futures']:,} common futures of scenario {facts['scenario']}, design "
        f"{facts['design']}, seed {facts['seed']}."
    )
    page.answer = answer(page)
    page.notes = notes(page)
    page.sections = sections_of(page)
    return page


def first_strategy(page: Leaflet) -> str:
    """The strategy of the answer."""
    return str(page.rows("joint_summary")[0]["strategy"])


def summary(page: Leaflet, failure: str = WALKS) -> Row:
    """The row of joint failures of a kind."""
    return next(row for row in of(page, "joint_summary", first_strategy(page)) if row["failure"] == failure)


def answer(page: Leaflet) -> list[str]:
    """Joint failures first; then what the nation carries, money and health; what diversifies; the place that is worst off."""
    return [*failing(page), *carried(page), *spread(page), worst(page)]


def failing(page: Leaflet) -> list[str]:
    """How many places fail on average; and the chance of so many at once as independent places would reach 1 time in 20."""
    say, row, count = page.say, summary(page), len(page.facts["places"])
    rows = [r for r in of(page, "joint", first_strategy(page)) if r["failure"] == WALKS]
    rare = next((r for r in rows if r["independent_at_least_probability"] <= RARE), rows[count])
    told = "all of them" if rare is rows[count] else f"{say.text(rare, 'places_failing')} or more of them"
    none, mean = rows[0], say.number(row, "mean_places", "mean_places_error")
    return [
        f"On average {mean} of {say.text(rows[count], 'places_failing')} providers "
        f"walk away; in {say.percent(rare, 'at_least_probability')} of futures ({W.likelihood(rare['at_least_probability'])}) "
        f"{told} do so at once, and in {say.percent(none, 'probability')} none does.",
        f"Were the places independent, that would be {say.percent(rare, 'independent_at_least_probability')} and "
        f"{say.percent(none, 'independent_probability')}: the number that fails spreads "
        f"{say.number(row, 'times_independent', None)} times as wide as chance alone would have it.",
    ]  # fmt: skip


def total(page: Leaflet, measure: str, statistic: str) -> Row:
    """A total's statistic."""
    rows = of(page, "totals", first_strategy(page))
    return next(row for row in rows if row["measure"] == measure and row["statistic"] == statistic)


def carried(page: Leaflet) -> list[str]:
    """What commissioners together bear, and health beside it."""
    say = page.say
    mean, low, high, far = (total(page, "commissioner exposure", key) for key in ("mean", "p10", "p90", "p95"))
    health, few, many = (total(page, "health", key) for key in ("mean", "p10", "p90"))
    return [
        f"Commissioners together bear {say.pounds(mean)} beyond their budgets on average (80% interval {say.pounds(low)} to "
        f"{say.pounds(high)}), and more than {say.pounds(far)} in 1 future in 20; residents gain {say.number(health)} QALYs "
        f"(80% interval {say.number(few)} to {say.number(many)}).",
    ]  # fmt: skip


def spread(page: Leaflet) -> list[str]:
    """What pooling would even out."""
    say = page.say
    row = next(r for r in of(page, "diversified", first_strategy(page)) if r["measure"] == "commissioner exposure")
    if row["times_independent"] is None:
        return []
    return [
        f"Pooling evens out {say.percent(row, 'diversified_share')} of the places' summed standard deviations: that of the total "
        f"is {say.pounds(row, 'sd', None)}, against {say.pounds(row, 'independent_sd', None)} for independent places and "
        f"{say.pounds(row, 'together_sd', None)} for places that move as one.",
    ]  # fmt: skip


def worst(page: Leaflet) -> str:
    """The place whose provider is likeliest to walk away."""
    row = of(page, "places", first_strategy(page))[0]
    walks, floor = (page.say.percent(row, f"{name}_probability") for name in (WALKS, "quality_floor"))
    return (
        f"Likeliest to fail is {row['place']}: its provider walks away in {walks} of futures; quality stays below its floor in "
        f"{floor}."
    )


def notes(page: Leaflet) -> list[str]:
    """What is shared, what is local, and what the figures leave out."""
    said = [
        "In one future all places live one economy: the six axes, pay, funding, inflation, pandemics, winters and policy are "
        "shared; lists, need, productivity, opening prices and samples are drawn place by place.",
        "Sums are taken future by future before any quantile. Brackets hold 95% intervals unless they say 80%.",
        "Independent: a sum of independent failures with each place's own chance. Together: every place fails whenever a less "
        "likely one does.",
        "Places other than the study's own are that place at the size and age of their own people, under its contract in "
        "proportion; one place's failure does not touch another's provider.",
    ]  # fmt: skip
    if page.facts.get("design") in NETS:
        said.insert(0, "WARNING: runs of a net share their points between places, so that local draws are not independent: what "
                       "is said of joint failures and of diversification is not to be used. Run the places with --design random.")
    return said
