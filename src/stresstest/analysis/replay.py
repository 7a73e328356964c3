"""One future lived again from its number: every transfer, cost and driver, in pounds and pence that add up.

Nothing is looked up: the future is drawn again from the run's configuration and seed, and its outcomes must equal those
that the run wrote down.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .draws import draw
from .evaluate import simulate, simulate_years

PENNY = Decimal("0.01")


def pence(value: float) -> Decimal:
    """An amount rounded to the penny (ties to even)."""
    return Decimal(repr(float(value))).quantize(PENNY, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class StatementYear:
    """One year of one future. Amounts are what the provider receives (+) or pays (−), to the penny."""

    label: str
    in_service: bool
    transfers: dict[str, Decimal]
    others: dict[str, Decimal]
    cost: Decimal
    surplus: Decimal
    owners: Decimal
    reserve: Decimal
    kernel_reserve: Decimal
    axes: dict[str, float]
    drivers: dict[str, float]


@dataclass(frozen=True)
class Statement:
    """A life of the contract: the years, the totals, and how it ended."""

    future: int
    scenario: str
    strategy: str
    opening_reserve: Decimal
    years: tuple[StatementYear, ...]
    outcomes: dict[str, float]

    @property
    def total(self) -> Decimal:
        """Surplus of all years: the sum of every line and every cost shown."""
        return sum((year.surplus for year in self.years), Decimal(0))

    def closes(self) -> bool:
        """Whether lines less cost are the surplus, and surplus and owners' money move the reserve, to the penny.

        The reserve carried forward here must also stay within a pound of the kernel's own, which is not rounded.
        """
        before = self.opening_reserve
        for year in self.years:
            if sum(year.transfers.values(), Decimal(0)) - year.cost != year.surplus:
                return False
            if year.in_service and (before + year.surplus + year.owners != year.reserve or year.owners < 0):
                return False
            if year.in_service and abs(year.reserve - year.kernel_reserve) > PENNY * 100:
                return False
            before = year.reserve
        return True


DRIVERS_SHOWN = (
    "world_list", "world_need", "world_input_price", "world_productivity", "world_shock", "world_opening",
    "world_scope_cost", "world_investment", "world_gaming_cost", "world_acute", "record_acute",
    "record_acute_expected", "paid_score",
)  # fmt: skip


def replay(study: Study, scenario: Scenario, strategy: Strategy, future: int) -> Statement:
    """Live one future again under one strategy."""
    inputs = study.kernel_inputs(scenario, (strategy,))
    names, parties = study.line_names, study.line_parties
    yearly = simulate_years(inputs, future, 1, len(names), drivers=True)[0, :, :, 0]
    out = simulate(inputs, future, 1)[0, :, 0]
    axes = draw(study, scenario, future, 1).axes[:, :, 0]
    opening = pence(study.contract.ending["reserve"].value)
    years: list[StatementYear] = []
    for t in range(study.years):
        before = years[-1].reserve if years else opening
        years.append(_year(study, t, yearly[:, t], axes[t], names, parties, before))
    outcomes = {name: float(out[k]) for k, name in enumerate(L.OUTCOMES)}
    return Statement(future, scenario.name, strategy.name, opening, tuple(years), outcomes)


def _year(
    study: Study, t: int, row: np.ndarray, axes: np.ndarray, names: tuple[str, ...], parties: Any, before: Decimal
) -> StatementYear:
    base = len(L.YEARLY)
    mine, others = {}, {}
    for k, (name, (payer, payee)) in enumerate(zip(names, parties, strict=True)):
        sign = (payee == "provider") - (payer == "provider")
        if sign:
            mine[name] = pence(sign * row[base + k])
        elif row[base + k] != 0.0:
            others[f"{name} ({payer} to {payee})"] = pence(row[base + k])
    running = bool(row[L.YEAR["running"]])
    cost = pence(row[L.YEAR["cost_gbp"]])
    at = base + len(names)
    surplus, kept = sum(mine.values(), Decimal(0)) - cost, pence(row[L.YEAR["reserve_gbp"]])
    owners = -(before + surplus) if running and not kept and before + surplus < 0 else Decimal(0)
    reserve = before + surplus + owners if running else before
    return StatementYear(
        study.year_labels[t], running, mine, others, cost, surplus, owners, reserve, kept,
        dict(zip(L.AXES, map(float, axes), strict=True)),
        {name: float(row[at + L.DRIVERS.index(name)]) for name in DRIVERS_SHOWN},
    )  # fmt: skip
