"""What page 1 and the slide say, numbers cited: an answer, figures, risks, clauses, choices, and what cannot be said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import words as W
from .answers import (
    AS_IT_IS,
    amount,
    answerable,
    clause_names,
    hurdle,
    interval,
    it_is,
    lever_title,
    missed,
    odds,
    spread,
    unended,
    worded,
)  # fmt: skip
from .book import Book
from .papers.headline import headline
from .papers.register_counts import INPUTS, JUDGED, count
from .source import DIFFERENCE, ERRORS_APART, GAMED, Row, real

CHECKPOINT_WORDS = {
    "CP1": "before procurement", "CP2": "before signature", "CP3": "before go-live",
}  # fmt: skip
QUESTIONS = {
    "CP1": "Should a contract of this form be put out to procurement, and on what terms?",
    "CP2": "Should this contract be signed as it is drafted, and which clauses should change first?",
    "CP3": "Is this contract, as signed, ready to go live, and what has to be watched?",
}
#: What can be decided at each checkpoint: to go on as it is, to change it, to stop.
CHOICES = {
    "CP1": ("Invite bids on it", "Change it first", "Drop it or put it off"),
    "CP2": ("Sign as drafted", "Amend", "Refuse or put off"),
    "CP3": ("Go live as signed", "Vary it first", "Stop or put off"),
}  # fmt: skip
#: Parties whose name is not their key's words.
NAMES = {"nhs_england": "NHS England"}
HEALTH = ("p10", "p50", "p90", "probability_negative")
MOST = 3
FAN = "surplus_fan"
#: What stands before the interval of a median.
MEDIAN = "Median; "


@dataclass(frozen=True)
class Tile:
    """A headline figure: its name, estimate, interval, chance in a word, and what stands beside it."""

    name: str
    figure: str
    interval: str
    odds: str
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """Page 1. Words hold cited numbers; `chart` is the name of its picture."""

    heading: str
    answer: str
    tiles: Sequence[Tile]
    risks_title: str
    risks: Sequence[str]
    clauses_title: str
    clauses: Sequence[str]
    unsaid: Sequence[str]
    choices: Sequence[str] = ()
    chart: str = FAN


def summary(book: Book) -> Summary:
    """The whole of page 1. Errors: DataError for a figure that the run lacks."""
    risk_words, listed = risks(book)
    return Summary(
        f"Summary for {book.checkpoint}, {CHECKPOINT_WORDS[book.checkpoint]}", answer(book), tiles(book),
        risk_words, listed, *clauses(book), unsaid(book), choices(book),
    )  # fmt: skip


def answer(book: Book) -> str:
    """The answer in a sentence."""
    losses = book.source.figure("contract", "exit_losses", "probability")
    return (
        f"{it_is(losses.value)} that losses end this contract before its term, once it starts in full "
        f"({book.say.percent(losses.row)} of futures). In the middle future the commissioner pays "
        f"{spread(book, 'commissioner', 'exposure_npv')} beyond the agreed budget, and gaming the clauses adds "
        f"{amount(book.say, book.source.figure('provider', 'surplus_npv', 'p50', strategy=DIFFERENCE))} to the provider’s "
        "surplus."
    )  # fmt: skip


# ── five figures ───────────────────────────────────────────────────────────────────────────────────────────────────
def tiles(book: Book) -> tuple[Tile, ...]:
    """Losses, exposure, surplus, health and gaming."""
    return (_losses(book), _exposure(book), _surplus(book), _health(book), _gaming(book))


def _losses(book: Book) -> Tile:
    say, found = book.say, book.source.figure("contract", "exit_losses", "probability")
    gamed = book.source.figure("contract", "exit_losses", "probability", strategy=GAMED)
    moved = sorted(book.source.rows("swings"), key=lambda row: real(row["exit_losses_changed"]))
    ends = f"95% confidence {say.percent(found.row, 'low')} to {say.percent(found.row, 'high')}"
    if moved:
        ends = f"{say.percent(moved[0], 'exit_losses_changed', 0)} to " \
               f"{say.percent(moved[-1], 'exit_losses_changed', 0)} if one input moves"  # fmt: skip
    return Tile("Losses end the contract early", say.percent(found.row), ends, W.sentence(W.likelihood(found.value)),
                f"If gamed: {say.percent(gamed.row)}")  # fmt: skip


def _exposure(book: Book) -> Tile:
    beyond = missed(book, "commissioner")
    limit = hurdle(book.source, "commissioner")
    most = f" of {book.say.pounds(limit, 'limit', None)}" if limit else ""
    said = f"Beyond its limit{most}: {odds(book, *beyond)}" if beyond else ""
    tail = book.source.figure("commissioner", "exposure_npv", "p95")
    gamed = book.source.figure("commissioner", "exposure_npv", "p50", strategy=GAMED)
    return Tile("Commissioner pays beyond budget", _middle(book, "commissioner", "exposure_npv"),
                _median(interval(book, "commissioner", "exposure_npv")), said,
                f"1 in 20: over {book.say.pounds(tail.row)}. If gamed: {amount(book.say, gamed)}")  # fmt: skip


def _surplus(book: Book) -> Tile:
    loss = book.source.figure("provider", "surplus_npv", "probability_negative")
    gamed = book.source.figure("provider", "surplus_npv", "p50", strategy=GAMED)
    return Tile("Provider’s surplus", _middle(book, "provider", "surplus_npv"),
                _median(interval(book, "provider", "surplus_npv")),
                f"A loss: {odds(book, loss.row, 'value')}", f"If gamed: {amount(book.say, gamed)}")  # fmt: skip


def _health(book: Book) -> Tile:
    below = missed(book, "residents")
    low, middle, high, lower = (book.source.figure("residents", "health_qaly_npv", s).row for s in HEALTH)
    said = f"Quality below its floor, mean of the term: {odds(book, *below)}" if below else ""
    said = said or f"Health lost: {odds(book, lower, 'value')}"
    gamed = hurdle(book.source, "residents", strategy=GAMED)
    note = f"If gamed: {book.say.percent(gamed, 'fails_probability')}" if below and gamed else ""
    return Tile("Health gained by residents, QALYs", book.say.number(middle),
                _median(f"80% interval {book.say.number(low)} to {book.say.number(high)}"), said, note)  # fmt: skip


def _gaming(book: Book) -> Tile:
    loses = book.source.figure("provider", "surplus_npv", "probability_negative", strategy=DIFFERENCE)
    pays = f"It would not pay: {odds(book, loses.row, 'value')}"
    health = book.source.figure("residents", "health_qaly_npv", "p50", strategy=DIFFERENCE)
    return Tile("Gaming adds to the provider’s surplus",
                amount(book.say, book.source.figure("provider", "surplus_npv", "p50", strategy=DIFFERENCE)),
                _median(interval(book, "provider", "surplus_npv", DIFFERENCE)), pays,
                f"Residents’ health: {amount(book.say, health)}")  # fmt: skip


def _median(text: str) -> str:
    """An interval with the name of the figure above it."""
    return f"{MEDIAN}{text}"


def _middle(book: Book, party: str, metric: str) -> str:
    return amount(book.say, book.source.figure(party, metric, "p50"))


# ── three risks ────────────────────────────────────────────────────────────────────────────────────────────────────
def risks(book: Book) -> tuple[str, list[str]]:
    """The three gravest of the register; where it was not scored, the inputs that move failure most."""
    found = book.advice("risks")
    if found is None or not found.rows("register"):
        return "Three inputs that move failure most, on a sample of their own", _swings(book)
    scores = {(r["risk"], r["party"]): r for r in found.rows("scores") if r["view"] == AS_IT_IS}
    health = {r["risk"]: r for r in found.rows("bearers") if r["view"] == AS_IT_IS}
    return "Three biggest risks, against the plan come true", [
        _risk(book, row, scores[row["id"], row["party"]], health.get(row["id"]))
        for row in found.rows("register")[:MOST] if (row["id"], row["party"]) in scores
    ]  # fmt: skip


def _risk(book: Book, row: Row, score: Row, health: Row | None) -> str:
    say = book.say
    chance = f"{say.percent(score, 'likelihood_probability')} of futures ({W.likelihood(real(score['likelihood_probability']))})"
    if W.known(real(score["mean_cost_gbp"])):
        tail = say.pounds(score, "p95_gbp", "p95_error_gbp")
        cost = f"{say.pounds(score, 'mean_cost_gbp', 'mean_cost_error_gbp')} on average, 1 in 20 over {tail}"
    else:
        cost = f"{say.number(score, 'mean_cost_qaly', 'mean_cost_error_qaly')} QALYs on average"
    lost = f"; health lost: {say.number(health, 'residents_mean_qaly', 'residents_mean_error_qaly')} QALYs" if health else ""
    return f"**{row['title']}** ({row['grade']}), borne by the {row['party']}: matters in {chance}; {cost}{lost}."


def _swings(book: Book) -> list[str]:
    say, found = book.say, []
    for row in book.source.rows("swings"):
        moved = abs(row["exit_losses_changed"] - row["exit_losses_base"])
        if moved > ERRORS_APART * real(row["exit_losses_error"], 0.0):
            unit = book.source.unit(row["key"])
            found.append(
                f"**{W.sentence(row['title'])}** at {say.set_to(row, 'changed', unit)} instead of "
                f"{say.set_to(row, 'base', unit)}: losses end the contract in {say.percent(row, 'exit_losses_changed')} instead "
                f"of {say.percent(row, 'exit_losses_base')} ({row['quality']})."
            )  # fmt: skip
    return found[:MOST] or ["No judged input that was changed moves failure by more than noise."]


# ── three clauses ──────────────────────────────────────────────────────────────────────────────────────────────────
def clauses(book: Book) -> tuple[str, list[str]]:
    """What to write: the playbook's first answer to failure where it was looked for, then answers to the largest loopholes."""
    first = _mitigation(book)
    fixes = [_fix(book, row) for row in _by_both(answerable(book.source))]
    found = [*([first] if first else []), *fixes][:MOST]
    return "Three clauses to change", found or ["No change of wording was found that answers a lever."]


