"""Charts of the sections on money: hurdles by scenario, deficits and exposure by year, and the bridge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw, draw_more, figures
from . import words as W
from .book import Book
from .chart import WIDE, Chart, Column
from .money_words import told_of
from .papers.bridge import LEFT, LOW, START
from .papers.hurdles import SHORT
from .source import Row, Source, real
from .tracing import plain

MILLION = 1e6
#: Lines of the chart of deficits: measure and label.
LINES = (
    ("provider_deficit", "provider: in the year"),
    ("provider_deficit_to_date", "provider: to date"),
    ("commissioner_over_budget", "commissioner: over budget in the year"),
    ("commissioner_over_limit_to_date", "commissioner: beyond its limit to date"),
)
SHORT_LINES = ("provider’s loss, year", "provider’s loss, to date", "over budget, year", "over limit, to date")


def period(source: Source) -> str:
    """"Dudley, 2018/19 to 2032/33"."""
    place = W.sentence(str(source.manifest.get("study", {}).get("place", "the place")))
    return f"{place}, {source.years[0]} to {source.years[-1]}"


def hurdle_map(book: Book, rows: Sequence[Row]) -> Chart:
    """Chance of missing each hurdle in each scenario; `rows` of the hurdle paper."""
    scenarios = [name for name in book.source.scenarios if any(row["scenario"] == name for row in rows)]
    hurdles = list(dict.fromkeys(str(row["hurdle"]) for row in rows))
    cells = {(str(row["scenario"]), str(row["hurdle"])): row for row in rows}
    top = max(cells.values(), key=lambda row: real(row["fails_probability"], 0.0))
    said = book.say.percent(top, "fails_probability")
    title = f"{short(top)}: {said} in {W.scenario_title(str(top['scenario']))}, the highest of all"
    values = [[share_of(cells.get((one, name)), "fails_probability") for name in hurdles] for one in scenarios]
    data = [
        {"scenario": W.scenario_title(one), **dict(zip(hurdles, line, strict=True))}
        for one, line in zip(scenarios, values, strict=True)
    ]  # fmt: skip
    heads = [SHORT.get(name, W.sentence(W.spoken(name))) for name in hurdles]
    return Chart(
        "hurdles_by_scenario", title, f"Chance that a hurdle is missed, honest provider, by scenario; {period(book.source)}",
        f"Heat map of {W.listed([head.lower() for head in heads])} in {len(scenarios)} sets of futures; each cell holds a "
        f"percentage. {plain(title)}."[:300],
        "The darker, the likelier; every cell holds its figure. Read down a column to compare scenarios, which are no forecasts "
        "and carry no chance of their own.",
        [Column("scenario", "Scenario", "text"), *(Column(n, h, "%") for n, h in zip(hurdles, heads, strict=True))], data,
        partial(draw_more.heat, rows=[str(row["scenario"]) for row in data], columns=heads, cells=values),
        (WIDE[0] * 1.2, 1.0 + 0.32 * len(scenarios)),
    )  # fmt: skip


def short(row: Row) -> str:
    """A hurdle's short name."""
    name = str(row["hurdle"])
    return SHORT.get(name, W.sentence(W.spoken(name)))


def share_of(row: Row | None, column: str) -> float | None:
    """A cell that holds a share; None where there is no row or no number."""
    value = real(row[column]) if row else None
    return value if W.known(value) else None


def deficits(book: Book, rows: Sequence[Row]) -> Chart | None:
    """Chance of a deficit and of payments beyond budget and limit, by year; `rows` of hurdles_by_year for one setting."""
    years = book.source.years
    found = {(str(row["measure"]), str(row["year"])): row for row in rows}
    told = [(name, label) for (name, _), label in zip(LINES, SHORT_LINES, strict=True) if (name, years[-1]) in found]
    if not told:
        return None
    data: list[dict[str, Any]] = [
        {"year": year, **{name: real(found[name, year]["probability"]) for name, _ in told}} for year in years
    ]
    last = found.get(("provider_deficit_to_date", years[-1])) or found[told[0][0], years[-1]]
    title = f"By {years[-1]} the provider has lost money to date in {book.say.percent(last, 'probability')} of futures"
    if last["measure"] != "provider_deficit_to_date":
        title = f"In {years[-1]}: {dict(told)[str(last['measure'])]} in {book.say.percent(last, 'probability')} of futures"
    series = [(label, [float(row[name]) for row in data]) for name, label in told]
    return Chart(
        "deficits_by_year", title, f"Chance by year, honest provider, of all futures; {period(book.source)}",
        f"{len(series)} lines of chances by year: {W.listed([label for label, _ in series])}. {plain(title)}."[:300],
        "A contract that has ended makes no further loss of its own; what the commissioner then pays for care is counted.",
        [Column("year", "Year", "text"), *(Column(n, W.sentence(dict(LINES)[n]), "%") for n, _ in told)], data,
        partial(draw.lines, years=years, series=series), (WIDE[0], 2.9),
    )  # fmt: skip


