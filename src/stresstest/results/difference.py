"""What went into two runs, and what made them, side by side, whatever versions they are of.

Inputs are the effective configurations entry by entry, the data tables and what the providers do; code is version, commit,
sources, libraries and machine. Nothing is refused because it differs; what one run lacks is said to be absent.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..futures.design import REPLICATES
from .manifest import CHECKS, CONFIG, MANIFEST, load_manifest

Row = dict[str, Any]
ABSENT = ""
CHANGED, ADDED, REMOVED = "changed", "added", "removed"
NUMBERS, SAMPLING, WORDS = "numbers", "sampling", "words only"
PARTS = ("study", "contract", "place", "provider", "axes", "scenarios")
#: Entries of the study that say how futures are drawn and not what they are about.
SAMPLED = ("study.seed", "study.futures", "study.scenario_futures", "study.years_futures", "study.design")
_SCENARIO_FUTURES = re.compile(r"scenarios\.[^.]+\.futures")
#: Entries that name things and move no number.
NAMES = ("title", "name", "schema_version")
NOTED = ("unit", "source", "quality", "date")
FORM = "form of the manifest"
CHANGED_NUMBERS, UNRELEASED = "Changed numbers", "Unreleased"


@dataclass(frozen=True)
class Record:
    """A finished run's papers: its folder, manifest, effective configuration and checks (none where they are missing)."""

    folder: Path
    manifest: dict[str, Any]
    configuration: dict[str, Any]
    checks: list[Row]

    @property
    def provenance(self) -> dict[str, Any]:
        """Code, libraries and machine; empty where the manifest is older than that."""
        return dict(self.manifest.get("provenance") or {})

    @property
    def digest(self) -> str:
        """Digest of the sources that made it; "" where it is not known."""
        return str(self.manifest.get("source_digest") or self.provenance.get("source_digest") or ABSENT)

    @property
    def run_id(self) -> str:
        """Name of the run."""
        return str(self.manifest["run_id"])


def read_record(folder: Path) -> Record:
    """The papers of a finished run of any version. Errors: DataError for what is no finished run or cannot be read."""
    folder = Path(folder)
    manifest = _manifest(folder)
    if manifest.get("status") != "complete":
        raise DataError("The run is not finished.", file=folder, key="status", value=manifest.get("status"),
                        expected="complete; go on with --resume")  # fmt: skip
    try:
        configuration = tomllib.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("The run has no configuration.", file=folder / CONFIG, expected="the file as the run wrote it") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError("The run's configuration cannot be read.", file=folder / CONFIG, value=str(error)) from None
    return Record(folder, manifest, configuration, _checks(folder / CHECKS))


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest, of an older form too: only what names the run is asked for."""
    path = folder / MANIFEST
    if not path.is_file():
        return load_manifest(folder)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("The manifest cannot be read.", file=path, value=str(error)) from error
    if not isinstance(manifest, dict) or "run_id" not in manifest:
        raise DataError("The manifest lacks a key.", file=path, key="run_id")
    return manifest


def _checks(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [{"check": str(row.get("check", row.get("name"))), "ok": bool(row["ok"])} for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError("The checks cannot be read.", file=path, value=str(error)) from error


# ── inputs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def leaves(value: Any, key: str) -> Iterator[tuple[str, Row]]:
    """(key, cells) of every value below a table: value, unit, source and quality, as text."""
    if isinstance(value, Mapping):
        if "value" in value and not isinstance(value["value"], Mapping):
            noted = {name: str(value.get(name, ABSENT)) for name in NOTED[:3]}
            yield key, {"value": text_of(value["value"]), **noted}
            return
        for name, item in value.items():
            yield from leaves(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for k, item in enumerate(value):
            yield from leaves(item, f"{key}[{_called(item, k)}]")
    else:
        yield key, {"value": text_of(value), "unit": ABSENT, "source": ABSENT, "quality": ABSENT}


def _called(item: Mapping[str, Any], k: int) -> str:
    """Name of a row of a list, as the register of assumptions has it."""
    name = next((str(item[word]) for word in ("name", "line", "id", "kind") if item.get(word)), None)
    return name or "-".join(map(str, item.get("axes", [k + 1])))


def text_of(value: Any) -> str:
    """A value as text: numbers to twelve figures, lists with blanks between."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.12g}"
    return " ".join(text_of(one) for one in value) if isinstance(value, list | tuple) else str(value)


