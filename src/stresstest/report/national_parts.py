"""The sections of the page of many places: tiles, joint failures, totals, what diversifies, and the places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Beside, Block, Fold, Picture, Section
from .leaflet import Leaflet, Row, folded

WALKS, MOST_TILES, MANY, NAME = "walks_away", 60, 40, 13
JOINT = (("as simulated", "at_least_probability"), ("if independent", "independent_at_least_probability"),
         ("if all moved together", "together_at_least_probability"))  # fmt: skip


def of(page: Leaflet, table: str, strategy: str) -> list[Row]:
    """Rows of one strategy."""
    return [row for row in page.rows(table) if row["strategy"] == strategy]


def sections_of(page: Leaflet) -> list[Section]:
    """Every section."""
    strategies = list(dict.fromkeys(str(row["strategy"]) for row in page.rows("places")))
    first, *others = strategies
    tiles_, curves = page.chart(tiles(page, first)), page.chart(joint(page, first))
    return [
        Section("places", "The places", (Picture(tiles_.name), *places(page, first), *_more(page, others, places))),
        Section("joint", "Failing together", (
            Picture(curves.name), *joint_grids(page, first), *_more(page, others, joint_grids))),
        Section("totals", "What a national body carries", (*totals(page, first), *_more(page, others, totals))),
        Section("diversified", "What diversifies", (*diversified(page, first), *_more(page, others, diversified))),
    ]  # fmt: skip


def _more(page: Leaflet, others: Sequence[str], made: Any) -> list[Block]:
    return [Fold(f"The same with the {name} provider", tuple(made(page, name))) for name in others]


# ── places ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def places(page: Leaflet, strategy: str) -> list[Block]:
    """Every place: chance of walking away, money, quality and its part in the nation's worst futures."""
    say, rows = page.say, of(page, "places", strategy)
    cells = [
        [str(row["place"]), say.percent(row, f"{WALKS}_probability"),
         f"{_money(page, row, 'commissioner_exposure')} ({say.percent(row, 'exposure_share')})",
         _money(page, row, "provider_surplus"), say.number(row, "health_qaly", "health_error_qaly"),
         say.percent(row, "true_score"), say.percent(row, "quality_floor_probability"), say.percent(row, "share_of_worst")]
        for row in rows
    ]  # fmt: skip
    heads = ("place", "provider walks away", "commissioner bears beyond its budget (share of it)", "provider's surplus",
             "QALYs gained", "true progress", "quality below its floor", "share of the nation's worst 1 in 20")  # fmt: skip
    caption = f"{page.captions['places']}: {strategy} provider"
    grid = page.grid("places", heads, cells, 7, caption=caption, name=f"places {strategy}")
    return folded("All places", [grid], MANY, len(rows))


def _money(page: Leaflet, row: Row, stem: str) -> str:
    return page.say.pounds(row, f"{stem}_gbp", f"{stem}_error_gbp")


def tiles(page: Leaflet, strategy: str) -> Chart:
    """A tile for each place, darker the likelier its provider walks away, with the chance in it."""
    rows = of(page, "places", strategy)[:MOST_TILES]
    plotted = [{"place": str(row["place"]), "chance": row[f"{WALKS}_probability"]} for row in rows]
    first, last = rows[0], rows[-1]
    ends = f"from {W.percent(last[f'{WALKS}_probability'], 0)} to {W.percent(first[f'{WALKS}_probability'], 0)}"
    across = max(2, min(10, math.ceil(math.sqrt(2.2 * len(rows)))))
    high = 0.75 + 0.78 * math.ceil(len(rows) / across)
    title = f"The chance that a provider walks away goes {ends}"
    left = len(of(page, "places", strategy)) - len(rows)
    rest = f" {left} places with lower chances are in the table." if left else ""
    return Chart(
        "national_tiles", title, f"Share of futures in which losses end the contract, {strategy} provider, by place",
        f"Grid of {len(rows)} tiles, one a place, likeliest first; each holds its name and the share of futures in which the "
        f"provider walks away. {title}."[:300],
        f"Darker: likelier. Tiles stand in order and not on a map.{rest}",
        [Column("place", "Place", "text"), Column("chance", "Walks away", "%")], plotted,
        partial(draw_tiles, rows=plotted, across=across), (WIDE[0] + 0.8, high),
    )  # fmt: skip


