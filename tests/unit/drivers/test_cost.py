"""Shocks to cost: inflation that the uplift does not cover."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.drivers.cost import pay_step
from stresstest.drivers.parameters import PARAMETERS, slot
from stresstest.strategy import NULL

pytestmark = pytest.mark.unit

UNIFORMS = (np.arange(20_000) + 0.5) / 20_000


def inflation(uniforms, t=1, probability=0.1, size=0.04):
    """Level of prices that surprises leave after year t, one future for each uniform."""
    n, p = len(uniforms), np.zeros(len(PARAMETERS))
    p[slot("place.cost.inflation_probability")], p[slot("place.cost.inflation_size")] = probability, size
    s, noise = np.ones((len(L.STATES), n)), np.full((t + 1, len(L.NOISE), n), 0.5)
    noise[t, L.NOISE_INFLATION] = uniforms
    pay_step(s, np.zeros((t + 1, 6, n)), noise, p, np.zeros(6), t, n)
    return s[L.S_INFLATION]


@pytest.mark.parametrize(
    ("u", "level"),
    [(0.5, 1.0), (0.1, 1.0), (0.1 / math.e, 1.04), (0.1 / math.e**3, 1.12), (0.0999999999, 1.0)],
)
def test_surprises_by_hand(u, level):
    """A tenth of years has one, and its size is the mean times the logarithm of how deep in that tenth the uniform lies."""
    assert inflation(np.array([u]))[0] == pytest.approx(level, abs=1e-9)


def test_surprises_are_exponential():
    """As many years as the chance says have one; its mean and its standard deviation are both the size that was asked."""
    rise = inflation(UNIFORMS) - 1.0
    hit = rise[rise > 0.0]
    assert hit.size / UNIFORMS.size == pytest.approx(0.1, abs=1e-4)
    assert hit.mean() == pytest.approx(0.04, rel=2e-3)
    assert hit.std() == pytest.approx(0.04, rel=2e-2)
    assert np.mean(hit > 0.12) == pytest.approx(math.exp(-3.0), abs=1e-3)


def test_the_first_year_is_the_one_that_was_priced():
    """In year 0 no surprise comes, whatever its uniform."""
    assert inflation(np.array([1e-6]), t=0)[0] == 1.0


def test_surprises_stay_in_the_price_level(dudley):
    """What a surprise has raised stays raised: with surprises prices are never below those without, in any later year."""
    with_some = dudley.with_place(cost__inflation_probability=0.3).years(NULL, n=64)["world_input_price"][0]
    without = dudley.with_place(cost__inflation_probability=0.0).years(NULL, n=64)["world_input_price"][0]
    ratio = with_some / without
    assert np.all(np.diff(ratio, axis=0) >= -1e-12)
    assert np.all(ratio[0] == 1.0)
    assert ratio[-1].mean() == pytest.approx(
        (1.0 + 0.3 * dudley.study.place.parameters["cost.inflation_size"].value) ** 14, abs=5 * ratio[-1].std() / 8
    )
