"""Strategies tried on the same futures."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import Arena
from stresstest.place import Quantity
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


def arena(bench, jobs=1, n=100, first=1):
    """An arena on the calibrated law."""
    return Arena(bench.study, bench.study.scenarios[0], first, n, jobs)


@pytest.mark.parametrize("jobs", [1, 2, 3, 8])
def test_jobs_change_nothing(dudley, honest, gamed, jobs):
    """Strategies shared among threads give the same numbers, in the order in which they were asked."""
    asked = [honest, gamed, Strategy("none", {}), Strategy("half", {"effort": 0.5})]
    expected = np.stack([dudley.outcomes(strategy, n=100)[0] for strategy in asked])
    np.testing.assert_array_equal(arena(dudley, jobs).outcomes(asked), expected)


def test_batches_change_nothing(dudley, honest, gamed):
    """The mean aim does not depend on how many strategies are tried at once, and every trial is counted."""
    asked = [honest, gamed, honest, gamed, honest]
    one = arena(dudley)
    np.testing.assert_array_equal(one.mean_aim(asked, batch=2), arena(dudley, 2).mean_aim(asked))
    assert one.evaluations == 5 * 100


def test_the_aim_is_profit_unless_the_provider_cares(dudley, honest):
    """Without altruism the aim is surplus; with it health is added at its value."""
    selfish = arena(dudley)
    out = selfish.outcomes([honest])
    np.testing.assert_array_equal(selfish.aim(out), out[:, L.OUT["provider_surplus_npv_gbp"]])
    from dataclasses import replace

    provider = dudley.study.provider
    caring = replace(provider, parameters={**provider.parameters, "motive.altruism": Quantity((0.5,))})
    value = provider.parameters["motive.value_of_qaly"].value
    aim = Arena(dudley.study.with_provider(caring), dudley.study.scenarios[0], 1, 100, 1).aim(out)
    np.testing.assert_allclose(aim, out[:, 0] + 0.5 * value * out[:, L.OUT["health_qaly_npv"]])
