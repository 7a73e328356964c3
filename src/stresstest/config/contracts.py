"""Reading a contract file, with `extends`, change sets and contracts inside contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..contract import Contract, Input, Party, Term
from ..drivers.parameters import PARAMETERS, Parameter
from ..errors import ConfigError, ContractError, nearest
from ..layout import MAX_INDICATORS, MAX_SETTLED_YEARS, MAX_TERMS, MAX_YEARS, PARTIES
from ..place import Place
from ..terms import BALANCES, BY_NAME, LAST, ONE
from ..wiring import check_names, missing_in_study
from .clauses import name_entry, read_term, term_form, value_form
from .folders import beside, find
from .nested import laid_behind, read_nesting
from .section import Section, merge, read_toml
from .values import Calendar, contract_calendar, expand

PLAN = ("funding_growth", "need_and_list_growth", "input_price_growth", "productivity_growth")
CURRENCIES = ("GBP", "EUR", "USD", "NZD", "AUD", "CHF", "none")
RESERVED = (
    *BALANCES, LAST, ONE, "indicator", "case", "year", "and", "or", "not", "if", "else", "min", "max", "abs", "clip", "ratio",
)  # fmt: skip
#: Who supplies an input's number.
REPORTERS = ("provider", "others", "independent")
DEEPEST = 6


def clause_tables(data: dict[str, Any], file: object, key: str) -> list[dict[str, Any]]:
    """The tables under `terms`, before anything is laid over them. Raises ConfigError where they are no list of tables."""
    terms = data.get("terms", [])
    if not isinstance(terms, list) or not all(isinstance(term, dict) for term in terms):
        raise ConfigError("this should be a list of tables", file=file, key=key, value=terms, expected="[[terms]]")
    return terms


def load_raw(path: Path, configs: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The contract file with everything that it `extends` underneath. Raises ConfigError on a circle.

    Other contracts are looked up beside the file that names them, then in configs/contracts.
    """
    data = read_toml(path)
    clause_tables(data, path, "terms")
    _place_inner(data, path, configs)
    parent = data.pop("extends", None)
    removed = data.pop("remove", [])
    if parent is None and not removed:
        return data
    expected = "the name of another contract"
    if not isinstance(parent, str):
        message = "this should be the name of a contract"
        raise ConfigError(message, file=path, key="extends", value=parent, expected=expected)
    try:
        file = find("contracts", parent, configs, path)
    except ConfigError as error:
        raise ConfigError(
            error.message, file=path, key="extends", value=parent, expected=error.expected, nearest=error.nearest
        ) from None
    seen = (*seen, path.resolve())
    if file.resolve() in seen:
        raise ConfigError("a contract cannot extend itself", file=path, key="extends", value=parent, expected=expected)
    below = _without(load_raw(file, configs, seen), removed, path)
    try:
        return merge(below, data)
    except ConfigError as error:
        raise ConfigError(
            error.message, file=path, key=error.key, value=error.value, expected=error.expected, nearest=error.nearest
        ) from None


def _place_inner(data: dict[str, Any], path: Path, configs: Path) -> None:
    """Write the contracts inside this one that stand beside it as paths: a file elsewhere may extend this one."""
    rows = data.get("subcontracts", [])
    for row in rows if isinstance(rows, list) else []:
        name = row.get("contract") if isinstance(row, dict) else None
        file = beside(name, path) if isinstance(name, str) else None
        if file and (str(name).endswith(".toml") or path.parent.resolve() != (configs / "contracts").resolve()):
            row["contract"] = str(file)


def _without(data: dict[str, Any], removed: Any, path: Path) -> dict[str, Any]:
    """`data` without the clauses whose ids stand in `remove`."""
    ids = [str(term.get("id", term.get("kind"))) for term in data.get("terms", [])]
    if not isinstance(removed, list):
        raise ConfigError(
            "this should be a list of clauses", file=path, key="remove", value=removed, expected=", ".join(ids)
        )
    for name in removed:
        if name not in ids:
            raise ConfigError(
                "the contract has no such clause", file=path, key="remove", value=name, expected=", ".join(ids),
                nearest=nearest(str(name), ids),
            )  # fmt: skip
    kept = [term for name, term in zip(ids, data.get("terms", []), strict=True) if name not in removed]
    return {**data, "terms": kept}


def _parties(top: Section) -> tuple[Party, ...]:
    parties: list[Party] = []
    for row in top.rows("parties", []):
        name = name_entry(row, "name")
        taken = (*PARTIES, *(party.name for party in parties))
        if name in taken:
            raise row.fail("name", "there is a party of this name already", name, "another name")
        parties.append(Party(name, row.text("title", name), _switch(row, "public")))
        row.finish()
    return tuple(parties)


