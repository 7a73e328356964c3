"""Who supplies each number that a contract pays on, and whether it is an amount of a year or a level.

A number that nobody outside the provider supplies is *unbacked*: it can be reported otherwise than it is. A contract may say
who reports an input (`reported_by`); where it does not, the words of its description decide, and the table of unbacked
inputs says so. What others report, such as the hospital's invoices, cannot be written by the provider, but what it does
moves it: care is brought forward, put off, or given another name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..contract import Contract
from ..review._dimensions import MONEY, PERSONS, of_unit
from ..terms import BY_NAME, INDICATOR_PREFIX, ONE

PROVIDER, OTHERS, INDEPENDENT = "provider", "others", "independent"
#: Standard quantities that the provider reports, and those that others report and it can move.
STANDARD_REPORTERS = {
    "reported_cost": PROVIDER, "prevention_spend": PROVIDER, "list": PROVIDER, "need": PROVIDER, "exceptions": PROVIDER,
    "acute_actual": OTHERS,
}  # fmt: skip
#: What stays from one year to the next: people on a list are not used up by a year.
STOCKS = ("list", "list_at_start", "list_audited", "balance", "registered", "population")
#: Words that say that somebody else supplies a number, or that the parties fixed it beforehand.
_OUTSIDE = (
    "audited|audit|published|official|national|ons|independent|external|outside|census|statistic\\w*|commissioner|nhs england|"
    "regulator|cqc|agreed|benchmark|expected|allocation|allocated|inflation|tariff|deflator|gdp|index|budget|baseline|signature|"
    "suppliers?'?|meters?|inspections?|inspectors?|control room|"
    "secondary uses|clearing house|forecast|invoiced?|invoices|hospital'?s?|trust'?s?|sus|hes|actuar\\w*|ledger|council|"
    "ombudsman|survey"
)
#: Words that say so even where the provider is mentioned.
_CHECKED = "audited|auditors?|validated|validation|verified|certified|certifies|published|inspectors?|independently"
_INSIDE = "reported|reports|declared|declares|self|provider|own|claimed|claims|states|recorded by|assessed by"
_OTHERS = "invoiced?|invoices|hospital'?s?|trust'?s?|sus|hes"
_FLOW = (
    "cost|spend|payment|saving|activity|admission|attendance|episode|contact|case|loss|income|point|failure|referral|"
    "appointment|claim"
)


@dataclass(frozen=True)
class Backing:
    """What is known of a quantity: who reports it and why that is believed, its unit, and what can be done with it.

    `flow`: an amount of the year, part of which may be moved to another year; a level cannot be moved, only be higher in one
    year and lower in the next. `kind` is money, persons, events, share, switch or number. `low` and `high` bound it.
    """

    name: str
    reporter: str
    reason: str
    unit: str
    doc: str
    kind: str
    flow: bool
    low: float
    high: float

    @property
    def movable(self) -> bool:
        """Whether the provider can change what is reported, by its pen or by its acts."""
        return self.reporter != INDEPENDENT


def _kind(unit: str) -> str:
    text = unit.strip().lower()
    if text == "0 or 1":
        return "switch"
    dimension = of_unit(unit)
    if dimension == MONEY or (text.startswith(("£", "gbp")) and " per " not in text):
        return "money"
    if dimension == PERSONS:
        return "persons"
    if text in ("share", "ratio", "fraction", "probability", "score", "percent", "per cent", "%") or text.startswith("share"):
        return "share"
    if re.search(r"^(count|number|events?|points?|cases?|episodes?|contacts?|admissions?|attendances?|referrals?)\b", text):
        return "events"
    return "number"


def _word(pattern: str, text: str) -> str:
    found = re.search(rf"\b({pattern})\b", text.lower())
    return found.group(1) if found else ""


def reporter_of(doc: str, name: str) -> tuple[str, str]:
    """(reporter, reason) read off the words of a description; the provider where nothing speaks for another."""
    text = f"{doc} {name.replace('_', ' ')}"
    checked, inside = _word(_CHECKED, text), _word(_INSIDE, text)
    if checked:
        return INDEPENDENT, f"its description says “{checked}”"
    if inside:
        return PROVIDER, f"its description says “{inside}”"
    outside = _word(_OUTSIDE, text)
    if outside:
        return (OTHERS if _word(_OTHERS, text) else INDEPENDENT), f"its description says “{outside}”"
    return PROVIDER, "the contract names no other source"


def backing(contract: Contract, name: str) -> Backing:
    """The backing of a quantity that the contract reads (a standard quantity, an input or an indicator)."""
    own = {entry.name: entry for entry in contract.inputs}
    if name in own:
        entry = own[name]
        if entry.reported_by:
            who, why = entry.reported_by, "the contract says so"
        elif entry.follows:
            who, why = STANDARD_REPORTERS.get(entry.follows, INDEPENDENT), f"it follows {entry.follows}"
        else:
            who, why = reporter_of(entry.doc, entry.name)
        kind = _kind(entry.unit)
        flow = kind in ("money", "persons", "events") and not _stock(entry.name, entry.doc, kind)
        return Backing(name, who, why, entry.unit, entry.doc, kind, flow, entry.low, entry.high)
    if name in BY_NAME:
        quantity = BY_NAME[name]
        who = STANDARD_REPORTERS.get(name, INDEPENDENT)
        kind = _kind(quantity.unit)
        low = 0.0 if kind in ("money", "persons", "share") else float("-inf")
        high = 1.0 if kind == "share" else float("inf")
        flow = kind == "money" and name in ("reported_cost", "prevention_spend", "acute_actual")
        return Backing(name, who, "as the language defines it", quantity.unit, quantity.doc, kind, flow, low, high)
    indicator = name.removeprefix(f"{INDICATOR_PREFIX}.")
    low, high = float("-inf"), float("inf")
    return Backing(name, PROVIDER, "indicators are reported", "indicator's unit", indicator, "number", False, low, high)


def _stock(name: str, doc: str, kind: str) -> bool:
    text = f"{name} {doc}".lower()
    if any(word in text for word in STOCKS):
        return True
    return kind == "persons" and not re.search(rf"\b({_FLOW})s?\b", text)


__all__ = ["INDEPENDENT", "ONE", "OTHERS", "PROVIDER", "Backing", "backing", "reporter_of"]
