"""What page 1 and the slide say, numbers cited: an answer, five figures, three risks, three clauses, and what cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import words as W
from .answers import (
    AS_IT_IS,
    amount,
    answerable,
    clause_names,
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
from .papers.headline import INPUTS, JUDGED, headline, row_of
from .source import DIFFERENCE, ERRORS_APART, GAMED, Row, real

CHECKPOINT_WORDS = {
    "CP1": "before procurement", "CP2": "before signature", "CP3": "before go-live",
}  # fmt: skip
QUESTIONS = {
    "CP1": "Should a contract of this form be put out to procurement, and on what terms?",
    "CP2": "Should this contract be signed as it is drafted, and which clauses should change first?",
    "CP3": "Is this contract, as signed, ready to go live, and what has to be watched?",
}
HEALTH = ("p10", "p50", "p90", "probability_negative")
MOST = 3
FAN = "surplus_fan"


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
    chart: str = FAN


def summary(book: Book) -> Summary:
    """The whole of page 1. Errors: DataError for a figure that the run lacks."""
    risk_words, listed = risks(book)
    return Summary(
        f"Summary for {book.checkpoint}, {CHECKPOINT_WORDS[book.checkpoint]}", answer(book), tiles(book),
        risk_words, listed, *clauses(book), unsaid(book),
    )  # fmt: skip


def answer(book: Book) -> str:
    """The answer in a sentence."""
    losses = book.source.figure("contract", "exit_losses", "probability")
    return (
        f"{it_is(losses.value)} that losses end this contract before its term ({book.say.percent(losses.row)} of futures); the "
        f"commissioner pays {spread(book, 'commissioner', 'exposure_npv')} beyond the agreed budget; and gaming the clauses "
        f"adds {amount(book.say, book.source.figure('provider', 'surplus_npv', 'p50', strategy=DIFFERENCE))} to the provider’s "
        "surplus."
    )  # fmt: skip


# ── five figures ───────────────────────────────────────────────────────────────────────────────────────────────────
def tiles(book: Book) -> tuple[Tile, ...]:
    """Losses, exposure, surplus, health and gaming."""
    return (_losses(book), _exposure(book), _surplus(book), _health(book), _gaming(book))


def _losses(book: Book) -> Tile:
    say, found = book.say, book.source.figure("contract", "exit_losses", "probability")
    gamed = book.source.figure("contract", "exit_losses", "probability", strategy=GAMED)
    ends = f"95% confidence {say.percent(found.row, 'low')} to {say.percent(found.row, 'high')}"
    return Tile("Losses end the contract early", say.percent(found.row), ends, W.sentence(W.likelihood(found.value)),
                f"If gamed: {say.percent(gamed.row)}")  # fmt: skip


def _exposure(book: Book) -> Tile:
    beyond = missed(book, "commissioner")
    said = f"Beyond its limit: {odds(book, *beyond)}" if beyond else ""
    tail = book.source.figure("commissioner", "exposure_npv", "p95")
    return Tile("Commissioner pays beyond budget", _middle(book, "commissioner", "exposure_npv"),
                interval(book, "commissioner", "exposure_npv"), said, f"1 in 20: over {book.say.pounds(tail.row)}")  # fmt: skip


def _surplus(book: Book) -> Tile:
    loss = book.source.figure("provider", "surplus_npv", "probability_negative")
    return Tile("Provider’s surplus", _middle(book, "provider", "surplus_npv"), interval(book, "provider", "surplus_npv"),
                f"A loss: {odds(book, loss.row, 'value')}")  # fmt: skip


def _health(book: Book) -> Tile:
    below = missed(book, "residents")
    low, middle, high, lower = (book.source.figure("residents", "health_qaly_npv", s).row for s in HEALTH)
    said = f"Quality below its floor: {odds(book, *below)}" if below else f"Health lost: {odds(book, lower, 'value')}"
    return Tile("Health gained by residents, QALYs", book.say.number(middle),
                f"80% interval {book.say.number(low)} to {book.say.number(high)}", said)  # fmt: skip


def _gaming(book: Book) -> Tile:
    best = book.source.best_combination
    pays = f"It pays: {odds(book, best, 'probability_worthwhile')}" if best else ""
    health = book.source.figure("residents", "health_qaly_npv", "p50", strategy=DIFFERENCE)
    return Tile("Gaming adds to the provider’s surplus",
                amount(book.say, book.source.figure("provider", "surplus_npv", "p50", strategy=DIFFERENCE)),
                interval(book, "provider", "surplus_npv", DIFFERENCE), pays,
                f"Residents’ health: {amount(book.say, health)}")  # fmt: skip


def _middle(book: Book, party: str, metric: str) -> str:
    return amount(book.say, book.source.figure(party, metric, "p50"))


# ── three risks ────────────────────────────────────────────────────────────────────────────────────────────────────
def risks(book: Book) -> tuple[str, list[str]]:
    """The three gravest of the register; where it was not scored, the inputs that move failure most."""
    found = book.advice("risks")
    if found is None or not found.rows("register"):
        return "Three inputs that move failure most", _swings(book)
    scores = {(r["risk"], r["party"]): r for r in found.rows("scores") if r["view"] == AS_IT_IS}
    health = {r["risk"]: r for r in found.rows("bearers") if r["view"] == AS_IT_IS}
    return "Three biggest risks", [
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
    fixes = [_fix(book, row) for row in answerable(book.source)]
    found = [*([first] if first else []), *fixes][:MOST]
    return "Three clauses to change", found or ["No change of wording was found that answers a lever."]


def _mitigation(book: Book) -> str:
    playbook = book.advice("playbook")
    rows = playbook.rows("plan") if playbook else []
    best = next((r for r in rows if r["failure"] == "walks_away" and real(r["rank"]) == 1.0), None)
    if best is None or real(best["change_rate"]) >= 0.0:
        return ""
    say = book.say
    worse = [W.spoken(part.strip().split(" ")[0]) for part in str(best["worsens"] or "").split(",") if part.strip()]
    return (
        f"**Against failure**, {worded(say, best, 'what')}: where failure threatens most its chance is then "
        f"{say.percent(best, 'fails_rate')}; cost to the commissioner "
        f"{say.pounds(best, 'commissioner_gbp', 'commissioner_error_gbp')}, health "
        f"{_plus(say.number(best, 'health_qaly', 'health_qaly_error'), real(best['health_qaly']))} QALYs"
        f"{f'; it worsens: {W.listed(worse)}' if worse else ''}."
    )  # fmt: skip


def _plus(text: str, value: float) -> str:
    return f"+{text}" if value > 0.0 else text


def _fix(book: Book, row: Row) -> str:
    say = book.say
    names = W.sentence(W.listed(clause_names(row["creating_terms"]))) or "No single clause"
    return (
        f"**{names}**: {worded(say, row, 'fix')}. It answers {unended(lever_title(book.source, row))}: gain "
        f"{say.pounds(row, 'gain_mean_gbp', 'gain_error_gbp')}, left "
        f"{say.pounds(row, 'residual_gain_mean_gbp', 'residual_error_gbp')}; health lost "
        f"{say.number(row, 'harm_qaly_mean', None)} QALYs."
    )  # fmt: skip


# ── what cannot be said ────────────────────────────────────────────────────────────────────────────────────────────
def unsaid(book: Book) -> list[str]:
    """What the figures suppose, what they rest on, and what they are not."""
    starts = {str(row["figure"]): row for row in book.source.rows("starting")}
    counted = book.add(headline(book.source))
    judged, inputs = (book.say.set_to(row_of(counted, name), "estimate") for name in (JUDGED, INPUTS))
    return [
        f"**Given that it starts in full scope.** In {book.say.percent(starts['never_starts'])} of futures it never starts; in "
        f"{book.say.percent(starts['fragment'])} only a fragment is ever moved.",
        f"**It rests on judgements:** {judged} of the {inputs} inputs have no published source. Intervals say what chance does; "
        "they say nothing of inputs that are wrong.",
        "**It is no forecast,** no affordability assessment and no legal advice. A scenario is a world to test the contract in.",
        "**Health and money are not added up.** Effects on equality are set out under outcomes where they are modelled.",
    ]
