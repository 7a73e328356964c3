"""Before the first year, in words: how often the contract starts, and in what scope. Every other figure supposes it does."""

from __future__ import annotations

from . import words as W
from .certainty import error_said
from .source import Row, Source
from .table import Table
from .tracing import Trace

PROBABILITY, POUNDS, SHARE = "probability", "GBP", "share of scope"


def figures(source: Source) -> dict[str, Row]:
    """The rows of the table `starting`, by the figure's name."""
    return {str(row["figure"]): row for row in source.rows("starting")}


def starting_sentence(source: Source, say: Trace) -> str:
    """What the answers are conditional on, and how often it comes about."""
    rows = figures(source)
    found = {name: say.percent(rows[name]) for name in ("never_starts", "fragment", "as_planned")}
    return (
        f"All this is given that the contract starts in full scope. In {found['never_starts']} of futures it never starts; in "
        f"{found['fragment']} only a fragment is ever moved; in {found['as_planned']} most of it is moved and it runs its "
        "term; in the rest it ends early."
    )


def counted_in(source: Source, say: Trace) -> str:
    """The headline figures with the chance of never starting and the realised scope counted in."""
    found = figures(source)
    chance = [say.percent(found[name]) for name in ("losses_all", "losses")]
    money = {name: say.pounds(row) for name, row in found.items() if row["unit"] == POUNDS}
    return (
        f"With never starting and the realised scope counted in, losses end {chance[0]} of contracts ({chance[1]} given a full "
        f"start), the provider’s mean surplus is {money['surplus_all']} ({money['surplus']}) and mean net exposure "
        f"{money['exposure_all']} ({money['exposure']})."
    )


def starting(source: Source, say: Trace) -> Table:
    """Every figure with its error."""
    rows = [[W.sentence(str(row["words"])), *_shown(say, row)] for row in source.rows("starting")]
    caption = "Before the first year: honest provider, independent futures of their own"
    return Table("starting", caption, ("Figure", "Value", "Standard error"), rows, 2)


def _shown(say: Trace, row: Row) -> tuple[str, str]:
    """A figure and its error in the figure's own unit."""
    unit = str(row["unit"])
    if unit in (PROBABILITY, SHARE):
        return say.percent(row), error_said(say, row, "error", True)
    if unit == POUNDS:
        return say.pounds(row), error_said(say, row, "error", False)
    return f"{say.number(row)} {unit}", say.cite(row, "error", W.as_set(float(f"{row['error']:.1g}")))
