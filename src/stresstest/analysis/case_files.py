"""Case files: small sums with a known answer, in files that a reader who does not program can check and extend.

A case file is TOML with one `[[case]]` per sum. A case names a clause, or else a rule (one function of this package):

    clause, terms, years, expect     the clause's own fields, one table of inputs per year, the amount of each year (£)
    rule, given, expect              "module:function", its arguments by name, its result

A clause runs as in the engine (worked.py). A year holds the inputs named in INPUTS, any other quantity that the clause's
fields name (terms.of = "losses"), and `indicators` by name; what is left out is 0, but 1 for lists, need and funding.
`repeat` makes a year stand for several. `expect_shown` holds a list by year for figures that the clause shows on its way.
`exception_effects` says by indicator what an exception does to it (0 where the denominator is everybody, 1 where the
provider declares it).

Besides: `source` (where the sum comes from), `note`, `edge` (which edge it stands on), `tolerance` (in the unit of the
result; half a penny for a clause, 1e-9 for a rule) or `tolerance_share`, `expect_total` (the sum over years instead of
each), `times` (a factor on a rule's result) and `carry` (the argument that takes a rule's last result, while arguments
given as lists move on by a year).
"""

from __future__ import annotations

import importlib
import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import layout as L
from ..errors import ConfigError, nearest
from ..terms import ONE, STANDARD, TERMS, Field, TermKind
from ..terms._formula import FormulaError
from ..terms._formula import names as formula_names

HALF_A_PENNY = 0.005
INPUTS: dict[str, tuple[int, str]] = {
    **{quantity.name: (quantity.driver, f"{quantity.doc}, {quantity.unit}") for quantity in STANDARD},
    "annual": (L.PAID_ANNUAL, "annual payment, £"),
    "income": (L.PAID_INCOME, "income so far, £"),
    "score": (L.PAID_SCORE, "quality score, 0 to 1"),
    "cost": (L.RECORD_COST, "reported cost, £"),
    "acute_expected": (L.RECORD_ACUTE_EXPECTED, "expected acute spend, £"),
    "acute": (L.RECORD_ACUTE, "recorded acute spend, £"),
    "agreed": (L.RECORD_AGREED, "agreed budget, £"),
    "prevention": (L.RECORD_PREVENTION, "reported prevention spending, £"),
    "funding": (L.RECORD_FUNDING, "commissioner's allocation, first year = 1"),
    "list_base": (L.RECORD_LIST_BASE, "list in the price, persons"),
    "list": (L.RECORD_LIST, "recorded list, persons"),
    "list_external": (L.AUDIT_LIST, "external estimate of the list, persons"),
    "need": (L.RECORD_NEED, "recorded need, 1 = as priced"),
    "exceptions": (L.RECORD_EXCEPTIONS, "share of patients excepted"),
    "need_audited": (L.AUDIT_NEED, "need that an audit would find, 1 = as priced"),
}
CLAUSE_KEYS = ("clause", "terms", "years", "exception_effects", "expect_total", "expect_shown")
RULE_KEYS = ("rule", "given", "times", "carry")
COMMON_KEYS = ("name", "source", "note", "edge", "expect", "tolerance", "tolerance_share")
KINDS = {kind.name: kind for kind in TERMS}


@dataclass(frozen=True)
class Case:
    """One sum with its known answer; `expect` holds one number for each year or result, or the total alone."""

    name: str
    source: str
    file: str
    expect: tuple[float, ...]
    total: bool = False
    clause: str = ""
    terms: dict[str, Any] = field(default_factory=dict)
    years: tuple[dict[str, Any], ...] = ()
    exception_effects: dict[str, float] = field(default_factory=dict)
    expect_shown: dict[str, list[float]] = field(default_factory=dict)
    rule: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    times: float = 1.0
    carry: str = ""
    tolerance: float = HALF_A_PENNY
    tolerance_share: float = 0.0
    note: str = ""
    edge: str = ""

    def wrong(self, key: str, message: str, **details: Any) -> ConfigError:
        """The error for a key of this case, with file and case named."""
        return ConfigError(f"case “{self.name}”: {message}", file=self.file, key=key, **details)


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────
def load_cases(folder: str | Path) -> list[Case]:
    """All cases of the .toml files in `folder`, by file name. Raises ConfigError naming file, case and key."""
    files = sorted(Path(folder).glob("*.toml"))
    if not files:
        raise ConfigError("there are no case files here", file=folder, expected="files that end in .toml")
    cases = [case for path in files for case in _read_file(path)]
    seen: dict[str, Case] = {}
    for case in cases:
        if case.name in seen:
            raise case.wrong("name", f"the name is used before, in {seen[case.name].file}", value=case.name)
        seen[case.name] = case
    return cases


