"""Simulated futures beside the record."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stresstest.analysis.history import QUANTITIES, history_rows, windows
from stresstest.config.folders import config_folder, data_folder
from stresstest.runner import run_study

pytestmark = pytest.mark.unit


def test_windows():
    """Means over all overlapping windows; the values themselves where the record is shorter than one."""
    np.testing.assert_allclose(windows((1.0, 2.0, 3.0, 6.0), 3), [2.0, 11 / 3])
    np.testing.assert_array_equal(windows((1.0, 2.0), 3), [1.0, 2.0])


def test_a_row_for_every_quantity(dudley, honest, tmp_path):
    """Each row has the record's range in order, the futures' spread in order, and where the scenarios' levels lie."""
    study = replace(
        dudley.study, scenarios=(replace(dudley.study.scenarios[0], futures=500),), futures=500, years_futures=0
    )
    folder = run_study(study, (honest,), tmp_path, backend="sequential").folder
    rows = history_rows(folder, "calibrated", study.law, data_folder(config_folder()), study.years)
    assert [row["quantity"] for row in rows] == [quantity[0].format(years=15) for quantity in QUANTITIES]
    for row in rows:
        assert row["historical_low"] <= row["historical_mean"] <= row["historical_high"]
        assert row["historical_single_low"] <= row["historical_low"]
        assert row["historical_single_high"] >= row["historical_high"]
        assert row["simulated_p5"] < row["simulated_mean"] < row["simulated_p95"]
        for level in ("low", "middle", "high"):
            value, said = row[f"seed_{level}"], row[f"seed_{level}_inside"]
            inside = row["historical_low"] <= value <= row["historical_high"]
            assert said == ("" if math.isnan(value) else "inside" if inside else "outside")
    nature = dudley.chunk(honest, first=1, n=500)[2]
    assert rows[0]["simulated_mean"] == pytest.approx(nature[3].mean(), rel=1e-12)
