"""The sections of the page of changes: results, hurdles, gaming, inputs, assumptions, code, checks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..measures.changes import Changes
from ..measures.difference import BEYOND
from . import draw as D
from . import words as W
from .changes_words import change, value
from .chart import WIDE, Chart, Column
from .document import Block, Fold, Grid, Picture, Section, Text
from .leaflet import Leaflet, Row, folded

MANY, LONGEST = 30, 60
MILLION = 1e6
RUN = ("run", "created", "study", "place", "contract", "seed", "futures")
FATES = ("appeared", "vanished", "moved")


def sections_of(page: Leaflet, found: Changes) -> list[Section]:
    """Every section that has something to show."""
    made = [counted(page), results(page, found), hurdles(page, found), gaming(page), inputs(page), assumptions(page), code(page),
            changelog(page), checks(page)]  # fmt: skip
    return [one for one in made if one is not None]


def _figures(page: Leaflet, rows: Sequence[Row], head: Sequence[str]) -> list[list[str]]:
    return [
        [*(str(row[name]) for name in head), str(row["verdict"]), value(page, row, "before"), value(page, row, "after"),
         change(page, row), _range(page, row)]
        for row in rows
    ]  # fmt: skip


def _range(page: Leaflet, row: Row) -> str:
    ends = [change(page, row, name).removesuffix(" points") for name in ("change_low", "change_high")]
    return W.NONE if W.NONE in ends or row["verdict"] == "the same" else f"{ends[0]} to {ends[1]}"


HEAD = ("reads", "before", "after", "change", "three errors either way")


def counted(page: Leaflet) -> Section:
    """How much differs, and the two runs."""
    say = page.say
    cells = [[W.sentence(str(row["words"])), say.text(row, "count"), say.text(row, "of")] for row in page.rows("overview")]
    both = page.rows("runs")
    runs = [[name, *(say.text(row, name) for row in both)] for name in RUN]
    return Section("overview", "At a glance", (
        page.grid("overview", ("what", "changed", "of"), cells, 2),
        page.grid("runs", ("", "before", "after"), runs, 0),
    ))  # fmt: skip


def results(page: Leaflet, found: Changes) -> Section | None:
    """Headline figures of the first scenario by strategy; the others folded."""
    rows = page.rows("outputs")
    if not rows:
        return None
    main = [row for row in rows if row["scenario"] == found.scenario]
    blocks: list[Block] = [Picture(page.chart(chart).name)] if (chart := money_chart(page, main)) else []
    for strategy in dict.fromkeys(str(row["strategy"]) for row in main):
        own = [row for row in main if row["strategy"] == strategy]
        told = {"gamed - honest": "What gaming adds"}.get(strategy, f"{W.sentence(strategy)} provider")
        blocks.append(page.grid("outputs", ("figure", *HEAD), _figures(page, own, ("figure",)), 4,
                                caption=f"{told}, {W.of_scenario(found.scenario)}", name=f"outputs {strategy}"))  # fmt: skip
    others = [row for row in rows if row["scenario"] != found.scenario and row["verdict"] == BEYOND]
    if others:
        grid = page.grid("outputs", ("scenario", "strategy", "figure", *HEAD),
                         _figures(page, others, ("scenario", "strategy", "figure")), 4,
                         caption="Other scenarios: figures that moved beyond noise", name="outputs others")  # fmt: skip
        blocks += folded("Other scenarios: figures that moved beyond noise", [grid], 8, len(others))
    return Section("results", "Results", tuple(blocks))


def money_chart(page: Leaflet, rows: Sequence[Row]) -> Chart | None:
    """Changes of mean money of the honest provider's contract, with three errors either way."""
    means = [r for r in rows if r["strategy"] == "honest" and r["unit"] == "GBP" and str(r["figure"]).endswith("mean")
             and None not in (r["change"], r["change_low"], r["change_high"])]  # fmt: skip
    if not means or all(row["verdict"] == "the same" for row in means):
        return None
    far = [row for row in means if row["verdict"] == BEYOND]
    title = f"Beyond noise: {W.listed([_short(r) for r in far])}" if far else "No mean of money moved beyond noise"
    plotted = [{"figure": _short(r), **{k: r[c] / MILLION for k, c in (("low", "change_low"), ("change", "change"),
                                                                      ("high", "change_high"))}} for r in means]  # fmt: skip
    values = [(float(r["low"]), float(r["change"]), float(r["high"])) for r in plotted]
    return Chart(
        "changes_money", title, "Change of means, after less before, £m in present value, honest provider",
        f"Dots with lines, {len(plotted)} rows: change of mean money in £m, three errors either way. {title}."[:300],
        "Dots: change of the mean. Lines: three errors either way; a line that crosses nothing is within noise.",
        [Column("figure", "Mean of", "text"), Column("low", "Low"), Column("change", "Change"), Column("high", "High")],
        plotted, partial(D.dots, labels=[W.sentence(str(r["figure"])) for r in plotted], series=[("change", values)]),
        (WIDE[0], 1.1 + 0.4 * len(plotted)),
    )  # fmt: skip


