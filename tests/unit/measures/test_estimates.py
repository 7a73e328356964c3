"""Statistics and their errors, against numpy, against brute force, and against how they were worked out before weights."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from reference import estimates as slow
from stresstest.measures import stream
from stresstest.measures.designs import Design
from stresstest.measures.estimates import QUANTILES, TAILS, Wanted, describe, estimate, exceedance, fan
from stresstest.measures.intervals import levels, order_statistics, student, wilson
from stresstest.measures.stream import Column, Piece

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(11)
N = 997
VALUES = np.where(RANDOM.random(N) < 0.3, 0.0, 1e6 * np.exp(2.0 * RANDOM.random(N)) - 2e6)
WEIGHTS = np.where(RANDOM.random(N) < 0.05, 0.0, RANDOM.exponential(size=N))
GROUPS = np.arange(N) % 16
DESIGNS = {
    "independent": Design(), "pairs": Design("random", 1, True), "sobol": Design("sobol", 16),
    "importance": Design("importance", 16), "stratified": Design("stratified"),
}  # fmt: skip
VARIANCE = {"independent": lambda u, g: slow.independent(u), "stratified": slow.stratified}


def column(values, parts=7, central=math.nan, weights=None, groups=None, design=None):
    """A column in parts."""
    whole = Piece(
        values, np.ones(values.size) if weights is None else weights,
        np.zeros(values.size, dtype=np.int64) if groups is None else groups,
    )  # fmt: skip
    cuts = np.array_split(np.arange(values.size), parts)
    return Column(lambda: iter([whole.cut(rows) for rows in cuts]), central, design or Design())


def statistics(values, bad=True, **options):
    """Estimates by name."""
    return {e.statistic: e for e in describe(column(values, **options), bad)}


def groups_of(name):
    """Groups that suit a design."""
    return np.arange(N) // 2 if name == "pairs" else np.arange(N) * 7 % 90 if name == "stratified" else GROUPS


@pytest.mark.parametrize("gather", [20, 400_000])
@pytest.mark.parametrize("n", [997, 400, 40, 7])
def test_quantiles_are_numpys(monkeypatch, n, gather):
    """A quantile is the ⌈p·n⌉-th smallest value, found in parts or at once; numpy calls it inverted_cdf."""
    monkeypatch.setattr(stream, "GATHER", gather)
    found = statistics(VALUES[:n])
    for p in QUANTILES:
        rank = math.ceil(Fraction(str(p)) * n) - 1
        assert found[f"p{100 * p:g}"].value == np.sort(VALUES[:n])[rank]
        if n == 997:
            assert found[f"p{100 * p:g}"].value == np.quantile(VALUES[:n], p, method="inverted_cdf")


@pytest.mark.parametrize("gather", [20, 400_000])
@pytest.mark.parametrize("bad", [True, False])
@pytest.mark.parametrize("each", [1.0, 0.3])
def test_equal_weights_leave_every_value_as_it_was(monkeypatch, gather, bad, each):
    """With weight 1 every value is, to the last bit, what it was before there were weights; any one weight will do."""
    monkeypatch.setattr(stream, "GATHER", gather)
    for seed in range(5):
        values = np.round(1e6 * np.random.default_rng(seed).standard_normal(700), 0 if seed % 2 else 6)
        found = statistics(values, bad, weights=np.full(700, each))
        for name, value in slow.before_weights(np.array_split(values, 7), bad).items():
            if each == 1.0:
                assert found[name].value == value, name
            else:
                assert found[name].value == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize("parts", [1, 2, 31])
def test_moments_in_parts(parts):
    """Mean and spread over parts are those of the whole, also far away from nothing."""
    for shift in (0.0, 1e12):
        found = statistics(VALUES + shift, parts=parts)
        assert found["mean"].value == pytest.approx((VALUES + shift).mean(), rel=1e-14)
        assert found["sd"].value == pytest.approx(VALUES.std(ddof=1), rel=1e-6 if shift else 1e-12)
        assert found["mean"].error == pytest.approx(
            VALUES.std(ddof=1) / math.sqrt(VALUES.size), rel=1e-6 if shift else 1e-12
        )


@pytest.mark.parametrize("bad", [True, False])
@pytest.mark.parametrize("n", [997, 400, 60])
def test_tails_by_brute_force(n, bad):
    """The conditional tail expectation is the mean of the worst share, on the bad side, with the edge counted in part."""
    for weights in (np.ones(n), WEIGHTS[:n]):
        found = statistics(VALUES[:n], bad, weights=weights)
        for p in TAILS:
            expected = slow.tail_mean(VALUES[:n].tolist(), weights.tolist(), 1 - p, bad)
            assert found[f"cte{100 * p:g}"].value == pytest.approx(expected, rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("gather", [20, 400_000])
@pytest.mark.parametrize("design", DESIGNS)
def test_weighted_values_are_those_of_plain_loops(monkeypatch, design, gather):
    """Weighted mean, spread and quantiles, future by future in plain Python, in every design, held or searched."""
    monkeypatch.setattr(stream, "GATHER", gather)
    found = statistics(VALUES, weights=WEIGHTS, groups=groups_of(design), design=DESIGNS[design])
    x, w = VALUES.tolist(), WEIGHTS.tolist()
    assert found["mean"].value == pytest.approx(slow.mean(x, w))
    assert found["sd"].value == pytest.approx(slow.sd(x, w))
    for p in QUANTILES:
        assert found[f"p{100 * p:g}"].value == slow.quantile(x, w, p)
    share = WEIGHTS[VALUES < 0].sum() / WEIGHTS.sum()
    assert found["probability_negative"].value == pytest.approx(share)


@pytest.mark.parametrize("design", DESIGNS)
def test_errors_are_those_of_plain_loops(design):
    """Standard errors of mean, spread, tail and probability from their influences, summed by the design in plain Python."""
    groups = groups_of(design)
    found = statistics(VALUES, weights=WEIGHTS, groups=groups, design=DESIGNS[design])
    variance = VARIANCE.get(design, slow.clustered)
    total, mean = WEIGHTS.sum(), found["mean"].value
    edge = found["p95"].value
    influences = {
        "mean": VALUES - mean,
        "sd": ((VALUES - mean) ** 2 - (WEIGHTS * (VALUES - mean) ** 2).sum() / total) / (2 * found["sd"].value),
        "cte95": edge + np.maximum(VALUES - edge, 0.0) / 0.05 - found["cte95"].value,
        "probability_negative": (VALUES < 0.0) - found["probability_negative"].value,
    }
    for name, psi in influences.items():
        expected = math.sqrt(variance((WEIGHTS * psi).tolist(), groups.tolist())) / total
        assert found[name].error == pytest.approx(expected, rel=1e-6), name


def test_a_tails_error_is_the_published_one():
    """For independent futures: √((variance of the tail + p (cte − quantile)²) / (n (1 − p))), Manistre and Hancock 2005."""
    values = RANDOM.exponential(size=4000)
    found = statistics(values)
    tail = np.sort(values)[-200:]
    edge, cte = found["p95"].value, found["cte95"].value
    expected = math.sqrt((tail.var() + 0.95 * (cte - edge) ** 2) / 200)
    assert found["cte95"].error == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("p", [0.05, 0.5, 0.99])
def test_a_quantile_lies_between_order_statistics(p):
    """Of independent futures the interval goes from one order statistic to another, with exact binomial confidence."""
    values = RANDOM.standard_normal(2000)
    found = statistics(values)[f"p{100 * p:g}"]
    first, last = order_statistics(2000, p)
    ordered = np.sort(values)
    assert (found.low, found.high) == (ordered[first - 1], ordered[last - 1])
    assert found.method == "independent futures, order statistics"
    reach = round(math.sqrt(2000 * p * (1 - p)))
    rank = math.ceil(p * 2000 - 1e-9) - 1
    assert found.error == (ordered[rank + reach] - ordered[rank - reach]) / 2


@pytest.mark.parametrize("p", [0.05, 0.5, 0.9])
def test_a_quantile_of_a_design_is_inverted(p):
    """With replicates the interval is that of the sample's quantiles at the levels that the share below may truly have."""
    values = RANDOM.standard_normal(2000)
    groups = np.arange(2000) % 16
    found = statistics(values, groups=groups, design=Design("sobol", 16))[f"p{100 * p:g}"]
    u = (values <= found.value) - np.mean(values <= found.value)
    error = math.sqrt(slow.clustered(u.tolist(), groups.tolist())) / 2000
    ends = levels(p, error, student(15))
    assert (found.low, found.high) == tuple(np.quantile(values, ends, method="inverted_cdf"))
    assert found.method == "16 replicates, t, inverted"


