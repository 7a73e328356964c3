"""The answer to "which uncertainty matters?" in sentences, from the tables' rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..methods.shapley import Effects
from ..results import schema
from ..units import percent, pounds
from .failures import Failure
from .sensitivity_assumptions import ALL_HELD, ALL_RELEASED, CONTRIBUTION
from .sensitivity_clauses import ANY_BASE, ANY_CHANGE, HARM
from .sensitivity_effects import JOINT, MATTERS, words_of

RESULTS = {
    "provider_surplus_npv_gbp": "the provider's surplus", "commissioner_exposure_npv_gbp": "the commissioner's exposure",
    "walks_away": "whether losses end the contract", "commissioner_limit": "whether the commissioner's limit is passed",
    "quality_floor": "whether quality stays below its floor", "hospital_limit": "whether the hospital's limit is passed",
    "council_limit": "whether the council's limit is passed",
}  # fmt: skip
Rows = Sequence[Mapping[str, Any]]


def result_words(name: str, failing: Sequence[Failure] = ()) -> str:
    """A result as the object of a sentence."""
    if name in RESULTS:
        return RESULTS[name]
    if any(one.name == name for one in failing):
        return f"whether {name}"
    column = next((c for c in schema.COLUMNS["outcomes"] if c.name == name), None)
    return column.description.split(";")[0] if column else name


def share(value: float, low: float, high: float) -> str:
    """A share with its interval: "29.0% (28.5% to 29.6%)"."""
    return f"{percent(value)} ({percent(low)} to {percent(high)})"


def _rank(row: Mapping[str, Any]) -> str:
    return f"{row['words']} {share(row['share'], row['share_low'], row['share_high'])}"


def headline(nature: Sequence[Effects], axes: Sequence[Effects], failing: Sequence[Failure]) -> str:
    """The first sentence: what matters most to each result, and what the axes explain together."""
    found = [one for one in nature if one.effects[one.ranked()[0]].low > 0.0]
    if not found:
        return "No recorded uncertainty stands out from chance in these futures."
    first = words_of(found[0].players[found[0].ranked()[0]])
    same = [one for one in found if words_of(one.players[one.ranked()[0]]) == first]
    told = _listed([
        f"{percent(one.effects[one.ranked()[0]].value, 0)} of {result_words(one.result, failing)}" for one in same
    ])  # fmt: skip
    text = f"{first[:1].upper()}{first[1:]} matters most: it answers for {told}"
    if axes:
        whole = {one.result: one.whole for one in axes}
        parts = _listed([percent(whole[one.result].value, 0 if whole[one.result].value > 0.095 else 1) for one in same])
        text += f"; the six axes together answer for {parts}"
    return f"{text}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def result_sentence(rows: Rows, result: str, game: str, failing: Sequence[Failure], most: int = 3) -> str:
    """What answers for one result in one game, largest first, what only all together explain, and what is left."""
    own = [row for row in rows if row["result"] == result and row["game"] == game]
    telling = [row for row in own[:-1] if row.get("verdict") == MATTERS][:most]
    rest, name = own[-1], result_words(result, failing)
    if not telling:
        return f"{name[:1].upper()}{name[1:]}: no input stands out; too few futures, or nothing there."
    joint = next((row["share"] for row in own if row["input"] == JOINT), 0.0)
    both = f"{percent(joint, 0)} only all inputs together explain and cannot be shared out; " if joint >= 0.005 else ""
    return (
        f"{name[:1].upper()}{name[1:]}: {', '.join(_rank(row) for row in telling)}; {both}"
        f"{percent(max(0.0, rest['share']), 0)} is left to chance and to what is no input here."
    )  # fmt: skip


def axes_sentence(one: Effects, failing: Sequence[Failure]) -> str:
    """The six axes by themselves."""
    first, second = one.ranked()[:2]
    told = [
        f"{words_of(one.players[i])} {share(one.effects[i].value, one.effects[i].low, one.effects[i].high)}"
        for i in (first, second)
    ]
    return (
        f"Of what decides {result_words(one.result, failing)} the six axes explain "
        f"{share(one.whole.value, one.whole.low, one.whole.high)}: {told[0]}, then {told[1]}."
    )  # fmt: skip


def year_sentence(rows: Rows, failing: Sequence[Failure]) -> str:
    """The axis and year that tell most of the first result."""
    if not rows:
        return ""
    own = [row for row in rows if row["result"] == rows[0]["result"]]
    top = max(own, key=lambda row: row["share"])
    if top["share_low"] <= 0.0:
        return "No single year of an axis stands out from chance."
    return (
        f"The year that tells most of {result_words(top['result'], failing)} is {top['year']} on {words_of(top['axis'])}: "
        f"{share(top['share'], top['share_low'], top['share_high'])} by itself."
    )  # fmt: skip


def _signed(value: float, say: Callable[[float], str]) -> str:
    return f"+{say(value)}" if value > 0.0 else say(value)


def assumption_sentence(rows: Rows) -> str:
    """Which of the plan's assumptions does most."""
    parts = [row for row in rows if row["kind"] == CONTRIBUTION]
    if not parts:
        return ""
    ends = {row["kind"]: row for row in rows}
    money = sorted(parts, key=lambda row: -abs(row["exposure_gbp"]))[:3]
    told = ", ".join(
        f"{row['letter']} ({row['assumption']}) {_signed(row['exposure_gbp'], pounds)} "
        f"± {pounds(row['exposure_error_gbp'])}"
        for row in money
    )
    return (
        f"From all assumptions held to all released, mean exposure goes from {pounds(ends[ALL_HELD]['exposure_gbp'])} to "
        f"{pounds(ends[ALL_RELEASED]['exposure_gbp'])}; of that change: {told}."
    )  # fmt: skip


