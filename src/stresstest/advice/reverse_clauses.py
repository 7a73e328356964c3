"""Which clause a failure comes through: the failure's chance without each clause, in the same futures, the telling ones first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .failures import Failure
from .sensitivity_clauses import ANY_BASE, clause_rows
from .source import Source

#: A clause carries a failure where without it at least this part of the failures is gone, beyond this many errors.
PART, ERRORS = 0.25, 3.0


def clause_table(source: Source, failing: Sequence[Failure], jobs: int = 2) -> list[dict[str, Any]]:
    """A row for each failure and clause: chance with all clauses, chance without this one, and whether the clause carries it."""
    found: list[dict[str, Any]] = []
    for one in failing:
        rows = clause_rows(source, [one], jobs=jobs)
        for row in sorted(rows, key=lambda row: row[f"{one.name}_change_probability"]):
            change, error = row[f"{one.name}_change_probability"], row[f"{one.name}_change_probability_error"]
            base = row[ANY_BASE]
            carries = change < -max(PART * base, ERRORS * error) and base > 0.0
            found.append({
                "failure": one.name, "clause": row["clause"], "kind": row["kind"], "base_probability": base,
                "without_probability": base + change, "without_probability_error": error, "carries_it": carries,
            })  # fmt: skip
    return found
