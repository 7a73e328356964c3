"""What the wording alone shows, before a future is drawn: jumps, kinks, flat stretches, double pay, unbacked numbers.

Every quantity that the contract pays on is moved through its reach in one year, with everything else at the central books,
and every clause is followed exactly (probe.py). Reach is what chance or the provider can do to it in a year: its declared
bounds, or a quarter of its size either way, or the way from floor to target and as far again on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..terms import INDICATOR_PREFIX
from .backing import PROVIDER
from .books import Books
from .edits import _way, shifted
from .exploits import title
from .paths import all_sources, figure_sources, tested
from .probe import Break, Shape, shape_of

REACH = 0.25
NAN = float("nan")
KINDS = (
    "jump", "kink", "dead zone", "cap or floor in reach", "annual reset", "double slope", "unbacked", "idle test",
    "cut off by the end",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One thing that the wording shows. `year` counts from 1, 0 for the whole term; `sigmas` is the distance from the expected
    value in standard deviations of chance, NaN where chance is not known; `levers` the catalogue's codes that live on it."""

    kind: str
    clause: str
    quantity: str
    year: int
    at: float
    gbp: float
    slope_before: float
    slope_after: float
    sigmas: float
    levers: str
    sentence: str


def reach_of(books: Books, name: str, year: int) -> tuple[float, float]:
    """The least and the most that a quantity may be in a year."""
    known, here = books.backings[name], float(books.columns[name][0, year])
    if name.startswith(f"{INDICATOR_PREFIX}."):
        way = abs(float(_way(books, name)[year])) or 0.25 * abs(here)
        return here - 2.0 * way, here + 2.0 * way
    if known.kind in ("share", "switch") or (known.high < 1e14 and known.low > -1e14):
        return known.low, known.high
    size = REACH * abs(here) if here else 1.0
    return max(known.low, here - size), min(known.high, here + size)


def shape(books: Books, name: str, clause: int, year: int) -> Shape:
    """How one clause's money of a year depends on a quantity of that year."""

    def pay(points: np.ndarray) -> np.ndarray:
        edits = []
        for x in points:
            column = books.columns[name].copy()
            column[:, year] = x
            edits.append({name: column})
        return np.asarray(books.signs[clause] * books.pay(edits).amounts[clause][:, 0, year])

    low, high = reach_of(books, name, year)
    return shape_of(pay, low, high, float(books.columns[name][0, year]))


def static(books: Books, noise: dict[str, float] | None = None,
           say: Callable[[str], None] = lambda text: None) -> list[Seen]:  # fmt: skip
    """Everything that the wording shows on one central case; `noise` gives the standard deviation of chance by quantity."""
    found: list[Seen] = []
    sources, year = all_sources(books.contract), books.years // 2
    for name in books.columns:
        if name == "one" or books.backings[name].kind == "switch":
            continue
        for k, term in enumerate(books.contract.terms):
            pays = term.kind.moves and books.signs[k] != 0.0 and name in sources[term.id]
            if pays and (books.backings[name].movable or name in (noise or {})):
                say(f"following {title(name)} through {term.id}")
                found += _bends(books, name, k, year, (noise or {}).get(name, float("nan")))
    found += [*double_slopes(books), *unbacked(books), *resets(books, found), *idle_tests(books), *cut_off(books)]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -abs(one.gbp)))


def _bends(books: Books, name: str, clause: int, year: int, noise: float) -> Iterator[Seen]:
    term, seen = books.contract.terms[clause], shape(books, name, clause, year)
    for point in seen.breaks:
        yield _break(term.id, name, year, point, seen.here, noise)
    for low, high in seen.flats():
        where = "dead zone" if low <= seen.here <= high else "cap or floor in reach"
        near = min(abs(low - seen.here), abs(high - seen.here))
        yield Seen(
            where, term.id, name, year + 1, low, 0.0, 0.0, 0.0, near / noise if noise > 0.0 else float("nan"), "L11 L18",
            f"In year {year + 1} {term.id} pays the same wherever {title(name)} lies between {_number(low)} and {_number(high)}"
            + (", where it is expected to lie: work there earns nothing." if where == "dead zone" else "."),
        )  # fmt: skip


def _break(clause: str, name: str, year: int, point: Break, here: float, noise: float) -> Seen:
    sigmas = (point.at - here) / noise if noise > 0.0 else float("nan")
    if point.jump:
        sentence = f"In year {year + 1} {clause} jumps by £{abs(point.jump):,.0f} where {title(name)} passes {_number(point.at)}."
        if noise > 0.0:
            peak = abs(point.jump) / (noise * np.sqrt(2.0 * np.pi))
            sentence += f" Under chance of {_number(noise)} a unit is worth up to £{peak:,.0f} there."
        slopes = point.before, point.after
        return Seen("jump", clause, name, year + 1, point.at, point.jump, *slopes, sigmas, "L05 L08 L11", sentence)
    sentence = (
        f"In year {year + 1} {clause} pays £{point.before:,.4g} a unit of {title(name)} below {_number(point.at)} and "
        f"£{point.after:,.4g} above it."
    )
    return Seen("kink", clause, name, year + 1, point.at, 0.0, point.before, point.after, sigmas, "L11 L18", sentence)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"


