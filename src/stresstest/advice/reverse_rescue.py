"""When it is too late to act: how many failing futures a given rescue still saves, by the year in which it begins.

A rescue is declared beforehand, begins in a contract year and lasts to the end of the term; the same futures are lived with it.

    support    the commissioner pays the provider a share of the agreed budget each year
    price cut  the provider gives up such a share
    effort     the provider works on outcomes as hard as it can
    hospital   the commissioner pays the hospital a share of the acute spend that was expected

    saved(t)   share of the futures that fail without it and do not fail with it from year t on
    harmed(t)  share of the futures that fail with it and not without
    too late   the first year in which it saves fewer than half

Nothing is said of who would agree to a rescue. A contract that has ended is not revived: its clauses pay nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import layout as L
from ..levers import LEVER_NUMBER, LEVERS
from ..strategy import Strategy
from ..study import Study
from .failures import Failure
from .reverse_check import Share, share_of
from .source import Source, columns_of, live

FUTURES = 8192
SUPPORT, HOSPITAL = 0.05, 0.01
HALF = 0.5
EXPOSURE = "commissioner_exposure_npv_gbp"
CLAUSE = "rescue_of_the_analysis"


@dataclass(frozen=True)
class Rescue:
    """A rescue: name, words, and who pays whom which share of what ("" where no money moves)."""

    name: str
    words: str
    payer: str = ""
    payee: str = ""
    of: str = ""
    share: float = 0.0

    def begun(self, study: Study, strategy: Strategy, year: int) -> tuple[Study, Strategy]:
        """The study and the strategy with this rescue from a year (from 0) on."""
        if not self.payer:
            return study, _working_hard(strategy, year, study.years)
        contract = study.contract.with_clause({
            "id": CLAUSE, "kind": "payment", "payer": self.payer, "payee": self.payee,
            "fields": {"price": self.share, "of": self.of},
        })  # fmt: skip
        last = replace(contract.terms[-1], start=year)
        return study.with_contract(replace(contract, terms=(*contract.terms[:-1], last))), strategy


RESCUES = (
    Rescue("support", f"{SUPPORT:.0%} of the agreed budget more for the provider", "commissioner", "provider", "agreed_budget",
           SUPPORT),
    Rescue("price_cut", f"{SUPPORT:.0%} of the agreed budget less for the provider", "provider", "commissioner",
           "agreed_budget", SUPPORT),
    Rescue("effort", "as much work on outcomes as the provider can do"),
    Rescue("hospital", f"{HOSPITAL:.0%} of the expected acute spend for the hospital", "commissioner", "hospital",
           "acute_expected", HOSPITAL),
)  # fmt: skip


def _working_hard(strategy: Strategy, year: int, years: int) -> Strategy:
    """The strategy with effort on outcomes at its highest from a year on."""
    top = float(LEVERS[LEVER_NUMBER["effort"]].highest)
    own = strategy.table(years)[:, LEVER_NUMBER["effort"]]
    levels = tuple(float(level) if t < year else max(top, float(level)) for t, level in enumerate(own))
    return Strategy(strategy.name, {**strategy.levels, "effort": levels})


@dataclass(frozen=True)
class Saved:
    """What a rescue does to a failure when it begins in a year (from 0): shares saved and harmed, and mean exposure (£)."""

    rescue: Rescue
    failure: int
    year: int
    saved: Share
    harmed: Share
    exposure: float
    exposure_error: float


def rescues_of(source: Source, failing: Sequence[Failure], jobs: int = 2, most: int = FUTURES) -> list[Saved]:
    """Every rescue, beginning in every year, for every failure, in the first futures of the run."""
    n = min(source.futures, most)
    weight = _weights(source, n)
    base = columns_of(source.live(n, jobs=jobs)[0])
    before = [one.failing(base) for one in failing]
    found = []
    for rescue in RESCUES:
        for year in range(source.study.years):
            study, strategy = rescue.begun(source.study, source.strategy, year)
            after = columns_of(live(source.inputs(study, (strategy,)), 1, n, jobs)[0])
            change = after[EXPOSURE] - base[EXPOSURE]
            mean = float(change @ weight / weight.sum())
            error = math.sqrt(float(weight**2 @ (change - mean) ** 2)) / float(weight.sum())
            for k, one in enumerate(failing):
                fails = one.failing(after)
                found.append(Saved(
                    rescue, k, year, _among(~fails, before[k], weight), _among(fails, ~before[k], weight), mean, error
                ))  # fmt: skip
    return found


def _among(what: np.ndarray, these: np.ndarray, weight: np.ndarray) -> Share:
    """The share of some futures of which something holds; no share where there are none."""
    if not these.any():
        return Share(math.nan, math.nan, 0)
    return share_of(what[these].astype(float), weight[these])


def _weights(source: Source, n: int) -> np.ndarray:
    """Weights of the first futures of the run."""
    from ..analysis.draws import draw

    return np.asarray(draw(source.study, source.scenario, 1, n).tags[L.TAG_WEIGHT])


def best_rescue(rows: Sequence[Saved], failure: int) -> list[Saved]:
    """The rescue that saves most when it begins in the first year, year by year; none where no future fails."""
    own = [row for row in rows if row.failure == failure and row.saved.futures > 0]
    if not own:
        return []
    best = max((row for row in own if row.year == 0), key=lambda row: row.saved.value)
    return [row for row in own if row.rescue is best.rescue]


def too_late(rows: Sequence[Saved]) -> int | None:
    """The first year (from 0) from which a rescue saves fewer than half, to the end; None where it never does."""
    late = [row.year for row in sorted(rows, key=lambda row: row.year) if row.saved.value >= HALF]
    first = max(late) + 1 if late else 0
    return first if first < len(rows) else None
