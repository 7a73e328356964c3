"""Sentences of the gaming page, built from the tables' own figures; nothing is worked out here."""

from __future__ import annotations

from collections.abc import Sequence

from . import words as W
from .gaming_source import COMBINATION, UNNAMED, GamingSource, Row, kind_of
from .gaming_tables import expected, shown, title_of

GRADES = {
    "lawful": "within the rules", "grey": "arguable under the rules", "false": "false reporting",
    "mixed": "levers of several grades",
}  # fmt: skip
MOST_NAMED = 3


def paying(source: GamingSource) -> list[Row]:
    """Ways to game, combinations aside, that gain the provider more than two standard errors."""
    def pays(row: Row) -> bool:
        gain, error = row.get("gain_mean_gbp"), row.get("gain_error_gbp")
        return isinstance(gain, float) and gain > 2.0 * (error if isinstance(error, float) else 0.0)

    return [row for row in source.ranked if kind_of(row) != COMBINATION and pays(row)]


def _by_grade(rows: Sequence[Row]) -> str:
    counts = [(sum(row.get("grade") == grade for row in rows), grade) for grade in ("lawful", "grey", "false")]
    return W.listed([f"{count} {grade}" for count, grade in counts if count])


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def answer(source: GamingSource) -> tuple[str, list[str]]:
    """The first screen's answer: its lead, and the sentences that follow."""
    rows, best = paying(source), source.best
    if not source.ranked:
        return _wording(source)
    if not rows:
        return "Nothing that was tried pays a provider more than honest work does.", [_tried(source)]
    lead = f"{_counted(len(rows), 'way of gaming this contract pays', 'ways of gaming this contract pay')} ({_by_grade(rows)})."
    if best is not None:
        lead = f"{lead[:-1]}; the best play of them together is worth {shown('gain_mean_gbp', best)} to a provider."
    return lead, [text for text in (_harm(best), _worst(rows), _cheap(rows), _unnamed(source), _tried(source)) if text]


def _wording(source: GamingSource) -> tuple[str, list[str]]:
    """The answer where only the wording was searched."""
    holes = source.rows("loopholes")
    unnamed = sum(row.get("kind") == UNNAMED for row in holes)
    origin = f" The books are {source.run['books']}." if source.run.get("books") else ""
    if not holes:
        return "No loophole of the wording was found among the edits that were tried.", [origin.strip()] if origin else []
    found = _counted(len(holes), "loophole of the wording pays", "loopholes of the wording pay")
    said = f"Only the wording was searched: no future was lived, and nothing is said of health.{origin}"
    return f"{found}, {unnamed} of them without a name.", [said]


def _harm(best: Row | None) -> str:
    if best is None:
        return ""
    return (
        f"That play changes what the public purse pays by {shown('harm_public_mean_gbp', best)} and costs "
        f"{shown('harm_qaly_mean', best)} QALYs. A minus means that the purse pays less: a provider that cuts care "
        "or is paid more needs less rescue. Money and health are not set against each other."
    )


def _worst(rows: Sequence[Row]) -> str:
    known = [row for row in rows if expected(row) != W.NONE][:MOST_NAMED]
    if not known:
        return ""
    named = W.listed([f"{W.within(title_of(row['lever']))} ({expected(row)})" for row in known])
    return f"Most harm is to be expected from {named}; the ranges are as wide as our ignorance of who would do it."


def _cheap(rows: Sequence[Row]) -> str:
    """The fix that leaves an honest provider best off among those that answer the ways with most expected harm."""
    def cost(row: Row) -> float:
        return float(row["fix_cost_honest_gbp"])

    known = [row for row in rows if row.get("fix") and isinstance(row.get("fix_cost_honest_gbp"), float)][: 2 * MOST_NAMED]
    if not known:
        return ""
    row = min(known, key=cost)
    left, taken = shown("residual_gain_mean_gbp", row), cost(row)
    honest = f"it takes {W.pounds(taken)} from honest work" if taken > 0.0 else f"honest work is {W.pounds(-taken)} better off"
    return (
        f"Among the answers to these, the one that costs an honest provider least is to {W.within(str(row['fix']).rstrip('.'))}: "
        f"{honest}, and {left} is left to the best play that remains."
    )


def _unnamed(source: GamingSource) -> str:
    count = len(source.of_kind(UNNAMED))
    if not count:
        return ""
    return f"{_counted(count, 'way has', 'ways have')} no name in the catalogue: the wording itself led there."


def _tried(source: GamingSource) -> str:
    futures = source.run.get("futures")
    tail = f" on {futures:,} fresh futures" if isinstance(futures, int) else ""
    return f"Every gain is measured against the best that an honest provider can do{tail}, never against doing nothing."


def basis(source: GamingSource) -> str:
    """The line under the title: study, contract, seed, futures, time."""
    run = source.run
    labels = (("study", "Study"), ("contract", "contract"), ("seed", "seed"))
    parts = [f"{label} {run[key]}" for key, label in labels if key in run]
    if isinstance(run.get("futures"), int):
        parts.append(f"{run['futures']:,} futures for scoring")
    if isinstance(run.get("seconds"), (int, float)):
        parts.append(f"searched in {run['seconds']:,.0f} seconds")
    return f"{', '.join(parts)}." if parts else "Money is the present value over the contract."


def limit_words(source: GamingSource) -> str:
    """What the curve of limits says at its two ends, without and with consent."""
    own = [r for r in source.rows("freedom") if r.get("part") == "limit" and isinstance(r.get("limit_share"), float)]
    ends = {}
    for consent in ("none", "council"):
        rows = sorted((r for r in own if r.get("consent") == consent), key=lambda r: float(r["limit_share"]))
        if rows:
            ends[consent] = (rows[0], rows[-1])
    if "none" not in ends:
        return ""
    low, high = ends["none"]
    text = (
        f"With no freedom to move money out of services without an indicator the provider’s best play gains "
        f"{shown('gain_mean_gbp', low)} and costs {shown('harm_qaly_mean', low)} QALYs; with full freedom it gains "
        f"{shown('gain_mean_gbp', high)} and costs {shown('harm_qaly_mean', high)}."
    )
    if "council" in ends:
        own_low = ends["council"][0]
        text += (
            f" Where the council may refuse moves out of its own services alone, and no others are limited, it gains "
            f"{shown('gain_mean_gbp', own_low)} and costs {shown('harm_qaly_mean', own_low)} QALYs."
        )
    return text


def frontier_words(source: GamingSource) -> list[str]:
    """How far each best response lies from the frontier, one sentence for each share at risk."""
    rows, found = source.rows("frontier"), []
    for row in rows:
        if str(row.get("kind", "")).startswith("best") and isinstance(row.get("distance"), float):
            risk = row.get("share_at_risk")
            head = f"With {W.percent(risk, 0)} at risk the" if isinstance(risk, float) else "The"
            if row["distance"] == 0.0:
                found.append(f"{head} best response lies on the frontier.")
                continue
            twin = next((r for r in rows if r.get("kind") == "honest best response" and r.get("share_at_risk") == risk), {})
            own = twin.get("distance")
            tail = f", the honest best response {own:.2f}" if isinstance(own, float) else ""
            found.append(f"{head} best response lies {row['distance']:.2f} of the axes’ ranges from the public’s frontier{tail}.")
    return found
