"""Compiled entries that run one rule at a time over a block, and a yardstick that no rule has a part in.

A probe lives one block through the years of a contract, `repeats` times over, under one rule alone: a clause, a lever, or a
step of the machine by its number in GIVEN_STEPS, LIFE_STEPS, MEASURE_STEPS or DRAW_STEPS. The block is small enough to stay
in a core's own memory, so that what is timed is the rule's arithmetic. A number that no step has runs nothing, which times
the call itself.

These entries stand outside the folders that name the cache's folder (`_jit.RULES`), and may: nothing that they compile is
part of a result, each of those folders' files moves the cache, and this file's own date is in the name that numba gives them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array, kernel, rule
from .._lanes import LANES, block_of, groups, pick, rows_of
from ..drivers.acute import acute_before_effort, acute_step
from ..drivers.cost import gross_cost_step, pay_step, price_step, productivity_step, scope_cost_step
from ..drivers.demand import demand_step
from ..drivers.funding import funding_step
from ..drivers.opening import opening_gap, vary_price
from ..drivers.parameters import PLAN_AGREED
from ..drivers.quality import progress_step, progress_without_effort
from ..futures.axes import axis_paths
from ..futures.destinations import destinations
from ..futures.marginals import normal_quantile
from ..futures.sampler import fill_points, make_cube, make_scratch, sample_block
from ..kernel.given import logs_against_plan
from ..kernel.measure import finish, read_year
from ..kernel.respond import bend, invest, record_truth, report_indicators, take_given, total_cost
from ..kernel.settle import claim_back, found_out, settle_term
from ..kernel.solvency import bear_losses, end_service, leave_early, split_result, start_block, successor_cost

Arrays = tuple[Any, ...]

GIVEN_STEPS = (
    "opening gap", "funding", "demand", "pay", "productivity", "prices", "gross cost", "acute care before effort",
    "outcomes before effort", "logs against plan",
)  # fmt: skip
LIFE_STEPS = (
    "take what is given", "investment", "cost of the scope", "acute care", "outcomes", "record of the truth",
    "reported indicators", "whole cost",
)  # fmt: skip
MEASURE_STEPS = (
    "price variation", "result against plan", "losses", "early notice", "end of service", "successor", "detection",
    "outcomes of the year", "end of the block", "start of the block",
)  # fmt: skip
DRAW_STEPS = ("whole block", "uniforms", "normals", "destinations", "axes")


@kernel
def yardstick(x: Array, y: Array, repeats: int) -> None:
    """Fixed arithmetic on float64[n] in a core's own memory: what every rule is measured against."""
    for _ in range(repeats):
        for i in range(x.size):
            x[i] = max(0.5, 0.75 * x[i] + y[i] / (1.0 + x[i] * y[i]))


@rule
def open_gap(g: Array, once: Array, p: Array, n: int) -> None:
    """Set the opening price of n groups of futures, as the first year does."""
    for i in range(n):
        g[L.WORLD_OPENING, i] = 1.0 + opening_gap(once, p, i)


@rule
def detect(d: Array, t: int, key: Array, n: int) -> None:
    """Whether an audit finds something in year t, with a chance of a half, for n groups of futures."""
    for i in range(n):
        d[L.AUDIT_CLAIM, i] = pick(found_out(1 + LANES * i, t, key, 0.5), 1.0, 0.0)


@rule
def given_years(
    which: int, years: Array, g: Array, s: Array, axes: Array, noise: Array, once: Array, world: Arrays, n: int
) -> None:
    """Step `which` of the place's years, year after year of `years`, for n groups of futures."""
    p, lines, pods, indicators, age_mix, plan, today, base_cost = world
    if which == 0:
        for t in years:
            open_gap(g[t], once, p, n)
    elif which == 1:
        for t in years:
            funding_step(g[t], s, axes, noise, p, today, t, n)
    elif which == 2:
        for t in years:
            demand_step(g[t], s, axes, noise, p, lines, age_mix, t, n)
    elif which == 3:
        for t in years:
            pay_step(s, axes, noise, p, today, t, n)
    elif which == 4:
        for t in years:
            productivity_step(g[t], s, axes, noise, once, p, t, n)
    elif which == 5:
        for t in years:
            price_step(g[t], s, axes, p, lines, today, t, n)
    elif which == 6:
        for t in years:
            gross_cost_step(g[t], noise, p, base_cost, t, n)
    elif which == 7:
        for t in years:
            acute_before_effort(g[t], s, noise, once, p, pods, age_mix, t, n)
    elif which == 8:
        for t in years:
            progress_without_effort(g[t], axes, noise, indicators, today, t, n)
    elif which == 9:
        for t in years:
            logs_against_plan(g[t], p, plan, t, n)


@rule
def life_years(which: int, years: Array, d: Array, s: Array, g: Array, noise: Array, world: Arrays, n: int) -> None:
    """Step `which` of what the provider makes of its years."""
    p, _, _, indicators, _, plan, _, _ = world
    if which == 0:
        for t in years:
            take_given(d, g[t], n)
    elif which == 1:
        for t in years:
            invest(d, s, p, plan[t, PLAN_AGREED], indicators.shape[0], t, n)
    elif which == 2:
        for t in years:
            scope_cost_step(d, s, g[t], p, t, n)
    elif which == 3:
        for t in years:
            acute_step(d, s, g[t], p, indicators.shape[0], n)
    elif which == 4:
        for t in years:
            progress_step(d, s, g[t], p, indicators, t, n)
    elif which == 5:
        for t in years:
            record_truth(d, s, p, plan, t, n)
    elif which == 6:
        for t in years:
            report_indicators(d, noise, indicators, t, n)
    elif which == 7:
        for _ in years:
            total_cost(d, n)


