"""The verb sign: who commissioned, made, assured and approved a run's report, written into the run's own record.

A run is signed by its results hash, so a signature falls away with any other result. Before anything is written the run is held
against its manifest: its files' checksums, and the results hash against the tables' digests. Big tables that a copy of a run
folder lacks altogether are named and left out; one that was changed, or is there in part, is refused.

The results hash covers the run's own tables. What the analyses and the report made of them has a digest of its own, which the
signature names beside it: a report says so where these tables are no longer those that were signed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date as calendar
from datetime import timedelta
from pathlib import Path
from typing import Any

from .config.assurance import RECORD, Assurance, Role, Signature, check_assurance, read_assurance
from .config.assurance_rules import ROLES, person
from .errors import BackendError, ConfigError, DataError, nearest

LEFT_OUT = ("futures", "outcomes", "years")


def sign(folder: Path, role: str, name: str, organisation: str, statement: str, date: str) -> int:
    """Put a name to a role, or with a statement sign the run in it; print the record's path, its state and the next step.

    Writes assurance.toml into the run folder, whole or not at all, from the run's own record or else its study's. Returns exit
    code 0. Errors: DataError for a run that is not as it was written, ConfigError for what the rules of a record refuse.
    """
    from .results.papers_digest import papers_digest

    folder = Path(folder)
    manifest, absent = require_as_written(folder)
    record = read_assurance(folder, manifest)
    papers = papers_digest(folder) if statement.strip() else ""
    new = signed(record, manifest, role, name, organisation, statement, date, papers)
    path = folder / RECORD
    check_assurance(new, manifest, path)
    _write(path, record_text(new))
    for line in told(path, new, role, bool(statement.strip()), absent):
        print(line)
    return 0


def signed(
    record: Assurance, manifest: dict[str, Any], role: str, name: str, organisation: str, statement: str, date: str,
    papers: str = "",
) -> Assurance:  # fmt: skip
    """The record with a name in a role and, where there is a statement, a signature. Errors: ConfigError.

    `papers` digest of the tables of the analyses and of the report, "" where there are none.
    """
    role, name = role.strip().lower(), " ".join(name.split())
    if role not in ROLES:
        near = nearest(role, ROLES)
        raise ConfigError("there is no such role", key="--role", value=role, expected=", ".join(ROLES), nearest=near)
    if not person(name):
        raise ConfigError("a role needs a name", key="--name", value=name, expected="the name of a person")
    held = record.role(role)
    if held.name and person(held.name) != person(name):
        raise ConfigError(f"the role of {role} is another person's", file=record.file, key="--name", value=name,
                          expected=f"{held.name}; to change who has the role, change the record itself")  # fmt: skip
    roles = {**record.roles, role: Role(held.name or name, organisation or held.organisation)}
    if not statement.strip():
        if date:
            raise ConfigError("a date belongs to a signature", key="--date", value=date, expected="--statement beside it")
        return replace(record, roles=roles)
    one = Signature(role, name, _day(date), str(manifest["results_hash"]), " ".join(statement.split()), papers)
    return replace(record, roles=roles, signatures=(*record.signatures, one))


def _day(text: str) -> str:
    """An ISO date, today's where none is given; not a day to come."""
    from .results.provenance import now

    today = now().date()
    if not text:
        return today.isoformat()
    try:
        given = calendar.fromisoformat(text)
    except ValueError:
        raise ConfigError("this is no date", key="--date", value=text, expected=f"YYYY-MM-DD, such as {today}") from None
    if given > today + timedelta(days=1):
        raise ConfigError("this day is still to come", key="--date", value=text, expected=f"{today} or earlier")
    return given.isoformat()


