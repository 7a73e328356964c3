"""Courses, what they give, cells and weights of futures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.futures.axes import MEAN
from stresstest.futures.destinations import consistency_of, course_of
from stresstest.futures.scenario import DRAWN, NOWHERE, Consistency, Course, Scenario
from stresstest.sampling.law import cells_of, menu_of, rules_of

pytestmark = pytest.mark.unit

YEARS = 4
EMPTY = ((),) * 6
TUBE = Course("tube", (DRAWN, DRAWN, DRAWN, 0.0, DRAWN, 0.15), EMPTY, 0.5)
POINT = Course("point", NOWHERE, tuple((x,) for x in (1.0, -1.0, 0.45, 0.04, 1.0, 0.05)), 0.3)
LATE = Course("late", NOWHERE, ((), (), (), (DRAWN, 0.01, -0.05), (), ()), 0.2)
MIX = Scenario("mix", "three courses", 4000, (TUBE, POINT, LATE))


@pytest.fixture(scope="module")
def study(dudley):
    """Dudley over four years."""
    return replace(dudley.study, contract=replace(dudley.study.contract, years=YEARS))


@pytest.fixture(scope="module")
def mixed(study):
    """Futures 0 … 4,000 of the mixture."""
    return draw(study, MIX, 0, 4001)


@pytest.mark.parametrize(("u", "course"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.79, 1), (0.8, 2), (0.999, 2)])
def test_courses_share_the_unit_interval(u, course):
    """A uniform falls to the course in whose share it lies; the last one takes what rounding leaves."""
    assert course_of(u, np.cumsum([0.5, 0.3, 0.2])) == course
    assert course_of(0.9999999, np.array([0.5, 0.9])) == 1


def test_courses_come_as_often_as_their_probabilities(mixed):
    """Over 4,000 futures within four standard errors; the central case follows the first."""
    found = np.bincount(mixed.tags[L.TAG_COURSE, 1:].astype(int)) / 4000
    assert np.all(np.abs(found - [0.5, 0.3, 0.2]) < 4 * np.sqrt(0.25 / 4000))
    assert mixed.tags[L.TAG_COURSE, 0] == 0


def test_a_tube_ends_where_it_says_with_noise_and_timing_of_its_own(mixed):
    """In a tube the destination is given, and the way there is not."""
    mine = mixed.tags[L.TAG_COURSE] == 0
    assert np.all(mixed.ends[L.ECONOMY, mine] == 0.0)
    assert np.all(mixed.ends[L.WORKFORCE, mine] == 0.15)
    assert np.ptp(mixed.axes[:, L.ECONOMY, mine], axis=1).min() > 0.01
    assert np.ptp(mixed.ends[L.STATE, mine]) > 0.05


def test_a_point_stands_still(mixed):
    """A point has the same value in every year and future, no noise and no crisis."""
    mine = mixed.tags[L.TAG_COURSE] == 1
    for a, (value,) in enumerate(POINT.path):
        assert np.all(mixed.axes[:, a, mine] == value)
        assert np.all(mixed.ends[a, mine] == value)


def test_a_path_by_year_begins_where_it_says_and_holds_its_last_value(mixed, study):
    """Nature moves the first year, the course gives the second and third, and the third holds; the destination is its last."""
    mine = mixed.tags[L.TAG_COURSE] == 2
    growth = mixed.axes[:, L.ECONOMY, mine]
    assert np.ptp(growth[0]) > 0.01
    np.testing.assert_array_equal(growth[1:], np.broadcast_to([[0.01], [-0.05], [-0.05]], growth[1:].shape))
    assert np.all(mixed.ends[L.ECONOMY, mine] == -0.05)
    assert np.all(menu_of(MIX, YEARS)[2, 0, L.ECONOMY] == -0.05)
    assert menu_of(MIX, 2)[2, 0, L.ECONOMY] == 0.01


def test_given_growth_surprises_nobody(study):
    """Where growth is given by year the state's share moves by its own noise alone: the same whatever that growth is."""
    one, other = (
        Scenario("s", "s", 50, (Course("c", NOWHERE, ((), (), (), (growth,), (), ())),)) for growth in (-0.05, 0.05)
    )
    np.testing.assert_array_equal(draw(study, one, 1, 50).axes[:, L.STATE], draw(study, other, 1, 50).axes[:, L.STATE])


