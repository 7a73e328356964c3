"""Small contracts for the tests of the settlement, and the ways in which they are settled."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from stresstest.config.contracts import read_contract
from stresstest.contract import Contract
from stresstest.settlement.output import settle_file

X: dict[str, Any] = {"name": "x", "unit": "GBP", "doc": "spend of the year", "low": -1e9, "high": 1e9}
PAY: dict[str, Any] = {"id": "pay", "kind": "payment", "price": [2.0, 3.0, 4.0], "of": "x"}
TOTAL: dict[str, Any] = {"id": "total", "kind": "running", "of": "x", "what": "total"}


def contract_of(*terms: dict[str, Any], inputs: tuple[dict[str, Any], ...] = (X,), **more: Any) -> Contract:
    """A contract of three years from 2018 with these clauses."""
    raw = {
        "schema_version": 1, "title": "A contract", "price_basis": "cash", "first_year": "2018", "years": 3,
        "inputs": list(inputs), "terms": list(terms), **more,
    }  # fmt: skip
    return read_contract(raw, "test", "test", None, study=False)[0]


def input_of(name: str, unit: str = "GBP", **more: Any) -> dict[str, Any]:
    """An input of a contract."""
    return {"name": name, "unit": unit, "doc": f"what {name} is", **more}


def written(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    """CSV text as rows."""
    return list(csv.DictReader(io.StringIO(text)))


def settled(contract: Contract, folder: Path, text: str | bytes) -> list[dict[str, str]]:
    """The rows that come out of a table."""
    out = folder / "out.csv"
    settle_file(contract, written(folder, text), out)
    return rows_of(out.read_text(encoding="utf-8"))
