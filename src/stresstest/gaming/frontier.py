"""Trade-offs: what is measured, health that nothing measures, and money, over a grid of honest and gamed strategies.

All strategies live the same fresh futures. Each point is a mean over them, of four things that somebody wants:

    score        mean true progress on the indicators over the term (mean_true_score)
    unmeasured   health less that of the same strategy without cuts to care (disinvestment, skimping, shifting), QALYs
    surplus      the provider's, present value
    exposure     the commissioner's, present value; less is better

All points of all shares at risk are compared. A point is *dominated* where another is no worse on all four and better on one,
and *dominated for the public* where that holds of the three without the surplus. A best response of a provider that wants surplus
alone cannot be dominated on all four, so its distance from the frontier is that on the public's three: to the nearest point
of the frontier which dominates it, each axis divided by its range over the points; 0 on the frontier. Differences smaller
than a part in 10⁹ of the range count as equal.

The angle between what pays and what is worth having stands beside them (alignment.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.evaluate import EXPOSURE, HEALTH, SURPLUS, Arena
from ..analysis.exploit import Game
from ..contract import Contract
from ..futures.plan import VERIFY_FIRST
from ..levers import GAMING, LEVER_NUMBER, LEVERS
from ..place import Quantity
from ..strategy import Strategy
from ..study import Study
from .alignment import Alignment, alignment
from .best import climb
from .plays import Levels
from .virement import CARE

AT_RISK = (0.0, 0.05, 0.10, 0.15)
EFFORT, PREVENTION, EFFICIENCY = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0), (0.0, 0.5)
SCORE = L.OUT["mean_true_score"]
AXES = ("score", "unmeasured_qaly", "surplus_gbp", "exposure_gbp")
SENSE = np.array([1.0, 1.0, 1.0, -1.0])
PUBLIC_AXES = [0, 1, 3]


@dataclass(frozen=True)
class Frontier:
    """Points of all shares at risk, each a flat dict, and the alignment of pay with value as procured."""

    points: tuple[dict[str, Any], ...]
    alignment: Alignment

    def rows(self) -> list[dict[str, Any]]:
        """The points."""
        return [dict(point) for point in self.points]


def honest_grid() -> list[tuple[str, Levels]]:
    """Every combination of a few levels of effort, prevention and efficiency."""
    return [
        ("honest", {"effort": effort, "prevention": prevention, "efficiency": efficiency})
        for effort in EFFORT for prevention in PREVENTION for efficiency in EFFICIENCY
    ]  # fmt: skip


def gamed_grid(honest: Levels) -> list[tuple[str, Levels]]:
    """The honest best response with each gaming lever at a half and at the top, and with all cuts to care together."""
    found = []
    for share in (0.5, 1.0):
        tops = {name: share * LEVERS[LEVER_NUMBER[name]].highest for name in GAMING}
        found += [("gamed", {**honest, name: top}) for name, top in tops.items()]
        found.append(("gamed", {**honest, **{name: tops[name] for name in CARE}}))
    return found


def with_share_at_risk(contract: Contract, share: float) -> Contract:
    """The contract with another share of the payment hanging on outcomes; years in which none does stay so."""
    terms = []
    for term in contract.terms:
        if term.kind.name == "improvement_payment" and isinstance(term.values["at_risk"], Quantity):
            old = term.values["at_risk"]
            values = tuple(share if value > 0.0 else 0.0 for value in old.values)
            term = replace(term, values={**term.values, "at_risk": replace(old, values=values, quality="variant")})
        terms.append(term)
    return replace(contract, terms=tuple(terms))


def share_at_risk(contract: Contract) -> float | None:
    """The largest share of a year that hangs on outcomes; None where no improvement payment says so in numbers."""
    term = contract.first("improvement_payment")
    found = term.values["at_risk"] if term else None
    return max(found.values) if isinstance(found, Quantity) else None


def without_cuts(levels: Levels) -> Levels:
    """The same strategy that cuts no care."""
    return {name: level for name, level in levels.items() if name not in CARE}


def axes_of(arena: Arena, tried: Sequence[Levels]) -> tuple[np.ndarray, np.ndarray]:
    """(axes[strategies, 4], health[strategies]): means over the arena's futures, in the order of AXES."""
    twins = [without_cuts(levels) for levels in tried]
    out = np.concatenate([
        arena.outcomes([Strategy("try", levels) for levels in [*tried[k : k + 32], *twins[k : k + 32]]]).mean(axis=2)
        .reshape(2, -1, len(L.OUTCOMES))
        for k in range(0, len(tried), 32)
    ], axis=1)  # fmt: skip
    own, twin = out[0], out[1]
    unmeasured = own[:, HEALTH] - twin[:, HEALTH]
    return np.stack([own[:, SCORE], unmeasured, own[:, SURPLUS], own[:, EXPOSURE]], axis=1), own[:, HEALTH]


