"""Failures by name, and failures that the analyst writes down himself.

Those of a study, at its own hurdles, stand in measures/failures.py. One's own: "COLUMN > NUMBER" or "COLUMN < NUMBER" over
columns of table outcomes, several joined by "and".
"""

from __future__ import annotations

import re

import numpy as np

from .. import layout as L
from ..errors import ConfigError, nearest
from ..measures.failures import Columns, Failure, failures, present
from ..study import Study

__all__ = ["NUMBER", "Columns", "Failure", "chosen", "failure", "failures", "present"]
#: A number as an analyst writes it: 5e8, 1,000,000, -0.5.
NUMBER = r"(-?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)"
_COMPARISON = re.compile(rf"\s*([a-z_0-9]+)\s*(<=|>=|<|>)\s*{NUMBER}\s*$")


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
