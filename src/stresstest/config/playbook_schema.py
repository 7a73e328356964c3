"""The JSON Schema of a library of mitigations, for editors: what playbooks.py reads."""

from __future__ import annotations

from ..terms import TERM_NUMBER, Field
from .playbooks import KINDS
from .schema_parts import VERSION, WORDS, Schema, number_schema, table_schema, whole
from .section import QUALITIES


def playbook_schema() -> Schema:
    """A library: mitigations with what they change, what clauses they add, who must agree and what it costs."""
    names: Schema = {"type": "array", "items": WORDS}
    clause: Schema = {
        "id": WORDS, "kind": {"enum": list(TERM_NUMBER)}, "payer": WORDS, "payee": WORDS, "scaled_by": WORDS,
        "from_year": whole("first contract year in force", 1, 30), "to_year": whole("last contract year in force", 1, 400),
        "fields": {"description": "the clause's entries", "type": "object"},
    }  # fmt: skip
    row: Schema = {
        **dict.fromkeys(("id", "words", "cost", "source"), WORDS), "kind": {"enum": list(KINDS)},
        "quality": {"enum": list(QUALITIES)},
        "answers": {"description": "failures that it is meant for", **names, "minItems": 1},
        "agree": {"description": "who must agree", **names, "minItems": 1},
        "changes": {"description": "CLAUSE.ENTRY = VALUE, *= FACTOR or += VALUE; “of budget” after a number", **names},
        "notice_years": number_schema(Field("notice_years", "years", "from the decision until it works", 0.0, 30.0), False),
        "outlay": number_schema(
            Field("outlay", "share of a year's budget", "spent by the commissioner at the start", 0.0, 10.0, 0.0), False
        ),
        "incentive": {"description": "whether it works through the provider's own choices", "type": "boolean"},
        "clause": {"type": "array", "items": table_schema((), clause, ("id", "kind"))},
    }  # fmt: skip
    wanted = ("id", "words", "kind", "answers", "agree", "notice_years", "cost", "quality", "source")
    more: Schema = {
        **VERSION, "title": WORDS, "mitigation": {"type": "array", "minItems": 1, "items": table_schema((), row, wanted)},
    }  # fmt: skip
    return table_schema((), more, ("schema_version", "mitigation"))
