"""What a contract asks of a table and what it gives back: each column with its unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import Contract
from ..terms import BY_NAME, INDICATOR_PREFIX, Field
from ..wiring import reads, settlement_inputs


@dataclass(frozen=True)
class Column:
    """A column of a table. `default` None: it has to be there; `low` and `high` bound its numbers."""

    name: str
    unit: str
    doc: str
    low: float = float("-inf")
    high: float = float("inf")
    default: float | None = None
    same_as: str = ""

    @property
    def needed(self) -> bool:
        """Whether a table without this column cannot be settled."""
        return self.default is None and not self.same_as


def _money(contract: Contract, unit: str) -> str:
    """A unit in the contract's own currency."""
    return contract.currency if unit == "GBP" and contract.currency != "none" else unit


def asked_columns(contract: Contract) -> list[Column]:
    """The quantities that a table gives, in the order in which the contract first reads them."""
    inputs = {entry.name: entry for entry in contract.inputs}
    found = []
    for name in settlement_inputs(contract):
        if name in inputs:
            entry = inputs[name]
            unit = _money(contract, entry.unit)
            found.append(Column(name, unit, entry.doc, entry.low, entry.high, entry.default))
        elif name in BY_NAME:
            quantity = BY_NAME[name]
            found.append(Column(name, _money(contract, quantity.unit), quantity.doc, same_as=quantity.same_as))
        else:
            indicator = name.removeprefix(f"{INDICATOR_PREFIX}.")
            found.append(Column(name, "indicator's unit", f"what is reported for {indicator}"))
    if not any(
        name in ("income", "net.provider") for term in contract.terms for _, name in reads(term, contract.years)
    ):
        return found
    income = BY_NAME["income"]
    before = "income of the provider from outside this contract, before its clauses"
    return [*found, Column("income", _money(contract, income.unit), before, default=0.0)]


def override_fields(contract: Contract) -> dict[str, Field]:
    """Entries of clauses that a table may give anew, as CLAUSE.FIELD: numbers and choices."""
    return {
        f"{term.id}.{field.name}": field
        for term in contract.terms
        for field in term.kind.fields
        if field.is_number or field.unit == "choice"
    }


def given_columns(contract: Contract) -> list[Column]:
    """The columns that a settlement adds: clauses, figures, and what each party is left with."""
    found = []
    for term in contract.terms:
        if term.kind.moves:
            doc = f"{term.kind.title}: {term.payer} → {term.payee}"
            found.append(Column(term.id, _money(contract, "GBP"), doc))
        else:
            found.append(Column(term.id, "figure", term.kind.title))
        found += [Column(f"{term.id}.{s.name}", _money(contract, s.unit), s.doc) for s in term.kind.shows]
    nets = [Column(f"net.{p}", _money(contract, "GBP"), f"received less paid by {p}") for p in contract.parties_at_work]
    return found + nets


def template(contract: Contract) -> str:
    """The header that the contract needs, with a line of explanation for each column (lines that begin with #)."""
    lines = [f"# {contract.title}", "# case: name of the case; each case has its own memory"]
    labels = f"1 to {contract.years}" if contract.years > 1 else "1"
    lines.append(f"# year: contract year {labels}, or its label, from {contract.first_year} on")
    columns = asked_columns(contract)
    for column in columns:
        spare = "" if column.needed else " (may be left out"
        if spare:
            spare += f": as {column.same_as})" if column.same_as else f": {column.default:g})"
        lines.append(f"# {column.name} [{column.unit}]: {column.doc}{spare}")
    moving = {term.id for term in contract.terms if term.kind.moves}
    entries = [name for name in override_fields(contract) if name.rpartition(".")[0] in moving]
    clause = next(iter(entries), "CLAUSE.FIELD")
    lines.append(
        f"# further columns may give a clause's entry anew for a row, such as {clause}; other columns are carried along"
    )
    lines = [" ".join(line.split()) for line in lines]
    return "\n".join([*lines, ",".join(["case", "year", *(_quoted(c.name) for c in columns if c.needed)])]) + "\n"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"\n\r') else name


def columns_as_text(contract: Contract) -> str:
    """Both kinds of columns as a Markdown table."""
    lines = ["| column | unit | meaning |", "|---|---|---|"]
    for way, columns in (("in", asked_columns(contract)), ("out", given_columns(contract))):
        lines += [f"| {way}: `{c.name}` | {c.unit} | {c.doc} |" for c in columns]
    return "\n".join(lines) + "\n"
