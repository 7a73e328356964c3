"""Contract files as nobody should write them: put together from the register, or shipped ones with entries upset."""

from __future__ import annotations

import copy
import datetime
import math
from collections.abc import Iterator
from random import Random
from typing import Any

from stresstest.terms import TERMS, Field, TermKind

NUMBERS = (0, 1, -1, 2, 3, 0.5, 0.25, 1.5, -0.0, 12, 99, 100, 1e6, 1e9, 1e12, 1e18, -1e18, 5e-324)
ODD_NUMBERS = (math.nan, math.inf, -math.inf, 1e19, 1e300, -1e308, 10**18, 10**400, -(10**30), 16**5000, 1e-300)
WORDS = (
    "x", "y", "z", "pay", "one", "income", "score", "annual_payment", "acute_actual", "acute_expected", "net.provider",
    "received.fund", "net.nobody", "indicator.q", "it", "it.gap", "after", "after.gap", "north.x", "commissioner",
    "provider",
    "fund", "hospital", "status-quo", "mssp-base", "formula", "payment", "gain", "annual", "2018", "2019", "2018/19", "1",
)  # fmt: skip
ODD_WORDS = (
    "", " ", "\n", "x\n", "\x00", "\u202e", "ﬁ", "été", "💷", "a" * 300, "a.b.c.d.e", ".", "..", "/", "../..", "if",
    "lambda", "None",
    "net", "received", "indicator", "indicator.", "1e5", "nan", "=", "#", '"', "'", "x y", "\ud800", "٣", "²", "x[0]",
    "__import__",
)  # fmt: skip
PIECES = (
    "x", "y", "1", "0", "2.5", "1e999", "one", "net.provider", "+", "-", "*", "/", "**", "(", ")", "<", ">=", "==", "!=",
    "and", "or", "not", "if", "else", "min", "max(", "ratio(", "clip(", "abs(", "log(", "sqrt(", "exp(", ",", ".", "[", "]",
    "lambda", ":",
    "=", "'", "#", "\n", "for", "in", "0x", "1_0", "1if", "é", "@", "~", "%", "//", "->", "await", "f''", "...",
)  # fmt: skip


