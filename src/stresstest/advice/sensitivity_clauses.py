"""Which clause does it: each clause taken out of force, in the same futures, with the provider doing what it does.

A clause out of force pays nothing, shows nothing and remembers nothing; those that read it read 0. First comes the clause without
which most futures are spared every failure. A clause that carries the price comes last: without it everything fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..analysis.evaluate import EXPOSURE, SURPLUS
from ..contract import Contract
from ..study import Study
from .failures import Failure
from .sensitivity_lived import Mean, outcomes_of, shared_out, told, weights_of
from .source import Source, columns_of

FUTURES = 8192
ANY = "any_failure"
ANY_CHANGE, ANY_BASE = f"{ANY}_change_probability", f"{ANY}_base_probability"
HARM, HELP, NOTHING, UNSURE = "does harm", "does good", "changes nothing", "too few futures"


def without(contract: Contract, term_id: str) -> Contract:
    """The contract with one clause never in force."""
    terms = tuple(replace(term, start=contract.years) if term.id == term_id else term for term in contract.terms)
    return replace(contract, terms=terms)


def _columns(failing: Sequence[Failure]) -> list[str]:
    return [ANY_CHANGE, *(f"{one.name}_change_probability" for one in failing), "surplus_change_gbp", "exposure_change_gbp"]


def clause_rows(source: Source, failing: Sequence[Failure], futures: int = FUTURES, jobs: int = 2) -> list[dict[str, Any]]:
    """A row for each clause: what its removal changes in each failure's chance, mean surplus and mean exposure."""
    weight = weights_of(source.study, source.scenario, futures)

    def lived(study: Study) -> Mean:
        out = outcomes_of(study, source.scenario, source.strategy, futures)
        fails = np.array([one.failing(columns_of(out)) for one in failing], dtype=np.float64).reshape(len(failing), futures)
        some = fails.max(axis=0, initial=0.0)
        return Mean.of(np.vstack([some[None], fails, out[[SURPLUS, EXPOSURE]]]), weight)

    terms = source.study.contract.terms
    variants = [source.study.with_contract(without(source.study.contract, term.id)) for term in terms]
    base, *changed = shared_out(lived, [source.study, *variants], jobs)
    names, rows = _columns(failing), []
    for term, one in zip(terms, changed, strict=True):
        change = one - base
        row: dict[str, Any] = {"clause": term.id, "kind": term.kind.title, "payer": term.payer, "payee": term.payee}
        row |= {ANY_BASE: float(base.values[0]), **told(names, change)}
        rows.append(row | {"verdict": _verdict(change), "futures": futures})
    return sorted(rows, key=lambda row: (row[ANY_CHANGE], row["exposure_change_gbp"]))


def _verdict(change: Mean) -> str:
    if not change.influence.any() and not change.values.any():
        return NOTHING
    value, error = float(change.values[0]), float(change.errors[0])
    if abs(value) <= 1.96 * error:
        return UNSURE if error > 0.0 else NOTHING
    return HARM if value < 0.0 else HELP
