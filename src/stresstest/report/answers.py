"""The three answers on the first screen: sentences made of figures that stand in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from ..levers import LEVERS
from . import words as W
from .figures import CAUSE_WORDS
from .source import DIFFERENCE, GAMED, HONEST, Figure, Row, Source, real

POLICY_BREAK = "policy break"
CAUSES_NAMED = 3


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


def error_in_pounds(figure: Figure) -> str:
    """"standard error £0.4m"."""
    return f"standard error {W.spare(figure.error)}"


# ── how likely, by when, of what ───────────────────────────────────────────────────────────────────────────────────
def failure(source: Source) -> Answer:
    """Probability that the contract ends early, when and why."""
    total = source.figure("contract", "exit", "probability")
    gamed = source.figure("contract", "exit", "probability", strategy=GAMED)
    lead = (
        f"{W.sentence(W.chance(total.value))}: under an honest provider the contract ends before its term in "
        f"{W.percent(total.value)} of futures (standard error {W.points(total.error)})."
    )
    games = f"Under a provider that games, it ends early in {W.percent(gamed.value)}."
    support = (_when(source), _of_what(source), games)
    return Answer("failure", "How likely is it that the provider fails, by when, and of what?", lead, support)


def _when(source: Source) -> str:
    """The first years by which one in ten, and half, of all contracts have ended."""
    found: list[str] = []
    for level, words in ((0.1, "at least 1 in 10"), (0.5, "at least half")):
        for year in source.years:
            if source.value("contract", "exit", "probability", year=year) >= level:
                found.append(f"{words} {'contracts have ended ' if not found else ''}by {year}")
                break
    if not found:
        return "In no year have as many as 1 in 10 contracts ended."
    return f"By when: {W.listed(found)}."


def _of_what(source: Source) -> str:
    """The commonest reasons, and the policy break, which is not the provider's failure."""
    causes = source.causes(HONEST)
    own = [(cause, figure) for cause, figure in causes if cause != POLICY_BREAK][:CAUSES_NAMED]
    policy = dict(causes).get(POLICY_BREAK)
    words = [f"{cause} ({W.percent(figure.value)})" for cause, figure in own if figure.value > 0.0]
    text = f"Of what: {W.listed(words)}, as shares of all futures." if words else "No future ends by losses."
    if policy is not None:
        text += f" A break in policy, no fault of the provider, ends {W.percent(policy.value)}."
    return text


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
    by_cause = [f"{name} {W.pounds(amount)}" for name, amount in sorted(parts, key=lambda part: -part[1])]
    support = (
        f"1 in 20 futures costs over {W.pounds(tail.value, tail.error)} ({error_in_pounds(tail)}), and those futures "
        "cost "
        f"{W.pounds(beyond.value, beyond.error)} on average.",
        f"By cause, on average: {W.listed(by_cause)}.",
        f"Under a provider that games: {W.pounds(figure('p50', GAMED).value)} "
        f"({W.interval(figure('p10', GAMED).value, figure('p90', GAMED).value)}). In the same futures gaming "
        f"{'adds' if change.value >= 0 else 'takes off'} {W.pounds(abs(change.value), change.error)} on average "
        f"({error_in_pounds(change)}).",
    )
    return Answer("cost", "What might it cost the commissioner?", lead, support)


#: A change that leaves more than this share of the gain is not called an answer.
HARDLY = 0.5


# ── what is most worth gaming ──────────────────────────────────────────────────────────────────────────────────────
def gaming(source: Source) -> Answer:
    """The single lever that gains most, what it harms, and the wording that answers it."""
    question = "Which clause is most worth gaming, and what should it say?"
    rows = source.levers
    if not rows or real(rows[0]["gain_mean_gbp"], 0.0) <= 0.0:
        none = "None: no single lever gains a provider anything on average."
        return Answer("gaming", question, none, _together(source))
    top = rows[0]
    gain, error = real(top["gain_mean_gbp"]), real(top["gain_error_gbp"])
    clauses = W.sentence(W.listed(clause_names(top["creating_terms"]))) or "No single clause"
    lead = (
        f"{clauses}: by {lever_title(source, top)} ({top['grade']}) the "
        "provider "
        f"gains {W.pounds(gain, error)} on average (90% interval "
        f"{W.interval(real(top['gain_p5_gbp']), real(top['gain_p95_gbp']))}; standard error {W.spare(error)})."
    )
    return Answer("gaming", question, lead, (_harm(top), *_remedy(top), *_most_taken_away(source, top), *_together(source)))


def _harm(row: Row) -> str:
    """Mean loss to commissioner, public purse and residents; money and health apart."""
    def borne(who: str, loss: float) -> str:
        return f"{'costs' if loss >= 0 else 'saves'} the {who} {W.pounds(abs(loss))}"

    commissioner = borne("commissioner", real(row["harm_commissioner_mean_gbp"]))
    public = borne("public purse", real(row["harm_public_mean_gbp"]))
    health = real(row["harm_qaly_mean"])
    verb = "lose" if health >= 0 else "gain"
    return f"It {commissioner} and {public} on average; residents {verb} {W.number(abs(health))} QALYs."


def _remedy(row: Row) -> tuple[str, ...]:
    """The change of wording with its residual, and where gaming moves."""
    if not row["fix"]:
        return ("No change of wording was found that answers it.",)
    left, error = real(row["residual_gain_mean_gbp"]), real(row["residual_error_gbp"])
    less = "falls to" if left < real(row["gain_mean_gbp"]) else "is still"
    opening = "Change the wording" if left < HARDLY * real(row["gain_mean_gbp"]) else "No wording tried stops it. The best"
    text = f"{opening}: {unended(row['fix'])}. The gain then {less} {W.pounds(left, error)} " \
           f"(standard error {W.spare(error)})."  # fmt: skip
    return (text, f"Gaming then moves to: {unended(row['displaced_to'])}.") if row["displaced_to"] else (text,)


def _most_taken_away(source: Source, top: Row) -> tuple[str, ...]:
    """The change of wording that takes most gain away, where that is not the top lever's own."""

    def taken(row: Row) -> float:
        return real(row["gain_mean_gbp"]) - real(row["residual_gain_mean_gbp"], real(row["gain_mean_gbp"]))

    best = max(source.levers, key=taken)
    if best is top or not best["fix"]:
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
    return title[:1].lower() + title[1:]
