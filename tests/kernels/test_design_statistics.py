"""What comes out of every design: marginal laws, weights, cells, pairs, and the same means as plain random futures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn_designs import DESIGNS, PLAIN, RULED, RULES, YEARS, N, points, study_of, whole
from scipy.stats import chi2, kstest, norm

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.futures.plan import plan_design
from stresstest.sampling.law import cells_of, drawn_cells
from stresstest.strategy import Strategy

pytestmark = pytest.mark.kernel


# ── marginals and weights ──────────────────────────────────────────────────────────────────────────────────────────
def distance(values, weight, cdf):
    """Largest distance between a weighted distribution and a law (Kolmogorov-Smirnov)."""
    order = np.argsort(values)
    steps = np.concatenate(([0.0], np.cumsum(weight[order]) / weight.sum()))
    law = cdf(values[order])
    return max(np.abs(law - steps[1:]).max(), np.abs(law - steps[:-1]).max())


@pytest.mark.parametrize("design", DESIGNS)
def test_every_row_has_its_law(design):
    """Weights counted, every row of normals is normal and every row of uniforms uniform, no further off than chance allows."""
    futures = 4096
    got, own = whole(design, futures), plan_design(2018, "dudley", YEARS)
    weight = np.ones(futures) if design == "stratified" else got.weight[1:]
    effective = weight.sum() ** 2 / (weight**2).sum()
    # a chance of one in a million for each of some two hundred rows
    allowed = np.sqrt(-0.5 * np.log(0.5e-6) / effective)
    normal = np.repeat(own.normal, own.slots)
    for row, is_normal, name in zip(got.variates[:, 1:], normal, own.rows(), strict=True):
        cdf = norm.cdf if is_normal else lambda u: u
        assert distance(row, weight, cdf) < allowed, name


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_even_designs_are_closer_to_their_law_than_chance(design):
    """In rows that are not bent afterwards, hypercubes and nets are far nearer to uniform than independent points."""
    cube, _ = points(design, 4096)
    worst = max(kstest(row[0::8], "uniform").statistic for row in cube)
    assert worst <= 1.0 / 512 + 1e-12


@pytest.mark.parametrize("design", ["random", "sobol", "importance"])
def test_events_come_as_often_as_their_chances(design):
    """A uniform falls below 3% and 15% as often as it should, in all yearly rows of events together, within four errors."""
    got, own = whole(design, 4096), plan_design(2018, "dudley", YEARS)
    weight = got.weight[1:] / got.weight[1:].sum()
    for name in ("noise/pandemic", "noise/winter", "noise/inflation", "once/omitted"):
        at = own.offset(name)
        rows = got.variates[at : at + own.slots[own.names.index(name)], 1:]
        for chance in (0.03, 0.15):
            share = ((rows < chance) @ weight).mean()
            error = np.sqrt(chance * (1 - chance) * (weight**2).sum() / rows.shape[0])
            assert abs(share - chance) < 4 * error, name


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("scenario", [PLAIN, RULED], ids=["plain", "ruled"])
@pytest.mark.parametrize("degrees", [0, 4])
def test_weights_average_to_one(design, scenario, degrees):
    """The mean weight is 1 within four standard errors and the cells' quadrature; without rules most designs weigh exactly 1."""
    weight = whole(design, 8192, scenario, degrees).weight[1:]
    assert np.all(weight >= 0.0)
    assert weight.mean() == pytest.approx(1.0, abs=4 * weight.std() / np.sqrt(weight.size) + (0.003 if scenario is RULED else 0))
    if scenario is PLAIN and design not in ("stratified", "importance"):
        assert np.all(weight == 1.0)
    if design == "importance" and scenario is PLAIN:
        assert weight.max() <= 2.0


def test_a_weight_is_the_product_of_the_factors_of_its_cell():
    """Under rules, weights of the random design are their cell's factors, on one scale for all."""
    got = whole("random", N, RULED)
    levels = got.tags[L.TAG_CELL, 1:, None] // 3 ** np.arange(5, -1, -1) % 3
    factors = np.ones(N)
    for rule in RULES:
        wanted = np.array(rule.levels)
        factors *= np.where(((wanted < 0) | (levels == wanted)).all(axis=1), rule.factor, 1.0)
    ratio = got.weight[1:] / factors
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    assert np.unique(np.round(factors, 9)).size >= 3


@pytest.mark.parametrize("degrees", [0, 4])
@pytest.mark.parametrize("futures", [729, 4096, 10_000])
def test_strata_have_their_shares_of_futures(degrees, futures):
    """Every cell gets its share of the futures to within three, and to within 0.7 on average; each future lies in its stratum.

    A share is a stretch of the unit interval, and the first N van der Corput points are off by log2(N) / 3 + 1 at most on
    either end of it.
    """
    got = whole("stratified", futures, PLAIN, degrees)
    inputs = study_of("stratified", degrees).kernel_inputs(PLAIN, ())
    cells, _, shares, *_ = inputs.law[-1]
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    found = np.bincount(got.tags[L.TAG_GROUP, 1:].astype(int), minlength=729)[cells]
    assert found.sum() == futures
    off = np.abs(found - futures * shares)
    assert off.max() <= 3.0
    assert off.mean() < 0.7
    np.testing.assert_array_equal(got.tags[L.TAG_GROUP, 1:], got.tags[L.TAG_CELL, 1:])


