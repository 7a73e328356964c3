"""The whole search on a study, step by step, into one folder: what `stresstest gaming STUDY` does.

Honest work; levers alone; the best response over all of them; peeling; shares and synergies; regimes; loopholes of the wording
on honest books; fixes; double oracle and regret; provider types; the commissioner's own opportunism; freedom, trade-offs, who
is harmed; five findings. `quick` stops after the loopholes.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from ..levers._lever import Fix
from ..study import Study
from ..units import pounds
from .further import run
from .output import Output
from .searching import FUTURES, WORTH_GBP, Say, Search


def search_study(
    study: Study, out: Path | None, jobs: int, quick: bool, say: Say, own: tuple[tuple[str, Fix], ...] = (),
    futures: tuple[int, int] = FUTURES,
) -> list[dict[str, Any]]:  # fmt: skip
    """Search a study and return its catalogue; with `out`, every table and the archive go into that folder. `own` fixes are
    tried with the levers' known ones. `futures`: searched and verified.

    Errors: ConfigError for a first scenario whose futures do not all weigh the same, and for a folder that cannot be written.
    """
    if study.scenarios[0].consistency:
        raise ConfigError("the search weighs all futures alike; give a first scenario without factors", key="scenarios")
    if out is None:
        return _steps(Search(study, jobs, None, say, own, futures), quick)
    with Output(out) as folder:
        found = Search(study, jobs, folder, say, own, futures)
        rows = _steps(found, quick)
        folder.facts("run.json", _facts(found))
        folder.done()
    return rows


def _steps(found: Search, quick: bool) -> list[dict[str, Any]]:
    found.levers_alone()
    found.best()
    found.catalogue()
    regimes = found.regimes()
    loopholes = found.wording()
    if not quick:
        found.fixes()
        run(found)
    return found.finish(regimes, loopholes)


def _facts(found: Search) -> dict[str, Any]:
    answer = found.answer
    return {
        "title": found.study.title, "study": found.study.name, "contract": found.study.contract.name, "seed": found.study.seed,
        "futures": found.game.verify.n, "search_futures": found.game.polish.n, "evaluations": found.game.evaluations,
        "honest": dict(found.game.honest), "best": dict(answer.levels), "gain_gbp": answer.gain, "gain_error_gbp": answer.error,
        "winners_curse_gbp": answer.winners_curse, "inputs_hash": found.study.inputs_hash,
        "seconds": round(time.perf_counter() - found.started, 1),
    }  # fmt: skip


def as_text(rows: list[dict[str, Any]]) -> str:
    """The catalogue for a terminal."""
    paying = [row for row in rows if row["gain_mean_gbp"] > WORTH_GBP]
    if not paying:
        return (
            "The catalogue is empty: no lever bends a clause of this contract to the provider's gain, and no edit of its wording "
            "pays.\nCare that is cut saves cost under any contract: savings.csv says how much here."
        )
    lines = [f"{'gain':>9} {'±':>7} {'harm':>9}  what"]
    for row in paying:
        harm = row.get("harm_mean_gbp")
        name = row["lever"] if row["kind"] != "unnamed" else f"UNNAMED (like {row['resembles']}): {row['plain_english']}"
        told = pounds(harm) if harm is not None else ""
        lines.append(f"{pounds(row['gain_mean_gbp']):>9} {pounds(row['gain_error_gbp']):>7} {told:>9}  {row['code']} {name}")
        if row.get("fix"):
            left = row.get("residual_gain_mean_gbp")
            then = f"; the best response then gains {pounds(left)}" if left is not None and row["kind"] != "unnamed" else ""
            lines.append(f"{'':29}fix: {row['fix']}{then}")
    return "\n".join(lines)


__all__ = ["Search", "as_text", "search_study"]
