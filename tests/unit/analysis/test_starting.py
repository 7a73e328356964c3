"""Whether the contract starts, and what that does to every figure."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.starting import starting_rows

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def figures(dudley, honest):
    """The rows by name, and Dudley's parameters."""
    rows = {row["figure"]: row for row in starting_rows(dudley.study, honest, 8000)}
    return rows, {key: quantity.value for key, quantity in dudley.study.place.parameters.items()}


def test_chances_are_those_of_the_parameters(figures):
    """Never starting is 1 less survival of the mobilisation; a fragment is drawn among those that start."""
    rows, p = figures
    starts = (1.0 - p["start.hazard"]) ** p["start.mobilisation_years"]
    assert abs(rows["never_starts"]["value"] - (1.0 - starts)) < 4.0 * rows["never_starts"]["error"]
    assert abs(rows["fragment"]["value"] - starts * p["start.small_probability"]) < 4.0 * rows["fragment"]["error"]


def test_realised_scope_has_the_mean_of_its_formula(figures):
    """Small scope, uptake and the council's money, weighed by their chances."""
    rows, p = figures
    starts = (1.0 - p["start.hazard"]) ** p["start.mobilisation_years"]
    whole = 1.0 - p["start.uptake_share"] * (1.0 - (1.0 + p["start.uptake_low"]) / 2.0)
    whole -= p["start.council_share"] * (1.0 - p["start.council_probability"])
    mean = starts * (p["start.small_probability"] * p["start.small_scope"] + (1.0 - p["start.small_probability"]) * whole)
    assert abs(rows["realised_scope"]["value"] - mean) < 4.0 * rows["realised_scope"]["error"]


def test_what_counts_in_the_start_is_smaller(figures):
    """Scope multiplies every figure, so the unconditional mean lies between nothing and the conditional one."""
    rows, _ = figures
    assert 0.0 < rows["exposure_all"]["value"] < rows["exposure"]["value"]
    assert np.isclose(
        rows["losses_all"]["value"], rows["losses"]["value"] * (1.0 - rows["never_starts"]["value"]), atol=0.03
    )
