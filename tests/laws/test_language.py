"""Laws of the contract language: accounts that close, an order that does not matter, force, scale and contracts inside."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_contracts import (
    KINDS,
    Drawn,
    cases,
    contract_of,
    drawn,
    every_kind,
    everything,
    few,
    of_raw,
    picked,
    raw_of,
    rows_of,
    same_bits,
    seeds,
)
from hypothesis import assume, given

from reference.language_numbers import money
from stresstest.config.contracts import load_contract, read_contract
from stresstest.config.folders import config_folder
from stresstest.contract import Contract
from stresstest.settlement.columns import asked_columns
from stresstest.settlement.engine import Given, settle

pytestmark = pytest.mark.law


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
    looked_at = [case for case in (0, 1, 254, 255, 256, 257, 511, 512) if case < count]
    assert looked_at[-1] == {255: 254, 256: 255, 257: 256, 513: 512}[count]
    for case in looked_at:
        chosen = np.flatnonzero(table.case == case)
        assert chosen.size
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
  { id = "half", kind = "formula", value = "0.5 * money - min(received.provider, people) + 0.125 * income" },
  { id = "fee", kind = "payment", price = [1.0, 2.0, 4.0], of = "people" },
  { id = "share", kind = "layered_share", of = "half", base = "people", layers = [{ attachment = 0.5, share = 0.75 }] },
  { id = "held", kind = "retention", of = "net.provider", rate = 0.1, after_years = 1, release = "people" },
  { id = "rest", kind = "payment", payer = "provider", payee = "commissioner", price = "share", scaled_by = "people" },
  { id = "tax", kind = "vat_leak", affected_share = 0.5, spend = "income" },
]
"""
TO_FUND = {"payer": "provider", "payee": "fund"}
FLAT = [
    {"id": "north.half", "kind": "formula", "value": "0.5 * gain - min(received.fund, north.people) + 0.125 * net.fund"},
    {"id": "north.fee", "kind": "payment", "price": [1.0, 2.0, 4.0], "of": "north.people", **TO_FUND},
    {"id": "north.share", "kind": "layered_share", "of": "north.half", "base": "north.people",
     "layers": [{"attachment": 0.5, "share": 0.75}], **TO_FUND},
    {"id": "north.held", "kind": "retention", "of": "net.fund", "rate": 0.1, "after_years": 1, "release": "north.people",
     **TO_FUND},
    {"id": "north.rest", "kind": "payment", "payer": "fund", "payee": "provider", "price": "north.share",
     "scaled_by": "north.people"},
    {"id": "north.tax", "kind": "vat_leak", "affected_share": 0.5, "spend": "net.fund", "payer": "fund"},
]  # fmt: skip


@pytest.fixture(scope="module")
def inner(tmp_path_factory):
    """A folder of configurations with one contract that stands inside another."""
    configs = tmp_path_factory.mktemp("nested")
    (configs / "contracts").mkdir()
    (configs / "contracts" / "inner.toml").write_text(INNER, encoding="utf-8")
    return configs


@given(seed=seeds)
def test_a_contract_inside_a_contract_is_the_same_written_flat(inner, seed):
    """A nested contract settles like its clauses written into the outer contract under their long names, bit for bit."""
    money_inputs = ("budget", "expected", "spent")
    entry = {"id": "north", "contract": "inner", "inputs": {"money": "gain"},
             "parties": {"commissioner": "provider", "provider": "fund"}}  # fmt: skip
    fund = [{"name": "fund", "title": "Fund"}]
    outer = raw_of(contract_of(OUTER, money_inputs, 3, parties=fund))
    nested = read_contract({**outer, "subcontracts": [entry]}, "law", "law", None, inner, study=False)[0]
    flat = contract_of([*OUTER, *FLAT], (*money_inputs, "north.people"), 3, parties=fund)
    rng = np.random.default_rng(seed)
    table = cases({name: rng.uniform(0.0, 4.0, 12) for name in (*money_inputs, "north.people")}, 3)
    got, written = everything(settle(nested, table)), everything(settle(flat, table))
    same_bits(written, got)
    assert len(got) == len(written)


def test_shipped_contracts_inside_a_contract_are_the_same_written_flat():
    """The multi-neighbourhood provider with two neighbourhoods settles like its effective form, which has no contract inside."""
    configs = config_folder(Path(__file__).resolve().parent)
    for name in ("neighbourhood-multi", "iho-2026"):
        nested = load_contract(name, configs)
        flat = of_raw(raw_of(nested))
        rng = np.random.default_rng(7)
        bounds = {column.name: (max(column.low, 0.0), min(column.high, 1e6)) for column in asked_columns(nested)}
        table = cases({key: rng.uniform(*ends, 4 * nested.years) for key, ends in bounds.items()}, nested.years)
        assert any("." in term.id for term in nested.terms)
        same_bits(everything(settle(nested, table)), everything(settle(flat, table)))
