"""Minimax regret: which contract is least wrong, whoever the provider turns out to be.

    cost(Θ, k)     Δ public exposure less value of a QALY · health under the best response of provider k on contract Θ (£)
    regret(Θ, k)   cost(Θ, k) − least cost of any contract for k
    chosen         the contract whose largest regret over the providers is least; next to it the one of least mean cost

Providers are types (types.py) at weights on patients' benefit. Where two plays serve a provider equally well, the one that
costs more counts. The contracts are a handful: as procured, each single fix that cuts the cost most, all of them together, and
what the double oracle chose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..analysis.evaluate import HEALTH, PUBLIC, QALY_VALUE, SURPLUS
from ..analysis.exploit import Game, with_fix
from ..levers import HONEST
from ..levers._lever import Fix
from ..study import Study
from .best import honest_of, near
from .costs import TIE_GBP
from .plays import Levels, strategies, without
from .types import ALTRUISM, GRADES, levers_of, with_altruism


@dataclass(frozen=True)
class Variant:
    """A contract that could be signed, as a study."""

    name: str
    study: Study


@dataclass(frozen=True)
class Regret:
    """Costs and regrets: float64[variants, providers], £. `providers` are (type, weight on benefit).

    `chosen` is the number of the variant of least largest regret, `cheapest` that of least mean cost over the providers, each
    provider counting alike unless weights were given. `errors`: standard errors of the costs against the first variant, paired.
    """

    variants: tuple[str, ...]
    providers: tuple[tuple[str, float], ...]
    cost: np.ndarray
    errors: np.ndarray
    weights: np.ndarray
    honest_surplus: np.ndarray

    @property
    def regret(self) -> np.ndarray:
        """Cost less the least cost of any variant for the same provider."""
        return np.asarray(self.cost - self.cost.min(axis=0))

    @property
    def largest(self) -> np.ndarray:
        """Largest regret of each variant over the providers."""
        return np.asarray(self.regret.max(axis=1))

    @property
    def chosen(self) -> int:
        """Number of the variant with the least largest regret; ties to the earlier one."""
        return int(np.argmin(self.largest))

    @property
    def cheapest(self) -> int:
        """Number of the variant with the least mean cost."""
        return int(np.argmin(self.cost @ self.weights))


def variants_of(study: Study, singles: tuple[Fix, ...], oracle: Study | None = None) -> list[Variant]:
    """As procured, each single fix, all of them (those that still can be made after the ones before), and the oracle's."""
    found, together = [Variant("as procured", study)], study
    for fix in singles:
        alone = with_fix(study, fix)
        if alone is not None:
            found.append(Variant(fix.words, alone))
            together = with_fix(together, fix) or together
    if len(found) > 2:
        found.append(Variant("all of these", together))
    if oracle is not None:
        found.append(Variant("as the double oracle chose", oracle))
    return found


def _answer(game: Game, starts: list[Levels], levers: tuple[str, ...]) -> list[Levels]:
    """Honest work and, where the type games, the best plays found for it from the two best starts."""
    honest = honest_of(game)
    if not levers:
        return [honest]
    unwanted = {name for play in starts for name in play} - set(levers) - set(HONEST)
    allowed = [honest, *(without(play, unwanted) for play in starts)]
    order = np.argsort(-game.screen.mean_aim(strategies(allowed)), kind="stable")
    return [*allowed, near(game, allowed[int(order[0])], levers, levers)]


def _cost(game: Game, plays: list[Levels]) -> np.ndarray:
    """float64[futures] on fresh futures: the cost of the play that serves the provider best; of equals the dearest."""
    aims = game.polish.mean_aim(strategies(plays))
    tied = [plays[k] for k in range(len(plays)) if aims[k] >= aims.max() - TIE_GBP]
    value = game.study.parameter_vector()[QALY_VALUE]
    out = game.verify.outcomes(strategies(tied))
    cost = out[:, PUBLIC] - value * out[:, HEALTH]
    return np.asarray(cost[int(np.argmax(cost.mean(axis=1)))])


def minimax_regret(
    variants: list[Variant], starts: list[Levels], kinds: tuple[str, ...] = tuple(GRADES), weights: tuple[float, ...] = ALTRUISM,
    jobs: int = 2, say: Callable[[str], None] = lambda text: None, belief: np.ndarray | None = None,
) -> Regret:  # fmt: skip
    """The table of costs of every variant under every provider; `starts` are plays to search from (the archive's).

    `belief` float64[providers] are weights for the mean cost; all alike unless given, since nobody knows them.
    """
    providers = [(kind, weight) for kind in kinds for weight in weights]
    shape = (len(variants), len(providers))
    cost, errors, surplus = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for p, (kind, weight) in enumerate(providers):
        first = np.zeros(0)
        for v, variant in enumerate(variants):
            say(f"{variant.name}: {kind} provider, weight {weight:g}")
            game = Game(with_altruism(variant.study, weight), variant.study.scenarios[0], jobs)
            game.find_honest()
            by_future = _cost(game, _answer(game, starts, levers_of(kind)))
            first = by_future if v == 0 else first
            change = by_future - first
            cost[v, p], errors[v, p] = by_future.mean(), change.std(ddof=1) / np.sqrt(change.size)
            surplus[v, p] = game.verify.outcomes(strategies([honest_of(game)]))[0, SURPLUS].mean()
    alike = np.full(len(providers), 1.0 / len(providers))
    return Regret(
        tuple(one.name for one in variants), tuple(providers), cost, errors, alike if belief is None else belief / belief.sum(),
        surplus,
    )  # fmt: skip
