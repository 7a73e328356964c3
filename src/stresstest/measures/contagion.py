"""What one place's failure does to another: through a provider that runs several places, and a hospital that several lean on.

Rule, year by year. Contracts of a group (one provider's places, or one hospital's) that have ended by losses by the end of year
t weigh L(t) = Σ B of those ended / Σ B of the group, B the agreed budgets. Where L(t) reaches the group's threshold, every
contract of the group that still runs ends in year t + 1: a parent that has lost so much of its book gives up the rest; places
that lean on one hospital lose the plans that its cost base was built on. What is caught counts as lost in turn, so that
failures go on from group to group until the term. A contract that ends by itself in year t + 1 ends by its own cause. One that
policy ended has lost no one money and weighs nothing. A group of one place catches nothing, and a threshold of 1 nobody: who
would be caught has gone already.

The thresholds are judgements. There are no random numbers: the same runs give the same answer.

A caught end costs what that place's own ends by losses in that year cost, on average: its exposure by step-in. A place with few
such ends in that year is taken to pay what all places pay then for each pound of agreed budget, times its own: what stepping in
costs falls year by year as the term runs out, so that another year of the same place would be the worse guess. What the
contract's own later end would have cost on average is taken off.
That errs on the high side: losses end contracts in dear futures, in which the same care would have cost more whoever gave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..errors import ConfigError
from ..place import Quantity

Values = np.ndarray
PROVIDER, HOSPITAL, BOTH = "provider", "hospital", "both"
KINDS = (PROVIDER, HOSPITAL)
SHARE = "share of the group's agreed budgets"
#: Shares of a group's budgets that must have been lost before the rest goes.
THRESHOLDS: dict[str, Quantity] = {
    PROVIDER: Quantity((0.25,), SHARE, "judgement: a parent that lost a quarter of its book is taken to give up the rest",
                       "judgement"),
    HOSPITAL: Quantity((0.5,), SHARE, "judgement: with half of its places' contracts gone a hospital's plans are taken to fail",
                       "judgement"),
}  # fmt: skip
#: Thresholds at which the rule is tried; at 1 nobody is caught.
SWEEP = (0.1, 0.25, 0.5, 1.0)
#: Ends of one year from which a place's own mean cost is told, and that of all places.
FEWEST = 30
#: Shares of budgets that differ by less are the same.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Links:
    """For each place (by code) the provider that holds its contract and the hospital it leans on, "" where none is known.

    `budgets` are agreed budgets (£, present value), `thresholds` by kind of link (provider, hospital), as shares from 0 up.
    Errors: ConfigError for lists of different lengths, a place given twice, budgets that are not above 0, or a bad threshold.
    """

    places: tuple[str, ...]
    providers: tuple[str, ...]
    hospitals: tuple[str, ...]
    budgets: tuple[float, ...] = ()
    thresholds: Mapping[str, Quantity] | None = None

    def __post_init__(self) -> None:
        for key, items in (("providers", self.providers), ("hospitals", self.hospitals), ("budgets", self.budgets)):
            if len(items) != len(self.places) and (items or key != "budgets"):
                raise ConfigError("every place needs its own entry", key=key, value=len(items), expected=f"{len(self.places)}")
        if len(set(self.places)) != len(self.places):
            raise ConfigError("a place is given twice", key="places", expected="each place once")
        if any(not budget > 0.0 for budget in self.budgets):
            raise ConfigError("an agreed budget is not above 0", key="budgets", expected="pounds above 0")
        for kind in KINDS:
            if not self.threshold(kind) > 0.0:
                raise ConfigError("a threshold is not above 0", key=f"{kind} threshold", value=self.threshold(kind),
                                  expected="a share of the group's budgets above 0; at 1 or more nobody is caught")  # fmt: skip

    @staticmethod
    def of(places: Sequence[str], providers: Mapping[str, str] | None = None, hospitals: Mapping[str, str] | None = None,
           thresholds: Mapping[str, Quantity] | None = None) -> Links:  # fmt: skip
        """Links from the provider and the hospital of each place by its code; places without an entry stand alone."""
        by, leaning = (tuple((names or {}).get(place, "") for place in places) for names in (providers, hospitals))
        return Links(tuple(places), by, leaning, thresholds=thresholds)

    def threshold(self, kind: str) -> float:
        """The threshold of a kind of link."""
        return ({**THRESHOLDS, **(self.thresholds or {})})[kind].value

    def ordered(self, places: Sequence[str], budgets: Sequence[float]) -> Links:
        """The same links for these places in this order, with their budgets; a place without links stands alone."""
        at = {place: k for k, place in enumerate(self.places)}
        named = [tuple(names[at[place]] if place in at else "" for place in places) for names in (self.providers, self.hospitals)]
        return replace(self, places=tuple(places), providers=named[0], hospitals=named[1], budgets=tuple(budgets))

    def groups(self, kind: str) -> list[Group]:
        """The groups of two or more places of a kind, by name, with each member's share of the group's budgets."""
        names, found = self.providers if kind == PROVIDER else self.hospitals, []
        for name in sorted(set(names) - {""}):
            members = np.array([k for k, one in enumerate(names) if one == name])
            if members.size > 1:
                budgets = np.array([self.budgets[k] for k in members])
                found.append(Group(kind, name, members, budgets / budgets.sum()))
        return found


class Group(NamedTuple):
    """Places that hang together: kind, name, members (numbers of places) and their shares of the group's budgets."""

    kind: str
    name: str
    members: Values
    shares: Values


