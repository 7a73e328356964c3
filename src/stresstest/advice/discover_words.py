"""Boxes in words: "growth of the economy below 1.1% a year on average and vacancies above 11.0% of posts"."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..methods.box import Box, Limit
from ..methods.cases import Factor

#: How a factor is called inside a sentence, and what follows its number.
SUBJECTS: dict[str, str] = {
    "responsibility": "responsibility for health", "control": "control of care", "state": "the state's share",
    "economy": "growth of the economy", "technology": "take-up of technology", "workforce": "vacancies",
    "opening_gap": "an opening gap", "benefit_full": "acute activity saved by new care in full effect",
    "funding_growth_mean": "growth of the local allocation", "crisis_years": "years of falling output",
    "inflation_surprises": "years with an inflation surprise", "pandemic_years": "years with a pandemic",
    "hard_winters": "hard winters", "start_delay": "a delay of the start",
    "productivity_growth": "productivity growth drawn for the provider", "need_surprise": "growth of need by chance",
    "pay_surprise": "growth of pay by chance",
}  # fmt: skip
WHEN = {"_mean": " on average", "_end": " in the last year"}
#: A unit as it is said after a percentage.
PERCENTS = {
    "per year": " a year", "share of GDP": " of GDP", "share of posts": " of posts", "share of price": " of the price",
    "fraction": "",
}  # fmt: skip
#: Which way an index points at its two ends.
ENDS = {
    "responsibility": ("individual prevention", "institutional cure"), "control": ("place-based", "national"),
    "technology": ("low", "high"),
}  # fmt: skip
EVENTS = {"omitted_item": ("nothing left out of the opening price", "an item left out of the opening price")}


def subject(factor: Factor) -> str:
    """A factor inside a sentence, without when: "vacancies", "growth of the economy"."""
    return SUBJECTS.get(factor.group or factor.name, SUBJECTS.get(factor.name, factor.name.replace("_", " ")))


def when(factor: Factor) -> str:
    """" on average", " in the last year" or nothing."""
    return next((words for end, words in WHEN.items() if factor.group and factor.name.endswith(end)), "")


def number(factor: Factor, value: float) -> str:
    """A value of a factor with its unit: "1.1% a year", "11.0% of posts", "+0.21"."""
    if factor.unit in PERCENTS:
        return f"{100.0 * value:.1f}%".replace("-", "−") + PERCENTS[factor.unit]
    if factor.unit == "index":
        return f"{value:+.2f}".replace("-", "−")
    if factor.unit == "years" and float(value).is_integer():
        return f"{value:.0f}"
    return f"{value:.4g}".replace("-", "−")


def limit_words(factor: Factor, limit: Limit) -> str:
    """A limit in words."""
    if factor.name in EVENTS or factor.unit == "0 or 1":
        return _event(factor, limit)
    if factor.unit == "years" and factor.name != "start_delay":
        return _count(factor, limit)
    low = f"above {number(factor, limit.low)}" if math.isfinite(limit.low) else ""
    high = f"below {number(factor, limit.high)}" if math.isfinite(limit.high) else ""
    if low and high:
        return f"{subject(factor)} between {number(factor, limit.low)} and {number(factor, limit.high)}{when(factor)}"
    return f"{subject(factor)} {low or high}{_unit(factor)}{when(factor)}{_towards(factor, bool(low))}"


def _unit(factor: Factor) -> str:
    return " years" if factor.name == "start_delay" else ""


def _towards(factor: Factor, low: bool) -> str:
    ends = ENDS.get(factor.group)
    return f" (towards {ends[int(low)]})" if ends else ""


def _count(factor: Factor, limit: Limit) -> str:
    """Whole numbers: "at least 2 hard winters"."""
    ends = ((limit.low, "at least"), (limit.high, "at most"))
    words = [f"{word} {number(factor, end)}" for end, word in ends if math.isfinite(end)]
    one = limit.high == 1.0 or (limit.low == 1.0 and not math.isfinite(limit.high))
    what = subject(factor).replace("years", "year").replace("winters", "winter") if one else subject(factor)
    return f"{' and '.join(words)} {what}"


def _event(factor: Factor, limit: Limit) -> str:
    on = math.isfinite(limit.low)
    words = EVENTS.get(factor.name, (f"no {subject(factor)}", subject(factor)))
    return words[int(on)]


def box_words(box: Box, factors: Mapping[str, Factor]) -> str:
    """All limits of a box, joined by "and"; "all futures" where there are none."""
    words = [limit_words(factors[limit.factor], limit) for limit in box.limits]
    return " and ".join(words) if words else "all futures"
