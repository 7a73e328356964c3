"""What a provider may do to the clauses: ranked by harm, with health and equality beside money, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import DataError
from .. import words as W
from ..answers import clause_names
from ..book import Book
from ..charts_risk import before_after, frontier
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..papers.loopholes import UNKNOWN, by_expected_harm, loophole_paper
from ..source import DIFFERENCE, Source
from ..table import Table
from ..tracing import TableRow, Trace
from .risks import missing, signed, with_error, worded

NAME, TITLE, QUESTIONS = "loopholes", "Loopholes: what each is worth, whom it harms and what stops it", ("IS9",)
NOTHING_STOPS, NOT_CLAIMED = "no chance stops it", "not claimed back"
TRADEOFFS = "../advice/tradeoffs"


def section(book: Book) -> Section:
    """The section."""
    rows, say = loophole_paper(book).rows, book.say
    single = [row for row in rows if row["place"] is not None]
    used = [row for row in single if row["used"] == "yes"]
    shown = [row for row in rows if row["place"] is None] + used
    blocks: list[Block] = [_lead(book, shown, used), Text(_ranking(book), "")]
    blocks.append(Grid(_worth(say, shown, book), "tables/loopholes.csv", "gaming"))
    blocks.append(Text(_reading(single), "sub"))
    if used:
        blocks.append(Grid(_stops(say, shown), "tables/loopholes.csv", "gaming"))
        blocks.append(Text(
            "Break-even: the chance at which the same use gains nothing, all of it punished and without further audits; hold it "
            "against found out times punished. What is left: once honest work and lever have both answered the change.", "sub",
        ))  # fmt: skip
    blocks += [_strategies(book.source, say), _chance(book)]
    if used:
        blocks.append(Picture(book.chart(before_after(say, used)).name))
    blocks += [_tradeoff(book), *_folds(book, single)]
    return Section(NAME, TITLE, blocks, QUESTIONS, new_page=True)


def _lead(book: Book, shown: Sequence[TableRow], used: Sequence[TableRow]) -> Text:
    say, best = book.say, next((row for row in shown if row["place"] is None), None)
    if best is None or not used:
        return Text("Nothing that was tried pays a provider more than honest work does.", "lead")
    left = say.pounds(best, "residual_gain_mean_gbp", "residual_error_gbp")
    after = f" Once every wording below is changed, {left} of the mean gain is left." if left != W.NONE else ""
    low, high = (say.pounds(best, f"gain_{end}_gbp", None) for end in ("p5", "p95"))
    return Text(
        f"The best play of all levers together gains a provider {say.pounds(best, 'gain_mean_gbp', 'gain_error_gbp')} on average "
        f"over honest work (90% interval {low} to {high}), changes what the commissioner bears by "
        f"{say.pounds(best, 'harm_commissioner_mean_gbp', None)} and costs {say.number(best, 'harm_qaly_mean', None)} QALYs."
        f"{after}{_reconciled(book, best)}",
        "lead",
    )  # fmt: skip


def _reconciled(book: Book, best: TableRow) -> str:
    """The mean of the verification futures beside the paired mean and median of the run's own: one play, two samples."""
    source, say = book.source, book.say
    try:
        mean, median, health = (
            source.figure(party, metric, statistic, strategy=DIFFERENCE).row
            for party, metric, statistic in (("provider", "surplus_npv", "mean"), ("provider", "surplus_npv", "p50"),
                                             ("residents", "health_qaly_npv", "mean"))
        )  # fmt: skip
    except DataError:
        return ""
    futures = best.get("futures_verified")
    of = f"{say.number(best, 'futures_verified', None)} " if isinstance(futures, int | float) else ""
    return (
        f" These are means of the {of}fresh futures on which strategies are judged; in the run’s own futures the same play gains "
        f"{say.pounds(mean)} on average and {say.pounds(median)} in the median, and changes health by {say.number(health)} QALYs "
        "on average."
    )


def _ranking(book: Book) -> str:
    if by_expected_harm(book.source):
        return (
            "**Ranked by expected harm**, a range as wide as our ignorance of who would do it, with health beside. Money and "
            "health are not set against each other."
        )
    return (
        "**Not ranked on money alone.** A lever stands by the better of its two places: by what the public purse loses, and by "
        "health lost. Money and health are never added. How likely a provider is to use each is not counted in; "
        "`stresstest gaming STUDY` gives the expected harm as a range."
    )


