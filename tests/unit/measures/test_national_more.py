"""Joint failures by year, what sizes and endless places would do, and what goes with the total: against closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from stresstest.futures.resampling import key_of, uniforms
from stresstest.measures import national as M
from stresstest.measures.designs import Design
from stresstest.measures.national_economy import TOGETHER, correlation_rows
from stresstest.measures.national_years import level_rows, levels, others, year_head
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit
N = 4000


def normals(name: str, rows: int, n: int = N) -> np.ndarray:
    """float64[rows, n] of standard normals."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(uniforms(key_of(f"test/national more/{name}"), rows, n), 1e-12, 1 - 1e-12)))


def weighed(fails: np.ndarray) -> object:
    """What `level_rows` needs of fails[places, n]."""
    return lambda c: lambda level: Column.of(c[level] @ fails)


def rows_of(fails: np.ndarray) -> dict[str, dict[str, float]]:
    """Level rows by level of fails[places, n]."""
    chances = fails.mean(axis=1)
    errors = np.sqrt(chances * (1.0 - chances) / fails.shape[1])
    found = level_rows(Column.of(fails.sum(axis=0).astype(float)), chances.tolist(), errors.tolist(), weighed(fails))  # type: ignore[arg-type]
    return {str(row["level"]): row for row in found}


def combined(x: np.ndarray) -> tuple[M.Combined, list[float]]:
    """What `diversification` needs of x[places, n]."""
    mean, sd = x.mean(axis=1, keepdims=True), x.std(axis=1)
    square = (x - mean) ** 2
    s, q, r = x.sum(axis=0), square.sum(axis=0), (square / sd[:, None]).sum(axis=0)
    return (lambda f: Column.of(f(s, q, r))), sd.tolist()


# ── joint failures ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_levels_are_whole_places_that_can_be_reached() -> None:
    """Shares are rounded up; levels beyond the number of places are left out."""
    assert dict(levels(309))["at least 10% of the places"] == 31
    assert dict(levels(309))["at least half of the places"] == 155
    assert [count for _, count in levels(3)] == [1, 2, 1, 1, 2]
    assert dict(levels(20))["at least 25% of the places"] == 5


def test_leaving_one_place_out_of_the_law() -> None:
    """P(just j − 1 of the others) agrees with every outcome counted out, certain and impossible places among them."""
    chances, counts = [0.2, 0.5, 1.0, 0.0, 0.7], [1, 2, 4]
    found = others(chances, counts)
    for (i, j), k in itertools.product(enumerate(counts), range(5)):
        rest = [p for m, p in enumerate(chances) if m != k]
        exact = sum(math.prod(p if hit else 1.0 - p for p, hit in zip(rest, one, strict=True))
                    for one in itertools.product((0, 1), repeat=4) if sum(one) == j - 1)  # fmt: skip
        assert found[i, k] == pytest.approx(exact, abs=1e-14)


def test_the_law_of_many_places_adds_up() -> None:
    """For 309 places the derivative of P(at least j) agrees with moving one chance by a little."""
    chances = (0.1 + 0.8 * uniforms(key_of("test/national more/chances"), 309, 1)[:, 0]).tolist()
    c = others(chances, [31, 155])
    for (i, j), k in itertools.product(enumerate((31, 155)), (0, 100)):
        moved = [p + (1e-4 if m == k else 0.0) for m, p in enumerate(chances)]
        slope = (M.independent(moved)[j:].sum() - M.independent(chances)[j:].sum()) / 1e-4
        assert c[i, k] == pytest.approx(slope, abs=1e-9)


def test_one_place_copied_fails_as_the_joint_law_has_it() -> None:
    """Equal failures everywhere: seen is together at every level, with its error, and far beyond independent."""
    fails = np.repeat(uniforms(key_of("test/national more/copied"), 1, N) < 0.3, 20, axis=0)
    row = rows_of(fails)["at least half of the places"]
    assert row["probability"] == pytest.approx(row["together_probability"])
    assert row["probability_error"] == pytest.approx(row["together_probability_error"], rel=1e-3)
    assert row["independent_probability"] < 0.06
    assert row["beyond_independent"] == pytest.approx(row["probability"] - row["independent_probability"])
    assert row["beyond_independent"] > 10 * row["beyond_independent_error"]


def test_what_is_never_seen_has_an_error_too() -> None:
    """Nobody seen among few futures: what is beyond the independent law is no more certain than what is seen."""
    row = rows_of(np.zeros((6, 100), dtype=bool))["at least half of the places"]
    assert (row["probability"], row["beyond_independent"]) == (0.0, 0.0)
    assert row["beyond_independent_error"] == row["probability_error"] > 0.005


def test_errors_of_the_laws_are_those_of_repetition() -> None:
    """Over 80 repetitions the independent law and what is beyond it spread as their errors say, within a third."""
    places, n, repeats = 10, 400, 80
    z = normals("repeated", places + 1, n * repeats).reshape(places + 1, repeats, n)
    found = [rows_of((0.7 * z[0, k] + 0.7 * z[1:, k]) < -0.5)["at least 5 places"] for k in range(repeats)]
    for name in ("independent_probability", "beyond_independent", "probability"):
        spread = np.std([row[name] for row in found], ddof=1)
        assert 0.7 < np.mean([row[f"{name}_error"] for row in found]) / spread < 1.4, name


