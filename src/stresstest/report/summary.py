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
#: Parties whose name is not their key's words.
NAMES = {"nhs_england": "NHS England"}
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
               f"{say.percent(moved[-1], 'exit_losses_changed', 0)} by one judgement"  # fmt: skip
    return Tile("Losses end the contract early", say.percent(found.row), ends, W.sentence(W.likelihood(found.value)),
                f"If gamed: {say.percent(gamed.row)}")  # fmt: skip


def _exposure(book: Book) -> Tile:
    beyond = missed(book, "commissioner")
    said = f"Beyond its limit: {odds(book, *beyond)}" if beyond else ""
    tail = book.source.figure("commissioner", "exposure_npv", "p95")
    gamed = book.source.figure("commissioner", "exposure_npv", "p50", strategy=GAMED)
    return Tile("Commissioner pays beyond budget", _middle(book, "commissioner", "exposure_npv"),
                interval(book, "commissioner", "exposure_npv"), said,
                f"1 in 20: over {book.say.pounds(tail.row)}. If gamed: {amount(book.say, gamed)}")  # fmt: skip


def _surplus(book: Book) -> Tile:
    loss = book.source.figure("provider", "surplus_npv", "probability_negative")
    gamed = book.source.figure("provider", "surplus_npv", "p50", strategy=GAMED)
    return Tile("Provider’s surplus", _middle(book, "provider", "surplus_npv"), interval(book, "provider", "surplus_npv"),
                f"A loss: {odds(book, loss.row, 'value')}", f"If gamed: {amount(book.say, gamed)}")  # fmt: skip


def _health(book: Book) -> Tile:
    below = missed(book, "residents")
    low, middle, high, lower = (book.source.figure("residents", "health_qaly_npv", s).row for s in HEALTH)
    said = f"Quality below its floor: {odds(book, *below)}" if below else f"Health lost: {odds(book, lower, 'value')}"
    gamed = hurdle(book.source, "residents", strategy=GAMED)
    note = f"If gamed: {book.say.percent(gamed, 'fails_probability')}" if below and gamed else ""
    return Tile("Health gained by residents, QALYs", book.say.number(middle),
                f"80% interval {book.say.number(low)} to {book.say.number(high)}", said, note)  # fmt: skip


def _gaming(book: Book) -> Tile:
    loses = book.source.figure("provider", "surplus_npv", "probability_negative", strategy=DIFFERENCE)
    pays = f"It would not pay: {odds(book, loses.row, 'value')}"
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
    who = [NAMES.get(part.strip(), W.spoken(part.strip())) for part in str(best["agree"] or "").split(",") if part.strip()]
    agreed = f"; {W.listed(who)} must agree" if who else ""
    return (
        f"**Against failure**, {worded(say, best, 'what')}: losses then end {say.percent(best, 'walks_away_rate')}{terms}, the "
        f"commissioner’s limit is still passed in {say.percent(best, 'commissioner_limit_rate')}; cost to the commissioner "
        f"{say.pounds(best, 'commissioner_gbp', 'commissioner_error_gbp')}, health "
        f"{_plus(say.number(best, 'health_qaly', 'health_qaly_error'), real(best['health_qaly']))} QALYs, means over all "
        f"futures{agreed}."
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
    return f"The lever costs residents {shown}." if lost >= 0.0 else f"Harm to health: {shown}, a gain that goes with it."


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
        "**It is no forecast,** no affordability assessment, no legal advice, and it knows figures from after signature.",
        "**Health and money are not added up.** A QALY is a year of life in full health. Who loses it: see outcomes.",
    ]


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
