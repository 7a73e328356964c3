"""The catalogue: one record for each lever alone, each compound and each loophole, best gain first, harms beside it.

Every figure is a paired difference from the honest best response on fresh futures. A gain holds what gaming adds by keeping
the provider in service longer; `gain_same_life` is the same play where nobody can run out of money, so that only the pay and
the cost of the act remain. Ranges of use are judgements and make ranges, never one number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import layout as L
from ..analysis.evaluate import Arena, simulate_years
from ..analysis.exploit import Game, Worth, _deep_pockets, break_even_detection, creating_terms
from ..futures.plan import VERIFY_FIRST
from ..levers import GAMING, LEVER_NUMBER, LEVERS, LeverKind
from ..levers._lever import found_chance
from .best import near, scored
from .compounds import Compound
from .fixes import FixEffect
from .plays import Levels, honest_part, size, strategies, top, used
from .types import expected_harm, harm_of
from .use import Use

BITES_GBP = 10_000.0
#: Who can act on a lever.
OWNERS = {
    "list_inflation": "commissioner, with NHS England's list cleaning",
    "upcoding": "commissioner, with NHS England's coding audit",
    "misreporting": "commissioner's auditor", "skimping": "Care Quality Commission and commissioner",
    "cost_shifting": "commissioner and council together", "disinvestment": "commissioner, council and health scrutiny committee",
    "walk_away": "NHS England and commissioner", "low_bid": "NHS England's assurance before signature",
    "baseline_inflation": "NHS England's assurance before signature",
    "prevention_run_off": "commissioner and council's public health",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """A play with its worth over the honest twin, with exits and where no loss ends the contract."""

    name: str
    levels: Levels
    worth: Worth
    same_life: Worth
    first_year: str


def without_exits(game: Game) -> Game:
    """The same game where no loss ends the contract: a reserve that nothing exhausts."""
    other = Game(game.study.with_contract(_deep_pockets(game.study.contract)), game.scenario, game.jobs)
    other.verify = Arena(other.study, game.scenario, VERIFY_FIRST, game.verify.n, game.jobs)
    other.honest = dict(game.honest)
    return other


def first_year(game: Game, levels: Levels, futures: int = 512) -> str:
    """Label of the first year in which the play makes a difference to the provider's surplus."""
    pair = strategies([honest_part(levels), levels])
    inputs = replace(game.verify.inputs, strategies=np.array([one.table(game.study.years) for one in pair]))
    yearly = simulate_years(inputs, game.verify.first, futures, 0)[:, L.YEAR["surplus_gbp"]]
    change = (yearly[1] - yearly[0]).mean(axis=1)
    years = np.flatnonzero(np.abs(change) > BITES_GBP)
    return game.study.year_labels[int(years[0])] if years.size else ""


def record(game: Game, deep: Game, name: str, levels: Levels) -> Record:
    """Score a play against its honest twin, with exits and without them."""
    return Record(name, levels, game.worth(levels), deep.worth(levels), first_year(game, levels))  # type: ignore[arg-type]


def alone(game: Game, lever: str) -> Levels:
    """The best response that may use one gaming lever and all honest ones."""
    start: Levels = {**dict(game.honest), lever: 0.5 * top(lever)}
    found = near(game, start, (lever,), (lever,))
    return found if lever in used(found) else dict(game.honest)


def _numbers(one: Record, study: Any) -> dict[str, Any]:
    worth = one.worth
    low, middle, high = np.quantile(worth.gain, (0.05, 0.5, 0.95))
    harm = harm_of(study, worth)
    return {
        "gain_mean_gbp": worth.mean, "gain_error_gbp": worth.error, "gain_p5_gbp": float(low), "gain_p50_gbp": float(middle),
        "gain_p95_gbp": float(high), "gain_same_life_gbp": one.same_life.mean, "gain_same_life_error_gbp": one.same_life.error,
        "harm_commissioner_mean_gbp": float(worth.commissioner.mean()),
        "harm_commissioner_p5_gbp": float(np.quantile(worth.commissioner, 0.05)),
        "harm_commissioner_p95_gbp": float(np.quantile(worth.commissioner, 0.95)),
        "harm_public_mean_gbp": float(worth.public.mean()),
        "harm_qaly_mean": float(-worth.health.mean()), "harm_qaly_same_life": float(-one.same_life.health.mean()),
        "harm_mean_gbp": float(harm.mean()), "deadweight_mean_gbp": float((harm - worth.gain).mean()),
        "probability_worthwhile": float((worth.aim > 0.0).mean()), "first_year": one.first_year,
    }  # fmt: skip


def _types(grades: set[str], worth: Worth) -> dict[str, float]:
    chance = float((worth.aim > 0.0).mean())
    return {
        "worth_honest": 0.0, "worth_opportunist": 0.0 if "false" in grades else chance, "worth_strategic": chance,
    }  # fmt: skip


