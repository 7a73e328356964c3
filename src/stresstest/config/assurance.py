"""Who commissioned, made, assured and approved a report, what was decided on the way, and who owns which input.

The four roles are those of HM Treasury's AQuA Book (2025). Whoever assures must not be whoever made it; this is held to here,
whatever the spelling. A record is read from `assurance.toml` in the run folder, else from configs/assurance/STUDY.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import ConfigError, nearest
from .assurance_rules import CHECKPOINTS, PARTS, ROLES, day, require_order, require_own_run, require_people
from .folders import config_folder
from .section import Section, read_toml

STATES = ("draft", "analyst-checked", "assured", "approved")
RECORD, FOLDER = "assurance.toml", "assurance"


@dataclass(frozen=True)
class Role:
    """Who has a role; "" where nobody has it."""

    name: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Signature:
    """What somebody signed: role, name, date (ISO), the results hash that was signed, and a statement.

    `papers_digest` is that of the tables of the analyses and of the report as they stood then (results.papers_digest); "" where
    there were none, or where the signature is of before it was kept.
    """

    role: str
    name: str
    date: str
    results_hash: str
    statement: str = ""
    papers_digest: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision on the way to the model: when, what, why, who took it and who signed it."""

    date: str
    decision: str
    why: str
    who: str
    signed_by: str = ""


@dataclass(frozen=True)
class Assurance:
    """The assurance record of a run; empty where there is none, and then the report is an unassured draft.

    `owners` and `made` (ISO dates) are given by the beginning of an input's key; the longest that fits counts.
    """

    question: str = ""
    checkpoint: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    decisions: tuple[Decision, ...] = ()
    owners: dict[str, str] = field(default_factory=dict)
    review_by: str = ""
    limits: tuple[str, ...] = ()
    file: str = ""
    made: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """"draft", "analyst-checked", "assured" or "approved": how far signatures have come, in order."""
        signed = {one.role for one in self.signatures}
        reached = "draft"
        for role, state in zip(ROLES[1:], STATES[1:], strict=True):
            if role not in signed:
                break
            reached = state
        return reached

    @property
    def next_role(self) -> str:
        """Whose signature would bring it on; "" when it is approved."""
        return (*ROLES[1:], "")[STATES.index(self.state)]

    def role(self, name: str) -> Role:
        """Who has a role, as named or, where nobody is named, as signed."""
        signed = self.signature(name)
        return self.roles.get(name) or (Role(signed.name) if signed else Role())

    def signature(self, role: str) -> Signature | None:
        """The signature in a role, where there is one."""
        return next((one for one in self.signatures if one.role == role), None)

    @property
    def signed_off(self) -> Signature | None:
        """The signature by which inputs count as signed off: the approver's, else the assurer's."""
        found = {"approved": "approver", "assured": "assurer"}.get(self.state, "")
        return self.signature(found)

    def owner(self, key: str) -> str:
        """Who owns an input; "" where nobody does."""
        return _longest(self.owners, key)

    def made_on(self, key: str) -> str:
        """When an input was set, an ISO date; "" where the record does not say."""
        return _longest(self.made, key)


def _longest(table: Mapping[str, str], key: str) -> str:
    """The entry whose name is the longest beginning of a key, at a full stop or a bracket."""
    fitting = [name for name in table if key == name or key.startswith((f"{name}.", f"{name}["))]
    return table[max(fitting, key=len)] if fitting else ""


def read_assurance(folder: Path, manifest: dict[str, Any], file: Path | None = None) -> Assurance:
    """The assurance record of a run: `file`, else assurance.toml in the run folder, else that of its study in configs/.

    Errors: ConfigError, placed, for a file that is none, one person as analyst and assurer, a role that another signed,
    signatures out of order, or one that was given for another run.
    """
    for path, name in _places(Path(folder), manifest, file):
        if file is not None or path.is_file():
            record = read_record(path, name)
            check_assurance(record, manifest, path)
            return record
    return Assurance()


