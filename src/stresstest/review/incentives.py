"""Checks on who bears what: one-sided shares, losses without a cap, soft budgets, stakes beyond any reserve."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..contract import Term
from ..wiring import Reference
from ._case import NO_LIMIT, NO_SUM, Case, listed, next_or_last, part
from ._finding import Check, Remark
from ._sharing import ENDLESS, Sharing, opening, sharing, unlimited
from .idle import pays_nothing

BAD_YEAR = 0.10  # a year this far above expected, to give a sum: judgement
HALF = 0.5


def _gaps(case: Case) -> list[Sharing]:
    found = [opening(case, term) for term in case.clauses if not pays_nothing(case, term)]
    return [one for one in found if one is not None and one.target]


def _ever(case: Case, one: Sharing, side: str) -> bool:
    years = [sharing(one.term, year) for year in case.years(one.term)]
    return any(found is not None and _may(found, side) for found in years)


def _may(one: Sharing, side: str) -> bool:
    """Whether anything of a side may be shared; a share that a quantity gives may be."""
    return any(band.side == side and band.share != 0.0 for band in one.bands)


def one_sided(case: Case) -> Iterator[Remark]:
    """A gain that is shared while a loss is not, or the reverse.

    The side that shares only gains is paid for chance, as it cannot lose, and has no reason to mend a year once it is bad.
    One-sided deals bring providers in; Medicare's first track and its BASIC levels A and B are of this kind, the later ones
    two-sided. Source: 42 CFR 425.604 and 425.605; judgement.
    """
    gaps = _gaps(case)
    for one in gaps:
        gain, loss = _ever(case, one, "gain"), _ever(case, one, "loss")
        if gain == loss:
            continue
        missing = "loss" if gain else "gain"
        same = [o for o in gaps if o is not one and (o.target, o.actual) == (one.target, one.actual)]
        if not any(_ever(case, other, missing) for other in same):
            has = "gain" if gain else "loss"
            bands = one.side(has)
            share = f"{part(bands[0].share)} of a {has}" if bands else f"a {has}"
            sentence = (
                f"{one.term.id} shares {share} ({one.target} less {one.actual}) and nothing of a {missing}: "
                f"{one.term.payee} {'cannot lose' if gain else 'cannot win'} by it."
            )
            remedy = (
                f"Share a {missing} as well, with a cap, or phase it in; else ask for a minimum rate beyond chance."
            )
            yield Remark("note", one.term.id, one.term.kind.fields[0].name, sentence, remedy)


def no_cap_on_loss(case: Case) -> Iterator[Remark]:
    """A party other than the commissioner that bears a share of a loss without an end.

    A loss that its reserve cannot carry does not stay with it: it leaves, or is rescued, and the cap is written then by
    events. A cap in the contract also tells the commissioner what it carries itself. Source: D-HINCHINGBROOKE; 42 CFR
    425.605 (every two-sided track caps what is owed).
    """
    for one in _gaps(case):
        bands = [band for band in one.side("loss") if band.end == ENDLESS]
        owing = next((b for b in bands if b.share != 0.0), None)
        if owing is None or _capped(case, one) or case.public(one.term.payee):
            continue
        sentence = (
            f"{one.term.payee} bears {part(owing.share)} of a loss under {one.term.id} ({one.actual} above {one.target}) without "
            f"a cap"
        )
        size = case.size(one.target)
        if size:
            beyond = BAD_YEAR - (0.0 if owing.whole else owing.start)
            sentence += f": a year {part(BAD_YEAR)} above costs it {case.money(owing.share * beyond * size)}"
        field = {"gain_loss_share": "loss_cap", "shared_savings": "loss_cap_benchmark", "corridor": "bands"}
        remedy = "Cap it at what the party's reserve and owners can carry, and say who bears the rest."
        yield Remark("warning", one.term.id, field.get(one.term.kind.name, "share"), sentence + ".", remedy)


def _capped(case: Case, one: Sharing) -> bool:
    """Whether the clause, a limit on several clauses, or another party's promise caps what the loss-bearing party bears."""
    values, kind = one.term.at(one.term.start), one.term.kind.name
    if kind == "gain_loss_share" and not unlimited(values["loss_cap"], values["loss_cap_money"]):
        return True
    if kind == "shared_savings" and not (
        values["loss_cap_benchmark"] >= NO_LIMIT and values["loss_cap_revenue"] >= NO_LIMIT
    ):
        return True
    for limit in case.of_kind("overall_limit"):
        limits = limit.at(limit.start)
        named = any(row["clause"] == one.term.id for row in limits["of"])
        if named and min(abs(limits["least"]), abs(limits["least_other"])) < NO_SUM:
            return True
    return any(
        term.payee == one.term.payee for term in case.of_kind("loss_cap", "guarantee") if not pays_nothing(case, term)
    )


