"""Contagion in words: failures of a place's own and those it is caught in, by threshold; who is caught, by whom; hospitals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from . import palette as P
from . import words as W
from .chart import WIDE, Chart, Column
from .document import Beside, Block, Fold, Picture, Text
from .leaflet import Leaflet, Row
from .national_rows import chart_name, command, count, held, of, telling
from .national_years import BY_SHARE, SHARES_FROM, level_said

TABLE, LISTED, BOTH = "contagion", 10, "both"
COLUMNS = ("link", "provider_threshold", "hospital_threshold", "own_mean_places", "with_contagion_mean_places")
#: What contagion adds is small where it is less than this share of the own failures.
SMALL = 0.05
#: From this share on, one failure often sets off another.
OFTEN = 0.5


def contagion(page: Leaflet, strategy: str) -> list[Block]:
    """The rule, the chart by threshold and the tables of one strategy; a sentence where there are none."""
    rows = shown(page, strategy)
    if not rows:
        return [Text("What one place's failure does to another is not in these tables, or no two places share a provider or a "
                     f"hospital. `{command(page, TABLE)}` with providers or hospitals makes it.", "sub")]  # fmt: skip
    drawn = page.chart(contagion_chart(rows, strategy, message(every(page, strategy))))
    found: list[Block] = [
        Text("Rule: where so large a share of the agreed budgets of one provider's places, or of one hospital's, is lost, the "
             "group's other contracts end a year later; failures go on from there. The thresholds are judgements: several are "
             "shown."),
        *_caught_words(page, strategy), Picture(drawn.name), by_threshold(page, rows, strategy), *_split(page),
    ]  # fmt: skip
    lists = [one for one in (made(page, strategy) for made in (caught, infectious)) if one is not None]
    found += [Beside(tuple(lists))] if lists else []
    return [*found, *joint(page, strategy), *hospitals(page, strategy)]


def every(page: Leaflet, strategy: str) -> list[Row]:
    """Every rule of one strategy."""
    return of(page, TABLE, strategy) if held(page, TABLE, COLUMNS) else []


def shown(page: Leaflet, strategy: str) -> list[Row]:
    """Rules that the page shows: both kinds of link together only where each has rules of its own."""
    rows = every(page, strategy)
    kinds = {str(row["link"]) for row in rows} - {BOTH}
    return [row for row in rows if row["link"] != BOTH or len(kinds) != 1]


def at_study(page: Leaflet, strategy: str) -> Row | None:
    """The rule with the study's own thresholds."""
    return next((row for row in every(page, strategy) if row["link"] == BOTH), None)


def spread_said(page: Leaflet, strategy: str) -> list[str]:
    """What contagion adds at the study's thresholds, in one sentence; nothing without contagion."""
    row = at_study(page, strategy)
    if row is None or row.get("added_mean_places") is None:
        return []
    say, own, added = page.say, float(row["own_mean_places"] or 0.0), float(row["added_mean_places"])
    often = "rarely sets" if added <= SMALL * own else "often sets" if added >= OFTEN * own else "sometimes sets"
    first = row.get("own_failures_first_caught")
    least = ""
    if first is not None and float(first) > 1.0:
        least = f"; in futures with fewer than {count(page, row, 'own_failures_first_caught')} failures nobody is caught"
    return [
        f"One failure {often} off another: at the study's thresholds contagion adds "
        f"{say.number(row, 'added_mean_places', 'added_mean_places_error')} to the "
        f"{say.number(row, 'own_mean_places', 'own_mean_places_error')} that fail by themselves on average{least}."
    ]


def _caught_words(page: Leaflet, strategy: str) -> list[Block]:
    """How many each failure catches, and what would have become of them."""
    row = at_study(page, strategy)
    names = ("caught_failed_later_share", "caught_ended_by_policy_share", "caught_run_its_term_share")
    if row is None or any(row.get(name) is None for name in (*names, "caught_for_each_own_failure")):
        return []
    later, policy, term = (page.say.percent(row, name, 0) for name in names)
    each = page.say.cite(row, "caught_for_each_own_failure", f"{float(row['caught_for_each_own_failure']):.2f}")
    return [Text(f"At the study's thresholds each failure catches {each} others on average. Of those caught, {later} would have "
                 f"failed later anyway, {policy} would have been ended by policy, and {term} would have run their "
                 "term.")]  # fmt: skip


