"""Where an entry of a contract stands: file and line, through the files that it extends and the contracts inside it."""

from __future__ import annotations

import re
import tomllib
from itertools import accumulate
from pathlib import Path

from ..errors import ConfigError
from .folders import find

_ENTRY = re.compile(r"""^\s*["']?([A-Za-z_][\w ]*?)["']?\s*=""")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|" r"#[^\n]*", re.DOTALL
)
_BRACKETS = str.maketrans("[{}]", "    ")


def _plain(match: re.Match[str]) -> str:
    """A string without its brackets, or without its lines where it has several; nothing in place of a comment."""
    text = match[0]
    if text.startswith("#"):
        return ""
    return "\n" * text.count("\n") if "\n" in text else text.translate(_BRACKETS)


def outside_values(text: str) -> list[str]:
    """The lines of a TOML file without comments; those that go on with a value begun on an earlier line are empty."""
    lines = _TEXT.sub(_plain, text).split("\n")
    opened = accumulate((sum(map(line.count, "[{")) - sum(map(line.count, "]}")) for line in lines), initial=0)
    return ["" if depth > 0 else line for line, depth in zip(lines, opened, strict=False)]


def _header(line: str) -> str:
    """The name in a table's header: "[ending]" → "ending", "[[terms]]" → "terms"; "" where the line is none."""
    return line.strip().strip("[]").replace(" ", "") if line.lstrip().startswith("[") else ""


def _blocks(lines: list[str], table: str) -> list[tuple[int, int]]:
    """(first line, line after the last) of each table of this name with the tables inside it, lines from 0."""
    heads = [k for k, line in enumerate(lines) if _header(line) and not _header(line).startswith(f"{table}.")]
    ends = [*heads[1:], len(lines)]
    return [(k, end) for k, end in zip(heads, ends, strict=False) if _header(lines[k]) == table]


def _line_in(path: Path, clause: str, field: str) -> int | None:
    """Line (from 1) of a clause's entry, or of the clause where it has no such entry; None where it is not in this file."""
    lines = outside_values(path.read_text(encoding="utf-8"))
    table = clause if clause == "ending" else "terms"
    for first, end in _blocks(lines, table):
        inside = {_header(lines[k]): k for k in range(end - 1, first, -1) if _header(lines[k])}
        until = min(inside.values(), default=end)
        named = {m[1]: k for k in range(until - 1, first, -1) if (m := _ENTRY.match(lines[k]))}
        own = lines[named.get("id", named.get("kind", first))]
        if clause != "ending" and f'"{clause}"' not in own and f"'{clause}'" not in own:
            continue
        return named.get(field, inside.get(f"{table}.{field}", first)) + 1
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
                here, clause = find("contracts", str(inner[head]), configs, here), rest
            elif isinstance(content.get("extends"), str):
                here = find("contracts", content["extends"], configs, here)
            else:
                break
        except ConfigError:
            break
    return str(path)
