"""The numpy twin is the kernel's model: the same outcomes on the same draws, and the same law on its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import simulate
from stresstest.bench import twin
from stresstest.bench.twin_draw import TwinLaw, draw_axes
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.levers import GAMING, LEVER_NUMBER, LEVERS
from stresstest.strategy import NULL, Strategy

pytestmark = pytest.mark.unit

STUDIES = ((), ("place=Stockport",), ("contract=dudley-244m",))
EXACT = [L.OUT["exit_year_index"], L.OUT["exit_cause_code"]]
HONEST = {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5}


def pulled(share: float, *names: str) -> Strategy:
    """Honest work with these levers at a share of their highest."""
    return Strategy("+".join(names), {**HONEST, **{name: share * LEVERS[LEVER_NUMBER[name]].highest for name in names}})


def largest_error(found: np.ndarray, wanted: np.ndarray) -> float:
    """Largest difference as a share of the outcome, or of its mean size where the future's own is smaller."""
    size = np.maximum(np.abs(wanted), np.abs(wanted).mean(axis=2, keepdims=True))
    return float((np.abs(found - wanted) / np.where(size > 0.0, size, 1.0)).max())


def both(study, strategies, first, n, **options):
    """(twin's, kernel's) outcomes on the kernel's draws."""
    scenario = study.scenarios[0]
    inputs, draws = study.kernel_inputs(scenario, strategies), draw(study, scenario, first, n)
    return twin.simulate(inputs, first, n, draws.axes, draws.noise, draws.once, **options), simulate(inputs, first, n)


@pytest.mark.parametrize("options", STUDIES, ids=lambda options: "".join(options) or "shipped")
def test_the_twin_is_the_kernel(options):
    """Honest, idle and fully gaming providers have the kernel's outcomes to 1e-9, and end in its year and for its cause."""
    found, wanted = both(load_study("dudley", options), (pulled(0.0), NULL, pulled(0.5, *GAMING)), 0, 512)
    assert largest_error(found, wanted) < 1e-9
    assert np.array_equal(found[:, EXACT], wanted[:, EXACT])
    assert len(np.unique(wanted[0, EXACT[1]])) > 3


def test_every_lever_by_itself(dudley):
    """Each gaming lever bends the twin's outcomes as it bends the kernel's."""
    strategies = (pulled(0.0), *(pulled(0.8, name) for name in GAMING))
    found, wanted = both(dudley.study, strategies, 5000, 256)
    assert largest_error(found, wanted) < 1e-9
    assert np.array_equal(found[:, EXACT], wanted[:, EXACT])
    idle = [name for name, own in zip(GAMING, wanted[1:], strict=True) if np.array_equal(own, wanted[0])]
    assert not idle


def test_levels_may_change_by_year(dudley):
    """A strategy whose intensities differ from year to year is lived year by year."""
    levels = {"effort": (1.0, 0.2), "upcoding": (0.0, 0.0, 0.1), "walk_away": (0.0, 1.0), "prevention": (2.0, 0.0)}
    strategy = Strategy("late", levels)
    found, wanted = both(dudley.study, (strategy,), 1, 200)
    assert largest_error(found, wanted) < 1e-9


def test_ends_of_a_contract(dudley):
    """A rescue, a guarantee, longer notice and a fee for leaving are the kernel's too."""
    for ending in ({"rescue": 1.0}, {"guarantee": 2e7, "notice_years": 2.0, "exit_fee": 1e7}):
        study = dudley.with_ending(**ending).study
        found, wanted = both(study, (pulled(0.0), pulled(1.0, "walk_away")), 1, 200)
        assert largest_error(found, wanted) < 1e-9
        assert np.array_equal(found[:, EXACT], wanted[:, EXACT])


def test_a_floor_of_prevention_is_paid_back(dudley):
    """The floor that Dudley left blank works where it is filled in."""
    study = dudley.with_terms(prevention_floor__floor=0.01).study
    found, wanted = both(study, (pulled(0.0), pulled(1.0, "prevention_run_off")), 1, 128)
    assert largest_error(found, wanted) < 1e-9


