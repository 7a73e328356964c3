"""All futures of a run that kept only a share of them: the far tail, chances, extremes, and whether the kept ones agree."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..charts_all_futures import tail_chart
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..papers import Paper
from ..papers.all_futures import FILE, MONEY, all_futures_paper, chances, condensed, key_of, statistics
from ..source import DIFFERENCE, GAMED, HONEST, PLAYERS
from ..table import Table
from ..tracing import TableRow
from .risks import missing

NAME, TITLE = "all_futures", "All futures, kept or not"
CALL = "stresstest run STUDY --futures FUTURES --keep SHARE"
PAPER = "tables/all_futures.csv"
HEADINGS = ("Honest provider", "Gamed", "Gamed less honest, same futures")
SHORT = {HONEST: "honest", GAMED: "gamed", DIFFERENCE: "gamed less honest"}
#: Statistics in which kept and all futures are put side by side.
COMPARED = ("mean", "p50", "p99", "p5")
Held = dict[tuple[str, ...], TableRow]


def section(book: Book) -> Section | None:
    """The section; None for a run that kept every future."""
    if not book.source.manifest.get("condensed"):
        return None
    rows = condensed(book.source)
    if not rows:
        return Section(NAME, TITLE, [Text(missing("What all futures together say", CALL))])
    found = book.add(all_futures_paper(book.source, rows))
    held = {key_of(row): row for row in rows if not row["year"]}
    drawn = tail_chart(book, rows)
    blocks: list[Block] = [Text(_lead(book, found), "lead"), *([Picture(book.chart(drawn).name)] if drawn else [])]
    blocks += [
        Under("Money, down to the rarest level", _money(book, held)),
        Under("How often it ends or fails", _chances(book, held)),
        Under("The most extreme futures", _extremes(book, held)),
        Under("Do the kept futures agree?", _agreement(book, found)),
        *([Fold("Every scenario", _scenarios(book, held))] if len(book.source.scenarios) > 1 else []),
    ]
    return Section(NAME, TITLE, blocks, new_page=True)


def _lead(book: Book, found: Paper) -> str:
    row, say = next(row for row in found.rows if row["scenario"] == book.source.main), book.say
    others = " Other scenarios kept the same share of theirs." if len(book.source.scenarios) > 1 else ""
    lived, kept = (say.set_to(row, f"{name}_futures") for name in ("all", "kept"))
    return (
        f"This run lived **{lived} futures** of {W.of_scenario(book.source.main)} and kept the first **{kept}** in full.{others} "
        "Every other section, page one too, reads the kept ones; this one reads all."
    )


# ── money ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _money(book: Book, held: Held) -> list[Block]:
    told = (
        "Each figure stands with its 95% interval. A level is left out where too few futures lie beyond it. Means are exact sums "
        "over all futures, and quantiles are known to within 0.4% of their value. The last column is the distribution of the "
        "difference in each future, which is no difference of the columns before it."
    )
    return [Text(told), *(Grid(_distribution(book, held, *one), PAPER) for one in MONEY)]


def _distribution(book: Book, held: Held, party: str, metric: str, words: str, bad: bool) -> Table:
    """Statistics down, honest, gamed and difference across."""
    body = []
    for statistic, level in statistics(bad):
        rows = [held.get((book.source.main, player, party, metric, statistic)) for player in (*PLAYERS, DIFFERENCE)]
        if any(rows):
            head = f"{level} is {'more' if bad else 'less'} than" if level.startswith("1 in") else W.sentence(level)
            body.append([head, *(_spread(book, row) for row in rows)])
    caption = f"{W.sentence(words)}, present value, {W.of_scenario(book.source.main)}"
    return Table(f"all-{party}", caption, ("Over all futures", *HEADINGS), body, 3)


def _spread(book: Book, row: TableRow | None) -> str:
    """A figure with its interval, ends rounded like it."""
    if row is None:
        return W.NONE
    value, low, high = (book.say.pounds(row, name) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


# ── chances ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _chances(book: Book, held: Held) -> list[Block]:
    main, body = book.source.main, []
    for metric, words in chances(held, main):
        cells = [_chance(book, held.get((main, player, "contract", metric, "probability"))) for player in PLAYERS]
        body.append([W.sentence(words), *cells])
    told = "Counted in every future, and exact; the 95% interval is that of sampling. A hurdle is missed over the whole term."
    caption = f"Chance of an early end and of each hurdle missed, {W.of_scenario(main)}"
    return [Text(told), Grid(Table("all-chances", caption, ("What happens", *HEADINGS[:2]), body, 2), PAPER)]


def _chance(book: Book, row: TableRow | None) -> str:
    if row is None:
        return "none"
    say, step = book.say, decimals(row["error"] or row["high"])
    if row["value"] <= 0.0:
        return f"none (at most {say.percent(row, 'high', decimals(row['high']))})"
    value, low, high = (say.percent(row, name, step) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def decimals(share: float) -> int:
    """Decimals of a percentage that show the first figure of a share, or of an error, however small; one at least."""
    return 1 if not share > 0.0 else min(7, max(1, -math.floor(math.log10(100.0 * share))))


# ── extremes ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _extremes(book: Book, held: Held) -> list[Block]:
    say, body = book.say, []
    for party, metric, words, _ in MONEY[:2]:
        for statistic in ("lowest", "highest"):
            for player in (*PLAYERS, DIFFERENCE):
                row = held.get((book.source.main, player, party, metric, statistic))
                if row is not None:
                    body.append([f"{W.sentence(words)}: {statistic}", SHORT[player], say.pounds(row, "value", None),
                                 say.cite(row, "future", str(row["future"]))])  # fmt: skip
    told = (
        "`stresstest explain RUN --future N --strategy STRATEGY` tells the story of any of them, year by year and clause by "
        "clause, kept or not: N is the number in the last column. They show what the model can do at its edge, and say nothing "
        "of how likely that is."
    )
    headings = ("Most extreme of all futures", "Provider", "Amount", "Future")
    caption = f"Lowest and highest present values, {W.of_scenario(book.source.main)}"
    return [Text(told), Grid(Table("all-extremes", caption, headings, body, 2), f"../{FILE}")]


# ── kept and all ───────────────────────────────────────────────────────────────────────────────────────────────────
def _agreement(book: Book, found: Paper) -> list[Block]:
    own = [row for row in found.rows if row["scenario"] == book.source.main and row["agrees"]]
    if not own:
        return [Text("The kept futures are too few to say.")]
    shown = [row for row in own if row["strategy"] in PLAYERS and _is_compared(row)]
    return [Text(_verdict(book, own)), Fold("Figure by figure", [Grid(_side_by_side(book, shown), PAPER)])]


def _is_compared(row: TableRow) -> bool:
    """Mean, median and worst tail of money, and the chance that losses end it."""
    if row["unit"] != "GBP":
        return str(row["metric"]).endswith("exit_losses")
    return row["statistic"] in (COMPARED[:2] + (("p5",) if "surplus" in str(row["metric"]) else ("p99",)))


def _verdict(book: Book, own: Sequence[TableRow]) -> str:
    apart = [row for row in own if row["agrees"] == "no"]
    far = max((row for row in own if row["errors_apart"] is not None), key=lambda row: abs(row["errors_apart"]), default=None)
    furthest = f" The furthest apart: {_figure(far)}, by {book.say.number(far, 'errors_apart', None)} errors." if far else ""
    if not apart:
        return (
            "**They agree.** No figure of the kept futures stands three standard errors of the difference or more from that of "
            f"all futures.{furthest}"
        )
    named = W.listed([_figure(row) for row in apart[:3]])
    more = ", among others" if len(apart) > 3 else ""
    return (
        f"**Not everywhere.** Three standard errors or more apart: {named}{more}.{furthest} Chance alone does that to one figure "
        "in hundreds; where it is so, read this section and not the others."
    )


def _figure(row: TableRow) -> str:
    level = f", {row['level']}" if row["unit"] == "GBP" else ""
    return f"{row['words']}{level}, {SHORT[str(row['strategy'])]}"


def _side_by_side(book: Book, rows: Sequence[TableRow]) -> Table:
    say, body = book.say, []
    for row in rows:
        if row["unit"] == "GBP":
            kept, every = (say.pounds(row, f"{name}_value", f"{name}_error") for name in ("kept", "all"))
            errors = [say.cite(row, f"{name}_error", W.spare(row[f"{name}_error"])) for name in ("kept", "all")]
        else:
            kept, every = (say.percent(row, f"{n}_value", decimals(row[f"{n}_error"] or 0.0)) for n in ("kept", "all"))
            errors = [say.percent(row, f"{n}_error", decimals(row[f"{n}_error"] or 0.0)) for n in ("kept", "all")]
        near = "within its bin" if row["unit"] == "GBP" else W.NONE
        apart = say.number(row, "errors_apart", None) if row["errors_apart"] is not None else near
        body.append([W.sentence(_figure(row)), f"{kept} ± {errors[0]}", f"{every} ± {errors[1]}", apart])
    headings = ("Figure", "Kept futures ± standard error", "All futures ± standard error", "Errors apart")
    caption = "Kept futures beside all of them; errors apart are those of the difference"
    return Table("all-kept", caption, headings, body, 3)


# ── other scenarios ────────────────────────────────────────────────────────────────────────────────────────────────
def _scenarios(book: Book, held: Held) -> list[Block]:
    """Futures lived, chance that losses end it, and the mean and rarest common tail of each scenario."""
    body = []
    for name in book.source.scenarios:
        for player in PLAYERS:
            mean, tail = (held.get((name, player, "commissioner", "exposure_npv", s)) for s in ("mean", "p99"))
            surplus = held.get((name, player, "provider", "surplus_npv", "mean"))
            losses = held.get((name, player, "contract", "exit_losses", "probability"))
            lived = book.say.set_to(mean, "futures") if mean else W.NONE
            body.append([f"{W.scenario_title(name)}, {player}", lived, _chance(book, losses), _spread(book, surplus),
                         _spread(book, mean), _spread(book, tail)])  # fmt: skip
    headings = (
        "Scenario and provider", "Futures lived", "Losses end it", "Provider’s surplus, mean", "Commissioner’s exposure, mean",
        "1 in 100 is more than",
    )  # fmt: skip
    return [Grid(Table("all-scenarios", "All futures of every scenario (95% intervals)", headings, body, 5), PAPER, "long")]
