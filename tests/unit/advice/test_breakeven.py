"""How much would be enough: targets, what is turned, the value that is found, and what it costs."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.breakeven import agrees, breakeven
from stresstest.advice.breakeven_goals import BEARABLE, default_goals, goal
from stresstest.advice.breakeven_handles import UPLIFT_ID, handles, standard, with_yearly
from stresstest.advice.breakeven_sample import Sample, ratio
from stresstest.advice.breakeven_solve import Problem, solve
from stresstest.advice.breakeven_words import told_health, told_pounds
from stresstest.advice.failures import failure, present
from stresstest.advice.sentences import LONGEST, sentence_lengths
from stresstest.advice.source import Source, columns_of
from stresstest.errors import ConfigError, DataError
from stresstest.measures.designs import Design

pytestmark = pytest.mark.unit
EXPOSURE = "commissioner_exposure_npv_gbp"


def hasty(source: Source) -> Source:
    """The source with a provider that finds its answer on few futures."""
    return replace(source, study=replace(source.study, search=replace(source.study.search, polish_futures=32)))


@pytest.fixture
def quick(small_source) -> Source:
    """The small run, quickly answered."""
    return hasty(small_source)


@pytest.fixture(scope="module")
def made(small_folder):
    """One analysis of two handles on the small run."""
    return breakeven(hasty(Source.of(small_folder)), keys=("opening_price", "dead_band"))


def test_targets_are_read(small_source):
    """A chance, a chance of a comparison, a mean and quantiles; 10% and 0.1 are one."""
    study = small_source.study
    assert goal(study, "P(walks_away) <= 10%").bound == goal(study, "walks_away <= 0.1").bound == 0.1
    own = goal(study, "P(health_qaly_npv < 500) >= 0.2")
    assert own.sign == -1.0
    assert own.score({"health_qaly_npv": np.array([400.0, 600.0])}).tolist() == [1.0, 0.0]
    mean = goal(study, "mean health_qaly_npv >= 2,000")
    assert (mean.chance, mean.sign, mean.bound) == (False, -1.0, 2000.0)
    high = goal(study, f"p95 {EXPOSURE} <= 5e8")
    assert high.bound == pytest.approx(0.05)
    assert high.score({EXPOSURE: np.array([4e8, 6e8])}).tolist() == [0.0, 1.0]
    low = goal(study, "p5 provider_surplus_npv_gbp >= 0")
    assert low.bound == pytest.approx(0.05)
    assert low.score({"provider_surplus_npv_gbp": np.array([-1.0, 1.0])}).tolist() == [1.0, 0.0]
    assert {one.name: one.bound for one in default_goals(study)} == BEARABLE


@pytest.mark.parametrize(
    "text", ["enough", "P(walks_awy) <= 10%", "walks_away <= 150%", "mean helth >= 2", "p100 health_qaly_npv <= 1"]
)
def test_targets_that_mean_nothing_are_refused(small_source, text):
    """A target that cannot be read gets a ConfigError."""
    with pytest.raises(ConfigError):
        goal(small_source.study, text)


def test_what_is_turned_is_what_changes(small_source):
    """Every standard handle at today's value leaves outcomes as they are, and at another value moves its own number."""
    study = small_source.study
    names = {one.name for one in standard(study)}
    assert {"opening_margin", "opening_price", "yearly_uplift", "efficiency", "reserve", "loss_cap", "collar_edge"} <= names
    now = small_source.live(256)
    for one in standard(study):
        np.testing.assert_array_equal(small_source.live(256, one.change(study, one.now)), now)
        assert one.low <= one.now <= one.high
    reserve = next(one for one in standard(study) if one.name == "reserve").change(study, 7e6)
    assert reserve.contract.ending["reserve"].value == 7e6
    margin = handles(study, ("provider.opening.margin=0:0.1",))[0]
    assert (margin.low, margin.high) == (0.0, 0.1)
    assert margin.change(study, 0.05).provider.parameters["opening.margin"].value == 0.05
    clause = handles(study, ("contract.annual_payment.growth_floor",))[0]
    assert clause.change(study, 0.02).contract.first("annual_payment").at(3)["growth_floor"] == 0.02


