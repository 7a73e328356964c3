"""Tables of many places under one strategy: places, totals, what diversifies, joint failures, the economy, places in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import layout as L
from ..measures import national as M
from ..measures.estimates import Wanted, estimate
from ..measures.failures import Failure
from ..measures.moments import moments
from ..measures.national_differ import differ_row
from ..measures.national_economy import correlation_rows
from ..measures.national_years import level_rows, year_head
from ..measures.probabilities import probabilities
from ..measures.stream import Column
from .compare_tables import shown
from .national_places import Places
from .national_store import ADDED, ANY, CALL, ENDS, EXPOSURE, POOLED, PUBLIC, SAVED, SCORE, Lived, Store, room
from .reading import nature

Row = dict[str, Any]
Values = np.ndarray
WALKS, FLOOR = "walks_away", "quality_floor"
#: National columns of table futures.
NATIONAL = (*(f"{axis}_{end}" for axis in L.AXES for end in ("mean", "end")),
            "crisis_years", "inflation_surprises", "pandemic_years")  # fmt: skip
ENDED = {"losses": "contract ended by losses", "early": "ended early, any cause"}
FAILED = "places whose contract losses end"
#: A place fails alone where at most this share of the others does, and with many where at least that share does.
FEW, MANY = 0.05, 0.5


# ── a place ────────────────────────────────────────────────────────────────────────────────────────────────────────
def add_place(
    store: Store, k: int, one: Lived, failing: Sequence[Failure], rise: float = 0.0, limit: float | None = None
) -> Row:  # fmt: skip
    """Add a place's futures to the totals, once, and return its own figures.

    `failing` are the place's failures at its own hurdles; `rise` (£) is added to what public bodies bear: its agreed budget less
    the one to count from; `limit` (£) is the commissioner's, the study's own unless given. Errors: DataError for a place that has
    been added, or out of order.
    """
    found, source = store.found, store.found.sources[k]
    budget = found.budgets[k]
    store.tag(k, one)
    store.mark(k, one)
    row: Row = {"place": found.names[k], "code": source.study.place.name, "contract": source.study.contract.name,
                "run": source.manifest["run_id"], "agreed_budget_gbp": budget}  # fmt: skip
    for name in [*(event.name for event in failing), ANY]:
        row |= _add_chance(store, name, one.column(partial(_event, one, failing, name)))
    bound = found.limits[k] if limit is None else limit
    for name, own, unit, _ in ADDED:
        moved = rise if name in (EXPOSURE, PUBLIC, CALL) else 0.0
        row |= _add_measure(store, name, unit, one.column(_value(one, name, own, moved, bound)))
    score = estimate(one.of(SCORE), [Wanted("mean")])[0]
    share = row["commissioner_exposure_gbp"] / budget if budget else math.nan
    return row | shown("true", "score", score) | {"exposure_share": share}


def _event(one: Lived, failing: Sequence[Failure], name: str, start: int, stop: int) -> Values:
    """Whether a place fails in this way, or in any, as 0 and 1."""
    columns = {need: one.get(need, start, stop) for event in failing if name in (event.name, ANY) for need in event.needs}
    return np.logical_or.reduce([event.failing(columns) for event in failing if name in (event.name, ANY)]).astype(np.float64)


def _value(one: Lived, name: str, own: str, rise: float, limit: float) -> Callable[[int, int], Values]:
    if name == CALL:
        return lambda a, b: np.maximum(0.0, one.get(own, a, b) + rise - limit)
    return lambda a, b: one.get(own, a, b) + rise


def _add_chance(store: Store, name: str, column: Column) -> Row:
    """Count a failure in each future; return its chance."""
    held = column.held()
    start = 0
    for piece in held:
        store.add(name, start, piece.values)
        start += piece.values.size
    e = probabilities(held, [lambda x: x > 0.5])[0]
    return {f"{name}_probability": e.value, f"{name}_probability_error": e.error,
            f"{name}_probability_low": e.low, f"{name}_probability_high": e.high}  # fmt: skip


def _add_measure(store: Store, name: str, unit: str, column: Column) -> Row:
    """Add a measure to the totals, with its squares; return its mean."""
    held = column.held()
    (mean,) = estimate(held, [Wanted("mean")])
    sd = M.population_sd(held)
    store.sds[name].append(sd)
    start = 0
    for piece in held:
        apart = (piece.values - mean.value) ** 2
        for end, values in (("", piece.values), (" q", apart), (" r", apart / (sd or 1.0))):
            store.add(f"{name}{end}", start, values)
        start += piece.values.size
    return shown("call" if name == CALL else name.replace(" ", "_"), unit, mean)


# ── totals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def total_tables(store: Store) -> tuple[list[Row], list[Row]]:
    """Tables totals and diversified."""
    totals: list[Row] = []
    spread: list[Row] = []
    for name, _, unit, high in ADDED:
        totals += [{"measure": name, "unit": unit, **row} for row in M.total_rows(store.of(name), high)]
        spread.append({"measure": name, "unit": unit, **M.diversification(store.combined(name), store.sds[name])})
    for name in (POOLED, SAVED):
        totals += [{"measure": name, "unit": "gbp", **row} for row in M.total_rows(pooled(store, name), True)]
    return totals, spread


def pooled(store: Store, name: str) -> Column:
    """What exceeds the summed limits in each future, or what that saves against every limit by itself."""
    bound = math.fsum(store.found.limits)

    def get(start: int, stop: int) -> Values:
        over = np.maximum(0.0, store.get(EXPOSURE, start, stop) - bound)
        return over if name == POOLED else store.get(CALL, start, stop) - over

    return store.column(get)


# ── joint failures ─────────────────────────────────────────────────────────────────────────────────────────────────
def joint_tables(store: Store, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Tables joint_summary and joint: every kind of failure, over the whole term."""
    summary: list[Row] = []
    joint: list[Row] = []
    for name in (*store.failing, ANY):
        chances = [row[f"{name}_probability"] for row in rows]
        summary.append({"failure": name, "words": said(name), **M.joint_summary(store.of(name), chances)})
        joint += [{"failure": name, **row} for row in M.joint_rows(store.of(name), chances)]
    return summary, joint


