"""Laws of single clauses, for any agreed numbers and any year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.terms import ONE, STANDARD, TERM_NUMBER, TERMS, PackContext
from stresstest.terms.improvement_payment import improvement_amount

pytestmark = pytest.mark.law

shares = st.floats(0.0, 1.0)
E, P = 1e8, 3e8
QUANTITIES = {quantity.name: quantity.driver for quantity in STANDARD} | {ONE: len(L.DRIVERS)}
COLLAR = (
    "support_from", "support_more_from", "support_share", "support_more_share", "pay_back_from", "pay_back_share",
)  # fmt: skip
SHARES = {
    "gain_loss_share": st.fixed_dictionaries({
        "share_gain": shares, "share_loss": shares, "dead_band": st.floats(0, 0.2), "gain_cap": st.floats(0, 0.1),
        "band": st.sampled_from(["net", "first_pound"]), "quality_scaled": st.sampled_from([0.0, 1.0]),
        "loss_cap": st.floats(0, 0.1), "settlement": st.sampled_from(["annual", "cumulative"]),
        "gain_cap_money": st.floats(0, 2e7), "loss_cap_money": st.floats(0, 2e7),
    }),
    "shared_savings": st.fixed_dictionaries({
        "max_share": shares, "msr": st.floats(0, 0.1), "mlr": st.floats(0, 0.1), "quality_gate": shares,
        "haircut": shares, "loss_form": st.sampled_from(["none", "fixed", "one_minus_final"]), "loss_rate": shares,
        "gain_cap_benchmark": st.floats(0, 0.3), "loss_cap_benchmark": st.floats(0, 0.3),
        "haircut_order": st.sampled_from(["before_cap", "after_cap"]), "below_msr_factor": shares, "relief": shares,
        "loss_cap_revenue": st.floats(0, 0.3),
    }),
    "quality_scaled_share": st.fixed_dictionaries({
        "phase": st.sampled_from(["one", "two"]), "share": shares, "bonus": st.floats(0, 0.1),
        "low": st.floats(0, 0.5), "span": st.floats(0, 0.5),
    }),
    "cap_and_collar": st.tuples(
        st.floats(0.5, 1.0), st.floats(0.0, 0.5), shares, shares, st.floats(1.0, 2.0), shares
    ).map(lambda values: dict(zip(COLLAR, values, strict=True))),
}  # fmt: skip


def phases(kind):
    """The clause's own words for its phases, where it has them."""
    field = next((f for f in kind.fields if f.name == "phase"), None)
    return field.choices if field else ()


def filled(fields, values):
    """These values, and the defaults of the rest, in rows as well."""
    held = {f.name: f.default for f in fields} | values
    return held | {f.name: [filled(f.columns, row) for row in held[f.name]] for f in fields if f.unit == "rows"}


def row_of(kind, values, year=0, years=1, indicators=None):
    """The clause's row for a year: these values, and for the rest the clause's own defaults."""
    held = filled(kind.fields, values)
    return np.array(kind.row(held, PackContext(year, years, indicators or {}, quantities=QUANTITIES)))


def blank(**record):
    """d[drivers and the quantity that is always 1, 1] with these drivers set, and 0 elsewhere."""
    d = np.zeros((len(L.DRIVERS) + 1, 1))
    d[QUANTITIES[ONE]] = 1.0
    for key, value in record.items():
        d[L.DRIVERS.index(key)] = value
    return d


def amount(name, values, record, years=1, memory=None):
    """What a clause pays on one year's record."""
    kind = TERMS[TERM_NUMBER[name]]
    if "phase" in values:
        values = values | {"phase": phases(kind)[0 if values["phase"] == "one" else 1]}
    row = row_of(kind, values, years=years)
    return kind.arm(row, blank(**record), np.zeros((L.MEMORY_SLOTS, 1)) if memory is None else memory, 0)


@pytest.mark.parametrize("name", ["gain_loss_share", "shared_savings", "quality_scaled_share"])
@given(data=st.data(), actual=st.floats(0, 2 * E), more=st.floats(0, E), score=shares)
def test_more_spending_never_brings_more(name, data, actual, more, score):
    """The higher the acute spend that is recorded, the less the provider receives, whatever was agreed."""
    values = data.draw(SHARES[name])
    record = {"record_acute_expected": E, "paid_annual": P, "paid_score": score}
    low = amount(name, values, record | {"record_acute": actual})
    assert amount(name, values, record | {"record_acute": actual + more}) <= low + 1e-6


@pytest.mark.parametrize("name", ["gain_loss_share", "shared_savings", "quality_scaled_share"])
@given(data=st.data(), actual=st.floats(0, 2 * E), score=shares, better=shares)
def test_better_quality_never_pays_less_on_a_gain(name, data, actual, score, better):
    """With the same spend below the expected, a better score never lowers the provider's share."""
    assume(actual <= E)
    values, (low, high) = data.draw(SHARES[name]), sorted((score, better))
    record = {"record_acute_expected": E, "paid_annual": P, "record_acute": actual}
    worse = amount(name, values, record | {"paid_score": low})
    assert amount(name, values, record | {"paid_score": high}) >= worse - 1e-6


@pytest.mark.parametrize("name", ["gain_loss_share", "shared_savings", "quality_scaled_share"])
@given(data=st.data(), actual=st.floats(0, 2 * E), score=shares)
def test_nobody_receives_more_than_was_saved(name, data, actual, score):
    """A share pays no more than the saving (a bonus aside), and takes no more than the excess."""
    values = data.draw(SHARES[name])
    gap, bonus = E - actual, values.get("bonus", 0.0) * E
    paid = amount(
        name, values, {"record_acute_expected": E, "paid_annual": P, "record_acute": actual, "paid_score": score}
    )
    assert paid <= max(gap, 0.0) + bonus + 1e-6
    assert paid >= min(gap, 0.0) - 1e-6


