"""Parts of the sensitivity analysis that live futures: twin, years, assumptions, clauses, inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice.failures import failures
from stresstest.advice.reading import read_cases
from stresstest.advice.sensitivity_assumptions import ALL_HELD, ALL_RELEASED, CONTRIBUTION, assumption_rows
from stresstest.advice.sensitivity_clauses import ANY_BASE, ANY_CHANGE, clause_rows, without
from stresstest.advice.sensitivity_columns import column_rows
from stresstest.advice.sensitivity_inputs import (
    Trial,
    changed,
    judged,
    quantity_of,
    switching_rows,
    tornado_rows,
)
from stresstest.advice.sensitivity_lived import error_name, measures_of, outcomes_of
from stresstest.advice.sensitivity_twin import LOCAL, ONCE, groups_of, independent, redrawn, twin_rows
from stresstest.advice.sensitivity_words import assumption_sentence, clause_sentence, input_sentence
from stresstest.advice.sensitivity_years import axis_paths, year_rows
from stresstest.analysis.evaluate import simulate
from stresstest.drivers.parameters import PARAMETERS
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import VERIFY_FIRST, plan_design
from stresstest.futures.resampling import key_of, uniforms
from stresstest.methods.cases import Cases

pytestmark = pytest.mark.unit


# ── the twin ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_groups_share_out_the_streams(small_source):
    """Every stream belongs to one group, but those that only join destinations; nothing redrawn is nothing changed."""
    study, scenario = small_source.study, small_source.scenario
    names = plan_design(study.seed, study.place.name, study.years).names
    groups = groups_of(study, scenario)
    count = np.sum(list(groups.values()), axis=0)
    alone = {name for name, times in zip(names, count, strict=True) if times == 0}
    assert alone == {"axis/course", "axis/coupling", "axis/mixing"}
    assert count.max() == 1
    inputs = study.kernel_inputs(scenario, (small_source.strategy,), RANDOM_DESIGN)
    same = redrawn(study, inputs, np.zeros(len(names), dtype=bool), False)
    np.testing.assert_array_equal(simulate(same, VERIFY_FIRST, 64), simulate(inputs, VERIFY_FIRST, 64))


def test_the_twin_is_independent(small_source):
    """Destinations of the twin have no correlation and years of the axes no link; the run's own have both."""
    apart, drawn = independent(small_source.study, small_source.scenario)
    assert drawn.dependence == "independent"
    assert small_source.scenario.dependence == "calibrated"
    own, twin = (axis_paths(replace(small_source, study=s, scenario=c), 2000) for s, c in (
        (small_source.study, small_source.scenario), (apart, drawn)))  # fmt: skip
    linked, free = (np.corrcoef(paths[3, L.ECONOMY], paths[3, L.STATE])[0, 1] for paths in (own, twin))
    assert abs(free) < 0.08
    assert abs(linked) > 0.15


def test_twin_rows_are_shares(small_source):
    """Each group has a first-order share no larger than its total one, within error; once-only draws come first."""
    rows = twin_rows(small_source.study, small_source.scenario, small_source.strategy, 512)
    assert {row["world"] for row in rows} == {"independent twin"}
    for row in rows:
        assert row["first_share"] < row["total_share"] + 4.0 * (row["first_share_error"] + row["total_share_error"])
    own = [row for row in rows if row["result"] == "commissioner_exposure_npv_gbp"]
    assert max(own, key=lambda row: row["total_share"])["group"] == ONCE
    assert LOCAL in {row["group"] for row in own}


# ── years ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_planted_year_is_found(small_source):
    """A result made of one axis's value of one year is explained there in full, and best there."""
    cases = read_cases(small_source, (), ["provider_surplus_npv_gbp"])
    paths = axis_paths(small_source, cases.n)
    noise = cases.result("provider_surplus_npv_gbp")
    planted = paths[4, L.WORKFORCE].astype(float)
    mixed = planted / planted.std() + 0.2 * noise / noise.std()
    rows = year_rows(small_source, replace(cases, results={"planted": mixed}), ["planted"])
    assert len(rows) == len(L.AXES) * small_source.study.years
    top = max(rows, key=lambda row: row["share"])
    assert (top["axis"], top["year"]) == ("workforce", small_source.study.year_labels[4])
    assert top["share"] == pytest.approx(1.0 / 1.04, abs=0.03)
    other = next(row for row in rows if row["axis"] == "responsibility" and row["year"] == top["year"])
    assert other["share"] < 0.1


