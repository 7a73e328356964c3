"""Commands as a user types them, against a Python that does nothing. The kernel is in the cache."""

from __future__ import annotations

from stresstest.bench import starting

GROUP = "a command in a process of its own"


def test_empty_python(timed):
    """`python -c pass`."""
    timed(GROUP, starting.empty())


def test_help(timed):
    """`stresstest --help`."""
    timed(GROUP, starting.command("--help"))


def test_check(timed):
    """`stresstest check dudley`."""
    timed(GROUP, starting.command("check", "dudley"), 5)


def test_first_small_run(timed, setting):
    """`stresstest run dudley` with few futures, honest and gamed strategies searched, folder written."""
    with starting.small_run() as run:
        timed(GROUP, run, 3, warm=False)
