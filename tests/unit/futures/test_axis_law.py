"""The law of the six axes: its formula year by year, and the moments and correlations that come out of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import simulate
from stresstest.futures import axes as A
from stresstest.futures.axes import AXIS_FIELDS, economy_step, passage, passage_start
from stresstest.futures.scenario import DRAWN, Course, Scenario

pytestmark = pytest.mark.unit

N = 20_000


def ends(study, scenario, years=15, n=N, first=1):
    """Value of each axis in the last year, float64[AXES, n]."""
    return draw(replace(study, contract=replace(study.contract, years=years)), scenario, first, n).axes[-1]


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


def surprise_that_stays(table, a, crisis):
    """Variance of Σ persistence^k · surprise over the years up to the last, whose surprises follow one another."""
    fade, own = table[a, A.PERSISTENCE], table[L.ECONOMY, A.PERSISTENCE]
    years = np.arange(15)
    weights = fade ** (14 - years)
    # noise of the economy: e_t = own · e_{t−1} + sd · z_t from e_0 = 0, so its shocks load on all later years
    loads = np.tril(own ** (years[:, None] - years[None, :]))
    return table[L.ECONOMY, A.NOISE_SD] ** 2 * ((weights @ loads) ** 2).sum() + crisis * (weights**2).sum()


def test_mean_and_spread_of_the_axes(wide):
    """In the last year each axis has the mean and spread that its destination, its noise and the crises give it."""
    found = ends(wide, wide.scenarios[0])
    table = wide.law.table
    chance, size, spread = table[L.ECONOMY, [A.CRISIS_PROBABILITY, A.CRISIS_SIZE, A.CRISIS_SPREAD]]
    # a crisis is max(0, size + spread·z); at 2.5 spreads from 0 the cut-off takes less than half a thousandth off
    crisis = chance * (size**2 + spread**2) - (chance * size) ** 2
    stays = (1.0 - table[:, A.PERSISTENCE] ** 30) / (1.0 - table[:, A.PERSISTENCE] ** 2)
    noise = table[:, A.NOISE_SD] ** 2 * stays
    for a, name in enumerate(L.AXES):
        # a surprise of the economy fades out of another axis as that axis's own noise does
        moved = crisis if a == L.ECONOMY else table[a, A.LINK] ** 2 * surprise_that_stays(table, a, crisis)
        variance = table[a, A.SD] ** 2 + noise[a] + moved
        assert found[a].mean() == pytest.approx(table[a, A.MEAN], abs=5 * math.sqrt(variance / N)), name
        assert found[a].std() == pytest.approx(math.sqrt(variance), rel=0.03), name


def test_destinations_have_the_correlations_that_were_asked(wide):
    """Without yearly noise and crises the correlations of the last year are those of the law, within 0.03."""
    still = with_law(wide, noise=0.0, crisis_probability=0.0, link=0.0)
    np.testing.assert_allclose(np.corrcoef(ends(still, still.scenarios[0])), still.law.correlation, atol=0.03)


def test_the_economy_moves_the_state_and_vacancies(wide):
    """A surprise of the year moves the state's share and vacancies of the year by their links."""
    still = with_law(wide, sd=0.0, persistence=0.0)
    found = ends(still, still.scenarios[0])
    surprise = found[L.ECONOMY] - still.law.table[L.ECONOMY, A.MEAN]
    for a in (L.STATE, L.WORKFORCE):
        slope = np.polyfit(surprise, found[a], 1)[0]
        assert slope == pytest.approx(still.law.table[a, A.LINK], abs=0.02)


def test_what_the_economy_moved_falls_back_slowly(wide):
    """With crises and nothing else, the state's share and vacancies keep their persistence's part of each surprise a year."""
    table = wide.law.table
    still = with_law(wide, sd=0.0, noise=0.0)
    drawn = draw(still, still.scenarios[0], 1, 400).axes
    surprise = drawn[:, L.ECONOMY] - table[L.ECONOMY, A.MEAN]
    assert surprise.min() < -0.03
    for a in (L.STATE, L.WORKFORCE):
        moved = np.zeros(400)
        for t in range(15):
            moved = table[a, A.PERSISTENCE] * moved + table[a, A.LINK] * surprise[t]
            np.testing.assert_allclose(drawn[t, a], table[a, A.MEAN] + moved, rtol=1e-9)


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
    pinned = tuple(0.5 if a == L.RESPONSIBILITY else DRAWN for a in range(6))
    found = ends(wide, Scenario("one", "one", 50, (Course("one", pinned),)), n=50)
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
    """The central case goes to each axis's mean without noise; that no crisis comes is a small surprise every year."""
    found = ends(dudley.study, dudley.study.scenarios[0], 30, 1, first=0)[:, 0]
    table = dudley.study.law.table
    calm = table[L.ECONOMY, A.CRISIS_PROBABILITY] * table[L.ECONOMY, A.CRISIS_SIZE]
    stays = (1.0 - table[:, A.PERSISTENCE] ** 30) / (1.0 - table[:, A.PERSISTENCE])
    np.testing.assert_allclose(found[1:3], (table[:, A.MEAN] + table[:, A.LINK] * calm * stays)[1:3])
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
    assert passage(table, 0, t, passage_start(table, 0, start)) == pytest.approx(gone)


def test_a_destination_beyond_the_limits_stops_at_them(dudley):
    """A joint draw beyond an axis's limits is held at them; a scenario's own level is taken as it stands."""
    study = with_law(dudley.study, sd=9.0)
    drawn = draw(study, study.scenarios[0], 1, 500).ends
    table = study.law.table
    assert np.all(drawn.min(axis=1) == table[:, A.LOW])
    assert np.all(drawn.max(axis=1) == table[:, A.HIGH])
    beyond = Scenario("beyond", "beyond", 50, (Course("beyond", tuple(table[:, A.HIGH] + 1.0)),))
    np.testing.assert_array_equal(draw(study, beyond, 1, 3).ends, np.repeat(table[:, [A.HIGH]] + 1.0, 3, axis=1))


def test_the_same_futures_reach_the_outcomes(dudley, honest):
    """The axes that are reported are those that the contract lived through: no second set is drawn."""
    out, _, nature = dudley.chunk(honest, first=1, n=8)
    np.testing.assert_array_equal(out, simulate(dudley.inputs(honest), 1, 8))
    np.testing.assert_array_equal(nature[6:12], ends(dudley.study, dudley.study.scenarios[0], n=8))
