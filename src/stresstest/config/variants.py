"""Reading a file of variants: named change sets of a contract, to be tried beside each other in the same futures.

    schema_version = 1
    title = "…"
    [[variant]]
    name = "wider dead band"
    changes = ["contract.gain_loss_share.dead_band=0.03"]      # as after --set; contract. and provider. only
    note = "why it is tried"

A clause that the contract lacks is added by giving its kind too: contract.NAME.kind=payment, contract.NAME.price=1.0, …
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import nearest
from .folders import config_folder, find
from .load import parse_change
from .schema_parts import VERSION, WORDS, Schema, table_schema
from .section import Section, read_toml

FEWEST, MOST, LONGEST_NAME = 2, 60, 60
PARTS = ("contract", "provider")


@dataclass(frozen=True)
class Variant:
    """One draft: its name, its changes ("contract.CLAUSE.ENTRY=value"), and a note on why it is tried."""

    name: str
    changes: tuple[str, ...]
    note: str = ""


def variants_file(name: Path | str) -> Path:
    """The file: a path, or a name in configs/variants/. Errors: ConfigError with the nearest name."""
    return find("variants", str(name), config_folder())


def read_variants(name: Path | str) -> tuple[str, tuple[Variant, ...]]:
    """(title, variants) of a file. Errors: ConfigError, placed, for what cannot be read.

    Whether a contract has the clauses is seen when a variant is laid over it.
    """
    path = variants_file(name)
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    title = top.text("title", "")
    found: list[Variant] = []
    for row in top.rows("variant"):
        one = _variant(row)
        if one.name.casefold() in [other.name.casefold() for other in found]:
            raise row.fail("name", "two variants have this name", one.name, "another name")
        found.append(one)
    top.finish()
    if not FEWEST <= len(found) <= MOST:
        raise top.fail("variant", "so many variants cannot be compared", len(found), f"{FEWEST} to {MOST} [[variant]]")
    return title, tuple(found)


def _variant(row: Section) -> Variant:
    name, note = row.text("name").strip(), row.text("note", "")
    if not 0 < len(name) <= LONGEST_NAME:
        raise row.fail("name", "a name should fit a table", name, f"1 to {LONGEST_NAME} letters")
    changes = row.anything("changes")
    if not isinstance(changes, list) or not changes or not all(isinstance(change, str) for change in changes):
        raise row.fail("changes", "this should be a list of changes", changes, '["contract.gain_loss_share.dead_band=0.03"]')
    for change in changes:
        path, _ = parse_change(change)
        if path[0] not in PARTS or len(path) < 2:
            message = "a variant changes the contract or the provider; what nature does stays the same"
            raise row.fail("changes", message, change, "contract.CLAUSE.ENTRY=value", nearest(path[0], PARTS))
    row.finish()
    return Variant(name, tuple(changes), note)


def variants_schema() -> Schema:
    """The JSON Schema of such a file, for editors."""
    row: Schema = {
        "name": {"description": "what the draft is called", **WORDS}, "note": {"description": "why it is tried", **WORDS},
        "changes": {"description": "contract.CLAUSE.ENTRY=value, as after --set", "type": "array", "items": WORDS, "minItems": 1},
    }  # fmt: skip
    rows: Schema = {
        "type": "array", "minItems": FEWEST, "maxItems": MOST, "items": table_schema((), row, ("name", "changes")),
    }  # fmt: skip
    return table_schema((), {**VERSION, "title": WORDS, "variant": rows}, ("schema_version", "variant"))
