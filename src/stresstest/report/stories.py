"""Futures of a run, told when it is summed up and read back by the page: four of the first scenario, one of each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..analysis.narrative import REFERENCE_FUTURES, reference_futures, tell
from ..analysis.representatives import MEDIAN, ROLES, pick_representatives
from ..strategy import Strategy
from ..study import Study
from . import words as W
from .narrative import narrate
from .source import Source
from .tracing import TableRow

NUMBERS = ("No", "One", "Two", "Three", "Four")


def story_rows(folder: Path, study: Study, strategy: Strategy, reference: int = REFERENCE_FUTURES) -> list[dict[str, Any]]:
    """One row a representative future of the first scenario, then the median one of each other scenario.

    Columns: role, future, strategy, its story, what ranks compare with, scenario. Needs the run's tables and simulates
    `reference` futures for the ranks, so it belongs to a run and not to its report.
    """
    among = reference_futures(study, strategy, reference)
    rows = []
    for k, scenario in enumerate(study.scenarios):
        for chosen in pick_representatives(folder, scenario.name, strategy.name, None if k == 0 else (MEDIAN,)):
            story = narrate(tell(study, scenario, strategy, chosen.future, among))
            rows.append({
                "role": chosen.role, "future": chosen.future, "strategy": strategy.name, "text": story.text,
                "note": story.note, "scenario": scenario.name,
            })  # fmt: skip
    return rows


def of_scenario(source: Source, scenario: str) -> list[TableRow]:
    """Rows of the stories of one scenario; a run made before stories told their scenario has those of the first only."""
    return [row for row in source.rows("stories") if row.get("scenario", source.main) == scenario]


def stories(source: Source) -> dict[str, Any] | None:
    """Title, stories and note for the page; None where the run has no stories."""
    rows = of_scenario(source, source.main)
    if not rows:
        return None
    told = [
        {"title": f"Future {int(row['future']):,}: {ROLES.get(str(row['role']), str(row['role']))}", "text": str(row["text"]),
         "future": int(row["future"])}
        for row in rows
    ]  # fmt: skip
    count = NUMBERS[len(rows)] if len(rows) < len(NUMBERS) else str(len(rows))
    run = source.manifest["run_id"]
    return {
        "title": f"{count} future{'s' if len(rows) > 1 else ''}, told", "told": told, "note": str(rows[0]["note"]),
        "strategy": W.spoken(str(rows[0]["strategy"])),
        "command": f"python3 run.py explain reports/runs/{run} --future {told[0]['future']}",
    }  # fmt: skip
