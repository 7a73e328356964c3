"""What the assurance process asks about terms, exit, gaming and governance (IS6 to IS11). Numbers are cited."""

from __future__ import annotations

from . import words as W
from .answers import AS_IT_IS, answerable, clause_names, join, lever_title, missed, spread, table, unended, worded
from .book import Book
from .replies import (
    ADVISE,
    JUDGED,
    LOOPHOLES,
    OTHERS,
    RISKS,
    SETTLED,
    UNMODELLED,
    Reply,
    assumption,
    by_year,
    rows_of,
)
from .source import DIFFERENCE, GAMED, HONEST, Row, real
from .summary import CHECKPOINT_WORDS

#: What each checkpoint looks at in this report.
FOR = {
    "CP1": "It asks whether the form of contract and the scope are right before bids are invited: read key risks, loopholes "
           "and what of other providers first.",
    "CP2": "It asks whether this wording should be signed with this bidder: read how bad it gets, loopholes "
           "and what would break it first.",
    "CP3": "It asks whether what was signed is ready to begin: read what to watch, what of leaving "
           "and the limits first.",
}  # fmt: skip


def _set(book: Book, key: str, percent: bool = False) -> str:
    """An input as it was set; nothing where the run's register lacks it."""
    row = assumption(book, key)
    if row is None:
        return ""
    if percent:
        return book.say.percent(row, "value", 0)
    return book.say.pounds(row, "value", None) if row["unit"] == "GBP" else book.say.set_to(row, "value")


def _score(book: Book, risk: str, party: str = "") -> Row | None:
    """The score of a risk for a party, by default the one that bears it."""
    entry = next((r for r in rows_of(book, "risks", "bearers") if r["risk"] == risk and r["view"] == AS_IT_IS), None)
    who = party or (str(entry["bears_most"]) if entry else "")
    found = rows_of(book, "risks", "scores")
    return next((r for r in found if (r["risk"], r["view"], r["party"]) == (risk, AS_IT_IS, who)), None)


def _borne(book: Book, row: Row) -> str:
    say = book.say
    return (
        f"matters to the {row['party']} in {say.percent(row, 'likelihood_probability')} of futures "
        f"({W.likelihood(real(row['likelihood_probability']))}) and costs it "
        f"{say.pounds(row, 'mean_cost_gbp', 'mean_cost_error_gbp')} on average, over "
        f"{say.pounds(row, 'p95_gbp', 'p95_error_gbp')} in 1 in 20"
    )  # fmt: skip


# ── IS6: hidden re-pricing? ────────────────────────────────────────────────────────────────────────────────────────
def repricing(book: Book) -> Reply:
    """A price that is opened again: by a sole bidder that lost on it, and by one that bid low on purpose."""
    score, low = _score(book, "hold_up"), next((r for r in book.source.levers if r["lever"] == "low_bid"), None)
    said = f"Its cost was not scored: {ADVISE}."
    if score:
        said = f"A sole bidder that opens the price again {_borne(book, score)}."
    bid = ""
    if low is not None:
        gain = book.say.pounds(low, "gain_mean_gbp", "gain_error_gbp")
        answer = f"; answered by: {worded(book.say, low, 'fix')}" if low["fix"] else ""
        bid = f"Bidding low on purpose gains {gain} by itself{answer}.{_in_best(book)}"
    more = join([bid, "A demand of a set size at the first variation, as at UnitingCare, is not a case of its own."])
    where = (LOOPHOLES, RISKS)
    return Reply("IS6", "Is there hidden re-pricing?", said, more, f"{JUDGED}; a demand of set size {UNMODELLED}", where)


def _in_best(book: Book) -> str:
    """Whether the best play of all levers together bids low, whatever that is worth alone."""
    used = next((r for r in book.source.rows("strategies") if (r["strategy"], r["lever"]) == (GAMED, "low_bid")), None)
    return " The best play of all levers together does bid low." if used and real(used["intensity"], 0.0) > 0.0 else ""


# ── IS7: tax and legal form ────────────────────────────────────────────────────────────────────────────────────────
def tax(book: Book) -> Reply:
    """VAT as the item that was left out of the price; no switch by legal form."""
    score = _score(book, "omitted_item", "commissioner")
    chance, size = _set(book, "opening.omitted_probability", True), _set(book, "opening.omitted_size", True)
    item = "An item left out of the price, such as VAT that cannot be recovered,"
    set_at = f"{item} is taken to happen in {chance} of futures at {size} of the price"
    opening = set_at if chance and size else f"{item} is drawn"
    short = f"{opening}; it {_borne(book, score)}." if score else f"{opening}. What it costs was not scored: {ADVISE}."
    more = join([_precedent(book), "There is no switch by legal form: whether the chosen body recovers VAT has to be ruled on "
                 "before signature."])
    where = (RISKS, OTHERS)
    return Reply("IS7", "Tax and legal form?", short, more, f"{JUDGED}; legal form {UNMODELLED}", where)


def _precedent(book: Book) -> str:
    """The case that the size rests on, as its source words it."""
    row = next((r for r in book.source.rows("assumptions") if str(r["key"]).endswith("opening.omitted_size")), None)
    return f"The size rests on this: {book.say.text(row, 'source')}." if row and row["source"] else ""


