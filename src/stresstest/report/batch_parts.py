"""The sections of a batch: the order, the chart of differences, hurdles, regret, what each draft changed, and runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import draw as D
from . import palette as P
from . import words as W
from .chart import Chart, Column
from .document import Block, Fold, Picture, Section, Text
from .leaflet import Leaflet, Row, folded

MILLION, MOST_SHOWN, SHORT, LONGEST = 1e6, 12, 30, 60
#: (panel, column of the difference with {} for its ends, scale, words).
ENDS = ("_low", "", "_high")
PANELS = (
    ("money", "public_exposure_more{}_gbp", MILLION, "cost, £m"),
    ("health", "health_more{}_qaly", 1.0, "health, QALYs"),
    ("walks", "walks_away_more_probability{}", 0.01, "walks away, points"),
)


def sections_of(page: Leaflet) -> list[Section]:
    """Every section that has something to show."""
    strategies = list(dict.fromkeys(str(row["strategy"]) for row in page.rows("ranking")))
    first, *others = strategies
    failed = [row for row in page.rows("drafts") if row["status"] == "failed"]
    lost = [Text(f"{row['draft']} could not be run: {row['reason']}.", "boxed") for row in failed]
    return [
        *(Section(f"order-{name}", f"Drafts in order: {name} provider", (
            *(lost if name == first else ()), Picture(page.chart(differences(page, name)).name), *order_of(page, name),
        )) for name in strategies),
        Section("hurdles", "Hurdles held", (hurdle_grid(page, first), *(
            Fold(f"The same under the {name} provider", (hurdle_grid(page, name),)) for name in others))),
        Section("regret", "Regret", (regret_grid(page, first),)),
        Section("changed", "What each draft changed", tuple(changed(page))),
        Section("runs", "The drafts and their runs", (runs(page),)),
    ]  # fmt: skip


def of(page: Leaflet, table: str, strategy: str) -> list[Row]:
    """Rows of one strategy."""
    return [row for row in page.rows(table) if row["strategy"] == strategy]


def short(text: Any) -> str:
    """A name that fits beside an axis."""
    return str(text) if len(str(text)) <= SHORT else f"{str(text)[: SHORT - 1].rstrip()}…"


# ── the order ──────────────────────────────────────────────────────────────────────────────────────────────────────
def order_of(page: Leaflet, strategy: str) -> list[Block]:
    """Money, health and walking away beside each other; then the other parties, folded."""
    rows = of(page, "ranking", strategy)
    heads = ("draft", "dominated by", "place", "walks away", "change, points", "public bodies bear, more", "QALYs, more",
             "true progress, more", "every hurdle holds")  # fmt: skip
    cells = [[_name(row), _dominated(row), page.say.text(row, "place"), *_numbers(page, row)] for row in rows]
    caption = f"{page.captions['ranking']}: {strategy} provider"
    first = page.grid("ranking", heads, cells, 7, caption=caption, name=f"ranking {strategy}")
    parties = (("commissioner", "commissioner_exposure"), ("provider's surplus", "provider_surplus"),
               ("hospital", "hospital_exposure"), ("council", "council_exposure"))  # fmt: skip
    more = [[_name(row), *(_change(page, row, f"{stem}_more{{}}_gbp", W.pounds) for _, stem in parties)] for row in rows]
    party = page.grid("ranking", ("draft", *(f"{words}, more" for words, _ in parties)), more, 4,
                      caption=f"Who pays more and who less: {strategy} provider", name=f"parties {strategy}")  # fmt: skip
    return [first, Fold("Who pays more and who less", (party,))]


def _name(row: Row) -> str:
    return f"**{row['draft']}** (as it is)" if row["is_reference"] == "yes" else str(row["draft"])


def _dominated(row: Row) -> str:
    if not row["dominated_by"]:
        return W.NONE
    return str(row["dominated_by"]) + ("" if row["dominated_beyond_noise"] == "yes" else " (within noise)")


def _numbers(page: Leaflet, row: Row) -> list[str]:
    return [
        page.say.percent(row, "walks_away_probability"), _change(page, row, "walks_away_more_probability{}", W.in_points, False),
        _change(page, row, "public_exposure_more{}_gbp", W.pounds), _change(page, row, "health_more{}_qaly", W.number),
        _change(page, row, "true_score_more{}_score", W.in_points, False), page.say.percent(row, "all_hurdles_probability"),
    ]  # fmt: skip


def _change(page: Leaflet, row: Row, form: str, say: Any, rounds: bool = True) -> str:
    """A difference with its interval; nothing for the contract as it is."""
    value, error, low, high = (row[form.format(end)] for end in ("", "_error", "_low", "_high"))
    if row["is_reference"] == "yes" or value is None:
        return W.NONE
    told = [W.changed(x, (lambda y: say(y, error)) if rounds else say) for x in (value, low, high) if x is not None]
    cited = page.say.cite(row, form.format(""), told[0])
    if len(told) < 3 or low == high:
        return cited
    ends = [page.say.cite(row, form.format(end), text) for end, text in zip(("_low", "_high"), told[1:], strict=True)]
    return f"{cited} ({ends[0]} to {ends[1]})"


# ── the chart ──────────────────────────────────────────────────────────────────────────────────────────────────────
def differences(page: Leaflet, strategy: str) -> Chart:
    """Differences from the contract as it is in three panels, best-placed drafts first; dominated ones greyed."""
    rows = [row for row in of(page, "ranking", strategy) if row["is_reference"] == "no"][:MOST_SHOWN]
    plotted = [
        {"draft": str(row["draft"]), "dominated": str(row["dominated_beyond_noise"] or "no")}
        | {f"{panel}{end}": (row[form.format(end)] or 0.0) / scale for panel, form, scale, _ in PANELS for end in ENDS}
        for row in rows
    ]  # fmt: skip
    free = [row for row in rows if row["dominated_beyond_noise"] != "yes"]
    title = f"“{short(free[0]['draft'])}” leads the drafts that none clearly dominates" if free else "Every draft is dominated"
    columns = [Column("draft", "Draft", "text"), Column("dominated", "Dominated", "text")]
    columns += [Column(f"{panel}{end}", f"{words}{told}") for panel, _, _, words in PANELS
                for end, told in (("_low", ", low"), ("", ""), ("_high", ", high"))]  # fmt: skip
    return Chart(
        f"batch_differences_{strategy}", title,
        f"More or less than the contract as it is, same futures, {strategy} provider, present value",
        f"Three panels of dots with 95% intervals over {len(rows)} drafts: cost to public bodies in £m, health in QALYs, chance "
        f"of walking away in points. {title}.",
        "Dots: mean difference; lines: 95% intervals. Grey open dots: another draft is better on one of the three beyond noise, "
        "and worse on none. "
        + ("The table has the other drafts." if len(of(page, "ranking", strategy)) - 1 > len(rows) else ""),
        columns, plotted, partial(draw_panels, rows=plotted), (7.4, 1.2 + 0.32 * len(plotted)),
    )  # fmt: skip


def draw_panels(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Three panels beside each other, drafts from top to bottom."""
    figure = ax.figure
    ax.remove()
    for k, (panel, (kind, _, _, words)) in enumerate(zip(figure.subplots(1, len(PANELS)), PANELS, strict=True)):
        for j, row in enumerate(rows):
            grey = row["dominated"] == "yes"
            colour = P.MUTED if grey else P.SERIES[0]
            panel.plot([row[f"{kind}_low"], row[f"{kind}_high"]], [j, j], "-", color=colour, linewidth=1.2 if grey else 2.4)
            panel.plot([row[kind]], [j], P.MARKERS[0], color=colour, markersize=7, markerfacecolor=P.PAPER if grey else colour)
        panel.set_yticks(range(len(rows)), [short(row["draft"]) for row in rows] if k == 0 else [""] * len(rows))
        panel.set_ylim(len(rows) - 0.4, -0.6)
        panel.tick_params(axis="y", length=0)
        panel.spines["left"].set_visible(False)
        panel.grid(axis="x")
        panel.axvline(0.0, color=P.TEXT, linewidth=1.0)
        D.money_axis(panel.xaxis)
        panel.locator_params(axis="x", nbins=4)
        panel.set_xlabel(words)


