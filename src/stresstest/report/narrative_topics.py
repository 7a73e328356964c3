"""What a narrative can tell of nature: the economy, the state, staff, technology, control, responsibility, shocks, the price.

Each topic is told in one sentence where it is remarkable, and in a few words where it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..analysis.narrative import STILL
from .narrative_words import Writer
from .words import listed

NARROW = 0.005  # an opening gap within half a per cent is said to be none
CLOSE = {"state": 0.005, "workforce": 0.0025}  # averages within this of today's are said to be about the same
Telling = Callable[[Writer], str]


def _pace(w: Writer) -> str:
    mean = w.told.values["economy_mean"]
    if abs(mean) < STILL:
        return "output stood still"
    return f"output {'grew' if mean > 0.0 else 'shrank'} by {w.rate('economy_mean', abs(mean))} a year"


def _economy(w: Writer) -> str:
    told, mean = w.told, w.told.values["economy_mean"]
    falls, worst = told.years["falls"], int(np.argmin(told.axis("economy")))
    deep = bool(falls) and told.unusual("economy_worst") > told.unusual("economy_mean")
    text = f"{_pace(w)} on average, against {w.before('economy')} {w.level('economy', mean)}"
    text += "" if deep else w.rank("economy_mean", "weaker", "stronger")
    if not falls:
        return f"{text}; it fell in no year"
    depth = w.rate("economy_worst", -told.values["economy_worst"])
    rank = w.rank("economy_worst", "deeper", "shallower") if deep else ""
    if len(falls) == 1:
        return f"{text}; it fell once, by {depth} in {w.year(worst)}{rank}"
    return f"{text}; it fell in {w.count('falls_years', len(falls), 'year')}, by most in {w.year(worst)}, by {depth}{rank}"


def _against(w: Writer, axis: str) -> str:
    """", up from 39.8% at the outset": an average beside today's value."""
    mean, before = w.told.values[f"{axis}_mean"], w.told.today[axis]
    verb = "about the same as" if abs(mean - before) < CLOSE[axis] else "up from" if mean > before else "down from"
    return f", {verb} {w.before(axis)}"


def _state(w: Writer) -> str:
    text = f"public spending averaged {w.rate('state_mean')} of output{_against(w, 'state')}"
    text += f", and {w.rate('state_end')} in {w.last_year()} {w.level('state', w.told.values['state_mean'])}"
    rank = w.rank("state_mean", "smaller", "larger")
    return f"{text}; the state was on average {rank.removeprefix(', ')}" if rank else text


def _staff(w: Writer) -> str:
    told = w.told
    text = f"vacancies averaged {w.rate('workforce_mean')} of posts{_against(w, 'workforce')}"
    text += w.rank("workforce_mean", "fewer", "more")
    peak = int(np.argmax(told.axis("workforce")))
    text += f"; they peaked at {w.rate('vacancy_peak')} in {w.year(peak)}"
    return f"{text} {w.level('workforce', told.values['vacancy_peak'])}"


#: By axis: what it is called, and each level (low, middle, high) as a state and as an arrival.
LEVELS = {
    "responsibility": (
        "responsibility for health", ("with individuals", "shared", "with institutions"),
        ("people came to look after their own health", "responsibility for health came to be shared",
         "people came to leave their health to institutions"),
    ),
    "control": (
        "control of care", ("local", "regional", "national"),
        ("control of care passed to the places", "control of care passed to the regions", "control of care passed to the centre"),
    ),
    "technology": (
        "take-up of technology", ("low", "moderate", "high"),
        ("take-up of technology fell to a low level", "take-up of technology came to a moderate level",
         "take-up of technology rose to a high level"),
    ),
}  # fmt: skip


def _course(w: Writer, axis: str) -> str:
    """Where an index stood, level by level: what changed and when, or that nothing did."""
    told, (name, states, arrivals) = w.told, LEVELS[axis]
    levels, before = told.levels(axis), told.level(axis, told.today[axis])
    end = int(levels[-1])
    if end != before:
        others = np.flatnonzero(levels != end)
        since = w.year(int(others[-1]) + 1) if others.size else w.year(0)
        return f"{arrivals[end]} from {since} on"
    away = levels[levels != before]
    if away.size == 0:
        return f"{name} was {states[end]} in every year, as at the outset"
    most = int(np.bincount(away, minlength=3).argmax())
    years = w.count(f"years of {axis}", float((levels == most).sum()), "year")
    return f"{name} ended {states[end]}, as at the outset, but was {states[most]} in {years}"


