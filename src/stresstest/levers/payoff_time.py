"""What moving things in time pays: cost across the year-end, holding back from targets that follow, no prevention late.

Cases TV05 (L11), TV08 and TV19 (L06) and TV10 (L13). What is shared is the gain/loss share's own; how far a target
follows is the rule of the rebased target, and what prevention returns within the term that of its lever.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from ..terms.rebased_target import next_target
from .payoff_share import settled_share
from .prevention_run_off import returns_within_term
from .year_end_timing import room_for_cost

MAX_PATHS = 1_000_000


# ── L11 timing ─────────────────────────────────────────────────────────────────────────────────────────────────────
def shifted_savings(savings: Sequence[float], share: float, cap: float, movable: float) -> list[float]:
    """Savings as recorded when cost of the next year is brought forward into a year that does not count it: TV05."""
    recorded, carried = [], 0.0
    for year, saving in enumerate(savings):
        gap = saving + carried
        room = room_for_cost(gap, 0.0, cap / share, cap / share)
        carried = min(movable, room) if year < len(savings) - 1 else 0.0
        recorded.append(gap - carried)
    return recorded


def timing_result(
    savings: Sequence[float], share: float, cap: float, movable: float, settlement: str = "annual"
) -> float:
    """What the share pays over the years when up to `movable` pounds of cost a year are moved: case TV05."""
    return settled_share(shifted_savings(savings, share, cap, movable), share, cap, settlement)


# ── L06 ratchet ────────────────────────────────────────────────────────────────────────────────────────────────────
def surviving_incentive(rebase: float, years: int, discount: float = 0.0) -> float:
    """Share of the reward for a lasting gain that is left when targets follow reports."""
    factors = [(1.0 + discount) ** -k for k in range(years)]
    return sum(f * (1.0 - rebase) ** k for k, f in enumerate(factors)) / sum(factors)


def ratchet_gain(gain: float, pay: float, cost: float, years: int, rebase: float, discount: float = 0.0) -> float:
    """Worth of a lasting gain at `pay` and `cost` a point and year: bΔ·Σβᵏ(1−λ)ᵏ − cΔ·Σβᵏ, k from 0: case TV08."""
    factor = sum((1.0 + discount) ** -k for k in range(years))
    return gain * factor * (pay * surviving_incentive(rebase, years, discount) - cost)


def holding_back_rebase(pay: float, cost: float, years: int, discount: float = 0.0) -> float:
    """The re-basing share λ* above which a lasting gain stops paying; 1 where it always pays, 0 where it never does."""
    low, high = 0.0, 1.0
    if ratchet_gain(1.0, pay, cost, years, high, discount) >= 0.0:
        return high
    for _ in range(80):
        middle = 0.5 * (low + high)
        if ratchet_gain(1.0, pay, cost, years, middle, discount) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def path_value(path: Sequence[float], pay: float, cost: float, rebase: float = 1.0, memory_years: int = 1) -> float:
    """What a path of achievements earns above a target that follows it, less its cost: case TV19.

    With `memory_years` 1 the target moves by `rebase` of the way to the last report, as in the improvement payment;
    with more it is the mean of the last reports (years before the start count as 0) times `rebase`. 0: a fixed target.
    """
    target, value = 0.0, 0.0
    for year, achieved in enumerate(path):
        value += pay * max(0.0, achieved - target) - cost * achieved
        if memory_years == 1:
            target = next_target(target, achieved, 0.0, rebase)
        else:
            target = rebase * sum(path[max(0, year + 1 - memory_years) : year + 1]) / memory_years
    return value


def best_path(
    years: int, levels: Sequence[float], pay: float, cost: float, rebase: float = 1.0, memory_years: int = 1
) -> float:
    """The most that any path over these levels earns; tries them all. Raises ValueError beyond a million paths."""
    if len(levels) ** years > MAX_PATHS:
        raise ValueError(f"{len(levels)} levels over {years} years are more than {MAX_PATHS} paths")
    return max(path_value(path, pay, cost, rebase, memory_years) for path in product(levels, repeat=years))


# ── L13 prevention near the end ────────────────────────────────────────────────────────────────────────────────────
def prevention_worth(
    year: int, years: int, lag: float, lasting: float, yearly_return: float, tail_share: float = 0.0
) -> float:
    """What a pound of prevention in contract year `year` (1 = first) returns, with a share of the tail: TV10."""
    within = returns_within_term(year - 1, years, lag, lasting, yearly_return)
    return float(within + tail_share * (yearly_return * lasting - within))


def last_profitable_year(years: int, lag: float, lasting: float, yearly_return: float, tail_share: float = 0.0) -> int:
    """Last contract year (1 = first) in which a pound of prevention returns more than a pound; 0 where none does."""
    worth = [prevention_worth(t, years, lag, lasting, yearly_return, tail_share) for t in range(1, years + 1)]
    return max((t for t, w in enumerate(worth, start=1) if w > 1.0 + 1e-12), default=0)


def losing_years(years: int, lag: float, lasting: float, yearly_return: float, tail_share: float = 0.0) -> int:
    """Number of contract years in which a pound of prevention returns less than a pound."""
    worth = [prevention_worth(t, years, lag, lasting, yearly_return, tail_share) for t in range(1, years + 1)]
    return sum(w < 1.0 - 1e-12 for w in worth)


def idle_loss(years: int, lag: float, lasting: float, yearly_return: float) -> float:
    """Net return lost to everyone, per pound a year, in the years when prevention loses the provider money."""
    return (yearly_return * lasting - 1.0) * losing_years(years, lag, lasting, yearly_return)
