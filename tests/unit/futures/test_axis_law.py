"""The law of the six axes: its formula year by year, and the moments and correlations that come out of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate
from stresstest.futures import axes as A
from stresstest.futures.axes import AXIS_FIELDS, destination, economy_step, passage
from stresstest.study import Scenario

pytestmark = pytest.mark.unit

N = 20_000
NULL = np.zeros((1, 15, 11))


def ends(study, scenario, years=15, n=N, first=1):
    """Value of each axis in the last year, float64[AXES, n]."""
    from stresstest.kernel.project import project

    short = replace(study, contract=replace(study.contract, years=years))
    inputs = short.kernel_inputs(scenario, ())
    nature = np.zeros((len(L.NATURE), n))
    project(
        first, n, years, inputs.design, inputs.law, inputs.world, inputs.deal, np.zeros((0, years, 11)),
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, np.zeros((0, len(L.OUTCOMES), n)),
        np.zeros((0, 0, 0, 0)), nature,
    )  # fmt: skip
    return nature[6:12]


def with_law(study, **columns):
    """The study with columns of its axis table replaced."""
    table = study.law.table.copy()
    for name, value in columns.items():
        table[:, AXIS_FIELDS.index(name)] = value
    return replace(study, law=replace(study.law, table=table))


@pytest.fixture(scope="module")
def wide(dudley):
    """The study without limits, with every passage over by the second year."""
    return with_law(dudley.study, low=-1e9, high=1e9, earliest=0.0, latest=0.0, duration=1.0)


def test_mean_and_spread_of_the_axes(wide):
    """In the last year each axis has the mean and spread that its destination, its noise and the crises give it."""
    found = ends(wide, wide.scenarios[0])
    table = wide.law.table
    chance, size, spread = table[L.ECONOMY, [A.CRISIS_PROBABILITY, A.CRISIS_SIZE, A.CRISIS_SPREAD]]
    # a crisis is max(0, size + spread·z); at 2.5 spreads from 0 the cut-off takes less than half a thousandth off
    crisis = chance * (size**2 + spread**2) - (chance * size) ** 2
    stays = (1.0 - table[:, A.PERSISTENCE] ** 30) / (1.0 - table[:, A.PERSISTENCE] ** 2)
    noise = table[:, A.NOISE_SD] ** 2 * stays
    surprise = noise[L.ECONOMY] + crisis
    for a, name in enumerate(L.AXES):
        variance = table[a, A.SD] ** 2 + noise[a] + (crisis if a == L.ECONOMY else table[a, A.LINK] ** 2 * surprise)
        assert found[a].mean() == pytest.approx(table[a, A.MEAN], abs=5 * math.sqrt(variance / N)), name
        assert found[a].std() == pytest.approx(math.sqrt(variance), rel=0.03), name


def test_destinations_have_the_correlations_that_were_asked(wide):
    """Without yearly noise and crises the correlations of the last year are those of the law, within 0.03."""
    still = with_law(wide, noise=0.0, crisis_probability=0.0, link=0.0)
    asked = still.law.cholesky @ still.law.cholesky.T
    np.testing.assert_allclose(np.corrcoef(ends(still, still.scenarios[0])), asked, atol=0.03)


def test_the_economy_moves_the_state_and_vacancies(wide):
    """In a year of falling output the state's share is above its trend and vacancies are below theirs."""
    still = with_law(wide, sd=0.0)
    found = ends(still, still.scenarios[0])
    surprise = found[L.ECONOMY] - still.law.table[L.ECONOMY, A.MEAN]
    for a in (L.STATE, L.WORKFORCE):
        slope = np.polyfit(surprise, found[a], 1)[0]
        assert slope == pytest.approx(still.law.table[a, A.LINK], abs=0.02)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_named_scenario_pins_destinations(wide, number):
    """Under a named scenario every axis that it names arrives where the scenario says, in every future."""
    still = with_law(wide, noise=0.0, crisis_probability=0.0, link=0.0)
    scenario = still.scenarios[number]
    pinned = np.array(scenario.pinned)
    assert np.isfinite(pinned).any()
    found = ends(still, scenario, n=200)
    for a in np.flatnonzero(np.isfinite(pinned)):
        np.testing.assert_allclose(found[a], pinned[a], rtol=1e-12)


