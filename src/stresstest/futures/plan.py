"""Which random streams a study has: names, keys, number of draws, kind, and the Sobol' dimensions that they own.

Streams are named axis/<axis>/destination, …/timing, …/noise, axis/economy/crisis and …/crisis_size, axis/course, axis/mixing,
axis/coupling, noise/<name>, once/<name> and detection/<lever>. A stream's key is a hash of its name (futures/streams.py), so
adding one moves no other. The same holds for Sobol' dimensions: every stream has a number in a register that only grows
(FIRST_DRAWS, YEARLY_DRAWS); draw `slot` of yearly stream k is dimension FIRST + slot · YEARLY + k, whatever the contract's
length. What moves results most comes first, and first components of all paths come before second ones.

Streams with a place in their key are local: two places draw their own. In a net (sobol, importance) two places would still
stand on the same dimensions, each with its own scramble, so their local draws are not independent within one replicate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import layout
from .streams import stream_key

#: Streams with one draw, in order of Sobol' dimensions. Append only.
FIRST_DRAWS = (
    "once/opening_gap", "once/productivity_mean", "once/policy", "axis/economy/destination", "axis/state/destination",
    "axis/workforce/destination", "axis/technology/destination", "axis/responsibility/destination",
    "axis/control/destination", "once/benefit", "once/opening_curse", "once/omitted", "once/delay", "once/start",
    "once/scope", "once/council", "once/uptake", "axis/economy/timing", "axis/state/timing", "axis/workforce/timing",
    "axis/technology/timing", "axis/responsibility/timing", "axis/control/timing", "once/benefit_lag", "axis/course",
    "axis/coupling",
)  # fmt: skip
#: Streams with a draw a year, in order of Sobol' dimensions. Append only.
YEARLY_DRAWS = (
    "noise/productivity", "noise/need", "noise/pay", "noise/funding", "axis/economy/noise", "axis/state/noise",
    "noise/inflation", "axis/economy/crisis", "noise/pandemic", "noise/list", "axis/workforce/noise",
    "axis/technology/noise", "axis/responsibility/noise", "axis/control/noise", "noise/acute", "noise/insurance",
    "axis/economy/crisis_size", *(f"noise/outcome_{k}" for k in range(8)), *(f"noise/sample_{k}" for k in range(8)),
    "noise/winter", "axis/mixing",
)  # fmt: skip
FIRST, YEARLY = 40, 40
#: Draws of the stream that mixes a t copula: half its largest number of degrees of freedom.
MIXING_SLOTS = 15
SEARCH_FIRST = 1 << 40
VERIFY_FIRST = 1 << 41
NULL_FIRST = 1 << 42
PILOT_FIRST = 3 << 41

#: Yearly streams whose draws pile up, so that an early one moves more years than a late one.
PILES_UP = ("noise/list", "noise/need", "noise/pay", "noise/productivity", "noise/funding")


@dataclass(frozen=True)
class DesignPlan:
    """Streams of a study in the order of the cube.

    `keys` uint64[streams, 4]; `slots` int64[streams] draws of each; `offsets` int64[streams] first cube row of each;
    `normal` bool[streams] whether its draws are standard normals rather than uniforms; `dimensions` rows in all;
    `sobol` int64[dimensions] the Sobol' dimension of each row.
    """

    names: tuple[str, ...]
    keys: np.ndarray
    slots: np.ndarray
    offsets: np.ndarray
    normal: np.ndarray
    dimensions: int
    sobol: np.ndarray

    def offset(self, name: str) -> int:
        """First cube row of the named stream."""
        return int(self.offsets[self.names.index(name)])

    def rows(self) -> tuple[str, ...]:
        """A name for each cube row: the stream's, with the slot where it has several."""
        return tuple(
            name if slots == 1 else f"{name}[{slot}]"
            for name, slots in zip(self.names, self.slots, strict=True)
            for slot in range(slots)
        )


def _streams(place: str, years: int) -> list[tuple[str, str, int, bool]]:
    """(name, place of its key, draws, whether normal) of every stream, in cube order."""
    found: list[tuple[str, str, int, bool]] = []
    for axis in layout.AXES:
        found += [
            (f"axis/{axis}/destination", "", 1, True),
            (f"axis/{axis}/timing", "", 1, False),
            (f"axis/{axis}/noise", "", years, True),
        ]
    found += [("axis/economy/crisis", "", years, False), ("axis/economy/crisis_size", "", years, True)]
    for name, kind in layout.NOISE_KINDS.items():
        found.append((f"noise/{name}", "" if name in layout.NATIONAL_NOISE else place, years, kind == "normal"))
    for name, kind in layout.ONCE_KINDS.items():
        found.append((f"once/{name}", "" if name in layout.NATIONAL_ONCE else place, 1, kind == "normal"))
    found += [("axis/course", "", 1, False), ("axis/coupling", "", 1, False), ("axis/mixing", "", MIXING_SLOTS, False)]
    return found


def plan_design(seed: int, place: str, years: int) -> DesignPlan:
    """The streams of a study: six axes, crises, yearly and once-only variates, and what joins the destinations.

    National streams carry no place in their key, so places in one study share one economy in the same future.
    """
    streams = _streams(place, years)
    names = tuple(name for name, *_ in streams)
    slots = np.array([count for _, _, count, _ in streams], dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum(slots)[:-1])).astype(np.int64)
    keys = np.array([stream_key(seed, name, where) for name, where, *_ in streams], dtype=np.uint64)
    normal = np.array([kind for *_, kind in streams])
    sobol = np.array([dimension_of(name, slot) for name, _, count, _ in streams for slot in range(count)], dtype=np.int64)
    return DesignPlan(names, keys, slots, offsets, normal, int(slots.sum()), sobol)


def unread_draws(indicators: int, courses: int, degrees: int, coupled: bool) -> frozenset[str]:
    """Streams that a future has no use for: those of indicators beyond the place's, of courses where there is one, of a t copula
    and of a coupling where there is none. They need not be drawn; leaving one out changes no other."""
    kinds = [f"noise/{kind}_{k}" for kind in ("outcome", "sample") for k in range(indicators, layout.MAX_INDICATORS)]
    found = [("axis/course", courses <= 1), ("axis/mixing", degrees == 0), ("axis/coupling", not coupled)]
    return frozenset(kinds + [name for name, unused in found if unused])


def dimension_of(name: str, slot: int) -> int:
    """The Sobol' dimension, from 0, of draw `slot` of a stream."""
    if name in FIRST_DRAWS:
        return FIRST_DRAWS.index(name)
    return FIRST + YEARLY * slot + YEARLY_DRAWS.index(name)


def detection_plan(seed: int, place: str, years: int, levers: tuple[str, ...]) -> np.ndarray:
    """Keys uint64[levers, 4] of the streams that decide, year by year, whether a lever is found out."""
    return np.array([stream_key(seed, f"detection/{name}", place) for name in levers], dtype=np.uint64).reshape(-1, 4)
