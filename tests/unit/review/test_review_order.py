"""What is counted before what."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

ANNUAL = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n'
BONUS = '[[terms]]\nid = "bonus"\nkind = "payment"\nprice = 1e6\n'
CAP = '[[terms]]\nkind = "profit_cap"\ncap = 0.075\n'
SHARE = '[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.5\nshare_loss = 0.5\ndead_band = 0.03\nloss_cap = 0.01\n'
LIMIT = '[[terms]]\nid = "limit"\nkind = "overall_limit"\nmost = 1e6\nof = [{ clause = "gain_loss_share" }]\n'
HELD = '[[terms]]\nid = "held"\nkind = "retention"\nof = "%s"\nrate = 0.1\n'
SAVINGS = """
[[terms]]
kind = "shared_savings"
max_share = 0.5
loss_form = "none"
msr = 0.02
haircut = 0.02
{more}
"""
COSTS = '[[inputs]]\nname = "net_cost"\nunit = "GBP"\n'
STOP_LOSS = """
[[terms]]
id = "stop_loss"
kind = "layered_share"
payer = "operator"
payee = "provider"
of = "acute_actual"
layers = [{ attachment = 110e6 }]
"""


def test_a_profit_cap_before_a_bonus(found):
    """What stands below a clause that reads income is not in its income, and is named."""
    (one,) = found("order-sensitive", ANNUAL + CAP + BONUS)
    assert (one.clause, one.field) == ("profit_cap", "income")
    assert "bonus stands below and is not counted" in one.sentence
    assert not found("order-sensitive", ANNUAL + BONUS + CAP)


def test_what_a_clause_leads_to_may_stand_below_it(found):
    """A clause that works on the profit cap's own amount, or that pays nothing, is not missed by it."""
    assert not found("order-sensitive", ANNUAL + CAP + HELD % "profit_cap")
    assert not found("order-sensitive", ANNUAL + CAP + BONUS.replace("1e6", "0.0"))


def test_balances_of_other_parties(found):
    """A share of what the hospital has received so far does not see a payment to it further down."""
    pay = (
        '[[terms]]\nid = "part"\nkind = "payment"\npayer = "hospital"\npayee = "council"\nprice = 0.1\n'
        'of = "received.hospital"\n'
    )
    (one,) = found("order-sensitive", pay + BONUS + 'payee = "hospital"\n')
    assert "received.hospital" in one.sentence
    assert not found("order-sensitive", pay + BONUS)


def test_a_score_read_before_it_is_set(found):
    """A clause above the improvement payment reads a score from the table, not the contract's."""
    paid = '[[terms]]\nid = "extra"\nkind = "payment"\nprice = 1e6\nof = "score"\n'
    scored = (
        '[[terms]]\nkind = "improvement_payment"\nat_risk = 0.1\nstyle = "withheld"\n'
        'indicators = [{ name = "a", weight = 1.0, floor = 0, target = 1 }]\n'
    )
    (one,) = found("order-sensitive", ANNUAL + paid + scored)
    assert (one.clause, one.field) == ("extra", "of")
    assert not found("order-sensitive", ANNUAL + scored + paid)


def test_a_retention_on_money_that_a_limit_took(found):
    """Holding back from the amount before the limit is named, from what is allowed it is not."""
    (one,) = found("order-sensitive", ANNUAL + SHARE + LIMIT + HELD % "gain_loss_share")
    assert (one.clause, one.remedy) == ("held", "Let it read limit.allowed, below limit.")
    assert not found("order-sensitive", ANNUAL + SHARE + LIMIT + HELD % "limit.allowed")


def test_a_limit_that_is_not_last(found):
    """A share between the same parties below the limit is free of it."""
    more = SHARE.replace("kind", 'id = "second"\nkind').replace("0.03", "0.04")
    (one,) = found("order-sensitive", ANNUAL + SHARE + LIMIT + more + 'actual = "reported_cost"\n')
    assert (one.clause, one.field) == ("limit", "of")
    assert "second stands below" in one.sentence
    assert not found("order-sensitive", ANNUAL + SHARE + more + 'actual = "reported_cost"\n' + LIMIT)


def test_a_haircut_before_or_after_the_cap(found):
    """2% before a cap of 10% leaves the full cap, after it 9.8%; without a cap there is no difference."""
    (one,) = found("order-sensitive", SAVINGS.format(more="gain_cap_benchmark = 0.10"))
    assert one.severity == "note"
    assert (
        "pays the full cap of 10% of acute_expected; after the cap it would pay 9.8% of acute_expected" in one.sentence
    )
    assert not found("order-sensitive", SAVINGS.format(more=""))


def test_one_cost_made_good_twice(found):
    """A stop-loss and a share that both read the gross cost pay one pound twice; a net figure does not."""
    (one,) = found("order-sensitive", COSTS + STOP_LOSS + SHARE)
    assert (one.clause, one.field) == ("gain_loss_share", "actual")
    assert "from 3% of acute_expected above acute_expected on" in one.sentence
    assert not found("order-sensitive", COSTS + STOP_LOSS + SHARE + 'actual = "net_cost"\n')


def test_lists_longer_than_the_contract(found):
    """Seven prices for five years leave two that nobody reads."""
    (one,) = found("values-beyond-term", BONUS.replace("1e6", "[1, 2, 3, 4, 5, 6, 7]"))
    assert "given for 7 years, but the contract runs for 5: the last 2 are never read" in one.sentence
    assert not found("values-beyond-term", BONUS.replace("1e6", "[1, 2, 3, 4, 5]"))
