"""A finding: one thing in a contract that is wrong, odd or worth knowing, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ._case import Case

Severity = Literal["fault", "warning", "note"]
#: fault: it cannot be meant; warning: it can hurt one of the parties; note: worth knowing before signing.
SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """One finding. `id` never changes its name; `clause` is a clause's id, "ending", or "" for the contract as a whole.

    `field` names the entry, `sentence` says in words and numbers what was found, `remedy` what can be done.
    """

    id: str
    severity: Severity
    clause: str
    field: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Remark:
    """What a check says, before its id is put on it: see Finding."""

    severity: Severity
    clause: str
    field: str
    sentence: str
    remedy: str


Look = Callable[["Case"], Iterator[Remark]]


@dataclass(frozen=True)
class Check:
    """One entry of the register: a stable id and the function that looks. Its docstring is what the method book prints."""

    id: str
    look: Look

    @property
    def text(self) -> str:
        """What the check looks for, why it matters, and the source."""
        return (self.look.__doc__ or "").strip()

    def findings(self, case: Case) -> Iterator[Finding]:
        """The check's remarks with its id on them."""
        for remark in self.look(case):
            yield Finding(
                self.id, remark.severity, remark.clause, remark.field, remark.sentence, remark.remedy
            )  # fmt: skip
