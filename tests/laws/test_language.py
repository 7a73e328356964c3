"""Laws of the contract language: what holds for every clause, every contract and every table that is settled."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stresstest.config.clauses import term_form
from stresstest.config.contracts import load_contract, read_contract
from stresstest.contract import Contract
from stresstest.settlement.columns import asked_columns
from stresstest.settlement.engine import Given, Settlement, settle
from stresstest.terms import BY_NAME, TERM_NUMBER, TERMS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference.language_contracts import DrawnContract
from reference.language_numbers import COLUMNS, NUMBERS, QUANTITIES, UNUSED, money

pytestmark = pytest.mark.law

KINDS = {kind.name: kind for kind in TERMS}
MOVING = sorted(name for name, kind in KINDS.items() if kind.moves)
seeds = st.integers(0, (1 << 32) - 1)
shares = st.floats(0.0, 1.0)
sums = st.floats(0.0, 2e6)
every_kind = pytest.mark.parametrize("name", sorted(KINDS))
few = settings(max_examples=15)


# ── contracts and tables ────────────────────────────────────────────────────────────────────────────────────────────


def contract_of(terms: list[dict[str, Any]], inputs: tuple[str, ...] = (), years: int = 1, **more: Any) -> Contract:
    """A contract with these clauses and inputs."""
    raw = {
        "schema_version": 1, "title": "A law", "price_basis": "cash", "first_year": "2018", "years": years, "terms": terms,
        "inputs": [{"name": name, "unit": "number", "doc": "drawn"} for name in inputs], **more,
    }  # fmt: skip
    return read_contract(raw, "law", "law", None, study=False)[0]


def raw_of(contract: Contract) -> dict[str, Any]:
    """A contract as it would stand in a file."""
    return {
        "schema_version": 1, "title": contract.title, "price_basis": contract.price_basis, "first_year": contract.first_year,
        "years": contract.years, "parties": [{"name": p.name, "title": p.title} for p in contract.parties],
        "inputs": [{"name": entry.name, "unit": entry.unit} for entry in contract.inputs],
        "terms": [term_form(term) for term in contract.terms],
    }  # fmt: skip


def of_raw(raw: dict[str, Any], **more: Any) -> Contract:
    """The contract of a file as `raw_of` gives it, with entries replaced."""
    return read_contract({**raw, **more}, "law", "law", None, study=False)[0]


def cases(columns: dict[str, Any], years: int = 1) -> Given:
    """A table: columns of numbers, case after case, each through all years."""
    size = max(np.size(values) for values in columns.values())
    case, year = np.divmod(np.arange(size), years)
    return Given(case, year, {name: np.broadcast_to(np.asarray(v, float), size).copy() for name, v in columns.items()})


class Drawn(DrawnContract):
    """A clause of one kind drawn by chance, in a contract with payments before it and readers behind it, and tables for it."""

    def contract(self) -> Contract:
        """The drawn clause between what it may read and what reads it."""
        clause = self.clause()
        pay = {"kind": "payment", "payer": "commissioner", "payee": "provider"}
        figures = ["it", *(f"it.{figure.name}" for figure in self.kind.shows)]
        terms = [
            {**pay, "id": "before_pay", "price": self.by_year(money)}, {**pay, "id": "before_fee", "price": self.by_year(money)},
            {"id": "before_back", "kind": "payment", "payer": "provider", "payee": "commissioner", "price": 0.5, "of": "before_fee"},
            {"id": "before_sum", "kind": "formula", "value": "max(0, base_money - 0.25 * before_pay)"}, clause,
            {"id": "after_sum", "kind": "formula", "value": " + ".join(["net.provider - received.fund", *figures])},
            {"id": "after_pay", "kind": "payment", "payer": "fund", "payee": "hospital", "price": 0.5, "of": self.one_of(figures)},
        ]  # fmt: skip
        return contract_of(terms, tuple(self.draws), self.years, parties=[{"name": "fund", "title": "Fund"}])

    def table(self, contract: Contract, count: int = 5) -> Given:
        """Cases through all years."""
        names = {q: COLUMNS.get(q, money) for q in BY_NAME} | self.draws
        for row in next(term for term in contract.terms if term.id == "it").values.get("indicators", []):
            names[f"indicator.{row['name']}"] = NUMBERS["number"]
        rows = [{name: draw(self.rng) for name, draw in names.items()} for _ in range(count * self.years)]
        return cases({name: np.array([row[name] for row in rows]) for name in names}, self.years)


def drawn(name: str, seed: int, form: type[Drawn] = Drawn, count: int = 5) -> tuple[Contract, Given, Drawn]:
    """A contract around a kind of clause, a table for it, and who drew them."""
    chance = form(np.random.default_rng([TERM_NUMBER[name], seed]), KINDS[name])
    contract = chance.contract()
    return contract, chance.table(contract, count), chance


def everything(settlement: Settlement) -> dict[str, np.ndarray]:
    """All numbers of a settlement by name."""
    return {**settlement.amounts, **settlement.figures, **{f"net of {p}": v for p, v in settlement.net.items()}}


def same_bits(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    """Every number of `one` stands in `other` with the same bits, NaN included."""
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def rows_of(table: Given, chosen: np.ndarray) -> Given:
    """Some rows of a table, in this order."""
    return Given(table.case[chosen], table.year[chosen], {name: values[chosen] for name, values in table.columns.items()})


def picked(settlement: Settlement, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """Some rows of everything that was settled."""
    return {name: values[chosen] for name, values in everything(settlement).items()}


# ── accounts, and the order of the table ────────────────────────────────────────────────────────────────────────────


@every_kind
@few
@given(seed=seeds)
def test_transfers_add_to_exactly_nothing(name, seed):
    """What is paid in a row is received in it, to the last bit, and a party's balance is the sum of its transfers."""
    contract, table, _ = drawn(name, seed)
    settlement = settle(contract, table)
    moving = [term for term in contract.terms if term.kind.moves]
    for row in range(table.case.size):
        paid = [(term, float(settlement.amounts[term.id][row])) for term in moving]
        assume(all(math.isfinite(amount) for _, amount in paid))
        assert math.fsum(sign * amount for _, amount in paid for sign in (1.0, -1.0)) == 0.0
        size = max(1.0, math.fsum(abs(amount) for _, amount in paid))
        for party, values in settlement.net.items():
            own = math.fsum(amount * ((t.payee == party) - (t.payer == party)) for t, amount in paid)
            assert abs(own - values[row]) <= 1e-12 * size
        assert abs(math.fsum(values[row] for values in settlement.net.values())) <= 1e-12 * size


