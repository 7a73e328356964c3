"""The gaming gradient: whether, at the margin, bending the record of an indicator pays better than improving it.

    pay          what one step of progress on one indicator brings a year, in true work or on paper alike: the mean over honest
                 books, so that chance smooths every step
    true cost    effort cost of that step in the long run: agreed · cost_share · ((e + ε)² − e²) / indicators, with
                 ε = step · (1 − persistence) / power, from the honest effort e
    game cost    what the same step on paper costs: for exceptions cost_per_point · 100 · exceptions needed, for false reports
                 the expected penalty; what is recovered comes off the pay
    GG           (pay · (1 − π(1 + m)) / game cost) / (pay / true cost); above 1 gaming pays better than improving
    alignment    pay of a step / (value of a QALY · QALYs of that step); 1 = paid as it is worth

GG is local: cliffs and compounds defeat it, so it screens, and the search decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..drivers.parameters import I_PERSISTENCE, slot
from ..study import Study
from ..terms import INDICATOR_PREFIX
from .books import Books

STEP = 0.05


@dataclass(frozen=True)
class Gradient:
    """One row: an indicator and a way to move its report. Money in £ a year for a step of STEP of the way to target."""

    indicator: str
    edit: str
    lever: str
    pay_gbp: float
    pay_error_gbp: float
    true_cost_gbp: float
    game_cost_gbp: float
    kept_share: float
    gaming_gradient: float
    alignment: float
    margin_gbp: float


def gradients(study: Study, books: Books, honest: dict[str, float]) -> list[Gradient]:
    """Rows by indicator and edit, at the honest operating point. `books` are the study's, lived by the honest provider."""
    p = study.parameter_vector()
    effort = honest.get("effort", 0.0)
    agreed = float(study.contract.plan_table()[:, 0].mean())
    rows = []
    for k, indicator in enumerate(study.place.indicators):
        name = f"{INDICATOR_PREFIX}.{indicator.name}"
        if name not in books.columns:
            continue
        span = indicator.target - indicator.baseline
        gain = books.gains([{name: books.columns[name] + STEP * span}])[0] / books.years
        pay, error = float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(gain.size))
        persistence = float(study.place.indicator_table()[k, I_PERSISTENCE])
        more = STEP * (1.0 - persistence) / p[slot("provider.effort.power")]
        count = len(study.place.indicators)
        true_cost = agreed * p[slot("provider.effort.cost_share")] * ((effort + more) ** 2 - effort**2) / count
        worth = p[slot("provider.motive.value_of_qaly")] * indicator.qaly_per_progress * STEP
        for edit, lever, cost, kept in _games(study, indicator, span):
            better = (kept * pay / cost) / (pay / true_cost) if cost > 0.0 and pay > 0.0 and true_cost > 0.0 else float("nan")
            rows.append(Gradient(
                indicator.name, edit, lever, pay, error, true_cost, cost, kept, better,
                pay / worth if worth > 0.0 else float("nan"), kept * pay - cost - (pay - true_cost),
            ))  # fmt: skip
    return rows


def _games(study: Study, indicator: object, span: float) -> list[tuple[str, str, float, float]]:
    """(edit, lever, cost in £ a year, share of the pay that is kept) of one step on paper."""
    from ..levers import LEVER_NUMBER
    from ..levers._lever import ROW_FINE, ROW_FIXED, ROW_OWN, found_chance
    from ..place import Indicator

    assert isinstance(indicator, Indicator)
    rows, found = study.provider.lever_rows(study.years), []
    count = max(1, len(study.place.indicators))
    effect = indicator.exception_effect
    if effect > 0.0:
        share = STEP * abs(span) / abs(indicator.baseline) / effect
        cost = rows[LEVER_NUMBER["exception_reporting"], ROW_OWN] * 100.0 * share / count
        found.append(("exceptions", "L04", float(cost), 1.0))
    if "misreporting" in LEVER_NUMBER:
        row = rows[LEVER_NUMBER["misreporting"]]
        chance = float(found_chance(STEP, row))
        kept = max(0.0, 1.0 - chance * (1.0 + float(row[ROW_FINE])))
        found.append(("false report", "L08", chance * float(row[ROW_FIXED]) / count, kept))
    if span < 0.0 and "relabelling" in LEVER_NUMBER:
        row = rows[LEVER_NUMBER["relabelling"]]
        share = STEP * abs(span) / abs(indicator.baseline)
        found.append(("relabelling", "L09", float(row[ROW_OWN]) * 100.0 * share / count, 1.0))
    return found
