"""Who commissioned, made, assured and approved a report, what was decided on the way, and who owns which input."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROLES = ("commissioner", "analyst", "assurer", "approver")
STATES = ("draft", "analyst-checked", "assured", "approved")


@dataclass(frozen=True)
class Role:
    """Who has a role; "" where nobody has it."""

    name: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Signature:
    """What somebody signed: role, name, date (ISO), the results hash that was signed, and a statement."""

    role: str
    name: str
    date: str
    results_hash: str
    statement: str = ""


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
    """The assurance record of a run; empty where there is none, and then the report is an unassured draft."""

    question: str = ""
    checkpoint: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    decisions: tuple[Decision, ...] = ()
    owners: dict[str, str] = field(default_factory=dict)
    review_by: str = ""
    limits: tuple[str, ...] = ()
    file: str = ""

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


def read_assurance(folder: Path, manifest: dict[str, Any], file: Path | None = None) -> Assurance:
    """The assurance record of a run: `file`, else assurance.toml in the run folder, else that of its study in configs/."""
    return Assurance()
