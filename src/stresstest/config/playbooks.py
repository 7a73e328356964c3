"""Reading a library of mitigations: what may be done about a failure, each as changes of a contract that can be tried.

    schema_version = 1
    title = "…"
    [[mitigation]]
    id = "larger_reserve"
    words = "a reserve of a tenth of a year's budget"
    kind = "reserve"                              # change set, reserve, trigger, buy-out
    answers = ["walks_away"]                      # failures that it is meant for
    changes = ["ending.reserve += 0.05 of budget"]
    agree = ["provider's owners"]                 # who must agree
    notice_years = 1.0                            # from the decision until it works
    cost = "who pays for it, and what of it the tables do not count"
    quality = "judgement"
    source = "…"

A change is CLAUSE.ENTRY = VALUE, CLAUSE.ENTRY *= FACTOR or CLAUSE.ENTRY += VALUE; "of budget" after a number makes it a
multiple of the first year's agreed budget. `[[mitigation.clause]]` adds a clause behind the others: id, kind, payer, payee,
scaled_by, in_force and its entries under `fields`. `outlay` is what the commissioner spends at the start outside the contract,
as a share of the first year's budget. `incentive = true` marks what works through the provider's own choices, so that its
answer has to be found again. The last clause of a trigger is the one that pays.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import nearest
from ..terms import TERM_NUMBER
from .folders import config_folder
from .section import QUALITIES, Section, read_toml

KINDS = ("change set", "reserve", "trigger", "buy-out")
STANDARD = "standard"
_CHANGE = re.compile(r"^\s*([A-Za-z][A-Za-z0-9_.]*)\.([a-z][a-z0-9_]*)\s*(\*=|\+=|=)\s*(.+?)\s*$")
_OF_BUDGET = " of budget"
_FORM = (
    "CLAUSE.ENTRY = VALUE, CLAUSE.ENTRY *= FACTOR or CLAUSE.ENTRY += VALUE, a number perhaps followed by “of budget”"
)


@dataclass(frozen=True)
class Change:
    """One entry of one clause (or of the "ending"), changed: `sign` is =, *= or +=; `value` a number or a choice."""

    clause: str
    entry: str
    sign: str
    value: float | str
    of_budget: bool = False

    @property
    def words(self) -> str:
        """The change as it was written."""
        value = self.value if isinstance(self.value, str) else f"{self.value:g}"
        return f"{self.clause}.{self.entry} {self.sign} {value}{_OF_BUDGET if self.of_budget else ''}"


@dataclass(frozen=True)
class Mitigation:
    """One thing that may be done. `clauses` are tables as Contract.with_clause takes them, with scaled_by and in_force
    besides."""

    id: str
    words: str
    kind: str
    answers: tuple[str, ...]
    changes: tuple[Change, ...]
    clauses: tuple[dict[str, Any], ...]
    agree: tuple[str, ...]
    notice_years: float
    cost: str
    quality: str
    source: str
    outlay: float = 0.0
    incentive: bool = False

    @property
    def paying_clause(self) -> str:
        """The clause that pays once a trigger has been called: its last one; "" for a mitigation without clauses."""
        return str(self.clauses[-1]["id"]) if self.clauses else ""


def playbook_file(library: Path | str | None = None) -> Path:
    """The library's file: a path, or a name in configs/playbooks/ (default: the standard one)."""
    name = str(library or STANDARD)
    path = Path(name)
    return path if path.suffix == ".toml" else config_folder() / "playbooks" / f"{name}.toml"


def read_playbook(library: Path | str | None = None) -> tuple[Mitigation, ...]:
    """Every mitigation of a library. Raises ConfigError, placed, for what cannot be read.

    Whether a contract has the clauses is seen when a mitigation is laid over it.
    """
    path = playbook_file(library)
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    top.text("title", "")
    found: list[Mitigation] = []
    for row in top.rows("mitigation"):
        one = _mitigation(row)
        if one.id in [other.id for other in found]:
            raise row.fail("id", "two mitigations have this id", one.id, "another id")
        found.append(one)
    top.finish()
    if not found:
        raise top.fail("mitigation", "the library holds no mitigation", expected="at least one [[mitigation]]")
    return tuple(found)


def _mitigation(row: Section) -> Mitigation:
    one = Mitigation(
        id=row.text("id"), words=row.text("words"), kind=row.text("kind", choices=KINDS), answers=_texts(row, "answers"),
        changes=tuple(_change(row, text) for text in _texts(row, "changes", [])),
        clauses=tuple(_clause(inner) for inner in row.rows("clause", [])), agree=_texts(row, "agree"),
        notice_years=row.number("notice_years", "years", 0.0, 30.0).value, cost=row.text("cost"),
        quality=row.text("quality", choices=QUALITIES), source=row.text("source"),
        outlay=row.number("outlay", "share of a year's budget", 0.0, 10.0, 0.0).value,
        incentive=_flag(row, "incentive"),
    )  # fmt: skip
    if not (one.changes or one.clauses):
        raise row.fail(
            "changes", "this mitigation changes nothing", expected='changes = ["…"], or [[mitigation.clause]]'
        )
    if one.kind == "trigger" and not one.clauses:
        raise row.fail(
            "clause",
            "a trigger is a clause that waits for its signal",
            expected="[[mitigation.clause]], the paying one last",
        )
    row.finish()
    return one


def _flag(row: Section, name: str) -> bool:
    value = row.anything(name, False)
    if not isinstance(value, bool):
        raise row.fail(name, "this is a switch", value, "true or false")
    return value


def _texts(row: Section, name: str, default: list[str] | None = None) -> tuple[str, ...]:
    values = row.anything(name, default)
    if (
        not isinstance(values, list)
        or not all(isinstance(value, str) for value in values)
        or (default is None and not values)
    ):
        raise row.fail(name, "this should be a list of texts", values, f'{name} = ["…"]')
    return tuple(values)


def _change(row: Section, text: str) -> Change:
    match = _CHANGE.match(text)
    if match is None:
        raise row.fail("changes", "this is no change of a clause", text, _FORM)
    clause, entry, sign, value = match.groups()
    of_budget = value.endswith(_OF_BUDGET)
    bare = value.removesuffix(_OF_BUDGET).strip().strip('"')
    try:
        number = float(bare.replace("_", ""))
    except ValueError:
        if sign != "=" or of_budget:
            raise row.fail("changes", "a factor or a sum is a number", text, _FORM) from None
        return Change(clause, entry, sign, bare)
    if not math.isfinite(number):
        raise row.fail("changes", "a number is not finite", text, "a finite number")
    return Change(clause, entry, sign, number, of_budget)


def _clause(section: Section) -> dict[str, Any]:
    table: dict[str, Any] = {"id": section.text("id"), "kind": section.text("kind")}
    if table["kind"] not in TERM_NUMBER:
        raise section.fail("kind", "there is no such kind of clause", table["kind"], ", ".join(TERM_NUMBER),
                           nearest(table["kind"], TERM_NUMBER))  # fmt: skip
    for name in ("payer", "payee", "scaled_by"):
        if section.peek(name) is not None:
            table[name] = section.text(name)
    table["from"] = section.whole("from_year", 1, 30, 1)
    table["to"] = section.whole("to_year", table["from"], 400, 400)
    fields = section.anything("fields", {})
    if not isinstance(fields, dict):
        raise section.fail("fields", "this should be a table", fields, "[mitigation.clause.fields]")
    table["fields"] = fields
    section.finish()
    return table