def inputs_of(one: Record) -> dict[str, Row]:
    """Every entry of the effective configuration, and the checksums of the data tables, by key."""
    whole = {**one.configuration, "study": _spelt_out(one.configuration.get("study", {}))}
    found = {key: cells for part in PARTS for key, cells in leaves(whole.get(part, {}), part)}
    for name, digest in (one.manifest.get("data_hashes") or {}).items():
        found[f"data.{name}"] = {"value": str(digest)[:16], "unit": "sha256, first 16", "source": ABSENT, "quality": ABSENT}
    return found


def _spelt_out(study: Any) -> Any:
    """A study whose design is a table, as it may be written, where it is a name: the two are compared entry by entry."""
    if not isinstance(study, Mapping) or not isinstance(study.get("design"), str):
        return study
    return {**study, "design": {"kind": study["design"], "replicates": REPLICATES, "antithetic": 0}}


def input_rows(before: Record, after: Record) -> list[Row]:
    """One row for each entry that was added, removed or changed; `bears` on numbers, on sampling, or on words only."""
    a, b = inputs_of(before), inputs_of(after)
    rows = []
    for key in dict.fromkeys([*a, *b]):
        old, new = a.get(key), b.get(key)
        if old == new:
            continue
        what = ADDED if old is None else REMOVED if new is None else CHANGED
        moved = old is None or new is None or old["value"] != new["value"]
        row: Row = {"key": key, "part": key.partition(".")[0].partition("[")[0], "what": what, "bears": bears(key, moved)}
        for name in ("value", "unit", "source", "quality"):
            row |= {f"{name}_before": (old or {}).get(name, ABSENT), f"{name}_after": (new or {}).get(name, ABSENT)}
        rows.append(row)
    return rows


def bears(key: str, moved: bool) -> str:
    """What a changed entry bears on."""
    if not moved or key.rpartition(".")[2] in NAMES:
        return WORDS
    drawn = any(key == name or key.startswith(f"{name}.") for name in SAMPLED) or _SCENARIO_FUTURES.fullmatch(key)
    return SAMPLING if drawn else NUMBERS


def strategy_rows(before: Record, after: Record) -> list[Row]:
    """Lever levels that differ, by strategy: what each provider was found to do."""
    a, b = (one.manifest.get("strategies") or {} for one in (before, after))
    rows = []
    for name in dict.fromkeys([*a, *b]):
        for lever in dict.fromkeys([*a.get(name, {}), *b.get(name, {})]):
            old, new = (_levels(one.get(name, {}).get(lever)) for one in (a, b))
            if old != new:
                rows.append({"strategy": name, "lever": lever, "level_before": old, "level_after": new})
    return rows


def _levels(levels: Any) -> str:
    """One level where it is the same every year; else all of them."""
    if levels is None:
        return ABSENT
    return text_of(levels[0]) if isinstance(levels, list) and levels and len(set(levels)) == 1 else text_of(levels)


# ── code ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def code_of(one: Record) -> dict[tuple[str, str], str]:
    """(part, name) → value: version, commit, sources, libraries, machine."""
    made, git = one.provenance, one.provenance.get("git") or {}
    dirty = ABSENT if git.get("dirty") is None else "yes" if git["dirty"] else "no"
    found = {
        ("code", "version"): str(made.get("stresstest", ABSENT)), ("code", "commit"): str(git.get("commit") or ABSENT),
        ("code", "uncommitted changes"): dirty, ("code", "digest of the sources"): one.digest,
        ("code", FORM): str(one.manifest.get("manifest_version", ABSENT)),
        ("machine", "python"): str(made.get("python", ABSENT)), ("machine", "system"): str(made.get("system", ABSENT)),
        ("machine", "processor"): str(made.get("processor", ABSENT)),
    }  # fmt: skip
    return found | {("library", name): str(version) for name, version in sorted((made.get("libraries") or {}).items())}


