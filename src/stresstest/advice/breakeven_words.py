"""What was found about "how much would be enough", as a governing body would say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..units import percent, pounds
from .breakeven_handles import CAPITAL, CONDITION
from .breakeven_solve import MET, NEEDED, OUT_OF_REACH, SPARE, Problem, Solution, met_now
from .sentences import packed


def told_pounds(change: float, error: float) -> str:
    """A cost or a saving with its standard error: "costs £156m ± £1m", "saves £3.0m ± £0.5m"."""
    return f"{'costs' if change >= 0.0 else 'saves'} {pounds(abs(change))} ± {pounds(error)}"


def told_health(change: float, error: float) -> str:
    """A change of health with its standard error."""
    word = "more" if change >= 0.0 else "fewer"
    return f"{abs(change):,.0f} ± {error:,.0f} {word} QALYs"


def sized(one: Solution) -> str:
    """The value found with its 95% interval."""
    assert one.value is not None
    sure, say = one.sure, one.handle.said
    if sure is None or (sure.low is None and sure.high is None):
        return say(one.value)
    low = say(sure.low) if sure.low is not None else f"less than {say(one.handle.low)}"
    high = say(sure.high) if sure.high is not None else f"more than {say(one.handle.high)}"
    return f"{say(one.value)} ({low} to {high})"


def answer(problem: Problem, main: Sequence[Solution], others: Sequence[Solution], facts: Mapping[str, Any]) -> list[str]:
    """The sentences, the first of which answers the question."""
    needed = sorted((one for one in main if one.status == NEEDED and one.told), key=_price)
    acts = [one for one in needed if one.handle.kind != CONDITION]
    said = [_first(problem, main, acts), *([_costs(acts[0])] if acts and not met_now(problem, problem.goals[0]) else [])]
    said += [_act(one) for one in acts[1:]]
    said += [_condition(one) for one in needed if one.handle.kind == CONDITION]
    said += _health(acts) + _efficiency(main) + _spare(main) + _failing(main) + _others(problem, others)
    if facts["central_misses"]:
        said.append("It already fails in the middle case, in which nothing unexpected happens: this is no matter of bad luck.")
    return said


def _price(one: Solution) -> float:
    return float(one.told.get("public_change_gbp", 0.0))


def _first(problem: Problem, main: Sequence[Solution], acts: Sequence[Solution]) -> str:
    goal = problem.goals[0]
    own = goal.said(problem.sample.mean(goal.score(problem.base)).value)
    wanted, aim = goal.said(goal.bound), f"{goal.measured} is {goal.said(goal.bound)} or {'less' if goal.sign > 0 else 'more'}"
    if met_now(problem, goal):
        return f"The contract is enough as it is: {goal.measured} is {own}, where {wanted} was asked for."
    if acts:
        best = acts[0]
        return (
            f"To bring {goal.measured} from {own} to {wanted}, the cheapest change alone is {best.handle.words}: "
            f"{sized(best)} instead of {best.handle.said(best.handle.now)}."
        )
    reached = [one for one in main if one.grid]
    if not reached:
        return f"Nothing could be tried so that {aim}; it is {own}."
    best = min(reached, key=lambda one: min(reading.value for _, reading in one.grid))
    x, reading = min(best.grid, key=lambda point: point[1].value)
    lead = "No payment, reserve or sharing" if any(one.status == NEEDED for one in main) else "Nothing that was tried"
    return (
        f"{lead} gets there alone: {goal.measured} is {own}, {wanted} was asked for, and the best seen is "
        f"{goal.said(goal.sign * reading.value)}, with {best.handle.words} at {best.handle.said(x)}."
    )


def _costs(one: Solution) -> str:
    """What a value costs, brings, and asks of owners, in one or two sentences."""
    told = one.told
    text = (
        f"That {told_pounds(told['public_change_gbp'], told['public_change_error_gbp'])} of public money over the term, and "
        f"brings {told_health(told['health_change_qaly'], told['health_change_error_qaly'])}."
    )
    if one.handle.kind == CAPITAL:
        text += f" The provider or its owners have to put up {pounds(told['capital_gbp'])} more, whose cost is not counted."
    return text


def _act(one: Solution) -> str:
    say = one.handle.said
    return f"Or {one.handle.words} alone: {sized(one)} instead of {say(one.handle.now)}. {_costs(one)}"


def _condition(one: Solution) -> str:
    say = one.handle.said
    return (
        f"Seen as a condition on the price: {one.handle.words} would have to be {sized(one)}, where {say(one.handle.now)} is "
        "assumed; nobody pays for that, but somebody has to make it true."
    )


def _health(acts: Sequence[Solution]) -> list[str]:
    """Whether what is cheapest is also best for health."""
    if len(acts) < 2:
        return []
    best = max(acts, key=lambda one: one.told["health_change_qaly"])
    if best is acts[0]:
        return [f"What is cheapest is also best for residents: {best.handle.words}."]
    gained = best.told["health_change_qaly"] - acts[0].told["health_change_qaly"]
    dearer = best.told["public_change_gbp"] - acts[0].told["public_change_gbp"]
    return [
        f"Best for residents would be {best.handle.words}: {gained:,.0f} QALYs more than the cheapest, for {pounds(dearer)} more."
    ]


def _efficiency(main: Sequence[Solution]) -> list[str]:
    own = next((one for one in main if one.handle.name == "efficiency"), None)
    if own is None:
        return []
    if own.status == SPARE:
        return [f"A yearly efficiency of up to {sized(own)} can be asked for before the target is missed."]
    if own.status in (OUT_OF_REACH, NEEDED) and own.handle.now == 0.0:
        return ["No yearly efficiency beyond the contract's own can be borne: the target is missed without any."]
    if own.status == MET:
        return [f"A yearly efficiency of {own.handle.said(own.handle.high)} can be borne, the most that was tried."]
    return []


def _spare(main: Sequence[Solution]) -> list[str]:
    found = [
        f"{one.handle.words} could go from {one.handle.said(one.handle.now)} to {sized(one)}"
        for one in main if one.status == SPARE and one.handle.name != "efficiency"
    ]  # fmt: skip
    return packed("There is something to spare, one at a time", found)


def _failing(main: Sequence[Solution]) -> list[str]:
    """Handles that do not get there."""
    found = []
    for one in main:
        if one.status == OUT_OF_REACH and one.grid and one.handle.name != "efficiency":
            x, reading = min(one.grid, key=lambda point: point[1].value)
            found.append(f"{one.handle.words} ({one.goal.said(one.goal.sign * reading.value)} at best, at {one.handle.said(x)})")
    return packed("Not enough by itself, within the bounds that were tried", found)


def _others(problem: Problem, others: Sequence[Solution]) -> list[str]:
    """One sentence for each other failure that is missed today; one for all that are met."""
    said, met = [], []
    for goal in problem.goals[1:]:
        own = [one for one in others if one.goal is goal]
        value = problem.sample.share(goal.score(problem.base)).value
        if met_now(problem, goal):
            met.append(f"{goal.measured} ({percent(value)}, {percent(goal.bound)} bearable)")
            continue
        enough = [one for one in own if one.status == NEEDED and one.value is not None]
        ways = [f"{one.handle.words} at {one.handle.said(one.value or 0.0)}" for one in enough]
        lead = f"As for the chance of {percent(value)} that {goal.measured.removeprefix('the chance that ')}"
        said += packed(f"{lead}, enough would be, each alone", ways) or [f"{lead}: nothing that was tried is enough alone."]
    return said + packed("Within bounds already", met)


def notes(problem: Problem, main: Sequence[Solution], facts: Mapping[str, Any]) -> list[str]:
    """What the figures rest on and cannot say."""
    said = [
        f"One number is changed at a time, in the same {problem.sample.n:,} futures; 95% intervals by turning the test round. "
        "What is bearable is a judgement.",
        "A higher opening price raises the agreed budget; that rise is counted as public money, and the commissioner's limit "
        "stays that of the budget first agreed. The cost of capital put up is not counted.",
        "The answered figures let the provider choose its effort, prevention and efficiency again under the changed contract.",
    ]
    moved = [one for one in main if one.told and _moved(one)]
    said += [
        f"With {one.handle.words} at {one.handle.said(one.value or 0.0)} the provider answers by other work, and the risk "
        f"becomes {one.goal.said(_figure(one, 'answered'))} instead of {one.goal.said(_figure(one, 'fresh'))}."
        for one in moved
    ]
    many = [one.handle.words for one in main if one.seen and len(one.seen.crossings) > 1]
    said += [f"The target is met in more than one stretch of {', '.join(many)}: see the table of crossings."] if many else []
    said += [f"{one.handle.words} could not be tried everywhere: {one.why}" for one in main if one.why]
    if problem.sample.n < 4096:
        said.append(f"Too few futures for narrow intervals: {problem.sample.n:,}; a run of 16,384 gives the full precision.")
    return said


def _figure(one: Solution, name: str) -> float:
    return float(one.told.get(f"{name}_probability", one.told.get(f"{name}_mean", 0.0)))


def _moved(one: Solution) -> bool:
    """Whether the answer of the provider moves the risk by more than three of its standard errors."""
    word = "probability" if one.goal.chance else "mean"
    error = float(one.told[f"answered_{word}_error"])
    return abs(_figure(one, "answered") - _figure(one, "fresh")) > 3.0 * error