@pytest.mark.parametrize("key", ["opening_prise", "contract.annual_payment.form", "reserve=5:1", "reserve=a:b", "place.no.such"])
def test_keys_that_mean_nothing_are_refused(small_source, key):
    """A name that does not exist, an entry that is no number, or bounds without room get a ConfigError."""
    with pytest.raises(ConfigError):
        handles(small_source.study, (key,))


def test_a_yearly_uplift_compounds_behind_the_payment(small_source):
    """The clause stands straight behind the annual payment and pays (1 + u)^t − 1 of it; without an uplift there is none."""
    study = small_source.study
    assert with_yearly(study, 0.0) is study
    ids = [term.id for term in with_yearly(study, 0.02).contract.terms]
    assert ids.index(UPLIFT_ID) == ids.index("annual_payment") + 1
    term = with_yearly(study, 0.02).contract.terms[ids.index(UPLIFT_ID)]
    assert [term.at(t)["price"] for t in (0, 1, 14)] == pytest.approx([0.0, 0.02, 1.02**14 - 1.0])
    lower, same, higher = (small_source.live(512, with_yearly(study, u))[0, 0].mean() for u in (-0.01, 0.0, 0.01))
    assert lower < same < higher


def test_the_value_found_is_just_enough(quick):
    """At the value the target is met in the run's own futures and not at the other end of the bracket; twice the same."""
    goals = default_goals(quick.study)
    price = handles(quick.study, ("opening_price",))[0]
    found, again = (solve(Problem.of(quick, goals), price, goals[0]) for _ in range(2))
    assert found.crossing == again.crossing
    lost = failure(quick.study, "walks_away")

    def share(x):
        return lost.failing(columns_of(quick.live(2000, price.change(quick.study, x))[0])).mean()

    assert share(found.value) <= 0.10 < share(found.crossing.misses)
    assert found.sure.low < found.value < found.sure.high
    assert found.sure.error == pytest.approx(np.sqrt(0.09 / 2000) / abs(found.sure.slope), rel=0.15)
    assert 0.3 * found.sure.error < found.sure.error_blocks < 3.0 * found.sure.error


def test_a_higher_price_is_paid_for(quick):
    """The commissioner's cost of a higher price is what its exposure and the agreed budget together rise by."""
    study = quick.study
    goals = default_goals(study)
    problem, price = Problem.of(quick, goals), handles(study, ("opening_price",))[0]
    found = solve(problem, price, goals[0])
    dearer = price.change(study, found.value)
    before, after = (columns_of(quick.live(2000, one)[0])[EXPOSURE] for one in (study, dearer))
    by_hand = after.mean() - before.mean() + present(dearer, 0) - present(study, 0)
    assert found.told["commissioner_change_gbp"] == pytest.approx(by_hand, rel=1e-9)
    raised = problem.columns(dearer, quick.live(2000, dearer)[0])
    np.testing.assert_allclose(raised[EXPOSURE], after + present(dearer, 0) - present(study, 0))


def test_the_answer_says_it_with_figures(made):
    """The first sentence names the price found; what does not move the risk enough is said to be so; the check holds."""
    rows = {row["handle"]: row for row in made.tables["solutions"]}
    assert made.ok
    assert rows["opening_price"]["status"] == "needed"
    assert rows["opening_price"]["value_words"] in made.answer[0]
    assert rows["dead_band"]["status"] == "out of reach"
    assert rows["dead_band"]["value"] is None
    assert any("Not enough by itself" in line for line in made.answer)
    assert {row["failure"] for row in made.tables["other_targets"]} == set(BEARABLE) - {"walks_away"}
    assert any(row["status"] == "no effect" for row in made.tables["other_targets"])
    for row in made.tables["solutions"]:
        assert row["as_is_probability_error"] > 0.0
    json.loads(made.as_json())


