"""Structural and correlative parts: closed form for correlated normals, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, normals
from stresstest.methods.cases import Cases
from stresstest.methods.components import components
from stresstest.methods.shapley import fit

pytestmark = pytest.mark.unit


def _found(correlation, noise, n, name):
    z = normals(key_of(name), 3, n)
    b = correlation * z[0] + np.sqrt(1.0 - correlation**2) * z[1]
    cases = Cases.of({"a": z[0], "b": b}, {"y": z[0] + 2.0 * b + noise * z[2]})
    return components(fit(cases, ["y"]), "y")


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.7])
def test_correlated_normals(correlation):
    """Structural β²/Var and correlative β1β2ρ/Var of y = a + 2b + noise, within 3.5 standard errors (Li and others 2010)."""
    total = 5.0 + 4.0 * correlation + 1.0
    for own, beta in zip(_found(correlation, 1.0, 8000, f"test/parts {correlation}"), (1.0, 2.0), strict=True):
        assert abs(own.structural.value - beta**2 / total) < 3.5 * own.structural.error
        assert abs(own.correlative.value - 2.0 * correlation / total) < 3.5 * own.correlative.error
        assert 0.0 < own.structural.error < 0.02
        assert own.total == own.structural.value + own.correlative.value


def test_errors_are_those_of_repeated_samples():
    """Standard errors agree with the spread over 40 samples within a third."""
    runs = [_found(0.7, 2.0, 800, f"test/parts again {k}") for k in range(40)]
    for part in ("structural", "correlative"):
        values = [getattr(run[1], part).value for run in runs]
        told = np.mean([getattr(run[1], part).error for run in runs])
        assert told == pytest.approx(np.std(values, ddof=1), rel=0.34)


def test_nothing_has_no_parts():
    """Inputs that do nothing have parts of 0 on average: what chance fits is taken off."""
    found = []
    for k in range(30):
        z = normals(key_of(f"test/no parts {k}"), 3, 300)
        own = fit(Cases.of({"a": z[0], "b": z[1]}, {"y": z[2]}), ["y"])
        found.append([part.structural.value for part in components(own, "y")])
    found = np.array(found)
    assert np.all(np.abs(found.mean(axis=0)) < 3.5 * found.std(axis=0) / np.sqrt(30))
