"""Before the first year, in words: how often the contract starts, and in what scope. Every other figure supposes it does."""

from __future__ import annotations

from . import words as W
from .source import Figure, Source, real
from .table import Table

PROBABILITY, POUNDS, SHARE = "probability", "GBP", "share of scope"


def figures(source: Source) -> dict[str, Figure]:
    """The figures of the table `starting`, by name."""
    rows = source.rows("starting")
    return {str(r["figure"]): Figure(real(r["value"]), real(r["error"]), str(r["unit"])) for r in rows}


def starting_sentence(source: Source) -> str:
    """What the answers are conditional on, and how often it comes about."""
    found = {name: W.percent(figure.value) for name, figure in figures(source).items()}
    return (
        f"All this is given that the contract starts in full scope. In {found['never_starts']} of futures it never starts; in "
        f"{found['fragment']} only a fragment is ever moved; in {found['as_planned']} most of it is moved and it runs its "
        "term; in the rest it ends early."
    )


def counted_in(source: Source) -> str:
    """The headline figures with the chance of never starting and the realised scope counted in."""
    found = figures(source)
    chance = [W.percent(found[name].value) for name in ("losses_all", "losses")]
    money = {name: W.pounds(f.value, f.error) for name, f in found.items() if f.unit == POUNDS}
    return (
        f"With never starting and the realised scope counted in, losses end {chance[0]} of contracts ({chance[1]} given a full "
        f"start), the provider’s mean surplus is {money['surplus_all']} ({money['surplus']}) and mean net exposure "
        f"{money['exposure_all']} ({money['exposure']})."
    )


def starting(source: Source) -> Table:
    """Every figure with its error."""
    rows = [[W.sentence(str(row["words"])), *_shown(source, str(row["figure"]))] for row in source.rows("starting")]
    caption = "Before the first year: honest provider, independent futures of their own"
    return Table("starting", caption, ("Figure", "Value", "Standard error"), rows, 2)


def _shown(source: Source, name: str) -> tuple[str, str]:
    """A figure and its error in the figure's own unit."""
    figure = figures(source)[name]
    if figure.unit in (PROBABILITY, SHARE):
        return W.percent(figure.value), W.points(figure.error).replace("percentage points", "points")
    if figure.unit == POUNDS:
        return W.pounds(figure.value, figure.error), W.spare(figure.error)
    return f"{W.number(figure.value, figure.error)} {figure.unit}", W.as_set(float(f"{figure.error:.1g}"))
