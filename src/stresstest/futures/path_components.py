"""Path components first: in a net, the first draw of a yearly stream decides where the whole path goes.

The T normals of a yearly stream are the mirror image of T others: z' = z − 2 v (v · z), a Householder reflection that
sends the first unit vector to the direction a. The first of the others then moves the path along a, the rest only bend
it, and nets are most even in their first dimensions. A reflection keeps independent normals independent normals, so the law
of a future is unchanged. Directions: where yearly draws pile up, a_t ∝ T − t (an early draw moves all later years), and 0 in
a first year without growth; where they do not, all years alike. Streams of events are left as they are.
"""

from __future__ import annotations

import numpy as np

from .._jit import rule
from .plan import PILES_UP, DesignPlan


def mirrors_of(plan: DesignPlan, years: int) -> np.ndarray:
    """v[streams, T] of every stream, unit vectors; zeros where the stream is left alone."""
    mirrors = np.zeros((len(plan.names), years))
    for k, name in enumerate(plan.names):
        if plan.slots[k] == years and plan.normal[k] and years > 1:
            direction = np.ones(years)
            if name in PILES_UP or name.startswith("axis/"):
                direction = np.arange(years, 0.0, -1.0)
            if name in PILES_UP:
                direction[0] = 0.0
            difference = np.eye(years)[0] - direction / np.linalg.norm(direction)
            mirrors[k] = difference / np.linalg.norm(difference)
    return mirrors


@rule
def reflect(cube: np.ndarray, row: int, mirror: np.ndarray, i: int) -> None:
    """Replace the normals cube[row : row + T, i] by their mirror image."""
    along = 0.0
    for t in range(mirror.size):
        along += mirror[t] * cube[row + t, i]
    for t in range(mirror.size):
        cube[row + t, i] -= 2.0 * along * mirror[t]


@rule
def reflect_paths(cube: np.ndarray, offsets: np.ndarray, read: np.ndarray, mirrors: np.ndarray, n: int) -> None:
    """Reflect every stream that is read and has a mirror, for n groups of futures."""
    for k in range(offsets.size):
        if read[k] and mirrors[k, 0] != 0.0:
            for i in range(n):
                reflect(cube, offsets[k], mirrors[k], i)
