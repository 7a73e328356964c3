"""What all futures share, as plain Python numbers: parameters, the place's and the contract's years, levers, strategies.

The two baselines know the five clauses of Dudley's shipped contracts in the form in which those contracts use them, every lever,
and any place. `setting_of` refuses another contract, so that a ratio is never one of two different models.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from .. import layout as L
from ..drivers import parameters as P
from ..errors import ConfigError
from ..kernel.wires import W_PLAIN, W_RESETS
from ..levers import LEVERS
from ..levers._lever import EDGES, FOUND_OUT
from ..study import KernelInputs
from ..terms import TERM_NUMBER, TERMS

CLAUSES = ("annual_payment", "improvement_payment", "gain_loss_share", "cap_and_collar", "prevention_floor")
#: What the baselines take for granted of these clauses: fields, as packed, that must have these values.
TAKEN = {
    "annual_payment": {"form": 0.0},
    "improvement_payment": {
        "style": 0.0, "exception_cap": 1.0, "score_gate": 0.0, "levels": 0.0, "payment": float(L.PAID_ANNUAL),
    },
    "gain_loss_share": {
        "band": 0.0, "quality_scaled": 0.0, "settlement": 0.0, "tiers": 0.0, "loss_tiers": 0.0,
        "expected": float(L.RECORD_ACUTE_EXPECTED), "actual": float(L.RECORD_ACUTE), "payment": float(L.PAID_ANNUAL),
    },
    "cap_and_collar": {"base": float(L.PAID_ANNUAL), "income": float(L.PAID_INCOME), "cost": float(L.RECORD_COST)},
    "prevention_floor": {"budget": float(L.RECORD_AGREED), "spend": float(L.RECORD_PREVENTION)},
}  # fmt: skip
INDICATOR_NUMBERS = 5
#: Intensities of a year, by lever; levers at 0 are left out.
Levels = dict[str, float]


@dataclass(frozen=True)
class Setting:
    """What is the same in every future. `p` the parameters as section_name; `shared` one entry a year (see `shared_years`).

    `today` the axes' values now; `indicators` by INDICATOR_FIELDS and `span`, target less baseline; `levers` the fields of every
    lever by name; `lever_keys` the keys of their detection by name; `strategies` Levels by strategy and year.
    """

    years: int
    p: SimpleNamespace
    today: tuple[float, ...]
    indicators: tuple[SimpleNamespace, ...]
    shared: tuple[SimpleNamespace, ...]
    base_cost: float
    levers: dict[str, SimpleNamespace]
    lever_keys: dict[str, tuple[int, ...]]
    strategies: tuple[tuple[Levels, ...], ...]


def setting_of(inputs: KernelInputs) -> Setting:
    """The kernel's inputs as plain numbers. Raises ConfigError for clauses that the baselines do not know."""
    refuse_other_contracts(inputs)
    p, _, _, indicators, _, _, today, base_cost = inputs.world
    names = (key.split(".", 1)[1].replace(".", "_") for key in P.KEYS)
    return Setting(
        years=inputs.years,
        p=SimpleNamespace(**dict(zip(names, p.tolist(), strict=True))),
        today=tuple(today.tolist()),
        indicators=tuple(indicator_of(row) for row in indicators.tolist()),
        shared=shared_years(inputs),
        base_cost=float(base_cost),
        levers={kind.name: lever_of(k, inputs.lever_rows) for k, kind in enumerate(LEVERS)},
        lever_keys={kind.name: tuple(key) for kind, key in zip(LEVERS, inputs.lever_keys.tolist(), strict=True)},
        strategies=tuple(tuple(levels_of(row) for row in table) for table in inputs.strategies.tolist()),
    )


def refuse_other_contracts(inputs: KernelInputs) -> None:
    """Raise ConfigError unless the contract has the five clauses, between the two parties, in the form that TAKEN says."""
    kinds, payers, payees, _, rows, wires = inputs.deal[:6]
    found = [TERMS[kind].name for kind in kinds]
    if found != list(CLAUSES):
        raise _unknown("terms", found, f"{', '.join(CLAUSES)}, in this order")
    if (payers != L.COMMISSIONER).any() or (payees != L.PROVIDER).any():
        raise _unknown("parties", "other payers or payees", "every clause between commissioner and provider")
    if (wires[:, W_PLAIN] != 1).any() or (wires[:, W_RESETS] > 0).any():
        raise _unknown("terms", "clauses that read each other, end early or start anew", "clauses in force throughout")
    for k, name in enumerate(CLAUSES):
        for field, value in TAKEN[name].items():
            given = rows[k, :, TERMS[kinds[k]].slot(field)]
            blank = name == "prevention_floor" and not rows[k, :, TERMS[kinds[k]].slot("floor")].any()
            if (given != value).any() and not blank:
                raise _unknown(f"{name}.{field}", given.tolist(), "what Dudley's shipped contracts say")


