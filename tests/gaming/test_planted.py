"""Planted loopholes are found without hints, and their clean twins raise at most one alarm each.

Every folder holds ten contracts with one hole each, written without sight of the search, and a KEY of what is wrong.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from stresstest.contract_verbs import contract_named
from stresstest.gaming.exploits import Exploit
from stresstest.gaming.loopholes import holes, hunt, unnamed
from stresstest.gaming.records import made_up

pytestmark = pytest.mark.case

FOLDERS = [folder for folder in sorted(Path(__file__).parent.iterdir()) if (folder / "KEY.toml").is_file()]
KEYS = {
    (folder.name, name): entry
    for folder in FOLDERS
    for name, entry in tomllib.loads((folder / "KEY.toml").read_text()).items()
}
PLANTED = [key for key, entry in KEYS.items() if entry["clauses"]]


@cache
def alarms(folder: str, name: str) -> tuple[Exploit, ...]:
    """The unnamed loopholes of a contract, one for each hole."""
    contract = contract_named(str(Path(__file__).parent / folder / f"{name}.toml"))
    return tuple(unnamed(holes(hunt(made_up(contract)))))


def test_there_are_at_least_ten_with_their_twins() -> None:
    """Ten contracts with one hole each, and a clean twin for each."""
    assert len(PLANTED) >= 10
    assert all((Path(__file__).parent / folder / f"{name}-clean.toml").is_file() for folder, name in PLANTED)


@pytest.mark.parametrize(("folder", "name"), PLANTED)
def test_the_planted_hole_is_found_in_its_clause_through_its_input(folder: str, name: str) -> None:
    """An unnamed loophole that pays, through one of the hole's inputs and one of its clauses."""
    entry = KEYS[folder, name]
    found = alarms(folder, name)
    hit = [
        one for one in found
        if set(one.clauses) & set(entry["clauses"]) and set(one.quantities) & set(entry["inputs"]) and one.mean > 0.0
    ]  # fmt: skip
    assert hit, [(one.hunt, one.quantities, one.clauses) for one in found]
    same = [one for one in alarms(folder, f"{name}-clean") if any(_same(one, other) for other in hit)]
    assert max(one.mean for one in hit) > 3.0 * max((one.mean for one in same), default=0.0), "as large in the clean twin"


def _same(one: Exploit, other: Exploit) -> bool:
    """Whether two alarms break the same law through a number in common."""
    return one.hunt == other.hunt and bool(set(one.quantities) & set(other.quantities))


@cache
def inherited() -> frozenset[tuple[str, tuple[str, ...]]]:
    """Alarms of Dudley's own contract, which some of the planted ones extend: real, and not the twin's."""
    return frozenset((one.hunt, one.quantities) for one in unnamed(holes(hunt(made_up(contract_named("dudley-5.5bn"))))))


@pytest.mark.parametrize(("folder", "name"), PLANTED)
def test_the_clean_twin_raises_at_most_one_alarm(folder: str, name: str) -> None:
    """The same draft with its repair is nearly silent."""
    found = [one for one in alarms(folder, f"{name}-clean") if (one.hunt, one.quantities) not in inherited()]
    assert len(found) <= 1, [(one.hunt, one.quantities, one.clauses) for one in found]


def test_a_fixed_fee_cannot_be_gamed() -> None:
    """With nothing that the provider can change, nothing is found, named or unnamed."""
    assert alarms("planted", "fixed-fee") == ()
    contract = contract_named(str(Path(__file__).parent / "planted" / "fixed-fee.toml"))
    assert hunt(made_up(contract)) == []
