"""Edits keep what they must keep: sums, means, bounds; and an edit of nothing pays nothing, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.contract_verbs import contract_named
from stresstest.gaming.books import Books, strategic_party
from stresstest.gaming.edits import alternated, moved, relabelled, scaled, shifted, split, unit_step
from stresstest.gaming.records import made_up
from stresstest.settlement.engine import Given, settle

pytestmark = pytest.mark.unit

PLANTED = Path(__file__).resolve().parents[2] / "gaming" / "planted"
BOOKS = made_up(contract_named(str(PLANTED / "pooled-care.toml")), 8)


def test_books_pay_what_a_settlement_pays() -> None:
    """One code path: the provider's net is that of `settle` on the same rows."""
    cases, years = BOOKS.cases, BOOKS.years
    flat = {name: values.ravel() for name, values in BOOKS.columns.items()}
    settled = settle(BOOKS.contract, Given(np.repeat(np.arange(cases), years), np.tile(np.arange(years), cases), flat))
    assert np.allclose(BOOKS.honest.net[0].ravel(), settled.net["provider"], rtol=0.0, atol=1e-6)
    assert strategic_party(BOOKS.contract) == "provider"


def test_an_edit_of_nothing_pays_nothing_bit_for_bit() -> None:
    """Adding zero leaves every payment as it is."""
    for name in BOOKS.movable:
        same = moved(BOOKS, name, np.zeros(BOOKS.years))
        assert np.array_equal(BOOKS.pay([same]).amounts, BOOKS.honest.amounts)


@given(st.lists(st.floats(-5e7, 5e7), min_size=5, max_size=5))
def test_what_is_moved_in_time_stays_in_the_sum(amounts: list[float]) -> None:
    """No shift creates or destroys, and no year falls below nothing."""
    later = np.tile(np.array(amounts), (BOOKS.cases, 1))
    edit = shifted(BOOKS, "health_cost", later)["health_cost"]
    assert np.allclose(edit.sum(axis=1), BOOKS.columns["health_cost"].sum(axis=1))
    assert edit.min() >= -1e-6


@given(st.floats(0.01, 0.9))
def test_relabelling_keeps_the_sum(share: float) -> None:
    """What leaves one name arrives under the other, within its bounds."""
    edit = relabelled(BOOKS, "health_cost", "joint_cost", share)
    before = BOOKS.columns["health_cost"] + BOOKS.columns["joint_cost"]
    assert np.allclose(edit["health_cost"] + edit["joint_cost"], before)
    assert edit["joint_cost"].max() <= BOOKS.backings["joint_cost"].high + 1e-6


def test_swings_keep_the_mean_and_scaling_keeps_to_the_bounds() -> None:
    """An alternating edit has the honest mean; a scaled one never leaves what the contract declares."""
    books = made_up(contract_named(str(PLANTED / "frailty-programme.toml")), 8)
    edit = alternated(books, "frailty_register", 0.05)["frailty_register"]
    assert np.allclose(edit.sum(axis=1), books.columns["frailty_register"].sum(axis=1))
    for share in (-3.0, 3.0):
        scaled_up = scaled(books, "frailty_register", share)["frailty_register"]
        known = books.backings["frailty_register"]
        assert known.low <= scaled_up.min() <= scaled_up.max() <= known.high
    assert np.all(unit_step(books, "frailty_register") > 0.0)


def test_splitting_keeps_count_times_average() -> None:
    """Twice as many cases of half the size are the same care."""
    columns = {"n": np.full((2, 3), 10.0), "a": np.full((2, 3), 4.0)}
    books = Books(BOOKS.contract, {**BOOKS.columns, **columns}, "test")
    edit = split(books, "n", "a", 1.0) if "n" in books.backings else None
    assert edit is not None
    assert np.allclose(edit["n"] * edit["a"], 40.0)
