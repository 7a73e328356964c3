"""Statistics of condensed futures against closed forms, and their intervals against repetitions."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.futures.marginals import normal_quantile
from stresstest.futures.resampling import key_of, normals
from stresstest.measures.condensed import FEWEST, Bins, condensed_rows
from stresstest.results import condensed
from stresstest.results.condense import CELL, MEASURES, Event, bin_of, condense

pytestmark = pytest.mark.unit
MIDDLE, SPREAD = 1e8, 2e7
SURPLUS, EXPOSURE = "provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp"
SCENARIO, YEARS = "calibrated", ("2018/19", "2019/20", "2020/21")
EVENTS = (Event("limit", EXPOSURE, True, 1e15),)


def bins_of(values: np.ndarray, weight: np.ndarray | None = None) -> Bins:
    """The bins of a column, as a run makes them: lowest and highest value in each."""
    weight = np.ones(values.size) if weight is None else weight
    found, back = np.unique(bin_of(values), return_inverse=True)
    low, high = np.full(found.size, np.inf), np.full(found.size, -np.inf)
    np.minimum.at(low, back, values)
    np.maximum.at(high, back, values)
    return Bins(low, high, np.bincount(back, weight), float(weight.sum() ** 2 / (weight**2).sum()))


def even_normals(n: int) -> np.ndarray:
    """The n quantiles of a normal law at the middles of n equal steps."""
    return MIDDLE + SPREAD * np.array([normal_quantile((k + 0.5) / n) for k in range(n)])


def write_run(
    folder: Path, columns: dict[str, np.ndarray], weight: np.ndarray | None = None, ends: np.ndarray | None = None
) -> Path:
    """The three tables of a run of two strategies, by the way that a run takes: pieces, a fold, tables.

    Arguments: columns float64[2, n] by outcome, all others 0; ends int64[2, n], year index and cause, for both strategies;
    without them no future ends early.
    """
    n = next(iter(columns.values())).shape[1]
    out = np.zeros((2, len(L.OUTCOMES), n + 1))
    for name, values in columns.items():
        out[:, L.OUT[name], 1:] = values
    if ends is not None:
        out[:, L.OUT["exit_year_index"], 1:], out[:, L.OUT["exit_cause_code"], 1:] = ends
    nature = np.ones((len(L.NATURE) + len(L.TAGS), n + 1))
    if weight is not None:
        nature[len(L.NATURE) + L.TAG_WEIGHT, 1:] = weight
    (folder / condensed.FOLDER).mkdir(parents=True)
    cuts = [slice(first, first + CELL) for first in range(0, n + 1, CELL)]
    pieces = [(own.start, condense(own.start, out[..., own], nature[..., own], len(YEARS), EVENTS)) for own in cuts]
    facts = [condensed.write_piece(folder, SCENARIO, first, piece) for first, piece in pieces]
    condensed.fold(folder, SCENARIO, 0, n + 1, facts)
    condensed.write_tables(folder, {SCENARIO: [0]}, {SCENARIO: n}, ("honest", "gamed"), YEARS, EVENTS, "made")
    return folder


def figures(folder: Path, strategy: str, metric: str, party: str = "") -> dict[str, dict[str, object]]:
    """Rows of a metric of the whole contract, by statistic; of one party where several have it."""
    return {
        str(row["statistic"]): row for row in condensed_rows(folder)
        if row["strategy"] == strategy and row["metric"] == metric and not row["year"] and party in ("", row["party"])
    }  # fmt: skip


def test_quantiles_of_a_normal_are_known_to_within_their_bin() -> None:
    """Every quantile of an even normal lies in its bin but for a step, and within 0.05% of the true one."""
    held = bins_of(even_normals(200_000))
    for p in (0.001, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999):
        row, true = held.quantile(p), MIDDLE + SPREAD * normal_quantile(p)
        assert row["bin_low"] - 1e4 <= true <= row["bin_high"] + 1e4
        assert row["bin_high"] - row["bin_low"] <= abs(true) / 256.0 * (1.0 + 1e-9)
        assert row["value"] == pytest.approx(true, rel=5e-4)
        assert row["low"] < true < row["high"]
        assert row["low"] <= row["bin_low"] <= row["bin_high"] <= row["high"]


def test_error_of_a_quantile_is_that_of_the_textbook() -> None:
    """√(p (1 − p) / n) over the density at the quantile."""
    held = bins_of(even_normals(200_000))
    for p in (0.05, 0.5, 0.99):
        z = normal_quantile(p)
        density = math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) / SPREAD
        assert held.quantile(p)["error"] == pytest.approx(math.sqrt(p * (1 - p) / 200_000) / density, rel=0.03)


@pytest.mark.parametrize("high_is_bad", [True, False])
def test_mean_of_the_worst_of_a_normal(high_is_bad: bool) -> None:
    """Mean ± spread · φ(z) / (1 − p), on the side that is bad."""
    held, sign = bins_of(even_normals(200_000)), 1.0 if high_is_bad else -1.0
    for p in (0.95, 0.99):
        z = normal_quantile(p)
        beyond = SPREAD * math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi) / (1.0 - p)
        row = held.tail(p, high_is_bad)
        assert row["value"] == pytest.approx(MIDDLE + sign * beyond, rel=1e-3)
        assert row["low"] < row["value"] < row["high"]


def test_quantiles_of_evenly_spread_amounts() -> None:
    """Of amounts from £0 to £1m evenly spread, the p-quantile is p of £1m, which lies in the bin that is told."""
    held = bins_of(1e6 * (np.arange(100_000) + 0.5) / 100_000)
    for p in (0.001, 0.05, 0.5, 0.95, 0.999):
        row = held.quantile(p)
        assert row["bin_low"] - 10.0 <= 1e6 * p <= row["bin_high"] + 10.0
        assert row["value"] == pytest.approx(1e6 * p, abs=20.0)
    assert held.tail(0.95, True)["value"] == pytest.approx(975_000.0, rel=1e-4)
    assert held.tail(0.95, False)["value"] == pytest.approx(25_000.0, rel=1e-3)


def test_mean_of_the_worst_of_an_exponential() -> None:
    """Beyond a quantile an exponential goes on as it began: the mean of the worst is the quantile and one mean more."""
    held = bins_of(-1e6 * np.log1p(-(np.arange(400_000) + 0.5) / 400_000))
    for p in (0.95, 0.99):
        row = held.tail(p, True)
        assert row["value"] == pytest.approx(1e6 * (1.0 - math.log(1.0 - p)), rel=1e-3)
        # variance of the part beyond a quantile reached with chance s: s (2 − s) squared means
        assert row["error"] == pytest.approx(1e6 * math.sqrt((1.0 + p) / (1.0 - p) / 400_000), rel=0.01)


def test_two_points_are_told_exactly() -> None:
    """9 in 10 lose £1m and 1 in 10 gains £5m: quantiles and their intervals are these amounts, the mean of the worst is exact."""
    held = bins_of(np.repeat([-1e6, 5e6], [9000, 1000]))
    for p, true in ((0.05, -1e6), (0.5, -1e6), (0.95, 5e6)):
        row = held.quantile(p)
        assert [row[name] for name in ("value", "low", "high", "bin_low", "bin_high")] == [true] * 5
        assert row["error"] == 0.0
    assert held.tail(0.95, True)["value"] == pytest.approx(5e6)
    assert held.tail(0.5, True)["value"] == pytest.approx((0.4 * -1e6 + 0.1 * 5e6) / 0.5)
    assert held.tail(0.5, False)["value"] == pytest.approx(-1e6)


def test_no_quantile_lies_beyond_the_lowest_or_highest() -> None:
    """Most futures at one amount, the rest spread over its bin and others: quantiles stay between lowest and highest."""
    values = np.concatenate((np.full(9000, -18e6), -18e6 + 1e3 * np.arange(1000.0)))
    held = bins_of(values)
    for p in (0.0001, 0.01, 0.5, 0.9, 0.95, 0.9999):
        row = held.quantile(p)
        assert -18e6 <= row["low"] <= row["value"] <= row["high"] <= values.max()
        assert row["low"] <= np.quantile(values, p, method="inverted_cdf") <= row["high"]


def test_a_column_of_zeros_is_zero() -> None:
    """Nothing happens: every quantile and every tail is 0, with no interval about it."""
    held = bins_of(np.zeros(5000))
    for row in (held.quantile(0.5), held.tail(0.99, True), held.tail(0.99, False)):
        assert [row[name] for name in ("value", "error", "low", "high", "bin_low", "bin_high")] == [0.0] * 6


def test_weights_count() -> None:
    """A future of weight 3 is three futures for the quantile, and the number of equal futures is (Σ w)² / Σ w²."""
    values, weight = np.array([1e6, 2e6, 3e6]), np.array([1.0, 1.0, 3.0])
    heavy, many = bins_of(values, weight), bins_of(np.repeat(values, [1, 1, 3]))
    assert heavy.futures == pytest.approx(25.0 / 11.0)
    for p in (0.1, 0.3, 0.7):
        assert heavy.quantile(p)["value"] == many.quantile(p)["value"]


@pytest.mark.parametrize(("p", "n"), [(0.5, 2000), (0.05, 2000), (0.99, 5000)])
def test_intervals_of_quantiles_hold_the_truth(p: float, n: int) -> None:
    """In 200 repetitions the 95% interval holds the true quantile in 88% to 99%, and the error is what the value varies by."""
    draws = MIDDLE + SPREAD * normals(key_of(f"condensed quantiles {p}"), 200, n)
    true = MIDDLE + SPREAD * normal_quantile(p)
    rows = [bins_of(own).quantile(p) for own in draws]
    held = np.mean([row["low"] <= true <= row["high"] for row in rows])
    assert 0.88 <= held <= 0.99
    spread = np.std([row["value"] for row in rows])
    assert np.sqrt(np.mean([row["error"] ** 2 for row in rows])) == pytest.approx(spread, rel=0.2)


def test_intervals_of_tails_hold_the_truth() -> None:
    """The mean of the worst 1 in 20 lies in its interval in 88% to 99% of 200 repetitions."""
    draws = MIDDLE + SPREAD * normals(key_of("condensed tails"), 200, 5000)
    true = MIDDLE + SPREAD * math.exp(-(normal_quantile(0.95) ** 2) / 2.0) / math.sqrt(2.0 * math.pi) / 0.05
    rows = [bins_of(own).tail(0.95, True) for own in draws]
    assert 0.88 <= np.mean([row["low"] <= true <= row["high"] for row in rows]) <= 0.99


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    """A run of 4,000 futures: gamed surplus is honest surplus plus £3m and a tenth of another draw."""
    draws = normals(key_of("condensed run"), 2, 4000)
    honest = MIDDLE + SPREAD * draws[0]
    surplus = np.stack((honest, honest + 3e6 + 0.1 * SPREAD * draws[1]))
    folder = write_run(tmp_path_factory.mktemp("two"), {SURPLUS: surplus, EXPOSURE: np.full((2, 4000), 2e6)})
    return folder, surplus


def test_means_and_spreads_are_those_of_every_future(two: tuple[Path, np.ndarray]) -> None:
    """Mean and sd to twelve figures, with the error of a mean of independent futures."""
    folder, surplus = two
    for k, strategy in enumerate(("honest", "gamed")):
        own = figures(folder, strategy, "surplus_npv")
        assert own["mean"]["value"] == pytest.approx(surplus[k].mean(), rel=1e-12)
        assert own["sd"]["value"] == pytest.approx(surplus[k].std(ddof=1), rel=1e-10)
        assert own["mean"]["error"] == pytest.approx(surplus[k].std() / math.sqrt(4000), rel=1e-6)
        assert own["sd"]["error"] == pytest.approx(own["sd"]["value"] / math.sqrt(8000), rel=0.1)


def test_extremes_are_exact_and_name_their_future(two: tuple[Path, np.ndarray]) -> None:
    """Lowest and highest are amounts that were lived, with the number of the first future that has them, from 1 on."""
    folder, surplus = two
    for k, strategy in enumerate(("honest", "gamed")):
        own = figures(folder, strategy, "surplus_npv")
        for name, at in (("lowest", surplus[k].argmin()), ("highest", surplus[k].argmax())):
            assert own[name]["value"] == surplus[k][at]
            assert own[name]["future"] == str(int(at) + 1)
    same = figures(folder, "honest", "exposure_npv", "commissioner")
    assert {(same[name]["value"], same[name]["future"]) for name in ("lowest", "highest")} == {(2e6, "1")}


def test_a_difference_is_taken_in_each_future(two: tuple[Path, np.ndarray]) -> None:
    """Its spread is that of the second draw alone, and its median no difference of quantiles taken apart."""
    folder, surplus = two
    own, each = figures(folder, "gamed - honest", "surplus_npv"), surplus[1] - surplus[0]
    assert own["mean"]["value"] == pytest.approx(each.mean(), rel=1e-9)
    assert own["sd"]["value"] == pytest.approx(each.std(ddof=1), rel=1e-9)
    assert own["p99"]["value"] == pytest.approx(np.quantile(each, 0.99), rel=0.01)
    apart = figures(folder, "gamed", "surplus_npv")["p99"]["value"] - figures(folder, "honest", "surplus_npv")["p99"]["value"]
    assert abs(own["p99"]["value"] - apart) > 1e6
    assert own["probability_negative"]["value"] == (each < 0.0).mean()


def test_what_never_happens_has_an_upper_end(two: tuple[Path, np.ndarray]) -> None:
    """No hurdle missed in 4,000 futures: chance 0, no error, and Wilson's upper end z² / (n + z²)."""
    row = figures(two[0], "honest", "missed:limit")["probability"]
    assert row["value"] == 0.0 == row["low"]
    assert row["high"] == pytest.approx(1.959964**2 / (4000 + 1.959964**2), rel=1e-6)
    assert figures(two[0], "honest", "exit")["probability"]["value"] == 0.0
    assert not figures(two[0], "gamed - honest", "exit")


