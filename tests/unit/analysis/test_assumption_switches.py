"""What breaking one assumption does: the settings, their paired differences, and that the parts do not add up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.assumptions import (
    ALL_HELD,
    ALL_RELEASED,
    HELD_ALONE,
    INTERACTION,
    MEASURES,
    RELEASED_ALONE,
    SUM,
    read_outcomes,
    sentences,
    settings_of,
    switch_rows,
)
from stresstest.analysis.evaluate import Arena
from stresstest.assumptions import LETTERS, hold
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit
FUTURES = 60


@pytest.fixture(scope="module")
def rows(dudley, honest, gamed):
    """Dudley's table on a few futures."""
    return switch_rows(dudley.study, honest, gamed, FUTURES)


def row(rows, setting, letter="", part=""):
    """The one row of a setting."""
    found = [r for r in rows if (r["setting"], r["letter"]) == (setting, letter) and part in (r["assumption"], "")]
    assert len(found) == 1
    return found[0]


def outcomes(code, surplus, exposure):
    """out[OUTCOMES, n] with these columns."""
    out = np.zeros((len(L.OUTCOMES), len(exposure)))
    out[L.OUT["exit_cause_code"]], out[L.OUT["provider_surplus_npv_gbp"]] = code, surplus
    out[L.OUT["commissioner_exposure_npv_gbp"]] = exposure
    return out


def test_measures_by_hand():
    """200 futures: chances, means, and the mean of the two worst exposures."""
    code = np.zeros(200)
    code[:10], code[10:30] = L.EXIT_POLICY, L.EXIT_FIRST_ADVERSE + 2
    reading = read_outcomes(outcomes(code, np.full(200, 5.0), np.arange(200.0)))
    assert reading.values.tolist() == pytest.approx([0.10, 0.15, 5.0, 99.5, 198.5])
    assert reading.errors[0] == pytest.approx(math.sqrt(0.1 * 0.9 / 199))
    assert reading.errors[2] == 0.0


def test_influences_of_a_tail_mean_average_to_nothing():
    """Every influence has mean 0, and the tail's error is that of its formula: variance of the tail plus p · (cte − q)²."""
    rng = np.random.default_rng(3)
    exposure = rng.lognormal(size=5000)
    reading = read_outcomes(outcomes(np.zeros(5000), exposure, exposure))
    assert reading.influence.mean(axis=1) == pytest.approx(np.zeros(5), abs=1e-9)
    worst = np.sort(exposure)[-50:]
    expected = math.sqrt((worst.var() + 0.99 * (worst.mean() - worst[0]) ** 2) / 50)
    assert reading.errors[4] == pytest.approx(expected, rel=0.01)


def test_weights_count_as_repetition_does():
    """A future of weight 2 is one that stands there twice, for every measure; a common factor on all changes nothing."""
    rng = np.random.default_rng(5)
    exposure, code = rng.normal(size=300), rng.integers(0, 4, 300)
    times = rng.integers(0, 4, 300)
    weighed = read_outcomes(outcomes(code, -exposure, exposure), 7.0 * times)
    repeated = read_outcomes(outcomes(np.repeat(code, times), -np.repeat(exposure, times), np.repeat(exposure, times)))
    assert weighed.values == pytest.approx(repeated.values, rel=1e-12)
    assert weighed.influence.mean(axis=1) == pytest.approx(np.zeros(5), abs=1e-9)


def test_the_error_of_the_tail_mean_is_what_repetition_shows():
    """Over 400 samples the spread of the tail mean is the error that one sample states, on average."""
    rng = np.random.default_rng(4)
    read = [read_outcomes(outcomes(x * 0, x, x)) for x in rng.exponential(size=(400, 4000))]
    spread = np.std([reading.values[4] for reading in read], ddof=1)
    assert np.mean([reading.errors[4] for reading in read]) == pytest.approx(spread, rel=0.12)


def test_a_chance_that_nobody_met_has_the_error_of_one_future():
    """Nobody seen is not nobody there: a difference in which no future moved keeps an error above 0."""
    one = read_outcomes(outcomes(np.zeros(50), np.zeros(50), np.zeros(50)))
    assert (one - one).errors.tolist() == pytest.approx([0.02, 0.02, 0.0, 0.0, 0.0])


def test_settings_cover_all_ends_and_each_assumption_alone():
    """Two ends, seven released alone, seven held alone; gaming goes with g, and g has its two parts on each side."""
    settings = settings_of(LETTERS, True)
    assert [s.kind for s in settings[:2]] == [ALL_HELD, ALL_RELEASED]
    assert [s.holds for s in settings if s.kind == HELD_ALONE] == [(x,) for x in LETTERS]
    for s in settings:
        if s.kind == RELEASED_ALONE:
            assert set(s.holds) == set(LETTERS) - {s.letter}
        if s.kind in (ALL_HELD, ALL_RELEASED, RELEASED_ALONE, HELD_ALONE):
            assert s.games == ("g" not in s.holds)
        assert settings[s.base].kind == (ALL_RELEASED if s.kind.startswith((HELD_ALONE, ALL_HELD)) else ALL_HELD)
    assert len(settings) == 20
    assert [s.title for s in settings[-4:]] == ["opening price", "gaming", "opening price", "no gaming"]


