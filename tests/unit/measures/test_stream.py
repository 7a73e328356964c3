"""Columns and parts: what is read, what is held, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from made_run import make_run

from stresstest.measures import stream
from stresstest.measures.designs import Design
from stresstest.measures.stream import KEYS, Column, Parts, Piece, Words, strategy_column

pytestmark = pytest.mark.unit

NAME = "commissioner_exposure_npv_gbp"


def values_of(column):
    """All values of a column."""
    return np.concatenate([piece.values for piece in column])


def test_a_column_can_be_read_again():
    """A column is a repeatable stream: reading it twice gives the same values."""
    pieces = np.array_split(np.arange(10.0), 3)
    column = Column(lambda: iter(pieces))
    np.testing.assert_array_equal(values_of(column), values_of(column))


def test_plain_values_weigh_one():
    """Values without weights weigh 1 and belong to group 0."""
    (piece,) = list(Column.of(np.arange(4.0)))
    assert piece.weights.tolist() == [1.0] * 4
    assert piece.groups.tolist() == [0] * 4


def test_short_columns_are_held_and_long_ones_are_not(monkeypatch):
    """A column of GATHER values is read once and held in its own pieces; a longer one is read again each time."""
    reads = []

    def pieces():
        reads.append(1)
        return iter(np.array_split(np.arange(100.0), 4))

    held = Column(pieces).held()
    assert [p.values.size for p in held] == [25] * 4
    assert values_of(held).sum() == 4950.0
    assert len(reads) == 1
    monkeypatch.setattr(stream, "GATHER", 99)
    long = Column(pieces).held()
    values_of(long)
    values_of(long)
    assert len(reads) == 4


def test_first_values_and_first_replicates():
    """The first n values cross pieces; the first replicates are taken whole, and the design then has as many."""
    groups = np.arange(100) % 4
    whole = Piece(np.arange(100.0), np.ones(100), groups)
    pieces = [whole.cut(slice(0, 30)), whole.cut(slice(30, 100))]
    column = Column(lambda: iter(pieces), design=Design("lhs", 4))
    np.testing.assert_array_equal(values_of(column.first(45)), np.arange(45.0))
    np.testing.assert_array_equal(values_of(column.first(30)), np.arange(30.0))
    two = column.replicates(2)
    np.testing.assert_array_equal(values_of(two), np.arange(100.0)[groups < 2])
    assert two.design == Design("lhs", 2)


def test_words_are_compared_and_numbered():
    """A column of words knows which rows hold a word, and the number given to each word."""
    words = Words(np.array([0, 1, 1, 2, 0]), ["honest", "gamed", "none"])
    np.testing.assert_array_equal(words.equal("gamed"), [False, True, True, False, False])
    assert not words.equal("unknown").any()
    assert words.numbered({"honest": 7, "gamed": 8, "none": -1}).tolist() == [7, 8, 8, -1, 7]
    with pytest.raises(KeyError):
        words.numbered({"honest": 7})


def test_old_tables_have_no_weights(tmp_path):
    """A table without weight and group is read as if every future weighed 1 and belonged to group 0."""
    made = make_run(tmp_path, 50, weights=None)
    (part,) = list(Parts.of(made.folder, "outcomes", "calibrated").read([*KEYS, NAME]))
    assert set(part["weight"]) == {1.0}
    assert set(part["group"]) == {0}
    assert part[NAME].size == 2 * 51


def test_parts_that_are_held_are_read_once(tmp_path, monkeypatch):
    """Small tables are held for all columns at once, row group by row group, and give the same column; large ones are not."""
    made = make_run(tmp_path, 200, parts=3)
    parts = Parts.of(made.folder, "outcomes", "calibrated")
    held = parts.hold([*KEYS, NAME])
    assert len(held.held) == 3
    for one, two in zip(strategy_column(parts, NAME, "gamed"), strategy_column(held, NAME, "gamed"), strict=True):
        np.testing.assert_array_equal(one.values, two.values)
        np.testing.assert_array_equal(one.weights, two.weights)
    monkeypatch.setattr(stream, "HELD", 1000)
    assert parts.hold([*KEYS, NAME]).held == ()


def test_strategy_columns_carry_weights_groups_and_the_central_case(tmp_path):
    """A strategy's column leaves out future 0 and gives it apart; weights and groups are those of its futures."""
    made = make_run(tmp_path, 120, parts=2, design={"kind": "sobol", "replicates": 8, "antithetic": False})
    column = strategy_column(
        Parts.of(made.folder, "outcomes", "calibrated"), NAME, "gamed", None, Design.of(made.folder)
    )
    np.testing.assert_array_equal(values_of(column), made.exposure["gamed"][1:])
    np.testing.assert_array_equal(np.concatenate([p.weights for p in column]), made.weights[1:])
    np.testing.assert_array_equal(np.concatenate([p.groups for p in column]), made.groups[1:])
    assert column.central == made.exposure["gamed"][0]
    assert column.design == Design("sobol", 8)


def test_differences_are_paired_by_future(tmp_path):
    """The difference column subtracts the honest number of the same future; futures that do not match are refused."""
    made = make_run(tmp_path, 60, parts=2)
    parts = Parts.of(made.folder, "outcomes", "calibrated")
    column = strategy_column(parts, NAME, "gamed", "honest")
    np.testing.assert_array_equal(values_of(column), (made.exposure["gamed"] - made.exposure["honest"])[1:])
    assert column.central == made.exposure["gamed"][0] - made.exposure["honest"][0]
    wrong = Parts((), tuple({**part, "future": np.arange(part["future"].size)} for part in parts.read([*KEYS, NAME])))
    with pytest.raises(ValueError, match="do not match"):
        list(strategy_column(wrong, NAME, "gamed", "honest"))
