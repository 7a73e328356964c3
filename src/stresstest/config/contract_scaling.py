"""A contract written for one place, put to another: every sum of money times the ratio of age-weighted people.

Money is multiplied by `cost`, persons by `heads`, money per head by cost over heads; shares, rates, years and indicator
values stay. What a number is follows from its field, from the unit that the contract gives it, or from what it is
multiplied by or compared with (contract_dimensions.py). Where none of these says it the contract is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..contract import Contract, Term
from ..drivers.parameters import PARAMETERS
from ..errors import ContractError
from ..place import Quantity
from ..review._dimensions import ANY, MONEY, PERSONS, RATIO, Dimension, of_unit, product
from ..terms import ONE, Field
from ..wiring import Reference
from .contract_dimensions import Known, formula, needed, of_number, strict_dimensions
from .scaling import Scale, noted

#: From here on a number is a limit that no sum reaches, and stays.
NO_LIMIT = 1e15
REMEDY = (
    'a unit ("GBP", "share", "persons") beside the number, a schedule with a unit in place of a sum in a formula, or '
    "scale_contract = false in the study with a contract written for this place"
)
UNCLEAR = "it is not clear whether this is money"
#: Numbers of figures that are what another quantity is: the field that names it.
LIKE = {"at": "of", "opening": "of"}


@dataclass(frozen=True)
class Scaling:
    """What every quantity of a contract is, and the scale; `file` serves messages."""

    known: Known
    scale: Scale
    file: object

    def factor(self, dimension: Dimension) -> float:
        """What a number of this dimension is multiplied by."""
        return float(self.scale.cost**dimension.money * self.scale.heads**dimension.persons)

    def refuse(self, key: str, value: Any, why: str = UNCLEAR) -> ContractError:
        """An error about one entry, ready to raise."""
        message = f"the contract cannot be put to another place: {why}"
        return ContractError(message, file=self.file, key=key, value=value, expected=REMEDY)

    def written(self, value: Quantity, dimension: Dimension) -> dict[str, Any]:
        """A number of this dimension as it is written, scaled; its source says so."""
        factor = self.factor(dimension)
        numbers = [v if _stays(v) else v * factor for v in value.values]
        source, quality = value.source, value.quality
        if numbers != list(value.values):
            source, quality = noted(source, quality, f"× {factor:.6g}, {self.scale.label}")
        written: Any = numbers if len(numbers) > 1 else numbers[0]
        form = {"value": written, "unit": value.unit, "source": source, "quality": quality}
        return form | ({"date": value.date} if value.date else {})

    def number(self, term: Term, field: Field, value: Quantity) -> dict[str, Any]:
        """A number of a clause as it is written, scaled. Raises ContractError where it is not known what it is."""
        switch = field.unit in ("number", "figure") and field.name not in LIKE and set(value.values) <= {0.0, 1.0}
        if switch or all(map(_stays, value.values)):
            return self.written(value, RATIO)
        dimension = self._dimension(term, field, value.unit)
        if dimension is None or dimension == ANY:
            raise self.refuse(f"{term.id}.{field.name}", value.value)
        if dimension == PERSONS and field.name in LIKE:
            why = "a limit in persons may go with the place or hold in every place"
            raise self.refuse(f"{term.id}.{field.name}", value.value, why)
        return self.written(value, dimension)

    def _dimension(self, term: Term, field: Field, unit: str) -> Dimension | None:
        if field.unit not in ("number", "figure"):
            return of_number(term, field, self.known)
        if unit and unit != field.unit:
            return of_unit(unit)
        if field.name in LIKE:
            of, per = term.values[LIKE[field.name]], term.values.get("per", ONE)
            return product(self.known.get(of), self.known.get(per), -1)
        return self.known.get(term.id)

    def check_reads(self, term: Term, years: int) -> None:
        """Raise ContractError where a clause reads a quantity of which nobody knows what it is, or of another kind."""
        if term.scaled_by and self.known.get(term.scaled_by) != RATIO:
            raise self.refuse(f"{term.id}.scaled_by", term.scaled_by, f"it is not clear that {term.scaled_by} is a share")
        unread = term.unread(years)
        for field in term.kind.fields:
            value = term.values[field.name]
            if isinstance(value, Reference):
                self._check(term, field, value.name, of_number(term, field, self.known))
            elif field.unit == "quantity" and value != ONE and field.name not in unread:
                self._check(term, field, value, needed(term, field))
            elif field.unit == "formula":
                found, clash = formula(value, self.known)
                if clash or found is None:
                    why = f"a plain number or another kind of thing stands beside a sum in {clash}" if clash else UNCLEAR
                    raise self.refuse(f"{term.id}.{field.name}", value, why)

    def _check(self, term: Term, field: Field, name: str, wanted: Dimension | None) -> None:
        found = self.known.get(name)
        if found is None or (wanted is not None and found != wanted):
            named = f"it is not clear what {name} is" if found is None or wanted is None else f"{name} is not {wanted.title}"
            raise self.refuse(f"{term.id}.{field.name}", name, named)


def _stays(value: float) -> bool:
    return value == 0.0 or abs(value) >= NO_LIMIT


def scaled_form(contract: Contract, form: dict[str, Any], scale: Scale, file: object) -> dict[str, Any]:
    """The effective form of a contract for another place: see the module's text. Raises ContractError, placed."""
    own = Scaling(strict_dimensions(contract), scale, file)
    result = dict(form) | {"title": f"{contract.title}; sums × {scale.cost:.4g}, {scale.label}"}
    sums = {
        "benchmark": ["opening_gbp"],
        "ending": [q.name for q in PARAMETERS if q.owner == "contract" and of_unit(q.unit) == MONEY],
    }
    for table, names in sums.items():
        if table in form:
            result[table] = form[table] | {name: _entry(own, form[table][name], MONEY) for name in names}
    if "scope" in form:
        result["scope"] = [{**row, "base_gbp": _entry(own, row["base_gbp"], MONEY)} for row in form["scope"]]
    if "inputs" in form:
        result["inputs"] = [_input(own, row) for row in form["inputs"]]
    result["terms"] = [
        _term(own, term, row, contract.years) for term, row in zip(contract.terms, form["terms"], strict=True)
    ]
    return result


