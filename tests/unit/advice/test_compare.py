"""Drafts compared on real runs: exact zeros against itself, no matter of order, figures of the tables, refusals, kind answers."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.compare import CAPTIONS, compare
from stresstest.advice.compare_criteria import RANKED, errors
from stresstest.advice.compare_shared import default_names, difference_rows, drafts
from stresstest.advice.compare_store import Numbers, Table
from stresstest.advice.compare_words import dominating, regrets
from stresstest.advice.drafts import variant_run
from stresstest.advice.failures import present
from stresstest.advice.source import Source, columns_of
from stresstest.config.load import load_study
from stresstest.errors import ConfigError
from stresstest.results.ensemble import Ensemble
from stresstest.runner import run_study
from stresstest.strategy import Strategy
from stresstest.units import percent, pounds

pytestmark = pytest.mark.unit
LEVELS = {"effort": 0.75, "prevention": 1.0, "efficiency": 0.5}
EXPOSURE = "commissioner_exposure_npv_gbp"


def run_of(folder, *changes, futures=600):
    """A fresh small run of the calibrated law alone, honest provider, as a source."""
    study = load_study("dudley", (f"futures={futures}", "years_futures=0", *changes))
    found = run_study(replace(study, scenarios=study.scenarios[:1]), (Strategy("honest", LEVELS),), folder, jobs=2)
    return Source.of(found.folder)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Four drafts of one contract in the same futures: as procured, a wider band, support, and a shorter run of the first."""
    base = tmp_path_factory.mktemp("compare")
    return {
        "as procured": run_of(base / "a"),
        "wider band": run_of(base / "b", "contract.gain_loss_share.dead_band=0.05"),
        "more support": run_of(base / "c", "contract.cap_and_collar.support_share=0.9"),
        "short": run_of(base / "d", "contract.gain_loss_share.dead_band=0.05", futures=400),
    }


def three(runs, *order):
    """The comparison of drafts by name, against the contract as procured."""
    names = order or ("as procured", "wider band", "more support")
    return compare([runs[name] for name in names], names, against="as procured")


def test_a_draft_against_itself_is_zero_everywhere(runs):
    """Every difference, violation and regret is exactly 0, ranks are shared, and the answer says so."""
    one = runs["as procured"]
    found = compare([one, one], ["A", "B"])
    numbers = [
        value for name in ("money", "health", "scores", "chances", "together") for row in found.tables[name]
        for key, value in row.items() if key.startswith(("difference", "median", "costs", "health_more", "worse", "better"))
    ]  # fmt: skip
    assert numbers
    assert set(numbers) == {0.0}
    regrets = [
        row[f"{name}_{unit}"] for kind, unit in (("money", "gbp"), ("health", "qaly")) for row in found.tables[f"regret_{kind}"]
        for name in ("mean", "mean_error", "p50", "p95", "p95_error", "largest")
    ]  # fmt: skip
    assert set(regrets) == {0.0}
    assert {row["verdict"] for row in found.tables["dominance"]} == {"the same"}
    assert {(row["money_rank"], row["health_rank"]) for row in found.tables["criteria"]} == {(1, 1)}
    assert found.tables["differ"] == []
    assert found.answer[0] == "B and A are the same for money and health in every future."


def test_the_order_of_drafts_does_not_matter(runs):
    """With the same reference, tables are the same to the last bit in any order of the drafts."""
    one = three(runs)
    two = three(runs, "more support", "as procured", "wider band")
    for name in CAPTIONS:
        there, back = ([json.dumps(row, sort_keys=True, default=float) for row in x.tables[name]] for x in (one, two))
        assert sorted(there) == sorted(back), name


