"""The register of places: its figures, its names, a user's own table, and what is said where a name fits none or several."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.config.folders import config_folder, data_folder
from stresstest.config.load import load_effective, load_study
from stresstest.config.register import OWN_COLUMNS, PERSONS, find_entry, matches, register
from stresstest.errors import ConfigError, DataError

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
CONFIGS = config_folder(ROOT)
DATA = data_folder(CONFIGS)
ENTRIES = register(DATA)
AREAS = [entry for entry in ENTRIES if entry.table == "local_authorities.csv"]
STUDY = (CONFIGS / "studies" / "dudley.toml").read_text(encoding="utf-8")
HEAD = ",".join(OWN_COLUMNS)


def own(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """A register of one's own."""
    path = folder / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def study(folder: Path, place: str, *more: str) -> Path:
    """A study file with another place, and lines before the first table."""
    path = folder / "study.toml"
    text = STUDY.replace('place = "dudley"', "\n".join([f'place = "{place}"', *more]))
    path.write_text(text, encoding="utf-8")
    return path


def refused(word: str) -> ConfigError:
    """The error for a place in the main study."""
    with pytest.raises(ConfigError) as caught:
        load_study("dudley", (f"place={word}",), CONFIGS)
    return caught.value


def test_all_of_england_is_there_once() -> None:
    """309 local authorities with 56,550,138 residents (ONS, mid-2020), each code and name once."""
    assert len(AREAS) == 309
    assert sum(entry.total for entry in AREAS) == 56_550_138
    assert len({entry.code for entry in AREAS}) == len({entry.name for entry in AREAS}) == 309
    assert all(min(entry.persons) > 0 for entry in AREAS)


