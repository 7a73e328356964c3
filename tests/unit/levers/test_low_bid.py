"""L15 a low bid, then asking for more."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers.low_bid import over_price
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

FIELDS = {"reopen_year": 3.0, "accepted": 0.6, "mark_up": 1.25}


@pytest.mark.parametrize(("year", "over"), [(0, -0.1), (1, -0.1), (2, 0.035), (14, 0.035)])
def test_under_the_price_and_then_over_it(world, year, over):
    """A tenth under for two years; then 0.6 · 1.25 − 0.4 = 0.35 of the tenth over."""
    assert over_price(0.1, year, 3.0, 0.6, 1.25) == pytest.approx(over)
    world.pull("low_bid", 0.1, t=year, **FIELDS)
    np.testing.assert_allclose(world.get("record_bid"), [over, over, 0.0])


@pytest.mark.parametrize("accepted", [0.0, 1.0])
def test_all_hangs_on_whether_the_commissioner_gives_in(accepted):
    """Refused, the price stays low for good; granted, it rises by the mark-up."""
    assert over_price(0.1, 9, 3.0, accepted, 1.25) == pytest.approx(0.125 if accepted else -0.1)


def test_the_payment_follows_the_bid(dudley, honest):
    """Payments are 5% under the price for two years and then over it; the price itself is indexed as before."""
    rich = dudley.with_ending(reserve=1e10).with_place(policy__break_probability=0.0)
    low = Strategy("l", {**honest.levels, "low_bid": 0.05})
    years = rich.years(honest, low, n=8)
    ratio = years["annual_payment"][1] / years["annual_payment"][0]
    np.testing.assert_allclose(ratio[:2], 0.95)
    np.testing.assert_allclose(ratio[2:], 1.0175)
    change = np.diff(rich.outcomes(honest, low, n=8), axis=0)[0]
    assert np.all(change[L.OUT["provider_surplus_npv_gbp"]] > 0.0)
    assert np.all(change[L.OUT["commissioner_exposure_npv_gbp"]] > 0.0)


def test_shallow_pockets_do_not_reach_the_reopening(dudley, honest):
    """As procured, a bid a tenth under price ends more contracts than an honest one."""
    out = dudley.outcomes(honest, Strategy("l", {**honest.levels, "low_bid": 0.1}), n=200)
    ended = out[:, L.OUT["exit_cause_code"]] >= L.EXIT_FIRST_ADVERSE
    assert ended[1].mean() > ended[0].mean() + 0.2
