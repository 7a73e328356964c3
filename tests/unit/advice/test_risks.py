"""The risk register scored: what each risk costs whom in the same futures, bands and grades, and who should bear it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice.breakeven_sample import Sample
from stresstest.advice.risks import _astray, borne, risks
from stresstest.advice.risks_bearers import bearer_row, best_able
from stresstest.advice.risks_cost import COLUMN, GAMED_VIEW, HONEST_VIEW, Ledger, changed, live_all, strategies_for
from stresstest.advice.risks_neutral import planned, settings, without
from stresstest.advice.risks_score import grade, score_row, together_rows
from stresstest.advice.sentences import LONGEST, points, sentence_lengths
from stresstest.advice.source import Source
from stresstest.config.risk_register import PARTIES, load_register
from stresstest.errors import DataError
from stresstest.measures.designs import Design
from stresstest.units import pounds

pytestmark = pytest.mark.unit
REGISTER = load_register()
RISKS = {one.id: one for one in REGISTER.risks}


@pytest.fixture(scope="module")
def ledger(small_folder) -> Ledger:
    """Every risk of the standard register lived on the small run."""
    return live_all(Source.of(small_folder), REGISTER)


@pytest.fixture(scope="module")
def made(small_folder):
    """The whole analysis of the small run."""
    return risks(Source.of(small_folder))


def made_up(cost: np.ndarray, party: str = "commissioner") -> Ledger:
    """A ledger of one risk that costs one party `cost`; every party has £1m and can bear £0.1m."""
    costs = {party_: np.zeros_like(cost) for party_ in PARTIES} | {party: cost}
    sample = Sample(np.ones(cost.size), np.arange(cost.size), Design())
    has, can = dict.fromkeys(PARTIES, 1e6), dict.fromkeys(PARTIES, 1e5)
    surplus = {HONEST_VIEW: np.zeros_like(cost)}
    return Ledger(sample, (HONEST_VIEW,), {"inflation": {HONEST_VIEW: costs}}, {HONEST_VIEW: costs}, has, can, surplus)


def test_the_plan_is_what_the_contract_says(small_source):
    """A funding risk at the plan grows as planned with no link left, and no limit cuts that off."""
    study = small_source.study
    found = settings(study, RISKS["funding"])
    growth = study.contract.plan["funding_growth"].value
    assert found["place.funding.constant"] == growth
    assert found["place.funding.low"] <= growth <= found["place.funding.high"]
    clean = without(study, [RISKS["funding"]])
    assert clean.place.parameters["funding.state_link"].value == 0.0
    assert study.place.parameters["funding.state_link"].value != 0.0
    need = without(study, [RISKS["need_growth"]]).place.lines
    assert {line.need_growth for line in need} == {planned(study, "lines.need_growth")}


def test_a_risk_made_nothing_of_does_not_happen(small_source):
    """Without the opening risks the price meets the cost, and without pandemics there is none; nothing else of nature moves."""
    players = strategies_for(small_source)[:1]
    own = ("opening_baseline", "winners_curse", "omitted_item", "late_start")
    _, before = changed(small_source, small_source.study, players, 300, 1)
    _, after = changed(small_source, without(small_source.study, [RISKS[name] for name in own]), players, 300, 1)
    gap, pandemics = L.NATURE.index("opening_gap"), L.NATURE.index("pandemic_years")
    np.testing.assert_allclose(after[gap], 0.0, atol=1e-12)
    assert np.abs(before[gap]).max() > 0.01
    np.testing.assert_array_equal(after[pandemics], before[pandemics])
    _, calm = changed(small_source, without(small_source.study, [RISKS["pandemic"]]), players, 300, 1)
    assert calm[pandemics].max() == 0.0 < before[pandemics].max()


def test_axes_are_held_at_today(small_source):
    """A risk with an axis holds it at today's value in every year and leaves the other axes alone."""
    players = strategies_for(small_source)[:1]
    _, before = changed(small_source, small_source.study, players, 300, 1)
    _, after = changed(small_source, without(small_source.study, [RISKS["pay_and_vacancies"]]), players, 300, 1)
    assert np.ptp(after[L.WORKFORCE]) == 0.0 < np.ptp(before[L.WORKFORCE])
    np.testing.assert_array_equal(after[L.RESPONSIBILITY], before[L.RESPONSIBILITY])


def test_stranded_cost_is_the_hospitals(small_source, ledger):
    """Cost that stays at the hospital is all that the hospital bears here, and costs nobody else under the clauses anything."""
    costs = ledger.costs["stranded_cost"][HONEST_VIEW]
    out = small_source.live(ledger.sample.n)[0]
    np.testing.assert_allclose(costs["hospital"], out[L.OUT["hospital_exposure_npv_gbp"]], atol=1e-6)
    for party in ("commissioner", "provider", "council", "residents"):
        np.testing.assert_array_equal(costs[party], 0.0)


