"""What the tests of the review share: a contract from a few lines of TOML, and what is found in it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stresstest.config.contracts import read_contract
from stresstest.config.folders import config_folder, data_folder
from stresstest.config.places import read_place
from stresstest.contract import Contract
from stresstest.place import Place
from stresstest.review import Finding, review

CONFIGS = config_folder(Path(__file__).resolve().parent)
HEAD: dict[str, Any] = {
    "schema_version": 1, "title": "A test", "currency": "GBP", "price_basis": "cash", "first_year": "2018/19", "years": 5,
}  # fmt: skip
ENDING = """
[ending]
reserve = 50000000
loss_cap = 60000000
guarantee = 0
rescue = 0
notice_years = 1
step_in_premium = 0.03
step_in_years = 2
reprocurement_cost = 1000000
hospital_fixed_share = 0.25
"""


def contract_of(text: str, place: Place | None = None, **head: Any) -> Contract:
    """The contract whose clauses stand in `text`, with a head that `head` changes."""
    raw = {**HEAD, **head, **tomllib.loads(text)}
    return read_contract(raw, "file", "name", place, CONFIGS, study=False)[0]


@pytest.fixture(scope="session")
def place() -> Place:
    """Dudley: 318,000 people, six indicators, its own noises."""
    raw = tomllib.loads((CONFIGS / "places" / "dudley.toml").read_text(encoding="utf-8"))
    return read_place(raw, "file", "dudley", data_folder(CONFIGS), {})[0]


@pytest.fixture(scope="session")
def read() -> Callable[..., Contract]:
    """read(text, **head) → the contract."""
    return contract_of


@pytest.fixture(scope="session")
def found() -> Callable[..., list[Finding]]:
    """found(id, text, place, population, **head) → the findings of one check, in order."""

    def look(
        name: str, text: str, place: Place | None = None, population: float | None = None, **head: Any
    ) -> list[Finding]:
        return [one for one in review(contract_of(text, place, **head), place, population) if one.id == name]

    return look


@pytest.fixture(scope="session")
def ending() -> str:
    """An [ending] with a reserve of £50m and owners that stand for £60m."""
    return ENDING
