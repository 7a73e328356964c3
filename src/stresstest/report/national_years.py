"""Failing together by year: the chance that so many places have failed by then, as seen, independent and together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Beside, Block, Fold, Picture, Text
from .leaflet import Leaflet, Row
from .national_rows import WALKS, chart_name, command, count, held, of

TABLE = "joint_by_year"
SEEN, ALONE, AS_ONE = "probability", "independent_probability", "together_probability"
COLUMNS = ("failure", "year", "level", "at_least_places", SEEN, ALONE, AS_ONE, "beyond_independent", "mean_places", "sd_places",
           "independent_sd_places")  # fmt: skip
LINES = (("as simulated", SEEN), ("if independent", ALONE), ("if all moved together", AS_ONE))
#: The other kind of end that the table holds.
ANY_CAUSE = "ended early, any cause"
#: Below so many places, levels by share are but numbers of places again.
SHARES_FROM, BY_SHARE = 8, "of the places"
#: The share of the failures of the whole term by which most have come.
MOST = 2.0 / 3.0


def years(page: Leaflet, strategy: str) -> list[Block]:
    """The chart and the tables of one strategy; a sentence where there is no such table."""
    rows = _rows(page, strategy)
    if not rows:
        return [Text(f"How failures add up year by year is not in these tables. `{command(page, TABLE)}` makes it.", "sub")]
    number = number_by_year(rows, strategy, numbers(page, strategy, ANY_CAUSE))
    drawn = [page.chart(one).name for one in (number, by_year(rows, strategy))]
    return [*_any_cause(page, strategy), Beside(tuple(Picture(name) for name in drawn)), levels(page, rows, strategy),
            Fold("Year by year, every level", (every(page, rows, strategy),))]  # fmt: skip


def _any_cause(page: Leaflet, strategy: str) -> list[Block]:
    """How many contracts have ended early by any cause, beside those that losses ended; nothing where that is not known."""
    row, own = at_end(page, strategy, ANY_CAUSE), at_end(page, strategy)
    if row is None or own is None:
        return []
    say = page.say
    said = [say.number(one, "mean_places", "mean_places_error") for one in (own, row)]
    return [Text(f"By the end of the term losses have ended the contract in {said[0]} places on average, and any cause, policy "
                 f"among them, in {said[1]}.")]  # fmt: skip


def numbers(page: Leaflet, strategy: str, kind: str = "") -> list[Row]:
    """One row for each year of a kind of end (losses unless named), with the mean number of places; none where there are none."""
    if not held(page, TABLE, ("failure", "year", "mean_places")):
        return []
    rows = of(page, TABLE, strategy)
    wanted = kind or next((str(row["failure"]) for row in rows), "")
    return list({row["year"]: row for row in reversed(rows) if row["failure"] == wanted}.values())[::-1]


def at_end(page: Leaflet, strategy: str, kind: str = "") -> Row | None:
    """The row of the last year."""
    return next(reversed(numbers(page, strategy, kind)), None)


def gone_by(page: Leaflet, strategy: str) -> str:
    """The year by whose end two thirds of the mean number that fails have failed; "" where that is not known or none fails."""
    rows = numbers(page, strategy)
    row = most_gone(rows)
    return page.say.text(row, "year") if row is not None else ""


def most_gone(rows: Sequence[Row]) -> Row | None:
    """The first row by which two thirds of the last one's mean number of places have failed."""
    last = float(rows[-1]["mean_places"]) if rows else 0.0
    return next((row for row in rows if float(row["mean_places"]) >= (MOST - 1e-9) * last), None) if last > 0.0 else None


def _rows(page: Leaflet, strategy: str) -> list[Row]:
    """Rows of contracts ended by losses; of levels that come to the same number of places the first; none by share of few."""
    if not held(page, TABLE, COLUMNS):
        return []
    rows = of(page, TABLE, strategy)
    kinds = list(dict.fromkeys(str(row["failure"]) for row in rows))
    kind = WALKS if WALKS in kinds else next(iter(kinds), "")
    seen: set[tuple[Any, Any]] = set()
    found: list[Row] = []
    few = len(page.facts["places"]) < SHARES_FROM
    for row in rows:
        if few and BY_SHARE in str(row["level"]) and any(BY_SHARE not in str(one["level"]) for one in rows):
            continue
        level = (row["year"], row["at_least_places"])
        if row["failure"] == kind and row["level"] and level not in seen:
            found.append(row)
            seen.add(level)
    return found