def _upside_capped(case: Case) -> list[str]:
    found = [
        f"{term.id} takes back profits above {part(case.most(term, 'cap'))} of income"
        for term in case.of_kind("profit_cap") if case.most(term, "cap") < 1.0
    ]  # fmt: skip
    found += [
        f"{term.id} takes back {part(case.most(term, 'pay_back_share'))} of an excess"
        for term in case.of_kind("cap_and_collar") if case.most(term, "pay_back_share") > 0.0
    ]  # fmt: skip
    return found


def _switch(case: Case, name: str) -> bool:
    return any(entry.name == name and entry.unit == "0 or 1" for entry in case.contract.inputs)


def _rescues(case: Case) -> list[tuple[str, str]]:
    """(clause, words) for what takes a bad result off the provider's hands at public cost."""
    found = []
    for term in case.of_kind("cap_and_collar"):
        support = max(case.most(term, "support_share"), case.most(term, "support_more_share"))
        if support > max(HALF, case.most(term, "pay_back_share")):
            found.append((term.id, f"{term.payer} bears {part(support)} of a shortfall under {term.id}"))
    for term in case.of_kind("loss_cap", "guarantee", "payment"):
        if not case.public(term.payer) or case.public(term.payee) or pays_nothing(case, term):
            continue
        if term.kind.name == "loss_cap":
            found.append((term.id, f"{term.payer} makes good deficits under {term.id}"))
        elif term.kind.name == "guarantee":
            found.append((term.id, f"{term.payer} stands behind {term.payee} under {term.id}"))
        elif _switch(case, term.scaled_by) and term.values["of"] == "one":
            worth = "a sum" if isinstance(term.values["price"], Reference) else case.money(case.most(term, "price"))
            found.append((term.id, f"{term.id} pays it {worth} once {term.scaled_by} is 1"))
    ending = case.contract.ending
    if "rescue" in ending and ending["rescue"].value > 0.0:
        found.append(("ending", "the ending rescues it when its money is gone"))
    return found


def soft_budget(case: Case) -> Iterator[Remark]:
    """A provider whose gains are capped and whose losses fall on the public: a soft budget.

    It has little to win by working well and little to lose by working badly. Alzira's concession kept profits up to 7.5% of
    turnover and was bought back for €69m; in British rail the state bore four fifths of a shortfall below 94% of the bid.
    Source: D-ALZIRA, D-RAIL, E34 (softer budgets lower effort on cost).
    """
    upside, rescues = _upside_capped(case), _rescues(case)
    for clause, words in rescues if upside else ():
        field = "rescue" if clause == "ending" else "support_share" if "shortfall" in words else "payer"
        sentence = f"The provider's gains are capped ({upside[0]}), and its losses are not its own: {words}."
        remedy = "Let the owners stand for the first losses, cap the public's part, and say what happens beyond it."
        yield Remark("warning", clause, field, sentence, remedy)


