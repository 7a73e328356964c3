"""Reading a year off the block: exposure by cause, present values, and the yearly table. No money moves here.

    uplift       annual payment and price variation less agreed budget, less what audits recover and what leaving costs
    improvement  improvement payment
    gain_share   gain/loss share, cap and collar, other shares with the provider  rescue       support beyond the owners' cap
    step_in      care after the provider has left less the agreed budget, and re-letting
    shifted      acute cost that came back from care shifted out of scope, and care of those who were moved off the list

Present values discount year t (from 0) by (1 + rate)^−t. Provider income and surplus hold support; performance is income
less the annual payment and the price variation, after recovery and the fee for leaving. Exposure and health go on to the
end of the term after the provider has left. Net exposure is the sum; gross counts only the causes and years in which it is
positive. Public exposure adds what other public bodies pay under the clauses, what the council bears of shifted care, and
the hospital cost that stays when activity falls below the expected; the hospital's and the council's parts, with what either
pays under the clauses less what it receives, stand in columns of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import rule
from .._lanes import blank, pick
from ..drivers.acute import LIMIT, MEAN, SPREAD
from ..drivers.cost import INFLATION_P, PANDEMIC_P, PAY_NOISE, Q_MEAN, Q_NOISE, Q_SPREAD, WINTER_P
from ..drivers.demand import NEED_NOISE
from ..drivers.opening import OMITTED_P, delay_of, realised_scope, starts_at_all
from ..drivers.parameters import slot
from ..futures.elementary import exponential, logarithm

MONEY_RATE, HEALTH_RATE = slot("place.health.money_discount"), slot("place.health.health_discount")
FIXED_SHARE = slot("contract.ending.hospital_fixed_share")
CAUSES = len(L.EXPOSURE)
NATURE_COUNT, TAG_COUNT = len(L.NATURE), len(L.TAGS)
OUTCOME_COUNT, YEARLY_COUNT, DRIVER_COUNT = len(L.OUTCOMES), len(L.YEARLY), len(L.DRIVERS)
(O_SURPLUS, O_NET, O_GROSS, O_FIRST_CAUSE) = range(4)
# fmt: off
(Y_INCOME, Y_COST, Y_SURPLUS, Y_CUMULATIVE, Y_RESERVE, Y_AGREED, Y_ANNUAL, Y_PERFORMANCE,
 Y_EXPOSURE, Y_REPORTED, Y_TRUE, Y_ACUTE, Y_EXPECTED, Y_RUNNING) = range(14)
# fmt: on
O_PUBLIC, O_HOSPITAL, O_COUNCIL, O_HEALTH, O_PERFORMANCE, O_GAMING, O_LOWEST, O_TRUE, O_REPORTED, O_EXIT_YEAR, O_EXIT_CAUSE = (
    L.OUT[name]
    for name in (
        "public_exposure_npv_gbp",
        "hospital_exposure_npv_gbp",
        "council_exposure_npv_gbp",
        "health_qaly_npv",
        "performance_npv_gbp",
        "gaming_cost_npv_gbp",
        "lowest_reserve_gbp",
        "mean_true_score",
        "mean_reported_score",
        "exit_year_index",
        "exit_cause_code",
    )
)  # fmt: skip


@rule
def exposure_of_year(
    x: np.ndarray, t: int, n: int, in_service: np.ndarray, payers: np.ndarray, payees: np.ndarray, causes: np.ndarray,
    ledger: np.ndarray, d: np.ndarray,
) -> None:  # fmt: skip
    """Fill x[EXPOSURE, n] for n groups of futures: signed from the commissioner to the provider, beyond the agreed budget."""
    terms = payers.size
    for i in range(n):
        for k in range(L.X_RESCUE):
            x[k, i] = 0.0
        left = in_service[i] != 1.0
        agreed = d[L.RECORD_AGREED, i]
        x[L.X_RESCUE, i] = ledger[t, terms + L.LINE_SUPPORT, i]
        successor = ledger[t, terms + L.LINE_STEP_IN, i] + ledger[t, terms + L.LINE_REPROCUREMENT, i]
        x[L.X_STEP_IN, i] = pick(left, successor - agreed, successor)
        changed = ledger[t, terms + L.LINE_VARIATION, i] - ledger[t, terms + L.LINE_RECOVERY, i]
        x[L.X_UPLIFT, i] = changed - ledger[t, terms + L.LINE_EXIT_FEE, i] - pick(left, 0.0, agreed)
        x[L.X_SHIFTED, i] = pick(left, 0.0, d[L.WORLD_SHIFTED_ACUTE, i] + d[L.WORLD_LEFT, i])
    for k in range(terms):
        sign = paid_less_received(L.COMMISSIONER, payers[k], payees[k])
        if sign != 0.0:
            for i in range(n):
                x[causes[k], i] += sign * ledger[t, k, i]


@rule
def public_of_year(
    x: np.ndarray, t: int, n: int, payers: np.ndarray, payees: np.ndarray, public: np.ndarray, ledger: np.ndarray
) -> None:
    """Fill the rows PUBLIC_SUMS of x: what public bodies beside the commissioner, the hospital, and the council pay under the
    clauses, less what they receive (£)."""
    blank(x, L.X_OTHERS, len(L.PUBLIC_SUMS), n)
    for k in range(payers.size):
        pays = payers[k] != L.COMMISSIONER and public[payers[k]]
        receives = payees[k] != L.COMMISSIONER and public[payees[k]]
        others = (1.0 if pays else 0.0) - (1.0 if receives else 0.0)
        add_line(x, L.X_OTHERS, others, t, k, ledger, n)
        add_line(x, L.X_HOSPITAL, paid_less_received(L.HOSPITAL, payers[k], payees[k]), t, k, ledger, n)
        add_line(x, L.X_COUNCIL, paid_less_received(L.COUNCIL, payers[k], payees[k]), t, k, ledger, n)


@rule
def add_line(x: np.ndarray, row: int, sign: float, t: int, k: int, ledger: np.ndarray, n: int) -> None:
    """Add line k of the year's ledger to a row of x, with its sign; 0: nothing."""
    if sign != 0.0:
        for i in range(n):
            x[row, i] += sign * ledger[t, k, i]


