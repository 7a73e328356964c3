"""What dependence alone is worth: the ways of joining the six uncertainties beside each other, and what the largest does."""

from __future__ import annotations

from . import words as W
from .source import ERRORS_APART, Row, Source, real
from .table import Table

BASE = "calibrated"
#: Names of the six axes as a reader says them.
AXIS_WORDS = {
    "responsibility": "responsibility for health", "control": "control of care", "state": "size of the state",
    "economy": "growth of the economy", "technology": "take-up of technology", "workforce": "vacancies",
}  # fmt: skip
EXPOSURE, LOSSES = "mean_exposure_change_gbp", "exit_losses_change"
ERRORS = {EXPOSURE: "mean_exposure_change_error_gbp", LOSSES: "exit_losses_change_error"}


def dependence(source: Source) -> Table:
    """One row for each way of joining, and its change against the calibrated one in the same futures."""
    headings = (
        "How the futures hang together", "Mean net exposure", "Change (standard error)", "1 in 20 costs over",
        "Mean of the worst 1 in 100", "Losses end it in", "Change, points (standard error)",
    )  # fmt: skip
    caption = "The same uncertainties, joined in different ways: honest provider, same futures"
    return Table("dependence", caption, headings, [_row(row) for row in source.rows("dependence")], 6)


def _row(row: Row) -> list[str]:
    base = row["dependence"] == BASE
    return [
        W.sentence(str(row["words"])), W.pounds(row["mean_exposure_gbp"]), W.NONE if base else _money(row),
        W.pounds(row["p95_exposure_gbp"]), W.pounds(row["cte99_exposure_gbp"]), W.percent(row["exit_losses"]),
        W.NONE if base else _points(row),
    ]  # fmt: skip


def _money(row: Row) -> str:
    error = row[ERRORS[EXPOSURE]]
    return f"{W.changed(row[EXPOSURE], lambda x: W.pounds(x, error))} ({W.spare(error)})"


def _points(row: Row) -> str:
    return f"{W.changed(row[LOSSES], W.in_points)} ({W.in_points(row[ERRORS[LOSSES]])})"


def _clear(row: Row, name: str) -> bool:
    """Whether a change is larger than noise."""
    return abs(row[name]) > ERRORS_APART * real(row[ERRORS[name]], 0.0)


def largest_change(source: Source) -> str:
    """The largest change of exposure and of failure against the calibrated law, each with its error."""
    base, *others = source.rows("dependence")
    found = []
    most = max(others, key=lambda row: abs(row[EXPOSURE]))
    if any(_clear(row, EXPOSURE) for row in others):
        amount, error = abs(most[EXPOSURE]), most[ERRORS[EXPOSURE]]
        found.append(
            f"None of these moves mean net exposure by more than {W.pounds(amount, error)} ({_up(most[EXPOSURE])}; standard "
            f"error {W.spare(error)}): that is “{most['words']}”, with which the worst 1 in 100 cost "
            f"{W.pounds(most['cte99_exposure_gbp'])} on average instead of {W.pounds(base['cte99_exposure_gbp'])}."
        )
    other = max(others, key=lambda row: abs(row[LOSSES]))
    if any(_clear(row, LOSSES) for row in others):
        found.append(
            f"None moves the chance that losses end the contract by more than {W.in_points(abs(other[LOSSES]))} points "
            f"({_up(other[LOSSES])}; standard error {W.in_points(other[ERRORS[LOSSES]])}): that is “{other['words']}”."
        )
    return " ".join(found) or "No way of joining them moves mean net exposure or the chance of failure by more than noise."


def _up(change: float) -> str:
    return "upwards" if change > 0.0 else "downwards"


def correlations(source: Source) -> Table:
    """Asked and achieved correlation of every pair of destinations, and that of the means over the years."""
    rows = [
        [
            f"{W.sentence(AXIS_WORDS[r['axis']])} and {AXIS_WORDS[r['other_axis']]}", W.correlation(r["asked"]),
            f"{W.correlation(r['achieved'])} ({W.correlation(r['error'])})" if W.known(r["achieved"]) else W.NONE,
            W.correlation(r["means_over_years"]),
        ]
        for r in source.rows("correlations")
    ]  # fmt: skip
    headings = ("Pair", "Asked of destinations", "Achieved (standard error)", "Between means over the years")
    return Table("correlations", "Correlations between the six uncertainties", headings, rows, 3)
