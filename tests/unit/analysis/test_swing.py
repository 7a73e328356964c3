"""Which judged inputs the headline rests on."""

from __future__ import annotations

import pytest

from stresstest.analysis.swing import FACTORS, JUDGED, swing_rows

pytestmark = pytest.mark.unit


def test_swings_are_judged_inputs_changed_alone(dudley, honest):
    """Rows are judged inputs, largest effect first, each with its paired error, and the base is the same in all."""
    rows = swing_rows(dudley.study, honest, futures=300, most=6)
    assert len(rows) == 6
    assert all(row["quality"] in JUDGED for row in rows)
    assert len({row["exit_losses_base"] for row in rows}) == 1
    sizes = [abs(row["exit_losses_changed"] - row["exit_losses_base"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 3.0 * rows[0]["exit_losses_error"]
    for row in rows:
        assert any(row["changed"] == pytest.approx(f * row["base"]) or row["base"] != row["changed"] for f in FACTORS)


def test_a_wider_opening_gap_ends_more_contracts(dudley, honest):
    """The opening gap is among the inputs that matter, and more of it means more ends by losses."""
    rows = {row["key"]: row for row in swing_rows(dudley.study, honest, futures=300)}
    row = rows["place.opening.gap_median"]
    assert (row["changed"] > row["base"]) == (row["exit_losses_changed"] > row["exit_losses_base"])
