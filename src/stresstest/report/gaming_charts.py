"""Charts of the gaming page, each from rows of one table: words, numbers and drawing from one source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import gaming_draw as D
from . import words as W
from .chart import WIDE, Chart, Column
from .gaming_source import COMBINATION, UNNAMED, GamingSource, Row, kind_of
from .gaming_tables import title_of

MILLION = 1e6
SHORT = 34
MOST_ROWS = 12


def charts(source: GamingSource) -> list[Chart]:
    """Every chart for which the folder has the numbers, in the order of the page."""
    found = [
        gain_against_money(source), gain_against_health(source), shares_of_gain(source), before_and_after(source),
        *limit_curves(source), trade_offs(source),
    ]  # fmt: skip
    return [chart for chart in found if chart is not None]


def _number(row: Row, key: str) -> float | None:
    value = row.get(key)
    return value if isinstance(value, float) else None


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _name(row: Row) -> str:
    lever = str(row.get("lever") or "")
    code = str(row.get("code") or "")
    if kind_of(row) == COMBINATION:
        return f"{code} levers together".strip()
    if kind_of(row) == UNNAMED:
        return f"{code} without a name".strip()
    title = W.within(title_of(lever))
    return _short(f"{code} {title}" if code else title)


def _gain_harm(source: GamingSource, key: str) -> tuple[list[dict[str, Any]], list[tuple[str, float, float, int]]]:
    """Rows and points of a chart of gain against one kind of harm, those that matter most first."""
    scale = MILLION if key.endswith("_gbp") else 1.0
    rows, points = [], []
    for row in source.ranked:
        gain, harm = _number(row, "gain_mean_gbp"), _number(row, key)
        if gain is None or harm is None:
            continue
        series = 1 if kind_of(row) == COMBINATION else 2 if kind_of(row) == UNNAMED else 0
        rows.append({"way": title_of(row.get("lever")), "kind": kind_of(row), "harm": harm / scale, "gain": gain / MILLION})
        points.append((_name(row), harm / scale, gain / MILLION, series))
    return rows, points


def _gain_chart(source: GamingSource, name: str, key: str, harm_words: str, title: str, subtitle: str) -> Chart | None:
    rows, points = _gain_harm(source, key)
    if not rows:
        return None
    columns = [Column("way", "Way to game", "text"), Column("kind", "Kind", "text"), Column("harm", W.sentence(harm_words)),
               Column("gain", "Provider gains, £m")]  # fmt: skip
    return Chart(
        name, title, subtitle,
        f"Scatter of {len(rows)} ways to game: {harm_words} on the horizontal axis, the provider's gain in £m on the "
        f"vertical. {title}.",
        "Filled circles: levers of the catalogue; open diamonds: levers together; open squares: ways without a name. Both "
        "axes are straight up to 1 and then tenfold by each step. Means, not ranges: see the table.",
        columns, rows, partial(D.against, points=points, x_words=harm_words, y_words="provider gains, £m"), WIDE,
    )  # fmt: skip


def gain_against_money(source: GamingSource) -> Chart | None:
    """The provider's gain against the loss of the public purse."""
    return _gain_chart(
        source, "gain_money", "harm_public_mean_gbp", "public purse loses, £m",
        "Lower right: little gain and a large bill, where a cheap fix buys most",
        "Gain against loss of the public purse, means over futures, present value",
    )  # fmt: skip


def gain_against_health(source: GamingSource) -> Chart | None:
    """The provider's gain against the health that is lost."""
    return _gain_chart(
        source, "gain_health", "harm_qaly_mean", "health lost, QALYs",
        "Lower right: little gain and much health lost, where a cheap fix buys most",
        "Gain against loss of health, means over futures, present value",
    )  # fmt: skip


def shares_of_gain(source: GamingSource) -> Chart | None:
    """What each lever adds to the best combination: Shapley values."""
    found = [row for row in source.rows("shapley") if _number(row, "shapley_gbp") is not None]
    found = sorted(found, key=lambda row: -float(row["shapley_gbp"]))[:MOST_ROWS]
    if not found:
        return None
    error = next((key for key in ("shapley_error_gbp", "error_gbp") if key in found[0]), "")
    rows = [
        {"lever": title_of(row["lever"]), "share": row["shapley_gbp"] / MILLION, "error": (_number(row, error) or 0.0) / MILLION}
        for row in found
    ]
    title = f"{rows[0]['lever']} adds most to the best combination"
    return Chart(
        "shapley", title, "Share of the best combination's gain, £m, mean over the orders in which levers are added",
        f"Horizontal bars for {len(rows)} levers: share of the gain in £m. {title}.",
        "A lever's share is what it adds on average when levers are added one by one in many orders; shares add up to the whole. "
        "Thin lines: two standard errors.",
        [Column("lever", "Lever", "text"), Column("share", "Share, £m"), Column("error", "Standard error, £m")], rows,
        partial(D.money_bars, labels=[_short(str(r["lever"])) for r in rows], values=[float(r["share"]) for r in rows],
                errors=[float(r["error"]) for r in rows]),
        WIDE,
    )  # fmt: skip