def test_few_futures_tell_no_rare_level(two: tuple[Path, np.ndarray]) -> None:
    """Of 4,000 futures 40 lie beyond 1 in 100 and 4 beyond 1 in 1,000: the first is told, the second is not."""
    own = figures(two[0], "honest", "surplus_npv")
    assert {"p1", "p99", "cte99"} <= set(own)
    assert not {"p0.1", "p99.9", "cte99.9"} & set(own)
    assert 0.01 * 4000 > FEWEST > 0.001 * 4000


def test_unequal_weights_tell_less(tmp_path: Path) -> None:
    """With weights of 0.5 and 2 the error of the mean is that of Σ w² (x − m)², and rare levels need more futures."""
    draws = MIDDLE + SPREAD * normals(key_of("condensed weights"), 1, 3500)
    weight = np.tile([0.5, 2.0], 1750)
    folder = write_run(tmp_path / "run", {SURPLUS: np.repeat(draws, 2, axis=0)}, weight)
    own, x = figures(folder, "honest", "surplus_npv"), draws[0]
    mean = (weight * x).sum() / weight.sum()
    assert own["mean"]["value"] == pytest.approx(mean, rel=1e-9)
    assert own["mean"]["error"] == pytest.approx(math.sqrt((weight**2 * (x - mean) ** 2).sum()) / weight.sum(), rel=1e-6)
    assert weight.sum() ** 2 / (weight**2).sum() * 0.01 < FEWEST < 35
    assert "p99" not in own
    assert "p95" in own


