"""What the assurance process asks about money and risk (IS1 to IS5), answered from the run's tables. Numbers are cited."""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import words as W
from .answers import AS_IT_IS, amount, hurdle, interval, join, missed, odds, spread, table, worded
from .book import Book
from .source import ERRORS_APART, GAMED, HONEST, Row, real

SETTLED, JUDGED, UNMODELLED = "settled", "rests on judgement", "not modelled"
NOT_MADE = "not answered: analysis not made"
#: Sections by anchor, named as their headings begin.
HURDLES, FINANCE, RISKS = ("hurdles", "How bad it gets, and when"), ("finance", "Finance over time"), ("risks", "Key risks")
REVERSE, OTHERS, LOOPHOLES = ("reverse", "What would break it"), ("others", "What of other providers"), ("loopholes", "Loopholes")
SCHEMES = "Schemes, with owners and dates, are not in the data: somebody must show them."
#: From this share of futures on a party is not said to bear its risks nearly always.
RARELY = 0.05
ADVISE, RUN_AGAIN = "`stresstest advise RUN`", "run the study again"


@dataclass(frozen=True)
class Reply:
    """A question and its answer: `short` one sentence for the minutes, `more` what supports it.

    `sections` names of the sections that show it, with their words; `confidence` settled, rests on judgement, or not modelled.
    """

    number: str
    question: str
    short: str
    more: str
    confidence: str
    sections: tuple[tuple[str, str], ...] = ()


def rows_of(book: Book, verb: str, name: str) -> list[Row]:
    """Rows of an analysis; none where it was not made."""
    found = book.advice(verb)
    return found.rows(name) if found else []


def holds(book: Book, column: str, level: float) -> bool:
    """Whether a figure stays on its side of a level whichever judged input is changed alone, by the table `swings`."""
    values = [real(row[column]) for row in book.source.rows("swings")]
    return bool(values) and (all(value > level for value in values) or all(value < level for value in values))


def by_year(book: Book, measure: str, year: str) -> Row | None:
    """A row of hurdles by year for the honest provider, where the run keeps them."""
    wanted = (book.source.main, HONEST, measure, year)
    rows = table(book.source, "hurdles_by_year")
    return next((r for r in rows if (r["scenario"], r["strategy"], r["measure"], r["year"]) == wanted), None)


# ── IS1: is the budget enough, and for whom? ───────────────────────────────────────────────────────────────────────
def budget(book: Book) -> Reply:
    """Commissioner, provider and hospital against the money they have."""
    middle = book.source.figure("commissioner", "exposure_npv", "p50")
    loss = book.source.figure("provider", "surplus_npv", "probability_negative")
    verdict = "No for the commissioner" if middle.value > 0.0 else "Yes for the commissioner"
    short = (
        f"{verdict}: in the middle future it pays {spread(book, 'commissioner', 'exposure_npv')} beyond the agreed budget; the "
        f"provider makes a loss in {book.say.percent(loss.row)} of futures ({W.likelihood(loss.value)})."
    )  # fmt: skip
    more = join([_over(book), _hospital(book)])
    sure = f"{SETTLED} for the commissioner; {JUDGED} for the provider" if holds(book, "exposure_changed_gbp", 0.0) else JUDGED
    where = (HURDLES, FINANCE)
    return Reply("IS1", "Is the budget enough, and for whom?", short, more, sure, where)


def _over(book: Book) -> str:
    last, found = book.source.years[-1], []
    for measure, words in (("commissioner_over_budget", "the commissioner is over the budget of the year"),
                           ("commissioner_over_limit_to_date", "it is beyond its limit to date"),
                           ("provider_deficit_to_date", "the provider is in deficit to date")):  # fmt: skip
        row = by_year(book, measure, last)
        if row:
            found.append(f"{words} in {book.say.percent(row, 'probability')}")
    if not found:
        return f"Chances by year are not kept in this run: {RUN_AGAIN}."
    return f"In {last}, of contracts that started in full scope, {W.listed(found)}."


def _hospital(book: Book) -> str:
    beyond = missed(book, "hospital")
    text = f"The hospital bears {spread(book, 'hospital', 'exposure_npv')}"
    return f"{text}; beyond its limit: {odds(book, *beyond)}." if beyond else f"{text}."


# ── IS2: who carries each risk, and can they? ──────────────────────────────────────────────────────────────────────
def bearers(book: Book) -> Reply:
    """Whether provider and commissioner can bear what falls on them, and the risk heaviest for its bearer."""
    question, where = "Who carries each risk, and can they?", (RISKS, HURDLES)
    rows = [r for r in rows_of(book, "risks", "bearers") if r["view"] == AS_IT_IS and W.known(real(r["bears_load"]))]
    if not rows:
        return Reply("IS2", question, f"Risks were not allocated in this run: {ADVISE}.", "", NOT_MADE, where)
    worst = max(rows, key=lambda r: real(r["bears_load"]))
    return Reply("IS2", question, _beyond(book), join([_heaviest(book, worst), _provider_bears(book)]), JUDGED, where)