def _worth(say: Trace, rows: Sequence[TableRow], book: Book) -> Table:
    expected = by_expected_harm(book.source)
    headings = ["Lever (grade)", "Clauses that make it pay", "Equality effect", "Provider gains (90% interval)",
                "Commissioner loses", "Public purse loses", "Health lost, QALYs", "Place by public money; by health"]  # fmt: skip
    if expected:
        headings.append("Expected harm, range")
    body = []
    for row in rows:
        cells = [
            f"{row['title']} ({row['grade']})", W.sentence(W.listed(clause_names(str(row["creating_terms"] or "")))) or W.NONE,
            equality(say, row),
            f"{with_error(say, row, 'gain_mean_gbp', 'gain_error_gbp')} ({say.pounds(row, 'gain_p5_gbp', None)} to "
            f"{say.pounds(row, 'gain_p95_gbp', None)})",
            signed(say, row, "harm_commissioner_mean_gbp", "gains"), signed(say, row, "harm_public_mean_gbp", "gains"),
            signed(say, row, "harm_qaly_mean"), _places(say, row),
        ]  # fmt: skip
        if expected:
            low, high = (say.pounds(row, f"expected_harm_{end}_gbp", None) for end in ("low", "high"))
            cells.append(f"{low} to {high}")
        body.append(cells)
    caption = "What each lever is worth to a provider and whom it harms: means over honest work, present value"
    return Table("gaming", caption, headings, body, 5 + expected)


def equality(say: Trace, row: TableRow) -> str:
    """Direction and size of the equality effect; that it is not modelled where nothing is known."""
    if row["equality"] == UNKNOWN or not isinstance(row["deprived_share"], float):
        return UNKNOWN
    return (
        f"{row['equality']}: {say.percent(row, 'deprived_share', 0)} on the most deprived "
        f"{say.percent(row, 'deprived_people_share', 0)}"
    )


def _places(say: Trace, row: TableRow) -> str:
    if row["place"] is None:
        return W.NONE
    return "; ".join(say.cite(row, by, W.NONE if row[by] is None else str(row[by])) for by in ("place_money", "place_health"))


def _reading(single: Sequence[TableRow]) -> str:
    idle = [row for row in single if row["used"] == "no"]
    tail = f" Tried alone, and by itself a provider does best to leave it: {_titles(idle)}." if idle else ""
    within = [row for row in idle if row["in_best"] == "yes"]
    if within:
        tail += f" Worth nothing alone, but part of the best play together: {_titles(within)}."
    return (
        "Means of paired differences from the honest best response, each lever alone, in the same futures; ± one standard error. "
        "A minus means that the lever gives and does not take: a provider that earns more needs less rescue and works on. A "
        "change of wording that stops such a lever may forgo that. Equality: share of the harm on the most deprived band, beside "
        f"its share of residents; a judgement, as the run does not follow health by deprivation.{tail}"
    )


def _titles(rows: Sequence[TableRow]) -> str:
    return W.listed([W.within(str(row["title"])) for row in rows])


def _stops(say: Trace, rows: Sequence[TableRow]) -> Table:
    headings = ("Lever", "Early sign", "Change of wording, and where gaming moves then", "Found out a year, assumed",
                "Break-even, punished a year", "Mean gain left", "Commissioner still loses")  # fmt: skip
    body = [
        [str(row["title"]), worded(say, row, "early_sign"), _fix(say, row), _found_out(say, row),
         _break_even(say, row), with_error(say, row, "residual_gain_mean_gbp", "residual_error_gbp"),
         signed(say, row, "residual_commissioner_gbp", "gains")]
        for row in rows
    ]  # fmt: skip
    return Table("fixes", "How each lever would be seen, what stops it, and what is left", headings, body, 4)


def _found_out(say: Trace, row: TableRow) -> str:
    """The assumed chance of being found out in a year, and how much of it is punished where that is not all."""
    found = say.percent(row, "detection_assumed")
    punished, audits = row["enforcement"], row["audit_records"]
    if found == W.NONE or not isinstance(punished, float):
        return found
    more = (
        f", besides {say.cite(row, 'audit_records', f'{audits:.0f}')} record(s) audited"
        if isinstance(audits, float) and audits else ""
    )  # fmt: skip
    return f"{found}{more}" + (f"; {say.percent(row, 'enforcement', 0)} of it punished" if punished < 1.0 else "")


def _fix(say: Trace, row: TableRow) -> str:
    if not row["fix"]:
        return "none tried"
    then = "Still used" if row["place"] is None else "Then moves to"
    moved = f". {then}: {worded(say, row, 'displaced_to')}" if row["displaced_to"] else ""
    return f"{worded(say, row, 'fix')}{moved}"


def _break_even(say: Trace, row: TableRow) -> str:
    shown = say.percent(row, "detection_break_even")
    pays = isinstance(row["gain_mean_gbp"], float) and row["gain_mean_gbp"] > 0.0
    if shown != W.NONE or not pays or row["place"] is None:
        return shown
    return NOTHING_STOPS if isinstance(row["detection_assumed"], float) else NOT_CLAIMED


