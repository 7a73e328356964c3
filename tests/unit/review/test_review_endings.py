"""What is left when a contract ends, and contracts inside contracts."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

ANNUAL = '[[terms]]\nkind = "annual_payment"\nopening_price = 100e6\nform = "fixed"\n'


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ('kind = "profit_share"\nshare = 0.5\ncarry_years = 3\n'
         '', "note", "deficits of the last three years not made good are lost to provider"),
        ('kind = "profit_share"\nshare = 0.5\ncarry_years = 99\n', "note", "all deficits not made good are lost"),
        ('kind = "retention"\nof = "annual_payment"\nrate = 0.1\nin_force = { from = 1, to = 3 }\n'
         '', "fault", "out of force after year 3 of 5"),
        ('kind = "reserve_fund"\nresult = "income"\npay_in = 0.5\ndraw = 0.5\n', "note", "stays with operator"),
        ('kind = "reopener"\nevery = 2\nshare = 0.5\n', "note", "overruns of the last year are never"),
        ('kind = "reopener"\nevery = 4\nshare = 0.5\n', "note", "overruns of the last year are never"),
    ],
)  # fmt: skip
def test_what_is_carried_past_the_end(found, text, severity, words):
    """Deficits, funds, money held back and overruns that nobody looks at any more are named."""
    (one,) = found("memory-at-the-end", ANNUAL + "[[terms]]\n" + text)
    assert one.severity == severity
    assert words in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        'kind = "profit_share"\nshare = 0.5\n', 'kind = "retention"\nof = "annual_payment"\nrate = 0.1\n',
        'kind = "reserve_fund"\nresult = "income"\npay_in = 0.0\ndraw = 0.5\n', 'kind = "reopener"\nevery = 5\nshare = 0.5\n',
    ],
)  # fmt: skip
def test_nothing_is_carried_past_the_end(found, text):
    """Without a carry, with a retention to the last year, or where nothing is paid, there is nothing to lose."""
    assert not found("memory-at-the-end", ANNUAL + "[[terms]]\n" + text)


def inner(inputs=""):
    """A contract around the neighbourhood's own, whose first year it must share."""
    return ANNUAL + (
        '[[subcontracts]]\nid = "north"\ncontract = "neighbourhood-single"\n'
        f'parties = {{ commissioner = "provider", provider = "operator" }}\ninputs = {{ {inputs} }}\n'
    )


def test_an_inner_contract_without_a_pool(found):
    """Three payments of the holder that hang on nothing that it receives are named; a pool silences it."""
    (one,) = found("pool-not-linked", inner(), first_year="2027/28")
    assert one.clause == "north.by_head"
    assert "The 3 payments of the contract north hang on nothing that provider receives" in one.sentence
    assert "received.provider" in one.remedy
    assert not found("pool-not-linked", inner('holder_gain = "received.provider"'), first_year="2027/28")
    assert not found("pool-not-linked", inner('holder_gain = "annual_payment"'), first_year="2027/28")


def test_clauses_that_come_late(found):
    """A clause from year 4 of 5 on is a note; one from year 2 on, or for a while only, is not."""
    text = ANNUAL + '[[terms]]\nkind = "payment"\nprice = 1e6\nin_force = { from = %s }\n'
    (one,) = found("in-force-late", text % "4")
    assert "comes into force in year 4 of 5: 60% of the term passes without it" in one.sentence
    assert not found("in-force-late", text % "2")
    assert not found("in-force-late", text % "4, to = 4")
