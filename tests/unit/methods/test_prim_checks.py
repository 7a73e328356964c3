"""Errors, intervals, quasi-p and the judging test against formulas and plain counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stresstest.methods.box import Box, Limit
from stresstest.methods.cases import Cases
from stresstest.methods.prim_checks import (
    binomial_p,
    denser_p,
    effective,
    jaccard,
    judge,
    quasi_p,
    share,
    wilson,
    without,
)

pytestmark = pytest.mark.unit

BOX = Box((Limit("x", low=0.5), Limit("z", low=0.2, high=0.9)))


def plain(n=2000, seed=1):
    """Two factors and a result that is likelier in the box."""
    draw = np.random.default_rng(seed)
    x, z = draw.uniform(size=(2, n))
    y = draw.uniform(size=n) < np.where((x >= 0.5) & (z >= 0.2) & (z <= 0.9), 0.7, 0.2)
    return Cases.of({"x": x, "z": z}, {"y": y.astype(float)})


def test_judging_counts_by_hand():
    """Coverage, density, mass, lift, what fails outside and Youden's index equal plain counts; the error the binomial one."""
    cases = plain()
    judged = judge(cases, "y", BOX)
    inside, y = BOX.inside(cases), cases.result("y") > 0
    assert judged.density.value == pytest.approx(y[inside].mean())
    assert judged.density.error == pytest.approx(np.sqrt(y[inside].mean() * (1 - y[inside].mean()) / (inside.sum() - 1)))
    assert judged.coverage.value == pytest.approx(inside[y].mean())
    assert judged.mass.value == pytest.approx(inside.mean())
    assert judged.outside.value == pytest.approx(y[~inside].mean())
    assert judged.lift == pytest.approx(y[inside].mean() / y.mean())
    assert judged.youden == pytest.approx(inside[y].mean() - inside[~y].mean())
    left = cases.values("z") > 0.5
    assert judge(cases, "y", BOX, left).density.value == pytest.approx(y[inside & left].mean())


def test_a_weight_of_two_is_worth_less_than_two_cases():
    """Weights move shares as repeated rows do, but a heavy case counts as fewer independent ones."""
    cases = plain(400)
    weight = np.where(np.arange(400) % 2, 2.0, 1.0)
    heavy = Cases.of({name: cases.values(name) for name in cases.names}, cases.results, weight)
    twice = cases.rows(np.repeat(np.arange(400), weight.astype(int)))
    every, failing = np.ones(400, dtype=bool), cases.result("y") > 0
    weighed, repeated = share(heavy, every, failing), share(twice, np.ones(600, dtype=bool), twice.result("y") > 0)
    assert weighed.value == pytest.approx(repeated.value)
    assert weighed.error > repeated.error
    assert effective(weight) == pytest.approx(600**2 / (200 * 4 + 200))


def test_groups_of_twins_have_the_error_of_half_the_cases():
    """With each case doubled and its twin in the same group, the error is that of the single cases."""
    cases = plain(500)
    order = np.repeat(np.arange(500), 2)
    single = share(cases, np.ones(500, dtype=bool), cases.result("y") > 0)
    twins = cases.rows(order)
    twins = Cases(twins.factors, twins.codes, twins.levels, twins.results, twins.weight, order.astype(np.int64))
    double = share(twins, np.ones(1000, dtype=bool), twins.result("y") > 0)
    assert double.error == pytest.approx(single.error)
    assert double.cases == pytest.approx(single.cases)


def test_intervals_cover_as_often_as_they_say():
    """The 95% interval of a share of a fifth holds it in 93% to 97% of a thousand samples of sixty."""
    draw = np.random.default_rng(3)
    covered = 0
    for hits in draw.binomial(60, 0.2, size=1000):
        low, high = wilson(hits / 60, 60, 10**6)
        covered += low <= 0.2 <= high
    assert 930 <= covered <= 970
    assert wilson(0.0, 60, 60)[0] == 0.0
    assert wilson(1.0, 60, 60)[1] == 1.0


def test_few_groups_widen_the_interval():
    """With eight groups Student's quantile makes the interval wider than with many."""
    few, many = wilson(0.3, 200, 8), wilson(0.3, 200, 8000)
    assert few[1] - few[0] > many[1] - many[0]


def test_quasi_p_is_the_binomial_tail():
    """The chance of as many failures inside at the density without the limit; large for a limit that does nothing."""
    assert binomial_p(0.5, 0.3, 40) == pytest.approx(stats.binom.sf(19, 40, 0.3))
    assert binomial_p(0.5, 0.3, 0) == 1.0
    cases = plain()
    assert quasi_p(cases, "y", BOX, "x", "low") < 1e-6
    idle = Box((*BOX.limits[:1], Limit("z", high=0.97)))
    assert quasi_p(cases, "y", idle, "z", "high") > 0.05


def test_taking_a_bound_away_leaves_the_others():
    """One side goes; a limit with no side left is no limit."""
    assert without(BOX, "z", "low") == Box((Limit("x", low=0.5), Limit("z", high=0.9)))
    assert without(BOX, "x", "low") == Box((Limit("z", low=0.2, high=0.9),))


def test_the_judging_test_rejects_noise_at_its_level():
    """A fixed box in 400 tables without signal is called denser, at 5%, in 1% to 7% of them; a real one always."""
    draw = np.random.default_rng(8)
    called = 0
    for _ in range(400):
        x = draw.uniform(size=300)
        noise = Cases.of({"x": x}, {"y": (draw.uniform(size=300) < 0.3).astype(float)})
        called += judge(noise, "y", Box((Limit("x", low=0.6),))).p_value < 0.05
    assert 4 <= called <= 28
    assert judge(plain(), "y", BOX).p_value < 1e-10


def test_an_empty_side_is_no_evidence():
    """A box that holds nothing, or all, has p of 1 and no density."""
    cases = plain(100)
    judged = judge(cases, "y", Box((Limit("x", low=5.0),)))
    assert judged.p_value == 1.0
    assert np.isnan(judged.density.value)
    assert denser_p(judged.outside, judged.density) == 1.0


def test_agreement_is_the_weight_in_both_over_the_weight_in_either():
    """Weights 1, 2, 3, 4: the sets {1, 2} and {2, 3} share 2 of 6; two empty sets agree."""
    cases = Cases.of({"x": np.arange(4.0)}, {}, np.array([1.0, 2.0, 3.0, 4.0]))
    one, other = np.array([True, True, False, False]), np.array([False, True, True, False])
    assert jaccard(cases, one, other) == pytest.approx(2 / 6)
    assert jaccard(cases, one & other & ~one, ~one & one) == 1.0