def test_chunks_leave_no_trace(dudley):
    """A future's outcomes do not depend on the chunk that it fell into."""
    strategies = (pulled(0.0), pulled(0.5, *GAMING))
    whole, _ = both(dudley.study, strategies, 1, 100, chunk=100)
    parts, _ = both(dudley.study, strategies, 1, 100, chunk=32)
    assert np.allclose(parts, whole, rtol=1e-12, atol=1e-6)


def test_its_own_draws_have_the_kernels_law(dudley):
    """Means and spreads of every outcome on SFC64's draws lie within five standard errors of the kernel's."""
    inputs, n = dudley.inputs(pulled(0.0), pulled(0.5, "upcoding", "misreporting")), 20000
    own, theirs = twin.simulate_drawn(inputs, n, 7), simulate(inputs, 1, n)
    assert np.array_equal(own, twin.simulate_drawn(inputs, n, 7))
    for power in (1, 2):
        a, b = own**power, theirs**power
        error = np.sqrt((a.var(axis=2) + b.var(axis=2)) / n)
        assert (np.abs(a.mean(axis=2) - b.mean(axis=2)) <= 5.0 * error + 1e-9).all()


def test_axes_have_the_kernels_law(dudley):
    """Mean, spread and correlation of the six axes in every year are those of the kernel's draws, within five standard errors."""
    from numpy.random import SFC64, Generator

    n, law = 20000, TwinLaw(dudley.inputs(NULL))
    own, theirs = draw_axes(law, Generator(SFC64(3)), n), draw(dudley.study, dudley.study.scenarios[0], 1, n).axes
    spread = theirs.std(axis=2)
    assert (np.abs(own.mean(axis=2) - theirs.mean(axis=2)) <= 5.0 * spread * np.sqrt(2.0 / n)).all()
    assert np.allclose(own.std(axis=2), spread, rtol=0.08)
    for t in (0, 7, 14):
        assert np.abs(np.corrcoef(own[t]) - np.corrcoef(theirs[t])).max() < 5.0 * np.sqrt(2.0 / n)


def test_a_scenario_gives_its_destinations(dudley):
    """Where a scenario says where the axes end, the twin's axes end there on average."""
    scenario = next(one for one in dudley.study.scenarios if one.name == "state-supreme")
    from numpy.random import SFC64, Generator

    inputs = dudley.study.kernel_inputs(scenario, (NULL,))
    own = draw_axes(TwinLaw(inputs), Generator(SFC64(3)), 4000)[-1]
    theirs = draw(dudley.study, scenario, 1, 4000).axes[-1]
    assert (np.abs(own.mean(axis=1) - theirs.mean(axis=1)) <= 5.0 * theirs.std(axis=1) * np.sqrt(2.0 / 4000)).all()


def test_another_contract_is_refused():
    """A contract of other clauses is refused, with the contracts that would do."""
    study = load_study("dudley", ("contract=dudley-status-quo",))
    inputs = study.kernel_inputs(study.scenarios[0], (NULL,))
    with pytest.raises(ConfigError, match=r"(?s)terms.*dudley-5\.5bn"):
        twin.simulate_drawn(inputs, 8, 1)


def test_another_form_of_a_clause_is_refused(dudley):
    """The same clauses in a form that the twin does not know are refused by the field's name."""
    inputs = dudley.with_terms(gain_loss_share__settlement="cumulative").inputs(NULL)
    with pytest.raises(ConfigError, match=r"gain_loss_share\.settlement"):
        twin.simulate_drawn(inputs, 8, 1)


def test_a_law_of_several_courses_is_refused(dudley):
    """Own draws stand for one course, normally joined; anything else is refused."""
    inputs = dudley.inputs(NULL)
    doubled = replace(inputs, law=(inputs.law[0], np.repeat(inputs.law[1], 2, axis=0), *inputs.law[2:]))
    with pytest.raises(ConfigError, match="one course"):
        twin.simulate_drawn(doubled, 8, 1)
