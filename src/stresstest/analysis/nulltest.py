"""The null test: a provider that changes nothing must earn about nothing, and chance must not pay it.

The null world has no trend, no shock and no benefit; expected acute spend is what acute care costs; the provider does
nothing. What is left is chance: the noise of acute activity and of counted outcomes. Each clause is then settled with
that chance and without it. The difference is what chance alone pays; the chance-payout rate is the share of years in
which the clause pays the provider more than it would without chance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import layout as L
from ..contract import Term
from ..drivers.parameters import PARAMETERS, POD_BASE
from ..futures.axes import CRISIS_PROBABILITY, LINK, MEAN, NOISE_SD, SD, TODAY
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import NULL_FIRST
from ..futures.scenario import Scenario
from ..place import Place, Quantity
from ..strategy import NULL
from ..study import Study
from .evaluate import simulate_years

KEPT = ("population.list_base", "acute.noise", "acute.persistence", "acute.build_years",
        "funding.low", "funding.high", "health.money_discount", "health.health_discount", "cost.cover_share",
        "cost.agency_premium")  # fmt: skip
BATCH = 1024


def _still_place(place: Place, chance: bool) -> Place:
    """The place without trend, shock or benefit; with or without chance."""
    parameters = {
        q.key: place.parameters[q.key] if q.key in KEPT else Quantity((max(q.low, 0.0),), q.unit, "null test", "variant")
        for q in PARAMETERS if q.owner == "place"
    }  # fmt: skip
    if not chance:
        parameters["acute.noise"] = Quantity((0.0,), "sd per year", "null test", "variant")
    still = Quantity((0.0,), "", "null test", "variant")
    return replace(
        place,
        parameters=parameters,
        ages=tuple(replace(band, growth=0.0) for band in place.ages),
        lines=tuple(replace(line, need_growth=0.0) for line in place.lines),
        pods=tuple(replace(pod, growth=0.0, care_elasticity=0.0) for pod in place.pods),
        indicators=tuple(i if chance else replace(i, noise_kind="mean", spread=0.0) for i in place.indicators),
        dynamics=dict.fromkeys(place.dynamics, still),
    )


def null_study(study: Study, chance: bool) -> Study:
    """The study's contract in the null world."""
    place = _still_place(study.place, chance)
    table = study.law.table.copy()
    table[:, MEAN] = table[:, TODAY]
    table[:, [SD, NOISE_SD, LINK, CRISIS_PROBABILITY]] = 0.0
    basket = Quantity((float(place.pod_table()[:, POD_BASE].sum()),), "GBP", "null test", "variant")
    zero = Quantity((0.0,), "", "null test", "variant")
    contract = replace(
        study.contract,
        benchmark={**study.contract.benchmark, "opening_gbp": basket, "growth": zero, "planned_reduction": zero},
        ending={**study.contract.ending, "reserve": Quantity((1e10,), "GBP", "null test", "variant")},
    )
    return replace(study, place=place, law=replace(study.law, table=table), contract=contract)


def _amounts(study: Study, scenario: Scenario, futures: int) -> np.ndarray:
    """amount[line, T, future] that each ledger line pays the provider."""
    inputs = study.kernel_inputs(scenario, (NULL,), RANDOM_DESIGN)
    lines = len(study.line_names)
    signs = np.array(
        [(payee == "provider") - (payer == "provider") for payer, payee in study.line_parties], dtype=float
    )
    pieces = []
    for start in range(0, futures, BATCH):
        yearly = simulate_years(inputs, NULL_FIRST + start, min(BATCH, futures - start), lines)
        pieces.append(yearly[0, len(L.YEARLY) :] * signs[:, None, None])
    return np.concatenate(pieces, axis=2)


def null_rows(study: Study, futures: int = 4096) -> list[dict[str, Any]]:
    """One row for each clause that moves money with the provider besides the annual payment."""
    scenario = study.scenarios[0]
    noisy = _amounts(null_study(study, True), scenario, futures)
    quiet = _amounts(null_study(study, False), scenario, 1)
    rows: list[dict[str, Any]] = []
    for k, term in enumerate(study.contract.terms):
        if not _counts(term):
            continue
        by_future = noisy[k].mean(axis=0)
        steady = quiet[k]
        rows.append({
            "clause": term.id, "mean_gbp_a_year": float(by_future.mean()),
            "error_gbp": float(by_future.std(ddof=1) / np.sqrt(futures)), "without_chance_gbp_a_year": float(steady.mean()),
            "chance_part_gbp_a_year": float(by_future.mean() - steady.mean()),
            "chance_payout_rate": float((noisy[k] > steady + 0.005).mean()),
        })  # fmt: skip
    rows.append(_together(rows, noisy, quiet, [k for k, term in enumerate(study.contract.terms) if _counts(term)]))
    for row in rows:
        row["share_of_annual_payment"] = row["mean_gbp_a_year"] / study.contract.opening_price
    return rows


def _counts(term: Term) -> bool:
    """Whether the clause moves money with the provider besides the annual payment."""
    return term.kind.name != "annual_payment" and "provider" in (term.payer, term.payee)


def _together(rows: list[dict[str, Any]], noisy: np.ndarray, quiet: np.ndarray, chosen: list[int]) -> dict[str, Any]:
    """The row of all clauses together: what the idle provider gets net, and how often more than without chance."""
    total, steady = noisy[chosen].sum(axis=0), quiet[chosen].sum(axis=0)
    by_future = total.mean(axis=0)
    return {
        "clause": "all clauses together", "mean_gbp_a_year": float(by_future.mean()),
        "error_gbp": float(by_future.std(ddof=1) / np.sqrt(by_future.size)),
        "without_chance_gbp_a_year": float(steady.mean()),
        "chance_part_gbp_a_year": float(by_future.mean() - steady.mean()),
        "chance_payout_rate": float((total > steady + 0.005).mean()),
    }  # fmt: skip