def before_and_after(source: GamingSource) -> Chart | None:
    """Gain of the best play before and after each change of wording, those that leave least first."""
    known = [
        row for row in source.rows("fixes")
        if _number(row, "gain_before_gbp") is not None and _number(row, "gain_after_gbp") is not None
    ]  # fmt: skip
    found = sorted({str(row.get("fix")): row for row in known}.values(), key=lambda row: float(row["gain_after_gbp"]))[:MOST_ROWS]
    if not found:
        return None
    rows = [
        {"fix": str(row["fix"]), "before": row["gain_before_gbp"] / MILLION, "after": row["gain_after_gbp"] / MILLION}
        for row in found
    ]
    title = "What each change of wording leaves to the best play over all levers"
    return Chart(
        "fixes", title, "Provider's mean gain before and after, honest work and all levers chosen again, £m present value",
        f"Rows for {len(rows)} changes of wording: filled circle before, open diamond after the change, in £m. {title}.",
        "The further left the diamond, the more the change buys. What the provider turns to instead stands in the table.",
        [Column("fix", "Change of wording", "text"), Column("before", "Before, £m"), Column("after", "After, £m")], rows,
        partial(D.before_after, labels=[str(r["fix"]) for r in rows], before=[float(r["before"]) for r in rows],
                after=[float(r["after"]) for r in rows]),
        (WIDE[0] * 1.15, 1.2 + 0.42 * len(rows)),
    )  # fmt: skip


def limit_curves(source: GamingSource) -> list[Chart]:
    """Gain, exposure and health against the limit on moving money, without and with the council's consent."""
    own = [r for r in source.rows("freedom") if r.get("part") == "limit" and _number(r, "limit_share") is not None]
    wanted: tuple[tuple[str, str, float, str, str], ...] = (
        ("freedom_gain", "gain_mean_gbp", MILLION, "£m", "What freedom to move money is worth to the provider"),
        ("freedom_exposure", "harm_commissioner_mean_gbp", MILLION, "£m", "What the commissioner pays more for that freedom"),
        ("freedom_health", "harm_qaly_mean", 1.0, "QALYs", "What health is lost with that freedom"),
    )
    drawn = [_limit_curve(name, own, key, scale, unit, title) for name, key, scale, unit, title in wanted]
    return [chart for chart in drawn if chart is not None]


def _limit_curve(name: str, own: Sequence[Row], key: str, scale: float, unit: str, title: str) -> Chart | None:
    limits = sorted({float(row["limit_share"]) for row in own})
    found = {(row["consent"], row["limit_share"]): value for row in own if (value := _number(row, key)) is not None}
    words = {"none": "no consent", "council": "council consents"}
    series = [
        (label, [found[consent, limit] / scale for limit in limits])
        for consent, label in words.items() if all((consent, limit) in found for limit in limits)
    ]  # fmt: skip
    if not series or not limits:
        return None
    rows = [{"limit": W.percent(limit, 0)} | {label: values[k] for label, values in series} for k, limit in enumerate(limits)]
    return Chart(
        name, title, f"Change against the honest provider, {unit}, mean, present value, by the limit on moving money",
        f"{len(series)} lines over {len(limits)} limits from {rows[0]['limit']} to {rows[-1]['limit']}: {title.lower()}, {unit}.",
        "At each limit the provider chooses again. With consent the council frees all services that it does not fund, and the "
        "limit holds for its own.",
        [Column("limit", "Limit", "text"), *(Column(label, f"{W.sentence(label)}, {unit}") for label, _ in series)], rows,
        partial(D.curve, ticks=[str(r["limit"]).rstrip("%") for r in rows], series=series, words=unit),
    )  # fmt: skip


def trade_offs(source: GamingSource) -> Chart | None:
    """Measured score against health that nothing measures, with the best response and points that nothing dominates."""
    rows, points = [], []
    for row in source.rows("frontier"):
        score, health = _number(row, "score"), _number(row, "unmeasured_qaly")
        if score is None or health is None:
            continue
        best = str(row.get("kind", "")).startswith("best")
        share = _number(row, "share_at_risk")
        name = f"best response, {W.percent(share, 0)} at risk" if best and share is not None else "best response" if best else ""
        series = 1 if best else 2 if row.get("dominated") is False else 0
        kept = {"kind": str(row.get("kind", "")), "risk": W.percent(share, 0), "score": score, "health": health}
        rows.append(kept | {"dominated": "yes" if row.get("dominated") else "no"})
        points.append((name, health, score, series))
    if not rows:
        return None
    points.sort(key=lambda point: point[0] == "")
    title = "Measured score against health that no indicator measures"
    return Chart(
        "frontier", title, "Each point a strategy: mean true score over the term, and unmeasured health, QALYs",
        f"Scatter of {len(rows)} strategies: unmeasured health across, mean true score upwards. {title}.",
        "Open diamonds: the provider's best response at each share at risk; open squares: strategies that no other beats on "
        "score, unmeasured health, surplus and exposure at once; filled circles: the rest.",
        [Column("kind", "Strategy", "text"), Column("risk", "Share at risk", "text"), Column("score", "Score", "%"),
         Column("health", "Unmeasured health, QALYs"), Column("dominated", "Beaten on all counts", "text")], rows,
        partial(D.scores, points=points), WIDE,
    )  # fmt: skip
