"""What the playbook says, as a governing body would say it."""

from __future__ import annotations

from collections.abc import Sequence

from ..units import percent, pounds
from .mitigations_try import MONEY, Effect, Mean
from .playbook_plan import Choice, Plan, act_by
from .sentences import packed
from .signposts_words import failure_words


def moved(one: Mean, more: str, less: str) -> str:
    """A change of money in words, with its error: "£3.4m ± £0.5m more"."""
    if abs(one.value) < 2.0 * one.error or one.value == 0.0:
        return f"no clear change ({pounds(one.value)} ± {pounds(one.error)})"
    return f"{pounds(abs(one.value))} ± {pounds(one.error)} {more if one.value > 0.0 else less}"


def health_said(one: Mean) -> str:
    """A change of health in words."""
    if abs(one.value) < 2.0 * one.error or one.value == 0.0:
        return "no clear change of health"
    return f"{abs(one.value):,.0f} ± {one.error:,.0f} QALYs {'more' if one.value > 0.0 else 'fewer'}"


def left(one: Effect) -> str:
    """What is left of a chance."""
    return f"{percent(one.after.value)} ({percent(one.after.low)} to {percent(one.after.high)})"


def where(plan: Plan) -> str:
    """An eventuality as the beginning of a sentence; its limits are told in the next (`given`)."""
    event = plan.eventuality
    if event.box is None:
        return "In all futures taken together"
    return f"Where {failure_words(event.failure)} often ({percent(event.mass)} of futures)"


def given(plan: Plan) -> list[str]:
    """The limits of an eventuality."""
    event = plan.eventuality
    return [] if event.box is None else [f"That is given {event.words}."]


def plan_words(plan: Plan, labels: Sequence[str]) -> list[str]:
    """The sentences of one eventuality."""
    failure = failure_words(plan.eventuality.failure)
    before = plan.nothing.after
    if not plan.choices:
        none = f"{where(plan)}, {failure} in {percent(before.value)}, and nothing in the library clearly lowers that."
        return [none, *given(plan)]
    best = plan.choices[0]
    said = [
        f"{where(plan)}, the chance{f' that {failure}' if plan.eventuality.box is None else ''} falls from "
        f"{percent(before.value)} to {left(best.inside)} with this: {best.mitigation.words}.",
        *given(plan),
        f"With it the commissioner bears {moved(best.inside.money[MONEY[0]], 'more', 'less')}, with "
        f"{health_said(best.inside.health)}. {agree(best)} must agree; {act_by(best, plan.signpost, labels)}.",
    ]  # fmt: skip
    others = [f"{one.mitigation.words} ({left(one.inside)} left)" for one in plan.choices[1:]]
    said += packed("Chosen next, on other futures than those that these figures come from", others)
    sign = plan.signpost.words if plan.signpost else "none was found; what helps has to be agreed beforehand"
    said.append(f"The sign of it in these futures: {sign}.")
    return [*said, *(_late(plan, labels) if plan.signpost else []), *_answered(best), *_worsens(best)]


def agree(one: Choice) -> str:
    """Who must agree, with a capital letter."""
    names = [name.replace("nhs_england", "NHS England").replace("_", " ") for name in one.mitigation.agree]
    text = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return text[:1].upper() + text[1:]


def _late(plan: Plan, labels: Sequence[str]) -> list[str]:
    helping = [one for one in plan.late if one.effect.helps]
    if not helping:
        return ["If nothing was agreed at signature, nothing in the library that can still be agreed then clearly helps."]
    one = helping[0]
    return [
        f"If nothing was agreed at signature, the best that can still be agreed on that sign is: {one.mitigation.words}; in "
        f"force from {labels[one.start]}, it leaves {left(one.effect)}."
    ]


def _answered(best: Choice) -> list[str]:
    if best.answered is None:
        return []
    return [f"With the provider's answer to it found again, {left(best.answered)} is left."]


def _worsens(best: Choice) -> list[str]:
    if not best.worsens:
        return []
    told = "; ".join(
        f"{failure_words(name)} ({rise.strip()})" for name, _, rise in (text.partition(" ") for text in best.worsens)
    )
    return [f"In all futures it makes another failure likelier: {told}."]
