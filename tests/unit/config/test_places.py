"""Places from the register: what scales and what stays, how bands are matched, and how a place is written and read again."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import pytest

from stresstest.config.folders import config_folder, data_folder
from stresstest.config.places import DYNAMICS, place_form, read_place
from stresstest.config.register import BANDS, Entry, find_entry, register
from stresstest.config.scaling import (
    RULES,
    STAYS,
    TABLE_RULES,
    Pattern,
    noted,
    partly_by_chance,
    place_from_register,
)
from stresstest.config.section import read_toml
from stresstest.drivers.parameters import PARAMETERS
from stresstest.errors import ConfigError
from stresstest.place import AgeBand, Place

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[3]
CONFIGS = config_folder(ROOT)
DATA = data_folder(CONFIGS)
ENTRIES = register(DATA)


def dudley() -> Place:
    """The one place that is given in full."""
    file = CONFIGS / "places" / "dudley.toml"
    return read_place(read_toml(file), file, "dudley", DATA, {})[0]


DUDLEY = dudley()
PATTERN = Pattern.of(DUDLEY, ENTRIES)


def times(factor: float) -> Entry:
    """An entry with Dudley's people times a factor."""
    own = find_entry("E08000027", ENTRIES)
    return replace(own, code="X1", name="Elsewhere", areas=(), persons=tuple(n * factor for n in own.persons))


def weighted(ages: tuple[AgeBand, ...]) -> float:
    """People weighted by what care costs at their age."""
    return sum(band.persons * band.relative_cost for band in ages)


def test_the_pattern_made_from_the_register_is_itself() -> None:
    """Dudley's own entry gives ratios of exactly 1, its age-weighted people and its age mix."""
    scale = PATTERN.scale(find_entry("E08000027", ENTRIES))
    assert (scale.heads, scale.cost) == (1.0, 1.0)
    again = place_from_register(find_entry("E08000027", ENTRIES), PATTERN)
    assert weighted(again.ages) == pytest.approx(weighted(DUDLEY.ages), rel=1e-12)
    assert again.age_mix(15) == pytest.approx(DUDLEY.age_mix(15), rel=1e-12)


def test_costs_of_the_registers_bands_are_means_over_the_patterns_people() -> None:
    """Dudley: 62,242 under 16 of whom 58,312 are under 15; 45 to 64 are 84,468 of the 194,465 from 16 to 64."""
    young = (58312 * 0.9 + (62242 - 58312) * 1.0) / 62242
    middle = ((194465 - 84468) * 1.0 + 84468 * 1.6) / 194465
    assert PATTERN.cost == pytest.approx((young, middle, 3.0, 5.0, 7.0), rel=1e-12)
    assert PATTERN.growth == pytest.approx((-0.001257, -0.001257, 0.012987, 0.01294, 0.027193), rel=1e-12)


def test_stockport_by_hand() -> None:
    """Residents 294,197 of 322,363, and weighted by age, from the table and the costs above."""
    entry = find_entry("Stockport", ENTRIES)
    assert entry.total == 294197
    place, scale = place_from_register(entry, PATTERN), PATTERN.scale(entry)
    assert place.parameters["population.list_base"].value == pytest.approx(318000 * 294197 / 322363)
    by_hand = sum(n * c for n, c in zip(entry.persons, PATTERN.cost, strict=True)) / weighted(DUDLEY.ages)
    assert scale.cost == pytest.approx(by_hand, rel=1e-12)
    assert [pod.base_gbp for pod in place.pods] == pytest.approx([pod.base_gbp * by_hand for pod in DUDLEY.pods])
    assert (place.name, place.code, place.title) == ("E08000007", "E08000007", "Stockport")


def test_four_times_the_people() -> None:
    """People, health and counts times four, chance over two, everything else as it was."""
    place = place_from_register(times(4.0), PATTERN)
    new, old = place.parameters, DUDLEY.parameters
    assert new["population.list_base"].value == pytest.approx(4 * 318000)
    assert new["health.qaly_per_exception"].value == pytest.approx(4 * old["health.qaly_per_exception"].value)
    assert new["shock.insurance_noise"].value == pytest.approx(old["shock.insurance_noise"].value / 2)
    changed = {key for key in old if new[key].values != old[key].values}
    assert changed == {rule.key for rule in RULES}
    for mine, was in zip(place.indicators, DUDLEY.indicators, strict=True):
        assert mine.noise_sd == pytest.approx(was.noise_sd / 2)
        assert mine.qaly_per_progress == pytest.approx(4 * was.qaly_per_progress)
        assert (mine.baseline, mine.target) == (was.baseline, was.target)
    assert place.lines == DUDLEY.lines
    assert place.dynamics == DUDLEY.dynamics


