"""Measures, levers and axes of the method book: every one is whole, and its worked example is what a hand gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.worked import load_cases
from stresstest.config.folders import config_folder
from stresstest.config.load import load_study
from stresstest.levers import LEVERS
from stresstest.measures.estimates import FAN
from stresstest.measures.headline import MEASURES
from stresstest.measures.summary import METRICS, YEARLY
from stresstest.report import method_axes_worked, method_figures, method_levers, method_parts
from stresstest.report.method import texts
from stresstest.report.method_measures import entries
from stresstest.report.method_worked import Entry, Worked, code_of, entry_text, said
from stresstest.results.schema import COLUMNS
from stresstest.terms import TERMS

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
ENTRIES = entries()


@pytest.fixture(scope="module")
def rows() -> list[method_parts.Row]:
    """Every part of every entry."""
    return method_parts.all_rows(load_study("dudley", configs=CONFIGS), texts(), load_cases(CONFIGS.parent / "tests" / "cases"))


def test_every_entry_has_every_part_or_says_why_not(rows: list[method_parts.Row]) -> None:
    """No term, lever, axis or measure lacks a part without a reason."""
    assert [row[:3] for row in rows if not row[3]] == []
    assert {row[0] for row in rows} == {"clause", "lever", "axis", "measure"}


def test_every_entry_is_there(rows: list[method_parts.Row]) -> None:
    """The registers, the axes and the output columns are all among the entries."""
    named = {kind: {row[1] for row in rows if row[0] == kind} for kind in ("clause", "lever", "axis")}
    assert named == {
        "clause": {kind.name for kind in TERMS}, "lever": {kind.name for kind in LEVERS}, "axis": set(L.AXES),
    }  # fmt: skip


def test_no_reason_is_given_for_what_is_there(rows: list[method_parts.Row]) -> None:
    """Every excuse is used: one for something that has come since would hide the next gap."""
    excused = {(kind, name, part) for kind, name, part, there in rows if there.startswith("none:") and kind != "measure"}
    assert excused == set(method_parts.LACKS)


def test_a_part_that_is_missing_is_seen() -> None:
    """A clause without formula and source is reported as such."""
    bare = dict.fromkeys((kind.name for kind in TERMS), "Words without anything.")
    found = {(row[1], row[2]) for row in method_parts.clause_rows(bare, []) if not row[3]}
    assert len(found) == 4 * len(TERMS)


def test_every_measure_column_has_an_entry() -> None:
    """Outcomes, yearly figures, statistics, headline measures and chances of an end are explained by some entry."""
    explained = {column for one in ENTRIES for column in one.columns}
    wanted = {column.name for column in COLUMNS["outcomes"] if column.name in L.OUT or column.name.startswith("exit_")}
    wanted |= {column.name for column in COLUMNS["years"] if column.name in L.YEAR} | {column for _, _, column, _, _ in METRICS}
    wanted |= {column for _, _, column, _ in YEARLY} | {one.name for one in FAN} | set(MEASURES)
    wanted |= {"sd", "cte95", "cte99", "probability_negative", "central", "exit", "exit_losses", "exit_policy", "ran_its_term"}
    assert wanted - explained == set()
    assert len({one.name for one in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("one", ENTRIES, ids=[one.name for one in ENTRIES])
def test_every_measure_names_code_that_is_there(one: Entry) -> None:
    """The function exists, and the entry is printed with its example or its reason."""
    assert callable(code_of(one))
    text = "\n".join(entry_text(one))
    assert ("| result |" in text) == (one.work is not None)
    assert one.work is not None or f"No worked example: {one.why}." in text


def test_toy_sums_are_those_of_a_hand() -> None:
    """Two years at 3.5%: surplus −3 then 2; exposure 10 then 8; hospital a quarter of 4 then of 1; health at 1.5%."""
    outcomes, yearly = method_figures.toy()
    second = 1 / 1.035
    assert outcomes["provider_surplus_npv_gbp"] == pytest.approx(-3 + 2 * second)
    assert outcomes["commissioner_exposure_npv_gbp"] == pytest.approx(10 + 8 * second)
    assert outcomes["hospital_exposure_npv_gbp"] == pytest.approx(1 + 0.25 * second)
    assert outcomes["public_exposure_npv_gbp"] == pytest.approx(10 + 8 * second + 1 + 0.25 * second + 0.5 + 0.5 * second)
    assert outcomes["health_qaly_npv"] == pytest.approx(50 + 60 / 1.015)
    assert outcomes["mean_true_score"] == pytest.approx(0.5)
    assert yearly["cumulative_surplus_gbp"] == pytest.approx([-3.0, -1.0])


@pytest.mark.parametrize(
    ("name", "result", "value"),
    [
        ("regret", "regret of A", [0, 20, 30]), ("shapley", "effect of A", 0.35), ("quasi_p", "quasi-p", 0.0625),
        ("design_point", "distance β", 3 / np.sqrt(2)), ("skill", "Brier score", 0.0375), ("coverage", "density", 0.75),
        ("minimax", "largest regret", [30, 10]), ("switching", "switching value (£ per QALY)", 20_000),
        ("deterring", "chance that deters", 0.18), ("cte", "cte75", -25.6), ("mean", "mean", -0.85),
    ],
)  # fmt: skip
def test_methods_give_what_a_hand_gives(name: str, result: str, value: object) -> None:
    """Examples small enough to be worked out on paper."""
    one = next(entry for entry in ENTRIES if entry.name == name)
    assert one.work is not None
    np.testing.assert_allclose(np.asarray(one.work().found[result], dtype=float), value, rtol=1e-6)


def test_every_lever_moves_something() -> None:
    """At half of its intensity a lever bends the small world, and up-coding does so by 8%."""
    assert [kind.name for kind in LEVERS if not method_levers.moved(kind)[1]] == []
    upcoding = next(kind for kind in LEVERS if kind.name == "upcoding")
    assert method_levers.moved(upcoding)[1]["record_need"] == pytest.approx((1.0, 1.08))


def test_axes_follow_the_future_that_is_described() -> None:
    """A tremor of one deviation shows in the third year, a crisis in the fourth, and nothing lies beyond its limits."""
    study = load_study("dudley", configs=CONFIGS)
    paths = method_axes_worked.worked_paths(study)
    economy, control = paths[:, L.ECONOMY], paths[:, L.CONTROL]
    assert control[2] - control[1] == pytest.approx(0.1)
    assert economy[3] < min(economy[:3]) - 0.05
    assert (paths >= study.law.table[:, 3] - 1e-12).all()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234567.8, "1,234,568"), (-0.5, "−0.5"), (True, "yes"), (float("nan"), "none"), ((1.0, 2.5), "1; 2.5"),
        ([[1, 2], [3, 4]], "1; 2 / 3; 4"), (1e-17, "0"), ("a", "a"), (np.array(0.125), "0.125"), (float("inf"), "no limit"),
    ],
)  # fmt: skip
def test_numbers_of_examples_are_said_plainly(value: object, words: str) -> None:
    """Six figures, a true minus sign, rows apart by a stroke."""
    assert said(value) == words


def test_an_example_is_printed_with_what_was_given() -> None:
    """Given and result stand in one table."""
    one = Entry("x", "method", "X", "Words.", ("a + b",), "own", "units:pounds", lambda: Worked({"a": 1}, {"sum": 3}, "Look."))
    text = "\n".join(entry_text(one))
    assert "| given | a | 1 |\n| result | sum | 3 |" in text
    assert "```\na + b\n```" in text
