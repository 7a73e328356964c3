"""The unit cube: which point of it a future is, apart from what the point means.

Dimensions are laid out stream by stream (`DesignPlan`). Streams are named axis/<axis>/destination, …/timing, …/noise,
axis/economy/crisis and …/crisis_size, noise/<name>, once/<name> and detection/<lever>; what is local carries the
place. This version has the pseudo-random design; another design is another way to fill the same cube. Future 0 is the
cube's centre: every normal is 0, no event with a probability below a half happens. It is the central case and is left
out of every probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout
from .._jit import rule
from .streams import stream_key, threefry, unit

LOW_WORD = np.uint64(0xFFFFFFFF)
HIGH_WORD = np.uint64(32)
SEARCH_FIRST = 1 << 40
VERIFY_FIRST = 1 << 41
NULL_FIRST = 1 << 42


@dataclass(frozen=True)
class DesignPlan:
    """Streams of a study in cube order.

    `keys` uint64[streams, 4]; `slots` int64[streams] draws of each; `offsets` int64[streams] first cube row of each;
    `dimensions` rows in all.
    """

    names: tuple[str, ...]
    keys: np.ndarray
    slots: np.ndarray
    offsets: np.ndarray
    dimensions: int

    def offset(self, name: str) -> int:
        """First cube row of the named stream."""
        return int(self.offsets[self.names.index(name)])


def plan_design(seed: int, place: str, years: int) -> DesignPlan:
    """The streams of a study: six axes (destination, timing, yearly noise), crises, yearly and once-only variates.

    National streams carry no place in their key, so places in one study share one economy in the same future.
    """
    streams: list[tuple[str, str, int]] = []
    for axis in layout.AXES:
        streams += [
            (f"axis/{axis}/destination", "", 1),
            (f"axis/{axis}/timing", "", 1),
            (f"axis/{axis}/noise", "", years),
        ]
    streams += [("axis/economy/crisis", "", years), ("axis/economy/crisis_size", "", years)]
    for name in layout.NOISE:
        streams.append((f"noise/{name}", "" if name in layout.NATIONAL_NOISE else place, years))
    streams += [(f"once/{name}", place, 1) for name in layout.ONCE]
    slots = np.array([count for _, _, count in streams], dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum(slots)[:-1])).astype(np.int64)
    keys = np.array([stream_key(seed, name, where) for name, where, _ in streams], dtype=np.uint64)
    return DesignPlan(tuple(name for name, _, _ in streams), keys, slots, offsets, int(slots.sum()))


def detection_plan(seed: int, place: str, years: int, levers: tuple[str, ...]) -> np.ndarray:
    """Keys uint64[levers, 4] of the streams that decide, year by year, whether a lever is found out."""
    return np.array([stream_key(seed, f"detection/{name}", place) for name in levers], dtype=np.uint64).reshape(-1, 4)


@rule
def fill_stream(cube: np.ndarray, row: int, slots: int, key: np.ndarray, first: int, n: int) -> None:
    """cube[row + slot, i] = the stream's uniform in `slot` for future first + i; the centre for future 0."""
    for group in range((slots + 3) // 4):
        for i in range(n):
            future = np.uint64(first + i)
            w0, w1, w2, w3 = threefry(
                future & LOW_WORD, future >> HIGH_WORD, np.uint64(group), np.uint64(0), key[0], key[1], key[2], key[3]
            )
            slot = 4 * group
            cube[row + slot, i] = unit(w0)
            if slot + 1 < slots:
                cube[row + slot + 1, i] = unit(w1)
            if slot + 2 < slots:
                cube[row + slot + 2, i] = unit(w2)
            if slot + 3 < slots:
                cube[row + slot + 3, i] = unit(w3)
    if first == 0:
        for slot in range(slots):
            cube[row + slot, 0] = 0.5


@rule
def fill_cube(cube: np.ndarray, keys: np.ndarray, slots: np.ndarray, offsets: np.ndarray, first: int, n: int) -> None:
    """The pseudo-random design: independent uniforms for futures first … first + n − 1 in cube[dimensions, n]."""
    for k in range(slots.size):
        fill_stream(cube, offsets[k], slots[k], keys[k], first, n)