def code_rows(before: Record, after: Record) -> list[Row]:
    """Every item of code, libraries and machine in both runs, and whether it is the same."""
    a, b = code_of(before), code_of(after)
    return [
        {"part": part, "name": name, "before": a.get((part, name), ABSENT), "after": b.get((part, name), ABSENT),
         "same": "yes" if a.get((part, name), ABSENT) == b.get((part, name), ABSENT) else "no"}
        for part, name in dict.fromkeys([*a, *b])
    ]  # fmt: skip


def changelog_file(start: Path) -> Path | None:
    """The project's changelog: beside the configuration, or above the package; None where there is none."""
    for root in (start, *Path(__file__).resolve().parents):
        path = root / "CHANGELOG.md"
        if path.is_file() and CHANGED_NUMBERS in path.read_text(encoding="utf-8", errors="replace"):
            return path
    return None


def changelog_rows(text: str, before: Record, after: Record) -> list[Row]:
    """Entries under "Changed numbers" of every release after the one version and up to the other, either way round.

    What is not released yet is among them where the newer of the two is the last release, made from other sources; a version
    that the changelog does not know counts as older than all.
    """
    if before.digest and before.digest == after.digest:
        return []
    releases = re.split(r"(?m)^## ", text)[1:]
    names = [re.sub(r"[\[\]]", "", part.partition("\n")[0]).split(" - ")[0].strip() for part in releases]
    versions = [str(one.provenance.get("stresstest", ABSENT)) for one in (before, after)]
    places = [names.index(version) if version in names else len(names) for version in versions]
    chosen = list(range(min(places), max(places)))
    if names[:1] == [UNRELEASED] and min(places) == 1:
        chosen = [0, *chosen]
    return list(_entries(names, releases, chosen))


def _entries(names: list[str], releases: list[str], chosen: list[int]) -> Iterator[Row]:
    for k in chosen:
        section = next((p for p in re.split(r"(?m)^### ", releases[k]) if p.startswith(CHANGED_NUMBERS)), "")
        for entry in re.split(r"(?m)^- ", section)[1:]:
            yield {"version": names[k], "entry": re.sub(r"\s+", " ", entry).strip()}


# ── assumptions and checks ─────────────────────────────────────────────────────────────────────────────────────────
def register_of(one: Record) -> dict[str, Row] | None:
    """The register of assumptions by key; None where the run has none. Errors: DataError for one that cannot be read."""
    path = one.folder / "summary" / "assumptions.csv"
    if not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = {str(row["key"]): row for row in csv.DictReader(stream)}
    except (OSError, KeyError, csv.Error, UnicodeDecodeError) as error:
        raise DataError("The register of assumptions cannot be read.", file=path, key="key", value=str(error)) from error
    return {key: {name: row.get(name) or ABSENT for name in ("value", "unit", "source", "quality")} for key, row in rows.items()}


def assumption_rows(before: Record, after: Record) -> list[Row] | None:
    """Assumptions that appeared, vanished, or have another value, quality or source; None where a run has no register."""
    a, b = register_of(before), register_of(after)
    if a is None or b is None:
        return None
    rows = []
    for key in dict.fromkeys([*a, *b]):
        old, new = a.get(key, {}), b.get(key, {})
        differs = [name for name in ("value", "quality", "source") if old.get(name, ABSENT) != new.get(name, ABSENT)]
        if differs:
            what = ADDED if not old else REMOVED if not new else ", ".join(differs)
            row: Row = {"key": key, "what": what, "unit": new.get("unit") or old.get("unit", ABSENT)}
            for name in ("value", "quality", "source"):
                row |= {f"{name}_before": old.get(name, ABSENT), f"{name}_after": new.get(name, ABSENT)}
            rows.append(row)
    return rows


def check_rows(before: Record, after: Record) -> list[Row]:
    """Every check of either run: whether it held before and holds now."""
    a, b = ({row["check"]: "holds" if row["ok"] else "fails" for row in one.checks} for one in (before, after))
    return [
        {"check": name, "before": a.get(name, ABSENT), "after": b.get(name, ABSENT),
         "same": "yes" if a.get(name) == b.get(name) else "no"}
        for name in dict.fromkeys([*a, *b])
    ]  # fmt: skip