def _split(page: Leaflet) -> list[Block]:
    """How many links to hospitals are doubtful; nothing where that is not known."""
    whole, split = page.facts.get("hospital_links"), page.facts.get("split_hospital_links")
    if not whole or not split:
        return []
    return [Text(f"{split:,} of the {whole:,} links to a hospital are marked split: two trusts or more share these places' "
                 "residents, and the rule knows one of them.", "sub")]  # fmt: skip


# ── by threshold ───────────────────────────────────────────────────────────────────────────────────────────────────
def rule_words(row: Row) -> str:
    """The kind of link and its threshold: "provider, 25%"; both kinds at theirs."""
    link = str(row["link"])
    if link == BOTH:
        return f"both ({W.percent(row['provider_threshold'], 0)}, {W.percent(row['hospital_threshold'], 0)})"
    return f"{link}, {W.percent(row[f'{link}_threshold'], 0)}"


def _cited_rule(page: Leaflet, row: Row) -> str:
    say, link = page.say, str(row["link"])
    if link == BOTH:
        return f"both ({say.percent(row, 'provider_threshold', 0)}, {say.percent(row, 'hospital_threshold', 0)})"
    return f"{link}, {say.percent(row, f'{link}_threshold', 0)}"


def contagion_chart(rows: Sequence[Row], strategy: str, title: str) -> Chart:
    """Mean number of places that fail by themselves, and what contagion adds, by kind of link and threshold."""
    plotted: list[dict[str, Any]] = [
        {"rule": W.sentence(rule_words(row)), "own": float(row["own_mean_places"]),
         "with_contagion": float(row["with_contagion_mean_places"])}
        for row in rows
    ]  # fmt: skip
    return Chart(
        chart_name("national_contagion", strategy), title,
        f"Mean number of places whose contract losses end, by link and share lost that brings the rest down, {strategy} provider",
        f"Bars for {len(rows)} rules: places that fail by themselves, and what contagion adds. {title}."[:300],
        "Dark: fail by themselves. Striped: caught from others. At a threshold of all nobody is caught.",
        [Column("rule", "Link and threshold", "text"), Column("own", "By themselves"),
         Column("with_contagion", "With contagion")],
        plotted, partial(draw_contagion, rows=plotted), (WIDE[0], 0.9 + 0.36 * len(plotted)),
    )  # fmt: skip


def message(rows: Sequence[Row]) -> str:
    """The chart's message: how much contagion adds where both kinds of link work, or at the strictest rule."""
    row = next((one for one in rows if one["link"] == BOTH), rows[-1])
    own, whole = float(row["own_mean_places"]), float(row["with_contagion_mean_places"])
    if whole - own <= SMALL * max(own, 1e-9):
        return "Contagion through shared providers and hospitals adds few failures"
    if whole >= 2.0 * own:
        return "Contagion at least doubles the number of places that fail"
    return "Contagion adds to the places that fail, most at low thresholds"


