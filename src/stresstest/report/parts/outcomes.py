"""What becomes of outcomes and of health, on whom the harm of gaming falls, and what of equality is not modelled."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..book import Book
from ..charts_risk import health, scores
from ..document import Block, Fold, Grid, Picture, Points, Section, Text, Under
from ..papers import Paper
from ..papers.equality import PEOPLE, equality_paper
from ..source import DIFFERENCE, GAMED, HONEST, PLAYERS, Source
from ..table import Table
from ..tracing import TableRow, Trace
from .risks import chance_words, missing, worded

NAME, TITLE, QUESTIONS = "outcomes", "Outcomes, health and equality", ("IS1", "IS9")
SCORES, HEALTH, FLOOR, BELOW = ("reported_score", "true_score"), "health_qaly_npv", "quality_floor", "quality_below_floor"
PLAYER_WORDS = {HONEST: "honest", GAMED: "gamed", DIFFERENCE: "gamed less honest, same futures"}


def section(book: Book) -> Section:
    """The section."""
    source = book.source
    blocks: list[Block] = [_lead(book)]
    if has(source, "residents", HEALTH):
        drawn = Picture(book.chart(health(book.say, source, scenarios(source))).name)
        blocks += [drawn, Fold("Health by scenario", [Grid(_health(book), "../summary/summary.csv")])]
    blocks += [Under("What is reported, and what is true", _scores(book)), Under("The quality floor", _floor(book)),
               Under("Equality", _equality(book))]  # fmt: skip
    return Section(NAME, TITLE, blocks, QUESTIONS, new_page=True)


def has(source: Source, party: str, metric: str) -> bool:
    """Whether the run's summary tells of a metric at all."""
    return any(row["party"] == party and row["metric"] == metric for row in source.rows("summary"))


def scenarios(source: Source) -> list[str]:
    """Scenarios of which the summary tells the health of residents."""
    told = {row["scenario"] for row in source.rows("summary") if row["metric"] == HEALTH}
    return [name for name in source.scenarios if name in told]


def _lead(book: Book) -> Text:
    source, say = book.source, book.say
    if not has(source, "residents", HEALTH):
        return Text(missing("What becomes of health", "stresstest run STUDY"), "lead")
    honest, lost = (_health_words(say, source, player, source.main) for player in (HONEST, DIFFERENCE))
    return Text(
        f"With an honest provider residents gain {honest} in the median. Gaming changes that, in the same futures, by {lost} in "
        f"the median{_means(book)}. Money stands in "
        "other sections; it is nowhere added to health.", "lead",
    )  # fmt: skip


def _means(book: Book) -> str:
    """The means beside the medians, as the analyses tell means."""
    mean, lost = (book.source.figure("residents", HEALTH, "mean", strategy=player).row for player in (HONEST, DIFFERENCE))
    return f" (means: {book.say.number(mean)} and {book.say.number(lost)} QALYs)"


def _health_words(say: Trace, source: Source, player: str, scenario: str, unit: str = " QALYs") -> str:
    """Median and 80% interval of health."""
    p10, p50, p90 = (source.figure("residents", HEALTH, s, strategy=player, scenario=scenario).row for s in ("p10", "p50", "p90"))
    return f"{say.number(p50)}{unit} ({'80% interval ' if unit else ''}{say.number(p10)} to {say.number(p90)})"


def _health(book: Book) -> Table:
    source, say = book.source, book.say
    body = []
    for name in scenarios(source):
        for player in (HONEST, GAMED, DIFFERENCE):
            mean = source.figure("residents", HEALTH, "mean", strategy=player, scenario=name)
            worst = source.figure("residents", HEALTH, "p5", strategy=player, scenario=name)
            body.append([
                W.scenario_title(name), PLAYER_WORDS[player], _health_words(say, source, player, name, ""),
                say.number(worst.row) if player != DIFFERENCE else W.NONE,
                f"{say.number(mean.row)} ± {say.cite(mean.row, 'error', W.spare(mean.error, W.number))}",
            ])  # fmt: skip
    headings = ("Scenario", "Provider", "Median (80% interval)", "1 in 20 is worse than", "Mean ± standard error")
    return Table("health", "Health gained by residents, QALYs, present value at the health discount rate", headings, body, 3)


