"""The basis of every money column, in its heading: present value or undiscounted, and at the prices of which year."""

from __future__ import annotations

import re
from dataclasses import replace

from ..book import Book
from ..papers import FOLDER, POUNDS, Column
from .sheet import Sheet

PRESENT_VALUE, UNDISCOUNTED = "PV", "undiscounted"
#: Files whose money columns are present values of the whole term, and those that are sums of years as they come.
_TERM = ("exceedance", "savings", "exit_costs", "swings", "assumption_switches", "dependence")
_PAPERS = ("risks", "risk_allocation", "risk_bearers", "loopholes", "gaming", "actions", "register")
PRESENT_VALUES = frozenset({*(f"summary/{name}.csv" for name in _TERM), *(f"report/{FOLDER}/{name}.csv" for name in _PAPERS)})
AS_THEY_COME = frozenset({"summary/bridge.csv", "summary/null_test.csv", f"report/{FOLDER}/bridge_table.csv"})
#: Files that say so themselves, column by column.
OWN_BASIS = frozenset({f"report/{FOLDER}/provider_income.csv"})
#: Amounts that stand in a contract or are a judgement: neither the one nor the other.
_SET = re.compile(r"capacity|capital|limit|reserve|resources|margin|paid_where")
_YEAR = re.compile(r"\d{4}([/_-])\d{2}")


def prices(book: Book) -> str:
    """"2016/17 prices", of the contract's price basis; "" where it names no year."""
    found = _YEAR.search(str(book.source.setting("contract", "price_basis") or ""))
    return f"{found[0]} prices" if found else ""


def basis(file: str, name: str) -> str:
    """"PV" or "undiscounted" of a money column of a file; "" where it is neither or is not known."""
    if _SET.search(name):
        return ""
    if file in AS_THEY_COME:
        return UNDISCOUNTED
    return PRESENT_VALUE if file in PRESENT_VALUES or file.startswith("advice/") else ""


def with_basis(sheet: Sheet, year: str) -> Sheet:
    """The sheet with the basis of its money in the headings: "Mean cost (£ PV, 2016/17 prices)"."""
    return replace(sheet, columns=[_told(column, sheet.file, year) for column in sheet.columns])


def _told(column: Column, file: str, year: str) -> Column:
    own = f"{column.name} {column.heading}"
    told = "prices" in own or _YEAR.search(own) or "present value" in column.heading.lower()
    if column.unit != POUNDS or file in OWN_BASIS or told:
        return column
    words = ", ".join(part for part in (f"£ {basis(file, column.name)}".strip(), year) if part)
    plain = column.heading.replace("(£)", "").strip()
    return replace(column, heading=f"{plain} ({words})")
