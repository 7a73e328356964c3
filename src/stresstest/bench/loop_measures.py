"""The plain Python loop: the outcomes of one life, added up year by year; what they mean stands in kernel/measure.py."""

from __future__ import annotations

from typing import Any

from .. import layout as L
from .loop_clauses import Paid
from .loop_end import Ledger
from .loop_setting import Setting


class Sums:
    """Running sums of the outcomes of one life; present values of money and health."""

    __slots__ = (
        "causes", "council", "gaming", "gross", "health", "hospital", "lowest", "performance", "reported", "surplus", "true",
    )  # fmt: skip

    def __init__(self, reserve: float) -> None:
        self.causes = [0.0] * len(L.EXPOSURE)
        self.surplus = self.gross = self.hospital = self.council = self.health = 0.0
        self.performance = self.gaming = self.true = self.reported = 0.0
        self.lowest = reserve

    def add(self, life: Any, setting: Setting, year: Any, paid: Paid, ledger: Ledger, expected: float, t: int) -> None:
        """Add year t; `life.running` is still whether it was served."""
        shared = setting.shared[t]
        money, agreed, running = shared.money, shared.agreed_gbp, life.running
        if running:
            self.surplus += money * (paid.income + ledger.support - year.cost)
            self.performance += money * (paid.income - paid.annual - paid.variation)
            self.council += money * year.shifted_council
            self.gaming += money * year.gaming_cost
            self.reported += paid.score
            uplift = paid.annual + paid.variation - ledger.recovery - ledger.exit_fee - agreed
            shifted = year.shifted_acute + year.left
            exposure = (uplift, paid.improvement, paid.shares, ledger.support, 0.0, shifted)
        else:
            exposure = (0.0, 0.0, 0.0, 0.0, ledger.step_in - agreed, 0.0)
        for k, amount in enumerate(exposure):
            self.causes[k] += money * amount
            if amount > 0.0:
                self.gross += money * amount
        self.hospital += money * setting.p.ending_hospital_fixed_share * max(0.0, expected - year.acute)
        self.health += shared.health * year.health
        self.lowest = min(self.lowest, life.reserve - life.owners_paid)
        if year.progress:
            self.true += sum(min(1.0, max(0.0, y)) for y in year.progress) / len(year.progress)

    def outcomes(self, life: Any, years: int) -> list[float]:
        """The whole row, in the order of OUTCOMES."""
        net, ended = sum(self.causes), life.exit_year >= 0
        return [
            self.surplus, net, self.gross, *self.causes, net + self.council + self.hospital, self.hospital, self.council,
            self.health, self.performance, self.gaming, self.lowest, self.true / years,
            self.reported / (life.exit_year + 1.0 if ended else years), float(life.exit_year),
            float(life.exit_cause) if ended else 0.0,
        ]  # fmt: skip
