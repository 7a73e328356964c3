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
from .axes import HIGH, LOW, MEAN, SD
from .dependence import coupled, joined, mixing_of, score
from .marginals import clip
from .strata import draw_in_cell, level_of, stratum_of

CALIBRATED, WORST = 0, 1


@rule
def course_of(u: float, cumulative: np.ndarray) -> int:
    """Number of the course at uniform u; cumulative[courses] are their probabilities added up."""
    k = 0
    while k < cumulative.size - 1 and u >= cumulative[k]:
        k += 1
    return k


@rule
def joint_draw(z: np.ndarray, scores: np.ndarray, cube: np.ndarray, rows: np.ndarray, joint: Any, i: int) -> None:
    """scores[AXES, i] from independent normals z[AXES, i], which the worst case sends to their slices instead."""
    cholesky, degrees, coupling = joint
    if coupling.shape[1] > 1:
        coupled(z, cube, rows[9:], coupling, cube[rows[7], i], i)
        for a in range(6):
            scores[a, i] = z[a, i]
    else:
        mixing = mixing_of(cube, rows[8], degrees, i)
        for a in range(6):
            scores[a, i] = score(joined(cholesky, z, a, i) * mixing, degrees)


@rule
def stratified_draw(
    z: np.ndarray, scores: np.ndarray, tags: np.ndarray, cube: np.ndarray, mixing_row: int, joint: Any, strata: Any,
    future: int, i: int,
) -> None:  # fmt: skip
    """scores[AXES, i] inside the future's stratum; its number and weight go to tags."""
    cholesky, degrees, _ = joint
    cells, levels, share, cumulative, borders = strata
    h = stratum_of(future, cumulative)
    mixing = mixing_of(cube, mixing_row, degrees, i)
    product = draw_in_cell(z, levels[h], borders, cholesky, mixing, i)
    tags[layout.TAG_WEIGHT, i] *= product / share[h]
    tags[layout.TAG_GROUP, i] = cells[h]
    for a in range(6):
        scores[a, i] = score(joined(cholesky, z, a, i) * mixing, degrees)


@rule
def consistency_of(cell_levels: np.ndarray, rules: np.ndarray, factors: np.ndarray) -> float:
    """Product of the factors whose levels rules[k] (−1 for any) the cell has."""
    factor = 1.0
    for k in range(factors.size):
        matches = True
        for a in range(6):
            if rules[k, a] >= 0 and rules[k, a] != cell_levels[a]:
                matches = False
        if matches:
            factor *= factors[k]
    return factor


@rule
def destinations(
    ends: np.ndarray, z: np.ndarray, scores: np.ndarray, tags: np.ndarray, cube: np.ndarray, rows: np.ndarray, law: Any,
    stratified: bool, first: int, n: int,
) -> None:  # fmt: skip
    """Fill ends[AXES, n] and the tags of a block. `rows` are the cube rows of the six destinations, course, coupling, mixing,
    and of the once-only draws that the worst case couples.

    tags[TAG_WEIGHT] holds the design's weight so far. The central case follows the first course and weighs 1.
    """
    table, menu, cumulative, joint, rules, factors, cuts, strata = law
    levels = np.empty(6, dtype=np.int64)
    for i in range(n):
        for a in range(6):
            z[a, i] = cube[rows[a], i]
        course = course_of(cube[rows[6], i], cumulative) if first + i > 0 else 0
        if stratified and first + i > 0:
            stratified_draw(z, scores, tags, cube, rows[8], joint, strata, first + i, i)
        elif first + i > 0:
            joint_draw(z, scores, cube, rows, joint, i)
        else:
            for a in range(6):
                scores[a, i] = 0.0
        cell = 0
        for a in range(6):
            given = menu[course, 0, a]
            if given == given:
                ends[a, i] = given
            else:
                ends[a, i] = clip(table[a, MEAN] + table[a, SD] * scores[a, i], table[a, LOW], table[a, HIGH])
            levels[a] = level_of(ends[a, i], cuts[a])
            cell = 3 * cell + levels[a]
        tags[layout.TAG_CELL, i], tags[layout.TAG_COURSE, i] = cell, course
        if first + i > 0:
            tags[layout.TAG_WEIGHT, i] *= consistency_of(levels, rules, factors)