def _short(row: Row) -> str:
    return str(row["figure"]).removesuffix(", mean")


def hurdles(page: Leaflet, found: Changes) -> Section | None:
    """Chances of missing each hurdle in the first scenario."""
    rows = [row for row in page.rows("hurdles") if row["scenario"] == found.scenario]
    heads = ("hurdle", "provider", "reads", "chance before", "chance after", "change", "three errors either way")
    grid = page.grid("hurdles", heads, _chances(page, rows), 4)
    return Section("hurdles", "Hurdles", (grid,)) if rows else None


def _chances(page: Leaflet, rows: Sequence[Row]) -> list[list[str]]:
    cells = []
    for row in rows:
        ends = [page.say.cite(row, c, W.changed(row[c], W.in_points)) if row[c] is not None else W.NONE
                for c in ("change", "change_low", "change_high")]  # fmt: skip
        chances = [page.say.percent(row, column) for column in ("before", "after")]
        name = W.sentence(W.spoken(str(row["hurdle"])))
        cells.append([name, str(row["strategy"]), str(row["verdict"]), *chances, f"{ends[0]} points", f"{ends[1]} to {ends[2]}"])
    return cells


def gaming(page: Leaflet) -> Section | None:
    """Levers that appeared, vanished or moved, gain beside harm; the others folded."""
    rows = page.rows("gaming")
    if not rows and not page.rows("strategies"):
        return None
    told = [row for row in rows if row["what"] in FATES]
    rest = [row for row in rows if row["what"] == "as before"]
    blocks: list[Block] = [] if told else [Text("No gaming lever appeared, vanished or moved beyond noise.")] if rows else []
    if told:
        blocks.append(_levers(page, told, "Levers that appeared, vanished or moved", "gaming moved"))
    if rest:
        blocks.append(Fold("Levers as before", (_levers(page, rest, "Levers whose gain moved within noise", "gaming rest"),)))
    levels = page.rows("strategies")
    if levels:
        ends = ("level_before", "level_after")
        cells = [[W.spoken(str(r["lever"])), str(r["strategy"]), *(page.say.text(r, end) for end in ends)] for r in levels]
        grid = page.grid("strategies", ("lever", "provider", "before", "after"), cells, 2)
        blocks += folded(page.captions["strategies"], [grid], 12, len(levels))
    return Section("gaming", "Gaming", tuple(blocks))


def _levers(page: Leaflet, rows: Sequence[Row], caption: str, name: str) -> Grid:
    say = page.say
    cells = [
        [W.sentence(W.spoken(str(r["lever"]))), str(r["what"]), say.pounds(r, "gain_before_gbp", "gain_before_error_gbp"),
         say.pounds(r, "gain_after_gbp", "gain_after_error_gbp"),
         say.pounds(r, "harm_commissioner_before_gbp"), say.pounds(r, "harm_commissioner_after_gbp"),
         say.number(r, "harm_before_qaly"), say.number(r, "harm_after_qaly")]
        for r in rows
    ]  # fmt: skip
    heads = ("lever", "what", "gain before", "gain after", "commissioner's loss before", "after", "QALYs lost before", "after")
    return page.grid("gaming", heads, cells, 6, caption=caption, name=name)


