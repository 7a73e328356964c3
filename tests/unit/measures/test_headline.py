"""The register of measures: the same number from a run folder and from arrays, and what each one is."""

from __future__ import annotations

import numpy as np
import pytest
from made_run import make_run

from reference import estimates as slow
from stresstest import layout as L
from stresstest.measures.designs import Design
from stresstest.measures.headline import EXPOSURE, HEALTH, MEASURES, PUBLIC, SURPLUS, of_arrays, of_folder

pytestmark = pytest.mark.unit

WANTED = {
    "p_exit", "p_exit_losses", "p_exit_policy", "mean_surplus", "median_surplus", "p_surplus_negative", "mean_exposure",
    "median_exposure", "p95_exposure", "cte95_exposure", "cte99_exposure", "mean_public_exposure", "mean_health",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of 1500 weighted futures in eight replicates."""
    design = {"kind": "importance", "replicates": 8, "antithetic": False}
    return make_run(tmp_path_factory.mktemp("run"), 1500, parts=3, design=design)


@pytest.fixture(scope="module")
def out(made):
    """out[OUTCOMES, n] of the honest strategy, without future 0."""
    table = np.zeros((len(L.OUTCOMES), 1500))
    for name, values in (
        (EXPOSURE, made.exposure),
        (SURPLUS, made.surplus),
        (PUBLIC, made.exposure),
        (HEALTH, made.exposure),
    ):
        table[L.OUT[name]] = values["honest"][1:]
    table[L.OUT["exit_cause_code"]] = made.cause["honest"][1:]
    return table


def test_the_register_holds_what_a_run_may_be_asked(made):
    """Every measure that --until knows is there, with words, a unit, and a column that the machine hands back."""
    assert set(MEASURES) >= WANTED
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert measure.words
        assert measure.unit in ("probability", "GBP", "QALY")
        assert measure.column in L.OUT


@pytest.mark.parametrize("name", MEASURES)
def test_folder_and_arrays_agree(made, out, name):
    """A measure of a run folder is that of the arrays of the same futures, error and interval too, under its own name."""
    design = Design("importance", 8)
    one = of_folder(name, made.folder, "calibrated")
    two = of_arrays(name, out, made.weights[1:], made.groups[1:], design)
    assert one.statistic == name
    for field in ("value", "error", "low", "high"):
        assert getattr(one, field) == pytest.approx(getattr(two, field), rel=1e-9), field
    assert one.method == two.method
    assert one.low <= one.value <= one.high


def test_measures_are_what_they_say(made, out):
    """Chances, means, percentiles and tails by plain loops over the futures."""
    w = made.weights[1:]
    cause = made.cause["honest"][1:]
    x = out[L.OUT[EXPOSURE]].tolist()
    chance = {"p_exit": cause > 0, "p_exit_policy": cause == 1, "p_exit_losses": cause > 1}
    chance["p_surplus_negative"] = out[L.OUT[SURPLUS]] < 0
    expected = {name: w[event].sum() / w.sum() for name, event in chance.items()}
    expected |= {
        "mean_exposure": slow.mean(x, w.tolist()), "median_exposure": slow.quantile(x, w.tolist(), 0.5),
        "p95_exposure": slow.quantile(x, w.tolist(), 0.95),
        "cte95_exposure": slow.tail_mean(x, w.tolist(), 0.05, True),
        "cte99_exposure": slow.tail_mean(x, w.tolist(), 0.01, True),
        "p5_surplus": slow.quantile(out[L.OUT[SURPLUS]].tolist(), w.tolist(), 0.05),
    }  # fmt: skip
    for name, value in expected.items():
        assert of_folder(name, made.folder, "calibrated").value == pytest.approx(value), name


def test_another_strategy_has_other_numbers(made):
    """The strategy's own futures are read."""
    found = of_folder("mean_surplus", made.folder, "calibrated", "gamed").value
    assert found == pytest.approx(slow.mean(made.surplus["gamed"][1:].tolist(), made.weights[1:].tolist()))
