"""The loop over futures: draw a block, work out the place's years, then live them once for every strategy, on the same draws.

One block is `BLOCK` futures, in groups of LANES. The result of a future depends on its number alone, never on the block, chunk or
thread that it fell into. `project` fills outcomes (and the yearly table where wanted) for futures first … first + n − 1; `trace`
gives the whole ledger and every driver, year by year, for `explain` and for tests.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array, kernel, rule
from .._lanes import blank, block_of, groups, rows_of, shared_of
from ..drivers.opening import vary_price
from ..futures.sampler import copy_out, make_cube, make_scratch, noise_of, once_of, sample_block
from .given import years_given
from .measure import finish, list_year, read_nature, read_year
from .respond import year_of_world
from .settle import recover_year, settle_year
from .solvency import bear_losses, end_service, leave_early, split_result, start_block, successor_cost

LOWEST = L.OUT["lowest_reserve_gbp"]
Arrays = tuple[Any, ...]


@rule
def make_life(years: int, deal: Arrays) -> Arrays:
    """Work space of one block for one strategy: d, s, clauses' memory, money, ledger, in service, exposure, and what clauses
    with numbers of their own for each future need (`settle_alone`)."""
    terms, rows = deal[0].size, len(L.DRIVERS) + deal[8][0]
    width = L.BLOCK
    d, s, memory = np.zeros((rows, width)), np.zeros((len(L.STATES), width)), np.zeros((terms, L.MEMORY_SLOTS, width))
    ledger = np.zeros((years, terms + len(L.SYSTEM_LINES), width))
    money = np.zeros(width)
    apart = (np.zeros((rows, width)), np.zeros((L.MEMORY_SLOTS, width)), np.zeros(width))
    return d, s, memory, money, ledger, np.zeros(width), np.zeros((len(L.EXPOSURE) + len(L.PUBLIC_SUMS), width)), apart


@rule
def life_rows(life: Arrays) -> Arrays:
    """The work space as groups of futures."""
    d, s, memory, money, ledger, in_service, x, (own_d, own_memory, own_money) = life
    apart = (
        shared_of(d), shared_of(memory), shared_of(money), shared_of(own_d), shared_of(own_memory), shared_of(own_money),
        block_of(own_d), block_of(own_memory), block_of(own_money),
    )  # fmt: skip
    return (
        block_of(d), block_of(s), block_of(memory), block_of(money), block_of(ledger), block_of(in_service), block_of(x), apart,
    )  # fmt: skip


@rule
def shared_world(world: Arrays) -> Arrays:
    """The place's numbers as views."""
    p, lines, pods, indicators, age_mix, plan, today, base_cost = world
    return (
        shared_of(p), shared_of(lines), shared_of(pods), shared_of(indicators), shared_of(age_mix), shared_of(plan),
        shared_of(today), base_cost,
    )  # fmt: skip


@rule
def shared_deal(deal: Arrays) -> Arrays:
    """The contract's numbers as views."""
    kinds, payers, payees, causes, rows, wires, constants, public, sizes, kept = deal
    return (
        shared_of(kinds), shared_of(payers), shared_of(payees), shared_of(causes), shared_of(rows), shared_of(wires),
        shared_of(constants), shared_of(public), shared_of(sizes), shared_of(kept),
    )  # fmt: skip


@rule
def shared_act(act: Arrays) -> Arrays:
    """What the provider does, as views."""
    strategy, lever_rows, lever_keys, goals, edges = act
    return shared_of(strategy), shared_of(lever_rows), shared_of(lever_keys), shared_of(goals), shared_of(edges)


