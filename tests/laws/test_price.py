"""Paying more for the same scope helps the provider: the price is not the cost."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.config.load import load_study

pytestmark = pytest.mark.law


def lives(*changes):
    """Outcomes of 300 futures of an honest provider under changes to the study."""
    from stresstest.analysis.evaluate import simulate
    from stresstest.strategy import Strategy

    study = load_study("dudley", changes)
    return simulate(study.kernel_inputs(study.scenarios[0], (Strategy("honest", {"effort": 0.5}),)), 1, 300)[0]


def test_a_higher_price_ends_no_contract_earlier():
    """A tenth more money for the same care: no contract ends by losses earlier, most providers keep more."""
    before, after = lives(), lives("contract.annual_payment.opening_price=403333333")
    last = [np.where(out[L.OUT["exit_year_index"]] < 0, 99, out[L.OUT["exit_year_index"]]) for out in (before, after)]
    assert np.all(last[1] >= last[0])
    surplus = L.OUT["provider_surplus_npv_gbp"]
    assert np.mean(after[surplus] > before[surplus]) > 0.9
    ended = L.OUT["exit_cause_code"]
    assert np.count_nonzero(after[ended] >= 2) < np.count_nonzero(before[ended] >= 2)


def test_a_smaller_scope_at_the_same_price_costs_less():
    """Care that leaves the scope takes its cost with it."""
    study = load_study("dudley")
    smaller = [f'{{line="{k}", base_gbp={v:.0f}}}' for k, v in study.contract.scope.items() if k != "adult social care"]
    before, after = lives(), lives(f"contract.scope=[{', '.join(smaller)}]")
    surplus = L.OUT["provider_surplus_npv_gbp"]
    assert np.mean(after[surplus] > before[surplus]) > 0.9


def test_more_hold_up_never_costs_the_provider():
    """Winning back more of a gap leaves no provider with less, and ends no contract earlier."""
    before, after = lives("place.opening.hold_up=0.0"), lives("place.opening.hold_up=0.6")
    last = [np.where(out[L.OUT["exit_year_index"]] < 0, 99, out[L.OUT["exit_year_index"]]) for out in (before, after)]
    assert np.all(last[1] >= last[0])
    lived = last[0] == last[1]
    surplus = L.OUT["provider_surplus_npv_gbp"]
    assert np.all(after[surplus][lived] >= before[surplus][lived] - 1e-3)
    assert np.mean(after[surplus] > before[surplus]) > 0.3


def test_more_bidders_bid_lower():
    """Among five bidders the winner has misjudged cost more than a single one, and wins back less: it earns less on average."""
    one, five = (
        lives(f"place.opening.bidders={n}", "place.opening.bid_spread=0.05", "place.opening.hold_up=0.3") for n in (1, 5)
    )
    surplus = L.OUT["provider_surplus_npv_gbp"]
    assert np.mean(five[surplus]) < np.mean(one[surplus])