def test_what_a_course_does_not_give_is_drawn_as_before(study, mixed):
    """Axes that a course leaves to the law have the destinations of the same futures of the calibrated law."""
    plain = draw(study, Scenario("plain", "plain", 4000), 0, 4001)
    tube = mixed.tags[L.TAG_COURSE] == 0
    np.testing.assert_array_equal(mixed.ends[L.STATE, tube], plain.ends[L.STATE, tube])
    late = mixed.tags[L.TAG_COURSE] == 2
    np.testing.assert_array_equal(mixed.axes[0, L.ECONOMY, late], mixed.axes[0, L.ECONOMY, late])
    np.testing.assert_array_equal(mixed.ends[L.TECHNOLOGY, late], plain.ends[L.TECHNOLOGY, late])


def test_the_central_case_goes_to_the_means(study):
    """Without a course that says otherwise, future 0 goes to every axis's mean, under rules and a t copula too."""
    ruled = Scenario("ruled", "ruled", 10, consistency=(Consistency((-1,) * 6, 0.2),))
    got = draw(replace(study, law=replace(study.law, degrees=4)), ruled, 0, 2)
    np.testing.assert_array_equal(got.ends[:, 0], study.law.table[:, MEAN])
    assert got.weight[0] == 1.0


def test_cells_are_the_levels_of_the_ends(study, mixed):
    """The cell's number holds the level of every destination: the anchor that lies nearest."""
    near = np.abs(mixed.ends[:, None, :] - study.law.anchors[:, :, None]).argmin(axis=1)
    np.testing.assert_array_equal(mixed.tags[L.TAG_CELL], 3 ** np.arange(5, -1, -1) @ near)


@pytest.mark.parametrize(
    ("levels", "factor"),
    [((0, 0, 0, 0, 0, 0), 0.5), ((0, 1, 0, 2, 0, 0), 0.5 * 3.0), ((1, 1, 1, 2, 1, 1), 3.0), ((1, 1, 1, 1, 1, 1), 1.0)],
)
def test_factors_multiply(levels, factor):
    """A rule counts where all the levels that it names are met; −1 names none; factors multiply."""
    rules = np.array([[0, -1, 0, -1, -1, -1], [-1, -1, -1, 2, -1, -1]])
    cells = np.array([[0.0] * 6, levels], dtype=np.float64).T
    assert consistency_of(cells, rules, np.array([0.5, 3.0]), 1) == factor


def test_a_factor_of_nought_rules_a_combination_out(study):
    """Futures of an impossible combination weigh nothing, and the others make up for it."""
    never = Scenario("never", "never", 8000, consistency=(Consistency((-1, -1, -1, 2, -1, -1), 0.0),))
    got = draw(study, never, 1, 8000)
    high = got.tags[L.TAG_CELL].astype(int) // 9 % 3 == 2
    assert 0 < high.sum() < 8000
    assert np.all(got.weight[high] == 0.0)
    assert got.weight.mean() == pytest.approx(1.0, abs=4 * got.weight.std() / np.sqrt(8000) + 0.003)
    assert cells_of(study.law, never, YEARS).reshape((3,) * 6)[:, :, :, 2].sum() == 0.0


def test_a_last_rule_brings_the_mean_weight_to_one(study):
    """Where there are rules a last one, for every cell, divides by the mean factor; without rules there is none."""
    ruled = replace(MIX, consistency=(Consistency((2, -1, -1, -1, -1, -1), 4.0),))
    rules, factors = rules_of(study.law, ruled, YEARS)
    assert rules[-1].tolist() == [-1] * 6
    got = draw(study, ruled, 1, 8000)
    assert got.weight.mean() == pytest.approx(1.0, abs=4 * got.weight.std() / np.sqrt(8000))
    assert factors[-1] == pytest.approx(1.0 / np.mean(got.weight / factors[-1]), rel=0.05)
    assert rules_of(study.law, MIX, YEARS)[0].shape == (0, 6)


@pytest.mark.parametrize("design", ["random", "stratified"])
@pytest.mark.parametrize("degrees", [0, 4])
def test_cells_of_a_mixture_have_the_probabilities_of_the_table(study, design, degrees):
    """Courses, paths by year and rules included, the table of cells agrees with the futures' weighted frequencies."""
    from stresstest.futures.design import Design

    ruled = replace(MIX, consistency=(Consistency((2, -1, -1, -1, -1, -1), 2.0),))
    own = replace(study, design=Design(design), law=replace(study.law, degrees=degrees))
    got, chances = draw(own, ruled, 1, 16_384), cells_of(own.law, ruled, YEARS)
    found = np.bincount(got.tags[L.TAG_CELL].astype(int), weights=got.weight, minlength=729) / got.weight.sum()
    effective = got.weight.sum() ** 2 / (got.weight**2).sum()
    assert np.abs(found - chances).max() < 4.5 * np.sqrt(0.3 * 0.7 / effective) + 0.002
