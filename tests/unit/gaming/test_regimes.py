"""Three regimes of information."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.evaluate import Arena
from stresstest.gaming import regimes as module
from stresstest.gaming.best import honest_of
from stresstest.gaming.regimes import Rule, best_threshold, branches, figures_by, regimes, years_to_branch

pytestmark = pytest.mark.unit


def test_the_best_threshold_parts_gains_from_losses():
    """Going over pays above nothing and costs below: the threshold lies at nothing, and only the gains are taken."""
    values = np.linspace(-1.0, 1.0, 401)
    threshold, above, mean = best_threshold(values, values)
    assert above
    assert threshold == pytest.approx(0.0, abs=1e-9)
    assert mean == pytest.approx(np.maximum(values, 0.0).mean())
    assert best_threshold(values, np.full(401, -1.0))[2] == 0.0


def test_a_rule_goes_over_beyond_its_threshold():
    """Above or below, as the rule says."""
    rule = Rule({}, {}, 3, "reserve", True, 1.0)
    figures = {"reserve": np.array([0.0, 2.0])}
    assert rule.goes_over(figures).tolist() == [False, True]


def test_branches_keep_what_was_decided_once(toy):
    """Going over to honest work or to nothing does not unmake the bid."""
    for play in branches(toy, {"effort": 1.0, "low_bid": 0.05}, ("upcoding",)):
        assert play["low_bid"] == 0.05


def test_learning_never_does_worse_and_clairvoyance_bounds_it(toy, monkeypatch):
    """On futures whose gain follows a figure that is seen, feedback gains over open loop, and clairvoyance over both."""
    original = Arena.outcomes

    def swayed(arena, strategies, lines=0):
        out = original(arena, strategies, lines)
        futures = np.arange(arena.first % 10_007, arena.first % 10_007 + arena.n)
        for k, strategy in enumerate(strategies):
            late = strategy.table(arena.study.years)[9:, 0].mean()
            out[k, 0] += 5e6 * late * np.sin(futures)  # late effort pays where the sine is high
        return out

    def figures(game, arena, play, year):
        futures = np.arange(arena.first % 10_007, arena.first % 10_007 + arena.n)
        return {name: np.sin(futures) for name in module.SEEN}

    monkeypatch.setattr(Arena, "outcomes", swayed)
    monkeypatch.setattr(module, "figures_by", figures)
    found = regimes(toy, honest_of(toy), levers=("list_inflation",))
    assert found.rule is not None
    assert found.open_loop[0] <= found.feedback[0] <= found.clairvoyant[0]
    assert found.feedback_less_open[0] > 2.0 * found.feedback_less_open[1] > 0.0
    assert found.clairvoyant_less_open[0] >= found.feedback_less_open[0]


def test_figures_seen_by_a_year_do_not_depend_on_later_years(small):
    """On the machine, two plays that agree up to a year show the same figures at its start, to the last bit."""
    game = small(futures=4)
    one = figures_by(game, game.verify, {"effort": 1.0}, 2)
    other = figures_by(game, game.verify, {"effort": (1.0, 1.0, 0.0)}, 2)
    for name in module.SEEN:
        np.testing.assert_array_equal(one[name], other[name])


def test_rules_may_begin_in_every_second_year():
    """From the second year on."""
    assert years_to_branch(6) == [1, 3, 5]