def _by_both(rows: list[Row]) -> list[Row]:
    """Levers with an answer: first the one that gains a provider most, then the one that costs most health, then the rest."""
    harmful = max(rows, key=lambda row: real(row["harm_qaly_mean"], 0.0), default=None)
    if harmful is None or harmful is rows[0]:
        return rows
    return [rows[0], harmful, *(row for row in rows[1:] if row is not harmful)]


def _mitigation(book: Book) -> str:
    playbook = book.advice("playbook")
    rows = playbook.rows("plan") if playbook else []
    first = next((r for r in rows if r["failure"] == "walks_away" and real(r["rank"]) == 1.0), None)
    if playbook is None or first is None or real(first["change_rate"]) >= 0.0:
        return ""
    best = next((r for r in playbook.rows("mitigations") if r["mitigation"] == first["mitigation"]), None)
    if best is None:
        return ""
    say = book.say
    terms = " by its own terms" if real(best["walks_away_rate"]) == 0.0 else ""
    saved = " (it saves)" if real(best["commissioner_gbp"]) < 0.0 else ""
    payer = f"; paid by {unended(worded(say, best, 'who_pays'))}" if best.get("who_pays") else ""
    who = [NAMES.get(part.strip(), W.spoken(part.strip())) for part in str(best["agree"] or "").split(",") if part.strip()]
    agreed = f"; {W.listed(who)} must agree" if who else ""
    return (
        f"**Against failure**, {worded(say, best, 'what')}: losses then end {say.percent(best, 'walks_away_rate')}{terms}, the "
        f"commissioner’s limit is still passed in {say.percent(best, 'commissioner_limit_rate')}; cost to the commissioner "
        f"{say.pounds(best, 'commissioner_gbp', 'commissioner_error_gbp')}{saved}, health "
        f"{_plus(say.number(best, 'health_qaly', 'health_qaly_error'), real(best['health_qaly']))} QALYs, means over all "
        f"futures, the provider as before{payer}{agreed}."
    )  # fmt: skip


