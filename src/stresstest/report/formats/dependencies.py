"""The libraries that a report rests on, with versions and licences: as a table, and as a bill of materials (CycloneDX)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from ... import __version__

#: What this package asks for by itself, as in pyproject.toml, and the engine of the PDF, which is an extra.
DIRECT = (
    "jinja2", "joblib", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "SALib", "scikit-learn", "scipy", "seaborn",
    "threadpoolctl", "tomli-w", "XlsxWriter",
)  # fmt: skip
EXTRA = ("weasyprint",)
#: Longest text that is the name of a licence and not the licence itself.
MOST_LICENCE = 80
COLUMNS = ("name", "version", "version_of_run", "licence", "needed_by", "address")
UNKNOWN = "not stated"


def dependencies(of_run: Mapping[str, str]) -> list[dict[str, str]]:
    """A row for each installed library that this package needs, directly or through another, in the order of names.

    `of_run`: versions that the run's manifest names. A library that is not installed here has no row.
    """
    found: dict[str, dict[str, str]] = {}
    waiting = [(name, "stresstest") for name in (*DIRECT, *EXTRA)]
    run = {_same(name): version for name, version in of_run.items()}
    while waiting:
        name, needed_by = waiting.pop(0)
        if _same(name) in found:
            continue
        try:
            facts = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[_same(name)] = _row(facts, needed_by, run.get(_same(name), ""))
        waiting += [(needed, facts.metadata["Name"]) for needed in _needs(facts.requires or [])]
    return [found[name] for name in sorted(found)]


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(wanted: list[str]) -> list[str]:
    """Names of the requirements that are not for an extra."""
    plain = [one for one in wanted if not re.search(r";.*\bextra\s*==", one)]
    return [match[0] for one in plain if (match := re.match(r"[A-Za-z0-9._-]+", one))]


def _row(facts: metadata.Distribution, needed_by: str, of_run: str) -> dict[str, str]:
    about: Any = facts.metadata
    pages = [text.partition(", ")[2] for text in about.get_all("Project-URL") or []]
    address = str(about.get("Home-page") or (pages[0] if pages else ""))
    return {"name": str(about["Name"]), "version": facts.version, "version_of_run": of_run, "licence": licence_of(about),
            "needed_by": needed_by, "address": address}  # fmt: skip


def licence_of(about: Any) -> str:
    """The licence that a library's own description names: its expression, its short name, or its classifiers."""
    for name in ("License-Expression", "License"):
        text = str(about.get(name) or "").strip()
        if text and "\n" not in text and len(text) <= MOST_LICENCE:
            return text
    marks = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    return "; ".join(one.rpartition(" :: ")[2] for one in marks) or UNKNOWN


def bill_of_materials(rows: list[dict[str, str]], when: str) -> str:
    """The same as CycloneDX 1.6 in JSON, dated `when` (ISO, the time of the run)."""
    components = [
        {"type": "library", "name": row["name"], "version": row["version"],
         "purl": f"pkg:pypi/{_same(row['name'])}@{row['version']}",
         **({} if row["licence"] == UNKNOWN else {"licenses": [{"license": {"name": row["licence"]}}]})}
        for row in rows
    ]  # fmt: skip
    own = {"type": "application", "name": "stresstest", "version": __version__, "licenses": [{"license": {"id": "MIT"}}]}
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"timestamp": when, "component": own},
             "components": components}  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
