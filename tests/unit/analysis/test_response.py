"""The search for the best response, on aims whose best point is known."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.evaluate import Arena
from stresstest.analysis.response import best_response, refine, screen_points, sweep
from stresstest.futures.plan import SEARCH_FIRST
from stresstest.levers import GAMING, HONEST, LEVER_NUMBER, LEVERS

pytestmark = pytest.mark.unit


def top(name):
    """Highest level of a lever."""
    return LEVERS[LEVER_NUMBER[name]].highest


def share(strategy, name):
    """A strategy's level of a lever as a share of its range."""
    return strategy.levels.get(name, 0.0) / top(name)


@pytest.fixture
def planted(monkeypatch, dudley):
    """An arena whose aim is the given function of a strategy."""

    def plant(aim):
        monkeypatch.setattr(Arena, "mean_aim", lambda self, tries, batch=64: np.array([aim(s) for s in tries]))
        return Arena(dudley.study, dudley.study.scenarios[0], SEARCH_FIRST, 16, 1)

    return plant


def hill(**peaks):
    """A round hill with its top at the given shares of the levers' ranges."""
    return lambda s: -sum((share(s, name) - peak) ** 2 for name, peak in peaks.items())


def test_the_top_of_a_hill_is_found(planted):
    """A single top inside the box is found to a hundredth of each range; a lever that does nothing stays at 0."""
    peaks = {"effort": 0.37, "prevention": 0.0, "upcoding": 0.81, "cost_shifting": 1.0}
    arena = planted(hill(**peaks))
    found = best_response(arena, arena, (*peaks, "list_inflation"), {}, 2, 64)
    for name, peak in peaks.items():
        assert found.get(name, 0.0) / top(name) == pytest.approx(peak, abs=0.011), name
    assert "prevention" not in found


def test_a_ridge_is_climbed(planted):
    """Where two levers only pay together, the search finds them together."""
    arena = planted(
        lambda s: (
            share(s, "list_inflation") * share(s, "exception_reporting")
            - 0.2 * share(s, "list_inflation")
            - 0.2 * share(s, "exception_reporting")
        )
    )
    found = best_response(arena, arena, HONEST + GAMING, {}, 4, 128)
    assert found["list_inflation"] == pytest.approx(top("list_inflation"))
    assert found["exception_reporting"] == pytest.approx(top("exception_reporting"))


def test_a_step_is_found(planted):
    """An aim with a step is climbed to just beyond the step, without gradients."""
    arena = planted(lambda s: (1.0 if share(s, "effort") >= 0.6 else 0.0) - 0.5 * share(s, "effort"))
    found = best_response(arena, arena, ("effort",), {}, 2, 32)
    assert 0.6 <= found["effort"] / top("effort") <= 0.63


def test_where_nothing_pays_nothing_is_done(planted):
    """A lever that only costs is left alone."""
    arena = planted(lambda s: -sum(share(s, name) for name in s.levels))
    assert best_response(arena, arena, HONEST + GAMING, {}, 2, 32) == {}


def test_levers_that_are_fixed_are_held(planted):
    """Fixed levers stand in every trial and are not part of the answer."""
    seen = []

    def aim(strategy):
        seen.append(strategy.levels.get("prevention"))
        return hill(effort=0.5)(strategy)

    arena = planted(aim)
    found = refine(arena, {"effort": 0.2}, ("effort",), {"prevention": 1.25})
    assert set(seen) == {1.25}
    assert list(found) == ["effort"]
    assert found["effort"] / top("effort") == pytest.approx(0.5, abs=0.02)


def test_no_trial_leaves_the_box(planted):
    """Every level that is tried lies between 0 and the lever's highest."""
    levels = []

    def aim(strategy):
        levels.extend((name, level) for name, level in strategy.levels.items())
        return sum(share(strategy, name) for name in strategy.levels)

    arena = planted(aim)
    found = best_response(arena, arena, HONEST + GAMING, {}, 2, 64)
    assert all(0.0 <= level <= top(name) for name, level in levels)
    assert found == {name: pytest.approx(top(name)) for name in HONEST + GAMING}


def test_the_screen_spreads_and_tries_each_lever_alone():
    """The screen has the points asked for, spread over each range, and each lever alone at a half and at its top."""
    points = screen_points(("effort", "upcoding"), 64)
    assert len(points) == 64 + 4
    for name in ("effort", "upcoding"):
        held = np.array([point.get(name, 0.0) for point in points[:64]]) / top(name)
        np.testing.assert_allclose(np.histogram(held, 4, (0, 1))[0], 16)
        assert {name: top(name)} in points
        assert {name: 0.5 * top(name)} in points


def test_a_sweep_never_goes_down(planted):
    """A sweep keeps the point it started from among its trials."""
    aim = hill(effort=0.111, upcoding=0.222)
    start = {"effort": 0.111 * top("effort"), "upcoding": 0.222 * top("upcoding")}
    assert sweep(planted(aim), [start], ("effort", "upcoding"), {}, 0.25, 9) == [start]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_search_is_the_same_with_any_number_of_threads(dudley, jobs):
    """On the real contract one thread and two find the same honest response."""
    expected = {"effort", "efficiency", "prevention"}
    arena = Arena(dudley.study, dudley.study.scenarios[0], SEARCH_FIRST, 64, jobs)
    found = best_response(arena, arena, HONEST, {}, 2, 16)
    assert set(found) <= expected
    once = Arena(dudley.study, dudley.study.scenarios[0], SEARCH_FIRST, 64, 1)
    assert found == best_response(once, once, HONEST, {}, 2, 16)