def _index(axis: str) -> Telling:
    def write(w: Writer) -> str:
        states, (low, _, high) = LEVELS[axis][1], w.told.anchors[axis]
        text = f"{_course(w, axis)} ({w.index(f'today {axis}', w.told.today[axis])} at the outset and "
        text += f"{w.index(f'{axis}_end')} in {w.last_year()}, on a scale from {w.index(f'level {axis}', low)}, {states[0]}, "
        text += f"to {w.index(f'level {axis}', high)}, {states[2]})"
        rank = w.rank(f"{axis}_mean", "lower", "higher")
        return f"{text}; its average of {w.index(f'{axis}_mean')} is {rank.removeprefix(', ')}" if rank else text

    return write


def _short_index(axis: str) -> Telling:
    def write(w: Writer) -> str:
        name, states, _ = LEVELS[axis]
        return f"{name} was on average {states[w.told.level(axis, w.told.values[f'{axis}_mean'])]}"

    return write


SHOCKS = {
    "inflation": ("inflation surprise", "inflation surprises"), "pandemic": ("pandemic", "pandemics"),
    "winter": ("hard winter", "hard winters"),
}  # fmt: skip


def _came(w: Writer, kind: str) -> str:
    """"a pandemic in 2024/25", "2 hard winters (2019/20 and 2027/28)"."""
    years, (one, many) = w.told.years[kind], SHOCKS[kind]
    if len(years) == 1:
        return f"{'an' if one[0] in 'aeiou' else 'a'} {one} in {w.year(years[0])}"
    return f"{w.count(f'{kind}_years', len(years), one, many)} ({listed([w.year(t) for t in years])})"


def _shocks(w: Writer) -> str:
    told = w.told
    came = sorted((kind for kind in SHOCKS if told.years[kind]), key=lambda kind: told.unusual(f"{kind}_years"))
    none = [f"no {many}" for kind, (_, many) in SHOCKS.items() if not told.years[kind]]
    if not came:
        return f"there were {listed(none)}"
    text = f"there came {listed([_came(w, kind) for kind in came])}{w.rank(f'{came[-1]}_years', 'fewer', 'more')}"
    return f"{text}; there were {listed(none)}" if none else text


def _short_shocks(w: Writer) -> str:
    years = w.told.years
    parts = [w.count(f"{kind}_years", len(years[kind]), *words) for kind, words in SHOCKS.items() if years[kind]]
    if not parts:
        return "there were no inflation surprises, pandemics or hard winters"
    first = next(len(years[kind]) for kind in SHOCKS if years[kind])
    return f"there {'was' if first == 1 else 'were'} {listed(parts)}"


def _opening(w: Writer) -> str:
    told, gap = w.told, w.told.values["opening_gap"]
    if abs(gap) < NARROW:
        text = "the opening price met the cost of care"
    else:
        text = f"care cost {w.rate('opening_gap', abs(gap))} {'more' if gap > 0.0 else 'less'} than its opening price"
    if told.values["omitted_item"] == 1.0:
        text += ", from which an item had been left out"
    return text + w.rank("opening_gap", "a better opening", "a worse opening")


@dataclass(frozen=True)
class Topic:
    """A subject: the figures that make it remarkable, how it is told, and how it is told in passing."""

    name: str
    by: tuple[str, ...]
    tell: Telling
    passing: Telling


TOPICS = (
    Topic("economy", ("economy_mean", "economy_worst"), _economy, _pace),
    Topic("state", ("state_mean",), _state, lambda w: f"public spending averaged {w.rate('state_mean')} of output"),
    Topic("workforce", ("workforce_mean", "vacancy_peak"), _staff,
          lambda w: f"vacancies averaged {w.rate('workforce_mean')} of posts"),
    Topic("technology", ("technology_mean",), _index("technology"), _short_index("technology")),
    Topic("control", ("control_mean",), _index("control"), _short_index("control")),
    Topic("responsibility", ("responsibility_mean",), _index("responsibility"), _short_index("responsibility")),
    Topic("shocks", ("inflation_years", "pandemic_years", "winter_years"), _shocks, _short_shocks),
    Topic("opening", ("opening_gap",), _opening, _opening),
)  # fmt: skip