class Fuzzed:
    """Draws from one source of chance, so that a failing example is made smaller by hypothesis."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.wildness = self.one_of((0, 1, 1, 1, 6))

    def one_in(self, count: int) -> bool:
        """True once in `count` times."""
        return self.chance.randrange(count) == count - 1

    def odd_in(self, count: int) -> bool:
        """True once in `count` times, more often in a wild contract and never in a tame one."""
        return self.chance.randrange(count) >= count - self.wildness

    def one_of(self, options: Any) -> Any:
        """One of several."""
        return options[self.chance.randrange(len(options))]

    def word(self) -> str:
        """A name that may stand in a contract, or an odd one."""
        return self.one_of(ODD_WORDS) if self.one_in(6) else self.one_of(WORDS)

    def anything(self, depth: int = 0) -> Any:
        """Any value that a file can hold."""
        kind = self.chance.randrange(8 if depth < 3 else 5)
        if kind == 0:
            return self.one_of(NUMBERS)
        if kind == 1:
            return self.one_of(ODD_NUMBERS)
        if kind == 2:
            return self.word()
        if kind == 3:
            return self.one_of((True, False, [], {}, [[]], [{}], datetime.date(2018, 4, 1), datetime.time(1, 2)))
        if kind == 4:
            return self.nested(self.one_of((2, 20, 400)))
        if kind == 5:
            return [self.anything(depth + 1) for _ in range(self.chance.randrange(4))]
        if kind == 6:
            return {self.word(): self.anything(depth + 1) for _ in range(self.chance.randrange(4))}
        return self.number_form(self.anything(depth + 1))

    def nested(self, depth: int) -> Any:
        """Lists or tables inside one another."""
        value: Any = 1
        wrapped = self.one_in(2)
        for _ in range(depth):
            value = {"a": value} if wrapped else [value]
        return value

    def number_form(self, value: Any) -> Any:
        """A number in one of the forms that a clause may give it, at times with entries that do not go together."""
        years = (
            {"from": 1, "value": value},
            {"from": "2019", "value": 0.5},
            {"from": 3, "value": value},
            {"from": 9, "value": 1},
        )
        forms: tuple[Any, ...] = (
            value, [value], [value, value], {"value": value}, {"value": [value, 0.5], "unit": "x", "quality": "judgement"},
            {"value": value, "growth": self.one_of((0.02, -2.0, [0.1, 0.2], [], "x", 1e300))},
            {"value": value, "index": self.one_of(("tariff", "none", 3))},
            {"dated": list(years[: self.chance.randrange(5)])}, {"dated": [years[1]], "value": 1.0}, {"valeu": value},
            {"value": value, "quality": "sure"}, {"value": value, "source": 3},
        )  # fmt: skip
        return self.one_of(forms[:5]) if self.one_in(2) else self.one_of(forms)

    def number(self, entry: Field) -> Any:
        """A number of a clause: mostly within its bounds, at times out of them, by year, or the name of a quantity."""
        inside = [n for n in (*NUMBERS, entry.low, entry.high, entry.default or 0.0) if entry.low <= n <= entry.high]
        if entry.unit.startswith("whole") or entry.unit == "0 or 1":
            inside = [n for n in inside if n == int(n) and (n in (0, 1) or entry.unit != "0 or 1")]
        value: Any = self.one_of(inside)
        if self.odd_in(100):
            return self.number_form(self.one_of(NUMBERS))
        if self.one_in(12) and not entry.fixed:
            return self.one_of(
                ("x", "y", "one", [value, value], {"value": value}, {"dated": [{"from": 1, "value": value}]})
            )
        return value

    def formula(self) -> str:
        """Random words between the operators, or a sum that can be read."""
        if self.one_in(2):
            return self.one_of((
                "x", "x + y * 2", "1 / x", "max(0, x - 0.9 * y)", "ratio(x, y)", "x if y > 0 else -x", "log(x) + exp(y)",
                "x ** y",
                "clip(x, 0, 1)", "sqrt(x - y)", "not x or y and 1", "net.provider - pay", "it", "1e300 * 1e300 * x", "x != x",
            ))  # fmt: skip
        return " ".join(self.one_of(PIECES) for _ in range(self.chance.randrange(14)))

    def entry(self, entry: Field) -> Any:
        """What stands in one entry of a clause."""
        if self.odd_in(100):
            return self.anything()
        if entry.unit == "choice":
            return self.one_of(entry.choices)
        if entry.unit in ("quantity", "indicator"):
            return (
                self.word()
                if self.odd_in(40)
                else self.one_of(("x", "y", "one", "pay", "net.provider", "received.fund"))
            )
        if entry.unit == "formula":
            return self.formula()
        if entry.unit == "rows":
            rows = self.one_of((0, 2, 3, entry.most, entry.most + 1)) if self.odd_in(20) else self.one_of((1, 1, 1, 2))
            return [self.row(entry.columns) for _ in range(rows)]
        return self.number(entry)

    def row(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        """A table of entries: those that have to be there, and some that need not."""
        row = {f.name: self.entry(f) for f in fields if (f.default is None or self.one_in(3)) and not self.odd_in(200)}
        if self.odd_in(200):
            row[self.word()] = self.anything()
        return row

    def clause(self, kind: TermKind, name: str) -> dict[str, Any]:
        """A clause of a kind, mostly right."""
        clause = {"id": name, "kind": kind.name, **self.row(kind.fields)}
        if kind.moves and self.one_in(3):
            clause |= {"payer": self.one_of(("commissioner", "fund")), "payee": self.one_of(("provider", "hospital"))}
        if self.one_in(6):
            clause["scaled_by"] = self.one_of(("x", "y", "one", "pay"))
        if self.one_in(6):
            clause["in_force"] = self.one_of(({"from": 1}, {"to": 1}, {"from": 1, "to": 1}, {}))
        odd = ("payer", "payee", "scaled_by", "note", "id", "in_force", "kind", "before", "source")
        if self.odd_in(40):
            clause[self.one_of(odd)] = self.one_of(
                (self.word(), self.anything(), {"from": self.word(), "to": self.anything()})
            )
        return clause

    def contract(self) -> dict[str, Any]:
        """A whole contract: an input or two, a payment, and one to four clauses of any kinds."""
        inputs: list[Any] = [
            {"name": "x", "unit": "GBP", "doc": "a sum"},
            {"name": "y", "unit": "share", "default": 0.5},
        ]
        terms: list[Any] = [{"id": "pay", "kind": "payment", "price": 2.0, "of": "x"}]
        names = ("it", "after", "north", "last")
        terms += [self.clause(self.one_of(TERMS), names[k]) for k in range(1 + self.chance.randrange(3))]
        raw: dict[str, Any] = {
            "schema_version": 1, "title": "Fuzzed", "price_basis": "cash", "first_year": self.one_of(("2018", "2018/19")),
            "years": self.one_of((1, 3, 3, 3, 30)), "parties": [{"name": "fund", "title": "Fund", "public": True}],
            "inputs": inputs, "indices": {"tariff": [0.01, 0.02]}, "terms": terms,
        }  # fmt: skip
        if self.odd_in(12):
            self.upset(raw)
        if self.one_in(12):
            raw["subcontracts"] = [self.subcontract()]
        return raw

    def upset(self, raw: dict[str, Any]) -> None:
        """Put something odd at the top of a contract."""
        key, values = self.one_of((
            ("inputs", [{"name": self.word(), "unit": self.one_of(("GBP", "0 or 1", self.word())), "low": self.one_of(NUMBERS)}]),
            ("inputs", [{"name": "z", "unit": "GBP", "follows": self.word(), "value": self.anything(), "low": self.anything()}]),
            ("parties", [{"name": self.word(), "title": "Fund"}]), ("subcontracts", [self.subcontract()]),
            ("terms", [self.clause(self.one_of(TERMS), "last")]), ("indices", {self.word(): self.anything()}),
            ("plan", self.anything()), ("scope", [{"line": "all", "base_gbp": self.anything()}]), (self.word(), self.anything()),
            ("years", self.anything()), ("first_year", self.word()), ("currency", self.word()), ("terms", self.anything()),
            ("title", self.anything()), ("inputs", self.anything()),
        ))  # fmt: skip
        raw[key] = raw[key] + values if isinstance(raw.get(key), list) and isinstance(values, list) else values

    def subcontract(self) -> dict[str, Any]:
        """A contract inside the contract."""
        odd = {
            "id": self.word(), "contract": self.word(), "inputs": {self.word(): self.formula()}, "before": self.word(),
            "parties": {self.word(): self.one_of(("fund", self.word()))},
        }  # fmt: skip
        right = {
            "id": "inner", "contract": "neighbourhood-single", "inputs": {"people": "x", "outcomes": "y"},
            "parties": {"commissioner": "provider", "provider": "fund"},
        }  # fmt: skip
        return {**right, **{key: value for key, value in odd.items() if self.odd_in(12)}}

    def mutated(self, raw: dict[str, Any]) -> dict[str, Any]:
        """A contract with one or two entries left out, put twice, moved or replaced."""
        raw = copy.deepcopy(raw)
        for _ in range(self.one_of((1, 1, 2))):
            place, key = self.one_of(list(entries(raw)))
            self.mutate(place, key)
        return raw

    def mutate(self, place: Any, key: Any) -> None:
        """Change one entry of a table or a list."""
        change = self.chance.randrange(6)
        if isinstance(place[key], (int, float)) and abs(place[key]) < 1e300 and change < 4:
            place[key] = self.one_of((*NUMBERS, place[key] * 100, place[key] / 2, -place[key], "one", [place[key]]))
        elif change == 0:
            del place[key]
        elif change == 1 and isinstance(place, list):
            place.insert(self.chance.randrange(len(place) + 1), copy.deepcopy(place[key]))
        elif change == 2 and isinstance(place, list):
            place.append(place.pop(key))
        elif change == 3 and isinstance(place, dict):
            place[self.word()] = place.pop(key)
        elif change == 4 and isinstance(place, dict):
            other, there = self.one_of(list(entries(place)))
            place[key] = copy.deepcopy(other[there])
        else:
            place[key] = self.anything()


def entries(place: Any) -> Iterator[tuple[Any, Any]]:
    """Every entry of a table or a list and of what is inside it, as (table or list, key)."""
    for key, value in list(place.items() if isinstance(place, dict) else enumerate(place)):
        yield place, key
        if isinstance(value, (dict, list)):
            yield from entries(value)