@rule
def measure_years(
    which: int, years: Array, d: Array, s: Array, g: Array, axes: Array, once: Array, ledger: Array, out: Array, x: Array,
    key: Array, world: Arrays, deal: Arrays, n: int,
) -> None:  # fmt: skip
    """Step `which` of what becomes of the years: result, losses, endings, detection, measures."""
    p, _, _, indicators, _, plan, _, base_cost = world
    if which == 0:
        for t in years:
            vary_price(d, s, p, plan, ledger, 0, t, n)
    elif which == 1:
        for t in years:
            split_result(d, s, g[t], p, plan, base_cost, t, n)
    elif which == 2:
        for t in years:
            bear_losses(d, s, p, ledger, 0, t, n)
    elif which == 3:
        for t in years:
            leave_early(d, s, p, ledger, 0, t, n)
    elif which == 4:
        for t in years:
            end_service(s, axes, once, p, t, n)
    elif which == 5:
        for t in years:
            successor_cost(d, s, p, ledger, 0, t, n)
    elif which == 6:
        for t in years:
            detect(d, t, key, n)
    elif which == 7:
        for t in years:
            read_year(out, x, s[L.S_RUNNING], t, n, deal, ledger, d, s, p, indicators.shape[0])
    elif which == 8:
        for t in years:
            finish(out, s, n, t + 1)
    elif which == 9:
        for _ in years:
            start_block(s, p, n)


@kernel
def run_step(
    part: int, which: int, years: Array, d: Array, s: Array, g: Array, axes: Array, noise: Array, once: Array, ledger: Array,
    out: Array, x: Array, key: Array, world: Arrays, deal: Arrays, n: int,
) -> None:  # fmt: skip
    """Run step `which` of GIVEN_STEPS (part 0), LIFE_STEPS (1) or MEASURE_STEPS (2) in each year, for n groups of futures."""
    if part == 0:
        given_years(which, years, block_of(g), block_of(s), block_of(axes), rows_of(noise), block_of(once), world, n)
    elif part == 1:
        life_years(which, years, block_of(d), block_of(s), block_of(g), rows_of(noise), world, n)
    elif part == 2:
        measure_years(
            which, years, block_of(d), block_of(s), block_of(g), block_of(axes), block_of(once), block_of(ledger), block_of(out),
            block_of(x), key, world, deal, n,
        )  # fmt: skip


@kernel
def run_clause(kind: int, repeats: int, rows: Array, d: Array, memory: Array, money: Array, n: int) -> None:
    """Settle one clause in every year of rows[T, ROW], `repeats` times, for n groups of futures; kind −1 settles nothing."""
    record, remembered, paid = block_of(d), block_of(memory), block_of(money)
    for _ in range(repeats):
        for t in range(rows.shape[0]):
            settle_term(kind, rows[t], record, remembered, paid, n)


@kernel
def run_lever(
    lever: int, recovers: bool, repeats: int, intensity: float, lever_rows: Array, goals: Array, edges: Array, d: Array, s: Array,
    p: Array, n: int,
) -> None:  # fmt: skip
    """Bend world or record by one lever, or work out what was overpaid by it, in every year, for n groups of futures."""
    record, state = block_of(d), block_of(s)
    for _ in range(repeats):
        for t in range(goals.shape[0]):
            if recovers:
                claim_back(lever, intensity, t, lever_rows, goals[t], edges[t], record, state, p, n)
            else:
                bend(lever, intensity, t, lever_rows, goals[t], edges[t], record, state, p, n)


@rule
def one_draw(
    which: int, first: int, n: int, axes: Array, tags: Array, cube: Array, uniforms: Array, scratch: Arrays, design: Arrays,
    law: Arrays,
) -> None:  # fmt: skip
    """Step `which` of DRAW_STEPS for n futures."""
    z, scores, ends, surprise, rows = scratch
    if which == 0:
        sample_block(axes, tags, cube, scratch, design, law, first, n, axes.shape[0])
    elif which == 1:
        fill_points(cube, design, first, n)
    elif which == 2:
        quantiles(block_of(cube), block_of(uniforms), groups(n))
    elif which == 3:
        destinations(ends, z, scores, tags, cube, rows, law, False, first, n)
    elif which == 4:
        axis_paths(
            block_of(axes), block_of(cube), design[4][2], law[0], law[1], block_of(tags)[L.TAG_COURSE], block_of(ends),
            block_of(surprise), axes.shape[0], groups(n),
        )  # fmt: skip


@rule
def quantiles(normals: Array, uniforms: Array, n: int) -> None:
    """A normal for every uniform."""
    for k in range(uniforms.shape[0]):
        for i in range(n):
            normals[k, i] = normal_quantile(uniforms[k, i])


@kernel
def run_draw(
    which: int, repeats: int, axes: Array, tags: Array, cube: Array, uniforms: Array, scratch: Arrays, design: Arrays, law: Arrays
) -> None:
    """Run one step of the sampler on one block, `repeats` times."""
    for k in range(repeats):
        one_draw(which, 1 + k, cube.shape[1], axes, tags, cube, uniforms, scratch, design, law)


@kernel
def run_sampler(first: int, n: int, years: int, dimensions: int, design: Arrays, law: Arrays) -> None:
    """Draw n futures block by block, n a multiple of the block, and keep nothing."""
    width = L.BLOCK
    cube, tags, scratch = make_cube(dimensions, width, design), np.empty((len(L.TAGS), width)), make_scratch(years, width)
    axes = np.empty((years, 6, width))
    for start in range(0, n, width):
        sample_block(axes, tags, cube, scratch, design, law, first + start, width, years)
