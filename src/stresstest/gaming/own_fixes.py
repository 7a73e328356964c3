"""Fixes of the analyst's own: a file of change sets that are tried as the levers' known fixes are.

    schema_version = 1
    [[fix]]
    words = "share from the first pound, up to 3% of the payment"
    answers = ["cost_shifting", "year_end_timing"]          # the levers it is meant for
    changes = ["gain_loss_share.dead_band=0", "gain_loss_share.loss_cap=0.03"]

Every change is checked against the contract before anything is simulated: the clause, its entry, and the entry's bounds.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from ..config.section import Section, read_toml
from ..contract import ENDING, Contract
from ..drivers.parameters import PARAMETERS
from ..errors import ContractError, nearest
from ..levers import GAMING
from ..levers._lever import Fix


def read_fixes(path: Path, contract: Contract) -> list[tuple[str, Fix]]:
    """(lever, fix) for every fix of a file. Raises ConfigError for levers, clauses, entries or values that cannot be."""
    top = Section(path, read_toml(path))
    top.whole("schema_version", 1, 1)
    found: list[tuple[str, Fix]] = []
    for row in top.rows("fix"):
        words, answers = row.text("words"), _names(row, "answers")
        for lever in answers:
            if lever not in GAMING:
                raise row.fail("answers", "no such gaming lever", lever, ", ".join(GAMING), nearest(lever, GAMING))
        changes = tuple(_change(row, text, contract) for text in _names(row, "changes"))
        row.finish()
        found += [(lever, Fix(words, changes)) for lever in answers]
    top.finish()
    return found


def _names(row: Section, name: str) -> list[str]:
    values = row.anything(name)
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise row.fail(name, "this should be a list of texts", values, f'{name} = ["…"]')
    return values


def _change(row: Section, text: str, contract: Contract) -> tuple[str, str, Any]:
    """(clause, entry, value) of CLAUSE.ENTRY=VALUE, tried on the contract."""
    target, sign, value = text.partition("=")
    clause, dot, entry = target.strip().rpartition(".")
    if not sign or not dot:
        raise row.fail("changes", "a change is written CLAUSE.ENTRY=VALUE", text, "gain_loss_share.dead_band=0")
    own: Any = value.strip().strip('"')
    with contextlib.suppress(ValueError):
        own = float(own)
    try:
        contract.with_change(clause, entry, own)
    except ContractError as error:
        raise row.fail("changes", error.message, text, error.expected, error.nearest) from None
    except ValueError:
        raise row.fail("changes", f"{target.strip()} is a number", text, "a number") from None
    if clause == ENDING:
        own_bounds = next(p for p in PARAMETERS if p.owner == "contract" and p.name == entry)
        _number(row, text, f"{clause}.{entry}", own, own_bounds.low, own_bounds.high)
    else:
        _within(row, text, contract, clause, entry, own)
    return clause, entry, own


def _number(row: Section, text: str, name: str, value: Any, low: float, high: float) -> None:
    """Raise where a value is no number between its bounds; NaN is none."""
    if not isinstance(value, float) or value != value:
        raise row.fail("changes", f"{name} is a number", text, f"{low:g} to {high:g}")
    if not low <= value <= high:
        raise row.fail("changes", f"{name} is out of bounds", text, f"{low:g} to {high:g}")


def _within(row: Section, text: str, contract: Contract, clause: str, entry: str, value: Any) -> None:
    term = next(term for term in contract.terms if term.id == clause)
    field = next(field for field in term.kind.fields if field.name == entry)
    if not field.is_number and field.unit != "choice":
        raise row.fail("changes", f"{clause}.{entry} cannot be changed by one value", text, "a number or a choice of a clause")
    if field.unit == "choice" and value not in field.choices:
        raise row.fail("changes", "not one of the choices", text, ", ".join(field.choices), nearest(str(value), field.choices))
    if field.is_number:
        _number(row, text, f"{clause}.{entry}", value, field.low, field.high)
