"""Shared by the tests of gaming: the toy (toy_payoffs.py), and a small game on the real machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from toy_payoffs import toy  # noqa: F401

from stresstest.analysis.exploit import Game
from stresstest.study import SearchBudget

HONEST = {"effort": 0.75, "efficiency": 0.5}


@pytest.fixture(scope="session")
def small(dudley):
    """A function that gives a game on the real machine with a handful of futures and an honest twin that is given."""

    def make(bench=dudley, futures=8):
        budget = SearchBudget(screen=8, screen_futures=futures, polish=1, polish_futures=futures, verify_futures=futures)
        study = replace(bench.study, search=budget)
        return Game(study, study.scenarios[0], 1, dict(HONEST))

    return make
