"""What follows once the exploits are known: fixes and the answer to them, provider types, regret, freedom, who is harmed.

These steps play the same game again on many changed contracts, with fewer futures; the figures of the catalogue itself come
from all of them.
"""

from __future__ import annotations

from typing import Any

from ..analysis.exploit import Game
from ..levers import LEVER_NUMBER, LEVERS
from ..levers._lever import Fix
from . import findings as five
from .archive import archive_of, write_archive
from .best import with_budget
from .fixes import FixEffect
from .oracle import candidates, double_oracle
from .plays import Levels, used
from .regret import Variant, minimax_regret, variants_of
from .searching import Search
from .sides import side_effects
from .types import provider_types

MOST_VARIANTS = 5
WEIGHTS = (0.0, 1.0)


def run(found: Search) -> None:
    """All further steps of a search, each into its own table."""
    game = found.light
    _archive(found)
    chosen = _oracle(found, game) if used(found.answer.levels) else None
    _regret(found, game, chosen)
    _types(found)
    _sides(found, game)
    _freedom(found, game)
    _findings(found)


def _archive(found: Search) -> None:
    plays = [one.levels for one in found.compounds] + [one.levels for one in found.singles.values() if one.worth.mean > 0.0]
    if found.out is not None:
        write_archive(archive_of(found.game, plays, found.say), found.out.draft / "archive.json")


def _best_fixes(found: Search) -> tuple[Fix, ...]:
    """For each lever that was answered, the fix that leaves the best response least, the analyst's own among them."""
    best: dict[str, FixEffect] = {}
    for effect in found.effects:
        if effect.applies and (effect.lever not in best or effect.gain_after[0] < best[effect.lever].gain_after[0]):
            best[effect.lever] = effect
    return tuple(one.fix for one in sorted(best.values(), key=lambda one: one.gain_after[0]) if one.fix is not None)


def _oracle(found: Search, game: Game) -> Any:
    found.say("double oracle")
    plays = tuple(one.levels for one in found.compounds)
    fixes = candidates(found.study, _best_fixes(found))
    settled = double_oracle(game, plays, fixes, say=found.say)
    found.table("oracle", [
        {"round": k, "fixes": one.fixes, "new_play": one.signature, "new_gain_gbp": one.new_gain, "cost_gbp": one.cost.cost,
         "exposure_gbp": one.cost.exposure, "honest_surplus_gbp": one.cost.honest_surplus, "closed": settled.closed}
        for k, one in enumerate(settled.rounds, 1)
    ])  # fmt: skip
    found.table("oracle_answer", [
        {"contract": name, "fixes": words, "cost_gbp": cost.cost, "exposure_gbp": cost.exposure, "gain_gbp": cost.gain,
         "honest_surplus_gbp": cost.honest_surplus}
        for name, words, cost in (
            ("as procured", (), settled.before), ("as chosen", tuple(fix.words for fix in settled.fixes), settled.after),
        )
    ])  # fmt: skip
    return settled


def _regret(found: Search, game: Game, settled: Any) -> None:
    found.say("regret over provider types")
    fixes = _best_fixes(found)[: MOST_VARIANTS - 3]
    variants: list[Variant] = variants_of(game.study, fixes, settled.study if settled is not None else None)
    starts = [one.levels for one in found.compounds[:2]]
    table = minimax_regret(variants, starts, weights=WEIGHTS, jobs=found.jobs, say=found.say)
    rows = []
    for v, name in enumerate(table.variants):
        row: dict[str, Any] = {"variant": name, "largest_regret_gbp": float(table.largest[v]), "least_regret": v == table.chosen,
                               "least_mean_cost": v == table.cheapest}  # fmt: skip
        for p, (kind, weight) in enumerate(table.providers):
            who = f"{kind}_altruism_{weight:g}"  # a column for each provider: one name for two would keep the last alone
            row |= {f"cost_{who}_gbp": float(table.cost[v, p]), f"cost_{who}_error_gbp": float(table.errors[v, p]),
                    f"regret_{who}_gbp": float(table.regret[v, p])}  # fmt: skip
        row["honest_surplus_gbp"] = float(table.honest_surplus[v, 0])
        rows.append(row)
    found.table("regret", rows)


def _types(found: Search) -> None:
    rows = []
    light = with_budget(found.study, max(2, found.light_futures[0] // 2), found.light_futures[1])
    for one in provider_types(light, found.use, jobs=found.jobs, say=found.say):
        rows.append({
            "type": one.name, "altruism": one.altruism, "levers": " + ".join(one.answer.signature),
            "gain_gbp": one.answer.worth.mean, "gain_error_gbp": one.answer.worth.error, "aim_gbp": one.answer.gain,
            "aim_error_gbp": one.answer.error, "harm_gbp": one.harm, "harm_error_gbp": one.harm_error,
            "probability_worthwhile": one.probability_worthwhile,
            "expected_commissioner_low_gbp": one.expected_commissioner[0],
            "expected_commissioner_high_gbp": one.expected_commissioner[1],
            "expected_harm_low_gbp": one.expected_harm[0], "expected_harm_high_gbp": one.expected_harm[1],
        })  # fmt: skip
    found.table("types", rows)


def _sides(found: Search, game: Game) -> None:
    rows = []
    for one in side_effects(game, found.answer.levels, say=found.say):
        work = "; ".join(f"{LEVERS[LEVER_NUMBER[name]].title} {before:.3g} to {after:.3g}" for name, before, after in one.effort)
        row: dict[str, Any] = {"side": one.name, "words": one.words, "applies": one.applies, "honest_work": work}
        for name in ("surplus", "exposure", "gain_before", "gain_after"):
            mean, error = getattr(one, name)
            row |= {f"{name}_gbp": mean, f"{name}_error_gbp": error}
        rows.append({**row, "health_qaly": one.health[0], "health_error": one.health[1]})
    found.table("sides", rows)


def _freedom(found: Search, game: Game) -> None:
    from .freedom import freedom
    from .frontier import frontier
    from .harmed import harmed

    found.table("freedom", freedom(game, say=found.say).rows())
    edge = frontier(game, found.answer.levels, say=found.say)
    found.table("frontier", edge.rows())
    found.table("alignment", edge.alignment.rows())
    singles: dict[str, Levels] = {name: one.levels for name, one in found.singles.items()}
    found.table("harmed", harmed(game, singles, say=found.say))


def _findings(found: Search) -> None:
    found.say("five findings")
    singles = {name: one.levels for name, one in found.singles.items() if one.worth.mean > 0.0 and name in used(one.levels)}
    after = {one.words: (one.gain_after[0], *one.gain_change) for one in found.effects if one.applies}
    rows = [
        five.base_line(found.game, found.answer), five.compounds(found.game, found.answer),
        five.displacement(after), five.saw_tooth(found.game, dict(found.game.honest)),
        five.common_futures(found.game, singles, dict(found.game.honest)),
    ]  # fmt: skip
    found.table("findings", rows)

