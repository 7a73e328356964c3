"""The plain Python loop: what the contract is told in a year, and what an audit would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from .. import layout as L
from .loop_levers import bend_record
from .loop_place import PlaceYear
from .loop_setting import Levels, Setting


@dataclass(slots=True)
class Record:
    """What the contract is told in a year, and what an audit would find."""

    heads: float
    audited_heads: float
    list_base: float
    need: float
    audited_need: float
    acute: float
    acute_expected: float
    funding: float
    prevention: float
    ghosts: float = 0.0
    exceptions: float = 0.0
    false: float = 0.0
    relabelled: float = 0.0
    base: float = 0.0
    bid: float = 0.0
    markup: float = 0.0
    relief: float = 0.0
    steered: float = 0.0
    cost: float = 0.0
    indicators: list[float] = field(default_factory=list)
    audited_indicators: list[float] = field(default_factory=list)


def record_of(
    life: Any, setting: Setting, given: PlaceYear, year: Any, levels: Levels, noise: Sequence[float], expected: float, t: int
) -> Record:
    """The truth, then what levers make of it, then indicators and cost; `expected` the acute spend that is expected (£)."""
    heads = given.heads - year.away
    record = Record(
        heads, heads, setting.p.population_list_base, given.need, given.need, year.acute - life.carried, expected,
        given.funding, life.spent[t],
    )  # fmt: skip
    life.carried = 0.0
    bend_record(year, record, life, setting, levels, t)
    for k, own in enumerate(setting.indicators):
        value = audited(own.baseline + year.progress[k] * own.span + own.noise_sd * noise[L.NOISE_SAMPLE + k], record, own)
        record.audited_indicators.append(value)
        record.indicators.append(value + record.false * own.span)
    year.cost = year.scope_cost + year.investment + year.gaming_cost
    record.cost = year.cost + record.markup + record.relief
    return record


def audited(value: float, record: Record, own: SimpleNamespace) -> float:
    """An indicator's value less exceptions, diluted by ghosts, relabelled."""
    falling = own.span < 0.0
    if record.exceptions != 0.0:
        left = 1.0 - own.exception_effect * record.exceptions
        value = value * left if falling else value / left
    if record.ghosts != 0.0:
        value /= 1.0 + own.list_dilution * record.ghosts
    if record.relabelled != 0.0 and falling:
        value *= 1.0 - record.relabelled
    return value