def test_figures_are_those_of_the_tables(runs):
    """Means, paired differences, shares of futures and regret equal those worked out from the runs' own tables."""
    found = three(runs)
    a, b, c = (
        Ensemble(runs[name].folder).outcomes(scenario="calibrated").query("future > 0").sort_values("future")[EXPOSURE].to_numpy()
        for name in ("as procured", "wider band", "more support")
    )
    row = next(r for r in found.tables["money"] if r["metric"] == "commissioner exposure" and r["draft"] == "wider band"
               and r["against"] == "as procured")  # fmt: skip
    assert row["mean_gbp"] == pytest.approx(b.mean(), rel=1e-12)
    assert row["difference_gbp"] == pytest.approx((b - a).mean(), rel=1e-9)
    assert row["difference_error_gbp"] == pytest.approx((b - a).std(ddof=1) / np.sqrt(600), rel=1e-9)
    assert row["worse_probability"] == pytest.approx(((b - a) > 0).mean())
    assert row["same_probability"] == pytest.approx((b == a).mean())
    lost = next(r for r in found.tables["regret_money"] if r["metric"] == "commissioner exposure" and r["draft"] == "wider band")
    short = b - np.minimum(np.minimum(a, b), c)
    assert lost["mean_gbp"] == pytest.approx(short.mean(), rel=1e-9)
    assert lost["largest_gbp"] == short.max()
    assert lost["p95_gbp"] == np.sort(short)[569]
    assert 0.0 < lost["mean_share"] < 1.0


def test_a_dominated_draft_is_never_first(runs):
    """On every criterion some draft is first on money and on health, and none that another beats on both."""
    rows = three(runs).tables["criteria"]
    for criterion in {row["criterion"] for row in rows}:
        own = [row for row in rows if row["criterion"] == criterion]
        assert min(row["money_rank"] for row in own) == min(row["health_rank"] for row in own) == 1
        assert any(row["on_frontier"] == "yes" for row in own)
        for row in own:
            if row["on_frontier"] == "no":
                assert row["money_rank"] > 1
                assert row["health_rank"] > 1


def test_what_differs_is_listed(runs):
    """The one entry that was changed stands in the table with every draft's value; the world is the same."""
    rows = three(runs, "as procured", "wider band").tables["differ"]
    assert [(row["entry"], row["draft"], row["value"]) for row in rows] == [
        ("contract.terms.gain_loss_share.dead_band", "as procured", "0.02"),
        ("contract.terms.gain_loss_share.dead_band", "wider band", "0.05"),
    ]
    assert {row["part"] for row in rows} == {"draft"}


def test_unequal_numbers_use_the_common_futures(runs):
    """A shorter random run is compared on the futures that both have, and that is said."""
    found = compare([runs["as procured"], runs["short"]], ["A", "B"])
    assert found.facts["futures"] == 400
    assert any("Runs differ in length" in note for note in found.notes)
    other = compare([runs["wider band"], runs["short"]], ["A", "B"])
    assert {row["difference_gbp"] for row in other.tables["money"]} == {0.0}


def test_runs_of_other_futures_are_refused(runs, tmp_path):
    """Another seed, another design, another version, a second name: each is refused with what to do."""
    first = runs["as procured"]
    other = run_of(tmp_path / "seed", "seed=7")
    with pytest.raises(ConfigError, match="another seed"):
        compare([first, other])
    folder = tmp_path / "copy"
    shutil.copytree(first.folder, folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"source_digest": "0"}), encoding="utf-8")
    with pytest.raises(ConfigError, match="version of the package"):
        compare([first, Source.of(folder)])
    with pytest.raises(ConfigError, match="name of its own"):
        compare([first, first], ["A", "A"])
    with pytest.raises(ConfigError, match="cannot be compared"):
        compare([first])
    with pytest.raises(ConfigError, match="no such draft"):
        compare([first, first], ["A", "B"], against="C")


