"""What the assurance process asks about terms, exit, gaming and governance (IS6 to IS11). Numbers are cited."""

from __future__ import annotations

from . import words as W
from .answers import AS_IT_IS, answerable, clause_names, interval, join, lever_title, spread, table, unended, worded
from .book import Book
from .replies import ADVISE, JUDGED, SETTLED, UNMODELLED, Reply, assumption, rows_of
from .source import DIFFERENCE, GAMED, HONEST, Row, real
from .summary import CHECKPOINT_WORDS

#: What each checkpoint looks at in this report.
FOR = {
    "CP1": "It asks whether the form of contract and the scope are right before bids are invited: read risks, loopholes and "
           "other providers first.",
    "CP2": "It asks whether this wording should be signed with this bidder: read hurdles, loopholes and reverse stress first.",
    "CP3": "It asks whether what was signed is ready to begin: read what to watch, exit and the limits of use first.",
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
    where = (("loopholes", "Loopholes"), ("risks", "Key risks"))
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
    more = "There is no switch by legal form: whether the chosen body recovers VAT has to be ruled on before signature."
    where = (("risks", "Key risks"), ("others", "Other providers, exit and savings"))
    return Reply("IS7", "Tax and legal form?", short, more, f"{JUDGED}; legal form {UNMODELLED}", where)


# ── IS8: exit ──────────────────────────────────────────────────────────────────────────────────────────────────────
def leaving(book: Book) -> Reply:
    """What an early end costs the commissioner, when it comes, and what the owners have promised."""
    rows = {r["cause"]: r for r in table(book.source, "exit_costs")
            if (r["scenario"], r["strategy"], r["year"]) == (book.source.main, HONEST, "")}  # fmt: skip
    own = rows.get("losses")
    if own is not None:
        short = (
            f"After an end by losses the commissioner pays {book.say.pounds(own, 'step_in_mean_gbp', 'step_in_error_gbp')} on "
            "average beyond the agreed budget for care and for letting again, over "
            f"{book.say.pounds(own, 'step_in_p95_gbp', 'step_in_p95_error_gbp')} in 1 in 20 such ends; most of it would arise "
            f"whoever gave the care. {book.say.percent(own, 'probability')} of contracts end so.{_premium(book)}"
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
    more = f"The contract says: {', '.join(found)}." if found else ""
    return Reply("IS8", "What does exit cost?", short, more, JUDGED, (("others", "Other providers, exit and savings"),))


def _premium(book: Book) -> str:
    """What the exit itself costs: the risk that stepping in costs more, where risks were weighed."""
    row = _score(book, "dear_step_in", "commissioner")
    return f" Of the leaving itself: {book.say.pounds(row, 'mean_cost_gbp', 'mean_cost_error_gbp')} on average." if row else ""


# ── IS9: gaming ────────────────────────────────────────────────────────────────────────────────────────────────────
def gaming(book: Book) -> Reply:
    """All levers together, the largest with its fix, and what every fix leaves."""
    say, best, fixes = book.say, book.source.best_combination, answerable(book.source)
    short = (
        f"In the middle future gaming pays the provider {spread(book, 'provider', 'surplus_npv', DIFFERENCE)} and changes "
        f"residents’ health by {spread(book, 'residents', 'health_qaly_npv', DIFFERENCE)}."
    )
    left = (
        f"All levers together gain {say.pounds(best, 'gain_mean_gbp', 'gain_error_gbp')} on average, and "
        f"{say.pounds(best, 'residual_gain_mean_gbp', 'residual_error_gbp')} once every change of wording is made."
    ) if best is not None and W.known(real(best["residual_gain_mean_gbp"])) else ""  # fmt: skip
    top = f"Largest that a change answers: {_lever(book, fixes[0])}." if fixes else "No change of wording answers a lever."
    where = (("loopholes", "Loopholes"),)
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
    lost = interval(book, "residents", "health_qaly_npv", DIFFERENCE)
    short = f"Residents gain {health} under an honest provider; gaming changes that by: {lost}."
    return Reply("", "What happens to patients?", short, "", JUDGED, (("outcomes", "Outcomes and equality"),))
