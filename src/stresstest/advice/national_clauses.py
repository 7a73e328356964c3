"""The same places under other contracts, all at once: what a clause does to the total, and whether places then fail together.

Every figure of a variant is set beside the base's in the same futures: the error of the change is that of the paired difference
of their influences, by the runs' design. Exposures of a variant count from the base's agreed budgets, and calls from the base's
limits, so that a dearer contract is not helped by its own price.

Mean and worst 1 in 20 of exposure are judged together, each by whether it changes by more than two standard errors:

    helps          both fall, or one falls and the other stays within error
    hurts          both rise, or one rises and the other stays within error
    a trade        one rises and the other falls; the words say which
    within error   neither changes

Whether risk evens out less as more places sign goes by the variance that places share, σ_S² − Σ σ_k², which is said besides
where it rises. Correlation is no guide to that: it rises as well where only what is local falls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import ConfigError
from ..measures.estimates import Wanted, estimate
from ..measures.failures import failures
from ..measures.moments import moments
from ..measures.national import TAIL, correlation_influence, shared_influence
from ..measures.national_years import error_of
from .compare_shared import common_futures
from .national_places import Places, axes_of, mend, refuse
from .national_store import CALL, EXPOSURE, HEALTH, PUBLIC, Store, lived, needs
from .national_tables import WALKS, add_place

Row = dict[str, Any]
Values = np.ndarray
Say = Callable[[str], None]
BASE = "base"
HELPS, HURTS, WITHIN = "helps", "hurts", "within error"
DEARER = "a trade: dearer on average, lighter in the worst"
CHEAPER = "a trade: cheaper on average, heavier in the worst"
#: What is added to a verdict where the variance that places share rises.
LESS_EVEN = ", and evens out less as more places sign"
ERRORS = 2.0
#: Endings of the rows of a total and its sums of squares.
ENDS = ("", " q", " r")
MEANS = (("exposure_mean_gbp", EXPOSURE), ("public_exposure_mean_gbp", PUBLIC), ("call_mean_gbp", CALL),
         ("health_mean_qaly", HEALTH), ("failing_mean_places", WALKS))  # fmt: skip
CHANCES = (("tenth_fail_probability", 0.1), ("quarter_fail_probability", 0.25), ("half_fail_probability", 0.5))


@dataclass(frozen=True)
class Figure:
    """A figure of a store: its value, and its influence in a stretch of futures."""

    value: float
    influence: Callable[[int, int], Values]


def clauses(base: Places, variants: Mapping[str, Places], say: Say = lambda _: None) -> dict[str, list[Row]]:
    """Table clauses: for each strategy the base and every variant, with the paired change of each figure and a verdict.

    Errors: ConfigError for variants without names, of other places, or that do not live the base's futures.
    """
    if not variants or BASE in variants or not all(variants):
        raise ConfigError("variants need names of their own", key="variants", value=", ".join(variants) or None,
                          expected=f"at least one, none of them called {BASE}")  # fmt: skip
    matched = {name: _matched(base, one, name) for name, one in variants.items()}
    n = common_futures([source for one in (base, *matched.values()) for source in one.sources])
    first = replace(base, n=n)
    strategies = [name for name in base.strategies if all(name in one.strategies for one in matched.values())]
    if not strategies:
        raise ConfigError("the runs share no strategy", key="strategies", expected="the same names, such as honest and gamed")
    say(f"{len(base.names)} places under the base contract, {n:,} futures")
    stores = _added(first, first, strategies)
    rows: dict[str, list[Row]] = {name: [_head(first, store, BASE)] for name, store in stores.items()}
    for variant, one in matched.items():
        say(f"{len(base.names)} places under {variant}")
        for name, store in _added(replace(one, n=n), first, strategies).items():
            rows[name].append(_changed(store, stores[name], variant))
    return {"clauses": [{"strategy": name, **row} for name in strategies for row in rows[name]]}


def _matched(base: Places, other: Places, name: str) -> Places:
    """A variant with its places in the base's order. Errors: ConfigError."""
    at = {code: k for k, code in enumerate(other.codes)}
    if set(at) != set(base.codes):
        odd = sorted(set(at) ^ set(base.codes))
        raise ConfigError(f"{name} is of other places than the base", key="places", value=", ".join(odd[:5]),
                          expected=f"runs of the same {len(base.codes)} places")  # fmt: skip
    first = other.sources[at[base.codes[0]]]
    refuse(base.sources[0], first)
    n = min(base.n, other.n)
    if not np.array_equal(axes_of(base.sources[0], n), axes_of(first, n), equal_nan=True):
        raise ConfigError(f"{name} does not share the base's economy: the axes differ", file=first.folder,
                          expected=mend(base.sources[0], first))  # fmt: skip
    order = [at[code] for code in base.codes]
    return replace(other, sources=tuple(other.sources[k] for k in order), names=tuple(other.names[k] for k in order))


def _added(found: Places, base: Places, strategies: list[str]) -> dict[str, Store]:
    """The places added up by strategy, their exposures counted from the base's budgets and limits."""
    stores = {name: Store(found, name) for name in strategies}
    columns = needs(failures(found.sources[0].study))
    for k in range(len(found.names)):
        rise, failing = found.budgets[k] - base.budgets[k], failures(found.sources[k].study)
        for name, one in lived(found, k, strategies, columns).items():
            add_place(stores[name], k, one, failing, rise, base.limits[k])
    return stores


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────
def figures(store: Store) -> dict[str, Figure]:
    """Every figure by its column's name."""
    found = {name: _mean(store, row) for name, row in MEANS}
    places = len(store.found.names)
    for name, share in CHANCES:
        found[name] = _chance(store, max(1, math.ceil(share * places - 1e-9)))
    return {**found, **_spread(store)}


