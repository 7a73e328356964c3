"""L06 holding back while targets are re-based."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("year", "left"), [(0, 1.0), (1, 0.4), (2, 1.0), (3, 0.4)])
def test_rest_in_every_second_year(world, year, left):
    """Effort is cut by the lever's level in odd years and is whole in the others."""
    world.pull("effort", 1.0).pull("ratchet_holding_back", 0.6, t=year)
    np.testing.assert_allclose(world.get("choice_effort_0"), left)
    np.testing.assert_allclose(world.get("choice_effort_7"), left)


def test_targets_that_do_not_follow_are_missed_more(dudley, honest):
    """Where targets do not follow the reports, resting never brings more improvement payment over the term."""
    calm = dudley.with_ending(reserve=1e10).with_terms(
        improvement_payment__rebase=0.0, improvement_payment__step_share=0.0
    )
    years = calm.years(honest, Strategy("r", {**honest.levels, "ratchet_holding_back": 1.0}), n=128)
    paid = years["improvement_payment"].sum(axis=1)
    assert np.all(paid[1] <= paid[0] + 1e-6)
