"""What takes the provider's cumulative surplus from the start to its low point, cause by cause, in pounds that add up.

Every year in service the surplus is the plan's own result less what went against the plan (kernel/solvency.py):

    surplus = (agreed budget − planned cost) − Σ adverse parts + support − fee for leaving
    cost of care − planned cost = Σ m · ln(ratio),  m = (C − C*) / ln(C / C*)
                  for opening price, need, prices, productivity and shocks, which adds up exactly (logarithmic means)

The low point is the year of the lowest mean of cumulative surplus over all futures under the contract as it is, honest
provider, contracts that have ended standing still. Every bridge of a scenario goes to that one year, so that steps can be
compared. Rows are means of futures, and no median path: start and low point are levels, the others changes between them.
A contract that has ended adds nothing more, so no driver holds a loss that nobody bore. What the parts leave over is the row
"not explained": rounding, below a penny. Each driver's error is the Monte Carlo error of its mean.

"With every fix" lays over the contract every fix of wording, audit or penalty that the gaming table names, in the same futures.
What the provider does stays as it was found on the contract as it is: the difference is the wording's alone, and stands in
each row with the error of the paired difference. The gamed strategy is told on the contract as it is only, for after the fixes
it would be another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from .. import layout as L
from ..drivers.demand import LIST_BASE
from ..drivers.parameters import PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY
from ..futures.design import RANDOM_DESIGN
from ..futures.plan import VERIFY_FIRST
from ..futures.scenario import Scenario
from ..kernel.project import project
from ..levers import LEVER_NUMBER, LEVERS
from ..strategy import Strategy
from ..study import Study
from .exploit import WORTH_NOTHING_GBP, with_fix

FUTURES, BLOCK = 4096, 512
AS_IT_IS, FIXED = "as it is", "with every fix"
START, LOW, LEFT = "start", "low point", "not explained"
#: Kinds of rows: a level before, changes that add up, a level reached.
KINDS = {START: "start", LOW: "level"}
STATISTIC = "mean of futures"
#: Drivers in causal order, with their words; the sign is that of the change of the surplus.
DRIVERS: dict[str, str] = {
    "plan": "the plan's own result: agreed budget less planned cost",
    "opening price": "the scope costs more than its opening price, less what is won back by variation",
    "need above plan": "list and need differ from the plan",
    "pay and prices above plan": "pay and prices differ from the plan",
    "productivity below plan": "productivity differs from the plan, own efficiency work included",
    "shock": "pandemics, hard winters and chance in the cost of this many people",
    "funding below plan": "the annual payment differs from the agreed budget",
    "performance payments": "what the other clauses pay or take back, after recovery",
    "own investment": "effort, efficiency work, prevention and gaming, less what they save in the year",
    "support": "deficits beyond what the owners bear, which the commissioner carries",
    "fee for leaving": "what the owners pay for leaving early",
}
COLUMNS = (
    "world_list", "world_need", "world_input_price", "world_productivity", "world_shock", "world_opening", "world_investment",
    "world_gaming_cost", "world_prevention_saving", "world_spared", "world_shifted", "paid_annual", "paid_variation",
    "paid_income",
)  # fmt: skip
Row = dict[str, Any]
Lived = dict[str, np.ndarray]


def with_every_fix(study: Study, gaming: list[Row]) -> Study:
    """The study with the fix of every lever that pays, as the gaming table names it; see analysis/exploit.py."""
    for row in gaming:
        number = LEVER_NUMBER.get(row["lever"])
        if number is not None and row["fix"] and row["gain_mean_gbp"] > WORTH_NOTHING_GBP:
            study = with_fix(study, next(fix for fix in LEVERS[number].fixes if fix.words == row["fix"])) or study
    return study


def bridge_rows(
    study: Study, honest: Strategy, gamed: Strategy, gaming: list[Row], futures: int = FUTURES, jobs: int = 2
) -> list[Row]:
    """The bridge of every scenario: the contract as it is, honest and gamed, and with every fix, honest, to one year.

    Scenarios after the first get a quarter of the futures.
    """
    settings = [(AS_IT_IS, study, honest), (AS_IT_IS, study, gamed), (FIXED, with_every_fix(study, gaming), honest)]

    def told(numbered: tuple[int, Scenario]) -> list[list[Row]]:
        k, scenario = numbered
        return _of_scenario(settings, scenario, futures if k == 0 else max(2, futures // 4))

    with ThreadPoolExecutor(max(1, jobs)) as pool:
        found = list(pool.map(told, enumerate(study.scenarios)))
    return [row for k in range(len(settings)) for bridges in found for row in bridges[k]]


def _of_scenario(settings: list[tuple[str, Study, Strategy]], scenario: Scenario, futures: int) -> list[list[Row]]:
    """The rows of each setting, all to the low point of the first, with the difference from the first in the same futures."""
    first: Lived = {}
    low, found = 0, []
    for contract, study, strategy in settings:
        parts, weight = parts_to_date(study, strategy, scenario, futures)
        share = weight / weight.mean()
        if not first:
            low = int(np.argmin(np.mean(share * parts[LOW], axis=1)))
        parts = {name: values[low] for name, values in parts.items()}
        told = _steps(parts, share, first)
        first = first or parts
        found.append([
            {
                "contract": contract, "strategy": strategy.name, "scenario": scenario.name, "order": k, "driver": driver,
                "kind": KINDS.get(driver, "change"), "words": words, **numbers, "statistic": STATISTIC,
                "to_year": study.year_labels[low], "futures": futures,
            }
            for k, (driver, words, numbers) in enumerate(told)
        ])  # fmt: skip
    return found


def _steps(parts: Lived, share: np.ndarray, base: Lived) -> list[tuple[str, str, Row]]:
    """Start, drivers, what is left over and the level reached, each with its difference from the base's, if there is one."""

    def whole(of: Lived) -> Lived:
        drivers = [name for name in of if name != LOW]
        left = of[LOW] - sum(of[name] for name in drivers)
        return {START: 0.0 * of[LOW], **{name: of[name] for name in drivers}, LEFT: left, LOW: of[LOW]}

    words = {
        START: "before the first year", **DRIVERS, LEFT: "rounding",
        LOW: "cumulative surplus in the year of the low point of the contract as it is",
    }  # fmt: skip
    own, other = whole(parts), whole(base) if base else {}
    return [
        (name, words[name], {
            **_mean("change", share, values),
            **(_mean("difference", share, values - other[name]) if other else dict.fromkeys(DIFFERENCES)),
        })
        for name, values in own.items()
    ]  # fmt: skip


