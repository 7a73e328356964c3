"""L04 hard cases excepted."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.exception_reporting import excepted
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("exceptions", "effect", "falling", "told"),
    [(0.1, 1.0, False, 80.0), (0.1, 1.0, True, 64.8), (0.1, 0.0, True, 72.0), (0.0, 1.0, False, 72.0)],
)
def test_what_is_told_of_a_true_72(exceptions, effect, falling, told):
    """A share reached rises as the denominator shrinks, a rate of events falls, and neither where everybody counts."""
    assert excepted(72.0, exceptions, effect, falling) == pytest.approx(told)


def test_exceptions_cost_money_and_health(world):
    """5% excepted is five points at £12,000, and ten QALYs at two a point."""
    world.parameter("place.health.qaly_per_exception", 2.0).pull("exception_reporting", 0.05, cost_per_point=12000.0)
    np.testing.assert_allclose(world.get("record_exceptions"), [0.05, 0.05, 0.0])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [60e3, 60e3, 0.0])
    np.testing.assert_allclose(world.get("world_health"), [-10.0, -10.0, 0.0])


def test_the_reported_score_rises_and_the_true_one_does_not(dudley, honest):
    """Exceptions lift what is reported, never what is true; a cap of 0 takes the lift away."""
    rich = dudley.with_ending(reserve=1e10).with_terms(improvement_payment__rebase=0.0)
    excepting = Strategy("x", {**honest.levels, "exception_reporting": 0.1})
    years = rich.years(honest, excepting, n=64)
    np.testing.assert_array_equal(years["true_score"][1], years["true_score"][0])
    assert np.all(years["reported_score"][1] >= years["reported_score"][0])
    assert years["reported_score"][1].mean() > years["reported_score"][0].mean() + 0.01
    strict = rich.with_terms(improvement_payment__exception_cap=0.0).years(honest, excepting, n=64)
    np.testing.assert_allclose(strict["reported_score"][1], strict["reported_score"][0], atol=1e-12)
