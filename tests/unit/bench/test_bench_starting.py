"""Commands that are timed up to a line of theirs."""

from __future__ import annotations

import pytest

from stresstest.bench.starting import FirstLine
from stresstest.errors import BackendError

pytestmark = pytest.mark.unit
TELLS = "import sys, time; print('one', file=sys.stderr, flush=True); print('first look', file=sys.stderr, flush=True); "


def test_a_command_is_stopped_at_its_line():
    """It is not waited for: a command that would sleep for a minute is timed up to its line."""
    run = FirstLine("first look", "-c", TELLS + "time.sleep(60)")
    run()
    assert 0.0 < run.seconds < 30.0


def test_a_line_that_never_comes_is_an_error():
    """A command that ends without its line is no measurement."""
    run = FirstLine("second look", "-c", TELLS)
    with pytest.raises(BackendError, match="did not say"):
        run()
