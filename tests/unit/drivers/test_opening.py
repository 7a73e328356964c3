"""Before the first year: parts of the opening gap, delay, start, scope, and what is won back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest, norm

from stresstest import layout as L
from stresstest.drivers.opening import (
    data_error,
    delay_of,
    opening_gap,
    realised_scope,
    starts_at_all,
    vary_price,
    winners_curse,
)  # fmt: skip
from stresstest.drivers.parameters import PARAMETERS, PLAN_AGREED, PLAN_FIELDS, slot

pytestmark = pytest.mark.unit

UNIFORMS = (np.arange(20_000) + 0.5) / 20_000


def parameters(**values):
    """A parameter vector of zeros but for one bidder and the given numbers: opening__hold_up=0.5."""
    p = np.zeros(len(PARAMETERS))
    for name, value in {"opening__bidders": 1.0, **values}.items():
        p[slot("place." + name.replace("__", "."))] = value
    return p


def once_only(n=1, **values):
    """Once-only draws in the middle of their laws, but for the given ones."""
    kinds = L.ONCE_KINDS.items()
    once = np.array([[0.0 if kind == "normal" else 0.5] * n for _, kind in kinds])
    for name, value in values.items():
        once[L.ONCE.index(name)] = value
    return once


@pytest.mark.parametrize(("z", "gap"), [(0.0, 0.008), (1.0, -0.05 + 0.058 * math.e**0.7), (-40.0, -0.05)])
def test_what_the_baseline_got_wrong(z, gap):
    """A shift plus a lognormal: the median's error in the middle, and never less than the shift."""
    assert data_error(z, -0.05, 0.058, 0.7) == pytest.approx(gap, abs=1e-12)


@pytest.mark.parametrize("bidders", [1, 2, 5, 20])
def test_the_curse_is_the_least_of_so_many_misjudgements(bidders):
    """Its law is that of minus the least of n normals, by 20,000 auctions (Kolmogorov-Smirnov)."""
    found = np.array([winners_curse(u, float(bidders), 0.02) for u in UNIFORMS]) / 0.02
    lowest = np.random.default_rng(1).standard_normal((20_000, bidders)).min(axis=1)
    assert kstest(found, lambda x: norm.cdf(x) ** bidders).statistic < 1e-4
    assert kstest(-lowest, found).pvalue > 1e-3
    assert np.all(np.diff(found) <= 0.0)  # a larger draw is a dearer lowest bid and a smaller shortfall


def test_one_bidder_has_no_curse_and_more_have_more():
    """Alone a bidder is as likely too high as too low; on average the winner of two misjudged by 0.564, of five by 1.163."""
    means = [np.mean([winners_curse(u, float(n), 1.0) for u in UNIFORMS]) for n in (1, 2, 5)]
    assert means == pytest.approx([0.0, 1 / math.sqrt(math.pi), 1.16296], abs=1e-3)
    assert winners_curse(0.5, 1.0, 0.02) == 0.0


def test_the_extremes_of_a_curse_are_finite():
    """At both ends of what a draw can be the curse is a number, also among twenty bidders."""
    for u in (2.0**-33, 1.0 - 2.0**-33):
        for bidders in (1.0, 20.0):
            assert math.isfinite(winners_curse(u, bidders, 0.05))


@pytest.mark.parametrize(("u", "delay"), [(0.0, 0.0), (0.5, math.log(2.0)), (1.0 - math.exp(-3.0), 3.0), (0.9999999, 5.0)])
def test_delays(u, delay):
    """Exponential with a mean of one year, and no longer than five."""
    assert delay_of(u, parameters(start__delay_mean=1.0, start__delay_limit=5.0)) == pytest.approx(delay)


def test_the_mean_delay():
    """Where the limit is far, the mean over the unit interval is the mean that was asked."""
    p = parameters(start__delay_mean=0.7, start__delay_limit=15.0)
    assert np.mean([delay_of(u, p) for u in UNIFORMS]) == pytest.approx(0.7, abs=1e-3)


def test_the_gap_is_the_sum_of_its_parts():
    """Data error, curse, an omitted item and a stale price add up, each by itself and all together."""
    p = parameters(
        opening__gap_shift=-0.05, opening__gap_median=0.06, opening__gap_spread=0.5, opening__bidders=3.0,
        opening__bid_spread=0.02, opening__omitted_probability=0.15, opening__omitted_size=0.03, opening__staleness=0.01,
        start__delay_mean=1.0, start__delay_limit=5.0,
    )  # fmt: skip
    once = once_only(3, opening_gap=[0.0, 0.4, 0.4], opening_curse=[0.5, 0.1, 0.1], omitted=[0.5, 0.14, 0.15],
                     delay=[0.0, 0.0, 0.9])  # fmt: skip
    found = [opening_gap(once, p, i) for i in range(3)]
    curse = [-0.02 * norm.isf((1.0 - u) ** (1.0 / 3.0)) for u in (0.5, 0.1, 0.1)]
    data = [-0.05 + 0.06 * math.exp(0.5 * z) for z in (0.0, 0.4, 0.4)]
    assert found == pytest.approx(
        [data[0] + curse[0], data[1] + curse[1] + 0.03, data[2] + curse[2] + 0.01 * math.log(10.0)], abs=1e-14
    )


