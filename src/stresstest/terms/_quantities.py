"""The quantities that every clause may read by name, and the names that a contract adds to them.

A clause reads a quantity by its name: a standard one from this register, an input that the contract declares, the
amount of an earlier clause (by its id), a figure that an earlier clause shows (id.figure), or what a party has received
under earlier clauses this year (received.party), less what it has paid (net.party). last.NAME is what any of these came to in
the year before, also for clauses further down; 0 in the first year.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import layout as L

MONEY, SHARE, COUNT, INDEX = "GBP", "share", "persons", "index"


@dataclass(frozen=True)
class StandardQuantity:
    """A yearly quantity with a name of its own. `driver` is its row in d[DRIVERS, B].

    `neutral` stands there in a settlement whose contract does not read it. `same_as` names the quantity that it equals
    where a settlement's table leaves it out. `paid` marks what clauses write: before such a clause it is an input.
    """

    name: str
    driver: int
    unit: str
    doc: str
    neutral: float = 0.0
    same_as: str = ""
    paid: bool = False


STANDARD: tuple[StandardQuantity, ...] = (
    StandardQuantity("acute_expected", L.RECORD_ACUTE_EXPECTED, MONEY, "expected spend that the year is set against"),
    StandardQuantity("acute_actual", L.RECORD_ACUTE, MONEY, "recorded spend that is set against the expected"),
    StandardQuantity("reported_cost", L.RECORD_COST, MONEY, "the provider's reported cost of the year"),
    StandardQuantity("agreed_budget", L.RECORD_AGREED, MONEY, "budget agreed at signature for the year"),
    StandardQuantity("prevention_spend", L.RECORD_PREVENTION, MONEY, "reported spending on prevention"),
    StandardQuantity("funding", L.RECORD_FUNDING, INDEX, "the commissioner's allocation, first year = 1", 1.0),
    StandardQuantity("list", L.RECORD_LIST, COUNT, "recorded list", 1.0),
    StandardQuantity("list_at_start", L.RECORD_LIST_BASE, COUNT, "list that the price was set for", 1.0),
    StandardQuantity("list_audited", L.AUDIT_LIST, COUNT, "outside estimate of the list", 1.0, same_as="list"),
    StandardQuantity("need", L.RECORD_NEED, INDEX, "recorded need per head, 1 = as priced", 1.0),
    StandardQuantity("need_audited", L.AUDIT_NEED, INDEX, "need that an audit would find", 1.0, same_as="need"),
    StandardQuantity("ghosts", L.RECORD_GHOSTS, SHARE, "share of the list that is not there"),
    StandardQuantity("exceptions", L.RECORD_EXCEPTIONS, SHARE, "share of patients excepted from the indicators"),
    StandardQuantity("disinvested", L.RECORD_DISINVESTED, MONEY, "cut from services that no indicator measures"),
    StandardQuantity(
        "council_cost", L.AUDIT_COUNCIL, MONEY, "council cost of care shifted onto it, as case reviews find it"
    ),
    StandardQuantity(
        "acute_shifted", L.AUDIT_ACUTE, MONEY, "acute cost of care shifted onto hospitals, as case reviews find it"
    ),
    StandardQuantity("leavers_cost", L.AUDIT_LEFT, MONEY, "care of people moved to practices outside the contract"),
    StandardQuantity("quality_cut", L.AUDIT_QUALITY_CUT, SHARE, "cut in quality that an independent survey would find"),
    StandardQuantity("annual_payment", L.PAID_ANNUAL, MONEY, "annual payment of the year", paid=True),
    StandardQuantity("score", L.PAID_SCORE, SHARE, "quality score of the year, 0 to 1", paid=True),
    StandardQuantity(
        "income", L.PAID_INCOME, MONEY, "what the provider has received under earlier clauses this year, net", paid=True
    ),
)
BY_NAME = {quantity.name: quantity for quantity in STANDARD}
#: A quantity that is always there and always 1.
ONE = "one"
#: First parts of names that stand for a party's balance of the year.
BALANCES = ("received", "net")
#: First part of a name that stands for the value at the end of last year.
LAST = "last"
INDICATOR_PREFIX = "indicator"
