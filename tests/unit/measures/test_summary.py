"""The summary of a run, against its outcomes worked out directly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_run import LABELS, STRATEGIES, make_run

from reference import estimates as slow
from stresstest import layout as L
from stresstest.measures import stream
from stresstest.measures.intervals import wilson
from stresstest.measures.stream import Parts, strategy_column
from stresstest.measures.summary import EXPOSURES, METRICS, exceedance_rows, summary_rows
from stresstest.results import schema
from stresstest.runner import run_study

pytestmark = pytest.mark.unit

N = 900
FAR = ("central", "cte99", "p2.5", "p97.5", "p99")
POLICY = L.EXIT_CAUSES.index("policy break")


@pytest.fixture(scope="module")
def study(dudley):
    """One scenario of 900 futures, all with their years."""
    return replace(dudley.study, scenarios=(replace(dudley.study.scenarios[0], futures=N),), futures=N, years_futures=N)


@pytest.fixture(scope="module")
def folder(study, honest, gamed, tmp_path_factory):
    """A run of it in several parts."""
    return run_study(study, (honest, gamed), tmp_path_factory.mktemp("runs"), backend="sequential", chunk=256).folder


def by_key(found):
    """Rows by (strategy, party, metric, year, statistic), each key once."""
    table = {(r["strategy"], r["party"], r["metric"], r["year"], r["statistic"]): r for r in found}
    assert len(table) == len(found)
    return table


@pytest.fixture(scope="module")
def rows(study, folder):
    """The summary of the run."""
    return by_key(list(summary_rows(folder, ["calibrated"], ["honest", "gamed"], list(study.year_labels))))


@pytest.fixture(scope="module")
def out(dudley, honest, gamed):
    """The same futures, straight from the machine; future 0 first."""
    return dudley.outcomes(honest, gamed, first=0, n=N + 1)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m[2])
def test_every_metric_is_that_of_the_futures(rows, out, metric):
    """Mean, median and central case of each strategy, and of the paired difference, are those of the futures."""
    party, name, column, _, unit = metric
    values = out[:, L.OUT[column]]
    for label, held in (("honest", values[0]), ("gamed", values[1]), ("gamed - honest", values[1] - values[0])):
        key = (label, party, name, "")
        assert rows[*key, "mean"]["value"] == pytest.approx(held[1:].mean(), rel=1e-11, abs=1e-5)
        assert rows[*key, "p50"]["value"] == np.quantile(held[1:], 0.5, method="inverted_cdf")
        assert rows[*key, "central"]["value"] == held[0]
        assert rows[*key, "mean"]["unit"] == unit
        assert rows[*key, "probability_negative"]["unit"] == "probability"


def test_causes_are_the_layouts():
    """The summary lists the causes of exposure that the machine has."""
    assert EXPOSURES == L.EXPOSURE


def test_ends_by_year_and_cause(rows, out, study):
    """Cumulative chances of an end by year, by cause and in all, and of running the term."""
    years, causes = out[0, L.OUT["exit_year_index"], 1:], out[0, L.OUT["exit_cause_code"], 1:]
    for t, label in enumerate(study.year_labels):
        assert rows["honest", "contract", "exit", label, "probability"]["value"] == np.mean((years >= 0) & (years <= t))
    whole = rows["honest", "contract", "exit", "", "probability"]["value"]
    assert whole == np.mean(years >= 0)
    assert rows["honest", "contract", "ran_its_term", "", "probability"]["value"] == pytest.approx(1 - whole)
    for code in np.unique(causes[causes > 0]):
        found = rows["honest", "contract", f"exit_cause:{L.EXIT_CAUSES[int(code)]}", "", "probability"]
        assert found["value"] == np.mean(causes == code)
    assert ("honest", "contract", "exit_cause:none", "", "probability") not in rows


def test_yearly_fans(rows, dudley, gamed, study):
    """Fans of cumulative surplus and exposure, and the share still running, are those of the kept years."""
    years = dudley.years(gamed, n=N)
    for metric, party, column in (
        ("cumulative_surplus", "provider", "cumulative_surplus_gbp"),
        ("exposure_yearly", "commissioner", "commissioner_exposure_gbp"), ("true_score", "contract", "true_score"),
    ):  # fmt: skip
        for t in (0, 7, 14):
            held = years[column][0, t]
            key = ("gamed", party, metric, study.year_labels[t])
            assert rows[*key, "mean"]["value"] == pytest.approx(held.mean(), rel=1e-11, abs=1e-6)
            assert rows[*key, "p90"]["value"] == np.quantile(held, 0.9, method="inverted_cdf")
            running = rows["gamed", "contract", "running", study.year_labels[t], "probability"]
            assert running["value"] == years["running"][0, t].mean()


def test_exceedance_of_exposure(folder, out):
    """The curve of each strategy is the share of its futures above each threshold, inside its interval."""
    found = list(exceedance_rows(folder, "calibrated", ["honest", "gamed"]))
    for k, strategy in enumerate(("honest", "gamed")):
        held = out[k, L.OUT["commissioner_exposure_npv_gbp"], 1:]
        mine = [r for r in found if r["strategy"] == strategy]
        assert [r["probability"] for r in mine] == [np.mean(held > r["threshold_gbp"]) for r in mine]
        assert all(r["low"] <= r["probability"] <= r["high"] for r in mine)


def test_differences_are_paired_by_future(folder, out):
    """The difference column subtracts the honest number of the same future, part by part."""
    parts = Parts.of(folder, "outcomes", "calibrated")
    column = strategy_column(parts, "provider_surplus_npv_gbp", "gamed", "honest")
    np.testing.assert_array_equal(np.concatenate([p.values for p in column]), (out[1, 0] - out[0, 0])[1:])
    assert column.central == out[1, 0, 0] - out[0, 0, 0]
    assert len(parts.files) > 1


# ── weights, groups and intervals, on made columns ─────────────────────────────────────────────────────────────────
def summary_of(made):
    """The summary of a made run."""
    return list(summary_rows(made.folder, ["calibrated"], list(STRATEGIES), list(LABELS)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """700 weighted futures in eight replicates, in three parts."""
    design = {"kind": "importance", "replicates": 8, "antithetic": False}
    return make_run(tmp_path_factory.mktemp("made"), 700, 3, design=design)


@pytest.fixture(scope="module")
def table(made):
    """Its summary by key."""
    return by_key(summary_of(made))


def test_every_row_has_the_schemas_columns(made):
    """Rows hold the columns of the schema in its order; every figure has an interval but the central case and the far tails."""
    found = summary_of(made)
    assert all(list(row) == schema.names("summary") for row in found)
    for row in found:
        assert row["low"] <= row["value"] <= row["high"] or row["statistic"] in FAR, row
        assert row["method"].startswith("8 replicates, t") or row["statistic"] == "central"


def test_outcomes_count_by_their_weight(made, table):
    """Mean, median, error and paired difference of exposure by plain loops over weighted futures."""
    w, groups = made.weights[1:], made.groups[1:].tolist()
    difference = made.exposure["gamed"] - made.exposure["honest"]
    for label, values in (("honest", made.exposure["honest"]), ("gamed - honest", difference)):
        x = values[1:]
        mean = slow.mean(x.tolist(), w.tolist())
        row = table[label, "commissioner", "exposure_npv", "", "mean"]
        assert row["value"] == pytest.approx(mean)
        assert row["error"] == pytest.approx(math.sqrt(slow.clustered((w * (x - mean)).tolist(), groups)) / w.sum())
        middle = table[label, "commissioner", "exposure_npv", "", "p50"]["value"]
        assert middle == slow.quantile(x.tolist(), w.tolist(), 0.5)
        assert table[label, "commissioner", "exposure_npv", "", "central"]["value"] == values[0]


def test_ends_count_by_their_weight(made, table):
    """Chances of an end by year and kind, each cause, and of running the term, are shares of weight."""
    w, cause, year = made.weights[1:], made.cause["gamed"][1:], made.year["gamed"][1:]
    kinds = {"exit": cause > 0, "exit_policy": cause == POLICY, "exit_losses": (cause > 0) & (cause != POLICY)}
    for metric, event in kinds.items():
        for t, label in enumerate((*LABELS, "")):
            value = table["gamed", "contract", metric, label, "probability"]["value"]
            assert value == pytest.approx(w[event & (year <= t)].sum() / w.sum()), (metric, label)
    assert table["gamed", "contract", "ran_its_term", "", "probability"]["value"] == pytest.approx(
        w[cause == 0].sum() / w.sum()
    )
    for code in (1, 2, 3):
        key = ("gamed", "contract", f"exit_cause:{L.EXIT_CAUSES[code]}", "", "probability")
        assert table[key]["value"] == pytest.approx(w[cause == code].sum() / w.sum())


def test_causes_stand_by_their_weight(made, table):
    """Causes are listed heaviest first."""
    values = [r["value"] for key, r in table.items() if key[0] == "honest" and key[2].startswith("exit_cause:")]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3


def test_years_count_by_their_weight(made, table):
    """Fans and the share still running are weighted, year by year, across part files."""
    w, groups = made.weights[1:], made.groups[1:].tolist()
    for t, label in enumerate(LABELS):
        x = made.yearly["honest"][t, 1:]
        row = table["honest", "provider", "cumulative_surplus", label, "mean"]
        mean = slow.mean(x.tolist(), w.tolist())
        assert row["value"] == pytest.approx(mean)
        assert row["error"] == pytest.approx(math.sqrt(slow.clustered((w * (x - mean)).tolist(), groups)) / w.sum())
        p90 = table["honest", "contract", "true_score", label, "p90"]["value"]
        assert p90 == slow.quantile(x.tolist(), w.tolist(), 0.9)
        running = table["honest", "contract", "running", label, "probability"]["value"]
        assert running == pytest.approx(w[x > 0].sum() / w.sum())


def test_old_runs_are_read_as_independent_futures(tmp_path):
    """A run without weights, groups or a design has plain means and Wilson's intervals."""
    made = make_run(tmp_path, 300, 2, weights=None)
    table = by_key(summary_of(made))
    x = made.exposure["honest"][1:]
    assert table["honest", "commissioner", "exposure_npv", "", "mean"]["value"] == pytest.approx(x.mean())
    row = table["honest", "contract", "exit", "", "probability"]
    assert row["value"] == np.mean(made.cause["honest"][1:] > 0)
    assert (row["low"], row["high"]) == wilson(row["value"], 300)
    assert row["method"] == "independent futures, Wilson"


def test_a_run_without_years_has_no_fans(tmp_path):
    """Where no yearly rows were kept, or only those of the central case, there are no yearly fans and no fault."""
    made = make_run(tmp_path, 40, years=False)
    assert not [r for r in summary_of(made) if r["metric"] in ("cumulative_surplus", "running")]


def test_long_runs_have_the_summary_of_short_ones(made, table, monkeypatch):
    """Read in pieces that are never held, every figure of the summary is the same."""
    monkeypatch.setattr(stream, "GATHER", 100)
    monkeypatch.setattr(stream, "HELD", 100)
    for key, row in by_key(summary_of(made)).items():
        for name in ("value", "error", "low", "high"):
            assert row[name] == pytest.approx(table[key][name], rel=1e-9, abs=1e-9, nan_ok=True), (key, name)