def shade(chance: float) -> str:
    """A colour between white and dark blue; no darker than at a chance of 1."""
    part = 0.04 + 0.96 * min(1.0, max(0.0, chance))
    dark = [int(P.SERIES[0][k : k + 2], 16) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + part * (one - 255)):02X}" for one in dark)


def draw_tiles(ax: Any, rows: Sequence[dict[str, Any]], across: int) -> None:
    """Tiles row by row; words in whichever of dark and white reads better."""
    from matplotlib.patches import Rectangle

    down = math.ceil(len(rows) / across)
    for k, row in enumerate(rows):
        x, y, colour = k % across, k // across, shade(float(row["chance"]))
        ax.add_patch(Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, facecolor=colour, edgecolor=P.MUTED, linewidth=0.8))
        ink = max((P.TEXT, P.PAPER), key=lambda one: P.contrast(one, colour))
        wide = NAME if across > 6 else 18
        name = str(row["place"]) if len(str(row["place"])) <= wide else f"{str(row['place'])[: wide - 1]}…"
        small = P.FONT_POINTS - (2.0 if across > 6 else 0.0)
        ax.text(x + 0.5, y + 0.35, name, ha="center", va="center", color=ink, fontsize=small)
        ax.text(x + 0.5, y + 0.68, W.percent(row["chance"], 0), ha="center", va="center", color=ink, fontweight="bold")
    ax.set_xlim(0, across)
    ax.set_ylim(down, 0)
    ax.set_axis_off()


# ── joint failures ─────────────────────────────────────────────────────────────────────────────────────────────────
def joint(page: Leaflet, strategy: str) -> Chart:
    """Chance that at least so many providers walk away in one future: seen, independent, together."""
    rows = [row for row in of(page, "joint", strategy) if row["failure"] == WALKS][1:]
    plotted = [{"places": str(int(row["places_failing"])), **{column: row[column] for _, column in JOINT}} for row in rows]
    told = next(row for row in of(page, "joint_summary", strategy) if row["failure"] == WALKS)
    times = told["times_independent"]
    wide = times is not None and times > 1.05
    title = "Providers walk away about independently"
    if wide:
        title = "Providers walk away together more often than chance alone would have it"
    return Chart(
        "national_joint", title, f"Chance that at least so many providers walk away in one future, {strategy} provider",
        f"Three lines over 1 to {len(rows)} places: chance that at least so many providers walk away in the same future, as "
        f"simulated, if places were independent, and if all moved together. {title}."[:300],
        "Flatter than the independent line: failures come together. Together is the most that the places' own chances allow.",
        [Column("places", "Places or more", "text"), *(Column(column, W.sentence(name), "%") for name, column in JOINT)],
        plotted, partial(draw_joint, rows=plotted), WIDE,
    )  # fmt: skip


