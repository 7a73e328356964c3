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

import numpy as np

from .. import layout as L
from .._jit import rule
from ..drivers.acute import LIMIT, MEAN, SPREAD
from ..drivers.cost import INFLATION_P, PANDEMIC_P, PAY_NOISE, Q_MEAN, Q_NOISE, Q_SPREAD, WINTER_P
from ..drivers.demand import NEED_NOISE
from ..drivers.opening import OMITTED_P, delay_of, realised_scope, starts_at_all
from ..drivers.parameters import slot

MONEY_RATE, HEALTH_RATE = slot("place.health.money_discount"), slot("place.health.health_discount")
FIXED_SHARE = slot("contract.ending.hospital_fixed_share")
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
    x: np.ndarray, t: int, i: int, in_service: float, terms: int, payers: np.ndarray, payees: np.ndarray,
    causes: np.ndarray, ledger: np.ndarray, d: np.ndarray,
) -> None:  # fmt: skip
    """Fill x[EXPOSURE] for future i: signed from the commissioner to the provider, beyond the agreed budget."""
    for k in range(x.size):
        x[k] = 0.0
    for k in range(terms):
        if payers[k] == L.COMMISSIONER:
            x[causes[k]] += ledger[t, k, i]
        if payees[k] == L.COMMISSIONER:
            x[causes[k]] -= ledger[t, k, i]
    agreed = d[L.RECORD_AGREED, i]
    x[L.X_RESCUE] += ledger[t, terms + L.LINE_SUPPORT, i]
    x[L.X_STEP_IN] += ledger[t, terms + L.LINE_STEP_IN, i] + ledger[t, terms + L.LINE_REPROCUREMENT, i]
    x[L.X_UPLIFT] += ledger[t, terms + L.LINE_VARIATION, i] - ledger[t, terms + L.LINE_RECOVERY, i]
    x[L.X_UPLIFT] -= ledger[t, terms + L.LINE_EXIT_FEE, i]
    if in_service == 1.0:
        x[L.X_UPLIFT] -= agreed
        x[L.X_SHIFTED] += d[L.WORLD_SHIFTED_ACUTE, i] + d[L.WORLD_LEFT, i]
    else:
        x[L.X_STEP_IN] -= agreed


@rule
def other_public_bodies(
    t: int, i: int, terms: int, payers: np.ndarray, payees: np.ndarray, public: np.ndarray,
    ledger: np.ndarray,
) -> float:  # fmt: skip
    """What public bodies other than the commissioner pay under the clauses, less what they receive (£)."""
    total = 0.0
    for k in range(terms):
        if payers[k] != L.COMMISSIONER and public[payers[k]]:
            total += ledger[t, k, i]
        if payees[k] != L.COMMISSIONER and public[payees[k]]:
            total -= ledger[t, k, i]
    return total


@rule
def paid_by(party: int, t: int, i: int, terms: int, payers: np.ndarray, payees: np.ndarray, ledger: np.ndarray) -> float:
    """What a party pays under the clauses, less what it receives (£)."""
    total = 0.0
    for k in range(terms):
        if payers[k] == party:
            total += ledger[t, k, i]
        if payees[k] == party:
            total -= ledger[t, k, i]
    return total


@rule
def add_exposure(out: np.ndarray, x: np.ndarray, i: int, discount: float) -> float:
    """Add the year's exposure to net, gross and each cause; return its undiscounted net (£)."""
    net = 0.0
    for k in range(x.size):
        net += x[k]
        out[O_GROSS, i] += discount * max(0.0, x[k])
        out[O_FIRST_CAUSE + k, i] += discount * x[k]
    out[O_NET, i] += discount * net
    return net


@rule
def true_score(d: np.ndarray, indicators: int, i: int) -> float:
    """Mean true progress over the indicators, each held between 0 and 1."""
    total = 0.0
    for k in range(indicators):
        total += min(1.0, max(0.0, d[L.WORLD_PROGRESS + k, i]))
    return total / indicators if indicators > 0 else 0.0


