"""Worked cases, run: each sum put through the engine's own code, and set out in words.

A clause runs as in the kernel: its fields are packed into a row for each year, and its arm is called year after year
with what it remembers, on one future. A rule is called with its arguments. The files are described in case_files.py.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from .. import layout as L
from ..terms import ONE, Field, PackContext, TermKind
from .case_files import (
    INPUTS,
    Case,
    full_values,
    indicator_numbers,
    kind_of,
    load_cases,
    named_quantities,
    of_year,
    rule_of,
)

__all__ = ["Case", "agrees", "case_as_text", "clause_amounts", "load_cases", "rule_results", "run_case"]


def _rows_of(case: Case, kind: TermKind, values: dict[str, Any]) -> dict[str, int]:
    """Rows of d by name: the drivers, the quantity that is always 1, then what this case names besides."""
    rows = {name: slot for name, (slot, _) in INPUTS.items()} | {ONE: len(L.DRIVERS)}
    for name in named_quantities(kind.fields, values):
        rows.setdefault(name, len(L.DRIVERS) + 1 + len(rows) - len(INPUTS))
    return rows


def _fill_year(d: np.ndarray, year: dict[str, Any], numbers: dict[str, int], rows: dict[str, int]) -> None:
    """Write one year's inputs into d[rows, 1]."""
    d[:] = 0.0
    for name in ("funding", "list_at_start", "need", ONE):
        d[rows[name]] = 1.0
    given = {rows[name]: float(value) for name, value in year.items() if name in rows}
    for slot, value in given.items():
        d[slot] = value
    copies = {L.RECORD_LIST: L.RECORD_LIST_BASE, L.AUDIT_LIST: L.RECORD_LIST, L.AUDIT_NEED: L.RECORD_NEED}
    for slot, source in copies.items():
        if slot not in given:
            d[slot] = d[source]
    for name, number in numbers.items():
        d[L.RECORD_INDICATOR + number] = float(year.get("indicators", {}).get(name, np.nan))


def _row_of(kind: TermKind, values: dict[str, Any], context: PackContext, d: np.ndarray) -> np.ndarray:
    """The clause's row for a year, with the numbers that quantities give."""
    bound = {f.name: values[f.name] for f in kind.fields if f.is_number and isinstance(values[f.name], str)}
    plain = {name: float("nan") if name in bound else value for name, value in values.items()}
    row = np.array(kind.row({**plain, **dict.fromkeys(kind.unread(plain), ONE)}, context))
    for name, quantity in bound.items():
        row[kind.slot(name)] = d[context.quantities[quantity], 0]
    return row


def clause_years(case: Case) -> tuple[list[float], dict[str, list[float]]]:
    """What the clause pays in each year of the case (£), and the figures that it shows."""
    kind, numbers = kind_of(case), indicator_numbers(case)
    values = full_values(case, kind.fields, case.terms, "terms")
    rows = _rows_of(case, kind, values)
    shown_from = len(L.DRIVERS) + 1 + len(rows)
    d, memory = np.zeros((shown_from + len(kind.shows), 1)), np.zeros((L.MEMORY_SLOTS, 1))
    amounts: list[float] = []
    shown: dict[str, list[float]] = {figure.name: [] for figure in kind.shows}
    for t, year in enumerate(case.years):
        _fill_year(d, year, numbers, rows)
        context = PackContext(t, len(case.years), numbers, case.exception_effects, rows)
        row = _row_of(kind, of_year(values, t), context, d)
        row[L.ROW_SHOW] = shown_from
        amounts.append(float(kind.arm(row, d, memory, 0)))
        for k, figure in enumerate(kind.shows):
            shown[figure.name].append(float(d[shown_from + k, 0]))
    return amounts, shown


def clause_amounts(case: Case) -> list[float]:
    """What the clause pays in each year of the case (£)."""
    return clause_years(case)[0]


def rule_results(case: Case) -> list[float]:
    """What the rule gives: one number, several, or one for each year where an argument is carried."""
    function = rule_of(case)
    if not case.carry:
        result = function(**case.given)
        return [case.times * float(v) for v in (result if isinstance(result, (tuple, list)) else (result,))]
    carried, results = case.given[case.carry], []
    for t in range(len(case.expect)):
        moving = {k: v[min(t, len(v) - 1)] if isinstance(v, list) else v for k, v in case.given.items()}
        carried = float(function(**(moving | {case.carry: carried})))
        results.append(case.times * carried)
    return results


