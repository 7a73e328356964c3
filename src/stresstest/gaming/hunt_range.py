"""Hunts over the whole range of a number: less work that pays more, scales that never move, credits that are used twice.

Laws.  Where a little less costs the provider money, much less does not bring it money; where a little more costs, much more does
not pay. A scale or a gate that the provider's number feeds moves somewhere in that number's range. What one year has earned
in advance is used up once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .backing import PROVIDER
from .books import Books, Columns
from .edits import bounded, scaled
from .exploits import Exploit, creating_clauses, material, paying_clauses, title
from .paths import all_sources, figure_sources, on_the_way

PARTS = (0.1, 0.25, 0.5, 0.75, 1.0)
SMALL = 0.02


def _towards(books: Books, name: str, part: float, up: bool) -> Columns:
    """The books with a quantity part of the way to the end of its range; three times its size where the range is open."""
    known, honest = books.backings[name], books.columns[name]
    size = float(np.abs(honest).mean())
    low = known.low if known.low > -1e14 else min(0.0, -2.0 * size)
    high = known.high if known.high < 1e14 else 3.0 * size
    return {name: bounded(books, name, honest + part * ((high if up else low) - honest))}


def perverse(books: Books) -> Iterator[Exploit]:
    """A number of which a little less (or more) loses money, and much less (or more) brings it."""
    for name in books.movable:
        known = books.backings[name]
        if known.kind in ("switch", "share") or name.startswith("indicator.") or known.reporter != PROVIDER:
            continue
        for up in (False, True):
            near = scaled(books, name, SMALL if up else -SMALL)
            far = [_towards(books, name, part, up) for part in PARTS]
            gains = books.gains([near, *far])
            k = 1 + int(np.argmax(gains[1:].mean(axis=1)))
            if gains[0].mean() < -1e-6 * books.size and material(books, gains[k], far[k - 1]):
                way = "more" if up else "less"
                yield Exploit(
                    "no reward for doing less" if not up else "no reward behind a loss", "scale" if up else "omit", (name,),
                    creating_clauses(books, far[k - 1]), gains[k],
                    f"A little {way} {title(name)} costs the provider money, much {way} brings it money.",
                    f"{PARTS[k - 1]:.0%} of the way to the {'highest' if up else 'lowest'} value", grade="lawful",
                    change=far[k - 1],
                )  # fmt: skip


OWN_WORD = "what is paid on has another's word"


def own_word(books: Books) -> Iterator[Exploit]:
    """A declared number that nobody else reports and whose change, somewhere in its range, brings the provider money."""
    declared = {entry.name for entry in books.contract.inputs if not entry.follows}
    for name in books.movable:
        known = books.backings[name]
        if name not in declared or known.reporter != PROVIDER or known.kind == "switch":
            continue
        edits = [_towards(books, name, part, up) for up in (False, True) for part in PARTS]
        gains = books.gains(edits)
        matter = [k for k in range(len(edits)) if material(books, gains[k], edits[k])]
        if matter:
            k = max(matter, key=lambda k: float(gains[k].mean()))
            way = "more" if k >= len(PARTS) else "less"
            yield Exploit(
                OWN_WORD, "scale" if way == "more" else "omit", (name,), creating_clauses(books, edits[k]), gains[k],
                f"Declare {way} {title(name)}: the contract pays for it on the provider's word alone ({known.reason}).",
                f"{PARTS[k % len(PARTS)]:.0%} of the way to the {'highest' if way == 'more' else 'lowest'} value", grade="false",
                change=edits[k],
            )  # fmt: skip


def idle_scale(books: Books) -> Iterator[Exploit]:
    """A gate or a scale that stays where it is over the whole range of the number that feeds it."""
    sources = figure_sources(books.contract)
    scales = [term for term in books.contract.terms if term.kind.name in ("gate", "sliding_scale")]
    for term in scales:
        feeding = [n for n in books.movable if n in sources[term.id] and books.backings[n].reporter == PROVIDER]
        for name in feeding:
            edits = [_towards(books, name, part, up) for up in (False, True) for part in (0.25, 0.5, 0.75, 0.95)]
            values = books.figures([{}, *edits], term.id)
            payers = [t.id for t in books.contract.terms if t.kind.moves and term.id in all_sources(books.contract)[t.id]]
            if np.ptp(values) > 1e-12 or not payers:
                continue
            gains = books.gains(edits)
            k = int(np.argmax(gains.mean(axis=1)))
            if material(books, gains[k], edits[k]):
                yield Exploit(
                    "what is measured can be failed", "omit", (name,),
                    tuple(on_the_way(books.contract, {name}, [term.id, *payers, *paying_clauses(books, edits[k])])), gains[k],
                    f"{title(term.id).capitalize()} is the same wherever {title(name)} lies in its range: what is paid on it is "
                    f"paid for nothing. A slip of units?",
                    "over its whole range", grade="lawful", change=edits[k],
                )  # fmt: skip


def used_twice(books: Books) -> Iterator[Exploit]:
    """One year of double work, after which the work of several years is left undone and nothing is lost."""
    for name in books.movable:
        known = books.backings[name]
        if not known.flow or known.reporter != PROVIDER or books.years < 3:
            continue
        honest = books.columns[name]
        tries = []
        for part in (0.5, 1.0):
            late, both = honest.copy(), honest.copy()
            late[:, 1:] *= 1.0 - part
            both[:, 1:] *= 1.0 - part
            both[:, 0] *= 1.0 + part
            tries.append(({name: bounded(books, name, late)}, {name: bounded(books, name, both)}))
        gains = books.gains([edit for pair in tries for edit in pair]).reshape(len(tries), 2, -1)
        for (_, edit), (late_gain, gain) in zip(tries, gains, strict=True):
            beyond = gain - np.maximum(0.0, late_gain)
            if material(books, gain, edit) and material(books, beyond, edit):
                readers = [t.id for t in books.contract.terms if t.kind.moves and name in all_sources(books.contract)[t.id]]
                yield Exploit(
                    "what is earned in advance is used once", "duplicate", (name,),
                    tuple(on_the_way(books.contract, {name}, readers)), gain,
                    f"Do twice the {title(name)} in the first year and little or none afterwards: what was done in advance "
                    f"counts again in every later year.",
                    "the first year doubled, the later ones cut", grade="lawful", change=edit,
                )  # fmt: skip
                break
