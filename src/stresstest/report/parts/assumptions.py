"""The seven assumptions of the plan: what each adds to failure and to cost, and what happens as each is held or released."""

from __future__ import annotations

from functools import partial

from ...analysis import assumptions as A
from .. import switches
from ..book import Book
from ..chart import WIDE, Chart, Column
from ..document import Block, Fold, Grid, Picture, Section, Terms, Text
from ..draw_front import contributions
from ..replies import ADVISE, rows_of
from ..source import Row, real
from ..table import Table
from ..words import sentence

CHART = "assumption_contributions"
PART, RELEASED, HELD = "contribution", "all released", "all held"
MARGIN = 1.96
#: The letter that sums up the opening price and gaming.
NETTED = "g"
OPENING = (
    "The plan takes seven things for granted. Each is held true or released to the study’s own laws, in the same futures. Where "
    "incentives are released the provider plays its gamed strategy, else its honest one."
)


def section(book: Book) -> Section | None:
    """Contributions that add up, the two tables of switches, and what each assumption says."""
    blocks: list[Block] = [
        Text(OPENING), *(Text(words) for words in switches.told(book)), *_contributions(book),
        Grid(switches.switches(book), "../summary/assumption_switches.csv", "switches"),
        Fold("The other way round: each assumption held alone", [Grid(switches.held_alone(book), "", "switches")]),
        Fold("What each assumption says, and what held and released mean", [Terms([
            (f"{one.letter}, {one.name}: {one.words}", f"Held: {one.when_held}. Released: {one.when_released}.")
            for one in switches.meanings()
        ])], printed=True),
    ]  # fmt: skip
    return Section("assumptions", "The seven assumptions", blocks, new_page=True)


def _contributions(book: Book) -> list[Block]:
    rows = rows_of(book, "sensitivity", "assumptions")
    parts = [row for row in rows if row["kind"] == PART]
    if not parts:
        return [Text(f"What each assumption contributes was not worked out for this run: {ADVISE}.")]
    book.chart(chart(book, parts))
    words = "Contributions rest on fewer futures of their own than the tables of settings, so that both ends differ a little."
    if _netted(book):
        words += (
            " “Incentives” sums two opposite things: the opening price too low, which adds to failure, and gaming, which pays a "
            "provider to stay; the table below has them apart."
        )
    return [Picture(CHART), Text(words, "sub"), Grid(_table(book, parts, rows), "../advice/sensitivity/assumptions.csv")]


def chart(book: Book, parts: list[Row]) -> Chart:
    """Contributions to the chance that losses end the contract, largest first; they add up to the whole change."""
    most = parts[0]
    verb = "raises" if real(most["walks_away_probability"]) >= 0.0 else "lowers"

    def says(row: Row) -> str:
        return book.say.cite(row, "walks_away_probability", switches.points(row["walks_away_probability"], signed=True))

    texts = [switches.points(row["walks_away_probability"], signed=True) for row in parts]
    names = [f"{row['letter']} {row['assumption']}" for row in parts]
    told = "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    period = f"{book.source.years[0]} to {book.source.years[-1]}"
    title = f"Releasing {most['letter']} ({most['assumption']}) {verb} the chance of failure most: {says(most)}"
    if _netted(book) and most["letter"] != NETTED:
        title = f"{sentence(most['assumption'])} {verb} failure most, {says(most)}; {NETTED} nets price against gaming"
    return Chart(
        CHART, title,
        f"Contribution to the chance that losses end the contract, percentage points; {period}",
        f"Horizontal bars, one for each assumption, chance of failure in percentage points on the horizontal axis: {told}.",
        "Shapley values: the mean change over every order in which the seven could be released, so that they add up to the "
        "change from all held to all released. Thin line: 95% confidence. Hatched bars lower the chance.",
        [Column("assumption", "Assumption", "text"), Column("share", "Contribution", "%"), Column("margin", "95% margin", "%")],
        [{"assumption": n, "share": real(r["walks_away_probability"]), "margin": MARGIN * real(r["walks_away_probability_error"])}
         for n, r in zip(names, parts, strict=True)],
        partial(contributions, labels=names, values=[100.0 * real(r["walks_away_probability"]) for r in parts],
                margins=[100.0 * MARGIN * real(r["walks_away_probability_error"]) for r in parts], texts=texts), WIDE,
    )  # fmt: skip


def _netted(book: Book) -> bool:
    """Whether the opening price and gaming, which one letter sums up, are told apart in this run."""
    named = f"{A.RELEASED_ALONE}, {A.PART}"
    rows = [r for r in book.source.rows("assumption_switches") if r["setting"] == named and r["letter"] == NETTED]
    return len(rows) > 1


def _table(book: Book, parts: list[Row], rows: list[Row]) -> Table:
    ends = [row for kind in (HELD, RELEASED) for row in rows if row["kind"] == kind]
    shown = [[f"{r['letter']}: {r['assumption']}", *_cells(book, r, True)] for r in parts]
    shown += [[sentence(str(row["kind"])), *_cells(book, row, False)] for row in ends]
    headings = ("Assumption", "Losses end it (standard error)", "Commissioner pays (standard error)", "Surplus (standard error)")
    return Table("contributions", "Contributions of the seven assumptions, then both ends: means", headings, shown, 3)


def _cells(book: Book, row: Row, signed: bool) -> list[str]:
    say = book.say
    chance = say.cite(row, "walks_away_probability", switches.points(row["walks_away_probability"], signed=True)) if signed \
        else say.percent(row, "walks_away_probability")  # fmt: skip
    error = say.cite(row, "walks_away_probability_error", switches.points(row["walks_away_probability_error"]))
    money = [
        f"{say.pounds(row, f'{name}_gbp', f'{name}_error_gbp')} ({switches.spared(say, row, f'{name}_error_gbp')})"
        for name in ("exposure", "surplus")
    ]  # fmt: skip
    return [f"{chance} ({error})", *money]