def _switch(section: Section, name: str) -> bool:
    value = section.anything(name, False)
    if not isinstance(value, bool):
        raise section.fail(name, "this is a switch", value, "true or false")
    return value


def _inputs(top: Section, calendar: Calendar) -> tuple[Input, ...]:
    inputs: list[Input] = []
    for row in top.rows("inputs", []):
        name = name_entry(row, "name")
        if name in BY_NAME or name.partition(".")[0] in RESERVED or name in [entry.name for entry in inputs]:
            raise row.fail("name", "this name is taken", name, "another name")
        unit, doc = row.text("unit"), row.text("doc", "")
        least, most = (0.0, 1.0) if unit == "0 or 1" else (-1e15, 1e15)
        low, high = row.number("low", unit, least, most, least).value, row.number("high", unit, least, most, most).value
        if high < low:
            raise row.fail("high", "the highest value lies below the lowest", high, f"at least {low:g}")
        default = row.number("default", unit, low, high).value if row.peek("default") is not None else None
        follows = row.text("follows", "", ("", *BY_NAME)) if row.peek("follows") is not None else ""
        expand(row, "value", calendar)
        value = row.number("value", unit, low, high, by_year=True) if row.peek("value") is not None else None
        reporter = row.text("reported_by", "", REPORTERS) if row.peek("reported_by") is not None else ""
        row.finish()
        inputs.append(Input(name, unit, doc, low, high, default, follows, value, reporter))
    return tuple(inputs)


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
    if len(term.values.get("indicators", [])) > MAX_INDICATORS:
        raise section.fail("indicators", "too many indicators", expected=f"at most {MAX_INDICATORS}")


def read_contract(
    raw: dict[str, Any], file: object, name: str, place: Place | None, configs: Path | None = None, study: bool = True,
    depth: int = 0,
) -> tuple[Contract, dict[str, Any]]:  # fmt: skip
    """The contract in `raw` (what stands in `file`, changes laid over it), and its effective form.

    `study`: it has to hold all that a simulation needs; otherwise what a settlement needs is enough. `configs` is where
    the contracts inside it are looked up.
    """
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    title, currency = top.text("title"), top.text("currency", "GBP", ("GBP",) if study else CURRENCIES)
    basis, first = top.text("price_basis"), top.text("first_year")
    years = top.whole("years", 1, MAX_YEARS if study else MAX_SETTLED_YEARS)
    calendar = contract_calendar(top, years, first)
    planned, benchmark = _plan(top, study), _benchmark(top, study)
    scope = _scope(top, place) if study or top.peek("scope") is not None else {}
    ending = _ending(top, study)
    parties, inputs = _parties(top), _inputs(top, calendar)
    names = PARTIES + tuple(party.name for party in parties)
    sections = top.rows("terms")
    terms = tuple(read_term(section, names, calendar) for section in sections)
    contract = Contract(
        name, title, basis, first, years, terms, scope, planned, benchmark, ending, currency, parties, inputs
    )
    contract, where = _nest(top, contract, sections, configs, depth)
    top.finish()
    if depth == 0:
        _check_terms(top, contract, where, place, study)
    return contract, _effective(top, contract)


def _effective(top: Section, contract: Contract) -> dict[str, Any]:
    """The effective form: everything written out, contracts inside it among its own clauses."""
    form = {key: value for key, value in top.effective.items() if key not in ("subcontracts", "indices")}
    form["terms"] = [term_form(term) for term in contract.terms]
    if contract.parties:
        form["parties"] = [{"name": p.name, "title": p.title, "public": p.public} for p in contract.parties]
    if contract.inputs:
        form["inputs"] = [_input_form(entry) for entry in contract.inputs]
    return {key: value for key, value in form.items() if value not in ([], {})}


def _input_form(entry: Input) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": entry.name,
        "unit": entry.unit,
        "doc": entry.doc,
        "low": entry.low,
        "high": entry.high,
    }
    if entry.default is not None:
        form["default"] = entry.default
    if entry.follows:
        form["follows"] = entry.follows
    if entry.reported_by:
        form["reported_by"] = entry.reported_by
    return form | ({"value": value_form(entry.value)} if entry.value is not None else {})


def _nest(
    top: Section, contract: Contract, sections: list[Section], configs: Path | None, depth: int
) -> tuple[Contract, list[Section]]:
    """The contract with its sub-contracts laid behind it; the section of each clause, for messages."""
    where = list(sections)
    for section in top.rows("subcontracts", []):
        nesting = read_nesting(section, contract.party_names)
        if configs is None or depth >= DEEPEST:
            message = "contracts are nested too deeply" if configs else "there is no folder to look for contracts in"
            raise section.fail("contract", message, nesting.contract, f"at most {DEEPEST} levels")
        path = find("contracts", nesting.contract, configs)
        inner, _ = read_contract(load_raw(path, configs), path, nesting.contract, None, configs, False, depth + 1)
        known = {term.id: place for term, place in zip(contract.terms, where, strict=True)}
        contract = laid_behind(contract, nesting, inner, section)
        where = [known.get(term.id, section) for term in contract.terms]
    return contract, where


