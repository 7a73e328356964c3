"""Primitive edits, made from a contract's own inputs: what can be done to a number without changing the care behind it.

    scale      q · (1 + x) in all years
    shift      x · q_t moved from year t into year t + 1, or back; the sum over the years stays
    single     q raised or lowered in one year
    pattern    q raised in the years of a pattern
    alternate  + in even years, − in odd ones: the mean stays
    relabel    a part of one quantity goes under the name of another; their sum stays
    split      more cases, each smaller: count · (1 + x), average ÷ (1 + x)
    set        a switch is set

Every edit stays within the quantity's declared bounds. Indicators move by a share of the way from floor to target.
"""

from __future__ import annotations

import numpy as np

from ..terms import INDICATOR_PREFIX
from .books import Books, Columns

STEP = 0.05
INDICATOR_STEP = 0.25


def bounded(books: Books, name: str, values: np.ndarray) -> np.ndarray:
    """Values held within the quantity's declared bounds."""
    known = books.backings[name]
    return np.clip(values, known.low, known.high)


def unit_step(books: Books, name: str, share: float = STEP) -> np.ndarray:
    """float64[cases, T]: `share` of a quantity's size in each year; for an indicator a part of its way to target."""
    honest = books.columns[name]
    if name.startswith(f"{INDICATOR_PREFIX}."):
        return np.broadcast_to(share / STEP * INDICATOR_STEP * _way(books, name), honest.shape).copy()
    known = books.backings[name]
    if known.kind == "share":
        return np.full(honest.shape, share)
    size = np.abs(honest).mean()
    if size == 0.0 and known.high < 1e14:
        size = known.high
    return np.full(honest.shape, share * size) if known.low < 0.0 or (size and np.any(honest == 0.0)) else share * np.abs(honest)


def _way(books: Books, name: str) -> np.ndarray:
    """Target less floor of an indicator by year, signed towards better, float64[T]."""
    own = name.removeprefix(f"{INDICATOR_PREFIX}.")
    way = np.zeros(books.years)
    for term in books.contract.terms:
        for t in range(books.years):
            for row in term.at(t).get("indicators", []):
                if row["name"] == own:
                    way[t] = row["target"] - row["floor"]
    return way if np.any(way) else np.full(books.years, 0.2 * float(np.abs(books.columns[name]).mean() or 1.0))


def moved(books: Books, name: str, delta: np.ndarray) -> Columns:
    """The books with `delta` (float64[cases, T] or [T]) added to a quantity, within its bounds."""
    return {name: bounded(books, name, books.columns[name] + delta)}


def scaled(books: Books, name: str, share: float) -> Columns:
    """The books with a quantity higher by `share` of its size in all years."""
    return moved(books, name, np.sign(share) * unit_step(books, name, abs(share)))


def single(books: Books, name: str, year: int, share: float) -> Columns:
    """The books with a quantity changed in one year alone."""
    delta = np.zeros_like(books.columns[name])
    delta[:, year] = np.sign(share) * unit_step(books, name, abs(share))[:, year]
    return moved(books, name, delta)


def patterned(books: Books, name: str, years: list[int], share: float) -> Columns:
    """The books with a quantity changed in the years of a pattern."""
    delta = np.zeros_like(books.columns[name])
    delta[:, years] = (np.sign(share) * unit_step(books, name, abs(share)))[:, years]
    return moved(books, name, delta)


def alternated(books: Books, name: str, share: float) -> Columns:
    """The books with a level higher in even and lower in odd years by the same; an odd last year stays."""
    signs = np.where(np.arange(books.years) % 2 == 0, 1.0, -1.0)
    if books.years % 2:
        signs[-1] = 0.0
    step = np.minimum(unit_step(books, name, abs(share)).min(axis=0), _room(books, name))
    return moved(books, name, np.sign(share) * signs * step.min())


def _room(books: Books, name: str) -> np.ndarray:
    known, honest = books.backings[name], books.columns[name]
    return np.maximum(0.0, np.minimum(honest.min(axis=0) - known.low, known.high - honest.max(axis=0)))


def shifted(books: Books, name: str, later: np.ndarray) -> Columns:
    """The books with `later[cases, T]` of a quantity moved from each year into the next (negative: brought forward).

    Nothing is moved out of the last year, no year's quantity falls below nothing, and the sum over the years stays.
    """
    honest = books.columns[name].copy()
    for t in range(books.years - 1):
        amount = np.clip(later[:, t], -np.maximum(0.0, honest[:, t + 1]), np.maximum(0.0, honest[:, t]))
        honest[:, t] -= amount
        honest[:, t + 1] += amount
    return {name: honest}


def relabelled(books: Books, source: str, target: str, share: float = STEP) -> Columns:
    """The books with `share` of one quantity counted under another."""
    part = share * np.maximum(0.0, books.columns[source])
    part = np.minimum(part, np.maximum(0.0, books.backings[target].high - books.columns[target]))
    return {source: books.columns[source] - part, target: books.columns[target] + part}


def split(books: Books, count: str, average: str, share: float = 0.2) -> Columns:
    """The books with more and smaller cases: count · (1 + share), average ÷ (1 + share)."""
    return {count: bounded(books, count, books.columns[count] * (1.0 + share)), average: books.columns[average] / (1.0 + share)}
