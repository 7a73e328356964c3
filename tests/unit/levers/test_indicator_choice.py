"""L20 weights steered to easy indicators."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.strategy import Strategy
from stresstest.terms.improvement_payment import steered_score

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("steered", "score"), [(0.0, 0.5), (0.2, 0.6), (1.0, 1.0)])
def test_steered_score(steered, score):
    """A mean of a half and a best of 1, with a fifth of the weights on the best: 0.6."""
    assert steered_score(0.5, 1.0, steered) == pytest.approx(score)


def test_the_lever_says_how_much_is_steered(world):
    """It changes no indicator; a provider that has left steers nothing."""
    world.set(record_indicator_0=5.0).pull("indicator_choice", 0.7)
    np.testing.assert_allclose(world.get("record_steered"), [0.7, 0.7, 0.0])
    np.testing.assert_array_equal(world.get("record_indicator_0"), 5.0)


def test_open_weights_pay_and_settled_ones_do_not(dudley, honest):
    """Scores never fall and mostly rise where weights are open; settled at signature they are what they were."""
    rich = dudley.with_ending(reserve=1e10)
    steering = Strategy("s", {**honest.levels, "indicator_choice": 1.0})
    years = rich.years(honest, steering, n=64)
    assert np.all(years["reported_score"][1] >= years["reported_score"][0] - 1e-12)
    assert years["reported_score"][1].mean() > years["reported_score"][0].mean() + 0.01
    np.testing.assert_array_equal(years["true_score"][1], years["true_score"][0])
    settled = rich.with_terms(improvement_payment__open_weights=0.0).outcomes(honest, steering, n=64)
    np.testing.assert_array_equal(settled[1], settled[0])
