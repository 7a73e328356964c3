"""Reading a year: exposure by cause, present values, extra lines."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate
from stresstest.kernel.measure import add_exposure, exposure_of_year, true_score

pytestmark = pytest.mark.unit

PAYERS, PAYEES = (
    np.array([L.COMMISSIONER, L.PROVIDER, L.NHS_ENGLAND]),
    np.array([L.PROVIDER, L.COMMISSIONER, L.HOSPITAL]),
)
CAUSES = np.array([L.X_UPLIFT, L.X_GAIN_SHARE, L.X_GAIN_SHARE])


def exposure(in_service, **system):
    """Causes of one year: payment 110 against 100 agreed, 4 paid back, 50 between others, 3 shifted back."""
    ledger, d, x = np.zeros((1, 3 + len(L.SYSTEM_LINES), 1)), np.zeros((len(L.DRIVERS), 1)), np.full((len(L.EXPOSURE), 1), 9.0)
    ledger[0, :3, 0] = 110.0, 4.0, 50.0
    for name, value in system.items():
        ledger[0, 3 + L.SYSTEM_LINES.index(name), 0] = value
    d[L.RECORD_AGREED], d[L.WORLD_SHIFTED_ACUTE] = 100.0, 3.0
    exposure_of_year(x, 0, 1, np.array([in_service]), PAYERS, PAYEES, CAUSES, ledger, d)
    return dict(zip(L.EXPOSURE, x[:, 0], strict=True))


def test_exposure_in_service():
    """Payment and variation beyond the budget less recovery, what was paid back, support, cost that came back, and no other."""
    found = exposure(1.0, recovery=2.0, deficit_support=5.0, price_variation=1.5)
    assert found == {
        "uplift": 9.5,
        "improvement": 0.0,
        "gain_share": -4.0,
        "rescue": 5.0,
        "step_in": 0.0,
        "shifted": 3.0,
    }


def test_exposure_after_the_provider_has_left():
    """The successor's care and letting the contract again, less the budget that was agreed."""
    found = exposure(0.0, step_in=130.0, reprocurement=7.0)
    assert found["step_in"] == 37.0
    assert found["shifted"] == 0.0


def test_gross_counts_positive_causes_only():
    """With causes of 8, −4 and 3 and a discount of a half, net grows by 3.5 and gross by 5.5."""
    out, x = np.zeros((len(L.OUTCOMES), 1)), np.array([[8.0], [0.0], [-4.0], [0.0], [0.0], [3.0]])
    assert add_exposure(out, x, 0, 0.5) == 7.0
    assert out[L.OUT["commissioner_exposure_npv_gbp"], 0] == 3.5
    assert out[L.OUT["commissioner_exposure_gross_npv_gbp"], 0] == 5.5
    assert out[L.OUT["exposure_gain_share_npv_gbp"], 0] == -2.0


def test_true_score_holds_each_indicator_between_0_and_1():
    """Progress of −0.5, 0.5 and 1.5 counts as 0, a half and 1; without indicators the score is 0."""
    d = np.zeros((len(L.DRIVERS), 1))
    d[L.WORLD_PROGRESS : L.WORLD_PROGRESS + 3, 0] = -0.5, 0.5, 1.5
    assert true_score(d, 3, 0) == 0.5
    assert true_score(d, 0, 0) == 0.0


def test_further_rows_take_the_lines_present_values(dudley, gamed):
    """Rows beyond the outcomes hold the discounted ledger lines, and change nothing in the rows before them."""
    lines = len(dudley.study.line_names)
    more = simulate(dudley.inputs(gamed), 1, 50, lines)[0]
    np.testing.assert_array_equal(more[: len(L.OUTCOMES)], dudley.outcomes(gamed, n=50)[0])
    rate = dudley.study.place.parameters["health.money_discount"].value
    discounted = np.einsum("t,lti->li", (1.0 + rate) ** -np.arange(15), dudley.years(gamed, n=50).ledger[0])
    np.testing.assert_allclose(more[len(L.OUTCOMES) :], discounted, rtol=1e-10, atol=1e-3)


def test_public_exposure_adds_hospital_and_council(dudley, gamed):
    """Beyond the commissioner's: what the council bears of shifted care, and hospital cost that stays when activity falls."""
    out, years = dudley.outcomes(gamed, n=50)[0], dudley.years(gamed, n=50)
    fixed = dudley.study.contract.ending["hospital_fixed_share"].value
    stays = fixed * np.maximum(0.0, years["record_acute_expected"][0] - years["world_acute"][0])
    council = years["world_shifted_council"][0] * years["running"][0]
    rate = dudley.study.place.parameters["health.money_discount"].value
    more = (1.0 + rate) ** -np.arange(15) @ (stays + council)
    difference = out[L.OUT["public_exposure_npv_gbp"]] - out[L.OUT["commissioner_exposure_npv_gbp"]]
    np.testing.assert_allclose(difference, more, rtol=1e-9, atol=1e-3)
    parts = out[L.OUT["hospital_exposure_npv_gbp"]] + out[L.OUT["council_exposure_npv_gbp"]]
    np.testing.assert_allclose(parts, more, rtol=1e-9, atol=1e-3)


def test_performance_is_neither_the_payment_nor_the_variation(dudley, honest):
    """Performance is what comes on top of the annual payment and of what is won back of a gap."""
    bench = dudley.with_place(opening__hold_up=1.0, opening__gap_median=0.2)
    years = bench.years(honest, n=50)
    variation = years["price_variation"][0]
    assert variation.max() > 1e6
    earned = sum(
        years[name][0] for name in ("improvement_payment", "gain_loss_share", "cap_and_collar", "prevention_floor")
    )
    on = years["running"][0] == 1.0
    np.testing.assert_allclose(years["performance_gbp"][0][on], earned[on], rtol=1e-9, atol=1e-3)


def test_means_and_lows(dudley, gamed):
    """Scores are averaged over the right years, and the lowest reserve counts what owners put in."""
    out, years = dudley.outcomes(gamed, n=80)[0], dudley.years(gamed, n=80)
    served = years["running"][0].sum(axis=0)
    np.testing.assert_allclose(out[L.OUT["mean_true_score"]], years["true_score"][0].mean(axis=0))
    np.testing.assert_allclose(out[L.OUT["mean_reported_score"]], years["reported_score"][0].sum(axis=0) / served)
    start = dudley.study.contract.ending["reserve"].value
    path = start + years["cumulative_surplus_gbp"][0]
    np.testing.assert_allclose(out[L.OUT["lowest_reserve_gbp"]], np.minimum(start, path.min(axis=0)), atol=1e-3)


def test_a_cause_is_given_for_an_early_end_and_for_no_other(dudley, gamed):
    """A contract that ran its term has no cause, even where notice had been given; one that ended early has one."""
    late = dudley.with_ending(notice_years=3.0, rescue=0.0)
    out = late.outcomes(gamed, n=2000)[0]
    early = out[L.OUT["exit_year_index"]] >= 0
    assert np.all((out[L.OUT["exit_cause_code"]] > 0) == early)
    assert 0 < early.sum() < 2000