def level_drawn(rows: Sequence[Row]) -> list[Row]:
    """Rows by year of the level at which what is seen lies furthest from independent places at the end of the term."""
    last = [row for row in rows if row["year"] == rows[-1]["year"]]
    level = max(last, key=lambda row: abs(float(row["beyond_independent"])))["level"]
    return [row for row in rows if row["level"] == level]


# ── the number of places ───────────────────────────────────────────────────────────────────────────────────────────
def number_by_year(rows: Sequence[Row], strategy: str, early: Sequence[Row] = ()) -> Chart:
    """Mean number of places whose contract losses have ended by each year, with one standard deviation: seen and independent.

    `early`: rows of ends of any cause by year, for a line of their own.
    """
    found = [row for row in rows if row["level"] == rows[0]["level"]]
    plotted: list[dict[str, Any]] = [{"year": str(row["year"]), **{name: float(row[name]) for name in NUMBERS}} for row in found]
    any_cause = {str(row["year"]): float(row["mean_places"]) for row in early}
    if all(row["year"] in any_cause for row in plotted):
        plotted = [{**row, ANY: any_cause[row["year"]]} for row in plotted]
    most, count = most_gone(found), "standard deviation"
    title = f"Two thirds of the failures have come by {most['year']}" if most is not None else "No contract is ended by losses"
    return Chart(
        chart_name("national_number", strategy), title,
        f"Places whose contract losses have ended by the end of each year, mean ± one {count}, {strategy} provider",
        f"Line of the mean number of places that have failed by each year, with a band of one {count} as simulated and a "
        f"the band of independent places. {title}."[:300],
        f"Band: one {count} to each side as simulated; dashed: the same for independent places."
        + (" Dotted: contracts ended early by any cause, mean." if ANY in plotted[0] else ""),
        [Column("year", "By the end of", "text"), Column("mean_places", "Places, mean"),
         Column("sd_places", "Standard deviation"), Column("independent_sd_places", "If independent"),
         *([Column(ANY, "Ended early by any cause, mean")] if ANY in plotted[0] else [])],
        plotted, partial(draw_number, rows=plotted), WIDE,
    )  # fmt: skip


ANY = "any_cause_mean_places"
NUMBERS = ("mean_places", "sd_places", "independent_sd_places")


