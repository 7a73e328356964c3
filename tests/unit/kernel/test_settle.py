"""From the record to money: order, signs, running, and what an audit recovers."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest._jit import kernel, rule
from stresstest._lanes import LANES, groups, pick, rows_of
from stresstest.futures.plan import detection_plan
from stresstest.kernel.settle import found_out

pytestmark = pytest.mark.unit

KEY = detection_plan(2018, "dudley", 15, ("upcoding",))[0]


@rule
def fill(out, t, key, chance, first):
    """One number for each future of whole groups: 1 where it is found out."""
    rows = rows_of(out)
    for i in range(groups(out.shape[0])):
        rows[i] = pick(found_out(first + LANES * i, t, key, chance), 1.0, 0.0)


@kernel
def found_by_kernel(out, t, key, chance, first):
    """As `fill`, from Python."""
    fill(out, t, key, chance, first)


def found(futures, t, chance, key=KEY):
    """Which of futures 0 … futures − 1 are found out in year t."""
    out = np.zeros(-(-futures // 16) * 16)
    found_by_kernel(out, t, key, chance, 0)
    return out[:futures] == 1.0


@pytest.mark.parametrize("chance", [0.05, 0.3, 0.9])
def test_found_out_as_often_as_the_chance_says(chance):
    """Over 8,000 futures and four years the share that is found out is the chance, within five standard errors."""
    share = np.array([found(8001, t, chance)[1:].mean() for t in (0, 3, 4, 14)])
    np.testing.assert_allclose(share, chance, atol=5 * np.sqrt(chance * (1 - chance) / 8000))


def test_certain_and_impossible_discovery():
    """A chance of 1 always finds out, one of 0 never does, and the central case is never found out."""
    for t in range(15):
        assert found(40, t, 1.0).tolist() == [False] + [True] * 39
        assert not found(40, t, 0.0).any()


def test_years_and_levers_are_found_out_apart():
    """Being found out in one year, or on one lever, says nothing about another."""
    other = detection_plan(2018, "dudley", 15, ("list_inflation",))[0]
    one = np.array([found(2001, t, 0.5)[1:] for t in range(8)], dtype=float).T
    two = found(2001, 0, 0.5, other)[1:].astype(float)
    together = np.corrcoef(np.column_stack([one, two]).T)
    assert np.abs(together - np.eye(9)).max() < 5 / np.sqrt(2000)


def test_clauses_see_what_earlier_clauses_paid(dudley, honest):
    """Cap and collar stands after the shares, so it settles on their sum: payment + earned − reported cost."""
    years = dudley.years(honest, n=64)
    running = years["running"][0] == 1.0
    annual, shares = years["annual_payment"][0], years["improvement_payment"][0] + years["gain_loss_share"][0]
    values = dudley.study.contract.first("cap_and_collar").at(0)
    outturn = 2 * annual + shares - years["record_cost"][0]
    first, second = values["support_from"] * annual, values["support_more_from"] * annual
    expected = values["support_share"] * np.maximum(0, first - np.maximum(second, outturn))
    expected += values["support_more_share"] * np.maximum(0, second - outturn)
    expected -= values["pay_back_share"] * np.maximum(0, outturn - values["pay_back_from"] * annual)
    np.testing.assert_allclose(years["cap_and_collar"][0][running], expected[running], rtol=1e-9, atol=1e-3)


def test_income_has_both_signs(dudley, gamed):
    """What the provider pays, recovery included, comes off its income; what it wins back by variation goes on."""
    certain = dudley.with_lever("upcoding", detection=1.0, fine=1.0)
    years = certain.years(gamed, n=32)
    running = years["running"][0] == 1.0
    lines = sum(
        years[name][0]
        for name in (
            "annual_payment", "improvement_payment", "gain_loss_share", "cap_and_collar", "prevention_floor", "price_variation",
        )
    )  # fmt: skip
    np.testing.assert_allclose(years["paid_income"][0][running], (lines - years["recovery"][0])[running], rtol=1e-12)
    assert years["recovery"][0][running].min() > 0.0


def test_first_year_pays_the_opening_price(dudley, honest):
    """In the first year the central case is paid the opening price, and nothing hangs on outcomes yet."""
    years = dudley.years(honest, first=0, n=1)
    need = 1.0 + 0.3 * (years["record_need"][0, 0, 0] - 1.0)
    assert years["annual_payment"][0, 0, 0] == pytest.approx(dudley.study.contract.opening_price * need)
    assert years["improvement_payment"][0, 0, 0] == 0.0
    assert L.EXIT_CAUSES[0] == "none"
