"""What dependence alone is worth: the same laws of the six axes, joined in different ways, under the honest strategy.

Every axis keeps its law; only which destinations (and, in the worst cases, which opening prices, productivities and
benefits: all that is settled once) go together changes. Futures have the same numbers in every row, so
the difference from the calibrated law carries a paired error. The causal chain from the economy stays on in all rows but
one, which cuts it: the surprise of the economy then moves neither the state's share nor vacancies.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from .. import layout as L
from ..futures.axes import LINK
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..futures.scenario import Scenario
from ..strategy import Strategy
from ..study import Study
from .coupling import effects, worst_percentile, worst_tail_mean
from .draws import draw
from .evaluate import EXPOSURE, SURPLUS, simulate

FUTURES, STUDENT_DEGREES, WORST_SHARE = 16384, 4, 0.01
FLAT = 1e-12
CAUSE = L.OUT["exit_cause_code"]
LABELS = (
    ("calibrated", "as calibrated"),
    ("independent", "destinations independent"),
    ("independent, chain cut", "destinations independent, and the economy's surprises move no other axis"),
    ("t copula", f"nearly the same correlations, joint extremes more often (t copula, {STUDENT_DEGREES} degrees of freedom)"),
    ("worst tail mean", "destinations, opening price, productivity and benefit rearranged for the worst mean of the tail"),
    ("worst 95th percentile", "the same rearranged for the largest 95th percentile"),
)


def variants(study: Study, scenario: Scenario, strategy: Strategy) -> dict[str, tuple[Study, Scenario]]:
    """The study and scenario of each row, by its label; what the scenario itself says of dependence is set aside."""
    study, scenario = replace(study, couplings={}), replace(scenario, dependence="calibrated")
    apart, found = replace(scenario, dependence="independent"), effects(study, scenario, strategy)
    cut = study.law.table.copy()
    cut[:, LINK] = 0.0
    worst = replace(scenario, dependence="worst")

    def coupled(table: np.ndarray) -> tuple[Study, Scenario]:
        return replace(study, couplings={scenario.name: table}), worst

    return {
        "calibrated": (study, scenario),
        "independent": (study, apart),
        "independent, chain cut": (replace(study, law=replace(study.law, table=cut)), apart),
        "t copula": (replace(study, law=replace(study.law, degrees=STUDENT_DEGREES)), scenario),
        "worst tail mean": coupled(worst_tail_mean(found)),
        "worst 95th percentile": coupled(worst_percentile(found)),
    }


def dependence_rows(study: Study, strategy: Strategy, futures: int = FUTURES) -> list[dict[str, Any]]:
    """One row for each way of joining the destinations: measures, and differences from the calibrated one with errors."""
    rows: list[dict[str, Any]] = []
    base: np.ndarray | None = None
    labels = dict(LABELS)
    for label, (own, scenario) in variants(study, study.scenarios[0], strategy).items():
        out = simulate(own.kernel_inputs(scenario, (strategy,), RANDOM_DESIGN), VERIFY_FIRST, futures)[0]
        base = out if base is None else base
        change = out[EXPOSURE] - base[EXPOSURE]
        ended, ended_base = (x[CAUSE] >= L.EXIT_FIRST_ADVERSE for x in (out, base))
        moved = ended.astype(float) - ended_base
        rows.append({
            "dependence": label, "words": labels[label], "mean_exposure_gbp": float(out[EXPOSURE].mean()),
            "mean_exposure_change_gbp": float(change.mean()), "mean_exposure_change_error_gbp": _error(change),
            "p95_exposure_gbp": float(np.quantile(out[EXPOSURE], 0.95, method="inverted_cdf")),
            "cte99_exposure_gbp": tail_mean(out[EXPOSURE]), "mean_surplus_gbp": float(out[SURPLUS].mean()),
            "exit_losses": float(ended.mean()), "exit_losses_change": float(moved.mean()),
            "exit_losses_change_error": _error(moved), "exit": float((out[CAUSE] > 0).mean()), "futures": futures,
        })  # fmt: skip
    return rows


def tail_mean(values: np.ndarray, share: float = WORST_SHARE) -> float:
    """Mean of the largest `share` of the values."""
    return float(np.sort(values)[-max(1, round(share * values.size)) :].mean())


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(values.size))


def correlation_rows(study: Study, futures: int = FUTURES) -> list[dict[str, Any]]:
    """One row a pair of axes: correlation asked for between destinations, achieved, and between means over the years.

    Asked for is what the law says, nothing under independence, and no number (NaN) under the worst dependence; an axis whose
    destination the scenario gives has no correlation.
    """
    scenario = study.scenarios[0]
    draws = draw(study, scenario, VERIFY_FIRST, futures)
    achieved, paths = correlations(draws.ends), correlations(draws.axes.mean(axis=0))
    asked = {"calibrated": study.law.correlation, "independent": np.eye(len(L.AXES))}.get(
        scenario.dependence, np.full((len(L.AXES), len(L.AXES)), np.nan)
    )
    return [
        {
            "axis": L.AXES[a], "other_axis": L.AXES[b], "asked": float(asked[a, b]),
            "achieved": float(achieved[a, b]), "error": float((1.0 - achieved[a, b] ** 2) / np.sqrt(futures)),
            "means_over_years": float(paths[a, b]),
        }
        for a, b in combinations(range(len(L.AXES)), 2)
    ]  # fmt: skip


def correlations(values: np.ndarray) -> np.ndarray:
    """Correlation matrix of values[rows, n]; NaN where a row does not vary."""
    centred = values - values.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1)
    spread[spread <= FLAT * np.abs(values).max(axis=1, initial=0.0)] = np.nan
    return np.asarray(centred @ centred.T / values.shape[1] / np.outer(spread, spread))