def stake_beyond_reserve(case: Case) -> Iterator[Remark]:
    """More at risk in one bad year than the provider, its owners and its guarantors can pay.

    A penalty that cannot be paid is no penalty: the commissioner waives it, or loses the provider. UnitingCare had up to 15%
    of its price at risk and no parent guarantee; commissioners have set sanctions and then not applied them. Where the
    contract has no ending, its guarantees and loss caps say what stands behind it. Source: D-UNITINGCARE, E45.
    """
    term = case.contract.first("improvement_payment")
    if term is None or term.values["style"] != "withheld":
        return
    size, share = case.size(term.values["payment"]), case.most(term, "at_risk")
    if not size or math.isnan(share):
        return
    backing, words = _backing(case)
    if share * size > backing:
        sentence = f"In one year {case.sized(share, term.values['payment'])} can be withheld under {term.id}, but {words}."
        remedy = "Put less at risk, let it grow with the reserve, or ask for a guarantee of that size."
        yield Remark("note" if words == SILENT else "warning", term.id, "at_risk", sentence, remedy)


SILENT = "the contract names no reserve, no guarantee and no owner that stands behind it"


def _backing(case: Case) -> tuple[float, str]:
    """(money, words) for what stands behind the provider: by the ending, else by guarantees and loss caps."""
    ending = case.contract.ending
    if ending:
        backing = sum(ending[key].value for key in ("reserve", "loss_cap", "guarantee") if key in ending)
        return backing, f"reserve, owners and guarantee together stand for {case.money(backing)} over the whole contract"
    clauses = case.of_kind("guarantee", "loss_cap")
    sums = [case.most(term, "limit" if term.kind.name == "guarantee" else "cap") for term in clauses]
    if not clauses or any(math.isnan(one) for one in sums):
        return (0.0, SILENT) if not clauses else (math.inf, "")
    stands = "stands" if len(clauses) == 1 else "stand"
    words = f"no reserve is named, and {listed(term.id for term in clauses)} {stands} for {case.money(sum(sums))} in all"
    return sum(sums), words


def reopener_moral_hazard(case: Case) -> Iterator[Remark]:
    """A price that is opened again after what cost has been: overspending is paid back later.

    Over one period the adjustment returns the share times the whole overrun, so that at a share of 1 the contract is
    cost-plus with a delay; and the provider may bid low and wait. Concessions were renegotiated after 2.2 years on average.
    Source: E35, E34; the reopener's own rule.
    """
    for term in case.of_kind("reopener"):
        share, every = case.most(term, "share"), case.most(term, "every")
        if math.isnan(share) or math.isnan(every) or pays_nothing(case, term):
            continue
        sentence = (
            f"{term.id} pays {part(share)} of the yearly overrun of the last {next_or_last(int(every))} in each of the next "
            f"{next_or_last(int(every))}: of every {case.coin} of overspending {part(share)} comes back."
        )
        remedy = "Set the share well below 1, bound the adjustment (most), and look at peers' cost instead of the provider's own."
        yield Remark("warning" if share > HALF else "note", term.id, "share", sentence, remedy)


def _named(case: Case, *kinds: str) -> Iterator[Term]:
    yield from (term for term in case.of_kind(*kinds) if not pays_nothing(case, term))


def ratchet(case: Case) -> Iterator[Remark]:
    """Targets or benchmarks that follow what the provider itself reported: doing well today is punished tomorrow.

    What is left of a lasting improvement's pay after k years is (1 − λ)^k of it, so that a provider does better to hold
    back, or to work in every second year. Up to a fifth is taken as harmless. Source: E16 (ratchet in models of shared
    savings), E15 (drop-out after lower benchmarks), Bevan and Hood (E8); one fifth is a judgement.
    """
    for term in _named(case, "improvement_payment", "rebased_target"):
        share = case.most(term, "rebase")
        if share > 0.2:
            sentence = (
                f"Targets of {term.id} move by {part(share)} of the distance to what was reported: after five such moves "
                f"{part((1.0 - share) ** 5)} of the pay for a lasting improvement is left."
            )
            remedy = (
                "Rebase on peers or on a path published at signature, by a fifth at most, and credit past improvement."
            )
            yield Remark("note", term.id, "rebase", sentence, remedy)


CHECKS = (
    Check("one-sided", one_sided),
    Check("no-cap-on-loss", no_cap_on_loss),
    Check("soft-budget", soft_budget),
    Check("stake-beyond-reserve", stake_beyond_reserve),
    Check("reopener-moral-hazard", reopener_moral_hazard),
    Check("ratchet", ratchet),
)