def test_every_outcome_is_told(two: tuple[Path, np.ndarray]) -> None:
    """Each outcome that is a number has a mean under each strategy and for the difference; a run without tables has no row."""
    rows = condensed_rows(two[0])
    assert len([row for row in rows if row["statistic"] == "mean"]) == 3 * len(MEASURES)
    assert condensed_rows(two[0] / "nowhere") == []


def test_what_is_nothing_is_no_loss(two: tuple[Path, np.ndarray]) -> None:
    """An amount that is 0 in every future is negative in none, and one that is always a loss in all."""
    own = figures(two[0], "honest", "exposure_rescue_npv")["probability_negative"]
    assert (own["value"], own["low"]) == (0.0, 0.0)
    assert own["high"] > 0.0


def test_losses_are_counted(tmp_path: Path) -> None:
    """Of 1,000 futures 250 lose a pound, 250 break even and 500 gain one: a quarter is negative."""
    amounts = np.repeat([-1.0, 0.0, 1.0], [250, 250, 500])
    folder = write_run(tmp_path / "run", {SURPLUS: np.stack((amounts, -amounts))})
    for strategy, share in (("honest", 0.25), ("gamed", 0.5)):
        row = figures(folder, strategy, "surplus_npv")["probability_negative"]
        assert row["value"] == share
        assert row["error"] == pytest.approx(math.sqrt(share * (1.0 - share) / 1000))
        assert row["low"] < share < row["high"]