def bridge(book: Book, rows: Sequence[Row]) -> Chart:
    """The bridge of the contract as it is and, where there is one, with every fix; `rows` of the bridge paper."""
    kinds = [("change_gbp", "as it is")]
    if any(W.known(real(row["fixed_change_gbp"])) for row in rows):
        kinds.append(("fixed_change_gbp", "with every fix of wording"))
    shown = [row for row in rows if row["driver"] != LEFT and _moves(row, [column for column, _ in kinds])]
    panels = [(name, draw_more.bridge_steps(*_labels(shown, column))) for column, name in kinds]
    reached = [value for _, steps in panels for step in steps for value in (step.start, step.end)]
    low = shown[-1]
    verb = "falls to" if real(low["change_gbp"], 0.0) < 0.0 else "is at its lowest"
    title = f"Mean surplus {verb} {_low(book, low, '')} by {low['to_year']}"
    if len(kinds) > 1:
        year = "" if low["fixed_to_year"] == low["to_year"] else f" in {low['fixed_to_year']}"
        title += f"; with every fix, {_low(book, low, 'fixed_')}{year}"
    columns = [Column("step", "Step", "text")]
    for k, (_, name) in enumerate(kinds):
        columns += [Column(f"change_{k}", f"{W.sentence(name)}: change, £m"), Column(f"end_{k}", f"{W.sentence(name)}: to, £m")]
    return Chart(
        "bridge", title, f"Mean cumulative surplus from the start to its low point, honest provider, £m; {period(book.source)}",
        f"Bridge of {len(shown)} steps in £m from the start to the low point of mean cumulative surplus, "
        f"{W.listed([name for _, name in kinds])}. {plain(title)}."[:300],
        "Dark bars are levels, shaded bars take away and white bars add; signs stand with the figures. Steps follow cause and "
        "not size, and add up to the level reached in the year of the low point of the contract as it is. Means of futures, "
        "undiscounted.",
        columns, _bridge_rows(shown, panels), partial(draw_more.bridges, panels=panels, span=(min(reached), max(reached))),
        (WIDE[0] * 1.2, 1.1 + 0.3 * len(shown)),
    )  # fmt: skip


def _low(book: Book, row: Row, path: str) -> str:
    return book.say.pounds(row, f"{path}change_gbp", f"{path}change_error_gbp")


def _bridge_rows(shown: Sequence[Row], panels: Sequence[tuple[str, Sequence[draw_more.Step]]]) -> list[dict[str, Any]]:
    """Change and level reached at each step of each panel, £m; a level's change is the level itself."""
    return [
        {"step": W.sentence(str(row["driver"]))}
        | {f"change_{n}": steps[k].end - steps[k].start for n, (_, steps) in enumerate(panels)}
        | {f"end_{n}": steps[k].end for n, (_, steps) in enumerate(panels)}
        for k, row in enumerate(shown)
    ]  # fmt: skip


def _moves(row: Row, columns: Sequence[str]) -> bool:
    """Whether a step moves anything by a pound; levels always show."""
    return row["driver"] in (START, LOW) or any(abs(real(row[column], 0.0)) >= 1.0 for column in columns)


def _labels(rows: Sequence[Row], column: str) -> tuple[list[str], list[float], list[str]]:
    values = [real(row[column], 0.0) / MILLION for row in rows]
    texts = [
        W.pounds(real(row[column])) if row["driver"] in (START, LOW) else W.changed(real(row[column], 0.0), W.pounds)
        for row in rows
    ]
    return ["Level reached" if row["driver"] == LOW else W.sentence(str(row["driver"])) for row in rows], values, texts


def exposure_fan(book: Book) -> Chart | None:
    """What the commissioner pays beyond the agreed budget in each year, honest provider: median and middle 50, 80 and 95%.

    None where the run keeps no yearly exposure.
    """
    source = book.source
    if not told_of(book, "commissioner", "exposure_yearly"):
        return None
    names = ("p2.5", "p10", "p25", "p50", "p75", "p90", "p97.5")
    rows: list[dict[str, Any]] = [
        {"year": year} | {n: source.value("commissioner", "exposure_yearly", n, year=year) / MILLION for n in names}
        for year in source.years
    ]
    column: dict[str, list[float]] = {name: [float(row[name]) for row in rows] for name in names}
    last = source.figure("commissioner", "exposure_yearly", "p90", year=source.years[-1])
    title = f"In {source.years[-1]} the commissioner pays over {book.say.pounds(last.row)} beyond budget in 1 of 10 futures"
    return Chart(
        "exposure_fan", title, f"Commissioner exposure in each year, £m, real and undiscounted; {period(source)}",
        f"Fan chart of yearly commissioner exposure in £m, {source.years[0]} to {source.years[-1]}. {plain(title)}.",
        "Shading: the middle half, 80% band and 95% band of futures in each year; no band is a path. Care after an early end is "
        "counted in.",
        [Column("year", "Year", "text"),
         *(Column(n, f"{n[1:]}th percentile" if n != "p50" else "Median") for n in names)], rows,
        partial(draw.fan, years=source.years, median=column["p50"],
                bands=[(label, column[low], column[high]) for label, low, high in figures.BAND_LIMITS]),
    )  # fmt: skip