def test_sentences_are_short_and_have_one_standard_error(made):
    """One short sentence answers; none is long; after ± stands one standard error."""
    (first,) = sentence_lengths(made.answer[0])
    assert first <= 36
    assert all(max(sentence_lengths(text)) <= LONGEST for text in (*made.answer, *made.notes))
    assert told_pounds(-3e6, 5e5) == "saves £3.00m ± £500k"
    assert told_health(-40.0, 3.0) == "40 ± 3 fewer QALYs"
    row = next(row for row in made.tables["solutions"] if row["handle"] == "opening_price")
    assert told_pounds(row["public_change_gbp"], row["public_change_error_gbp"]) in made.answer[1]


def test_the_folder_is_written(made, tmp_path):
    """Tables and record are written, and text and JSON can be made."""
    folder = made.write(tmp_path / "out")
    assert (folder / "solutions.csv").is_file()
    assert (folder / "advice.json").is_file()
    assert "enough" in made.as_text()


def test_a_target_that_is_met_says_so(quick):
    """A contract that meets its target is enough as it is, and what there is to spare is told."""
    found = breakeven(quick, "P(walks_away) <= 99%", ("reserve", "opening_price"))
    assert "enough as it is" in found.answer[0]
    rows = {row["handle"]: row["status"] for row in found.tables["solutions"]}
    assert rows == {"reserve": "met throughout", "opening_price": "met throughout"}


def test_a_mean_can_be_asked_for(quick):
    """A mean surplus of nothing needs a price at which the mean is nothing, in the run's own futures."""
    wanted = float(quick.live(2000)[0, 0].mean()) + 5e6
    found = breakeven(quick, f"mean provider_surplus_npv_gbp >= {wanted:.0f}", ("opening_price",))
    row = found.tables["solutions"][0]
    assert row["solved_mean"] == pytest.approx(wanted, abs=2e6)
    assert row["solved_mean"] >= wanted - 1.0
    assert row["as_is_mean"] == pytest.approx(wanted - 5e6)


def test_what_disagrees_with_fresh_futures_fails():
    """A solution whose risk on fresh futures is far from what was solved for fails the check."""
    near = {"fresh_probability": 0.11, "solved_probability": 0.1}
    near |= {"fresh_probability_error": 0.01, "solved_probability_error": 0.01}
    assert agrees([near, {"handle": "unsolved"}])
    assert not agrees([{**near, "fresh_probability": 0.2}])


def test_too_few_futures_are_refused(small_source):
    """A run of ten futures is refused with a DataError."""
    few = replace(small_source, manifest={**small_source.manifest, "futures": {"calibrated": 10}})
    with pytest.raises(DataError, match="too few futures"):
        breakeven(few)


def test_weights_and_groups_count():
    """Weighted means are weighted; futures that come in dependent groups have larger errors; nobody seen is not nobody there."""
    x = np.array([0.0, 1.0] * 200)
    weight = np.where(x > 0.0, 3.0, 1.0)
    assert Sample(weight, np.arange(400), Design()).mean(x).value == pytest.approx(0.75)
    groups = np.repeat(np.arange(16), 25)
    alike = (groups % 2).astype(float)
    alone = Sample(np.ones(400), groups, Design()).mean(alike)
    together = Sample(np.ones(400), groups, Design("sobol", 16)).mean(alike)
    assert together.error > 3.0 * alone.error
    never = Sample(np.ones(400), groups, Design()).share(np.zeros(400))
    assert never.value == 0.0 < never.error
    assert never.high > 0.0


def test_quantiles_and_ratios_have_errors():
    """A weighted quantile lies in its interval; a ratio of means equals the means' ratio with a positive error."""
    sample = Sample(np.ones(1000), np.arange(1000), Design())
    x = np.linspace(0.0, 1.0, 1000)
    found = sample.quantile(x, 0.95)
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(0.95, abs=0.002)
    value, error = ratio(sample, 2.0 * x + 0.1 * np.sin(50.0 * x), x)
    assert value == pytest.approx(2.0, abs=0.02)
    assert 0.0 < error < 0.02
