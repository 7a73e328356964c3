"""Targets of precision: what is understood, what is refused and how, what is forecast, and when a target is reached."""

from __future__ import annotations

import math

import pytest

from stresstest.errors import ConfigError
from stresstest.measures.designs import Design
from stresstest.measures.moments import Estimate
from stresstest.measures.precision import MEASURES, Target, forecast, parse_target, reached

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "measure", "width", "relative"),
    [
        ("p_exit±0.001", "p_exit", 0.001, False), ("p_exit=±0.1%", "p_exit", 0.001, False),
        ("p_exit+-0.001", "p_exit", 0.001, False), (" p_exit_losses = +/- .5 % ", "p_exit_losses", 0.005, False),
        ("mean_surplus±£0.5m", "mean_surplus", 5e5, False), ("mean_surplus+-500k", "mean_surplus", 5e5, False),
        ("mean_exposure±£1.5bn", "mean_exposure", 1.5e9, False), ("mean_exposure±£500,000", "mean_exposure", 5e5, False),
        ("mean_exposure±1e6", "mean_exposure", 1e6, False), ("cte99_exposure±1%", "cte99_exposure", 0.01, True),
        ("mean_health±25", "mean_health", 25.0, False), ("mean_health±25 QALY", "mean_health", 25.0, False),
        ("mean_health±2%", "mean_health", 0.02, True),
    ],
)  # fmt: skip
def test_targets_are_understood(text, measure, width, relative):
    """A measure, a sign written in one of three ways, and a width: points, pounds, QALYs, or a share of the estimate."""
    found = parse_target(text)
    assert (found.measure, found.relative, found.text) == (measure, relative, text)
    assert found.width == pytest.approx(width, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p_exti±0.1", "no such measure"), ("±0.1", "no such measure"), ("", "no such measure"),
        ("p_exit", "no width"), ("p_exit=", "no width"), ("p_exit±", "no width"), ("p_exit 0.1", "no width"),
        ("p_exit±0", "above nothing"), ("p_exit±-0.1", "above nothing"), ("p_exit±0%", "above nothing"),
        ("p_exit±nan", "not a number"), ("p_exit±x", "not a number"), ("p_exit±0.1.2", "not a number"),
        ("p_exit±£5", "does not fit a probability"), ("p_exit±5", "does not fit a probability"),
        ("p_exit±100%", "does not fit a probability"), ("p_exit±5m", "does not fit a probability"),
        ("mean_surplus±3kg", "wrong unit"), ("mean_surplus±5QALY", "wrong unit"), ("mean_surplus±£5%", "wrong unit"),
        ("mean_health±£1m", "wrong unit"), ("mean_health±1m", "wrong unit"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_kindly(text, said):
    """An unknown measure, a width that is missing, not positive or in the wrong unit: key, value and what was expected."""
    with pytest.raises(ConfigError, match=said) as caught:
        parse_target(text)
    assert caught.value.key == "--until"
    assert caught.value.expected
    assert caught.value.exit_code == 2


def test_the_nearest_measure_is_named():
    """A misspelt measure is answered with the one that was meant, and with all that there are."""
    with pytest.raises(ConfigError) as caught:
        parse_target("p_exit_loses±0.1")
    assert caught.value.nearest == "p_exit_losses"
    assert all(name in caught.value.expected for name in MEASURES)


def test_a_target_is_reached_by_the_longer_side():
    """Both sides of the interval must be within the width, which may be a share of the estimate; no interval, no."""
    found = Estimate("mean_surplus", 100.0, 1.0, 98.0, 103.0)
    assert reached(parse_target("mean_surplus±3"), found)
    assert not reached(parse_target("mean_surplus±2.5"), found)
    assert reached(parse_target("mean_surplus±3%"), found)
    assert not reached(parse_target("mean_surplus±2.9%"), found)
    assert reached(parse_target("mean_surplus±3%"), Estimate("mean_surplus", -100.0, 1.0, -103.0, -98.0))
    assert not reached(parse_target("mean_surplus±1e9"), Estimate("mean_surplus", 100.0, 1.0))


PILOT = Estimate("mean_surplus", 100.0, 1.0, 98.0, 102.0)


@pytest.mark.parametrize(
    ("design", "futures", "word"),
    [
        (Design(), 16_000, "1 / √n"), (Design("random", 1, True), 16_000, "1 / √n"),
        (Design("lhs", 30), 16_020, "Latin"), (Design("sobol", 16), 16_384, "conservative"),
        (Design("importance", 10), 20_480, "conservative"), (Design("stratified"), 16_000, "1 / √n"),
    ],
)  # fmt: skip
def test_four_times_as_exact_takes_sixteen_times_as_many(design, futures, word):
    """A half-width of a quarter takes sixteen times the pilot, rounded up to what suits the design, and says on what ground."""
    found = forecast(Target("mean_surplus", 0.5, False, "…"), PILOT, 1000, design)
    assert found.futures == futures
    assert word in found.words


def test_a_pilot_without_an_interval_is_enlarged():
    """A pilot too small to show an interval asks for four times as many futures and says why."""
    found = forecast(parse_target("cte99_exposure±1%"), Estimate("cte99_exposure", 5.0, math.nan), 300, Design())
    assert found.futures == 1200
    assert "too small" in found.words


def test_a_share_of_nothing_is_refused():
    """A width relative to an estimate of nothing can never be reached, and is refused before anything is run."""
    with pytest.raises(ConfigError, match="share of nothing"):
        forecast(parse_target("mean_surplus±1%"), Estimate("mean_surplus", 0.0, 1.0, -2.0, 2.0), 100, Design())
