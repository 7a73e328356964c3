"""The table of whereabouts covers every local authority once, and what it joins is said to be recalled."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stresstest.config.folders import config_folder, data_folder
from stresstest.config.geography import geography, own_whereabouts, whereabouts_of
from stresstest.config.register import register
from stresstest.errors import DataError

pytestmark = pytest.mark.unit
DATA = data_folder(config_folder(Path(__file__).resolve().parent))


@pytest.fixture(scope="module")
def known():
    """The shipped table."""
    return geography(DATA)


def test_every_local_authority_has_a_row_and_a_tile_of_its_own(known):
    """309 codes, 309 tiles, and the numbers of places by region that the ONS counts on these boundaries."""
    assert len(known) == len({(one.tile_column, one.tile_row) for one in known.values()}) == 309
    assert Counter(one.region for one in known.values()) == {
        "North East": 12, "North West": 39, "Yorkshire and The Humber": 21, "East Midlands": 35, "West Midlands": 30,
        "East of England": 45, "London": 33, "South East": 64, "South West": 30,
    }  # fmt: skip
    assert len({one.icb for one in known.values()}) == 42


def test_codes_agree_with_regions(known):
    """London boroughs are in London and nothing else is; metropolitan districts are in four regions."""
    assert all((one.region == "London") == code.startswith("E09") for code, one in known.items())
    metropolitan = {one.region for code, one in known.items() if code.startswith("E08")}
    assert metropolitan == {"North West", "Yorkshire and The Humber", "North East", "West Midlands"}


def test_tiles_keep_the_compass(known):
    """On the map Cornwall lies west of Kent, Northumberland north of Dorset, and tiles rise with latitude and longitude."""
    from scipy.stats import spearmanr

    names = {entry.name: known[entry.code] for entry in register(DATA) if entry.code in known}
    assert names["Cornwall"].tile_column < names["Dover"].tile_column
    assert names["Northumberland"].tile_row < names["Dorset"].tile_row
    rows = list(known.values())
    assert spearmanr([one.longitude for one in rows], [one.tile_column for one in rows]).statistic > 0.95
    assert spearmanr([-one.latitude for one in rows], [one.tile_row for one in rows]).statistic > 0.95
    assert all(49.8 < one.latitude < 56.0 and -6.5 < one.longitude < 2.0 for one in rows)


def test_every_region_is_one_piece_and_england_has_no_hole(known):
    """Tiles of a region touch each other, and whatever has no tile is sea that reaches the edge of the map."""
    from scipy.ndimage import label

    def pieces(places, sea=False):
        drawn = np.zeros((30, 30), int)
        for one in places:
            drawn[one.tile_column + 1, one.tile_row + 1] = 1
        return label(1 - drawn if sea else drawn)[1]

    for region in {one.region for one in known.values()}:
        assert pieces(one for one in known.values() if one.region == region) == 1, region
    assert pieces(known.values()) == pieces(known.values(), sea=True) == 1


def test_a_vanguard_stands_where_its_first_area_does(known):
    """A vanguard that covers areas, or lies in one, takes the first one's hospital and tile; an unknown code has none."""
    entries = register(DATA)
    assert whereabouts_of("E08000007", entries, known).hospital == "Stockport"
    fylde = next(entry for entry in entries if entry.code.startswith("fylde"))
    assert whereabouts_of(fylde.code, entries, known) == known[fylde.areas[0]]
    assert whereabouts_of("nowhere", entries, known) is None


def test_a_users_own_register_may_say_who_holds_its_contracts(tmp_path):
    """Columns region, icb, hospital and provider are read where they are there; rows without any are left out."""
    path = tmp_path / "own.csv"
    path.write_text("code,name,hospital,provider\na,A,General,Health Ltd\nb,B,,\n", encoding="utf-8")
    found = own_whereabouts(path)
    assert set(found) == {"a"}
    assert (found["a"].hospital, found["a"].provider, found["a"].region) == ("General", "Health Ltd", "")


@pytest.mark.parametrize(("column", "value", "word"), [
    ("region", "North-East", "North East"), ("quality", "sure", "clear"),
    ("code", "E99999999", "a code of local_authorities"), ("code", "E06000002", "one code"), ("tile_column", "10", "tile"),
])  # fmt: skip
def test_a_damaged_table_is_refused(tmp_path, column, value, word):
    """An unknown region, quality or code, a code that is there twice, or two places on a tile: named, with the nearest."""
    for name in ("england_places.csv", "local_authorities.csv", "register.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    path = tmp_path / "england_places.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    rows[0][column] = value
    if column == "tile_column":
        rows[0]["tile_row"] = rows[1]["tile_row"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    old = hashlib.sha256((DATA / "england_places.csv").read_bytes()).hexdigest()
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    papers = tmp_path / "register.csv"
    papers.write_text(papers.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=word):
        geography(tmp_path)