def double_slopes(books: Books) -> Iterator[Seen]:
    """Quantities for which two clauses pay in the same direction, each by its own reading."""
    sources = figure_sources(books.contract)
    for name in books.columns:
        if not books.backings[name].movable:
            continue
        low, high = reach_of(books, name, books.years // 2)
        step = 0.05 * (high - low)
        edit = {name: np.clip(books.columns[name] + step, books.backings[name].low, books.backings[name].high)}
        change = (books.pay([edit]).amounts - books.honest.amounts)[:, 0].sum(axis=(1, 2)) * books.signs
        for sign in (1.0, -1.0):
            paying = [
                term.id for k, term in enumerate(books.contract.terms)
                if term.kind.moves and name in sources[term.id] and sign * change[k] > 1e-6 * max(1.0, books.size)
            ]  # fmt: skip
            if len(paying) > 1:
                total = float(sum(abs(change[k]) for k, t in enumerate(books.contract.terms) if t.id in paying))
                way = "rises" if sign > 0 else "rises, against the provider"
                yield Seen(
                    "double slope", " + ".join(paying), name, 0, NAN, total, NAN, NAN, NAN, "L19",
                    f"{' and '.join(paying)} move the same way when {title(name)} {way}: one change is paid twice.",
                )  # fmt: skip


def unbacked(books: Books) -> Iterator[Seen]:
    """Quantities that move money and that nobody but the provider reports."""
    for name, known in books.backings.items():
        if known.reporter != PROVIDER or name not in books.movable:
            continue
        low, high = reach_of(books, name, books.years // 2)
        step = 0.05 * (high - low)
        edit = {name: np.clip(books.columns[name] + step, known.low, known.high)}
        change = float(np.abs(books.gains([edit])).mean())
        if change > 1e-6 * max(1.0, books.size):
            clauses = [t.id for t in books.contract.terms if t.kind.moves and name in all_sources(books.contract)[t.id]]
            yield Seen(
                "unbacked", " + ".join(clauses), name, 0, NAN, change, NAN, NAN, NAN, "L03 L08",
                f"Nobody but the provider reports {title(name)} ({known.reason}); a twentieth of its reach moves £{change:,.0f} "
                f"over the term.",
            )  # fmt: skip


def resets(books: Books, found: list[Seen]) -> Iterator[Seen]:
    """Clauses that begin anew each year: twice the way to a kink in one year, or once in each of two years, pays otherwise."""
    spots = {(one.clause, one.quantity): one for one in found if one.kind in ("kink", "jump")}
    for (clause, name), one in spots.items():
        if not books.backings[name].flow or books.years < 2:
            continue
        year = min(one.year - 1, books.years - 2)
        step = one.at - books.columns[name][0, one.year - 1]
        uneven, even = books.columns[name].copy(), books.columns[name].copy()
        uneven[:, year] += 2.0 * step
        even[:, year : year + 2] += step
        gains = books.gains([{name: np.maximum(0.0, uneven)}, {name: np.maximum(0.0, even)}])
        gain = float(np.abs(gains[0] - gains[1]).mean())
        if gain > 1e-6 * max(1.0, books.size):
            yield Seen(
                "annual reset", clause, name, one.year, one.at, gain, NAN, NAN, NAN, "L11",
                f"{clause} settles each year by itself: {title(name)} of two years pays £{gain:,.0f} otherwise when it falls "
                f"unevenly.",
            )  # fmt: skip


def idle_tests(books: Books) -> Iterator[Seen]:
    """Numbers that some test judges and that change no payment anywhere in their range: what is tested cannot be failed."""
    judged = tested(books.contract)
    for name in books.movable:
        known = books.backings[name]
        if name not in judged or known.kind == "money" or known.low < -1e14 or known.high > 1e14:
            continue
        span = np.linspace(known.low, known.high, 21)
        change = books.pay([{name: np.full_like(books.columns[name], x)} for x in span]).net - books.honest.net
        if float(np.abs(change).max()) <= 1e-9 * max(1.0, books.size):
            clauses = [t.id for t in books.contract.terms if t.kind.moves and name in all_sources(books.contract)[t.id]]
            yield Seen(
                "idle test", " + ".join(clauses), name, 0, NAN, 0.0, NAN, NAN, NAN, "L07",
                f"{title(name).capitalize()} is tested, and nothing is paid or lost for it between {known.low:g} and "
                f"{known.high:g}.",
            )  # fmt: skip


def cut_off(books: Books) -> Iterator[Seen]:
    """Quantities whose effect comes in later years: what is done in the last years is paid for in part, or not at all."""
    if books.years < 3:
        return
    for name in books.movable:
        low, high = reach_of(books, name, 0)
        effects = []
        for year in (0, books.years - 1):
            column = books.columns[name].copy()
            column[:, year] = np.clip(column[:, year] + 0.1 * (high - low), books.backings[name].low, books.backings[name].high)
            effects.append((books.pay([{name: column}]).net - books.honest.net)[0].mean(axis=0))
        total, own, last = effects[0].sum(), effects[0][0], effects[1].sum()
        if abs(total - own) > 0.05 * max(abs(total), abs(own)) and abs(total - own) > 1e-6 * max(1.0, books.size):
            yield Seen(
                "cut off by the end", "", name, books.years, NAN, float(last - total), NAN, NAN, NAN, "L13 L06",
                f"A tenth of the reach of {title(name)} in year 1 is worth £{total:,.0f} over the term, £{own:,.0f} of it in its "
                f"own year; in the last year it is worth £{last:,.0f}: what would follow falls outside.",
            )  # fmt: skip


__all__ = ["KINDS", "Seen", "reach_of", "shape", "shifted", "static"]