def test_rows_are_the_studies_with_assumptions_held_on_common_futures(dudley, honest, gamed, rows):
    """Values and paired differences are those of separate runs of the held studies, future by future."""
    def exposure(letters, strategy):
        study = hold(dudley.study, letters)
        arena = Arena(study, study.scenarios[0], VERIFY_FIRST, FUTURES, 1)
        return arena.outcomes([strategy])[0][L.OUT["commissioner_exposure_npv_gbp"]]

    held_all, without_d = exposure("abcdefg", honest), exposure("abcefg", honest)
    found = row(rows, RELEASED_ALONE, "d")
    assert found["exposure_mean_gbp"] == pytest.approx(without_d.mean())
    change = without_d - held_all
    assert found["exposure_mean_gbp_change"] == pytest.approx(change.mean())
    assert found["exposure_mean_gbp_change_error"] == pytest.approx(change.std(ddof=1) / math.sqrt(FUTURES))
    assert (found["strategy"], found["compared_with"]) == ("honest", ALL_HELD)
    assert row(rows, ALL_RELEASED)["exposure_mean_gbp"] == pytest.approx(exposure("", gamed).mean())
    assert row(rows, HELD_ALONE, "g")["exposure_mean_gbp"] == pytest.approx(exposure("g", honest).mean())


def test_parts_and_interaction_add_up_to_the_whole(rows):
    """From either end, the seven changes and the interaction make the change from all held to all released."""
    whole = row(rows, ALL_RELEASED)
    for kind, sign in ((RELEASED_ALONE, 1.0), (HELD_ALONE, -1.0)):
        total, rest = row(rows, f"{SUM}, {kind}"), row(rows, f"{INTERACTION}, {kind}")
        for name in MEASURES:
            parts = sum(sign * r[f"{name}_change"] for r in rows if r["setting"] == kind)
            assert total[f"{name}_change"] == pytest.approx(parts, rel=1e-9, abs=1e-9)
            assert total[f"{name}_change"] + rest[f"{name}_change"] == pytest.approx(whole[f"{name}_change"], rel=1e-9, abs=1e-6)
            assert total[name] is None
            assert rest[f"{name}_change_error"] >= 0.0


def test_the_plan_world_ends_no_contract_and_each_policy_row_is_about_policy(rows):
    """With all held nobody leaves; releasing policy alone ends contracts, and never by losses."""
    assert row(rows, ALL_HELD)["exit"] == 0.0
    policy = row(rows, RELEASED_ALONE, "e")
    assert policy["exit"] > 0.1
    assert policy["exit_losses"] == 0.0
    assert row(rows, ALL_RELEASED)["exit_losses"] > 0.1


def test_what_the_study_holds_already_stays_held(dudley, honest, gamed):
    """A study with two of them held has rows for the other five, and no gaming once g is among the two."""
    study = hold(dudley.study, ["e", "g"])
    found = switch_rows(study, honest, gamed, 16)
    assert {r["letter"] for r in found} == {"", *"abcdf"}
    assert {r["strategy"] for r in found} == {"honest", ""}
    assert row(found, ALL_RELEASED)["exit"] == row(found, ALL_RELEASED)["exit_losses"]


def test_the_sentences_say_what_the_rows_say(rows):
    """One for both ends, one for each assumption with its figures, one for the parts of g, one for the interaction."""
    said = sentences(rows)
    assert len(said) == 10
    assert "in 0.0% of futures" in said[0]
    for letter, sentence in zip(LETTERS, said[1:8], strict=True):
        figure = row(rows, RELEASED_ALONE, letter)["exit_losses_change"]
        assert f"If only {letter} (" in sentence
        assert f"moves by {100 * figure:.1f} ±" in sentence.replace("−", "-")
    gaming = next(r for r in rows if (r["setting"], r["assumption"]) == (f"{RELEASED_ALONE}, part", "gaming"))
    assert f"gaming {100 * gaming['exit_losses_change']:.1f} ±" in said[8].replace("−", "-")
    assert said[9].startswith("The parts do not add up")
    whole = row(rows, ALL_RELEASED)["exit_losses_change"]
    assert f"together {100 * whole:.1f};" in said[9]


def test_threads_make_no_difference(dudley, honest, rows):
    """The table does not depend on the number of threads."""
    again = switch_rows(dudley.study, honest, Strategy("gamed", honest.levels), 8, jobs=1)
    threads = switch_rows(dudley.study, honest, Strategy("gamed", honest.levels), 8, jobs=4)
    assert again == threads
