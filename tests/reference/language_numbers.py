"""Numbers to draw contracts and tables from: often on a grid on which edges are met exactly, and often at an end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Draw = Callable[[np.random.Generator], float]
#: A round sum of money. Eighths and sixteenths of it are exact, so that a gap can just fill a band.
LEVEL = 2.0**20
UNUSED = 1e18


def pick(*options: float) -> Draw:
    """One of some numbers."""
    return lambda rng: float(options[rng.integers(len(options))])


def between(low: float, high: float, parts: int = 8) -> Draw:
    """An end, a point of an even grid, or anywhere between."""

    def draw(rng: np.random.Generator) -> float:
        if rng.random() < 0.5:
            return low + (high - low) * float(rng.integers(parts + 1)) / parts
        return float(rng.uniform(low, high))

    return draw


def mostly(usual: Draw, rare: Draw, chance: float = 0.3) -> Draw:
    """The usual number, and sometimes a rare one."""
    return lambda rng: rare(rng) if rng.random() < chance else usual(rng)


def money(rng: np.random.Generator) -> float:
    """A sum around the level, so that differences are small against sums; sometimes 0."""
    kind = rng.random()
    if kind < 0.05:
        return 0.0
    if kind < 0.3:
        return LEVEL
    if kind < 0.65:
        return LEVEL * (1.0 + float(rng.integers(-4, 5)) / 16.0)
    return LEVEL * float(rng.uniform(0.5, 1.5))


def signed(rng: np.random.Generator) -> float:
    """A sum of money of either sign; sometimes 0."""
    return (money(rng) - LEVEL) * float(rng.integers(1, 4)) if rng.random() < 0.7 else money(rng)


def small_money(rng: np.random.Generator) -> float:
    """A cap or a band in money."""
    return LEVEL * between(0.0, 2.0, 32)(rng)


share = between(0.0, 1.0)
small_share = between(0.0, 0.125)
whole_years = mostly(pick(0, 1, 2, 3), pick(4, 7, 10))
#: What a quantity gives where whole years are asked for: parts of years, and more or fewer than there may be.
parts_of_years = mostly(pick(0.0, 1.0, 1.9, 2.0, 2.5, 3.999), pick(-2.0, 10.0, 10.7, 35.0))

#: How a number of a clause is drawn: "kind.field", or the field alone, or its unit.
NUMBERS: dict[str, Draw] = {
    "share": share,
    "GBP": mostly(small_money, money),
    "per year": mostly(between(-0.0625, 0.125), pick(0.0)),
    "number": mostly(between(-4.0, 4.0), pick(0.0)),
    "opening_price": mostly(money, pick(0.0), 0.1),
    "scope_change": mostly(pick(0.0), signed, 0.6),
    "growth_floor": mostly(pick(-1.0), between(-0.0625, 0.0)),
    "growth_ceiling": mostly(pick(1.0), between(0.0, 0.0625)),
    "expected_need_growth": between(-0.0625, 0.0625),
    "coding_cap": mostly(small_share, pick(1.0)),
    "list_uplift": mostly(between(-0.0625, 0.0625), pick(0.0)),
    "list_tolerance": mostly(small_share, pick(1.0)),
    "rebase_from": pick(1, 2, 3, 5),
    "score_gate": mostly(pick(0.0, 0.25, 0.5), share),
    "levels": mostly(pick(0, 1, 2, 4), pick(3, 10)),
    "dead_band": mostly(between(0.0, 0.25, 4), pick(0.0)),
    "quality_scaled": pick(0, 1),
    "gain_cap": mostly(small_share, pick(UNUSED, 0.0, 1.0)),
    "loss_cap.cap": mostly(small_money, money),
    "loss_cap": mostly(small_share, pick(UNUSED, 0.0, 1.0)),
    "gain_cap_money": mostly(small_money, pick(UNUSED)),
    "loss_cap_money": mostly(small_money, pick(UNUSED)),
    "support_from": between(0.875, 1.25),
    "support_more_from": between(0.5, 0.875),
    "pay_back_from": between(1.25, 2.0),
    "prevention_floor.floor": mostly(share, pick(0.0)),
    "msr": between(0.0, 0.25, 4),
    "mlr": between(0.0, 0.25, 4),
    "loss_rate_floor": between(0.0, 0.5),
    "loss_rate_ceiling": between(0.5, 1.0),
    "gain_cap_benchmark": mostly(small_share, pick(1e9)),
    "loss_cap_benchmark": mostly(small_share, pick(1e9)),
    "loss_cap_revenue": mostly(small_share, pick(1e9)),
    "quality_gate": mostly(pick(0.0, 0.25), share),
    "low": between(0.0, 0.5),
    "span": between(0.0, 0.5),
    "outflow_price": between(0.0, 2.0),
    "inflow_price": between(0.0, 2.0),
    "vat_rate": between(0.0, 0.5),
    "half_life": mostly(pick(0.5, 1.0, 2.0, 3.0), between(0.125, 10.0)),
    "payment.price": between(-2.0, 2.0),
    "figure": signed,
    "aggregate_deductible": small_money,
    "aggregate_limit": mostly(small_money, pick(UNUSED)),
    "load": between(0.0, 3.0),
    "minimum": between(0.0, 0.5),
    "maximum": between(0.5, 1.5),
    "deposit": between(0.0, 1.0),
    "expenses": between(0.0, 0.5),
    "carry_years": mostly(whole_years, pick(99)),
    "profit_share.cap": mostly(between(0.0, 0.25), pick(UNUSED)),
    "most": mostly(between(0.0, 1.5, 6), pick(UNUSED)),
    "least": mostly(between(-1.5, 0.0, 6), pick(-UNUSED)),
    "most_other": mostly(between(0.0, 1.5, 6), pick(UNUSED)),
    "least_other": mostly(between(-1.5, 0.0, 6), pick(-UNUSED)),
    "most in use": between(0.0, 1.5, 6),
    "least in use": between(-1.5, 0.0, 6),
    "reinstatements": pick(0, 1, 2, 3),
    "reinstatement.limit": between(LEVEL / 8, LEVEL),
    "reinstatement.price": between(0.0, 3.0),
    "look_back": whole_years,
    "after_years": whole_years,
    "free": pick(0, 2, 10),
    "step": mostly(pick(0, 5, 10, 20, 50), pick(UNUSED)),
    "deductions.price": between(0.0, 8192.0),
    "step_factor": pick(0.0, 0.5, 1.0, 1.5, 3.0),
    "repeat_factor": pick(0.0, 0.5, 1.0, 1.5, 2.0),
    "deductions.most": mostly(between(0.0, 0.25), pick(UNUSED)),
    "every": mostly(pick(1, 2, 3), pick(5, 30)),
    "reopener.most": mostly(small_share, pick(0.0, 1.0)),
    "consent": pick(0.0, 1.0),
    "rebase": share,
    "penalty": between(0.0, 2.0),
    "target": mostly(between(0.0, 0.5), pick(UNUSED)),
    "interest": between(-0.125, 0.125),
    "gate.at": mostly(money, pick(0.0, LEVEL)),
    "window": mostly(pick(1, 2, 3), pick(7, 10)),
    "rebased_target.opening": money,
    "running.opening": signed,
}
#: What a quantity may give beyond what a bare number may be.
FROM_QUANTITIES: dict[str, Draw] = {
    "carry_years": parts_of_years,
    "look_back": parts_of_years,
    "after_years": parts_of_years,
    "window": parts_of_years,
    "every": parts_of_years,
    "half_life": mostly(pick(1.0, 2.5), pick(0.0)),
    "minimum": between(0.0, 2.0),
    "reinstatements": between(0.0, 3.0),
    "reinstatement.limit": mostly(between(0.0, LEVEL), pick(-LEVEL)),
    "overall_limit.most": between(-1.0, 1.5, 10),
    "least": between(-1.5, 1.0, 10),
    "consent": pick(0.0, 0.5, 0.999, 1.0),
    "expected_need_growth": mostly(between(-0.0625, 0.0625), pick(-1.0)),
}
#: How the quantity behind a field is drawn, where it is not a sum of money.
QUANTITIES: dict[str, Draw] = {
    "score": mostly(share, pick(0.0, 0.25, 0.5)),
    "quality": mostly(share, pick(0.0, 0.25, -0.25, 1.25)),
    "release": between(-0.25, 1.25),
    "trigger": pick(0.0, 1.0, 0.0, -1.0, 1e-9),
    "points": mostly(pick(0, 2, 5, 10, 12, 20, 35, 50, 60), between(-5.0, 80.0)),
    "benchmark": mostly(money, pick(0.0, -LEVEL)),
    "call": signed,
    "recovered": signed,
    "moved": signed,
    "result": signed,
    "claw_back.of": signed,
    "retention.of": signed,
    "layered_share.of": mostly(money, signed),
    "losses": mostly(money, signed),
    "subject": mostly(money, signed),
    "per": mostly(money, pick(0.0)),
    "gate.of": mostly(money, pick(0.0, LEVEL)),
    "corridor.target": mostly(money, pick(0.0, -LEVEL)),
    "layered_share.base": mostly(money, pick(0.0, -LEVEL)),
    "overall_limit.base": mostly(money, signed),
    "overall_limit.other_base": mostly(money, signed),
}
#: How the columns of standard quantities are drawn, where they are not sums of money.
COLUMNS: dict[str, Draw] = {
    "acute_expected": mostly(money, pick(0.0, -LEVEL)),
    "income": signed,
    "funding": mostly(between(0.875, 1.25), pick(0.0), 0.1),
    "list": between(0.75, 1.25),
    "list_at_start": mostly(between(0.875, 1.125), pick(0.0), 0.1),
    "list_audited": between(0.75, 1.25),
    "need": between(0.75, 1.25),
    "need_audited": between(0.75, 1.25),
    "ghosts": small_share,
    "exceptions": share,
    "score": mostly(share, pick(0.0, 0.25)),
    "one_share": mostly(pick(0.0, 1.0), between(-1.0, 2.0)),
}


def number_for(kind: str, name: str, unit: str, low: float = 0.0, high: float = 1.0) -> Draw:
    """How a number of a clause is drawn: as said above, else anywhere within its bounds (at most 0 to 10) and at them."""
    said = NUMBERS.get(f"{kind}.{name}") or NUMBERS.get(name) or NUMBERS.get(unit)
    if said is not None:
        return said
    least = max(low, 0.0)
    most = max(least, min(high, 10.0))
    return mostly(between(least, most), pick(least, most))
