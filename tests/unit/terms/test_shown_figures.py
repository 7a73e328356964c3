"""The figures that clauses show on their way, and the quantities that their fields name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.terms import ONE, STANDARD, TERM_NUMBER, TERMS, PackContext

pytestmark = pytest.mark.unit

QUANTITIES = {quantity.name: quantity.driver for quantity in STANDARD} | {
    ONE: len(L.DRIVERS),
    "other": len(L.DRIVERS) + 1,
}
ROWS = QUANTITIES | {"x": L.RECORD_INDICATOR}
FIRST = len(L.DRIVERS) + 2
MARK = [{"name": "x", "weight": 1.0, "floor": 60.0, "target": 80.0}]
RAIL = {
    "support_from": 0.98, "support_more_from": 0.94, "support_share": 0.5, "support_more_share": 0.8,
    "pay_back_from": 1.02, "pay_back_share": 0.5,
}  # fmt: skip
SAVING = {"max_share": 0.5, "msr": 0.02, "loss_form": "fixed", "loss_rate": 0.3, "gain_cap_benchmark": 0.01}
HALF = {"share_gain": 0.5, "share_loss": 0.4, "dead_band": 0.02, "gain_cap": 0.01}


def settle(name: str, terms: dict[str, Any], *years: dict[str, float]) -> tuple[float, dict[str, float]]:
    """What the clause pays in the last of these years, and what it shows there."""
    kind = TERMS[TERM_NUMBER[name]]
    values = {entry.name: entry.default for entry in kind.fields} | terms
    memory = np.zeros((L.MEMORY_SLOTS, 1))
    d = np.full((FIRST + len(kind.shows) + 1, 1), math.nan)
    for t, year in enumerate(years):
        d[:FIRST], d[FIRST:] = 0.0, math.nan
        d[QUANTITIES[ONE]] = 1.0
        for quantity, value in year.items():
            d[ROWS[quantity]] = value
        row = np.array(kind.row(values, PackContext(t, len(years), {"x": 0}, {}, QUANTITIES)))
        quiet = kind.arm(row, d.copy(), memory.copy(), 0)
        row[L.ROW_SHOW] = FIRST
        amount = kind.arm(row, d, memory, 0)
        assert amount == quiet
        assert math.isnan(d[-1, 0])
    return amount, {shown.name: float(d[FIRST + k, 0]) for k, shown in enumerate(kind.shows)}


@pytest.mark.parametrize(
    ("name", "terms", "years", "figures"),
    [
        (
            "annual_payment",
            {"opening_price": 100.0, "form": "allocation_linked", "list_pass_through": 0.5, "scope_change": 1.0},
            [
                {"funding": 1.0, "need": 1.0},
                {"funding": 1.1, "list": 22.0, "list_at_start": 20.0, "list_audited": 22.0, "need": 1.2},
            ],
            {"price": 111.0, "growth": 0.1, "heads_ratio": 1.1, "need_ratio": 1.2},
        ),
        (
            "improvement_payment",
            {"at_risk": 0.1, "style": "withheld", "levels": 2.0, "indicators": MARK},
            [{"annual_payment": 100.0, "x": 75.0}],
            {"raw_score": 0.75, "earned": 5.0, "forgone": 5.0},
        ),
        (
            "gain_loss_share", HALF,
            [{"acute_expected": 100.0, "acute_actual": 90.0, "annual_payment": 100.0}],
            {"gap": 10.0, "beyond_band": 8.0, "before_caps": 4.0},
        ),
        (
            "gain_loss_share", HALF | {"settlement": "cumulative"},
            [{"acute_expected": 100.0, "acute_actual": 90.0, "annual_payment": 100.0}] * 2,
            {"gap": 20.0, "beyond_band": 16.0, "before_caps": 8.0},
        ),
        (
            "gain_loss_share", HALF, [{"acute_expected": 100.0, "acute_actual": 101.0}],
            {"gap": -1.0, "beyond_band": 0.0, "before_caps": 0.0},
        ),
        (
            "cap_and_collar", RAIL, [{"annual_payment": 100.0, "income": 103.0, "reported_cost": 110.0}],
            {"outturn": 93.0, "support": 2.8, "pay_back": 0.0},
        ),
        (
            "cap_and_collar", RAIL, [{"annual_payment": 100.0, "income": 103.0, "reported_cost": 100.0}],
            {"outturn": 103.0, "support": 0.0, "pay_back": 0.5},
        ),
        ("prevention_floor", {"floor": 0.02}, [{"agreed_budget": 100.0, "prevention_spend": 5.0}], {"required": 2.0}),
        (
            "shared_savings", SAVING, [{"acute_expected": 100.0, "acute_actual": 95.0, "score": 0.8}],
            {"gap": 5.0, "final_share": 0.4, "before_cap": 2.0},
        ),
        (
            "shared_savings", SAVING, [{"acute_expected": 100.0, "acute_actual": 99.0, "score": 0.8}],
            {"gap": 1.0, "final_share": 0.4, "before_cap": 0.0},
        ),
        (
            "shared_savings", SAVING, [{"acute_expected": 100.0, "acute_actual": 110.0, "score": 0.8}],
            {"gap": -10.0, "final_share": 0.4, "before_cap": -3.0},
        ),
        (
            "quality_scaled_share", {"phase": "one", "share": 0.5, "bonus": 0.1},
            [{"acute_expected": 100.0, "acute_actual": 90.0, "score": 0.5}], {"gap": 10.0, "share_applied": 0.5},
        ),
        (
            "quality_scaled_share", {"phase": "two", "low": 0.2, "span": 0.6},
            [{"acute_expected": 100.0, "acute_actual": 110.0, "score": 0.5}], {"gap": -10.0, "share_applied": 0.5},
        ),
        ("profit_cap", {"cap": 0.05}, [{"income": 100.0, "reported_cost": 90.0}], {"profit": 10.0, "kept": 5.0}),
        ("profit_cap", {"cap": 0.05}, [{"income": 90.0, "reported_cost": 100.0}], {"profit": -10.0, "kept": -10.0}),
        ("area_flows", {"outflow": 10.0, "inflow": 5.0}, [{}], {"out_charge": 10.0, "in_payment": 4.0}),
        (
            "surplus_fee", {"layers": [{"from": 0.0, "to": 2.0, "share": 1.0}]},
            [{"income": 90.0, "reported_cost": 100.0}], {"surplus": -10.0},
        ),
        (
            "loss_cap", {"cap": 15.0}, [{"income": 90.0, "reported_cost": 100.0}] * 2,
            {"deficit": 10.0, "used": 15.0, "left": 0.0, "right_to_leave": 1.0},
        ),
        (
            "loss_cap", {"cap": 15.0}, [{"income": 110.0, "reported_cost": 100.0}],
            {"deficit": 0.0, "used": 0.0, "left": 15.0, "right_to_leave": 0.0},
        ),
        ("marginal_rate", {"baseline": 50.0, "rate": 0.7}, [{"acute_actual": 54.0}], {"beyond": 4.0}),
        ("marginal_rate", {"baseline": 50.0, "rate": 0.7}, [{"acute_actual": 48.0}], {"beyond": 0.0}),
        ("vat_leak", {"affected_share": 0.25}, [{"reported_cost": 100.0}], {"affected": 25.0}),
        ("stranded_cost", {"removed": 100.0, "fixed_share": 0.25, "half_life": 1.0}, [{}] * 2, {"stranded": 12.5}),
    ],
)  # fmt: skip
def test_figures_on_the_way(name, terms, years, figures):
    """Each clause shows its sums on every path, writes nothing else, and pays the same whether or not somebody looks."""
    _, shown = settle(name, terms, *years)
    assert shown == pytest.approx(figures)


@pytest.mark.parametrize(("remaining", "right"), [(0.0, 1.0), (0.0049, 1.0), (0.0051, 0.0)])
def test_a_loss_cap_is_used_up_to_half_a_penny(remaining, right):
    """What rounding leaves of the cap does not keep the operator."""
    _, shown = settle("loss_cap", {"cap": 10.0 + remaining}, {"income": 90.0, "reported_cost": 100.0})
    assert shown["right_to_leave"] == right


@pytest.mark.parametrize(
    ("name", "field", "terms", "year", "amount"),
    [
        ("improvement_payment", "payment", {"at_risk": 0.1, "style": "additional", "indicators": MARK}, {"x": 80.0}, 5.0),
        ("gain_loss_share", "expected", HALF, {"acute_actual": 40.0, "annual_payment": 1e4}, 4.5),
        ("gain_loss_share", "actual", HALF, {"acute_expected": 60.0, "annual_payment": 1e4}, 4.4),
        ("gain_loss_share", "payment", HALF, {"acute_expected": 60.0}, 0.5),
        ("gain_loss_share", "score", HALF | {"quality_scaled": 1.0, "gain_cap": 1.0},
         {"acute_expected": 60.0, "acute_actual": 50.0, "annual_payment": 1e4}, 220.0),
        ("cap_and_collar", "base", RAIL, {"income": 97.0, "reported_cost": 100.0}, 1.0),
        ("cap_and_collar", "income", RAIL, {"annual_payment": 100.0, "reported_cost": 53.0}, 0.5),
        ("cap_and_collar", "cost", RAIL, {"annual_payment": 100.0, "income": 47.0}, 0.5),
        ("prevention_floor", "budget", {"floor": 0.1}, {"prevention_spend": 2.0}, -3.0),
        ("prevention_floor", "spend", {"floor": 0.6}, {"agreed_budget": 100.0}, -10.0),
        ("shared_savings", "benchmark", SAVING | {"gain_cap_benchmark": 1.0}, {"acute_actual": 40.0, "score": 1.0}, 5.0),
        ("shared_savings", "spend", SAVING | {"gain_cap_benchmark": 1.0}, {"acute_expected": 60.0, "score": 1.0}, 5.0),
        ("shared_savings", "revenue", SAVING | {"loss_cap_revenue": 0.02},
         {"acute_expected": 100.0, "acute_actual": 110.0}, -1.0),
        ("quality_scaled_share", "budget", {"phase": "one", "share": 0.5}, {"acute_actual": 40.0}, 5.0),
        ("quality_scaled_share", "spend", {"phase": "one", "share": 0.5}, {"acute_expected": 60.0}, 5.0),
        ("profit_cap", "income", {"cap": 0.1}, {"reported_cost": 40.0}, -5.0),
        ("profit_cap", "cost", {"cap": 0.1}, {"income": 60.0}, -4.0),
        ("surplus_fee", "income", {"layers": [{"from": 0.0, "to": 99.0, "share": 0.5}]}, {"reported_cost": 40.0}, 5.0),
        ("loss_cap", "cost", {"cap": 99.0}, {"income": 40.0}, 10.0),
        ("loss_cap", "income", {"cap": 99.0}, {"reported_cost": 60.0}, 10.0),
        ("marginal_rate", "activity", {"baseline": 40.0, "rate": 0.7}, {}, 7.0),
        ("marginal_rate", "expected", {"baseline_from": "expected", "rate": 0.7}, {"acute_actual": 60.0}, 7.0),
        ("vat_leak", "spend", {"affected_share": 0.5}, {}, 5.0),
    ],
)  # fmt: skip
def test_a_clause_reads_the_quantity_that_it_names(name, field, terms, year, amount):
    """Each field of unit "quantity" takes another quantity (here one of 50) instead of the standard one."""
    paid, _ = settle(name, terms | {field: "other"}, year | {"other": 50.0})
    assert paid == pytest.approx(amount)


@pytest.mark.parametrize("kind", TERMS, ids=lambda kind: kind.name)
def test_numbers_of_a_row_stand_where_the_clause_says(kind):
    """A number that a quantity gives is written into the slot that the clause reads: every slot holds its own field."""
    numbers = [entry for entry in kind.fields if entry.is_number]
    values = {entry.name: [] if entry.unit == "rows" else entry.default for entry in kind.fields}
    values |= {entry.name: entry.choices[0] for entry in kind.fields if entry.unit == "choice"}
    values |= {entry.name: ONE for entry in kind.fields if entry.unit == "quantity"}
    values |= {entry.name: "1" for entry in kind.fields if entry.unit == "formula"}
    values |= {entry.name: 1000.0 + k for k, entry in enumerate(numbers)}
    row = kind.row(values, PackContext(0, 1, quantities=QUANTITIES))
    assert [row[kind.slot(entry.name)] for entry in numbers] == [1000.0 + k for k in range(len(numbers))]