def _cut(page: Leaflet, row: Row, column: str) -> str:
    text = str(row[column] or "")
    return page.say.cite(row, column, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…") if text else W.NONE


def inputs(page: Leaflet) -> Section:
    """Entries that differ: those that bear on numbers, then words only, folded."""
    rows = page.rows("inputs")
    if not rows:
        return Section("inputs", "Inputs", (Text("Every input is the same."),))
    borne = [row for row in rows if row["bears"] != "words only"]
    rest = [row for row in rows if row["bears"] == "words only"]
    blocks: list[Block] = []
    if borne:
        blocks += folded(f"{page.captions['inputs']}: numbers", [_entries(page, borne, "inputs numbers")], MANY, len(borne))
    if rest:
        blocks.append(Fold("Entries of which only words, units or sources changed", (_entries(page, rest, "inputs words"),)))
    return Section("inputs", "Inputs", tuple(blocks))


def _entries(page: Leaflet, rows: Sequence[Row], name: str) -> Grid:
    cells = [
        [f"`{row['key']}`", str(row["what"]), _cut(page, row, "value_before"), _cut(page, row, "value_after"),
         str(row["unit_after"] or row["unit_before"] or W.NONE), *_sources(row)]
        for row in rows
    ]  # fmt: skip
    heads = ("entry", "what", "before", "after", "unit", "source before", "source after")
    return page.grid("inputs", heads, cells, 0, css="long", name=name)


def _sources(row: Row) -> list[str]:
    """Both sources; the later one as "the same" where it is."""
    one, two = (str(row[name] or W.NONE) for name in ("source_before", "source_after"))
    return [one, "the same" if one == two != W.NONE else two]


def assumptions(page: Leaflet) -> Section | None:
    """Rows of the register whose value, quality or source changed."""
    rows = page.rows("assumptions")
    if not rows:
        return None
    cells = [
        [f"`{row['key']}`", str(row["what"]), _cut(page, row, "value_before"), _cut(page, row, "value_after"),
         str(row["quality_before"] or W.NONE), str(row["quality_after"] or W.NONE), *_sources(row)]
        for row in rows
    ]  # fmt: skip
    heads = ("assumption", "what changed", "before", "after", "quality before", "quality after", "source before", "source after")
    grid = page.grid("assumptions", heads, cells, 0, css="long")
    return Section("assumptions", "Assumptions", tuple(folded(page.captions["assumptions"], [grid], MANY, len(rows))))


def code(page: Leaflet) -> Section:
    """Code, libraries and machine: what differs, then everything, folded."""
    def cells(rows: Sequence[Row]) -> list[list[str]]:
        return [[str(row["name"]), str(row["part"]), *(str(row[w])[:16] or W.NONE for w in ("before", "after")), str(row["same"])]
                for row in rows]  # fmt: skip

    rows, heads = page.rows("code"), ("item", "kind", "before", "after", "same")
    differ = [row for row in rows if row["same"] == "no"]
    blocks: list[Any] = [Text("Code, libraries and machine are the same.")]
    if differ:
        blocks = [page.grid("code", heads, cells(differ), 0, caption="Items that differ", name="code differs")]
    return Section("code", "Code and libraries", (*blocks, Fold("Every item", (page.grid("code", heads, cells(rows), 0),))))


def changelog(page: Leaflet) -> Section | None:
    """What the changelog says of numbers between the two versions."""
    rows = page.rows("changelog")
    if not rows:
        return None
    cells = [[str(row["version"]), page.say.cite(row, "entry", str(row["entry"]).replace("`", ""))] for row in rows]
    grid = page.grid("changelog", ("version", "changed numbers"), cells, 0, css="long")
    text = Text("The changelog's own words on what moved between the two versions; part of it may lie in both.")
    return Section("changelog", "What the changelog says", (text, *folded(page.captions["changelog"], [grid], 3, len(rows))))


def checks(page: Leaflet) -> Section | None:
    """Checks: those that hold otherwise than before, then all, folded."""
    rows = page.rows("checks")
    if not rows:
        return None

    def cells(chosen: Sequence[Row]) -> list[list[str]]:
        return [[str(row["check"]), str(row["before"] or W.NONE), str(row["after"] or W.NONE)] for row in chosen]

    heads, differ = ("check", "before", "after"), [row for row in rows if row["same"] == "no"]
    first: list[Any] = [Text("Every check holds as before.")]
    if differ:
        first = [page.grid("checks", heads, cells(differ), 0, caption="Checks that hold otherwise", name="checks differ")]
    return Section("checks", "Checks", (*first, Fold("Every check", (page.grid("checks", heads, cells(rows), 0),))))
