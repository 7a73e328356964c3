"""The loop over futures: draw a block, then live it once for every strategy, on the same draws.

One block is `BLOCK` futures. The result of a future depends on its number alone, never on the block, chunk or thread that
it fell into. `project` fills outcomes (and the yearly table where wanted) for futures first … first + n − 1; `trace` gives
one block's whole ledger and every driver, year by year, for `explain` and for tests.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array, kernel, rule
from ..drivers.opening import vary_price
from ..futures.sampler import NOISE_COUNT, ONCE_COUNT, make_scratch, sample_block
from .measure import finish, read_nature, read_year
from .respond import year_of_world
from .settle import empty, recover_year, settle_year
from .solvency import bear_losses, end_service, leave_early, split_result, start_block, successor_cost

LOWEST = L.OUT["lowest_reserve_gbp"]
Arrays = tuple[Any, ...]


@rule
def live_year(
    t: int, first: int, n: int, d: Array, s: Array, memory: Array, money: Array, ledger: Array, axes: Array, noise: Array,
    once: Array, world: Arrays, deal: Arrays, act: Arrays,
) -> None:  # fmt: skip
    """One year of a block, in order: world and record, settlement, recovery, variation, result against plan, losses,
    early notice, successor."""
    p, lines, pods, indicators, age_mix, plan, today, base_cost = world
    kinds, payers, payees, _, rows, wires, constants, _, sizes, kept = deal
    strategy, lever_rows, lever_keys, goals, edges = act
    terms = kinds.size
    year_of_world(
        t, n, d, s, axes, noise, once, p, lines, pods, indicators, age_mix, plan, today, base_cost, strategy,
        lever_rows, goals, edges,
    )  # fmt: skip
    settle_year(t, n, kinds, payers, payees, rows, wires, constants, sizes, kept, d, s, memory, money, ledger)
    recover_year(t, first, n, strategy, lever_rows, lever_keys, goals, edges, d, s, p, ledger, terms + L.LINE_RECOVERY)
    vary_price(d, s, p, plan, ledger, terms + L.LINE_VARIATION, t, n)
    split_result(d, s, p, plan, base_cost, t, n)
    bear_losses(d, s, p, ledger, terms + L.LINE_SUPPORT, t, n)
    leave_early(d, s, p, ledger, terms + L.LINE_EXIT_FEE, t, n)
    successor_cost(d, s, p, ledger, terms + L.LINE_STEP_IN, t, n)


@rule
def forget(memory: np.ndarray, d: np.ndarray, n: int) -> None:
    """Empty the clauses' memory and the contract's own rows of d before the first year."""
    for k in range(memory.shape[0]):
        empty(memory[k], n)
    empty(d[len(L.DRIVERS) :], n)


@rule
def live_block(
    first: int, n: int, years: int, at: int, axes: Array, noise: Array, once: Array, d: Array, s: Array, memory: Array,
    money: Array, ledger: Array, in_service: Array, x: Array, world: Arrays, deal: Arrays, act: Arrays, out: Array,
    yearly: Array,
) -> None:  # fmt: skip
    """All years of one block under one strategy; fills out[OUTCOMES, at:at+n] and yearly[YEARLY, T, at:at+n]."""
    p, indicators = world[0], world[3]
    kinds, payers, payees, causes, public = deal[0], deal[1], deal[2], deal[3], deal[7]
    start_block(s, p, n)
    forget(memory, d, n)
    for k in range(out.shape[0]):
        for i in range(n):
            out[k, at + i] = s[L.S_RESERVE, i] if k == LOWEST else 0.0
    for t in range(years):
        for i in range(n):
            in_service[i] = s[L.S_RUNNING, i]
        live_year(t, first, n, d, s, memory, money, ledger, axes, noise, once, world, deal, act)
        read_year(
            out, yearly, in_service, x, t, n, at, kinds.size, payers, payees, causes, public, ledger, d, s, p,
            indicators.shape[0],
        )  # fmt: skip
        if t < years - 1:
            end_service(s, axes, once, p, t, n)
    finish(out, s, at, n, years)


@kernel
def project(
    first: int, n: int, years: int, dimensions: int, design: Arrays, law: Arrays, world: Arrays, deal: Arrays,
    strategies: Array, lever_rows: Array, lever_keys: Array, goals: Array, edges: Array, out: Array, yearly: Array,
    nature: Array,
) -> None:  # fmt: skip
    """Fill out[strategy, OUTCOMES, n], yearly[strategy, YEARLY, T, n or 0] and nature[NATURE + TAGS, n].

    `design` and `law` as futures/design.py and study.py make them, `dimensions` the rows of the cube; world = (p, lines, pods,
    indicators, age_mix, plan, today, base cost); deal as in ContractTable.
    """
    width = min(L.BLOCK, n)
    cube, tags, scratch = np.empty((dimensions, width)), np.empty((len(L.TAGS), width)), make_scratch(years, width)
    axes, noise = np.empty((years, 6, width)), np.empty((years, NOISE_COUNT, width))
    once = np.empty((ONCE_COUNT, width))
    d, s = np.empty((len(L.DRIVERS) + deal[8][0], width)), np.empty((len(L.STATES), width))
    terms = deal[0].size
    memory, money = np.empty((terms, L.MEMORY_SLOTS, width)), np.empty(width)
    ledger, in_service = np.empty((years, terms + len(L.SYSTEM_LINES), width)), np.empty(width)
    x = np.empty(len(L.EXPOSURE))
    for start in range(0, n, L.BLOCK):
        size = min(L.BLOCK, n - start)
        sample_block(axes, noise, once, tags, cube, scratch, design, law, first + start, size, years)
        for k in range(strategies.shape[0]):
            act = (strategies[k], lever_rows, lever_keys, goals, edges)
            live_block(
                first + start, size, years, start, axes, noise, once, d, s, memory, money, ledger, in_service, x, world,
                deal, act, out[k], yearly[k],
            )  # fmt: skip
        read_nature(
            nature, axes, noise, once, tags, d[L.WORLD_OPENING] - 1.0, d[L.WORLD_FUNDING], start, size, years, world[0]
        )


@kernel
def trace(
    first: int, n: int, years: int, dimensions: int, design: Arrays, law: Arrays, world: Arrays, deal: Arrays,
    strategy: Array, lever_rows: Array, lever_keys: Array, goals: Array, edges: Array, axes: Array, noise: Array,
    once: Array, ledger: Array, drivers: Array, states: Array,
) -> None:  # fmt: skip
    """One block of at most BLOCK futures in full: axes, noise, once, ledger[T, LINES, n], drivers[T, DRIVERS, n], states.

    `states[T, STATES, n]` is the state at the end of each year, after the decision on exit.
    """
    cube, tags = np.empty((dimensions, n)), np.empty((len(L.TAGS), n))
    d, s = np.empty((len(L.DRIVERS) + deal[8][0], n)), np.empty((len(L.STATES), n))
    memory, money = np.empty((deal[0].size, L.MEMORY_SLOTS, n)), np.empty(n)
    sample_block(axes, noise, once, tags, cube, make_scratch(years, n), design, law, first, n, years)
    start_block(s, world[0], n)
    forget(memory, d, n)
    act = (strategy, lever_rows, lever_keys, goals, edges)
    for t in range(years):
        live_year(t, first, n, d, s, memory, money, ledger, axes, noise, once, world, deal, act)
        if t < years - 1:
            end_service(s, axes, once, world[0], t, n)
        drivers[t], states[t] = d[: len(L.DRIVERS)], s