class Caught(NamedTuple):
    """year int8[K, n] in which each contract is caught, −1 where it is not; by_group int16[groups, n]: how many each catches."""

    year: Values
    by_group: Values


def spread(exit_year: Values, by_losses: Values, groups: Sequence[Group], thresholds: Mapping[str, float], years: int) -> Caught:
    """Contagion in n futures of K places. exit_year int8[K, n], −1 where the contract runs its term; by_losses bool[K, n].

    Only ends are followed, not every year of every place: the time is that of the number of ends.
    """
    last = np.where(exit_year < 0, years, exit_year).astype(np.int8)
    found = _Following(last, np.where(by_losses, last, years).astype(np.int8), groups, thresholds)
    for t, own in enumerate(_by_year(found.fails, years - 1)):
        found.go_on(t, own)
    return Caught(found.caught, found.by_group)


def _by_year(fails: Values, years: int) -> list[Values]:
    """Flat numbers of the ends by losses in each year."""
    flat = fails.ravel()
    ends = np.flatnonzero(flat < years)
    ends = ends[np.argsort(flat[ends], kind="stable")]
    return np.split(ends, np.searchsorted(flat[ends], np.arange(1, years))) if years > 0 else []


def _distinct(numbers: Values) -> Values:
    """Every number once, in order."""
    numbers = np.sort(numbers)
    return numbers[np.r_[True, numbers[1:] != numbers[:-1]]] if numbers.size else numbers


