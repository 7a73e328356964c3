"""What the guides tell a reader to write works as it stands there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from stresstest.config.contracts import read_contract
from stresstest.config.folders import config_folder
from stresstest.settlement.columns import asked_columns
from stresstest.settlement.engine import Given, settle

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "contract-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.S)


def test_the_first_contract_of_the_guide_settles() -> None:
    """A premium of 100 and losses of 120: 20 ceded, 90% of what lies beyond 100 comes back."""
    contract, _ = read_contract(tomllib.loads(BLOCKS[0]), "guide", "guide", None, study=False)
    assert [column.name for column in asked_columns(contract)] == ["premium", "losses"]
    table = {"premium": np.array([100.0]), "losses": np.array([120.0])}
    amounts = settle(contract, Given(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), table)).amounts
    assert {name: float(values[0]) for name, values in amounts.items()} == {"ceded_premium": 20.0, "ceded_losses": 18.0}


def test_the_guides_formula_pays_a_bonus() -> None:
    """Half of a saving of 10 at a score of 0.8, a quarter below it."""
    head = tomllib.loads(BLOCKS[0])
    head["inputs"] = [{"name": name, "unit": "GBP"} for name in ("benchmark", "spend")]
    head["terms"] = tomllib.loads(BLOCKS[1])["terms"]
    contract, _ = read_contract(head, "guide", "guide", None, study=False)
    table = {"benchmark": np.full(2, 100.0), "spend": np.full(2, 90.0), "score": np.array([0.8, 0.79])}
    paid = settle(contract, Given(np.arange(2), np.zeros(2, dtype=np.int64), table)).amounts["pay_bonus"]
    assert paid.tolist() == [5.0, 2.5]


def test_the_guides_inner_contract_can_be_nested() -> None:
    """The entry of the guide fits the shipped inner contract, but for its years."""
    head = tomllib.loads(BLOCKS[0])
    inner = tomllib.loads((ROOT / "configs" / "contracts" / "neighbourhood-single.toml").read_text(encoding="utf-8"))
    nesting = {"id": "north", "contract": "neighbourhood-single", "parties": {"commissioner": "provider", "provider": "hospital"}}
    head |= {key: inner[key] for key in ("first_year", "years", "currency")} | {"subcontracts": [nesting]}
    contract, _ = read_contract(head, "guide", "guide", None, config_folder(ROOT), study=False)
    assert any(term.id.startswith("north.") for term in contract.terms)


def test_every_standard_quantity_and_figure_kind_is_in_the_guide() -> None:
    """The guide names what the registers hold."""
    from stresstest.terms import STANDARD, TERMS

    for name in (*(q.name for q in STANDARD), *(kind.name for kind in TERMS if not kind.moves)):
        assert f"`{name}`" in GUIDE, name