# ── is the run as it was written? ──────────────────────────────────────────────────────────────────────────────────
def require_as_written(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest of a complete run whose files are as they were, and the big tables that this copy lacks. Errors: DataError."""
    from .results.manifest import load_manifest

    manifest = load_manifest(folder)
    path = folder / "manifest.json"
    if manifest["status"] != "complete":
        status = manifest["status"]
        raise DataError("Only a complete run can be signed.", file=path, key="status", value=status, expected="complete")
    if not manifest.get("results_hash") or manifest["results_hash"] != _joined(manifest.get("table_hashes") or {}):
        message = "The results hash does not follow from the digests of the tables, so the run cannot be signed."
        raise DataError(message, file=path, key="results_hash", value=manifest.get("results_hash"),
                        expected="the manifest as the run wrote it: stresstest verify RUN")  # fmt: skip
    absent = [f"tables/{table}" for table in LEFT_OUT if not any((folder / "tables" / table).rglob("*.parquet"))]
    for name, facts in (manifest.get("files") or {}).items():
        if not name.startswith(tuple(f"{table}/" for table in absent)):
            _require_file(folder / name, facts["sha256"])
    return manifest, absent


def _require_file(path: Path, sha256: str) -> None:
    from .results.store import sha256_of

    if not path.is_file() or sha256_of(path) != sha256:
        word = "was changed since the run was made" if path.is_file() else "is missing"
        expected = "the run folder as it was written: stresstest verify RUN"
        raise DataError(f"A file of the run {word}, so the run cannot be signed.", file=path, key="sha256", expected=expected)


def _joined(tables: dict[str, str]) -> str:
    """The results hash as results.hashing makes it of the tables' digests."""
    from .results.hashing import HASHED

    digest = hashlib.sha256()
    for table in HASHED:
        if table in tables:
            digest.update(json.dumps([table, tables[table]], ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


# ── writing and telling ────────────────────────────────────────────────────────────────────────────────────────────
def record_text(record: Assurance) -> str:
    """The record as TOML."""
    import tomli_w

    def filled(one: Any) -> dict[str, str]:
        return {name: value for name, value in vars(one).items() if value}

    table: dict[str, Any] = {"schema_version": 1, "question": record.question, "checkpoint": record.checkpoint,
                             "review_by": record.review_by, "limits": list(record.limits)}  # fmt: skip
    table |= {"roles": {role: filled(record.roles[role]) for role in ROLES if role in record.roles}}
    table |= {"owners": record.owners, "made": record.made}
    table |= {"signatures": [filled(one) for one in record.signatures], "decisions": [filled(one) for one in record.decisions]}
    text = tomli_w.dumps({key: value for key, value in table.items() if value})
    return f"# Assurance record of this run. Written by `stresstest sign`; a signature holds for its results hash alone.\n{text}"


def _write(path: Path, text: str) -> None:
    from .results.folder import require_writable
    from .results.store import write_text

    require_writable(path.parent)
    try:
        write_text(path, text)
    except OSError as error:
        raise BackendError("The record could not be written; what stood there before is untouched. Make room and sign again.",
                           file=path, value=error.strerror or str(error)) from error  # fmt: skip


def told(path: Path, record: Assurance, role: str, by_hand: bool, absent: list[str]) -> list[str]:
    """What to print: the path, what became of the role, the state, the next step."""
    done = "signed" if by_hand else "named, not signed (add --statement to sign)"
    who = record.role(role.strip().lower()).name
    lines = [str(path), f"{role}: {who}, {done}", *(covered(record) if by_hand else ())]
    lines += [f"state: {record.state}", f"next: {next_step(record)}"]
    if absent:
        lines.append(f"not looked at, because this copy of the run lacks them: {', '.join(absent)}")
    return lines


def covered(record: Assurance) -> list[str]:
    """What the last signature holds for, and whether an earlier one holds for other tables of the analyses and the report."""
    *earlier, last = record.signatures
    if not last.papers_digest:
        return ["covers: the results hash alone; the run has no table of an analysis or a report (stresstest report RUN)"]
    lines = ["covers: the results hash, and the tables of the analyses and of the report as they stand in the run folder"]
    others = [one.role for one in earlier if one.papers_digest and one.papers_digest != last.papers_digest]
    if others:
        lines.append(f"note: these tables are not those that were signed before, as {', '.join(others)}")
    return lines


def next_step(record: Assurance) -> str:
    """What would bring the record on."""
    if not record.next_role:
        return "nothing: it is approved; write the report again (stresstest report RUN)"
    holder = record.role(record.next_role).name
    apart = ", who must not be the analyst," if record.next_role == "assurer" and not holder else ""
    return f"the {record.next_role}{apart or (f' ({holder})' if holder else '')} signs; then write the report again"


__all__ = ["next_step", "record_text", "require_as_written", "sign", "signed", "told"]
