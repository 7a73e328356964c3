"""What a reverse stress test found, as a governing body would say it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..units import percent

Row = Mapping[str, Any]
TAKES, FAILS, NOWHERE = "takes shocks", "fails in the middle", "none within reach"
NEVER, ALWAYS = "no future fails", "every future fails"
TITLES = {
    "walks_away": "The provider's walking away", "commissioner_limit": "The commissioner's limit",
    "quality_floor": "The quality floor", "hospital_limit": "The hospital's limit", "council_limit": "The council's limit",
}  # fmt: skip
MOST_NAMED = 3
#: Below this distance values hardly differ from the middle's, and only the shocks are named.
TINY = 0.1
WORTH_NAMING = 0.05


MOST_DIGITS = 3


def amount(value: float, unit: str, more: int | None = None) -> str:
    """A shock's own value in words: a share or a rate as a percentage, an index as a number, years as years.

    `more` digits than usual; by default as few as do not show a value beyond 0 as 0.
    """
    more = digits_for(unit, value) if more is None else more
    if unit == "index" or unit == "progress":
        return f"{value:+.{2 + more}f}".replace("-", "−") if abs(value) >= 0.5 * 10.0 ** (-2 - more) else "0"
    if unit == "years of service":
        return f"{value:.0f} years"
    if unit == "years":
        return f"{value:.0f}"
    digits = more + (2 if unit in ("a year", "real GDP growth a year") else 1)
    shown = percent(0.0 if abs(value) < 0.5 * 10.0 ** (-digits - 2) else value, digits)
    return f"{shown} a year" if unit == "a year" else shown


def digits_for(unit: str, *values: float) -> int:
    """How many digits more than usual, up to MOST_DIGITS, tell these values and 0 apart; the usual ones where none do."""
    different = len({0.0, *values})
    wanted = (more for more in range(MOST_DIGITS + 1) if len({amount(x, unit, more) for x in (0.0, *values)}) == different)
    return next(wanted, 0)


def told(words: str, value: float, unit: str, more: int | None = None) -> str:
    """A shock with its value: "pay growing beyond its course at 0.10% a year", "an end by national policy after 3 years"."""
    return f"{words} {'after' if unit == 'years of service' else 'at'} {amount(value, unit, more)}"


def one_in(probability: float) -> str:
    """A chance as "1 future in N"."""
    if not probability > 0.0:
        return "fewer than can be counted"
    number = 1.0 / probability
    shown = f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.2g}'):,.0f}"
    return f"1 future in {shown.removesuffix('.0')}"


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else list(parts))


def title(failure: str) -> str:
    """A failure's short name in a sentence; one's own stands as it was written."""
    return TITLES.get(failure, failure)


def mostly(rows: Sequence[Row], distance: float) -> str:
    """The shocks that make up most of a distance, each with its value, the middle's and its share."""
    named = [row for row in rows[:MOST_NAMED] if row["distance_share"] >= WORTH_NAMING]
    if abs(distance) < TINY:
        return joined([f"{row['words']} ({percent(row['distance_share'], 0)} of the distance)" for row in named])
    return joined([f"{moved(row)} ({percent(row['distance_share'], 0)} of the distance)" for row in named])


def moved(row: Row) -> str:
    """A shock's value and that of the middle, in digits that tell them apart; its size where no digits do."""
    value, middle, unit = row["value"], row["middle_value"], row["unit"]
    more = digits_for(unit, value, middle)
    if amount(value, unit, more) == amount(middle, unit, more):
        return f"{row['words']} {abs(row['size']):.2f} standard deviations {'above' if row['size'] > 0.0 else 'below'} the middle"
    return f"{told(row['words'], value, unit, more)} instead of {amount(middle, unit, more)}"


