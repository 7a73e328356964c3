"""Manifests of earlier versions, brought up to the present one in memory: a run folder itself is never rewritten.

Each function of MIGRATIONS takes a manifest of its own version and returns one of the next. They may add what an earlier version
had no word for; they may not touch what the results hash covers, so an old run keeps the hash that it was given.

    1 → 2   futures that were only summed up are counted in `condensed` (none), and `keep` says what share of a scenario's futures
            has rows of its own (all of them)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

Manifest = dict[str, Any]
VERSION = "manifest_version"


def _to_2(manifest: Manifest) -> Manifest:
    """Version 1 knew only futures that are kept in full."""
    return {"condensed": {}, "keep": 1.0, **manifest}


#: From the version that a function reads to the function; each leads to the next version.
MIGRATIONS: dict[int, Callable[[Manifest], Manifest]] = {1: _to_2}
#: The version that is written.
LATEST = max(MIGRATIONS) + 1
#: Keys and tables of which a version was the first to write any.
KEYS = {2: ("condensed", "keep", "events", "papers", "manifest_digest")}
TABLES = {2: ("bins", "moments", "ends")}


def is_known(version: Any) -> bool:
    """Whether a manifest of this version can be read: the latest, or one that a chain of migrations leads up from."""
    return isinstance(version, int) and not isinstance(version, bool) and (version == LATEST or version in MIGRATIONS)


def too_new(manifest: Manifest, tables: Collection[str]) -> str:
    """What a manifest of a known version, or its folder's `tables`, holds that only later versions write; "" for nothing."""
    later = range(manifest[VERSION] + 1, LATEST + 1)
    keys = [name for version in later for name in KEYS.get(version, ()) if name in manifest]
    return next(iter([*keys, *(f"tables/{name}" for version in later for name in TABLES.get(version, ()) if name in tables)]), "")


def migrated(manifest: Manifest) -> Manifest:
    """The manifest as the latest version has it; `manifest` itself is left alone.

    The version must be a known one (`is_known`). A manifest of the latest version comes back with the keys that it may leave out.
    """
    found = dict(manifest)
    for version in range(found[VERSION], LATEST):
        found = {**MIGRATIONS[version](found), VERSION: version + 1}
    return {"condensed": {}, "keep": 1.0, **found}
