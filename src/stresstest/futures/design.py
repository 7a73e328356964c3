"""A sampling design: how the futures of a study are spread over what might happen, and what its errors may rely on.

    random      independent futures, or mirrored pairs (`antithetic`)
    lhs         Latin hypercubes, one for each replicate; no prefix: another number of futures is another set of futures
    sobol       scrambled Sobol' nets, one for each replicate, path components first
    stratified  by the 729 cells of destinations, half by probability and half evenly; pseudo-random inside a cell
    importance  half of the futures tilted towards failure, on nets, each future with the weight that undoes it

In every design but the hypercube the first N of 2N futures are the same. The numbers of futures from SEARCH_FIRST on, which
analyses use, are always drawn pseudo-randomly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layout import DESIGNS

REPLICATES = 16
LARGEST_NET = 1 << 32


@dataclass(frozen=True)
class Design:
    """A design by name; `replicates` of lhs, sobol and importance; `antithetic` pairs for random."""

    kind: str = "random"
    replicates: int = REPLICATES
    antithetic: bool = False

    @property
    def number(self) -> int:
        """Number of the kind in layout.DESIGNS."""
        return DESIGNS.index(self.kind)

    def record(self) -> dict[str, Any]:
        """What a manifest says of the design."""
        return {"kind": self.kind, "replicates": self.replicates, "antithetic": self.antithetic}


@dataclass(frozen=True)
class Tilt:
    """A tilt by cube row name (see DesignPlan.rows): standard deviations by which half of the futures are moved."""

    sizes: tuple[tuple[str, float], ...] = ()


RANDOM_DESIGN = Design()