def _entry(own: Scaling, entry: dict[str, Any], dimension: Dimension) -> dict[str, Any]:
    """An entry of the effective form, scaled."""
    values = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
    notes = (entry["unit"], entry["source"], entry["quality"], entry.get("date", ""))
    return own.written(Quantity(tuple(values), *notes), dimension)


def _input(own: Scaling, row: dict[str, Any]) -> dict[str, Any]:
    """An input of the effective form: bounds, default and values, scaled as its unit says."""
    dimension, result = of_unit(row["unit"]), dict(row)
    bounds = [name for name in ("low", "high", "default") if name in row]
    if dimension is None:
        if "value" in row or not all(_stays(row[name]) for name in bounds):
            raise own.refuse(f"inputs.{row['name']}.unit", row["unit"], "it is not clear whether this input is money")
        return result
    factor = own.factor(dimension)
    result |= {name: row[name] if _stays(row[name]) else row[name] * factor for name in bounds}
    return result | ({"value": _entry(own, row["value"], dimension)} if "value" in row else {})


def _term(own: Scaling, term: Term, row: dict[str, Any], years: int) -> dict[str, Any]:
    own.check_reads(term, years)
    result = dict(row)
    for field in term.kind.fields:
        value = term.values[field.name]
        if isinstance(value, Quantity):
            result[field.name] = own.number(term, field, value)
        elif field.unit == "rows":
            pairs = zip(row[field.name], value, strict=True)
            result[field.name] = [_row(own, term, field, entry, values) for entry, values in pairs]
    return result


def _row(own: Scaling, term: Term, field: Field, entry: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    numbers = [column for column in field.columns if isinstance(values[column.name], Quantity)]
    return entry | {column.name: own.number(term, column, values[column.name]) for column in numbers}
