"""Progress in plain words, on a terminal and off it."""

from __future__ import annotations

import io

import pytest

from stresstest import progress
from stresstest.progress import Progress

pytestmark = pytest.mark.unit


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """Yes."""
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.delenv("TERM", raising=False)
    return now


def test_off_a_terminal_a_line_at_most_every_ten_seconds(clock):
    """Many pieces in a short time print nothing; after ten seconds one whole line with rate and time to go."""
    stream = io.StringIO()
    shown = Progress(stream=stream)
    shown.start(1000)
    for _ in range(4):
        clock[0] += 3.0
        shown.advance(100)
    assert stream.getvalue() == "400 of 1,000 futures, 40%, 33 a second, 18 s to go\n"


def test_what_an_earlier_run_did_is_no_speed(clock):
    """After a resume, the rate counts what this run has done."""
    shown = Progress(stream=io.StringIO())
    shown.start(1000, already=500)
    clock[0] += 10.0
    shown.advance(100)
    assert shown.sentence() == "600 of 1,000 futures, 60%, 10 a second, 40 s to go"


def test_on_a_terminal_the_line_is_rewritten_without_colour(clock):
    """A carriage return, no escape sequence, and the line is cleared before a note."""
    stream = Terminal()
    shown = Progress(stream=stream)
    shown.start(100)
    clock[0] += 1.0
    shown.advance(50)
    shown.note("done")
    assert stream.getvalue().startswith("\r50 of 100 futures")
    assert stream.getvalue().endswith("\rdone\n")
    assert "\x1b" not in stream.getvalue()


def test_quiet_is_silent(clock):
    """Nothing at all is printed."""
    stream = Terminal()
    shown = Progress(quiet=True, stream=stream)
    shown.start(10)
    clock[0] += 60.0
    shown.advance(10)
    shown.finish()
    shown.stop()
    assert stream.getvalue() == ""
