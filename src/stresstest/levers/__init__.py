"""What a provider may do, one lever per file. LEVERS is the register: a new lever is one file and one name here.

The first three are honest work; the others game. Order is the order of application within a phase.
"""

from __future__ import annotations

from . import (
    baseline_inflation,
    cost_shifting,
    disinvestment,
    double_relief,
    efficiency,
    effort,
    exception_reporting,
    indicator_choice,
    list_inflation,
    low_bid,
    misreporting,
    noise_harvesting,
    prevention,
    prevention_run_off,
    ratchet_holding_back,
    relabelling,
    related_party,
    risk_selection,
    skimping,
    threshold_bunching,
    upcoding,
    walk_away,
    year_end_timing,
)  # fmt: skip
from ._lever import LeverKind

LEVERS: tuple[LeverKind, ...] = (
    effort.KIND,
    prevention.KIND,
    efficiency.KIND,
    threshold_bunching.KIND,
    ratchet_holding_back.KIND,
    prevention_run_off.KIND,
    cost_shifting.KIND,
    list_inflation.KIND,
    upcoding.KIND,
    exception_reporting.KIND,
    year_end_timing.KIND,
    risk_selection.KIND,
    disinvestment.KIND,
    misreporting.KIND,
    relabelling.KIND,
    skimping.KIND,
    baseline_inflation.KIND,
    low_bid.KIND,
    related_party.KIND,
    walk_away.KIND,
    noise_harvesting.KIND,
    double_relief.KIND,
    indicator_choice.KIND,
)
LEVER_NUMBER = {kind.name: number for number, kind in enumerate(LEVERS)}
HONEST = tuple(kind.name for kind in LEVERS if kind.grade == "honest")
GAMING = tuple(kind.name for kind in LEVERS if kind.grade != "honest")

__all__ = ["GAMING", "HONEST", "LEVERS", "LEVER_NUMBER", "LeverKind"]