def _plan(top: Section, study: bool) -> dict[str, Any]:
    if not study and top.peek("plan") is None:
        return {}
    plan = top.section("plan")
    planned = {name: plan.number(name, "per year", -0.2, 0.2) for name in PLAN}
    plan.finish()
    return planned


def _benchmark(top: Section, study: bool) -> dict[str, Any]:
    if not study and top.peek("benchmark") is None:
        return {}
    mark = top.section("benchmark")
    benchmark = {
        "opening_gbp": mark.number("opening_gbp", "GBP", 0.0, 1e11), "growth": mark.number("growth", "per year", -0.2, 0.2),
        "planned_reduction": mark.number("planned_reduction", "share", -0.5, 0.9),
        "phase_years": mark.number("phase_years", "years", 1.0, 30.0),
    }  # fmt: skip
    mark.finish()
    return benchmark


def _default(parameter: Parameter) -> tuple[Any, ...]:
    """What stands where a file leaves the parameter out; nothing where it has to be given."""
    if parameter.default is None:
        return ()
    return (
        {"value": parameter.default, "unit": parameter.unit, "source": "the default: the contract says nothing else"},
    )


def _ending(top: Section, study: bool) -> dict[str, Any]:
    if not study and top.peek("ending") is None:
        return {}
    end = top.section("ending")
    ending = {
        q.name: end.number(q.name, q.unit, q.low, q.high, *_default(q)) for q in PARAMETERS if q.owner == "contract"
    }
    end.finish()
    return ending


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


def _check_ids(contract: Contract, sections: list[Section]) -> None:
    """Raise where a clause's id stands for something else already."""
    taken = {entry.name for entry in contract.inputs}
    for term, section in zip(contract.terms, sections, strict=True):
        labels = {f"{term.id}.{name}" for name in (*(s.name for s in term.kind.shows), *term.values)}
        if term.id in taken or term.id.partition(".")[0] in RESERVED or taken & labels:
            first = [earlier.id for earlier in contract.terms].index(term.id)
            message = "this name is taken" if contract.terms[first] is term else "two clauses have the same id"
            raise section.fail(
                "id", message, term.id, 'a different id = "…" for each, and none that is NAME.ENTRY of another'
            )
        if term.id in BY_NAME and term.id not in term.kind.writes:
            raise section.fail("id", "this is the name of a standard quantity", term.id, "another id")
        taken |= {term.id, *labels}


def _check_terms(top: Section, contract: Contract, sections: list[Section], place: Place | None, study: bool) -> None:
    if len(contract.terms) > MAX_TERMS:
        raise top.fail("terms", f"{len(contract.terms)} clauses are too many", expected=f"at most {MAX_TERMS}")
    if study and contract.first("annual_payment") is None:
        raise top.fail("terms", "the contract has no annual payment", expected='a clause of kind = "annual_payment"')
    _check_ids(contract, sections)
    for k, (term, section) in enumerate(zip(contract.terms, sections, strict=True)):
        if term.kind.once and term.kind.name in [earlier.kind.name for earlier in contract.terms[:k]]:
            raise section.fail(
                "kind", "a contract has one clause of this kind", term.kind.name, f"one {term.kind.name}"
            )
        try:
            check_names(contract, k)
        except ContractError as error:
            raise section.fail(error.key or "id", error.message, error.value, error.expected, error.nearest) from None
        _check_term(term, section, contract.years, place)
    missing = missing_in_study(contract) if study else None
    if missing:
        clause, field, quantity = missing
        section = sections[[term.id for term in contract.terms].index(clause)]
        message = (
            f"{clause} reads {quantity}, which nothing before it says: the contract can be settled but not simulated"
        )
        writer = {"annual_payment": "an annual_payment", "score": "an improvement_payment"}.get(quantity)
        raise section.fail(
            field or "kind", message, quantity,
            f"{writer} earlier in the contract" if writer else f"an input {quantity} that `follows` a quantity or has a value",
        )  # fmt: skip


def contract_path(name: str, configs: Path) -> Path:
    """The file of a contract given by name or by path."""
    return Path(name) if name.endswith(".toml") else find("contracts", name, configs)


def load_contract(name: str, configs: Path) -> Contract:
    """A contract by name or path, as a settlement needs it."""
    path = contract_path(name, configs)
    return read_contract(load_raw(path, configs), path, path.stem, None, configs, study=False)[0]