@rule
def paid_less_received(party: int, payer: int, payee: int) -> float:
    """1 for the payer, −1 for the payee, 0 for others."""
    return (1.0 if payer == party else 0.0) - (1.0 if payee == party else 0.0)


@rule
def add_exposure(out: np.ndarray, x: np.ndarray, i: int, discount: float) -> float:
    """Add the year's exposure to net, gross and each cause; return its undiscounted net (£)."""
    net = x[0, i]
    for k in range(1, CAUSES):
        net += x[k, i]
    gross = out[O_GROSS, i]
    for k in range(CAUSES):
        gross += discount * max(0.0, x[k, i])
        out[O_FIRST_CAUSE + k, i] += discount * x[k, i]
    out[O_GROSS, i] = gross
    out[O_NET, i] += discount * net
    return net


@rule
def true_score(d: np.ndarray, indicators: int, i: int) -> float:
    """Mean true progress over the indicators, each held between 0 and 1."""
    total = 0.0
    for k in range(indicators):
        total += min(1.0, max(0.0, d[L.WORLD_PROGRESS + k, i]))
    return total / indicators if indicators > 0 else total


@rule
def read_year(
    out: np.ndarray, x: np.ndarray, in_service: np.ndarray, t: int, n: int, deal: Any, ledger: np.ndarray, d: np.ndarray,
    s: np.ndarray, p: np.ndarray, indicators: int,
) -> None:  # fmt: skip
    """Add year t to out[OUTCOMES, n] for n groups of futures.

    Rows of `out` beyond OUTCOMES, where there are any, take the present value of the ledger's lines in their order.
    """
    payers, payees, causes, public = deal[1], deal[2], deal[3], deal[7]
    money, health = (1.0 + p[MONEY_RATE]) ** -t, (1.0 + p[HEALTH_RATE]) ** -t
    exposure_of_year(x, t, n, in_service, payers, payees, causes, ledger, d)
    public_of_year(x, t, n, payers, payees, public, ledger)
    for i in range(n):
        running = in_service[i]
        net = add_exposure(out, x, i, money)
        income, cost = yearly_income(t, running, payers.size, ledger, d, i), d[L.WORLD_COST, i] * running
        out[O_SURPLUS, i] += money * (income - cost)
        council = d[L.WORLD_SHIFTED_COUNCIL, i] * running
        hospital = p[FIXED_SHARE] * max(0.0, d[L.RECORD_ACUTE_EXPECTED, i] - d[L.WORLD_ACUTE, i])
        out[O_PUBLIC, i] += money * (net + x[L.X_OTHERS, i] + council + hospital)
        out[O_HOSPITAL, i] += money * (hospital + x[L.X_HOSPITAL, i])
        out[O_COUNCIL, i] += money * (council + x[L.X_COUNCIL, i])
        out[O_HEALTH, i] += health * d[L.WORLD_HEALTH, i]
        out[O_PERFORMANCE, i] += money * yearly_performance(running, d, i)
        out[O_GAMING, i] += money * d[L.WORLD_GAMING_COST, i] * running
        out[O_LOWEST, i] = min(out[O_LOWEST, i], s[L.S_RESERVE, i] - s[L.S_OWNER_PAID, i])
        out[O_TRUE, i] += true_score(d, indicators, i)
        out[O_REPORTED, i] += d[L.PAID_SCORE, i] * running
    for k in range(out.shape[0] - OUTCOME_COUNT):
        for i in range(n):
            out[OUTCOME_COUNT + k, i] += money * ledger[t, k, i]