@every_kind
@few
@given(seed=seeds)
def test_the_order_of_the_rows_changes_no_bit(name, seed):
    """A table with its rows in any order, cases and years mixed, settles row by row as it does in order."""
    contract, table, chance = drawn(name, seed, count=6)
    order = chance.rng.permutation(table.case.size)
    same_bits(picked(settle(contract, table), order), everything(settle(contract, rows_of(table, order))))


@every_kind
@few
@given(seed=seeds)
def test_a_table_in_two_parts_changes_no_bit(name, seed):
    """A table that is cut between two cases settles in two parts as it does at once."""
    contract, table, chance = drawn(name, seed, count=6)
    whole, cut = settle(contract, table), int(chance.rng.integers(1, 6))
    for part in (np.flatnonzero(table.case < cut), np.flatnonzero(table.case >= cut)):
        same_bits(picked(whole, part), everything(settle(contract, rows_of(table, part))))


@pytest.mark.parametrize("count", [255, 256, 257, 513])
@pytest.mark.parametrize("name", ["gain_loss_share", "profit_share", "formula", "layered_share", "retention"])
def test_the_edge_of_a_block_changes_no_bit(name, count):
    """Whether cases just fill a block, miss it by one or spill over, each settles as it does alone."""
    contract, table, _ = drawn(name, count, count=count)
    whole = settle(contract, table)
    for case in (0, 1, 254, 255, 256, 257, 511, 512):
        chosen = np.flatnonzero(table.case == case)
        if chosen.size:
            same_bits(picked(whole, chosen), everything(settle(contract, rows_of(table, chosen))))


@every_kind
@few
@given(seed=seeds)
def test_a_year_knows_nothing_of_later_years(name, seed):
    """A case that ends earlier has the same numbers in the years that it has."""
    contract, table, chance = drawn(name, seed)
    chosen = np.flatnonzero(table.year < chance.rng.integers(1, contract.years + 1))
    same_bits(picked(settle(contract, table), chosen), everything(settle(contract, rows_of(table, chosen))))