def _party(book: Book, name: str) -> Row | None:
    return next((r for r in rows_of(book, "risks", "parties") if r["party"] == name), None)


def _beyond(book: Book) -> str:
    """How often provider and commissioner have to bear more than they are judged able to."""
    said, often = [], False
    for party in ("provider", "commissioner"):
        found, own = missed(book, party), _party(book, party)
        if found and own:
            row, column = found
            often = often or real(row[column]) > RARELY
            said.append(
                f"the {party} would have to bear more than the {book.say.pounds(own, 'capacity_gbp', None)} that it is judged "
                f"able to bear in {book.say.percent(row, column)} of futures ({W.likelihood(real(row[column]))})"
            )
    if not said:
        return f"How often a party is beyond what it can bear is not kept in this run: {RUN_AGAIN}."
    return f"{'Not in every future' if often else 'In nearly every future'}: {W.listed(said)}."


def _heaviest(book: Book, row: Row) -> str:
    """The risk whose bad cases weigh most on the party that bears it."""
    say, own = book.say, _party(book, "commissioner")
    plan = ""
    if own is not None and W.known(real(own.get("without_risks_gbp"))) and row["bears_most"] == "commissioner":
        none = say.pounds(own, "without_risks_gbp", "without_risks_error_gbp")
        plan = f", in which it would pay {none} beyond the agreed budget, so that this is no sum to set against that limit"
    able = f" Placed to control or bear it, in this order: {row['best_able']}." if row["best_able"] else ""
    return (
        f"Heaviest by itself is “{row['title']}”, for the {row['bears_most']}: 1 in 20 futures costs it over "
        f"{say.pounds(row, 'bears_p95_gbp', 'bears_p95_error_gbp')} against the plan come true{plan}.{able}"
    )


def _provider_bears(book: Book) -> str:
    own, sums = _party(book, "provider"), rows_of(book, "risks", "together")
    together = next((r for r in sums if r["view"] == AS_IT_IS and r["party"] == "provider"), None)
    if own is None or together is None:
        return ""
    say, surplus = book.say, ""
    if W.known(real(own.get("as_it_is_gbp"))):
        surplus = (
            f" (a mean surplus of {say.pounds(own, 'as_it_is_gbp', 'as_it_is_error_gbp')}, not "
            f"{say.pounds(own, 'without_risks_gbp', 'without_risks_error_gbp')})"
        )
    return (
        f"All risks of the register together leave the provider "
        f"{say.pounds(together, 'together_gbp', 'together_error_gbp')} worse off on average than the plan come true{surplus}; "
        "what it cannot lose falls on the commissioner when it leaves."
    )


# ── IS3: what breaks it? ───────────────────────────────────────────────────────────────────────────────────────────
def breaking(book: Book) -> Reply:
    """The nearest joint shock at which losses end the contract, and at which the commissioner's limit is passed."""
    question, where = "What breaks it?", (REVERSE,)
    points = {row["failure"]: row for row in rows_of(book, "reverse", "reverse_points")}
    if not points:
        return Reply("IS3", question, f"No reverse stress test was made: {ADVISE}.", "", NOT_MADE, where)
    main, limit = points.get("walks_away"), points.get("commissioner_limit")
    first = main or limit
    if first is None:
        text = "Neither losses nor the commissioner’s limit are among the failures tested."
        return Reply("IS3", question, text, "", JUDGED, where)
    shocks = [r for r in rows_of(book, "reverse", "reverse_shocks") if r["failure"] == first["failure"]][:2]
    further = _nearest(book, limit) if main and limit else ""
    return Reply("IS3", question, join([_nearest(book, first), _carried(book)]), join([_made_of(book, first, shocks), further]),
                 JUDGED, where)  # fmt: skip


def _carried(book: Book) -> str:
    """The clause without which losses end fewest contracts."""
    rows = [r for r in rows_of(book, "reverse", "reverse_clauses") if r["failure"] == "walks_away" and r["carries_it"] is True]
    if not rows:
        return ""
    row = min(rows, key=lambda r: real(r["without_probability"]))
    return (
        f"The clause that adds most to it is the {W.within(str(row['kind']))}: without it losses end "
        f"{book.say.percent(row, 'without_probability')} in place of {book.say.percent(row, 'base_probability')}, in the futures "
        "of that test."
    )


