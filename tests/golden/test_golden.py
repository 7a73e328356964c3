"""Golden results: numbers of a small run that change only on purpose.

`pytest tests/golden --regenerate-golden` writes them anew; the change then stands in the diff and, in words, under
"Changed numbers" in CHANGELOG.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate
from stresstest.config.load import load_study
from stresstest.strategy import Strategy

pytestmark = pytest.mark.golden

FILE = Path(__file__).with_name("dudley.json")
STUDIES = ("dudley", "dudley-244m")
FUTURES = 512
HONEST = Strategy("honest", {"effort": 1.0, "efficiency": 1.0, "prevention": 0.5})
GAMED = Strategy("gamed", {**HONEST.levels, "list_inflation": 0.02, "exception_reporting": 0.05, "cost_shifting": 0.5})


def small_run(name: str) -> dict[str, dict[str, float]]:
    """Mean of every outcome over the first futures, and how many contracts end early, by strategy."""
    study = load_study(name)
    out = simulate(study.kernel_inputs(study.scenarios[0], (HONEST, GAMED)), 0, FUTURES + 1)[:, :, 1:]
    found: dict[str, dict[str, float]] = {}
    for strategy, values in zip((HONEST, GAMED), out, strict=True):
        row = {column: float(values[k].mean()) for k, column in enumerate(L.OUTCOMES)}
        row["early ends"] = float(np.count_nonzero(values[L.OUT["exit_year_index"]] >= 0.0))
        found[strategy.name] = row
    return found


def test_a_small_run_gives_the_golden_numbers(request):
    """Every mean outcome of both contracts and strategies equals the stored one to 1e-9."""
    found = {name: small_run(name) for name in STUDIES}
    if request.config.getoption("--regenerate-golden"):
        FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(golden) == set(STUDIES)
    for name in STUDIES:
        for strategy, row in golden[name].items():
            assert found[name][strategy] == pytest.approx(row, rel=1e-9, abs=1e-9), (name, strategy)