def test_fourteen_vanguards_nine_with_a_footprint() -> None:
    """A vanguard's people are those of its areas; five have none and keep a note that says why."""
    vanguards = [entry for entry in ENTRIES if entry not in AREAS]
    assert len(vanguards) == 14
    assert sum(not entry.persons for entry in vanguards) == 5
    assert all(entry.note for entry in vanguards)
    fylde = find_entry("fylde-coast", ENTRIES)
    parts = [find_entry(name, ENTRIES) for name in ("Blackpool", "Fylde", "Wyre")]
    assert fylde.persons == tuple(map(sum, zip(*(part.persons for part in parts), strict=True)))
    assert fylde.total == 332_659


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("E08000007", "E08000007"), ("e08000007", "E08000007"), ("Stockport", "E08000007"), ("stockport", "E08000007"),
        ("stockport-together", "stockport-together"), ("Stockport Together", "stockport-together"), ("Bristol", "E06000023"),
        ("City of Bristol", "E06000023"), ("Durham", "E06000047"), ("Herefordshire", "E06000019"), ("St Helens", "E08000013"),
        ("kings lynn & west norfolk", "E07000146"), ("City of London", "E09000001"), ("Kingston upon Hull", "E06000010"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_code_or_name(word: str, code: str) -> None:
    """Case, punctuation, and words such as "city of" do not matter."""
    assert [entry.code for entry in matches(word, ENTRIES)] == [code]


def test_an_unknown_place_gets_the_nearest_names() -> None:
    """The error names the file, the key, what was found, what would be right, and up to three likely places."""
    error = refused("Stokport")
    assert error.nearest == "Stockport (E08000007) or Gosport (E07000088) or Stoke-on-Trent (E06000021)"
    assert (error.key, error.value) == ("place", "Stokport")
    assert "dudley" in (error.expected or "")
    assert refused("Hull").nearest == "Kingston upon Hull, City of (E06000010)"
    assert refused("nowhere in particular").nearest is None
    assert (refused("dudly").nearest or "").startswith("dudley or Dudley (E08000027)")


def test_a_name_of_several_places_gets_their_codes() -> None:
    """Newcastle is upon Tyne or under Lyme."""
    error = refused("Newcastle")
    assert error.message == "several places go by this name"
    assert error.expected == "a code, one of Newcastle-under-Lyme (E07000195), Newcastle upon Tyne (E08000021)"


def test_a_vanguard_without_a_footprint_says_why_and_what_to_do() -> None:
    """The note of the table, a register of one's own, and the whole area that it is a part of, where there is one."""
    error = refused("west-wakefield")
    assert "six practices in Wakefield" in error.message
    assert "the whole of Wakefield (E08000036)" in (error.expected or "")
    error = refused("Modality Birmingham and Sandwell")
    assert "matches no area" in error.message
    assert "a register of your own" in (error.expected or "")


def test_a_place_that_is_too_small_says_so() -> None:
    """The Isles of Scilly: chance alone would move the yearly cost of 2,226 people by 8%."""
    error = refused("Isles of Scilly")
    assert "too few people to be run (2,226)" in error.message
    assert error.value == "E06000053"


def test_dudley_by_any_name_is_dudley_to_the_bit() -> None:
    """Code, name and vanguard of the pattern give the same study as its file."""
    plain = load_study("dudley", (), CONFIGS)
    for word in ("E08000027", "Dudley", "dudley-mcp"):
        assert load_study("dudley", (f"place={word}",), CONFIGS).inputs_hash == plain.inputs_hash


def test_a_vanguard_of_one_whole_area_has_that_areas_draws_and_numbers() -> None:
    """Stockport Together is Stockport: the same name for draws, the same people, the same money."""
    area, vanguard = (load_study("dudley", (f"place={word}",), CONFIGS) for word in ("Stockport", "stockport-together"))
    assert vanguard.place.name == area.place.name == "E08000007"
    assert vanguard.place.pods[0].base_gbp == area.place.pods[0].base_gbp
    assert vanguard.contract.scope == area.contract.scope
    assert "Stockport" in area.title
    assert "Stockport Together" in vanguard.title


@pytest.mark.parametrize("word", ["Stockport", "fylde-coast"])
def test_the_effective_configuration_gives_the_same_study_again(word: str, tmp_path: Path) -> None:
    """What `reproduce` reads holds the scaled numbers, so nothing is scaled twice, and says where they come from."""
    made = load_study("dudley", (f"place={word}", "place.acute.benefit_mean=0.0"), CONFIGS)
    path = tmp_path / "config.effective.toml"
    path.write_text(made.effective_toml(), encoding="utf-8")
    again = load_effective(path, DATA)
    assert again.inputs_hash == made.inputs_hash
    assert (again.place, again.contract) == (made.place, made.contract)
    recipe = made.effective()["place"]["register"]
    assert (recipe["entry"], recipe["pattern"], recipe["contract"]) == (
        "E08000007" if word == "Stockport" else word, "dudley", "scaled by cost",
    )  # fmt: skip
    assert recipe["heads"]["value"] == pytest.approx(made.place.parameters["population.list_base"].value / 318000)
    assert len(recipe["sha256"]) == 64


def test_a_change_is_meant_as_it_is_written() -> None:
    """--set on a scaled contract and place gives the number itself, not the number times the ratio."""
    changes = ("place=Stockport", "contract.annual_payment.opening_price=300000000.0", "place.population.list_base=290000")
    made = load_study("dudley", changes, CONFIGS)
    assert made.contract.opening_price == 300e6
    assert made.place.parameters["population.list_base"].value == 290000
    assert made.contract.ending["loss_cap"].value != 18e6


def test_a_contract_for_the_place_itself_is_not_scaled(tmp_path: Path) -> None:
    """scale_contract = false: the place is made from the register, the contract stays as it is written."""
    made = load_study(str(study(tmp_path, "Stockport", "scale_contract = false")), (), CONFIGS)
    assert made.contract == load_study("dudley", (), CONFIGS).contract
    assert made.effective()["place"]["register"]["contract"] == "as written"
    with pytest.raises(ConfigError, match="this is a switch"):
        load_study(str(study(tmp_path, "Stockport", 'scale_contract = "no"')), (), CONFIGS)


def test_a_register_of_ones_own_beside_the_study(tmp_path: Path) -> None:
    """Its rows have the shipped columns; its codes go before shipped ones; its pattern is Dudley unless it says another."""
    own(tmp_path, "west,West Wakefield,12000,40000,6000,3500,1400", "E08000007,Stockport,1000,2000,300,200,100")
    made = load_study(str(study(tmp_path, "West Wakefield", 'register = "mine.csv"')), (), CONFIGS)
    assert (made.place.name, made.place.title) == ("west", "West Wakefield")
    assert made.place.parameters["population.list_base"].value == pytest.approx(318000 * 62900 / 322363)
    assert find_entry("Stockport", register(DATA, tmp_path / "mine.csv")).total == 3600


@pytest.mark.parametrize(
    ("rows", "head", "key"),
    [
        (("a,A,1,2,3,4,5", "A,B,1,2,3,4,5"), HEAD, "code"),
        (("a,A,1,-2,3,4,5",), HEAD, PERSONS[1]),
        (("a,A,0,0,0,0,0",), HEAD, PERSONS[0]),
        ((",A,1,2,3,4,5",), HEAD, "code"),
        (("a,,1,2,3,4,5",), HEAD, "name"),
        (("a,A,1,many,3,4,5",), HEAD, PERSONS[1]),
        (("a,A,1,2,3,4,5",), HEAD.replace("persons_0_15", "persons_0_14"), "persons_0_15"),
    ],
)
def test_a_register_of_ones_own_is_read_strictly(rows: tuple[str, ...], head: str, key: str, tmp_path: Path) -> None:
    """Codes twice, people below nothing, empty cells, words for numbers and other columns are refused with their place."""
    with pytest.raises(DataError) as caught:
        register(DATA, own(tmp_path, *rows, head=head))
    assert caught.value.key == key


def test_a_register_that_is_not_there_and_a_pattern_that_is_none(tmp_path: Path) -> None:
    """A missing table names its neighbours; an unknown pattern names the table and the nearest place file."""
    own(tmp_path, "a,Somewhere,1000,2000,300,200,100,dudly", head=f"{HEAD},pattern")
    with pytest.raises(DataError) as missing:
        load_study(str(study(tmp_path, "a", 'register = "mein.csv"')), (), CONFIGS)
    assert missing.value.nearest == "mine.csv"
    with pytest.raises(ConfigError) as pattern:
        load_study(str(study(tmp_path, "a", 'register = "mine.csv"')), (), CONFIGS)
    assert (pattern.value.key, pattern.value.nearest) == ("pattern", "dudley")


def test_two_own_places_of_one_name_need_their_codes(tmp_path: Path) -> None:
    """The name alone is ambiguous, the code is not."""
    entries = register(DATA, own(tmp_path, "a,North,1,2,3,4,5", "b,North,1,2,3,4,5"))
    with pytest.raises(ConfigError) as caught:
        find_entry("North", entries)
    assert "North (a), North (b)" in (caught.value.expected or "")
    assert find_entry("b", entries).code == "b"
