"""The numpy twin: all futures of a chunk side by side, in numpy expressions only.

What a good numpy programmer would write: the place's years are worked out at once as arrays [T, n], what the provider makes of
them year by year as arrays [n], and a chunk is small enough for the processor's cache. Scalars that all futures share stay
scalars, and what a strategy does not use is not worked out. On the kernel's own draws it gives the kernel's outcomes.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from ..study import KernelInputs
from .loop_levers import levers_at_risk
from .loop_setting import Setting, setting_of
from .twin_detection import detection_uniform
from .twin_draw import TwinLaw, draw_chunk
from .twin_life import live
from .twin_place import place_years

Array = np.ndarray
#: Futures at a time: the fastest of the powers of two by measurement.
CHUNK = 4096


def simulate(inputs: KernelInputs, first: int, n: int, axes: Array, noise: Array, once: Array, chunk: int = CHUNK) -> Array:
    """out[strategies, OUTCOMES, n] of futures first … first + n − 1 from axes[T, AXES, n], noise[T, NOISE, n], once[ONCE, n].

    Raises ConfigError for clauses that the baselines do not know.
    """
    setting = setting_of(inputs)
    out = np.empty((len(setting.strategies), len(L.OUTCOMES), n))
    risky = levers_at_risk(setting)
    for at in range(0, n, chunk):
        part = slice(at, min(at + chunk, n))
        futures = np.arange(first + part.start, first + part.stop, dtype=np.uint64)
        detection = {name: detection_of(setting, name, futures) for name in risky}
        live_all(setting, axes[:, :, part], noise[:, :, part], once[:, part], detection, out[:, :, part])
    return out


def live_all(
    setting: Setting, axes: Array, noise: Array, once: Array, detection: dict[str, Array], out: Array
) -> None:
    """Fill out[strategies, OUTCOMES, n] of a chunk; the place's years are worked out once for all strategies."""
    place = place_years(setting, axes, noise, once)
    for levels, rows in zip(setting.strategies, out, strict=True):
        live(setting, levels, place, noise, detection, rows)


def detection_of(setting: Setting, lever: str, futures: Array) -> Array:
    """The futures' uniforms of detection [T, n], those of the kernel; 1 in the central case, where nothing is found out."""
    uniforms = np.array([detection_uniform(futures, t, setting.lever_keys[lever]) for t in range(setting.years)])
    uniforms[:, futures == 0] = 1.0
    return uniforms


def simulate_drawn(
    inputs: KernelInputs, n: int, seed: int, chunk: int = CHUNK
) -> Array:
    """out[strategies, OUTCOMES, n] of n futures drawn by numpy's SFC64, chunk by chunk."""
    from numpy.random import SFC64, Generator  # noqa: TID251

    generator = Generator(SFC64(seed))
    setting, law = setting_of(inputs), TwinLaw(inputs)
    out = np.empty((len(setting.strategies), len(L.OUTCOMES), n))
    risky = levers_at_risk(setting)
    for at in range(0, n, chunk):
        part = out[:, :, at : at + chunk]
        axes, noise, once = draw_chunk(law, generator, part.shape[2])
        detection = {name: generator.random((setting.years, part.shape[2])) for name in risky}
        live_all(setting, axes, noise, once, detection, part)
    return out
