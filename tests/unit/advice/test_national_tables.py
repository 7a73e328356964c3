"""What a national body reads off many places' runs: every table against the runs' own columns, added up by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.advice import compare_store, national_store
from stresstest.advice.national import TABLES, Links, Places, clauses, gathered, national
from stresstest.advice.national_clauses import HELPS, HURTS, TOGETHER, WITHIN, verdict
from stresstest.advice.reading import nature, outcomes
from stresstest.advice.source import Source
from stresstest.errors import ConfigError, DataError
from stresstest.measures.contagion import HOSPITAL, PROVIDER
from stresstest.place import Quantity

pytestmark = pytest.mark.integration
PLACES, FUTURES, YEARS = ("Stockport", "Tameside", "Sandwell"), 800, 15
EXPOSURE, BURDEN = "commissioner_exposure_npv_gbp", "hospital_exposure_npv_gbp"
COLUMNS = (EXPOSURE, BURDEN, "exit_year_index", "exit_cause_code", "mean_true_score")
LOW = {PROVIDER: Quantity((0.2,)), HOSPITAL: Quantity((0.4,))}


@pytest.fixture(scope="module")
def found(make_run: Any, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Four places in one economy."""
    out = tmp_path_factory.mktemp("nation")
    runs = [make_run(out, (f"place={place}",) if place else (), FUTURES) for place in ("", *PLACES)]
    return gathered([Source.of(run) for run in runs])


@pytest.fixture(scope="module")
def links(found: Places) -> Links:
    """The first two places share a provider, the last three a hospital."""
    a, b, c, d = found.codes
    return Links.of(found.codes, {a: "P", b: "P", c: "Q"}, {b: "H", c: "H", d: "H"}, LOW)


@pytest.fixture(scope="module")
def tables(found: Places, links: Links) -> dict[str, list[dict[str, Any]]]:
    """Every table."""
    return national(found, links)


@pytest.fixture(scope="module")
def known(found: Places) -> dict[str, np.ndarray]:
    """Columns of the honest provider by name, float64[places, n]."""
    parts = [list(outcomes(source, COLUMNS, None, "honest")) for source in found.sources]
    return {name: np.array([np.concatenate([part[name] for part in own]) for own in parts]) for name in COLUMNS}