class Plain(Drawn):
    """A contract whose numbers are the same in every year, and whose clauses are always in force."""

    def by_year(self, draw: Any) -> Any:
        """One number."""
        return draw(self.rng)

    def clause(self) -> dict[str, Any]:
        """The drawn clause, in force from the first year to the last."""
        term = super().clause()
        term.pop("in_force", None)
        return term


FORGETFUL = sorted(name for name, kind in KINDS.items() if not kind.remembers and name != "stranded_cost")


@pytest.mark.parametrize("name", FORGETFUL)
@few
@given(seed=seeds)
def test_without_memory_years_may_change_places(name, seed):
    """Where no clause remembers and no number varies by year, what a year pays does not depend on which year it is."""
    contract, table, chance = drawn(name, seed, Plain)
    order = np.concatenate([k * contract.years + chance.rng.permutation(contract.years) for k in range(5)])
    moved = Given(table.case, table.year, {key: values[order] for key, values in table.columns.items()})
    same_bits(picked(settle(contract, table), order), everything(settle(contract, moved)))


def test_only_the_clause_that_fades_counts_years_without_memory():
    """Support for stranded cost is left out of the law before, because it falls from year to year by itself."""
    terms = [{"kind": "stranded_cost", "removed": 100.0, "fixed_share": 1.0, "half_life": 1.0}]
    paid = settle(contract_of(terms, ("x",), 3), cases({"x": np.zeros(3)}, 3)).amounts["stranded_cost"]
    np.testing.assert_array_equal(paid, [100.0, 50.0, 25.0])


# ── force and scale ─────────────────────────────────────────────────────────────────────────────────────────────────


class Unscaled(Drawn):
    """A contract whose clause is not scaled, and has an input ready that could scale it."""

    def clause(self) -> dict[str, Any]:
        """The drawn clause without `scaled_by`."""
        term = super().clause()
        term.pop("scaled_by", None)
        self.input("scale", money)
        return term


def with_entry(contract: Contract, **entries: Any) -> Contract:
    """The contract with other general entries in its drawn clause."""
    return replace(contract, terms=tuple(replace(t, **entries) if t.id == "it" else t for t in contract.terms))


def given_scale(table: Given, scale: float) -> Given:
    """The table with one scale in every row."""
    return replace(table, columns={**table.columns, "scale": np.full(table.case.size, scale)})


@every_kind
@few
@given(seed=seeds)
def test_a_scale_of_one_changes_nothing_and_of_nought_pays_nothing(name, seed):
    """A clause scaled by 1 is the clause itself, bit for bit; scaled by 0 it pays nothing; scaled by 2 it pays double."""
    contract, table, _ = drawn(name, seed, Unscaled)
    own, scaled = settle(contract, given_scale(table, 1.0)), with_entry(contract, scaled_by="scale")
    same_bits(everything(own), everything(settle(scaled, given_scale(table, 1.0))))
    it = everything(own)["it"]
    nought, double = (everything(settle(scaled, given_scale(table, scale)))["it"] for scale in (0.0, 2.0))
    assert np.all(nought[np.isfinite(it)] == 0.0)
    np.testing.assert_array_equal(double, 2.0 * it)


@every_kind
@few
@given(seed=seeds)
def test_a_clause_out_of_force_pays_and_shows_nothing(name, seed):
    """Outside its years a clause is 0 with all its figures, and from a later start it counts its years from there."""
    contract, table, chance = drawn(name, seed, Plain)
    start = int(chance.rng.integers(0, contract.years))
    end = int(chance.rng.integers(start, contract.years))
    got = everything(settle(with_entry(contract, start=start, end=end), table))
    outside = (table.year < start) | (table.year > end)
    for key, values in got.items():
        if key == "it" or key.startswith("it."):
            assert np.all(values[outside] == 0.0), key
    always = everything(settle(with_entry(contract, start=0, end=contract.years - 1), table))
    same_bits(everything(settle(contract, table)), always)


