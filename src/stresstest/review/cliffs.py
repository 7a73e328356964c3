"""A check on cliffs: points at which one pound, or one patient, more changes the pay by a jump."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from ..contract import Term
from ..wiring import Reference
from ._case import Case, listed, part
from ._finding import Check, Remark
from ._sharing import MONEY, edge, opening
from .idle import pays_nothing

REMEDY = "Turn the step into a ramp, or pay on a mean of several years; a provider works, or reports, for the step."


def cliff(case: Case) -> Iterator[Remark]:
    """A step, a gate or a first-pound rule: a point at which the pay jumps.

    Just below the point a little more is worth a great deal, elsewhere nothing: providers bunch there, give up far below it,
    and a few altered records pay for themselves. In the four-hour rule 6% of patients left in the last ten minutes; higher
    thresholds moved low performers by 13% and high ones by a quarter of one per cent. Source: E7, E20, E25; E6 that bunching
    need not be harm.
    """
    for term in case.clauses:
        if not pays_nothing(case, term):
            yield from _first_pound(case, term)
            yield from _score(case, term)
    yield from _gates(case)


def _first_pound(case: Case, term: Term) -> Iterator[Remark]:
    one = opening(case, term)
    kept = 1.0
    if one and term.kind.name == "shared_savings":
        kept = 1.0 - term.at(term.start)["below_msr_factor"]
    for side in ("gain", "loss") if one else ():
        band = next((b for b in one.side(side) if b.whole), None)  # type: ignore[union-attr]
        if one is None or band is None or band.start == 0.0:
            continue
        rate = band.share * (kept if side == "gain" else 1.0)
        what = f"a {side}" if one.target else one.actual
        if math.isnan(rate * band.start) or rate == 0.0:
            size = "" if rate else None
        elif one.scale == MONEY:
            size = f": the pay jumps by {case.money(rate * band.start)}"
        else:
            size = f": the pay jumps by {case.sized(rate * band.start, one.scale)}"
        if size is None:
            continue
        at = "a rate that a quantity gives" if math.isnan(band.start) else edge(case, one, band.start)
        sentence = f"Once {what} reaches {at}, {term.id} counts it from the first {case.coin}{size}."
        yield Remark("warning", term.id, _field(term, side), sentence, REMEDY)


def _field(term: Term, side: str) -> str:
    fields = {"gain_loss_share": "band", "corridor": "counts", "layered_share": "counts"}
    return fields.get(term.kind.name, "msr" if side == "gain" else "mlr")


def _score(case: Case, term: Term) -> Iterator[Remark]:
    if term.kind.name == "shared_savings":
        gate = case.most(term, "quality_gate")
        jump = gate * case.most(term, "max_share")
        if jump > 0.0:
            sentence = (
                f"A quality score just above {part(gate)} earns {part(jump)} of a saving under {term.id}, one at or below it "
                f"nothing."
            )
            yield Remark("warning", term.id, "quality_gate", sentence, REMEDY)
    if term.kind.name != "improvement_payment":
        return
    year = max(case.years(term), key=lambda y: term.at(y)["at_risk"])
    values = term.at(year)
    stake, of = values["at_risk"], values["payment"]
    if values["step_share"] > 0.0 and values["indicators"]:
        row = max(values["indicators"], key=lambda r: r["weight"])
        jump = stake * values["step_share"] * row["weight"]
        sentence = (
            f"{part(values['step_share'])} of each indicator's weight in {term.id} is paid only on reaching the target: for "
            f"{row['name']} the last step is worth {case.sized(jump, of)}."
        )
        yield Remark("warning", term.id, "step_share", sentence, REMEDY)
    if values["score_gate"] > 0.0:
        jump = stake * values["score_gate"]
        edge_of_pay = part(values["score_gate"])
        sentence = f"A score below {edge_of_pay} counts as 0 in {term.id}: reaching it is worth {case.sized(jump, of)}."
        yield Remark("warning", term.id, "score_gate", sentence, REMEDY)
    if values["levels"] > 0.0:
        jump = stake / values["levels"]
        sentence = (
            f"The score of {term.id} counts in {values['levels']:g} whole levels: each is worth {case.sized(jump, of)}."
        )
        yield Remark("note", term.id, "levels", sentence, REMEDY)


def _steered(case: Case, figure: Term) -> list[str]:
    """The clauses whose amount a figure scales, prices or is the basis of."""
    found = []
    for term in case.clauses:
        direct = term.scaled_by == figure.id or any(
            isinstance(value, Reference) and value.name == figure.id for value in term.values.values()
        )
        paid = term.kind.name == "payment" and figure.id in (
            {term.values["of"]} | case.leans_on.get(term.values["of"], set())
        )
        if direct or paid or (term.scaled_by and figure.id in case.leans_on.get(term.scaled_by, set())):
            found.append(term.id)
    return found


def _gates(case: Case) -> Iterator[Remark]:
    for figure in case.of_kind("gate", "sliding_scale"):
        steered, values = _steered(case, figure), figure.at(figure.start)
        if not steered or values["of"] == "one":
            continue
        if figure.kind.name == "gate" and values["met"] != values["unmet"]:
            at = "a figure" if math.isnan(values["at"]) else f"{values['at']:g}"
            sentence = (
                f"{figure.id} changes from {values['unmet']:g} to {values['met']:g} where {values['of']} passes {at}; with it "
                f"{listed(steered)} {'jumps' if len(steered) == 1 else 'jump'}."
            ).replace("nan", "what a quantity gives")
            yield Remark("warning", figure.id, "at", sentence, REMEDY)
        if figure.kind.name == "sliding_scale" and values["form"] == "step" and len(values["points"]) > 1:
            low, high = max(pairwise(values["points"]), key=lambda pair: abs(pair[1]["value"] - pair[0]["value"]))
            sentence = (
                f"{figure.id} moves in steps, the largest from {low['value']:g} to {high['value']:g} at {high['at']:g} of "
                f"{values['of']}; with it {listed(steered)} {'jumps' if len(steered) == 1 else 'jump'}."
            )
            yield Remark("warning", figure.id, "form", sentence, 'Set form = "linear", so that the scale has no steps.')


CHECKS = (Check("cliff", cliff),)
