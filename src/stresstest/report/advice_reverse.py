"""Charts of "what would it take?": the nearest way to each failure, the shocks that do it alone, and the last year to act."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .advice_source import AdviceSource, Row
from .chart import WIDE, Chart, Column
from .draw import percent_axis

MOST_BARS, MOST_LINES = 8, 4
SMALLEST, TINY = 0.03, 0.1
SHORT = 44
TITLES = {
    "walks_away": "the provider's walking away", "commissioner_limit": "the commissioner's limit",
    "quality_floor": "the quality floor", "hospital_limit": "the hospital's limit", "council_limit": "the council's limit",
}  # fmt: skip
LABELS = {
    "walks_away": "walking away", "commissioner_limit": "commissioner", "quality_floor": "quality",
    "hospital_limit": "hospital", "council_limit": "council",
}  # fmt: skip

#: Columns of the page's tables; the CSV files have all of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "reverse_points": ("words", "party", "verdict", "distance", "as_far_probability", "failing_share", "middle_probability",
                       "at_point_probability", "likeness"),
    "reverse_shocks": ("words", "failure", "size", "value", "middle_value", "unit", "distance_share", "failing_mean"),
    "reverse_singles": ("words", "failure", "size", "value", "unit", "as_large_probability", "one_in"),
    "reverse_pairs": ("first_words", "first_value", "first_unit", "second_words", "second_value", "second_unit", "failure",
                      "distance", "alone_distance"),
    "reverse_rescues": ("words", "failure", "label", "saved_share", "harmed_share", "exposure_change_gbp"),
}  # fmt: skip


def charts(source: AdviceSource) -> list[Chart]:
    """Every chart for which the folder has the numbers, in the order of the page."""
    points = source.rows("reverse_points")
    found = [_point(source, row, k) for k, row in enumerate(points)] + [_singles(source, row, k) for k, row in enumerate(points)]
    return [chart for chart in (*found, _saved(source, points), _plain(source, points)) if chart is not None]


def _title(failure: str) -> str:
    return TITLES.get(failure, _short(failure))


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _own(source: AdviceSource, table: str, failure: str) -> list[Row]:
    return [row for row in source.rows(table) if row["failure"] == failure]


def amount(value: float, unit: str) -> str:
    """A shock's own value as it stands beside its bar."""
    if unit in ("index", "progress"):
        return W.signed(f"{value:.2f}")
    if unit == "years of service":
        return f"after {value:.0f} years"
    return W.percent(value, 2 if unit == "a year" else 1) + (" a year" if unit == "a year" else "")


def _point(source: AdviceSource, point: Row, k: int) -> Chart | None:
    """The nearest point of a failure, shock by shock, in standard deviations."""
    failure = str(point["failure"])
    own = [row for row in _own(source, "reverse_shocks", failure) if abs(row["size"]) >= SMALLEST][:MOST_BARS]
    if not own or abs(_number(point["distance"])) < TINY:
        return None
    rows = [
        {"shock": row["words"], "size": f"{row['size']:+.2f}".replace("-", "−"), "at": row["size"],
         "error": _number(row.get("size_error")), "value": amount(row["value"], row["unit"]),
         "middle": amount(row["middle_value"], row["unit"]), "share": row["distance_share"]}
        for row in own
    ]  # fmt: skip
    fails = point["verdict"] == "fails in the middle"
    title = f"{W.sentence(_short(str(rows[0]['shock'])))} counts most {'against' if fails else 'towards'} {_title(failure)}"
    turn = "stops being" if fails else "becomes"
    return Chart(
        f"reverse_point_{k + 1}", title, f"Likeliest combination of shocks at which failure {turn} likelier than not, "
        "standard deviations from the middle",
        f"Horizontal bars for {len(rows)} shocks: standard deviations from the middle at the nearest point. {title}.",
        "Right of the line: more of it than in the middle; left: less (an end by policy: sooner to the right). Thin lines: two "
        "standard errors. Beside each bar: the shock's own value, and in brackets that of the middle. Everything that is not "
        "named is drawn as always.",
        [Column("shock", "Shock", "text"), Column("size", "Standard deviations", "text"), Column("value", "Value", "text"),
         Column("middle", "In the middle", "text"), Column("share", "Share of the distance", "%")], rows,
        partial(_signed_bars, labels=[_short(str(row["shock"])) for row in rows], values=[float(row["at"]) for row in rows],
                errors=[float(row["error"]) for row in rows], texts=[f"{row['value']} ({row['middle']})" for row in rows]),
        (WIDE[0] * 1.15, 1.1 + 0.32 * len(rows)),
    )  # fmt: skip


