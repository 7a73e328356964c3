"""L09 events under another label."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.levers.relabelling import relabelled
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("share", "falling", "told"), [(0.1, True, 72.0), (0.1, False, 80.0), (0.0, True, 80.0)])
def test_what_is_told_of_80_events(share, falling, told):
    """A tenth under another label: what should fall falls by a tenth; what should rise stays."""
    assert relabelled(80.0, share, falling) == pytest.approx(told)


def test_labels_cost_money_and_change_only_the_record(world):
    """5% is five points at £20,000; a provider that has left relabels nothing."""
    world.pull("relabelling", 0.05, cost_per_point=20000.0)
    np.testing.assert_allclose(world.get("record_relabelled"), [0.05, 0.05, 0.0])
    np.testing.assert_allclose(world.get("world_gaming_cost"), [1e5, 1e5, 0.0])


def test_counted_events_fall_and_nothing_improves(dudley, honest):
    """Falling indicators report less, rising ones the same, and the truth and health are what they were."""
    rich = dudley.with_ending(reserve=1e10)
    years = rich.years(honest, Strategy("r", {**honest.levels, "relabelling": 0.1}), n=32)
    served = years["running"][0] == 1.0
    for k, indicator in enumerate(dudley.study.place.indicators):
        factor = 0.9 if indicator.target < indicator.baseline else 1.0
        before, after = years[f"record_indicator_{k}"]
        np.testing.assert_allclose(after[served], factor * before[served])
    np.testing.assert_array_equal(years["true_score"][1], years["true_score"][0])
    np.testing.assert_array_equal(years["world_health"][1], years["world_health"][0])
    assert np.all(years["paid_score_over"] == 0.0)
    assert years["reported_score"][1].mean() > years["reported_score"][0].mean()
