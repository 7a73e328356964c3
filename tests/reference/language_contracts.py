"""Contracts drawn by chance around one kind of clause, and tables for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stresstest.config.contracts import read_contract
from stresstest.contract import Contract
from stresstest.terms import STANDARD, Field, TermKind

from .language_formulas import drawn_formula
from .language_numbers import (
    COLUMNS,
    FROM_QUANTITIES,
    LEVEL,
    NUMBERS,
    QUANTITIES,
    UNUSED,
    Draw,
    money,
    number_for,
    pick,
    signed,
)  # fmt: skip

PARTIES = ("commissioner", "provider", "hospital", "operator", "fund")
BEFORE = ("before_pay", "before_fee", "before_back", "before_sum", "net.provider", "received.commissioner", "one")
LIMITS = [
    ("most", "most in use"),
    ("least", "least in use"),
    ("most_other", "most in use"),
    ("least_other", "least in use"),
]
#: Entries that say what the rows beside them mean.
BOUND_TO_ROWS = ("counts", "edges")
READ_BEHIND = "net.provider - received.fund - it + annual_payment + score + income"
LAST_YEAR = "0.25 * last.it + 0.125 * last.net.fund - 0.5 * last.before_fee + last.base_money"
#: Quantities whose words say nothing about sums below 0, or that are no sums of money.
NOT_BELOW_ZERO = ("payment", "revenue", "spend", "benchmark")
Rows = list[dict[str, Any]]


class DrawnContract:
    """A contract under construction: its clauses, and how each of its inputs is drawn."""

    def __init__(self, rng: np.random.Generator, kind: TermKind) -> None:
        self.rng, self.kind = rng, kind
        self.years = 13 if rng.random() < 0.1 else int(rng.integers(1, 9))
        self.draws: dict[str, Draw] = {"base_money": money}
        self.term: dict[str, Any] = {}

    def chance(self, share: float) -> bool:
        """True with a probability."""
        return bool(self.rng.random() < share)

    def one_of(self, options: Any) -> Any:
        """One of several things."""
        return options[int(self.rng.integers(len(options)))]

    def input(self, name: str, draw: Draw) -> str:
        """A new input of the contract, drawn in this way."""
        self.draws[name] = draw
        return name

    def by_year(self, draw: Draw) -> Any:
        """A bare number, or a list by year."""
        if self.chance(0.25):
            return [draw(self.rng) for _ in range(int(self.rng.integers(1, self.years + 2)))]
        return draw(self.rng)

    def number(self, entry: Field) -> Any:
        """A number, a list by year, or the name of an input."""
        draw = number_for(self.kind.name, entry.name, entry.unit, entry.low, entry.high)
        if self.chance(0.25) and not entry.fixed:
            wider = FROM_QUANTITIES.get(f"{self.kind.name}.{entry.name}") or FROM_QUANTITIES.get(entry.name)
            return self.input(f"given_{entry.name}", wider or draw)
        return draw(self.rng) if entry.fixed else self.by_year(draw)

    def quantity(self, entry: Field) -> str:
        """An input of its own, or something that stands before the clause."""
        if entry.name in NOT_BELOW_ZERO or self.chance(0.6):
            key = f"{self.kind.name}.{entry.name}"
            return self.input(f"read_{entry.name}", QUANTITIES.get(key) or QUANTITIES.get(entry.name) or money)
        return str(self.one_of(BEFORE))

    def entry(self, entry: Field) -> Any:
        """What the contract says in one entry of the clause."""
        if entry.unit == "choice":
            return self.one_of(entry.choices)
        if entry.unit == "quantity":
            return self.quantity(entry)
        if entry.unit == "formula":
            return drawn_formula(self.rng, [self.input(f"x{k}", NUMBERS["number"]) for k in range(4)])
        if entry.unit == "rows":
            own = ROWS.get(f"{self.kind.name}.{entry.name}")
            return own(self) if own else self.rows(entry)
        return self.number(entry)

    def rows(self, entry: Field) -> Rows:
        """Rows of a clause that has no way of its own below: each column as an entry of its unit, never by a quantity."""
        found: Rows = []
        for k in range(int(self.rng.integers(1, entry.most + 1))):
            row: dict[str, Any] = {}
            for column in entry.columns:
                if column.unit == "quantity":
                    row[column.name] = self.input(f"given_{column.name}_{k}", NUMBERS["share"])
                elif column.unit == "choice":
                    row[column.name] = self.one_of(column.choices)
                else:
                    row[column.name] = self.by_year(
                        number_for(self.kind.name, column.name, column.unit, column.low, column.high)
                    )
            found.append(row)
        return found

    def clause(self) -> dict[str, Any]:
        """The clause that this contract is about."""
        term = self.term = {"id": "it", "kind": self.kind.name}
        for entry in self.kind.fields:
            if entry.default is None or entry.name == "edges" or self.chance(0.7):
                term[entry.name] = self.entry(entry)
        if term.get("counts") == "franchise":
            term["layers"] = term["layers"][:1]
        if self.kind.name == "overall_limit":
            name, use = self.one_of(LIMITS)
            term[name] = self.by_year(NUMBERS[use])
        if self.kind.moves and self.chance(0.5):
            payer, payee = self.rng.permutation(len(PARTIES))[:2]
            term |= {"payer": PARTIES[payer], "payee": PARTIES[payee]}
        if self.kind.moves and self.chance(0.25):
            term["scaled_by"] = self.input("scale", COLUMNS["one_share"])
        if self.kind.remembers and self.chance(0.3):
            term["resets_every"] = int(self.rng.integers(1, 5))
        if self.chance(0.3):
            start = int(self.rng.integers(1, self.years + 1))
            term["in_force"] = {"from": start, "to": int(self.rng.integers(start, self.years + 1))}
        return term

    def contract(self) -> Contract:
        """The clause, with payments and sums before it and readers of it behind it."""
        clause = self.clause()
        before = [
            payment("before_pay", "commissioner", "provider", self.by_year(money)),
            payment("before_fee", "commissioner", "provider", self.by_year(signed)),
            payment("before_back", "provider", "commissioner", 0.5, "before_fee"),
            {"id": "before_sum", "kind": "formula", "value": "max(0, base_money - 0.25 * before_pay)"},
            {"id": "lagged", "kind": "formula", "value": LAST_YEAR},
        ]
        shown = [f"it.{figure.name}" for figure in self.kind.shows]
        after = [
            {"id": "after_sum", "kind": "formula", "value": " + ".join([READ_BEHIND, "lagged", *shown])},
            payment("after_pay", "fund", "hospital", 0.5, self.one_of(["it", *shown])),
        ]
        inputs = [{"name": name, "unit": "number", "doc": "drawn"} for name in self.draws]
        raw = {
            "schema_version": 1, "title": "Drawn", "currency": "GBP", "price_basis": "cash", "first_year": "2018",
            "years": self.years, "parties": [{"name": "fund", "title": "Fund", "public": False}], "inputs": inputs,
            "terms": [*before, clause, *after],
        }  # fmt: skip
        return read_contract(raw, f"drawn: {raw}", "drawn", None, study=False)[0]

    def anew(self) -> dict[str, Draw]:
        """Now and then a column of the table that gives a number or a choice of the clause anew."""
        fields = [f for f in self.kind.fields if (f.is_number or f.unit == "choice") and f.name not in BOUND_TO_ROWS]
        if not fields or self.chance(0.7):
            return {}
        entry = self.one_of(fields)
        if entry.unit == "choice":
            return {f"it.{entry.name}": pick(int(self.rng.integers(len(entry.choices))))}
        return {f"it.{entry.name}": number_for(self.kind.name, entry.name, entry.unit)}

    def tables(self, contract: Contract, cases: int) -> Iterator[tuple[int, list[dict[str, float]]]]:
        """Cases: the first contract year of each, and what each of its years gives. A case may start late and end early."""
        names = {q.name: COLUMNS.get(q.name, money) for q in STANDARD} | self.draws
        for term in contract.terms:
            rows = term.values.get("indicators", [])
            names |= {f"indicator.{row['name']}": NUMBERS["number"] for row in rows}
        names |= self.anew()
        for _ in range(cases):
            first = int(self.rng.integers(self.years)) if self.chance(0.25) else 0
            last = int(self.rng.integers(first, self.years)) if self.chance(0.5) else self.years - 1
            yield first, [{name: draw(self.rng) for name, draw in names.items()} for _ in range(first, last + 1)]


def payment(name: str, payer: str, payee: str, price: Any, of: str = "one") -> dict[str, Any]:
    """A payment clause."""
    return {"id": name, "kind": "payment", "payer": payer, "payee": payee, "price": price, "of": of}


def slots(drawn: DrawnContract, unit: float, first: str, end: str, *, size: bool, open_end: bool) -> Rows:
    """Rows that do not overlap: each lies in a slot of its own, by year where numbers vary; some leave gaps."""
    rows: Rows = []
    for k in range(int(drawn.rng.integers(1, 5))):
        start = drawn.by_year(lambda rng, k=k: unit * (k + float(rng.integers(0, 3)) / 4.0))
        ends = drawn.by_year(lambda rng, k=k: unit * (k + float(rng.integers(3, 5)) / 4.0))
        if size:
            ends = drawn.by_year(lambda rng: unit * float(rng.integers(1, 3)) / 4.0)
        rows.append({first: start, end: ends, "share": drawn.by_year(NUMBERS["share"])})
    if open_end and drawn.chance(0.4):
        rows[-1][end] = UNUSED
        if drawn.chance(0.5):
            del rows[-1][end]
    return rows


def layers(drawn: DrawnContract) -> Rows:
    """Layers as multiples of a base, or in money, in any order."""
    rows = slots(drawn, drawn.one_of([0.25, LEVEL / 4]), "attachment", "limit", size=True, open_end=True)
    return [rows[k] for k in drawn.rng.permutation(len(rows))]


def bands(drawn: DrawnContract) -> Rows:
    """Bands to either side, or to one."""
    unit = 0.0625 if drawn.term.get("edges") == "share_of_target" else LEVEL / 16
    sides = drawn.one_of([("gain",), ("loss",), ("gain", "loss")])
    return [
        {"side": side, **row} for side in sides for row in slots(drawn, unit, "from", "to", size=False, open_end=True)
    ]


def tiers(drawn: DrawnContract) -> Rows:
    """Tiers as shares of the expected spend, each from the end of the one before; by year where they all move together."""
    edges = [drawn.by_year(lambda rng, k=k: (k + float(rng.integers(0, 5)) / 8.0) / 16.0) for k in range(5)]
    edges[0] = drawn.one_of([0.0, edges[0]])
    count = int(drawn.rng.integers(1, 5))
    share = NUMBERS["share"]
    return [{"from": edges[k], "to": edges[k + 1], "share": drawn.by_year(share)} for k in range(count)]


def surplus_layers(drawn: DrawnContract) -> Rows:
    """Layers of a surplus in money."""
    return slots(drawn, LEVEL / 8, "from", "to", size=False, open_end=False)


def points(drawn: DrawnContract) -> Rows:
    """Points of a scale in rising order."""
    unit = drawn.one_of([0.5, LEVEL / 4])
    return [
        {
            "at": drawn.by_year(lambda rng, k=k: unit * (k + float(rng.integers(0, 4)) / 8.0)),
            "value": drawn.by_year(NUMBERS["number"]),
        }
        for k in range(int(drawn.rng.integers(1, 7)))
    ]  # fmt: skip


def limited(drawn: DrawnContract) -> Rows:
    """Clauses that are limited together."""
    rows: Rows = [{"clause": "before_pay"}, {"clause": "before_fee", "weight": drawn.by_year(NUMBERS["number"])}]
    return [*rows, {"clause": "before_back", "weight": -1.0}][: int(drawn.rng.integers(1, 4))]


def indicators(drawn: DrawnContract) -> Rows:
    """Indicators that should rise or fall, or whose floor is their target; weights in eighths that add to one."""
    weights = drawn.one_of([(1.0,), (0.5, 0.5), (0.25, 0.75), (0.125, 0.375, 0.5), (1.0, 0.0)])
    rows: Rows = []
    for name, weight in zip("abc", weights, strict=False):
        floor, target = (drawn.by_year(NUMBERS["number"]) for _ in range(2))
        effect = drawn.one_of([0.0, 0.5, 0.9])
        rows.append({"name": name, "weight": weight, "floor": floor, "target": target, "exception_effect": effect})
    return rows


ROWS = {
    "gain_loss_share.tiers": tiers,
    "gain_loss_share.loss_tiers": tiers,
    "surplus_fee.layers": surplus_layers,
    "layered_share.layers": layers,
    "corridor.bands": bands,
    "overall_limit.of": limited,
    "sliding_scale.points": points,
    "improvement_payment.indicators": indicators,
}