def clause_sentence(rows: Rows) -> str:
    """Which clause does most harm."""
    if not rows:
        return "The contract has no clause that can be taken out of force."
    first, base = rows[0], rows[0][ANY_BASE]
    if first["verdict"] != HARM:
        return f"No clause by itself makes failure likelier than without it ({percent(base)} of futures have some failure)."
    change, error = first[ANY_CHANGE], first[f"{ANY_CHANGE}_error"]
    return (
        f"The clause that does most harm is {first['clause']}: without it some failure comes in {percent(base + change)} of "
        f"futures instead of {percent(base)} (a fall of {percent(-change)} ± {percent(error)}); mean exposure moves by "
        f"{_signed(first['exposure_change_gbp'], pounds)}."
    )  # fmt: skip


def input_sentence(rows: Rows, switches: Rows) -> str:
    """The judged input on which most rests, and where it turns a hurdle."""
    if not rows:
        return "No input of this study is a judgement."
    row = rows[0]
    text = (
        f"Of judged inputs most rests on {row['key']} ({row['input']}): from {row['at_lower_value']:.3g} to "
        f"{row['at_upper_value']:.3g} the chance that losses end the contract goes from "
        f"{percent(row['at_lower_walks_away_probability'])} to {percent(row['at_upper_walks_away_probability'])}, mean exposure "
        f"from {pounds(row['at_lower_exposure_gbp'])} to {pounds(row['at_upper_exposure_gbp'])}"
    )  # fmt: skip
    turns = [one for one in switches if one["key"] == row["key"] and one["switching_value"] is not None]
    told = [f"{one['hurdle']} at {one['switching_value']:.3g}" for one in turns]
    return f"{text}; {_listed(told)} (now {row['base_value']:.3g})." if told else f"{text}."


def verdict_sentence(rows: Rows) -> str:
    """Which tables are not settled by so many futures."""
    short = [row for row in rows if row["verdict"] == "too few futures"]
    if not short:
        return ""
    worst = max(short, key=lambda row: row["futures_needed"])
    names = _listed(sorted({str(row["table"]) for row in short}))
    return f"Too few futures to settle the order in: {names}; {worst['futures_needed']:,.0f} would settle the hardest of them."
