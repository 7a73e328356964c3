"""The plain Python loop is the kernel's model: the same outcomes on the same draws, and the same law on its own."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import simulate
from stresstest.bench import loop, twin
from stresstest.bench.twin_detection import detection_uniform, four_words
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS
from stresstest.strategy import NULL, Strategy

pytestmark = pytest.mark.unit

EXACT = [L.OUT["exit_year_index"], L.OUT["exit_cause_code"]]
HONEST = {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5}


def pulled(share: float, *names: str) -> Strategy:
    """Honest work with these levers at a share of their highest."""
    return Strategy("+".join(names), {**HONEST, **{name: share * LEVERS[LEVER_NUMBER[name]].highest for name in names}})


def agrees(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether outcomes agree to 1e-9 of their own, or of their mean size where that is larger, and contracts end alike."""
    size = np.maximum(np.abs(wanted), np.abs(wanted).mean(axis=2, keepdims=True))
    return bool((np.abs(found - wanted) <= 1e-9 * size).all()) and np.array_equal(found[:, EXACT], wanted[:, EXACT])


def on_its_draws(study, strategies, first, n):
    """(loop's, kernel's) outcomes on the kernel's draws."""
    scenario = study.scenarios[0]
    inputs, draws = study.kernel_inputs(scenario, strategies), draw(study, scenario, first, n)
    return loop.simulate(inputs, first, n, draws.axes, draws.noise, draws.once), simulate(inputs, first, n)


@pytest.mark.parametrize("options", [(), ("place=Stockport",), ("contract=dudley-244m",)], ids=lambda o: "".join(o) or "shipped")
def test_the_loop_is_the_kernel(options):
    """Honest, idle and fully gaming providers have the kernel's outcomes to 1e-9, and end in its year and for its cause."""
    assert agrees(*on_its_draws(load_study("dudley", options), (pulled(0.0), NULL, pulled(0.5, *GAMING)), 0, 96))


def test_every_lever_by_itself(dudley):
    """Each gaming lever bends the loop's outcomes as it bends the kernel's."""
    assert agrees(*on_its_draws(dudley.study, tuple(pulled(0.8, name) for name in GAMING), 9000, 64))


def test_a_difference_is_seen(dudley):
    """The comparison fails where one number of the world is another one by a millionth."""
    wanted = dudley.outcomes(pulled(0.0), first=1, n=8)
    draws = draw(dudley.study, dudley.study.scenarios[0], 1, 8)
    found = loop.simulate(dudley.inputs(pulled(0.0)), 1, 8, draws.axes, draws.noise * (1.0 + 1e-6), draws.once)
    assert not agrees(found, wanted)


def test_one_future_is_a_row_of_them(dudley):
    """One future by itself, from nested lists, has the outcomes that it has among many."""
    inputs = dudley.inputs(pulled(0.0), NULL)
    draws = draw(dudley.study, dudley.study.scenarios[0], 1, 3)
    row = loop.one_future(
        loop.prepare(inputs), draws.axes[:, :, 2].tolist(), draws.noise[:, :, 2].tolist(), draws.once[:, 2].tolist()
    )
    many = loop.simulate(inputs, 1, 3, draws.axes, draws.noise, draws.once)
    assert np.array_equal(np.array(row), many[:, :, 2])
    assert all(type(number) is float for own in row for number in own)


def test_without_detection_nobody_is_found_out(dudley):
    """A lever that can be found out costs nothing where no uniforms of detection are given."""
    inputs, draws = dudley.inputs(pulled(1.0, "misreporting")), draw(dudley.study, dudley.study.scenarios[0], 1, 1)
    given = [draws.axes[:, :, 0].tolist(), draws.noise[:, :, 0].tolist(), draws.once[:, 0].tolist()]
    free = loop.one_future(loop.prepare(inputs), *given)[0]
    caught = loop.one_future(loop.prepare(inputs), *given, {"misreporting": [0.0] * inputs.years})[0]
    assert caught[0] < free[0] - 5e6


def test_its_own_draws_have_the_twins_law(dudley):
    """Means of every outcome on the standard library's draws lie within five standard errors of the twin's."""
    inputs, n = dudley.inputs(pulled(0.0)), 1500
    own, theirs = loop.simulate_drawn(inputs, n, 5)[0], twin.simulate_drawn(inputs, 20 * n, 5)[0]
    assert own.shape == (len(L.OUTCOMES), n)
    error = np.sqrt(own.var(axis=1) / n + theirs.var(axis=1) / (20 * n))
    assert (np.abs(own.mean(axis=1) - theirs.mean(axis=1)) <= 5.0 * error + 1e-9).all()


def test_threefry_has_its_published_answers():
    """Two of the published known answers of Threefry4x32-20, as integers and side by side as an array."""
    ones = 0xFFFFFFFF
    assert four_words(0, 0, 0, (0, 0, 0, 0)) == (0x9C6CA96A, 0xE17EAE66, 0xFC10ECD4, 0x5256A7D8)
    futures = np.array([3, 1 << 40], dtype=np.uint64)
    many = detection_uniform(futures, 6, (1, 2, 3, ones))
    assert many.tolist() == [detection_uniform(int(future), 6, (1, 2, 3, ones)) for future in futures]


def test_another_contract_is_refused():
    """A contract of other clauses is refused before anything is lived."""
    study = load_study("dudley", ("contract=dudley-status-quo",))
    with pytest.raises(ConfigError, match="only the clauses"):
        loop.prepare(study.kernel_inputs(study.scenarios[0], (NULL,)))
