"""Tables of contagion under one strategy: failures with and without it, what it adds to cost, who is caught, and by whom.

Thresholds are tried one kind of link at a time, and both kinds together at the thresholds of the links.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .. import layout as L
from ..measures.contagion import BOTH, HOSPITAL, PROVIDER, SWEEP, Caught, Group, Links, end_costs, extra_cost, spread
from ..measures.estimates import Wanted, estimate
from ..measures.failures import limit_of
from ..measures.moments import moments
from ..measures.national_years import error_of, levels, reaches
from ..measures.probabilities import probabilities
from ..measures.stream import Column
from .national_store import Store, room
from .national_tables import WALKS

Row = dict[str, Any]
Values = np.ndarray
#: £ that an early end costs, by losses and by policy: float64[K, T] each.
Costs = tuple[Values, Values]
#: Futures in which contagion is worked out at a time.
STRIDE = 32_768
COST = (Wanted("mean"), Wanted("quantile", 0.5), Wanted("quantile", 0.95), Wanted("cte", 0.95, True))
#: What a caught contract's own end would have been: by losses later, by policy, none.
OTHERWISE = ("failed_later", "ended_by_policy", "run_its_term")
TABLES = ("contagion", "contagion_joint", "contagion_by_year", "caught_places", "infectious_groups")


class Spread:
    """Contagion of one kind of link (or both) at given thresholds, in every future.

    fails int16[n] places whose contract losses end, caught ones among them; extra int16[n] those caught; otherwise int16[3, n]
    those of them whose contract would have failed later anyway, been ended by policy, run its term; cost float64[n] what
    contagion adds (£); year int8[K, n] in which each place is caught, −1 for never; by_group int16[groups, n] places that
    each group catches; by_year int16[T, n] places that have failed by the end of each year.
    """

    def __init__(self, store: Store, links: Links, kind: str, thresholds: Mapping[str, float], costs: Costs) -> None:
        self.store, self.kind, self.thresholds = store, kind, dict(thresholds)
        kinds = (PROVIDER, HOSPITAL) if kind == BOTH else (kind,)
        self.groups: list[Group] = [group for one in kinds for group in links.groups(one)]
        places, years = len(store.found.names), len(store.found.years)
        self.fails, self.extra = room((store.n,), np.int16), room((store.n,), np.int16)
        self.otherwise = room((len(OTHERWISE), store.n), np.int16)
        self.cost = room((store.n,), np.float64)
        self.year = room((places, store.n), np.int8)
        self.by_group = room((len(self.groups), store.n), np.int16)
        self.by_year = room((years, store.n), np.int16)
        for start in range(0, store.n, STRIDE):
            self._stretch(start, min(start + STRIDE, store.n), costs)

    def _stretch(self, a: int, b: int, costs: Costs) -> None:
        """Work out one stretch of futures."""
        store, years = self.store, self.by_year.shape[0]
        year, losses = store.year[:, a:b], store.losses(a, b)
        found: Caught = spread(year, losses, self.groups, self.thresholds, years)
        hit = found.year >= 0
        self.year[:, a:b], self.by_group[:, a:b] = found.year, found.by_group
        self.fails[a:b] = (losses | hit).sum(axis=0)
        self.extra[a:b] = hit.sum(axis=0)
        for j, own in enumerate((losses, ~losses & (year >= 0), year < 0)):
            self.otherwise[j, a:b] = (hit & own).sum(axis=0)
        when = np.where(hit, found.year, np.where(losses, year, years))
        for t in range(years):
            self.by_year[t, a:b] = (when <= t).sum(axis=0)
        self.cost[a:b] = extra_cost(found.year, year, losses, *costs)

    def column(self, values: Values) -> Column:
        """An array by future as a column."""
        return self.store.by_future(values)

    @property
    def head(self) -> Row:
        """The kind of link and its thresholds; NaN where a kind does not act."""
        kinds = (PROVIDER, HOSPITAL) if self.kind == BOTH else (self.kind,)
        return {"link": self.kind, **{f"{one}_threshold": self.thresholds[one] if one in kinds else float("nan")
                                      for one in (PROVIDER, HOSPITAL)}}  # fmt: skip


def contagion_tables(store: Store, links: Links) -> dict[str, list[Row]]:
    """Every table of contagion; empty lists where no two places share a provider or a hospital."""
    out: dict[str, list[Row]] = {name: [] for name in TABLES}
    own = {kind: links.threshold(kind) for kind in (PROVIDER, HOSPITAL)}
    kinds = [kind for kind in own if links.groups(kind)]
    if not kinds:
        return out
    costs = costs_of(store)
    for kind in kinds:
        for threshold in sorted({*SWEEP, own[kind]}):
            out["contagion"].append(_row(Spread(store, links, kind, {**own, kind: threshold}, costs)))
    whole = Spread(store, links, BOTH, own, costs)
    out["contagion"].append(_row(whole))
    out["contagion_joint"] = list(_joint(whole))
    out["contagion_by_year"] = list(_years(whole))
    out["caught_places"] = _caught(whole, links)
    out["infectious_groups"] = _infectious(whole)
    return out


def costs_of(store: Store) -> Costs:
    """£ that an early end costs, float64[K, T] by last year: of ends by losses, and of ends by policy."""
    counts, weights, sums = store.step_in
    losses, other = (end_costs(counts[j], weights[j], sums[j], store.found.budgets) for j in (0, 1))
    return losses, other


def _row(one: Spread) -> Row:
    """Failures with and without contagion, and what it adds to cost."""
    store = one.store
    own, with_it, more = store.of(WALKS), one.column(one.fails), one.column(one.fails - store_counts(store))
    row: Row = {**one.head}
    for name, column in (("own", own), ("with_contagion", with_it), ("added", more), ("caught", one.column(one.extra))):
        (mean,) = estimate(column.held(), [Wanted("mean")])
        row |= {f"{name}_mean_places": mean.value, f"{name}_mean_places_error": mean.error}
    row |= {"own_sd_places": moments(own).sd, "with_contagion_sd_places": moments(with_it).sd}
    (some,) = probabilities(one.column(one.extra), [lambda x: x > 0.5])
    row |= {"some_caught_probability": some.value, "some_caught_probability_error": some.error}
    row |= _caught_ones(one)
    for e in estimate(one.column(one.cost), COST):
        row |= {f"extra_cost_{e.statistic}_gbp": e.value, f"extra_cost_{e.statistic}_error_gbp": e.error}
    return row


def _caught_ones(one: Spread) -> Row:
    """From how many own failures on any place is caught, how many each catches, and what would have become of them."""
    own, some = store_counts(one.store), np.flatnonzero(one.extra > 0)
    row: Row = {"own_failures_first_caught": float(own[some].min()) if some.size else math.nan}
    row |= _ratio(one, "caught_for_each_own_failure", one.extra, own)
    for j, name in enumerate(OTHERWISE):
        row |= _ratio(one, f"caught_{name}_share", one.otherwise[j], one.extra)
    return row


def _ratio(one: Spread, name: str, above: Values, below: Values) -> Row:
    """A mean over another, ȳ / x̄, with its error by linearisation, ψ = (y − ȳ x / x̄) / x̄; NaN where x is always 0."""
    means = [estimate(one.column(values), [Wanted("mean")])[0].value for values in (above, below)]
    if not means[1] > 0.0:
        return {name: math.nan, f"{name}_error": math.nan}
    ratio = means[0] / means[1]
    psi = one.store.column(lambda a, b: (above[a:b] - ratio * below[a:b]) / means[1])
    return {name: ratio, f"{name}_error": error_of(psi)}


def store_counts(store: Store) -> Values:
    """int16[n]: places whose own losses end their contract."""
    return np.asarray(store.by_year[0, -1])


def _joint(one: Spread) -> Iterator[Row]:
    """The chance that at least so many places fail, by themselves and with contagion."""
    store = one.store
    wanted = levels(len(store.found.names))
    events = [reaches(j) for _, j in wanted]
    own, with_it = probabilities(store.of(WALKS), events), probabilities(one.column(one.fails), events)
    for k, (words, j) in enumerate(wanted):
        apart = one.column(np.subtract(one.fails >= j, store_counts(store) >= j, dtype=np.int8))
        (gap,) = estimate(apart, [Wanted("mean")])
        yield {
            **one.head, "level": words, "at_least_places": j,
            "own_probability": own[k].value, "own_probability_error": own[k].error,
            "with_contagion_probability": with_it[k].value, "with_contagion_probability_error": with_it[k].error,
            "added_probability": gap.value, "added_probability_error": gap.error,
        }  # fmt: skip


def _years(one: Spread) -> Iterator[Row]:
    """How many places have failed by the end of each year, by themselves and with contagion."""
    store = one.store
    for t, label in enumerate(store.found.years):
        row: Row = {**one.head, "year": label, "year_number": t + 1}
        own, with_it = store.by_year[0, t], one.by_year[t]
        for name, values in (("own", own), ("with_contagion", with_it), ("added", with_it - own)):
            (mean,) = estimate(one.column(values), [Wanted("mean")])
            row |= {f"{name}_mean_places": mean.value, f"{name}_mean_places_error": mean.error}
        yield row


def _caught(one: Spread, links: Links) -> list[Row]:
    """Every place of a group, the most exposed first."""
    store, rows = one.store, list[Row]()
    linked = sorted({int(k) for group in one.groups for k in group.members})
    for k in linked:
        (caught,) = probabilities(one.column(one.year[k]), [lambda x: x >= 0])
        (own,) = probabilities(one.column(store.cause[k]), [lambda x: x >= L.EXIT_FIRST_ADVERSE])
        rows.append({
            "place": store.found.names[k], "code": links.places[k],
            "provider": links.providers[k], "hospital": links.hospitals[k],
            "own_probability": own.value, "own_probability_error": own.error, "caught_probability": caught.value,
            "caught_probability_error": caught.error,
        })  # fmt: skip
    rows.sort(key=lambda row: -row["caught_probability"])
    return [{**row, "rank": k + 1} for k, row in enumerate(rows)]


def _infectious(one: Spread) -> list[Row]:
    """Every group, by how many places it catches in a future."""
    rows: list[Row] = []
    for g, group in enumerate(one.groups):
        column = one.column(one.by_group[g])
        (catches,), (mean,) = probabilities(column, [lambda x: x > 0.5]), estimate(column, [Wanted("mean")])
        rows.append({
            "link": group.kind, "group": group.name, "places": int(group.members.size), "threshold": one.thresholds[group.kind],
            "catches_probability": catches.value, "catches_probability_error": catches.error, "caught_mean_places": mean.value,
            "caught_mean_places_error": mean.error, "caught_share_of_places": mean.value / group.members.size,
        })  # fmt: skip
    rows.sort(key=lambda row: -row["caught_mean_places"])
    return [{**row, "rank": k + 1} for k, row in enumerate(rows)]


def hospital_rows(store: Store, places: Sequence[Row]) -> Iterator[Row]:
    """Table hospitals: the chance that what falls on a hospital exceeds the summed limits of its places, beside each place's."""
    for g, group in enumerate(store.hospitals):
        limit = sum(limit_of(store.found.sources[k].study, "hospital_limit") for k in group.members)
        column = store.by_future(store.hospital[g])
        (over,), (mean,) = probabilities(column, [beyond(limit)]), estimate(column, [Wanted("mean")])
        row: Row = {
            "hospital": group.name, "places": int(group.members.size), "limit_gbp": limit, "exposure_mean_gbp": mean.value,
            "exposure_mean_error_gbp": mean.error, "together_probability": over.value, "together_probability_error": over.error,
        }  # fmt: skip
        for k in group.members:
            own = places[k]
            yield {**row, "place": own["place"], "code": own["code"], "alone_probability": own["hospital_limit_probability"],
                   "alone_probability_error": own["hospital_limit_probability_error"]}  # fmt: skip


def beyond(limit: float) -> Callable[[Values], Values]:
    """Whether values exceed a limit."""
    return lambda x: np.asarray(x > limit)
