"""Hurdles: how bad is too bad, for each party. A study may set its own under [hurdles]; nothing here is a fact about a place.

    commissioner_limit   net exposure over the term, as a share of the budget agreed at signature (both in present value)
    quality_floor        mean true progress on the outcome indicators: 0 the baseline, 1 the contract's own targets
    hospital_limit       what falls on the hospital, as a share of the acute spend that was expected of it (present values)
    council_limit        what falls on the council, as a share of the budget agreed at signature (present values)

That a provider walks away needs no hurdle: it is an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .place import Quantity

JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Hurdle:
    """A hurdle that a study may set: name, unit, bounds, what holds where it does not, why, and what it means."""

    name: str
    unit: str
    low: float
    high: float
    default: float
    source: str
    words: str

    @property
    def quantity(self) -> Quantity:
        """The default as a sourced number."""
        return Quantity((self.default,), self.unit, self.source, JUDGEMENT)


HURDLES: tuple[Hurdle, ...] = (
    Hurdle(
        "commissioner_limit", "share of the agreed budget", 0.0, 10.0, 0.10,
        "judgement: several times the 1.5% of allocation to be kept free in 2016/17; no limit was published",
        "what the commissioner can bear beyond the agreed budget",
    ),
    Hurdle(
        "quality_floor", "score", -1.0, 1.0, 0.25, "judgement: a quarter of the improvement that the contract pays for",
        "least mean true progress on the outcomes",
    ),
    Hurdle(
        "hospital_limit", "share of expected acute spend", 0.0, 10.0, 0.005,
        "judgement: half of a margin of 1%, which few hospitals had in 2017",
        "what the hospital can bear of cost that stays when activity goes",
    ),
    Hurdle(
        "council_limit", "share of the agreed budget", 0.0, 10.0, 0.005, "judgement: no limit was published",
        "what the council can bear of care that is moved to it",
    ),
)  # fmt: skip


def defaults() -> dict[str, Quantity]:
    """Every hurdle at its default."""
    return {hurdle.name: hurdle.quantity for hurdle in HURDLES}


def value(hurdles: Mapping[str, Quantity], name: str) -> float:
    """A hurdle's value."""
    return hurdles[name].value
