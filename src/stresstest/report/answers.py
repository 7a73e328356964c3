"""The three answers on the first screen: sentences made of figures that stand in the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..levers import LEVERS
from . import words as W
from .figures import CAUSE_WORDS
from .source import DIFFERENCE, ERRORS_APART, GAMED, HONEST, Figure, Row, Source, real
from .starting import starting_sentence

POLICY_BREAK = "policy break"
NOTHING = "£0"
CAUSES_NAMED = 3
SWINGS_NAMED = 2


@dataclass(frozen=True)
class Answer:
    """A question, its answer in one sentence, and the sentences that support it."""

    key: str
    question: str
    lead: str
    support: tuple[str, ...]


def answers(source: Source) -> tuple[Answer, Answer, Answer]:
    """Failure, cost and gaming, in that order. Errors: DataError for a figure that the run lacks."""
    return failure(source), cost(source), gaming(source)


def sampling(figure: Figure) -> str:
    """How exact a figure is: "£1.06bn to £1.10bn at 95% confidence"; its standard error where it has no interval."""
    chance = figure.unit == "probability"
    if not (W.known(figure.low) and W.known(figure.high)):
        return f"standard error {W.points(figure.error) if chance else W.spare(figure.error)}"
    ends = [W.percent(x) if chance else W.pounds(x, figure.error) for x in (figure.low, figure.high)]
    return f"{ends[0]} to {ends[1]} at 95% confidence"


# ── how likely, by when, of what ───────────────────────────────────────────────────────────────────────────────────
def failure(source: Source) -> Answer:
    """Probability that losses end the contract early, when and why; endings by policy apart from these."""
    losses = source.figure("contract", "exit_losses", "probability")
    lead = (
        f"{W.sentence(W.chance(losses.value))}: losses end the contract before its term in {W.percent(losses.value)} "
        f"of futures under an honest provider ({sampling(losses)})."
    )
    support = (starting_sentence(source), f"{_when(source)} {_of_what(source)}", *_rests_on(source), _if_gamed(source))
    return Answer("failure", "How likely is it that the provider fails, by when, and of what?", lead, support)


def _when(source: Source) -> str:
    """The first years by which losses have ended one in ten, and half, of all contracts."""
    found: list[str] = []
    for level, words in ((0.1, "at least 1 in 10"), (0.5, "at least half")):
        for year in source.years:
            if source.value("contract", "exit_losses", "probability", year=year) >= level:
                found.append(f"{words} {'contracts ' if not found else ''}by {year}")
                break
    if not found:
        return "By no year have losses ended as many as 1 in 10 contracts."
    return f"By when: losses have ended {W.listed(found)}."


def _of_what(source: Source) -> str:
    """The commonest causes of losses, and the policy break, which is not the provider's failure."""
    own = [(cause, figure) for cause, figure in source.causes(HONEST) if cause != POLICY_BREAK][:CAUSES_NAMED]
    policy = source.value("contract", "exit_policy", "probability")
    words = [f"{cause} ({W.percent(figure.value)})" for cause, figure in own if figure.value > 0.0]
    text = f"Of what: {W.listed(words)}, as shares of all futures." if words else "No future ends by losses."
    return f"{text} A break in national policy, no fault of the provider, ends a further {W.percent(policy)}."


def _rests_on(source: Source) -> tuple[str, ...]:
    """The judged inputs that move the probability most, each with what it becomes; noise is not named."""
    rows = source.rows("swings")
    if not rows:
        return ()
    large = [row for row in rows if abs(row["exit_losses_changed"] - row["exit_losses_base"])
             > ERRORS_APART * real(row["exit_losses_error"], 0.0)]  # fmt: skip
    if not large:
        return ("No judged input that was changed moves this by more than noise.",)
    words = [
        f"with “{row['title']}” at {W.as_set(row['changed'], unit)} instead of {W.as_set(row['base'], unit)} it is "
        f"{W.percent(row['exit_losses_changed'], 0)}"
        for row, unit in ((row, source.unit(row["key"])) for row in large[:SWINGS_NAMED])
    ]
    return (f"This rests on judgements: {'; '.join(words)}.",)


def _if_gamed(source: Source) -> str:
    """The same two shares under a provider that games."""
    losses, policy = (
        source.value("contract", metric, "probability", strategy=GAMED) for metric in ("exit_losses", "exit_policy")
    )
    return f"Under a provider that games, losses end {W.percent(losses)} and policy {W.percent(policy)}."