@pytest.mark.parametrize("heads", [0.01, 0.5, 1.0, 3.0, 175.0])
def test_noise_that_is_partly_chance_falls_no_further_than_the_rest(heads: float) -> None:
    """Smaller places are noisier, large ones keep what is common, and one person's chance alone falls with the root."""
    sd = partly_by_chance(0.02, 0.0066, heads)
    assert (sd - 0.02) * (heads - 1.0) <= 0.0
    assert sd >= math.sqrt(0.02**2 - 0.0066**2)
    assert partly_by_chance(0.0066, 0.0066, heads) == pytest.approx(0.0066 / math.sqrt(heads))
    assert partly_by_chance(0.001, 0.0066, heads) == pytest.approx(0.001 / math.sqrt(heads))


def test_every_number_of_a_place_scales_or_stays_for_a_reason() -> None:
    """Each parameter and table has its rule or its reason; a number in pounds, persons or QALYs never stays unseen."""
    scaled = {rule.key for rule in RULES}
    for q in PARAMETERS:
        if q.owner == "place":
            assert q.key in scaled or q.key in STAYS or q.section in STAYS, f"{q.key}: add a rule or a reason to scaling.py"
            if q.unit in ("GBP", "persons", "QALY"):
                assert q.key in scaled, q.key
    assert {"lines", "pods", "indicators", "indicator_dynamics"} <= set(STAYS)
    assert scaled <= {q.key for q in PARAMETERS}
    assert all(rule.reason and rule.words for rule in (*RULES, *TABLE_RULES))
    assert set(DYNAMICS) == set(DUDLEY.dynamics)


def test_a_scaled_number_says_so() -> None:
    """A judgement stays a judgement, what was published is derived once it is scaled, and the old source stays in front."""
    assert noted("ONS", "published", "× 2") == ("ONS; × 2", "derived")
    assert noted("judgement: own", "judgement", "× 2") == ("judgement: own; × 2", "judgement")
    assert noted("", "unstated", "× 2") == ("× 2", "unstated")
    source = place_from_register(times(2.0), PATTERN).parameters["population.list_base"].source
    assert source.startswith(DUDLEY.parameters["population.list_base"].source)
    assert source.endswith("× heads, Elsewhere (X1) to Dudley")


@pytest.mark.parametrize("place", [DUDLEY, place_from_register(times(2.5), PATTERN)], ids=["Dudley", "scaled"])
def test_a_place_is_written_and_read_again(place: Place) -> None:
    """The form of a place gives the same place, its ages and sources included; a second round changes nothing."""
    again, effective = read_place(place_form(place), "form", place.name, DATA, {})
    assert again == place
    assert read_place(effective, "effective", place.name, DATA, {}) == (again, effective)


def test_three_hundred_places_are_cheap() -> None:
    """Every place of the register is made in less than two seconds, and each has its own people."""
    start = time.perf_counter()
    places = [place_from_register(entry, PATTERN) for entry in ENTRIES if entry.persons]
    assert time.perf_counter() - start < 2.0
    assert len(places) == 309 + 9
    assert all([band.name for band in place.ages] == list(BANDS) for place in places)


def test_a_pattern_whose_people_are_not_those_of_the_register_is_refused() -> None:
    """A place cannot be a pattern without a code, with other totals, or with age bands that cannot be read."""
    with pytest.raises(ConfigError, match="needs a code"):
        Pattern.of(replace(DUDLEY, code=""), ENTRIES)
    more = (replace(DUDLEY.ages[0], persons=DUDLEY.ages[0].persons * 2), *DUDLEY.ages[1:])
    with pytest.raises(ConfigError, match="are not those of its entry"):
        Pattern.of(replace(DUDLEY, ages=more), ENTRIES)
    odd = (replace(DUDLEY.ages[0], name="children"), *DUDLEY.ages[1:])
    with pytest.raises(ConfigError, match="cannot be read"):
        Pattern.of(replace(DUDLEY, ages=odd), ENTRIES)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([{"age_band": "0_15", "persons": -1.0, "annual_growth": 0.0, "relative_cost": 1.0}], "ages[1].persons"),
        ([{"age_band": "0_15", "persons": 0.0, "annual_growth": 0.0, "relative_cost": 1.0}], "ages"),
        ([{"age_band": "0_15", "people": 5.0, "annual_growth": 0.0, "relative_cost": 1.0}], "ages[1].persons"),
    ],
)
def test_wrong_age_rows_are_refused(rows: list[dict[str, object]], key: str) -> None:
    """Ages that stand in a place file are read as strictly as the rest of it."""
    with pytest.raises(ConfigError) as caught:
        read_place(place_form(DUDLEY) | {"ages": rows}, "form", "x", DATA, {})
    assert caught.value.key == key