@pytest.mark.parametrize("design", ["random", "sobol", "stratified"])
@pytest.mark.parametrize("degrees", [0, 4])
def test_cells_come_as_often_as_their_probabilities(design, degrees):
    """Weighted frequencies of the cells agree with the table of probabilities, by chi-square where futures are independent."""
    futures = 16_384
    got = whole(design, futures, PLAIN, degrees)
    chances = cells_of(study_of(design, degrees).law, PLAIN, YEARS)
    assert chances.sum() == pytest.approx(1.0, abs=1e-12)
    found = np.bincount(got.tags[L.TAG_CELL, 1:].astype(int), weights=got.weight[1:], minlength=729)
    common = chances * futures >= 10
    if design == "random":
        statistic = ((found - futures * chances)[common] ** 2 / (futures * chances)[common]).sum()
        assert statistic < chi2.ppf(0.9999, common.sum())
    worst = np.abs(found / futures - chances).max()
    assert worst < 4.5 * np.sqrt(chances.max() / futures) + 0.01 * chances.max()


def test_probabilities_of_cells_against_direct_integration():
    """The quadrature's probabilities are those of scipy's multivariate normal box, within one in a hundred."""
    from scipy.stats import multivariate_normal

    law = study_of("random").law
    borders, chances = drawn_cells(law, PLAIN, np.zeros(6, dtype=bool))
    largest = np.argsort(-chances)[:12]
    box = multivariate_normal(np.zeros(6), law.correlation, seed=1)
    for cell in largest:
        levels = cell // 3 ** np.arange(5, -1, -1) % 3
        low, high = (np.clip(borders[np.arange(6), levels, side], -9, 9) for side in (0, 1))
        assert chances[cell] == pytest.approx(box.cdf(high, lower_limit=low), rel=0.01)


# ── pairs ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_antithetic_futures_mirror_one_another():
    """Of each pair, uniforms add to exactly 1 and normals to exactly 0; the group is the pair's number."""
    got, own = whole("antithetic"), plan_design(2018, "dudley", YEARS)
    normal = np.repeat(own.normal, own.slots)
    odd, even = got.variates[:, 1::2], got.variates[:, 2::2]
    np.testing.assert_array_equal(odd[~normal] + even[~normal], 1.0)
    np.testing.assert_array_equal(odd[normal], -even[normal])
    np.testing.assert_array_equal(got.tags[L.TAG_GROUP, 1:], np.arange(N) // 2)
    np.testing.assert_array_equal(odd, whole("random").variates[:, 1::2])


def test_pairs_halve_the_error_of_what_moves_evenly():
    """The mean of an even mover, such as growth of need, has next to no error in pairs."""
    for row in ("noise/need[0]", "axis/state/destination"):
        at = plan_design(2018, "dudley", YEARS).rows().index(row)
        assert abs(whole("antithetic").variates[at, 1:].mean()) < 1e-15


@pytest.mark.parametrize(("design", "groups"), [("random", 1), ("lhs", 8), ("sobol", 8), ("importance", 8)])
def test_groups_are_replicates(design, groups):
    """The group of a future is its replicate, in turn; without replicates it is 0."""
    np.testing.assert_array_equal(whole(design).tags[L.TAG_GROUP, 1:], np.arange(N) % groups)


# ── what comes out of every design ─────────────────────────────────────────────────────────────────────────────────
def batches(design, futures, measure):
    """Weighted mean of `measure` and its standard error, by sixteen sets of another seed each."""
    found = []
    for seed in range(1, 17):
        draws = draw(study_of(design, seed=seed), replace(PLAIN, futures=futures), 1, futures)
        found.append((measure(draws) * draws.weight).sum(axis=-1) / draws.weight.sum())
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / 4.0


@pytest.mark.parametrize("design", [name for name in DESIGNS if name != "random"])
def test_axes_have_the_same_means_and_spreads_in_every_design(design):
    """Means and mean squares of the axes in the last year agree with the random design's within four standard errors."""

    def measure(draws):
        scaled = (draws.axes[-1] - 0.1) * 10.0
        return np.concatenate([scaled, scaled**2, draws.once[:5], (draws.noise[:, L.NOISE_NEED] ** 2).mean(axis=0)[None]])

    (mean, error), (plain, plain_error) = batches(design, 512, measure), batches("random", 512, measure)
    assert np.all(np.abs(mean - plain) < 4.0 * np.sqrt(error**2 + plain_error**2) + 1e-12)


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_even_designs_have_smaller_errors(design):
    """For the mean growth of the last year, hypercubes and nets need fewer futures: their error is under half of chance's."""
    growth = L.ECONOMY

    def measure(draws):
        return draws.ends[growth]

    assert batches(design, 512, measure)[1] < 0.5 * batches("random", 512, measure)[1]


def exposure_of(design, futures):
    """(weighted mean of net exposure in £m, share of futures that cost more than £120m, their errors) by sixteen seeds."""
    from stresstest.analysis.evaluate import simulate

    strategy, found = Strategy("honest", {"effort": 0.75, "prevention": 1.0}), []
    for seed in range(1, 17):
        study = study_of(design, seed=seed)
        asked = replace(PLAIN, futures=futures)
        cost = simulate(study.kernel_inputs(asked, (strategy,)), 1, futures)[0, L.OUT["commissioner_exposure_npv_gbp"]] / 1e6
        weight = draw(study, asked, 1, futures).weight
        found.append([(weight * x).sum() / weight.sum() for x in (cost, cost > 120.0)])
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / 4.0


@pytest.mark.parametrize("design", [name for name in DESIGNS if name != "random"])
def test_exposure_agrees_in_every_design(design):
    """Mean exposure and the chance of a costly future agree with the random design's within four standard errors."""
    (mean, error), (plain, plain_error) = exposure_of(design, 512), exposure_of("random", 512)
    assert np.all(error > 0.0)
    assert np.all(np.abs(mean - plain) < 4.0 * np.sqrt(error**2 + plain_error**2))