def draw_contagion(ax: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Stacked horizontal bars from top to bottom with the totals at their ends."""
    at, own = range(len(rows)), [row["own"] for row in rows]
    added = [max(0.0, row["with_contagion"] - row["own"]) for row in rows]
    top = max([row["with_contagion"] for row in rows] + [1e-9])
    ax.barh(at, own, color=P.SERIES[0], height=0.62)
    ax.barh(at, added, left=own, facecolor=P.PAPER, edgecolor=P.SERIES[3], hatch="////", height=0.62, linewidth=1.2)
    for k, row in enumerate(rows):
        ax.text(row["with_contagion"] + 0.015 * top, k, W.number(row["with_contagion"]), va="center", ha="left")
    ax.text(0.02 * top, 0, f"by themselves {W.number(own[0])}", va="center", ha="left", color=P.PAPER)
    ax.set_yticks(at, [row["rule"] for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.14 * top)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_xlabel("places, mean over futures")


def by_threshold(page: Leaflet, rows: Sequence[Row], strategy: str) -> Any:
    """Every rule in a row: failures without and with it, and what it adds to cost."""
    say = page.say
    cells = [
        [_cited_rule(page, row), say.number(row, "own_mean_places", "own_mean_places_error"),
         say.number(row, "with_contagion_mean_places", "with_contagion_mean_places_error"),
         say.number(row, "own_sd_places", None), say.number(row, "with_contagion_sd_places", None),
         say.percent(row, "some_caught_probability"), *_costs(page, row)]
        for row in rows
    ]  # fmt: skip
    heads = ("link, share lost that brings the rest down", "places failing by themselves", "with contagion",
             "spread (sd) by themselves", "with contagion", "futures in which some are caught",
             "extra cost (an upper estimate), mean", "1 in 20 above", "mean of worst 1 in 20")  # fmt: skip
    return page.grid(TABLE, heads, cells, 8, name=f"contagion {strategy}", caption=f"Failures by rule: {strategy} provider")


def _costs(page: Leaflet, row: Row) -> list[str]:
    return [page.say.pounds(row, f"extra_cost_{name}_gbp", f"extra_cost_{name}_error_gbp") for name in ("mean", "p95", "cte95")]


# ── who is caught, and by whom ─────────────────────────────────────────────────────────────────────────────────────
def caught(page: Leaflet, strategy: str) -> Any:
    """The places that are caught most often."""
    if not held(page, "caught_places", ("caught_probability", "own_probability")):
        return None
    say, rows = page.say, of(page, "caught_places", strategy)[:LISTED]
    cells = [[str(row["place"]), say.percent(row, "caught_probability"), say.percent(row, "own_probability"),
              str(row["provider"] or W.NONE), str(row["hospital"] or W.NONE)] for row in rows]  # fmt: skip
    heads, cells = telling(("place", "caught", "fails by itself", "provider", "hospital"), cells)
    return page.grid("caught_places", heads, cells, 0, css="long",
                     name=f"caught {strategy}", caption=f"Most exposed to others' failures: {strategy} provider")  # fmt: skip


def infectious(page: Leaflet, strategy: str) -> Any:
    """The groups that catch most places."""
    if not held(page, "infectious_groups", ("group", "caught_mean_places")):
        return None
    say, rows = page.say, of(page, "infectious_groups", strategy)[:LISTED]
    cells = [[f"{row['group']} ({row['link']})", count(page, row, "places"), say.percent(row, "catches_probability"),
              say.number(row, "caught_mean_places", "caught_mean_places_error")] for row in rows]  # fmt: skip
    return page.grid("infectious_groups", ("group", "places", "catches some", "places caught, mean"), cells, 3,
                     name=f"infectious {strategy}", caption=f"Most infectious groups: {strategy} provider")  # fmt: skip


def joint(page: Leaflet, strategy: str) -> list[Block]:
    """The chance that so many places have failed by the end of the term, by themselves and with contagion."""
    if not held(page, "contagion_joint", ("level", "own_probability", "with_contagion_probability", "added_probability")):
        return []
    say = page.say
    cells = [[level_said(page, row), say.percent(row, "own_probability"),
              say.percent(row, "with_contagion_probability"),
              say.cite(row, "added_probability", W.changed(float(row["added_probability"]), W.in_points))]
             for row in of(page, "contagion_joint", strategy)
             if len(page.facts["places"]) >= SHARES_FROM or BY_SHARE not in str(row["level"])]  # fmt: skip
    if not cells:
        return []
    heads = ("contracts ended by losses in (places)", "by themselves", "with contagion", "added, points")
    grid = page.grid("contagion_joint", heads, cells, 3, name=f"contagion joint {strategy}",
                     caption=f"So many by the end of the term: {strategy} provider")  # fmt: skip
    return [Fold("How many fail by the end of the term, with contagion", (grid,))]


def hospitals(page: Leaflet, strategy: str) -> list[Block]:
    """Hospitals that several places lean on: the chance of going beyond all their limits, beside each place's alone."""
    if not held(page, "hospitals", ("hospital", "together_probability", "place", "alone_probability")):
        return []
    say = page.say
    rows = sorted(of(page, "hospitals", strategy), key=lambda row: -float(row["together_probability"]))
    names = list(dict.fromkeys(str(row["hospital"]) for row in rows))[:LISTED]
    cells = []
    for name in names:
        own = [row for row in rows if row["hospital"] == name]
        alone = ", ".join(f"{row['place']} {say.percent(row, 'alone_probability', 0)}" for row in own)
        cells.append([name, alone, say.pounds(own[0], "exposure_mean_gbp", "exposure_mean_error_gbp"),
                      say.pounds(own[0], "limit_gbp", None), say.percent(own[0], "together_probability")])  # fmt: skip
    heads = ("hospital", "each place beyond its own limit", "falls on the hospital, mean", "summed limits", "beyond these")
    grid = page.grid("hospitals", heads, cells, 3, name=f"hospitals {strategy}",
                     caption=f"Hospitals that several places lean on: {strategy} provider")  # fmt: skip
    return [grid]
