"""A place: its people, its parameters, its service lines, its acute care, its outcomes. Knows no contract."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .drivers.parameters import INDICATOR_FIELDS, LINE_FIELDS, POD_FIELDS


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, source and quality; `values` by year, the last holds.

    Quality is one of published, seed, derived, judgement, recalled, or unstated.
    """

    values: tuple[float, ...]
    unit: str = ""
    source: str = ""
    quality: str = "unstated"
    date: str = ""

    def at(self, year: int) -> float:
        """The value in a year counted from 0."""
        return self.values[min(year, len(self.values) - 1)]

    @property
    def value(self) -> float:
        """The first year's value."""
        return self.values[0]


@dataclass(frozen=True)
class AgeBand:
    """People in an age band, their yearly growth, and their cost relative to ages 15 to 44."""

    name: str
    persons: float
    growth: float
    relative_cost: float


@dataclass(frozen=True)
class Line:
    """A service line: growth of need beyond demography, and what its cost is made of (shares)."""

    name: str
    need_growth: float
    pay_share: float
    drugs_share: float
    capital_share: float
    movable_share: float
    source: str = ""


@dataclass(frozen=True)
class Pod:
    """A point of delivery of acute care outside the budget."""

    name: str
    base_gbp: float
    growth: float
    benefit_response: float
    care_elasticity: float
    pandemic_response: float
    source: str = ""


@dataclass(frozen=True)
class Indicator:
    """An outcome indicator: baseline, target, and how it is counted."""

    name: str
    unit: str
    baseline: float
    target: float
    noise_kind: str
    noise_per: float
    denominator: float
    spread: float
    exception_effect: float
    list_dilution: float
    qaly_per_progress: float
    source: str = ""

    @property
    def noise_sd(self) -> float:
        """Standard deviation of a year's report from chance alone, in the indicator's unit.

        rate: spread · √(baseline · per / denominator); share: per · √(p(1−p)/n), p = baseline/per; mean: spread / √n.
        """
        if self.noise_kind == "rate":
            return self.spread * math.sqrt(self.baseline * self.noise_per / self.denominator)
        if self.noise_kind == "share":
            p = self.baseline / self.noise_per
            return self.noise_per * math.sqrt(p * (1.0 - p) / self.denominator)
        return self.spread / math.sqrt(self.denominator)


@dataclass(frozen=True)
class Place:
    """One locality. `parameters` by key "section.name"; `dynamics` the indicators' shared dynamics."""

    name: str
    title: str
    code: str
    parameters: dict[str, Quantity]
    ages: tuple[AgeBand, ...]
    lines: tuple[Line, ...]
    pods: tuple[Pod, ...]
    indicators: tuple[Indicator, ...]
    dynamics: dict[str, Quantity]

    def age_mix(self, years: int) -> np.ndarray:
        """Age-weighted cost per head relative to year 0, float64[years]."""
        mix = []
        for t in range(years):
            people = [band.persons * (1.0 + band.growth) ** t for band in self.ages]
            cost = sum(n * band.relative_cost for n, band in zip(people, self.ages, strict=True))
            mix.append(cost / sum(people))
        return np.array(mix) / mix[0]

    def line_table(self, scope: dict[str, float]) -> np.ndarray:
        """float64[lines in scope, LINE_FIELDS]; `scope` gives each line's base cost (£ a year)."""
        lines = {line.name: line for line in self.lines}
        rows = [[base, *(getattr(lines[name], field) for field in LINE_FIELDS[1:])] for name, base in scope.items()]
        return np.array(rows, dtype=np.float64)

    def pod_table(self) -> np.ndarray:
        """float64[pods, POD_FIELDS]."""
        return np.array([[getattr(pod, field) for field in POD_FIELDS] for pod in self.pods], dtype=np.float64)

    def indicator_table(self) -> np.ndarray:
        """float64[indicators, INDICATOR_FIELDS]."""
        rows = []
        for indicator in self.indicators:
            own = {field: getattr(indicator, field, None) for field in INDICATOR_FIELDS}
            shared = {name: quantity.value for name, quantity in self.dynamics.items()}
            rows.append([shared[field] if own[field] is None else own[field] for field in INDICATOR_FIELDS])
        return np.array(rows, dtype=np.float64).reshape(-1, len(INDICATOR_FIELDS))
