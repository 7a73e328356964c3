"""Reading a contract file, with `extends` and change sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..contract import Contract, Term
from ..drivers.parameters import PARAMETERS
from ..errors import ConfigError, nearest
from ..layout import MAX_INDICATORS, MAX_TERMS, MAX_YEARS, PARTIES
from ..place import Place
from ..terms import TERMS, Field
from ..units import first_year_number
from .folders import find
from .section import _REQUIRED, Section, merge, read_toml

KINDS = {kind.name: kind for kind in TERMS}
PLAN = ("funding_growth", "need_and_list_growth", "input_price_growth", "productivity_growth")


def clause_tables(data: dict[str, Any], file: object, key: str) -> list[dict[str, Any]]:
    """The tables under `terms`, before anything is laid over them. Raises ConfigError where they are no list of tables."""
    terms = data.get("terms", [])
    if not isinstance(terms, list) or not all(isinstance(term, dict) for term in terms):
        raise ConfigError("this should be a list of tables", file=file, key=key, value=terms, expected="[[terms]]")
    return terms


def load_raw(path: Path, configs: Path, seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """The contract file with everything that it `extends` underneath. Raises ConfigError on a circle."""
    data = read_toml(path)
    clause_tables(data, path, "terms")
    parent = data.pop("extends", None)
    if parent is None:
        return data
    if not isinstance(parent, str) or parent in seen:
        raise ConfigError(
            "a contract cannot extend itself",
            file=path,
            key="extends",
            value=parent,
            expected="the name of another contract",
        )
    return merge(load_raw(find("contracts", parent, configs), configs, (*seen, parent)), data)


def _field_value(section: Section, field: Field) -> Any:
    default = _REQUIRED if field.default is None else field.default
    if field.unit == "choice":
        return section.text(field.name, default, field.choices)
    if field.unit == "rows":
        rows = []
        for row in section.rows(field.name, default):
            rows.append({column.name: _column_value(row, column) for column in field.columns})
            row.finish()
        return rows
    return section.number(field.name, field.unit, field.low, field.high, default, by_year=not field.fixed)


def _column_value(row: Section, column: Field) -> Any:
    if column.unit == "indicator":
        return row.text(column.name)
    default = _REQUIRED if column.default is None else column.default
    return row.number(column.name, column.unit, column.low, column.high, default, by_year=not column.fixed)


def _term(section: Section) -> Term:
    kind = KINDS[section.text("kind", choices=tuple(KINDS))]
    name = section.text("id", kind.name)
    payer, payee = section.text("payer", kind.payer, PARTIES), section.text("payee", kind.payee, PARTIES)
    if payer == payee:
        raise section.fail("payee", "a clause needs two parties", payee, f"another party than {payer}")
    term = Term(name, kind, payer, payee, {field.name: _field_value(section, field) for field in kind.fields})
    section.finish()
    return term


def _check_term(term: Term, section: Section, years: int, place: Place | None) -> None:
    """Raise the first finding of the clause's own check in any year, and names of indicators that the place lacks."""
    for year in range(years):
        for key, sentence in term.kind.check(term.at(year)):
            raise section.fail(key, sentence, expected=f"see the clause {term.kind.title} in the method book")
    known = [indicator.name for indicator in place.indicators] if place else []
    for row in term.values.get("indicators", []):
        if place and row["name"] not in known:
            raise section.fail(
                "indicators.name",
                "the place has no such indicator",
                row["name"],
                ", ".join(known),
                nearest(row["name"], known),
            )


def _check_order(term: Term, section: Section, earlier: list[str], years: int) -> None:
    """Raise where a clause may stand once and stands again, or where a clause that it reads does not stand before it."""
    kind = term.kind
    if kind.once and kind.name in earlier:
        raise section.fail("kind", "a contract has one clause of this kind", kind.name, f"one {kind.name}")
    for needed in dict.fromkeys((kind.needs, *(kind.needs_for(term.at(year)) for year in range(years)))):
        if needed and not set(needed) & set(earlier):
            first = " or ".join(needed)
            message = f"this clause reads what another says, and that one must stand before it: {first}"
            raise section.fail("kind", message, kind.name, f"{first} earlier in the contract")


def read_contract(raw: dict[str, Any], file: object, name: str, place: Place | None) -> tuple[Contract, dict[str, Any]]:
    """The contract in `raw` (what stands in `file`, changes laid over it), and its effective form."""
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    title, _ = top.text("title"), top.text("currency", "GBP", ("GBP",))
    basis, first = top.text("price_basis"), top.text("first_year")
    try:
        first_year_number(first)
    except ConfigError as error:
        raise top.fail("first_year", error.message, first, error.expected) from None
    years = top.whole("years", 1, MAX_YEARS)
    plan = top.section("plan")
    planned = {name: plan.number(name, "per year", -0.2, 0.2) for name in PLAN}
    plan.finish()
    mark = top.section("benchmark")
    benchmark = {
        "opening_gbp": mark.number("opening_gbp", "GBP", 0.0, 1e11), "growth": mark.number("growth", "per year", -0.2, 0.2),
        "planned_reduction": mark.number("planned_reduction", "share", -0.5, 0.9),
        "phase_years": mark.number("phase_years", "years", 1.0, 30.0),
    }  # fmt: skip
    mark.finish()
    scope = _scope(top, place)
    sections = top.rows("terms")
    terms = tuple(_term(section) for section in sections)
    _check_terms(top, terms, sections, years, place)
    end = top.section("ending")
    ending = {q.name: end.number(q.name, q.unit, q.low, q.high) for q in PARAMETERS if q.owner == "contract"}
    end.finish()
    top.finish()
    return Contract(name, title, basis, first, years, terms, scope, planned, benchmark, ending), top.effective


def _scope(top: Section, place: Place | None) -> dict[str, float]:
    scope: dict[str, float] = {}
    known = [line.name for line in place.lines] if place else []
    for row in top.rows("scope"):
        name = row.text("line")
        if place and name not in known:
            raise row.fail("line", "the place has no such service line", name, ", ".join(known), nearest(name, known))
        if name in scope:
            raise row.fail("line", "this line stands in the scope twice", name, "each line once")
        scope[name] = row.number("base_gbp", "GBP", 0.0, 1e11).value
        row.finish()
    if sum(scope.values()) <= 0.0:
        raise top.fail("scope", "the scope costs nothing", expected="at least one service line with a base cost")
    return scope


def _check_terms(
    top: Section, terms: tuple[Term, ...], sections: list[Section], years: int, place: Place | None
) -> None:
    ids = [term.id for term in terms]
    for k, name in enumerate(ids):
        if name in ids[:k]:
            raise sections[k].fail("id", "two clauses have the same id", name, 'a different id = "…" for each')
    if len(terms) > MAX_TERMS:
        raise top.fail("terms", f"{len(terms)} clauses are too many", expected=f"at most {MAX_TERMS}")
    if not any(term.kind.name == "annual_payment" for term in terms):
        raise top.fail("terms", "the contract has no annual payment", expected='a clause of kind = "annual_payment"')
    for k, (term, section) in enumerate(zip(terms, sections, strict=True)):
        _check_order(term, section, [earlier.kind.name for earlier in terms[:k]], years)
        _check_term(term, section, years, place)
        if len(term.values.get("indicators", [])) > MAX_INDICATORS:
            raise section.fail("indicators", "too many indicators", expected=f"at most {MAX_INDICATORS}")
