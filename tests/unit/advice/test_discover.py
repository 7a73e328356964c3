"""Regions of a small real run and of plain tables: found on one half, judged on the other, said in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.discover import discover, discover_of_table, regions
from stresstest.advice.discover_regions import look, sampled, thinned
from stresstest.advice.failures import chosen, failure
from stresstest.advice.reading import AXIS_MEANS, read_cases
from stresstest.errors import ConfigError
from stresstest.methods.cases import Cases

pytestmark = pytest.mark.unit


def corner(n=3000, seed=1, high=0.8):
    """A table whose answer is known: failing is likelier where a > 0.5 and b < 0.4; c is idle and still never varies."""
    draw = np.random.default_rng(seed)
    a, b, c = draw.uniform(size=(3, n))
    y = draw.uniform(size=n) < np.where((a > 0.5) & (b < 0.4), high, 0.1)
    return Cases.of({"a": a, "b": b, "c": c, "still": np.full(n, 3.0)}, {"y": y.astype(float)})


@pytest.fixture(scope="module")
def advice(request):
    """The analysis of the small run, once."""
    from stresstest.advice.source import Source

    return discover(Source.of(request.getfixturevalue("small_folder")))


def test_a_known_table_gives_its_box():
    """The first sentence and the first row say the planted limits, with the density seen on the other half."""
    cases = corner()
    told = discover_of_table(cases, "y")
    first = told.tables["boxes"][0]
    assert first["verdict"] == "found"
    assert first["limits"] == 2
    values = {row["factor"]: row["value"] for row in told.tables["limits"] if row["kind"] == "box"}
    assert values == {"a": pytest.approx(0.5, abs=0.04), "b": pytest.approx(0.4, abs=0.04)}
    held = cases.halves()[1]
    inside = (held.values("a") >= values["a"]) & (held.values("b") <= values["b"])
    assert first["density_share"] == pytest.approx(held.result("y")[inside].mean())
    assert first["coverage_share"] == pytest.approx(inside[held.result("y") > 0].mean())
    assert "those with a above 0." in told.answer[0]
    assert " and b below 0." in told.answer[0]
    assert any("Never varies" in note and "still" in note for note in told.notes)
    together = told.tables["together"][0]
    assert together["agreement_share"] > 0.6


def test_noise_is_said_to_be_noise():
    """A table without a signal gives the verdict "nothing found" in words and in the table."""
    told = discover_of_table(corner(high=0.1), "y")
    assert told.tables["boxes"][0]["verdict"] == "nothing found"
    assert "nothing was found" in told.answer[0]


def test_too_few_failures_are_said_to_be_too_few():
    """Ten failing rows are not searched, and the answer says so."""
    cases = Cases.of({"a": np.arange(400.0)}, {"y": (np.arange(400) >= 390).astype(float)})
    told = discover_of_table(cases, "y")
    assert told.tables["boxes"][0]["verdict"] == "too few futures"
    assert "too few" in told.answer[0]


def test_what_cannot_be_answered_is_refused():
    """Nothing fails, everything fails, and inputs that never vary are refused with a remedy."""
    cases = corner(200)
    for values in (np.zeros(200), np.ones(200)):
        with pytest.raises(ConfigError) as refused:
            discover_of_table(replace(cases, results={"y": values}), "y")
        assert "expected" in str(refused.value)
    with pytest.raises(ConfigError, match="no input varies"):
        discover_of_table(cases.only(["still"]), "y")


def test_the_run_is_answered_failure_by_failure(advice, small_source):
    """Every usual failure has a verdict by the axes and by all that nature decides; shares are shares with intervals."""
    wanted = [one.name for one in chosen(small_source.study, ())]
    seen = {(row["failure"], row["factors"]) for row in advice.tables["boxes"]}
    searched = {name for name, _ in seen}
    assert searched <= set(wanted)
    assert "walks_away" in searched
    assert len(seen) == 2 * len(searched)
    for row in advice.tables["boxes"]:
        if row["kind"] != "none":
            assert 0.0 <= row["density_low"] <= row["density_share"] <= row["density_high"] <= 1.0
            assert row["verdict"] in ("found", "nothing found")
    assert advice.answer[0][0].isupper()


def test_scenarios_stand_beside_the_regions(advice, small_source):
    """For each region found and each other scenario: its share inside, as counted from that scenario's own futures."""
    rows = [row for row in advice.tables["scenarios"] if row["failure"] == "walks_away"]
    others = [name for name in small_source.manifest["futures"] if name != "calibrated"]
    assert {row["scenario"] for row in rows} == set(others)
    one = next(row for row in rows if row["kind"] == "box" and row["box"] == 1 and row["factors"] != "the six axes")
    limits = [
        row for row in advice.tables["limits"]
        if all(row[key] == one[key] for key in ("failure", "factors", "box", "kind"))
    ]  # fmt: skip
    cases = read_cases(small_source, [row["factor"] for row in limits], scenario=one["scenario"])
    inside = np.ones(cases.n, dtype=bool)
    for row in limits:
        values = cases.values(row["factor"])
        inside &= values >= row["value"] if row["side"] == "low" else values <= row["value"]
    assert one["inside_share"] == pytest.approx(inside.mean())