def _read_file(path: Path) -> list[Case]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file is not TOML: {error}", file=path) from error
    for key in content:
        if key != "case":
            raise ConfigError("a case file holds nothing but cases", file=path, key=key, expected="[[case]]")
    entries = content.get("case", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        raise ConfigError("there is no case in the file", file=path, key="case", expected="[[case]]")
    return [_read_case(entry, path, k) for k, entry in enumerate(entries)]


def _read_case(entry: dict[str, Any], path: Path, number: int) -> Case:
    """A checked case from its table."""
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        key = f"case.{number + 1}.name"
        raise ConfigError(f"case {number + 1} has no name", file=path, key=key, expected="a sentence")
    blank = Case(name, "", path.name, ())
    if ("clause" in entry) == ("rule" in entry):
        raise blank.wrong("clause", "a case has either a clause or a rule", expected="one of the two keys")
    own = CLAUSE_KEYS if "clause" in entry else RULE_KEYS
    for key in entry:
        if key not in own + COMMON_KEYS:
            raise blank.wrong(key, "this key is not known here", nearest=nearest(key, own + COMMON_KEYS))
    texts = {key: _text(blank, entry, key) for key in ("source", "note", "edge", "clause", "rule", "carry")}
    if not texts["source"]:
        raise blank.wrong("source", "a case says where it comes from", expected='such as "worked number E5"')
    default = HALF_A_PENNY if "clause" in entry else 1e-9
    case = Case(
        name=name, file=path.name, expect=_expected(blank, entry), total="expect_total" in entry,
        terms=_table(blank, entry, "terms"), years=_years(blank, entry), given=_table(blank, entry, "given"),
        exception_effects=_table(blank, entry, "exception_effects"), expect_shown=_table(blank, entry, "expect_shown"),
        times=_number(blank, "times", entry.get("times", 1.0)),
        tolerance=_number(blank, "tolerance", entry.get("tolerance", default)),
        tolerance_share=_number(blank, "tolerance_share", entry.get("tolerance_share", 0.0)), **texts,
    )  # fmt: skip
    if case.clause:
        _check_clause(case)
    else:
        rule_of(case)
    return case


def _number(case: Case, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise case.wrong(key, "this must be a number", value=value)
    return float(value)


def _text(case: Case, entry: dict[str, Any], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise case.wrong(key, "this must be text", value=value)
    return value


def _table(case: Case, entry: dict[str, Any], key: str) -> dict[str, Any]:
    value = entry.get(key, {})
    if not isinstance(value, dict):
        raise case.wrong(key, "this must be a table of names and values", value=value)
    return value


def _expected(case: Case, entry: dict[str, Any]) -> tuple[float, ...]:
    """The expected numbers, from `expect` or `expect_total`."""
    if ("expect" in entry) == ("expect_total" in entry):
        raise case.wrong("expect", "a case expects either each result or the total", expected="one of the two keys")
    key = "expect" if "expect" in entry else "expect_total"
    value = entry[key]
    values = value if isinstance(value, list) and key == "expect" else [value]
    return tuple(_number(case, key, v) for v in values)


def _years(case: Case, entry: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The yearly inputs, with repeats written out."""
    rows = entry.get("years", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise case.wrong("years", "this must be a list of tables, one for each year", value=rows)
    years: list[dict[str, Any]] = []
    for k, row in enumerate(rows):
        times = row.get("repeat", 1)
        if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= L.MAX_YEARS:
            raise case.wrong(f"years.{k + 1}.repeat", "this must be a number of years", value=times)
        for key, value in row.items():
            if key not in ("repeat", "indicators"):
                _number(case, f"years.{k + 1}.{key}", value)
        years += [{key: value for key, value in row.items() if key != "repeat"}] * times
    return tuple(years)


# ── what a clause case must hold ────────────────────────────────────────────────────────────────────────────────────
def kind_of(case: Case) -> TermKind:
    """The clause that a case names."""
    if case.clause not in KINDS:
        close = nearest(case.clause, KINDS)
        raise case.wrong("clause", "there is no clause of this name", value=case.clause, nearest=close)
    return KINDS[case.clause]


def _check_clause(case: Case) -> None:
    """Refuse a clause case that cannot run."""
    kind = kind_of(case)
    if not case.years:
        raise case.wrong("years", "a clause needs at least one year of inputs")
    if not case.total and len(case.expect) != len(case.years):
        counts = f"{len(case.expect)} amounts are expected for {len(case.years)} years"
        raise case.wrong("expect", counts, expected="one amount for each year")
    values = full_values(case, kind.fields, case.terms, "terms")
    for year in range(len(case.years)):
        for key, sentence in kind.check(_plain(kind, of_year(values, year))):
            raise case.wrong(f"terms.{key}", sentence)
    known = {*INPUTS, *named_quantities(kind.fields, values), "indicators"}
    for k, row in enumerate(case.years):
        for name in row:
            if name not in known:
                raise case.wrong(f"years.{k + 1}.{name}", "this input is not known", nearest=nearest(name, known))
    given = {name for row in case.years for name in row}
    said = {name: values[name] for name in case.terms}
    for name in named_quantities(tuple(f for f in kind.fields if f.name in said), said):
        if name not in given and not (name in INPUTS and name not in case.terms.values()):
            close = nearest(name, [*given, *INPUTS])
            raise case.wrong("years", "no year gives this quantity", value=name, nearest=close)
    shown = [figure.name for figure in kind.shows]
    for name, numbers in case.expect_shown.items():
        if name not in shown:
            raise case.wrong(f"expect_shown.{name}", "the clause shows no such figure", nearest=nearest(name, shown))
        if not isinstance(numbers, list) or len(numbers) != len(case.years):
            raise case.wrong(f"expect_shown.{name}", "this must be a list with one number for each year", value=numbers)
    names = indicator_numbers(case)
    for name, effect in case.exception_effects.items():
        _number(case, f"exception_effects.{name}", effect)
        if name not in names:
            key = f"exception_effects.{name}"
            raise case.wrong(key, "no year gives this indicator", nearest=nearest(name, names))
    for entry in values.get("indicators", []):
        if entry["name"] not in names:
            close = nearest(entry["name"], names)
            key = "terms.indicators.name"
            raise case.wrong(key, "no year gives this indicator", value=entry["name"], nearest=close)


def full_values(case: Case, fields: tuple[Field, ...], given: dict[str, Any], where: str) -> dict[str, Any]:
    """Every field of a clause with its given or default value, checked against its unit and bounds."""
    names = [f.name for f in fields]
    for key in given:
        if key not in names:
            raise case.wrong(f"{where}.{key}", "the clause has no such field", nearest=nearest(key, names))
    values = {}
    for f in fields:
        value = given.get(f.name, f.default)
        if value is None:
            raise case.wrong(f"{where}.{f.name}", f"this field must be given: {f.doc}")
        values[f.name] = _checked(case, f, value, f"{where}.{f.name}")
    return values


def _checked(case: Case, f: Field, value: Any, key: str) -> Any:
    """One value of a field: a row list, a choice, an indicator's name, or a number (or one for each year)."""
    if f.unit == "rows":
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise case.wrong(key, "this must be a list of tables", value=value)
        return [full_values(case, f.columns, row, f"{key}.{k + 1}") for k, row in enumerate(value)]
    if f.unit == "formula":
        _names_of(case, value, key)
        return value
    if f.is_number and isinstance(value, str) and not f.fixed:
        return value
    if f.unit in ("choice", "indicator", "quantity"):
        if not isinstance(value, str) or (f.choices and value not in f.choices):
            right = " or ".join(f.choices) or "a name"
            raise case.wrong(key, "this is not one of the choices", value=value, expected=right)
        return value
    numbers = value if isinstance(value, list) and value else [value]
    for v in numbers:
        if not f.low <= _number(case, key, v) <= f.high:
            raise case.wrong(key, "this lies outside its bounds", value=v, expected=f"{f.low:g} to {f.high:g}")
    return [float(v) for v in numbers] if isinstance(value, list) else float(value)


def _names_of(case: Case, text: Any, key: str) -> tuple[str, ...]:
    """The quantities that a formula reads."""
    try:
        return formula_names(text) if isinstance(text, str) else ()
    except FormulaError as error:
        raise case.wrong(key, str(error), value=text) from None


def named_quantities(fields: tuple[Field, ...], values: dict[str, Any]) -> list[str]:
    """The quantities that the values name, besides the one that is always 1: fields, rows, formulas, numbers by name."""
    found: list[str] = []
    for f in fields:
        value = values[f.name]
        if f.unit == "rows":
            found += [name for row in value for name in named_quantities(f.columns, row)]
        elif f.unit == "formula":
            found += formula_names(value)
        elif f.unit == "quantity" or (f.is_number and isinstance(value, str)):
            found.append(value)
    return [name for name in dict.fromkeys(found) if name != ONE]


def _plain(kind: TermKind, values: dict[str, Any]) -> dict[str, Any]:
    """The values with NaN where a quantity gives the number, as in a contract."""
    named = {f.name for f in kind.fields if f.is_number and isinstance(values[f.name], str)}
    return {name: float("nan") if name in named else value for name, value in values.items()}


def of_year(value: Any, year: int) -> Any:
    """Values of one year: a list of numbers gives its entry, the last value holds."""
    if isinstance(value, dict):
        return {key: of_year(v, year) for key, v in value.items()}
    if isinstance(value, list):
        if value and isinstance(value[0], float):
            return value[min(year, len(value) - 1)]
        return [of_year(v, year) for v in value]
    return value


def indicator_numbers(case: Case) -> dict[str, int]:
    """Indicators of the case by name, numbered in the order in which the years first give them."""
    numbers: dict[str, int] = {}
    for k, year in enumerate(case.years):
        given = year.get("indicators", {})
        if not isinstance(given, dict):
            raise case.wrong(f"years.{k + 1}.indicators", "this must be a table of names and values", value=given)
        for name, value in given.items():
            _number(case, f"years.{k + 1}.indicators.{name}", value)
            numbers.setdefault(name, len(numbers))
    if len(numbers) > L.MAX_INDICATORS:
        raise case.wrong("years.indicators", f"at most {L.MAX_INDICATORS} indicators are possible")
    return numbers


# ── what a rule case must hold ──────────────────────────────────────────────────────────────────────────────────────
def rule_of(case: Case) -> Callable[..., Any]:
    """The function that a rule case names, with its arguments checked. Raises ConfigError."""
    module_name, _, name = case.rule.partition(":")
    package = __name__.split(".")[0]
    if not name or module_name.split(".")[0] != package:
        right = f'such as "{package}.drivers.cost:pay_bill_index"'
        raise case.wrong("rule", "this is not a function of the package", value=case.rule, expected=right)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise case.wrong("rule", "there is no such module", value=module_name) from error
    function = getattr(module, name, None)
    if not callable(function):
        close = nearest(name, [n for n in dir(module) if not n.startswith("_")])
        raise case.wrong("rule", "the module has no such function", value=name, nearest=close)
    signature = inspect.signature(getattr(function, "py_func", function))
    if case.carry and case.carry not in case.given:
        raise case.wrong("carry", "the carried argument must be given", value=case.carry)
    try:
        signature.bind(**case.given)
    except TypeError as error:
        arguments = ", ".join(signature.parameters)
        raise case.wrong("given", f"the function's arguments are {arguments}: {error}") from error
    return function
