"""The JSON Schema of an assurance record, for editors: what assurance.py reads."""

from __future__ import annotations

from .assurance_rules import CHECKPOINTS, PARTS, ROLES
from .schema_parts import VERSION, WORDS, Schema, table_schema

DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def _said(words: str, form: Schema = WORDS) -> Schema:
    return {"description": words, **form}


def assurance_schema() -> Schema:
    """A record: question, checkpoint, roles, signatures, decisions, owners and dates by key, limits."""
    role = table_schema((), {"name": _said("who has the role"), "organisation": _said("for whom")})
    signature: Schema = {
        "role": _said("role in which it is signed", {"enum": list(ROLES)}), "name": _said("who signs; the role's own holder"),
        "date": _said("YYYY-MM-DD", DAY), "results_hash": _said("results hash of the run that was signed"),
        "statement": _said("what is signed, in a sentence"),
        "papers_digest": _said("digest of the tables of analyses and report as they were signed; `stresstest sign` writes it",
                               {"type": "string", "pattern": "^([0-9a-f]{64})?$"}),
    }  # fmt: skip
    decision: Schema = {
        "date": _said("YYYY-MM-DD", DAY), "decision": _said("what was decided"), "why": _said("why"), "who": _said("who decided"),
        "signed_by": _said("who signed the decision"),
    }  # fmt: skip
    by_key = f"by the beginning of an input's key ({', '.join(PARTS)}); the longest that fits counts"
    more: Schema = {
        **VERSION,
        "question": _said("the question that the report answers"),
        "checkpoint": _said("checkpoint of the assurance process for complex contracts", {"enum": ["", *CHECKPOINTS]}),
        "review_by": _said("day by which inputs are to be looked at again, YYYY-MM-DD",
                           {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}),
        "limits": _said("limits of use of this piece of work, in sentences", {"type": "array", "items": WORDS}),
        "roles": _said("who has which role; the analyst must not be the assurer",
                       table_schema((), dict.fromkeys(ROLES, role))),
        "signatures": {"type": "array", "items": table_schema((), signature, ("role", "name", "date", "results_hash"))},
        "decisions": {"type": "array", "items": table_schema((), decision, ("date", "decision", "why", "who"))},
        "owners": _said(f"who owns inputs, {by_key}", {"type": "object"}),
        "made": _said(f"when inputs were set, YYYY-MM-DD, {by_key}", {"type": "object"}),
    }  # fmt: skip
    return table_schema((), more, ("schema_version",))