@every_kind
@few
@given(seed=seeds)
def test_a_figure_that_nobody_reads_changes_nothing(name, seed):
    """A figure added behind any clause leaves every other number as it is, bit for bit."""
    contract, table, chance = drawn(name, seed)
    raw, before = raw_of(contract), everything(settle(contract, table))
    at = int(chance.rng.integers(5, len(raw["terms"]) + 1))
    idle = [{"id": "idle", "kind": "formula", "value": "it / one + net.provider - base_money"},
            {"id": "idle_total", "kind": "running", "of": "idle", "what": "total"}]  # fmt: skip
    after = everything(settle(of_raw(raw, terms=[*raw["terms"][:at], *idle, *raw["terms"][at:]]), table))
    same_bits(before, after)
    assert {"idle", "idle_total"} == set(after) - set(before)


@every_kind
@few
@given(seed=seeds)
def test_what_is_printed_of_a_contract_settles_as_it_does(name, seed):
    """The effective form of a contract, read again, settles every row with the same bits."""
    contract, table, _ = drawn(name, seed)
    raw = raw_of(contract)
    again = read_contract(raw, "law", "law", None, study=False)[1]
    same_bits(everything(settle(contract, table)), everything(settle(of_raw(again), table)))


# ── contracts inside contracts ──────────────────────────────────────────────────────────────────────────────────────

OUTER = [
    {"id": "pool", "kind": "payment", "price": 0.25, "of": "budget"},
    {"id": "gain", "kind": "corridor", "target": "expected", "actual": "spent",
     "bands": [{"side": "gain", "from": 0.0, "share": 0.5}, {"side": "loss", "from": 0.01, "share": 0.25}]},
]  # fmt: skip
INNER = """schema_version = 1
title = "Inside"
price_basis = "cash"
first_year = "2018"
years = 3
inputs = [{ name = "money", unit = "GBP", doc = "" }, { name = "people", unit = "persons", doc = "" }]
terms = [
  { id = "half", kind = "formula", value = "0.5 * money - min(received.provider, people)" },
  { id = "fee", kind = "payment", price = [1.0, 2.0, 4.0], of = "people" },
  { id = "share", kind = "layered_share", of = "half", base = "people", layers = [{ attachment = 0.5, share = 0.75 }] },
  { id = "held", kind = "retention", of = "net.provider", rate = 0.1, after_years = 1, release = "outcome" },
  { id = "rest", kind = "payment", payer = "provider", payee = "commissioner", price = "share", of = "one", scaled_by = "outcome" },
]
"""
NESTED = [
    ("half", "0.5 * gain - min(received.fund, north.people)"),
    ("fee", "north.people"), ("share", "north.half"), ("held", "net.fund"), ("rest", "one"),
]  # fmt: skip


def flat_terms() -> list[dict[str, Any]]:
    """The inner clauses as they would stand in the outer contract itself."""
    parties = {"payer": "provider", "payee": "fund"}
    return [
        {"id": "north.half", "kind": "formula", "value": NESTED[0][1]},
        {"id": "north.fee", "kind": "payment", "price": [1.0, 2.0, 4.0], "of": "north.people", **parties},
        {"id": "north.share", "kind": "layered_share", "of": "north.half", "base": "north.people",
         "layers": [{"attachment": 0.5, "share": 0.75}], **parties},
        {"id": "north.held", "kind": "retention", "of": "net.fund", "rate": 0.1, "after_years": 1, "release": "outcome", **parties},
        {"id": "north.rest", "kind": "payment", "payer": "fund", "payee": "provider", "price": "north.share",
         "scaled_by": "outcome"},
    ]  # fmt: skip


