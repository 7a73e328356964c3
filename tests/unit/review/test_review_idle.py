"""Clauses that pay nothing, and inputs, figures and parties without a part."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

IMPROVEMENT = (
    '[[terms]]\nkind = "annual_payment"\nopening_price = 1e8\nform = "fixed"\n[[terms]]\nkind = "improvement_payment"\n'
    'at_risk = 0.0\nstyle = "withheld"\nindicators = [{ name = "a", weight = 1.0, floor = 0, target = 1 }]\n'
)
BAND = '[[terms]]\nkind = "corridor"\nbands = [{ side = "loss", from = 0.01, share = %s }]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[terms]]\nkind = "prevention_floor"\nfloor = 0.0\n'
         '', "prevention_floor (prevention floor) can pay nothing in any year: floor is 0"),
        ('[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.0\nshare_loss = 0.0\n', "its shares or caps are 0"),
        ('[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.5\nshare_loss = 0.5\ngain_cap = 0.0\n'
         'loss_cap_money = 0.0\n', "its shares or caps are 0"),
        ('[[terms]]\nkind = "shared_savings"\nmax_share = 0.0\nloss_form = "fixed"\n', "its shares are 0"),
        ('[[terms]]\nkind = "quality_scaled_share"\nphase = "one"\n', "share and bonus are 0"),
        ('[[terms]]\nkind = "reopener"\nevery = 5\nshare = 0.5\n', "every 5 years, and the contract runs for 5"),
        (BAND % 0.0, "every share is 0"),
        (IMPROVEMENT, "at_risk is 0"),
        ('[[terms]]\nid = "bond"\nkind = "guarantee"\ncall = "reported_cost"\nlimit = 0\n'
         '', "bond (bond or guarantee) can pay nothing in any year: limit is 0"),
        ('[[terms]]\nkind = "guarantee"\ncall = "reported_cost"\nlimit = 0\nnote = "Left blank."\n', "limit is 0"),
        ('[[terms]]\nkind = "loss_cap"\ncap = 0\nnote = "Left blank."\n', "cap is 0"),
    ],
)  # fmt: skip
def test_clauses_that_pay_nothing(found, text, words):
    """Each is a note that says which number is 0."""
    (one,) = found("zero-share", text)
    assert one.severity == "note"
    assert words in one.sentence


@pytest.mark.parametrize(
    "text",
    [
        '[[terms]]\nkind = "prevention_floor"\nfloor = [0.0, 0.01]\n',
        '[[terms]]\nkind = "prevention_floor"\nfloor = 0.0\nnote = "Left blank, for a variant."\n',
        '[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.0\nshare_loss = 0.5\n',
        '[[terms]]\nkind = "shared_savings"\nmax_share = 0.0\nloss_form = "one_minus_final"\n',
        '[[terms]]\nkind = "reopener"\nevery = 4\nshare = 0.5\n',
        BAND % 0.5,
        IMPROVEMENT + '[[terms]]\nkind = "payment"\nprice = 1e6\nof = "score"\n',
    ],
)  # fmt: skip
def test_clauses_that_can_pay(found, text):
    """A number that rises later, one side that is shared, a score that another clause reads, or a note: silent."""
    assert not found("zero-share", text)


def test_inputs_that_nobody_reads(found):
    """An input without a reader is a note, whether or not a default stands in for it: it may come by `extends`."""
    text = '[[inputs]]\nname = "spare"\nunit = "GBP"\n%s[[terms]]\nkind = "payment"\nprice = 1e6\n%s'
    (one,) = found("never-read", text % ("", ""))
    assert (one.clause, one.field, one.severity) == ("", "inputs.spare", "note")
    assert "spare (GBP)" in one.sentence
    assert found("never-read", text % ("default = 0.0\n", ""))[0].severity == "note"
    assert not found("never-read", text % ("", 'of = "spare"\n'))


def test_figures_that_steer_nothing(found):
    """A gate that nothing reads is a warning, a formula a note, and one with a note or a reader is left alone."""
    gate = '[[terms]]\nid = "good"\nkind = "gate"\nof = "score"\nat = 0.8\n'
    pay = '[[terms]]\nkind = "payment"\nprice = 1e6\n'
    (one,) = found("never-read", gate + pay)
    assert (one.clause, one.severity) == ("good", "warning")
    assert not found("never-read", gate + pay + 'scaled_by = "good"\n')
    formula = '[[terms]]\nid = "rest"\nkind = "formula"\nvalue = "agreed_budget - reported_cost"\n'
    assert found("never-read", formula + pay)[0].severity == "note"
    assert not found("never-read", formula + 'note = "For the board."\n' + pay)


def test_parties_without_a_part(found):
    """A party that no clause names is a note."""
    text = '[[parties]]\nname = "partner"\ntitle = "Partner"\n[[terms]]\nkind = "payment"\nprice = 1e6\n%s'
    (one,) = found("party-unused", text % "")
    assert (one.field, one.sentence) == (
        "parties.partner",
        "Partner (partner) is a party, and no clause pays it or charges it.",
    )
    assert not found("party-unused", text % 'payee = "partner"\n')
