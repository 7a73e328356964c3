"""The page of a finished run, against the kernel for 100,000 futures."""

from __future__ import annotations

from stresstest.bench import files
from stresstest.bench.setting import FUTURES, kernel

GROUP = "a report, and 100,000 futures"


def test_report(timed, setting):
    """The page with its figures and tables. It reads summaries, so the number of futures hardly tells."""
    with files.report(setting) as render:
        timed(GROUP, render, 2, warm=False)


def test_futures(timed, setting):
    """100,000 futures drawn and lived."""
    timed(GROUP, kernel(setting.honest, 100_000 // FUTURES * FUTURES), 3)
