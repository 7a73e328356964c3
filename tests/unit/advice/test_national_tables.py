"""What a national body reads off many places' runs: every table against the runs' own columns, added up by hand."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stresstest.advice import compare_store, national_store, national_tables
from stresstest.advice.national import TABLES, Links, Places, clauses, gathered, national
from stresstest.advice.national_clauses import (
    CHEAPER,
    DEARER,
    HELPS,
    HURTS,
    LESS_EVEN,
    WITHIN,
    price_of_health,
    verdict,
)
from stresstest.advice.national_store import Store, lived, needs
from stresstest.advice.reading import nature, outcomes
from stresstest.advice.source import Source
from stresstest.batches.run import Batch
from stresstest.config.geography import Whereabouts
from stresstest.errors import ConfigError, DataError
from stresstest.measures.contagion import HOSPITAL, PROVIDER
from stresstest.measures.designs import Design
from stresstest.measures.failures import failures
from stresstest.measures.stream import Column
from stresstest.national_verbs import facts_of
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
    assert second["verdict"].removesuffix(LESS_EVEN) in (HELPS, HURTS, DEARER, CHEAPER, WITHIN)


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
    ("mean", "tail", "said"),
    [(-1, -1, HELPS), (-1, 0, HELPS), (0, -1, HELPS), (1, 1, HURTS), (1, 0, HURTS), (0, 1, HURTS), (1, -1, DEARER),
     (-1, 1, CHEAPER), (0, 0, WITHIN)],
)  # fmt: skip
@pytest.mark.parametrize("shared", [-1, 0, 1])
def test_verdicts(mean: float, tail: float, shared: float, said: str) -> None:
    """Mean and tail are judged together, whatever the correlation does; shared variance adds its words only where it rises."""
    changes = {"exposure_mean_gbp": mean, "correlation": 1.0, "exposure_worst_1_in_20_gbp": tail, "shared_variance": shared}
    assert verdict(changes) == said + (LESS_EVEN if shared > 0 else "")


def test_shared_variance_is_that_of_covariances(found: Places, safer: Places) -> None:
    """A − B as the covariance matrix has it; the error of its change is that of ψ = (S − μ)² − q, paired by future."""
    base = gathered(found.sources[1:3])
    first, second = rows(clauses(base, {"safer": safer})["clauses"])
    psi = []
    for places, row in ((base, first), (safer, second)):
        order = [places.codes.index(code) for code in base.codes]
        x = np.array([np.concatenate([part[EXPOSURE] for part in outcomes(places.sources[k], (EXPOSURE,), None, "honest")])
                      for k in order])  # fmt: skip
        cov = np.cov(x, bias=True)
        assert row["shared_variance"] == pytest.approx(cov.sum() - np.trace(cov), rel=1e-6)
        apart = x - x.mean(axis=1, keepdims=True)
        psi.append(apart.sum(axis=0) ** 2 - (apart**2).sum(axis=0))
        assert row["shared_variance_error"] == pytest.approx(psi[-1].std(ddof=1) / math.sqrt(psi[-1].size), rel=1e-5)
    change = psi[1] - psi[0]
    assert second["shared_variance_change"] == pytest.approx(change.mean(), rel=1e-6)
    assert second["shared_variance_change_error"] == pytest.approx(change.std(ddof=1) / math.sqrt(change.size), rel=1e-5)


def test_health_has_a_price_only_where_both_rise() -> None:
    """£ for each QALY where money is dearer and health better beyond error, and nothing elsewhere."""
    row = {"exposure_mean_gbp_change": 600.0, "health_mean_qaly_change": 0.03}
    for mean, health, price in ((1, 1, 20_000.0), (0, 1, math.nan), (1, 0, math.nan), (-1, 1, math.nan), (1, -1, math.nan)):
        signs = {"exposure_mean_gbp": float(mean), "health_mean_qaly": float(health)}
        assert price_of_health(row, signs) == pytest.approx(price, nan_ok=True)


# ── places ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_worst_futures_are_just_one_in_twenty(tables: Any, known: Any, found: Places) -> None:
    """Every place's mean in the 40 worst of 800 futures; the sum is the nation's own tail; the rank goes by budgets."""
    worst = np.argsort(known[EXPOSURE].sum(axis=0))[-40:]
    own, nation = {row["code"]: row for row in rows(tables["places"])}, known[EXPOSURE][:, worst].sum() / 40
    for k, code in enumerate(found.codes):
        assert own[code]["worst_1_in_20_gbp"] == pytest.approx(known[EXPOSURE][k, worst].mean(), rel=1e-5)
        share = found.budgets[k] / sum(found.budgets)
        assert own[code]["worst_over_budget"] == pytest.approx(known[EXPOSURE][k, worst].mean() / nation / share, rel=1e-5)
    cte = rows(tables["totals"], measure="commissioner exposure", statistic="cte95")[0]["value"]
    assert sum(row["worst_1_in_20_gbp"] for row in own.values()) == pytest.approx(cte, rel=1e-6)
    ranked = sorted(own.values(), key=lambda row: -row["worst_over_budget"])
    assert [row["rank_by_worst_over_budget"] for row in ranked] == [1, 2, 3, 4]


def test_the_edge_of_the_worst_futures_counts_in_part() -> None:
    """30 futures, all tied: 1.5 futures' weight is wanted, so that each place carries its mean; with one beyond, half a tie."""
    design = Design()
    for top, said in ((1.0, 3.0), (7.0, (1 * 21.0 + 0.5 * 3.0) / 1.5)):
        total = np.full(30, 3.0)
        total[4] *= top
        store = SimpleNamespace(
            of=lambda name, x=total: Column.of(x, design=design),
            get=lambda name, a, b, x=total: (x if name == "commissioner exposure" else np.ones(30))[a:b],
            stretches=lambda: [(0, 20), (20, 30)], exposure=np.array([total / 3.0, total * 2.0 / 3.0]),
            found=SimpleNamespace(budgets=(2.0, 2.0)),
        )  # fmt: skip
        own: list[dict[str, Any]] = [{"agreed_budget_gbp": 2.0}, {"agreed_budget_gbp": 2.0}]
        national_tables._tails(store, own)  # type: ignore[arg-type]
        assert [row["worst_1_in_20_gbp"] for row in own] == pytest.approx([said / 3.0, said * 2.0 / 3.0])
        assert [row["worst_over_budget"] for row in own] == pytest.approx([2.0 / 3.0, 4.0 / 3.0])


