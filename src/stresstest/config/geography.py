"""Where places stand: region, integrated care board, the hospital they lean on, and their tile on the map of England.

The hospital is the acute trust that serves most of a place's residents, longitude and latitude are a rough centre: recalled, as
the boards are, and not taken from a table (data/README.md). The tile is for drawing only and enters no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError, nearest
from .register import Entry
from .tables import Table, load_own_table, load_table

TABLE, AREAS = "england_places", "local_authorities"
REGIONS = (
    "North East", "North West", "Yorkshire and The Humber", "East Midlands", "West Midlands", "East of England", "London",
    "South East", "South West",
)  # fmt: skip
#: How sure the hospital is: "clear" where one trust serves most residents, "split" where two or more share them.
QUALITIES = ("clear", "split")
#: Columns that a user's own register may have besides, for links between its places.
OWN = ("region", "icb", "hospital", "provider")


@dataclass(frozen=True)
class Whereabouts:
    """Where one place stands; tile_column and tile_row are −1 where it has no tile; `provider` only in a user's own register."""

    code: str
    region: str
    icb: str
    hospital: str
    quality: str = ""
    longitude: float = float("nan")
    latitude: float = float("nan")
    tile_column: int = -1
    tile_row: int = -1
    provider: str = ""


def geography(data: Path) -> dict[str, Whereabouts]:
    """Every local authority by code.

    Errors: DataError for a region or a mark of quality that there is not, two places on one tile, a code that stands there
    twice or is no local authority's, and a local authority that is missing.
    """
    table, known = load_table(TABLE, data), load_table(AREAS, data).columns["code"]
    path = data / f"{TABLE}.csv"
    found: dict[str, Whereabouts] = {}
    tiles: dict[tuple[int, int], str] = {}
    names = ("code", "region", "icb", "hospital", "quality", "longitude", "latitude", "tile_column", "tile_row")
    for words, numbers in _rows(table, names):
        code, region, icb, hospital, quality = words
        east, north, column, row = numbers
        one = Whereabouts(code, region, icb, hospital, quality, east, north, int(column), int(row))
        checks = (("region", one.region, REGIONS), ("quality", one.quality, QUALITIES), ("code", one.code, known))
        for key, value, choices in checks:
            if value not in choices:
                expected = "a code of local_authorities.csv" if key == "code" else ", ".join(map(str, choices))
                raise DataError(f"There is no such {key}.", file=path, key=key, value=value, expected=expected,
                                nearest=nearest(value, [str(choice) for choice in choices]))  # fmt: skip
        place = (one.tile_column, one.tile_row)
        if one.code in found or place in tiles:
            key, value = ("code", one.code) if one.code in found else ("tile_column, tile_row", f"{place}")
            raise DataError(f"Two rows have one {key}.", file=path, key=key, value=value, expected="each once")
        found[one.code], tiles[place] = one, one.code
    missing = next((str(code) for code in known if code not in found), None)
    if missing:
        raise DataError("A local authority is missing.", file=path, key="code", value=missing, expected="every code once")
    return found


def _rows(table: Table, names: Sequence[str]) -> Iterator[tuple[list[str], list[float]]]:
    """Words and numbers of each row, in the order of `names`."""
    for row in zip(*(table.columns[name] for name in names), strict=True):
        yield [str(cell) for cell in row[:5]], [float(cell) for cell in row[5:]]


def own_whereabouts(path: Path) -> dict[str, Whereabouts]:
    """Places of a user's own register by code, where it says region, icb, hospital or provider. Errors: DataError."""
    table = load_own_table(path, ("code",))
    codes = [str(code) for code in table.columns["code"]]
    rows = {name: [str(word) for word in table.columns.get(name, ("",) * len(codes))] for name in OWN}
    found = {}
    for code, *words in zip(codes, *rows.values(), strict=True):
        region, icb, hospital, provider = words
        if any(words):
            found[code] = Whereabouts(code, region, icb, hospital, provider=provider)
    return found


def whereabouts_of(code: str, entries: Sequence[Entry], known: Mapping[str, Whereabouts]) -> Whereabouts | None:
    """Where a place of the register stands: its own row, or that of the first area that it covers or lies in; else None."""
    if code in known:
        return known[code]
    entry = next((one for one in entries if code in (one.code, one.place_code)), None)
    areas = (*entry.areas, *entry.within) if entry is not None else ()
    return next((known[area] for area in areas if area in known), None)
