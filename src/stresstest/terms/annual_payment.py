"""Annual payment: the whole-population budget, indexed from year to year.

Clause. The commissioner pays the provider a yearly sum for the care of everyone on the list. The opening price is raised
every year in line with the commissioner's allocation, or by stated inflation less efficiency plus demand (build-up), or
not at all (fixed); yearly growth is held between a floor and a ceiling. From the second year on a change of scope may be
added to the price or taken off it, and it stays there. Some or all of the growth of the list, and of recorded need beyond
the need that was expected, is passed through to the payment.

    price_t   = price_{t−1} · (1 + g_t) + scope_change_t,  g_t = clip(growth, floor, ceiling)
    price_0   = opening price · (1 + base_year_weight · b),  b what the last base year was raised by before signature
    growth    allocation_linked: F_t / F_{t−1} − 1;  fixed: 0
              build_up: (1+π)(1−e)(1+δ)(1+ℓ) − 1, or π − e + δ + ℓ where the contract says "additive"
    list      N̂ = min(recorded list, external estimate · (1 + list_tolerance))
    need      ρ = clip(recorded need / (1 + expected_need_growth)^t, 1 − coding_cap, 1 + coding_cap)
    payment   price_t · (1 + v_t) · (1 + list_pass_through · (N̂/N_0 − 1)) · (1 + need_pass_through · (ρ − 1))

b is 0 unless the provider raised it (lever baseline_inflation); v_t, what the bid lies under or over the price as written, is
0 unless it bid low (low_bid); a price that is fixed for the term is not reopened, so v_t is then never above 0.

t counts the clause's own years, 0 in its first year in force. The first year in force pays the opening price: neither
growth nor a change of scope counts in it. A change of scope comes after the year's growth, so it is not indexed in its
own year and grows with the price afterwards. Floor and ceiling bind the growth and not the change of scope. Where last
year's allocation is 0, growth is 0 before floor and ceiling; where the list at the start is 0, N̂/N_0 counts as 1;
where the expected need is 0, recorded over expected need counts as 1. The clause writes the quantity annual_payment.

Worked numbers E1, E2 and E3. Source of the shape: NHS England, MCP financial strategy (2016); the budget moves broadly
with allocations (GPonline, July 2016). The coding cap of ±3% is that of ACO REACH (Milliman).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import pick
from ..futures.marginals import clip
from ._term import POUNDS, RATE, ROW_YEAR, SHARE, Field, Shown, TermKind, row_slots, show

FORMS = ("allocation_linked", "build_up", "fixed")
FIXED = float(FORMS.index("fixed"))
COMBINATIONS = ("multiplicative", "additive")
FIELDS = (
    Field("opening_price", POUNDS, "price of the first year", 0.0, 1e11, fixed=True),
    Field("form", "choice", "how the price is raised", choices=FORMS),
    Field("inflation", RATE, "stated cost inflation (build_up)", -0.2, 0.5, 0.0),
    Field("efficiency", RATE, "efficiency factor taken off (build_up)", -0.1, 0.2, 0.0),
    Field("demand", RATE, "stated growth of demand (build_up)", -0.2, 0.2, 0.0),
    Field("list_uplift", RATE, "stated growth of the list (build_up)", -0.1, 0.1, 0.0),
    Field(
        "combination", "choice", "multiply or add the parts of the build-up",
        choices=COMBINATIONS, default=COMBINATIONS[0],
    ),
    Field("growth_floor", RATE, "least growth of a year", -1.0, 1.0, -1.0),
    Field("growth_ceiling", RATE, "most growth of a year", -1.0, 1.0, 1.0),
    Field("list_pass_through", SHARE, "share of list growth that is paid for", 0.0, 1.0, 0.0),
    Field("need_pass_through", SHARE, "share of recorded need beyond the expected that is paid for", 0.0, 1.0, 0.0),
    Field("expected_need_growth", RATE, "growth of need per head that the price already holds", -0.1, 0.1, 0.0),
    Field("coding_cap", SHARE, "most that recorded need may differ from the expected", 0.0, 1.0, 1.0),
    Field("list_tolerance", SHARE, "most that the list may exceed the external estimate", 0.0, 1.0, 1.0),
    Field(
        "scope_change", POUNDS, "added to the price after the year's growth, from the second year on, for good",
        -1e11, 1e11, 0.0,
    ),
    Field("base_year_weight", SHARE, "share of the opening price that follows the last base year on record", 0.0, 1.0, 0.0),
)  # fmt: skip
(
    PRICE, FORM, INFLATION, EFFICIENCY, DEMAND, LIST_UPLIFT, ADDITIVE, FLOOR, CEILING, LIST_PASS, NEED_PASS, EXPECTED_NEED,
    CODING_CAP, LIST_TOLERANCE, SCOPE_CHANGE, BASE_WEIGHT,
) = row_slots(FIELDS)  # fmt: skip
M_PRICE, M_FUNDING, M_STARTED = 0, 1, 2
SHOWS = (
    Shown("price", POUNDS, "price of the year, before list and need"),
    Shown("growth", RATE, "growth of the price since last year, between floor and ceiling; 0 in the first year"),
    Shown("heads_ratio", "index", "list that is paid for over the list at the start"),
    Shown("need_ratio", "index", "need that is paid for over the expected need"),
)


def baseline(services: list[tuple[float, float, float]]) -> float:
    """Baseline B = Σ spend · share in scope + recurrent adjustment (£), for (spend, share, adjustment) rows.

    Worked number E1.
    """
    return sum(spend * share + adjustment for spend, share, adjustment in services)


def pace_of_change(
    price: float, growth: float, least: float, target: float, speed: float = 0.25, floor: float = 0.95
) -> float:
    """Next year's allocation moved towards its target share: worked number E3 (simplified; recalled, not read).

    Distance from target δ = price·(1 + growth)/target − 1; growth granted = max(least, growth − speed·δ); the result is
    at least `floor` of the target.
    """
    distance = price * (1.0 + growth) / target - 1.0
    return max(price * (1.0 + max(least, growth - speed * distance)), floor * target)


@rule
def build_up_growth(inflation: float, efficiency: float, demand: float, list_growth: float, additive: float) -> float:
    """Growth from stated inflation, efficiency, demand and list growth, multiplied or added: worked number E2."""
    if additive == 1.0:
        return inflation - efficiency + demand + list_growth
    return (1.0 + inflation) * (1.0 - efficiency) * (1.0 + demand) * (1.0 + list_growth) - 1.0


@rule
def over(part: float, whole: float) -> float:
    """part / whole, or 1 where the whole is 0: then nothing can be said to have grown."""
    given = whole != 0.0
    return pick(given, part / pick(given, whole, 1.0), 1.0)


@rule
def payment(price: float, heads: float, base: float, need: float, list_pass: float, need_pass: float) -> float:
    """Payment for `heads` on the list against `base`, with need ratio `need`."""
    return price * (1.0 + list_pass * (over(heads, base) - 1.0)) * (1.0 + need_pass * (need - 1.0))


@rule
def growth_of_year(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Growth of the price from last year to this, between floor and ceiling."""
    growth = 0.0
    if row[FORM] == 0.0:
        growth = over(d[L.RECORD_FUNDING, i], memory[M_FUNDING, i]) - 1.0
    elif row[FORM] == 1.0:
        growth = build_up_growth(row[INFLATION], row[EFFICIENCY], row[DEMAND], row[LIST_UPLIFT], row[ADDITIVE])
    return clip(growth, row[FLOOR], row[CEILING])