def test_years_are_those_of_the_runs_own_futures(small_source, small_folder):
    """The mean over the years of an axis drawn again is what the run's table says of the same future."""
    cases = read_cases(small_source, ("state_mean", "economy_end"), [])
    paths = axis_paths(small_source, cases.n)
    np.testing.assert_allclose(paths[:, L.STATE].mean(axis=0), cases.values("state_mean"), rtol=1e-5)
    np.testing.assert_allclose(paths[-1, L.ECONOMY], cases.values("economy_end"), rtol=1e-4, atol=1e-7)


# ── assumptions ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_parts_add_up_to_the_change(small_source):
    """Contributions of a to g add up exactly to all released less all held, which are the lives of those two studies."""
    rows = assumption_rows(small_source, 64)
    parts = [row for row in rows if row["kind"] == CONTRIBUTION]
    by = {row["kind"]: row for row in rows}
    assert sorted(row["letter"] for row in parts) == list("abcdefg")
    for name in ("walks_away_probability", "exposure_gbp", "surplus_gbp"):
        whole = by["all released"][name] - by["all held"][name]
        assert sum(row[name] for row in parts) == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert by["change"][name] == pytest.approx(whole, rel=1e-9, abs=1e-9)
        assert all(row[error_name(name)] >= 0.0 for row in parts)
    gamed = next(one for one in small_source.strategies if one.name == "gamed")
    own = measures_of(outcomes_of(small_source.study, small_source.scenario, gamed, 64))
    assert by["all released"]["exposure_gbp"] == pytest.approx(own[1].mean(), rel=1e-12)


def test_an_assumption_the_study_holds_has_no_part(small_source):
    """An assumption that the study itself holds is not released, and has no row."""
    from stresstest.assumptions import hold

    rows = assumption_rows(replace(small_source, study=hold(small_source.study, "abcde")), 32)
    assert sorted(row["letter"] for row in rows if row["kind"] == CONTRIBUTION) == ["f", "g"]


# ── clauses ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _planted(source, price):
    clause = {"id": "planted", "kind": "payment", "payer": "provider", "payee": "commissioner", "fields": {"price": price}}
    return replace(source, study=source.study.with_contract(source.study.contract.with_clause(clause)))


def test_a_planted_bad_clause_comes_first(small_source):
    """A clause that takes £20m a year from the provider is blamed first, and without it the old contract is back."""
    ways = failures(small_source.study)[:4]
    bad = _planted(small_source, 2e7)
    rows = clause_rows(bad, ways, 512)
    assert rows[0]["clause"] == "planted"
    assert rows[0]["verdict"] == "does harm"
    assert rows[0]["walks_away_change_probability"] < -0.1
    assert "planted" in clause_sentence(rows)
    again = outcomes_of(bad.study.with_contract(without(bad.study.contract, "planted")), bad.scenario, bad.strategy, 64)
    np.testing.assert_array_equal(again, outcomes_of(small_source.study, bad.scenario, bad.strategy, 64))


def test_the_price_is_not_blamed(small_source):
    """Without the annual payment everything fails, so it comes last; a clause that pays nothing changes nothing."""
    rows = clause_rows(_planted(small_source, 0.0), failures(small_source.study)[:4], 512)
    assert rows[-1]["clause"] == "annual_payment"
    assert rows[-1][ANY_CHANGE] > 0.0
    idle = next(row for row in rows if row["clause"] == "planted")
    assert idle["verdict"] == "changes nothing"
    assert idle["exposure_change_gbp"] == 0.0


