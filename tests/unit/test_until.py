"""`run --until`: what a precision takes, refusals, and growing until it is reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stresstest import until
from stresstest.errors import ConfigError
from stresstest.futures.design import Design
from stresstest.measures.precision import parse_target
from stresstest.until import limit_of, with_count, with_futures

pytestmark = pytest.mark.unit


@pytest.fixture
def heard():
    """What the program said."""
    return []


def ask(dudley, honest, tmp_path, heard, text, design="random", consent=False):
    """A study with as many futures as a target is forecast to take."""
    study = replace(dudley.study, design=Design(design))
    return with_futures(study, parse_target(text), honest, tmp_path, 2, consent, heard.append)


def test_the_forecast_follows_the_square_root(dudley, honest, tmp_path, heard):
    """Half the width takes four times the futures, and the cost is said before anything runs."""
    wide = ask(dudley, honest, tmp_path, heard, "p_exit±0.02").futures
    narrow = ask(dudley, honest, tmp_path, heard, "p_exit±0.01").futures
    assert narrow == pytest.approx(4 * wide, rel=0.01)
    assert f"{narrow:,} futures" in heard[-1]
    assert "GB" in heard[-1]


def test_a_net_is_a_power_of_two(dudley, honest, tmp_path, heard):
    """Nets of a forecast are whole ones, sixteen of them."""
    futures = ask(dudley, honest, tmp_path, heard, "p_exit±0.01", "sobol").futures
    assert futures % 16 == 0
    assert (futures // 16) & (futures // 16 - 1) == 0


def test_a_long_run_is_refused_with_its_cost(dudley, honest, tmp_path, heard):
    """Days of work need consent, and the message says how many futures and how long; with --yes it goes on."""
    with pytest.raises(ConfigError) as refused:
        ask(dudley, honest, tmp_path, heard, "p_exit±0.000002")
    assert "--yes" in str(refused.value)
    assert "days" in str(refused.value)
    assert ask(dudley, honest, tmp_path, heard, "p_exit±0.00001", consent=True).futures > 1_000_000_000


def test_some_precision_cannot_be_had(dudley, honest, tmp_path, heard):
    """More futures than can be drawn are refused even with consent."""
    with pytest.raises(ConfigError, match="No run can be that exact"):
        ask(dudley, honest, tmp_path, heard, "p_exit±0.0000000001", consent=True)


def test_the_effective_configuration_carries_the_number(dudley):
    """A grown study can be reproduced from its own configuration, without --until."""
    grown = with_count(dudley.study, 12_345)
    assert grown.configuration["study"]["futures"] == grown.scenarios[0].futures == grown.futures == 12_345
    assert grown.inputs_hash != dudley.study.inputs_hash
    assert dudley.study.configuration["study"]["futures"] == dudley.study.futures


def test_growing_stops_at_four_times_the_forecast(dudley, monkeypatch, heard, tmp_path):
    """A target that stays out of reach ends at the limit and not in an endless run."""
    target = parse_target("p_exit±0.001")

    class Wide:
        reach, value, low, high, method = 0.02, 0.8, 0.78, 0.82, "independent futures"

    monkeypatch.setattr(until, "of_folder", lambda *_: Wide())
    monkeypatch.setattr(until, "reached", lambda *_: False)
    monkeypatch.setattr(until.Design, "of", staticmethod(lambda _: until.Design()))
    study = with_count(dudley.study, 1000)
    grow = until.grower(target, limit_of(study), heard.append)
    sizes = []
    while (study := grow(tmp_path, study)) is not None:
        sizes.append(study.futures)
    assert sizes == [4000]


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.2, "3 seconds"), (150.0, "2 minutes"), (9000.0, "2 hours"), (200_000.0, "2 days")]
)
def test_durations_are_said_in_a_fitting_unit(seconds, words):
    """The unit of which there are at least two."""
    assert until._duration(seconds) == words
