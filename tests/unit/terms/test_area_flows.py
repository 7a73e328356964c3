"""Flows over the area's border."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.area_flows import net_flow

flows = st.floats(0, 1e9)


@pytest.mark.unit
def test_default_prices_charge_leavers_more_than_joiners_bring(pay):
    """Equal flows in both directions cost the provider a fifth of the flow."""
    assert pay("area_flows", {"outflow": 10.0, "inflow": 10.0}, {}) == pytest.approx([-2.0])


@pytest.mark.unit
def test_no_flow_moves_no_money(pay):
    """Without flows nothing is paid in either direction."""
    assert pay("area_flows", {"outflow": 0.0, "inflow": 0.0}, {}) == [0.0]


@pytest.mark.law
@given(flows, flows, flows)
def test_more_leavers_never_bring_more(outflow, inflow, more):
    """The amount falls with leavers and rises with joiners."""
    base = net_flow(outflow, inflow, 1.0, 0.8)
    assert net_flow(outflow + more, inflow, 1.0, 0.8) <= base
    assert net_flow(outflow, inflow + more, 1.0, 0.8) >= base
