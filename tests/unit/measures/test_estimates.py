"""Statistics and their errors, against numpy, against brute force, and against how often they are right."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from stresstest.futures.design import fill_stream
from stresstest.futures.marginals import normal_quantile
from stresstest.futures.streams import stream_key
from stresstest.measures import stream
from stresstest.measures.estimates import QUANTILES, TAILS, describe, exceedance, probability
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit


def uniforms(name, slots, n):
    """cube[slots, n] of the project's own generator."""
    cube = np.zeros((slots, n))
    fill_stream(cube, 0, slots, np.array(stream_key(11, name), dtype=np.uint64), 1, n)
    return cube


def column(values, parts=7, central=math.nan):
    """A column in parts."""
    pieces = np.array_split(values, parts)
    return Column(lambda: iter(pieces), central)


def statistics(values, bad=True, **options):
    """Estimates by name."""
    return {e.statistic: e for e in describe(column(values, **options), bad)}


def worst(values, share, high_is_bad):
    """Mean of the worst share of equally weighted values, the value on the edge counted in part."""
    ordered = np.sort(values)[::-1] if high_is_bad else np.sort(values)
    left, total = Fraction(str(share)) * values.size, 0.0
    for value in ordered:
        weight = min(Fraction(1), left)
        if weight <= 0:
            break
        total, left = total + float(weight) * float(value), left - weight
    return total / (float(Fraction(str(share))) * values.size)


@pytest.fixture(scope="module")
def values():
    """997 values with an atom at 0 and a long tail."""
    u = uniforms("values", 2, 997)
    return np.where(u[0] < 0.3, 0.0, 1e6 * np.exp(2.0 * u[1]) - 2e6)


@pytest.mark.parametrize("gather", [20, 400_000])
@pytest.mark.parametrize("n", [997, 400, 40, 7])
def test_quantiles_are_numpys(monkeypatch, values, n, gather):
    """A quantile is the ⌈p·n⌉-th smallest value, found in parts or at once; numpy calls it inverted_cdf."""
    monkeypatch.setattr(stream, "GATHER", gather)
    found = statistics(values[:n])
    for p in QUANTILES:
        rank = math.ceil(Fraction(str(p)) * n) - 1
        assert found[f"p{100 * p:g}"].value == np.sort(values[:n])[rank]
        if n == 997:
            assert found[f"p{100 * p:g}"].value == np.quantile(values[:n], p, method="inverted_cdf")


@pytest.mark.parametrize("parts", [1, 2, 31])
def test_moments_in_parts(values, parts):
    """Mean and spread over parts are those of the whole, also far away from nothing."""
    for shift in (0.0, 1e12):
        found = statistics(values + shift, parts=parts)
        assert found["mean"].value == pytest.approx((values + shift).mean(), rel=1e-14)
        assert found["sd"].value == pytest.approx(values.std(ddof=1), rel=1e-6 if shift else 1e-12)
        assert found["mean"].error == pytest.approx(
            values.std(ddof=1) / math.sqrt(values.size), rel=1e-6 if shift else 1e-12
        )


@pytest.mark.parametrize("bad", [True, False])
@pytest.mark.parametrize("n", [997, 400, 60])
def test_tails_by_brute_force(values, n, bad):
    """The conditional tail expectation is the mean of the worst share, on the bad side, with the edge counted in part."""
    found = statistics(values[:n], bad)
    for p in TAILS:
        assert found[f"cte{100 * p:g}"].value == pytest.approx(
            worst(values[:n], round(1 - p, 6), bad), rel=1e-9, abs=1e-3
        )


def test_a_tail_of_equal_values(values):
    """Where all values are equal the tail is that value and its error nothing."""
    found = statistics(np.full(500, 3.0))
    assert found["cte95"].value == 3.0
    assert found["cte95"].error == 0.0
    assert found["mean"].error == 0.0


@pytest.mark.parametrize(
    ("hits", "n", "p", "error"),
    [(50, 100, 0.5, 0.05), (0, 100, 0.0, 0.00995), (100, 100, 1.0, 0.00995), (1, 100, 0.01, 0.00995)],
)
def test_probability_and_its_error(hits, n, p, error):
    """The share and √(p(1 − p)/n); where nobody or everybody was seen, the error of one future in n."""
    share, found = probability(hits, n)
    assert share == p
    assert found == pytest.approx(error, rel=1e-3)


def test_below_zero_and_central(values):
    """The probability below zero counts what is below and not what is at zero; the central case stands apart."""
    found = statistics(values, central=42.0)
    assert found["probability_negative"].value == np.mean(values < 0.0)
    assert found["central"].value == 42.0
    assert math.isnan(found["central"].error)


def test_exceedance_falls_from_nearly_one_to_nearly_nothing(values):
    """The curve is the share of values above each threshold, on an even grid, and never rises."""
    curve = exceedance(column(values))
    thresholds, shares, errors = np.array(curve).T
    assert len(curve) == 61
    np.testing.assert_allclose(np.diff(thresholds), np.diff(thresholds)[0])
    np.testing.assert_array_equal(shares, [(values > x).mean() for x in thresholds])
    assert np.all(np.diff(shares) <= 0.0)
    assert np.all(errors > 0.0)


@pytest.fixture(scope="module")
def repeated():
    """400 samples of 600 standard normals, described."""
    draws = np.vectorize(normal_quantile)(uniforms("coverage", 400, 600))
    return [{e.statistic: e for e in describe(column(sample, 3), True)} for sample in draws]


@pytest.mark.parametrize(
    ("name", "true"),
    [
        ("mean", 0.0),
        ("p50", 0.0),
        ("p10", -1.2815515655446004),
        ("p90", 1.2815515655446004),
        ("p95", 1.6448536269514722),
        ("cte95", 2.062712807507426),
    ],
)
def test_intervals_cover_the_truth(repeated, name, true):
    """In 400 samples the 95% interval of each statistic covers the truth in 89 to 99 of a hundred."""
    covered = np.mean([abs(found[name].value - true) <= 1.96 * found[name].error for found in repeated])
    assert 0.89 <= covered <= 0.99


@pytest.mark.parametrize("name", ["mean", "p90", "cte95", "probability_negative"])
def test_errors_are_the_spread_of_the_estimates(repeated, name):
    """The average error that is stated is the spread of the estimates over samples, within a seventh."""
    spread = np.std([found[name].value for found in repeated], ddof=1)
    stated = np.mean([found[name].error for found in repeated])
    assert stated == pytest.approx(spread, rel=0.15)