def test_too_few_futures_bound_no_far_quantile():
    """Of 100 futures none bounds the 99th percentile from above: that end is empty, the other is there."""
    values = RANDOM.standard_normal(100)
    for design in (Design(), Design("sobol", 4)):
        found = statistics(values, groups=np.arange(100) % 4, design=design)["p99"]
        assert math.isnan(found.high)
        assert found.low <= found.value


def test_a_tail_of_a_few_futures_has_no_interval():
    """A tail that stands for fewer than five futures has a value and no interval."""
    found = statistics(RANDOM.standard_normal(100))
    assert not math.isnan(found["cte99"].value)
    assert math.isnan(found["cte99"].low)
    assert not math.isnan(found["cte95"].low)


@pytest.mark.parametrize("design", DESIGNS)
def test_equal_values_leave_no_doubt(design):
    """Where all values are equal every statistic is that value, and its interval too."""
    found = statistics(np.full(N, 3.0), groups=groups_of(design), design=DESIGNS[design])
    for name in ("mean", "p5", "p50", "p99", "cte95", "cte99"):
        assert (found[name].value, found[name].low, found[name].high) == (3.0, 3.0, 3.0)
        assert found[name].error == 0.0
    assert found["sd"].value == 0.0
    assert found["probability_negative"].high > 0.0


