"""Hunts for pay out of proportion: more than a pound for a pound, pay out of all scale.

Laws.  A pound more or less of cost moves the provider's pay by no more than a pound over the whole term. Half of a quantity
more or less does not turn the whole of the contract's money over.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .backing import PROVIDER
from .books import Books
from .edits import STEP, moved, scaled, single, unit_step
from .exploits import Exploit, creating_clauses, material, title

POUND = 1.02
#: How many twentieths of a quantity are moved where a pound brings more than a pound.
TIMES = (1.0, 5.0, 13.0)
OUT_OF_SCALE = 1.5


def leverage(books: Books) -> Iterator[Exploit]:
    """A pound reported, spent or saved that brings more than a pound over the term, always or in years that can be told."""
    for name in books.movable:
        known = books.backings[name]
        if known.kind != "money" or not known.flow:
            continue
        part, best = unit_step(books, name, STEP), None
        for sign in (1.0, -1.0):
            bumps = [single(books, name, t, sign * STEP) for t in range(books.years)]
            paid = books.pay(bumps)
            change = (paid.amounts - books.honest.amounts) * books.signs[:, None, None, None]
            total = change.sum(axis=(0, 3)).T
            spent = -np.minimum(0.0, change[_to_others(books)].sum(axis=(0, 3))).T
            pounds = np.array([np.abs(b[name] - books.columns[name]).sum(axis=1) for b in bumps]).T
            rate = (total + spent) / np.maximum(pounds, 1e-9) * (pounds > 1e-6)
            edits = [moved(books, name, np.where(rate > POUND, times * sign * part, 0.0)) for times in TIMES]
            gains = books.gains(edits)
            k = int(np.argmax(gains.mean(axis=1)))
            edit, gain = edits[k], gains[k]
            if np.any(rate > POUND) and material(books, gain, edit) and (best is None or gain.mean() > best[1].mean()):
                share = float((rate > POUND).mean())
                best = (edit, gain, share, float(rate[rate > POUND].mean()), sign)
        if best is not None:
            edit, gain, share, rate_there, sign = best
            when = "in all years" if share > 0.9 else f"in the {share:.0%} of years in which it pays"
            yield Exploit(
                "no more than a pound for a pound", "scale" if share > 0.9 else "duplicate", (name,),
                creating_clauses(books, edit), gain,
                f"Every pound {'more' if sign > 0 else 'less'} of {title(name)} brings the provider £{rate_there:,.2f} over the "
                f"term, {when}.",
                f"as far as it pays, {when}", "open loop" if share > 0.9 else "clairvoyant",
                "false" if known.reporter == PROVIDER else "grey", change=edit,
            )  # fmt: skip


def _to_others(books: Books) -> np.ndarray:
    """bool[terms]: clauses under which the provider pays a third party: what it spends, and not what it is paid."""
    terms = books.contract.terms
    return np.array([t.kind.moves and t.payer == books.party and t.payee != "commissioner" for t in terms])


def out_of_scale(books: Books) -> Iterator[Exploit]:
    """A number that is no money and whose change by half turns the contract's whole pay over: a slip of units."""
    for name in books.movable:
        known = books.backings[name]
        if known.kind in ("money", "switch"):
            continue
        edits = [scaled(books, name, sign * 0.5) for sign in (1.0, -1.0)]
        gains = books.gains(edits)
        k = int(np.argmax(gains.mean(axis=1)))
        rest = books.size
        if gains[k].mean() > OUT_OF_SCALE * rest * books.years and material(books, gains[k]):
            yield Exploit(
                "pay in proportion", "scale", (name,), creating_clauses(books, edits[k]), gains[k],
                f"A change of {title(name)} by half moves {gains[k].mean() / (rest * books.years):,.1f} times the money of the "
                f"contract: a slip of units?",
                "half as much again" if k == 0 else "half", grade="false",
                change=edits[k],
            )  # fmt: skip


def _without_main_payment(books: Books) -> float:
    """The contract's yearly money (£)."""
    return books.size