def _plus(text: str, value: float) -> str:
    return f"+{text}" if value > 0.0 else text


def _fix(book: Book, row: Row) -> str:
    say = book.say
    names = W.sentence(W.listed(clause_names(row["creating_terms"]))) or "No single clause"
    return (
        f"**{names}**: {worded(say, row, 'fix')}. It answers {unended(lever_title(book.source, row))}: gain "
        f"{say.pounds(row, 'gain_mean_gbp', 'gain_error_gbp')}, left "
        f"{say.pounds(row, 'residual_gain_mean_gbp', 'residual_error_gbp')} (means). {_harm(book, row)}"
    )  # fmt: skip


def _harm(book: Book, row: Row) -> str:
    lost = real(row["harm_qaly_mean"], 0.0)
    shown = f"{book.say.number(row, 'harm_qaly_mean', None)} QALYs"
    return f"The lever costs residents {shown}." if lost >= 0.0 else f"Health lost: {shown}, a gain that the change may forgo."


# ── what cannot be said ────────────────────────────────────────────────────────────────────────────────────────────
def unsaid(book: Book) -> list[str]:
    """What the figures suppose, what they rest on, and what they are not."""
    starts = {str(row["figure"]): row for row in book.source.rows("starting")}
    book.add(headline(book.source))
    judged, inputs = (book.say.set_to(count(book, name), "count") for name in (JUDGED, INPUTS))
    terms = "among them terms of the contract that were never published; " if _unpublished(book) else ""
    return [
        f"**Given that it starts in full scope.** In {book.say.percent(starts['never_starts'])} of futures it never starts; in "
        f"{book.say.percent(starts['fragment'])} only a fragment is ever moved. With that counted in, losses end "
        f"{book.say.percent(starts['losses_all'])} and mean exposure is {book.say.pounds(starts['exposure_all'])}.",
        *_budget(book),
        f"**It rests on judgements:** {judged} of the {inputs} inputs, {terms}intervals say what chance does and nothing of "
        "inputs that are wrong.",
        f"**It is no forecast,** no affordability assessment and no legal advice.{_hindsight(book)}",
        "**Health and money are not added up.** A QALY is a year of life in full health. Who loses it: see outcomes.",
    ]


