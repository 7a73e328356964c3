"""What to watch, when to act, what to do, and what is given up for what."""

from __future__ import annotations

from collections.abc import Sequence

from .. import words as W
from ..advice_signposts import monitoring
from ..advice_source import AdviceSource
from ..advice_tables import table_of
from ..book import Book
from ..document import Block, Fold, Grid, Picture, Section, Text, Under
from ..papers.watch import action_paper, parties, watch_paper
from ..table import Table
from ..tracing import TableRow, Trace
from .risks import missing, with_error, worded

NAME, TITLE, QUESTIONS = "watch", "What to watch, when to act and what to do", ("IS3", "IS8")
CHECKPOINTS = ("CP2", "CP3")
SIGNS, PLAYBOOK, TRADEOFFS, COMPARE = (f"../advice/{verb}" for verb in ("signposts", "playbook", "tradeoffs", "compare"))
#: Entries of the contract named for what they give up.
MOST_ENTRIES = 4


def section(book: Book) -> Section:
    """The section. Before go-live (CP3) the whole year-by-year list of signs is printed as well."""
    blocks = [*_watch(book), Under("What to do", _actions(book)), Under("What is given up for what", _given_up(book)),
              *_drafts(book)]  # fmt: skip
    return Section(NAME, TITLE, blocks, QUESTIONS, CHECKPOINTS, new_page=True)


# ── what to watch ──────────────────────────────────────────────────────────────────────────────────────────────────
def _watch(book: Book) -> list[Block]:
    advice, signs = book.advice("signposts"), watch_paper(book)
    if advice is None or signs is None or not signs.rows:
        return [Text(missing("What to watch"))]
    say, first = book.say, list[TableRow]()
    for row in signs.rows:
        if row["failure"] not in [one["failure"] for one in first]:
            first.append(row)
    blocks: list[Block] = [_lead(say, first[0]), Grid(_signs(say, first, "signs"), "tables/watch.csv"), Text(
        "Each sign was chosen on half of the futures and judged on the other half. Seen: share of the failures still to come "
        "that show it. False alarms: share of the futures that hold that show it too. Still ahead: share of all such failures "
        "not yet settled at that year’s end; for the rest it is too late. A sign is a symptom; acting on it changes what it "
        "foretells. The accounts are taken to be right: a gaming provider’s own figures come later. "
        f"[All signs and the monitoring pack]({SIGNS}/index.html)", "sub",
    )]  # fmt: skip
    chart = monitoring(advice)
    if chart is not None:
        blocks.append(Picture(book.chart(chart).name))
    every = Grid(_signs(say, signs.rows, "all-signs"), "tables/watch.csv")
    return [*blocks, Fold("The best sign of each failure, year by year", [every], printed=book.checkpoint == "CP3")]


def _lead(say: Trace, row: TableRow) -> Text:
    return Text(
        f"Act at the end of {say.text(row, 'year')} where {_named(say, row)} is {worded(say, row, 'limit')}: "
        f"{row['failure_words']} later in {say.percent(row, 'precision_rate')} of such futures, otherwise in "
        f"{say.percent(row, 'otherwise_rate')}.", "lead",
    )  # fmt: skip


def _named(say: Trace, row: TableRow) -> str:
    """What is watched: in words where the pack has them."""
    return worded(say, row, "quantity_words") if row["quantity_words"] else W.spoken(str(row["quantity"]))


def _signs(say: Trace, rows: Sequence[TableRow], name: str) -> Table:
    body = [
        [W.sentence(str(row["failure_words"])), f"end of {say.text(row, 'year')}",
         f"{_named(say, row)}: {worded(say, row, 'limit')}", worded(say, row, "first_step"),
         f"{say.percent(row, 'precision_rate')} ({say.percent(row, 'precision_low')} to {say.percent(row, 'precision_high')}), "
         f"{W.likelihood(float(row['precision_rate']))}",
         say.percent(row, "otherwise_rate"), say.percent(row, "hit_rate"), say.percent(row, "false_alarm_rate"),
         _lead_time(say, row), say.percent(row, "ahead_share", 0)]
        for row in rows
    ]  # fmt: skip
    headings = ("Failure", "When", "Sign", "First step", "Then it fails in (95% interval)", "Otherwise in", "Seen",
                "False alarms", "Years ahead", "Still ahead")  # fmt: skip
    return Table(name, "What to watch, and the first step when the sign shows", headings, body, 6)


def _lead_time(say: Trace, row: TableRow) -> str:
    """Median years of warning, and the middle four in five."""
    names = ("lead_years", "lead_low", "lead_high")
    ends = [say.cite(row, name, f"{row[name]:.0f}") for name in names if isinstance(row[name], float)]
    return f"{ends[0]} ({ends[1]} to {ends[2]})" if len(ends) == 3 else W.NONE


