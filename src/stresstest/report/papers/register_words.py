"""What each input means, in words: from the registers of parameters, clauses and levers, and from the forms of the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from .. import words as W

_PART = re.compile(r"([^.\[]+)(?:\[([^\]]*)\])?")
#: Sections of parameters whose name says too little.
SECTIONS = {"opening": "opening price", "start": "start of the contract", "shock": "shocks", "acute": "acute care",
            "ending": "ending of the contract", "motive": "provider’s motive", "policy": "national policy"}  # fmt: skip
_BOUNDS = re.compile(r" \([^()]*\b(?:from|default) [^()]*\)$")


def parts_of(key: str) -> list[tuple[str, str]]:
    """"contract.scope[prescribing].base_gbp" → (contract, ""), (scope, prescribing), (base_gbp, "")."""
    return [(name, row) for name, row in _PART.findall(key)]


def meaning(key: str, kinds: dict[str, str]) -> str:
    """What an input is: where it belongs, then what it says. `kinds`: kind of each clause by its id.

    An input that no register describes is told by its key.
    """
    parts = parts_of(key)
    place = ".".join(f"{name}[]" if row else name for name, row in parts)
    rows = [row for _, row in parts if row]
    if place.startswith("contract.terms[]."):
        kind = kinds.get(rows[0], rows[0])
        said = _documents().get(f"clause.{kind}.{place.removeprefix('contract.terms[].')}", "")
    else:
        said = _documents().get(re.sub(r"^scenarios\.[^.]+\.", "scenarios.", place), "")
    where = [W.spoken(row) for row in rows] + _named(place)
    if not said:
        return W.sentence(": ".join(W.spoken(f"{name} {row}".strip()) for name, row in parts[1:]))
    return W.sentence(f"{', '.join(where)}: {said}" if where else said)


def _named(place: str) -> list[str]:
    """The axis or the lever that an input belongs to."""
    found = re.match(r"(?:axes|provider\.levers|scenarios)\.([^.\[]+)\.", place)
    return [W.spoken(found[1])] if found else []


@cache
def _documents() -> dict[str, str]:
    """Meaning by place: keys with [] for each row, clauses as clause.KIND.FIELD."""
    from ...config import entries as E
    from ...drivers.parameters import PARAMETERS
    from ...levers import LEVERS
    from ...levers._lever import FOUND_OUT
    from ...terms import TERMS

    found = {f"{one.owner}.{one.key}": f"{W.spoken(SECTIONS.get(one.section, one.section))}: {one.doc}" for one in PARAMETERS}
    _walk("contract", E.CONTRACT_TABLES, found)
    _walk("place", E.PLACE_TABLES, found)
    _walk("axes", E.AXES_TABLES, found)
    _walk("axes.correlation[]", E.CORRELATION, found)
    _walk("study.hurdles", E.HURDLES, found)
    _walk("study.checks", E.CHECKS, found)
    for key in [key for key in found if key.startswith("contract.benchmark.")]:
        found[key] = f"benchmark of acute care: {found[key]}"
    for lever in LEVERS:
        _walk(f"provider.levers.{lever.name}", (*FOUND_OUT, *lever.fields), found)
    for term in TERMS:
        _walk(f"clause.{term.name}", term.fields, found)
    return {**_of_study(), **found}


def _walk(before: str, fields: Iterable[Any], found: dict[str, str]) -> None:
    for one in fields:
        place = f"{before}.{one.name}{'[]' if one.unit == 'rows' else ''}"
        found[place] = one.doc
        _walk(place, one.columns, found)


def _of_study() -> dict[str, str]:
    """Settings of a study, from its schema."""
    from ...config.schema import schema_of

    found: dict[str, str] = {"scenarios.futures": "futures of the scenario"}

    def walk(schema: dict[str, Any], before: str) -> None:
        for one in (schema, *schema.get("anyOf", [])):
            for name, inner in one.get("properties", {}).items():
                if inner.get("description"):
                    found[f"{before}.{name}"] = _BOUNDS.sub("", inner["description"])
                walk(inner, f"{before}.{name}")

    walk(schema_of("study"), "study")
    found["contract.years"] = "years of the contract"
    return found
