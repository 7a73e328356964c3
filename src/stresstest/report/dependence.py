"""What dependence alone is worth: the ways of joining the six uncertainties beside each other, and what the largest does."""

from __future__ import annotations

from . import words as W
from .certainty import error_said
from .source import ERRORS_APART, Row, Source, real
from .table import Table
from .tracing import Trace

BASE = "calibrated"
#: Names of the six axes as a reader says them.
AXIS_WORDS = {
    "responsibility": "responsibility for health", "control": "control of care", "state": "size of the state",
    "economy": "growth of the economy", "technology": "take-up of technology", "workforce": "vacancies",
}  # fmt: skip
EXPOSURE, LOSSES = "mean_exposure_change_gbp", "exit_losses_change"
ERRORS = {EXPOSURE: "mean_exposure_change_error_gbp", LOSSES: "exit_losses_change_error"}


def dependence(source: Source, say: Trace) -> Table:
    """One row for each way of joining, and its change against the calibrated one in the same futures."""
    headings = (
        "How the futures hang together", "Mean net exposure", "Change (standard error)", "1 in 20 costs over",
        "Mean of the worst 1 in 100", "Losses end it in", "Change, points (standard error)",
    )  # fmt: skip
    caption = "The same uncertainties, joined in different ways: honest provider, same futures"
    return Table("dependence", caption, headings, [_row(say, row) for row in source.rows("dependence")], 6)


def _row(say: Trace, row: Row) -> list[str]:
    base = row["dependence"] == BASE
    return [
        W.sentence(str(row["words"])), say.pounds(row, "mean_exposure_gbp", None),
        W.NONE if base else _change(say, row, EXPOSURE),
        say.pounds(row, "p95_exposure_gbp", None), say.pounds(row, "cte99_exposure_gbp", None), say.percent(row, "exit_losses"),
        W.NONE if base else _change(say, row, LOSSES),
    ]  # fmt: skip


def _change(say: Trace, row: Row, name: str) -> str:
    error, share = row[ERRORS[name]], name == LOSSES
    text = W.changed(row[name], lambda x: f"{W.in_points(x)} points" if share else W.pounds(x, error))
    return f"{say.cite(row, name, text)} ({error_said(say, row, ERRORS[name], share)})"


def _clear(row: Row, name: str) -> bool:
    """Whether a change is larger than noise."""
    return abs(row[name]) > ERRORS_APART * real(row[ERRORS[name]], 0.0)


def largest_change(source: Source, say: Trace) -> str:
    """The largest change of exposure and of failure against the calibrated law, each with its error."""
    base, *others = source.rows("dependence")
    found = []
    most = max(others, key=lambda row: abs(row[EXPOSURE]))
    if any(_clear(row, EXPOSURE) for row in others):
        found.append(
            f"The largest change of mean net exposure is {_change_alone(say, most, EXPOSURE)} (standard error "
            f"{error_said(say, most, ERRORS[EXPOSURE], False)}): that is “{most['words']}”, with which the worst 1 in 100 cost "
            f"{say.pounds(most, 'cte99_exposure_gbp', None)} on average instead of "
            f"{say.pounds(base, 'cte99_exposure_gbp', None)}."
        )
    other = max(others, key=lambda row: abs(row[LOSSES]))
    if any(_clear(row, LOSSES) for row in others):
        found.append(
            f"The largest change of the chance that losses end the contract is {_change_alone(say, other, LOSSES)} (standard "
            f"error {error_said(say, other, ERRORS[LOSSES], True)}): that is “{other['words']}”."
        )
    return " ".join(found) or "No way of joining them moves mean net exposure or the chance of failure by more than noise."


def _change_alone(say: Trace, row: Row, name: str) -> str:
    return _change(say, row, name).partition(" (")[0]


def correlations(source: Source, say: Trace) -> Table:
    """Asked and achieved correlation of every pair of destinations, and that of the means over the years."""
    rows = [
        [
            f"{W.sentence(AXIS_WORDS[r['axis']])} and {AXIS_WORDS[r['other_axis']]}", _joined(say, r, "asked"),
            f"{_joined(say, r, 'achieved')} ({_joined(say, r, 'error')})" if W.known(r["achieved"]) else W.NONE,
            _joined(say, r, "means_over_years"),
        ]
        for r in source.rows("correlations")
    ]  # fmt: skip
    headings = ("Pair", "Asked of destinations", "Achieved (standard error)", "Between means over the years")
    return Table("correlations", "Correlations between the six uncertainties", headings, rows, 3)


def _joined(say: Trace, row: Row, column: str) -> str:
    return say.cite(row, column, W.correlation(row[column]))