@rule
def live_year(
    t: int, first: int, n: int, life: Arrays, g: Array, noise: Array, world: Arrays, deal: Arrays, act: Arrays
) -> None:
    """One year of n groups, in order: world and record, settlement, recovery, variation, result against plan, losses,
    early notice, successor."""
    d, s, memory, money, ledger, _, _, apart = life
    p, _, _, indicators, _, plan, _, base_cost = world
    kinds, payers, payees, _, rows, wires, constants, _, sizes, kept = deal
    strategy, lever_rows, lever_keys, goals, edges = act
    terms = kinds.size
    year_of_world(t, n, d, s, g, noise, p, indicators, plan, strategy, lever_rows, goals, edges)
    settle_year(t, n, kinds, payers, payees, rows, wires, constants, sizes, kept, d, s, memory, money, apart, ledger)
    recover_year(t, first, n, strategy, lever_rows, lever_keys, goals, edges, d, s, p, ledger, terms + L.LINE_RECOVERY)
    vary_price(d, s, p, plan, ledger, terms + L.LINE_VARIATION, t, n)
    split_result(d, s, g, p, plan, base_cost, t, n)
    bear_losses(d, s, p, ledger, terms + L.LINE_SUPPORT, t, n)
    leave_early(d, s, p, ledger, terms + L.LINE_EXIT_FEE, t, n)
    successor_cost(d, s, p, ledger, terms + L.LINE_STEP_IN, t, n)


@rule
def forget(memory: Array, d: Array, n: int) -> None:
    """Empty the clauses' memory and the contract's own rows of d before the first year."""
    for k in range(memory.shape[0]):
        blank(memory[k], 0, memory.shape[1], n)
    blank(d, len(L.DRIVERS), d.shape[0] - len(L.DRIVERS), n)


@rule
def live_block(
    first: int, n: int, years: int, life: Arrays, axes: Array, noise: Array, once: Array, g: Array, world: Arrays, deal: Arrays,
    act: Arrays, out: Array, yearly: Array,
) -> None:  # fmt: skip
    """All years of n groups of futures under one strategy: out[OUTCOMES, n], and yearly[YEARLY, T, n] where it has rows."""
    d, s, memory, _, ledger, in_service, x, _ = life
    p, indicators = world[0], world[3].shape[0]
    start_block(s, p, n)
    forget(memory, d, n)
    blank(out, 0, out.shape[0], n)
    for i in range(n):
        out[LOWEST, i] = s[L.S_RESERVE, i]
    for t in range(years):
        for i in range(n):
            in_service[i] = s[L.S_RUNNING, i]
        live_year(t, first, n, life, g[t], noise, world, deal, act)
        read_year(out, x, in_service, t, n, deal, ledger, d, s, p, indicators)
        if yearly.shape[0] > 0:
            list_year(yearly, x, in_service, t, n, deal[0].size, ledger, d, s, indicators)
        if t < years - 1:
            end_service(s, axes, once, p, t, n)
    finish(out, s, n, years)


@rule
def live_all(
    first: int, start: int, n: int, years: int, nature_of: Arrays, life: Arrays, parts: Arrays, world: Arrays, deal: Arrays,
    strategies: Array, levers: Arrays, out: Array, yearly: Array, nature: Array,
) -> None:  # fmt: skip
    """Live one block, whose first future is first + start, under all strategies, and copy what the n futures came to."""
    axes, noise, once, tags, given, carried = nature_of
    part, part_years, part_nature = parts
    size, rows, place, contract = groups(n), life_rows(life), shared_world(world), shared_deal(deal)
    years_given(block_of(given), block_of(carried), block_of(axes), rows_of(noise), block_of(once), place, years, size)
    for k in range(strategies.shape[0]):
        live_block(
            first + start, size, years, rows, block_of(axes), rows_of(noise), block_of(once), block_of(given), place, contract,
            shared_act((strategies[k], *levers)), block_of(part), block_of(part_years),
        )  # fmt: skip
        copy_out(out[k], part, start, n)
        for row in range(part_years.shape[0]):
            copy_out(yearly[k, row], part_years[row], start, n)
    read_nature(
        block_of(part_nature), block_of(axes), rows_of(noise), block_of(once), block_of(tags), block_of(given), size, years,
        place[0],
    )  # fmt: skip
    copy_out(nature, part_nature, start, n)


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
    width = L.BLOCK
    cube, tags, scratch = make_cube(dimensions, width, design), np.empty((len(L.TAGS), width)), make_scratch(years, width)
    axes, given = np.empty((years, 6, width)), np.empty((years, len(L.GIVEN), width))
    noise, once = noise_of(cube, design[4][2], years), once_of(cube, design[4][2])
    life, carried = make_life(years, deal), np.empty((L.PLACE_STATES, width))
    wanted = yearly.shape[1] if yearly.shape[3] > 0 else 0
    parts = (
        np.empty((out.shape[1], width)), np.empty((wanted, years, width)), np.empty((nature.shape[0], width))
    )  # fmt: skip
    for start in range(0, n, width):
        size = min(width, n - start)
        sample_block(axes, tags, cube, scratch, design, law, first + start, size, years)
        live_all(
            first, start, size, years, (axes, noise, once, tags, given, carried), life, parts, world, deal, strategies,
            (lever_rows, lever_keys, goals, edges), out, yearly, nature,
        )  # fmt: skip


