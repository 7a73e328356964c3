"""Validation that thinks: what is odd about a contract, before a pound of it is simulated or settled.

A contract that can be read is not yet one that means what its authors meant. Every check looks for one thing, says it in
words with the numbers in them, and says what can be done. CHECKS is the register; an id is never given to another check.
Severity: fault = it cannot be meant; warning = it can hurt one of the parties; note = worth knowing before signing.
"""

from __future__ import annotations

from collections import Counter

from ..contract import Contract
from ..place import Place
from . import (
    cliffs,
    endings,
    idle,
    incentives,
    limits,
    noise,
    order,
    quantities,
    records,
    sums,
    targets,
    tiers,
)
from ._case import Case
from ._finding import SEVERITIES, Check, Finding, Severity

CHECKS: tuple[Check, ...] = (
    *tiers.CHECKS, *noise.CHECKS, *targets.CHECKS, *order.CHECKS, *sums.CHECKS, *quantities.CHECKS, *limits.CHECKS,
    *idle.CHECKS, *incentives.CHECKS, *cliffs.CHECKS, *records.CHECKS, *endings.CHECKS,
)  # fmt: skip
ENDING = "ending"


def review(contract: Contract, place: Place | None = None, population: float | None = None) -> list[Finding]:
    """Every finding, in the order of the contract: the contract as a whole, its clauses and their fields, the ending.

    `place` adds what is known of its people and outcomes; `population` (persons) sets the size of chance, instead of the
    place's own figures where both are given.
    """
    case = Case(contract, place, population)
    found = [finding for check in CHECKS for finding in check.findings(case)]
    return sorted(found, key=lambda finding: _place_in(contract, finding))


def _place_in(contract: Contract, finding: Finding) -> tuple[int, int, int]:
    """Where a finding stands: number of the clause, number of the field in it, number of the check."""
    ids = ["", *(term.id for term in contract.terms), ENDING]
    clause = ids.index(finding.clause)
    fields: list[str] = []
    if 0 < clause <= len(contract.terms):
        fields = [field.name for field in contract.terms[clause - 1].kind.fields]
    field = finding.field.partition(".")[0]
    checks = [check.id for check in CHECKS]
    return clause, fields.index(field) if field in fields else len(fields), checks.index(finding.id)


def count(findings: list[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity, gravest first; severities without any are 0."""
    numbers = Counter(finding.severity for finding in findings)
    return {severity: numbers[severity] for severity in SEVERITIES}


__all__ = ["CHECKS", "SEVERITIES", "Check", "Finding", "Severity", "count", "review"]