@rule
def read_year(
    out: np.ndarray, yearly: np.ndarray, in_service: np.ndarray, x: np.ndarray, t: int, n: int, at: int, terms: int,
    payers: np.ndarray, payees: np.ndarray, causes: np.ndarray, public: np.ndarray, ledger: np.ndarray, d: np.ndarray,
    s: np.ndarray, p: np.ndarray, indicators: int,
) -> None:  # fmt: skip
    """Add year t to out[OUTCOMES, at:at+n] and write yearly[YEARLY, t, at:at+n] (skipped where yearly is empty).

    Rows of `out` beyond OUTCOMES, where there are any, take the present value of the ledger's lines in their order; rows
    of `yearly` beyond YEARLY take the ledger's lines and then the drivers, year by year.
    """
    money, health = (1.0 + p[MONEY_RATE]) ** -t, (1.0 + p[HEALTH_RATE]) ** -t
    for i in range(n):
        o = at + i
        running = in_service[i]
        support = ledger[t, terms + L.LINE_SUPPORT, i]
        income, cost = (d[L.PAID_INCOME, i] + support) * running, d[L.WORLD_COST, i] * running
        score = true_score(d, indicators, i)
        exposure_of_year(x, t, i, running, terms, payers, payees, causes, ledger, d)
        net = add_exposure(out, x, o, money)
        out[O_SURPLUS, o] += money * (income - cost)
        performance = (d[L.PAID_INCOME, i] - d[L.PAID_ANNUAL, i] - d[L.PAID_VARIATION, i]) * running
        council = d[L.WORLD_SHIFTED_COUNCIL, i] * running
        hospital = p[FIXED_SHARE] * max(0.0, d[L.RECORD_ACUTE_EXPECTED, i] - d[L.WORLD_ACUTE, i])
        others = other_public_bodies(t, i, terms, payers, payees, public, ledger)
        out[O_PUBLIC, o] += money * (net + others + council + hospital)
        out[O_HOSPITAL, o] += money * (hospital + paid_by(L.HOSPITAL, t, i, terms, payers, payees, ledger))
        out[O_COUNCIL, o] += money * (council + paid_by(L.COUNCIL, t, i, terms, payers, payees, ledger))
        out[O_HEALTH, o] += health * d[L.WORLD_HEALTH, i]
        out[O_PERFORMANCE, o] += money * performance
        out[O_GAMING, o] += money * d[L.WORLD_GAMING_COST, i] * running
        out[O_LOWEST, o] = min(out[O_LOWEST, o], s[L.S_RESERVE, i] - s[L.S_OWNER_PAID, i])
        out[O_TRUE, o] += score
        out[O_REPORTED, o] += d[L.PAID_SCORE, i] * running
        for k in range(out.shape[0] - OUTCOME_COUNT):
            out[OUTCOME_COUNT + k, o] += money * ledger[t, k, i]
        if yearly.shape[0] > 0:
            before = yearly[Y_CUMULATIVE, t - 1, o] if t > 0 else 0.0
            yearly[Y_INCOME, t, o], yearly[Y_COST, t, o], yearly[Y_SURPLUS, t, o] = income, cost, income - cost
            yearly[Y_CUMULATIVE, t, o], yearly[Y_RESERVE, t, o] = before + income - cost, s[L.S_RESERVE, i]
            yearly[Y_AGREED, t, o], yearly[Y_ANNUAL, t, o] = d[L.RECORD_AGREED, i], d[L.PAID_ANNUAL, i] * running
            yearly[Y_PERFORMANCE, t, o], yearly[Y_EXPOSURE, t, o] = performance, net
            yearly[Y_REPORTED, t, o], yearly[Y_TRUE, t, o] = d[L.PAID_SCORE, i] * running, score
            yearly[Y_ACUTE, t, o], yearly[Y_EXPECTED, t, o] = d[L.WORLD_ACUTE, i], d[L.RECORD_ACUTE_EXPECTED, i]
            yearly[Y_RUNNING, t, o] = running
            lines = ledger.shape[1]
            if yearly.shape[0] >= YEARLY_COUNT + lines:
                for k in range(lines):
                    yearly[YEARLY_COUNT + k, t, o] = ledger[t, k, i]
            if yearly.shape[0] >= YEARLY_COUNT + lines + DRIVER_COUNT:
                for k in range(DRIVER_COUNT):
                    yearly[YEARLY_COUNT + lines + k, t, o] = d[k, i]