def _nearest(book: Book, row: Row) -> str:
    """How far from the middle the failure is."""
    say, words = book.say, worded(book.say, row, "words")
    if real(row["distance"]) <= 0.0:
        return (
            f"Nothing has to go wrong: with every shock at its middle it is already likelier than not that {words} "
            f"({say.percent(row, 'middle_probability')})."
        )
    return (
        f"A joint shock {say.number(row, 'distance', 'distance_error')} standard deviations from the middle makes it "
        f"likelier than not that {words}; {say.percent(row, 'as_far_probability')} of futures go as far that way."
    )


def _made_of(book: Book, row: Row, shocks: list[Row]) -> str:
    """What the nearest shock is made of."""
    parts = W.listed([f"{shock['words']} ({book.say.percent(shock, 'distance_share', 0)} of the distance)" for shock in shocks])
    opening = "Better than its middle would have to be" if real(row["distance"]) <= 0.0 else "The shock is"
    return f"{opening}, above all: {parts}." if parts else ""


# ── IS4: are savings dated and evidenced? ──────────────────────────────────────────────────────────────────────────
def savings(book: Book) -> Reply:
    """Failure and money with all, half and none of the planned savings, and with savings that come late."""
    question, where = "Are savings dated and evidenced?", (OTHERS,)
    rows = table(book.source, "savings")
    if not rows:
        text = f"Not shown in this run, which was made before savings were varied: {RUN_AGAIN}."
        return Reply("IS4", question, text, "", NOT_MADE, where)
    whole, none = (next((r for r in rows if _dated(r, 0.0) and r["share_of_plan"] == share), None) for share in (1.0, 0.0))
    parts = [f"{row['words']} {book.say.percent(row, 'exit_losses')}" for row in rows if _dated(row, 0.0)]
    opening = "The result hangs on them" if whole and none and _apart(whole, none) else "The result hardly hangs on them"
    short = f"{opening}: losses end the contract in these shares of futures: {'; '.join(parts)}."
    late = [r for r in rows if real(r["delay_years"], 0.0) > 0.0][-1:]
    more = [f"{W.sentence(row['words'])}: {book.say.percent(row, 'exit_losses')}, and the commissioner pays "
            f"{book.say.pounds(row, 'exposure_mean_gbp_change', 'exposure_mean_gbp_change_error')} more than as planned."
            for row in late]  # fmt: skip
    return Reply("IS4", question, short, join([*more, _evidence(book), SCHEMES]), JUDGED, where)


def _apart(one: Row, other: Row) -> bool:
    error = math.hypot(real(one["exit_losses_error"], 0.0), real(other["exit_losses_error"], 0.0))
    return bool(abs(other["exit_losses"] - one["exit_losses"]) > ERRORS_APART * error)


def _evidence(book: Book) -> str:
    """Productivity that the plan counts on beside what the place has, each with its quality."""
    plan, record = (assumption(book, key) for key in ("plan.productivity_growth", "productivity.mean"))
    if plan is None or record is None:
        return ""
    return (
        f"The plan counts on {book.say.percent(plan, 'value')} of productivity a year ({plan['quality']}); "
        f"{book.say.percent(record, 'value')} is expected here ({record['quality']})."
    )


def assumption(book: Book, key: str) -> Row | None:
    """A row of the register by the end of its key, its value as a number."""
    row = next((row for row in book.source.rows("assumptions") if str(row["key"]).endswith(key)), None)
    return type(row).at(dict(row) | {"value": real(row["value"])}, row.file, row.line) if row else None


def _dated(row: Row, delay: float) -> bool:
    return W.known(real(row["share_of_plan"])) and real(row["delay_years"], -1.0) == delay


# ── IS5: what of other providers? ──────────────────────────────────────────────────────────────────────────────────
def others(book: Book) -> Reply:
    """Hospital and council: what they bear, and how likely beyond their limits."""
    tail = book.source.figure("hospital", "exposure_npv", "p95")
    council = book.source.figure("council", "exposure_npv", "p50")
    gamed = book.source.figure("council", "exposure_npv", "p50", strategy=GAMED)
    beyond = missed(book, "hospital")
    short = (
        f"The hospital bears {amount(book.say, book.source.figure('hospital', 'exposure_npv', 'p50'))} of stranded cost in the "
        f"middle future ({interval(book, 'hospital', 'exposure_npv')}), over {book.say.pounds(tail.row)} in 1 in 20"
        f"{f'; beyond its limit: {odds(book, *beyond)}' if beyond else ''}."
    )  # fmt: skip
    row = hurdle(book.source, "council")
    limit = f" Its limit is {book.say.pounds(row, 'limit', None)}." if row else ""
    more = (
        f"The council bears {amount(book.say, council)} in the middle future, {amount(book.say, gamed)} if the provider games."
        f"{limit} Income that other providers lose, or would "
        "have to win back when services are let again, is set out apart and is not in these figures."
    )
    return Reply("IS5", "What of other providers?", short, more, JUDGED, (OTHERS,))
