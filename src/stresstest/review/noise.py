"""Checks against chance: what a clause pays although nobody has done anything."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..contract import Term
from ._case import Case, listed, part
from ._chance import ONE_SIDED_95, beyond, chance, in_hundred, result_spread
from ._finding import Check, Remark
from ._sharing import MONEY, Sharing, opening
from .idle import pays_nothing

MEAN_OF_ONE_SIDE = 1.0 / math.sqrt(2.0 * math.pi)


def _width(case: Case, one: Sharing, side: str) -> float | None:
    """Where sharing of a side begins, as a share of the target; None where that is not known or nothing is shared."""
    bands = one.side(side)
    if not bands or not one.target or math.isnan(bands[0].start):
        return None
    if one.scale != MONEY:
        return bands[0].start
    size = case.size(one.target)
    return bands[0].start / size if size else None


def _starts(case: Case, one: Sharing) -> dict[str, float]:
    found = {side: _width(case, one, side) for side in ("gain", "loss")}
    return {side: start for side, start in found.items() if start is not None}


def _settled(case: Case, one: Sharing) -> tuple[float, str] | None:
    """Chance as the clause meets it: on a running total it averages out over the years in force."""
    known, years = chance(case, one.target, one.actual), len(case.years(one.term))
    if known is None or not _on_totals(one.term):
        return known
    return known[0] / math.sqrt(years), f"the mean over {years} years of {known[1]}"


def _on_totals(term: Term) -> bool:
    return term.values.get("settlement") == "cumulative"


def _first_field(term: Term, side: str) -> str:
    fields = {"gain_loss_share": "dead_band", "corridor": "bands", "quality_scaled_share": "phase"}
    return fields.get(term.kind.name, "msr" if side == "gain" else "mlr")


def corridor_inside_noise(case: Case) -> Iterator[Remark]:
    """A dead band, first band or collar edge narrower than one standard deviation of chance.

    Such a band lets through what it is there to keep out: money moves in one year out of three or more although nobody did
    anything better or worse. Source: D-INSURANCE (a person's coefficient of variation 4, judgement; Dixon et al., BMJ
    2011); for acute care in a place, its own yearly noise (D-BASKET). One standard deviation is a judgement.
    """
    for term in case.clauses:
        one = opening(case, term) if term.kind.name in ("gain_loss_share", "corridor") else None
        if one is not None:
            known = _settled(case, one)
            starts = _starts(case, one)
            narrow = {side: start for side, start in starts.items() if known and 0.0 < start < known[0]}
            if narrow and known:
                yield _narrow(term, narrow, *known)
        if term.kind.name == "cap_and_collar":
            yield from _collar(case, term)


def _narrow(term: Term, starts: dict[str, float], spread: float, whose: str) -> Remark:
    sides = " and ".join(f"{part(start)} on the {side} side" for side, start in starts.items())
    pays = sum(beyond(start / spread) for start in starts.values())
    sentence = (
        f"{term.id} begins to share at {sides}, which is narrower than one standard deviation of chance: {whose} moves by "
        f"{part(spread)} whatever anybody does. Chance alone moves money in {in_hundred(pays)}."
    )
    remedy = f"Widen the band to at least {part(spread)}, or settle on a running total of three years or more."
    return Remark("warning", term.id, _first_field(term, next(iter(starts))), sentence, remedy)


def _collar(case: Case, term: Term) -> Iterator[Remark]:
    known = chance(case)
    values = term.at(next((y for y in case.years(term) if term.at(y)["support_share"] > 0.0), term.start))
    edges = {"support_from": 1.0 - values["support_from"], "pay_back_from": values["pay_back_from"] - 1.0}
    paid = {"support_from": values["support_share"], "pay_back_from": values["pay_back_share"]}
    for field, width in edges.items():
        if known and paid[field] > 0.0 and width < known[0]:
            spread, whose = known
            sentence = (
                f"{field} of {term.id} stands {part(width)} from an even year, inside one standard deviation of chance "
                f"({part(spread)} a year on {whose}). Chance alone moves money in {in_hundred(beyond(width / spread))}."
            )
            remedy = f"Move the edge to at least {part(spread)} from an even year, or settle on running totals."
            yield Remark("warning", term.id, field, sentence, remedy)


def msr_inside_noise(case: Case) -> Iterator[Remark]:
    """A minimum savings rate that chance passes too often: below 1.65 standard deviations, one year in twenty.

    From the first pound a saving that passes counts in full, so that each false pass pays for the whole of it. Medicare sets
    its minimum savings rate by size for this reason, 3.9% at 5,000 people and 2.0% from 60,000 on. Source: 42 CFR
    425.604(b); D-INSURANCE; that one year in twenty is too often is a judgement.
    """
    for term in case.of_kind("shared_savings"):
        values = term.at(term.start)
        known = chance(case, values["benchmark"], values["spend"])
        if known is None or values["max_share"] == 0.0 or not 0.0 < values["msr"] < ONE_SIDED_95 * known[0]:
            continue
        spread, whose = known
        sentence = (
            f"The minimum savings rate of {term.id}, {part(values['msr'])}, is {values['msr'] / spread:.2g} standard deviations "
            f"of chance ({part(spread)} a year on {whose}): without any saving, chance alone passes it in "
            f"{in_hundred(beyond(values['msr'] / spread))}, and then pays from the first {case.coin}."
        )
        remedy = (
            f"Raise it to {part(ONE_SIDED_95 * spread)} (one year in 20), or average the result over several years."
        )
        yield Remark("warning", term.id, "msr", sentence, remedy)


def no_dead_band(case: Case) -> Iterator[Remark]:
    """A gap that is shared from the first pound on, with neither a dead band nor a minimum rate.

    Money then moves every year for no reason. Where both sides are shared alike it evens out over the years; where only a
    gain is shared it does not, and chance makes the provider a present of share · 0.4 · one standard deviation a year. On a
    running total it evens out too. Source: the mean of the positive half of a normal variate; D-INSURANCE.
    """
    for term in case.clauses:
        one = opening(case, term)
        if one is None or not one.target or _on_totals(term):
            continue
        open_sides = [side for side, start in _starts(case, one).items() if start == 0.0]
        if open_sides:
            yield _no_band(case, one, open_sides)


def _no_band(case: Case, one: Sharing, sides: list[str]) -> Remark:
    term, known = one.term, chance(case, one.target, one.actual)
    both = len(sides) == 2
    how = "every year" if both else "in about every second year"
    sentence = (
        f"{term.id} shares a {' or a '.join(sides)} from the first {case.coin} on, so that chance alone moves money "
        f"{how}"
    )
    shares = {side: one.side(side)[0].share for side in sides}
    if known:
        spread, whose = known
        moved = sum(shares.values()) * MEAN_OF_ONE_SIDE * spread
        worth = case.sized(moved, one.target) if not math.isnan(moved) else "an unknown sum"
        result = "on average that is" if both else f"a present to one side of, on average, {worth}:"
        sentence += f": {result} {worth if both else ''}".rstrip().rstrip(":") + f" ({whose} moves by {part(spread)})"
    remedy = "Add a dead band of about one standard deviation of chance, or settle on a running total."
    return Remark("note" if both else "warning", term.id, _first_field(term, sides[0]), sentence + ".", remedy)


def put_option(case: Case) -> Iterator[Remark]:
    """An owner whose whole stake is smaller than the ordinary swings of the result.

    Once a loss cap is used up the rest falls on the public and the owner may leave: the smaller the cap, the nearer it is to
    a free option to walk away. At Hinchingbrooke £5m stood against an income of £111.6m, and was used up in three years; on
    the East Coast £72m against £1.4bn promised. Source: D-HINCHINGBROOKE, E38, E39. Swings are those that no effort changes:
    chance, need, productivity, allocations; they are taken as independent from year to year, which understates them.
    """
    spread = result_spread(case)
    caps = [(term.id, "cap", case.most(term, "cap"), term.values["income"]) for term in case.of_kind("loss_cap")]
    if "loss_cap" in case.contract.ending:
        caps.append(("ending", "loss_cap", case.contract.ending["loss_cap"].value, "annual_payment"))
    for clause, field, cap, of in caps:
        size = case.size(of)
        if spread and size and not math.isnan(cap) and cap < spread * size * math.sqrt(case.contract.years):
            yield _option(case, clause, field, cap, spread * size, size)


def _option(case: Case, clause: str, field: str, cap: float, swing: float, size: float) -> Remark:
    years = case.contract.years
    long_swing = swing * math.sqrt(years)
    used_up = in_hundred(beyond(cap / long_swing)).replace("year", "case")
    sentence = (
        f"The owners stand for {case.money(cap)} in all ({part(cap / size)} of a year's income). Ordinary swings of the result "
        f"are {case.money(swing)} a year and {case.money(long_swing)} over {years} years (one standard deviation): with a fair "
        f"price and no mistake, they alone use it up by the end in {used_up}."
    )
    remedy = f"Ask for a larger stake (two standard deviations are {case.money(2 * long_swing)}), a refill, or a guarantee."
    return Remark("warning" if cap < swing else "note", clause, field, sentence, remedy)


def _needs_people(case: Case, term: Term) -> bool:
    """Whether a check against chance would look at a clause if it knew the number of people or the place."""
    kind = term.kind.name
    if pays_nothing(case, term):
        return False
    if kind in ("gain_loss_share", "corridor", "shared_savings"):
        one = opening(case, term)
        return one is not None and bool(one.side("gain") or one.side("loss"))
    if kind == "loss_cap":
        return case.size(term.values["income"]) is not None
    return kind in ("cap_and_collar", "improvement_payment")


def chance_not_looked_at(case: Case) -> Iterator[Remark]:
    """Bands, rates, targets and stakes that chance may move, in a contract that is checked without a place.

    How far chance moves a year's figures hangs on the number of people, which a contract does not say. Without it nothing
    is said on bands inside chance, on minimum rates, on the noise of indicators and on small stakes: silence is then no
    praise. Source: D-INSURANCE; the other checks of this group.
    """
    if case.place is not None or case.population is not None:
        return
    clauses = [term.id for term in case.clauses if _needs_people(case, term)]
    if "loss_cap" in case.contract.ending and case.size("annual_payment"):
        clauses.append("ending")
    if clauses:
        sentence = (
            f"How far chance alone moves {listed(clauses)} was not looked at: no place, and so no number of people, is known."
        )
        yield Remark("note", "", "", sentence, "Check a study that puts the contract into a place.")


CHECKS = (
    Check("chance-not-looked-at", chance_not_looked_at),
    Check("corridor-inside-noise", corridor_inside_noise),
    Check("msr-inside-noise", msr_inside_noise),
    Check("no-dead-band", no_dead_band),
    Check("put-option", put_option),
)
