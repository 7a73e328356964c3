"""The risk register: what may go wrong, how likely, how bad for whom, and who should bear it, from the run's own futures.

Risks, who controls them, early signs and mitigations stand in configs/risks; likelihood and impact are computed: each risk is
made nothing of in turn, in the same futures (risks_neutral.py, risks_cost.py), scored by party (risks_score.py), and set against
what each party controls and can carry (risks_bearers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..config.risk_register import PARTIES, Register, load_register
from ..units import percent, pounds
from .compare_words import count
from .result import Advice
from .risks_bearers import bearer_row
from .risks_cost import Ledger, live_all
from .risks_score import GRADES, register_rows, score_row, together_rows
from .sentences import packed, points
from .source import Source

QUESTION = "Who bears what, and who should?"
CAPTIONS = {
    "register": "The register: each risk at its worst party, most severe first",
    "scores": "Likelihood, impact and score of every risk for every party",
    "bearers": "Who bears each risk now, who controls it, and who is best able to bear it",
    "together": "Costs of the risks added up, against all of them at once",
    "parties": "What costs are compared with, and what each party can bear",
}
Rows = list[dict[str, Any]]


def risks(
    source: Source, jobs: int = 2, say: Callable[[str], None] = lambda text: None, register: Register | None = None
) -> Advice:  # fmt: skip
    """The register of a run, scored. `register`: the standard one unless given. Errors: ConfigError, DataError."""
    own = register or load_register()
    ledger = live_all(source, own, jobs, say)
    scores = [score_row(ledger, own, one, view, party) for view in ledger.views for one in own.risks for party in PARTIES]
    rows = register_rows(own, scores, ledger.views)
    bearers = [bearer_row(ledger, one, view) for view in ledger.views for one in own.risks]
    together = together_rows(ledger, own)
    facts = {
        "futures": ledger.sample.n, "views": list(ledger.views), "risks": len(rows), "register": own.title,
        "contract": source.study.contract.name, "grades": [words for _, words in GRADES],
        "bands": {kind: list(edges.values) for kind, edges in own.bands.items()},
        "materiality": {kind: one.value for kind, one in own.materiality.items()},
    }  # fmt: skip
    tables = {"register": rows, "scores": scores, "bearers": bearers, "together": together, "parties": party_rows(ledger)}
    return Advice(
        "risks", QUESTION, f"Risk register: {own.title.lower()}", sentences(rows, scores, bearers, together, ledger), tables,
        CAPTIONS, notes(ledger, own, scores), source.basis, facts,
    )  # fmt: skip


def party_rows(ledger: Ledger) -> Rows:
    """Resources and capacity of each party, and its mean outcome as the contract is and were none of the risks to come."""
    return [
        {"party": party, "resources_gbp": None if party == "residents" else ledger.resources[party],
         "resources_qaly": ledger.resources[party] if party == "residents" else None,
         "capacity_gbp": None if party == "residents" else ledger.capacity[party], **_outcomes(ledger, party)}
        for party in PARTIES
    ]  # fmt: skip


def _outcomes(ledger: Ledger, party: str) -> dict[str, float | None]:
    """Net exposure, surplus or health (present value) of a party, in the futures in which its costs are counted."""
    unit, other = ("qaly", "gbp") if party == "residents" else ("gbp", "qaly")
    found: dict[str, float | None] = {}
    for name, values in (("as_it_is", ledger.as_it_is(party)), ("without_risks", ledger.plan[party])):
        mean = ledger.sample.mean(values)
        found |= {f"{name}_{unit}": mean.value, f"{name}_error_{unit}": mean.error}
        found |= {f"{name}_{other}": None, f"{name}_error_{other}": None}
    return found


def sentences(rows: Rows, scores: Rows, bearers: Rows, together: Rows, ledger: Ledger) -> list[str]:
    """The register in words: how many of each grade, the gravest, who bears, what is out of joint, gaming, interaction."""
    said = [_grades(rows), *(_grave(row, scores) for row in rows[:3])]
    said += [_burden(scores, ledger), *_astray(bearers, ledger)]
    if len(ledger.views) > 1:
        said.append(_gaming(rows, scores, ledger))
    return said + _interaction(together)


def _grades(rows: Rows) -> str:
    first = rows[0]
    count = {words: sum(row["grade"] == words for row in rows) for _, words in GRADES}
    told = _listed([f"{number} {words.split(' ')[1]}" for words, number in count.items() if number])
    if first["score"] <= 1:
        return f"None of the {len(rows)} risks of the register costs any party anything that matters."
    return (
        f"Of {len(rows)} risks, {told}; the gravest, “{first['title']}”, hits the {first['party']} hardest "
        f"({first['likelihood_band']} × {first['impact_band']} = {first['score']})."
    )


def _listed(words: list[str]) -> str:
    """ "6 are extreme, 11 high and 3 low"."""
    first, *rest = words
    head, _, tail = first.partition(" ")
    said = [f"{head} {'is' if head == '1' else 'are'} {tail}", *rest]
    return said[0] if not rest else f"{', '.join(said[:-1])} and {said[-1]}"


def _score(scores: Rows, risk: str, party: str, view: str) -> dict[str, Any]:
    return next(one for one in scores if (one["risk"], one["party"], one["view"]) == (risk, party, view))


def _grave(row: dict[str, Any], scores: Rows) -> str:
    one = _score(scores, row["id"], row["party"], scores[0]["view"])
    if one["told"]:
        return f"“{row['title']}”: {one['told']}."
    hits = f"{percent(one['likelihood_probability'])} ± {points(one['likelihood_probability_error'])}"
    if one["impact_gbp"] is None:
        impact = f"{count(one['impact_qaly'])} ± {count(one['impact_error_qaly'])} QALYs"
    else:
        impact = f"{pounds(one['impact_gbp'])} ± {pounds(one['impact_error_gbp'])}"
    return (
        f"“{row['title']}” costs the {row['party']} something that matters in {hits} of futures, {impact} on average then "
        f"({percent(one['impact_share'])} of what it has): {row['grade']}."
    )


def _burden(scores: Rows, ledger: Ledger) -> str:
    view = ledger.views[0]
    counts = {
        party: sum(one["score"] >= 15 for one in scores if one["party"] == party and one["view"] == view) for party in PARTIES
    }
    told = ", ".join(f"{party} {number}" for party, number in counts.items() if number)
    return f"Extreme risks by party: {told}." if told else "No party bears an extreme risk."


def _astray(bearers: Rows, ledger: Ledger) -> list[str]:
    own = [row for row in bearers if row["view"] == ledger.views[0]]
    found = [row for row in own if row["flag"]]
    if not found:
        return ["No risk lies mainly with a party that neither controls it nor can carry it."]
    names = [f"{row['title'].lower()} ({row['bears_most']}; best able: {row['best_able']})" for row in found]
    lie, them = ("lies", "it") if len(found) == 1 else ("lie", "them")
    lead = f"{len(found)} of {len(own)} risks {lie} mainly with a party that neither controls nor can carry {them}"
    return packed(lead, names)


def _gaming(rows: Rows, scores: Rows, ledger: Ledger) -> str:
    worse = [row for row in rows if row["score_with_gaming"] > row["score"] and row["id"] != "gaming"]
    text = "With the gamed strategy "
    if any(row["id"] == "gaming" for row in rows):
        own = [_score(scores, "gaming", party, ledger.views[1]) for party in ("commissioner", "residents")]
        text += f"gaming itself {borne(own[0], 'the commissioner')} and {borne(own[1], 'residents')} on average, and "
    return text + (f"{len(worse)} other risks score higher." if worse else "no other risk scores higher.")


def borne(row: dict[str, Any], who: str) -> str:
    """A party's mean cost with its standard error, the verb by its sign: "costs residents 229 ± 11 QALYs", "gives …"."""
    money = row["mean_cost_gbp"] is not None
    cost, error = (row["mean_cost_gbp"], row["mean_cost_error_gbp"]) if money else (
        row["mean_cost_qaly"], row["mean_cost_error_qaly"])  # fmt: skip
    size = f"{pounds(abs(cost))} ± {pounds(error)}" if money else f"{count(abs(cost))} ± {count(error)} QALYs"
    return f"{'gives' if cost < 0.0 else 'costs'} {who} {size}"


