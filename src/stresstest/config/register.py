"""The register of places: every local authority of England, the fourteen MCP vanguards, and a user's own table.

An entry knows its people by age. What else a place needs is taken from a pattern place (see scaling.py). A vanguard
stands for the areas that it covers; one without a footprint is listed and cannot be run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ..errors import ConfigError, DataError
from .tables import Table, load_own_table, load_table

BANDS = ("0_15", "16_64", "65_74", "75_84", "85_plus")
PERSONS = tuple(f"persons_{band}" for band in BANDS)
OWN_COLUMNS = ("code", "name", *PERSONS)
PATTERN = "dudley"
#: Words that official names carry and people leave out.
TITLES = frozenset({"city", "county", "of", "the", "borough", "district", "council"})
HOW = "a code or a name of the register (docs/places.md), or a file in configs/places"


@dataclass(frozen=True)
class Entry:
    """One place of the register.

    `persons` by band of BANDS, () where nobody knows them; `areas` the codes of the areas that it covers, `within` those
    that it is a part of; `table` and `sha256` the table that it stands in.
    """

    code: str
    name: str
    persons: tuple[float, ...]
    pattern: str = PATTERN
    areas: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    note: str = ""
    table: str = ""
    sha256: str = ""
    source: str = ""

    @property
    def total(self) -> float:
        """Residents of all ages."""
        return sum(self.persons)

    @property
    def place_code(self) -> str:
        """The code that draws and results go by: of the area itself where the entry is one whole area."""
        return self.areas[0] if len(self.areas) == 1 else self.code


def register(data: Path, own: Path | None = None) -> tuple[Entry, ...]:
    """All entries: the user's own table first, then local authorities, then vanguards. An own code hides a shipped one."""
    areas = _areas(load_table("local_authorities", data), "local_authorities.csv")
    mine = _own(own) if own else ()
    known = {entry.code: entry for entry in (*areas, *mine)}
    shipped = (*areas, *_vanguards(load_table("mcp_vanguards", data), known))
    taken = {entry.code.casefold() for entry in mine}
    return (*mine, *(entry for entry in shipped if entry.code.casefold() not in taken))


def _areas(table: Table, name: str) -> tuple[Entry, ...]:
    people = zip(*(table.columns[column] for column in PERSONS), strict=True)
    patterns = table.columns.get("pattern", ("",) * table.rows)
    rows = zip(table.columns["code"], table.columns["name"], people, patterns, strict=True)
    return tuple(
        Entry(str(code), str(title), tuple(map(float, persons)), str(pattern) or PATTERN, (str(code),), (), "", name,
              table.sha256, table.source)
        for code, title, persons, pattern in rows
    )  # fmt: skip


def _own(path: Path) -> tuple[Entry, ...]:
    """The user's own entries. Raises DataError for a code or a name that is missing or stands there twice, or no people."""
    entries = _areas(load_own_table(path, OWN_COLUMNS), path.name)
    seen: dict[str, str] = {}
    for row, entry in enumerate(entries, start=1):
        for column, word in (("code", entry.code), ("name", entry.name)):
            if not word.strip():
                raise DataError(f"Row {row} has no {column}.", file=path, key=column, expected=f"a {column} in every row")
        if entry.code.casefold() in seen:
            message = "A code stands in the table twice."
            raise DataError(message, file=path, key="code", value=entry.code, expected="each code once")
        seen[entry.code.casefold()] = entry.name
        low = next((column for column, n in zip(PERSONS, entry.persons, strict=True) if n < 0.0), None)
        if low or entry.total <= 0.0:
            message = f"Row {row} has fewer than no people." if low else f"Row {row} has no people."
            expected = "persons by age band, 0 or more"
            raise DataError(message, file=path, key=low or PERSONS[0], value=entry.code, expected=expected)
    return entries


