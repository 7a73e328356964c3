"""Reading one clause of a contract file."""

from __future__ import annotations

import keyword
import re
from typing import Any

from ..contract import Term
from ..layout import MAX_SETTLED_YEARS
from ..place import Quantity
from ..terms import TERMS, Field, TermKind
from ..terms._formula import FormulaError
from ..terms._formula import names as formula_names
from ..wiring import Reference
from .section import _REQUIRED, Section
from .values import Calendar, expand

KINDS = {kind.name: kind for kind in TERMS}
NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$")
UNUSED = "the default of the clause: the contract says nothing else"
NAMED_SO = "letters, digits and _, beginning with a letter"


def name_entry(section: Section, key: str, default: Any = _REQUIRED) -> str:
    """A name that other entries can point at."""
    name = section.text(key, default)
    if not NAME.fullmatch(name) or any(keyword.iskeyword(part) for part in name.split(".")):
        raise section.fail(key, "not a name", name, NAMED_SO)
    return name


def read_field(section: Section, field: Field, calendar: Calendar, in_row: bool = False) -> Any:
    """The value of a clause's entry: see Term.values."""
    default = _REQUIRED if field.default is None else field.default
    if field.unit == "choice":
        return section.text(field.name, default, field.choices)
    if field.unit in ("quantity", "indicator"):
        return section.text(field.name, default)
    if field.unit == "formula":
        return _formula(section, field, default)
    if field.unit == "rows":
        return _rows(section, field, default, calendar)
    if isinstance(section.peek(field.name), str) and not in_row:
        if field.fixed:
            raise section.fail(field.name, "this entry is one number for the whole contract", expected="a number")
        return Reference(name_entry(section, field.name))
    if section.peek(field.name) is None and field.default is not None:
        default = {"value": field.default, "source": UNUSED}
    expand(section, field.name, calendar)
    return section.number(field.name, field.unit, field.low, field.high, default, by_year=not field.fixed)


def _formula(section: Section, field: Field, default: Any) -> str:
    text = section.text(field.name, default)
    try:
        reads = formula_names(text)
        field_of_program(text, reads, field)
    except FormulaError as error:
        raise section.fail(field.name, str(error), text, "a sum over quantities, such as max(0, a - 0.9 * b)") from None
    return text


def field_of_program(text: str, reads: tuple[str, ...], field: Field) -> None:
    """Raise FormulaError where a formula takes more steps than the field has room for."""
    from ..terms._formula import program

    steps = len(program(text, dict.fromkeys(reads, 0))) // 2
    if steps > field.most:
        raise FormulaError(f"the formula takes {steps} steps, the most is {field.most}; split it into two figures")


def _rows(section: Section, field: Field, default: Any, calendar: Calendar) -> list[dict[str, Any]]:
    rows = []
    sections = section.rows(field.name, default)
    if field.most and len(sections) > field.most:
        raise section.fail(field.name, f"there are {len(sections)} rows here", expected=f"at most {field.most}")
    for row in sections:
        rows.append({column.name: read_field(row, column, calendar, in_row=True) for column in field.columns})
        row.finish()
    return rows


def _in_force(section: Section, calendar: Calendar) -> tuple[int, int]:
    if section.peek("in_force") is None:
        return 0, MAX_SETTLED_YEARS
    table = section.section("in_force")
    start = calendar.year(table, "from", table.anything("from", 1))
    end = calendar.year(table, "to", table.anything("to", calendar.years))
    table.finish()
    if end < start:
        raise section.fail("in_force", "the clause ends before it begins", expected="to not before from")
    return start, end


def read_term(section: Section, parties: tuple[str, ...], calendar: Calendar) -> Term:
    """One clause. Raises ConfigError, placed, for anything that cannot be right in it alone."""
    kind: TermKind = KINDS[section.text("kind", choices=tuple(KINDS))]
    name = name_entry(section, "id", kind.name)
    payer, payee = kind.payer, kind.payee
    if kind.moves:
        payer, payee = section.text("payer", kind.payer, parties), section.text("payee", kind.payee, parties)
        if payer == payee:
            raise section.fail("payee", "a clause needs two parties", payee, f"another party than {payer}")
    scaled_by = section.text("scaled_by", "") if section.peek("scaled_by") is not None else ""
    start, end = _in_force(section, calendar)
    note = section.text("note", "") if section.peek("note") is not None else ""
    resets = section.whole("resets_every", 1, MAX_SETTLED_YEARS) if section.peek("resets_every") is not None else 0
    if resets and not kind.remembers:
        raise section.fail("resets_every", "this clause remembers nothing that could start anew", resets, "no such entry")
    values = {field.name: read_field(section, field, calendar) for field in kind.fields}
    section.finish()
    return Term(name, kind, payer, payee, values, scaled_by, start, end, note, resets)


def value_form(value: Any) -> Any:
    """A clause's value as it can be written to a file and read again."""
    if isinstance(value, Quantity):
        number: Any = list(value.values) if len(value.values) > 1 else value.values[0]
        return {"value": number, "unit": value.unit, "source": value.source, "quality": value.quality}
    if isinstance(value, Reference):
        return value.name
    if isinstance(value, (list, tuple)):
        return [{key: value_form(entry) for key, entry in row.items()} for row in value]
    return value


def term_form(term: Term) -> dict[str, Any]:
    """A clause as a table that `read_term` reads back."""
    form: dict[str, Any] = {"kind": term.kind.name, "id": term.id}
    if term.kind.moves:
        form |= {"payer": term.payer, "payee": term.payee}
    if term.scaled_by:
        form["scaled_by"] = term.scaled_by
    if (term.start, term.end) != (0, MAX_SETTLED_YEARS):
        form["in_force"] = {"from": term.start + 1, "to": term.end + 1}
    if term.resets_every:
        form["resets_every"] = term.resets_every
    if term.note:
        form["note"] = term.note
    return form | {name: value_form(value) for name, value in term.values.items()}