def _interaction(together: Rows) -> list[str]:
    own = [row for row in together if row["party"] in ("commissioner", "provider")][:2]
    told = " ".join(
        f"All at once they come to {pounds(row['together_gbp'])} for the {row['party']}, where they add up to "
        f"{pounds(row['sum_gbp'])} (difference {pounds(row['interaction_gbp'])} ± {pounds(row['interaction_error_gbp'])})."
        for row in own
    )  # fmt: skip
    return [f"Costs of risks do not add up, because a contract ends once and a cap is used up once. {told}"]


def notes(ledger: Ledger, register: Register, scores: Rows) -> list[str]:
    """What the figures rest on and cannot say."""
    sample = ledger.sample
    never = {one["risk"] for one in scores} - {one["risk"] for one in scores if not one["told"]}
    said = [
        f"Each risk is made nothing of in the same {sample.n:,} futures of the run; its cost is the paired difference, of either "
        "sign. Likelihood counts only costs beyond the materiality.",
        "Bands, materiality, who controls a risk, owners, early signs and mitigations are judgements of the register "
        f"({register.title}); likelihood and impact are computed, over the whole term. The five-by-five grid and its grades "
        "are those of the National Patient Safety Agency (2008), its steps widened to a term.",
        "Impact is a share of the agreed budget (commissioner, provider), of the acute spend expected (hospital), of the "
        "council's money in the scope (council), and of the health without any risk (residents).",
        "Strategies are kept as they are: the provider does not choose again when a risk is made nothing of. Risks of the scope "
        "are told as outcomes never come to, and are left out of the sum of all risks and of all risks at once. Set-up cost is "
        "not modelled.",
        "All risks at once are counted from the plan come true, in which none of them happens. For the provider that is mostly "
        "surplus forgone and no loss; for the commissioner part of it is a saving forgone. What a party can bear is a limit on "
        "its outcome itself, not on this cost.",
        "A national body controls some risks and bears none here: it is no party to the contract.",
    ]
    if never:
        said.append(f"Never anything that matters to anybody: {', '.join(sorted(never))}.")
    if sample.n < 4096:
        said.append(f"Too few futures for narrow intervals: {sample.n:,}; a run of 16,384 gives the full precision.")
    return said


__all__ = ["QUESTION", "risks"]
