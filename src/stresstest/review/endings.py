"""Checks on what is left when the contract ends, and on contracts inside contracts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..contract import Term
from ..terms import ONE
from ._case import Case, balance_of, next_or_last, part, several
from ._finding import Check, Remark
from .idle import pays_nothing


def memory_at_the_end(case: Case) -> Iterator[Remark]:
    """What a clause still carries when the contract ends: deficits, funds, money held back, overruns not yet looked at.

    What is carried past the last year is lost to one of the parties, and both can see that coming: the last years are
    played differently. Nine concessions near their end were handed back, four of them in poor state. Source: E41; the
    clauses' own rules.
    """
    for term in case.clauses:
        if pays_nothing(case, term):
            continue
        look = {"profit_share": _deficits, "retention": _held, "reserve_fund": _fund, "reopener": _last_period}
        if term.kind.name in look:
            yield from look[term.kind.name](case, term)


def _deficits(case: Case, term: Term) -> Iterator[Remark]:
    carry = case.most(term, "carry_years")
    if carry > 0.0:
        how_long = "until it is made good" if carry > 10 else f"for {several(int(carry), 'year')}"
        lost = (
            "all deficits not made good"
            if carry > 10
            else f"deficits of the last {next_or_last(int(carry))} not made good"
        )
        sentence = (
            f"{term.id} carries a deficit forward {how_long}; when the contract ends, {lost} are lost to {term.payer}."
        )
        remedy = (
            "Say who settles a deficit that is left at the end, or let the share of a profit fall due in later years."
        )
        yield Remark("note", term.id, "carry_years", sentence, remedy)


def _held(case: Case, term: Term) -> Iterator[Remark]:
    last = case.contract.years - 1
    if case.years(term)[-1] < last:
        sentence = (
            f"{term.id} goes out of force after year {case.years(term)[-1] + 1} of {last + 1}: what it still holds then is "
            f"released only in the contract's last year, in which it no longer acts, and is lost to {term.payee}."
        )
        remedy = "Keep the clause in force to the last year and set its rate to 0 instead."
        yield Remark("fault", term.id, "in_force", sentence, remedy)


def _fund(case: Case, term: Term) -> Iterator[Remark]:
    sentence = (
        f"What is in the fund of {term.id} at the end stays with {term.payee}, who keeps it; no clause pays it out."
    )
    yield Remark("note", term.id, "", sentence, "Say who owns the balance at the end, and pay it out in the last year.")


def _last_period(case: Case, term: Term) -> Iterator[Remark]:
    every, years = case.most(term, "every"), case.contract.years
    if not math.isnan(every):
        left = years - (years - 1) // int(every) * int(every)
        sentence = (
            f"{term.id} looks back every {next_or_last(int(every))}; overruns of the last {next_or_last(left)} are never "
            f"looked at."
        )
        remedy = "Settle the last period in the ending, or say that it stays where it falls."
        yield Remark("note", term.id, "every", sentence, remedy)


def pool_not_linked(case: Case) -> Iterator[Remark]:
    """A contract inside a contract whose payments hang on nothing that its holder receives.

    The holder then stands between a budget that moves with one thing and payments that move with another, and bears the
    difference without having chosen to. What the holder received (received.PARTY, or a clause of the outer contract) can be
    the inner contract's pool. Source: judgement; D-UNITINGCARE on a lead provider between a price and its partners' cost.
    """
    groups: dict[str, list[Term]] = {}
    for term in case.terms:
        if "." in term.id:
            groups.setdefault(term.id.partition(".")[0], []).append(term)
    outer = {term.id for term in case.terms if "." not in term.id}
    standing = {entry.name for entry in case.contract.inputs if "." not in entry.name}
    for name, terms in groups.items():
        own = {term.id for term in terms}
        reads = {read for term in terms for _, read in case.read[term.id] if read != ONE}
        linked = any(case.reads_from(term) - own & outer for term in terms) or any(balance_of(read) for read in reads)
        moving = [term for term in terms if term.kind.moves]
        if linked or not moving or reads & standing:
            continue
        holder = moving[0].payer
        sentence = (
            f"The {len(moving)} payments of the contract {name} hang on nothing that {holder} receives under the contract around "
            f"it: {holder} bears every difference."
        )
        remedy = f'Give {name} a pool: inputs = {{ … = "received.{holder}" }} or a clause of the outer contract.'
        yield Remark("warning", moving[0].id, "", sentence, remedy)


def phased_too_late(case: Case) -> Iterator[Remark]:
    """A clause that comes into force, or first pays anything, only in the second half of the term.

    Most contracts of this kind ended early: nine out of nine English ones did not run their term. What is due late may
    never be paid. Source: D-SURVIVAL; that the second half is late is a judgement.
    """
    years = case.contract.years
    for term in case.clauses:
        if years >= 4 and term.start * 2 >= years and case.years(term)[-1] == years - 1:
            sentence = (
                f"{term.id} comes into force in year {term.start + 1} of {years}: {part(term.start / years)} of the term "
                f"passes without it, and contracts of this kind have seldom lasted so long."
            )
            yield Remark("note", term.id, "in_force", sentence, "Bring it forward, or say what replaces it until then.")


CHECKS = (
    Check("memory-at-the-end", memory_at_the_end), Check("pool-not-linked", pool_not_linked),
    Check("in-force-late", phased_too_late),
)  # fmt: skip
