"""Laws of caps, which bind over a year and over the term, and of clauses in which more brings more."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from drawn_contracts import cases, contract_of, everything, seeds, shares, sums
from hypothesis import assume, given
from hypothesis import strategies as st

from stresstest.settlement.engine import Given, settle

pytestmark = pytest.mark.law


# ── caps bind ───────────────────────────────────────────────────────────────────────────────────────────────────────


def running_sum(table: Given, values: np.ndarray, years: int) -> np.ndarray:
    """float64[cases, years]: the sum so far in each case."""
    return np.cumsum(values.reshape(-1, years), axis=1)


def yearly(rng: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """Sums of money by row, some of them 0."""
    return np.where(rng.random(count) < 0.1, 0.0, rng.uniform(low, high, count))


cap_values = st.fixed_dictionaries({
    "gain_cap": st.floats(0, 0.2), "loss_cap": st.floats(0, 0.2), "gain_cap_money": st.floats(0, 2e5),
    "loss_cap_money": st.floats(0, 2e5), "share_gain": shares, "share_loss": shares, "dead_band": st.floats(0, 0.1),
    "band": st.sampled_from(["net", "first_pound"]),
})  # fmt: skip


@pytest.mark.parametrize("settlement", ["annual", "cumulative"])
@given(seed=seeds, values=cap_values)
def test_caps_of_gain_and_loss_bind(settlement, seed, values):
    """Neither year by year nor on the running total does the provider receive or bear more than its caps."""
    rng, years = np.random.default_rng(seed), 4
    table = cases({key: yearly(rng, 0, 1e6, 20 * years) for key in ("e", "a", "p")}, years)
    entry = {
        "kind": "gain_loss_share",
        "expected": "e",
        "actual": "a",
        "payment": "p",
        "settlement": settlement,
        **values,
    }
    paid = settle(contract_of([entry], ("e", "a", "p"), years), table).amounts["gain_loss_share"]
    base = table.columns["p"].reshape(-1, years)
    total = paid.reshape(-1, years)
    if settlement == "cumulative":
        base, total = np.cumsum(base, axis=1), np.cumsum(total, axis=1)
    assert np.all(total <= np.minimum(values["gain_cap"] * base, values["gain_cap_money"]) + 1e-6)
    assert np.all(total >= -np.minimum(values["loss_cap"] * base, values["loss_cap_money"]) - 1e-6)


@pytest.mark.parametrize("settlement", ["annual", "cumulative"])
@given(seed=seeds, edges=st.tuples(st.floats(-1, 1), st.floats(-1, 1)), other=st.floats(0, 1))
def test_an_overall_limit_binds(settlement, seed, edges, other):
    """What several clauses come to with their limit lies between floor and cap, by year or on the running total."""
    (least, most), rng, years = sorted(edges), np.random.default_rng(seed), 5
    names = ("x", "y", "b", "o")
    table = cases({key: yearly(rng, -1e6 if key in "xy" else 0, 1e6, 12 * years) for key in names}, years)
    terms = [
        {"id": "one_pay", "kind": "payment", "price": 1.0, "of": "x"},
        {"id": "two_pay", "kind": "payment", "price": 0.5, "of": "y"},
        {"id": "limit", "kind": "overall_limit", "most": most, "least": least, "base": "b", "most_other": other,
         "other_base": "o", "settlement": settlement, "of": [{"clause": "one_pay"}, {"clause": "two_pay"}]},
    ]  # fmt: skip
    got = settle(contract_of(terms, names, years), table)
    total = sum(got.amounts.values()).reshape(-1, years)
    base, second = (table.columns[key].reshape(-1, years) for key in ("b", "o"))
    if settlement == "cumulative":
        total, base, second = (np.cumsum(values, axis=1) for values in (total, base, second))
    cap = np.minimum(most * base, other * second)
    assert np.all(total <= cap + 1e-6)
    assert np.all(total >= np.minimum(least * base, cap) - 1e-6)
    np.testing.assert_allclose(got.figures["limit.allowed"], sum(got.amounts.values()), atol=1e-6)


@given(seed=seeds, cap=st.floats(0, 3e6))
def test_sums_for_the_whole_term_bind(seed, cap):
    """A loss cap, a guarantee, an aggregate limit and reinstatements never come to more than they hold over the term."""
    rng, years = np.random.default_rng(seed), 6
    table = cases({key: yearly(rng, -1e6, 1e6, 12 * years) for key in ("x", "y")}, years)
    layer = {"attachment": 1e5, "limit": 5e5}
    terms = [
        {"id": "loss", "kind": "loss_cap", "cap": cap, "cost": "x", "income": "y"},
        {"id": "bond", "kind": "guarantee", "limit": cap, "call": "x", "trigger": "y"},
        {"id": "cover", "kind": "layered_share", "of": "x", "aggregate_limit": cap, "layers": [layer]},
        {"id": "again", "kind": "reinstatement", "premium": "one", "recovered": "cover", "limit": 5e5, "reinstatements": 2},
    ]  # fmt: skip
    got = settle(contract_of(terms, ("x", "y"), years), table)
    for name in ("loss", "bond", "cover"):
        assert np.all(got.amounts[name] >= 0.0)
        assert np.all(running_sum(table, got.amounts[name], years) <= cap * (1.0 + 1e-12))
    assert np.all(running_sum(table, got.amounts["again"], years) <= 2.0 + 1e-12)
    np.testing.assert_allclose(got.figures["cover.aggregate_left"], cap - running_sum(table, got.amounts["cover"], years).ravel(),
                               atol=1e-6)  # fmt: skip
    x = table.columns["x"].reshape(-1, years)
    in_layer = np.cumsum(np.clip(x - 1e5, 0.0, 5e5), axis=1)
    np.testing.assert_allclose(running_sum(table, got.amounts["cover"], years), np.minimum(in_layer, cap), atol=1e-6)


@given(seed=seeds, most=st.floats(0, 1), share=shares, gate=shares)
def test_yearly_caps_bind(seed, most, share, gate):
    """Deductions, profit shares, re-openings, swing premiums and shared savings keep within the caps of the year."""
    rng, years = np.random.default_rng(seed), 5
    low = {"x": -1e6, "y": 0.0, "q": 0.0, "points": 0.0}
    high = {"x": 1e6, "y": 1e6, "q": 1.0, "points": 80.0}
    table = cases({key: rng.uniform(low[key], high[key], 12 * years) for key in low}, years)
    terms = [
        {"id": "points_paid", "kind": "deductions", "points": "points", "price": 1e4, "step": 20, "step_factor": 3,
         "repeat_factor": 2, "base": "y", "most": most},
        {"id": "profit", "kind": "profit_share", "income": "y", "cost": "x", "share": share, "cap": most, "carry_years": 2},
        {"id": "opened", "kind": "reopener", "actual": "x", "agreed": "y", "every": 1, "share": share, "most": most},
        {"id": "swing", "kind": "swing_premium", "losses": "x", "subject": "y", "load": 1.2, "minimum": most / 2,
         "maximum": most},
        {"id": "saving", "kind": "shared_savings", "benchmark": "y", "spend": "x", "quality": "q", "revenue": "y",
         "max_share": share, "quality_gate": gate, "loss_form": "one_minus_final", "gain_cap_benchmark": most,
         "loss_cap_benchmark": most, "loss_cap_revenue": most / 2},
    ]  # fmt: skip
    got, y = settle(contract_of(terms, tuple(low), years), table).amounts, table.columns["y"]
    room = most * y * (1.0 + 1e-12)
    assert np.all((got["points_paid"] >= 0.0) & (got["points_paid"] <= room))
    assert np.all((got["profit"] >= 0.0) & (got["profit"] <= room))
    assert np.all((got["swing"] >= most / 2 * y * (1.0 - 1e-12)) & (got["swing"] <= room))
    assert np.all((got["saving"] <= room) & (got["saving"] >= -room / 2))
    assert np.all(np.abs(got["opened"]) <= room)


@given(seed=seeds, rate=shares, back=shares, target=st.floats(0, 2e6))
def test_what_is_held_or_called_back_was_there(seed, rate, back, target):
    """Nobody calls back more than was received, releases more than was held, or draws more than a fund has."""
    rng, years = np.random.default_rng(seed), 6
    table = cases({key: yearly(rng, -1e6, 1e6, 12 * years) for key in ("x", "y")}, years)
    terms = [
        {"id": "back", "kind": "claw_back", "of": "x", "trigger": "y", "share": back, "look_back": 3},
        {"id": "held", "kind": "retention", "of": "x", "rate": rate, "after_years": 2},
        {"id": "fund", "kind": "reserve_fund", "result": "x", "pay_in": rate, "draw": back, "target": target},
    ]
    got = settle(contract_of(terms, ("x", "y"), years), table)
    received = np.cumsum(np.maximum(table.columns["x"], 0.0).reshape(-1, years), axis=1)
    assert np.all(-running_sum(table, got.amounts["back"], years) <= received + 1e-6)
    held = running_sum(table, got.amounts["held"], years)
    assert np.all(held <= 1e-6)
    np.testing.assert_allclose(held[:, -1], 0.0, atol=1e-6)
    balance = got.figures["fund.balance"].reshape(-1, years)
    assert np.all((balance >= 0.0) & (balance <= target + 1e-6))
    np.testing.assert_allclose(balance, running_sum(table, got.amounts["fund"], years), atol=1e-6)


# ── more brings more ────────────────────────────────────────────────────────────────────────────────────────────────


def paid_on_a_grid(entry: dict[str, Any], of: str, grid: np.ndarray, **others: float) -> np.ndarray:
    """What one clause pays, year by year alone, as one quantity rises over a grid."""
    names = (of, *others)
    contract = contract_of([{"id": "it", **entry}], names)
    columns = {of: grid, **{name: np.full(grid.size, value) for name, value in others.items()}}
    return everything(settle(contract, cases(columns)))["it"]


def rises(values: np.ndarray, by_at_most: np.ndarray | None = None) -> None:
    """Values never fall, and where it is said never rise faster than something else."""
    step = 1e-9 * max(1.0, float(np.max(np.abs(values))))
    assert np.all(np.diff(values) >= -step)
    if by_at_most is not None:
        assert np.all(np.diff(values) <= np.diff(by_at_most) + step)


grids = st.lists(st.floats(-1e6, 3e6), min_size=2, max_size=40).map(lambda values: np.array(sorted(values)))


@st.composite
def layer_rows(draw: Any) -> list[dict[str, float]]:
    """Layers one above the other, with and without gaps; the last may have no end."""
    edges = sorted(draw(st.lists(st.floats(0, 1e6), min_size=2, max_size=8, unique=True)))
    rows = [{"attachment": low, "limit": high - low, "share": draw(shares)} for low, high in list(pairwise(edges))[::2]]
    if draw(st.booleans()):
        rows.append({"attachment": edges[-1], "share": draw(shares)})
    return [row for row in rows if row.get("limit", 1.0) > 0.0]


@given(grid=grids, layers=layer_rows(), deductible=sums, limit=sums, share=shares)
def test_larger_losses_bring_no_smaller_recoveries(grid, layers, deductible, limit, share):
    """A share of layers rises with the loss, and no faster than the loss itself."""
    assume(layers)
    entry = {"kind": "layered_share", "of": "x", "layers": layers, "share": share,
             "aggregate_deductible": deductible, "aggregate_limit": limit}  # fmt: skip
    rises(paid_on_a_grid(entry, "x", grid), grid)


@given(grid=grids, at=sums, share=shares)
def test_a_franchise_never_falls_with_the_loss(grid, at, share):
    """In a franchise a larger loss brings no less, though it may jump where it starts."""
    entry = {"kind": "layered_share", "of": "x", "counts": "franchise", "layers": [{"attachment": at, "share": share}]}
    rises(paid_on_a_grid(entry, "x", grid))


@given(seed=seeds, layers=layer_rows(), limit=sums)
def test_losses_that_are_larger_every_year_recover_no_less_over_the_term(seed, layers, limit):
    """Over the years so far, larger losses in every year never bring a smaller sum of recoveries."""
    assume(layers)
    rng, years = np.random.default_rng(seed), 5
    small = rng.uniform(0, 1e6, years)
    table = cases({"x": np.concatenate([small, small + rng.uniform(0, 5e5, years)])}, years)
    terms = [{"id": "it", "kind": "layered_share", "of": "x", "layers": layers, "aggregate_limit": limit}]
    less, more = running_sum(table, settle(contract_of(terms, ("x",), years), table).amounts["it"], years)
    assert np.all(more >= less - 1e-6)


savings = st.fixed_dictionaries({
    "max_share": shares, "msr": st.floats(0, 0.2), "mlr": st.floats(0, 0.2), "quality_gate": shares, "haircut": shares,
    "loss_form": st.sampled_from(["none", "fixed", "one_minus_final"]), "loss_rate": shares, "relief": shares,
    "gain_cap_benchmark": st.floats(0, 0.3), "loss_cap_benchmark": st.floats(0, 0.3), "below_msr_factor": shares,
    "haircut_order": st.sampled_from(["before_cap", "after_cap"]),
})  # fmt: skip


@given(values=savings, spend=sums, grid=st.lists(shares, min_size=2, max_size=20))
def test_better_quality_never_costs_the_provider(values, spend, grid):
    """Under shared savings a better score brings no less of a saving and takes no more of a loss."""
    entry = {"kind": "shared_savings", "benchmark": "b", "spend": "a", "quality": "q", "revenue": "b", **values}
    rises(paid_on_a_grid(entry, "q", np.array(sorted(grid)), b=1e6, a=spend))


@given(values=cap_values, grid=grids, scaled=st.sampled_from([0, 1]), score=shares)
def test_more_spending_brings_no_larger_gain_share(values, grid, scaled, score):
    """Under gain and loss share the provider receives no more, the more is spent."""
    entry = {
        "kind": "gain_loss_share",
        "expected": "e",
        "actual": "a",
        "payment": "p",
        "score": "s",
        "quality_scaled": scaled,
    }
    rises(-paid_on_a_grid({**entry, **values}, "a", grid, e=1e6, p=2e6, s=score))


@pytest.mark.parametrize("counts", ["net", "first_pound"])
@given(grid=grids, edges=st.lists(st.floats(0, 0.5), min_size=4, max_size=4, unique=True), share=shares, other=shares)
def test_more_spending_brings_no_more_out_of_a_corridor(counts, grid, edges, share, other):
    """A corridor pays no more, the more is spent, on either side of its target."""
    a, b, c, d = sorted(edges)
    bands = [{"side": "gain", "from": a, "to": b, "share": share}, {"side": "gain", "from": c, "share": other},
             {"side": "loss", "from": a, "to": c, "share": other}, {"side": "loss", "from": d, "share": share}]  # fmt: skip
    entry = {"kind": "corridor", "target": "e", "actual": "a", "counts": counts, "bands": bands}
    rises(-paid_on_a_grid(entry, "a", grid, e=1e6))


@given(grid=st.lists(st.floats(-10, 200), min_size=2, max_size=40), free=st.floats(0, 50), step=st.floats(0, 100),
       factor=st.floats(1, 10), most=st.floats(0, 1))  # fmt: skip
def test_more_points_never_cost_less(grid, free, step, factor, most):
    """Deductions rise with penalty points, where the stepped price is no lower than the price."""
    entry = {"kind": "deductions", "points": "x", "free": free, "price": 100.0, "step": step, "step_factor": factor,
             "base": "b", "most": most}  # fmt: skip
    rises(paid_on_a_grid(entry, "x", np.array(sorted(grid)), b=1e4))


@given(grid=grids, rates=st.tuples(st.floats(0, 2), st.floats(0, 2)), load=st.floats(0, 5), deposit=st.floats(0, 2))
def test_a_swing_premium_never_falls_with_losses(grid, rates, load, deposit):
    """Larger losses bring no smaller premium."""
    low, high = sorted(rates)
    entry = {
        "kind": "swing_premium",
        "losses": "x",
        "subject": "s",
        "load": load,
        "minimum": low,
        "maximum": high,
        "deposit": deposit,
    }
    rises(paid_on_a_grid(entry, "x", grid, s=1e6))


@pytest.mark.parametrize("form", ["linear", "step"])
@given(grid=grids, at=st.lists(st.floats(-1e6, 3e6), min_size=1, max_size=24, unique=True), data=st.data())
def test_a_scale_rises_where_its_points_do(form, grid, at, data):
    """A sliding scale whose values rise with its points never falls, keeps within them and meets each of them."""
    values = sorted(data.draw(st.lists(st.floats(-1e3, 1e3), min_size=len(at), max_size=len(at))))
    assume(all(high - low > 1e-3 for low, high in pairwise(sorted(at))))
    points = [{"at": x, "value": v} for x, v in zip(sorted(at), values, strict=True)]
    read = paid_on_a_grid({"kind": "sliding_scale", "of": "x", "form": form, "points": points}, "x", grid)
    rises(read)
    assert np.all((read >= values[0] - 1e-9) & (read <= values[-1] + 1e-9))
    itself = paid_on_a_grid(
        {"kind": "sliding_scale", "of": "x", "form": form, "points": points}, "x", np.array(sorted(at))
    )
    np.testing.assert_array_equal(itself, values)
    turned = [{"at": p["at"], "value": -p["value"]} for p in points]
    np.testing.assert_array_equal(
        paid_on_a_grid({"kind": "sliding_scale", "of": "x", "form": form, "points": turned}, "x", grid), -read
    )


@given(grid=grids, income=sums, cap=sums, share=shares)
def test_a_larger_deficit_is_borne_no_less(grid, income, cap, share):
    """A loss cap rises with cost, a profit share falls with it, and neither by more than the cost."""
    rises(paid_on_a_grid({"kind": "loss_cap", "cap": cap, "cost": "x", "income": "i"}, "x", grid, i=income), grid)
    profit = {"kind": "profit_share", "share": share, "cost": "x", "income": "i"}
    rises(-paid_on_a_grid(profit, "x", grid, i=income), grid)