def _hindsight(book: Book) -> str:
    """That the record behind the laws goes on after the contract began, where it does."""
    years = [int(year) for row in book.source.rows("history") for year in re.findall(r"\d{4}", str(row["period"]))]
    late = max(years, default=0) >= int(book.source.years[0][:4])
    return " It has hindsight: its laws were set with figures of years after signature in sight." if late else ""


def _unpublished(book: Book) -> bool:
    """Whether a term of the contract is an assumption because none was published."""
    return any("UNPUBLISHED" in str(row["source"]) for row in book.source.rows("assumptions"))


def _budget(book: Book) -> list[str]:
    """Which budget "beyond the agreed budget" counts from, where the risks were weighed."""
    found, growth = book.advice("risks"), book.source.rows("assumptions")
    row = next((r for r in growth if str(r["key"]) == "contract.plan.funding_growth"), None)
    own = next((r for r in found.rows("parties") if r["party"] == "commissioner"), None) if found else None
    if row is None or own is None:
        return []
    placed = type(row).at(dict(row) | {"value": real(row["value"])}, row.file, row.line)
    return [
        f"**Which budget:** the opening price grown by {book.say.percent(placed, 'value')} a year in real terms, in all "
        f"{book.say.pounds(own, 'resources_gbp', None)} in present value; a sum in the title may be that price held flat."
    ]


# ── what can be decided ────────────────────────────────────────────────────────────────────────────────────────────
def choices(book: Book) -> list[str]:
    """Go on, change or stop: where each is answered, and what this report cannot compare."""
    go, change, stop = CHOICES[book.checkpoint]
    return [
        f"**{go}:** the figures above, of an honest provider and “if gamed”.", f"**{change}:** the clauses above.{_price(book)}",
        f"**{stop}:** not compared; care without this contract is not simulated.",
    ]


def _price(book: Book) -> str:
    """The opening price that would be enough by itself, where it was looked for and found."""
    found = book.advice("breakeven")
    rows = found.rows("solutions") if found else []
    row = next((r for r in rows if r["handle"] == "opening_price" and r["status"] == "needed"), None)
    if row is None:
        return ""
    say = book.say
    return (
        f" By price alone: {say.pounds(row, 'value', 'value_error')} in the first year, not {say.pounds(row, 'now', None)}; "
        f"losses then end {say.percent(row, 'solved_probability')} and the commissioner pays "
        f"{say.pounds(row, 'commissioner_change_gbp', 'commissioner_change_error_gbp')} more on average."
    )
