"""The null world: nothing trends, nothing happens, and only chance is left."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.nulltest import null_rows, null_study
from stresstest.futures.plan import NULL_FIRST
from stresstest.strategy import NULL
from stresstest.verbs import null_checks

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def worlds(dudley):
    """The null world with chance and without, 200 futures each."""
    return {
        chance: type(dudley)(null_study(dudley.study, chance)).years(NULL, first=NULL_FIRST, n=200)
        for chance in (True, False)
    }


@pytest.mark.parametrize("chance", [True, False])
def test_the_world_stands_still(worlds, chance):
    """List, need, prices, productivity, funding and care stay where they started; there is no gap and no shock."""
    years = worlds[chance]
    for name in (
        "world_need",
        "world_input_price",
        "world_productivity",
        "world_funding",
        "world_care",
        "world_opening",
        "world_shock",
    ):
        np.testing.assert_allclose(years[name], 1.0, rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(years["world_list"], years["world_list"][0, 0, 0], rtol=1e-12)
    assert np.all(years["running"] == 1.0)
    for name in ("world_investment", "world_gaming_cost", "world_progress_0"):
        assert np.all(years[name] == 0.0)


def test_without_chance_acute_spend_is_what_was_expected(worlds):
    """Without chance the basket costs its benchmark, so that the share moves nothing; with chance it scatters about it."""
    still, noisy = worlds[False], worlds[True]
    np.testing.assert_allclose(still["acute_actual_gbp"], still["acute_expected_gbp"], rtol=1e-12)
    assert np.all(np.abs(still["gain_loss_share"]) < 1e-6)
    ratio = np.log(noisy["acute_actual_gbp"] / noisy["acute_expected_gbp"])
    assert abs(ratio.mean()) < 5 * ratio.std() / np.sqrt(200 * 15 / 4)
    assert ratio.std() > 0.01


def test_without_chance_every_future_is_the_same(worlds):
    """Without chance no future differs from another."""
    np.testing.assert_array_equal(
        worlds[False].table, np.broadcast_to(worlds[False].table[..., :1], worlds[False].table.shape)
    )
    assert np.ptp(worlds[True]["gain_loss_share"][0, 3]) > 0.0


def test_chance_moves_no_annual_payment(dudley, worlds):
    """The annual payment starts at the opening price, and chance in acute care and outcomes never moves it."""
    years = worlds[True]["annual_payment"]
    np.testing.assert_allclose(years[0, 0], dudley.study.contract.opening_price, rtol=1e-12)
    np.testing.assert_array_equal(years, worlds[False]["annual_payment"])


def test_rows_for_every_clause_with_the_provider(dudley):
    """One row a clause besides the annual payment; chance pays at a rate between 0 and 1; the last row is their sum."""
    rows = {row["clause"]: row for row in null_rows(dudley.study, 512)}
    assert set(rows) == {"improvement_payment", "gain_loss_share", "cap_and_collar", "prevention_floor", "all clauses together"}
    for row in rows.values():
        assert 0.0 <= row["chance_payout_rate"] <= 1.0
        assert row["share_of_annual_payment"] == row["mean_gbp_a_year"] / dudley.study.contract.opening_price
        assert row["chance_part_gbp_a_year"] == pytest.approx(row["mean_gbp_a_year"] - row["without_chance_gbp_a_year"])
    assert rows["prevention_floor"]["mean_gbp_a_year"] == 0.0
    total = rows.pop("all clauses together")["mean_gbp_a_year"]
    assert total == pytest.approx(sum(row["mean_gbp_a_year"] for row in rows.values()))


def test_a_contract_that_pays_idleness_fails_the_check(dudley):
    """As procured the null checks hold; where the improvement payment is additional, the idle provider is found out."""
    tolerance, price = dudley.study.null_tolerance, dudley.study.contract.opening_price
    assert all(check.ok for check in null_checks(null_rows(dudley.study, 512), price, tolerance))
    generous = dudley.with_terms(improvement_payment__style="additional").study
    failed = [check.name for check in null_checks(null_rows(generous, 512), price, tolerance) if not check.ok]
    assert "null test: all clauses together" in failed


def test_a_provider_that_changes_nothing_earns_about_nothing(dudley):
    """A share that treats gains and losses alike pays a provider that changes nothing about nothing on average."""
    even = dudley.with_terms(gain_loss_share__dead_band=0.0)
    row = next(r for r in null_rows(even.study, 2048) if r["clause"] == "gain_loss_share")
    # the basket's noise is on the logarithm: its mean lies half its variance above the benchmark
    yearly = dudley.study.contract.benchmark["opening_gbp"].value
    assert abs(row["chance_part_gbp_a_year"]) < 5 * row["error_gbp"] + 0.5 * 0.025**2 * yearly
    assert row["without_chance_gbp_a_year"] == pytest.approx(0.0, abs=1e-6)
    assert 0.4 < row["chance_payout_rate"] < 0.6
