"""What every design promises of its points: prefixes, blocks and threads, streams and places, slices, nets and pairs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from drawn_designs import DESIGNS, PLAIN, RULED, YEARS, N, assert_equal, cut, points, study_of, whole

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import Arena
from stresstest.futures import design as design_text
from stresstest.futures import latin, plan
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import SEARCH_FIRST, plan_design

pytestmark = pytest.mark.kernel

PREFIXED = [name for name in DESIGNS if name != "lhs"]


# ── a future is its number ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("design", PREFIXED)
@pytest.mark.parametrize("scenario", [PLAIN, RULED], ids=["plain", "ruled"])
def test_the_first_half_of_twice_the_futures(design, scenario):
    """With twice the futures the first half is the same, bit for bit."""
    assert_equal(whole(design, N, scenario), cut(whole(design, 2 * N, scenario), 0, N + 1))


def test_a_hypercube_has_no_prefix_and_says_so():
    """With twice the futures every point of a hypercube is another one, as its texts say; the central case is the same."""
    one, other = points("lhs", N)[0], points("lhs", 2 * N)[0][:, :N]
    assert not np.any(one == other)
    assert_equal(cut(whole("lhs"), 0, 1), cut(whole("lhs", 2 * N), 0, 1))
    assert "no prefix" in latin.__doc__
    assert "no prefix" in design_text.__doc__
    guide = Path(__file__).resolve().parents[2] / "docs" / "futures.md"
    assert "A Latin hypercube has no prefix" in guide.read_text(encoding="utf-8")


@pytest.mark.parametrize("first", [N + 1, N + 2, 5000, 1 << 33])
def test_beyond_its_last_future_a_hypercube_is_pseudo_random(first):
    """A future that no hypercube has is drawn all the same, and as the random design draws it."""
    beyond = draw(study_of("lhs"), PLAIN, first, 9, variates=True)
    np.testing.assert_array_equal(beyond.variates, draw(study_of("random"), PLAIN, first, 9, variates=True).variates)
    across = draw(study_of("lhs"), PLAIN, N - 3, 8, variates=True)
    assert_equal(cut(across, 0, 4), cut(whole("lhs"), N - 3, N + 1))


@pytest.mark.parametrize("design", DESIGNS)
def test_pieces_join_to_the_whole(design):
    """Pieces that begin anywhere, on either side of a block's edge, give the same futures."""
    study = study_of(design)
    for start, stop in ((0, 1), (1, 2), (2, 7), (0, 100), (100, 417), (255, 258), (256, 601), (600, 601)):
        got = draw(study, PLAIN, start, stop - start, variates=True)
        assert_equal(got, cut(whole(design), start, stop))


@pytest.mark.parametrize("design", DESIGNS)
def test_threads_leave_no_trace(design):
    """Four threads that draw odd pieces at the same time give what one thread gives."""
    study, edges = study_of(design), [0, 37, 190, 256, 333, 512, 601]
    with ThreadPoolExecutor(4) as pool:
        pieces = list(pool.map(lambda k: draw(study, PLAIN, edges[k], edges[k + 1] - edges[k], variates=True), range(6)))
    for k, piece in enumerate(pieces):
        assert_equal(piece, cut(whole(design), edges[k], edges[k + 1]))


@pytest.mark.parametrize("design", DESIGNS)
def test_no_future_repeats_another(design):
    """Every future has its own draws in every row of the cube, and all are finite."""
    variates = whole(design).variates[:, 1:]
    assert np.isfinite(variates).all()
    assert min(np.unique(row).size for row in variates) == N


@pytest.mark.parametrize("design", DESIGNS)
def test_the_central_case_is_the_same_in_every_design(design):
    """Future 0 has no noise, no event, weight 1, and is the same whatever the design."""
    centre, plain = cut(whole(design), 0, 1), cut(whole("random"), 0, 1)
    assert_equal(centre, plain)
    own = plan_design(2018, "dudley", YEARS)
    normal = np.repeat(own.normal, own.slots)
    assert np.all(centre.variates[normal] == 0.0)
    normal[own.offset("once/policy")] = True
    assert np.all(centre.variates[~normal] == 0.5)
    assert centre.once[L.ONCE_POLICY, 0] == 0.0
    assert centre.weight[0] == 1.0


