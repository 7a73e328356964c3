"""A whole run to its folder, against the simulation of its chunks and nothing written."""

from __future__ import annotations

import pytest

from stresstest.bench import files

GROUP = f"{files.RUN_FUTURES:,} futures × 2 strategies"


@pytest.mark.parametrize("jobs", [1, 2])
def test_run(timed, setting, jobs):
    """Simulated, written, hashed and checked."""
    with files.run(setting, jobs) as (run, _):
        timed(GROUP, run, 3)


def test_simulation_alone(timed, setting):
    """The same chunks one after the other, nothing written."""
    with files.run(setting, 1) as (_, simulate):
        timed(GROUP, simulate, 3)
