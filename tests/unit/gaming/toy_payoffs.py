"""A toy in place of the machine: what levers pay in closed form, so that searches can be checked against known answers.

In £m, x as a share of each lever's range, a mean over years:

    effort               10 x − 5 x², best at 1
    list_inflation       4 x, while the contract pays for a list beyond the population
    upcoding and exception_reporting   5 · the smaller of the two, less 0.5 of each: they pay only together
    year_end_timing      2 x in the years from the eleventh on, −2 x before
    misreporting         −3 x
    everything else      −0.1 x

What gaming gains the commissioner pays twice over, and a QALY is lost for each £m. Futures add a sine that no play changes
and one that grows with list_inflation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import EXPOSURE, HEALTH, PUBLIC, SURPLUS, Arena
from stresstest.analysis.exploit import Game
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS
from stresstest.study import SearchBudget

TOPS = np.array([kind.highest for kind in LEVERS])
LISTED = LEVER_NUMBER["list_inflation"]
SMALL = SearchBudget(screen=32, screen_futures=16, polish=2, polish_futures=16, verify_futures=64)


def payoffs(arena, strategies, lines=0):
    """out[strategies, OUTCOMES + lines, n] of the toy."""
    futures = np.arange(arena.first % 10_007, arena.first % 10_007 + arena.n)
    out = np.zeros((len(strategies), len(L.OUTCOMES) + lines, arena.n))
    arena.evaluations += len(strategies) * arena.n
    term = arena.study.contract.first("annual_payment")
    listed = 4.0 if term and term.at(0)["list_tolerance"] > 0.01 else 0.0
    for k, strategy in enumerate(strategies):
        by_year = strategy.table(arena.study.years) / TOPS
        x = {kind.name: float(by_year[:, number].mean()) for number, kind in enumerate(LEVERS)}
        timing = by_year[:, LEVER_NUMBER["year_end_timing"]]
        effort = x["effort"] * TOPS[LEVER_NUMBER["effort"]]
        gamed = listed * x["list_inflation"] + 5.0 * min(x["upcoding"], x["exception_reporting"])
        gamed -= 0.5 * (x["upcoding"] + x["exception_reporting"]) + 3.0 * x["misreporting"]
        gamed += (2.0 * timing[10:].sum() - 2.0 * timing[:10].sum()) / timing.size
        known = {"list_inflation", "upcoding", "exception_reporting", "misreporting", "year_end_timing"}
        gamed -= 0.1 * sum(x[name] for name in GAMING if name not in known)
        honest = 10.0 * effort - 5.0 * effort**2 - 0.1 * (x["prevention"] + x["efficiency"])
        chance = np.sin(futures) + 0.5 * x["list_inflation"] * np.sin(2.0 * futures)
        out[k, SURPLUS] = 1e6 * (honest + gamed + chance)
        out[k, EXPOSURE] = out[k, PUBLIC] = 2e6 * gamed
        out[k, HEALTH] = effort - gamed
    return out


def toy_game(study, **budget):
    """A game of the toy, honest work found."""
    study = replace(study, search=replace(SMALL, **budget))
    game = Game(study, study.scenarios[0], 1)
    game.find_honest()
    return game


@pytest.fixture
def toy(dudley, monkeypatch):
    """Dudley's study with the toy in place of the machine."""
    monkeypatch.setattr(Arena, "outcomes", payoffs)
    return toy_game(dudley.study)