@rule
def yearly_income(t: int, running: float, terms: int, ledger: np.ndarray, d: np.ndarray, i: int) -> float:
    """The provider's income of the year with support (£), while it serves."""
    return (d[L.PAID_INCOME, i] + ledger[t, terms + L.LINE_SUPPORT, i]) * running


@rule
def yearly_performance(running: float, d: np.ndarray, i: int) -> float:
    """Income of the year less the annual payment and the price variation (£), while the provider serves."""
    return (d[L.PAID_INCOME, i] - d[L.PAID_ANNUAL, i] - d[L.PAID_VARIATION, i]) * running


@rule
def list_year(
    yearly: np.ndarray, x: np.ndarray, in_service: np.ndarray, t: int, n: int, terms: int, ledger: np.ndarray, d: np.ndarray,
    s: np.ndarray, indicators: int,
) -> None:  # fmt: skip
    """Write yearly[YEARLY, t, n] for n groups of futures; rows beyond YEARLY take the ledger's lines and then the drivers."""
    for i in range(n):
        running = in_service[i]
        income, cost = yearly_income(t, running, terms, ledger, d, i), d[L.WORLD_COST, i] * running
        before = yearly[Y_CUMULATIVE, t - 1, i] if t > 0 else 0.0
        net = x[0, i]
        for k in range(1, CAUSES):
            net += x[k, i]
        yearly[Y_INCOME, t, i], yearly[Y_COST, t, i], yearly[Y_SURPLUS, t, i] = income, cost, income - cost
        yearly[Y_CUMULATIVE, t, i], yearly[Y_RESERVE, t, i] = before + income - cost, s[L.S_RESERVE, i]
        yearly[Y_AGREED, t, i], yearly[Y_ANNUAL, t, i] = d[L.RECORD_AGREED, i], d[L.PAID_ANNUAL, i] * running
        yearly[Y_PERFORMANCE, t, i], yearly[Y_EXPOSURE, t, i] = yearly_performance(running, d, i), net
        yearly[Y_REPORTED, t, i], yearly[Y_TRUE, t, i] = d[L.PAID_SCORE, i] * running, true_score(d, indicators, i)
        yearly[Y_ACUTE, t, i], yearly[Y_EXPECTED, t, i] = d[L.WORLD_ACUTE, i], d[L.RECORD_ACUTE_EXPECTED, i]
        yearly[Y_RUNNING, t, i] = running
    lines = ledger.shape[1]
    if yearly.shape[0] >= YEARLY_COUNT + lines:
        for k in range(lines):
            for i in range(n):
                yearly[YEARLY_COUNT + k, t, i] = ledger[t, k, i]
    if yearly.shape[0] >= YEARLY_COUNT + lines + DRIVER_COUNT:
        for k in range(DRIVER_COUNT):
            for i in range(n):
                yearly[YEARLY_COUNT + lines + k, t, i] = d[k, i]