class _Following:
    """Ends as they are followed year by year: what each group has lost in each future, and which groups have given up."""

    def __init__(self, last: Values, fails: Values, groups: Sequence[Group], thresholds: Mapping[str, float]) -> None:
        self.last, self.fails, self.groups, self.n = last, fails, groups, last.shape[1]
        self.caught, self.new = np.full(last.shape, -1, dtype=np.int8), np.zeros(0, dtype=np.int64)
        self.by_group = np.zeros((len(groups), self.n), dtype=np.int16)
        self.lost, self.gone = np.zeros((len(groups), self.n)), np.zeros((len(groups), self.n), dtype=bool)
        self.edges = np.array([thresholds[group.kind] - ROUNDING for group in groups])
        self.kinds: list[tuple[Values, Values]] = []
        for kind in dict.fromkeys(group.kind for group in groups):
            at, share = np.full(last.shape[0], -1), np.zeros(last.shape[0])
            for g, group in enumerate(groups):
                if group.kind == kind:
                    at[group.members], share[group.members] = g, group.shares
            self.kinds.append((at, share))

    def go_on(self, t: int, own: Values) -> None:
        """Count the ends by losses of year t, own and caught; catch in t + 1 what still runs in groups that have lost enough."""
        own = own[self.fails.ravel()[own] == t]
        places, futures = np.divmod(np.concatenate((own, self.new)), self.n)
        parts = [self._reached(t, at[places], share[places], futures) for at, share in self.kinds]
        self.new = _distinct(np.concatenate(parts)) if parts else self.new[:0]
        for values in (self.last, self.fails, self.caught):
            values.ravel()[self.new] = t + 1

    def _reached(self, t: int, groups: Values, shares: Values, futures: Values) -> Values:
        """Flat numbers of the contracts that groups of one kind catch after year t."""
        inside = groups >= 0
        pairs = groups[inside] * self.n + futures[inside]
        lost, gone = self.lost.ravel(), self.gone.ravel()
        np.add.at(lost, pairs, shares[inside])
        pairs = _distinct(pairs[(lost[pairs] >= self.edges[groups[inside]]) & ~gone[pairs]])
        gone[pairs] = True
        by, found = np.split(pairs, np.searchsorted(pairs, self.n * np.arange(1, len(self.groups)))), []
        for g, own in enumerate(by):
            if own.size:
                at, members = own - g * self.n, self.groups[g].members
                runs = self.last[members[:, None], at] > t + 1
                self.by_group[g, at] = runs.sum(axis=0)
                found.append((members[:, None] * self.n + at)[runs])
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def end_costs(counts: Values, weights: Values, sums: Values, budgets: Sequence[float]) -> Values:
    """£ that an early end costs a place by its last year, float64[K, T]: the place's own mean where FEWEST or more of its futures
    end so in that year; else the mean of all places in that year for each pound of agreed budget, times the budget. A year in
    which all places together have fewer such futures takes the nearest year of all places that has them (the earlier of two), or
    the mean of all years where no year has; 0 where none ends so.

    counts[K, T] futures that end so, weights[K, T] their weights, sums[K, T] their weighted exposure by step-in (£).
    """
    size = np.asarray(budgets, dtype=np.float64)[:, None]
    at_risk, spent = (weights * size).sum(axis=0), sums.sum(axis=0)
    years = np.arange(counts.shape[1])
    enough = np.flatnonzero((counts.sum(axis=0) >= FEWEST) & (at_risk > 0.0))
    if enough.size:
        near = enough[np.abs(enough[None, :] - years[:, None]).argmin(axis=1)]
        rate = spent[near] / at_risk[near]
    else:
        whole = float(at_risk.sum())
        rate = np.full(years.size, float(spent.sum()) / whole if whole > 0.0 else 0.0)
    own = (counts >= FEWEST) & (weights > 0.0)
    return np.where(own, sums / np.where(own, weights, 1.0), size * rate[None, :])


def extra_cost(caught: Values, exit_year: Values, by_losses: Values, losses_cost: Values, other_cost: Values) -> Values:
    """£ that contagion adds in each future, float64[n]: what caught ends cost less what the own later ends would have cost.

    losses_cost[K, T] and other_cost[K, T] are means by the last year of service, of ends by losses and by policy.
    """
    found = np.zeros(caught.shape[1])
    for k in np.flatnonzero((caught >= 0).any(axis=1)):
        hit = np.flatnonzero(caught[k] >= 0)
        year, own = caught[k, hit], exit_year[k, hit]
        later = np.where(by_losses[k, hit], losses_cost[k, own], other_cost[k, own])
        found[hit] += losses_cost[k, year] - np.where(own >= 0, later, 0.0)
    return found
