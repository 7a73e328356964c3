"""The yardstick of boosted trees: sharp joint effects that smooth functions miss, and nothing where nothing is missed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, normals
from stresstest.methods.cases import Cases
from stresstest.methods.shapley import fit, shapley_effects
from stresstest.methods.yardstick import halves, together

pytestmark = pytest.mark.unit


def _found(result, n=8000, weight=None):
    z = normals(key_of("test/yardstick"), 4, n)
    cases = Cases.of({"a": z[0], "b": z[1], "c": z[2]}, {"y": np.asarray(result(z), dtype=float)}, weight)
    own = fit(cases, ["y"])
    effects = shapley_effects(cases, ["y"], None, own)
    return effects[0], together(own, effects, ["a", "b", "c"])[0]


def test_a_sharp_joint_effect_is_seen():
    """Only two high inputs together pass a limit: trees explain more than the effects, and the three parts add up to 1."""
    effects, yard = _found(lambda z: z[0] + z[1] > 2.5)
    assert yard.seen
    assert 0.02 < yard.more.value < 0.15
    assert yard.together.value > 0.82
    assert effects.whole.value + yard.more.value + yard.left.value == pytest.approx(1.0)
    assert yard.left.low < 1.0 - yard.together.value < yard.left.high


@pytest.mark.parametrize("result", [lambda z: z[0] + z[1] + z[3], lambda z: z[3], lambda z: z[3] > 1.0])
def test_nothing_is_seen_where_effects_hold_all(result):
    """A sum and pure chance leave nothing over for the trees."""
    assert not _found(result, 2000)[1].seen


def test_weights_are_respected():
    """Futures of no weight do not count: the limit is passed in them by chance, and the yardstick is that of the others."""
    own = normals(key_of("test/yardstick weight"), 1, 8000)[0]
    odd = np.arange(8000) // 2 % 2 == 1
    yard = _found(lambda z: np.where(odd, own > 1.0, z[0] + z[1] > 2.5), weight=np.where(odd, 1e-9, 1.0))[1]
    assert yard.together.value > 0.7


def test_halves_share_no_group():
    """Halves hold no group in common, keep to the most futures, and are empty where groups are too few to judge by."""
    cases = Cases.of({"a": np.arange(4000.0)}, {"y": np.arange(4000.0)})
    grouped = replace(cases, groups=np.arange(4000) // 2)
    learned, judged = halves(grouped, 1000)
    assert 900 < learned.size + judged.size <= 1000
    assert min(learned.size, judged.size) > 300
    assert not set(grouped.groups[learned]) & set(grouped.groups[judged])
    assert halves(replace(cases, groups=np.arange(4000) % 4))[0].size == 0
