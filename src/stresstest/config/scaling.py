"""A place from its people: the pattern place at another size and age mix. What scales, how, and what stays as it is.

    heads   residents of the place over residents of the pattern
    cost    the same with people counted by what care costs at their age: Σ n_b · c_b over Σ p_b · c_b

Costs by age are the pattern's. Its bands and those of the register have other edges, so people of the pattern between
two edges of either table are counted from both (Dudley's 15-year-olds are those under 16 in one less those under 15 in
the other) and each band of the register costs the mean of the pattern's people in it. Within ages 16 to 64 every place
is thus taken to be as old as the pattern.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from ..errors import ConfigError
from ..place import AgeBand, Indicator, Place, Quantity
from .register import BANDS, Entry, find_entry

#: Births, deaths and moves in and out a year, per head: judgement, from about 1% each of births and deaths and 5% each
#: of moves in and out of a local authority (ONS, recalled).
TURNOVER = 0.12
OPEN_END = math.inf


@dataclass(frozen=True)
class Scale:
    """Ratios of a place to its pattern; see the module's text. `label` names both."""

    heads: float
    cost: float
    label: str


@dataclass(frozen=True)
class Rule:
    """How one number of a place changes with its size: `change(value, scale, pattern)`, in words, and why."""

    key: str
    words: str
    reason: str
    change: Callable[[float, Scale, Place], float]


def _heads(value: float, scale: Scale, pattern: Place) -> float:
    return value * scale.heads


def _cost(value: float, scale: Scale, pattern: Place) -> float:
    return value * scale.cost


def _by_chance(value: float, scale: Scale, pattern: Place) -> float:
    return value / math.sqrt(scale.heads)


def partly_by_chance(sd: float, chance: float, heads: float) -> float:
    """A standard deviation of which the part `chance` falls with the root of the number of people: √(s² − c² + c²/heads)."""
    part = min(sd, chance) ** 2
    return math.sqrt(sd * sd - part + part / heads)


def _list_noise(value: float, scale: Scale, pattern: Place) -> float:
    moves = math.sqrt(TURNOVER / pattern.parameters["population.list_base"].value)
    return partly_by_chance(value, moves, scale.heads)


def _acute_noise(value: float, scale: Scale, pattern: Place) -> float:
    return partly_by_chance(value, pattern.parameters["shock.insurance_noise"].value, scale.heads)


#: Parameters of a place that change with its people.
RULES = (
    Rule("population.list_base", "× heads", "as many on the list for each resident as in the pattern", _heads),
    Rule("population.list_noise", "part of it ÷ √heads",
         "births, deaths and moves are chance (12% of people a year); what moves whole lists is not", _list_noise),
    Rule("acute.noise", "part of it ÷ √heads",
         "as much of it is chance as of all care (shock.insurance_noise); common shocks are not", _acute_noise),
    Rule("shock.insurance_noise", "÷ √heads", "a mean over more people varies less", _by_chance),
    Rule("health.qaly_per_exception", "× heads", "one per cent of more people", _heads),
    Rule("health.qaly_per_skimped", "× heads", "quality is cut for more people", _heads),
)  # fmt: skip

#: Other numbers of a place that change with its people.
TABLE_RULES = (
    Rule("ages", "people of the place", "growth and relative cost are the pattern's", _heads),
    Rule("pods.base_gbp", "× cost", "acute care goes by people and their age", _cost),
    Rule("indicators.noise.denominator", "× heads", "as many are counted or asked for each resident", _heads),
    Rule("indicators.qaly_per_progress", "× heads", "the same gain for each of them", _heads),
)

#: A provider's sums of money, × cost: what it costs to bend the records of a larger place. Its shares and rates stay,
#: and so do pounds per ghost, per person and per QALY.
PROVIDER_MONEY = (
    ("upcoding", "coding_cost"), ("exception_reporting", "cost_per_point"), ("relabelling", "cost_per_point"),
    *((name, "fixed_penalty") for name in ("list_inflation", "upcoding", "misreporting", "skimping", "related_party")),
)  # fmt: skip

#: Sections and parameters that stay as in the pattern, and why.
STAYS = {
    "population.list_growth": "no projections by place are shipped",
    "need": "attitudes and technology are national; its noise is that of a whole area, not of chance",
    "cost": "pay, prices and inflation are national",
    "productivity": "no figures by place",
    "funding": "the formula and its limits are national",
    "acute": "no evidence that the model of care works better, or winters are harder, in one place than in another",
    "social_care": "no figures by place",
    "shock": "pandemics and hard winters are national",
    "opening": "errors are shares of the price",
    "start": "chances, years and shares of the scope; no figures by place",
    "policy": "policy is national",
    "health": "per pound and per person, and discount rates of HM Treasury",
    "lines": "growth of need and make-up of cost are shares; what a line costs stands in the contract",
    "pods": "growth and responses are shares",
    "indicators": "rates and shares: baseline and target are the pattern's",
    "indicator_dynamics": "rates",
}


