"""The data tables: they load, they cannot change unseen, and they agree with the published facts about them."""

from __future__ import annotations

import math
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from stresstest.config.tables import REQUIRED_COLUMNS, TEXT_COLUMNS, Table, accept, load_table, main, register
from stresstest.errors import DataError

DATA = Path(__file__).resolve().parents[2] / "data"

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data folder that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` by `new` in a table."""
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def spoil_and_register(folder: Path, name: str, old: str, new: str) -> None:
    """Spoil a table and put its new checksum into the register by hand, past the checks of `accept`."""
    before = register(folder)[name]["sha256"]
    spoil(folder, name, old, new)
    spoil(folder, "register", before, sha256((folder / f"{name}.csv").read_bytes()).hexdigest())


def series(name: str, column: str) -> dict[object, float]:
    """A shipped table as first column → `column`."""
    table = load_table(name, DATA)
    return dict(zip(next(iter(table.columns.values())), table.columns[column], strict=True))


# ---------------------------------------------------------------- the loader


@pytest.mark.parametrize("name", sorted(REQUIRED_COLUMNS))
def test_every_shipped_table_loads(name: str) -> None:
    """Each table matches its checksum, its row count and its columns, and names its source."""
    table = load_table(name, DATA)
    row = register(DATA)[name]
    assert isinstance(table, Table)
    assert table.name == name
    assert table.rows == int(row["rows"])
    assert table.source == row["source"] != ""
    assert tuple(table.columns) == REQUIRED_COLUMNS[name]
    for column, cells in table.columns.items():
        assert len(cells) == table.rows
        assert all(isinstance(cell, str if column in TEXT_COLUMNS else float) for cell in cells)


def test_register_and_folder_name_the_same_tables() -> None:
    """No table lies in the folder unregistered, and no register row lacks its table, licence or dates."""
    rows = register(DATA)
    assert set(rows) == {p.stem for p in DATA.glob("*.csv")} - {"register"} == set(REQUIRED_COLUMNS)
    assert all(value for row in rows.values() for value in row.values())
    assert all(row["review_by"] > row["extracted"] for row in rows.values())


def test_name_may_carry_its_suffix() -> None:
    """`places` and `places.csv` are the same table."""
    assert load_table("places.csv", DATA) == load_table("places", DATA)


def test_changed_table_is_refused_and_says_how_to_accept_it(folder: Path) -> None:
    """One altered digit is noticed, and the remedy is in the message."""
    spoil(folder, "history_gdp", "0.033124", "0.033125")
    with pytest.raises(DataError, match=r"was changed.*--accept history_gdp") as caught:
        load_table("history_gdp", folder)
    assert caught.value.exit_code == 3


def test_accept_registers_the_change(folder: Path) -> None:
    """After `accept` the changed table loads, only its own register row differs, and no draft is left."""
    before = register(folder)
    spoil(folder, "places", "318000", "318492")
    old, new = accept("places", folder)
    after = register(folder)
    assert load_table("places", folder).columns["registered_persons"] == (318492.0,)
    assert (old, new) == (before["places"]["sha256"], after["places"]["sha256"])
    assert old != new
    assert {n for n in before if before[n] != after[n]} == {"places"}
    assert not list(folder.glob("*.new"))


def test_accept_counts_the_rows_again(folder: Path) -> None:
    """A place added as one row is counted in the register."""
    with (folder / "places.csv").open("a", encoding="utf-8") as stream:
        stream.write("E99999999,Elsewhere,1000,1000\n")
    accept("places", folder)
    assert register(folder)["places"]["rows"] == "2"
    assert load_table("places", folder).rows == 2


def test_accept_refuses_a_bad_table_and_leaves_the_register(folder: Path) -> None:
    """A table that cannot be read is not accepted, and the register keeps every byte."""
    before = (folder / "register.csv").read_bytes()
    spoil(folder, "places", "318000", "many")
    with pytest.raises(DataError, match="Row 1"):
        accept("places", folder)
    assert (folder / "register.csv").read_bytes() == before


def test_windows_line_endings_do_not_change_the_checksum(folder: Path) -> None:
    """A checkout that turns line feeds into CR LF still loads."""
    path = folder / "history_gdp.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_table("history_gdp", folder) == load_table("history_gdp", DATA)


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "", "n/a", "1_000"])
def test_unusable_number_is_placed(folder: Path, bad: str) -> None:
    """NaN, infinity, a gap, a word and a digit group are refused with row, column and value."""
    spoil_and_register(folder, "history_gdp", "0.033420", bad)
    with pytest.raises(DataError, match="Row 2 of column real_gdp_growth") as caught:
        load_table("history_gdp", folder)
    assert caught.value.file == folder / "history_gdp.csv"
    assert (caught.value.key, caught.value.value) == ("real_gdp_growth", bad)


def test_missing_table_names_the_nearest() -> None:
    """A slip of the pen is answered with the table that was meant."""
    with pytest.raises(DataError) as caught:
        load_table("history_gpd", DATA)
    assert caught.value.nearest == "history_gdp"


def test_missing_folder_is_a_kind_error(tmp_path: Path) -> None:
    """A folder that is not there gives a DataError and no traceback of the file system."""
    with pytest.raises(DataError):
        load_table("history_gdp", tmp_path / "nowhere")
    with pytest.raises(DataError, match="register"):
        register(tmp_path)


def test_unregistered_table_is_refused(folder: Path) -> None:
    """A table without a register row has no source, so it does not load and cannot be accepted."""
    shutil.copy(folder / "places.csv", folder / "place.csv")
    for action in (load_table, accept):
        with pytest.raises(DataError, match="not in the register") as caught:
            action("place", folder)
        assert caught.value.nearest == "places"


def test_missing_column_is_named(folder: Path) -> None:
    """A renamed column is reported with the nearest heading."""
    spoil_and_register(folder, "history_vacancies", "vacancy_rate", "vacancies_rate")
    with pytest.raises(DataError, match="missing") as caught:
        load_table("history_vacancies", folder)
    assert (caught.value.key, caught.value.nearest) == ("vacancy_rate", "vacancies_rate")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("0.033124", "0.033124,7", "Row 1 has"), ("year,real_gdp_growth", "year,year", "twice")],
)
def test_ragged_or_doubled_columns_are_refused(folder: Path, old: str, new: str, says: str) -> None:
    """A cell too many and a heading that stands twice are refused."""
    spoil_and_register(folder, "history_gdp", old, new)
    with pytest.raises(DataError, match=says):
        load_table("history_gdp", folder)


def test_register_that_names_a_table_twice_is_refused(folder: Path) -> None:
    """Two rows for one table would make the checksum a matter of luck."""
    path = folder / "register.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="twice"):
        register(folder)


def test_command_accepts_and_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--accept` ends with 0 for a readable table, and with 3 and a message for an unknown one."""
    assert main(["--accept", "places", "--folder", str(folder)]) == 0
    assert main(["--accept", "plaices", "--folder", str(folder)]) == 3
    assert "places" in capsys.readouterr().err


# ---------------------------------------------------------------- the figures


def compound_mean(growth: list[float]) -> float:
    """The constant yearly rate that gives the same growth over the whole period."""
    return math.exp(math.fsum(math.log1p(rate) for rate in growth) / len(growth)) - 1


def test_gdp_fifteen_year_windows() -> None:
    """The weakest and the strongest 15 years are 2006-20 (0.57% a year) and 1959-73 (3.71%), compound (ONS ABMI)."""
    growth = series("history_gdp", "real_gdp_growth")
    years = sorted(growth)
    means = {y: compound_mean([growth[y + k] for k in range(15)]) for y in years if y + 14 in growth}
    assert years == list(range(1949, 2024))
    assert len(means) == 61
    weakest, strongest = min(means, key=means.get), max(means, key=means.get)
    assert (weakest, strongest) == (2006, 1959)
    assert means[weakest] == pytest.approx(0.0057, abs=0.0002)
    assert means[strongest] == pytest.approx(0.0371, abs=0.0002)
    assert means[2009] == pytest.approx(0.0116, abs=0.0002)


def test_gdp_extremes_and_mean() -> None:
    """Yearly growth averages 2.45%, between -10.3% (2020) and 8.6% (2021) (ONS ABMI)."""
    growth = series("history_gdp", "real_gdp_growth")
    assert sum(growth.values()) / len(growth) == pytest.approx(0.0245, abs=0.0001)
    assert min(growth, key=growth.get) == 2020
    assert growth[2020] == pytest.approx(-0.103, abs=0.0005)
    assert max(growth, key=growth.get) == 2021
    assert growth[2021] == pytest.approx(0.086, abs=0.0005)


def test_state_share_record() -> None:
    """Public spending never fell below 34.5% of GDP and passed 45% in six years only (OBR)."""
    share = series("history_state_share", "state_share_of_gdp")
    assert len(share) == 75
    assert next(iter(share)) == "1948/49"
    assert list(share)[-1] == "2022/23"
    assert min(share, key=share.get) == "1988/89"
    assert share["1988/89"] == pytest.approx(0.345, abs=0.0005)
    assert max(share, key=share.get) == "2020/21"
    assert share["2020/21"] == pytest.approx(0.531, abs=0.0005)
    assert sum(share.values()) / len(share) == pytest.approx(0.400, abs=0.0005)
    assert {year for year, value in share.items() if value > 0.45} == {
        "1975/76", "1976/77", "2009/10", "2010/11", "2020/21", "2022/23",
    }
    values = list(share.values())
    means = [sum(values[k : k + 15]) / 15 for k in range(len(values) - 14)]
    assert (min(means), max(means)) == pytest.approx((0.361, 0.434), abs=0.0005)


@pytest.mark.parametrize(
    ("first", "last", "published"),
    [("1956/57", "2018/19", 0.039), ("1979/80", "1996/97", 0.032), ("1997/98", "2009/10", 0.060),
     ("2010/11", "2018/19", 0.013)],
)
def test_health_funding_by_period(first: str, last: str, published: float) -> None:
    """Real growth by period agrees with the printed averages (OBR, ONS; Commons Library for the whole period)."""
    growth = series("history_health_funding", "real_growth")
    chosen = [value for year, value in growth.items() if first <= year <= last]
    assert compound_mean(chosen) == pytest.approx(published, abs=0.0006)


def test_health_funding_stops_before_the_source_break() -> None:
    """63 years, none from 2019/20 on, with yearly growth between -2.3% and 10.7% (OBR, ONS)."""
    growth = series("history_health_funding", "real_growth")
    assert len(growth) == 63
    assert min(growth) == "1956/57"
    assert max(growth) == "2018/19"
    assert (min(growth.values()), max(growth.values())) == pytest.approx((-0.023, 0.107), abs=0.0005)


def test_vacancy_points() -> None:
    """Only the three all-staff England points are shipped; the highest is 9.7% in June 2022 (NHS Digital)."""
    assert series("history_vacancies", "vacancy_rate") == {
        "2019-06-30": 0.092, "2021-06-30": 0.076, "2022-06-30": 0.097,
    }


# Sourced facts behind the age bands: see data/README.md.
OLD_IN_2015, OLD_IN_2030 = 64_000, 80_000
ALL_IN_2016, ALL_IN_2041 = 317_600, 336_900
ENGLAND_GROWTH_2022_TO_2037 = {"65_74": 0.253, "75_84": 0.252, "85_plus": 0.587}
HORIZON = 15


def test_age_bands_add_to_the_published_population() -> None:
    """The bands hold 322,363 residents, 65,656 of them 65 or over and 8,557 of them 85 or over (ONS mid-2020)."""
    people = series("dudley_age_bands", "persons_mid_2020")
    assert sum(people.values()) == 322_363 == load_table("places", DATA).columns["resident_persons_mid_2020"][0]
    assert sum(people[band] for band in ENGLAND_GROWTH_2022_TO_2037) == 65_656
    assert people["85_plus"] == 8_557


def test_age_growth_follows_from_its_derivation() -> None:
    """Every shipped growth rate is what the derivation in data/README.md gives, to the last digit shipped."""
    people = series("dudley_age_bands", "persons_mid_2020")
    shipped = series("dudley_age_bands", "annual_growth")
    old = sum(people[band] for band in ENGLAND_GROWTH_2022_TO_2037)
    old_growth = (OLD_IN_2030 / OLD_IN_2015) ** (HORIZON / 15) - 1
    england_mix = sum(people[band] * growth for band, growth in ENGLAND_GROWTH_2022_TO_2037.items()) / old
    expected = {
        band: (1 + growth * old_growth / england_mix) ** (1 / HORIZON) - 1
        for band, growth in ENGLAND_GROWTH_2022_TO_2037.items()
    }
    everyone_then = sum(people.values()) * (ALL_IN_2041 / ALL_IN_2016) ** (HORIZON / 25)
    young = sum(people.values()) - old
    rest = ((everyone_then - old * (1 + old_growth)) / young) ** (1 / HORIZON) - 1
    expected |= dict.fromkeys(("0_14", "15_44", "45_64"), rest)
    assert shipped == pytest.approx(expected, abs=5.1e-7)


def test_age_growth_meets_both_dudley_facts() -> None:
    """Projected 15 years, the bands give 1.50% a year for 65 and over, and 0.24% for all."""
    people = series("dudley_age_bands", "persons_mid_2020")
    growth = series("dudley_age_bands", "annual_growth")
    then = {band: people[band] * (1 + growth[band]) ** HORIZON for band in people}

    def rate(bands: list[object]) -> float:
        return (sum(then[b] for b in bands) / sum(people[b] for b in bands)) ** (1 / HORIZON) - 1

    assert rate(list(ENGLAND_GROWTH_2022_TO_2037)) == pytest.approx(0.0150, abs=0.00005)
    assert rate(list(people)) == pytest.approx(0.0024, abs=0.00005)


def test_relative_cost_keeps_its_anchors() -> None:
    """30-year-olds are the unit, 70-year-olds cost 3 times as much, and no adult band costs less than a younger one."""
    cost = series("dudley_age_bands", "relative_cost")
    adults = [cost[band] for band in ("15_44", "45_64", "65_74", "75_84", "85_plus")]
    assert cost["15_44"] == 1.0
    assert cost["65_74"] == 3.0
    assert cost["85_plus"] < 8.0
    assert adults == sorted(adults)
