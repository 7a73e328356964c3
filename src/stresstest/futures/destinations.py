"""Where the six axes of a future go: its course, the joint draw, its cell and its weight.

In order, for each future of a block:

1  course      which member of the scenario it follows, by one uniform
2  joint draw  L·z, mixed for a t copula; or inside the cell of its stratum; or coupled rank by rank (futures/dependence.py)
3  destination clip(mean + sd · score, low, high), or what the course gives
4  cell        the levels of the six destinations (futures/strata.py)
5  weight      times the consistency factor of every rule whose levels the cell has, scaled so that the mean weight is 1
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout
from .._jit import rule
from .._lanes import block_of, groups, numbered, pick
from .axes import HIGH, LOW, MEAN, SD, given_value
from .dependence import coupled, joined, mixing_of, score
from .marginals import clip
from .strata import draw_in_cell, level_of, stratum_of


@rule
def course_of(u: float, cumulative: np.ndarray) -> float:
    """Number of the course at uniform u; cumulative[courses] are their probabilities added up."""
    course = 0.0
    for k in range(cumulative.size - 1):
        course += pick(u >= cumulative[k], 1.0, 0.0)
    return course


@rule
def joint_scores(scores: np.ndarray, z: np.ndarray, cube: np.ndarray, mixing_row: int, joint: Any, n: int) -> None:
    """scores[AXES, n] of n groups of futures from independent normals z[AXES, n]."""
    cholesky, degrees, _ = joint
    for i in range(n):
        mixing = mixing_of(cube, mixing_row, degrees, i)
        for a in range(6):
            scores[a, i] = score(joined(cholesky, z, a, i) * mixing, degrees)


@rule
def coupled_scores(
    scores: np.ndarray, z: np.ndarray, cube: np.ndarray, rows: np.ndarray, coupling: np.ndarray, start: int, n: int
) -> None:
    """scores[AXES, n] of the futures from number `start` of the block on, sent to their slices one by one."""
    for i in range(start, n):
        coupled(z, cube, rows[9:], coupling, cube[rows[7], i], i)
        for a in range(6):
            scores[a, i] = z[a, i]


@rule
def stratified_scores(
    scores: np.ndarray, z: np.ndarray, tags: np.ndarray, cube: np.ndarray, mixing_row: int, joint: Any, strata: Any,
    first: int, start: int, n: int,
) -> None:  # fmt: skip
    """scores[AXES, n] inside each future's stratum, one by one; its number and weight go to tags."""
    cholesky, degrees, _ = joint
    cells, levels, share, cumulative, borders = strata
    for i in range(start, n):
        h = stratum_of(first + i, cumulative)
        mixing = mixing_of(cube, mixing_row, degrees, i)
        product = draw_in_cell(z, levels[h], borders, cholesky, mixing, i)
        tags[layout.TAG_WEIGHT, i] *= product / share[h]
        tags[layout.TAG_GROUP, i] = cells[h]
        for a in range(6):
            scores[a, i] = score(joined(cholesky, z, a, i) * mixing, degrees)


@rule
def consistency_of(levels: np.ndarray, rules: np.ndarray, factors: np.ndarray, i: int) -> float:
    """Product of the factors whose levels rules[k] (−1 for any) the cell levels[AXES, i] has."""
    factor = 1.0
    for k in range(factors.size):
        others = 0.0
        for a in range(6):
            if rules[k, a] >= 0:
                others += abs(levels[a, i] - rules[k, a])
        factor *= pick(others == 0.0, factors[k], 1.0)
    return factor


@rule
def place_ends(
    ends: np.ndarray, levels: np.ndarray, scores: np.ndarray, tags: np.ndarray, law: Any, central: bool, i: int
) -> None:
    """Destinations, their levels, cell and weight of group i, in which lane 0 is the central case where `central` says so."""
    table, menu, _, _, rules, factors, cuts, _ = law
    course, cell = tags[layout.TAG_COURSE, i], 0.0
    for a in range(6):
        given = given_value(menu, course, 0, a)
        drawn = clip(table[a, MEAN] + table[a, SD] * scores[a, i], table[a, LOW], table[a, HIGH])
        end = pick(given == given, given, drawn)
        level = level_of(end, cuts[a])
        ends[a, i], levels[a, i], cell = end, level, 3.0 * cell + level
    tags[layout.TAG_CELL, i] = cell
    if factors.size > 0:
        factor = consistency_of(levels, rules, factors, i)
        tags[layout.TAG_WEIGHT, i] *= pick(central & (numbered(0) == 0.0), 1.0, factor)


@rule
def destinations(
    ends: np.ndarray, z: np.ndarray, scores: np.ndarray, tags: np.ndarray, cube: np.ndarray, rows: np.ndarray, law: Any,
    stratified: bool, first: int, n: int,
) -> None:  # fmt: skip
    """Fill ends[AXES, n] and the tags of a block of n futures. `rows` are the cube rows of the six destinations, course,
    coupling, mixing, and of the once-only draws that the worst case couples.

    tags[TAG_WEIGHT] holds the design's weight so far. The central case follows the first course and weighs 1; the centre of
    the cube gives it scores of 0.
    """
    coupling, size, start = law[3][2], groups(n), 1 if first == 0 else 0
    own, own_z, own_cube, own_tags = block_of(scores), block_of(z), block_of(cube), block_of(tags)
    for i in range(size):
        own_tags[layout.TAG_COURSE, i] = course_of(own_cube[rows[6], i], law[2])
        for a in range(6):
            own_z[a, i] = own_cube[rows[a], i]
    joint_scores(own, own_z, own_cube, rows[8], law[3], size)
    if stratified:
        stratified_scores(scores, z, tags, cube, rows[8], law[3], law[7], first, start, n)
    elif coupling.shape[1] > 1:
        coupled_scores(scores, z, cube, rows, coupling, start, n)
    if first == 0:
        tags[layout.TAG_COURSE, 0] = 0.0
    for i in range(size):
        place_ends(block_of(ends), own_z, own, own_tags, law, first == 0 and i == 0, i)
