"""What the clause tests share: one way to put a clause through given years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stresstest.analysis.worked import Case, clause_amounts


@pytest.fixture(scope="session")
def pay() -> Callable[..., list[float]]:
    """pay(clause, terms, *years) → what the clause pays in each year (£)."""

    def settle(clause: str, terms: dict[str, Any], *years: dict[str, Any]) -> list[float]:
        return clause_amounts(Case("a test", "a test", "a test", (), clause=clause, terms=terms, years=years))

    return settle
