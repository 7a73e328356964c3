"""What clauses pay on chance alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

SHARE = """
[benchmark]
opening_gbp = 100e6
growth = 0.0
planned_reduction = 0.0
phase_years = 1
[[terms]]
kind = "gain_loss_share"
share_gain = {gain}
share_loss = {loss}
dead_band = {band}
loss_cap = 0.01
"""
SAVINGS = '[[terms]]\nkind = "shared_savings"\nmax_share = 0.5\nloss_form = "none"\nmsr = {msr}\n'
COLLAR = """
[[terms]]
kind = "cap_and_collar"
support_from = {low}
support_more_from = 0.9
support_share = 0.3
support_more_share = 0.5
pay_back_from = {high}
pay_back_share = 0.5
"""


def share(band, gain=0.5, loss=0.5):
    """A gain/loss share on £100m."""
    return SHARE.format(band=band, gain=gain, loss=loss)


def test_a_dead_band_narrower_than_chance(found):
    """0.5% on 100,000 people, whose cost moves by 1.2%: money moves in 67 years of 100."""
    (one,) = found("corridor-inside-noise", share(0.005), population=100_000)
    assert (one.clause, one.field) == ("gain_loss_share", "dead_band")
    assert "0.5% on the gain side and 0.5% on the loss side" in one.sentence
    assert "the cost of 100,000 people moves by 1.2%" in one.sentence
    assert "67 years in 100" in one.sentence


def test_a_dead_band_wider_than_chance(found):
    """2% on 100,000 people is left alone, and so is any band where no population is known."""
    assert not found("corridor-inside-noise", share(0.02), population=100_000)
    assert not found("corridor-inside-noise", share(0.005))


def test_acute_care_in_a_place_moves_more_than_its_people(found, place):
    """Dudley's acute care moves by 2.5% a year, so that 2% is inside chance there; 3% is not."""
    (one,) = found("corridor-inside-noise", share(0.02), place)
    assert "the acute care of Dudley moves by 2.5%" in one.sentence
    assert "42 years in 100" in one.sentence
    assert not found("corridor-inside-noise", share(0.03), place)


def test_bands_in_money_are_set_against_the_target(found):
    """A first band at £0.5m of £100m is 0.5%, inside chance for 100,000 people; one at £2m is not."""
    text = (
        share(0.03) + '[[terms]]\nid = "money"\nkind = "corridor"\npayee = "hospital"\nedges = "money"\n'
        'bands = [{ side = "loss", from = %s, share = 0.5 }]'
    )
    (one,) = found("corridor-inside-noise", text % "5e5", population=100_000)
    assert (one.clause, one.field) == ("money", "bands")
    assert not found("corridor-inside-noise", text % "2e6", population=100_000)


def test_a_collar_edge_inside_chance(found):
    """Support below 99.5% stands 0.5% from an even year; 97% does not."""
    (one,) = found("corridor-inside-noise", COLLAR.format(low=0.995, high=1.03), population=100_000)
    assert (one.clause, one.field) == ("cap_and_collar", "support_from")
    assert "34 years in 100" in one.sentence
    assert not found("corridor-inside-noise", COLLAR.format(low=0.97, high=1.03), population=100_000)


def test_a_minimum_rate_that_chance_passes(found):
    """1% for 50,000 people is 0.6 sd: chance passes it in 28 years of 100, and 2.8% would be enough."""
    (one,) = found("msr-inside-noise", SAVINGS.format(msr=0.01), population=50_000)
    assert (one.clause, one.field) == ("shared_savings", "msr")
    assert "0.6 standard deviations" in one.sentence
    assert "28 years in 100" in one.sentence
    assert "2.8%" in one.remedy
    assert not found("msr-inside-noise", SAVINGS.format(msr=0.03), population=50_000)


def test_no_band_on_both_sides_evens_out(found):
    """A share from the first pound on both sides is a note, with what moves on average: 0.8 · 50% · 1.19% of £100m."""
    (one,) = found("no-dead-band", share(0.0), population=100_000)
    assert one.severity == "note"
    assert "every year" in one.sentence
    assert "(£473k a year)" in one.sentence
    assert not found("no-dead-band", share(0.03), population=100_000)