def _vanguards(table: Table, known: dict[str, Entry]) -> tuple[Entry, ...]:
    entries = []
    rows = zip(*(table.columns[column] for column in ("code", "name", "areas", "within", "note")), strict=True)
    for code, name, areas, within, note in (map(str, row) for row in rows):
        covered, around = (tuple(part for part in text.split(";") if part) for text in (areas, within))
        inside = [known[area] for area in covered]
        persons = tuple(map(sum, zip(*(area.persons for area in inside), strict=True)))
        patterns = {area.pattern for area in inside} or {PATTERN}
        source = f"{inside[0].source}; areas of the vanguard: {note}" if inside else table.source
        pattern = patterns.pop() if len(patterns) == 1 else PATTERN
        entries.append(Entry(
            code, name, persons, pattern, covered, around, note, "local_authorities.csv, mcp_vanguards.csv", table.sha256, source
        ))  # fmt: skip
    return tuple(entries)


def _plain(text: str) -> str:
    """Letters and digits in lower case, one blank between words."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("&", " and ")))


def _bare(text: str) -> str:
    """The same without the words that people leave out."""
    return " ".join(word for word in _plain(text).split() if word not in TITLES)


def _shown(entry: Entry) -> str:
    return f"{entry.name} ({entry.code})"


def _likely(word: str, entries: tuple[Entry, ...]) -> list[Entry]:
    """Up to three entries that a misspelt word may mean, most alike first."""
    wanted = _bare(word)

    def alike(entry: Entry) -> float:
        names = (_bare(entry.name), _plain(entry.code))
        return max(SequenceMatcher(None, wanted, name).ratio() for name in names)

    ranked = sorted(((alike(entry), -k) for k, entry in enumerate(entries)), reverse=True)[:3]
    return [entries[-k] for score, k in ranked if score >= 0.6]


def matches(word: str, entries: tuple[Entry, ...]) -> list[Entry]:
    """Entries of this code, else of this name, else of this name without "city of" and the like."""
    plain, bare = _plain(word), _bare(word)
    for found in (
        [entry for entry in entries if entry.code.casefold() == word.strip().casefold()],
        [entry for entry in entries if _plain(entry.name) == plain],
        [entry for entry in entries if bare and _bare(entry.name) == bare],
    ):
        if found:
            return found
    return []


def find_entry(
    word: str, entries: tuple[Entry, ...], file: object = None, files: tuple[str, ...] = (), key: str = "place"
) -> Entry:
    """The one entry that `word` names. Raises ConfigError for none (with the nearest) or several (with their codes).

    `file` is where the word stands; `files` are names of place files, for the message.
    """
    found = matches(word, entries)
    if len(found) == 1:
        return found[0]
    words = set(_bare(word).split())
    parts = [entry for entry in entries if words and words <= set(_bare(entry.name).split())]
    if len(found) > 1 or len(parts) > 1:
        listed = ", ".join(map(_shown, (found or parts)[:8]))
        raise ConfigError("several places go by this name", file=file, key=key, value=word, expected=f"a code, one of {listed}")
    near = [_shown(entry) for entry in parts or _likely(word, entries)]
    near = [name for name in files if SequenceMatcher(None, name, word.casefold()).ratio() >= 0.7] + near
    expected = f"{HOW}: {', '.join(files)}" if files else HOW
    raise ConfigError("there is no place of this name", file=file, key=key, value=word, expected=expected,
                      nearest=" or ".join(near) or None)  # fmt: skip


def require_people(entry: Entry, entries: tuple[Entry, ...], file: object = None, key: str = "place") -> None:
    """Raise ConfigError where nobody knows how many people an entry has, and say what to do."""
    if entry.persons:
        return
    names = {area.code: area for area in entries}
    whole = [_shown(names[code]) for code in entry.within if code in names]
    remedy = "a row for it in a register of your own, with its people by age (docs/places.md)"
    raise ConfigError(
        f"{entry.name} cannot be run, because its people are not known: {entry.note}", file=file, key=key, value=entry.code,
        expected=f"{remedy}{', or the whole of ' + ' or '.join(whole) if whole else ''}",
    )  # fmt: skip
