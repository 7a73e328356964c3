"""Targets: what "enough" means. A chance of failure, a chance of a comparison, a mean or a quantile of an outcome.

    P(walks_away) <= 10%            a named failure, or a comparison over outcomes such as P(health_qaly_npv < 0) <= 5%
    mean health_qaly_npv >= 2000    a mean
    p95 commissioner_exposure_npv_gbp <= 500e6      a quantile

Every target is the mean of one score a future: a quantile is asked for as the chance of lying on its wrong side, p95 x ≤ b
being P(x > b) ≤ 5%, so that its error is that of a chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import layout as L
from ..errors import ConfigError, nearest
from ..study import Study
from ..units import percent, pounds
from .failures import NUMBER, Columns, failure

#: The chance of each failure that is taken as bearable where no target is given: judgement.
BEARABLE = {"walks_away": 0.10, "commissioner_limit": 0.10, "quality_floor": 0.10, "hospital_limit": 0.05, "council_limit": 0.05}
_NUMBER = rf"{NUMBER}\s*(%?)"
_CHANCE = re.compile(rf"\s*(?:P\((.+)\)|([a-z_]+))\s*(<=|>=)\s*{_NUMBER}\s*$")
_MOMENT = re.compile(rf"\s*(mean|median|[pq]([0-9]+(?:\.[0-9]+)?))\s*\(?\s*([a-z_0-9]+)\s*\)?\s*(<=|>=)\s*{_NUMBER}\s*$")


@dataclass(frozen=True)
class Goal:
    """A target: met where sign · mean(score) ≤ sign · bound. `words` say it whole, `measured` what is measured."""

    name: str
    words: str
    measured: str
    needs: tuple[str, ...]
    score: Callable[[Columns], np.ndarray]
    bound: float
    sign: float = 1.0
    chance: bool = True
    unit: str = ""

    def said(self, value: float) -> str:
        """A value of what is measured, in words."""
        if self.chance:
            return percent(value)
        return pounds(value) if self.unit == "GBP" else f"{value:,.4g}".replace("-", "−")


def default_goals(study: Study) -> tuple[Goal, ...]:
    """The named failures at their bearable chances, that the provider walks away first."""
    return tuple(_failure_goal(study, name, 1.0, share) for name, share in BEARABLE.items())


def goal(study: Study, text: str) -> Goal:
    """A target from words. Errors: ConfigError with the forms that are known."""
    moment, chance = _MOMENT.match(text), _CHANCE.match(text)
    if moment:
        return _moment_goal(text, moment)
    if chance:
        share = float(chance[4].replace(",", "")) / (100.0 if chance[5] else 1.0)
        if not 0.0 <= share <= 1.0:
            raise ConfigError("a chance lies between 0 and 1", key="--target", value=text, expected="such as 10% or 0.10")
        return _failure_goal(study, chance[1] or chance[2], 1.0 if chance[3] == "<=" else -1.0, share)
    raise ConfigError(
        "a target that cannot be read", key="--target", value=text,
        expected='"walks_away <= 0.1", "P(FAILURE) <= 10%", "mean COLUMN >= NUMBER" or "p95 COLUMN <= NUMBER"',
    )  # fmt: skip


def _failure_goal(study: Study, name: str, sign: float, share: float) -> Goal:
    one = failure(study, name)
    most = "at most" if sign > 0 else "at least"
    return Goal(
        name, f"the chance that {one.words} is {most} {percent(share)}", f"the chance that {one.words}", one.needs,
        lambda c: one.failing(c).astype(np.float64), share, sign,
    )  # fmt: skip


def _moment_goal(text: str, found: re.Match[str]) -> Goal:
    statistic, column, sign_words = found[1], found[3], found[4]
    bound = float(found[5].replace(",", "")) / (100.0 if found[6] else 1.0)
    if column not in L.OUTCOMES:
        raise ConfigError("outcomes have no such column", key="--target", value=column, expected=", ".join(L.OUTCOMES),
                          nearest=nearest(column, L.OUTCOMES))  # fmt: skip
    most, unit = sign_words == "<=", "GBP" if column.endswith("_gbp") else ""
    if statistic == "mean":
        return Goal(text, f"{text}", f"mean {column}", (column,), lambda c: np.asarray(c[column], dtype=np.float64), bound,
                    1.0 if most else -1.0, False, unit)  # fmt: skip
    level = 0.5 if statistic == "median" else float(found[2]) / 100.0
    if not 0.0 < level < 1.0:
        raise ConfigError("a quantile lies between p0 and p100", key="--target", value=text, expected="such as p95")
    if most:
        return Goal(text, text, f"the chance that {column} is over {bound:,.6g}", (column,),
                    lambda c: (c[column] > bound).astype(np.float64), 1.0 - level)  # fmt: skip
    return Goal(text, text, f"the chance that {column} is under {bound:,.6g}", (column,),
                lambda c: (c[column] < bound).astype(np.float64), level)  # fmt: skip
