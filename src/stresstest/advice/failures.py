"""What failure means, party by party; and failures that the analyst writes down himself.

    provider walks away     losses end the contract before its term
    commissioner's limit    net exposure beyond the study's commissioner_limit, a share of the agreed budget
    quality floor           mean true progress on the outcomes below the study's quality_floor
    hospital                what falls on the hospital beyond hospital_limit, a share of the acute spend expected of it
    council                 what falls on the council beyond council_limit, a share of the agreed budget

Both shares are of present values over the contract's term. One's own: "COLUMN > NUMBER" or "COLUMN < NUMBER" over columns of
table outcomes, several joined by "and".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..errors import ConfigError, nearest
from ..study import Study
from ..units import percent, pounds

Columns = Mapping[str, np.ndarray]
#: A number as an analyst writes it: 5e8, 1,000,000, -0.5.
NUMBER = r"(-?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)"
_COMPARISON = re.compile(rf"\s*([a-z_0-9]+)\s*(<=|>=|<|>)\s*{NUMBER}\s*$")


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


def failures(study: Study) -> tuple[Failure, ...]:
    """The five failures of a study, at its own hurdles."""
    share = {name: quantity.value for name, quantity in study.hurdles.items()}
    budget, acute = present(study, 0), present(study, 4)
    limits = {
        "commissioner": share["commissioner_limit"] * budget, "hospital": share["hospital_limit"] * acute,
        "council": share["council_limit"] * budget,
    }  # fmt: skip
    floor = share["quality_floor"]
    over = [
        Failure(
            f"{party}_limit", party,
            f"the {party} bears more than {pounds(limit)} ({percent(share[f'{party}_limit'])} of {of})",
            (column,), _beyond(column, limit),
        )
        for party, limit, column, of in (
            ("commissioner", limits["commissioner"], "commissioner_exposure_npv_gbp", "the agreed budget"),
            ("hospital", limits["hospital"], "hospital_exposure_npv_gbp", "the acute spend expected of it"),
            ("council", limits["council"], "council_exposure_npv_gbp", "the agreed budget"),
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


def _beyond(column: str, limit: float) -> Callable[[Columns], np.ndarray]:
    return lambda c: np.asarray(c[column] > limit)


def failure(study: Study, text: str) -> Failure:
    """A failure by its name, or one's own by comparisons. Errors: ConfigError with what is known."""
    known = {one.name: one for one in failures(study)}
    if text in known:
        return known[text]
    parts = [_COMPARISON.match(part) for part in text.split(" and ")]
    if not all(parts):
        raise ConfigError("there is no such failure", key="--failure", value=text,
                          expected=f"{', '.join(known)}, or a comparison such as health_qaly_npv < 0",
                          nearest=nearest(text, known))  # fmt: skip
    tests = [(m[1], m[2], float(m[3].replace(",", ""))) for m in parts if m]
    for column, _, _ in tests:
        if column not in L.OUTCOMES:
            raise ConfigError("outcomes have no such column", key="--failure", value=column, expected=", ".join(L.OUTCOMES),
                              nearest=nearest(column, L.OUTCOMES))  # fmt: skip
    return Failure(text, "", text, tuple(dict.fromkeys(column for column, _, _ in tests)), lambda c: _all(c, tests))


def _all(columns: Columns, tests: list[tuple[str, str, float]]) -> np.ndarray:
    """Where every comparison holds."""
    signs = {"<": np.less, ">": np.greater, "<=": np.less_equal, ">=": np.greater_equal}
    return np.logical_and.reduce([signs[sign](columns[column], value) for column, sign, value in tests])


def chosen(study: Study, texts: list[str] | tuple[str, ...]) -> tuple[Failure, ...]:
    """The failures that were asked for; where none were, those of the study but the council's, which has no way to happen
    unless care can be moved to it."""
    return tuple(failure(study, text) for text in dict.fromkeys(texts)) if texts else failures(study)[:4]