def differ_rows(store: Store, rows: Sequence[Row]) -> Iterator[Row]:
    """Table places_differ: whether places' chances differ by more than chance has it, of ends by losses and of any failure."""
    for name in (WALKS, ANY):
        chances = [row[f"{name}_probability"] for row in rows]
        yield {"measure": name, **differ_row(store.of(name), chances, store.found.budgets)}


def said(name: str) -> str:
    """A failure in words that hold for every place."""
    told = {WALKS: "losses end the contract before its term", FLOOR: "true progress stays below the quality floor",
            ANY: "at least one hurdle is missed"}  # fmt: skip
    return told.get(name, f"the {name.removesuffix('_limit')} bears more than its limit")


def year_rows(store: Store) -> Iterator[Row]:
    """Table joint_by_year: how many places have ended by the end of each year."""
    for j, kind in enumerate(ENDS):
        for t, label in enumerate(store.found.years):
            chances, errors = _by(store, j, t)
            counts = store.by_future(store.by_year[j, t])
            head = {"failure": ENDED[kind], "year": label, "year_number": t + 1, **year_head(counts, chances)}
            for row in level_rows(counts, chances, errors, _weighed(store, j, t)):
                yield head | row


def _ended(store: Store, j: int, t: int, places: int | slice, start: int, stop: int) -> Values:
    """bool[…, stop − start]: whether places' contracts have ended by the end of year t, by losses (j = 0) or at all."""
    year = store.year[places, start:stop]
    ended = (year >= 0) & (year <= t)
    return np.asarray(ended & (store.cause[places, start:stop] >= L.EXIT_FIRST_ADVERSE) if j == 0 else ended)


def _by(store: Store, j: int, t: int) -> tuple[list[float], list[float]]:
    """The places' own chances of having ended by year t, and their errors."""
    found = []
    for k in range(len(store.found.names)):
        column = store.column(partial(_ended, store, j, t, k))
        found.append(probabilities(column, [lambda x: x > 0.5])[0])
    return [e.value for e in found], [e.error for e in found]


def _weighed(store: Store, j: int, t: int) -> Callable[[Values], Callable[[int], Column]]:
    """From c[levels, K] to the columns Σ_k c_k 1[k has ended]; worked out once for all levels where futures are few."""

    def made(c: Values) -> Callable[[int], Column]:
        kept: dict[int, Values] = {}
        few = store.n * c.shape[0] <= 8_000_000

        def at(level: int, start: int, stop: int) -> Values:
            if start not in kept:
                kept.clear() if not few else None
                kept[start] = c.astype(np.float32) @ _ended(store, j, t, slice(None), start, stop).astype(np.float32)
            return kept[start][level]

        return lambda level: store.column(lambda a, b: at(level, a, b))

    return made


