"""Holes between tiers, and clauses that share the same part of one thing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

CORRIDOR = """
[[terms]]
id = "corridor"
kind = "corridor"
payer = "commissioner"
payee = "provider"
bands = [
  {{ side = "loss", from = 0.03, to = 0.08, share = 0.5 }},
  {{ side = "loss", from = {start}, to = 0.20, share = 0.8 }},
]
"""
INPUTS = """
[[inputs]]
name = "losses"
unit = "GBP"
[[inputs]]
name = "income_of_year"
unit = "GBP"
"""
LAYERS = """
[[terms]]
id = "{name}"
kind = "layered_share"
payer = "{payer}"
payee = "provider"
of = "losses"
layers = [{{ attachment = {start}, limit = {limit}, share = {share} }}]
"""


def two_layers(**second):
    """A layer of 5m above 1m, and a second clause."""
    given = {"name": "second", "payer": "operator", "start": "6e6", "limit": "5e6", "share": 0.6, **second}
    return (
        INPUTS
        + LAYERS.format(name="first", payer="operator", start="1e6", limit="5e6", share=0.7)
        + LAYERS.format(**given)
    )


def test_a_hole_between_bands(found):
    """Bands that end at 8% and begin again at 10% leave a hole, which is named with both shares."""
    (one,) = found("tier-gap", CORRIDOR.format(start=0.10))
    assert (one.clause, one.field, one.severity) == ("corridor", "bands", "warning")
    assert "between 8% of acute_expected and 10% of acute_expected" in one.sentence
    assert "50% below and 80% above" in one.sentence
    assert not found("tier-gap", CORRIDOR.format(start=0.08))


def test_a_hole_between_layers_in_money(found):
    """Layers of 5m above 1m and 5m above 7m leave out the seventh million."""
    layers = "[{ attachment = 1e6, limit = 5e6, share = 0.7 }, { attachment = %s, limit = 5e6, share = 0.7 }]"
    text = INPUTS + '[[terms]]\nid = "cover"\nkind = "layered_share"\npayer = "operator"\nof = "losses"\nlayers = '
    (one,) = found("tier-gap", text + layers % "7e6")
    assert "of losses between £6.00m and £7.00m" in one.sentence
    assert not found("tier-gap", text + layers % "6e6")


def test_a_hole_in_a_fee_out_of_the_surplus(found):
    """A fee that stops at £2m and goes on at £4m pays nothing between them."""
    fee = (
        '[[terms]]\nkind = "surplus_fee"\n'
        "layers = [{ from = 0, to = 2e6, share = 1.0 }, { from = %s, to = 6e6, share = 0.25 }]"
    )
    (one,) = found("tier-gap", fee % "4e6")
    assert "from £2.00m to £4.00m" in one.sentence
    assert not found("tier-gap", fee % "2e6")


def test_two_layers_that_meet_twice(found):
    """Layers of two clauses between the same parties that overlap add to 130% of a pound: a fault."""
    (one,) = found("tier-overlap", two_layers(start="4e6"))
    assert (one.clause, one.field, one.severity) == ("second", "layers", "fault")
    assert "from £4.00m to £6.00m: 70% and 60% add to 130%" in one.sentence


def test_layers_that_only_touch_do_not_overlap(found):
    """One begins where the other ends, or another party bears it: nothing is found."""
    assert not found("tier-overlap", two_layers())
    assert not found("tier-overlap", two_layers(start="4e6", payer="taxpayer"))


def test_two_shares_of_one_gap(found):
    """A corridor and a gain/loss share on the same gap between the same parties count a loss beyond 3% twice."""
    share = (
        '[[terms]]\nkind = "gain_loss_share"\nshare_gain = 0.3\nshare_loss = 0.3\ndead_band = 0.01\nloss_cap = 0.01\n'
    )
    (one,) = found("tier-overlap", CORRIDOR.format(start=0.08) + share)
    assert (one.clause, one.severity) == ("gain_loss_share", "warning")
    assert "from 3% of acute_expected to 8% of acute_expected: 50% and 30% add to 80%" in one.sentence
    assert not found("tier-overlap", CORRIDOR.format(start=0.08) + share + 'expected = "agreed_budget"\n')


def test_clauses_in_force_one_after_the_other_share_nothing_twice(found):
    """Two layers over one range, the second from year 3 on and the first until year 2, do not overlap."""
    first, second = two_layers(start="4e6").split('id = "second"')
    text = (
        first.replace("of = ", "in_force = { from = 1, to = 2 }\nof = ")
        + 'id = "second"\nin_force = { from = 3, to = 5 }'
        + second
    )
    assert not found("tier-overlap", text)
