"""To which day or year an input's value belongs, as far as its file or the source that it names says so."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

NOT_RECORDED = "not recorded"
IN_FILE, OF_SOURCE = "the file", "the source that is named"
#: Marks whose values come from a source; the rest are somebody's judgement, whose day is when it was set.
FROM_A_SOURCE = frozenset({"published", "derived", "fitted", "seed", "chosen"})
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) ((?:19|20)\d\d)\b")
#: "(NHS Improvement 2016)": a name in brackets that ends in a year, with evidence codes after it or none.
_YEAR = re.compile(r"\([A-Z][^()0-9;]* ((?:19|20)\d\d)(?:;[^()]*)?\)|[A-Za-z] \(((?:19|20)\d\d)\)")


def as_of(one: dict[str, Any], mark: str) -> tuple[str, str]:
    """(day or year, what says so) of an input; ("not recorded", "") where nothing does."""
    if one.get("date"):
        return str(one["date"]), IN_FILE
    named = dates_in(str(one.get("source", ""))) if mark in FROM_A_SOURCE else []
    return ("; ".join(named), OF_SOURCE) if named else (NOT_RECORDED, "")


def dates_in(source: str) -> list[str]:
    """Days (ISO) of the publications that a source names, else their years; in their order."""
    days = [f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}" for day, month, year in _DAY.findall(source)]
    found = [day for day in days if _is_day(day)] or [first or second for first, second in _YEAR.findall(source)]
    return list(dict.fromkeys(found))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
