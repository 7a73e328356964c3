"""The economy's fit gives back the process that a series was made with."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.calibration_economy import fit_economy

pytestmark = pytest.mark.unit
YEARS = 15 * 240


@pytest.fixture(scope="module")
def made() -> np.ndarray:
    """Growth of 240 stretches: levels 4% ± 0.4, noise 1% with persistence 0.3, crises of 9% ± 1 in one year of twenty."""
    rng = np.random.default_rng(11)
    levels = np.repeat(0.04 + 0.004 * rng.standard_normal(YEARS // 15), 15)
    growth, carried = np.empty(YEARS), 0.0
    for t in range(YEARS):
        carried = 0.3 * carried + 0.01 * rng.standard_normal()
        crisis = 0.09 + 0.01 * rng.standard_normal() if rng.random() < 0.05 else 0.0
        growth[t] = levels[t] + carried - crisis
    return growth


def test_the_process_is_recovered(made):
    """Every number within four standard errors, and within a twelfth where crises that touch each other are one."""
    fit = fit_economy(made)
    for found, true in (
        (fit.probability, 0.05), (fit.size, 0.09), (fit.noise, 0.01), (fit.persistence, 0.3), (fit.level, 0.004),
    ):  # fmt: skip
        assert found.value == pytest.approx(true, abs=4 * found.error, rel=1 / 12)
    assert fit.mean.value == pytest.approx(made.mean())
    assert fit.allowance == pytest.approx(fit.probability.value * fit.size.value)


def test_the_surprise_averages_to_nothing(made):
    """Growth less its trend with crises counted in has mean zero, and is low exactly in crises."""
    fit = fit_economy(made)
    assert fit.surprise.mean() == pytest.approx(0.0, abs=1e-12)
    assert fit.surprise[~fit.calm].mean() < -0.07
    assert fit.surprise[fit.calm].mean() == pytest.approx(fit.allowance, rel=0.01)
