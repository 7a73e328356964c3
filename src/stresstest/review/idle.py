"""Checks on what does nothing: clauses that can pay nothing, inputs and figures that nobody reads, parties without a part."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Term
from ._case import Case, listed
from ._finding import Check, Remark

#: By kind: groups of numbers; where all of one group are 0 in every year, the clause pays nothing.
NOTHING: dict[str, tuple[tuple[str, ...], ...]] = {
    "annual_payment": (("opening_price", "scope_change"),),
    "improvement_payment": (("at_risk",),),
    "cap_and_collar": (("support_share", "support_more_share", "pay_back_share"),),
    "prevention_floor": (("floor",),),
    "area_flows": (("outflow", "inflow"), ("outflow_price", "inflow_price")),
    "loss_cap": (("cap",),),
    "vat_leak": (("affected_share",), ("vat_rate",)),
    "stranded_cost": (("removed",), ("fixed_share",), ("support_share",)),
    "payment": (("price",),),
    "layered_share": (("share",), ("aggregate_limit",)),
    "profit_share": (("share",), ("cap",)),
    "reinstatement": (("reinstatements",), ("price",)),
    "guarantee": (("limit",),),
    "claw_back": (("share",),),
    "deductions": (("price",), ("most",)),
    "retention": (("rate",),),
    "reopener": (("share",), ("most",)),
    "reserve_fund": (("pay_in",),),
}
PROMISES = ("guarantee", "loss_cap")
MEANT_TO_STEER = ("gate", "sliding_scale", "rebased_target")


def pays_nothing(case: Case, term: Term) -> str:
    """Why a clause can pay nothing in any year ("share is 0"), or "" where it can pay something."""
    kind = term.kind.name
    for group in NOTHING.get(kind, ()):
        if case.zero(term, *group):
            return f"{listed(group)} {'is' if len(group) == 1 else 'are'} 0"
    if kind in ("gain_loss_share", "shared_savings", "quality_scaled_share"):
        return _no_share(case, term)
    if kind in ("corridor", "layered_share", "surplus_fee"):
        rows = [row for year in case.years(term) for row in term.at(year)["bands" if kind == "corridor" else "layers"]]
        return "every share is 0" if all(row["share"] == 0.0 for row in rows) else ""
    if kind == "reopener" and all(every >= case.contract.years for every in case.numbers(term, "every")):
        every = term.at(term.start)["every"]
        return f"the price is opened again every {every:g} years, and the contract runs for {case.contract.years}"
    return ""


def _no_share(case: Case, term: Term) -> str:
    if term.kind.name == "gain_loss_share":
        caps = [case.zero(term, cap) or case.zero(term, f"{cap}_money") for cap in ("gain_cap", "loss_cap")]
        shares = [
            case.zero(term, share) and not term.values[tiers]
            for share, tiers in (("share_gain", "tiers"), ("share_loss", "loss_tiers"))
        ]
        if all(cap or share for cap, share in zip(caps, shares, strict=True)):
            return "its shares or caps are 0"
    if term.kind.name == "shared_savings" and case.zero(term, "max_share"):
        forms = {term.at(year)["loss_form"] for year in case.years(term)}
        if forms == {"none"} or (forms == {"fixed"} and case.zero(term, "loss_rate")):
            return "its shares are 0"
    if term.kind.name == "quality_scaled_share" and term.values["phase"] == "one" and case.zero(term, "share", "bonus"):
        return "share and bonus are 0"
    return ""


def zero_share(case: Case) -> Iterator[Remark]:
    """A clause that can pay nothing in any year: a share, a price or a limit of 0 throughout.

    It may be left blank on purpose, for a variant to fill in; a note on the clause says so, and silences this, but not for a
    guarantee or a loss cap of 0, which looks like protection and is none. An improvement payment with nothing at risk still
    sets a score, and is left alone where something reads it. Source: arithmetic on the clause.
    """
    for term in case.clauses:
        why = pays_nothing(case, term)
        scores = any(name in case.used for name in (*term.kind.writes, term.id))
        silenced = term.note and term.kind.name not in PROMISES
        if why and not silenced and not (term.kind.name == "improvement_payment" and scores):
            sentence = f"{term.id} ({term.kind.title.lower()}) can pay nothing in any year: {why}."
            field = next((group[0] for group in NOTHING.get(term.kind.name, ()) if case.zero(term, *group)), "")
            remedy = "Fill it in, take it out, or say in a note that it is left blank."
            if term.kind.name in PROMISES:
                remedy = "Fill it in or take it out: it looks like protection and is none."
            yield Remark("note", term.id, field or term.kind.fields[0].name, sentence, remedy)


def never_read(case: Case) -> Iterator[Remark]:
    """An input that no clause reads, or a figure that steers nothing.

    An input that is named in the contract is believed to count, though it may come from a contract that this one extends; a
    gate, a scale or a target that nothing reads is a condition without effect. A formula or running figure at the end may
    be meant for the reader; a note on the clause says so, and silences this. Source: judgement.
    """
    for entry in case.contract.inputs:
        if entry.name not in case.used:
            sentence = f"The input {entry.name} ({entry.unit}) is declared, and no clause reads it."
            remedy = "Take it out, or let the clause that should depend on it read it."
            yield Remark("note", "", f"inputs.{entry.name}", sentence, remedy)
    for term in case.terms:
        names = {term.id, *(f"{term.id}.{shown.name}" for shown in term.kind.shows)}
        if term.kind.moves or names & case.used or term.note:
            continue
        steers = term.kind.name in MEANT_TO_STEER
        sentence = f"The figure {term.id} ({term.kind.title.lower()}) is read by no clause: it moves no money, and is only shown."
        remedy = "Name it where it should count" + ("." if steers else ", or say in its note whom it is for.")
        yield Remark("warning" if steers else "note", term.id, "", sentence, remedy)


def party_unused(case: Case) -> Iterator[Remark]:
    """A party that the contract names and no clause pays or charges.

    It signs a contract in which it has no part: often a clause was forgotten. Source: judgement.
    """
    for party in case.contract.parties:
        if party.name not in case.contract.parties_at_work:
            sentence = f"{party.title} ({party.name}) is a party, and no clause pays it or charges it."
            yield Remark("note", "", f"parties.{party.name}", sentence, "Add its clause, or take the party out.")


CHECKS = (Check("zero-share", zero_share), Check("never-read", never_read), Check("party-unused", party_unused))
