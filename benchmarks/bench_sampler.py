"""Drawing futures, axes included, against drawing as many normals with numpy."""

from __future__ import annotations

from stresstest.bench.setting import FUTURES, normals, sampler

GROUP = f"{FUTURES:,} futures drawn, one thread"


def test_sampler(timed, setting):
    """Draws and axes of every future, block by block."""
    timed(GROUP, sampler(setting.honest))


def test_numpy_normals(timed, setting):
    """As many standard normals from SFC64, a block at a time."""
    timed(GROUP, normals(setting.normals))