# ── what to do ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _actions(book: Book) -> list[Block]:
    plan = action_paper(book)
    if plan is None:
        return [Text(missing("What to do when it happens"))]
    say, three = book.say, Grid(_plan(book.say, plan.rows), "tables/actions.csv", "gaming")
    blocks: list[Block] = [Grid(_first_choices(say, plan.rows), "tables/actions.csv", "gaming"), Text(
        "Mitigations were chosen on some futures and judged on others. Changes are paired, present value, in the futures of the "
        "row; a minus under a cost is a saving. Left if answered: chance once the provider has found its best answer to it. "
        "Sizes are those of the standard library, which are judgements; what owners or bidders ask in return is not counted. "
        f"Equality effect: not modelled. [Every mitigation, alone and in pairs]({PLAYBOOK}/index.html)", "sub",
    ), Fold("The three best against each", [three], printed=book.checkpoint == "CP3")]  # fmt: skip
    advice = book.advice("playbook")
    late = advice.rows("acting_late") if advice else []
    if late:
        blocks.append(Fold("If nothing was agreed at signature", [Grid(_late(say, late), f"{PLAYBOOK}/acting_late.csv")]))
    return blocks


CHANGED = ("Commissioner bears", "Public purse bears", "Provider’s surplus", "Health, QALYs")


def _first_choices(say: Trace, rows: Sequence[TableRow]) -> Table:
    """The first choice of each eventuality beside doing nothing; where nothing clearly helps, the table says so."""
    body = []
    for nothing in (row for row in rows if row["rank"] == 0.0):
        same = (nothing["failure"], nothing["where"])
        best = next((row for row in rows if row["rank"] == 1.0 and (row["failure"], row["where"]) == same), None)
        start = [_eventuality(say, nothing), _chance(say, nothing)]
        if best is None:
            body.append([start[0], "nothing in the library clearly helps", W.NONE, start[1], *[W.NONE] * 7])
            continue
        body.append([
            start[0], worded(say, best, "what"), f"{best['agree']}; {worded(say, best, 'act_by')}", start[1], _chance(say, best),
            say.percent(best, "answered_rate"), *_changes(say, best), worded(say, best, "worsens"),
        ])  # fmt: skip
    headings = ("Against what, where it happens often", "First choice", "Who must agree, and by when", "Chance, nothing done",
                "Chance left (95% interval)", "Left if answered", *CHANGED, "Makes likelier")  # fmt: skip
    return Table("actions", "What to do against each failure where it happens often: the first choice", headings, body, 0)


def _eventuality(say: Trace, row: TableRow) -> str:
    return f"{W.sentence(str(row['failure_words']))}, given {worded(say, row, 'where')}"


def _chance(say: Trace, row: TableRow) -> str:
    return f"{say.percent(row, 'fails_rate')} ({say.percent(row, 'fails_low')} to {say.percent(row, 'fails_high')})"


def _plan(say: Trace, rows: Sequence[TableRow]) -> Table:
    """Nothing done, then the three best, for each eventuality."""
    body = []
    for row in rows:
        nothing = row["rank"] == 0.0
        choice = W.NONE if nothing else say.cite(row, "rank", f"{float(row['rank']):.0f}")
        body.append([
            _eventuality(say, row) if nothing else "as above", choice, worded(say, row, "what"),
            W.NONE if nothing else f"{row['agree']}; {worded(say, row, 'act_by')}", _chance(say, row),
            W.NONE if nothing else say.percent(row, "answered_rate"), *([W.NONE] * 4 if nothing else _changes(say, row)),
            worded(say, row, "worsens"),
        ])  # fmt: skip
    headings = ("Against what, where it happens often", "Choice", "What to do", "Who must agree, and by when",
                "Chance (95% interval)", "Left if answered", *CHANGED, "Makes likelier")  # fmt: skip
    return Table("plan", "The plan: nothing done, and the three best, against each failure", headings, body, 0)


def _changes(say: Trace, row: TableRow) -> list[str]:
    money = [with_error(say, row, f"{name}_gbp", f"{name}_error_gbp") for name in ("commissioner", "public", "provider")]
    return [*money, with_error(say, row, "health_qaly", "health_error_qaly", True)]


def _late(say: Trace, rows: Sequence[TableRow]) -> Table:
    body = [
        [W.sentence(W.spoken(str(row["failure"]))), worded(say, row, "what"), say.text(row, "in_force_from"),
         parties(row["agree"]),
         f"{say.percent(row, 'fails_rate')} ({say.percent(row, 'fails_rate_low')} to {say.percent(row, 'fails_rate_high')})",
         with_error(say, row, "commissioner_gbp", "commissioner_error_gbp"),
         with_error(say, row, "health_qaly", "health_error_qaly", True)]
        for row in rows
    ]  # fmt: skip
    headings = ("Against", "What can still be agreed", "In force from", "Who must agree", "Chance left (95% interval)",
                "Commissioner bears", "Health, QALYs")  # fmt: skip
    return Table("late", "Agreed only once the sign is seen: what it leaves, in the same futures", headings, body, 3)


