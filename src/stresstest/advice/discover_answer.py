"""What is said of the regions found: sentences of the answer, captions of the tables, notes on what they cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..methods.cases import Cases
from ..units import percent
from .discover_regions import SEARCHED, Look, Region

CAPTIONS = {
    "boxes": "Boxes and their cores, judged on the futures that they were not found on",
    "limits": "What each limit adds: density with it and without it, quasi-p, and how often half samples find it",
    "together": "All boxes of a failure together, beside the failing leaves of a tree",
    "leaves": "Leaves of the tree as boxes, judged on the futures that it was not grown on",
    "trajectory": "Every box on the way: coverage against density, so that another can be chosen",
    "scenarios": "The named scenarios: share inside each box, and how often they fail inside and outside",
    "scenario_limits": "On which side of each limit the named scenarios lie",
    "middle": "Whether the middle of all futures lies in the first box, and whether the central case fails",
}
#: Largest Youden index of regions that say little.
LITTLE = 0.2
METHOD = (
    "Boxes: patient rule induction (Friedman and Fisher 1999; Bryant and Lempert 2010), patience 5%, lenient rule, pasting; the "
    "box with the largest Youden index, less the limits that luck explains (quasi-p above 5%), that fewer than half of ten half "
    "samples find, or that add less than a point of density. A core is the densest box with a quarter of the failures.",
    "Half of the futures are searched and the other half judges: every share in tables boxes, together and leaves comes from "
    "futures that had no part in the choice. A box counts as found at p < 5% after Bonferroni's correction for all boxes tried.",
    "With no signal at all (400 tables of 400 or 1,000 rows, 6 or 10 inputs, half of them correlated) no box was found. The "
    "judging test alone, at 5%, passed the unchecked best box in 3.2% to 4.6% of 2,000 tables of 400 to 4,000 rows.",
    "A region says where failures lie, not what causes them; and only what table futures holds can be a limit: the year "
    "of a shock, single years of noise and the draw of a policy break are not in it.",
)


def answer(
    cases: Cases, looks: Sequence[Look], tables: Mapping[str, Any], words: Mapping[str, str], unusable: Sequence[str]
) -> list[str]:
    """Sentences: each failure's region, what the axes alone say, the middle case, the scenarios, and what was not searched."""
    failures = list(dict.fromkeys(one.failure for one in looks))
    sentences = []
    for name in failures:
        own = [one for one in looks if one.failure == name]
        sentences += _region(own[-1], words[name], cases)
        if len(own) > 1:
            sentences.append(_axes(own[0], own[-1]))
        sentences += _scenarios(own, tables)
    sentences += _already(tables)
    sentences += [f"{_capital(words[name])} in every future or in none: no region was looked for." for name in unusable]
    return sentences


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _interval(one: Region) -> str:
    return f"{percent(one.density)} ({percent(one.density_low)} to {percent(one.density_high)})"


def _base(one: Look, cases: Cases) -> float:
    """Share of all futures that fail."""
    return float(cases.weight @ cases.result(one.failure) / cases.weight.sum())


def _region(one: Look, words: str, cases: Cases) -> list[str]:
    """What the regions by all factors say of a failure."""
    said = f"{_capital(words)} in {percent(_base(one, cases))} of futures"
    found = [region for region in one.regions if region.found]
    if one.verdict == "too few futures":
        return [f"{said}: too few failing or other futures to look for a region; run more."]
    if not found:
        return [f"{said}, and nothing was found that sets them apart: no box holds up on futures that it was not found on."]
    first = found[0]
    sentences = [
        f"{said}, and in {_interval(first)} of those with {first.words}; these are {percent(first.mass)} of futures and "
        f"{percent(first.coverage)} of the failures."
    ]
    core = one.core_regions[one.regions.index(first)]
    if core.found and core.box != first.box and core.density > first.density:
        sentences.append(
            f"It is surest with {core.words}: it happens in {_interval(core)} of these, and they hold "
            f"{percent(core.coverage)} of the failures."
        )
    for more in found[1:]:
        sentences.append(f"Besides, it happens in {_interval(more)} of futures with {more.words}.")
    return sentences


def _axes(axes: Look, every: Look) -> str:
    """What the six axes alone say, beside all factors."""
    found = [(region, judged) for region, judged in zip(axes.regions, axes.judged, strict=True) if region.found]
    if not found:
        return "The six axes alone set no such futures apart."
    region, judged = found[0]
    all_of_it = max((one.youden for one in every.judged), default=0.0)
    little = " say little:" if judged.youden < LITTLE and judged.youden < 0.7 * all_of_it else " give"
    shares = f"{percent(region.density)} with {region.words} against {percent(region.base)} of all futures"
    return f"The six axes alone{little} {shares}."


def _scenarios(own: Sequence[Look], tables: Mapping[str, Any]) -> list[str]:
    """Which named scenarios lie most and least inside the axes' region (or the only one)."""
    rows = [
        row for row in tables.get("scenarios", ())
        if (row["failure"], row["factors"], row["kind"], row["box"]) == (own[0].failure, own[0].name, "box", 1)
    ]  # fmt: skip
    if len(rows) < 2:
        return []
    ranked = sorted(rows, key=lambda row: -row["inside_share"])
    most, least = ranked[0], ranked[-1]
    return [
        f"Of the other scenarios {_title(most)} lies most in that region ({percent(most['inside_share'])} of its futures; "
        f"{percent(most['fails_share'])} of all its futures fail) and {_title(least)} least ({percent(least['inside_share'])}; "
        f"{percent(least['fails_share'])})."
    ]


def _title(row: Mapping[str, Any]) -> str:
    return str(row["scenario"]).replace("-", " ").title()


def _already(tables: Mapping[str, Any]) -> list[str]:
    """Failures that happen in the central case."""
    failing = list(dict.fromkeys(row["failure"] for row in tables.get("middle", ()) if row["central_case"] == "fails"))
    if not failing:
        return []
    return [f"Already fails in the middle case, in which all goes as expected: {', '.join(failing)}."]


def notes(cases: Cases, looks: Sequence[Look], idle: Sequence[str]) -> list[str]:
    """Method, and what was left out."""
    found = list(METHOD)
    if idle:
        found.append(f"Never varies, so it can be no limit: {', '.join(idle)}.")
    if cases.n > 2 * SEARCHED:
        found.append(f"Of the searched half about {SEARCHED:,} futures were used, failing and other ones alike, weighed back.")
    few = [f"{one.failure} by {one.name}" for one in looks if one.verdict == "too few futures"]
    if few:
        found.append(f"Fewer than 20 failing or other futures in a half: {', '.join(few)}.")
    return found
