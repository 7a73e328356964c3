"""One future in a few sentences that a board could read: what was unusual first, then what became of the contract.

Every number in a sentence is a fact: a named figure of the future (analysis/narrative.py) and how it was written down.
What is ordinary is gathered in one sentence. Ranks are against futures of the calibrated law.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import layout as L
from ..analysis.narrative import Told
from .narrative_topics import TOPICS, Telling
from .narrative_words import REMARKABLE, Sentence, Writer
from .words import listed

MOST, LEAST = 5, 2  # sentences on what is remarkable
FRAGMENT = 0.5
SURPLUS, EXPOSURE = "provider_surplus_npv_gbp", "commissioner_exposure_npv_gbp"


@dataclass(frozen=True)
class Narrative:
    """The sentences in order, and a note on what ranks compare with."""

    sentences: tuple[Sentence, ...]
    note: str

    @property
    def text(self) -> str:
        """All sentences."""
        return " ".join(one.text for one in self.sentences)


#: Why a contract ended, by the names of layout.EXIT_CAUSES.
CAUSES = {
    "policy break": "national policy changed",
    "opening price": "the opening price was too low for what care cost",
    "funding below plan": "the commissioner's money fell behind the plan",
    "need above plan": "need rose above the plan",
    "pay and prices above plan": "pay and prices rose above the plan",
    "productivity below plan": "productivity fell short of the plan",
    "shock": "chance and shocks cost more than the plan allowed for",
    "performance payments": "payments for performance and shares of risk took money away",
    "own investment": "the provider's own outlay was not earned back",
}
#: What the commissioner's exposure is for, by the names of layout.EXPOSURE.
PARTS = {
    "uplift": "for an annual payment that outgrew the budget",
    "improvement": "for improvement payments",
    "gain_share": "for shares of gains and losses",
    "rescue": "for losses beyond the owners' cap",
    "step_in": "for care after the provider had left",
    "shifted": "for care that was shifted out of scope",
}


def _start(w: Writer) -> str:
    """Whether it starts at all, and in what scope; "" where nothing needs saying."""
    values = w.told.values
    if values["starts"] == 0.0:
        return "in this future the contract falls before it begins; what follows supposes that it starts in full scope"
    if values["realised_scope"] < FRAGMENT:
        return f"only {w.rate('realised_scope')} of the scope is ever moved; what follows supposes the full scope"
    return ""


def _ending(w: Writer) -> str:
    told = w.told
    at, cause = int(told.outcomes["exit_year_index"]), L.EXIT_CAUSES[int(told.outcomes["exit_cause_code"])]
    term = w.put("term", float(len(told.labels)), str(len(told.labels)))
    if at < 0:
        return f"the contract ran its term of {term} years"
    number = w.put("year of service", at + 1.0, str(at + 1))
    text = f"the contract ended after {w.year(at)}, year {number} of {term}"
    if cause == "policy break":
        return f"{text}, because {CAUSES[cause]}"
    return f"{text}: the owners' money was used up, above all because {CAUSES[cause]}"


def _money(w: Writer) -> str:
    outcomes = w.told.outcomes
    text = f"in present value the provider {'made' if outcomes[SURPLUS] >= 0.0 else 'lost'} {w.money(SURPLUS)} in its years "
    text += f"of service{w.rank(SURPLUS, 'a worse result', 'a better result')}; the commissioner had to find "
    text += f"{w.money(EXPOSURE)} {'more' if outcomes[EXPOSURE] >= 0.0 else 'less'} than the agreed budget"
    text += w.rank(EXPOSURE, "less", "more")
    largest = max(L.EXPOSURE, key=lambda part: outcomes[f"exposure_{part}_npv_gbp"])
    name = f"exposure_{largest}_npv_gbp"
    if 0.5 * outcomes[EXPOSURE] < outcomes[name] <= outcomes[EXPOSURE]:
        text += f", most of it ({w.money(name)}) {PARTS[largest]}"
    return text


def _whole(topic: str, told: Told, write: Telling) -> Sentence | None:
    writer = Writer(told)
    text = write(writer)
    return writer.done(topic, f"{text}.") if text else None


def narrate(told: Told) -> Narrative:
    """Four to eight sentences: the most unusual first, what is ordinary in one, and what became of the contract."""
    ranked = sorted(TOPICS, key=lambda topic: -told.unusual(*topic.by))
    start = _whole("start", told, _start)
    most = MOST - 1 if start else MOST
    count = max(LEAST, min(most, sum(told.unusual(*topic.by) >= REMARKABLE for topic in ranked)))
    found: list[Sentence | None] = [_whole(topic.name, told, topic.tell) for topic in ranked[:count]]
    rest = [topic for topic in TOPICS if topic in ranked[count:]]
    writer = Writer(told)
    found.append(writer.done("the rest", f"for the rest, {listed([topic.passing(writer) for topic in rest])}."))
    found += [start, _whole("ending", told, _ending), _whole("money", told, _money)]
    note = f"Ranks are among {told.reference:,} futures of the calibrated law, under the same contract and strategy."
    return Narrative(tuple(one for one in found if one), note)
