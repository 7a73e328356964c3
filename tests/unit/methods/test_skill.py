"""Scores against scikit-learn and hand values; a known logistic world; no skill where there is nothing to see."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from stresstest.errors import DataError
from stresstest.methods.skill import base_chance, calibration, fit_logistic, skill_against

pytestmark = pytest.mark.unit


def world(n, seed=0):
    """Three columns of which two matter: log-odds = −1 + 1.5 a − 0.8 b; chances that are true, and what came."""
    r = np.random.default_rng(seed)
    columns = r.normal(size=(n, 3)) * [1.0, 4.0, 2.0] + [0.0, 10.0, -3.0]
    chance = 1.0 / (1.0 + np.exp(-(-1.0 + 1.5 * columns[:, 0] - 0.8 * (columns[:, 1] - 10.0) / 4.0)))
    return columns, chance, r.uniform(size=n) < chance, r.uniform(0.2, 3.0, n)


def test_scores_equal_those_of_scikit_learn():
    """Brier and log score equal scikit-learn's, with weights too."""
    _, chance, failed, weight = world(800, 1)
    for w in (None, weight):
        found = skill_against(chance, 0.3, failed, w)
        assert found.brier == pytest.approx(brier_score_loss(failed, chance, sample_weight=w), abs=1e-12)
        assert found.log_score == pytest.approx(
            log_loss(failed, np.clip(chance, 1e-4, 1 - 1e-4), sample_weight=w), abs=1e-12
        )


def test_skill_by_hand():
    """Chances 0.8 and 0.4 of one that fails and one that does not, against a half: 1 − 0.1 / 0.25 = 0.6; the reference itself
    has none."""
    failed = np.array([True, False])
    found = skill_against(np.array([0.8, 0.4]), 0.5, failed)
    assert found.brier == pytest.approx(0.1)
    assert found.skill == pytest.approx(0.6)
    same = skill_against(np.array([0.5, 0.5]), 0.5, failed)
    assert (same.skill, same.p_value, same.better) == (0.0, 1.0, False)


def test_error_of_the_skill_is_that_of_repeated_samples():
    """Over 300 samples the spread of the Brier skill equals its stated error."""
    found = [skill_against(one[1], 0.35, one[2]) for one in (world(300, seed) for seed in range(300))]
    assert np.std([one.skill for one in found]) == pytest.approx(np.mean([one.skill_error for one in found]), rel=0.12)


def test_logistic_model_recovers_its_world():
    """Coefficients in units of the columns' spread come out within three hundredths; a constant column gets none."""
    columns, chance, failed, _ = world(60_000, 2)
    model = fit_logistic(np.c_[columns, np.ones(len(columns))], failed)
    assert model.coefficients == pytest.approx([1.5, -0.8, 0.0, 0.0], abs=0.04)
    said = model.chance(np.c_[columns, np.ones(len(columns))])
    assert np.abs(said - chance).mean() < 0.01
    assert not skill_against(said, chance, failed).better
    with pytest.raises(DataError, match="nothing to model"):
        fit_logistic(columns, np.zeros(len(columns), dtype=bool))


def test_weights_stand_for_copies():
    """A model fitted with whole weights is that of the copied rows."""
    columns, _, failed, _ = world(400, 3)
    times = 1 + np.arange(400) % 3
    copied = fit_logistic(np.repeat(columns, times, axis=0), np.repeat(failed, times))
    weighted = fit_logistic(columns, failed, times.astype(float))
    assert weighted.chance(columns) == pytest.approx(copied.chance(columns), abs=0.01)


def test_nothing_is_seen_in_noise():
    """On 100 tables of chance, fitted on one half and judged on the other, the model is better than the base rate in at most
    two."""
    r = np.random.default_rng(5)
    better, skills = 0, []
    for _ in range(100):
        columns, failed = r.normal(size=(500, 6)), r.uniform(size=500) < 0.3
        first = np.arange(500) % 2 == 0
        said = fit_logistic(columns[first], failed[first]).chance(columns[~first])
        found = skill_against(said, base_chance(failed[first]), failed[~first])
        better, skills = better + found.better, [*skills, found.skill]
    assert better <= 2
    assert -0.06 < np.mean(skills) < 0.0


def test_calibration_says_what_came():
    """Ten parts of true chances come true within four standard errors; equal chances stay in one part."""
    _, chance, failed, weight = world(20_000, 6)
    parts = calibration(chance, failed, weight)
    assert len(parts) == 10
    assert sum(part.futures for part in parts) == 20_000
    assert all(abs(part.said - part.came.value) < 4.0 * part.came.error + 1e-9 for part in parts)
    assert [part.said for part in parts] == sorted(part.said for part in parts)
    assert len(calibration(np.full(50, 0.2), np.arange(50) < 10)) == 1