def test_hypercubes_of_other_length_are_refused(tmp_path):
    """A Latin hypercube has no prefix, so that runs of unequal length share no futures; equal ones compare, by replicates."""
    lhs = ("design.kind=lhs", "design.replicates=4")
    one, two = run_of(tmp_path / "one", *lhs, futures=64), run_of(tmp_path / "two", *lhs, futures=128)
    with pytest.raises(ConfigError, match="depend on how many"):
        compare([one, two], ["A", "B"])
    other = run_of(tmp_path / "other", *lhs, "contract.cap_and_collar.support_share=0.9", futures=64)
    found = compare([one, other], ["A", "B"])
    row = next(r for r in found.tables["money"] if r["metric"] == "provider surplus" and r["draft"] == "B")
    gap = [Ensemble(x.folder).outcomes(scenario="calibrated").query("future > 0").sort_values("future") for x in (other, one)]
    apart = gap[0]["provider_surplus_npv_gbp"].to_numpy() - gap[1]["provider_surplus_npv_gbp"].to_numpy()
    means = [apart[gap[0]["group"].to_numpy() == g].mean() for g in range(4)]
    assert row["difference_error_gbp"] == pytest.approx(np.std(means, ddof=1) / 2.0, rel=1e-6)


def test_another_world_is_flagged(runs, tmp_path):
    """A changed number of the place is no draft: it is listed as the world, and a warning stands in the notes."""
    other = run_of(tmp_path / "world", "place.policy.break_probability=0.0")
    found = compare([runs["as procured"], other], ["A", "B"])
    assert {row["part"] for row in found.tables["differ"]} == {"world"}
    assert any(note.startswith("WARNING") for note in found.notes)


def test_a_file_holds_what_memory_holds(runs, monkeypatch):
    """Columns kept in a file give the same figures to the last bit; stretches of any size too."""
    from stresstest.advice import compare_store

    held = three(runs, "as procured", "more support")
    monkeypatch.setattr(compare_store, "IN_MEMORY", 0)
    numbers = Numbers(2, 10)
    numbers.put(1, 3, np.array([1.5, 2.5]))
    assert numbers.file is not None
    assert numbers.get(1, 3, 5).tolist() == [1.5, 2.5]
    filed = three(runs, "as procured", "more support")
    for name in CAPTIONS:
        assert json.dumps(held.tables[name], default=float) == json.dumps(filed.tables[name], default=float), name


def test_names_and_strategies(runs, small_folder):
    """Drafts are called by contract, folder or number; both strategies of a run are compared."""
    assert default_names([runs["as procured"]] * 2) == ("draft 1", "draft 2")
    names = default_names([runs["as procured"], runs["wider band"]])
    assert len(set(names)) == 2
    full = Source.of(small_folder)
    assert drafts([full, full], ["A", "B"]).strategies == ("honest", "gamed")
    assert difference_rows(drafts([full, full], ["A", "B"])) == []


def test_weights_must_be_shared(runs):
    """A table whose futures weigh otherwise is refused while it is read."""
    found = drafts([runs["as procured"], runs["wider band"]], ["A", "B"])
    table = Table(found, "honest", [EXPOSURE], ())
    with pytest.raises(ConfigError, match="weigh otherwise"):
        table._tags(1, 0, np.full(5, 2.0), np.zeros(5))


def test_the_answer_writes_and_speaks(runs, tmp_path):
    """The whole result can be written and printed; the first sentence answers, with figures."""
    found = three(runs)
    folder = found.write(tmp_path / "out")
    assert (folder / "verdicts.csv").is_file()
    assert "£" in found.answer[0]
    assert "QALYs" in found.answer[0]
    assert "the answer" in found.as_text().lower()
    json.loads(found.as_json())


def test_a_run_of_another_version_is_refused_with_the_command(runs, tmp_path):
    """The remedy names the command that makes the older run again, and not the one that is of this version."""
    first, folder = runs["as procured"], tmp_path / "copy"
    shutil.copytree(first.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"source_digest": "0"}), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        compare([first, Source.of(folder)], ["A", "B"])
    assert str(refused.value).count("stresstest run dudley --futures 600 --seed 2018") == 1


