"""Checks on tiers, bands and layers: holes between them, and two clauses that share the same part of one thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from ..contract import Term
from ._case import Case, part
from ._finding import Check, Remark
from ._sharing import Band, Sharing, edge, opening, sharings

ROWS = {"corridor": "bands", "layered_share": "layers", "gain_loss_share": "tiers", "surplus_fee": "layers"}


def tier_gap(case: Case) -> Iterator[Remark]:
    """A hole between two tiers, bands or layers, in which nothing is shared.

    It is allowed, and a reinsurance programme may mean it; in a hand-written table it is more often a slip of a figure. In
    the hole the party that bears the cost bears all of it, so that a pound there hurts more than one on either side.
    Source: judgement; the clauses' own checks refuse overlaps only.
    """
    for term in case.clauses:
        one = opening(case, term)
        for side in ("gain", "loss") if one else ():
            for low, high in pairwise(one.side(side)):  # type: ignore[union-attr]
                if high.start > low.end + 1e-12:
                    yield _gap(case, one, side, low, high)  # type: ignore[arg-type]
    for term in case.of_kind("surplus_fee"):
        layers = term.at(term.start)["layers"]
        for low_row, high_row in pairwise(layers):
            if high_row["from"] > low_row["to"]:
                hole = f"from {case.money(low_row['to'])} to {case.money(high_row['from'])}"
                yield Remark(
                    "warning", term.id, "layers", f"{term.id} pays nothing on the part of a surplus {hole}.", REMEDY_GAP
                )


REMEDY_GAP = "Let each begin where the last ends, or say in a note that the hole is meant."


def _gap(case: Case, one: Sharing, side: str, low: Band, high: Band) -> Remark:
    what = f"of a {side}" if one.target else f"of {one.actual}"
    sentence = (
        f"{one.term.id} shares nothing of the part {what} between {edge(case, one, low.end)} and "
        f"{edge(case, one, high.start)}, though it shares {part(low.share)} below and {part(high.share)} above."
    )
    return Remark("warning", one.term.id, ROWS[one.term.kind.name], sentence, REMEDY_GAP)


def tier_overlap(case: Case) -> Iterator[Remark]:
    """Two clauses that share the same part of the same thing between the same two parties.

    A clause refuses tiers of its own that overlap, but cannot see its neighbour: a stop-loss beside a corridor, or two
    gain shares on one gap, count the same pound twice. What is paid on it is the sum of both shares, which may pass the
    whole. Source: judgement; Casualty Actuarial Society, Basics of Reinsurance Pricing (Clark, 2014) on the order in which
    treaties inure to each other's benefit (recalled).
    """
    seen: set[tuple[str, str, str]] = set()
    for year in range(case.contract.years):
        for first, second in combinations(sharings(case, year), 2):
            for side in ("gain", "loss"):
                key = (first.term.id, second.term.id, side)
                common = _common(first, second, side)
                if common and key not in seen:
                    seen.add(key)
                    yield _overlap(case, first, second, side, common)


def _common(first: Sharing, second: Sharing, side: str) -> tuple[Band, Band] | None:
    same = (first.parties, first.target, first.actual, first.scale)
    if same != (second.parties, second.target, second.actual, second.scale):
        return None
    for one in first.side(side):
        for other in second.side(side):
            if max(one.start, other.start) < min(one.end, other.end):
                return one, other
    return None


def _overlap(case: Case, first: Sharing, second: Sharing, side: str, common: tuple[Band, Band]) -> Remark:
    one, other = common
    start, end = max(one.start, other.start), min(one.end, other.end)
    gap = f"{first.target} less {first.actual}" if first.target else first.actual
    upper = "on" if end == float("inf") else f"to {edge(case, first, end)}"
    total = one.share + other.share
    same_way = first.term.payer == second.term.payer
    adds = f"{part(one.share)} and {part(other.share)}" + (
        f" add to {part(total)}" if same_way else " in opposite directions"
    )
    sentence = (
        f"{first.term.id} and {second.term.id} share the same part of a {side} ({gap}) between {first.term.payer} and "
        f"{first.term.payee}, from {edge(case, first, start)} {upper}: {adds}."
    )
    remedy = f"Let {second.term.id} read a figure net of {first.term.id}, or give the two ranges that do not meet."
    return Remark(
        "fault" if same_way and total > 1.0 else "warning", second.term.id, _field(second.term), sentence, remedy
    )


def _field(term: Term) -> str:
    field = ROWS.get(term.kind.name, "")
    return field if term.values.get(field) else term.kind.fields[0].name


CHECKS = (Check("tier-gap", tier_gap), Check("tier-overlap", tier_overlap))