@rule
def trace_block(
    first: int, at: int, n: int, years: int, nature_of: Arrays, life: Arrays, world: Arrays, deal: Arrays, act: Arrays,
    ledger: Array, drivers: Array, states: Array,
) -> None:  # fmt: skip
    """Live one block from future `first` on under one strategy and copy the ledger, drivers and states of its n futures."""
    axes, noise, once, given, carried = nature_of
    size, rows, place, contract, done = groups(n), life_rows(life), shared_world(world), shared_deal(deal), shared_act(act)
    years_given(block_of(given), block_of(carried), block_of(axes), rows_of(noise), block_of(once), place, years, size)
    start_block(rows[1], place[0], size)
    forget(rows[2], rows[0], size)
    g = block_of(given)
    for t in range(years):
        live_year(t, first, size, rows, g[t], rows_of(noise), place, contract, done)
        if t < years - 1:
            end_service(rows[1], block_of(axes), block_of(once), place[0], t, size)
        copy_out(ledger[t], life[4][t], at, n)
        copy_out(drivers[t], life[0], at, n)
        copy_out(states[t], life[1], at, n)


@kernel
def trace(
    first: int, n: int, years: int, dimensions: int, design: Arrays, law: Arrays, world: Arrays, deal: Arrays,
    strategy: Array, lever_rows: Array, lever_keys: Array, goals: Array, edges: Array, axes: Array, noise: Array,
    once: Array, ledger: Array, drivers: Array, states: Array,
) -> None:  # fmt: skip
    """Futures first … first + n − 1 in full: axes, noise, once, ledger[T, LINES, n], drivers[T, DRIVERS, n], states.

    `states[T, STATES, n]` is the state at the end of each year, after the decision on exit; what a place carries whatever its
    provider does (list, need, pay, inflation, funding) is not in it.
    """
    width = L.BLOCK
    cube, tags, scratch = make_cube(dimensions, width, design), np.empty((len(L.TAGS), width)), make_scratch(years, width)
    own_axes, given = np.empty((years, 6, width)), np.empty((years, len(L.GIVEN), width))
    own_noise, own_once = noise_of(cube, design[4][2], years), once_of(cube, design[4][2])
    nature_of, life = (own_axes, own_noise, own_once, given, np.empty((L.PLACE_STATES, width))), make_life(years, deal)
    act = (strategy, lever_rows, lever_keys, goals, edges)
    for start in range(0, n, width):
        size = min(width, n - start)
        sample_block(own_axes, tags, cube, scratch, design, law, first + start, size, years)
        for t in range(years):
            copy_out(axes[t], own_axes[t], start, size)
            copy_out(noise[t], own_noise[t], start, size)
        copy_out(once, own_once, start, size)
        trace_block(first + start, start, size, years, nature_of, life, world, deal, act, ledger, drivers, states)
