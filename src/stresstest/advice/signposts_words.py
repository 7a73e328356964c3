"""What signposts say, as a governing body would say it."""

from __future__ import annotations

from collections.abc import Sequence

from ..units import percent
from .failures import Failure
from .signposts_single import Signpost
from .signposts_together import Together
from .watching import BY_NAME, Watch

NAMES = {
    "walks_away": "the provider walks away", "commissioner_limit": "the commissioner passes its limit",
    "quality_floor": "quality stays below its floor", "hospital_limit": "the hospital bears more than its limit",
    "council_limit": "the council bears more than its limit",
}  # fmt: skip


def failure_words(name: str) -> str:
    """A failure as the second half of a sentence."""
    return NAMES.get(name, f"“{name}” comes true")


def years_words(low: float, middle: float, high: float) -> str:
    """A lead time in words: "3 years ahead (1 to 6)"."""
    unit = "year" if middle == 1 else "years"
    return f"{middle:.0f} {unit} ahead (four in five: {low:.0f} to {high:.0f})"


def lead_words(one: Signpost, watch: Watch) -> str:
    """How far ahead a signpost sees, and of what: where a failure is settled only when service ends, of that."""
    unit = "year" if one.lead_median == 1 else "years"
    ahead = years_words(one.lead_low, one.lead_median, one.lead_high)
    if one.lead_low == one.lead_high:
        ahead = f"{one.lead_median:.0f} {unit} ahead"
    if one.failure not in watch.at_end:
        return ahead
    if one.lead_low == one.lead_high and one.year + one.lead_median == len(watch.serving) - 1:
        return f"{ahead}, as it is settled at the end of the term"
    return f"{ahead} of the end of service, which settles it"


def signal_words(one: Signpost) -> str:
    """A signpost's signal as a clause: "the provider's result to date is below −0.7% of a year's budget"."""
    subject, _, of = BY_NAME[one.quantity].words.partition(", as a share of ")
    return f"{subject} is {one.limit_words} of {of}" if of else f"{subject}, is {one.limit_words}"


def best_words(one: Signpost, watch: Watch) -> list[str]:
    """What the best signpost of a failure says: when to act on what, and how well and how far ahead it sees."""
    j = one.judged
    return [
        f"Act at the end of {one.label} where {signal_words(one)}: {failure_words(one.failure)} later in "
        f"{percent(j.precision.value)} of such futures ({percent(j.precision.low)} to {percent(j.precision.high)}), otherwise in "
        f"{percent(one.quiet.value)}.",
        f"This sees {percent(j.hit.value)} of the failures still to come, {lead_words(one, watch)}, and raises a false alarm in "
        f"{percent(j.false_alarm.value)} of the futures that hold.",
    ]


def timing_words(watch: Watch, failure: str, labels: Sequence[str], years: Sequence[int]) -> str:
    """How much of a failure is still ahead at the end of each watched year; from when on nothing is, told once."""
    shares = [watch.ahead(failure, year) for year in years]
    some = [(year, share) for year, share in zip(years, shares, strict=True) if share >= 0.005]
    parts = [f"{percent(share, 0)} at the end of {labels[year]}" for year, share in some]
    if len(some) < len(years):
        parts.append(f"{'next to none' if any(shares[len(some):]) else 'none'} from {labels[years[len(some)]]} on")
    known = {"walks_away": "notice has not been given yet"}.get(failure, "the provider serves on")
    known += " and the limit has not been passed" if failure not in watch.at_end and failure.endswith("_limit") else ""
    return f"Of all futures in which {failure_words(failure)}, {known} in {', '.join(parts)}: later is too late for the rest."


def together_words(found: Together, better: bool) -> str:
    """What the signposts of a year are worth together."""
    card, model = found.of("scorecard").skill, found.of("logistic model").skill
    if not better:
        skill = f"{model.skill:.3f}".replace("-", "−")
        return (
            f"At the end of {found.label}, nothing that can be seen foretells that {failure_words(found.failure)} better than "
            f"the share that fails of the futures still at risk ({percent(found.came)} on the half that judges): Brier skill of "
            f"all quantities together {skill} ± {model.skill_error:.3f}."
        )
    of = f"at least {found.least} of {len(found.signs)} signposts" if len(found.signs) > 1 else "one signpost"
    return (
        f"At the end of {found.label} a scorecard ({of}) takes {percent(card.skill)} off the error of going by the share that "
        f"fails of those at risk (95% interval {percent(card.skill_low)} to {percent(card.skill_high)}), a model on all "
        f"quantities {percent(model.skill)} ({percent(model.skill_low)} to {percent(model.skill_high)})."
    )


def silence_words(failure: Failure, watch: Watch) -> str:
    """Why a failure has no signposts."""
    failed = watch.failed[failure.name]
    if not failed.any():
        return f"In none of the {watch.n:,} futures {failure_words(failure.name)}: there is nothing to watch for."
    if failed.all():
        return (
            f"In all of the {watch.n:,} futures {failure_words(failure.name)}: no sign can tell them apart. Change the contract."
        )
    return (
        f"Too few futures to look for signs that {failure_words(failure.name)}: {int(failed.sum()):,} of {watch.n:,} fail, "
        f"too few of "
        "them while the provider serves. Run more futures with yearly rows."
    )


def nothing_words(failure: str) -> str:
    """No signpost tells more than chance."""
    return f"Nothing found: no single quantity tells by itself whether {failure_words(failure)} later."