def test_ends_are_cumulative_by_year(tmp_path: Path) -> None:
    """Of 1,000 futures 100 end in the first year, 50 in the second and 30 in the third: 10%, 15%, 18%; causes add up to it."""
    by_policy, by_losses = L.EXIT_FIRST_ADVERSE - 1, L.EXIT_FIRST_ADVERSE
    assert by_policy > 0
    year, cause = np.full(1000, -1), np.zeros(1000, dtype=np.int64)
    year[:180] = np.repeat([0, 1, 2], [100, 50, 30])
    cause[:180] = np.where(np.arange(180) % 2 == 0, by_losses, by_policy)
    folder = write_run(tmp_path / "run", {SURPLUS: np.ones((2, 1000))}, ends=np.stack((year, cause)))
    rows = condensed_rows(folder)
    for metric, whole in (("exit", 1.0), ("exit_losses", 0.5)):
        told = {row["year"]: row["value"] for row in rows if row["metric"] == metric and row["strategy"] == "gamed"}
        assert told == pytest.approx({"2018/19": 0.1 * whole, "2019/20": 0.15 * whole, "2020/21": 0.18 * whole, "": 0.18 * whole})
    causes = {k: figures(folder, "honest", f"exit_cause:{L.EXIT_CAUSES[k]}")["probability"] for k in (by_policy, by_losses)}
    assert [row["value"] for row in causes.values()] == pytest.approx([0.09, 0.09])
    assert figures(folder, "honest", "missed:any")["probability"]["value"] == pytest.approx(0.09)
