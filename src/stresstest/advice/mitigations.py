"""A mitigation laid over a study: its changes within their bounds, its clauses behind the contract's own, from a year on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..config.playbooks import Change, Mitigation
from ..contract import ENDING, Contract
from ..drivers.parameters import PARAMETERS
from ..errors import ContractError
from ..layout import MAX_TERMS
from ..place import Quantity
from ..study import Study
from ..terms import Field
from ..wiring import Term, check_names
from .failures import present


@dataclass(frozen=True)
class Laid:
    """A study with mitigations in it: `study`, and what the commissioner pays outside the clauses (£, present value): the outlay,
    and the rise of the agreed budget where the price was raised, which exposure would otherwise not count."""

    study: Study
    beside: float


class NotLaidError(Exception):
    """A mitigation that this contract cannot take; the message says why."""


def lay(study: Study, mitigations: Sequence[Mitigation], start: int = 0) -> Laid:
    """The study with every mitigation laid over it, in force from year `start` (from 0). Raises NotLaidError with the reason.

    What cannot be dated, such as an opening price, a reserve or an owners' cap, can be laid from the first year only.
    """
    contract = study.contract
    budget = contract.opening_price
    touched: dict[tuple[str, str], str] = {}
    for one in mitigations:
        if start > 0 and one.outlay > 0.0:
            raise NotLaidError("what is set aside at the start cannot be set aside later")
        for change in one.changes:
            other = touched.setdefault((change.clause, change.entry), one.id)
            if other != one.id:
                raise NotLaidError(f"{other} and {one.id} both set {change.clause}.{change.entry}")
            contract = changed(contract, change, budget, start)
        for table in one.clauses:
            contract = _with_clause(contract, table, start)
    if len(contract.terms) > MAX_TERMS:
        raise NotLaidError(f"more than {MAX_TERMS} clauses")
    own = study.with_contract(contract)
    outlay = sum(one.outlay for one in mitigations) * budget
    return Laid(own, outlay + present(own, 0) - present(study, 0))


def changed(contract: Contract, change: Change, budget: float, start: int = 0) -> Contract:
    """The contract with one change, from year `start` on. Raises NotLaidError where the clause or entry is lacking or bounds
    break."""
    if change.clause == ENDING:
        return _ending(contract, change, budget, start)
    term = _clause_of(contract, change.clause)
    field = next((one for one in term.kind.fields if one.name == change.entry), None)
    if field is None:
        raise NotLaidError(f"clause {term.id} has no entry {change.entry}")
    old = term.values[change.entry]
    if isinstance(change.value, str):
        if field.unit != "choice" or change.value not in field.choices or start > 0:
            raise NotLaidError(f"{term.id}.{field.name} cannot be set to {change.value}")
        new: Any = change.value
    else:
        new = _number(contract, term, field, old, change, budget, start)
    values = {**term.values, field.name: new}
    return replace(
        contract, terms=tuple(replace(one, values=values) if one.id == term.id else one for one in contract.terms)
    )


def _clause_of(contract: Contract, name: str) -> Term:
    """A clause by its id, or the only one of a kind."""
    found = [one for one in contract.terms if one.id == name] or [
        one for one in contract.terms if one.kind.name == name
    ]
    if len(found) != 1:
        raise NotLaidError(f"the contract has {'no clause' if not found else 'several clauses'} {name}")
    return found[0]


def _number(
    contract: Contract, term: Term, field: Field, old: Any, change: Change, budget: float, start: int
) -> Quantity:  # fmt: skip
    if not field.is_number or not isinstance(old, Quantity):
        raise NotLaidError(f"{term.id}.{field.name} is no plain number in this contract")
    if field.fixed and start > 0:
        raise NotLaidError(f"{term.id}.{field.name} holds for the whole contract and cannot be changed later")
    if len(old.values) == 1 and start == 0:
        values: tuple[float, ...] = (applied(old.value, change, budget),)
    else:
        values = tuple(old.at(t) if t < start else applied(old.at(t), change, budget) for t in range(contract.years))
    for value in values:
        if not field.low <= value <= field.high:
            raise NotLaidError(f"{term.id}.{field.name} would be {value:g}, beyond {field.low:g} to {field.high:g}")
    return replace(old, values=values, source="mitigation", quality="variant")


def applied(old: float, change: Change, budget: float) -> float:
    """The number after a change; `budget` is the first year's agreed budget (£)."""
    value = float(change.value) * (budget if change.of_budget else 1.0)
    return {"=": value, "*=": old * value, "+=": old + value}[change.sign]


def _ending(contract: Contract, change: Change, budget: float, start: int) -> Contract:
    known = next((one for one in PARAMETERS if one.owner == "contract" and one.name == change.entry), None)
    if known is None or change.entry not in contract.ending:
        raise NotLaidError(f"the contract's ending has no entry {change.entry}")
    if start > 0:
        raise NotLaidError(f"ending.{change.entry} holds for the whole contract and cannot be changed later")
    if isinstance(change.value, str):
        raise NotLaidError(f"ending.{change.entry} is a number")
    value = applied(contract.ending[change.entry].value, change, budget)
    if not known.low <= value <= known.high or (known.unit.startswith("whole") and value != int(value)):
        raise NotLaidError(
            f"ending.{change.entry} would be {value:g}, beyond {known.low:g} to {known.high:g} ({known.unit})"
        )
    return contract.with_change(ENDING, change.entry, value)


def _with_clause(contract: Contract, table: dict[str, Any], start: int) -> Contract:
    """The contract with one more clause behind the others, scaled and in force as its table says. Raises NotLaidError."""
    try:
        longer = contract.with_clause(table)
    except ContractError as error:
        raise NotLaidError(f"clause {table['id']}: {error.message} ({error.key})") from None
    last = replace(longer.terms[-1], scaled_by=table.get("scaled_by", ""), start=max(start, table.get("from", 1) - 1),
                   end=start + table.get("to", 400) - 1)  # fmt: skip
    longer = replace(longer, terms=(*longer.terms[:-1], last))
    try:
        check_names(longer, len(longer.terms) - 1)
        _check_numbers(last)
    except ContractError as error:
        raise NotLaidError(f"clause {last.id}: {error.message} {error.value}") from None
    return longer


def _check_numbers(term: Term) -> None:
    """Raise ContractError where a number of a clause is beyond its bounds, or the clause itself finds something wrong."""
    for field in term.kind.fields:
        value = term.values[field.name]
        if isinstance(value, Quantity) and not field.low <= value.value <= field.high:
            raise ContractError(
                "a number is out of range:",
                key=field.name,
                value=value.value,
                expected=f"{field.low:g} to {field.high:g}",
            )
    for key, words in term.kind.check(term.at(0)):
        raise ContractError(words, key=key, value=term.values.get(key))
