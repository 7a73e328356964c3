"""JSON Schemas of the configuration files, for editors: names, units and bounds as hover text, and completion.

They are made from the registers (clauses, levers, parameters) and from entries.py for what has no register. The schemas
keep to what draft 4 knows, because editors for TOML know no more. Conditions between entries (tiers that overlap,
weights that do not add to 1) are left to `stresstest check`, which says more than a schema can.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..errors import ConfigError, nearest
from ..layout import AXES, DESIGNS, MAX_INDICATORS
from ..levers import GAMING, LEVERS
from ..levers._lever import FOUND_OUT
from ..terms import Field
from . import entries as E
from .assurance_schema import assurance_schema
from .batch_schema import batch_schema
from .case_schema import case_schema, priors_schema
from .contract_schema import contract_schema
from .designs import FEWEST, MOST
from .national_schema import national_schema
from .playbook_schema import playbook_schema
from .risk_register import risks_schema
from .scenarios import LARGEST
from .schema_parts import VERSION, WORDS, Schema, sections, table_schema, whole
from .schema_refs import with_definitions
from .schema_scenarios import assumptions_schema, scenario_schema
from .variants import variants_schema


def _study() -> Schema:
    search: Schema = {
        "screen": whole("strategies tried on the first draws", 8, 1_000_000),
        "screen_futures": whole("futures on which each is tried", 16, 1_000_000),
        "polish": whole("strategies polished", 1, 1000),
        "polish_futures": whole("futures on which each is polished", 16, 1_000_000),
        "verify_futures": whole("fresh futures on which winners are scored again", 16, 10_000_000),
    }
    design: Schema = {
        "kind": {"enum": list(DESIGNS)},
        "replicates": whole("independent replicates of lhs, sobol and importance", FEWEST, MOST),
        "antithetic": {"description": "1: random futures in mirrored pairs", "enum": [0, 1, False, True]},
    }
    names = {"type": "array", "items": WORDS, "minItems": 1}
    more: Schema = {
        **VERSION, "seed": whole("seed of every draw", 0, (1 << 63) - 1),
        "futures": whole("futures of the calibrated law", 1, LARGEST),
        "scenario_futures": whole("futures of each named scenario", 1, LARGEST),
        "years_futures": whole("futures whose yearly rows are kept", 0, LARGEST),
        "scenarios": {"description": "calibrated, or names of scenarios; NAME:point holds one from the first year", **names},
        "design": {
            "description": "how futures are spread over what might happen (docs/futures.md); random where left out",
            "anyOf": [{"enum": list(DESIGNS)}, table_schema((), design, ("kind",))],
        },
        "scenario_file": {"description": "name or path of a file of further scenarios", **WORDS},
        "scenario": {"description": "further scenarios", "type": "array", "items": scenario_schema(named=True)},
        "assumptions": {"description": "assumptions of the plan that are held true", **assumptions_schema()},
        "register": {"description": "own register of places, a CSV file beside the study (docs/places.md)", **WORDS},
        "scale_contract": {
            "description": "whether money of contract and provider goes with a place of the register; true where left out",
            "type": "boolean",
        },
        "changes": {"description": "change set: KEY=VALUE, as after --set", "type": "array", "items": WORDS},
        "search": {"description": "how hard the provider looks for its best response", **table_schema((), search)},
        "hurdles": {"description": "what is too bad for each party; judgements where left out", **table_schema(E.HURDLES)},
        "checks": {"description": "what the checks of a run tolerate", **table_schema(E.CHECKS)},
    }  # fmt: skip
    return table_schema(E.STUDY, more, ("schema_version", "seed", "futures", "scenarios"))


def _place() -> Schema:
    table = table_schema((*E.PLACE, *sections("place"), *E.PLACE_TABLES), VERSION, VERSION)
    table["properties"]["indicators"]["maxItems"] = MAX_INDICATORS
    return table


def _provider() -> Schema:
    audit = {True: FOUND_OUT, False: ()}
    levers = tuple(
        Field(kind.name, E.TABLE, kind.sentence or kind.title, columns=(*audit[kind.recovers], *kind.fields))
        for kind in LEVERS
        if kind.name in GAMING
    )
    gaming = Field("levers", E.TABLE, "what gaming costs, and the chance of being found out", columns=levers)
    return table_schema((E.text("title", "title"), *sections("provider"), gaming), VERSION, VERSION)


def _axes() -> Schema:
    pair = {"description": "two axes", "type": "array", "items": {"enum": list(AXES)}, "minItems": 2, "maxItems": 2}
    rows = {"type": "array", "items": table_schema(E.CORRELATION, {"axes": pair}, ("axes",))}
    return table_schema((E.text("base_year", "last year known"), *E.AXES_TABLES), {**VERSION, "correlation": rows}, VERSION)


def _scenarios() -> Schema:
    return {"type": "object", "properties": VERSION, "additionalProperties": scenario_schema()}


KINDS = {
    "study": _study, "contract": contract_schema, "place": _place, "provider": _provider, "axes": _axes,
    "scenarios": _scenarios, "case": case_schema, "priors": priors_schema, "risks": risks_schema,
    "playbook": playbook_schema, "assurance": assurance_schema, "variants": variants_schema,
    "batch": batch_schema, "national": national_schema,
}  # fmt: skip


def schema_of(kind: str) -> Schema:
    """The schema of a kind of file. Raises ConfigError for a kind that there is not."""
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise ConfigError("there is no such schema", key="schema", value=kind, expected=", ".join(KINDS), nearest=near)
    head = {"$schema": "http://json-schema.org/draft-04/schema#", "title": f"stresstest {kind} file"}
    return {**head, **KINDS[kind]()}


def schema_text(kind: str) -> str:
    """The schema as it is printed and as it stands in configs/schema/."""
    return json.dumps(with_definitions(schema_of(kind)), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def print_schema(kind: str, out: Path | None = None) -> int:
    """Print the JSON Schema of a kind of file, or write all of them into the folder `out`; return exit code 0."""
    if out is None:
        print(schema_text(kind), end="")
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for name in KINDS:
        (out / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8", newline="\n")
        print(out / f"{name}.schema.json")
    return 0
