"""The JSON Schema of national studies, for editors: that of batch files with a table that joins the places."""

from __future__ import annotations

from ..terms import Field
from .batch_schema import batch_schema
from .national import HOLDERS, KINDS
from .schema_parts import WORDS, Schema, table_schema

#: What holds where the file is silent (measures/contagion.py).
DEFAULTS = {"provider": 0.25, "hospital": 0.5}


def national_schema() -> Schema:
    """The JSON Schema of such a file."""
    words = {"provider": "a provider gives up the rest of its contracts", "hospital": "a hospital's plans fail"}
    fields = tuple(
        Field(f"{kind}_threshold", "share", f"share of a {kind}'s contracts, by budget, with whose loss {words[kind]}",
              1e-6, 10.0, DEFAULTS[kind])
        for kind in KINDS
    )
    holder: Schema = {"description": "who holds the contracts: each place its own provider, or one for all, a region, …",
                      "enum": list(HOLDERS)}  # fmt: skip
    places: Schema = {"description": "places of the grid that are not lived", "type": "array", "items": WORDS}
    whole, more = batch_schema(), {"provider": holder, "leave_out": places}
    return {**whole, "properties": {**whole["properties"], "national": table_schema(fields, more)}}