# ── hurdles, regret, changes, runs ─────────────────────────────────────────────────────────────────────────────────
def hurdle_grid(page: Leaflet, strategy: str) -> Block:
    """Drafts by hurdles: the chance that each holds, in the order of the drafts."""
    rows = of(page, "hurdles", strategy)
    hurdles = list(dict.fromkeys(str(row["hurdle"]) for row in rows))
    found = {(str(row["draft"]), str(row["hurdle"])): row for row in rows}
    drafts = of(page, "ranking", strategy)
    cells = [
        [_name(row), *(page.say.percent(found[str(row["draft"]), hurdle], "holds_probability") for hurdle in hurdles)]
        for row in drafts
    ]  # fmt: skip
    heads = ("draft", *(_hurdle(hurdle) for hurdle in hurdles))
    return page.grid("hurdles", heads, cells, len(hurdles), caption=f"{page.captions['hurdles']}: {strategy} provider",
                     name=f"hurdles {strategy}")  # fmt: skip


def _hurdle(name: str) -> str:
    return {"walks_away": "provider stays"}.get(name, W.spoken(name))


def regret_grid(page: Leaflet, strategy: str) -> Block:
    """Regret in money and in health beside each other."""
    health = {row["draft"]: row for row in of(page, "regret_health", strategy)}
    money = {row["draft"]: row for row in of(page, "regret_money", strategy)}
    cells = []
    for row in of(page, "ranking", strategy):
        one, two = money[row["draft"]], health[row["draft"]]
        say = page.say
        cells.append([
            _name(row), say.pounds(one, "mean_gbp", "mean_error_gbp"), say.pounds(one, "p95_gbp", "p95_error_gbp"),
            say.number(two, "mean_qaly", "mean_error_qaly"), say.number(two, "p95_qaly", "p95_error_qaly"),
        ])  # fmt: skip
    heads = ("draft", "public money, mean", "1 future in 20 exceeds", "QALYs, mean", "1 future in 20 exceeds")
    caption = "Regret: how much better the best draft would have been in the same future"
    return page.grid("regret_money", heads, cells, 4, caption=caption)


def changed(page: Leaflet) -> list[Block]:
    """Every entry that a draft changed."""
    rows = page.rows("changed")
    cells = [[str(row["draft"]), f"`{row['entry']}`", _cut(page, row, "as_it_is"), _cut(page, row, "value")] for row in rows]
    grid = page.grid("changed", ("draft", "entry", "as it is", "in the draft"), cells, 0, css="long")
    none: list[Block] = [Text("No draft differs from the contract as it is.")]
    return folded(page.captions["changed"], [grid], 60, len(rows)) if rows else none


def _cut(page: Leaflet, row: Row, column: str) -> str:
    text = str(row[column])
    return page.say.cite(row, column, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def runs(page: Leaflet) -> Block:
    """The drafts with their notes and runs."""
    rows = page.rows("drafts")
    cells = [[str(r["draft"]), str(r["status"]), str(r["note"] or W.NONE), str(r["run"] or r["reason"])] for r in rows]
    return page.grid("drafts", ("draft", "status", "why it is tried", "run"), cells, 0, css="long")
