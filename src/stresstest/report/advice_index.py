"""Which analyses there are, and which of them stand in a run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .advice_source import FACTS, AdviceSource

PAGE = "index.html"
#: Analyses in the order of the questions, and what each is called on a page.
ANALYSES = {
    "compare": "Drafts compared", "sensitivity": "Which uncertainty matters", "discover": "In which futures it fails",
    "reverse": "What it would take", "breakeven": "How much would be enough", "tradeoffs": "What is given up for what",
    "signposts": "What to watch", "playbook": "What to do about it", "risks": "Who bears what",
}  # fmt: skip
ADVICE = "advice"


def advice_of_run(folder: Path) -> list[dict[str, Any]]:
    """The analyses that stand in a run's folder, in the order of the questions: what each asks, answers and where its page is."""
    found = []
    for verb, title in ANALYSES.items():
        if (folder / ADVICE / verb / FACTS).is_file():
            record = AdviceSource(folder / ADVICE / verb).record
            found.append({
                "verb": verb, "title": title, "question": record["question"], "answer": list(record["answer"])[:2],
                "page": f"../{ADVICE}/{verb}/{PAGE}",
            })  # fmt: skip
    return found
