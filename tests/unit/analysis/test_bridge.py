"""The bridge from the start to the low point: parts that add up, against the kernel's own sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.bridge import (
    AS_IT_IS,
    DRIVERS,
    FIXED,
    LEFT,
    LOW,
    START,
    bridge_rows,
    parts_to_date,
    with_every_fix,
)  # fmt: skip
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.kernel.project import trace
from stresstest.levers import LEVER_NUMBER, LEVERS

pytestmark = pytest.mark.unit

FUTURES = 256
PENNY = 0.01


@pytest.fixture(scope="module")
def fixes():
    """A gaming table with a fix of two levers, one of which does not pay."""
    def row(lever, gain):
        return {"lever": lever, "fix": LEVERS[LEVER_NUMBER[lever]].fixes[0].words, "gain_mean_gbp": gain}

    return [{"lever": "best combination", "fix": "all the fixes below together", "gain_mean_gbp": 1e8},
            row("upcoding", 1e7), row("low_bid", 10.0)]  # fmt: skip


@pytest.fixture(scope="module")
def rows(dudley, honest, gamed, fixes):
    """The bridge of the first two scenarios."""
    study = replace(dudley.study, scenarios=dudley.study.scenarios[:2])
    return bridge_rows(study, honest, gamed, fixes, FUTURES)


def traced(study, strategy):
    """Adverse sums by cause, float64[T, 8, n], of the bridge's own futures, as the kernel keeps them."""
    inputs = study.kernel_inputs(study.scenarios[0], (strategy,), RANDOM_DESIGN)
    n, years, terms = FUTURES, study.years, len(study.line_names)
    states = np.zeros((years, len(L.STATES), n))
    trace(
        VERIFY_FIRST, n, years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal, inputs.strategies[0],
        inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, np.zeros((years, 6, n)),
        np.zeros((years, len(L.NOISE), n)), np.zeros((len(L.ONCE), n)), np.zeros((years, terms, n)),
        np.zeros((years, len(L.DRIVERS), n)), states,
    )  # fmt: skip
    return states[:, L.S_ADVERSE : L.S_ADVERSE + len(L.ADVERSE)]


@pytest.mark.parametrize("played", ["honest", "gamed"])
def test_parts_are_the_kernels_own_sums(dudley, played, request):
    """Year by year each cause is the sum that the kernel keeps to say why a contract ended, with the sign turned."""
    strategy = request.getfixturevalue(played)
    parts, weight = parts_to_date(dudley.study, strategy, dudley.study.scenarios[0], FUTURES)
    kernel = traced(dudley.study, strategy)
    assert weight.tolist() == [1.0] * FUTURES
    for k, cause in enumerate(L.ADVERSE):
        np.testing.assert_allclose(parts[cause], -kernel[:, k], atol=PENNY, err_msg=cause)


@pytest.mark.parametrize("levels", [{}, {"walk_away": 0.5}])
def test_every_future_closes_to_the_penny(dudley, gamed, levels):
    """In every year of every future the parts add up to the surplus to date, early leavers and their fee included."""
    study = dudley.with_ending(exit_fee=2e6).study
    strategy = replace(gamed, levels={**gamed.levels, **levels})
    parts, _ = parts_to_date(study, strategy, study.scenarios[0], FUTURES)
    np.testing.assert_allclose(sum(parts[name] for name in DRIVERS), parts[LOW], atol=PENNY)
    assert bool(np.any(parts["fee for leaving"] < 0.0)) == bool(levels)


def test_rows_run_from_start_to_low_point(rows):
    """Each bridge begins at nothing, its changes add up to the low point, and what is left over is below a penny."""
    settings = list(dict.fromkeys((row["contract"], row["strategy"], row["scenario"]) for row in rows))
    assert len(settings) == 6
    assert (FIXED, "gamed") not in {one[:2] for one in settings}
    for setting in settings:
        own = [row for row in rows if (row["contract"], row["strategy"], row["scenario"]) == setting]
        assert [row["driver"] for row in own] == [START, *DRIVERS, LEFT, LOW]
        assert [row["order"] for row in own] == list(range(len(own)))
        assert own[0]["change_gbp"] == 0.0
        assert sum(row["change_gbp"] for row in own[:-1]) == pytest.approx(own[-1]["change_gbp"], abs=PENNY)
        assert abs(own[-2]["change_gbp"]) < PENNY
        assert [row["kind"] for row in own] == ["start", *["change"] * (len(DRIVERS) + 1), "level"]
    for scenario in {one[2] for one in settings}:
        assert len({row["to_year"] for row in rows if row["scenario"] == scenario}) == 1


def test_the_difference_is_that_of_the_same_futures(rows):
    """With every fix each row holds its difference from the contract as it is, and its error is that of the pairs."""
    own = {(r["contract"], r["driver"]): r for r in rows if r["strategy"] == "honest" and r["scenario"] == rows[0]["scenario"]}
    for driver in (START, *DRIVERS, LOW):
        base, fixed = own[AS_IT_IS, driver], own[FIXED, driver]
        assert base["difference_gbp"] is None
        assert fixed["difference_gbp"] == pytest.approx(fixed["change_gbp"] - base["change_gbp"], abs=PENNY)
        assert fixed["difference_error_gbp"] <= fixed["change_error_gbp"] + base["change_error_gbp"] + PENNY


def test_the_low_point_is_the_lowest_mean(dudley, honest, rows):
    """The last row is the lowest of the yearly means of cumulative surplus, in its year, with the error of that mean."""
    inputs = dudley.study.kernel_inputs(dudley.study.scenarios[0], (honest,), RANDOM_DESIGN)
    from stresstest.analysis.evaluate import simulate_years

    lived = simulate_years(inputs, VERIFY_FIRST, FUTURES, 0)[0, L.YEAR["cumulative_surplus_gbp"]]
    low = next(row for row in rows if row["driver"] == LOW)
    assert low["change_gbp"] == pytest.approx(lived.mean(axis=1).min())
    assert low["to_year"] == dudley.study.year_labels[int(lived.mean(axis=1).argmin())]
    assert low["change_error_gbp"] == pytest.approx(lived[lived.mean(axis=1).argmin()].std(ddof=1) / FUTURES**0.5)


def test_every_fix_of_the_table_is_laid_and_no_other(dudley, fixes, rows):
    """The fix of a lever that pays stands in the contract; one that does not pay, or no fix at all, changes nothing."""
    fixed = with_every_fix(dudley.study, fixes)
    assert fixed != dudley.study
    assert with_every_fix(dudley.study, [*fixes[:1], fixes[2]]) == dudley.study
    assert {row["contract"] for row in rows} == {AS_IT_IS, FIXED}
