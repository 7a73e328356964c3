"""Long runs: futures laid end to end, made by the process itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis import backfit_paths as B
from stresstest.futures import axes as A
from stresstest.futures.scenario import Scenario

pytestmark = pytest.mark.unit
DRAWN = Scenario("calibrated", "Calibrated joint law", 40)
N = 40


def changed(study, columns):
    """The study with columns of the axes' table replaced."""
    table = study.law.table.copy()
    for column, value in columns.items():
        table[:, column] = value
    return replace(study, law=replace(study.law, table=table))


def test_each_run_starts_from_where_the_last_one_went(dudley):
    """Without noise a future ends at its destination, and the next one starts from there, not from today."""
    axes, _ = B.long_axes(changed(dudley.study, B.QUIET), DRAWN, N)
    goal, first = axes[-1], axes[0]
    before = np.roll(goal, 1, axis=1)
    moved = np.abs(goal - before)
    assert (np.abs(first - before) <= 0.15 * moved + 1e-9).all()
    assert np.abs(first[L.STATE] - dudley.study.law.table[L.STATE, A.TODAY]).max() > 0.01


def test_noise_is_that_of_the_process(dudley):
    """With no passage left and destinations that do not spread, a long run is the process round its mean."""
    still = changed(dudley.study, {**B.SETTLED, A.SD: 0.0})
    axes, drawn = B.long_axes(still, DRAWN, N)
    np.testing.assert_allclose(axes, drawn.axes, atol=1e-12)


def test_years_are_laid_end_to_end(dudley):
    """Three futures of fifteen years make a run of 45, in the futures' order; the allocation has two years less."""
    runs = B.long_runs(dudley.study, DRAWN, N, 3)
    assert runs.state.shape == runs.economy.shape == runs.workforce.shape == (13, 45)
    assert runs.funding.shape == (13, 43)
    axes, _ = B.long_axes(dudley.study, DRAWN, 39)
    np.testing.assert_array_equal(runs.state[1], axes[:, L.STATE, 3:6].T.ravel())


def test_futures_as_run_are_those_of_a_study(dudley, honest):
    """Means over the contract agree with what the run writes for the same futures."""
    runs = B.as_run(dudley.study, DRAWN, N)
    written = dudley.chunk(honest, first=1, n=N)[2]
    economy, state, growth = (written[L.NATURE.index(f"{name}_mean")] for name in ("economy", "state", "funding_growth"))
    np.testing.assert_allclose(runs.economy.mean(axis=1), economy, rtol=1e-12)
    np.testing.assert_allclose(runs.state.mean(axis=1), state, rtol=1e-12)
    compound = np.prod(1.0 + runs.funding, axis=1) ** (1.0 / runs.funding.shape[1]) - 1.0
    np.testing.assert_allclose(compound, growth, rtol=1e-9)