def test_scope_costs_what_is_never_run(small_source, ledger):
    """Without the hazard of falling, residents would have their health where nothing starts, and no change elsewhere."""
    out, nature = changed(small_source, small_source.study, strategies_for(small_source)[:1], ledger.sample.n, 1)
    starts = nature[L.NATURE.index("starts")] == 1.0
    costs = ledger.costs["never_starts"][HONEST_VIEW]["residents"]
    assert np.all(costs[starts] == 0.0)
    lost = out[0, L.OUT["health_qaly_npv"]][~starts]
    assert np.all(np.abs(costs[~starts]) <= np.abs(lost) + 1e-9)
    assert costs.mean() > 0.0


def test_gaming_is_the_difference_of_the_strategies(small_source, ledger):
    """As the contract is, gaming costs nothing; with gaming it costs what the gamed strategy does beyond the honest one."""
    own = ledger.costs["gaming"]
    assert all(np.all(x == 0.0) for x in own[HONEST_VIEW].values())
    out = small_source.live(ledger.sample.n, strategies=strategies_for(small_source))
    change = np.diff(out[:, L.OUT["commissioner_exposure_npv_gbp"]], axis=0)[0]
    np.testing.assert_allclose(own[GAMED_VIEW]["commissioner"], change, atol=1e-6)
    assert np.abs(change).max() > 0.0


def test_costs_at_once_are_counted_from_the_plan(ledger, made, small_source):
    """A party's outcome as it is lies as far from that of the plan come true as all risks at once cost it, in its own sense."""
    players = strategies_for(small_source)
    out, _ = changed(small_source, small_source.study, players, ledger.sample.n, 1)
    for party, (name, sense) in COLUMN.items():
        np.testing.assert_allclose(ledger.as_it_is(party), out[0, L.OUT[name]], rtol=1e-12, atol=1e-6)
        unit = "qaly" if party == "residents" else "gbp"
        row = next(one for one in made.tables["parties"] if one["party"] == party)
        whole = next(one for one in made.tables["together"] if (one["party"], one["view"]) == (party, HONEST_VIEW))
        far = sense * (row[f"as_it_is_{unit}"] - row[f"without_risks_{unit}"])
        assert far == pytest.approx(whole[f"together_{unit}"], rel=1e-9, abs=1e-6)
    assert any(row["without_risks_gbp"] for row in made.tables["parties"])


def test_all_together_is_not_the_sum(ledger):
    """The interaction is what all risks cost at once less the sum of each, for every party, with a paired error."""
    rows = together_rows(ledger, REGISTER)
    assert {row["view"] for row in rows} == {HONEST_VIEW, GAMED_VIEW}
    for row in rows:
        unit = "qaly" if row["party"] == "residents" else "gbp"
        assert row[f"interaction_{unit}"] == pytest.approx(row[f"together_{unit}"] - row[f"sum_{unit}"], abs=1e-3)
    own = next(row for row in rows if row["party"] == "commissioner")
    assert abs(own["interaction_gbp"]) > 3.0 * own["interaction_error_gbp"]


def test_scores_by_hand():
    """A cost of £40,000 of £1m in 30 of 100 futures: likely (4), 4% of what it has (4), score 16, extreme; mean £12,000."""
    cost = np.zeros(1000)
    cost[:300] = 40_000.0
    row = score_row(made_up(cost), REGISTER, RISKS["inflation"], HONEST_VIEW, "commissioner")
    assert (row["likelihood_band"], row["impact_band"], row["score"], row["grade"]) == (4, 4, 16, "● extreme")
    assert row["likelihood_probability"] == pytest.approx(0.3)
    assert row["impact_gbp"] == pytest.approx(40_000.0)
    assert row["impact_share"] == pytest.approx(0.04)
    assert row["mean_cost_gbp"] == pytest.approx(12_000.0)
    assert row["mean_cost_error_gbp"] == pytest.approx(40_000.0 * np.sqrt(0.21 / 999), rel=1e-3)
    assert row["likelihood_low"] < 0.3 < row["likelihood_high"]


def test_what_never_happens_is_one_by_one():
    """A risk that costs nothing is 1 × 1, low, and at most 3 in n likely."""
    row = score_row(made_up(np.zeros(600)), REGISTER, RISKS["inflation"], HONEST_VIEW, "commissioner")
    assert (row["likelihood_band"], row["impact_band"], row["score"], row["grade"]) == (1, 1, 1, "■ low")
    assert row["likelihood_high"] == pytest.approx(3.0 / 600)
    assert row["impact_gbp"] is None
    assert "never in 600 futures" in row["told"]


def test_grades_have_their_edges():
    """15 is extreme, 14 high, 8 high, 7 moderate, 4 moderate, 3 low."""
    assert [grade(k).split(" ")[1] for k in (25, 15, 14, 8, 7, 4, 3, 1)] == [
        "extreme", "extreme", "high", "high", "moderate", "moderate", "low", "low",
    ]  # fmt: skip