def test_an_axis_that_is_not_pinned_is_drawn_as_before(wide):
    """Pinning one axis leaves the others' draws as they were, bit for bit, where no link joins them."""
    free = ends(wide, wide.scenarios[0], n=50)
    pinned = tuple(0.5 if a == L.RESPONSIBILITY else math.nan for a in range(6))
    found = ends(wide, Scenario("one", "one", 50, pinned), n=50)
    np.testing.assert_array_equal(found[1:], free[1:])
    assert not np.any(found[L.RESPONSIBILITY] == free[L.RESPONSIBILITY])


def test_values_keep_within_the_limits(dudley):
    """No axis leaves its limits in any year or future."""
    table = dudley.study.law.table
    for years in (1, 8, 15):
        found = ends(dudley.study, dudley.study.scenarios[0], years, 4000)
        assert np.all(found >= table[:, [A.LOW]])
        assert np.all(found <= table[:, [A.HIGH]])


def test_future_nought_has_no_surprise(dudley):
    """The central case goes to each axis's mean without noise and without a crisis."""
    found = ends(dudley.study, dudley.study.scenarios[0], 30, 1, first=0)[:, 0]
    table = dudley.study.law.table
    np.testing.assert_allclose(
        found[1:3], table[1:3, A.MEAN] + table[1:3, A.LINK] * table[3, A.CRISIS_PROBABILITY] * table[3, A.CRISIS_SIZE]
    )
    crisis_free = table[L.ECONOMY, A.MEAN] + table[L.ECONOMY, A.CRISIS_PROBABILITY] * table[L.ECONOMY, A.CRISIS_SIZE]
    assert found[L.ECONOMY] == pytest.approx(crisis_free)


def test_growth_trend_counts_crises_in():
    """Over many years of crises at their mean size, average growth is the trend that was asked for."""
    table = np.zeros((6, len(AXIS_FIELDS)))
    table[L.ECONOMY, [A.LOW, A.HIGH, A.CRISIS_PROBABILITY, A.CRISIS_SIZE]] = -1.0, 1.0, 0.25, 0.08
    years = [economy_step(table, 0.02, 0.0, u, 0.0) for u in (0.1, 0.3, 0.5, 0.9)]
    assert sum(years) / 4 == pytest.approx(0.02)
    assert years[0] == pytest.approx(0.02 + 0.02 - 0.08)


def test_a_crisis_never_raises_growth():
    """However small a crisis is drawn, growth does not exceed that of a year without one."""
    table = np.zeros((6, len(AXIS_FIELDS)))
    table[L.ECONOMY, [A.LOW, A.HIGH, A.CRISIS_PROBABILITY, A.CRISIS_SIZE, A.CRISIS_SPREAD]] = -1.0, 1.0, 0.5, 0.05, 0.02
    assert economy_step(table, 0.02, 0.0, 0.1, -9.0) == economy_step(table, 0.02, 0.0, 0.9, 0.0)


@pytest.mark.parametrize(
    ("t", "start", "gone"),
    [(0, 0.0, 0.0), (1, 0.0, 0.15625), (2, 0.0, 0.5), (4, 0.0, 1.0), (4, 1.0, 0.0), (5, 0.5, 0.84375)],
)
def test_passage_by_the_end_of_a_year(t, start, gone):
    """Start between years 1 and 5, four years on the way: the share gone by the end of year t."""
    table = np.zeros((6, len(AXIS_FIELDS)))
    table[0, [A.EARLIEST, A.LATEST, A.DURATION]] = 1.0, 5.0, 4.0
    assert passage(table, 0, t, start) == pytest.approx(gone)


def test_a_destination_beyond_the_limits_stops_at_them():
    """A joint draw beyond an axis's limits is held at them; a scenario's own level is taken as it stands."""
    table, z = np.zeros((6, len(AXIS_FIELDS))), np.full((6, 1), 9.0)
    table[:, [A.SD, A.LOW, A.HIGH]] = 1.0, -1.0, 1.0
    assert destination(table, np.full(6, np.nan), np.eye(6), z, 2, 0) == 1.0
    assert destination(table, np.full(6, 4.0), np.eye(6), z, 2, 0) == 4.0


def test_the_same_futures_reach_the_outcomes(dudley, honest):
    """The axes that are reported are those that the contract lived through: no second set is drawn."""
    out, _, nature = dudley.chunk(honest, first=1, n=8)
    np.testing.assert_array_equal(out, simulate(dudley.inputs(honest), 1, 8))
    np.testing.assert_array_equal(nature[6:12], ends(dudley.study, dudley.study.scenarios[0], n=8))