def test_a_skewed_mean_has_a_skewed_interval():
    """The interval of a long-tailed mean reaches further up than down; that of a tail still more."""
    found = statistics(np.exp(1.5 * RANDOM.standard_normal(4096)))
    for name in ("mean", "cte99"):
        e = found[name]
        assert e.high - e.value > 1.02 * (e.value - e.low)
        assert e.reach > 1.96 * e.error


def test_below_zero_and_central():
    """The probability below zero counts what is below and not what is at zero; the central case stands apart."""
    found = statistics(VALUES, central=42.0)
    share = np.mean(VALUES < 0.0)
    assert found["probability_negative"].value == share
    assert (found["probability_negative"].low, found["probability_negative"].high) == wilson(share, N)
    assert found["central"].value == 42.0
    assert math.isnan(found["central"].error)


def test_a_fan_is_mean_and_quantiles():
    """A fan holds the mean and every quantile, as the whole description has them."""
    whole = statistics(VALUES)
    found = fan(column(VALUES))
    assert [e.statistic for e in found] == ["mean", *(f"p{100 * p:g}" for p in QUANTILES)]
    assert all(e == whole[e.statistic] for e in found)


def test_nothing_is_known_of_no_futures():
    """Of no futures, or of one, statistics have no error; of none they have no value either."""
    wanted = [Wanted("mean"), Wanted("quantile", 0.5)]
    assert all(math.isnan(e.value) for e in estimate(Column.of(np.zeros(0)), wanted))
    one = estimate(Column.of(np.array([2.0])), wanted)
    assert [e.value for e in one] == [2.0, 2.0]
    assert math.isnan(one[0].low)


@pytest.mark.parametrize("design", DESIGNS)
def test_exceedance_falls_from_nearly_one_to_nearly_nothing(design):
    """The curve is the weighted share above each threshold, on an even grid, never rises, and lies inside its interval."""
    curve = exceedance(column(VALUES, weights=WEIGHTS, groups=groups_of(design), design=DESIGNS[design]))
    thresholds, found = zip(*curve, strict=True)
    assert len(curve) == 61
    np.testing.assert_allclose(np.diff(thresholds), np.diff(thresholds)[0])
    shares = [WEIGHTS[threshold < VALUES].sum() / WEIGHTS.sum() for threshold in thresholds]
    np.testing.assert_allclose([e.value for e in found], shares, atol=1e-12)
    assert np.all(np.diff([e.value for e in found]) <= 1e-12)
    assert all(e.low <= e.value <= e.high and e.error > 0.0 for e in found)
