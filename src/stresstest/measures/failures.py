"""What failure means, party by party, at a study's own hurdles.

    provider walks away     losses end the contract before its term
    commissioner's limit    net exposure beyond the study's commissioner_limit, a share of the agreed budget
    quality floor           mean true progress on the outcomes below the study's quality_floor
    hospital                what falls on the hospital beyond hospital_limit, a share of the acute spend expected of it
    council                 what falls on the council beyond council_limit, a share of the agreed budget

Shares are of present values over the contract's term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..results.condense import Event
from ..study import Study
from ..units import percent, pounds

Columns = Mapping[str, np.ndarray]
#: Column of the contract's plan of which each limit is a share: 0 the agreed budget, 4 the expected acute spend.
SHARE_OF = {"commissioner_limit": 0, "hospital_limit": 4, "council_limit": 0}


@dataclass(frozen=True)
class Failure:
    """One way in which a contract fails: name, whose it is, in words; columns that it needs; failing(columns) → bool[n]."""

    name: str
    party: str
    words: str
    needs: tuple[str, ...]
    failing: Callable[[Columns], np.ndarray]


def present(study: Study, column: int) -> float:
    """Present value (£) of a column of the contract's plan over its term (0 agreed budget, 4 expected acute spend)."""
    rate = study.place.parameters["health.money_discount"].value
    return float((1.0 + rate) ** -np.arange(study.years) @ study.contract.plan_table()[:, column])


def limit_of(study: Study, name: str) -> float:
    """A hurdle of the study in the unit in which outcomes are measured: £ in present value, or a score."""
    share = study.hurdles[name].value
    return share * present(study, SHARE_OF[name]) if name in SHARE_OF else share


def failures(study: Study) -> tuple[Failure, ...]:
    """The five failures of a study, at its own hurdles."""
    floor = limit_of(study, "quality_floor")
    over = [
        Failure(
            f"{party}_limit", party,
            f"the {party} bears more than {pounds(limit_of(study, f'{party}_limit'))} "
            f"({percent(study.hurdles[f'{party}_limit'].value)} of {of})",
            (column,), _beyond(column, limit_of(study, f"{party}_limit")),
        )
        for party, column, of in (
            ("commissioner", "commissioner_exposure_npv_gbp", "the agreed budget"),
            ("hospital", "hospital_exposure_npv_gbp", "the acute spend expected of it"),
            ("council", "council_exposure_npv_gbp", "the agreed budget"),
        )
    ]  # fmt: skip
    return (
        Failure("walks_away", "provider", "losses end the contract before its term", ("exit_cause_code",),
                lambda c: np.asarray(c["exit_cause_code"] >= L.EXIT_FIRST_ADVERSE)),
        over[0],
        Failure("quality_floor", "residents", f"mean true progress on the outcomes stays below {floor:g}", ("mean_true_score",),
                lambda c: np.asarray(c["mean_true_score"] < floor)),
        *over[1:],
    )  # fmt: skip


def events(study: Study) -> tuple[Event, ...]:
    """The failures that one outcome tells, as comparisons to be counted in futures that are not kept."""
    columns = {
        "commissioner_limit": "commissioner_exposure_npv_gbp", "quality_floor": "mean_true_score",
        "hospital_limit": "hospital_exposure_npv_gbp", "council_limit": "council_exposure_npv_gbp",
    }  # fmt: skip
    return tuple(Event(name, column, name in SHARE_OF, limit_of(study, name)) for name, column in columns.items())


def _beyond(column: str, limit: float) -> Callable[[Columns], np.ndarray]:
    return lambda c: np.asarray(c[column] > limit)
