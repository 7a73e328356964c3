"""Regret, criteria, ranks and the frontier, by hand and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.futures.resampling import key_of, normals
from stresstest.methods.regret import (
    CRITERIA,
    dominated,
    everywhere,
    figures,
    gap_errors,
    lower_tail,
    regret,
    standing,
    weighted_quantile,
)

pytestmark = pytest.mark.unit
NAMES = [name for name, _, _ in CRITERIA]
#: Three options in four futures: A is even, B gambles, C is A less 1 in every future.
TABLE = np.array([[5.0, 5.0, 5.0, 5.0], [9.0, 1.0, 8.0, 2.0], [4.0, 4.0, 4.0, 4.0]])
ONES = np.ones(4)


def test_regret_by_hand():
    """Best in each future is 9, 5, 8, 5: what each option falls short of it (Savage 1951)."""
    np.testing.assert_array_equal(regret(TABLE), [[4, 0, 3, 0], [0, 4, 0, 3], [5, 1, 4, 1]])


def test_every_criterion_by_hand():
    """Mean 5, 5, 4; middle 5, 2, 4; worst 5, 1, 4; mean regret 1.75, 1.75, 2.75; largest regret 4, 4, 5."""
    found = dict(zip(NAMES, figures(TABLE, ONES).tolist(), strict=True))
    assert found["expected"] == [5.0, 5.0, 4.0]
    assert found["middle"] == [5.0, 2.0, 4.0]
    assert found["worst"] == found["tail"] == [5.0, 1.0, 4.0]
    assert found["regret_mean"] == [-1.75, -1.75, -2.75]
    assert found["regret_worst"] == found["regret_p95"] == [-4.0, -4.0, -5.0]


def test_weights_in_quantiles_and_tails():
    """A value of weight 3 is three values; the value on the edge of the tail counts in part."""
    values, weights = np.array([1.0, 2.0, 3.0]), np.array([3.0, 1.0, 1.0])
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert weighted_quantile(values, weights, 0.7) == 2.0
    assert lower_tail(np.arange(1.0, 11.0), np.ones(10), 0.15) == pytest.approx((1.0 + 0.5 * 2.0) / 1.5)


def test_no_rank_on_money_alone():
    """Equal in money, the healthier stands first; equal in both, they share; a dominated one is never first."""
    stand = standing(np.array([5.0, 5.0, 3.0, 5.0]), np.array([2.0, 1.0, 9.0, 2.0]))
    assert stand.money == (1, 3, 4, 1)
    assert stand.health == (2, 4, 1, 2)
    assert stand.frontier == (True, False, True, True)


def test_never_worse_in_any_future_breaks_ties():
    """Two options equal on the criterion, one never worse and once better: the other is not first and not on the frontier."""
    never, once = everywhere(np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([[0.0, 0.0], [0.0, 0.0]]))
    assert (never & once).tolist() == [[False, True], [False, False]]
    stand = standing(np.array([1.0, 1.0]), np.array([0.0, 0.0]), never & once)
    assert stand.money == stand.health == (1, 2)
    assert stand.frontier == (True, False)


def test_future_by_future_in_pieces_is_the_whole():
    """What is found piece by piece is what is found at once."""
    money, health = normals(key_of("everywhere"), 6, 100).reshape(2, 3, 100)
    money[1] = money[0] - 1.0
    health[1] = health[0]
    whole = everywhere(money, health)
    part = everywhere(money[:, 40:], health[:, 40:], everywhere(money[:, :40], health[:, :40]))
    assert (whole[0] & whole[1]).tolist() == (part[0] & part[1]).tolist()
    assert (whole[0] & whole[1])[0].tolist() == [False, True, False]


OPTIONS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=6)


@given(OPTIONS)
def test_a_dominated_option_is_never_first(pairs):
    """Whatever the figures: who is dominated is first neither on money nor on health, and somebody is first on each."""
    money, health = np.array(pairs, dtype=float).T
    stand, beaten = standing(money, health), dominated(money, health).any(axis=0)
    assert 1 in stand.money
    assert 1 in stand.health
    for k, one in enumerate(beaten.tolist()):
        assert stand.frontier[k] is not one
        if one:
            assert stand.money[k] > 1
            assert stand.health[k] > 1


@given(OPTIONS)
def test_order_does_not_matter(pairs):
    """Options in another order have the same ranks."""
    money, health = np.array(pairs, dtype=float).T
    there, back = standing(money, health), standing(money[::-1], health[::-1])
    assert there.money == back.money[::-1]
    assert there.frontier == back.frontier[::-1]


def test_errors_of_gaps_are_paired():
    """The best has no gap; a gap that is the same in every future has no error; else it is the spread over batches."""
    x = normals(key_of("gaps"), 1, 6400)[0]
    other = normals(key_of("gaps two"), 1, 6400)[0]
    values = np.array([x, x - 1.0, x - 1.0 + other])
    parts = np.array([figures(values[:, k : k + 200], np.ones(200)) for k in range(0, 6400, 200)])
    found = dict(zip(NAMES, gap_errors(parts), strict=True))
    np.testing.assert_allclose(found["expected"], [0.0, 0.0, 1.0 / 80.0], atol=0.003)
    assert np.isnan(gap_errors(parts[:1])).all()
