"""Hunts along the years: the same care recorded in another year, worse years that pay later, saw-teeth.

Laws.  A sum that is only moved between years pays the same (path independence). What lowers this year's pay does not raise
the pay of the term (no reward for doing worse). A level that swings about its mean pays as the mean does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .books import Books, Columns
from .edits import STEP, alternated, patterned, shifted, single, unit_step
from .exploits import Exploit, creating_clauses, material, title

LAGGED = 0.3
#: Shares of a year's sum that are moved: what can be done without notice first, what can be arranged next.
SHIFTS = (0.05, 0.15)


def timing(books: Books) -> Iterator[Exploit]:
    """Moves part of a year's sum into the year before or after, by a fixed plan and by a rule that sees the year."""
    for name in books.movable:
        if not books.backings[name].flow or books.years < 2:
            continue
        plans = [
            (regime, share, plan(books, name, share))
            for share in SHIFTS for regime, plan in (("open loop", _planned), ("feedback", _by_rule))
        ]  # fmt: skip
        gains = books.gains([plan for _, _, plan in plans])
        matter = [k for k, (_, _, edit) in enumerate(plans) if material(books, gains[k], edit)]
        if matter:
            k = max((k for k in matter if plans[k][1] == plans[matter[0]][1]), key=lambda k: gains[k].mean())
            (regime, share, edit), gain = plans[k], gains[k]
            yield Exploit(
                "path independence", "shift in time", (name,), creating_clauses(books, edit), gain,
                f"Record part of {title(name)} in the year before or after, where it does most good: the sum over the years "
                f"stays, the pay does not.",
                f"{share:.0%} of a year's {title(name)}", regime, "grey",
                change=edit,
            )  # fmt: skip


def _planned(books: Books, name: str, share: float) -> Columns:
    """The best moves between neighbouring years that are fixed beforehand."""
    part = unit_step(books, name, share)
    edits, moves = [], []
    for t in range(books.years - 1):
        for sign in (1.0, -1.0):
            later = np.zeros_like(part)
            later[:, t] = sign * part[:, t if sign > 0 else t + 1]
            edits.append(shifted(books, name, later))
            moves.append((t, sign))
    means = books.gains(edits).mean(axis=1)
    later, last = np.zeros_like(part), -2
    for k in np.argsort(-means, kind="stable"):
        t, sign = moves[int(k)]
        if means[k] > 0.0 and not np.any(later[:, max(0, t - 1) : t + 2]):
            later[:, t] = sign * part[:, t if sign > 0 else t + 1]
            last = t
    return shifted(books, name, later) if last >= 0 else {}


def _by_rule(books: Books, name: str, share: float) -> Columns:
    """Moves that answer the year: out of a year in which the sum does more harm than it would do next year on average."""
    part = unit_step(books, name, share)
    bumps = [single(books, name, t, share) for t in range(books.years)]
    slope = books.gains(bumps).T / np.maximum(part, 1e-300)
    later = np.zeros_like(part)
    for t in range(books.years - 1):
        better = slope[:, t + 1].mean() - slope[:, t]
        later[:, t] = np.where(np.abs(better) > 1e-9, np.sign(better), 0.0) * np.minimum(part[:, t], part[:, t + 1])
    return shifted(books, name, later)


def _patterns(years: int) -> list[tuple[str, list[int]]]:
    found = [(f"year {t + 1} alone", [t]) for t in range(years - 1)]
    for every in (2, 3, 4, 5):
        if every < years:
            found += [
                (f"every {every} years from year {first + 1}", list(range(first, years, every))) for first in range(every)
            ]
    return [*found, ("all years but the last", list(range(years - 1))), ("all years", list(range(years)))]


def sacrifice(books: Books) -> Iterator[Exploit]:
    """Reports that cost pay, or nothing, in their own year and bring more in later years: re-basing loops."""
    for name in books.movable:
        if books.backings[name].kind == "switch" or books.years < 2:
            continue
        tries = [
            (words, years, sign, patterned(books, name, years, sign * STEP))
            for words, years in _patterns(books.years) for sign in (1.0, -1.0)
        ]  # fmt: skip
        change = books.pay([edit for *_, edit in tries]).net - books.honest.net
        best = None
        for (words, years, sign, edit), one in zip(tries, change, strict=True):
            later = [t for t in range(books.years) if t not in years]
            own, rest, total = float(one[:, years].sum(axis=1).mean()), float(one[:, later].sum(axis=1).mean()), one.sum(axis=1)
            lagged = rest > 0.0 and own <= LAGGED * rest
            lagged = lagged and (books.backings[name].kind != "money" or _worth(books, name, one, years))
            if lagged and material(books, total, edit) and (best is None or total.mean() > best[3].mean()):
                best = (words, sign, edit, total)
        if best is not None:
            words, sign, edit, gain = best
            way = "more" if sign > 0 else "less"
            yield Exploit(
                "no reward for worse years", "vary by year", (name,), creating_clauses(books, edit), gain,
                f"Report {way} {title(name)} in some years: their own pay does not gain by it, the later years' pay does, "
                f"because it follows the report.",
                words, grade="lawful",
                change=edit,
            )  # fmt: skip


def _worth(books: Books, name: str, change: np.ndarray, years: list[int]) -> bool:
    """Whether later years bring back a good part of the pounds that were reported."""
    moved = float(unit_step(books, name, STEP)[:, years].sum(axis=1).mean())
    return float(change.sum(axis=(1)).mean()) > LAGGED * moved


def swing(books: Books) -> Iterator[Exploit]:
    """Levels that are high in one year and low in the next, with the mean as it was."""
    for name in books.movable:
        known = books.backings[name]
        if known.flow or known.kind == "switch" or books.years < 3:
            continue
        tries = [alternated(books, name, sign * STEP) for sign in (1.0, -1.0)]
        gains = books.gains(tries)
        k = int(np.argmax(gains.mean(axis=1)))
        if material(books, gains[k], tries[k]):
            yield Exploit(
                "the mean pays as its swings do", "alternate", (name,), creating_clauses(books, tries[k]), gains[k],
                f"Let {title(name)} be high in one year and low in the next, with the same mean.",
                "up and down by a twentieth, year by year", grade="lawful",
                change=tries[k],
            )  # fmt: skip
