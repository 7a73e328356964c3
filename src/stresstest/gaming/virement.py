"""Freedom under a limit on moving money: the provider's best answer at each limit, without and with the council's consent.

A clause lets the provider move up to a share of the budget of services without an indicator; what is moved beyond is
paid back with a penalty. The provider then chooses again among honest work and the levers that take money out of care. With
council consent the limit holds for the council's own services alone: the council agrees to moves out of services that it
does not fund and refuses moves out of its own, so that the provider cuts the others first; what was cut where is read off the
reported cost of the services. Honest work moves nothing out of services, so no limit changes what an honest provider gets.

The penalty and the limits that are tried are judgements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ..analysis.exploit import Game, Worth
from ..drivers.parameters import slot
from ..place import Quantity
from ..study import Study
from .best import best_of, near
from .plays import Levels, size
from .services import Service

LEVER = "disinvestment"
CARE = (LEVER, "skimping", "cost_shifting")
LIMITS = (0.0, 0.01, 0.02, 0.05, 0.10, 0.20, 0.50, 1.0)
PENALTY = 0.5
HEALTH_KEY = "health.qaly_per_disinvested_pound"
HEALTH_RATE = slot("place.health.health_discount")
CONSENTS = ("none", "council")


@dataclass(frozen=True)
class Against:
    """Mean changes against the honest provider: present values in pounds and QALYs, with standard errors."""

    gain_mean_gbp: float
    gain_error_gbp: float
    harm_commissioner_mean_gbp: float
    harm_public_mean_gbp: float
    harm_qaly_mean: float
    harm_qaly_error: float

    @classmethod
    def of(cls, worth: Worth) -> Against:
        """The means of paired differences."""
        error = float(worth.health.std(ddof=1) / np.sqrt(worth.health.size))
        harm = 0.0 - float(worth.health.mean())
        return cls(worth.mean, worth.error, float(worth.commissioner.mean()), float(worth.public.mean()), harm, error)


def with_cuts(study: Study, part: float, factor: float) -> Study:
    """The study where `part` of in-scope cost is free to be cut, at `factor` times the place's QALYs per pound."""
    lever = {**study.provider.levers[LEVER], "unmeasured_share": Quantity((part,), "share", "services", "variant")}
    provider = replace(study.provider, levers={**study.provider.levers, LEVER: lever})
    base = study.place.parameters[HEALTH_KEY]
    health = replace(base, values=tuple(factor * value for value in base.values), quality="variant")
    place = replace(study.place, parameters={**study.place.parameters, HEALTH_KEY: health})
    return replace(study, place=place, provider=provider)


def present_factor(study: Study, service: Service) -> float:
    """QALYs per pound cut from a service over the place's, put off by its lag: factor · (1 + health discount)^−lag."""
    return float(service.qaly_factor * (1.0 + study.parameter_vector()[HEALTH_RATE]) ** -service.lag_years)


def mean_factor(study: Study, lines: tuple[Service, ...], level: float = 1.0, free_first: bool = False) -> float:
    """Mean factor of what is cut at a level of the lever: all services alike, or the council's only after the others."""
    free = np.array([service.free_gbp for service in lines])
    cut = free * level
    if free_first:
        own = np.array([service.funded_by == "council" for service in lines])
        others = min(level * free.sum(), free[~own].sum())
        cut = np.where(own, free * ratio(level * free.sum() - others, free[own].sum()), free * ratio(others, free[~own].sum()))
    factors = np.array([present_factor(study, service) for service in lines])
    return ratio(float(cut @ factors), float(cut.sum())) if cut.sum() > 0.0 else ratio(float(free @ factors), float(free.sum()))


def ratio(a: float, b: float) -> float:
    """a / b, and nothing where b is nothing."""
    return a / b if b > 0.0 else 0.0


