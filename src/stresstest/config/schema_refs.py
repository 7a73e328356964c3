"""Saying once what a schema says often: parts that stand in it several times become definitions (draft 4)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

LEAST = 100  # characters from which a part is worth a name


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema that could be replaced by a reference."""
    if not isinstance(node, dict):
        return
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", []), *node.get("oneOf", [])]
    inner += [node[key] for key in ("items", "additionalProperties") if isinstance(node.get(key), dict)]
    for one in inner:
        if isinstance(one, dict):
            yield one
            yield from _parts(one)


def _text(node: Any) -> str:
    return json.dumps(node, sort_keys=True, ensure_ascii=False)


def with_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with its repeated parts under `definitions`; their names are numbers in order of first use."""
    counts = Counter(_text(part) for part in _parts(schema))
    names: dict[str, str] = {}
    definitions: dict[str, Any] = {}

    def shared(node: Any) -> Any:
        text = _text(node)
        if counts[text] < 2 or len(text) < LEAST:
            return rebuilt(node)
        if text not in names:
            names[text] = f"part{len(names) + 1}"
            definitions[names[text]] = rebuilt(node)
        return {"$ref": f"#/definitions/{names[text]}"}

    def rebuilt(node: Any) -> Any:
        new = dict(node)
        for key in ("anyOf", "oneOf"):
            if key in new:
                new[key] = [shared(one) for one in new[key]]
        for key in ("items", "additionalProperties"):
            if isinstance(new.get(key), dict):
                new[key] = shared(new[key])
        if "properties" in new:
            new["properties"] = {name: shared(one) for name, one in new["properties"].items()}
        return new

    top = rebuilt(schema)
    return {**top, "definitions": definitions} if definitions else top


def without_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every reference written out: the inverse of `with_definitions`."""
    definitions = schema.get("definitions", {})

    def written_out(node: Any) -> Any:
        if isinstance(node, list):
            return [written_out(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return written_out(definitions[node["$ref"].rpartition("/")[2]])
        return {key: written_out(value) for key, value in node.items() if key != "definitions"}

    return dict(written_out(schema))