# ── what it might cost ─────────────────────────────────────────────────────────────────────────────────────────────
def cost(source: Source) -> Answer:
    """Commissioner exposure: median, interval, one in twenty, causes, and what gaming changes."""
    def figure(statistic: str, strategy: str = HONEST) -> Figure:
        return source.figure("commissioner", "exposure_npv", statistic, strategy=strategy)

    middle, tail, beyond, change = figure("p50"), figure("p95"), figure("cte95"), figure("mean", DIFFERENCE)
    lead = (
        f"Beyond the agreed budget, {W.pounds(middle.value, middle.error)} in the middle future under an honest "
        "provider "
        f"(80% interval {W.interval(figure('p10').value, figure('p90').value)}; present value)."
    )
    parts = [(CAUSE_WORDS[c], source.value("commissioner", f"exposure_{c}_npv", "mean")) for c in CAUSE_WORDS]
    ordered = sorted(parts, key=lambda part: -part[1])
    by_cause = [f"{name} {W.pounds(amount)}" for name, amount in ordered if W.pounds(amount) != NOTHING]
    support = (
        f"1 in 20 futures costs over {W.pounds(tail.value, tail.error)} ({sampling(tail)}), and those futures "
        f"cost {W.pounds(beyond.value, beyond.error)} on average.",
        f"By cause, on average: {W.listed(by_cause)}.",
        f"Under a provider that games: {W.pounds(figure('p50', GAMED).value)} "
        f"({W.interval(figure('p10', GAMED).value, figure('p90', GAMED).value)}). In the same futures gaming "
        f"{'adds' if change.value >= 0 else 'takes off'} {W.pounds(abs(change.value), change.error)} on average "
        f"({sampling(change)}).",
    )
    return Answer("cost", "What might it cost the commissioner?", lead, support)


#: A change that leaves more than this share of the gain is not called an answer.
HARDLY = 0.5


# ── what is most worth gaming ──────────────────────────────────────────────────────────────────────────────────────
def gaming(source: Source) -> Answer:
    """The lever that gains most, or those that tie for it; what they harm, and the wording that answers them."""
    question = "Which clause is most worth gaming, and what should it say?"
    tied = source.tied_levers
    if not tied:
        none = "None: no single lever gains a provider anything on average."
        return Answer("gaming", question, none, _together(source))
    rest = (*_most_taken_away(source, tied), *_together(source))
    if len(tied) == 1:
        support = (_harm("It", tied[0]), *_remedy(tied[0]), *rest)
        return Answer("gaming", question, _most_worth(source, tied[0]), support)
    names = [W.sentence(lever_title(source, row)) for row in tied]
    harms = " ".join(_harm(name, row) for name, row in zip(names, tied, strict=True))
    remedies = tuple(_short_remedy(name, row) for name, row in zip(names, tied, strict=True))
    return Answer("gaming", question, _tied(source, tied), (harms, *remedies, *rest))


def _clauses(rows: Sequence[Row]) -> str:
    """The clauses that make these levers pay, each once."""
    names = dict.fromkeys(name for row in rows for name in clause_names(row["creating_terms"]))
    return W.sentence(W.listed(list(names))) or "No single clause"


def _most_worth(source: Source, top: Row) -> str:
    """The lever that gains most, alone at the top."""
    gain, error = real(top["gain_mean_gbp"]), real(top["gain_error_gbp"])
    return (
        f"{_clauses([top])}: by {lever_title(source, top)} ({top['grade']}) the provider gains "
        f"{W.pounds(gain, error)} on average (90% interval "
        f"{W.interval(real(top['gain_p5_gbp']), real(top['gain_p95_gbp']))}; standard error {W.spare(error)})."
    )


def _tied(source: Source, rows: Sequence[Row]) -> str:
    """Levers whose gains noise does not tell apart, all of them named."""
    names = [f"{lever_title(source, row)} ({row['grade']})" for row in rows]
    gains = [W.pounds(real(row["gain_mean_gbp"]), real(row["gain_error_gbp"])) for row in rows]
    errors = [W.spare(real(row["gain_error_gbp"])) for row in rows]
    return (
        f"{_clauses(rows)}: {W.listed(names)} gain the provider about the same, {W.listed(gains)} on average "
        f"(standard errors {W.listed(errors)})."
    )