# ── the economy ────────────────────────────────────────────────────────────────────────────────────────────────────
def axes_table(found: Places) -> tuple[tuple[str, ...], Values]:
    """Names and values float32[columns, n] of the national columns of nature; those of the first place, which all share."""
    out = room((len(NATIONAL), found.n), np.float32)
    for part in nature(found.sources[0], NATIONAL):
        kept = part["future"] <= found.n
        rows = part["future"][kept] - 1
        for k, name in enumerate(NATIONAL):
            out[k, rows] = part[name][kept]
    return NATIONAL, out


def economy_rows(store: Store, names: Sequence[str], axes: Values) -> Iterator[Row]:
    """Table economy: which shared uncertainties go with the totals, and with the number of places that fail."""
    for measure in (EXPOSURE, PUBLIC, CALL, FAILED):
        own = WALKS if measure == FAILED else measure

        def stretches(own: str = own) -> Iterator[tuple[Values, Values, Values, Values]]:
            for a, b in store.stretches():
                yield axes[:, a:b].astype(np.float64), store.get(own, a, b), *store.tags(a, b)

        for row in correlation_rows(stretches, names, store.design):
            yield {"measure": measure, **row}


# ── places in order ────────────────────────────────────────────────────────────────────────────────────────────────
def in_order(store: Store, rows: list[Row]) -> None:
    """Add to each place what it carries of the nation's worst futures, how often it fails alone and with many, and its ranks."""
    _tails(store, rows)
    others = len(rows) - 1
    few, many = math.floor(FEW * others + 1e-9), max(1, math.ceil(MANY * others - 1e-9))
    for k, row in enumerate(rows):
        column = store.column(partial(_company, store, k))
        alone, with_many = probabilities(column, [lambda x: (x >= 0) & (x <= few), lambda x: x >= many])
        row |= {"fails_alone_probability": alone.value, "fails_alone_error": alone.error,
                "fails_with_many_probability": with_many.value, "fails_with_many_error": with_many.error}  # fmt: skip
    for rank, column_name in RANKS.items():
        values = np.array([row[column_name] for row in rows], dtype=np.float64)
        order = np.argsort(np.where(np.isnan(values), np.inf, -values), kind="stable")
        for place, k in enumerate(order):
            rows[k][rank] = place + 1


#: Rank columns and what they go by; 1 for the highest.
RANKS = {
    "rank_by_failure": f"{WALKS}_probability", "rank_by_exposure_share": "exposure_share",
    "rank_by_share_of_worst": "share_of_worst", "rank_by_worst_over_budget": "worst_over_budget",
    "rank_by_failing_alone": "fails_alone_probability", "rank_by_failing_with_many": "fails_with_many_probability",
}  # fmt: skip


def _company(store: Store, k: int, start: int, stop: int) -> Values:
    """How many other places fail in the futures in which place k does; −1 in the others."""
    fails = store.cause[k, start:stop] >= L.EXIT_FIRST_ADVERSE
    return np.where(fails, store.get(WALKS, start, stop) - 1.0, -1.0)


def _tails(store: Store, rows: list[Row]) -> None:
    """What each place carries of the nation's worst 1 in 20: its mean exposure there, its share of them, and that over its share
    of the budgets. Just 1 in 20 of the weight is taken: futures on the edge count in part, as in the nation's own tail.
    """
    column = store.of(EXPOSURE)
    edge, wanted = estimate(column, [Wanted("quantile", M.TAIL)])[0].value, (1.0 - M.TAIL) * moments(column).weight
    weights, sums = np.zeros(2), np.zeros((2, len(rows)))
    for a, b in store.stretches():
        total, w = store.get(EXPOSURE, a, b), store.get("weight", a, b)
        for j, futures in enumerate((np.flatnonzero(total > edge), np.flatnonzero(total == edge))):
            weights[j] += float(w[futures].sum())
            sums[j] += store.exposure[:, a:b][:, futures].astype(np.float64) @ w[futures]
    part = (wanted - weights[0]) / weights[1] if weights[1] else 0.0
    carried, budgets = sums[0] + part * sums[1], math.fsum(store.found.budgets)
    whole = float(carried.sum())
    for row, own in zip(rows, carried.tolist(), strict=True):
        row["worst_1_in_20_gbp"] = own / wanted if wanted else math.nan
        row["share_of_worst"] = own / whole if whole else math.nan
        budget = row["agreed_budget_gbp"]
        row["worst_over_budget"] = row["share_of_worst"] * budgets / budget if budget else math.nan
