"""Two wordings of one deal pay the same: withheld and additional quality money, deflated and inflated prices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.config.contracts import read_contract
from stresstest.settlement.engine import Given, settle

pytestmark = pytest.mark.law
SHARE = st.floats(0.0, 1.0)
MONEY = st.floats(1.0, 1e9)


def pays(terms: list[dict], columns: dict[str, float], **head: object) -> float:
    """What the provider is left with in one year under these clauses."""
    raw = {
        "schema_version": 1, "title": "x", "price_basis": "cash", "first_year": "2018", "years": 5,
        "inputs": [{"name": name, "unit": "x"} for name in ("price", "reached")], "terms": terms, **head,
    }  # fmt: skip
    contract = read_contract(raw, "x.toml", "x", None, study=False)[0]
    table = {name: np.array([value]) for name, value in columns.items()}
    return float(settle(contract, Given(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), table)).net["provider"][0])


@settings(max_examples=150, deadline=None)
@given(MONEY, SHARE, SHARE)
def test_withheld_and_additional_agree_once_the_price_is_re_based(price: float, at_risk: float, score: float) -> None:
    """A tenth withheld from a price, and a tenth paid on top of nine tenths of it, come to the same at every score."""
    quality = {
        "id": "quality", "kind": "improvement_payment", "at_risk": at_risk, "payment": "price",
        "indicators": [{"name": "goal", "weight": 1.0, "floor": 0.0, "target": 1.0}],
    }  # fmt: skip
    columns = {"price": price, "indicator.goal": score}
    whole = {"id": "pay", "kind": "payment", "price": 1.0, "of": "price"}
    part = {**whole, "price": 1.0 - at_risk}
    withheld = pays([whole, {**quality, "style": "withheld"}], columns)
    additional = pays([part, {**quality, "style": "additional"}], columns)
    assert withheld == pytest.approx(additional, rel=1e-12, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(MONEY, st.lists(st.floats(-0.2, 0.3), min_size=1, max_size=6))
def test_deflating_then_inflating_returns_the_path(price: float, rates: list[float]) -> None:
    """A price by an index, times a figure by the inverse index, is the price of the first year in every year."""
    head = {"indices": {"up": rates, "down": [1.0 / (1.0 + rate) - 1.0 for rate in rates]}}
    raw = {
        "schema_version": 1, "title": "x", "price_basis": "cash", "first_year": "2018", "years": 8, **head,
        "terms": [
            {"id": "real", "kind": "schedule", "value": {"value": 1.0, "index": "down"}},
            {"id": "cash", "kind": "payment", "price": {"value": price, "index": "up"}, "of": "real"},
        ],
    }  # fmt: skip
    contract = read_contract(raw, "x.toml", "x", None, study=False)[0]
    paid = settle(contract, Given(np.zeros(8, dtype=np.int64), np.arange(8), {})).amounts["cash"]
    assert paid == pytest.approx(np.full(8, price), rel=1e-12)