def _places(folder: Path, manifest: dict[str, Any], file: Path | None) -> list[tuple[Path, str]]:
    """Files that may hold the record, the first that is there counts; each with the name that a report gives it."""
    if file is not None:
        return [(Path(file), Path(file).name)]
    found = [(folder / RECORD, RECORD)]
    study = str(manifest.get("study", {}).get("name", ""))
    if study and Path(study).name == study:
        try:
            found.append((config_folder() / FOLDER / f"{study}.toml", f"configs/{FOLDER}/{study}.toml"))
        except ConfigError:
            return found
    return found


def check_assurance(record: Assurance, manifest: dict[str, Any], file: object = None) -> None:
    """Hold a record to the rules that no form of a file can see. Errors: ConfigError, placed."""
    names = {role: one.name for role, one in record.roles.items()}
    require_people(names, record.signatures, file)
    require_order(record.signatures, str(manifest.get("created", ""))[:10], file)
    require_own_run(record.signatures, str(manifest.get("results_hash", "")), file)


def read_record(path: Path, name: str = "") -> Assurance:
    """A record as it stands in its file, not yet held against a run. Errors: ConfigError, placed."""
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    question = top.text("question", "")
    checkpoint = top.text("checkpoint", "", CHECKPOINTS) if top.peek("checkpoint") else top.text("checkpoint", "")
    review_by = day(top, "review_by", "")
    limits = top.anything("limits", [])
    if not isinstance(limits, list) or not all(isinstance(one, str) for one in limits):
        raise top.fail("limits", "this should be a list of sentences", limits, '["a sentence"]')
    roles = _roles(top.section("roles", {}))
    signatures = tuple(_signature(row) for row in top.rows("signatures", []))
    decisions = tuple(_decision(row) for row in top.rows("decisions", []))
    owners, made = _by_key(top, "owners"), _by_key(top, "made")
    for key in made:
        day(top, "made", "", made[key], key)
    top.finish()
    return Assurance(question, checkpoint, roles, signatures, decisions, owners, review_by, tuple(limits), name, made)


def _roles(section: Section) -> dict[str, Role]:
    found = {}
    for name in ROLES:
        row = section.section(name, {})
        found[name] = Role(row.text("name", "").strip(), row.text("organisation", "").strip())
        row.finish()
    section.finish()
    return {name: one for name, one in found.items() if one != Role()}


def _signature(row: Section) -> Signature:
    role = row.text("role", choices=ROLES)
    one = Signature(role, row.text("name").strip(), day(row, "date"), row.text("results_hash"), row.text("statement", ""),
                    _digest(row))  # fmt: skip
    row.finish()
    return one


def _digest(row: Section) -> str:
    """The digest that a signature names, "" where it names none."""
    value = row.text("papers_digest", "")
    if value and not re.fullmatch(r"[0-9a-f]{64}", value):
        raise row.fail("papers_digest", "this is no digest", value, "64 hexadecimal digits, as `stresstest sign` writes them")
    return str(value)


def _decision(row: Section) -> Decision:
    one = Decision(day(row, "date"), row.text("decision"), row.text("why"), row.text("who"), row.text("signed_by", ""))
    row.finish()
    return one


def _by_key(top: Section, name: str) -> dict[str, str]:
    """Words by the beginning of an input's key; keys with full stops may be quoted or nested."""
    found: dict[str, str] = {}

    def walk(table: object, before: str) -> None:
        if not isinstance(table, dict):
            raise top.fail(before or name, "this should be a table of words", table, '"place.opening" = "words"')
        for key, value in table.items():
            if isinstance(value, dict):
                walk(value, f"{before}{key}.")
            else:
                found[f"{before}{key}"] = str(value) if name == "made" else value

    walk(top.anything(name, {}), "")
    _require_known(top, name, found)
    return found


def _require_known(top: Section, name: str, found: dict[str, str]) -> None:
    for key, value in found.items():
        part = key.partition(".")[0].partition("[")[0]
        if part not in PARTS:
            raise top.fail(f"{name}.{key}", "no input has a key that begins so", part, ", ".join(PARTS), nearest(part, PARTS))
        if not isinstance(value, str):
            raise top.fail(f"{name}.{key}", "this should be text", value, "text in quotes")


__all__ = [
    "FOLDER", "RECORD", "ROLES", "STATES", "Assurance", "Decision", "Role", "Signature", "check_assurance", "read_assurance",
    "read_record",
]  # fmt: skip