def _number(value: Any) -> float:
    return value if isinstance(value, float) else 0.0


def _singles(source: AdviceSource, point: Row, k: int) -> Chart | None:
    """The smallest shocks that turn the verdict alone."""
    failure = str(point["failure"])
    own = [row for row in _own(source, "reverse_singles", failure) if isinstance(row["size"], float)][:MOST_BARS]
    if not own:
        return None
    rows = [
        {"shock": row["words"], "at": row["size"], "size": f"{row['size']:+.2f}".replace("-", "−"),
         "error": _number(row.get("size_error")), "value": amount(row["value"], row["unit"]), "one_in": _one_in(row["one_in"])}
        for row in own
    ]  # fmt: skip
    averts = point["verdict"] == "fails in the middle"
    does = "averts" if averts else "brings about"
    title = f"{W.sentence(_short(str(rows[0]['shock'])))} alone {does} {_title(failure)} soonest"
    return Chart(
        f"reverse_single_{k + 1}", title, "Size of one shock alone at which the verdict turns, standard deviations",
        f"Horizontal bars for {len(rows)} shocks: standard deviations at which one alone {does} {_title(failure)}. {title}.",
        "Beside each bar: the shock's own value, and how often a shock is at least that large. Shocks that never do it within "
        "four standard deviations are left out.",
        [Column("shock", "Shock", "text"), Column("size", "Standard deviations", "text"), Column("value", "Value", "text"),
         Column("one_in", "How often", "text")], rows,
        partial(_signed_bars, labels=[_short(str(row["shock"])) for row in rows], values=[float(row["at"]) for row in rows],
                errors=[float(row["error"]) for row in rows], texts=[f"{row['value']}, {row['one_in']}" for row in rows]),
        (WIDE[0] * 1.15, 1.1 + 0.32 * len(rows)),
    )  # fmt: skip


def _one_in(value: float) -> str:
    return f"1 in {value:.1f}".removesuffix(".0") if value < 9.95 else f"1 in {float(f'{value:.2g}'):,.0f}"


def _signed_bars(ax: Any, labels: Sequence[str], values: Sequence[float], errors: Sequence[float], texts: Sequence[str]) -> None:
    """Bars from 0 to either side, rows from top to bottom, two standard errors as thin lines, a figure beside each."""
    span = max(max(values), 0.0) - min(min(values), 0.0)
    ax.barh(range(len(values)), values, color=P.SERIES[0], height=0.6)
    for row, (value, error, text) in enumerate(zip(values, errors, texts, strict=True)):
        ax.plot([value - 2.0 * error, value + 2.0 * error], [row, row], "-", color=P.SERIES[3], linewidth=1.2)
        end = max(value + 2.0 * error, 0.0)
        ax.text(end + 0.02 * span, row, text, va="center", ha="left")
    ax.axvline(0.0, color=P.TEXT, linewidth=1.0)
    ax.set_yticks(range(len(labels)), list(labels))
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_xlim(min(min(values), 0.0) - 0.05 * span, max(max(values), 0.0) + 0.75 * span)
    ax.set_xlabel("standard deviations from the middle")


