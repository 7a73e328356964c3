"""Many drafts beside each other: paired differences, who dominates whom, runs taken up again, faults that are named."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.advice import batch, batch_runs
from stresstest.advice.batch_runs import FAILED, KEPT, RAN, reference, require_version, run_variants
from stresstest.advice.source import Source, live
from stresstest.cli import main
from stresstest.config.variants import Variant
from stresstest.errors import BackendError, ConfigError

pytestmark = pytest.mark.integration
DRAFTS = (
    Variant("no change", ("contract.ending.reserve=5e6",)),
    Variant("price 5% higher", ("contract.annual_payment.opening_price=385e6",), "more money"),
    Variant("no such clause", ("contract.gain_lost_share.dead_band=0.1",)),
    Variant("rescue", ("contract.ending.rescue=1",)),
)


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def folder(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of this version of its own, and room for drafts beside it."""
    copy = tmp_path_factory.mktemp("batch") / "run"
    shutil.copytree(small_folder, copy)
    return copy


@pytest.fixture(scope="module")
def tried(folder: Path) -> list[batch_runs.Tried]:
    """Every draft, lived once with the strategies of the run."""
    return run_variants(Source.of(folder), DRAFTS, folder.parent / "drafts", keep=True, jobs=2, say=quiet)


@pytest.fixture(scope="module")
def tables(folder: Path, tried: list[batch_runs.Tried]) -> dict[str, list[dict[str, Any]]]:
    """The tables of the batch."""
    return batch.batch(Source.of(folder), tried)


def of(tables: dict[str, list[dict[str, Any]]], draft: str) -> dict[str, Any]:
    """A draft's ranking row under the honest provider."""
    return next(row for row in tables["ranking"] if row["draft"] == draft and row["strategy"] == "honest")


def test_one_draft_that_fails_is_named_and_the_others_go_on(tried: list[batch_runs.Tried]) -> None:
    """A clause that is not there fails its draft alone, with the place of the fault."""
    assert [one.status for one in tried] == [RAN, RAN, FAILED, RAN]
    assert "gain_lost_share" in tried[2].reason


def test_drafts_that_are_there_are_not_run_again(folder: Path, tried: list[batch_runs.Tried]) -> None:
    """The same drafts again are taken as they are; another answer, a damaged run or other changes are run."""
    out, source = folder.parent / "drafts", Source.of(folder)
    again = run_variants(source, DRAFTS[:2], out, keep=True, jobs=2, say=quiet)
    assert [one.status for one in again] == [KEPT, KEPT]
    assert [one.source.folder for one in again if one.source] == [one.source.folder for one in tried[:2] if one.source]
    other = run_variants(source, (Variant("no change", ("contract.ending.reserve=6e6",)),), out, keep=True, jobs=2, say=quiet)
    assert other[0].status == RAN
    assert other[0].source is not None
    part = next((other[0].source.folder / "tables" / "outcomes").rglob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-100])
    (redone,) = run_variants(source, (Variant("no change", ("contract.ending.reserve=6e6",)),), out, keep=True, jobs=2, say=quiet)
    assert redone.status == RAN
    study = batch_runs.variant_study(source, DRAFTS[0].changes)
    assert batch_runs.key_of(source, study, True) != batch_runs.key_of(source, study, False)