def headline(point: Row, shocks: Sequence[Row]) -> str:
    """The sentence on one failure's nearest point."""
    what = f"{point['words'][0].upper()}{point['words'][1:]}"
    share = percent(point["failing_share"])
    turn = "likelier than not" if point["level_probability"] == 0.5 else f"{percent(point['level_probability'], 0)} likely"
    verdict = point["verdict"]
    if verdict == ALWAYS:
        return f"{what}: every future of the run sees it, and no combination of shocks within reach averts it."
    if verdict in (NOWHERE, NEVER):
        return f"{what}: no combination of shocks within reach makes that {turn}; {share} of all futures see it."
    if verdict == FAILS:
        return (
            f"{what}: that is {turn} already with every shock at its middle ({percent(point['middle_probability'])}; "
            f"{share} of all futures); for it not to be, shocks together {abs(point['distance']):.2f} standard deviations "
            f"better are needed: {mostly(shocks, point['distance'])}."
        )
    return (
        f"{what}: that becomes {turn} at shocks together {point['distance']:.2f} standard deviations from the middle "
        f"({one_in(point['as_far_probability'])} goes as far that way): {mostly(shocks, point['distance'])}; {share} of all "
        "futures see it."
    )


def extreme(point: Row) -> str | None:
    """What to say where no future, or every future, of the run fails."""
    if point["failing_share"] <= 0.0:
        return f"None of the run's {point['futures']:,} futures see it ({point['failure']})."
    if point["failing_share"] >= 1.0:
        return f"Every one of the run's {point['futures']:,} futures sees it ({point['failure']}): look for what would avoid it."
    return None


def alone(name: str, verdict: str, singles: Sequence[Row], pairs: Sequence[Row]) -> str:
    """The sentence on the smallest shocks alone and in twos."""
    found = [row for row in singles if row["size"] is not None]
    what, name = ("brings it about" if verdict == TAKES else "averts it"), title(name)
    if not found:
        said = f"{name}: no shock alone {what} within 4 standard deviations"
    else:
        list_of = "; or ".join([
            f"{told(row['words'], row['value'], row['unit'])} ({one_in(row['as_large_probability'])})"
            for row in found[:MOST_NAMED]
        ])  # fmt: skip
        rest = len(singles) - len(found)
        said = f"{name}: alone, each of these {what}: {list_of}" if len(found) > 1 else f"{name}: {list_of} alone {what}"
        said += f"; {rest} of {len(singles)} shocks never do alone within 4 standard deviations" if rest else ""
    cheaper = [row for row in pairs if row["cheaper"]]
    if cheaper:
        best = cheaper[0]
        said += (
            f"; {told(best['first_words'], best['first_value'], best['first_unit'])} with "
            f"{told(best['second_words'], best['second_value'], best['second_unit'])} is less rare than either alone "
            f"({best['distance']:.2f} standard deviations)"
        )
    return said + "."


def clause(name: str, rows: Sequence[Row]) -> list[str]:
    """The sentence on the clause that a failure comes through; none where no clause carries it."""
    carrying = [row for row in rows if row["carries_it"]]
    if not carrying:
        return []
    row = carrying[0]
    return [
        f"{title(name)}: without the clause {row['clause']} the chance would be {percent(row['without_probability'])} and not "
        f"{percent(row['base_probability'])}."
    ]


def warning(seen: Row) -> str:
    """The sentence on when failure can be seen coming."""
    if not seen["enough"]:
        return f"{title(seen['failure'])}: too few futures fail, or escape, to say when it can be seen coming."
    years, unseen = seen["median_warning_years"], percent(seen["unseen_share"], 0)
    name = title(seen["failure"])
    if years < 1:
        return f"{name}: {unseen} of the failures are plain (9 in 10 likely on what is known) only as they happen."
    return (
        f"{name}: half of the failures are plain (9 in 10 likely on what is known) {years:.0f} "
        f"year{'' if years == 1 else 's'} or more before they happen; {unseen} only as they happen."
    )


def rescue(name: str, rows: Sequence[Row], late: str | None) -> str:
    """The sentence on the best of the declared rescues, year by year."""
    name = title(name)
    if not rows:
        return f"{name}: no future fails, so there is nothing to rescue."
    first, saves = rows[0], percent(rows[0]["saved_share"], 0)
    said = f"{name}: {first['words']} from {first['label']} saves {saves} of the futures that would fail"
    if first["saved_share"] < 0.5:
        return f"{said}; none of the rescues tried saves half, however early."
    return f"{said}; from {late} it saves fewer than half." if late else f"{said}, and at least half however late."


def known(value: float | None) -> float | None:
    """A number, or None where there is none: tables hold no NaN."""
    return None if value is None or not math.isfinite(value) else float(value)