@pytest.mark.parametrize(
    ("hazard", "years", "share"), [(0.25, 2.0, 0.5625), (0.0, 2.0, 1.0), (0.5, 0.0, 1.0), (0.9, 1.5, 0.1**1.5)]
)
def test_contracts_that_outlive_their_mobilisation(hazard, years, share):
    """A chance of a quarter a year over two years leaves nine in sixteen."""
    p = parameters(start__hazard=hazard, start__mobilisation_years=years)
    assert np.mean([starts_at_all(u, p) for u in UNIFORMS]) == pytest.approx(share, abs=1e-4)


SCOPE = {
    "start__small_probability": 0.3, "start__small_scope": 0.06, "start__uptake_low": 0.6, "start__uptake_share": 0.2,
    "start__council_probability": 0.5, "start__council_share": 0.15,
}  # fmt: skip


@pytest.mark.parametrize(
    ("draws", "scope"),
    [
        ({"scope": 0.29}, 0.06),
        ({"scope": 0.3, "uptake": 1.0, "council": 0.4}, 1.0),
        ({"scope": 0.9, "uptake": 0.0, "council": 0.4}, 0.92),
        ({"scope": 0.9, "uptake": 0.5, "council": 0.5}, 1.0 - 0.2 * 0.2 - 0.15),
        ({"start": 0.99}, 0.0),
    ],
)
def test_scope_by_hand(draws, scope):
    """A fragment, the whole, less practices that stay out, less the council's money, and nothing where it never starts."""
    p = parameters(start__hazard=0.1, start__mobilisation_years=1.0, **SCOPE)
    assert realised_scope(once_only(**draws), p, 0) == pytest.approx(scope, abs=1e-15)


def test_scope_is_never_negative():
    """Where practices and council together hold more than everything, nothing is left, and not less."""
    p = parameters(**SCOPE | {"start__uptake_share": 1.0, "start__council_share": 0.9, "start__uptake_low": 0.0})
    assert realised_scope(once_only(scope=0.9, uptake=0.0, council=0.9), p, 0) == 0.0


@pytest.mark.parametrize(
    ("gap", "bidders", "running", "won"),
    [(0.1, 1.0, 1.0, 5.0), (0.1, 4.0, 1.0, 1.25), (-0.1, 1.0, 1.0, 0.0), (0.1, 1.0, 0.0, 0.0)],
)
def test_what_is_won_back(gap, bidders, running, won):
    """Half of a gap of a tenth of £100m for a sole bidder, a quarter of that for one of four; nothing back, nothing gone."""
    p = parameters(opening__hold_up=0.5, opening__bidders=bidders)
    d, s, plan = np.zeros((len(L.DRIVERS), 1)), np.zeros((len(L.STATES), 1)), np.zeros((2, len(PLAN_FIELDS)))
    d[L.WORLD_OPENING], d[L.PAID_INCOME], s[L.S_RUNNING], plan[1, PLAN_AGREED] = 1.0 + gap, 7.0, running, 100.0
    ledger = np.full((2, 3, 1), np.nan)
    vary_price(d, s, p, plan, ledger, 2, 1, 1)
    assert ledger[1, 2, 0] == pytest.approx(won, abs=1e-12)
    assert d[L.PAID_VARIATION, 0] == ledger[1, 2, 0]
    assert d[L.PAID_INCOME, 0] == pytest.approx(7.0 + won)


def test_the_commissioner_pays_the_variation(dudley, honest):
    """The line runs from commissioner to provider, and counts as uplift in the commissioner's exposure, pound for pound."""
    study = dudley.study
    assert dict(zip(study.line_names, study.line_parties, strict=True))["price_variation"] == ("commissioner", "provider")
    sure = {"policy__break_probability": 0.0}
    some, none = (
        dudley.with_place(**sure, opening__hold_up=h).with_ending(reserve=1e10).outcomes(honest, n=100)[0] for h in (0.4, 0.0)
    )
    years = dudley.with_place(**sure, opening__hold_up=0.4).with_ending(reserve=1e10).years(honest, n=100)
    rate = study.place.parameters["health.money_discount"].value
    won = (1.0 + rate) ** -np.arange(15) @ years["price_variation"][0]
    assert won.max() > 1e6
    for name in ("commissioner_exposure_npv_gbp", "exposure_uplift_npv_gbp", "provider_surplus_npv_gbp"):
        np.testing.assert_allclose((some - none)[L.OUT[name]], won, rtol=1e-9, atol=1e-3)


def test_start_and_scope_change_no_outcome(dudley, honest):
    """Whether and in what scope a contract starts stands in the table of futures and moves no pound of the outcomes."""
    plain = dudley.outcomes(honest, n=100)
    rare = dudley.with_place(start__hazard=0.9, start__small_probability=0.9, start__council_share=0.5)
    np.testing.assert_array_equal(rare.outcomes(honest, n=100), plain)
    nature = [bench.chunk(honest, n=100)[2][L.NATURE.index("realised_scope")] for bench in (dudley, rare)]
    assert nature[1].mean() < nature[0].mean()


def test_a_late_start_makes_the_price_stale(dudley, honest):
    """The delay costs through the gap: with staleness the gap is larger by staleness times delay, in every future."""
    still, stale = (dudley.with_place(opening__staleness=rate).chunk(honest, n=100)[2] for rate in (0.0, 0.02))
    gap, delay = L.NATURE.index("opening_gap"), L.NATURE.index("start_delay")
    np.testing.assert_allclose(stale[gap] - still[gap], 0.02 * stale[delay], atol=1e-14)
    assert stale[delay].max() > 1.0
