"""The gain/loss share: band, tiers, caps and running totals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms._term import NOT_USED
from stresstest.terms.gain_loss_share import KIND, beyond_band

shares = st.floats(0, 1)
spends = st.floats(0, 2e8)
terms_of = st.fixed_dictionaries({
    "share_gain": shares, "share_loss": shares, "dead_band": st.floats(0, 0.1),
    "band": st.sampled_from(["net", "first_pound"]), "gain_cap": st.floats(0, 0.2), "loss_cap": st.floats(0, 0.2),
})  # fmt: skip
HALF = {"share_gain": 0.5, "share_loss": 0.5}


def year(acute: float, score: float = 1.0, expected: float = 1e8) -> dict[str, float]:
    """One year with a payment of £100m."""
    return {"annual": 1e8, "acute_expected": expected, "acute": acute, "score": score}


@pytest.mark.unit
@pytest.mark.parametrize(("gap", "net", "first"), [(2, 0, 0), (-2, 0, 0), (3, 1, 3), (-3, -1, -3), (0, 0, 0)])
def test_band_at_its_edge_and_beyond(gap, net, first):
    """A gap that just fills the band does not count; beyond it the excess or the whole does."""
    assert beyond_band(float(gap), 100.0, 0.02, 0.0) == pytest.approx(net)
    assert beyond_band(float(gap), 100.0, 0.02, 1.0) == pytest.approx(first)


@pytest.mark.unit
def test_tiers_replace_the_single_share(pay):
    """Where tiers are given the single share of a gain is not used, and that of a loss is."""
    terms = HALF | {"tiers": [{"from": 0.0, "to": 0.02, "share": 0.1}, {"from": 0.02, "to": 1.0, "share": 0.3}]}
    assert pay("gain_loss_share", terms, year(95e6), year(105e6)) == pytest.approx([0.2e6 + 0.9e6, -2.5e6])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("tiers", "word"),
    [
        ([(0.0, 0.02), (0.01, 0.03)], "overlap"),
        ([(0.0, 0.02), (0.03, 0.04)], "gap"),
        ([(0.02, 0.02)], "not above"),
        ([(k / 10, (k + 1) / 10) for k in range(6)], "at most 5"),
    ],
)
def test_bad_tiers_are_reported(tiers, word):
    """Tiers that overlap, leave a gap, are empty or are too many are named."""
    bad, caps = [{"from": a, "to": b, "share": 0.5} for a, b in tiers], {"gain_cap": 1.0, "loss_cap": 1.0}
    for key, other in (("tiers", "loss_tiers"), ("loss_tiers", "tiers")):
        found = KIND.check(caps | {key: bad, other: []})
        assert any(word in sentence and where.startswith(key) for where, sentence in found)


@pytest.mark.unit
@pytest.mark.parametrize(("cap", "findings"), [(1.0, 0), (5.0, 1), (NOT_USED, 0), (float("nan"), 0)])
def test_a_cap_of_five_times_the_payment_is_reported(cap, findings):
    """A cap is a share up to 1, or not used at all: 5 is 5% written wrong."""
    found = KIND.check({"tiers": [], "loss_tiers": [], "gain_cap": 1.0, "loss_cap": cap})
    assert [key for key, _ in found] == ["loss_cap"] * findings


@pytest.mark.unit
def test_tiers_of_a_loss_are_its_own(pay):
    """Where tiers of the loss are given the single share of a loss is not used, and that of a gain is."""
    tiers = [{"from": 0.0, "to": 0.02, "share": 0.0}, {"from": 0.02, "to": 0.05, "share": 0.8}]
    paid = pay("gain_loss_share", HALF | {"loss_tiers": tiers}, year(95e6), year(102e6), year(103e6), year(110e6))
    assert paid == pytest.approx([2.5e6, 0.0, -0.8e6, -2.4e6])


@pytest.mark.unit
def test_the_lower_of_a_share_and_a_sum_caps_each_side(pay):
    """A cap in money holds beside the cap by share, and alone where that is not used."""
    both = HALF | {"gain_cap": 0.01, "gain_cap_money": 2e6, "loss_cap": 0.01, "loss_cap_money": 0.4e6}
    assert pay("gain_loss_share", both, year(90e6), year(110e6)) == pytest.approx([1e6, -0.4e6])
    alone = HALF | {"gain_cap": NOT_USED, "gain_cap_money": 2e6, "loss_cap": NOT_USED}
    unpaid = [year(acute) | {"annual": 0.0} for acute in (90e6, 110e6)]
    assert pay("gain_loss_share", alone, *unpaid) == pytest.approx([2e6, -5e6])


@pytest.mark.unit
def test_a_sum_caps_the_running_total(pay):
    """Settled on the running total, a cap in money holds for all years together."""
    terms = HALF | {"settlement": "cumulative", "gain_cap_money": 3e6}
    assert pay("gain_loss_share", terms, year(96e6), year(96e6), year(104e6)) == pytest.approx([2e6, 1e6, -1e6])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("scaled", "gain_cap", "loss_cap", "names"),
    [
        (0.0, 1.0, 1.0, ("score",)),
        (1.0, 1.0, 1.0, ()),
        (float("nan"), NOT_USED, 0.1, ()),
        (0.0, NOT_USED, NOT_USED, ("score", "payment")),
    ],
)
def test_score_and_payment_are_read_only_where_they_matter(scaled, gain_cap, loss_cap, names):
    """The score matters where it scales, the payment where a cap is a share of it."""
    assert KIND.unread({"quality_scaled": scaled, "gain_cap": gain_cap, "loss_cap": loss_cap}) == names


@pytest.mark.law
@given(terms=terms_of, acute=spends, more=st.floats(0, 1e8), score=shares)
def test_amount_never_rises_with_spend_and_caps_bind(pay, terms, acute, more, score):
    """More spend never brings the provider more, and no amount leaves the caps."""
    terms = terms | {"quality_scaled": 1.0}
    low, high = (pay("gain_loss_share", terms, year(a, score))[0] for a in (acute, acute + more))
    assert high <= low + 1e-6
    assert -terms["loss_cap"] * 1e8 - 1e-6 <= high <= low <= terms["gain_cap"] * 1e8 + 1e-6


@pytest.mark.law
@given(acute=spends, settlement=st.sampled_from(["annual", "cumulative"]))
def test_zero_shares_move_no_money(pay, acute, settlement):
    """Without shares there is no transfer."""
    terms = {"share_gain": 0.0, "share_loss": 0.0, "settlement": settlement}
    assert pay("gain_loss_share", terms, year(acute), year(acute)) == [0.0, 0.0]


@pytest.mark.law
@given(acute=spends, score=shares, better=shares)
def test_quality_scales_gains_only(pay, acute, score, better):
    """A better score never lowers a gain and never changes a loss."""
    terms = HALF | {"quality_scaled": 1.0}
    low, high = sorted((score, better))
    worse, best = (pay("gain_loss_share", terms, year(acute, q))[0] for q in (low, high))
    assert best >= worse - 1e-9 if acute <= 1e8 else best == worse


@pytest.mark.law
@given(st.lists(spends, min_size=2, max_size=5), terms_of)
def test_cumulative_settlement_does_not_depend_on_the_order_of_years(pay, acutes, terms):
    """Settled on the running total, the sum over years is the same forwards and backwards."""
    terms = terms | {"settlement": "cumulative"}
    forwards = sum(pay("gain_loss_share", terms, *(year(a) for a in acutes)))
    backwards = sum(pay("gain_loss_share", terms, *(year(a) for a in reversed(acutes))))
    assert forwards == pytest.approx(backwards, abs=0.01)