def test_regret_names_its_measure_and_tells_ties_apart(runs):
    """The sentence gives mean and 1 in 20 of both drafts; shares of futures alone the best and level add to one."""
    found = compare([runs["as procured"], runs["wider band"]], ["A", "B"])
    rows = [row for row in found.tables["regret_money"] if row["metric"] == "public exposure"]
    level = rows[0]["best_probability"] - rows[0]["best_alone_probability"]
    assert level > 0.0
    assert sum(row["best_alone_probability"] for row in rows) + level == pytest.approx(1.0)
    said = next(sentence for sentence in found.answer if sentence.startswith("Regret on money"))
    for row in rows:
        assert f"{row['draft']}: {pounds(row['mean_gbp'])} on average, 1 future in 20 exceeds {pounds(row['p95_gbp'])}" in said
        assert f"alone the best in {percent(row['best_alone_probability'])} of futures" in said


def test_the_least_regret_is_told_by_both_measures():
    """Where one draft has the least mean and another the least that 1 in 20 exceeds, both are named and none is simply least."""
    row = {"best_probability": 0.5, "best_alone_probability": 0.4}
    rows = [{"draft": "A", "mean_gbp": 30e6, "p95_gbp": 60e6, **row}, {"draft": "B", "mean_gbp": 12e6, "p95_gbp": 90e6, **row}]
    said = regrets(rows, "gbp", "money", "A")[0]
    assert "the least mean has B, the least that 1 future in 20 exceeds A" in said
    assert "£30.0m on average" in said
    assert "level with another best one in 10.0%" in said


def test_dominance_says_what_was_seen():
    """No sentence says that one draft dominates: it says that no crossing beyond chance was seen."""
    row = {"strategy": "honest", "metric": "public exposure", "draft": "B", "against": "A", "order": 1, "verdict": "dominates"}
    said = dominating("B", "A", "honest", {"dominance": [row]})
    assert "no crossing beyond chance was seen" in said


def test_errors_of_criteria_are_those_of_replicates(tmp_path):
    """Under a net, gaps of the criteria are worked out replicate by replicate: the mean's error is that of replicates' means."""
    net = ("design.kind=sobol", "design.replicates=8")
    one = run_of(tmp_path / "one", *net, futures=512)
    two = run_of(tmp_path / "two", *net, "contract.cap_and_collar.support_share=0.9", futures=512)
    table = Table(drafts([one, two], ["A", "B"]), "honest", [EXPOSURE], ())
    values, groups = table.values(EXPOSURE, 0, 512, -1.0), table.tags(0, 512)[1]
    gaps = np.array([(values[0] - values[1])[groups == g].mean() for g in range(8)])
    found = errors(table, EXPOSURE, -1.0)[RANKED.index("expected")]
    assert found.max() == pytest.approx(gaps.std(ddof=1) / np.sqrt(8), rel=1e-9)


def test_a_dearer_contract_is_not_cheaper(small_source, tmp_path):
    """Exposure counts from each draft's own budget: against another budget the rise is added, and a note says so."""
    dear = variant_run(small_source, "dearer", ("contract.annual_payment.opening_price=385e6",), tmp_path, keep=True)
    rise = present(dear.study, 0) - present(small_source.study, 0)
    assert rise > 2e8
    found = compare([small_source, dear], ["as it is", "dearer"])
    wanted = {"strategy": "honest", "metric": "public exposure", "draft": "dearer"}
    row = next(r for r in found.tables["money"] if wanted.items() <= r.items())
    raw = [columns_of(source.live(2000)[0])["public_exposure_npv_gbp"].mean() for source in (small_source, dear)]
    assert row["difference_gbp"] == pytest.approx(raw[1] - raw[0] + rise, rel=1e-9)
    assert any("agreed budget of dearer" in note for note in found.notes)
    alone = compare([small_source, small_source], ["one", "two"])
    assert not any("agreed budget" in note for note in alone.notes)
    assert len(alone.answer) == 1