def _mean(store: Store, row: str) -> Figure:
    (mean,) = estimate(store.of(row), [Wanted("mean")])
    return Figure(mean.value, lambda a, b: store.get(row, a, b) - mean.value)


def _chance(store: Store, least: int) -> Figure:
    (mean,) = estimate(store.column(lambda a, b: store.get(WALKS, a, b) >= least), [Wanted("mean")])
    return Figure(mean.value, lambda a, b: (store.get(WALKS, a, b) >= least) - mean.value)


def _spread(store: Store) -> dict[str, Figure]:
    """Standard deviation, mean of the worst 1 in 20, the places' correlation and what they share, of the total exposure."""
    column = store.of(EXPOSURE)
    m = moments(column)
    a, b, d = m.square / m.weight, math.fsum(sd * sd for sd in store.sds[EXPOSURE]), math.fsum(store.sds[EXPOSURE]) ** 2
    sd = math.sqrt(a)
    edge, tail = (e.value for e in estimate(column, [Wanted("quantile", TAIL), Wanted("cte", TAIL, True)]))
    excess, shared = tail - edge, shared_influence(m.mean, a, b)
    rho, other = math.nan, None
    if d - b > 1e-12 * d and a > 0.0:
        rho, other = (a - b) / (d - b), correlation_influence(m.mean, a, b, d)

    def of(end: str, start: int, stop: int) -> Values:
        return store.get(f"{EXPOSURE}{end}", start, stop)

    return {
        "exposure_sd_gbp": Figure(sd, lambda s, t: ((of("", s, t) - m.mean) ** 2 - a) / (2.0 * sd or math.inf)),
        "exposure_worst_1_in_20_gbp": Figure(tail, lambda s, t: np.maximum(0.0, of("", s, t) - edge) / (1.0 - TAIL) - excess),
        "correlation": Figure(rho, lambda s, t: other(*(of(end, s, t) for end in ENDS)) if other else np.zeros(t - s)),
        "shared_variance": Figure(a - b, lambda s, t: shared(of("", s, t), of(" q", s, t))),
    }


def _head(found: Places, store: Store, variant: str) -> Row:
    """The base's row: changes of nothing."""
    row: Row = {"variant": variant, "contract": found.sources[0].study.contract.name, "verdict": BASE}
    for name, figure in figures(store).items():
        error = error_of(store.column(figure.influence))
        row |= {name: figure.value, f"{name}_error": error, f"{name}_change": 0.0, f"{name}_change_error": 0.0}
    return row | {"gbp_per_qaly": math.nan}


def _changed(store: Store, base: Store, variant: str) -> Row:
    """A variant's row, with the paired change from the base."""
    for start, stop in store.stretches():
        if not np.array_equal(store.get("weight", start, stop), base.get("weight", start, stop)):
            raise ConfigError(f"{variant} does not share the base's economy: its futures weigh otherwise", key="weight",
                              expected="runs of one seed and design")  # fmt: skip
    row: Row = {"variant": variant, "contract": store.found.sources[0].study.contract.name}
    changes: dict[str, float] = {}
    before = figures(base)
    for name, figure in figures(store).items():
        change, error = figure.value - before[name].value, error_of(store.column(_apart(figure, before[name])))
        row |= {name: figure.value, f"{name}_error": error_of(store.column(figure.influence)),
                f"{name}_change": change, f"{name}_change_error": error}  # fmt: skip
        changes[name] = _sign(change, error, figure.value)
    return {**row, "gbp_per_qaly": price_of_health(row, changes), "verdict": verdict(changes)}


def price_of_health(row: Row, signs: Mapping[str, float]) -> float:
    """£ of exposure for each QALY more, where both rise beyond error; NaN elsewhere."""
    if signs["exposure_mean_gbp"] <= 0.0 or signs["health_mean_qaly"] <= 0.0:
        return math.nan
    return float(row["exposure_mean_gbp_change"] / row["health_mean_qaly_change"])


def _apart(one: Figure, other: Figure) -> Callable[[int, int], Values]:
    return lambda a, b: one.influence(a, b) - other.influence(a, b)


def _sign(change: float, error: float, size: float) -> float:
    """1 or −1 for a change beyond ERRORS of its errors and beyond rounding, else 0."""
    return math.copysign(1.0, change) if abs(change) > max(ERRORS * error, 1e-9 * abs(size)) else 0.0


def verdict(changes: Mapping[str, float]) -> str:
    """A clause in a few words, from the signs of its changes (−1, 0, 1): mean and worst 1 in 20 together, then what is shared."""
    mean, tail = changes["exposure_mean_gbp"], changes["exposure_worst_1_in_20_gbp"]
    if mean * tail < 0.0:
        told = DEARER if mean > 0.0 else CHEAPER
    else:
        told = WITHIN if mean == tail == 0.0 else HELPS if mean + tail < 0.0 else HURTS
    return told + (LESS_EVEN if changes["shared_variance"] > 0.0 else "")