def dominators(axes: np.ndarray) -> np.ndarray:
    """bool[points, points]: whether point j (column) is no worse than point i on every axis and better on one."""
    extent = np.ptp(axes, axis=0)
    scaled = axes / np.where(extent > 0.0, extent, 1.0)
    ahead = scaled[None, :, :] - scaled[:, None, :]
    return np.asarray(np.all(ahead >= -1e-9, axis=2) & np.any(ahead > 1e-9, axis=2))


def dominated(axes: np.ndarray) -> np.ndarray:
    """bool[points]: whether some other point dominates this one."""
    return np.asarray(np.any(dominators(axes), axis=1))


def distances(axes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(distance to the nearest dominating point of the frontier, each axis over its range; its number); 0 and −1 on it."""
    extent = np.ptp(axes, axis=0)
    scaled = axes / np.where(extent > 0.0, extent, 1.0)
    apart = np.linalg.norm(scaled[None, :, :] - scaled[:, None, :], axis=2)
    better = dominators(axes)
    apart = np.where(better & ~better.any(axis=1), apart, np.inf)
    nearest, least = apart.argmin(axis=1), apart.min(axis=1)
    return np.where(np.isinf(least), 0.0, least), np.where(np.isinf(least), -1, nearest)


def points_at(game: Game, study: Study, share: float | None, best: Levels, honest: Levels, futures: int) -> list[dict[str, Any]]:
    """All points at one share at risk, the best responses among them."""
    tried = [("best response", best), ("honest best response", honest), *honest_grid(), *gamed_grid(honest)]
    arena = Arena(study, game.scenario, VERIFY_FIRST, futures, game.jobs)
    axes, health = axes_of(arena, [levels for _, levels in tried])
    return [
        {
            "share_at_risk": share, "kind": kind,
            "levers": " + ".join(name for name, level in levels.items() if np.any(level)) or "nothing",
            **dict(zip(AXES, map(float, axes[k]), strict=True)), "health_qaly": float(health[k]),
        }
        for k, (kind, levels) in enumerate(tried)
    ]  # fmt: skip


def compared(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points with who is dominated, how far from the public's frontier, and the nearest point that is better for all."""
    good = np.array([[point[name] for name in AXES] for point in points]) * SENSE
    public = good[:, PUBLIC_AXES]
    worse, worse_for_public, (far, nearest) = dominated(good), dominated(public), distances(public)
    return [
        point | {
            "dominated": bool(worse[k]), "dominated_for_public": bool(worse_for_public[k]), "distance": float(far[k]),
            "nearest_better": "" if nearest[k] < 0 else points[nearest[k]]["levers"],
            "nearest_share_at_risk": None if nearest[k] < 0 else points[nearest[k]]["share_at_risk"],
        }
        for k, point in enumerate(points)
    ]  # fmt: skip


def frontier(
    game: Game, best: Levels, futures: int = 2000, shares: tuple[float, ...] = AT_RISK,
    say: Callable[[str], None] = lambda _: None,
) -> Frontier:  # fmt: skip
    """Points at each share at risk and as procured, best responses found again near the known ones, and the alignment.

    `best` is the best response as procured (levels by lever), of a game whose honest strategy has been found.
    """
    procured, points = share_at_risk(game.study.contract), []
    for share in sorted({*shares, procured}) if procured is not None else [None]:
        say("trade-offs" if share is None else f"trade-offs with {share:.0%} at risk")
        study, own = game.study, dict(best)
        honest: Levels = dict(game.honest)
        if share is not None and share != procured:
            study = game.study.with_contract(with_share_at_risk(game.study.contract, share))
            variant = Game(study, game.scenario, game.jobs)
            honest = dict(variant.find_honest(dict(game.honest)))
            walk = climb(variant.polish, own, GAMING, ())
            for part in (0.1, 0.04):
                walk.sweep(part, 5)
            own = walk.play
        points += points_at(game, study, share, own, honest, futures)
    return Frontier(tuple(compared(points)), alignment(game, futures))
