"""Shares that belong together, limits that point the wrong way, limits that nothing reaches."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

SHARE = """
[[terms]]
id = "{name}"
kind = "gain_loss_share"
payee = "{payee}"
share_gain = {gain}
share_loss = 0.2
dead_band = 0.03
gain_cap = {cap}
loss_cap = 0.01
"""
ANNUAL = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n'
BENCHMARK = "[benchmark]\nopening_gbp = 100e6\ngrowth = 0.0\nplanned_reduction = 0.0\nphase_years = 1\n"
POOL = '[[inputs]]\nname = "pool"\nunit = "GBP"\n'
PART = (
    '[[terms]]\nid = "{payee}_part"\nkind = "payment"\npayee = "{payee}"\n'
    'price = {{ value = {share}, unit = "share" }}\nof = "pool"\n'
)


def share(name="first", payee="provider", gain=0.5, cap="0.01"):
    """A gain/loss share."""
    return SHARE.format(name=name, payee=payee, gain=gain, cap=cap)


def parts(*shares):
    """Shares of one pool to three parties."""
    payees = ("provider", "hospital", "council")
    return POOL + "".join(PART.format(payee=payee, share=part) for payee, part in zip(payees, shares, strict=True))


def test_shares_of_one_gap_beyond_the_whole(found):
    """60% to the provider and 50% to the hospital give away 110% of every pound."""
    (one,) = found("weights", share(gain=0.6) + share("second", "hospital"))
    assert (one.clause, one.severity) == ("second", "fault")
    assert "first and second share one gap (acute_expected less acute_actual)" in one.sentence
    assert "beyond 3% of acute_expected, commissioner pays out 110% of every pound of a gain" in one.sentence
    assert not found("weights", share() + share("second", "hospital"))


def test_shares_of_a_pool(found):
    """Shares of 110% are a fault, of 95% a note, of 100% and of 60% nothing."""
    (one,) = found("weights", parts(0.5, 0.4, 0.2))
    assert one.severity == "fault"
    assert "add to 110%, more than there is" in one.sentence
    (one,) = found("weights", parts(0.5, 0.25, 0.2))
    assert one.severity == "note"
    assert "add to 95%, and 5% stays with commissioner" in one.sentence
    assert not found("weights", parts(0.5, 0.3, 0.2))
    assert not found("weights", parts(0.2, 0.2, 0.2))


def test_an_indicator_without_weight(found):
    """It is reported and never paid on."""
    text = (
        ANNUAL + '[[terms]]\nkind = "improvement_payment"\nat_risk = 0.1\nstyle = "withheld"\nindicators = [\n'
        '{ name = "a", weight = 1.0, floor = 0, target = 1 }, { name = "b", weight = %s, floor = 0, target = 1 }]\n'
    )
    (one,) = found("weights", text % "0.0")
    assert "b (row 2 of improvement_payment) has no weight" in one.sentence
    assert not found("weights", text.replace("1.0, floor", "0.5, floor") % "0.5")


def limit(weight, payer="provider", payee="commissioner"):
    """A clause one way, and a limit the other way that counts it with a weight."""
    clause = f'[[terms]]\nid = "fine"\nkind = "payment"\npayer = "{payer}"\npayee = "{payee}"\nprice = 1e6\n'
    return (
        clause
        + f'[[terms]]\nid = "limit"\nkind = "overall_limit"\nmost = 1e6\nof = [{{ clause = "fine", weight = {weight} }}]\n'
    )


def test_a_limit_takes_what_runs_back_with_a_minus(found):
    """A fine from the provider counts with −1 in a limit from the commissioner, and not with 1."""
    (one,) = found("limit-direction", limit(1.0))
    assert (one.clause, one.severity) == ("limit", "fault")
    assert "counts fine, which runs from provider to commissioner, with the weight 1" in one.sentence
    assert not found("limit-direction", limit(-1.0))
    assert not found("limit-direction", limit(1.0, "commissioner", "provider"))
    assert found("limit-direction", limit(1.0, "commissioner", "hospital"))


def test_a_limit_on_what_moves_no_money(found):
    """A formula, a figure of a clause and an input cannot be limited; a payment can."""
    formula = POOL + '[[terms]]\nid = "fine"\nkind = "formula"\nvalue = "pool * 2"\n'
    text = formula + limit(1.0, "commissioner", "provider").replace('id = "fine"', 'id = "paid"')
    (one,) = found("limit-on-figure", text)
    assert (one.clause, one.field, one.severity) == ("limit", "of", "fault")
    assert "limit limits fine, which is a figure and moves no money" in one.sentence
    assert not found("limit-on-figure", text.replace('clause = "fine"', 'clause = "paid"'))
    assert found("limit-on-figure", text.replace('clause = "fine"', 'clause = "pool"'))


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (share(cap="1.0"), "gain_cap", "The gain cap of first is 100% of annual_payment"),
        (BENCHMARK + ANNUAL + share(cap="0.6"), "gain_cap", "60% of annual_payment (£60.0m a year), but pays at most £48.5m"),
        (BENCHMARK + ANNUAL + share() + "gain_cap_money = 50e6\n", "gain_cap_money", "at £50.0m, but pays at most £48.5m"),
        ('[[terms]]\nkind = "profit_cap"\ncap = 1.0\n', "cap", "whole income (100%)"),
        (
            '[[terms]]\nkind = "shared_savings"\nmax_share = 0.5\nloss_form = "none"\ngain_cap_benchmark = 0.5\n',
            "gain_cap_benchmark", "caps a saving at 50% of the benchmark, but a share of 50% pays at most 50%",
        ),
        (
            '[[terms]]\nkind = "cap_and_collar"\nsupport_from = 0.97\nsupport_more_from = 0.9\nsupport_share = 0.3\n'
            'support_more_share = 0.5\npay_back_from = 2.5\npay_back_share = 0.5\n',
            "pay_back_from", "begins to take back at 250% of annual_payment",
        ),
        (
            '[[terms]]\nkind = "layered_share"\nof = "acute_actual"\naggregate_limit = 5e7\n'
             'layers = [{ attachment = 1, limit = 1e7 }]\n',
            "aggregate_limit", "hold £50.0m at most in 5 years",
        ),
    ],
)  # fmt: skip
def test_caps_that_nothing_reaches(found, text, field, words):
    """Each is a note that names the cap and the most that could be paid."""
    (one,) = found("never-binds", text)
    assert (one.field, one.severity) == (field, "note")
    assert words in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        share(), share(cap="1e18"), BENCHMARK + ANNUAL + share(cap="0.4"), '[[terms]]\nkind = "profit_cap"\ncap = 0.075\n',
        '[[terms]]\nkind = "shared_savings"\nmax_share = 0.5\nloss_form = "none"\ngain_cap_benchmark = 0.1\n',
        '[[terms]]\nkind = "layered_share"\nof = "acute_actual"\naggregate_limit = 2e7\n'
         'layers = [{ attachment = 1, limit = 1e7 }]\n',
    ],
)  # fmt: skip
def test_caps_that_can_bind(found, text):
    """A cap in reach, and a cap that says 1e18 for none, are left alone."""
    assert not found("never-binds", text)
