"""What many places add up to, against closed forms: independent ones, ones that move as one, and what is between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from stresstest.futures.resampling import key_of, uniforms
from stresstest.measures import national as M
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit
N = 20_000


def normals(name: str, rows: int, n: int = N) -> np.ndarray:
    """float64[rows, n] of standard normals."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(uniforms(key_of(f"test/national/{name}"), rows, n), 1e-12, 1 - 1e-12)))


def combined(x: np.ndarray) -> tuple[M.Combined, list[float]]:
    """What `diversification` needs of x[places, n]."""
    mean, sd = x.mean(axis=1, keepdims=True), x.std(axis=1)
    s, q = x.sum(axis=0), ((x - mean) ** 2).sum(axis=0)
    r = ((x - mean) ** 2 / sd[:, None]).sum(axis=0)
    return (lambda f: Column.of(f(s, q, r))), sd.tolist()


def test_independent_failures_are_binomial_where_chances_are_equal() -> None:
    """The law of a sum of independent events is the binomial for equal chances, and adds to 1 for any."""
    np.testing.assert_allclose(M.independent([0.3] * 9), binom.pmf(range(10), 9, 0.3), atol=1e-14)
    law = M.independent([0.1, 0.5, 0.9])
    assert law.sum() == pytest.approx(1.0)
    assert law[0] == pytest.approx(0.9 * 0.5 * 0.1)
    assert law @ range(4) == pytest.approx(1.5)


def test_failures_together_keep_every_place_s_chance() -> None:
    """Nested events: just j of them with the gap between the j-th and the next chance; the mean stays the sum of chances."""
    np.testing.assert_allclose(M.together([0.2, 0.5, 0.3]), [0.5, 0.2, 0.1, 0.2])
    assert M.together([0.2, 0.5, 0.3]) @ range(4) == pytest.approx(1.0)


def test_places_that_are_one_place_fail_together() -> None:
    """Equal failures in every place: none or all, as the fully joint law has it, and far from the independent one."""
    fails = (uniforms(key_of("test/national/fails"), 1, N)[0] < 0.4).astype(float)
    chance, counts = float(fails.mean()), Column.of(5.0 * fails)
    rows = M.joint_rows(counts, [chance] * 5)
    assert [row["probability"] for row in rows] == pytest.approx([1 - chance, 0, 0, 0, 0, chance])
    assert rows[5]["probability"] == pytest.approx(rows[5]["together_probability"])
    assert rows[5]["independent_probability"] == pytest.approx(chance**5)
    told = M.joint_summary(counts, [chance] * 5)
    assert told["times_independent"] == pytest.approx(math.sqrt(5.0), rel=1e-3)
    assert told["sd_places"] == pytest.approx(told["together_sd_places"], rel=1e-3)


def test_places_that_share_nothing_fail_as_chance_has_it() -> None:
    """Independent failures: the count follows the sum of independent events within its errors."""
    chances = [0.1, 0.3, 0.5, 0.7]
    fails = np.asarray(uniforms(key_of("test/national/apart"), 4, N)) < np.array(chances)[:, None]
    for row in M.joint_rows(Column.of(fails.sum(axis=0).astype(float)), chances):
        assert abs(row["probability"] - row["independent_probability"]) < 4 * max(row["probability_error"], 1e-4)
    told = M.joint_summary(Column.of(fails.sum(axis=0).astype(float)), chances)
    assert told["times_independent"] == pytest.approx(1.0, abs=0.03)


def test_identical_places_diversify_nothing() -> None:
    """The same number in every place: correlation 1, nothing evened out, √K times the independent spread, no error."""
    x = np.repeat(normals("same", 1), 4, axis=0)
    row = M.diversification(*combined(x))
    assert row["correlation"] == pytest.approx(1.0)
    assert row["times_independent"] == pytest.approx(2.0)
    assert row["diversified_share"] == pytest.approx(0.0, abs=1e-12)
    assert row["correlation_error"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.25, 0.6])
def test_correlation_is_found_within_its_error(rho: float) -> None:
    """Places of other sizes with one common part: correlation and ratio as they were made, within four errors."""
    z, sizes = normals(f"rho {rho}", 7), np.arange(1.0, 7.0)
    x = sizes[:, None] * (math.sqrt(rho) * z[0] + math.sqrt(1.0 - rho) * z[1:])
    row = M.diversification(*combined(x))
    assert abs(row["correlation"] - rho) < 4 * row["correlation_error"]
    exact = math.sqrt(1 + rho * (sizes.sum() ** 2 - (sizes**2).sum()) / (sizes**2).sum())
    assert abs(row["times_independent"] - exact) < 4 * row["times_independent_error"]
    assert row["together_sd"] == pytest.approx(x.std(axis=1).sum())


def test_errors_of_correlation_are_those_of_repetition() -> None:
    """The stated errors agree with the spread over 60 repetitions, within a third."""
    z = normals("many", 4, 60 * 1000).reshape(4, 60, 1000)
    found = []
    for k in range(60):
        found.append(M.diversification(*combined(np.array([1.0, 2.0, 3.0])[:, None] * (0.6 * z[0, k] + 0.8 * z[1:, k]))))
    for name in ("correlation", "times_independent"):
        spread = np.std([row[name] for row in found], ddof=1)
        stated = np.mean([row[f"{name}_error"] for row in found])
        assert 0.67 < stated / spread < 1.5, name


def test_a_total_without_spread_has_no_ratio() -> None:
    """Places that never move: no spread, and neither ratio nor correlation."""
    row = M.diversification(lambda f: Column.of(f(np.full(10, 3.0), np.zeros(10), np.zeros(10))), [0.0, 0.0])
    assert row["sd"] == 0.0
    assert math.isnan(row["times_independent"])
    assert math.isnan(row["correlation"])


def test_quantiles_are_those_of_the_sum() -> None:
    """A total's 95th percentile is that of the summed column, with its interval around it; the bad side follows the measure."""
    total = Column.of(np.arange(1.0, 1001.0))
    rows = {row["statistic"]: row for row in M.total_rows(total, True)}
    assert rows["p95"]["value"] == 950.0
    assert rows["p95"]["low"] < 950.0 < rows["p95"]["high"]
    assert rows["cte95"]["value"] == pytest.approx(975.5)
    assert {row["statistic"]: row for row in M.total_rows(total, False)}["cte95"]["value"] == pytest.approx(25.5)
