"""Checks on the order of the clauses: what is counted before what, and what the order that is written means."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .. import layout as L
from ..contract import Term
from ..terms import BY_NAME
from ._case import NO_LIMIT, Case, balance_of, listed, quantities
from ._finding import Check, Remark
from ._sharing import edge, sharings
from .idle import pays_nothing

HOLD_BACKS = ("retention", "claw_back")


def order_sensitive(case: Case) -> Iterator[Remark]:
    """Clauses whose result would differ if they stood in another order, where the order written looks odd.

    A clause sees only what stands above it. A profit cap, a collar or a fee that reads income counts the payments above it
    and not those below; a limit binds the clauses that it names and nothing after it; a retention may hold back money that
    a limit has taken away already; a stop-loss and a corridor that both read the gross cost pay twice for one pound.
    Clauses that stand where one would look for them are not named. Source: the rule that clauses apply in the order of the
    file; 42 CFR 425.605 for a haircut before or after a cap.
    """
    for number, term in enumerate(case.terms):
        yield from _later_money(case, number, term)
        yield from _read_too_early(case, number, term)
        yield from _before_the_cut(case, number, term)
        yield from _haircut(case, term)
    yield from _after_the_limit(case)
    yield from _gross_twice(case)


def _matters(case: Case, term: Term) -> bool:
    """Whether a clause moves money itself or steers one that does."""
    return term.kind.moves or any(term.id in case.leans_on[other.id] for other in case.clauses)


def _later_money(case: Case, number: int, term: Term) -> Iterator[Remark]:
    balances = dict.fromkeys(name for _, name in case.read[term.id] if balance_of(name))
    for name in balances if _matters(case, term) and not pays_nothing(case, term) else ():
        party, received = balance_of(name), name.startswith("received.")
        later = [
            other.id for other in case.terms[number + 1 :]
            if other.kind.moves and party in ((other.payee,) if received else (other.payer, other.payee))
            and term.id not in case.leans_on[other.id] and not pays_nothing(case, other)
            and not set(case.years(term)).isdisjoint(case.years(other))
        ]  # fmt: skip
        if later:
            stand = "stands" if len(later) == 1 else "stand"
            sentence = (
                f"{term.id} reads {name}, which counts what stands above it; {listed(later)} {stand} below and "
                f"{'is' if len(later) == 1 else 'are'} not counted. As written, {term.id} does not see that money."
            )
            remedy = f"Put {term.id} below {listed(later)} if it should count, or say in a note that it should not."
            yield Remark("warning", term.id, _field_of(case, term, name), sentence, remedy)


def _field_of(case: Case, term: Term, name: str) -> str:
    return next((field for field, read in case.read[term.id] if read == name), "")


def _read_too_early(case: Case, number: int, term: Term) -> Iterator[Remark]:
    written = {name for earlier in case.terms[:number] for name in earlier.kind.writes}
    for field, name in case.read[term.id]:
        writers = [other.id for other in case.terms[number + 1 :] if name in other.kind.writes]
        if name in BY_NAME and BY_NAME[name].paid and name not in written and writers:
            sentence = (
                f"{term.id} reads {name} above {writers[0]}, which sets it: here it is what a table gives, and not what the "
                f"contract comes to."
            )
            yield Remark("warning", term.id, field, sentence, f"Put {writers[0]} above {term.id}.")


def _before_the_cut(case: Case, number: int, term: Term) -> Iterator[Remark]:
    for limit in case.of_kind("overall_limit"):
        limited = {row["clause"] for row in limit.at(limit.start)["of"]}
        for field, name in case.read[term.id] if term.kind.name in HOLD_BACKS else ():
            if name in limited:
                sentence = (
                    f"{term.id} reads {name} as it stood before {limit.id} limited it, and so works on money that may have "
                    f"been cut."
                )
                remedy = f"Let it read {limit.id}.allowed, below {limit.id}."
                yield Remark("warning", term.id, field, sentence, remedy)


def _haircut(case: Case, term: Term) -> Iterator[Remark]:
    if term.kind.name != "shared_savings" or case.zero(term, "haircut") or case.zero(term, "max_share"):
        return
    values = term.at(term.start)
    cap, cut = values["gain_cap_benchmark"], values["haircut"]
    if cap >= NO_LIMIT:
        return
    whole = case.sized(cap, values["benchmark"])
    after = f"{whole} less the haircut" if math.isnan(cut) else case.sized(cap * (1.0 - cut), values["benchmark"])
    order, other = ("before", "after") if values["haircut_order"] == "before_cap" else ("after", "before")
    pays = f"the full cap of {whole}" if order == "before" else after
    would = after if order == "before" else f"the full cap of {whole}"
    sentence = (
        f"{term.id} takes its haircut {order} the cap: a saving far above the cap pays {pays}; {other} the cap it would pay "
        f"{would}."
    )
    yield Remark(
        "note", term.id, "haircut_order", sentence, "Make sure that both parties read the clause in this order."
    )


def _after_the_limit(case: Case) -> Iterator[Remark]:
    for limit in case.of_kind("overall_limit"):
        at = case.terms.index(limit)
        later = [
            other.id for other in case.terms[at + 1 :]
            if other.kind.moves and {other.payer, other.payee} == {limit.payer, limit.payee}
            and other.kind.exposure in (L.X_GAIN_SHARE, L.X_IMPROVEMENT) and other.kind.name not in (*HOLD_BACKS, "overall_limit")
            and limit.id not in case.leans_on[other.id] and not pays_nothing(case, other)
        ]  # fmt: skip
        if later:
            sentence = (
                f"{limit.id} limits what stands above it; {listed(later)} stands below, between the same parties."
            )
            remedy = f"Put {limit.id} last and name {listed(later)} in it, or say in a note that they are free."
            yield Remark("warning", limit.id, "of", sentence, remedy)


def _gross_twice(case: Case) -> Iterator[Remark]:
    seen: set[tuple[str, str]] = set()
    for year in range(case.contract.years):
        every = sharings(case, year)
        for layers in (one for one in every if one.term.kind.name == "layered_share" and one.side("loss")):
            for gap in (one for one in every if one.target and one.actual == layers.actual and one.side("loss")):
                key = (layers.term.id, gap.term.id)
                if key in seen or layers.term.payee not in gap.parties:
                    continue
                seen.add(key)
                first, last = sorted((layers.term, gap.term), key=case.terms.index)
                start = edge(case, gap, gap.side("loss")[0].start)
                sentence = (
                    f"{layers.term.id} pays {layers.term.payee} for {layers.actual}, and {gap.term.id} shares the same "
                    f"{layers.actual} gross (from {start} above {gap.target} on): a pound in both is made good twice, in "
                    f"whichever order they stand."
                )
                remedy = f"Let {last.id} read a figure net of {first.id}; which comes first then decides who gains."
                yield Remark("warning", last.id, _field_of(case, last, layers.actual), sentence, remedy)


def values_beyond_term(case: Case) -> Iterator[Remark]:
    """A list by year that is longer than the contract: its last entries are never read.

    It is a sign that the term was shortened, or the list counted from another year. Source: judgement.
    """
    for term in case.terms:
        for field, quantity in quantities(term.values):
            extra = len(quantity.values) - case.contract.years
            if extra > 0:
                sentence = (
                    f"{field} of {term.id} is given for {len(quantity.values)} years, but the contract runs for "
                    f"{case.contract.years}: the last {extra} {'is' if extra == 1 else 'are'} never read."
                )
                yield Remark("note", term.id, field, sentence, "Check the length of the contract, or cut the list.")


CHECKS = (Check("order-sensitive", order_sensitive), Check("values-beyond-term", values_beyond_term))