def rows(table: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    """Rows with these values, under the honest provider."""
    return [row for row in table if row["strategy"] == "honest" and all(row[k] == v for k, v in wanted.items())]


def test_every_column_is_described(tables: Any, found: Places) -> None:
    """Tables hold the columns that the dictionary describes, no more and no fewer, each with words."""
    both = {**tables, **clauses(found, {"same": found})}
    assert set(both) == set(TABLES)
    for name, (words, meanings) in TABLES.items():
        assert words
        assert both[name], name
        for row in both[name]:
            assert set(row) == set(meanings), name
        assert all(meaning for _, meaning in meanings.values()), name


def test_the_call_is_what_limits_leave(tables: Any, found: Places, known: Any) -> None:
    """Each limit by itself, pooled, and what pooling saves, future by future; pooling never costs."""
    limits = np.array(found.limits)
    alone = np.maximum(0.0, known[EXPOSURE] - limits[:, None]).sum(axis=0)
    pooled = np.maximum(0.0, known[EXPOSURE].sum(axis=0) - limits.sum())
    assert (alone >= pooled - 1e-6).all()
    for measure, values in (("call on the national body", alone), ("call if limits are pooled", pooled),
                            ("saved by pooling limits", alone - pooled)):  # fmt: skip
        own = {row["statistic"]: row for row in rows(tables["totals"], measure=measure)}
        assert own["mean"]["value"] == pytest.approx(values.mean(), rel=1e-9, abs=1e-3)
        assert own["mean"]["error"] == pytest.approx(values.std(ddof=1) / math.sqrt(values.size), rel=1e-6)
        assert own["p95"]["value"] == pytest.approx(np.sort(values)[math.ceil(0.95 * values.size) - 1], rel=1e-9, abs=1e-3)
        assert {"p50", "p90", "p99", "cte95"} <= set(own)


def test_ends_by_year_are_counted(tables: Any, known: Any) -> None:
    """Places ended by losses, and at all, by the end of each year; the last year is that of joint failures."""
    year, losses = known["exit_year_index"], known["exit_cause_code"] >= 2
    for t in (0, 6, YEARS - 1):
        for kind, hit in (("contract ended by losses", losses), ("ended early, any cause", year >= 0)):
            count = (hit & (year <= t)).sum(axis=0)
            for row in rows(tables["joint_by_year"], failure=kind, year_number=t + 1):
                assert row["mean_places"] == pytest.approx(count.mean())
                assert row["probability"] == pytest.approx((count >= row["at_least_places"]).mean())
    last = rows(tables["joint_by_year"], failure="contract ended by losses", year_number=YEARS, at_least_places=2)[0]
    joint = rows(tables["joint"], failure="walks_away", places_failing=2)[0]
    for name in ("", "independent_", "together_"):
        assert last[f"{name}probability"] == pytest.approx(joint[f"{name}at_least_probability"])


def test_places_alone_and_with_many(tables: Any, known: Any) -> None:
    """Failing while no other place does, and with at least half of the others; ranks go by their columns."""
    fails = known["exit_cause_code"] >= 2
    others = fails.sum(axis=0) - fails
    own = {row["code"]: row for row in rows(tables["places"])}
    assert sorted(row["rank_by_share_of_worst"] for row in own.values()) == [1, 2, 3, 4]
    assert [row["rank_by_failure"] for row in own.values()] == [1, 2, 3, 4]
    shares = sorted(own.values(), key=lambda row: -row["exposure_share"])
    assert [row["rank_by_exposure_share"] for row in shares] == [1, 2, 3, 4]
    first = own["dudley"]
    assert first["fails_alone_probability"] == pytest.approx((fails[0] & (others[0] == 0)).mean())
    assert first["fails_with_many_probability"] == pytest.approx((fails[0] & (others[0] >= 2)).mean())


def test_the_economy_is_the_runs_own(tables: Any, found: Places, known: Any) -> None:
    """Correlations of the total with the axes agree with numpy; shares of all together reach those of each."""
    axis = np.concatenate([part["economy_mean"] for part in nature(found.sources[0], ("economy_mean",))])
    own = {row["axis"]: row for row in rows(tables["economy"], measure="commissioner exposure")}
    assert own["economy_mean"]["correlation"] == pytest.approx(np.corrcoef(axis, known[EXPOSURE].sum(axis=0))[0, 1], abs=1e-6)
    assert own["all of these together"]["share_of_variance"] >= max(row["share_of_variance"] for row in own.values()) - 1e-9
    fails = rows(tables["economy"], measure="places whose contract losses end", axis="economy_mean")[0]
    count = (known["exit_cause_code"] >= 2).sum(axis=0)
    assert fails["correlation"] == pytest.approx(np.corrcoef(axis, count)[0, 1], abs=1e-6)


def caught_by_hand(found: Places, known: Any) -> np.ndarray:
    """Year in which each contract is caught, −1 for never: the rule of the links, one future and year after the other."""
    budgets, groups = found.budgets, (((0, 1), 0.2), ((1, 2, 3), 0.4))
    out = np.full((4, FUTURES), -1)
    for f in range(FUTURES):
        last = [int(y) if y >= 0 else YEARS for y in known["exit_year_index"][:, f]]
        lost = [y if c >= 2 else YEARS for y, c in zip(last, known["exit_cause_code"][:, f], strict=True)]
        for t in range(YEARS - 1):
            new = [k for group, threshold in groups for k in group if last[k] > t + 1 and threshold <= sum(
                budgets[m] for m in group if lost[m] <= t) / sum(budgets[m] for m in group)]  # fmt: skip
            for k in new:
                last[k] = lost[k] = out[k, f] = t + 1
    return out


def test_contagion_is_the_rule_by_hand(tables: Any, found: Places, known: Any) -> None:
    """Failures with contagion, places caught, and groups that catch them, as the rule has it one future after the other."""
    caught = caught_by_hand(found, known)
    fails = ((known["exit_cause_code"] >= 2) | (caught >= 0)).sum(axis=0)
    row = rows(tables["contagion"], link="both")[0]
    assert row["with_contagion_mean_places"] == pytest.approx(fails.mean())
    assert row["caught_mean_places"] == pytest.approx((caught >= 0).sum(axis=0).mean())
    assert row["caught_mean_places"] > 0.05
    assert row["added_mean_places"] == pytest.approx(row["with_contagion_mean_places"] - row["own_mean_places"])
    places = {one["code"]: one for one in rows(tables["caught_places"])}
    for k, code in enumerate(found.codes):
        assert places[code]["caught_probability"] == pytest.approx((caught[k] >= 0).mean())
    for one in rows(tables["contagion_joint"]):
        assert one["with_contagion_probability"] == pytest.approx((fails >= one["at_least_places"]).mean())
    when = np.where(caught >= 0, caught, np.where(known["exit_cause_code"] >= 2, known["exit_year_index"], YEARS))
    for t, one in enumerate(rows(tables["contagion_by_year"])):
        assert one["with_contagion_mean_places"] == pytest.approx((when <= t).sum(axis=0).mean())
    assert {one["group"] for one in rows(tables["infectious_groups"])} == {"P", "H"}


def test_thresholds_are_swept(tables: Any) -> None:
    """Lower thresholds catch as many or more; at 1 nobody is caught and nothing costs more; the links' own are among them."""
    for kind, own in ((PROVIDER, 0.2), (HOSPITAL, 0.4)):
        found = {row[f"{kind}_threshold"]: row for row in rows(tables["contagion"], link=kind)}
        assert set(found) == {0.1, 0.25, 0.5, 1.0, own}
        means = [found[key]["caught_mean_places"] for key in sorted(found)]
        assert means == sorted(means, reverse=True)
        assert (found[1.0]["caught_mean_places"], found[1.0]["extra_cost_mean_gbp"]) == (0.0, 0.0)
        assert all(math.isnan(row["hospital_threshold" if kind == PROVIDER else "provider_threshold"]) for row in found.values())


def test_hospitals_add_up_what_falls_on_them(tables: Any, found: Places, known: Any) -> None:
    """The chance that a hospital's sum exceeds its places' summed limits, beside each place's own; one hospital of three."""
    own = rows(tables["hospitals"])
    assert [row["code"] for row in own] == list(found.codes[1:])
    total = known[BURDEN][1:].sum(axis=0)
    assert own[0]["together_probability"] == pytest.approx((total > own[0]["limit_gbp"]).mean())
    assert own[0]["exposure_mean_gbp"] == pytest.approx(total.mean())
    place = rows(tables["places"], code=own[0]["code"])[0]
    assert own[0]["alone_probability"] == place["hospital_limit_probability"]


def test_stretches_and_files_leave_no_trace(found: Places, links: Links, tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In short stretches and with every array in a file the same numbers come out; without links their tables are not there."""
    monkeypatch.setattr(national_store, "STRETCH", 300)
    monkeypatch.setattr(national_store, "HELD", 0)
    monkeypatch.setattr(compare_store, "IN_MEMORY", 0)
    again = national(found, links)
    for name, table in tables.items():
        for one, two in zip(table, again[name], strict=True):
            for key, value in one.items():
                close = pytest.approx(value, rel=1e-6, abs=1e-9, nan_ok=True) if isinstance(value, float) else value
                assert two[key] == close, name
    assert "contagion" not in national(found)


def test_a_place_moves_no_other_place(found: Places, tables: Any) -> None:
    """Without the last place the others' own figures stay bit for bit."""
    own = {row["code"]: row for row in rows(tables["places"])}
    fewer = national(gathered(found.sources[:-1]))
    for row in rows(fewer["places"]):
        for name in ("walks_away_probability", "commissioner_exposure_gbp", "health_qaly", "call_gbp"):
            assert row[name] == own[row["code"]][name]


# ── clauses for all places at once ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def safer(make_run: Any, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Two of the places under the contract at its status quo price."""
    out = tmp_path_factory.mktemp("safer")
    changes = ("contract=dudley-244m",)
    return gathered([Source.of(make_run(out, (f"place={place}", *changes), FUTURES)) for place in PLACES[1::-1]])


def test_a_variant_is_paired_with_the_base(found: Places, safer: Places) -> None:
    """Changes are differences future by future, whatever the places' order; exposures count from the base's budgets."""
    base = gathered(found.sources[1:3])
    (first, second) = rows(clauses(base, {"safer": safer})["clauses"])
    assert (first["variant"], first["verdict"]) == ("base", "base")
    sums = []
    for places in (base, safer):
        order = [places.codes.index(code) for code in base.codes]
        values = [np.concatenate([part[EXPOSURE] for part in outcomes(places.sources[k], (EXPOSURE,), None, "honest")])
                  for k in order]  # fmt: skip
        rises = [places.budgets[k] - budget for k, budget in zip(order, base.budgets, strict=True)]
        sums.append(sum(one + rise for one, rise in zip(values, rises, strict=True)))
    apart = sums[1] - sums[0]
    assert second["exposure_mean_gbp_change"] == pytest.approx(apart.mean(), rel=1e-6)
    assert second["exposure_mean_gbp_change_error"] == pytest.approx(apart.std(ddof=1) / math.sqrt(apart.size), rel=1e-6)
    assert second["exposure_sd_gbp"] == pytest.approx(sums[1].std(), rel=1e-6)
    assert second["verdict"] in (HELPS, HURTS, TOGETHER, WITHIN)


def test_the_same_contract_changes_nothing(found: Places) -> None:
    """A variant that is the base: every change is 0 and so is its error; within error."""
    for row in clauses(found, {"same": found})["clauses"]:
        assert all(value == 0.0 for name, value in row.items() if name.endswith("_change"))
        if row["variant"] == "same":
            assert row["verdict"] == WITHIN


def test_other_places_and_bad_names_are_refused(found: Places, safer: Places) -> None:
    """Variants of other places, without a name, called base, or none at all."""
    for variants, said in (({"other": safer}, "other places"), ({"": found}, "names"), ({"base": found}, "names"), ({}, "names")):
        with pytest.raises(ConfigError, match=said):
            clauses(found, variants)


@pytest.mark.parametrize(
    ("mean", "sd", "correlation", "tail", "said"),
    [
        (-1, 0, 0, 0, HELPS), (-1, -1, -1, -1, HELPS), (-1, 0, 1, -1, TOGETHER), (-1, 0, 0, 1, TOGETHER), (-1, 1, 0, 0, TOGETHER),
        (1, 0, 0, 0, HURTS), (1, -1, -1, -1, HURTS), (0, 0, 0, 1, HURTS), (0, 0, 0, -1, HELPS), (0, 1, 1, 0, WITHIN),
    ],
)  # fmt: skip
def test_verdicts(mean: float, sd: float, correlation: float, tail: float, said: str) -> None:
    """The verdict goes by mean and tail; less on average that then moves together is no help."""
    changes = {"exposure_mean_gbp": mean, "exposure_sd_gbp": sd, "correlation": correlation, "exposure_worst_1_in_20_gbp": tail}
    assert verdict(changes) == said


def test_missing_futures_are_found(found: Places, make_run: Any, tmp_path: Path) -> None:
    """A run whose table lost futures is refused, naming the first one that is missing."""
    import pyarrow.parquet as pq

    run = make_run(tmp_path, ("place=Walsall",), FUTURES)
    part = next((run / "tables" / "outcomes" / "calibrated").glob("*.parquet"))
    table = pq.read_table(part)
    pq.write_table(table.slice(5), part)
    with pytest.raises(DataError, match="missing or out of order"):
        national(gathered([found.sources[0], Source.of(run)]))