# ── reported and true ──────────────────────────────────────────────────────────────────────────────────────────────
def _scores(book: Book) -> list[Block]:
    source, say = book.source, book.say
    if not all(has(source, "contract", metric) for metric in SCORES):
        return [Text(missing("The score by year", "stresstest run STUDY"))]
    years = source.years
    first, last = years[0], years[-1]

    def at(player: str, metric: str, year: str) -> str:
        return say.percent(source.figure("contract", metric, "mean", strategy=player, year=year).row, "value", 0)

    running = (source.figure("contract", "running", "probability", strategy=HONEST, year=last).row
               if has(source, "contract", "running") else TableRow())  # fmt: skip
    words = (
        f"In {first} a gaming provider reports {at(GAMED, SCORES[0], first)} of the points on offer and has made "
        f"{at(GAMED, SCORES[1], first)} of the true progress; an honest one reports {at(HONEST, SCORES[0], first)} with "
        f"{at(HONEST, SCORES[1], first)}. By {last} true progress is {at(HONEST, SCORES[1], last)} under an honest provider and "
        f"{at(GAMED, SCORES[1], last)} under a gaming one."
    )
    tail = (f" Ended contracts report nothing and count as none, and what they achieved fades: "
            f"{say.percent(running, 'value', 0)} of honest contracts still run in {last}." if running else "")  # fmt: skip
    drawn = book.chart(scores(say, source, years))
    by_year = Fold("Scores by year", [Grid(_by_year(book), "../summary/summary.csv")])
    return [Text(words + tail), Picture(drawn.name), by_year]


def _by_year(book: Book) -> Table:
    source, say = book.source, book.say
    body = []
    for year in source.years:
        cells = [year]
        for player in PLAYERS:
            for metric in SCORES:
                low, middle, high = (
                    say.percent(source.figure("contract", metric, statistic, strategy=player, year=year).row, "value", 0)
                    for statistic in ("p10", "p50", "p90")
                )
                cells.append(f"{middle} ({low} to {high})")
        body.append(cells)
    headings = ("Year", "Honest, reported", "Honest, true", "Gamed, reported", "Gamed, true")
    caption = "Median and 80% interval over all futures; ended contracts report nothing and count as none"
    return Table("scores", caption, headings, body, 4)


def _floor(book: Book) -> list[Block]:
    """How likely true quality stays below its floor, by scenario and provider; else from the analysis that says so."""
    say, rows = book.say, [row for row in book.source.rows("hurdles") if row["hurdle"] == FLOOR]
    if rows:
        source = worded(say, rows[0], "limit_source")
        words = f"Failure: {worded(say, rows[0], 'words')}, over all years of the term together, also after an early end."
        return [Text(f"{words} The floor: {source}.{_in_years(book)}"), Grid(_floors(book, rows), "../summary/hurdles.csv")]
    advice = book.advice("reverse")
    row = next((r for r in advice.rows("reverse_points") if r["failure"] == FLOOR), None) if advice else None
    if row is None:
        return [Text(missing("How often quality stays below its floor"))]
    return [Text(
        f"Honest provider, {W.of_scenario(book.source.main)}: {worded(say, row, 'words')} in {say.percent(row, 'failing_share')} "
        f"of futures, {W.likelihood(float(row['failing_share']))}."
    )]  # fmt: skip


