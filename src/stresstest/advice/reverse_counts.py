"""Shocks that come by the year, held by their number: pandemics, hard winters, years of falling output.

Each year has one by a chance p of its own, so the number over T years is binomial. At normal score z it is the binomial quantile
at Φ(z); so many years, evenly spaced over the term, have the event, and no other year has it. How large an event is stays drawn.
Drawn futures stand at the middle of their number's share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..futures.axes import CRISIS_PROBABILITY
from ..study import Study

NEVER = 1.0 - 2.0**-33


@dataclass(frozen=True)
class Count:
    """A shock held by its number: name, stream, words, chance in a year, and the parameter without which it does nothing."""

    name: str
    stream: str
    words: str
    probability: float


def counts_of(study: Study, axis_free: bool) -> tuple[Count, ...]:
    """The counted shocks of a study that can happen and cost something; crises where the economy takes its own way."""
    p = study.place.parameters
    found = [
        Count(f"{name}s", f"noise/{name}", words, p[f"shock.{name}_probability"].value)
        for name, words in (("pandemic", "years with a pandemic"), ("winter", "hard winters"))
        if p[f"shock.{name}_probability"].value > 0.0 and p[f"shock.{name}_cost"].value > 0.0
    ]
    crisis = float(study.law.table[L.ECONOMY, CRISIS_PROBABILITY])
    if crisis > 0.0 and axis_free:
        found.append(Count("crises", "axis/economy/crisis", "years of falling output", crisis))
    return tuple(found)


def number_at(count: Count, years: int, z: float) -> int:
    """How many of the years have the event at normal score z."""
    from scipy.special import ndtr
    from scipy.stats import binom

    return int(binom.ppf(min(max(float(ndtr(z)), 1e-15), 1.0 - 1e-15), years, count.probability))


def held_points(count: Count, years: int, z: float) -> np.ndarray:
    """The uniforms float64[T] that give that number of events, evenly spaced, and none in other years."""
    number = min(years, number_at(count, years, z))
    found = np.full(years, NEVER)
    chosen = ((np.arange(number) + 0.5) * years / max(1, number)).astype(np.int64)
    found[chosen] = 0.5 * count.probability
    return found


def score_of(count: Count, uniforms: np.ndarray) -> np.ndarray:
    """Normal scores float64[n] of drawn futures from uniforms[T, n]: the middle of their number's share."""
    from scipy.special import ndtri
    from scipy.stats import binom

    years = uniforms.shape[0]
    number = (uniforms < count.probability).sum(axis=0)
    reached = binom.cdf(np.arange(-1, years + 1), years, count.probability)
    return np.asarray(ndtri(np.clip((reached[:-1] + reached[1:]) / 2.0, 1e-12, 1.0 - 1e-12))[number])