def run_case(case: Case) -> list[tuple[float, float]]:
    """(expected, got) for each number of the case. Raises ConfigError where their counts differ."""
    got, shown = clause_years(case) if case.clause else (rule_results(case), {})
    if case.total:
        got = [sum(got)]
    if len(got) != len(case.expect):
        raise case.wrong("expect", f"{len(case.expect)} numbers are expected and there are {len(got)}")
    pairs = list(zip(case.expect, got, strict=True))
    for name, numbers in case.expect_shown.items():
        pairs += zip(numbers, shown[name], strict=True)
    return pairs


def agrees(case: Case, expected: float, got: float) -> bool:
    """Whether a result is as near as the case demands; never for NaN."""
    return abs(got - expected) <= max(case.tolerance, case.tolerance_share * abs(expected))


# ── in words ───────────────────────────────────────────────────────────────────────────────────────────────────────
def pounds_and_pence(value: float) -> str:
    """An amount in full: £1,500,000.00 or −£0.05; a fraction of a penny on a small amount is not dropped: £0.453333."""
    size = abs(value)
    digits = plain_number(size) if size < 1.0 and abs(size - round(size, 2)) > 1e-9 else f"{size:,.2f}"
    return f"{'−' if value < 0 else ''}£{digits}"


def plain_number(value: Any) -> str:
    """A number as a reader writes it: 60,000,000; 0.35; −0.2."""
    if isinstance(value, (list, tuple)):
        return "; ".join(plain_number(v) for v in value)
    return str(value) if isinstance(value, str) else f"{value:,.10g}".replace("-", "−")


def _field_in_words(f: Field, value: Any) -> list[str]:
    """One bullet for a field, or one for each of its rows."""
    if f.unit != "rows":
        return [f"- {f.doc}: **{plain_number(value)}** (`{f.name}`)"]
    lines = [f"- {f.doc} (`{f.name}`):"]
    for row in value:
        lines.append("    - " + ", ".join(f"{c.name} {plain_number(row[c.name])}" for c in f.columns if c.name in row))
    return lines


def _clause_in_words(case: Case) -> list[str]:
    """The fields that the case sets, then a table of years with the amounts expected."""
    kind = kind_of(case)
    moves = f"A positive amount goes from {kind.payer} to {kind.payee}." if kind.moves else "It moves no money."
    lines = [f"Clause: {kind.title}. {moves}", ""]
    for f in kind.fields:
        if f.name in case.terms:
            lines += _field_in_words(f, case.terms[f.name])
    given = [name for year in case.years for name in year if name != "indicators"]
    used = [name for name in INPUTS if name in given]
    used += [name for name in dict.fromkeys(given) if name not in INPUTS]
    indicators = list(indicator_numbers(case))
    if case.total and not used and not indicators:
        years = f"Every one of {len(case.years)} years goes as priced."
        return [*lines, "", f"{years} Sum over the years: {pounds_and_pence(case.expect[0])}."]
    columns = ["year", *(INPUTS[name][1] if name in INPUTS else name for name in used), *indicators]
    columns += [] if case.total else ["amount due" if kind.moves else "value"]
    columns += case.expect_shown
    lines += ["", "| " + " | ".join(columns) + " |", "|" + " ---: |" * len(columns)]
    for t, year in enumerate(case.years):
        cells = [str(t + 1), *(plain_number(year[name]) if name in year else "" for name in used)]
        cells += [plain_number(year["indicators"][n]) if n in year.get("indicators", {}) else "" for n in indicators]
        cells += [] if case.total else [pounds_and_pence(case.expect[t]) if kind.moves else plain_number(case.expect[t])]
        cells += [plain_number(numbers[t]) for numbers in case.expect_shown.values()]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, "", f"Sum over the years: {pounds_and_pence(case.expect[0])}."] if case.total else lines


def _rule_in_words(case: Case) -> list[str]:
    """What the function does, its arguments and its result."""
    first = (inspect.getdoc(rule_of(case)) or "").split("\n")[0]
    arguments = ", ".join(f"{name} {plain_number(value)}" for name, value in case.given.items())
    factor = f", times {plain_number(case.times)}" if case.times != 1.0 else ""
    carried = f" Year after year, the last result becomes {case.carry}." if case.carry else ""
    return [f"Rule `{case.rule}`: {first}{carried}", "", f"With {arguments}{factor}: **{plain_number(case.expect)}**."]


def case_as_text(case: Case) -> str:
    """The case for a reader (Markdown): its sentence and source, what was agreed, what happened, what is due."""
    lines = [f"**{case.name}**", "", f"Source: {case.source}."]
    lines += [f"Note: {case.note}"] if case.note else []
    lines += [f"Edge: {case.edge}."] if case.edge else []
    lines += ["", *(_clause_in_words(case) if case.clause else _rule_in_words(case))]
    return "\n".join(lines) + "\n"