def test_every_box_on_the_way_is_kept(advice):
    """The trajectory starts at all futures and ends in the box, for each search; coverage falls as boxes shrink."""
    rows = [row for row in advice.tables["trajectory"] if row["failure"] == "walks_away" and row["box"] == 1]
    for factors in {row["factors"] for row in rows}:
        way = [row for row in rows if row["factors"] == factors and row["stage"] == "all factors" and row["kind"] == "peel"]
        assert np.all(np.diff([row["coverage_share"] for row in way]) <= 1e-12)
        assert np.all(np.diff([row["mass_share"] for row in way]) < 0)
        assert sum(row["stage"] == "box" and row["factors"] == factors for row in rows) == 1


def test_regions_are_those_of_the_analysis(advice, small_source):
    """Regions for other analyses are found ones, the same whether or not the cases are given, with the failure's own share."""
    found = regions(small_source, "walks_away")
    wanted = failure(small_source.study, "walks_away")
    assert found
    assert all(one.found and one.box.limits and one.density > one.base for one in found)
    row = next(
        row for row in advice.tables["boxes"]
        if row["failure"] == "walks_away" and row["factors"] != "the six axes" and row["kind"] == "box"
    )  # fmt: skip
    assert row["base_share"] == pytest.approx(found[0].base)
    only = read_cases(small_source, AXIS_MEANS, (), (wanted,))
    assert {limit.factor for one in regions(small_source, wanted, only) for limit in one.box.limits} <= set(AXIS_MEANS)


def test_a_failure_that_never_happens_is_refused_alone(small_source):
    """Asked for by itself it is refused; beside another one it is said in a sentence."""
    never = failure(small_source.study, "provider_surplus_npv_gbp > 1e15")
    with pytest.raises(ConfigError, match="in every future or in none"):
        discover(small_source, [never])
    told = discover(small_source, [never, failure(small_source.study, "walks_away")], factors=["opening_gap", "state_mean"])
    assert "no region was looked for" in told.answer[-1]
    assert {row["factors"] for row in told.tables["boxes"]} == {"the inputs given"}


def test_a_sample_of_both_kinds_keeps_the_shares():
    """Of many cases with rare failures about as many of either kind are kept, and weights give back the failing share."""
    draw = np.random.default_rng(4)
    y = (draw.uniform(size=60_000) < 0.05).astype(float)
    cases = Cases.of({"a": draw.uniform(size=60_000)}, {"y": y})
    part = sampled(cases, "y", 4000)
    assert abs(part.n - 4000) < 250
    assert abs(part.result("y").mean() - 0.5) < 0.03
    assert part.weight @ part.result("y") / part.weight.sum() == pytest.approx(y.mean(), rel=0.06)
    assert sampled(cases, "y", 60_000) is cases
    assert abs(thinned(cases, 6000).n - 6000) < 300


def test_groups_are_never_parted():
    """Halves hold whole groups, and a look at cases in groups of twins is no surer than at the single cases."""
    cases = corner(1500)
    order = np.repeat(np.arange(1500), 2)
    twins = replace(cases.rows(order), groups=order.astype(np.int64))
    one, two = (look(*each.halves(), "y", ["a", "b", "c"]).regions[0] for each in (cases, twins))
    assert two.density_error == pytest.approx(one.density_error, rel=0.25)
