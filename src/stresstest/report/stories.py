"""Four futures of a run, told: chosen and put into words when the run is summed up, and read back by the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..analysis.narrative import REFERENCE_FUTURES, tell
from ..analysis.representatives import ROLES, pick_representatives
from ..strategy import Strategy
from ..study import Study
from . import words as W
from .narrative import narrate
from .source import Source

NUMBERS = ("No", "One", "Two", "Three", "Four")


def story_rows(folder: Path, study: Study, strategy: Strategy, reference: int = REFERENCE_FUTURES) -> list[dict[str, Any]]:
    """One row a representative future of the first scenario: role, future, strategy, its story, and what ranks compare with.

    Needs the run's tables and simulates `reference` futures for the ranks, so it belongs to a run and not to its report.
    """
    scenario = study.scenarios[0]
    rows = []
    for chosen in pick_representatives(folder, scenario.name, strategy.name):
        story = narrate(tell(study, scenario, strategy, chosen.future, reference))
        rows.append({
            "role": chosen.role, "future": chosen.future, "strategy": strategy.name, "text": story.text, "note": story.note,
        })  # fmt: skip
    return rows


def stories(source: Source) -> dict[str, Any] | None:
    """Title, stories and note for the page; None where the run has no stories."""
    rows = source.rows("stories")
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
