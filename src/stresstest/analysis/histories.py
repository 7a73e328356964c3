"""Case histories: each named contract run with its opening facts, and what the engine says beside what happened.

Expected sums go through the settlement alone. A measure is a probability over draws: the years' figures times factors from
one set of priors for all cases (configs/cases/priors.toml), each from a stream of its own, so that no case moves another.
A probability is printed with its Monte Carlo error, and hits where it lies within the bounds that the case states; nearer to
a bound than NEAR errors it is marked, as another seed might turn it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..config.histories import KINDS, Check, History, Use
from ..errors import ConfigError, nearest
from ..futures.resampling import normals
from ..futures.streams import stream_key
from ..settlement.engine import Given, indicator_numbers, settle

DRAWS = 20_000
SEED = 20180228
NEAR = 2.0  # Monte Carlo errors from a bound within which hit or miss may be luck
BOUNDS = "The bounds were chosen by people who knew the outcome, so a hit shows only that the model does not rule it out."


@dataclass(frozen=True)
class Answer:
    """What the engine says to one part of a check. `error` is a Monte Carlo standard error, 0 for a plain sum.

    `near`: the probability lies within two errors of a bound.
    """

    history: str
    check: str
    kind: str
    question: str
    what: str
    said: float
    error: float
    happened: str
    hit: bool
    source: str = ""
    near: bool = False

    @property
    def mark(self) -> str:
        """Hit or MISS, and whether that is within the error."""
        if self.near:
            return f"{'hit' if self.hit else 'MISS'} (within error of the bound)"
        return "hit " if self.hit else "MISS"


def _factor(check: Check, history: str, column: str, use: Use, years: int, n: int) -> np.ndarray:
    """float64[n, years]: 1 + share · (factor − 1)."""
    prior = use.prior
    slots = years if prior.each_year else 1
    key = np.array(stream_key(SEED, f"case/{history}/{check.id}/{column}/{prior.name}"), dtype=np.uint64)
    z = normals(key, slots, n)
    sd = prior.sd or prior.sd_per_person / math.sqrt(use.persons)
    return np.broadcast_to(1.0 + use.share * (prior.mean + sd * z - 1.0), (years, n)).T


def settled(check: Check, n: int = 1, history: str = "") -> dict[str, np.ndarray]:
    """Every column of the settlement of a check, float64[n, years], with draws where there is more than one case."""
    years = len(check.years)
    columns = {name: np.tile(_column(check, name), (n, 1)) for name in dict.fromkeys(k for y in check.years for k in y)}
    for name, (of, uses) in check.draws.items() if n > 1 else ():
        if of not in columns:
            raise ConfigError("the draw's base is not among the years", key=f"{check.id}.draws.{name}.of", value=of,
                              expected=", ".join(columns), nearest=nearest(of, columns))  # fmt: skip
        values = columns[of]
        for use in uses:
            values = values * _factor(check, history, name, use, years, n)
        columns[name] = values
    given = Given(
        np.repeat(np.arange(n), years), np.tile(np.arange(years), n), {k: v.ravel() for k, v in columns.items()}
    )
    done = settle(check.contract, given)
    found = {**done.amounts, **done.figures, **{f"net.{party}": values for party, values in done.net.items()}}
    return {name: values.reshape(n, years) for name, values in found.items()}


def _column(check: Check, name: str) -> np.ndarray:
    """One column of the years; where a year is silent, the input's default or the clause's own entry."""
    contract = check.contract
    default = next((entry.default for entry in contract.inputs if entry.name == name), None)
    values = []
    for t, year in enumerate(check.years):
        value: Any = year.get(name, default)
        clause, _, field = name.rpartition(".")
        term = next((term for term in contract.terms if term.id == clause and field in term.values), None)
        if term is not None:
            kind = next(entry for entry in term.kind.fields if entry.name == field)
            value = term.at(t)[field] if value is None else value
            value = kind.choices.index(value) if kind.unit == "choice" else value
        if value is None:
            known = [entry.name for entry in contract.inputs] + [f"indicator.{k}" for k in indicator_numbers(contract)]
            raise ConfigError(
                "a year lacks this quantity", key=f"{check.id}.years[{t + 1}].{name}", expected=", ".join(known)
            )
        values.append(float(value))
    return np.array(values)


def _found(check: Check, columns: dict[str, np.ndarray], name: str) -> np.ndarray:
    if name not in columns:
        raise ConfigError("the settlement has no such column", key=check.id, value=name, expected=", ".join(columns),
                          nearest=nearest(name, columns))  # fmt: skip
    return columns[name]


def answers(history: History, draws: int = DRAWS) -> Iterable[Answer]:
    """What the engine says to each check of a history."""
    for check in history.checks:
        columns = settled(check) if check.expect else {}
        for e in check.expect:
            said = float(_found(check, columns, e.column)[0, e.year - 1])
            what, hit = f"{e.column}, year {e.year}", abs(said - e.value) <= e.tolerance
            wanted = f"known {e.value:,.10g} ± {e.tolerance:,.4g}"
            yield Answer(history.name, check.id, check.kind, check.question, what, said, 0.0, wanted, hit, e.source)
        if check.column:
            values = _found(check, settled(check, draws, history.name), check.column)[:, check.year - 1]
            p = float(np.mean(values >= check.at_least))
            error = math.sqrt(p * (1.0 - p) / draws)
            what = f"P({check.column} ≥ {check.at_least:,.10g} in year {check.year})"
            wanted = f"asked {check.low:g} to {check.high:g}; what happened: {check.happened or 'see above'}"
            hit = check.low <= p <= check.high
            near = any(0.0 < bound < 1.0 and abs(p - bound) <= NEAR * error for bound in (check.low, check.high))
            yield Answer(history.name, check.id, check.kind, check.question, what, p, error, wanted, hit, near=near)


def _line(answer: Answer) -> str:
    """One answer for a reader: hit or miss, what was said and what was known."""
    error = f" ± {answer.error:.4f}" if answer.error else ""
    source = f"   [{answer.source}]" if answer.source else ""
    return f"{answer.mark}  {answer.what}: {answer.said:,.10g}{error}; {answer.happened}{source}"


def _score(found: list[Answer]) -> list[str]:
    """Hits and misses by kind, what a hit is worth, and the misses one by one."""
    lines = ["## Score", ""]
    for kind, meaning in KINDS.items():
        of = [a for a in found if a.kind == kind]
        if of:
            hits, near = sum(a.hit for a in of), sum(a.near for a in of)
            luck = f"; {near} of the {len(of)} within error of the bound" if near else ""
            lines.append(f"{kind} ({meaning}): {hits} of {len(of)} hit, {len(of) - hits} missed{luck}")
    misses = [f"  {a.history}/{a.check}: {_line(a)}" for a in found if not a.hit]
    lines += ["", BOUNDS] if any(a.error for a in found) else []
    return [*lines, "", "## Misses", "", *(misses or ["  none"]), ""]


def as_text(histories: list[History], found: list[Answer]) -> str:
    """The cases for a reader: the score and the misses, then what happened and what the engine says, case by case."""
    lines = _score(found)
    for history in histories:
        lines += [f"## {history.title}", "", history.summary.strip(), ""]
        for check in history.checks:
            question = " ".join(check.question.split())
            lines.append(f"{check.id} ({check.kind}; contract {check.contract.name}): {question}")
            own = [a for a in found if a.history == history.name and a.check == check.id]
            lines += [f"  {_line(a)}" for a in own]
        lines.append("")
    return "\n".join(lines)