def _harm(name: str, row: Row) -> str:
    """Mean loss to commissioner, public purse and residents; money and health apart."""
    losses = [real(row["harm_commissioner_mean_gbp"]), real(row["harm_public_mean_gbp"])]
    verbs = ["costs " if loss >= 0 else "saves " for loss in losses]
    again = "" if verbs[0] == verbs[1] else verbs[1]
    commissioner = f"{verbs[0]}the commissioner {W.pounds(abs(losses[0]))}"
    public = f"{again}the public purse {W.pounds(abs(losses[1]))}"
    health = real(row["harm_qaly_mean"])
    verb = "lose" if health >= 0 else "gain"
    return f"{name} {commissioner} and {public} on average; residents {verb} {W.number(abs(health))} QALYs."


def _answered(row: Row) -> bool:
    """Whether the change of wording takes away enough of the gain to be called an answer."""
    return real(row["residual_gain_mean_gbp"]) < HARDLY * real(row["gain_mean_gbp"])


def _remedy(row: Row) -> tuple[str, ...]:
    """The change of wording with its residual, and where gaming moves."""
    if not row["fix"]:
        return ("No change of wording was found that answers it.",)
    left, error = real(row["residual_gain_mean_gbp"]), real(row["residual_error_gbp"])
    less = "falls to" if left < real(row["gain_mean_gbp"]) else "is still"
    opening = "Change the wording" if _answered(row) else "No wording tried stops it. The best"
    text = f"{opening}: {unended(row['fix'])}. The gain then {less} {W.pounds(left, error)} " \
           f"(standard error {W.spare(error)})."  # fmt: skip
    return (text, f"Gaming then moves to: {unended(row['displaced_to'])}.") if row["displaced_to"] else (text,)


def _short_remedy(name: str, row: Row) -> str:
    """The same in one sentence, for each of several levers."""
    if not row["fix"]:
        return f"{name}: no change of wording was found that answers it."
    left, error = real(row["residual_gain_mean_gbp"]), real(row["residual_error_gbp"])
    opening = "change the wording" if _answered(row) else "no wording tried stops it; the best"
    return f"{name}: {opening}: {unended(row['fix'])}, which leaves {W.pounds(left, error)} " \
           f"(standard error {W.spare(error)})."  # fmt: skip


def _most_taken_away(source: Source, named: Sequence[Row]) -> tuple[str, ...]:
    """The change of wording that takes most gain away, where it is of none of the levers named already."""

    def taken(row: Row) -> float:
        return real(row["gain_mean_gbp"]) - real(row["residual_gain_mean_gbp"], real(row["gain_mean_gbp"]))

    best = max(source.levers, key=taken)
    if any(best is row for row in named) or not best["fix"]:
        return ()
    gain, left = real(best["gain_mean_gbp"]), real(best["residual_gain_mean_gbp"])
    return (
        f"Change first: {unended(best['fix'])} ({lever_title(source, best)}: "
        f"{W.pounds(gain, real(best['gain_error_gbp']))} falls to {W.pounds(left, real(best['residual_error_gbp']))}).",
    )


def _together(source: Source) -> tuple[str, ...]:
    """What all levers gain together, and with every fix."""
    row = source.best_combination
    if row is None:
        return ()
    text = f"All levers together gain {W.pounds(real(row['gain_mean_gbp']), real(row['gain_error_gbp']))}"
    left = real(row["residual_gain_mean_gbp"])
    if not W.known(left):
        return (f"{text}.",)
    return (f"{text}; with all fixes, {W.pounds(left, real(row['residual_error_gbp']))}.",)


def unended(text: str) -> str:
    """Words from a table without the full stop at their end."""
    return text.rstrip(" .;")


def clause_names(terms: str) -> list[str]:
    """"annual_payment, gain_loss_share" as words."""
    return [W.spoken(term.strip()) for term in (terms or "").replace(";", ",").split(",") if term.strip()]


def lever_title(source: Source, row: Row) -> str:
    """The lever's title in lower case: the run's own, otherwise the register's, otherwise its name as words."""
    titles = {kind.name: kind.title for kind in LEVERS}
    titles |= {r["lever"]: r["title"] for r in source.rows("strategies")}
    title = str(titles.get(row["lever"]) or W.spoken(row["lever"]))
    return W.within(title)
