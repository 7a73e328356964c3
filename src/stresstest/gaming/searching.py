"""A search under way: the game, what has been found, and the tables that it writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ..analysis.exploit import Game
from ..levers import GAMING
from ..levers._lever import Fix
from ..study import Study
from .best import Answer, best_of, game_on, scored, search, with_budget
from .catalogue import Record, alone, compound_row, lever_row, record, without_exits
from .compounds import Compound, compound
from .fixes import FixEffect, fix_effect, fix_effects, played
from .loopholes import holes, hunt
from .output import Output
from .peel import peel
from .plays import Levels, used
from .records import lived, made_up
from .rows import loophole_row
from .use import read_use

Say = Callable[[str], None]
WORTH_GBP = 100_000.0
#: Futures searched and verified; half and two fifths of them where the game is played again on changed contracts.
FUTURES = (2000, 20_000)


class Search:
    """A search under way: the game, what was found so far, and where tables go (`out` None: nowhere)."""

    def __init__(
        self, study: Study, jobs: int, out: Output | None, say: Say, own: tuple[tuple[str, Fix], ...] = (),
        futures: tuple[int, int] = FUTURES,
    ) -> None:  # fmt: skip
        self.started = time.perf_counter()
        self.study, self.jobs, self.out, self.say = with_budget(study, *futures), jobs, out, say
        say("honest best response")
        self.game: Game = game_on(self.study, jobs)
        self.deep = without_exits(self.game)
        self.light_futures = (max(2, futures[0] // 2), max(2, 2 * futures[1] // 5))
        self.light = Game(with_budget(study, *self.light_futures), self.game.scenario, jobs)
        self.light.find_honest(self.game.honest)  # the honest twin of every changed contract is found on the same futures
        self.use = read_use()
        self.singles: dict[str, Record] = {}
        self.compounds: list[Record] = []
        self.effects: list[FixEffect] = []
        self.shares: Compound | None = None
        self.rows: list[dict[str, Any]] = []
        self.own = own

    def table(self, name: str, rows: Any) -> None:
        """Write a table where there is a folder."""
        if self.out is not None:
            self.out.table(name, rows)

    def levers_alone(self) -> None:
        """The best response with each lever alone."""
        for lever in GAMING:
            self.say(f"{lever.replace('_', ' ')} alone")
            self.singles[lever] = record(self.game, self.deep, lever, alone(self.game, lever))

    def best(self) -> Answer:
        """The best response over all levers."""
        self.say("best response over all levers")
        starts = tuple(one.levels for one in self.singles.values() if one.worth.mean > 0.0)
        union: Levels = dict(self.game.honest)
        for lever, one in self.singles.items():
            if one.worth.mean > 0.0 and lever in one.levels:
                union = {**union, lever: one.levels[lever]}
        found = search(self.game, GAMING, GAMING, (union,))
        self.answer = scored(self.game, best_of(self.game, [found, *starts]))
        return self.answer

    def catalogue(self) -> None:
        """Peel the best response, and find its levers' shares."""
        self.say("peeling")
        peeled = peel(self.game, WORTH_GBP, first=self.answer.levels, say=self.say)
        for one in peeled.exploits:
            self.compounds.append(record(self.game, self.deep, " + ".join(one.signature), one.answer.levels))
        if used(self.answer.levels):
            self.say("shares and synergies")
            self.shares = compound(self.game, self.answer.levels, min(4000, self.game.verify.n))
            self.table("shapley", [
                {"lever": name, "alone_gbp": self.shares.alone[name][0],
                 "leave_one_out_gbp": self.shares.leave_one_out[name][0], "shapley_gbp": self.shares.shapley[name][0],
                 "shapley_error_gbp": self.shares.shapley[name][1], "total_gbp": self.shares.total[0]}
                for name in self.shares.players
            ])  # fmt: skip
            self.table("synergy", [
                {"first": s.first, "second": s.second, "synergy_gbp": s.amount[0], "synergy_error_gbp": s.amount[1],
                 "flagged": s.flagged} for s in self.shares.synergies
            ])  # fmt: skip

    def regimes(self) -> dict[str, Any]:
        """What seeing the years unfold is worth."""
        if not used(self.answer.levels):
            return {}
        from .regimes import regimes

        self.say("open loop, feedback and clairvoyant")
        found = regimes(self.game, self.answer.levels, tuple(one.levels for one in self.compounds))
        words = "none beat the fixed plan"
        if found.rule is not None:
            side = "above" if found.rule.above else "below"
            year = self.study.year_labels[found.rule.year]
            words = f"from {year}, where {found.rule.seen} lies {side} {found.rule.threshold:,.4g}, go over to another plan"
        row = {
            "open_loop_gbp": found.open_loop[0], "open_loop_error_gbp": found.open_loop[1], "feedback_gbp": found.feedback[0],
            "feedback_error_gbp": found.feedback[1], "clairvoyant_gbp": found.clairvoyant[0],
            "clairvoyant_error_gbp": found.clairvoyant[1],
        }  # fmt: skip
        self.table("regimes", [{
            **row, "value_of_seeing_gbp": found.clairvoyant_less_open[0],
            "value_of_seeing_error_gbp": found.clairvoyant_less_open[1],
            "rule": words, "share_over": found.share_over, "plays_tried": found.tried,
        }])  # fmt: skip
        return row

    def wording(self) -> list[dict[str, Any]]:
        """Loopholes of the wording on honest books, and what the wording shows by itself."""
        from .gradient import gradients
        from .planned import chance, planned
        from .static import static

        books = lived(self.study, dict(self.game.honest), jobs=self.jobs)
        rate = float(self.study.place.parameters["health.money_discount"].value)
        found = hunt(books, self.say)
        rows = [loophole_row(books, one, rate) for one in holes(found)]
        if self.study.contract.inputs:  # what the contract declares hardly moves in a study: made-up years show more
            known = {(one.hunt, one.quantities) for one in found}
            other = made_up(self.study.contract)
            more = [one for one in hunt(other, self.say) if (one.hunt, one.quantities) not in known]
            rows += [loophole_row(other, one, rate) for one in holes(more) if not one.lever]
        self.table("loopholes", rows)
        self.say("gaming gradients")
        self.table("gradient", gradients(self.study, books, dict(self.game.honest)))
        self.say("what the wording shows")
        self.table("static", static(planned(self.study), chance(self.study)))
        return rows

    def fixes(self) -> None:
        """Every fix of the levers that pay, with the best response found again."""
        if not used(self.answer.levels):
            return
        of = tuple(name for name in GAMING if self.singles[name].worth.mean > WORTH_GBP)
        self.effects = fix_effects(self.light, self.answer.levels, of=of, say=self.say)
        before = played(self.light, self.answer.levels)
        for lever, fix in self.own:
            self.say(f"own fix: {fix.words}")
            self.effects.append(fix_effect(self.light, before, lever, fix))
        self.table("fixes", [_fix_cells(one) for one in self.effects])

    def finish(self, regimes: dict[str, Any], loopholes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The catalogue's rows, best gain first; none where no clause of the contract pays for gaming."""
        rows = []
        for number, one in enumerate(self.compounds, 1):
            rows.append(compound_row(self.game, number, one, self.use, regimes if number == 1 else {}))
        for name, one in self.singles.items():
            effects = [effect for effect in self.effects if effect.lever == name]
            rows.append(lever_row(self.game, one, self.use, effects, self.shares))
        keep = ("gain_mean_gbp", "gain_error_gbp", "gain_p5_gbp", "gain_p50_gbp", "gain_p95_gbp", "probability_worthwhile",
                "grade", "resembles", "fix", "residual_gain_mean_gbp", "residual_error_gbp", "fix_cost_honest_gbp")  # fmt: skip
        for k, row in enumerate([row for row in loopholes if row["kind"] == "unnamed"], 1):
            rows.append({
                "kind": "unnamed", "lever": "unnamed", "code": f"U{k}", "plain_english": row["sentence"], "bends": "record",
                **{name: row[name] for name in keep}, "creating_terms": ", ".join(row["clauses"]), "signature": row["edit"],
                "fix_changes": ", ".join(row["fix_changes"]), "evidence": "model only",
            })  # fmt: skip
        if not any(
            row["kind"] == "unnamed" or (row.get("pays_by") == "clauses" and row["gain_mean_gbp"] > WORTH_GBP) for row in rows
        ):
            # no clause pays for anything: what is left is care that is cut, which saves cost under any contract
            self.table("savings", [row for row in rows if row["kind"] == "named" and row["gain_mean_gbp"] > WORTH_GBP])
            return []
        columns = list(dict.fromkeys(name for row in rows for name in row))
        self.rows = [{name: row.get(name) for name in columns} for row in sorted(rows, key=lambda row: -row["gain_mean_gbp"])]
        self.table("gaming", self.rows)
        return self.rows


def _fix_cells(one: FixEffect) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "lever": one.lever, "fix": one.words, "changes": "; ".join(" ".join(p for p in part if p) for part in one.parts),
        "applies": one.applies,
    }  # fmt: skip
    changed = ("exposure_gamed", "public_gamed", "surplus_honest", "exposure_honest")
    for name in ("gain_before", "gain_after", "gain_change", *changed):
        mean, error = getattr(one, name)
        cells |= {f"{name}_gbp": mean, f"{name}_error_gbp": error}
    for name in ("health_gamed", "health_honest"):
        cells |= {f"{name}_qaly": getattr(one, name)[0]}
    if not one.applies:  # nothing was tried, so nothing is told but the words
        cells = {name: value if name in ("lever", "fix", "changes", "applies") else None for name, value in cells.items()}
        return {**cells, "losing_before": None, "losing_after": None, "displaced_to": ""}
    risen = "; ".join(f"{r.lever} {r.before:.3g} to {r.after:.3g}" for r in one.risen)
    return {**cells, "losing_before": one.losing_before, "losing_after": one.losing_after, "displaced_to": risen}
