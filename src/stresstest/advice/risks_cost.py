"""What each risk costs each party, future by future: the outcome as it is less the outcome without the risk, in the same futures.

    commissioner, hospital, council   exposure (£)         provider   surplus forgone (£)         residents   health lost (QALY)

Two views: the contract as it is (the honest strategy) and, where the run has one, with its gamed strategy; gaming itself costs
what the gamed strategy does beyond the honest one. Risks of the scope are costs of what is never run: outcome · (scope that is
run − scope that would be run), since outcomes in the tables are for a contract that starts in full. A run whose futures are dealt
out by cells is lived on pseudo-random futures of the same numbers, because making nothing of an axis would deal them out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import layout as L
from ..config.risk_register import PARTIES, Register, Risk
from ..errors import DataError
from ..futures.design import RANDOM_DESIGN
from ..hurdles import value as hurdle
from ..measures.designs import Design
from ..strategy import Strategy
from ..study import Study
from .breakeven_sample import FEWEST, Sample, lived, sampled
from .failures import present
from .risks_neutral import without
from .source import Source, named

FUTURES = 16_384
HONEST_VIEW, GAMED_VIEW = "as the contract is", "with gaming"
SCOPE = L.NATURE.index("realised_scope")
#: Column of outcomes for each party, and +1 where more of it is a cost.
COLUMN = {
    "commissioner": ("commissioner_exposure_npv_gbp", 1.0), "provider": ("provider_surplus_npv_gbp", -1.0),
    "hospital": ("hospital_exposure_npv_gbp", 1.0), "council": ("council_exposure_npv_gbp", 1.0),
    "residents": ("health_qaly_npv", -1.0),
}  # fmt: skip
MONEY = PARTIES[:4]
Costs = dict[str, dict[str, np.ndarray]]


@dataclass(frozen=True)
class Ledger:
    """What was lived: the sample, the views, costs[risk][view][party] float64[n], and costs without any of the risks.

    `resources` and `capacity` by party: what costs are compared with, and what a party can bear beyond its plan. `surplus` of the
    provider by view. `plan` float64[n] by party: its outcome (in its own column's sense, COLUMN) were none of the risks to come.
    """

    sample: Sample
    views: tuple[str, ...]
    costs: dict[str, Costs]
    together: Costs
    resources: dict[str, float]
    capacity: dict[str, float]
    surplus: dict[str, np.ndarray]
    plan: dict[str, np.ndarray] = field(default_factory=dict)

    def as_it_is(self, party: str) -> np.ndarray:
        """A party's outcome as the contract is, float64[n]: what it would be without any risk, and the cost of all at once."""
        return self.plan[party] + COLUMN[party][1] * self.together[self.views[0]][party]

    def added_loss(self, risk: str, view: str) -> np.ndarray:
        """What the provider loses more because of a risk (£), float64[n]: losses only, no surplus that is forgone."""
        now = self.surplus[view]
        return np.maximum(0.0, -now) - np.maximum(0.0, -(now + self.costs[risk][view]["provider"]))


def strategies_for(source: Source) -> tuple[Strategy, ...]:
    """The honest strategy, and the gamed one where the run has one."""
    known = {one.name: one for one in source.strategies}
    honest = known.get("honest") or source.strategy.honest_part("honest")
    gamed = known.get("gamed") or next((one for one in source.strategies if one.games), None)
    return (honest, gamed) if gamed is not None and gamed.games else (honest,)


def live_all(source: Source, register: Register, jobs: int = 2, say: Callable[[str], None] = lambda text: None) -> Ledger:
    """Every risk of the register made nothing of in turn, then all at once. Errors: DataError for too few futures."""
    n, players = min(FUTURES, source.futures), strategies_for(source)
    if n < FEWEST:
        raise DataError("the run has too few futures for a register", file=source.folder, value=n,
                        expected=f"at least {FEWEST} futures")  # fmt: skip
    views = (HONEST_VIEW, GAMED_VIEW)[: len(players)]
    out, nature = changed(source, source.study, players, n, jobs)
    costs = {}
    for risk in register.risks:
        say(f"risks: {risk.title}")
        costs[risk.id] = _costs(source, risk, players, (out, nature), n, jobs)
    told = [one for one in register.risks if not one.scope]
    clean, _ = changed(source, without(source.study, told), players[:1], n, jobs)
    games = any(one.special == "gaming" for one in told)
    together = {
        view: _by_party(out[k], clean[0]) for k, view in enumerate(views) if games or k == 0
    }  # fmt: skip
    own = Design.from_manifest(source.manifest)
    sample = sampled(nature, Design() if own.kind == "stratified" else own)
    surplus = {view: out[k][L.OUT["provider_surplus_npv_gbp"]] for k, view in enumerate(views)}
    plan = {party: clean[0, L.OUT[name]] for party, (name, _) in COLUMN.items()}
    return Ledger(sample, views, costs, together, resources(source, sample, clean[0]), capacity(source), surplus, plan)


def changed(source: Source, study: Study, players: Sequence[Strategy], n: int, jobs: int) -> tuple[np.ndarray, np.ndarray]:
    """(out[strategies, OUTCOMES, n], nature[NATURE + TAGS, n]) of the run's own first n futures under a changed study."""
    scenario = named(study.scenarios, source.scenario.name, "scenario", "--scenario")
    design = RANDOM_DESIGN if source.study.design.kind == "stratified" else None
    inputs = study.kernel_inputs(scenario, tuple(players), design)
    return lived(inputs, 1, n, jobs)


def _costs(
    source: Source, risk: Risk, players: tuple[Strategy, ...], own: tuple[np.ndarray, np.ndarray], n: int, jobs: int
) -> Costs:  # fmt: skip
    """Costs of one risk by view and party."""
    out, nature = own
    views = (HONEST_VIEW, GAMED_VIEW)[: len(players)]
    if risk.special == "gaming":
        nothing = {party: np.zeros(n) for party in PARTIES}
        return {view: _by_party(out[k], out[0]) if k else nothing for k, view in enumerate(views)}
    if risk.scope:
        _, other = changed(source, without(source.study, [risk], scope=True), players[:1], n, jobs)
        change = nature[SCOPE] - other[SCOPE]
        return {view: _by_party(out[k] * change, np.zeros_like(out[k])) for k, view in enumerate(views)}
    rest, _ = changed(source, without(source.study, [risk]), players, n, jobs)
    return {view: _by_party(out[k], rest[k]) for k, view in enumerate(views)}


def _by_party(as_is: np.ndarray, other: np.ndarray) -> dict[str, np.ndarray]:
    """Cost to each party: outcomes as they are less others, both [OUTCOMES, n]."""
    return {party: sign * (as_is[L.OUT[name]] - other[L.OUT[name]]) for party, (name, sign) in COLUMN.items()}


def resources(source: Source, sample: Sample, clean: np.ndarray) -> dict[str, float]:
    """What each party's costs are compared with: budgets over the term (present value), and the health without any risk."""
    study = source.study
    budget, acute = present(study, 0), present(study, 4)
    council = study.place.parameters["start.council_share"].value * budget
    health = sample.mean(clean[L.OUT["health_qaly_npv"]]).value
    return {"commissioner": budget, "provider": budget, "hospital": acute, "council": council, "residents": abs(health) or 1.0}


def capacity(source: Source) -> dict[str, float]:
    """What each party can bear (£): the provider its reserve, cap and guarantee; others their hurdle; residents nothing."""
    study, ending = source.study, source.study.contract.ending
    budget, acute = present(study, 0), present(study, 4)
    own = sum(ending[name].value for name in ("reserve", "loss_cap", "guarantee") if name in ending)
    return {
        "commissioner": hurdle(study.hurdles, "commissioner_limit") * budget, "provider": own,
        "hospital": hurdle(study.hurdles, "hospital_limit") * acute, "council": hurdle(study.hurdles, "council_limit") * budget,
        "residents": 0.0,
    }  # fmt: skip