def test_differences_are_paired(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """A draft that changes nothing differs by nothing; another by the mean of its futures' differences, lived again."""
    same = of(tables, "no change")
    for key in ("public_exposure_more_gbp", "health_more_qaly", "walks_away_more_probability"):
        assert same[key] == 0.0
    source = Source.of(folder)
    study = batch_runs.variant_study(source, DRAFTS[1].changes)
    names = ["public_exposure_npv_gbp", "health_qaly_npv"]
    from stresstest.layout import OUT

    ours, theirs = (live(source.inputs(one), 1, source.futures)[0] for one in (source.study, study))
    rise = present_rise(source, study)
    row = of(tables, "price 5% higher")
    assert row["public_exposure_more_gbp"] == pytest.approx(float((theirs - ours)[OUT[names[0]]].mean()) + rise, rel=1e-9)
    assert row["health_more_qaly"] == pytest.approx(float((theirs - ours)[OUT[names[1]]].mean()), rel=1e-9)


def present_rise(source: Source, study: Any) -> float:
    """How much more the draft's agreed budget is (£, present value)."""
    from stresstest.measures.failures import present

    return present(study, 0) - present(source.study, 0)


def test_order_and_domination(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Dominated means no better on all three and worse on one; the undominated come first; no order follows money alone."""
    rows = [row for row in tables["ranking"] if row["strategy"] == "honest"]
    values = {r["draft"]: np.array([-r["public_exposure_gbp"], r["health_qaly"], -r["walks_away_probability"]]) for r in rows}
    for row in rows:
        by = [n for n, v in values.items() if (v >= values[row["draft"]]).all() and (v > values[row["draft"]]).any()]
        assert (row["dominated_by"] in by) if by else row["dominated_by"] == ""
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    flags = [row["dominated_beyond_noise"] == "yes" for row in rows]
    assert flags == sorted(flags)
    assert of(tables, "rescue")["walks_away_rank"] == 1
    for order in ("money", "public exposure"):
        with pytest.raises(ConfigError, match="money alone"):
            batch.require_order(order)
    with pytest.raises(ConfigError, match="no such order"):
        batch.require_order("luck")
    by_name = batch.ordered(rows, "name")
    assert [row["draft"] for row in by_name] == sorted(values)


def test_what_drafts_changed_is_told(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Each changed entry with its value before and after; a draft that changes nothing has none."""
    changed = {(row["draft"], row["entry"]): (row["as_it_is"], row["value"]) for row in tables["changed"]}
    assert changed["rescue", "contract.ending.rescue"] == ("0.0", "1.0")
    assert "no change" not in {draft for draft, _ in changed}
    assert {row["draft"]: row["status"] for row in tables["drafts"]}["no such clause"] == FAILED


def test_more_drafts_than_a_comparison_takes(folder: Path, tried: list[batch_runs.Tried]) -> None:
    """Sixty runs are checked and joined, though a comparison alone takes twenty."""
    source = tried[0].source
    assert source is not None
    found = batch.shared([Source.of(folder), *[source] * 59], ["base", *(f"v{k}" for k in range(59))])
    assert len(found.sources) == 60
    assert found.n == source.futures


def test_an_older_run_is_refused_before_anything_is_run(folder: Path) -> None:
    """A run of another version: refused with the command that makes it again. Providers that keep to what they did need no
    other reference."""
    source = Source.of(folder)
    source.manifest["source_digest"] = "0"
    with pytest.raises(ConfigError, match="stresstest run"):
        require_version(source)
    assert reference(source, folder, keep=True, jobs=1, say=quiet) is source


def test_a_lost_disk_stops_the_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops every draft is no fault of one: it goes up."""
    def full(*_: Any) -> Any:
        raise BackendError("the disk is full")

    monkeypatch.setattr(batch_runs, "_try", full)
    with pytest.raises(BackendError):
        run_variants(Source.of(folder), DRAFTS, folder, keep=True, jobs=1, say=quiet)


def test_the_page_puts_money_health_and_failure_side_by_side(folder: Path, tmp_path: Path, tried: Any, capsys: Any) -> None:
    """From the command line: answer, page and tables in RUN/batches/FILE; 1 for a draft that failed, which the page names."""
    text = "schema_version = 1\n" + "".join(
        f'[[variant]]\nname = "{one.name}"\nchanges = {json.dumps(list(one.changes))}\n' for one in DRAFTS
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    argv = ["compare", str(folder), "--variants", str(tmp_path / "mine.toml"), "--keep-strategies", "--quiet"]
    assert main([*argv, "--out-runs", str(folder.parent / "drafts")]) == 1
    said, place = capsys.readouterr().out, folder / "batches" / "mine"
    assert said.splitlines()[-1] == str(place / "index.html")
    assert "Not run: no such clause" in said
    page = (place / "index.html").read_text(encoding="utf-8")
    assert "no such clause could not be run" in page
    assert "\ue000" not in page
    assert "nan" not in page.lower().split()
    rows = list(csv.DictReader((place / "ranking.csv").open(encoding="utf-8")))
    assert {"public_exposure_more_gbp", "health_more_qaly", "walks_away_more_probability"} <= set(rows[0])
    assert main(["verify", str(folder)]) == 0
    assert all(path.with_suffix(".csv").is_file() for path in (place / "figures").glob("*.png"))
    capsys.readouterr()


BAD = [
    (["--variants", "dudley", "--order", "money"], "money alone"),
    (["--order", "health", "--variant", "a: contract.ending.reserve=1"], "--variants FILE"),
    (["--variants", "dudley", "--variant", "a: contract.ending.reserve=1"], "laid over one run"),
    (["--variants", "dudley", "--against", "x"], "set against the run itself"),
    (["--variants", "dudlei"], "did you mean: dudley"),
]


@pytest.mark.parametrize(("argv", "told"), BAD)
def test_what_does_not_go_together_is_refused(argv: list[str], told: str, folder: Path, capsys: Any) -> None:
    """Options that make no sense are refused before anything is run."""
    assert main(["compare", str(folder), *argv]) == 2
    assert told in capsys.readouterr().err
