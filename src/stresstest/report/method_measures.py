"""The method book's part on measures: every figure that a run or an analysis states, defined, with its sum and its source."""

from __future__ import annotations

from .method_condensed import condensed_entries
from .method_figures import figure_entries, toy_text, yearly_entries
from .method_methods_list import method_entries
from .method_statistics import ending_entries, headline_entries, hurdle_entries, run_text, statistic_entries
from .method_worked import Entry, entry_text

TITLE = "Measures, one by one"
WHY = (
    "Each measure has a definition, a formula, a source and a sum. The sums are not typed: the code that computes the measure "
    "was called on small numbers when this book was written, so a sum that looks wrong is a fault of the engine."
)


def sections() -> list[tuple[str, list[str], list[Entry]]]:
    """(title, what to know first, entries) of each group, in the order of reading."""
    return [
        ("Figures of a future", toy_text(), [*figure_entries(), *yearly_entries()]),
        ("Statistics over futures", [], [*statistic_entries(), *ending_entries()]),
        ("Futures that are summed up and not kept", [], condensed_entries()),
        ("Headline measures", run_text(), headline_entries()),
        ("Hurdles", ["What failing means is set in the study, party by party (docs/advice.md)."], hurdle_entries()),
        ("Methods of advice and of the search for gaming", [], method_entries()),
    ]


def entries() -> list[Entry]:
    """Every measure."""
    return [one for _, _, own in sections() for one in own]


def measures_text() -> list[str]:
    """The whole part as lines of Markdown."""
    lines = [f"## {TITLE}", "", WHY, ""]
    for title, before, own in sections():
        lines += [f"### {title}", "", *before, ""]
        for one in own:
            lines += entry_text(one)
    return lines