def test_a_place_is_added_once(found: Places) -> None:
    """A store refuses a place that is in, one out of order, and totals before every place is in."""
    store, failing = Store(found, "honest"), failures(found.sources[0].study)
    one = lived(found, 0, ("honest",), needs(failing))["honest"]
    with pytest.raises(DataError, match="in their order"):
        national_tables.add_place(store, 1, one, failing)
    national_tables.add_place(store, 0, one, failing)
    with pytest.raises(DataError, match="once each"):
        national_tables.add_place(store, 0, one, failing)
    with pytest.raises(DataError, match="every place"):
        store.finish()


def test_those_caught_and_what_would_have_become_of_them(tables: Any, found: Places, known: Any) -> None:
    """From how many failures on any place is caught, how many each catches, and their own ends: by hand."""
    caught, row = caught_by_hand(found, known) >= 0, rows(tables["contagion"], link="both")[0]
    losses, year = known["exit_cause_code"] >= 2, known["exit_year_index"]
    assert row["own_failures_first_caught"] == losses.sum(axis=0)[caught.any(axis=0)].min()
    assert row["caught_for_each_own_failure"] == pytest.approx(caught.sum() / losses.sum())
    count, own = caught.sum(axis=0), losses.sum(axis=0)
    psi = (count - count.sum() / own.sum() * own) / own.mean()
    assert row["caught_for_each_own_failure_error"] == pytest.approx(psi.std(ddof=1) / math.sqrt(psi.size), rel=1e-6)
    for name, hit in (("failed_later", losses), ("ended_by_policy", ~losses & (year >= 0)), ("run_its_term", year < 0)):
        assert row[f"caught_{name}_share"] == pytest.approx((caught & hit).sum() / caught.sum())
    assert math.isnan(rows(tables["contagion"], link=PROVIDER, provider_threshold=1.0)[0]["own_failures_first_caught"])


def test_facts_say_what_the_page_rests_on(found: Places) -> None:
    """Title, term, the commissioner's limit with its source, places left out with their reasons, and split hospital links."""
    cases = [{"name": "a", "labels": {"place": "A"}}, {"name": "b", "labels": {"place": "B"}, "reason": "no such place"},
             {"name": "b-2", "labels": {"place": "B"}, "reason": "other"}]  # fmt: skip
    manifest = {"title": "A nation", "about": {"left_out": ["Isles of Scilly"]}, "cases": cases}
    where = {code: Whereabouts(code, "r", "i", hospital, quality) for code, hospital, quality in
             (("a", "H", "split"), ("b", "H", "clear"), ("c", "", "split"))}  # fmt: skip
    facts = facts_of(found, Batch(Path("nation"), manifest, {"a": Path("cases/a")}, {}), where)
    assert facts["title"] == "A nation"
    assert facts["left_out"] == [("Isles of Scilly", "left out by the study"), ("B", "no such place")]
    assert (facts["hospital_links"], facts["split_hospital_links"]) == (2, 1)
    assert facts["term"] == [found.years[0], found.years[-1]]
    assert facts["commissioner_limit"]["value"] == pytest.approx(found.sources[0].study.hurdles["commissioner_limit"].value)
    assert facts["commissioner_limit"]["source"]
    assert not {"title", "left_out"} & set(facts_of(found))


def test_missing_futures_are_found(found: Places, make_run: Any, tmp_path: Path) -> None:
    """A run whose table lost futures is refused, naming the first one that is missing."""
    import pyarrow.parquet as pq

    run = make_run(tmp_path, ("place=Walsall",), FUTURES)
    part = next((run / "tables" / "outcomes" / "calibrated").glob("*.parquet"))
    table = pq.read_table(part)
    pq.write_table(table.slice(5), part)
    with pytest.raises(DataError, match="missing or out of order"):
        national(gathered([found.sources[0], Source.of(run)]))