@rule
def finish(out: np.ndarray, s: np.ndarray, n: int, years: int) -> None:
    """Turn sums into means and copy how the contract ended.

    The true score is averaged over all years of the term, the reported one over the years in service: the two do not
    cover the same years. exit_year_index is −1 where the contract ran its term. lowest_reserve
    is the least of the starting reserve and each year-end's reserve less what the owners have paid so far.
    """
    for i in range(n):
        ended = s[L.S_EXIT_YEAR, i] >= 0.0
        out[O_TRUE, i] /= years
        out[O_REPORTED, i] /= pick(ended, s[L.S_EXIT_YEAR, i] + 1.0, float(years))
        out[O_EXIT_YEAR, i] = s[L.S_EXIT_YEAR, i]
        out[O_EXIT_CAUSE, i] = pick(ended, s[L.S_EXIT_CAUSE, i], 0.0)


@rule
def read_events(nature: np.ndarray, axes: np.ndarray, noise: np.ndarray, n: int, years: int, p: np.ndarray) -> None:
    """Write the axes' means and ends and the counts of crises, surprises, pandemics and hard winters of n groups of futures."""
    for i in range(n):
        for a in range(len(L.AXES)):
            total = 0.0
            for t in range(years):
                total += axes[t, a, i]
            nature[a, i], nature[len(L.AXES) + a, i] = total / years, axes[years - 1, a, i]
        crises, surprises, pandemics, winters = 0.0, 0.0, 0.0, 0.0
        for t in range(years):
            pandemic = noise[t, L.NOISE_PANDEMIC, i] < p[PANDEMIC_P]
            winter = pick(noise[t, L.NOISE_WINTER, i] < p[WINTER_P], 1.0, 0.0)
            crises += pick(axes[t, L.ECONOMY, i] < 0.0, 1.0, 0.0)
            pandemics += pick(pandemic, 1.0, 0.0)
            winters += pick(pandemic, 0.0, winter)
            if t > 0:
                surprises += pick(noise[t, L.NOISE_INFLATION, i] < p[INFLATION_P], 1.0, 0.0)
        nature[L.N_CRISES, i], nature[L.N_SURPRISES, i] = crises, surprises
        nature[L.N_PANDEMICS, i], nature[L.N_WINTERS, i] = pandemics, winters


@rule
def read_nature(
    nature: np.ndarray, axes: np.ndarray, noise: np.ndarray, once: np.ndarray, tags: np.ndarray, g: np.ndarray, n: int,
    years: int, p: np.ndarray,
) -> None:  # fmt: skip
    """Write nature[NATURE + TAGS, n] of n groups of futures: axis means and ends, opening gap, benefit, funding growth, shocks,
    start, tags.

    Funding growth is the compound rate over T − 1 years; a crisis year is one of falling output; inflation
    surprises count from year 1, pandemics and hard winters from year 0. Productivity is what is drawn for this provider, before
    technology and what it chooses; surprises of need and pay are the means of their yearly draws, from year 1. `p` is the
    parameter vector.
    """
    read_events(nature, axes, noise, n, years, p)
    steps = max(1, years - 1)
    for i in range(n):
        nature[L.N_GAP, i] = g[years - 1, L.WORLD_OPENING, i] - 1.0
        nature[L.N_BENEFIT, i] = min(p[MEAN] + p[SPREAD] * once[L.ONCE_BENEFIT, i], p[LIMIT])
        nature[L.N_FUNDING, i] = exponential(logarithm(g[years - 1, L.WORLD_FUNDING, i]) / steps) - 1.0
        nature[L.N_OMITTED, i] = pick(once[L.ONCE_OMITTED, i] < p[OMITTED_P], 1.0, 0.0)
        nature[L.N_DELAY, i] = delay_of(once[L.ONCE_DELAY, i], p)
        nature[L.N_STARTS, i] = pick(starts_at_all(once[L.ONCE_START, i], p), 1.0, 0.0)
        nature[L.N_SCOPE, i] = realised_scope(once, p, i)
        productivity, need, pay = 0.0, 0.0, 0.0
        for t in range(1, years):
            productivity += noise[t, L.NOISE_PRODUCTIVITY, i]
            need += noise[t, L.NOISE_NEED, i]
            pay += noise[t, L.NOISE_PAY, i]
        nature[L.N_PRODUCTIVITY, i] = p[Q_MEAN] + p[Q_SPREAD] * once[L.ONCE_PRODUCTIVITY, i] + p[Q_NOISE] * productivity / steps
        nature[L.N_NEED, i], nature[L.N_PAY, i] = p[NEED_NOISE] * need / steps, p[PAY_NOISE] * pay / steps
        for k in range(TAG_COUNT):
            nature[NATURE_COUNT + k, i] = tags[k, i]
