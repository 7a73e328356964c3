"""Verdicts on the five findings follow from figures that are paired with one another."""

from __future__ import annotations

import pytest

from stresstest.gaming.findings import CONFIRMED, REFUTED, SILENT, displacement

pytestmark = pytest.mark.unit


def test_a_fix_that_raises_the_gain_beyond_its_error_confirms_displacement():
    """Before and after are those of the same futures; the rise decides against twice its own error."""
    rises = displacement({"pay in a straight line": (308e6, 34e6, 2e6), "cap the list": (250e6, -24e6, 2e6)})
    assert rises.verdict == CONFIRMED
    assert rises.figure == 34e6
    assert "£274m" in rises.sentence
    assert "£308m" in rises.sentence


def test_a_rise_within_its_error_refutes_it_and_no_fix_says_nothing():
    """Twice the error is the bar."""
    assert displacement({"cap the list": (390e6, 0.5e6, 0.3e6)}).verdict == REFUTED
    assert displacement({}).verdict == SILENT
