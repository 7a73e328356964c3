"""The shocks of a study as independent standard normals.

A shock is a source of chance that has a name: where an axis ends, how far the price misses the cost, a yearly surprise that
comes back every year. z = 0 is its median, and a point's distance |z| says how unlikely the point is. Everything that is not
held (timing, the size of crises, single years) is drawn as always.

    axes         scores y = R z, R the symmetric root of the law's correlations, so that each z is as near as can be to its own
                 axis and none comes first (Kessy, Lewin and Strimmer 2018)
    once only    opening gap, bid, productivity, benefit, end by national policy: their own draw
    year by year the first component of the path (futures/path_components.py); the rest of the path is drawn
    inflation    the sum of all rises beyond the uplift, at its quantile, in equal parts year by year: the mean path for that sum
    outcomes     the surprises of all indicators together, each 1/√K of it
    counted      pandemics, hard winters, crises: how many (reverse_counts.py)

reverse_lab.py lives futures with the shocks held.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.axes import HIGH, LOW, MEAN
from ..futures.axes import SD as AXIS_SD
from ..futures.path_components import mirrors_of
from ..futures.plan import DesignPlan, plan_design
from ..futures.scenario import Scenario
from ..study import Study
from .reverse_counts import Count, counts_of, held_points, number_at, score_of

#: Once-only shocks: name, stream, the parameter without which there is none, words.
ONCE = (
    ("opening_gap", "once/opening_gap", "opening.gap_spread", "what the price's baseline missed", "share of the price"),
    ("bid", "once/opening_curse", "opening.bid_spread", "the winning bid's misjudgement", "share of the price"),
    ("productivity", "once/productivity_mean", "productivity.spread", "productivity growth to be had", "a year"),
    ("benefit", "once/benefit", "acute.benefit_spread", "cut in acute care by the new model", "share"),
    ("policy", "once/policy", "policy.break_probability", "an end by national policy", "years of service"),
)
#: Yearly shocks: name, streams, the parameter of their size, words, unit of the mean surprise.
YEARLY = (
    ("need_surprise", "need", "need.noise", "need growing beyond its course", "a year"),
    ("pay_surprise", "pay", "cost.pay_noise", "pay growing beyond its course", "a year"),
    ("funding_surprise", "funding", "funding.noise", "allocation growing beyond its course", "a year"),
    ("productivity_surprise", "productivity", "productivity.noise", "productivity growing beyond its course", "a year"),
    ("acute_surprise", "acute", "acute.noise", "acute activity above its course", "share"),
)
INFLATION, OUTCOMES = "inflation", "outcome_surprise"
#: Shocks whose own draw runs the other way: z upwards is more of it.
TURNED = ("bid",)
AXIS_WORDS = {
    "responsibility": "responsibility for health", "control": "control of care", "state": "the state's share of the economy",
    "economy": "economic growth", "technology": "take-up of technology", "workforce": "vacancies",
}  # fmt: skip
SMALLEST = 2.0**-33


@dataclass(frozen=True)
class Shock:
    """A shock: its name, what it is in words, the unit of its own value, and its kind (axis, once, yearly or other)."""

    name: str
    words: str
    unit: str
    kind: str


def shocks_of(study: Study, scenario: Scenario) -> tuple[Shock, ...]:
    """The shocks of a study under a scenario: whatever has a spread and is not given by every course."""
    p, found = study.place.parameters, []
    given = np.all([~np.isnan(course.table(study.years)).all(axis=0) for course in scenario.courses], axis=0)
    for a, axis in enumerate(L.AXES):
        if study.law.table[a, AXIS_SD] > 0.0 and not given[a]:
            found.append(Shock(axis, AXIS_WORDS[axis], study.law.units[a].split(",")[0], "axis"))
    found += [Shock(name, words, unit, "once") for name, _, key, words, unit in ONCE if p[key].value > 0.0]
    if study.years > 1:
        found += [Shock(name, words, unit, "yearly") for name, _, key, words, unit in YEARLY if p[key].value > 0.0]
        if p["cost.inflation_probability"].value > 0.0 and p["cost.inflation_size"].value > 0.0:
            found.append(Shock(INFLATION, "prices beyond the uplift", "rise over the term", "other"))
        if study.place.indicators and study.place.dynamics["progress_noise"].value > 0.0:
            found.append(Shock(OUTCOMES, "outcomes beyond their course", "progress", "other"))
    return tuple(found) + tuple(Shock(one.name, one.words, "years", "count") for one in counts_of(study, not given[L.ECONOMY]))


@dataclass(frozen=True)
class Space:
    """The shocks of a study as a space of standard normals z[K]."""

    study: Study
    scenario: Scenario
    shocks: tuple[Shock, ...]

    @staticmethod
    def of(study: Study, scenario: Scenario) -> Space:
        """The space of a study under a scenario. The worst dependence has no law of its own: the calibrated one stands in."""
        own = replace(scenario, dependence="calibrated") if scenario.dependence == "worst" else scenario
        return Space(study, own, shocks_of(study, own))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the shocks."""
        return tuple(shock.name for shock in self.shocks)

    @cached_property
    def counts(self) -> dict[str, Count]:
        """The counted shocks by name."""
        return {one.name: one for one in counts_of(self.study, True) if one.name in self.names}

    @cached_property
    def plan(self) -> DesignPlan:
        """The study's streams."""
        return plan_design(self.study.seed, self.study.place.name, self.study.years)

    @cached_property
    def axes(self) -> list[int]:
        """Numbers of the axes among the shocks, which come first."""
        return [L.AXES.index(shock.name) for shock in self.shocks if shock.kind == "axis"]

    @cached_property
    def root(self) -> np.ndarray:
        """R[axes, axes], the symmetric root of the correlations between the free axes: R·R = C."""
        joined = self.scenario.dependence == "calibrated"
        free = self.study.law.correlation[np.ix_(self.axes, self.axes)] if joined else np.eye(len(self.axes))
        values, vectors = np.linalg.eigh(free) if self.axes else (np.zeros(0), np.zeros((0, 0)))
        return np.asarray(vectors @ np.diag(np.sqrt(values)) @ vectors.T)

    def direction(self, k: int) -> np.ndarray:
        """z[K] of length 1 that moves shock k by one standard deviation; other axes follow as the law says they would."""
        found = np.zeros(len(self.shocks))
        if self.shocks[k].kind == "axis":
            found[: len(self.axes)] = self.root[k]
        else:
            found[k] = 1.0
        return found

    def sizes(self, z: np.ndarray) -> np.ndarray:
        """How many of its own standard deviations each shock is away from its median at z[K]: for an axis its score."""
        found = np.array(z, dtype=np.float64)
        found[: len(self.axes)] = self.root @ found[: len(self.axes)]
        return found

    def component(self, stream: str) -> np.ndarray:
        """The direction float64[T] of a yearly stream's first component."""
        mirror = mirrors_of(self.plan, self.study.years)[self.plan.names.index(stream)]
        first = np.eye(self.study.years)[0]
        return np.asarray(first - 2.0 * mirror[0] * mirror)

    # ── held draws ─────────────────────────────────────────────────────────────────────────────────────────────────
    def held(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(cube rows int64[m], uniforms float64[m]) that hold the shocks at z[K]."""
        from scipy.special import ndtr

        rows, scores = self._axis_rows(z)
        once = {name: stream for name, stream, *_ in ONCE}
        yearly = {name: f"noise/{stream}" for name, stream, *_ in YEARLY}
        flat: list[tuple[int, float]] = list(zip(rows, ndtr(scores), strict=True))
        for shock, value in zip(self.shocks, z, strict=True):
            if shock.name in once or shock.name in yearly:
                own = float(ndtr(-value if shock.name in TURNED else value))
                flat.append((self.plan.offset({**once, **yearly}[shock.name]), own))
            elif shock.name == OUTCOMES:
                count = len(self.study.place.indicators)
                own = float(ndtr(value / math.sqrt(count)))
                flat += [(self.plan.offset(f"noise/outcome_{k}"), own) for k in range(count)]
            elif shock.name == INFLATION:
                first, own = self.plan.offset("noise/inflation"), self._inflation_point(float(value))
                flat += [(first + t, own) for t in range(self.study.years)]
            elif shock.name in self.counts:
                event = self.counts[shock.name]
                points = held_points(event, self.study.years, float(value))
                flat += [(self.plan.offset(event.stream) + t, float(u)) for t, u in enumerate(points)]
        return np.array([row for row, _ in flat], dtype=np.int64), np.array([u for _, u in flat])

    def _axis_rows(self, z: np.ndarray) -> tuple[list[int], np.ndarray]:
        """Cube rows of all six destinations and their normals, before the law's lower triangle joins them."""
        if not self.axes:
            return [], np.zeros(0)
        scores = np.zeros(len(L.AXES))
        scores[self.axes] = self.root @ np.asarray(z)[: len(self.axes)]
        joined = self.scenario.dependence == "calibrated"
        own = np.linalg.solve(self.study.law.cholesky, scores) if joined else scores
        return [self.plan.offset(f"axis/{axis}/destination") for axis in L.AXES], own

    def _number(self, key: str) -> float:
        return self.study.place.parameters[key].value

    def inflation_total(self, z: float) -> float:
        """The sum of all rises beyond the uplift over the term at normal score z: a binomial number of exponential ones."""
        from scipy.optimize import brentq
        from scipy.special import ndtr

        above = float(ndtr(-z))
        if above >= self._inflation_above(0.0):
            return 0.0
        return float(brentq(lambda s: self._inflation_above(s) - above, 0.0, 60.0 * self._number("cost.inflation_size")))

    def _inflation_above(self, total: np.ndarray | float) -> Any:
        """Chance that the rises add to more than `total`."""
        from scipy.special import gammaincc
        from scipy.stats import binom

        n, size = self.study.years - 1, self._number("cost.inflation_size")
        chances = binom.pmf(np.arange(1, n + 1), n, self._number("cost.inflation_probability"))
        above = gammaincc(np.arange(1, n + 1)[:, None], np.atleast_1d(np.asarray(total))[None, :] / size)
        found = chances @ above
        return found if np.ndim(total) else float(found[0])

    def _inflation_point(self, z: float) -> float:
        """The uniform that, in every year, gives an equal part of the sum; one that gives no rise where the sum is 0."""
        total = self.inflation_total(z)
        if total <= 0.0:
            return 1.0 - SMALLEST
        part = total / (self.study.years - 1)
        return self._number("cost.inflation_probability") * math.exp(-part / self._number("cost.inflation_size"))

    # ── own units ──────────────────────────────────────────────────────────────────────────────────────────────────
    def values(self, z: np.ndarray) -> np.ndarray:
        """Every shock in its own unit at z[K]."""
        sizes = self.sizes(z)
        return np.array([self._value(shock, float(size)) for shock, size in zip(self.shocks, sizes, strict=True)])

    def _value(self, shock: Shock, z: float) -> float:
        if shock.kind == "axis":
            row = self.study.law.table[L.AXES.index(shock.name)]
            return float(min(row[HIGH], max(row[LOW], row[MEAN] + row[AXIS_SD] * z)))
        if shock.kind == "once":
            return self._once_value(shock.name, z)
        if shock.name == INFLATION:
            return self.inflation_total(z)
        if shock.name in self.counts:
            return float(number_at(self.counts[shock.name], self.study.years, z))
        return self._path_value(shock, z)

    def _once_value(self, name: str, z: float) -> float:
        from scipy.special import ndtr, ndtri

        p = self._number
        if name == "opening_gap":
            return p("opening.gap_shift") + p("opening.gap_median") * math.exp(p("opening.gap_spread") * z)
        if name == "bid":
            lowest = -math.expm1(math.log(float(ndtr(z))) / p("opening.bidders"))
            return float(0.0 - p("opening.bid_spread") * ndtri(lowest))
        if name == "productivity":
            return p("productivity.mean") + p("productivity.spread") * z
        if name == "benefit":
            return min(p("acute.benefit_mean") + p("acute.benefit_spread") * z, p("acute.benefit_limit"))
        served = math.log(float(ndtr(z))) / math.log1p(-p("policy.break_probability") * self._control())
        return float(min(self.study.years, max(1, math.floor(served) + 1)))

    def _control(self) -> float:
        """The factor on the chance of a policy break at the control axis's mean destination."""
        return max(0.0, 1.0 + self._number("policy.control_link") * float(self.study.law.table[L.CONTROL, MEAN]))

    def _path_value(self, shock: Shock, z: float) -> float:
        """Mean over the years of a yearly surprise (of its level, where it lasts)."""
        if shock.name == OUTCOMES:
            dynamics, share = self.study.place.dynamics, 1.0 / math.sqrt(len(self.study.place.indicators))
            path = dynamics["progress_noise"].value * share * z * self.component("noise/outcome_0")
            return float(lasting(path, dynamics["persistence"].value).mean())
        stream, key = next((stream, key) for name, stream, key, *_ in YEARLY if name == shock.name)
        path = self._number(key) * z * self.component(f"noise/{stream}")
        if shock.name == "acute_surprise":
            return float(lasting(path, self._number("acute.persistence")).mean())
        return float(path[1:].mean())

    # ── real draws ─────────────────────────────────────────────────────────────────────────────────────────────────
    def coordinates(self, variates: np.ndarray) -> np.ndarray:
        """z[K, n] of drawn futures, from their variates[dimensions, n] (pseudo-random or net, without strata)."""
        from scipy.special import ndtri

        found = np.empty((len(self.shocks), variates.shape[1]))
        if self.axes:
            z = np.array([variates[self.plan.offset(f"axis/{axis}/destination")] for axis in L.AXES])
            scores = self.study.law.cholesky @ z if self.scenario.dependence == "calibrated" else z
            found[: len(self.axes)] = np.linalg.solve(self.root, scores[self.axes])
        streams = {name: stream for name, stream, *_ in ONCE}
        yearly = {name: f"noise/{stream}" for name, stream, *_ in YEARLY}
        for k, shock in enumerate(self.shocks):
            if shock.name in streams:
                row = variates[self.plan.offset(streams[shock.name])]
                normal = L.ONCE_KINDS[streams[shock.name].split("/")[1]] == "normal"
                found[k] = (row if normal else ndtri(row)) * (-1.0 if shock.name in TURNED else 1.0)
            elif shock.name in yearly:
                found[k] = self._along(variates, yearly[shock.name])
            elif shock.name == OUTCOMES:
                count = len(self.study.place.indicators)
                found[k] = sum(self._along(variates, f"noise/outcome_{j}") for j in range(count)) / math.sqrt(count)
            elif shock.name == INFLATION:
                found[k] = self._inflation_score(variates)
            elif shock.name in self.counts:
                event = self.counts[shock.name]
                first = self.plan.offset(event.stream)
                found[k] = score_of(event, variates[first : first + self.study.years])
        return found

    def _along(self, variates: np.ndarray, stream: str) -> np.ndarray:
        first = self.plan.offset(stream)
        return np.asarray(self.component(stream) @ variates[first : first + self.study.years])

    def _inflation_score(self, variates: np.ndarray) -> np.ndarray:
        """The normal score of the sum of rises; futures without one stand at the middle of their share."""
        from scipy.special import ndtri

        first, p = self.plan.offset("noise/inflation"), self._number("cost.inflation_probability")
        u = variates[first + 1 : first + self.study.years]
        total = np.where(u < p, -self._number("cost.inflation_size") * np.log(u / p), 0.0).sum(axis=0)
        above = np.where(total > 0.0, self._inflation_above(total), 0.5 * (1.0 + self._inflation_above(0.0)))
        return np.asarray(-ndtri(np.clip(above, 1e-12, 1.0 - 1e-12)))


def lasting(path: np.ndarray, persistence: float) -> np.ndarray:
    """Level float64[T] of a path of surprises of which a share lasts into the next year."""
    level, found = 0.0, np.empty(path.size)
    for t, value in enumerate(path):
        level = persistence * level + float(value)
        found[t] = level
    return found