def test_the_head_of_a_year() -> None:
    """Mean and standard deviation of the number of places, and that of independent ones."""
    fails = uniforms(key_of("test/national more/head"), 6, N) < 0.25
    row = year_head(Column.of(fails.sum(axis=0).astype(float)), [0.25] * 6)
    assert row["mean_places"] == pytest.approx(fails.sum(axis=0).mean())
    assert row["sd_places"] == pytest.approx(fails.sum(axis=0).std(ddof=1))
    assert row["independent_sd_places"] == pytest.approx(math.sqrt(6 * 0.25 * 0.75))


# ── what places share ──────────────────────────────────────────────────────────────────────────────────────────────
def test_variance_splits_into_shared_and_local() -> None:
    """Shared and local shares add to one and are those of the covariance matrix."""
    z = normals("split", 6)
    x = np.arange(1.0, 6.0)[:, None] * (0.6 * z[0] + 0.8 * z[1:])
    row, cov = M.diversification(*combined(x)), np.cov(x, bias=True)
    assert row["local_share"] == pytest.approx(np.trace(cov) / cov.sum())
    assert row["shared_share"] + row["local_share"] == pytest.approx(1.0)


def test_sizes_and_endlessly_many_places() -> None:
    """Sizes 1 to 5 even out as 225 / 55 equal places; the remaining share is the correlation over today's variance."""
    z, sizes = normals("endless", 6), np.arange(1.0, 6.0)
    row = M.diversification(*combined(sizes[:, None] * (math.sqrt(0.3) * z[0] + math.sqrt(0.7) * z[1:])))
    assert row["effective_places"] == pytest.approx(225.0 / 55.0, rel=0.05)
    exact = 0.3 / (0.3 + 0.7 * 55.0 / 225.0)
    assert abs(row["remaining_share"] - exact) < 4 * row["remaining_share_error"]
    assert row["equal_sizes_sd"] == pytest.approx(15.0 * math.sqrt(0.3 + 0.7 / 5.0), rel=0.04)
    assert row["equal_sizes_sd"] < row["sd"]


def test_errors_of_shares_are_those_of_repetition() -> None:
    """The stated errors of shared and remaining share agree with the spread over 60 repetitions, within a third."""
    z = normals("shares", 5, 60 * 800).reshape(5, 60, 800)
    found = [M.diversification(*combined(np.array([1.0, 2.0, 2.0, 4.0])[:, None] * (0.5 * z[0, k] + 0.8 * z[1:, k])))
             for k in range(60)]  # fmt: skip
    for name in ("shared_share", "remaining_share"):
        spread = np.std([row[name] for row in found], ddof=1)
        assert 0.67 < np.mean([row[f"{name}_error"] for row in found]) / spread < 1.5, name


# ── the economy ────────────────────────────────────────────────────────────────────────────────────────────────────
def of_total(x: np.ndarray, y: np.ndarray, parts: int = 1) -> dict[str, dict[str, float]]:
    """Correlation rows by axis, read in so many stretches, far from the origin."""
    ones = np.ones(y.size)

    def stretches() -> object:
        for k in np.array_split(np.arange(y.size), parts):
            yield x[:, k] + 1e4, y[k] - 1e6, ones[k], np.zeros(k.size, dtype=np.int64)

    names = [f"axis {k}" for k in range(x.shape[0])]
    return {str(row["axis"]): row for row in correlation_rows(stretches, names, Design())}


def test_correlations_are_those_of_numpy() -> None:
    """Each correlation as numpy has it, all together the R² of least squares, in any stretches; what never moves is out."""
    z = normals("axes", 5)
    x, y = np.vstack((z[0], 0.5 * z[0] + z[1], z[2], np.full(N, 3.0))), 2.0 * z[0] - z[1] + z[3]
    found = of_total(x, y, parts=7)
    assert set(found) == {"axis 0", "axis 1", "axis 2", TOGETHER}
    for k in range(3):
        assert found[f"axis {k}"]["correlation"] == pytest.approx(np.corrcoef(x[k], y)[0, 1], abs=1e-9)
    design = np.vstack((x[:3], np.ones(N))).T
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert found[TOGETHER]["share_of_variance"] == pytest.approx(1.0 - left.var() / y.var(), abs=1e-9)
    assert abs(found[TOGETHER]["share_of_variance"] - 5.0 / 6.0) < 4 * found[TOGETHER]["share_of_variance_error"]
    assert next(iter(found)) == "axis 0"


def test_errors_of_correlations_are_those_of_repetition() -> None:
    """Over 80 repetitions correlation and R² spread as their errors say, within a third."""
    z = normals("spread", 3, 80 * 500).reshape(3, 80, 500)
    found = [of_total(z[:2, k], z[0, k] + 0.5 * z[1, k] ** 2 + z[2, k]) for k in range(80)]
    for axis, name in (("axis 0", "correlation"), (TOGETHER, "share_of_variance")):
        spread = np.std([one[axis][name] for one in found], ddof=1)
        assert 0.7 < np.mean([one[axis][f"{name}_error"] for one in found]) / spread < 1.4, axis


def test_a_total_that_never_moves_goes_with_nothing() -> None:
    """No spread, no rows."""
    assert of_total(normals("still", 2), np.zeros(N)) == {}
