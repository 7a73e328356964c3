"""The section of the method book on the axes and the record."""

from __future__ import annotations

import math

import pytest

from stresstest.report import method_axes as M

pytestmark = pytest.mark.unit

ROW = {
    "quantity": "growth", "statistic": "lowest", "window_years": 5, "windows_apart": 15, "record": -0.0054,
    "simulated_p1": 0.0, "simulated_p50": 0.01, "simulated_p99": 0.02, "share_below_record": 0.0, "miss": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "per_cent", "said"), [(-0.0054, True, "−0.54%"), (0.25, False, "0.25"), (math.nan, True, "")]
)
def test_numbers_are_printed_in_their_unit(value, per_cent, said):
    """Rates per cent with a true minus sign, the rest as they are, and nothing for what there is not."""
    assert M._number(value, per_cent) == said


def test_a_miss_is_never_hidden():
    """A miss is marked in its row and told in a sentence; without one the section says so."""
    assert "**miss**" in M.record_text([ROW])[2]
    assert M.misses_text([ROW])[0] == "- growth, lowest over 5 years: −0.54% in the record, 0.00% to 2.00% in the runs"
    assert "outside the middle 98%" in M.misses_text([{**ROW, "miss": False}])[0]
    assert "**miss**" not in M.record_text([{**ROW, "miss": False}])[2]


def test_calibration_is_not_called_validation(dudley):
    """The section opens by saying what it is not, and holds every part."""
    from stresstest.config.folders import config_folder, data_folder

    text = "\n".join(M.axes_text(dudley.study, data_folder(config_folder()), 60))
    assert "Calibration is not validation" in text
    assert text.count("validat") == 1
    for heading in ("What the record gives", "The chain of health funding", "What is judged", "Misses"):
        assert f"### {heading}\n" in text
    assert "| economy | `crisis.size` |" in text
    assert "| responsibility | `mean` |" in text
    for line in text.split("\n"):
        assert not line.startswith("| ") or line.count(" | ") >= 3
