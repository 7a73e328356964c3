"""Laws of money: another unit changes nothing else, two who pool are paid as one, and a share of nothing pays nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn_contracts import MOVING, Drawn, drawn, every_kind, everything, few, of_raw, raw_of, same_bits, seeds
from hypothesis import assume, given
from hypothesis import strategies as st

from reference.language_numbers import QUANTITIES, UNUSED, money
from stresstest.contract import Contract
from stresstest.settlement.engine import Given, settle
from stresstest.terms import BY_NAME

pytestmark = pytest.mark.law


# ── money in another unit ───────────────────────────────────────────────────────────────────────────────────────────

NO_MONEY = {
    "score", "quality", "release", "trigger", "points",
}  # fmt: skip
MONEY_UNITS = ("GBP", "GBP per point", "figure")
MONEY_NUMBERS = {
    "gate": ("at", "met", "unmet"), "rebased_target": ("opening",), "running": ("opening",), "sliding_scale": (),
}  # fmt: skip
MULTIPLES = {
    ("layered_share", "base"), ("deductions", "base"), ("reserve_fund", "base"), ("overall_limit", "base"),
    ("overall_limit", "other_base"), ("payment", "of"), ("sliding_scale", "per"),
}  # fmt: skip
OF_BASE = {"layered_share": ("base", ()), "deductions": ("base", ("most",)), "reserve_fund": ("base", ("target",))}


class Homogeneous(Drawn):
    """A contract in which every sum of money is an input or a number in money, so that its unit may be changed."""

    def clause(self) -> dict[str, Any]:
        """The drawn clause, reading money where it wants money and a plain number where it does not."""
        term = super().clause()
        for entry in self.kind.fields:
            if entry.unit != "quantity" or entry.name not in term:
                continue
            plain, value = entry.name in NO_MONEY, term[entry.name]
            if plain and not value.startswith("read_"):
                term[entry.name] = self.input(f"read_{entry.name}", QUANTITIES[entry.name])
            if not plain and value == "one" and (self.kind.name, entry.name) not in MULTIPLES:
                term[entry.name] = "before_pay"
        if self.kind.name == "sliding_scale":
            term.pop("per", None)
        if self.kind.name == "formula":
            term["value"] = (
                "max(0, base_money - 0.25 * before_pay) + (before_fee if before_pay > base_money else base_money / 3)"
            )
        return term

    def money_fields(self) -> set[str]:
        """Entries of the clause that are sums of money."""
        found = {f.name for f in self.kind.fields if f.unit in MONEY_UNITS} | set(MONEY_NUMBERS.get(self.kind.name, ()))
        base, of_base = OF_BASE.get(self.kind.name, ("", ()))
        if self.term.get(base, "one") == "one":
            found |= set(of_base)
        if self.kind.name == "overall_limit":
            for own, names in (("base", ("most", "least")), ("other_base", ("most_other", "least_other"))):
                found |= set(names) if self.term.get(own, "one") == "one" else set()
        if self.kind.name == "payment" and self.term.get("of", "one") == "one":
            found.add("price")
        return found

    def money_columns(self) -> set[str]:
        """Inputs and standard quantities that are sums of money."""
        plain = {f"read_{name}" for name in NO_MONEY} | {"scale"}
        own = {name for name in self.draws if not name.startswith("given_") and name not in plain}
        own |= {f"given_{name}" for name in self.money_fields()}
        return own | {q.name for q in BY_NAME.values() if q.unit == "GBP"}

    def money_in_rows(self, row: dict[str, Any]) -> set[str]:
        """Columns of the clause's rows that are sums of money."""
        name, base = self.kind.name, self.term.get("base", "one")
        if name == "layered_share":
            return {"attachment", "limit"} if base == "one" else set()
        if name == "corridor":
            return {"from", "to"} if self.term.get("edges") == "money" else set()
        return {"surplus_fee": {"from", "to"}, "sliding_scale": {"at", "value"}}.get(name, set())


def times(value: Any, factor: float) -> Any:
    """A number, or a list by year, in another unit; what stands for "no limit" stays."""
    if isinstance(value, list):
        return [times(number, factor) for number in value]
    if isinstance(value, dict):
        return {**value, "value": times(value["value"], factor)}
    return value if isinstance(value, str) or abs(value) >= UNUSED else value * factor


def in_another_unit(contract: Contract, chance: Homogeneous, factor: float) -> Contract:
    """The contract with every sum of money in it multiplied."""
    raw = raw_of(contract)
    for form in raw["terms"]:
        if form["id"] in ("before_pay", "before_fee"):
            form["price"] = times(form["price"], factor)
        if form["id"] == "it":
            for name in chance.money_fields() & set(form):
                form[name] = times(form[name], factor)
            for key in ("layers", "bands", "points"):
                for row in form[key] if isinstance(form.get(key), list) else []:
                    row.update({name: times(row[name], factor) for name in chance.money_in_rows(row)})
    return of_raw(raw)


@pytest.mark.parametrize(("factor", "tolerance"), [(1024.0, 0.0), (1000.0, 1e-12)], ids=["exact", "thousand"])
@every_kind
@few
@given(seed=seeds)
def test_money_in_another_unit_only_changes_the_unit(name, factor, tolerance, seed):
    """With every sum a thousand times as large every amount is; by a power of two to the last bit."""
    contract, table, chance = drawn(name, seed, Homogeneous)
    contract = replace(contract, terms=contract.terms[:-2])
    columns = {
        key: np.where(np.abs(values) >= UNUSED, values, values * factor) if key in chance.money_columns() else values
        for key, values in table.columns.items()
    }
    own = settle(contract, table)
    other = settle(in_another_unit(contract, chance, factor), Given(table.case, table.year, columns))
    pounds = {f"{t.id}.{s.name}" for t in contract.terms for s in t.kind.shows if s.unit == "GBP"} | {
        t.id for t in contract.terms
    }
    pounds |= {"it.x"} if name == "sliding_scale" else set()
    largest = max(
        1.0, *(float(np.max(np.abs(v))) for k, v in columns.items() if k in chance.money_columns() and v.max() < UNUSED)
    )
    for key, values in everything(own).items():
        scale = factor if key in pounds or key.startswith("net of") else 1.0
        expected = np.where(np.abs(values) >= UNUSED, values, values * scale)
        np.testing.assert_allclose(
            everything(other)[key], expected, rtol=tolerance, atol=tolerance * largest * contract.years, err_msg=key
        )


