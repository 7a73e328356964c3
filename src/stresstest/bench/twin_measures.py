"""The numpy twin: the outcomes of a chunk of lives, added up year by year; what they mean stands in kernel/measure.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L

Array = np.ndarray
ROW = L.OUT
FIRST_CAUSE = ROW["exposure_uplift_npv_gbp"]


def add_year(
    out: Array, life: Any, year: Any, record: Any, paid: Any, income: Array, recovery: Any, t: int
) -> None:
    """Add year t to out[OUTCOMES, n]; `life.on` is still whether it was served."""
    on, ending, shared, p = life.on, life.ending, life.setting.shared[t], life.setting.p
    money, agreed = shared.money, shared.agreed_gbp
    out[ROW["provider_surplus_npv_gbp"]] += money * (income + ending.support - year.cost * on)
    annual = paid.annual * on
    uplift = annual + ending.variation
    out[ROW["performance_npv_gbp"]] += money * (income - uplift)
    uplift -= agreed * on + ending.exit_fee
    if np.ndim(recovery):
        uplift -= recovery * on
    step_in = ending.step_in - agreed * (1.0 - on)
    exposure = [uplift, paid.improvement * on, paid.shares * on, ending.support, step_in]
    if np.ndim(year.shifted_acute) or np.ndim(year.left):
        exposure.append((year.shifted_acute + year.left) * on)
    gross = out[ROW["commissioner_exposure_gross_npv_gbp"]]
    for row, amount in zip(out[FIRST_CAUSE:], exposure, strict=False):
        amount *= money
        row += amount
        gross += np.maximum(0.0, amount)
    hospital = np.maximum(0.0, record.acute_expected - year.acute)
    out[ROW["hospital_exposure_npv_gbp"]] += money * p.ending_hospital_fixed_share * hospital
    if np.ndim(year.shifted_council):
        out[ROW["council_exposure_npv_gbp"]] += money * year.shifted_council * on
    out[ROW["health_qaly_npv"]] += shared.health * year.health
    if np.ndim(year.gaming_cost):
        out[ROW["gaming_cost_npv_gbp"]] += money * year.gaming_cost * on
    lowest = out[ROW["lowest_reserve_gbp"]]
    np.minimum(lowest, ending.reserve - ending.owners_paid, out=lowest)
    out[ROW["mean_true_score"]] += np.clip(year.progress, 0.0, 1.0).mean(0)
    out[ROW["mean_reported_score"]] += paid.score * on


def finish(out: Array, ending: Any, years: int) -> None:
    """Sums of causes, means of scores, and how the contracts ended."""
    net = out[FIRST_CAUSE : FIRST_CAUSE + len(L.EXPOSURE)].sum(0)
    out[ROW["commissioner_exposure_npv_gbp"]] = net
    out[ROW["public_exposure_npv_gbp"]] = net + out[ROW["council_exposure_npv_gbp"]] + out[ROW["hospital_exposure_npv_gbp"]]
    ended = ending.exit_year >= 0.0
    out[ROW["mean_true_score"]] /= years
    out[ROW["mean_reported_score"]] /= np.where(ended, ending.exit_year + 1.0, years)
    out[ROW["exit_year_index"]] = ending.exit_year
    out[ROW["exit_cause_code"]] = np.where(ended, ending.exit_cause, 0.0)