@dataclass(frozen=True)
class Pattern:
    """A place given in full, its own entry of the register, and cost and growth of the register's bands in it."""

    place: Place
    entry: Entry
    cost: tuple[float, ...]
    growth: tuple[float, ...]

    @classmethod
    def of(cls, place: Place, entries: tuple[Entry, ...], file: object = None) -> Pattern:
        """The pattern, found in the register by its code. Raises ConfigError where it is not there or its ages do not fit."""
        if not place.code:
            message = "a pattern needs a code, by which the register gives its people"
            raise ConfigError(message, file=file, key="code", expected="the code of its entry in the register")
        entry = find_entry(place.code, entries, file, key="code")
        cost, growth = _coarse(place, entry, file)
        return cls(place, entry, cost, growth)

    def scale(self, entry: Entry) -> Scale:
        """The ratios of another entry to this pattern."""
        weighted = [sum(n * c for n, c in zip(of.persons, self.cost, strict=True)) for of in (entry, self.entry)]
        label = f"{entry.name} ({entry.place_code}) to {self.place.title}"
        return Scale(entry.total / self.entry.total, weighted[0] / weighted[1], label)


def _edges(name: str, place: Place, file: object) -> tuple[float, float]:
    """First age, and first age beyond, of a band called 15_44 or 85_plus."""
    first, _, last = name.partition("_")
    if first.isdigit() and (last == "plus" or last.isdigit()):
        return float(first), OPEN_END if last == "plus" else float(last) + 1.0
    raise ConfigError(
        f"an age band of {place.title} cannot be read", file=file, key="age_band", value=name, expected="15_44 or 85_plus"
    )


def _cumulative(bands: list[tuple[float, float]], persons: list[float]) -> dict[float, float]:
    """People below each edge."""
    below, total = {bands[0][0]: 0.0}, 0.0
    for (_, end), n in zip(bands, persons, strict=True):
        total += n
        below[end] = total
    return below


def _coarse(place: Place, entry: Entry, file: object) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Relative cost and growth of the register's bands in the pattern: means over its people, from both tables."""
    own = [_edges(band.name, place, file) for band in place.ages]
    bands = [_edges(name, place, file) for name in BANDS]
    below = _cumulative(own, [band.persons for band in place.ages]) | _cumulative(bands, list(entry.persons))
    edges = sorted(below)
    counts = [below[b] - below[a] for a, b in pairwise(edges)]
    if min(counts) < 0.0 or abs(sum(band.persons for band in place.ages) - entry.total) > 0.001 * entry.total:
        message = f"the people of {place.title} by age are not those of its entry in the register"
        raise ConfigError(message, file=file, key="ages", value=entry.code, expected=f"{entry.total:,.0f} people in all")
    if min(entry.persons) <= 0.0:
        raise ConfigError("a pattern needs people in every band of the register", file=file, key="code", value=entry.code)
    cost, growth = [], []
    for start, end in bands:
        pieces = [(n, _band_at(a, own, place)) for a, n in zip(edges[:-1], counts, strict=True) if start <= a < end]
        people = sum(n for n, _ in pieces)
        cost.append(sum(n * band.relative_cost for n, band in pieces) / people)
        growth.append(pieces[0][1].growth + sum(n * (band.growth - pieces[0][1].growth) for n, band in pieces) / people)
    return tuple(cost), tuple(growth)


def _band_at(age: float, own: list[tuple[float, float]], place: Place) -> AgeBand:
    return next(band for (start, end), band in zip(own, place.ages, strict=True) if start <= age < end)


def noted(source: str, quality: str, words: str) -> tuple[str, str]:
    """Source and quality of a number that was scaled: a judgement stays one, what was published is now derived."""
    return (f"{source}; {words}" if source else words), "derived" if quality in ("published", "seed") else quality


def _scaled(quantity: Quantity, rule: Rule, scale: Scale, pattern: Place) -> Quantity:
    values = tuple(rule.change(value, scale, pattern) for value in quantity.values)
    source, quality = noted(quantity.source, quantity.quality, f"{rule.words}, {scale.label}")
    return replace(quantity, values=values, source=source, quality=quality)


def _indicator(indicator: Indicator, scale: Scale) -> Indicator:
    return replace(
        indicator, denominator=indicator.denominator * scale.heads, qaly_per_progress=indicator.qaly_per_progress * scale.heads
    )


def place_from_register(entry: Entry, pattern: Pattern) -> Place:
    """The place of an entry: the pattern scaled to its people by RULES and TABLE_RULES, the rest as in the pattern."""
    place, scale = pattern.place, pattern.scale(entry)
    rules = {rule.key: rule for rule in RULES}
    parameters = {
        key: _scaled(quantity, rules[key], scale, place) if key in rules
        else replace(quantity, source=f"{quantity.source}; as in {place.title}")
        for key, quantity in place.parameters.items()
    }  # fmt: skip
    ages = tuple(
        AgeBand(name, persons, growth, cost)
        for name, persons, growth, cost in zip(BANDS, entry.persons, pattern.growth, pattern.cost, strict=True)
    )
    pods = tuple(
        replace(pod, base_gbp=pod.base_gbp * scale.cost, source=f"{pod.source}; base × {scale.cost:.6g}, {scale.label}")
        for pod in place.pods
    )
    indicators = tuple(_indicator(indicator, scale) for indicator in place.indicators)
    code = entry.place_code
    return replace(
        place, name=code, title=entry.name, code=code, parameters=parameters, ages=ages, pods=pods, indicators=indicators
    )
