"""What a negotiation can turn: entries of a contract with the range that is tried, and a draft with some of them turned.

Only entries that the contract has, as numbers, are turned. Ranges are judgements: wide enough to show where a gain stops, within
what such contracts have held (docs/evidence.md). Payment at risk stays nothing in years of the ramp that come to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..contract import ENDING, Contract
from ..place import Quantity
from ..wiring import Term


@dataclass(frozen=True)
class Parameter:
    """An entry: name, clause by kind and field, range tried, unit (share, years, £), and in words.

    `field` of an ending's entry stands under clause "ending". "ramp" and "weight:INDICATOR" are worked out (see `turned`).
    """

    name: str
    clause: str
    field: str
    low: float
    high: float
    unit: str
    words: str


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("share at risk", "improvement_payment", "at_risk", 0.0, 0.25, "share", "share of the payment that outcomes decide"),
    Parameter("ramp", "improvement_payment", "ramp", 0.0, 8.0, "years", "years until the whole share is at risk"),
    Parameter("step share", "improvement_payment", "step_share", 0.0, 1.0, "share", "part of a weight paid only at the target"),
    Parameter("re-basing", "improvement_payment", "rebase", 0.0, 1.0, "share", "share by which targets follow reports"),
    Parameter("share of gains", "gain_loss_share", "share_gain", 0.0, 1.0, "share", "provider's share of an acute gain"),
    Parameter("share of losses", "gain_loss_share", "share_loss", 0.0, 1.0, "share", "provider's share of an acute loss"),
    Parameter("dead band", "gain_loss_share", "dead_band", 0.0, 0.10, "share", "band in which no gain or loss is shared"),
    Parameter("limit of the share", "gain_loss_share", "both_caps", 0.0, 0.05, "share", "most gained or lost, of the payment"),
    Parameter("list pass-through", "annual_payment", "list_pass_through", 0.0, 1.0, "share", "share of list growth paid for"),
    Parameter("need pass-through", "annual_payment", "need_pass_through", 0.0, 1.0, "share", "share of extra need paid for"),
    Parameter("support", "cap_and_collar", "support_share", 0.0, 1.0, "share", "commissioner's share of a shortfall"),
    Parameter("pay-back", "cap_and_collar", "pay_back_share", 0.0, 1.0, "share", "commissioner's share of an excess"),
    Parameter("prevention floor", "prevention_floor", "floor", 0.0, 0.02, "share", "least share of the budget for prevention"),
    Parameter("owners’ loss limit", ENDING, "loss_cap", 0.0, 60e6, "GBP", "most that the owners lose before they leave"),
)  # fmt: skip
WEIGHT = "weight:"
HEAVIEST = 0.5


def parameters_of(contract: Contract, declared: Sequence[Parameter] | None = None) -> list[Parameter]:
    """Those of the declared parameters that the contract has as numbers; by default PARAMETERS and every indicator's weight."""
    if declared is None:
        declared = list(PARAMETERS)
        term = contract.first("improvement_payment")
        rows: Any = term.values["indicators"] if term else []
        declared += [
            Parameter(f"weight of {row['name']}", "improvement_payment", WEIGHT + row["name"], 0.0, HEAVIEST, "share",
                      f"weight of {row['name']} in the score")
            for row in rows if len(rows) > 1 and isinstance(row["weight"], Quantity)
        ]  # fmt: skip
    return [one for one in declared if value_of(contract, one) is not None]


def value_of(contract: Contract, one: Parameter) -> float | None:
    """What the contract says now; None where it says nothing, or no number."""
    if one.clause == ENDING:
        found = contract.ending.get(one.field)
        return found.value if found is not None else None
    term = contract.first(one.clause)
    if term is None:
        return None
    if one.field.startswith(WEIGHT):
        row = next((row for row in _rows(term) if row["name"] == one.field.removeprefix(WEIGHT)), None)
        return row["weight"].value if row is not None and isinstance(row["weight"], Quantity) else None
    if one.field == "ramp":
        return ramp_of(term, contract.years)
    held = term.values.get({"both_caps": "gain_cap"}.get(one.field, one.field))
    if not isinstance(held, Quantity):
        return None
    return max(held.values) if one.field == "at_risk" else held.value