def _in_years(book: Book) -> str:
    """The chance that progress lies below the floor in single years: the first after the start, and the last."""
    say, main = book.say, book.source.main
    rows = {
        (str(row["strategy"]), str(row["year"])): row for row in book.source.rows("hurdles_by_year")
        if row["measure"] == BELOW and row["scenario"] == main
    }  # fmt: skip
    years = [year for player, year in rows if player == HONEST]
    if len(years) < 3:
        return ""
    told = [
        f"{say.percent(rows[HONEST, year], 'probability')} of futures in {say.text(rows[HONEST, year], 'year')}{why}"
        for year, why in ((years[0], ", when work has only begun"), (years[1], ""), (years[-1], ""))
    ]  # fmt: skip
    gamed = rows.get((GAMED, years[-1]))
    beside = f"; where it games, in {say.percent(gamed, 'probability')} in that last year" if gamed is not None else ""
    return (
        f" A mean over the term hides single years. With an honest provider progress is below the floor in {told[0]}, in "
        f"{told[1]} and in {told[2]}{beside}. What an ended contract achieved fades."
    )


def _floors(book: Book, rows: Sequence[TableRow]) -> Table:
    """Scenarios down, honest and gamed across."""
    body = []
    for name in book.source.scenarios:
        own = {str(row["strategy"]): row for row in rows if row["scenario"] == name}
        cells = [
            chance_words(book.say, own[player], *(f"fails_probability{end}" for end in ("", "_low", "_high")))
            if player in own else W.NONE for player in PLAYERS
        ]  # fmt: skip
        body.append([W.scenario_title(name), *cells])
    headings = ("Scenario", "Honest provider (95% interval)", "Gamed (95% interval)")
    return Table("floor", "Chance that quality, as a mean over the term, stays below its floor", headings, body, 2)


# ── equality ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _equality(book: Book) -> list[Block]:
    found = equality_paper(book)
    not_modelled = Points([
        "**Not modelled:** health by deprivation, age, sex, ethnic group or disability in the run itself. Health is the sum over "
        "all residents.",
        "**Not modelled:** whether honest work narrows or widens gaps, and access by neighbourhood or practice.",
        "**Modelled by judgement:** how the harm of each lever falls over bands of deprivation (`configs/gaming/harm.csv`); "
        "`stresstest gaming STUDY` tells it lever by lever in QALYs.",
        "An equality impact assessment must look at these before signature; nothing here replaces it.",
    ])  # fmt: skip
    if found is None or len(found.rows) < 2:
        return [Text("How harm falls by deprivation is not modelled: the judgements on it were not found."), not_modelled]
    return [Text(_falls(book.say, found)), not_modelled, Grid(_bands(book.say, found), "tables/equality.csv")]


def _falls(say: Trace, found: Paper) -> str:
    band = next(column for column in found.columns if column.name.endswith("_share"))
    people, harder = found.rows[0], [row for row in found.rows[1:] if row["effect"] != "falls evenly"]
    if not harder:
        return "No lever that costs health here falls harder on the deprived than on others."
    named = [f"{W.within(str(row['title']))} ({say.percent(row, band.name, 0)} of its harm)" for row in harder[:3]]
    return (
        f"The health lost to gaming falls hardest on the {W.within(band.heading)}, where {say.percent(people, band.name, 0)} of "
        f"residents live: {W.listed(named)}."
    )


def _bands(say: Trace, found: Paper) -> Table:
    bands = [column for column in found.columns if column.name.endswith("_share")]
    body = [
        [str(row["title"]), worded(say, row, "harmed"), str(row["effect"] or W.NONE),
         say.number(row, "harm_qaly_mean", None) if row["title"] != PEOPLE else W.NONE,
         *(say.percent(row, band.name, 0) for band in bands)]
        for row in found.rows
    ]  # fmt: skip
    headings = ("Lever", "Who is harmed", "Equality effect", "Health lost, QALYs", *(band.heading for band in bands))
    caption = "How the health lost to each lever falls by deprivation: shares of its harm (judgement)"
    return Table("equality", caption, headings, body, 1 + len(bands))
