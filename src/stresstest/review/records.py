"""Checks on what is paid on the provider's own word: lists, recorded need, patients left out."""

from __future__ import annotations

from collections.abc import Iterator

from ._case import Case, listed, part
from ._finding import Check, Remark

NO_TOLERANCE = 1.0


def list_unaudited(case: Case) -> Iterator[Remark]:
    """A budget that follows the provider's own list without a check against an outside estimate.

    Names cost nothing to keep. England's lists held 8 to 10% more people than were estimated to live there; only growth of
    the excess is new money. Source: E27.
    """
    for term in case.of_kind("annual_payment"):
        passed, tolerance = case.most(term, "list_pass_through"), case.most(term, "list_tolerance")
        if passed > 0.0 and tolerance >= NO_TOLERANCE:
            sentence = (
                f"{part(passed)} of the list's growth is paid for under {term.id}, and the list may exceed the outside estimate "
                f"by as much again: 1% more names are worth {case.sized(0.01 * passed, 'annual_payment')}."
            )
            remedy = "Set list_tolerance to the excess of the first year and a little more, such as 0.05."
            yield Remark("warning", term.id, "list_tolerance", sentence, remedy)


def need_uncapped(case: Case) -> Iterator[Remark]:
    """A budget that follows recorded need without a cap on it.

    Recorded diagnoses grow where they are paid for: scores rose by 6 to 16% in Medicare Advantage, most where plans owned
    providers. Other programmes cap the growth of the score at 3%. Source: E10, E11, E43.
    """
    for term in case.of_kind("annual_payment"):
        passed, cap = case.most(term, "need_pass_through"), case.most(term, "coding_cap")
        if passed > 0.0 and cap >= NO_TOLERANCE:
            sentence = (
                f"{part(passed)} of recorded need beyond the expected is paid for under {term.id} without a cap: 1% more "
                f"recorded need is worth {case.sized(0.01 * passed, 'annual_payment')}."
            )
            remedy = "Set coding_cap, such as 0.03 as in ACO REACH, and audit a sample of records."
            yield Remark("warning", term.id, "coding_cap", sentence, remedy)


def exceptions_uncapped(case: Case) -> Iterator[Remark]:
    """Outcome pay on indicators from which the provider may leave out as many patients as it likes.

    A share rises when hard cases are left out of the count. In the English quality framework about 5% were left out at the
    median and twice the mean in some practices; those left out are older, poorer and iller. Source: E2, E3, E4, E5.
    """
    for term in case.of_kind("improvement_payment"):
        if case.most(term, "exception_cap") < 1.0 or case.zero(term, "at_risk"):
            continue
        names = [row["name"] for row in term.at(case.years(term)[-1])["indicators"] if row["weight"] > 0.0]
        place = case.place.indicators if case.place else ()
        open_to = [one.name for one in place if one.name in names and one.exception_effect > 0.0]
        if open_to:
            sentence = (
                f"Any share of patients may be left out of the count of {listed(open_to)} in {term.id}: no exception_cap is set "
                f"(1 allows all of them)."
            )
            remedy = (
                "Set exception_cap to the clinical rate (about 0.05), so that exceptions beyond it count as failures."
            )
            yield Remark("warning", term.id, "exception_cap", sentence, remedy)


CHECKS = (
    Check("list-unaudited", list_unaudited), Check("need-uncapped", need_uncapped),
    Check("exceptions-uncapped", exceptions_uncapped),
)  # fmt: skip
