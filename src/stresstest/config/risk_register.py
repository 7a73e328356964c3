"""Reading a risk register from configs/risks: what may go wrong, who can do something about it, and what nothing of it would be.

A risk is made nothing of in one of three ways:

    parameters   place, provider and contract.ending numbers by key, each at a number or at "plan"; "lines.need_growth" too
    axes         the six uncertainties held at today's value in every year, besides parameters
    scope        parameters of the start: the risk lies in how much of the scope is ever run
    special      "gaming" (the honest strategy instead) or "counting" (outcomes counted without error)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import layout as L
from ..drivers.parameters import PARAMETERS
from ..errors import ConfigError, nearest
from ..place import Quantity
from ..terms import Field
from .folders import config_folder, find
from .schema_parts import VERSION, WORDS, Schema, number_schema, table_schema
from .section import QUALITIES, Section, read_toml

PLAN = "plan"
SPECIAL = ("gaming", "counting")
NEED_GROWTH = "lines.need_growth"
#: Parameters for which a contract's plan says what they would be.
PLANNED = (
    "place.funding.constant", "place.cost.pay_growth", "place.productivity.mean", "place.acute.benefit_mean",
    "place.acute.build_years", NEED_GROWTH,
)  # fmt: skip
KEYS = tuple(f"{one.owner}.{one.key}" for one in PARAMETERS)
PARTIES = ("commissioner", "provider", "hospital", "council", "residents")
TEXTS = ("title", "cause", "event", "effect", "early_sign", "mitigation", "source")


@dataclass(frozen=True)
class Risk:
    """One risk: words, what is set to nothing or to the plan, who controls it, who owns it, and how good the evidence is."""

    id: str
    title: str
    cause: str
    event: str
    effect: str
    early_sign: str
    mitigation: str
    source: str
    quality: str
    owner: str
    controls: tuple[str, ...]
    parameters: dict[str, float | str] = field(default_factory=dict)
    axes: tuple[int, ...] = ()
    scope: dict[str, float | str] = field(default_factory=dict)
    special: str = ""


@dataclass(frozen=True)
class Register:
    """Risks, the materiality of money and health, and the upper edges of the first four of five bands."""

    title: str
    risks: tuple[Risk, ...]
    materiality: dict[str, Quantity]
    bands: dict[str, Quantity]

    def band(self, kind: str, value: float) -> int:
        """The band, 1 to 5, of a likelihood, or of a share of "money" or "health"; an edge belongs to the band above."""
        return 1 + sum(value >= edge for edge in self.bands[kind].values)


def load_register(name: str = "standard", base: Path | None = None) -> Register:
    """The register NAME of configs/risks, or of a path ending in .toml. Errors: ConfigError, with the place."""
    path = find("risks", name, base or config_folder())
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    title = top.text("title")
    materiality = _section(top, "materiality", ("money", "health"), False)
    bands = _section(top, "bands", ("likelihood", "money", "health"), True)
    risks = tuple(_risk(row) for row in top.rows("risks"))
    top.finish()
    _distinct(path, risks)
    return Register(title, risks, materiality, bands)


def _section(top: Section, name: str, keys: tuple[str, ...], edges: bool) -> dict[str, Quantity]:
    section = top.section(name)
    found = {key: section.number(key, "share", 0.0, 1.0, by_year=edges) for key in keys}
    section.finish()
    for key, quantity in found.items():
        if edges and (len(quantity.values) != 4 or list(quantity.values) != sorted(set(quantity.values))):
            raise section.fail(key, "five bands have four edges, ascending", list(quantity.values), "four numbers, ascending")
    return found


def _risk(row: Section) -> Risk:
    own, texts = row.text("id"), {name: row.text(name) for name in TEXTS}
    quality = row.text("quality", choices=QUALITIES)
    owner = row.text("owner", choices=L.PARTIES)
    controls = _names(row, "controls", L.PARTIES)
    axes = tuple(L.AXES.index(name) for name in _names(row, "axes", L.AXES, []))
    parameters, scope = _settings(row, "parameters"), _settings(row, "scope")
    special = row.text("special", "", ("", *SPECIAL))
    row.finish()
    if sum(map(bool, (parameters or axes, scope, special))) != 1:
        message = "a risk is made nothing of in exactly one way"
        raise row.fail("parameters", message, expected="parameters (and axes), scope or special")
    return Risk(own, **texts, quality=quality, owner=owner, controls=controls, parameters=parameters, axes=axes, scope=scope,
                special=special)  # fmt: skip


def _names(row: Section, name: str, known: tuple[str, ...], default: Any = None) -> tuple[str, ...]:
    value = row.anything(name, default)
    if not isinstance(value, list):
        raise row.fail(name, "this should be a list of names", value, ", ".join(known))
    for one in value:
        if one not in known:
            raise row.fail(name, "not one of the names", one, ", ".join(known), nearest(str(one), known))
    return tuple(value)


def _settings(row: Section, name: str) -> dict[str, float | str]:
    """Numbers by parameter key; "plan" where the plan says what it would be."""
    found = row.anything(name, {})
    if not isinstance(found, dict):
        raise row.fail(name, "this should be a table", found, '{ "place.need.noise" = 0.0 }')
    known = (*KEYS, NEED_GROWTH)
    for key, value in found.items():
        if key not in known:
            raise row.fail(f"{name}.{key}", "there is no such parameter", key, "a parameter by its key", nearest(key, known))
        if value == PLAN and key not in PLANNED:
            raise row.fail(f"{name}.{key}", "no plan says what this would be", value, f"a number; plan for {', '.join(PLANNED)}")
        if value != PLAN and (isinstance(value, (bool, str)) or not isinstance(value, (int, float))):
            raise row.fail(f"{name}.{key}", "this should be a number", value, 'a number, or "plan"')
        _in_bounds(row, name, key, value)
    return {key: value if value == PLAN else float(value) for key, value in found.items()}


def _in_bounds(row: Section, name: str, key: str, value: Any) -> None:
    if key in KEYS and value != PLAN:
        parameter = PARAMETERS[KEYS.index(key)]
        if not parameter.low <= value <= parameter.high:
            expected = f"from {parameter.low:g} to {parameter.high:g} ({parameter.unit})"
            raise row.fail(f"{name}.{key}", "out of range", value, expected)


def _distinct(path: Path, risks: tuple[Risk, ...]) -> None:
    ids = [one.id for one in risks]
    if not risks:
        raise ConfigError("a register holds at least one risk", file=path, key="risks", expected="[[risks]]")
    for one in ids:
        if ids.count(one) > 1:
            raise ConfigError("two risks of one id", file=path, key="risks", value=one, expected="another id")


def risks_schema() -> Schema:
    """The JSON Schema of a register, for editors: what `load_register` reads, but that a risk is made nothing of in one way."""
    names = {"type": "array", "items": {"enum": list(L.PARTIES)}}
    value = {"anyOf": [{"type": "number"}, {"enum": [PLAN]}]}
    settings = {
        "description": "parameters by key, each at a number or at the plan", "type": "object", "additionalProperties": False,
        "properties": dict.fromkeys((*KEYS, NEED_GROWTH), value),
    }  # fmt: skip
    row: Schema = {
        "id": WORDS, **dict.fromkeys(TEXTS, WORDS), "quality": {"enum": list(QUALITIES)}, "owner": {"enum": list(L.PARTIES)},
        "controls": {"description": "who can influence it, most of all first", **names},
        "axes": {"type": "array", "items": {"enum": list(L.AXES)}}, "parameters": settings, "scope": settings,
        "special": {"enum": list(SPECIAL)},
    }  # fmt: skip
    more: Schema = {
        **VERSION, "title": WORDS,
        "materiality": table_schema((), _shares(("money", "health"), False), ("money", "health")),
        "bands": table_schema((), _shares(("likelihood", "money", "health"), True), ("likelihood", "money", "health")),
        "risks": {"type": "array", "minItems": 1, "items": table_schema((), row, ("id", *TEXTS, "quality", "owner", "controls"))},
    }  # fmt: skip
    return table_schema((), more, tuple(more))


def _shares(names: tuple[str, ...], by_year: bool) -> Schema:
    words = "upper edges of four bands" if by_year else "least share that matters"
    return {name: number_schema(Field(name, "share", words, 0.0, 1.0), by_year) for name in names}