def test_no_band_on_one_side_is_a_present(found):
    """Where only gains are shared from the first pound, chance pays half of that for good."""
    (one,) = found("no-dead-band", share(0.0, loss=0.0), population=100_000)
    assert one.severity == "warning"
    assert "a present to one side" in one.sentence
    assert "(£237k a year)" in one.sentence
    assert found("no-dead-band", SAVINGS.format(msr=0.0))[0].field == "msr"
    assert not found("no-dead-band", SAVINGS.format(msr=0.02))


def test_a_small_loss_cap_is_an_option(found):
    """A cap of £1m under a payment of £100m whose result moves by £1.19m a year is less than one year's swing."""
    annual = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n'
    text = annual + '[[terms]]\nkind = "loss_cap"\npayee = "provider"\ncap = {cap}\n'
    (one,) = found("put-option", text.format(cap="1e6"), population=100_000)
    assert (one.clause, one.field, one.severity) == ("loss_cap", "cap", "warning")
    assert "£1.00m in all (1% of a year's income)" in one.sentence
    assert "£1.19m a year and £2.65m over 5 years" in one.sentence
    assert found("put-option", text.format(cap="2e6"), population=100_000)[0].severity == "note"
    assert not found("put-option", text.format(cap="3e6"), population=100_000)


def test_the_owners_stake_in_the_ending_counts_too(found, place, ending):
    """£60m behind £360m a year in Dudley is enough for five years, £6m is not."""
    annual = '[[terms]]\nkind = "annual_payment"\nopening_price = 360e6\nform = "fixed"\n'
    assert not found("put-option", annual + ending, place)
    (one,) = found("put-option", annual + ending.replace("60000000", "6000000"), place)
    assert (one.clause, one.field) == ("ending", "loss_cap")


def test_chance_that_nobody_looked_at(found, place, ending):
    """Without place and number of people one note names every clause that chance may move; with either it is silent."""
    pay = '[[terms]]\nkind = "payment"\nprice = 1e6\n'
    (one,) = found("chance-not-looked-at", share(0.01) + pay + SAVINGS.format(msr=0.01))
    assert (one.clause, one.severity) == ("", "note")
    assert "gain_loss_share and shared_savings was not looked at: no place" in one.sentence
    assert not found("chance-not-looked-at", share(0.01), place)
    assert not found("chance-not-looked-at", share(0.01), population=50_000)
    assert not found("chance-not-looked-at", pay)
    annual = '[[terms]]\nkind = "annual_payment"\nopening_price = 360e6\nform = "fixed"\n'
    owners = '[[terms]]\nkind = "loss_cap"\npayee = "provider"\ncap = 1e6\n'
    assert "moves loss_cap and ending was" in found("chance-not-looked-at", annual + owners + ending)[0].sentence


@pytest.mark.parametrize(
    ("currency", "coin"), [("GBP", "pound"), ("EUR", "euro"), ("USD", "dollar"), ("CHF", "franc"), ("none", "unit")]
)
def test_money_in_the_words_of_the_contract(found, currency, coin):
    """A share from the first euro is not one from the first pound."""
    (one,) = found("no-dead-band", share(0.0), population=100_000, currency=currency)
    assert f"from the first {coin} on" in one.sentence


def test_running_totals_average_chance_out(found):
    """On a running total of five years 1% is beyond chance for 100,000 people, year by year it is not."""
    total = share(0.01) + 'settlement = "cumulative"\n'
    assert found("corridor-inside-noise", share(0.01), population=100_000)
    assert not found("corridor-inside-noise", total, population=100_000)
    (one,) = found("corridor-inside-noise", total, population=10_000)
    assert "the mean over 5 years of the cost of 10,000 people moves by 1.7%" in one.sentence
    assert not found("no-dead-band", share(0.0) + 'settlement = "cumulative"\n', population=100_000)