@given(seed=seeds)
def test_a_contract_inside_a_contract_is_the_same_written_flat(tmp_path_factory, seed):
    """A nested contract settles like its clauses written into the outer contract under their long names, bit for bit."""
    folder = tmp_path_factory.getbasetemp() / "nested" / "contracts"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        (folder / "inner.toml").write_text(INNER.replace('release = "outcome"', 'release = "people"').replace(
            'scaled_by = "outcome"', 'scaled_by = "people"'), encoding="utf-8")  # fmt: skip
    entry = {"id": "north", "contract": "inner", "parties": {"commissioner": "provider", "provider": "fund"},
             "inputs": {"money": "gain"}}  # fmt: skip
    inputs = [{"name": name, "unit": "GBP"} for name in ("budget", "expected", "spent")]
    common = {"schema_version": 1, "title": "Outside", "price_basis": "cash", "first_year": "2018", "years": 3,
              "parties": [{"name": "fund", "title": "Fund"}]}  # fmt: skip
    nested = read_contract({**common, "inputs": inputs, "terms": OUTER, "subcontracts": [entry]}, "law", "law", None,
                           folder.parent, study=False)[0]  # fmt: skip
    people = {"name": "north.people", "unit": "persons"}
    flat = [{k: "north.people" if v == "outcome" else v for k, v in term.items()} for term in flat_terms()]
    written = of_raw({**common, "inputs": [*inputs, people], "terms": [*OUTER, *flat]})
    rng = np.random.default_rng(seed)
    table = cases({name: rng.uniform(0.0, 4.0, 12) for name in ("budget", "expected", "spent", "north.people")}, 3)
    got = everything(settle(nested, table))
    same_bits(everything(settle(written, table)), got)
    assert len(got) == len(everything(settle(written, table)))


def test_shipped_contracts_inside_a_contract_are_the_same_written_flat():
    """The multi-neighbourhood provider with two neighbourhoods settles like its effective form, which has no contract inside."""
    from stresstest.config.folders import config_folder

    configs = config_folder(Path(__file__).resolve().parent)
    for name in ("neighbourhood-multi", "iho-2026"):
        nested = load_contract(name, configs)
        flat = of_raw(raw_of(nested))
        rng = np.random.default_rng(7)
        bounds = {column.name: (max(column.low, 0.0), min(column.high, 1e6)) for column in asked_columns(nested)}
        table = cases({key: rng.uniform(*ends, 4 * nested.years) for key, ends in bounds.items()}, nested.years)
        assert any("." in term.id for term in nested.terms)
        same_bits(everything(settle(nested, table)), everything(settle(flat, table)))


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
            term["value"] = "max(0, base_money - 0.25 * before_pay) + (before_fee if before_pay > base_money else base_money / 3)"
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
    pounds = {f"{t.id}.{s.name}" for t in contract.terms for s in t.kind.shows if s.unit == "GBP"} | {t.id for t in contract.terms}
    pounds |= {"it.x"} if name == "sliding_scale" else set()
    largest = max(1.0, *(float(np.max(np.abs(v))) for k, v in columns.items() if k in chance.money_columns() and v.max() < UNUSED))
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
    entry = {"kind": "gain_loss_share", "expected": "e", "actual": "a", "payment": "p", "settlement": settlement, **values}
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
        {"id": "one_pay", "kind": "payment", "price": 1.0, "of": "x"}, {"id": "two_pay", "kind": "payment", "price": 0.5, "of": "y"},
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
        {"id": "swing", "kind": "swing_premium", "losses": "x", "subject": "y", "load": 1.2, "minimum": most / 2, "maximum": most},
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
    entry = {"kind": "gain_loss_share", "expected": "e", "actual": "a", "payment": "p", "score": "s", "quality_scaled": scaled}
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
    entry = {"kind": "swing_premium", "losses": "x", "subject": "s", "load": load, "minimum": low, "maximum": high, "deposit": deposit}
    rises(paid_on_a_grid(entry, "x", grid, s=1e6))


@pytest.mark.parametrize("form", ["linear", "step"])
@given(grid=grids, at=st.lists(st.floats(-1e6, 3e6), min_size=1, max_size=24, unique=True), data=st.data())
def test_a_scale_rises_where_its_points_do(form, grid, at, data):
    """A sliding scale whose values rise with its points never falls, falls nowhere where they fall, and keeps within them."""
    values = sorted(data.draw(st.lists(st.floats(-1e3, 1e3), min_size=len(at), max_size=len(at))))
    assume(all(high - low > 1e-3 for low, high in pairwise(sorted(at))))
    points = [{"at": x, "value": v} for x, v in zip(sorted(at), values, strict=True)]
    read = paid_on_a_grid({"kind": "sliding_scale", "of": "x", "form": form, "points": points}, "x", grid)
    rises(read)
    assert np.all((read >= values[0] - 1e-9) & (read <= values[-1] + 1e-9))
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


