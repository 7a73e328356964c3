"""Which uncertainty matters: a whole answer from a small run, and tables whose answer is known."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.failures import failure
from stresstest.advice.reading import ALL
from stresstest.advice.sensitivity import Effort, sensitivity, sensitivity_of_table
from stresstest.advice.sensitivity_effects import JOINT, PLAYERS, REST
from stresstest.advice.source import Source
from stresstest.errors import ConfigError, DataError
from stresstest.futures.resampling import key_of, normals, uniforms
from stresstest.methods.cases import Cases
from stresstest.methods.shapley import MOST_PLAYERS

pytestmark = pytest.mark.unit

SMALL = Effort(twin=256, assumptions=64, clauses=256, inputs=64, switching=1)


@pytest.fixture(scope="module")
def advice(small_folder):
    """The answer to the small run, with few fresh futures."""
    return sensitivity(Source.of(small_folder), effort=SMALL)


def _table(n=3000):
    x = (2.0 * uniforms(key_of("test/sensitivity table"), 3, n) - 1.0) * math.pi
    y = np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    return Cases.of({"x0": x[0], "x1": x[1], "x2": x[2], "still": np.ones(n)}, {"y": y, "coin": (y > 3.5).astype(float)})


def test_every_part_is_there(advice):
    """All tables have rows, every share has an error, and the answer can be written as text and as JSON."""
    wanted = ("effects", "columns", "deltas", "years", "twin", "assumptions", "clauses", "inputs", "switching", "verdicts")
    assert set(advice.tables) == set(wanted)
    assert all(advice.tables.values())
    assert set(advice.tables) == set(advice.captions)
    assert all("share_error" in row and row["share_low"] <= row["share_high"] for row in advice.tables["effects"])
    assert advice.answer[0].startswith("The opening price gap matters most")
    assert json.loads(advice.as_json())["verb"] == "sensitivity"
    assert "Which uncertainty matters?" in advice.as_text()


def test_effects_and_the_rest_are_the_whole(advice):
    """In each game and for each result the effects and everything else add up to 1; the gap comes first for surplus."""
    rows = advice.tables["effects"]
    for game, result in {(row["game"], row["result"]) for row in rows}:
        own = [row for row in rows if (row["game"], row["result"]) == (game, result)]
        assert sum(row["share"] for row in own) == pytest.approx(1.0, abs=1e-9)
        assert own[-1]["input"] == "everything else"
    first = next(row for row in rows if row["game"] == "nature" and row["result"] == "provider_surplus_npv_gbp")
    assert first["input"] == "opening_gap"
    assert first["verdict"] == "matters"
    assert 0.2 < first["share"] < 0.4


def test_players_hold_all_that_a_run_records():
    """Every recorded column belongs to one player of the game of all, and to no other."""
    every = [name for names in PLAYERS.values() for name in names]
    assert sorted(every) == sorted(ALL)
    assert len(PLAYERS) <= MOST_PLAYERS


def test_weak_tables_are_called_weak(advice):
    """So few futures leave an order open, and the answer says how many would settle it."""
    short = [row for row in advice.tables["verdicts"] if row["verdict"] == "too few futures"]
    assert short
    assert all(row["futures_needed"] > row["futures"] for row in short)
    assert advice.answer[-1].startswith("Too few futures to settle")
    gap = next(row for row in advice.tables["verdicts"] if row["table"] == "effects, nature" and "surplus" in row["result"])
    assert gap["verdict"] == "settled"


def test_a_failure_that_never_happens_is_said(small_source):
    """A failure that no future has is left out with a note; where nothing varies at all the analysis says so."""
    never = failure(small_source.study, "health_qaly_npv > 1e12")
    tiny = replace(SMALL, switching=0)
    found = sensitivity(small_source, failing=(never,), effort=tiny)
    assert any("never happens" in note for note in found.notes)
    assert never.name not in {row["result"] for row in found.tables["effects"]}
    with pytest.raises(DataError):
        sensitivity(small_source, results=(), failing=(never,), effort=tiny)
    with pytest.raises(ConfigError):
        sensitivity(small_source, results=("surplus",))


def test_a_table_with_a_known_answer():
    """Ishigami: the second input first by a little, then the first, then the third; the constant gets nothing and a note."""
    found = sensitivity_of_table(_table(), ("y", "coin"))
    effects = {row["input"]: row for row in found.tables["effects"] if row["result"] == "y"}
    for name, truth in (("x0", 0.4357), ("x1", 0.4424), ("x2", 0.1219)):
        assert effects[name]["share"] == pytest.approx(truth, abs=0.04)
    assert effects["still"]["share"] == 0.0
    assert effects["still"]["verdict"] == "never varies"
    assert any("still" in note for note in found.notes)
    verdict = next(row for row in found.tables["verdicts"] if row["result"] == "y")
    assert verdict["verdict"] == "too few futures"
    assert {row["input"] for row in found.tables["deltas"]} == {"x0", "x1", "x2", "still"}


def test_groups_and_many_columns():
    """Groups play as one; of many columns the weak stand together, and the strong ones are still found."""
    found = sensitivity_of_table(_table(), ("y",), {"pair": ("x0", "x2"), "x1": ("x1",)})
    shares = {row["input"]: row["share"] for row in found.tables["effects"]}
    assert shares["pair"] == pytest.approx(0.5576, abs=0.04)
    z = normals(key_of("test/many columns"), 16, 2000)
    cases = Cases.of({f"c{k}": z[k] for k in range(15)}, {"y": 2.0 * z[3] + z[11] + z[15]})
    many = sensitivity_of_table(cases, ("y",))
    rows = many.tables["effects"]
    assert [row["input"] for row in rows[:2]] == ["c3", "c11"]
    assert "all other inputs" in {row["input"] for row in rows}


def test_nothing_is_found_in_noise():
    """Where nothing is there no input matters, and the headline says so."""
    z = normals(key_of("test/sensitivity noise"), 3, 1000)
    found = sensitivity_of_table(Cases.of({"a": z[0], "b": z[1]}, {"y": z[2]}), ("y",))
    assert found.answer[0].startswith("No recorded uncertainty stands out")
    assert {row["verdict"] for row in found.tables["verdicts"]} == {"nothing found"}


def test_bad_tables_are_refused():
    """A result that never varies, too few rows and an unknown result are refused kindly."""
    x = np.arange(50.0)
    with pytest.raises(DataError, match="no result varies"):
        sensitivity_of_table(Cases.of({"x": x}, {"y": np.ones(50)}), ("y",))
    with pytest.raises(DataError, match="too few"):
        sensitivity_of_table(Cases.of({"x": x[:5]}, {"y": x[:5]}), ("y",))
    with pytest.raises(DataError):
        sensitivity_of_table(Cases.of({"x": x}, {"y": x}), ("z",))


def test_what_only_all_inputs_explain_has_its_own_row():
    """A limit that two inputs pass together: a joint row before what is left, rows that add up to 1, a sentence and a note."""
    z = normals(key_of("test/joint row"), 3, 8000)
    cases = Cases.of({f"x{k}": z[k] for k in range(3)}, {"limit": (z[0] + z[1] > 2.5).astype(float), "sum": z[0] + z[1]})
    found = sensitivity_of_table(cases, ("limit", "sum"))
    rows = [row for row in found.tables["effects"] if row["result"] == "limit"]
    assert [(row["input"], row.get("verdict")) for row in rows[-2:]] == [(JOINT, "joint"), (REST, None)]
    assert rows[-2]["share_low"] > 0.02
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    assert JOINT not in {row["input"] for row in found.tables["effects"] if row["result"] == "sum"}
    told = next(sentence for sentence in found.answer if sentence.startswith("Limit"))
    assert "only all inputs together explain and cannot be shared out; " in told
    assert any("may belong to any input" in note for note in found.notes)