@pytest.mark.parametrize("design", DESIGNS)
def test_analyses_draw_pseudo_random_futures_whatever_the_design(design):
    """Futures from SEARCH_FIRST on are those of the random design, drawn alone or through a search's arena."""
    study = study_of(design)
    assert_equal(
        draw(study, PLAIN, SEARCH_FIRST, 40, variates=True), draw(study_of("random"), PLAIN, SEARCH_FIRST, 40, variates=True)
    )
    arena = Arena(study, PLAIN, SEARCH_FIRST, 16)
    assert arena.inputs.design[0] == L.RANDOM
    assert not arena.inputs.design[3]


# ── streams, years, seeds and places ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("register", ["YEARLY_DRAWS", "FIRST_DRAWS"])
def test_a_further_stream_moves_no_other_point(monkeypatch, design, register):
    """Another variate, entered at the end of its register and at the head of its list, moves no other stream's points."""
    before, own = points(design, 64)
    order, name = ("NOISE_KINDS", "noise/extra") if register == "YEARLY_DRAWS" else ("ONCE_KINDS", "once/extra")
    monkeypatch.setattr(plan.layout, order, {"extra": "uniform", **getattr(plan.layout, order)})
    monkeypatch.setattr(plan, register, (*getattr(plan, register), name))
    after, longer = points.__wrapped__(design, 64)
    assert len(longer.names) == len(own.names) + 1
    rows = [longer.rows().index(row) for row in own.rows()]
    np.testing.assert_array_equal(after[rows], before)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_further_year_moves_no_point_of_the_years_before(design):
    """The points of a contract of four years are among those of five, stream by stream and year by year."""
    (short, own), (long, longer) = points(design, 64), points(design, 64, years=YEARS + 1)
    rows = [longer.rows().index(row) for row in own.rows()]
    np.testing.assert_array_equal(long[rows], short)


@pytest.mark.parametrize("design", DESIGNS)
def test_another_seed_is_another_set_of_points(design):
    """With another seed hardly a point stays where it was, in the low and in the high word of the seed."""
    one = points(design, 64)[0]
    for seed in (2019, 2018 + (1 << 32)):
        assert np.mean(points(design, 64, seed=seed)[0] == one) < 1e-4


@pytest.mark.parametrize("design", DESIGNS)
def test_places_share_the_country_and_nothing_else(design):
    """Two places have the country's points in common, and none of their own."""
    (here, own), (there, _) = points(design, 64), points(design, 64, place="elsewhere")
    national = {f"noise/{name}" for name in L.NATIONAL_NOISE} | {f"once/{name}" for name in L.NATIONAL_ONCE}
    for name, at, slots in zip(own.names, own.offsets, own.slots, strict=True):
        rows = slice(at, at + slots)
        if name in national or name.startswith("axis/"):
            np.testing.assert_array_equal(here[rows], there[rows], err_msg=name)
        else:
            assert not np.any(here[rows] == there[rows]), name


# ── slices and nets ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("futures", [8 * 16, 8 * 25, 8 * 33 + 5])
def test_a_hypercube_uses_each_slice_once(futures):
    """In every row and every replicate each of its equal slices holds exactly one point, also where replicates differ in size."""
    cube, _ = points("lhs", futures)
    for r in range(8):
        mine = cube[:, r::8]
        found = np.sort(np.floor(mine * mine.shape[1]).astype(int), axis=1)
        np.testing.assert_array_equal(found, np.broadcast_to(np.arange(mine.shape[1]), found.shape))


def test_rows_and_replicates_of_a_hypercube_are_shuffled_apart():
    """No two rows, and no two replicates of a row, use the slices in the same order; neighbours are unrelated on average."""
    cube, _ = points("lhs", 8 * 64)
    orders = np.array([np.floor(cube[:, r::8] * 64) for r in range(8)]).reshape(-1, 64)
    assert np.unique(orders, axis=0).shape[0] == orders.shape[0]
    together = np.corrcoef(orders)
    off = together[np.triu_indices(together.shape[0], 1)]
    assert abs(off.mean()) < 4.0 / np.sqrt(63 * off.size)
    assert off.std() == pytest.approx(1 / np.sqrt(63), rel=0.05)


@pytest.mark.parametrize(("design", "nets"), [("sobol", 8), ("importance", 16)])
@pytest.mark.parametrize("k", [1, 5, 8])
def test_a_net_has_one_point_in_each_slice(design, nets, k):
    """In every dimension, each replicate's (and each half's) first 2^k points lie one in each of 2^k slices."""
    cube, _ = points(design, nets << k)
    for net in range(nets):
        found = np.sort(np.floor(cube[:, net::nets] * 2.0**k).astype(int), axis=1)
        np.testing.assert_array_equal(found, np.broadcast_to(np.arange(1 << k), found.shape))