def test_who_is_best_able():
    """Control first, as far as it can be carried; beyond that, and where nobody controls, who can carry most."""
    can = {"commissioner": 100.0, "provider": 10.0, "hospital": 1.0, "council": 2.0, "residents": 0.0}
    assert best_able(("provider", "commissioner"), 5.0, can)[0] == "provider"
    assert best_able(("provider", "commissioner"), 50.0, can)[0] == "commissioner"
    assert best_able(("provider",), 50.0, can)[0] == "provider, then commissioner"
    assert best_able((), 50.0, can)[0] == "commissioner"
    assert best_able(("nhs_england",), 50.0, can)[0] == "commissioner"
    assert "nothing to carry" in best_able(("hospital",), 0.0, can)[1]


def test_a_bearer_out_of_joint_is_flagged():
    """A party that neither controls a risk nor can carry its worst is flagged; one that can carry it is not."""
    risk = replace(RISKS["inflation"], controls=("provider",))
    cost = np.linspace(0.0, 4e5, 1000)
    row = bearer_row(made_up(cost, "hospital"), risk, HONEST_VIEW)
    assert (row["bears_most"], row["flag"]) == ("hospital", "neither controls it nor can carry it")
    assert row["bears_load"] == pytest.approx(3.8, rel=0.01)
    assert bearer_row(made_up(0.1 * cost, "hospital"), risk, HONEST_VIEW)["flag"] == ""


def test_the_register_is_ranked_and_told(made):
    """One row a risk, gravest first, with both views; every grade has a word and a symbol; the first sentence counts them."""
    rows = made.tables["register"]
    assert [row["number"] for row in rows] == list(range(1, len(RISKS) + 1))
    assert {row["id"] for row in rows} == set(RISKS)
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert all(row["score"] == row["likelihood_band"] * row["impact_band"] for row in rows)
    assert all(row["grade"][0] in "●▲◆■" for row in rows)
    assert "score_with_gaming" in rows[0]
    assert f"{len(RISKS)} risks" in made.answer[0]
    assert rows[0]["title"] in made.answer[0]
    assert len(made.tables["scores"]) == 2 * len(RISKS) * len(PARTIES)
    json.loads(made.as_json())


def test_sentences_are_short_and_have_one_standard_error(made):
    """One short sentence answers; none is long; after ± stands the tables' own error; no figure has a hyphen for a minus."""
    assert all(max(sentence_lengths(text)) <= LONGEST for text in (*made.answer, *made.notes))
    (first,) = sentence_lengths(made.answer[0])
    assert first <= 35
    assert not any(text.count(" -") for text in made.answer)
    row = made.tables["register"][0]
    one = next(x for x in made.tables["scores"] if (x["risk"], x["party"]) == (row["id"], row["party"]))
    if one["impact_gbp"] is not None:
        assert f"{pounds(one['impact_gbp'])} ± {pounds(one['impact_error_gbp'])} on average then" in made.answer[1]
    assert f"± {points(one['likelihood_probability_error'])} of futures" in made.answer[1]
    own = next(x for x in made.tables["together"] if x["party"] == "provider")
    assert f"(difference {pounds(own['interaction_gbp'])} ± {pounds(own['interaction_error_gbp'])})" in made.answer[-1]


def test_who_gains_is_said_to_gain():
    """The verb turns with the sign, in money and in health, with one standard error."""
    health = {"mean_cost_gbp": None, "mean_cost_qaly": -229.0, "mean_cost_error_qaly": 10.7}
    assert borne(health, "residents") == "gives residents 229 ± 10.7 QALYs"
    assert borne({**health, "mean_cost_qaly": 229.0}, "residents") == "costs residents 229 ± 10.7 QALYs"
    assert borne({"mean_cost_gbp": -2e6, "mean_cost_error_gbp": 1e5}, "the provider") == "gives the provider £2.00m ± £100k"


def test_a_long_list_of_risks_is_told_in_several_sentences(ledger):
    """Twelve risks that lie with the wrong party are all named, and no sentence is long."""
    row = {"view": ledger.views[0], "flag": "x", "bears_most": "hospital", "best_able": "provider, then commissioner"}
    said = _astray([{**row, "title": f"A risk of number {k}"} for k in range(12)], ledger)
    assert len(said) > 1
    assert all(f"a risk of number {k} (" in " ".join(said) for k in range(12))
    assert max(length for text in said for length in sentence_lengths(text)) <= LONGEST


def test_a_run_without_gaming_has_one_view(small_source):
    """Where the run has no gamed strategy there is one view, and gaming costs nothing."""
    honest = {name: levels for name, levels in small_source.manifest["strategies"].items() if name == "honest"}
    alone = replace(small_source, manifest={**small_source.manifest, "strategies": honest})
    few = replace(REGISTER, risks=(RISKS["gaming"], RISKS["stranded_cost"]))
    found = risks(alone, register=few)
    assert found.facts["views"] == [HONEST_VIEW]
    assert "score_with_gaming" not in found.tables["register"][0]
    assert next(row for row in found.tables["register"] if row["id"] == "gaming")["score"] == 1


def test_too_few_futures_for_a_register(small_source):
    """Ten futures are too few."""
    few = replace(small_source, manifest={**small_source.manifest, "futures": {"calibrated": 10}})
    with pytest.raises(DataError, match="too few futures"):
        risks(few)
