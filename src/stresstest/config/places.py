"""Reading a place file and a provider file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..drivers.parameters import PARAMETERS
from ..layout import MAX_INDICATORS
from ..levers import GAMING, LEVERS
from ..levers._lever import FOUND_OUT
from ..place import AgeBand, Indicator, Line, Place, Pod, Quantity
from ..strategy import Provider
from ..terms import Field
from .section import Section
from .tables import load_table

UNUSED = "the default of the entry: the file says nothing else"
DYNAMICS = {
    "persistence": (0.0, 1.0), "drift": (-0.5, 0.5), "responsibility_effect": (-1.0, 1.0), "vacancy_effect": (-1.0, 1.0),
    "care_effect": (-2.0, 2.0), "progress_noise": (0.0, 1.0),
}  # fmt: skip


def _parameters(top: Section, owner: str) -> dict[str, Quantity]:
    """All parameters of an owner, section by section."""
    found: dict[str, Quantity] = {}
    for name in dict.fromkeys(q.section for q in PARAMETERS if q.owner == owner):
        section = top.section(name)
        for q in PARAMETERS:
            if q.owner == owner and q.section == name:
                found[q.key] = section.number(q.name, q.unit, q.low, q.high)
        section.finish()
    return found


def _line(row: Section) -> Line:
    name = row.text("name")
    growth = row.number("need_growth", "per year", -0.1, 0.1).value
    shares = [
        row.number(k, "share", 0.0, 1.0).value for k in ("pay_share", "drugs_share", "capital_share", "movable_share")
    ]
    if sum(shares[:3]) > 1.0 + 1e-9:
        raise row.fail("pay_share", f"pay, drugs and capital add to {sum(shares[:3]):.3f}", expected="at most 1")
    pay, drugs, capital, movable = shares
    line = Line(name, growth, pay, drugs, capital, movable, row.text("source", ""))
    row.finish()
    return line


def _pod(row: Section) -> Pod:
    pod = Pod(
        row.text("name"), row.number("base_gbp", "GBP", 0.0, 1e11).value, row.number("growth", "per year", -0.1, 0.1).value,
        row.number("benefit_response", "share", 0.0, 2.0).value, row.number("care_elasticity", "elasticity", -3.0, 3.0).value,
        row.number("pandemic_response", "share", -1.0, 1.0).value, row.text("source", ""),
    )  # fmt: skip
    row.finish()
    return pod


def _indicator(row: Section) -> Indicator:
    name, unit = row.text("name"), row.text("unit")
    baseline = row.number("baseline", "indicator's unit", -1e9, 1e9).value
    target = row.number("target", "indicator's unit", -1e9, 1e9).value
    if baseline == target:
        raise row.fail("target", "target and baseline are equal", target, "a target that differs from the baseline")
    noise = row.section("noise")
    kind = noise.text("kind", choices=("rate", "share", "mean"))
    per, people = noise.number("per", "count", 1e-9, 1e9).value, noise.number("denominator", "count", 1.0, 1e9).value
    spread = noise.number("spread", "sd", 0.0, 1e9).value
    noise.finish()
    if kind == "share" and not 0.0 <= baseline <= per:
        raise row.fail("baseline", "a share cannot lie outside its whole", baseline, f"from 0 to {per:g}")
    exception, dilution = (row.number(k, "share", 0.0, 2.0).value for k in ("exception_effect", "list_dilution"))
    health, source = row.number("qaly_per_progress", "QALY", -1e6, 1e6).value, row.text("source", "")
    indicator = Indicator(
        name, unit, baseline, target, kind, per, people, spread, exception, dilution, health, source
    )  # fmt: skip
    row.finish()
    return indicator


AGE = (("persons", "persons", 0.0, 1e9), ("annual_growth", "per year", -0.2, 0.2), ("relative_cost", "index", 0.0, 100.0))
RATIO = "ratio to the pattern"


def _age(row: Section) -> AgeBand:
    band = AgeBand(row.text("age_band"), *(row.number(*entry).value for entry in AGE))
    row.finish()
    return band


def _ages(top: Section, folder: Path, hashes: dict[str, str]) -> tuple[AgeBand, ...]:
    """Age bands: the name of a table in the data folder, or rows that stand in the file."""
    if isinstance(top.peek("ages"), list):
        bands = tuple(map(_age, top.rows("ages")))
        if sum(band.persons for band in bands) <= 0.0:
            raise top.fail("ages", "there are no people in these age bands", expected="persons by age band")
        return bands
    table = load_table(top.text("ages"), folder)
    hashes[table.name] = table.sha256
    columns = [table.columns[k] for k in ("age_band", "persons_mid_2020", "annual_growth", "relative_cost")]
    bands = tuple(AgeBand(*row) for row in zip(*columns, strict=True))
    return bands


def _recipe(top: Section) -> None:
    """The table [register]: how a place was made from the register. For readers; nothing is worked out from it here."""
    if top.peek("register") is None:
        return
    section = top.section("register")
    for name in ("entry", "name", "pattern", "areas", "table", "sha256", "contract"):
        section.text(name)
    section.number("persons", "persons", 0.0, 1e9)
    for name in ("heads", "cost"):
        section.number(name, RATIO, 0.0, 1e6)
    section.finish()


def place_form(place: Place) -> dict[str, Any]:
    """A place as a table that `read_place` reads back, with its ages in it."""

    def written(quantity: Quantity) -> dict[str, Any]:
        number: Any = list(quantity.values) if len(quantity.values) > 1 else quantity.value
        form = {"value": number, "unit": quantity.unit, "source": quantity.source, "quality": quantity.quality}
        return form | ({"date": quantity.date} if quantity.date else {})

    form: dict[str, Any] = {"schema_version": 1, "title": place.title, "code": place.code}
    form["ages"] = [
        {"age_band": b.name, "persons": b.persons, "annual_growth": b.growth, "relative_cost": b.relative_cost}
        for b in place.ages
    ]
    for q in PARAMETERS:
        if q.owner == "place":
            form.setdefault(q.section, {})[q.name] = written(place.parameters[q.key])
    form["lines"], form["pods"] = [asdict(line) for line in place.lines], [asdict(pod) for pod in place.pods]
    form["indicators"] = [_indicator_form(indicator) for indicator in place.indicators]
    form["indicator_dynamics"] = {name: written(quantity) for name, quantity in place.dynamics.items()}
    return form


def _indicator_form(indicator: Indicator) -> dict[str, Any]:
    form = asdict(indicator)
    noise = {"kind": form.pop("noise_kind"), "per": form.pop("noise_per")}
    return form | {"noise": noise | {name: form.pop(name) for name in ("denominator", "spread")}}


def read_place(
    raw: dict[str, Any], file: object, name: str, data: Path, hashes: dict[str, str]
) -> tuple[Place, dict[str, Any]]:
    """The place in `raw` (what stands in `file`), and its effective form. Adds table checksums to `hashes`."""
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    title, code = top.text("title"), top.text("code", "")
    ages = _ages(top, data, hashes)
    _recipe(top)
    parameters = _parameters(top, "place")
    lines, pods = tuple(map(_line, top.rows("lines"))), tuple(map(_pod, top.rows("pods")))
    rows = top.rows("indicators")
    indicators = tuple(map(_indicator, rows))
    if len(indicators) > MAX_INDICATORS:
        raise top.fail("indicators", "too many indicators", len(indicators), f"at most {MAX_INDICATORS}")
    for owner, items in (("lines", lines), ("pods", pods), ("indicators", indicators)):
        names = [item.name for item in items]
        if len(set(names)) < len(names):
            raise top.fail(
                owner, "a name stands here twice", next(n for n in names if names.count(n) > 1), "each name once"
            )
    shared = top.section("indicator_dynamics")
    dynamics = {name: shared.number(name, "per year", low, high) for name, (low, high) in DYNAMICS.items()}
    shared.finish()
    top.finish()
    return Place(name, title, code, parameters, ages, lines, pods, indicators, dynamics), top.effective


def _lever_number(own: Section, field: Field) -> Quantity:
    """A number of a lever; left out, it is its default where there is one."""
    default = () if field.default is None else ({"value": field.default, "unit": field.unit, "source": UNUSED},)
    return own.number(field.name, field.unit, field.low, field.high, *default)


def read_provider(raw: dict[str, Any], file: object, name: str) -> tuple[Provider, dict[str, Any]]:
    """The provider in `raw` (what stands in `file`), and its effective form."""
    top = Section(file, raw)
    top.whole("schema_version", 1, 1)
    title = top.text("title")
    parameters = _parameters(top, "provider")
    levers, section = {}, top.section("levers")
    for kind in LEVERS:
        if kind.name in GAMING:
            own, values = section.section(kind.name), dict[str, Quantity]()
            if kind.recovers:
                values = {field.name: _lever_number(own, field) for field in FOUND_OUT}
            values |= {field.name: _lever_number(own, field) for field in kind.fields}
            own.finish()
            levers[kind.name] = values
    section.finish()
    top.finish()
    return Provider(name, title, parameters, levers), top.effective
