"""How sure the figures are: how futures were drawn, how errors were measured, and what more futures would change.

Every figure is said by `say`, which notes the cell that it was read from.
"""

from __future__ import annotations

from collections.abc import Callable

from ..measures.headline import MEASURES, POUNDS, PROBABILITY
from . import words as W
from .source import Row, Source
from .table import Table
from .tracing import Trace

#: How futures were drawn, by kind of design; {n} futures, {r} replicates.
DRAWN = {
    "futures": "{n} futures were drawn one by one, each independent of all others.",
    "pairs": "{n} futures were drawn in pairs. The second of a pair is the mirror image of the first; pairs are independent.",
    "lhs": "{n} futures were drawn as {r} Latin hypercubes: in each, every draw covers its whole range in equal steps. "
           "Hypercubes are independent of each other; the futures of one are not.",
    "sobol": "{n} futures were drawn as {r} scrambled Sobol’ nets: in each, futures cover what may happen more evenly than "
             "chance would. Nets are independent of each other; the futures of one are not.",
    "stratified": "{n} futures were drawn by combination. The six uncertainties have 729 combinations of low, middle and high "
                  "destinations; half of the futures went to them by probability and half evenly, so that rare ones are "
                  "seen. The weight of a future undoes this in every figure here.",
    "importance": "{n} futures were drawn as {r} pairs of scrambled Sobol’ nets, in one of each pair nearer to a costly "
                  "failure than chance would have it, so that the tail is seen often. The weight of a future undoes this "
                  "in every figure here.",
}  # fmt: skip
#: What errors are measured by, for what is independent in the design.
MEASURED = {
    "futures": "Errors are measured by the spread of the futures.",
    "pairs": "Errors are measured by the spread of the pairs.",
    "replicates": "Errors are measured by how far the {r} of them are apart.",
    "cells": "Errors are measured by the spread of the futures within each combination.",
}
#: Designs whose futures weigh unlike each other, with what they are made for.
WEIGHED = {"stratified": "rare combinations", "importance": "the costly tail"}
#: What one would have to know, by the level of the table `variance_split`.
KNOWING = {
    "the six axes": "the whole course of the six uncertainties",
    "and what is settled before the first year": (
        "what is settled before the first year (how far the price misses the cost, what productivity can be had, what the new "
        "care brings, whether policy breaks)"
    ),
    "and national draws from year to year": "what befalls the whole country in each year",
}
TAIL_WORDS = {"surplus": "Provider’s surplus", "exposure": "Commissioner’s net exposure"}
ALL, BY_DESIGN, BY_RANK = "all futures", "by the design: ", "order statistics"
SAME = 1e-9


# ── how futures were drawn ─────────────────────────────────────────────────────────────────────────────────────────
def _kind(source: Source) -> str:
    design = source.design
    return design.kind if design.kind != "random" else design.units


def design(source: Source, say: Trace) -> str:
    """How the futures of this run were drawn, and how errors follow from it."""
    counts = {"n": say.number(_all(source)[0], "futures"), "r": str(source.design.replicates)}
    return f"{DRAWN[_kind(source)]} {MEASURED[source.design.units]}".format(**counts)


def counted(source: Source) -> str:
    """How futures are counted; nothing where each counts once."""
    return "" if _even(source) else ", each counted by its weight"


def _weights(source: Source) -> dict[str, Row]:
    return {str(row["measure"]): row for row in source.rows("convergence") if row["block"] == "weights"}


def _even(source: Source) -> bool:
    """Whether every future has the same weight."""
    row = _weights(source)["effective_futures"]
    return bool(row["value"] >= (1.0 - SAME) * row["futures"])


def weights(source: Source, say: Trace) -> str:
    """What unequal weights cost; nothing where they are equal."""
    if _even(source):
        return ""
    found = _weights(source)
    row = found["effective_futures"]
    text = (
        f"By their weights alone {say.number(row, 'futures')} futures tell as much as {say.number(row, 'value', None)} of equal "
        f"weight; the heaviest has {say.percent(found['largest_share'], 'value', 2)} of the whole weight."
    )
    aim = WEIGHED.get(source.design.kind)
    return f"{text} On {aim}, for which they were drawn so, they tell more." if aim else text


# ── by number of futures ───────────────────────────────────────────────────────────────────────────────────────────
def _halves(source: Source) -> list[Row]:
    return [row for row in source.rows("convergence") if row["block"] == "doubling"]


def _all(source: Source) -> list[Row]:
    return [row for row in _halves(source) if row["note"] == ALL]


def _said(say: Trace, row: Row, column: str) -> str:
    unit = MEASURES[str(row["measure"])].unit
    if unit == PROBABILITY:
        return say.percent(row, column)
    return say.pounds(row, column) if unit == POUNDS else say.number(row, column)


def _interval(say: Trace, row: Row) -> str:
    if not (W.known(row["low"]) and W.known(row["high"])):
        return W.NONE
    return f"{_said(say, row, 'low')} to {_said(say, row, 'high')}"


def _error(say: Trace, row: Row) -> str:
    unit = MEASURES[str(row["measure"])].unit
    return error_said(say, row, "error", unit == PROBABILITY, W.pounds if unit == POUNDS else W.number)


