"""Planned savings that come in part, or late."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.evaluate import simulate_years
from stresstest.analysis.savings import SETTINGS, Setting, saving_rows, with_savings
from stresstest.assumptions import planned_benefit
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit

FUTURES = 600


@pytest.fixture(scope="module")
def certain(dudley):
    """The study without chance in productivity, and without technology's part in it."""
    return dudley.with_place(
        productivity__spread=0.0, productivity__noise=0.0, productivity__technology_low=0.0, productivity__technology_high=0.0,
        policy__break_probability=0.0,
    ).with_ending(reserve=1e10).study  # fmt: skip


@pytest.fixture(scope="module")
def rows(dudley, honest):
    """The table of Dudley."""
    return saving_rows(dudley.study, honest, FUTURES)


def driver(study, strategy, name):
    """A driver by year of some futures, float64[T, n]."""
    inputs = study.kernel_inputs(study.scenarios[0], (strategy,), RANDOM_DESIGN)
    yearly = simulate_years(inputs, VERIFY_FIRST, 64, len(study.line_names), drivers=True)
    return yearly[0, len(L.YEARLY) + len(study.line_names) + L.DRIVERS.index(name)]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("delay", [0, 2])
@pytest.mark.parametrize("work", [0.0, 0.5])
def test_productivity_grows_as_planned_from_its_year_on(certain, share, delay, work):
    """Nothing up to the year of the delay, then the share of the plan's growth each year, at the same cost of the work."""
    strategy = Strategy("honest", {"effort": 0.75, "efficiency": work})
    study, played = with_savings(certain, strategy, Setting(share, delay, ""))
    growth = share * math.log1p(certain.contract.plan["productivity_growth"].value)
    wanted = growth * np.maximum(0, np.arange(certain.years) - delay)
    np.testing.assert_allclose(np.log(driver(study, played, "world_productivity")), np.tile(wanted, (64, 1)).T, atol=1e-12)
    np.testing.assert_allclose(
        driver(study, played, "world_investment"), driver(certain, strategy, "world_investment"), rtol=1e-12
    )


def test_acute_care_falls_as_planned_and_when_planned(certain, honest):
    """The full cut is the plan's share, begins after the delay without a wait, and builds up over the plan's phase-in."""
    study, _ = with_savings(certain, honest, Setting(0.5, 3, ""))
    own = {name: study.place.parameters[f"acute.{name}"].value for name in (
        "benefit_mean", "lag_shortest", "lag_longest", "build_years", "benefit_spread",
    )}  # fmt: skip
    assert own["benefit_mean"] == pytest.approx(0.5 * planned_benefit(certain))
    assert own["lag_shortest"] == own["lag_longest"] == 3.0
    assert own["build_years"] == certain.contract.benchmark["phase_years"].value
    assert own["benefit_spread"] == certain.place.parameters["acute.benefit_spread"].value


def test_the_study_as_it_stands_is_untouched(dudley, honest):
    """The last row changes neither the study nor the strategy."""
    assert with_savings(dudley.study, honest, SETTINGS[-1]) == (dudley.study, honest)


def test_rows_are_compared_with_the_plan(rows):
    """The first row is the plan; a change is the difference of two rows, with a paired error smaller than their own."""
    assert [(row["share_of_plan"], row["delay_years"]) for row in rows] == [
        (1.0, 0), (0.5, 0), (0.0, 0), (1.0, 1), (1.0, 2), (1.0, 3), (None, None),
    ]  # fmt: skip
    assert rows[0]["words"] == "as planned"
    assert rows[0]["surplus_mean_gbp_change"] == rows[0]["exit_losses_change_error"] == 0.0
    for row in rows[1:]:
        for name in ("exit_losses", "surplus_mean_gbp", "exposure_mean_gbp", "health_mean_qaly"):
            assert row[f"{name}_change"] == pytest.approx(row[name] - rows[0][name])
        apart = math.hypot(row["surplus_error_gbp"], rows[0]["surplus_error_gbp"])
        assert 0.0 < row["surplus_mean_gbp_change_error"] < apart


def test_less_and_later_is_worse(rows):
    """Every half of the savings and every year of delay costs the provider, and ends more contracts."""
    for order in ((0, 1, 2), (0, 3, 4, 5)):
        surplus, losses = ([rows[k][name] for k in order] for name in ("surplus_mean_gbp", "exit_losses"))
        assert surplus == sorted(surplus, reverse=True)
        assert losses == sorted(losses)
        assert surplus[0] - surplus[-1] > 4.0 * rows[order[-1]]["surplus_mean_gbp_change_error"]


def test_a_varying_level_of_work_is_averaged(certain):
    """Efficiency work that differs from year to year counts at its mean, and growth is still the plan's."""
    strategy = Strategy("honest", {"efficiency": tuple(np.linspace(0.2, 0.8, certain.years))})
    study, played = with_savings(certain, strategy, Setting(1.0, 0, ""))
    growth = np.diff(np.log(driver(study, played, "world_productivity")), axis=0)
    np.testing.assert_allclose(growth, math.log1p(certain.contract.plan["productivity_growth"].value), atol=1e-12)
