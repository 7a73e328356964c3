"""Settlement of a table: a contract against the plain slow reference on a part of the rows, a layer against the same in numpy."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from stresstest.bench.setting import layered
from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.settlement.engine import Given, settle

ROWS, SLOW_ROWS = 100_000, 500
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


@pytest.fixture(scope="module")
def contract():
    """Medicare's ENHANCED track: a scale by size, a formula, and the shared savings themselves."""
    return load_contract("mssp-enhanced", config_folder())


def columns(rows: int) -> dict[str, np.ndarray]:
    """Benchmarks of 50m to 1bn, spend about 3% below, every size and quality."""
    rng = np.random.default_rng(1)
    benchmark = rng.uniform(5e7, 1e9, rows)
    return {
        "assigned_beneficiaries": rng.integers(5000, 150_000, rows).astype(float), "benchmark": benchmark,
        "expenditure": benchmark * rng.normal(0.97, 0.05, rows), "quality_score": rng.uniform(0.5, 1.0, rows),
        "msr_chosen": np.full(rows, -1.0), "met_quality_standard": np.ones(rows), "full_rate": np.zeros(rows),
        "sequestration": np.full(rows, 0.02), "loss_relief": np.zeros(rows), "revenue": np.zeros(rows),
    }  # fmt: skip


def test_settle(benchmark, contract):
    """100,000 rows through the compiled clauses, memory and all figures shown."""
    given = Given(np.arange(ROWS), np.zeros(ROWS, dtype=np.int64), columns(ROWS))
    benchmark.group = f"{ROWS:,} rows; the reference {SLOW_ROWS:,}"
    benchmark.pedantic(settle, (contract, given), rounds=7, warmup_rounds=1)


def test_reference(benchmark, contract):
    """500 rows through the plain slow reference."""
    from reference.language import settle as slowly

    table = columns(SLOW_ROWS)
    rows = [[{name: float(values[k]) for name, values in table.items()}] for k in range(SLOW_ROWS)]
    benchmark.group = f"{ROWS:,} rows; the reference {SLOW_ROWS:,}"
    benchmark.pedantic(lambda: [slowly(contract, years) for years in rows], rounds=5)


@pytest.mark.parametrize("which", ["settled", "in numpy"])
def test_layer(benchmark, which):
    """One layer of excess of loss: 100,000 rows through settlement, and the same sums in numpy."""
    settled, plain = layered(ROWS)
    benchmark.group = f"{ROWS:,} rows of one layer"
    benchmark.pedantic(settled if which == "settled" else plain, rounds=7, warmup_rounds=1)
