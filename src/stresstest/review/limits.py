"""A check on limits: caps that nothing can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contract import Term
from ._case import NO_LIMIT, NO_SUM, Case, part
from ._finding import Check, Remark


def never_binds(case: Case) -> Iterator[Remark]:
    """A cap or a limit that nothing can reach.

    It looks like protection and is none: a cap on gains of the whole payment, a profit cap of the whole income, a limit on
    the sum above what the layers can hold. Where no limit is meant, 1e18 says so. For losses see no-cap-on-loss. Source:
    arithmetic on the clause.
    """
    for term in case.clauses:
        for field, sentence in _idle_limits(case, term):
            yield Remark("note", term.id, field, sentence, "Lower it to where it protects, or write 1e18 for no limit.")


def _idle_limits(case: Case, term: Term) -> Iterator[tuple[str, str]]:
    values, kind = term.at(term.start), term.kind.name
    if kind == "gain_loss_share":
        yield from _gap_caps(case, term, values)
    if kind == "shared_savings":
        cap, share = values["gain_cap_benchmark"], values["max_share"]
        if share > 0.0 and share <= cap < NO_LIMIT:
            yield (
                "gain_cap_benchmark",
                (
                    f"{term.id} caps a saving at {part(cap)} of the benchmark, but a share of {part(share)} pays at most "
                    f"{part(share)} of it even if care costs nothing."
                ),
            )
    if kind == "profit_cap" and case.most(term, "cap") >= 1.0:
        yield (
            "cap",
            f"{term.id} lets the provider keep profits up to its whole income (100%): it never takes anything back.",
        )
    if kind == "cap_and_collar" and values["pay_back_from"] >= 2.0 and values["pay_back_share"] > 0.0:
        yield (
            "pay_back_from",
            (
                f"{term.id} begins to take back at {part(values['pay_back_from'])} of {values['base']}: the provider would "
                f"have to earn the whole of it as profit."
            ),
        )
    if kind == "layered_share":
        yield from _layer_limit(case, term)


def _gap_caps(case: Case, term: Term, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    expected, payment = case.size(values["expected"]), case.size(values["payment"])
    most = _most_gain(values) * expected if expected else None
    if 1.0 <= values["gain_cap"] < NO_LIMIT and values["gain_cap_money"] >= NO_SUM and _most_gain(values) > 0.0:
        yield (
            "gain_cap",
            f"The gain cap of {term.id} is {part(values['gain_cap'])} of {values['payment']}: it protects nobody.",
        )
    if most and values["gain_cap_money"] < NO_SUM and values["gain_cap_money"] >= most:
        yield (
            "gain_cap_money",
            (
                f"{term.id} caps a gain at {case.money(values['gain_cap_money'])}, but pays at most {case.money(most)} in its "
                f"first year even if the care costs nothing."
            ),
        )
    if most and payment and values["gain_cap"] < 1.0 and most <= values["gain_cap"] * payment:
        yield (
            "gain_cap",
            (
                f"{term.id} caps a gain at {case.sized(values['gain_cap'], values['payment'])}, but pays at most "
                f"{case.money(most)} even if the care costs nothing."
            ),
        )


def _most_gain(values: dict[str, Any]) -> float:
    """Most that a gain pays, as a share of the expected spend: where the care costs nothing."""
    reach = 1.0 if values["band"] == "first_pound" else 1.0 - values["dead_band"]
    if values["tiers"]:
        return float(sum(t["share"] * max(0.0, min(reach, t["to"]) - t["from"]) for t in values["tiers"]))
    return float(values["share_gain"] * reach)


def _layer_limit(case: Case, term: Term) -> Iterator[tuple[str, str]]:
    values, years = term.at(term.start), len(case.years(term))
    if values["base"] != "one" or any(row["limit"] >= NO_SUM for row in values["layers"]):
        return
    most = years * sum(row["share"] * row["limit"] for row in values["layers"])
    if most <= values["aggregate_limit"] < NO_SUM and values["counts"] == "excess":
        yield (
            "aggregate_limit",
            (
                f"The layers of {term.id} hold {case.money(most)} at most in {years} years (one row a year), not more than the "
                f"limit of {case.money(values['aggregate_limit'])} on the sum."
            ),
        )


CHECKS = (Check("never-binds", never_binds),)
