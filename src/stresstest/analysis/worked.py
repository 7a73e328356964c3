"""Worked cases, run: each sum put through the engine's own code, and set out in words.

A clause runs as in the kernel: its fields are packed into a row for each year, and its arm is called year after year
with what it remembers, on one future. A rule is called with its arguments. The files are described in case_files.py.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from .. import layout as L
from ..terms import Field, PackContext
from .case_files import INPUTS, Case, full_values, indicator_numbers, kind_of, load_cases, of_year, rule_of

__all__ = ["Case", "agrees", "case_as_text", "clause_amounts", "load_cases", "rule_results", "run_case"]


def _fill_year(d: np.ndarray, year: dict[str, Any], numbers: dict[str, int]) -> None:
    """Write one year's inputs into d[DRIVERS, 1]."""
    d[:] = 0.0
    for slot in (L.RECORD_FUNDING, L.RECORD_LIST_BASE, L.RECORD_NEED):
        d[slot] = 1.0
    for name, (slot, _) in INPUTS.items():
        if name in year:
            d[slot] = float(year[name])
    copies = {"list": L.RECORD_LIST_BASE, "list_external": L.RECORD_LIST, "need_audited": L.RECORD_NEED}
    for name, source in copies.items():
        if name not in year:
            d[INPUTS[name][0]] = d[source]
    for name, number in numbers.items():
        d[L.RECORD_INDICATOR + number] = float(year.get("indicators", {}).get(name, np.nan))


def clause_amounts(case: Case) -> list[float]:
    """What the clause pays in each year of the case (£)."""
    kind, numbers = kind_of(case), indicator_numbers(case)
    values = full_values(case, kind.fields, case.terms, "terms")
    d, memory, amounts = np.zeros((len(L.DRIVERS), 1)), np.zeros((L.MEMORY_SLOTS, 1)), []
    for t, year in enumerate(case.years):
        row = np.array(kind.row(of_year(values, t), PackContext(t, len(case.years), numbers, case.exception_effects)))
        _fill_year(d, year, numbers)
        amounts.append(float(kind.arm(row, d, memory, 0)))
    return amounts


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
    got = clause_amounts(case) if case.clause else rule_results(case)
    if case.total:
        got = [sum(got)]
    if len(got) != len(case.expect):
        raise case.wrong("expect", f"{len(case.expect)} numbers are expected and there are {len(got)}")
    return list(zip(case.expect, got, strict=True))


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
    lines = [f"Clause: {kind.title}. A positive amount goes from {kind.payer} to {kind.payee}.", ""]
    for f in kind.fields:
        if f.name in case.terms:
            lines += _field_in_words(f, case.terms[f.name])
    used = [name for name in INPUTS if any(name in year for year in case.years)]
    indicators = list(indicator_numbers(case))
    if case.total and not used and not indicators:
        years = f"Every one of {len(case.years)} years goes as priced."
        return [*lines, "", f"{years} Sum over the years: {pounds_and_pence(case.expect[0])}."]
    columns = ["year", *(INPUTS[name][1] for name in used), *indicators]
    columns += [] if case.total else ["amount due"]
    lines += ["", "| " + " | ".join(columns) + " |", "|" + " ---: |" * len(columns)]
    for t, year in enumerate(case.years):
        cells = [str(t + 1), *(plain_number(year[name]) if name in year else "" for name in used)]
        cells += [plain_number(year["indicators"][n]) if n in year.get("indicators", {}) else "" for n in indicators]
        cells += [] if case.total else [pounds_and_pence(case.expect[t])]
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
