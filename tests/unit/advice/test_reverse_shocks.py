"""The space of shocks: z is independent standard normal in real draws, and holding it gives the futures that it says."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice.failures import failures
from stresstest.advice.reverse_lab import Lab, Prober, scores
from stresstest.advice.reverse_shocks import Space, lasting
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import simulate_with_nature
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.resampling import key_of, normals

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def space(small_folder):
    """The space of the small run."""
    from stresstest.advice.source import Source

    source = Source.of(small_folder)
    return Space.of(source.study, source.scenario)


def test_real_draws_are_independent_standard_normals(space):
    """The coordinates of 4,096 drawn futures have mean 0, spread 1 and no correlation; numbers of events keep their steps."""
    z = space.coordinates(draw(space.study, space.scenario, 1, 4096, variates=True, design=RANDOM_DESIGN).variates)
    steps = [k for k, shock in enumerate(space.shocks) if shock.name == "inflation" or shock.kind == "count"]
    assert np.abs(np.delete(z.mean(axis=1), steps)).max() < 0.08
    assert np.abs(np.delete(z.std(axis=1), steps) - 1.0).max() < 0.05
    assert np.abs(z.mean(axis=1)).max() < 0.25
    assert np.abs(np.corrcoef(z) - np.eye(len(z))).max() < 0.08


def test_held_shocks_stand_in_every_future(space, small_source):
    """With the shocks held, every future has the opening gap, the benefit and the destinations that z says."""
    z = normals(key_of("test/reverse"), len(space.shocks), 1)[:, 0]
    lab = Lab.of(space, small_source.strategy, 1, 128)
    _, nature = simulate_with_nature(lab.at(z), 1, 128)
    values = dict(zip(space.names, space.values(z), strict=True))
    np.testing.assert_allclose(nature[L.NATURE.index("benefit_full")], values["benefit"], atol=1e-7)
    gap = nature[L.NATURE.index("opening_gap")] - values["opening_gap"] - values["bid"]
    place = space.study.place.parameters
    left = np.array([place["opening.omitted_size"].value * nature[L.NATURE.index("omitted_item")]
                     + place["opening.staleness"].value * nature[L.NATURE.index("start_delay")]])[0]  # fmt: skip
    np.testing.assert_allclose(gap, left, atol=1e-7)
    ends = nature[6:12].mean(axis=1)
    noise = space.study.law.table[:, 8]
    for axis in ("responsibility", "control", "technology"):
        a = L.AXES.index(axis)
        assert ends[a] == pytest.approx(values[axis], abs=6.0 * noise[a] / np.sqrt(128) + 0.02)


def test_other_draws_go_on(space, small_source):
    """Holding the shocks leaves the rest to chance: delays and paths differ between futures, held numbers do not."""
    lab = Lab.of(space, small_source.strategy, 1, 256)
    _, nature = simulate_with_nature(lab.at(np.zeros(len(space.shocks))), 1, 256)
    for name in ("start_delay", "state_mean", "economy_mean"):
        assert nature[L.NATURE.index(name)].std() > 0.0
    assert nature[L.NATURE.index("pandemic_years")].max() == 0.0
    held = space.values(np.zeros(len(space.shocks)))[space.names.index("crises")]
    assert held == 1.0
    assert nature[L.NATURE.index("crisis_years")].mean() == pytest.approx(1.0, abs=0.9)


def test_the_space_has_the_law_of_the_run(space, small_source):
    """The mean of P(z) over draws of z is the run's own share of failures: nothing is lost by holding."""
    failing = failures(small_source.study)[:4]
    prober = Prober(Lab.of(space, small_source.strategy, 1, 32), failing)
    chances = prober.chances(normals(key_of("test/law"), len(space.shocks), 192).T)
    out = small_source.live(2000)[0]
    columns = dict(zip(L.OUTCOMES, out, strict=True))
    for k, one in enumerate(failing):
        share, error = one.failing(columns).mean(), np.hypot(chances[:, k].std() / np.sqrt(192), 0.011)
        assert abs(chances[:, k].mean() - share) < 4.0 * error


def test_an_axis_alone_takes_the_others_along(space):
    """Moving one axis by one standard deviation moves the others by their correlation with it, at distance 1."""
    k = space.names.index("economy")
    way = space.direction(k)
    assert np.linalg.norm(way) == pytest.approx(1.0)
    sizes = space.sizes(way)
    wanted = space.study.law.correlation[L.ECONOMY, space.axes]
    np.testing.assert_allclose(sizes[: len(space.axes)], wanted, atol=1e-12)


def test_inflation_has_its_quantiles(space):
    """The sum of rises at z has the share Φ(z) below it, in 20,000 draws of its own law; below its zeros there is none."""
    u = draw(space.study, space.scenario, 1, 20_000, variates=True, design=RANDOM_DESIGN).variates
    first = space.plan.offset("noise/inflation")
    p, size = (space.study.place.parameters[f"cost.inflation_{name}"].value for name in ("probability", "size"))
    rows = u[first + 1 : first + space.study.years]
    total = np.where(rows < p, -size * np.log(rows / p), 0.0).sum(axis=0)
    for z in (0.5, 1.0, 2.0):
        from scipy.special import ndtr

        assert (total <= space.inflation_total(z)).mean() == pytest.approx(ndtr(z), abs=0.012)
    assert space.inflation_total(-1.0) == 0.0


def test_points_are_remembered_and_threads_change_nothing(space, small_source):
    """The same point costs nothing twice, and the chances do not depend on the number of threads."""
    failing, points = failures(small_source.study)[:2], normals(key_of("test/memory"), len(space.shocks), 3).T
    one, two = (Prober(Lab.of(space, small_source.strategy, 2, 64), failing, jobs) for jobs in (1, 2))
    np.testing.assert_array_equal(one.blocks_of(points), two.blocks_of(points))
    lived = one.futures_lived
    one.chances(points)
    assert one.futures_lived == lived == 3 * 128


def test_small_sums():
    """A lasting surprise builds up, and scores stay finite where nobody or everybody fails."""
    np.testing.assert_allclose(lasting(np.array([1.0, 0.0, 1.0]), 0.5), [1.0, 0.5, 1.25])
    found = scores(np.array([0.0, 0.5, 1.0]), 99)
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(0.0, abs=1e-12)
    assert found[0] == pytest.approx(-found[2])