def _rows(term: Term) -> list[Any]:
    return list(term.values["indicators"])


def ramp_of(term: Term, years: int) -> float | None:
    """Years until the whole share at risk is reached, counted so that a share that is whole in year k + 1 has a ramp of k."""
    held = term.values["at_risk"]
    if not isinstance(held, Quantity):
        return None
    whole = max(held.values)
    return float(next((t for t in range(years) if held.at(t) == whole), 0)) if whole > 0.0 else 0.0


def turned(contract: Contract, values: Mapping[str, float], known: Sequence[Parameter]) -> Contract:
    """The contract with parameters of these names at these values; the rest as they are."""
    by_name = {one.name: one for one in known}
    chosen = {by_name[name]: value for name, value in values.items()}
    contract = _with_risk(contract, {one.field: value for one, value in chosen.items()})
    weights = {one.field.removeprefix(WEIGHT): value for one, value in chosen.items() if one.field.startswith(WEIGHT)}
    if weights:
        contract = _with_weights(contract, weights)
    for one, value in chosen.items():
        if one.field in ("at_risk", "ramp") or one.field.startswith(WEIGHT):
            continue
        fields = ("gain_cap", "loss_cap") if one.field == "both_caps" else (one.field,)
        term = contract.first(one.clause)
        for field in fields:
            contract = contract.with_change(term.id if term else one.clause, field, value)
    return contract


def _change(contract: Contract, kind: str, change: Callable[[Term], dict[str, Any]]) -> Contract:
    """The contract with values of its clauses of a kind changed."""
    terms = [replace(t, values={**t.values, **change(t)}) if t.kind.name == kind else t for t in contract.terms]
    return replace(contract, terms=tuple(terms))


def _with_risk(contract: Contract, fields: Mapping[str, float]) -> Contract:
    """The share at risk year by year: `at_risk` times min(1, t / ramp) in year t (from 0); all of it without a ramp."""
    if not {"at_risk", "ramp"} & set(fields):
        return contract

    def change(term: Term) -> dict[str, Any]:
        held = term.values["at_risk"]
        if not isinstance(held, Quantity):
            return {}
        whole = fields.get("at_risk", max(held.values))
        if "ramp" in fields:
            ramp = fields["ramp"]
            parts = [min(1.0, t / ramp) if ramp > 0.0 else 1.0 for t in range(contract.years)]
        else:
            most = max(held.values)
            parts = [held.at(t) / most if most > 0.0 else 1.0 for t in range(contract.years)]
        return {"at_risk": replace(held, values=tuple(whole * part for part in parts), source="variant", quality="variant")}

    return _change(contract, "improvement_payment", change)


def _with_weights(contract: Contract, weights: Mapping[str, float]) -> Contract:
    """The named indicators' weights as given, the others scaled so that all add up to what they did."""

    def change(term: Term) -> dict[str, Any]:
        rows = _rows(term)
        old = np.array([row["weight"].value for row in rows])
        own = np.array([row["name"] in weights for row in rows])
        new = np.array([weights.get(row["name"], w) for row, w in zip(rows, old, strict=True)])
        rest = old.sum() - new[own].sum()
        if old[~own].sum() > 0.0 and rest > 0.0:
            new[~own] *= rest / old[~own].sum()
        elif new.sum() > 0.0:
            new[~own] = 0.0
            new *= old.sum() / new.sum()
        else:
            new = old
        return {"indicators": [
            {**row, "weight": Quantity((float(w),), "share", "variant", "variant")} for row, w in zip(rows, new, strict=True)
        ]}  # fmt: skip

    return _change(contract, "improvement_payment", change)