def _use(name: str, use: dict[str, Use], harm: float) -> dict[str, float]:
    """The range of use of a lever, and of the harm that goes with it."""
    one = use[name]
    ends = sorted((one.low * harm, one.high * harm))
    return {
        "use_low": one.low, "use_mode": one.mode, "use_high": one.high, "expected_harm_low_gbp": ends[0],
        "expected_harm_high_gbp": ends[1],
    }  # fmt: skip


def _fix(effects: list[FixEffect]) -> dict[str, Any]:
    """The fix after which the best response over all levers gains least."""
    tried = [one for one in effects if one.applies]
    if not tried:
        words = effects[0].words if effects else ""
        return {"fix": words, "fix_changes": "", "residual_gain_mean_gbp": None, "residual_error_gbp": None, "displaced_to": "",
                "fix_cost_honest_gbp": None, "fix_losing_before": None, "fix_losing_after": None}  # fmt: skip
    best = min(tried, key=lambda one: one.gain_after[0])
    risen = "; ".join(f"{LEVERS[LEVER_NUMBER[r.lever]].title} {r.before:.3g} to {r.after:.3g}" for r in best.risen)
    return {
        "fix": best.words, "fix_changes": "; ".join(" ".join(p for p in part if p) for part in best.parts),
        "residual_gain_mean_gbp": best.gain_after[0], "residual_error_gbp": best.gain_after[1], "displaced_to": risen,
        "fix_cost_honest_gbp": -best.surplus_honest[0], "fix_losing_before": best.losing_before,
        "fix_losing_after": best.losing_after,
    }  # fmt: skip


def lever_row(game: Game, one: Record, use: dict[str, Use], effects: list[FixEffect], shares: Compound | None) -> dict[str, Any]:
    """The catalogue's row of a lever alone."""
    kind: LeverKind = LEVERS[LEVER_NUMBER[one.name]]
    level = size(one.levels.get(one.name, 0.0))
    pays = one.name in used(one.levels) and one.worth.mean > 0.0
    numbers = _numbers(one, game.study)
    through = creating_terms(game, one.levels) if pays else []  # type: ignore[arg-type]
    row = game.study.provider.lever_rows(game.study.years)[LEVER_NUMBER[one.name]]
    detection = float(found_chance(level, row)) if kind.recovers else None
    partners = [s for s in shares.flagged if one.name in (s.first, s.second)] if shares else []
    share = shares.shapley.get(one.name) if shares else None
    return {
        "kind": "named", "lever": one.name, "code": kind.code, "plain_english": kind.sentence, "grade": kind.grade,
        "bends": kind.bends, "intensity": level, **numbers, **_types({kind.grade}, one.worth),
        **_use(one.name, use, numbers["harm_mean_gbp"]),
        "detection_assumed": detection,
        "detection_break_even": break_even_detection(game, one.name, one.levels) if pays else None,  # type: ignore[arg-type]
        "creating_terms": ", ".join(through or kind.clauses) if pays else "",
        "pays_by": ("clauses" if through else "saved cost") if pays else "",
        **_fix(effects), "shapley_gbp": share[0] if share else None, "shapley_error_gbp": share[1] if share else None,
        "partners": "; ".join(f"{s.second if s.first == one.name else s.first} {s.amount[0]:+,.0f}" for s in partners),
        "harmed": kind.harmed, "early_sign": kind.sign,
        "sign_threshold": f"half of what pays best: {0.5 * level:.3g} of {kind.highest:g}" if level else "",
        "owner": OWNERS.get(one.name, "commissioner"), "evidence": kind.evidence or "model only",
    }  # fmt: skip


def compound_row(game: Game, number: int, one: Record, use: dict[str, Use], open_loop: dict[str, Any]) -> dict[str, Any]:
    """The catalogue's row of a best response: the first is over all levers, later ones with the biggest lever forbidden.

    The range of its harm, levers being used independently of one another, is worked out for the first.
    """
    ranges: dict[str, float] = {}
    if number == 1:
        low, high = expected_harm(game, one.levels, use)["harm"]
        ranges = {"expected_harm_low_gbp": low, "expected_harm_high_gbp": high}
    names = used(one.levels)
    grades = {LEVERS[LEVER_NUMBER[name]].grade for name in names}
    numbers = _numbers(one, game.study)
    levels = ", ".join(f"{name} {size(one.levels[name]):.3g}" for name in names)
    scope = "over all levers" if number == 1 else "when the strongest lever before is stopped"
    return {
        "kind": "combination", "lever": " + ".join(names), "code": f"C{number}",
        "plain_english": f"The best response {scope}: {levels}.",
        "grade": "mixed" if len(grades) > 1 else "".join(grades), "bends": "both", "intensity": 1.0, **numbers,
        **_types(grades or {"false"}, one.worth), **ranges,
        "creating_terms": ", ".join(creating_terms(game, one.levels)), "evidence": "model only", **open_loop,  # type: ignore[arg-type]
    }  # fmt: skip


__all__ = ["GAMING", "Record", "alone", "compound_row", "lever_row", "record", "scored", "without_exits"]