@given(data=st.data(), cost=st.floats(0, 2 * P), more=st.floats(0, P))
def test_support_never_rewards_a_pound_of_cost_with_more_than_a_pound(data, cost, more):
    """Under cap and collar each further pound of cost brings between nothing and a pound of support."""
    values = data.draw(SHARES["cap_and_collar"])
    record = {"paid_annual": P, "paid_income": P}
    before, after = (amount("cap_and_collar", values, record | {"record_cost": c}) for c in (cost, cost + more))
    assert -1e-5 <= after - before <= more + 1e-5


def indicators():
    """Floor and target of a rising or a falling indicator, and three reports."""
    return st.tuples(st.floats(10, 100), st.floats(0.05, 0.5), st.booleans())


@given(
    one=indicators(),
    step=shares,
    risk=shares,
    style=st.sampled_from(["withheld", "additional"]),
    gate=shares,
    levels=st.sampled_from([0.0, 1.0, 4.0, 10.0]),
    x=st.floats(0, 200),
    nearer=st.floats(0, 100),
)
def test_improvement_pay_never_falls_with_quality(one, step, risk, style, gate, levels, x, nearer):
    """A report nearer to the target, or further beyond it, never pays less; and the payment keeps within the pot."""
    floor, width, falling = one
    target = floor * (1.0 - width) if falling else floor * (1.0 + width)
    entry = {"name": "x", "weight": 1.0, "floor": floor, "target": target}
    values = {"at_risk": risk, "style": style, "step_share": step, "indicators": [entry]}
    values |= {"score_gate": gate, "levels": levels}
    kind, paid = TERMS[TERM_NUMBER["improvement_payment"]], []
    for report in (x, x - nearer if falling else x + nearer):
        d = blank(paid_annual=P, record_indicator_0=report)
        paid.append(kind.arm(row_of(kind, values, indicators={"x": 0}), d, np.zeros((L.MEMORY_SLOTS, 1)), 0))
    assert paid[1] >= paid[0] - 1e-6
    low, high = (-risk * P, 0.0) if style == "withheld" else (0.0, risk * P)
    assert all(low - 1e-6 <= amount <= high + 1e-6 for amount in paid)


@given(payment=st.floats(1e6, 1e9), risk=st.floats(0.0, 0.9), score=shares)
def test_withheld_is_additional_on_a_smaller_payment(payment, risk, score):
    """Withholding κ of P is the same as a payment of (1 − κ)P with κ/(1 − κ) of it additional, at every score."""
    withheld = payment + improvement_amount(score, payment, risk, 0.0)
    smaller = (1.0 - risk) * payment
    assert withheld == pytest.approx(smaller + improvement_amount(score, smaller, risk / (1.0 - risk), 1.0), rel=1e-12)


@given(
    start=st.floats(1e5, 1e7),
    growth=st.lists(st.floats(-0.02, 0.05), min_size=2, max_size=6),
    low=st.floats(-0.05, 0.0),
    high=st.floats(0.0, 0.05),
)
def test_growth_keeps_between_floor_and_ceiling(start, growth, low, high):
    """However the allocation moves, the annual payment grows no less than its floor and no more than its ceiling."""
    kind = TERMS[TERM_NUMBER["annual_payment"]]
    values = {"opening_price": start, "form": "allocation_linked", "growth_floor": low, "growth_ceiling": high}
    d, memory, paid, level = blank(), np.zeros((L.MEMORY_SLOTS, 1)), [], 1.0
    d[[L.RECORD_LIST, L.RECORD_LIST_BASE, L.AUDIT_LIST, L.RECORD_NEED, L.AUDIT_NEED]] = 1.0
    for t, g in enumerate([0.0, *growth]):
        level *= 1.0 + g
        d[L.RECORD_FUNDING] = level
        paid.append(kind.arm(row_of(kind, values, t, 10), d, memory, 0))
    steps = np.diff(paid) / np.array(paid[:-1])
    assert paid[0] == start
    np.testing.assert_allclose(steps, np.clip(growth, low, high), atol=1e-12)


@given(start=st.floats(1e5, 1e9), rates=st.lists(st.floats(-0.05, 0.1), min_size=1, max_size=15))
def test_deflating_undoes_inflating(start, rates):
    """An amount carried forward by yearly rates and back again is itself, and one steady rate does the same."""
    from stresstest.units import yearly_rate

    level = float(np.prod(1.0 + np.array(rates)))
    assert start * level / level == pytest.approx(start, rel=1e-14)
    steady = yearly_rate(level, len(rates))
    assert start * (1.0 + steady) ** len(rates) == pytest.approx(start * level, rel=1e-12)


@given(deficits=st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=15), cap=st.floats(0, 3e7))
def test_a_loss_cap_bears_no_more_than_itself(deficits, cap):
    """Over all years the operator pays the smaller of its cap and the sum of the deficits, and never for a surplus."""
    kind = TERMS[TERM_NUMBER["loss_cap"]]
    memory, paid = np.zeros((L.MEMORY_SLOTS, 1)), []
    for deficit in deficits:
        d = blank(record_cost=1e8 + deficit, paid_income=1e8)
        paid.append(kind.arm(row_of(kind, {"cap": cap}, years=15), d, memory, 0))
    owed = sum(max(0.0, (1e8 + deficit) - 1e8) for deficit in deficits)
    assert sum(paid) == pytest.approx(min(cap, owed), abs=1e-3)
    assert all(p >= 0.0 for p in paid)
