"""The guide to places: its tables are those of the code, and what it tells a reader to write works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stresstest.config.folders import config_folder, data_folder
from stresstest.config.load import load_study
from stresstest.config.register import register
from stresstest.config.scaling import RULES, STAYS, TABLE_RULES

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "places.md").read_text(encoding="utf-8")
CONFIGS = config_folder(ROOT)
STUDY = (CONFIGS / "studies" / "dudley.toml").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The examples of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.S)


def test_the_tables_of_the_guide_are_those_of_the_code() -> None:
    """Every rule and every reason stands in the guide, and nothing else does."""
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \|(?: (.+?) \|)?$", GUIDE, re.M)
    scales = [(rule.key, rule.words, rule.reason) for rule in (*RULES, *TABLE_RULES)]
    assert rows == scales + [(key, reason, "") for key, reason in STAYS.items()]


def test_the_places_of_the_guide_are_those_of_the_register() -> None:
    """The vanguards without a footprint, and the extremes of cost by head."""
    without = [entry.code for entry in register(data_folder(CONFIGS)) if not entry.persons]
    assert re.findall(r"`([a-z-]+)`", GUIDE.split("Five vanguards")[1].split(")")[0]) == without


def test_the_examples_of_the_guide_load(tmp_path: Path) -> None:
    """A name in place of Dudley, a register beside the study, and a contract that is left as it is."""
    (tmp_path / "my-places.csv").write_text(blocks("csv")[0], encoding="utf-8")
    named, own, plain = blocks("toml")
    for text, title in ((named, "Stockport"), (own, "West Wakefield"), (own + plain, "West Wakefield")):
        path = tmp_path / "study.toml"
        path.write_text(STUDY.replace('place = "dudley"', text), encoding="utf-8")
        study = load_study(str(path), (), CONFIGS)
        assert study.place.title == title
        assert (study.contract.opening_price == 366666667) == ("scale_contract" in text)


def test_the_sums_of_the_guide() -> None:
    """The spread of cost by head across England, and what a younger Tower Hamlets would cost."""
    from stresstest.config.places import read_place
    from stresstest.config.scaling import Pattern
    from stresstest.config.section import read_toml

    file, entries = CONFIGS / "places" / "dudley.toml", register(data_folder(CONFIGS))
    pattern = Pattern.of(read_place(read_toml(file), file, "dudley", data_folder(CONFIGS), {})[0], entries)
    ratios = {e.name: pattern.scale(e).cost / pattern.scale(e).heads for e in entries if e.persons}
    assert (min(ratios, key=ratios.__getitem__), max(ratios, key=ratios.__getitem__)) == ("Tower Hamlets", "North Norfolk")
    assert (round(min(ratios.values()), 2), round(max(ratios.values()), 2)) == (0.76, 1.23)
    young = next(e for e in entries if e.name == "Tower Hamlets")
    share = 84468 / 194465
    assert round(share, 2) == 0.43
    whole = sum(n * c for n, c in zip(young.persons, pattern.cost, strict=True))
    assert round(young.persons[1] * (share - 0.25) * 0.6 / whole, 2) == 0.06