DIFFERENCES = ("difference_gbp", "difference_error_gbp")


def _mean(name: str, share: np.ndarray, values: np.ndarray) -> Row:
    """Weighted mean of a driver (£) and its Monte Carlo standard error."""
    mean = float(np.mean(share * values))
    return {
        f"{name}_gbp": mean, f"{name}_error_gbp": float(np.std(share * (values - mean), ddof=1) / np.sqrt(values.size)),
    }  # fmt: skip


def parts_to_date(study: Study, strategy: Strategy, scenario: Scenario, futures: int) -> tuple[Lived, np.ndarray]:
    """Each driver and the cumulative surplus (under "low point"), to date, float64[T, n]; and the weights, float64[n]."""
    found: list[Lived] = []
    weights = []
    for lived, weight in _lives(study, strategy, scenario, futures):
        found.append({name: np.cumsum(values, axis=0) for name, values in split(study, lived).items()})
        weights.append(weight)
    joined = {name: np.concatenate([one[name] for one in found], axis=1) for name in found[0]}
    return joined, np.concatenate(weights)


def _lives(study: Study, strategy: Strategy, scenario: Scenario, futures: int) -> Iterator[tuple[Lived, np.ndarray]]:
    """Yearly drivers by name, float64[T, n], and weights, of fresh futures, block by block."""
    inputs = study.kernel_inputs(scenario, (strategy,), RANDOM_DESIGN)
    lines = len(study.line_names)
    names = (*L.YEARLY, *study.line_names, *L.DRIVERS)
    wanted = (*COLUMNS, "surplus_gbp", "running", "deficit_support", "exit_fee")
    for first in range(0, futures, BLOCK):
        n = min(BLOCK, futures - first)
        out = np.zeros((1, len(L.OUTCOMES), n))
        yearly = np.zeros((1, len(L.YEARLY) + lines + len(L.DRIVERS), study.years, n))
        nature = np.zeros((len(L.NATURE) + len(L.TAGS), n))
        project(
            VERIFY_FIRST + first, n, inputs.years, inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal,
            inputs.strategies, inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges, out, yearly, nature,
        )  # fmt: skip
        yield {name: yearly[0, names.index(name)].copy() for name in wanted}, nature[len(L.NATURE) + L.TAG_WEIGHT]


def split(study: Study, lived: Lived) -> Lived:
    """The surplus of each year and future by driver (£), float64[T, n], after the rules of kernel/solvency.split_result."""
    p, plan, base_cost = _planned(study)
    agreed, need, price, productivity = (
        plan[:, [column]] for column in (PLAN_AGREED, PLAN_NEED, PLAN_PRICE, PLAN_PRODUCTIVITY)
    )
    planned = base_cost * need * price / productivity
    ratios = {
        "opening price": lived["world_opening"],
        "need above plan": lived["world_list"] / p[LIST_BASE] * lived["world_need"] / need,
        "pay and prices above plan": lived["world_input_price"] / price,
        "productivity below plan": productivity / lived["world_productivity"],
        "shock": lived["world_shock"],
    }
    logs = {name: np.log(ratio) for name, ratio in ratios.items()}
    total = np.asarray(sum(logs.values()))
    scale = planned * np.where(np.abs(total) > 1e-12, np.expm1(total) / np.where(total == 0.0, 1.0, total), 1.0)
    income = lived["paid_income"] + lived["exit_fee"]
    parts = {"plan": agreed - planned + 0.0 * total, **{name: -scale * log for name, log in logs.items()}}
    parts["opening price"] = parts["opening price"] + lived["paid_variation"]
    parts["funding below plan"] = lived["paid_annual"] - agreed
    parts["performance payments"] = income - lived["paid_annual"] - lived["paid_variation"]
    spent = lived["world_investment"] + lived["world_gaming_cost"]
    parts["own investment"] = lived["world_prevention_saving"] + lived["world_spared"] + lived["world_shifted"] - spent
    parts["support"], parts["fee for leaving"] = lived["deficit_support"], -lived["exit_fee"]
    return {name: values * lived["running"] for name, values in parts.items()} | {LOW: lived["surplus_gbp"]}


def _planned(study: Study) -> tuple[np.ndarray, np.ndarray, float]:
    """Parameter vector, plan table and base cost (£) as the kernel has them."""
    world = study.kernel_inputs(study.scenarios[0], (), RANDOM_DESIGN).world
    return world[0], world[5], float(world[7])