# ── IS8: exit ──────────────────────────────────────────────────────────────────────────────────────────────────────
def leaving(book: Book) -> Reply:
    """What an early end costs the commissioner, when it comes, and what the owners have promised."""
    rows = {r["cause"]: r for r in table(book.source, "exit_costs")
            if (r["scenario"], r["strategy"], r["year"]) == (book.source.main, HONEST, "")}  # fmt: skip
    own = rows.get("losses")
    if own is not None:
        short = (
            f"After an end by losses ({book.say.percent(own, 'probability')} of contracts) the commissioner pays "
            f"{book.say.pounds(own, 'step_in_mean_gbp', 'step_in_error_gbp')} on average beyond the agreed budget for care and "
            f"for letting again, over {book.say.pounds(own, 'step_in_p95_gbp', 'step_in_p95_error_gbp')} in 1 in 20 such "
            f"ends.{_premium(book, own)}"
        )  # fmt: skip
    else:
        step = spread(book, "commissioner", "exposure_step_in_npv")
        short = f"Care after exit costs the commissioner {step}, over all futures; by year and cause it is not kept in this run."
    said = (
        ("parent guarantee", _set(book, "ending.guarantee")), ("years of notice", _set(book, "ending.notice_years")),
        ("years of step-in", _set(book, "ending.step_in_years")),
        ("premium of care then", _set(book, "ending.step_in_premium", True)),
    )  # fmt: skip
    found = [f"{words} {value}" for words, value in said if value]
    says = f"The contract says: {', '.join(found)}." if found else ""
    return Reply("IS8", "What does exit cost?", short, join([_nobody_leaves(book), says]), JUDGED, (OTHERS,))


def _premium(book: Book, own: Row) -> str:
    """What the leaving itself costs, where risks were weighed: dearer care and letting again, for every early end."""
    row = _score(book, "dear_step_in", "commissioner")
    if row is None or not W.known(real(row["impact_gbp"])):
        return ""
    most = real(row["impact_gbp"]) < 0.5 * real(own["step_in_mean_gbp"])
    tail = "; most of the sum is care that would cost it whoever gave it" if most else ""
    cost = book.say.pounds(row, "impact_gbp", "impact_error_gbp")
    return f" The leaving itself (a premium, and letting again) costs it {cost} for each early end, policy’s included{tail}."


def _nobody_leaves(book: Book) -> str:
    """What it would change were every deficit made good, where mitigations were tried."""
    row = next((r for r in rows_of(book, "playbook", "mitigations") if r["mitigation"] == "rescue"), None)
    if row is None:
        return ""
    change = book.say.pounds(row, "commissioner_gbp", "commissioner_error_gbp")
    return f"Were every deficit made good, so that losses end nothing, what it pays would change by {change} on average."


# ── IS9: gaming ────────────────────────────────────────────────────────────────────────────────────────────────────
def gaming(book: Book) -> Reply:
    """All levers together, the largest with its fix, and what every fix leaves."""
    say, best, fixes = book.say, book.source.best_combination, answerable(book.source)
    short = (
        f"In the middle future gaming pays the provider {spread(book, 'provider', 'surplus_npv', DIFFERENCE)} and changes "
        f"residents’ health by {spread(book, 'residents', 'health_qaly_npv', DIFFERENCE)}."
    )
    left = (
        f"All levers together gain {say.pounds(best, 'gain_mean_gbp', 'gain_error_gbp')} on average in the futures kept to "
        f"check it, and {say.pounds(best, 'residual_gain_mean_gbp', 'residual_error_gbp')} once every change of wording is made."
    ) if best is not None and W.known(real(best["residual_gain_mean_gbp"])) else ""  # fmt: skip
    top = f"Largest that a change answers: {_lever(book, fixes[0])}." if fixes else "No change of wording answers a lever."
    where = (LOOPHOLES,)
    return Reply("IS9", "How can it be gamed, and what stops it?", short, join([left, top]), JUDGED, where)


def _lever(book: Book, row: Row) -> str:
    names = W.listed(clause_names(row["creating_terms"])) or "no single clause"
    return f"{unended(lever_title(book.source, row))} ({names}), by this: {worded(book.say, row, 'fix')}"


# ── IS10, IS11: governance and checkpoint ──────────────────────────────────────────────────────────────────────────
def governance(book: Book) -> Reply:
    """What the governing body is asked to minute, and who has signed so far."""
    short = "The page for the minutes, after this table, holds question, answer and confidence, with room for dissent."
    more = "Who has signed stands in the assurance section."
    return Reply("IS10", "Has the governing body itself examined it?", short, more, "for the governing body",
                 (("assurance", "Assurance"),))  # fmt: skip


def checkpoint(book: Book) -> Reply:
    """Which checkpoint the report is for."""
    text = f"Checkpoint {book.checkpoint}, {CHECKPOINT_WORDS[book.checkpoint]}."
    return Reply("IS11", "Which checkpoint is this report for?", text, FOR[book.checkpoint], SETTLED, (("summary", "Summary"),))


def care(book: Book) -> Reply:
    """For the minutes: what residents gain, and how likely quality is to stay below its floor."""
    health = spread(book, "residents", "health_qaly_npv")
    lost = spread(book, "residents", "health_qaly_npv", DIFFERENCE)
    short = f"Residents gain {health} in the middle future, honest; gaming changes that by {lost}.{_quality(book)}"
    return Reply("", "What happens to patients?", short, "", JUDGED, (("outcomes", "Outcomes and equality"),))


def _quality(book: Book) -> str:
    """Quality below its floor over the whole term, and in the last year."""
    below, last = missed(book, "residents"), book.source.years[-1]
    if below is None:
        return ""
    row = by_year(book, "quality_below_floor", last)
    late = f"; in {last} by itself it is below in {book.say.percent(row, 'probability')}" if row else ""
    return f" Quality stays below its floor, as a mean of the term, in {book.say.percent(*below)} of futures{late}."
