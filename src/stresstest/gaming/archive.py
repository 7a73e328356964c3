"""An archive of exploits: a file that keeps what was found on one draft of a contract, to be tried on the next.

One JSON file holds the exploits with their levels by year, gains, harms and clauses, the contract's name and the SHA-256 of
its effective clauses, study, place, seed, and the gain in each of the first fresh futures. It is written whole or not at
all, and carries its own checksum. A file of another schema version or one that was altered is refused with a DataError
(exit code 3); an archive of another contract is what this is for.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ..analysis.evaluate import EXPOSURE, HEALTH, PUBLIC
from ..analysis.exploit import Game, creating_terms
from ..contract import Contract
from ..errors import DataError, nearest
from ..place import Quantity
from ..wiring import Reference
from .compounds import estimate
from .fixes import played
from .plays import Levels, honest_part, table, tidy, used

ARCHIVE_SCHEMA = 1
#: Gains kept future by future, so that a later draft can be compared in the same futures.
KEPT_FUTURES = 1000


@dataclass(frozen=True)
class Archived:
    """One exploit. Means with standard errors (£; QALYs for health) against the honest twin on fresh futures.

    `levels`, `honest`: by lever, one number for each year. `gains`: of the first fresh futures, to the penny.
    """

    id: str
    signature: tuple[str, ...]
    clauses: tuple[str, ...]
    levels: dict[str, tuple[float, ...]]
    honest: dict[str, tuple[float, ...]]
    gain: float
    gain_error: float
    commissioner: float
    commissioner_error: float
    public: float
    public_error: float
    health: float
    health_error: float
    gains: tuple[float, ...]


@dataclass(frozen=True)
class Archive:
    """The exploits found on one contract, and what is needed to compare them with another."""

    contract: str
    contract_hash: str
    clauses: tuple[str, ...]
    study: str
    place: str
    seed: int
    years: int
    first_future: int
    futures: int
    exploits: tuple[Archived, ...]
    schema_version: int = ARCHIVE_SCHEMA


def _plain(value: Any) -> Any:
    """A clause's value as JSON: numbers by year without their sources, since a source changes no result."""
    if isinstance(value, Quantity):
        return list(value.values)
    if isinstance(value, Reference):
        return {"quantity": value.name}
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def contract_hash(contract: Contract) -> str:
    """SHA-256 of what a contract says: clauses, inputs, parties, plan, benchmark, scope, ending; not of titles and sources."""
    terms = [
        [t.id, t.kind.name, t.payer, t.payee, _plain(t.values), t.scaled_by, t.start, t.end, t.resets_every]
        for t in contract.terms
    ]
    inputs = [[i.name, i.unit, i.low, i.high, i.default, i.follows, _plain(i.value)] for i in contract.inputs]
    parties = [[party.name, party.public] for party in contract.parties]
    around = [_plain(part) for part in (contract.plan, contract.benchmark, contract.scope, contract.ending)]
    whole = [contract.price_basis, contract.first_year, contract.years, contract.currency, terms, inputs, parties, around]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def archived(game: Game, levels: Levels, name: str, clauses: tuple[str, ...] | None = None) -> Archived:
    """A play of a game as the archive keeps it; `clauses` that create the gain are worked out unless given."""
    levels, years = tidy(levels), game.study.years
    both = played(game, levels)
    change = both.out[1] - both.out[0]
    found = clauses if clauses is not None else tuple(creating_terms(game, levels))  # type: ignore[arg-type]
    gain, commissioner = estimate(both.gain), estimate(change[EXPOSURE])
    public, health = estimate(change[PUBLIC]), estimate(change[HEALTH])
    return Archived(
        name, used(levels), found, table(levels, years), table(both.honest, years), *gain, *commissioner, *public, *health,
        tuple(round(float(one), 2) for one in both.gain[:KEPT_FUTURES]),
    )  # fmt: skip


def archive_of(
    game: Game, plays: list[Levels], say: Callable[[str], None] = lambda text: None
) -> Archive:
    """An archive of the plays of a game that use some gaming lever, numbered in the order given."""
    study, kept = game.study, [play for play in plays if used(play)]
    exploits = []
    for number, play in enumerate(kept, 1):
        say(f"writing down exploit {number} of {len(kept)}")
        exploits.append(archived(game, play, f"X{number:02d}"))
    return Archive(
        study.contract.name, contract_hash(study.contract), tuple(term.id for term in study.contract.terms), study.name,
        study.place.name, study.seed, study.years, game.verify.first, game.verify.n, tuple(exploits),
    )  # fmt: skip


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_archive(archive: Archive, path: Path) -> None:
    """Write the archive beside its place, then move it there: a killed program leaves the old file or none."""
    body = json.loads(json.dumps(asdict(archive)))
    text = json.dumps({**body, "sha256": _checksum(body)}, indent=1, ensure_ascii=False) + "\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = "the archive cannot be written"
        raise DataError(message, file=path, value=error.strerror, expected="a place to write to") from None


def read_archive(path: Path) -> Archive:
    """The archive in a file. Raises DataError where it is missing, damaged, altered or of another schema version."""
    body = _body(path)
    version = body.get("schema_version")
    if version != ARCHIVE_SCHEMA:
        message = "this archive was written by another version of the program"
        raise DataError(message, file=path, key="schema_version", value=version, expected=str(ARCHIVE_SCHEMA))
    stated = body.pop("sha256", None)
    if stated != _checksum(body):
        message = "the archive was altered or damaged after it was written"
        raise DataError(message, file=path, key="sha256", value=stated, expected=_checksum(body))
    _exactly(path, body, Archive, "")
    exploits = []
    for k, row in enumerate(body["exploits"]):
        _exactly(path, row, Archived, f"exploits[{k + 1}].")
        exploits.append(_as_archived(row))
    return Archive(**{**body, "clauses": tuple(body["clauses"]), "exploits": tuple(exploits)})


def _body(path: Path) -> dict[str, Any]:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        near = nearest(path.name, [one.name for one in path.parent.glob("*.json")])
        raise DataError("there is no such archive", file=path, expected="a .json file of exploits", nearest=near) from None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"the archive cannot be read: {error}", file=path, expected="a whole JSON file") from None
    if not isinstance(body, dict):
        raise DataError("not an archive of exploits", file=path, key="(the file)", value=body, expected="a JSON object")
    return body


def _exactly(path: Path, row: Any, kind: type, where: str) -> None:
    """Raise DataError unless a row has the fields of a dataclass and no others."""
    wanted = [one.name for one in fields(kind)]
    if not isinstance(row, dict):
        raise DataError("an entry of the archive has the wrong form", file=path, key=where, value=row, expected="an object")
    missing = [name for name in wanted if name not in row]
    for name in row:
        if name not in wanted:
            near = nearest(name, missing)
            raise DataError("unknown key", file=path, key=where + name, expected=", ".join(wanted), nearest=near)
    for name in missing:
        raise DataError("an entry is missing", file=path, key=where + name, expected=name)


def _as_archived(row: dict[str, Any]) -> Archived:
    by_year = {key: {name: tuple(years) for name, years in row[key].items()} for key in ("levels", "honest")}
    listed = {key: tuple(row[key]) for key in ("signature", "clauses", "gains")}
    return Archived(**{**row, **by_year, **listed})


def play_of(one: Archived) -> Levels:
    """The exploit as a play."""
    return tidy(dict(one.levels))


def honest_start(one: Archived) -> Levels:
    """The honest twin of the exploit as a play."""
    return tidy(honest_part(dict(one.honest)))