# ── inputs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_input_moves_alone(small_source):
    """Changing an input changes its own number in the kernel's vector and no other, whoever owns it."""
    study = small_source.study
    base = study.parameter_vector()
    for owner in ("place", "provider", "contract"):
        parameter = next(one for one in judged(study) if one.owner == owner)
        value = 0.5 * quantity_of(study, parameter).value
        new = changed(study, parameter, value).parameter_vector()
        moved = np.flatnonzero(new != base)
        assert moved.tolist() == [PARAMETERS.index(parameter)]
        assert new[moved[0]] == value


def test_the_tornado_is_ordered_and_paired(small_source):
    """Largest swing first; the swing is upper less lower; its paired error is below the unpaired one."""
    rows = tornado_rows(Trial(small_source, 128, 2))
    assert [row["swing_score"] for row in rows] == sorted((row["swing_score"] for row in rows), reverse=True)
    top = rows[0]
    assert top["swing_exposure_gbp"] == pytest.approx(top["at_upper_exposure_gbp"] - top["at_lower_exposure_gbp"])
    assert top["at_lower_value"] < top["base_value"] < top["at_upper_value"]
    last = [row for row in rows if row["swing_score"] > 0.0][-1]
    unpaired = np.hypot(last["at_lower_exposure_error_gbp"], last["at_upper_exposure_error_gbp"])
    assert last["swing_exposure_error_gbp"] < unpaired


def test_switching_values_switch(small_source):
    """At the value found the measure stands at the hurdle within its error; an idle input has none within bounds."""
    trial = Trial(small_source, 256, 2)
    found = tornado_rows(trial)
    rows = switching_rows(trial, found, 1)
    known = {f"{parameter.owner}.{parameter.key}": parameter for parameter in PARAMETERS}
    told = [row for row in rows if row["switching_value"] is not None]
    assert told
    for row in told:
        k = (0, 2, 1)[["losses" in row["hurdle"], "surplus" in row["hurdle"], "exposure" in row["hurdle"]].index(True)]
        mean = trial.at(known[row["key"]], row["switching_value"])
        assert abs(mean.values[k] - trial.levels[k]) < 1.5 * mean.errors[k]
        assert row["switching_value_error"] > 0.0
    idle = next(row for row in found if row["key"] == "contract.ending.hospital_fixed_share")
    none = switching_rows(trial, [idle], 1)
    assert {row["sentence"] for row in none} == {"none within bounds"}
    assert found[0]["key"] in input_sentence(found, rows)


def test_plus_or_minus_is_one_standard_error():
    """What stands after ± in sentences is one standard error, as pages say."""
    clause = {"clause": "x", "verdict": "does harm", ANY_BASE: 0.5, ANY_CHANGE: -0.1, f"{ANY_CHANGE}_error": 0.01,
              "exposure_change_gbp": 1e6}  # fmt: skip
    assert "± 1.0%" in clause_sentence([clause])
    parts = {"kind": CONTRIBUTION, "letter": "a", "assumption": "w", "exposure_gbp": 4e6, "exposure_error_gbp": 1e6}
    ends = [{"kind": kind, "exposure_gbp": 0.0} for kind in (ALL_HELD, ALL_RELEASED)]
    assert "± £1.00m" in assumption_sentence([parts, *ends])


def test_each_recorded_quantity_has_its_own_share():
    """By itself a count explains what it decides, whatever player of the game holds it; idle columns explain nothing."""
    count, idle = (uniforms(key_of(f"test/columns {k}"), 1, 4000)[0] for k in range(2))
    count = np.floor(3.0 * count)
    cases = Cases.of({"crisis_years": idle, "pandemic_years": count}, {"fails": (count == 2.0).astype(float)})
    rows = column_rows(cases, ["fails"])
    assert [row["input"] for row in rows] == ["pandemic_years", "crisis_years"]
    assert rows[0]["share"] == pytest.approx(1.0, abs=1e-9)
    assert abs(rows[1]["share"]) < 4.0 * rows[1]["share_error"] + 0.01
