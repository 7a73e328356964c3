"""Small contracts for the tests of the contract language: written, read, refused and settled in a line each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

from stresstest.config.contracts import load_contract, read_contract
from stresstest.contract import Contract
from stresstest.errors import ConfigError
from stresstest.settlement.engine import Given, settle

YEARS = 4


def payment(of: str, price: Any = 1.0, **more: Any) -> dict[str, Any]:
    """A clause that pays price · of from commissioner to provider."""
    return {"kind": "payment", "of": of, "price": price, **more}


def small(*terms: dict[str, Any], inputs: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A contract of four years from 2020/21 with these clauses, and inputs of these names."""
    head = {"schema_version": 1, "title": "small", "currency": "none", "price_basis": "cash"}
    rows = [{"name": name, "unit": "GBP"} for name in inputs]
    return {**head, "first_year": "2020/21", "years": YEARS, "inputs": rows, "terms": list(terms), **more}


def read(raw: dict[str, Any], configs: Path | None = None) -> Contract:
    """The contract as a settlement reads it."""
    return read_contract(raw, "file", "name", None, configs, study=False)[0]


def refused(raw: dict[str, Any], configs: Path | None = None) -> ConfigError:
    """The error with which a settlement refuses the contract."""
    with pytest.raises(ConfigError) as caught:
        read(raw, configs)
    return caught.value


def write(configs: Path, **contracts: dict[str, Any]) -> Path:
    """The folder `configs` with a file for each contract."""
    (configs / "contracts").mkdir(exist_ok=True)
    for name, raw in contracts.items():
        (configs / "contracts" / f"{name}.toml").write_bytes(tomli_w.dumps(raw).encode())
    return configs


def load(configs: Path, name: str) -> Contract:
    """A written contract, with all that it extends."""
    return load_contract(name, configs)


def refused_file(configs: Path, name: str) -> ConfigError:
    """The error with which a written contract is refused."""
    with pytest.raises(ConfigError) as caught:
        load(configs, name)
    return caught.value


def settled(contract: Contract, **columns: list[float]) -> dict[str, list[float]]:
    """Every amount, figure and net of one case, by year; `__` in a column's name stands for a dot."""
    values = {name.replace("__", "."): np.array(column, dtype=float) for name, column in columns.items()}
    years = len(next(iter(values.values()))) if values else contract.years
    done = settle(contract, Given(np.zeros(years, dtype=np.int64), np.arange(years), values))
    net = {f"net.{party}": column for party, column in done.net.items()}
    return {name: column.tolist() for name, column in {**done.amounts, **done.figures, **net}.items()}