# ── two providers for one ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", MOVING)
@few
@given(seed=seeds, part=st.sampled_from([0.5, 0.25, 0.125]))
def test_two_providers_who_pool_are_paid_as_one(name, seed, part):
    """Each of two providers has its part of every input; the clause on the sums, shared out, pays what one is paid."""
    contract, table, _ = drawn(name, seed)
    raw, own = raw_of(contract), [entry.name for entry in contract.inputs]
    inputs = [{"name": f"{key}_{who}", "unit": "number"} for key in own for who in ("north", "south")]
    sums_of = [{"id": key, "kind": "formula", "value": f"{key}_north + {key}_south"} for key in own]
    assume(len(sums_of) + len(raw["terms"]) + 2 <= 64)
    out = [
        {"id": who, "kind": "payment", "payer": "provider", "payee": who, "price": price, "of": "net.provider"}
        for who, price in (("north", part), ("south", 1.0))
    ]
    parties = [*raw["parties"], {"name": "north", "title": "North"}, {"name": "south", "title": "South"}]
    pooled = of_raw(raw, inputs=inputs, parties=parties, terms=[*sums_of, *raw["terms"], *out])
    columns = {key: values for key, values in table.columns.items() if key not in own}
    columns |= {f"{key}_north": table.columns[key] * part for key in own}
    columns |= {f"{key}_south": table.columns[key] * (1.0 - part) for key in own}
    columns["income"] = np.zeros(table.case.size)
    one = settle(contract, replace(table, columns={**table.columns, "income": columns["income"]}))
    two = settle(pooled, Given(table.case, table.year, columns))
    same_bits(one.amounts, two.amounts)
    alone, moved = one.net["provider"], np.sum(np.abs(list(one.amounts.values())), axis=0)
    together = two.net["north"] + two.net["south"] + two.net["provider"]
    assert np.all(np.abs(two.net["provider"])[np.isfinite(moved)] <= 1e-12 * moved[np.isfinite(moved)])
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-12 * float(np.nanmax(moved, initial=1.0)))


# ── a share of nothing ──────────────────────────────────────────────────────────────────────────────────────────────

NOTHING: dict[str, dict[str, Any]] = {
    "annual_payment": {"opening_price": 0.0, "scope_change": 0.0},
    "improvement_payment": {"at_risk": 0.0},
    "gain_loss_share": {"share_gain": 0.0, "share_loss": 0.0},
    "cap_and_collar": {"support_share": 0.0, "support_more_share": 0.0, "pay_back_share": 0.0},
    "prevention_floor": {"floor": 0.0},
    "shared_savings": {"max_share": 0.0, "loss_form": "fixed", "loss_rate": 0.0},
    "quality_scaled_share": {"phase": "one", "share": 0.0, "bonus": 0.0},
    "profit_cap": {"cap": 1.0},
    "area_flows": {"outflow_price": 0.0, "inflow_price": 0.0},
    "surplus_fee": {},
    "loss_cap": {"cap": 0.0},
    "vat_leak": {"vat_rate": 0.0},
    "stranded_cost": {"support_share": 0.0},
    "payment": {"price": 0.0},
    "layered_share": {"share": 0.0},
    "corridor": {},
    "swing_premium": {"load": 0.0, "minimum": 0.0, "deposit": 0.0},
    "profit_share": {"share": 0.0},
    "reinstatement": {"price": 0.0},
    "guarantee": {"limit": 0.0},
    "claw_back": {"share": 0.0},
    "deductions": {"price": 0.0},
    "retention": {"rate": 0.0},
    "reopener": {"share": 0.0},
    "virement_limit": {"consent": 1.0},
    "reserve_fund": {"pay_in": 0.0, "draw": 0.0},
}
NO_SHARE = {"marginal_rate", "overall_limit"}


class Shareless(Drawn):
    """A contract whose clause shares nothing: every share, rate or price in it is 0."""

    def clause(self) -> dict[str, Any]:
        """The drawn clause with its shares at nothing, those in its rows among them."""
        term = super().clause()
        term |= NOTHING[self.kind.name]
        if self.kind.name == "profit_cap":
            term |= {"income": self.input("read_income", money), "cost": self.input("nought", lambda rng: 0.0)}
        for entry in self.kind.fields:
            if entry.unit == "rows" and any(column.name == "share" for column in entry.columns):
                for row in term.get(entry.name, []):
                    row["share"] = 0.0
        return term


@pytest.mark.parametrize("name", sorted(NOTHING))
@few
@given(seed=seeds)
def test_a_share_of_nothing_pays_nothing(name, seed):
    """A clause whose share, rate, price or limit is 0 moves no money, whatever else it says."""
    contract, table, _ = drawn(name, seed, Shareless)
    assert np.all(settle(contract, table).amounts["it"] == 0.0)


def test_every_clause_that_shares_is_under_the_law():
    """Only the marginal rate, which pays for activity in full, and the overall limit, which shares nothing, are left out."""
    assert set(NOTHING) | NO_SHARE == set(MOVING)