@rule
def finish(out: np.ndarray, s: np.ndarray, at: int, n: int, years: int) -> None:
    """Turn sums into means and copy how the contract ended.

    The true score is averaged over all years of the term, the reported one over the years in service: the two do not
    cover the same years. exit_year_index is −1 where the contract ran its term. lowest_reserve
    is the least of the starting reserve and each year-end's reserve less what the owners have paid so far.
    """
    for i in range(n):
        o = at + i
        served = s[L.S_EXIT_YEAR, i] + 1.0 if s[L.S_EXIT_YEAR, i] >= 0.0 else float(years)
        out[O_TRUE, o] /= years
        out[O_REPORTED, o] /= served
        out[O_EXIT_YEAR, o] = s[L.S_EXIT_YEAR, i]
        out[O_EXIT_CAUSE, o] = s[L.S_EXIT_CAUSE, i] if s[L.S_EXIT_YEAR, i] >= 0.0 else 0.0


@rule
def read_nature(
    nature: np.ndarray, axes: np.ndarray, noise: np.ndarray, once: np.ndarray, tags: np.ndarray, gap: np.ndarray,
    funding: np.ndarray, at: int, n: int, years: int, p: np.ndarray,
) -> None:  # fmt: skip
    """Write nature[NATURE + TAGS, at:at+n]: axis means and ends, opening gap, benefit, funding growth, shocks, start, tags.

    Funding growth is the compound rate over T − 1 years; a crisis year is one of falling output; inflation
    surprises count from year 1, pandemics and hard winters from year 0. Productivity is what is drawn for this provider, before
    technology and what it chooses; surprises of need and pay are the means of their yearly draws, from year 1. `p` is the
    parameter vector.
    """
    for i in range(n):
        o = at + i
        for a in range(6):
            total = 0.0
            for t in range(years):
                total += axes[t, a, i]
            nature[a, o], nature[6 + a, o] = total / years, axes[years - 1, a, i]
        nature[12, o] = gap[i]
        nature[13, o] = min(p[MEAN] + p[SPREAD] * once[L.ONCE_BENEFIT, i], p[LIMIT])
        nature[14, o] = funding[i] ** (1.0 / max(1, years - 1)) - 1.0
        crises, surprises, pandemics, winters = 0.0, 0.0, 0.0, 0.0
        for t in range(years):
            pandemic = noise[t, L.NOISE_PANDEMIC, i] < p[PANDEMIC_P]
            crises += 1.0 if axes[t, L.ECONOMY, i] < 0.0 else 0.0
            surprises += 1.0 if noise[t, L.NOISE_INFLATION, i] < p[INFLATION_P] and t > 0 else 0.0
            pandemics += 1.0 if pandemic else 0.0
            winters += 1.0 if noise[t, L.NOISE_WINTER, i] < p[WINTER_P] and not pandemic else 0.0
        nature[15, o], nature[16, o], nature[17, o], nature[18, o] = crises, surprises, pandemics, winters
        nature[19, o] = 1.0 if once[L.ONCE_OMITTED, i] < p[OMITTED_P] else 0.0
        nature[20, o] = delay_of(once[L.ONCE_DELAY, i], p)
        nature[21, o] = 1.0 if starts_at_all(once[L.ONCE_START, i], p) else 0.0
        nature[22, o] = realised_scope(once, p, i)
        productivity, need, pay = 0.0, 0.0, 0.0
        for t in range(1, years):
            productivity += noise[t, L.NOISE_PRODUCTIVITY, i]
            need += noise[t, L.NOISE_NEED, i]
            pay += noise[t, L.NOISE_PAY, i]
        steps = max(1, years - 1)
        nature[23, o] = p[Q_MEAN] + p[Q_SPREAD] * once[L.ONCE_PRODUCTIVITY, i] + p[Q_NOISE] * productivity / steps
        nature[24, o], nature[25, o] = p[NEED_NOISE] * need / steps, p[PAY_NOISE] * pay / steps
        for k in range(TAG_COUNT):
            nature[NATURE_COUNT + k, o] = tags[k, i]
