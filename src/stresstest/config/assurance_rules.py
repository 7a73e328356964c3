"""The rules that an assurance record is held to: different people, in order, on the day, for this run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from ..errors import ConfigError
from .section import Section

ROLES = ("commissioner", "analyst", "assurer", "approver")
CHECKPOINTS = ("CP1", "CP2", "CP3")
#: Parts of a study with which the key of an input begins.
PARTS = ("contract", "place", "provider", "axes", "study", "scenarios")
APART = ("analyst", "assurer")
DIFFERENT = "the analyst and the assurer must be different people"
#: Words about a person that do not tell one from another.
TITLES = frozenset({
    "dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "rev", "reverend", "phd", "msc", "bsc",
    "mba", "obe", "cbe", "mbe",
})  # fmt: skip
#: Letters of other alphabets, and digits, that look like a Latin letter in small or in capitals.
LOOK_ALIKES = str.maketrans(
    "авеікмнорстухјѕԁԛԝһαβεηικμνορτυχıłø01", "abeikmhopctyxjsdqwhabehikmnoptyxilool",
)


class Signed(Protocol):
    """A signature: role, name, date and the results hash that was signed."""

    @property
    def role(self) -> str:
        """The role in which it was given."""

    @property
    def name(self) -> str:
        """Who gave it."""

    @property
    def date(self) -> str:
        """ISO date."""

    @property
    def results_hash(self) -> str:
        """The results hash of the run that was signed."""


def person(name: str) -> str:
    """A name as people are told apart: the words in it, in any order, without case, accents, titles and look-alike letters.

    What cannot be told: one person under two names, such as initials for a first name, a name left out, or a new surname; and
    two people of one name, who count as one.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    shown = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Mc", "Me", "Cf"))
    words = "".join(letter if letter.isalnum() else " " for letter in shown.translate(LOOK_ALIKES)).split()
    return "".join(sorted([word for word in words if word not in TITLES] or words))


def day(row: Section, name: str, default: Any = None, value: Any = None, key: str = "") -> str:
    """An ISO date, written as text or as a date of TOML; `value` is held to the same form without being taken."""
    if value is None:
        row.rewrite(name, lambda raw: raw.isoformat() if isinstance(raw, date) else raw)
        value = row.text(name) if default is None else row.text(name, default)
        if value == "" and default == "":
            return ""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise row.fail(f"{name}.{key}".rstrip("."), "this is no date", value, "YYYY-MM-DD, such as 2026-11-22") from None
    return str(value)


def require_people(names: Mapping[str, str], signatures: Sequence[Signed], file: object = None) -> None:
    """Every name is one, each role is signed once and by its holder, and the analyst is not the assurer. Errors: ConfigError."""
    for role, name in names.items():
        if name and not person(name):
            raise ConfigError("this is no name", file=file, key=f"roles.{role}.name", value=name, expected="the name of a person")
    for k, one in enumerate(signatures, start=1):
        _require_holder(one, names, file, f"signatures[{k}].name")
        if one.role in [other.role for other in signatures[: k - 1]]:
            message, key = f"the role of {one.role} has been signed already", f"signatures[{k}].role"
            raise ConfigError(message, file=file, key=key, value=one.role, expected="one signature in each role")
    _require_apart(names, signatures, file)


def _require_holder(one: Signed, names: Mapping[str, str], file: object, key: str) -> None:
    holder = names.get(one.role, "")
    if not person(one.name):
        raise ConfigError("a signature needs a name", file=file, key=key, value=one.name, expected="the name of a person")
    if holder and person(holder) != person(one.name):
        expected = f"{holder}, or another name in [roles.{one.role}] of the record"
        raise ConfigError(f"the role of {one.role} is another person's", file=file, key=key, value=one.name, expected=expected)


def _require_apart(names: Mapping[str, str], signatures: Sequence[Signed], file: object) -> None:
    """No spelling of the analyst's name may stand for the assurer, as named or as signed."""

    def of(role: str) -> dict[str, str]:
        signed = {f"signatures[{k}].name": one.name for k, one in enumerate(signatures, start=1) if one.role == role}
        return {f"roles.{role}.name": names.get(role, ""), **signed}

    analyst, assurer = APART
    analysts = {person(name) for name in of(analyst).values()} - {""}
    for key, name in of(assurer).items():
        if person(name) in analysts:
            raise ConfigError(DIFFERENT, file=file, key=key, value=name, expected="somebody other than the analyst")


def require_order(signatures: Sequence[Signed], made: str, file: object = None) -> None:
    """Analyst, assurer and approver sign in this order, none before the run was made (`made`, ISO). Errors: ConfigError."""
    before: Signed | None = None
    waited = list(ROLES[1:])
    for k, one in enumerate(signatures, start=1):
        key = f"signatures[{k}]"
        if made and one.date < made:
            message = "this was signed before the run was made"
            raise ConfigError(message, file=file, key=f"{key}.date", value=one.date, expected=f"{made} or later")
        if one.role not in waited:
            continue
        if one.role != waited[0]:
            message = f"the {waited[0]} signs before the {one.role}"
            raise ConfigError(message, file=file, key=f"{key}.role", value=one.role, expected=waited[0])
        if before is not None and one.date < before.date:
            message = f"the {one.role} signed before the {before.role}"
            raise ConfigError(message, file=file, key=f"{key}.date", value=one.date, expected=f"{before.date} or later")
        before = one
        waited.pop(0)


def require_own_run(signatures: Sequence[Signed], results_hash: str, file: object = None) -> None:
    """Every signature is for this run's results. Errors: ConfigError."""
    for k, one in enumerate(signatures, start=1):
        if not results_hash or one.results_hash != results_hash:
            raise ConfigError(
                "this was signed for another run", file=file, key=f"signatures[{k}].results_hash", value=one.results_hash,
                expected=f"{results_hash or 'a run with a results hash'}; take the signature out and sign this run: "
                f"stresstest sign RUN --role {one.role} --name … --statement …",
            )  # fmt: skip
