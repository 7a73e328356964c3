"""The figures of a narrative are those of the draws and of the run, and ranks count the reference futures."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.evaluate import simulate_with_nature
from stresstest.analysis.narrative import events, figures, tell
from stresstest.analysis.replay import replay
from stresstest.drivers.parameters import slot
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import VERIFY_FIRST
from stresstest.futures.scenario import Scenario
from stresstest.report.narrative import narrate
from stresstest.report.statement import as_dict, as_text

pytestmark = pytest.mark.unit
REFERENCE = 48


def test_figures_are_those_of_the_draws_and_of_the_run(dudley, honest) -> None:
    """Averages, extremes and years follow from the draws alone; the opening and the outcomes from the machine."""
    study, scenario = dudley.study, dudley.study.scenarios[0]
    for future in (1, 7):
        of = tell(study, scenario, honest, future, REFERENCE)
        drawn = draw(study, scenario, future, 1)
        assert np.array_equal(of.axes, drawn.axes[:, :, 0])
        for a, axis in enumerate(L.AXES):
            assert of.values[f"{axis}_mean"] == pytest.approx(np.mean(drawn.axes[:, a, 0]), rel=1e-14)
            assert of.values[f"{axis}_end"] == drawn.axes[-1, a, 0]
        assert of.values["economy_worst"] == min(drawn.axes[:, L.ECONOMY, 0])
        assert of.years["falls"] == tuple(t for t in range(study.years) if drawn.axes[t, L.ECONOMY, 0] < 0.0)
        life = replay(study, scenario, honest, future)
        assert of.outcomes == life.outcomes
        assert of.values["opening_gap"] == pytest.approx(life.years[0].drivers["world_opening"] - 1.0)


def test_events_are_counted_as_the_machine_counts_them(dudley, honest) -> None:
    """Years with a fall, a surprise, a pandemic and a hard winter agree with the table of futures."""
    study = dudley.study
    scenario = Scenario("calibrated", "x", REFERENCE)
    drawn = draw(study, scenario, VERIFY_FIRST, REFERENCE)
    nature = simulate_with_nature(study.kernel_inputs(scenario, (honest,), RANDOM_DESIGN), VERIFY_FIRST, REFERENCE)[1]
    p = study.parameter_vector()
    names = {"falls": "crisis_years", "inflation": "inflation_surprises", "pandemic": "pandemic_years", "winter": "hard_winters"}
    for name, hits in events(drawn, p).items():
        assert np.array_equal(hits.sum(axis=0), nature[L.NATURE.index(names[name])]), name
        assert hits.any(), name
    assert slot("place.shock.winter_probability") >= 0


def test_ranks_count_the_reference_futures(dudley, honest) -> None:
    """Share of the calibrated law's futures below and above each figure, and how unusual that is."""
    study, law = dudley.study, Scenario("calibrated", "x", REFERENCE)
    of = tell(study, study.scenarios[0], honest, 3, REFERENCE)
    drawn = draw(study, law, VERIFY_FIRST, REFERENCE)
    out, nature = simulate_with_nature(study.kernel_inputs(law, (honest,), RANDOM_DESIGN), VERIFY_FIRST, REFERENCE)
    others = figures(drawn, study.parameter_vector(), out[0], nature)
    assert set(others) == set(of.values) == set(of.below) == set(of.above)
    for name in ("economy_mean", "opening_gap", "commissioner_exposure_npv_gbp", "winter_years"):
        assert of.below[name] == sum(others[name] < of.values[name]) / REFERENCE
        assert of.above[name] == sum(others[name] > of.values[name]) / REFERENCE
        assert of.unusual(name) == abs(of.below[name] - of.above[name])


def test_a_named_scenario_is_ranked_against_the_calibrated_law(dudley, honest) -> None:
    """State Supreme ends with a large state, and the story says so against the law that draws everything."""
    scenario = next(one for one in dudley.study.scenarios if one.name == "state-supreme")
    of = tell(dudley.study, scenario, honest, 2, REFERENCE)
    assert of.below["state_end"] >= 0.9
    assert "public spending averaged" in narrate(of).text.lower()


def test_the_statement_begins_with_the_story(dudley, honest) -> None:
    """`explain` prints the sentences before the years, and gives them with their facts to machines."""
    study, scenario = dudley.study, dudley.study.scenarios[0]
    life = replay(study, scenario, honest, 4)
    story = narrate(tell(study, scenario, honest, 4, REFERENCE))
    text = as_text(study, life, story)
    first = story.sentences[0].text.split()[:4]
    assert text.index(" ".join(first)) < text.index(f"\n{study.year_labels[0]}  ")
    assert story.note in " ".join(text.split())
    form = json.loads(json.dumps(as_dict(life, story)))
    assert next(iter(form)) == "narrative"
    assert form["narrative"]["sentences"][0]["facts"][0].keys() == {"name", "value", "shown"}
    assert "narrative" not in as_dict(life)