def _lines(ax: Any, years: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> None:
    """Up to four lines of shares by year, each with its name on it where the others are furthest away."""
    P.require_few([label for label, _ in series])
    taken: list[tuple[int, float]] = []
    for k, (label, values) in enumerate(series):
        ax.plot(range(len(years)), values, P.LINE_STYLES[k], color=P.SERIES[k], linewidth=2.2)
        at, height = _free(k, [line for _, line in series], taken, len(label))
        taken.append((at, height))
        if abs(height - values[at]) > 0.1:
            ax.plot([at, at + 0.1], [values[at], height], "-", color=P.MUTED, linewidth=0.8)
        ax.text(at + 0.15, height, label, ha="left", va="center", color=P.TEXT)
    ax.set_ylim(0.0, 1.08)
    percent_axis(ax.yaxis)
    shown = sorted({*range(0, len(years) - 2, 5), len(years) - 1})
    ax.set_xticks(shown, [years[t] for t in shown])
    ax.grid(axis="y")


def _free(k: int, values: Sequence[Sequence[float]], taken: Sequence[tuple[int, float]], letters: int) -> tuple[int, float]:
    """(year, height) for the name of line k: just above or below it, where no line and no other name crosses the name."""
    years = len(values[k])
    width = min(letters * years / 70.0, years / 3.0)

    def gap(t: int, height: float) -> float:
        places = [t + width * step / 6.0 for step in range(8)]
        others = [abs(_at(line, u) - height) - 0.03 for j, line in enumerate(values) if j != k for u in places]
        lines = others + [abs(_at(values[k], u) - height) for u in places]
        names = [max(abs(t - at) / (2.0 * width) * 0.05, abs(height - level)) for at, level in taken]
        return min([0.05, *lines, *names])

    steps = (0.05, -0.05, 0.15, -0.15, -0.3)
    spots = [(t, values[k][t] + step) for step in steps for t in range(years) if t + width <= years]
    inside = [(t, height) for t, height in spots if 0.03 <= height <= 1.05]
    return max(inside or [(0, values[k][0])], key=lambda spot: round(gap(*spot), 3))


def _at(line: Sequence[float], u: float) -> float:
    """A line's height between two years; its last height beyond the last."""
    last = len(line) - 1
    low = min(int(u), last)
    high = min(low + 1, last)
    return line[low] + (min(u, float(last)) - low) * (line[high] - line[low])


def _saved(source: AdviceSource, points: Sequence[Row]) -> Chart | None:
    """Share of failing futures that the best rescue still saves, by the year in which it begins."""
    best = source.facts.get("best_rescue", {})
    series: list[tuple[str, list[float]]] = []
    rows: dict[str, dict[str, Any]] = {}
    words: list[str] = []
    for point in points[:MOST_LINES]:
        failure = str(point["failure"])
        own = [row for row in _own(source, "reverse_rescues", failure) if row["rescue"] == best.get(failure, {}).get("rescue")]
        if own and all(isinstance(row["saved_share"], float) for row in own):
            label = LABELS.get(failure, _short(failure))
            series.append((label, [row["saved_share"] for row in own]))
            words.append(f"{label}: {own[0]['words']}")
            for row in own:
                rows.setdefault(row["label"], {"year": row["label"]})[label] = row["saved_share"]
    if not series:
        return None
    late = [f"{LABELS.get(name, name)} {one['too_late']}" for name, one in best.items() if (one.get("too_late_year") or 0) > 1]
    title = f"Too late to save half from: {', '.join(late)}" if late else "What a rescue still saves, by its first year"
    return Chart(
        "reverse_saved", title, "Share of failing futures that a rescue still saves, by the year in which it begins",
        f"{len(series)} lines by contract year: share of failing futures that a rescue saves. {title}.",
        f"Each line is the rescue that saves most from the first year. {'; '.join(words)}.",
        [Column("year", "Begins in", "text"), *(Column(label, W.sentence(label), "%") for label, _ in series)],
        list(rows.values()), partial(_lines, years=list(rows), series=series), WIDE,
    )  # fmt: skip


def _plain(source: AdviceSource, points: Sequence[Row]) -> Chart | None:
    """Share of failures that are plain by the end of each year."""
    series: list[tuple[str, list[float]]] = []
    rows: dict[str, dict[str, Any]] = {}
    for point in points[:MOST_LINES]:
        failure = str(point["failure"])
        own = _own(source, "reverse_seen", failure)
        if own:
            label = LABELS.get(failure, _short(failure))
            series.append((label, [row["plain_share"] for row in own]))
            for row in own:
                rows.setdefault(row["label"], {"year": row["label"]})[label] = row["plain_share"]
    if not series:
        return None
    title = "How early failure can be seen coming"
    return Chart(
        "reverse_plain", title, "Share of failures that are at least 9 in 10 likely, for good, on what is known by a year's end",
        f"{len(series)} lines by contract year: share of failures that are plain by then. {title}.",
        "Plain: at least 9 in 10 likely on what was known at that year's end, and at every later one. At the failure itself "
        "everything is plain.",
        [Column("year", "By the end of", "text"), *(Column(label, W.sentence(label), "%") for label, _ in series)],
        list(rows.values()), partial(_lines, years=list(rows), series=series), WIDE,
    )  # fmt: skip
