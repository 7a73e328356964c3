"""Writing the tables of a chunk, against simulating it."""

from __future__ import annotations

from stresstest.bench import files

GROUP = f"{files.CHUNK_FUTURES:,} futures × 2 strategies, one chunk"


def test_write(timed, setting):
    """Checked, turned into columns, compressed, hashed, flushed to disk."""
    with files.chunk(setting) as (write, _):
        timed(GROUP, write, 5)


def test_simulate(timed, setting):
    """The chunk's futures drawn and lived."""
    with files.chunk(setting) as (_, simulate):
        timed(GROUP, simulate, 5)