def _unknown(key: str, value: object, expected: str) -> ConfigError:
    return ConfigError(
        "the numpy twin and the Python loop know only the clauses of Dudley's shipped contracts",
        key=key, value=value, expected=f"{expected}; take dudley-5.5bn or dudley-244m",
    )  # fmt: skip


def indicator_of(row: list[float]) -> SimpleNamespace:
    """An indicator's numbers by name, with its span from baseline to target."""
    own = SimpleNamespace(**dict(zip(P.INDICATOR_FIELDS, row, strict=True)))
    own.span = own.target - own.baseline
    return own


def lever_of(number: int, rows: np.ndarray) -> SimpleNamespace:
    """A lever's fields by name: how it is found out, then its own."""
    names = [field.name for field in (*FOUND_OUT, *LEVERS[number].fields)]
    return SimpleNamespace(**dict(zip(names, rows[number, 1 : 1 + len(names)].tolist(), strict=True)))


def levels_of(row: list[float]) -> Levels:
    """A year's intensities by lever, those at 0 left out."""
    return {kind.name: x for kind, x in zip(LEVERS, row, strict=True) if x != 0.0}


def shared_years(inputs: KernelInputs) -> tuple[SimpleNamespace, ...]:
    """By year what every future shares: the plan, sums over service lines, grown points of delivery, clauses, discounts."""
    return tuple(
        SimpleNamespace(
            **dict(zip(P.PLAN_FIELDS, inputs.world[5][t].tolist(), strict=True)), **lines_of(inputs, t), **clauses_of(inputs, t),
            pods=pods_of(inputs, t),
            goals=[None if goal != goal else goal for goal in inputs.goals[t].tolist()],
            edges=SimpleNamespace(**dict(zip(EDGES, inputs.edges[t].tolist(), strict=True))),
            money=float((1.0 + inputs.world[0][P.slot("place.health.money_discount")]) ** -t),
            health=float((1.0 + inputs.world[0][P.slot("place.health.health_discount")]) ** -t),
        )
        for t in range(inputs.years)
    )  # fmt: skip


def lines_of(inputs: KernelInputs, t: int) -> dict[str, float]:
    """Need and prices as sums over service lines; price = inflation · (price_of_pay · pay + price_of_others)."""
    p, lines, age_mix = inputs.world[0], inputs.world[1], inputs.world[4]
    drugs, capital, other = ((1.0 + p[P.slot(f"place.cost.{kind}_growth")]) ** t for kind in ("drugs", "capital", "other"))
    weight = lines[:, P.LINE_BASE] * (1.0 + lines[:, P.LINE_GROWTH]) ** t
    shares = [lines[:, column] for column in (P.LINE_PAY, P.LINE_DRUGS, P.LINE_CAPITAL)]
    others = shares[1] * drugs + shares[2] * capital + (1.0 - shares[0] - shares[1] - shares[2]) * other
    return {
        "age_mix": float(age_mix[t]),
        "need_of_lines": float(age_mix[t] * weight.sum() / lines[:, P.LINE_BASE].sum()),
        "price_of_pay": float((weight * shares[0]).sum() / weight.sum()),
        "price_of_others": float((weight * others).sum() / weight.sum()),
    }


def pods_of(inputs: KernelInputs, t: int) -> tuple[tuple[float, float, float, float], ...]:
    """(grown base, response to the model of care, care elasticity, factor in a pandemic year) of each point of delivery."""
    return tuple(
        (base * (1.0 + growth) ** t, response, elasticity, 1.0 + pandemic)
        for base, growth, response, elasticity, pandemic in inputs.world[2].tolist()
    )


def clauses_of(inputs: KernelInputs, t: int) -> dict[str, SimpleNamespace]:
    """The clauses' fields of year t by clause and name; indicators that are paid on as (number, weight, floor, target)."""
    found = {}
    for k, name in enumerate(CLAUSES):
        kind, row = TERMS[TERM_NUMBER[name]], inputs.deal[4][k, t].tolist()
        found[name] = SimpleNamespace(**{field.name: row[kind.slot(field.name)] for field in kind.fields})
    improvement, row = TERMS[TERM_NUMBER["improvement_payment"]], inputs.deal[4][1, t].tolist()
    at = improvement.slot("indicators")
    entries = [row[at + 1 + INDICATOR_NUMBERS * k :][:4] for k in range(int(row[at]))]
    found["improvement_payment"].indicators = [(int(number), *rest) for number, *rest in entries]
    found["annual_payment"].expected_need = (1.0 + found["annual_payment"].expected_need_growth) ** t
    return found
