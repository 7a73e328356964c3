"""The worst dependence: slices rearranged by their effect, each law kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.analysis.coupling import SLICES, effects, worst_percentile, worst_tail_mean
from stresstest.analysis.draws import draw
from stresstest.futures.plan import VERIFY_FIRST

pytestmark = pytest.mark.unit
EFFECTS = st.lists(st.lists(st.floats(-5.0, 5.0), min_size=40, max_size=40), min_size=2, max_size=5)


def tail_mean(effect: np.ndarray, table: np.ndarray, share: float) -> float:
    """Mean of the largest `share` of the sums that a table gives."""
    sums = np.sort(np.take_along_axis(effect, table, axis=1).sum(axis=0))
    return float(sums[-max(1, round(share * sums.size)) :].mean())


@given(EFFECTS, st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_no_other_arrangement_has_a_worse_tail(rows, seed):
    """Comonotone slices have a tail mean that no random arrangement exceeds, at any share (Dhaene et al. 2006)."""
    effect = np.array(rows)
    worst = worst_tail_mean(effect)
    random = np.array([np.random.default_rng([seed, a]).permutation(effect.shape[1]) for a in range(len(effect))])
    for share in (0.05, 0.25, 0.5):
        assert tail_mean(effect, worst, share) >= tail_mean(effect, random, share) - 1e-9


@given(EFFECTS)
@settings(max_examples=40, deadline=None)
def test_every_slice_is_used_once(rows):
    """Both tables are permutations of the slices, so each law is kept."""
    effect = np.array(rows)
    for table in (worst_tail_mean(effect), worst_percentile(effect, 0.75)):
        np.testing.assert_array_equal(np.sort(table, axis=1), np.tile(np.arange(effect.shape[1]), (len(effect), 1)))


def test_rearrangement_levels_the_tail_and_lifts_the_percentile():
    """For two laws of slices 1 … 40 the worst 75th percentile is level: opposite orders in the top quarter give 71 each."""
    effect = np.tile(np.arange(1.0, 41.0), (2, 1))
    table = worst_percentile(effect, 0.75)
    sums = np.take_along_axis(effect, table, axis=1).sum(axis=0)[30:]
    np.testing.assert_array_equal(sums, np.full(10, 71.0))
    comonotone = np.take_along_axis(effect, worst_tail_mean(effect), axis=1).sum(axis=0)
    assert sums.min() > np.sort(comonotone)[30] == 62.0


def test_a_coupled_draw_keeps_each_law_and_joins_them(dudley):
    """Under a coupling every destination has the mean and spread that it has alone, and their order is the table's."""
    study, table = dudley.study, np.tile(np.arange(SLICES), (6 + len(L.COUPLED_ONCE), 1))
    scenario = replace(study.scenarios[0], dependence="worst")
    own = replace(study, couplings={scenario.name: table})
    joined, alone = draw(own, scenario, VERIFY_FIRST, 4000), draw(study, study.scenarios[0], VERIFY_FIRST, 4000)
    ranks = np.argsort(np.argsort(joined.ends, axis=1), axis=1)
    assert np.corrcoef(ranks).min() > 0.99
    error = np.sqrt(2.0) * alone.ends.std(axis=1) / np.sqrt(4000)
    assert np.all(np.abs(joined.ends.mean(axis=1) - alone.ends.mean(axis=1)) < 5.0 * error)
    once = [L.ONCE.index(name) for name in L.COUPLED_ONCE]
    assert np.all(np.abs(joined.once[once].std(axis=1) - 1.0) < 0.05)
    assert np.corrcoef(joined.ends[0], joined.once[once[0]])[0, 1] > 0.98


def test_the_opening_price_has_the_largest_effect(dudley, honest):
    """On Dudley's contract the baseline error moves exposure more than any destination, and upwards."""
    study = replace(dudley.study, couplings={})
    found = effects(study, study.scenarios[0], honest)
    assert found.shape == (6 + len(L.COUPLED_ONCE), SLICES)
    reach = found.max(axis=1) - found.min(axis=1)
    gap = 6 + L.COUPLED_ONCE.index("opening_gap")
    assert reach.argmax() == gap
    assert found[gap, -1] > found[gap, 0]