def scored_on(game: Game, study: Study, levels: Levels) -> Worth:
    """A strategy against the honest one on fresh futures of a variant of the study."""
    variant = Game(study, game.scenario, game.jobs, dict(game.honest))
    return variant.worth(levels)  # type: ignore[arg-type]


def with_limit(study: Study, lines: tuple[Service, ...], limit: float, consent: str, penalty: float = PENALTY) -> Study:
    """The study with a limit on moving money out of services without an indicator; see the module's text."""
    scope = sum(service.budget_gbp for service in lines)
    own = [service for service in lines if service.funded_by == "council"]
    others = [service for service in lines if service.funded_by != "council"]
    free = sum(service.free_gbp for service in others) / scope
    groups = [("all", list(lines), "disinvested", 0.0)]
    if consent == "council":
        groups = [
            ("commissioner", others, f"min(disinvested, {free:.9f} * (reported_cost + disinvested))", 1.0),
            ("council", own, f"max(0, disinvested - {free:.9f} * (reported_cost + disinvested))", 0.0),
        ]
    contract = study.contract
    for name, group, moved, agreed in groups:
        budget = sum(service.unmeasured_gbp for service in group) / scope
        for ending, value in (("moved", moved), ("budget", f"{budget:.9f} * agreed_budget")):
            contract = contract.with_clause({"id": f"{name}_{ending}", "kind": "formula", "fields": {"value": value}})
        contract = contract.with_clause({
            "id": f"{name}_virement_limit", "kind": "virement_limit",
            "fields": {
                "moved": f"{name}_moved", "base": f"{name}_budget", "limit": limit, "consent": agreed, "penalty": penalty,
            },
        })  # fmt: skip
    return study.with_contract(contract)


def allowed_level(lines: tuple[Service, ...], limit: float, consent: str) -> float:
    """Level of the lever at which the limit is just reached, 0 to 1: where a search should look."""
    free = sum(service.free_gbp for service in lines)
    if consent == "none":
        return min(1.0, ratio(limit * sum(service.unmeasured_gbp for service in lines), free))
    own = [service for service in lines if service.funded_by == "council"]
    own_free = sum(service.free_gbp for service in own)
    inside = min(own_free, limit * sum(service.unmeasured_gbp for service in own))
    return min(1.0, ratio(free - own_free + inside, free))


def at_limit(game: Game, lines: tuple[Service, ...], limit: float | None, consent: str) -> dict[str, Any]:
    """One point of the curve: the best response found again under a limit (None: as procured), and what it does."""
    part = ratio(sum(s.free_gbp for s in lines), sum(s.budget_gbp for s in lines))
    base = game.study if limit is None else with_limit(game.study, lines, limit, consent)
    search = Game(with_cuts(base, part, mean_factor(game.study, lines)), game.scenario, game.jobs, dict(game.honest))
    knot = 1.0 if limit is None else allowed_level(lines, limit, consent)
    start: Levels = {**game.honest, LEVER: knot}
    levels = best_of(search, [start, near(search, start, CARE, ())])
    factor = mean_factor(game.study, lines, size(levels.get(LEVER, 0.0)), consent == "council")
    worth = Against.of(scored_on(game, with_cuts(base, part, factor), levels))
    return {
        "part": "limit", "limit_share": limit, "consent": "" if limit is None else consent, **asdict(worth),
        "allowed_gbp": knot * sum(s.free_gbp for s in lines),
        **{f"{name}_level": size(levels.get(name, 0.0)) for name in CARE},
    }  # fmt: skip


def by_limit(
    game: Game, lines: tuple[Service, ...], limits: tuple[float, ...] = LIMITS, say: Callable[[str], None] = lambda _: None
) -> list[dict[str, Any]]:
    """The curve of surplus, exposure and health against the limit, without and with the council's consent."""
    rows = [at_limit(game, lines, None, "none")]
    for consent in CONSENTS:
        for limit in limits:
            say(f"freedom at a limit of {limit:.0%}, consent: {consent}")
            rows.append(at_limit(game, lines, limit, consent))
    return rows