def draw_number(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """The mean, a band as simulated and dashed lines for independent places; each labelled at its end."""
    at, mean = list(range(len(rows))), [row["mean_places"] for row in rows]
    sides = {name: [[max(0.0, row["mean_places"] + sign * row[name]) for row in rows] for sign in (-1.0, 1.0)]
             for name in NUMBERS[1:]}  # fmt: skip
    early = [row[ANY] for row in rows if ANY in row]
    low, high = sides["sd_places"]
    ax.fill_between(at, low, high, color=P.BANDS[1], linewidth=0)
    for edge in sides["independent_sd_places"]:
        ax.plot(at, edge, "--", color=P.SERIES[2], linewidth=1.6)
    ax.plot(at, mean, "-", color=P.SERIES[0], linewidth=2.4)
    if early:
        ax.plot(at, early, ":", color=P.SERIES[3], linewidth=2.0)
    ax.set_ylim(0.0, 1.08 * max(*high, *early, 1e-9))
    last = len(rows) - 1
    shown = [*range(0, max(1, last - 2), 5), last] if last else [0]
    ax.set_xticks(shown, [rows[k]["year"] for k in shown])
    ax.set_xlim(-0.3, last + D.LABEL_ROOM * max(last, 1))
    ax.spines["bottom"].set_bounds(0, last)
    ax.grid(axis="y")
    ax.set_ylabel("places")
    ends = [("as simulated", high[-1], P.TEXT), ("if independent", sides["independent_sd_places"][1][-1], P.SERIES[2]),
            ("mean", mean[-1], P.SERIES[0]), *([("any cause", early[-1], P.SERIES[3])] if early else [])]  # fmt: skip
    D.label_ends(ax, len(rows) - 0.7, ends)


# ── the chance of so many ──────────────────────────────────────────────────────────────────────────────────────────
def by_year(rows: Sequence[Row], strategy: str) -> Chart:
    """Chance that so many places have ended by losses by each year: seen, independent, together."""
    found = level_drawn(rows)
    last, level = found[-1], str(found[-1]["level"])
    plotted: list[dict[str, Any]] = [
        {"year": str(row["year"]), **{column: float(row[column]) for _, column in LINES}} for row in found
    ]  # fmt: skip
    title = message(last)
    labels = [row["year"] for row in plotted]
    series = [(name, [row[column] for row in plotted]) for name, column in LINES]
    return Chart(
        chart_name("national_years", strategy), title,
        f"Chance that losses have ended the contract in {level} by the end of each year, {strategy} provider",
        f"Three lines from {labels[0]} to {labels[-1]}: chance that losses have ended the contract in {level} by then, as "
        f"simulated, if independent, and if all moved together. {title}."[:300],
        "What places share makes both few and many failures likelier than for independent places.",
        [Column("year", "By the end of", "text"), *(Column(column, W.sentence(name), "%") for name, column in LINES)],
        plotted, partial(D.lines, years=labels, series=series), WIDE,
    )  # fmt: skip


def message(row: Row) -> str:
    """The chart's message: the chance of so many by the end, beside that of independent places; nothing of "together"."""
    beyond, error = float(row["beyond_independent"]), float(row.get("beyond_independent_error") or 0.0)
    if abs(beyond) <= 2.0 * error:
        return f"{W.sentence(str(row['level']))} by the end: as often as if places were independent"
    seen, alone = (W.percent(row[name], 1 if min(row[SEEN], row[ALONE]) < 0.01 else 0) for name in (SEEN, ALONE))
    return f"{W.sentence(str(row['level']))} by the end: {seen}, and {alone} if independent"


def _cells(page: Leaflet, row: Row) -> list[str]:
    say = page.say
    seen = say.percent(row, SEEN)
    if row.get(f"{SEEN}_low") is not None and row.get(f"{SEEN}_high") is not None:
        seen = f"{seen} ({say.percent(row, f'{SEEN}_low')} to {say.percent(row, f'{SEEN}_high')})"
    beyond = say.cite(row, "beyond_independent", W.changed(float(row["beyond_independent"]), W.in_points))
    return [W.likelihood(row[SEEN]), seen, say.percent(row, ALONE), say.percent(row, AS_ONE), beyond]


HEADS = ("likelihood", "as simulated (95% interval)", "if independent", "if together", "beyond independent, points")


def levels(page: Leaflet, rows: Sequence[Row], strategy: str) -> Any:
    """Every level at the end of the term."""
    last = [row for row in rows if row["year"] == rows[-1]["year"]]
    cells = [[level_said(page, row), *_cells(page, row)]
             for row in last]  # fmt: skip
    return page.grid(TABLE, ("contracts ended by losses in (places)", *HEADS), cells, 4, name=f"levels {strategy}",
                     caption=f"By the end of the term, {strategy} provider")  # fmt: skip


def level_said(page: Leaflet, row: Row) -> str:
    """A level with its number of places, where the level does not say it: "at least half of the places (154)"."""
    words = page.say.text(row, "level")
    return f"{words} ({count(page, row, 'at_least_places')})" if BY_SHARE in str(row["level"]) else words


def every(page: Leaflet, rows: Sequence[Row], strategy: str) -> Any:
    """Every level in every year."""
    say = page.say
    cells = [[f"{say.text(row, 'year')}, {say.text(row, 'level')}", *_cells(page, row)] for row in rows]
    return page.grid(TABLE, ("by the end of", *HEADS), cells, 4, name=f"by year {strategy}",
                     caption=f"Year by year, {strategy} provider")  # fmt: skip