def _tradeoff(book: Book) -> Block:
    title, advice = "What is given up for what: money against health", book.advice("tradeoffs")
    points = advice.rows("points") if advice else []
    if advice is None or not points:
        return Under(title, [Text(missing("The trade-off between money and health"))])
    now, say = points[0], book.say
    rows = advice.rows("frontier")
    better = next((row for row in rows if row["draft"] == now.get("beaten_by")), None)
    words = "No draft that was tried has less exposure and more health than the contract as it is."
    if now.get("dominated") == "yes" and better is not None:
        less = with_error(say, better, "exposure_change_gbp", "exposure_change_error_gbp")
        more = with_error(say, better, "health_change_qaly", "health_change_error_qaly", True)
        words = (
            f"The contract as it is is beaten on both counts: the draft “{worded(say, better, 'draft')}” changes the mean "
            f"exposure of the commissioner by {less} and health by {more} QALYs, on futures on which no draft was chosen."
        )
    drawn = Picture(book.chart(frontier(say, points, better)).name)
    rest = (
        "Sentence and table: fresh futures. Chart: those on which drafts were compared. A draft “spread” sets every entry at "
        "once (values in the file). One that leaves the provider a loss may find nobody to sign it. "
        f"[All drafts]({TRADEOFFS}/index.html)"
    )
    return Under(title, [Text(words), drawn, Grid(_frontier(say, rows), f"{TRADEOFFS}/frontier.csv"), Text(rest, "sub")])


def _frontier(say: Trace, rows: Sequence[TableRow]) -> Table:
    headings = ("Draft", "Commissioner’s exposure: change", "Exposure: level", "Health gained, QALYs: change", "Health: level",
                "True score", "Provider’s surplus: change", "Provider walks away", "Exposure if gamed")  # fmt: skip
    body = [
        [worded(say, row, "draft"), with_error(say, row, "exposure_change_gbp", "exposure_change_error_gbp"),
         say.pounds(row, "exposure_gbp", "exposure_error_gbp"),
         with_error(say, row, "health_change_qaly", "health_change_error_qaly", True),
         say.number(row, "health_qaly", "health_error_qaly"), say.percent(row, "score_score"),
         with_error(say, row, "surplus_change_gbp", "surplus_change_error_gbp"), say.percent(row, "walks_away_probability"),
         say.pounds(row, "gamed_exposure_gbp", "gamed_exposure_error_gbp")]
        for row in rows
    ]  # fmt: skip
    caption = "Drafts that no other beats on money and health: means on fresh futures, and changes from the contract as it is"
    return Table("frontier", caption, headings, body, 8)


def _chance(book: Book) -> Block:
    """Whether chance alone pays a provider that changes nothing."""
    rows, say = book.source.rows("null_test"), book.say
    body = [
        [W.sentence(W.spoken(str(r["clause"]))), with_error(say, r, "mean_gbp_a_year", "error_gbp"),
         say.pounds(r, "without_chance_gbp_a_year", None), say.pounds(r, "chance_part_gbp_a_year", None),
         say.percent(r, "share_of_annual_payment"), say.percent(r, "chance_payout_rate")]
        for r in rows
    ]  # fmt: skip
    headings = ("Clause", "Pays the provider, a year", "Without chance", "Part that is chance",
                "As a share of the yearly payment", "Chance-payout rate")  # fmt: skip
    table = Table("null_test", "What each clause pays a provider that changes nothing", headings, body, 5)
    last = rows[-1]
    words = (
        f"A provider that changes nothing gets {say.pounds(last, 'mean_gbp_a_year', 'error_gbp')} a year from "
        f"{W.spoken(str(last['clause']))}; {say.pounds(last, 'chance_part_gbp_a_year', 'error_gbp')} of it is chance alone. The "
        "chance-payout rate is the share of years in which a clause pays more than it would without chance: "
        f"{say.percent(last, 'chance_payout_rate')}."
    )
    return Under("Does chance alone pay?", [Text(words), Fold("Clause by clause", [Grid(table, "../summary/null_test.csv")])])


def _folds(book: Book, single: Sequence[TableRow]) -> list[Block]:
    say = book.say
    notes = [
        [str(row["title"]), worded(say, row, "plain_english"), worded(say, row, "harmed"), worded(say, row, "early_sign"),
         worded(say, row, "evidence")]
        for row in single
    ]  # fmt: skip
    headings = ("Lever", "What the provider does", "Borne by", "Early sign", "Evidence")
    about = Table("levers", "What each lever is, who bears it, what would be seen first, and the evidence", headings, notes, 0)
    return [Fold("Notes on each lever", [Grid(about, "tables/loopholes.csv")])]


def _strategies(source: Source, say: Trace) -> Block:
    """What the gamed strategy does, lever by lever, beside what the honest one does; printed, as all gaming rests on it."""
    rows = source.rows("strategies")
    groups = list(dict.fromkeys((str(row["strategy"]), str(row["grade"])) for row in rows))
    body = [
        [player, grade, "; ".join(
            f"{row['title']} {say.text(row, 'intensity')}" for row in rows if (row["strategy"], row["grade"]) == (player, grade)
        )]
        for player, grade in groups
    ]  # fmt: skip
    caption = "Levers in use and their levels, each in its own unit (mostly shares; full use is one). “Gamed” is always this play"
    table = Table("strategies", caption, ("Provider", "Grade", "Lever and level"), body, 0)
    return Under("What the honest and the gamed provider do", [Grid(table, "../summary/strategies.csv")])