# ── what is given up for what ──────────────────────────────────────────────────────────────────────────────────────
def _given_up(book: Book) -> list[Block]:
    advice = book.advice("tradeoffs")
    frontier = advice.rows("frontier") if advice else []
    if advice is None or not frontier:
        return [Text(missing("What is given up for what"))]
    say = book.say
    priced = [row for row in frontier[1:] if isinstance(row.get("slope_gbp_per_qaly"), float)]
    slope = "slope_gbp_per_qaly", "slope_error_gbp_per_qaly"
    words = [f"to “{worded(say, row, 'draft')}” {say.pounds(row, *slope)}" for row in priced]
    first, last = ((worded(say, row, "draft"), with_error(say, row, "exposure_gbp", "exposure_error_gbp"),
                    say.number(row, "health_qaly", "health_error_qaly")) for row in (frontier[0], frontier[-1]))  # fmt: skip
    text = (
        f"Among the drafts that no other beats, the cheapest, “{first[0]}”, leaves the commissioner {first[1]} with {first[2]} "
        f"QALYs; the one with most health, “{last[0]}”, {last[1]} with {last[2]}."
    )
    if words:
        text += f" A further QALY costs, from draft to draft: {W.listed(words)}."
    link = (
        "Means. Drafts: fresh futures, on which none was chosen. Entries turned alone: the futures on which drafts were "
        "compared, paired with the contract as it is. The chart stands with the [loopholes](#loopholes). "
        f"[All drafts]({TRADEOFFS}/index.html)"
    )
    return [Text(text), *_entries(say, advice), Text(link, "sub")]


def _entries(say: Trace, advice: AdviceSource) -> list[Block]:
    """What each of the entries that move health most buys when turned alone, and what is given up for it."""
    best: dict[str, TableRow] = {}
    for row in advice.rows("one_at_a_time"):
        name = str(row["parameter"])
        if name not in best or abs(row["health_change_qaly"]) > abs(best[name]["health_change_qaly"]):
            best[name] = row
    ranked = sorted(best.values(), key=lambda row: -abs(float(row["health_change_qaly"])))[:MOST_ENTRIES]
    if not ranked:
        return []
    body = [
        [worded(say, row, "words"), worded(say, row, "set_to"),
         with_error(say, row, "exposure_change_gbp", "exposure_change_error_gbp"),
         with_error(say, row, "health_change_qaly", "health_change_error_qaly", True),
         with_error(say, row, "surplus_change_gbp", "surplus_change_error_gbp"),
         say.percent(row, "walks_away_probability")]
        for row in ranked
    ]  # fmt: skip
    headings = ("Entry of the contract", "Set to", "Commissioner bears", "Health, QALYs", "Provider’s surplus",
                "Provider walks away in")  # fmt: skip
    caption = "What one entry alone buys and gives up, where it moves health most: mean changes against the contract as it is"
    return [Grid(Table("given-up", caption, headings, body, 4), f"{TRADEOFFS}/one_at_a_time.csv")]


def _drafts(book: Book) -> list[Block]:
    """Drafts compared, where somebody compared any."""
    advice = book.advice("compare")
    rows = advice.rows("together") if advice else []
    if not rows:
        return []
    known = ("draft", "against", "strategy", "costs_more_gbp", "health_more_qaly", "better_on_both_probability",
             "worse_on_both_probability")  # fmt: skip
    table = _compared(book.say, rows) if all(name in rows[0] for name in known) else table_of("together", "Drafts compared", rows)
    more = Text(f"Paired differences in the same futures. [All of the comparison]({COMPARE}/index.html)", "sub")
    return [Under("Drafts compared", [Grid(table, f"{COMPARE}/together.csv"), more])]


def _compared(say: Trace, rows: Sequence[TableRow]) -> Table:
    body = [
        [worded(say, row, "draft"), worded(say, row, "against"), str(row["strategy"]),
         with_error(say, row, "costs_more_gbp", "costs_more_error_gbp"),
         with_error(say, row, "health_more_qaly", "health_more_error_qaly", True),
         say.percent(row, "better_on_both_probability"), say.percent(row, "worse_on_both_probability")]
        for row in rows
    ]  # fmt: skip
    headings = ("Draft", "Against", "Provider", "Commissioner bears more by", "Health more by, QALYs", "Better on both",
                "Worse on both")  # fmt: skip
    return Table("compared", "Each draft against another, money and health side by side", headings, body, 4)
