"""Changes between two real runs of the same futures: errors are paired, and other seeds are told as other seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stresstest.advice.reading import outcomes
from stresstest.advice.source import Source
from stresstest.measures.changes import changes
from stresstest.measures.difference import BOUND, INDEPENDENT, PAIRED, method_of
from stresstest.measures.summary import exit_rows, outcome_rows
from stresstest.results.difference import read_record
from stresstest.results.store import write_summary

pytestmark = pytest.mark.integration
STRATEGIES = ["honest", "gamed"]


def summed(folder: Path) -> Path:
    """A run with a summary of its first scenario."""
    source = Source.of(folder)
    rows = list(outcome_rows(folder, "calibrated", STRATEGIES))
    for strategy in STRATEGIES:
        rows += list(exit_rows(folder, "calibrated", strategy, list(source.study.year_labels)))
    write_summary(folder, rows, source.manifest["run_id"])
    return folder


@pytest.fixture(scope="module")
def runs(make_run: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run, one of a wider band in the same futures, one of another seed, one of fewer futures."""
    out = tmp_path_factory.mktemp("changes")
    wide = ("contract.gain_loss_share.dead_band=0.03",)
    made = {"first": make_run(out, (), 1000), "wide": make_run(out, wide, 1000), "seed": make_run(out, ("seed=7",), 1000),
            "few": make_run(out, (), 500)}  # fmt: skip
    return {name: summed(folder) for name, folder in made.items()}


def rows_of(runs: dict[str, Path], one: str, two: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Headline figures by strategy and figure."""
    found = changes(read_record(runs[one]), read_record(runs[two]), Path("/"))
    return {(row["strategy"], row["figure"]): row for row in found.tables["outputs"]}


def test_errors_in_the_same_futures_are_paired(runs: dict[str, Path]) -> None:
    """The error of a change of a mean is that of the mean difference, future by future, far below that of independent runs."""
    rows, column = rows_of(runs, "first", "wide"), "provider_surplus_npv_gbp"
    ones, twos = (
        np.concatenate([part[column] for part in outcomes(Source.of(runs[name]), [column])]) for name in ("first", "wide")
    )
    row = rows["honest", "provider's surplus, mean"]
    assert row["method"] == PAIRED
    assert row["change"] == pytest.approx(float((twos - ones).mean()), rel=1e-6)
    assert row["change_error"] == pytest.approx(float((twos - ones).std(ddof=1) / np.sqrt(ones.size)), rel=1e-6)
    assert row["change_error"] < 0.5 * np.hypot(row["before_error"], row["after_error"])
    assert rows["honest", "provider's surplus, median"]["method"] == BOUND
    assert rows["honest", "chance that losses end the contract early"]["method"] == PAIRED
    assert rows["gamed - honest", "provider's surplus, mean"]["method"] == BOUND


def test_other_seeds_are_independent_and_fewer_futures_bounded(runs: dict[str, Path]) -> None:
    """Another seed: roots of squares, and nearly nothing beyond noise; another number of futures: the sum of both errors."""
    rows = rows_of(runs, "first", "seed")
    assert {row["method"] for row in rows.values()} == {INDEPENDENT}
    assert sum(row["verdict"] == "beyond noise" for row in rows.values()) <= 1
    few = rows_of(runs, "first", "few")["honest", "health gained, mean"]
    assert few["method"] == BOUND
    assert few["change_error"] == pytest.approx(few["before_error"] + few["after_error"])


def test_equal_runs_made_twice_are_equal_to_the_bit(runs: dict[str, Path], make_run: Any, tmp_path: Path) -> None:
    """The same study run again: another run, no kind of difference, equal results hashes."""
    again = read_record(summed(make_run(tmp_path, (), 1000)))
    found = changes(read_record(runs["first"]), again, Path("/"))
    assert found.same_results
    assert found.kinds == ()
    assert {row["verdict"] for row in found.tables["outputs"]} == {"the same"}
    assert method_of(found.before, found.after, "calibrated") == PAIRED
