"""Checks on shares that belong together: whether they add to the whole, and whether limits point the right way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..place import Quantity
from ._case import Case, listed, part
from ._finding import Check, Remark
from ._sharing import Sharing, edge, sharings

NEARLY = 0.9


def weights(case: Case) -> Iterator[Remark]:
    """Shares or weights that belong together and do not add to the whole.

    Several clauses on one gap may together hand out more than each pound of it; the payer then loses money on a saving.
    Shares of one pool that add to more than 1 pay out what is not there, and shares that add to a little less leave a rest
    that may have been forgotten. An indicator without weight is reported and never paid on. Source: arithmetic; the
    improvement payment's own check sees to the weights of one clause.
    """
    yield from _gap_shares(case)
    yield from _pools(case)
    for term in case.of_kind("improvement_payment"):
        for k, row in enumerate(term.values["indicators"]):
            if isinstance(row["weight"], Quantity) and all(row["weight"].at(y) == 0.0 for y in case.years(term)):
                sentence = f"{row['name']} (row {k + 1} of {term.id}) has no weight in any year: it is reported, never paid on."
                yield Remark("note", term.id, "indicators.weight", sentence, "Give it a weight, or take it out.")


def _gap_shares(case: Case) -> Iterator[Remark]:
    seen: set[tuple[tuple[str, ...], str]] = set()
    for year in range(case.contract.years):
        groups: dict[tuple[str, str, str, str], list[Sharing]] = {}
        for one in sharings(case, year):
            if one.target:
                groups.setdefault((one.target, one.actual, one.scale, one.term.payer), []).append(one)
        for (target, actual, _, payer), group in groups.items():
            if len({one.term.payee for one in group}) < 2:
                continue
            for side in ("gain", "loss"):
                total, at = _largest(group, side)
                key = (tuple(one.term.id for one in group), side)
                if total > 1.0 + 1e-9 and key not in seen:
                    seen.add(key)
                    does = "pays out" if side == "gain" else "collects"
                    sentence = (
                        f"{listed(key[0])} share one gap ({target} less {actual}): beyond {edge(case, group[0], at)}, {payer} "
                        f"{does} {part(total)} of every {case.coin} of a {side}."
                    )
                    remedy = "Cut the shares so that they add to the whole at most."
                    yield Remark("fault", group[-1].term.id, group[-1].term.kind.fields[0].name, sentence, remedy)


def _largest(group: list[Sharing], side: str) -> tuple[float, float]:
    """The largest sum of shares on a side, and the size of the gap from which it holds."""
    starts = sorted({band.start for one in group for band in one.side(side)})
    best, where = 0.0, 0.0
    for start in starts:
        total = sum(band.share for one in group for band in one.side(side) if band.start <= start < band.end)
        if total > best:
            best, where = total, start
    return best, where


def _pools(case: Case) -> Iterator[Remark]:
    pools: dict[tuple[str, str], list[Any]] = {}
    for term in case.of_kind("payment"):
        price = term.values["price"]
        if (
            isinstance(price, Quantity)
            and price.unit.startswith("share")
            and term.values["of"] != "one"
            and not term.scaled_by
        ):
            pools.setdefault((term.payer, term.values["of"]), []).append(term)
    for (payer, of), group in pools.items():
        years = set.intersection(*(set(case.years(term)) for term in group))
        payees = {term.payee for term in group}
        if len(payees) < 2 or not years:
            continue
        total = max(sum(term.at(year)["price"] for term in group) for year in years)
        ids = listed(term.id for term in group)
        if total > 1.0 + 1e-9:
            sentence = f"{ids} are shares of {of} that {payer} pays out; they add to {part(total)}, more than there is."
            yield Remark("fault", group[-1].id, "price", sentence, "Cut the shares so that they add to 100% at most.")
        elif NEARLY <= total < 1.0 - 1e-9:
            sentence = (
                f"{ids} are shares of {of}; they add to {part(total)}, and {part(1.0 - total)} stays with {payer}."
            )
            yield Remark(
                "note", group[-1].id, "price", sentence, "Say who keeps the rest, or let the shares add to 100%."
            )


def limit_direction(case: Case) -> Iterator[Remark]:
    """A limit on several clauses one of which runs the other way, without the weight −1.

    The limit adds up amounts as if all ran from its payer to its payee. A clause the other way round must be taken off; one
    between other parties has no place in the sum. Source: the overall limit's own rule.
    """
    ids = {term.id: term for term in case.terms}
    for limit in case.of_kind("overall_limit"):
        for row in limit.at(limit.start)["of"]:
            term = ids.get(row["clause"])
            if term is None or not term.kind.moves:
                continue
            same, back = (limit.payer, limit.payee), (limit.payee, limit.payer)
            runs = (term.payer, term.payee)
            wrong = (runs == same and row["weight"] < 0.0) or (runs == back and row["weight"] > 0.0)
            if wrong or runs not in (same, back):
                sentence = (
                    f"{limit.id} runs from {limit.payer} to {limit.payee} and counts {term.id}, which runs from {term.payer} to "
                    f"{term.payee}, with the weight {row['weight']:g}: the sum that is limited is not what changes hands."
                )
                remedy = "Clauses that run the same way take a positive weight, those that run back −1, others none."
                yield Remark("fault", limit.id, "of", sentence, remedy)


def limit_on_figure(case: Case) -> Iterator[Remark]:
    """A limit on a figure: something that moves no money, so that there is nothing to limit.

    The limit pays the difference between the figure and its cap, as if the figure had been paid; nobody has paid it, and
    the money is moved for nothing. Source: the overall limit's own rule.
    """
    moving = {term.id for term in case.clauses}
    for limit in case.of_kind("overall_limit"):
        for row in limit.at(limit.start)["of"]:
            if row["clause"] not in moving:
                sentence = (
                    f"{limit.id} limits {row['clause']}, which is a figure and moves no money: beyond the limit {limit.id} "
                    f"itself would pay or take back what nobody has paid."
                )
                remedy = f"Name the clause that pays {row['clause']}, or bound the figure with a formula: min, max or clip."
                yield Remark("fault", limit.id, "of", sentence, remedy)


CHECKS = (
    Check("weights", weights), Check("limit-direction", limit_direction), Check("limit-on-figure", limit_on_figure),
)  # fmt: skip