def error_said(say: Trace, row: Row, column: str, share: bool, form: Callable[..., str] = W.pounds) -> str:
    """A standard error: of a share in percentage points, of anything else in two figures."""
    value = row[column]
    if not W.known(value):
        return W.NONE
    return say.cite(row, column, f"{W.in_points(value)} points" if share else W.spare(value, form))


def headline(source: Source, say: Trace) -> Table:
    """Headline measures from all futures, and their intervals from half and from a quarter of them."""
    names = list(dict.fromkeys(str(row["measure"]) for row in _all(source)))
    of = {name: [row for row in _halves(source) if row["measure"] == name] for name in names}
    steps = min(3, min(len(rows) for rows in of.values()))
    rows = [
        [
            W.sentence(MEASURES[name].words), _said(say, of[name][0], "value"), _error(say, of[name][0]),
            *(_interval(say, row) for row in of[name][:steps]),
        ]
        for name in names
    ]  # fmt: skip
    sizes = [f"{int(row['futures']):,}" for row in of[names[0]][:steps]]
    headings = ("Measure", "Estimate", "Standard error", *(f"95% interval, {size} futures" for size in sizes))
    return Table("headline", "Headline figures by number of futures: honest provider", headings, rows, 2 + steps)


def doubling(source: Source, say: Trace) -> Table:
    """Every measure at every number of futures."""
    rows = [
        [
            W.sentence(MEASURES[str(row["measure"])].words), str(row["note"]), say.number(row, "futures"),
            _said(say, row, "value"), _error(say, row), _interval(say, row),
        ]
        for row in _halves(source)
    ]  # fmt: skip
    headings = ("Measure", "Which futures", "Futures", "Estimate", "Standard error", "95% interval")
    return Table("doubling", "Fewer and fewer futures", headings, rows, 4)


def held(source: Source) -> str:
    """Whether the intervals from fewer futures hold the estimate from all of them."""
    whole = {row["measure"]: row["value"] for row in _all(source)}
    fewer = [row for row in _halves(source) if row["note"] != ALL and W.known(row["low"]) and W.known(row["high"])]
    if not fewer:
        return "There are too few futures to look at fewer."
    missed = [MEASURES[str(row["measure"])].words for row in fewer if not row["low"] <= whole[row["measure"]] <= row["high"]]
    if not missed:
        return "Every interval from half of the futures, a quarter and so on holds the estimate from all of them."
    named = W.listed(list(dict.fromkeys(missed)))
    return f"Some interval from half of the futures, a quarter and so on misses the estimate from all of them, for {named}."


def tails(source: Source, say: Trace) -> Table:
    """Percentiles with the design's interval and with that of order statistics."""
    rows = [row for row in source.rows("convergence") if row["block"] == "tails"]
    designed = [row for row in rows if str(row["note"]).startswith(BY_DESIGN)]
    ranked = {row["measure"]: row for row in rows if str(row["note"]).startswith(BY_RANK)}
    shown = []
    for row in designed:
        level, _, name = str(row["measure"]).partition("_")
        other = ranked[row["measure"]]
        shown.append([
            f"{TAIL_WORDS.get(name, W.spoken(name))}, {level[1:]}th percentile", W.sentence(str(other["note"])),
            say.pounds(row), *(_bounds(say, one, row["error"]) for one in (row, other)),
        ])  # fmt: skip
    headings = ("Percentile", "Bounds by rank", "Estimate", "95% interval, by the design", "95% interval, by rank")
    return Table("tails", "Percentiles and their bounds", headings, shown, 3)


def _bounds(say: Trace, row: Row, error: float) -> str:
    if not (W.known(row["low"]) and W.known(row["high"])):
        return W.NONE
    return " to ".join(say.cite(row, end, W.pounds(row[end], error)) for end in ("low", "high"))


# ── the world and local chance ─────────────────────────────────────────────────────────────────────────────────────
def knowing(source: Source, say: Trace) -> str:
    """How much of the spread of exposure one would be rid of by knowing more and more."""
    first = str(source.rows("variance_split")[0]["measure"])
    rows = [row for row in source.rows("variance_split") if row["measure"] == first]
    parts = [(KNOWING.get(str(row["shared"]), str(row["shared"])), say.percent(row, "share_of_variance", 0)) for row in rows]
    (known, share), *others = parts
    return (
        f"If one knew {known}, {share} of the spread between futures (the variance of {first}) would be gone"
        f"{''.join(f'; if one also knew {words}, {more}' for words, more in others)}. The rest is local chance from year to "
        "year, which no scenario tells."
    )


def variance_split(source: Source, say: Trace) -> Table:
    """Shares of variance by what is known, one column a measure."""
    rows = source.rows("variance_split")
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    cells = {(row["shared"], row["measure"]): row for row in rows}

    def share(level: str, measure: str) -> str:
        row = cells[level, measure]
        return f"{say.percent(row, 'share_of_variance')} ({error_said(say, row, 'error', True)})"

    shown = [
        [W.sentence(KNOWING.get(level, level)), *(share(level, measure) for measure in measures)]
        for level in dict.fromkeys(str(row["shared"]) for row in rows)
    ]
    shares = [f"{W.sentence(measure)}: share (standard error)" for measure in measures]
    headings = ("What is known, each row with those above it", *shares)
    return Table("variance_split", "Share of the variance that is explained", headings, shown, len(measures))
