"""The law of the axes for one scenario, as the kernel takes it: courses, joint draw, consistency factors, cells, strata."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..futures.axes import AxisLaw
from ..futures.scenario import Scenario
from ..futures.strata import CELLS, LEVELS, borders_of, cuts_of, level_of, strata_of

NO_COUPLING = np.zeros((6, 1), dtype=np.int64)
POINTS = 256
PLACES = 3 ** np.arange(5, -1, -1)


def cell_probabilities(borders: np.ndarray, cholesky: np.ndarray, degrees: int) -> np.ndarray:
    """P[729] of the joint law: the mean of the product above over a fixed set of even points, scaled to add to 1.

    Relative error about 1e-3 for likely cells, a few per cent for those below one in a hundred. It does not matter for any
    estimate: only the shares of the design, and the size of all weights together where there are consistency factors,
    depend on it.
    """
    from scipy.special import ndtr, ndtri
    from scipy.stats import chi2, qmc

    points = qmc.Sobol(7, scramble=False).random(POINTS) + 0.5 / POINTS
    mixing = np.ones(POINTS) if degrees == 0 else np.sqrt(degrees / chi2.ppf(points[:, 6], degrees))
    product, z = np.ones((CELLS, POINTS)), np.zeros((6, CELLS, POINTS))
    for a in range(6):
        shift = np.tensordot(cholesky[a, :a], z[:a], axes=1) if a else 0.0
        low, high = (borders[a, LEVELS[:, a], side][:, None] / mixing for side in (0, 1))
        low, high = (low - shift) / cholesky[a, a], (high - shift) / cholesky[a, a]
        flip = np.where(low > 0.0, -1.0, 1.0)
        below, above = ndtr(np.where(flip > 0, low, -high)), ndtr(np.where(flip > 0, high, -low))
        p = np.maximum(above - below, 0.0)
        z[a] = flip * ndtri(np.clip(below + points[:, a] * p, 1e-300, 1.0 - 2.0**-53))
        product *= p
    found = product.mean(axis=1)
    return np.asarray(found / found.sum())



def menu_of(scenario: Scenario, years: int) -> np.ndarray:
    """float64[courses, T + 1, AXES]: destinations, then values by year; a path given by year ends at its last value."""
    menu = np.array([course.table(years) for course in scenario.courses])
    return np.where(np.isnan(menu[:, :1]) & (np.arange(years + 1) == 0)[None, :, None], menu[:, -1:], menu)


def joint_of(law: AxisLaw, scenario: Scenario) -> tuple[np.ndarray, int]:
    """(lower triangle, degrees of freedom) of the joint draw: those of the law, or independent normals."""
    return (law.cholesky, law.degrees) if scenario.dependence == "calibrated" else (np.eye(6), 0)


def drawn_cells(law: AxisLaw, scenario: Scenario, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(borders[AXES, 3, 2] as scores, probabilities of the 729 cells) of the joint draw; axes in bool[AXES] `given` stay out."""
    triangle, degrees = joint_of(law, scenario)
    borders = borders_of(law.table, law.anchors, given, degrees)
    return borders, cell_probabilities(borders, triangle, degrees)


def cells_of(law: AxisLaw, scenario: Scenario, years: int) -> np.ndarray:
    """P[729] of the destinations' cells in a scenario, courses and consistency factors included.

    Exact up to the quadrature of `cell_probabilities`. The worst case of dependence has no such table (it is not a copula
    of a known form): use the table of futures.
    """
    found = cells_of_courses(law, scenario, years) * consistency(scenario)
    return np.asarray(found / found.sum())


def cells_of_courses(law: AxisLaw, scenario: Scenario, years: int) -> np.ndarray:
    """P[729] before consistency factors: the joint draw, moved to the levels that each course gives."""
    drawn = drawn_cells(law, scenario, np.zeros(6, dtype=bool))[1]
    found, cuts = np.zeros(CELLS), cuts_of(law.anchors)
    for course, ends in zip(scenario.courses, menu_of(scenario, years)[:, 0], strict=True):
        moved = LEVELS.copy()
        for a in np.flatnonzero(~np.isnan(ends)):
            moved[:, a] = level_of(float(ends[a]), cuts[a])
        np.add.at(found, moved @ PLACES, course.probability * drawn)
    return found


def consistency(scenario: Scenario) -> np.ndarray:
    """float64[729]: product of the consistency factors of each cell."""
    factors = np.ones(CELLS)
    for rule in scenario.consistency:
        wanted = np.array(rule.levels)
        factors[np.all((wanted < 0) | (wanted == LEVELS), axis=1)] *= rule.factor
    return factors


def rules_of(law: AxisLaw, scenario: Scenario, years: int) -> tuple[np.ndarray, np.ndarray]:
    """(rules int64[K, AXES], factors float64[K]) of a scenario; a last one for every cell brings the mean weight to 1."""
    rules, factors = [rule.levels for rule in scenario.consistency], [rule.factor for rule in scenario.consistency]
    if rules:
        rules.append((-1,) * 6)
        factors.append(1.0 / float(cells_of_courses(law, scenario, years) @ consistency(scenario)))
    return np.array(rules, dtype=np.int64).reshape(-1, 6), np.array(factors, dtype=np.float64)


def law_inputs(
    law: AxisLaw, scenario: Scenario, years: int, stratified: bool = False, coupling: np.ndarray | None = None
) -> tuple[Any, ...]:
    """(axis table, menu, courses' probabilities added up, joint draw, rules, factors, cuts, strata) for the kernel."""
    menu = menu_of(scenario, years)
    joint = (*joint_of(law, scenario), NO_COUPLING if coupling is None else coupling)
    strata = (np.zeros(0, dtype=np.int64), np.zeros((0, 6), dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros((6, 3, 2)))
    if stratified:
        borders, probabilities = drawn_cells(law, scenario, ~np.isnan(menu[:, 0]).any(axis=0))
        strata = (*strata_of(probabilities), borders)
    chances = np.cumsum([course.probability for course in scenario.courses])
    return law.table, menu, chances, joint, *rules_of(law, scenario, years), cuts_of(law.anchors), strata
