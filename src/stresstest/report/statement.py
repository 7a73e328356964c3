"""One future as a statement: year by year, clause by clause, in pounds and pence."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from textwrap import wrap
from typing import Any

from ..analysis.replay import Statement, StatementYear
from ..layout import EXIT_CAUSES
from ..study import Study
from .narrative import Narrative

WIDTH, LINE = 18, 110
CLOSED = "Each year, to the penny: lines less cost are the surplus; surplus and owners' money move the reserve."


def _amount(value: Decimal) -> str:
    return f"{value:>{WIDTH},.2f}".replace("-", "−")


def _line(name: str, value: Decimal) -> str:
    return f"    {name:<44}{_amount(value)}"


def year_lines(year: StatementYear) -> list[str]:
    """The statement of one year."""
    axes = "  ".join(f"{name} {value:.3f}" for name, value in year.axes.items())
    lines = [f"{year.label}  {axes}"]
    if not year.in_service:
        lines.append("    the provider has left")
    else:
        lines += [_line(name, amount) for name, amount in year.transfers.items() if amount]
        lines += [
            _line("cost of care, investment and gaming", -year.cost),
            _line("= surplus of the year", year.surplus),
        ]
        if year.owners:
            lines.append(_line("paid in by the owners", year.owners))
        lines.append(_line("reserve at the end of the year", year.reserve))
    lines += [_line(name, amount) for name, amount in year.others.items()]
    return lines


def ending(statement: Statement, labels: tuple[str, ...]) -> str:
    """How the contract ended, in a sentence."""
    index = int(statement.outcomes["exit_year_index"])
    if index < 0:
        return "The contract ran its term."
    return f"The contract ended after {labels[index]}: {EXIT_CAUSES[int(statement.outcomes['exit_cause_code'])]}."


def told(narrative: Narrative | None) -> list[str]:
    """The narrative in lines for a terminal, a sentence to a paragraph; nothing where there is none."""
    if narrative is None:
        return []
    lines = [line for one in narrative.sentences for line in wrap(one.text, LINE)]
    return [*lines, "", *wrap(narrative.note, LINE), ""]


def as_text(study: Study, statement: Statement, narrative: Narrative | None = None) -> str:
    """The whole statement for a terminal, the narrative first. Amounts: what the provider receives (+) or pays (−), £."""
    name = "the central case" if statement.future == 0 else f"future {statement.future:,}"
    lines = [
        f"{study.contract.title}",
        f"{name[0].upper()}{name[1:]} of scenario {statement.scenario}, {statement.strategy} provider, "
        f"{study.contract.price_basis}",
        "",
        *told(narrative),
    ]
    for year in statement.years:
        lines += [*year_lines(year), ""]
    lines += [
        _line("surplus of all years", statement.total),
        _line("its present value", Decimal(repr(statement.outcomes["provider_surplus_npv_gbp"]))),
        _line(
            "commissioner exposure, present value", Decimal(repr(statement.outcomes["commissioner_exposure_npv_gbp"]))
        ),
        "",
        ending(statement, study.year_labels),
        CLOSED
        if statement.closes()
        else "THE STATEMENT DOES NOT CLOSE.",
    ]
    return "\n".join(lines)


def as_dict(statement: Statement, narrative: Narrative | None = None) -> dict[str, Any]:
    """The statement for machines, the narrative first; amounts as text in pounds and pence."""
    story = {"narrative": asdict(narrative)} if narrative else {}
    return story | {
        "future": statement.future, "scenario": statement.scenario, "strategy": statement.strategy,
        "years": [
            {
                "year": y.label, "in_service": y.in_service, "transfers_gbp": {k: str(v) for k, v in y.transfers.items()},
                "others_gbp": {k: str(v) for k, v in y.others.items()}, "cost_gbp": str(y.cost),
                "surplus_gbp": str(y.surplus), "owners_gbp": str(y.owners), "reserve_gbp": str(y.reserve), "axes": y.axes,
                "drivers": y.drivers,
            }
            for y in statement.years
        ],
        "surplus_gbp": str(statement.total), "outcomes": statement.outcomes, "closes": statement.closes(),
    }  # fmt: skip
