"""Where an entry of a contract stands: file and line, through the files that it extends and the contracts inside it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from ..errors import ConfigError
from .folders import find

_ENTRY = re.compile(r"""^\s*["']?([A-Za-z_][\w ]*?)["']?\s*=""")


def _blocks(lines: list[str]) -> list[tuple[str, int, int]]:
    """(header, first line, line after the last) of each table in a file, lines from 0."""
    heads = [(k, line.strip()) for k, line in enumerate(lines) if line.strip().startswith("[")]
    ends = [k for k, _ in heads[1:]] + [len(lines)]
    return [(head, k, end) for (k, head), end in zip(heads, ends, strict=True)]


def _line_in(path: Path, clause: str, field: str) -> int | None:
    """Line (from 1) of a clause's entry, or of the clause where it has no such entry; None where it is not in this file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = f"[{clause}]" if clause == "ending" else "[[terms]]"
    for head, first, end in _blocks(lines):
        if head.split("#")[0].strip() != wanted:
            continue
        named = {m[1]: lines[k] for k in range(first, end) if (m := _ENTRY.match(lines[k]))}
        own = named.get("id", named.get("kind", ""))
        if clause != "ending" and f'"{clause}"' not in own and f"'{clause}'" not in own:
            continue
        for k in range(first, end):
            match = _ENTRY.match(lines[k])
            if match and match[1] == field:
                return k + 1
        return first + 1
    return None


def locate(path: Path, clause: str, field: str, configs: Path) -> str:
    """FILE:LINE of an entry; the file alone where the contract as a whole is meant or the line cannot be told."""
    here = path
    for _ in range(10):
        line = _line_in(here, clause, field.partition(".")[0]) if clause else None
        if line:
            return f"{here}:{line}"
        content = tomllib.loads(here.read_text(encoding="utf-8"))
        inner = {str(row.get("id")): row.get("contract") for row in content.get("subcontracts", []) if isinstance(row, dict)}
        head, _, rest = clause.partition(".")
        try:
            if rest and head in inner:
                here, clause = find("contracts", str(inner[head]), configs), rest
            elif isinstance(content.get("extends"), str):
                here = find("contracts", content["extends"], configs)
            else:
                break
        except ConfigError:
            break
    return str(path)