def test_the_first_two_dimensions_are_a_net_of_strength_nought():
    """In dimensions 1 and 2 every box of 2^a by 2^(k − a) holds exactly one point: a (0, k, 2)-net in base 2."""
    cube, own = points("sobol", 8 << 8)
    first, second = (int(np.flatnonzero(own.sobol == d)[0]) for d in (0, 1))
    for net in range(8):
        x, y = cube[first, net::8], cube[second, net::8]
        for a in range(9):
            boxes = np.floor(x * 2.0**a) * 2 ** (8 - a) + np.floor(y * 2.0 ** (8 - a))
            assert np.unique(boxes).size == 256, (net, a)


def test_early_dimensions_are_more_even_in_pairs_than_chance():
    """Over the first dozen dimensions, a grid of 16 by 16 boxes is filled far more evenly than by independent points."""
    cubes = {name: points(name, 8 << 8) for name in ("sobol", "random")}
    unevenness = {}
    for name, (cube, own) in cubes.items():
        rows = [int(np.flatnonzero(own.sobol == d)[0]) for d in range(12)]
        unevenness[name] = [
            np.histogram2d(cube[a, 0::8], cube[b, 0::8], 16, ((0, 1), (0, 1)))[0].var()
            for i, a in enumerate(rows) for b in rows[:i]
        ]  # fmt: skip
    assert np.mean(unevenness["random"]) == pytest.approx(1.0, rel=0.1)
    assert np.mean(unevenness["sobol"]) < 0.5


def test_replicates_are_independent_of_one_another():
    """Means of rows over replicates scatter as independent ones: no correlation between two replicates beyond chance."""
    for design in ("sobol", "lhs"):
        cube, own = points(design, 8 * 32)
        noise = np.array([cube[:, r::8].mean(axis=1) for r in range(8)]) - 0.5
        together = np.corrcoef(noise)[np.triu_indices(8, 1)]
        assert np.abs(together).max() < 4.5 / np.sqrt(own.dimensions), design


# ── registers ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_registers_of_sobol_dimensions_only_grow():
    """The first entries of both registers stand where they stood, none twice, and all within their room."""
    first = (
        "once/opening_gap", "once/productivity_mean", "once/policy", "axis/economy/destination", "axis/state/destination",
        "axis/workforce/destination", "axis/technology/destination", "axis/responsibility/destination",
        "axis/control/destination", "once/benefit", "once/opening_curse", "once/omitted", "once/delay", "once/start",
        "once/scope", "once/council", "once/uptake", "axis/economy/timing", "axis/state/timing", "axis/workforce/timing",
        "axis/technology/timing", "axis/responsibility/timing", "axis/control/timing", "once/benefit_lag", "axis/course",
        "axis/coupling",
    )  # fmt: skip
    yearly = (
        "noise/productivity", "noise/need", "noise/pay", "noise/funding", "axis/economy/noise", "axis/state/noise",
        "noise/inflation", "axis/economy/crisis", "noise/pandemic", "noise/list", "axis/workforce/noise",
        "axis/technology/noise", "axis/responsibility/noise", "axis/control/noise", "noise/acute", "noise/insurance",
        "axis/economy/crisis_size", *(f"noise/outcome_{k}" for k in range(8)), *(f"noise/sample_{k}" for k in range(8)),
        "noise/winter", "axis/mixing",
    )  # fmt: skip
    assert plan.FIRST_DRAWS[: len(first)] == first
    assert plan.YEARLY_DRAWS[: len(yearly)] == yearly
    every = plan.FIRST_DRAWS + plan.YEARLY_DRAWS
    assert len(set(every)) == len(every)
    assert len(plan.FIRST_DRAWS) <= plan.FIRST
    assert len(plan.YEARLY_DRAWS) <= plan.YEARLY
    assert (plan.FIRST, plan.YEARLY) == (40, 40)


@pytest.mark.parametrize("years", [1, 15, L.MAX_YEARS])
def test_every_stream_has_dimensions_of_its_own(years):
    """Every draw of a study, up to the longest, has its own Sobol' dimension, and there are direction numbers for it."""
    from stresstest.sampling.nets import direction_numbers

    own = plan_design(1, "dudley", years)
    assert np.unique(own.sobol).size == own.dimensions
    assert own.sobol.max() < len(direction_numbers())
    assert set(own.names) == set(plan.FIRST_DRAWS) | set(plan.YEARLY_DRAWS)


def test_the_design_of_analyses_is_the_plain_one():
    """What analyses draw by has no pairs and no replicates to speak of."""
    assert RANDOM_DESIGN.kind == "random"
    assert not RANDOM_DESIGN.antithetic
