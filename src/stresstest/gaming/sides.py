"""The other side: what a commissioner may do to a provider, for balance and apart from the provider's levers (L21).

Each side is a change of the study, not a lever of the provider:

    early re-basing       targets follow reports in full from the first year on
    unattainable targets  every target lies half as far again from its floor
    non-enforcement       nothing that is found out has consequences, and nobody looks
    budget cut            the price falls by a hundredth of the opening price a year, and its growth has a lower ceiling
    hold-up               once work is sunk, gains are not shared and every surplus is paid back

Honest work is chosen again behind each, and so is the best response. Evidence: E45; the sizes are judgements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..analysis.evaluate import EXPOSURE, HEALTH, SURPLUS
from ..analysis.exploit import Game
from ..contract import Contract
from ..levers import GAMING, HONEST
from ..place import Quantity
from ..study import Study
from ..wiring import Term
from .compounds import Estimate, estimate
from .fixes import answered, played
from .plays import Levels, size

FURTHER, POINT = 1.5, 0.01


@dataclass(frozen=True)
class Side:
    """One thing that a commissioner may do, in words, and the study in which it does so (None: it cannot, here)."""

    name: str
    words: str
    study: Study | None


@dataclass(frozen=True)
class SideEffect:
    """What a side does. Changes are after less before (mean, standard error), paired on the same fresh futures.

    `effort` is the honest provider's level of each honest lever, before and after; `gain_before` and `gain_after` what the
    best response gains over its honest twin (£).
    """

    name: str
    words: str
    applies: bool
    surplus: Estimate = (0.0, 0.0)
    exposure: Estimate = (0.0, 0.0)
    health: Estimate = (0.0, 0.0)
    effort: tuple[tuple[str, float, float], ...] = ()
    gain_before: Estimate = (0.0, 0.0)
    gain_after: Estimate = (0.0, 0.0)


def _number(value: float) -> Quantity:
    return Quantity((float(value),), "", "what the commissioner does", "variant")


def _shifted(value: Any, by: float) -> Any:
    return replace(value, values=tuple(v + by for v in value.values)) if isinstance(value, Quantity) else value


def _with_term(contract: Contract, kind: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Contract | None:
    """The contract with the first clause of a kind changed; None where it has no such clause."""
    old = contract.first(kind)
    if old is None:
        return None
    new: Term = replace(old, values={**old.values, **change(old.values)})
    return replace(contract, terms=tuple(new if term is old else term for term in contract.terms))


def further_targets(rows: list[dict[str, Any]], by: float = FURTHER) -> list[dict[str, Any]]:
    """Indicator rows whose targets lie `by` times as far from their floors."""
    found = []
    for row in rows:
        floor, target = row["floor"], row["target"]
        years = max(len(floor.values), len(target.values))
        moved = tuple(floor.at(t) + by * (target.at(t) - floor.at(t)) for t in range(years))
        found.append({**row, "target": replace(target, values=moved)})
    return found


def _unenforced(study: Study) -> Study:
    nothing = {"detection": _number(0.0), "enforcement": _number(0.0)}
    levers = {
        name: {**values, **nothing} if "detection" in values else values for name, values in study.provider.levers.items()
    }
    return study.with_provider(replace(study.provider, levers=levers))


def _held_up(contract: Contract) -> Contract | None:
    kept = _with_term(contract, "gain_loss_share", lambda _: {"share_gain": _number(0.0)})
    taken = _with_term(
        kept or contract, "cap_and_collar", lambda _: {"pay_back_from": _number(1.0), "pay_back_share": _number(1.0)}
    )
    return taken or kept


def _cut(contract: Contract) -> Contract | None:
    """A point lower every year: the ceiling on growth, and the price by a hundredth of the opening price, for good."""

    def change(old: dict[str, Any]) -> dict[str, Any]:
        cut = -POINT * contract.opening_price
        return {
            "growth_ceiling": _shifted(old["growth_ceiling"], -POINT), "scope_change": _shifted(old["scope_change"], cut)
        }  # fmt: skip

    return _with_term(contract, "annual_payment", change)


def sides(study: Study) -> list[Side]:
    """Every side, as a study where the contract has the clauses for it."""
    contract = study.contract

    def on(changed: Contract | None) -> Study | None:
        return None if changed is None else study.with_contract(changed)

    rebased = _with_term(contract, "improvement_payment", lambda _: {"rebase": _number(1.0), "rebase_from": _number(1.0)})
    further = _with_term(contract, "improvement_payment", lambda old: {"indicators": further_targets(old["indicators"])})
    return [
        Side("early re-basing", "Targets follow reports in full from the first year on.", on(rebased)),
        Side("unattainable targets", "Every target lies half as far again from its floor.", on(further)),
        Side("non-enforcement", "Nobody looks, and nothing that is found out has consequences.", _unenforced(study)),
        Side("budget cut", "The price falls by a hundredth of the opening price a year.", on(_cut(contract))),
        Side("hold-up", "Gains are not shared, and every surplus is paid back.", on(_held_up(contract))),
    ]


def side_effect(game: Game, levels: Levels, side: Side, levers: tuple[str, ...] = GAMING) -> SideEffect:
    """One side, with honest work and the best response found again, against the contract as it is kept."""
    if side.study is None:
        return SideEffect(side.name, side.words, False)
    changed = Game(side.study, game.scenario, game.jobs)
    changed.find_honest()
    before, after = played(game, levels), played(changed, answered(changed, (levels,), levers))
    change = after.out[0] - before.out[0]
    effort = tuple((name, size(before.honest.get(name, 0.0)), size(after.honest.get(name, 0.0))) for name in HONEST)
    return SideEffect(
        side.name, side.words, True, estimate(change[SURPLUS]), estimate(change[EXPOSURE]), estimate(change[HEALTH]), effort,
        estimate(before.gain), estimate(after.gain),
    )  # fmt: skip


def side_effects(
    game: Game, levels: Levels, levers: tuple[str, ...] = GAMING, say: Callable[[str], None] = lambda text: None
) -> list[SideEffect]:
    """Every side, against the best response `levels` on the contract as it is."""
    found = []
    for side in sides(game.study):
        say(f"the commissioner's side: {side.name}")
        found.append(side_effect(game, levels, side, levers))
    return found
