"""The fee out of the surplus, layer by layer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.surplus_fee import KIND, layer_share

LAYERS = [
    {"from": 0.0, "to": 2e6, "share": 1.0},
    {"from": 2e6, "to": 6e6, "share": 0.25},
    {"from": 6e6, "to": 1e7, "share": 1 / 3},
]


@pytest.mark.unit
@pytest.mark.parametrize(("surplus", "share"), [(2, 0), (3, 0.25), (6, 1), (7, 1), (-1, 0)])
def test_one_layer_at_its_edges(surplus, share):
    """A layer pays from its start to its end and no further."""
    assert layer_share(float(surplus), 2.0, 6.0, 0.25) == pytest.approx(share)


@pytest.mark.unit
def test_operator_is_paid_by_the_hospital():
    """The fee is no payment of the commissioner."""
    assert (KIND.payer, KIND.payee) == ("hospital", "operator")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("layers", "word"),
    [([(0, 2), (1, 3)], "overlap"), ([(2, 2)], "not above"), ([(k, k + 1) for k in range(11)], "at most 10")],
)
def test_bad_layers_are_reported(layers, word):
    """Layers that overlap, are empty or are too many are named."""
    found = KIND.check({"layers": [{"from": a, "to": b, "share": 0.5} for a, b in layers]})
    assert any(word in sentence for _, sentence in found)


@pytest.mark.law
@given(surplus=st.floats(-1e8, 1e8), more=st.floats(0, 1e7))
def test_fee_is_monotone_and_never_more_than_the_surplus(pay, surplus, more):
    """A larger surplus never earns less, and the hospital keeps what is not earned."""
    years = ({"income": 2e8 + s, "cost": 2e8} for s in (surplus, surplus + more))
    low, high = pay("surplus_fee", {"layers": LAYERS}, *years)
    assert high >= low - 1e-6
    assert 0.0 <= low <= max(0.0, surplus) + 1e-6