@rule
def price_of_year(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Price of the year, before list and need; remembered for the next, with the allocation."""
    first = (memory[M_STARTED, i] == 0.0) | (row[ROW_YEAR] == 0.0)
    growth = pick(first, 0.0, growth_of_year(row, d, memory, i))
    opening = row[PRICE] * (1.0 + row[BASE_WEIGHT] * d[L.RECORD_BASE, i])
    memory[M_PRICE, i] = pick(first, opening, memory[M_PRICE, i] * (1.0 + growth) + row[SCOPE_CHANGE])
    memory[M_FUNDING, i] = d[L.RECORD_FUNDING, i]
    memory[M_STARTED, i] = 1.0
    over_price = min(0.0, d[L.RECORD_BID, i]) if row[FORM] == FIXED else d[L.RECORD_BID, i]
    price = memory[M_PRICE, i] * (1.0 + over_price)
    show(row, d, i, 0, price)
    show(row, d, i, 1, growth)
    return price


@rule
def arm(row: np.ndarray, d: np.ndarray, memory: np.ndarray, i: int) -> float:
    """Annual payment of the year; writes paid_annual and what was overpaid on an inflated list or need."""
    price, base = price_of_year(row, d, memory, i), d[L.RECORD_LIST_BASE, i]
    most = d[L.AUDIT_LIST, i] * (1.0 + row[LIST_TOLERANCE])
    heads = min(d[L.RECORD_LIST, i], most)
    expected = (1.0 + row[EXPECTED_NEED]) ** row[ROW_YEAR]
    need = clip(over(d[L.RECORD_NEED, i], expected), 1.0 - row[CODING_CAP], 1.0 + row[CODING_CAP])
    audited = clip(over(d[L.AUDIT_NEED, i], expected), 1.0 - row[CODING_CAP], 1.0 + row[CODING_CAP])
    paid = payment(price, heads, base, need, row[LIST_PASS], row[NEED_PASS])
    d[L.PAID_ANNUAL, i] = paid
    d[L.PAID_LIST_OVER, i] = paid - payment(
        price, min(heads, d[L.AUDIT_LIST, i]), base, need, row[LIST_PASS], row[NEED_PASS]
    )
    d[L.PAID_NEED_OVER, i] = paid - payment(price, heads, base, min(need, audited), row[LIST_PASS], row[NEED_PASS])
    show(row, d, i, 2, over(heads, base))
    show(row, d, i, 3, need)
    return paid


def reads(values: dict[str, Any]) -> tuple[str, ...]:
    """The allocation where the price follows it; the list and the need where they are passed through."""
    read: tuple[str, ...] = () if values["form"] in FORMS[1:] else ("funding",)
    if values["list_pass_through"] != 0.0:
        read += ("list", "list_at_start", "list_audited")
    if values["need_pass_through"] != 0.0:
        read += ("need", "need_audited")
    return read


def check(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings as (key, sentence): the floor of growth must not lie above its ceiling."""
    if values["growth_floor"] > values["growth_ceiling"]:
        return [("growth_floor", "the least growth of a year lies above the most")]
    return []


KIND = TermKind(
    name="annual_payment",
    title="Annual payment",
    fields=FIELDS,
    arm=arm,
    exposure=L.X_UPLIFT,
    memory=3,
    check=check,
    reads=reads,
    writes=("annual_payment",),
    shows=SHOWS,
    once=True,
)
