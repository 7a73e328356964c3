"""Who should bear a risk: the party that can do something about it, as far as it can carry it.

The rule of risk sharing (Abrahamson 1973; Irwin 2007): a risk goes to whom can influence it, or the damage that it does, and
beyond what that party can carry to whom can absorb it best.

    bears most now   the party with the largest mean cost in money (computed)
    can carry        95th percentile of what the risk costs all parties in money together, or the party that bears most where that
                     is more (a transfer costs all together nothing), against what a party can bear beyond its plan: the provider
                     its reserve, cap and guarantee, public bodies their hurdle of the study
    best able        the first party that controls it and can carry it; where none can, the first that controls it up to what it
                     can bear, and beyond that the party that can carry most of it; where nobody controls it, that party
    flag             the party that bears most neither controls it nor can carry its own part (95th percentile); of the provider
                     only added losses have to be carried, not a surplus that is forgone

A national body is taken to control and not to bear: it is no party to the contract.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..config.risk_register import Risk
from ..units import pounds
from .risks_cost import MONEY, Ledger


def bearer_row(ledger: Ledger, risk: Risk, view: str) -> dict[str, Any]:
    """Who bears, who controls, who can carry, who is best able, and whether that is out of joint."""
    sample, costs = ledger.sample, ledger.costs[risk.id][view]
    means = {party: sample.mean(costs[party]) for party in MONEY}
    most = max(MONEY, key=lambda party: means[party].value)
    whole = np.sum([costs[party] for party in MONEY], axis=0)
    worst, own = sample.quantile(whole, 0.95), sample.quantile(costs[most], 0.95)
    bears = means[most].value > 0.0
    carried = sample.quantile(ledger.added_loss(risk.id, view), 0.95) if most == "provider" else own
    load = _over(carried.value, ledger.capacity[most])
    fits, words = best_able(risk.controls, max(0.0, worst.value, own.value), ledger.capacity)
    astray = bears and most not in risk.controls and load > 1.0
    return {
        "risk": risk.id, "title": risk.title, "view": view, "bears_most": most if bears else "nobody",
        "bears_mean_gbp": means[most].value, "bears_mean_error_gbp": means[most].error, "bears_p95_gbp": own.value,
        "bears_p95_error_gbp": own.error, "bears_carried_gbp": carried.value,
        "bears_carried_error_gbp": carried.error, "bears_capacity_gbp": ledger.capacity[most],
        "bears_load": load if math.isfinite(load) else None,
        "all_p95_gbp": worst.value, "all_p95_error_gbp": worst.error, "controls": ", ".join(risk.controls) or "nobody",
        "residents_mean_qaly": (health := sample.mean(costs["residents"])).value, "residents_mean_error_qaly": health.error,
        "best_able": fits, "sentence": words, "flag": "neither controls it nor can carry it" if astray else "",
    }  # fmt: skip


def best_able(controls: tuple[str, ...], worst: float, capacity: dict[str, float]) -> tuple[str, str]:
    """(party, sentence) by the rule above, for a cost of `worst` pounds and what each party can bear."""
    able = [party for party in controls if party in MONEY]
    if worst <= 0.0:
        who = able[0] if able else "nobody"
        return who, f"{who}: in 19 futures of 20 there is nothing to carry"
    for party in able:
        if worst <= capacity[party]:
            return party, f"{party}: controls it and can carry {pounds(worst)}"
    strongest = max(MONEY, key=lambda party: capacity[party])
    beyond = "" if worst <= capacity[strongest] else f", of which it can carry {pounds(capacity[strongest])}"
    if able and able[0] != strongest:
        first = f"{able[0]} up to the {pounds(capacity[able[0]])} that it can bear, since it controls it"
        return f"{able[0]}, then {strongest}", f"{first}; beyond that {strongest}{beyond}"
    if able:
        return able[0], f"{able[0]}: controls it, though {pounds(worst)} is more than the {pounds(capacity[able[0]])} it can bear"
    who = f"only {controls[0]} controls it" if controls else "nobody controls it"
    return strongest, f"{strongest}: {who}, and it can carry most{beyond}"


def _over(cost: float, can: float) -> float:
    """Cost over what can be borne: 0 for no cost, infinite where nothing can be borne."""
    return 0.0 if cost <= 0.0 else cost / can if can > 0.0 else math.inf
