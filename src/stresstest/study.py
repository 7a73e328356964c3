"""A study: one place, contract and provider, the law of the axes, scenarios, numbers of futures, and the seed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from . import layout as L
from ._jit import SOURCE_DIGEST
from .contract import Contract
from .drivers.parameters import PARAMETERS, slot
from .futures.axes import AxisLaw
from .futures.design import RANDOM_DESIGN, Design, Tilt
from .futures.plan import detection_plan, plan_design, unread_draws
from .futures.scenario import Scenario
from .hurdles import defaults
from .levers import LEVERS
from .place import Place, Quantity
from .sampling.law import law_inputs
from .sampling.points import design_inputs
from .strategy import Provider, Strategy
from .units import year_labels


@dataclass(frozen=True)
class SearchBudget:
    """How hard the provider looks for its best response; see configs/studies/."""

    screen: int
    screen_futures: int
    polish: int
    polish_futures: int
    verify_futures: int


@dataclass(frozen=True)
class KernelInputs:
    """Everything the kernel needs besides the future's number, in the kernel's order; plain arrays, so it can travel."""

    years: int
    dimensions: int
    design: tuple[Any, ...]
    law: tuple[Any, ...]
    world: tuple[Any, ...]
    deal: tuple[Any, ...]
    strategies: np.ndarray
    lever_rows: np.ndarray
    lever_keys: np.ndarray
    goals: np.ndarray
    edges: np.ndarray


@dataclass(frozen=True)
class Study:
    """What one run is about. Two studies with the same `inputs_hash` give the same results hash.

    `tilts` (importance sampling) and `couplings` (worst dependence), by scenario, follow from the rest: a pilot finds them
    before a run begins (analysis/preparation.py).
    """

    name: str
    title: str
    place: Place
    contract: Contract
    provider: Provider
    law: AxisLaw
    scenarios: tuple[Scenario, ...]
    futures: int
    years_futures: int
    seed: int
    search: SearchBudget
    null_tolerance: float
    data_hashes: dict[str, str]
    configuration: dict[str, Any]
    design: Design = RANDOM_DESIGN
    tilts: dict[str, Tilt] = field(default_factory=dict)
    couplings: dict[str, np.ndarray] = field(default_factory=dict)
    hurdles: dict[str, Quantity] = field(default_factory=defaults)

    @property
    def years(self) -> int:
        """Number of contract years T."""
        return self.contract.years

    @property
    def year_labels(self) -> tuple[str, ...]:
        """Financial-year labels of the contract years."""
        return year_labels(self.contract.first_year, self.contract.years)

    @property
    def varying_weights(self) -> list[str]:
        """Scenarios whose futures do not all weigh the same: by design, or by consistency factors."""
        by_design = self.design.number in (L.STRATIFIED, L.IMPORTANCE)
        return [scenario.name for scenario in self.scenarios if by_design or scenario.consistency]

    def effective(self) -> dict[str, Any]:
        """The whole effective configuration: every default filled in, every number with its source."""
        return self.configuration

    def effective_toml(self) -> str:
        """The effective configuration as a TOML file that can be read again."""
        import tomli_w

        return tomli_w.dumps(self.configuration)

    @property
    def inputs_hash(self) -> str:
        """sha256 over the effective configuration, the data tables' checksums and the package's sources."""
        record = {"configuration": self.configuration, "data": self.data_hashes, "source": SOURCE_DIGEST}
        return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def parameter_vector(self) -> np.ndarray:
        """The kernel's parameter vector p, float64[PARAMETERS]."""
        owners = {"place": self.place.parameters, "provider": self.provider.parameters}
        p = np.zeros(len(PARAMETERS))
        for k, parameter in enumerate(PARAMETERS):
            if parameter.owner == "contract":
                p[k] = self.contract.ending[parameter.name].value
            else:
                p[k] = owners[parameter.owner][parameter.key].value
        return p

    def kernel_inputs(
        self, scenario: Scenario, strategies: tuple[Strategy, ...], design: Design | None = None
    ) -> KernelInputs:
        """Arrays for the kernel: this study under a scenario, for one or more strategies on the same futures.

        Futures are sampled by the study's design, or by `design` where one is given. Analyses that use futures beyond
        SEARCH_FIRST give RANDOM_DESIGN.
        """
        plan, chosen = plan_design(self.seed, self.place.name, self.years), design or self.design
        degrees = self.law.degrees if scenario.dependence == "calibrated" else 0
        coupled = self.coupling_of(scenario) is not None
        unread = unread_draws(len(self.place.indicators), len(scenario.courses), degrees, coupled)
        points = design_inputs(chosen, plan, self.years, scenario.futures, self.tilts.get(scenario.name), unread)
        table = self.contract.resolve(self.place)
        p = self.parameter_vector()
        base_cost = sum(self.contract.scope.values()) * (1.0 - p[slot("provider.opening.margin")])
        world = (
            p, self.place.line_table(self.contract.scope), self.place.pod_table(), self.place.indicator_table(),
            self.place.age_mix(self.years), self.contract.plan_table(), np.ascontiguousarray(self.law.table[:, 0]), base_cost,
        )  # fmt: skip
        return KernelInputs(
            years=self.years,
            dimensions=plan.dimensions,
            design=points,
            law=law_inputs(self.law, scenario, self.years, chosen.kind == "stratified", self.coupling_of(scenario)),
            world=world,
            deal=table.deal,
            strategies=np.array([strategy.table(self.years) for strategy in strategies]),
            lever_rows=self.provider.lever_rows(self.years),
            lever_keys=detection_plan(self.seed, self.place.name, self.years, tuple(kind.name for kind in LEVERS)),
            goals=self.contract.goals(self.place),
            edges=self.contract.edges(),
        )

    def coupling_of(self, scenario: Scenario) -> np.ndarray | None:
        """The coupling of a scenario that has the worst dependence; None for any other."""
        return self.couplings.get(scenario.name) if scenario.dependence == "worst" else None

    def preparation(self) -> dict[str, Any]:
        """What a pilot found for this study: tilts by scenario and row, couplings by scenario (slices by axis)."""
        found: dict[str, Any] = {}
        if self.tilts:
            found["tilts"] = {name: dict(tilt.sizes) for name, tilt in self.tilts.items()}
        if self.couplings:
            found["couplings"] = {name: table.tolist() for name, table in self.couplings.items()}
        return found

    def prepared(self, record: dict[str, Any]) -> Study:
        """The study with the tilts and couplings of a manifest's record of its design."""
        tilts = {name: Tilt(tuple(sizes.items())) for name, sizes in record.get("tilts", {}).items()}
        couplings = {name: np.array(rows, dtype=np.int64) for name, rows in record.get("couplings", {}).items()}
        return replace(self, tilts=tilts, couplings=couplings)

    def with_contract(self, contract: Contract) -> Study:
        """The same study on another contract (a variant)."""
        return replace(self, contract=contract)

    def with_provider(self, provider: Provider) -> Study:
        """The same study with another provider."""
        return replace(self, provider=provider)

    @property
    def line_names(self) -> tuple[str, ...]:
        """Ledger lines in order: the contract's clauses, then the machine's own."""
        return tuple(term.id for term in self.contract.terms) + L.SYSTEM_LINES

    @property
    def line_parties(self) -> tuple[tuple[str, str], ...]:
        """(payer, payee) of each ledger line."""
        own = tuple((L.PARTIES[a], L.PARTIES[b]) for a, b in L.SYSTEM_PARTIES)
        return tuple((term.payer, term.payee) for term in self.contract.terms) + own