def draw_joint(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Three lines with labels at their ends."""
    ends = []
    for (name, column), colour, style in zip(JOINT, P.SERIES, P.LINE_STYLES, strict=False):
        values = [float(row[column]) for row in rows]
        ax.plot(range(len(rows)), values, style, color=colour, linewidth=2.2, marker="o" if len(rows) < 15 else None)
        ends.append((name, values[-1], colour))
    last = len(rows) - 1
    step = max(1, -(-len(rows) // 10))
    ax.set_xticks(range(0, len(rows), step), [row["places"] for row in rows][::step])
    ax.set_ylim(0.0, 1.02)
    ax.set_xlim(-0.1 * max(1, last), last + 0.55 * max(last, 1))
    ax.spines["bottom"].set_bounds(0, last)
    D.percent_axis(ax.yaxis)
    ax.grid(axis="y")
    ax.set_xlabel("places failing, or more")
    D.label_ends(ax, last + 0.06 * max(last, 1), ends)


def joint_grids(page: Leaflet, strategy: str) -> list[Block]:
    """Every kind of failure in a row; then the distribution of walking away."""
    say = page.say
    cells = [
        [W.sentence(str(row["words"])), say.number(row, "mean_places", "mean_places_error"), say.number(row, "sd_places", None),
         say.number(row, "independent_sd_places", None), say.number(row, "together_sd_places", None),
         say.number(row, "times_independent", None)]
        for row in of(page, "joint_summary", strategy)
    ]  # fmt: skip
    heads = ("in a place", "places on average", "spread of the number (sd)", "if independent", "if together", "times independent")
    kinds = page.grid("joint_summary", heads, cells, 5, caption=f"{page.captions['joint_summary']}: {strategy} provider",
                      name=f"joint summary {strategy}")  # fmt: skip
    rows = [row for row in of(page, "joint", strategy) if row["failure"] == WALKS]
    law = [[say.text(row, "places_failing"), say.percent(row, "probability"), say.percent(row, "independent_probability"),
            say.percent(row, "together_probability")] for row in rows]  # fmt: skip
    grid = page.grid("joint", ("providers walking away", "as simulated", "if independent", "if together"), law, 3,
                     caption=f"{page.captions['joint']}: {strategy} provider", name=f"joint {strategy}")  # fmt: skip
    return [kinds, *folded(page.captions["joint"], [grid], 16, len(rows))]


# ── totals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _value(page: Leaflet, row: Row, column: str = "value", error: str | None = "error") -> str:
    return page.say.pounds(row, column, error) if row["unit"] == "gbp" else page.say.number(row, column, error)


def totals(page: Leaflet, strategy: str) -> list[Block]:
    """Statistics of each total, money and health beside each other."""
    rows = of(page, "totals", strategy)
    grids = []
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        own = [row for row in rows if row["measure"] == measure]
        cells = [[_statistic(str(row["statistic"])), _value(page, row), _range(page, row)] for row in own]
        unit = "QALYs" if own[0]["unit"] == "qaly" else "present value"
        grids.append(page.grid("totals", ("statistic", "total", "95% interval"), cells, 2, name=f"totals {measure} {strategy}",
                               caption=f"{W.sentence(measure)}, all places, {unit}, {strategy} provider"))  # fmt: skip
    return [Beside(tuple(grids[:2])), Beside(tuple(grids[2:]))]


def _range(page: Leaflet, row: Row) -> str:
    if row["low"] is None or row["high"] is None:
        return W.NONE
    return f"{_value(page, row, 'low')} to {_value(page, row, 'high')}"


def _statistic(name: str) -> str:
    if name.startswith("p"):
        return "median" if name == "p50" else f"{name[1:]} in 100 futures lie below"
    return {"mean": "mean", "cte95": "mean of the worst 1 in 20"}.get(name, name)


def diversified(page: Leaflet, strategy: str) -> list[Block]:
    """Standard deviation of each total against independent places and places that move as one."""
    say, cells = page.say, []
    for row in of(page, "diversified", strategy):
        sizes = [_value(page, row, name, None) for name in ("sd", "independent_sd", "together_sd")]
        cells.append([W.sentence(str(row["measure"])), *sizes, _with_error(page, row, "times_independent"),
                      _with_error(page, row, "correlation"), say.percent(row, "diversified_share")])  # fmt: skip
    heads = ("total", "standard deviation", "if independent", "if as one", "times independent", "correlation", "evened out")
    return [page.grid("diversified", heads, cells, 6, caption=f"{page.captions['diversified']}: {strategy} provider",
                      name=f"diversified {strategy}")]  # fmt: skip


def _with_error(page: Leaflet, row: Row, name: str) -> str:
    if row[name] is None:
        return W.NONE
    text, error = W.correlation(row[name]), row[f"{name}_error"]
    said = page.say.cite(row, name, text)
    return said if error is None else f"{said} ± {page.say.cite(row, f'{name}_error', W.correlation(error))}"
