"""Hunts for numbers that the provider sets itself: taken off without a limit, below the line of a rate, paid twice.

Laws.  What the provider may leave out has a limit. What it declares about others does not raise its own score. One result is
paid once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .backing import PROVIDER
from .books import Books
from .edits import bounded, scaled
from .exploits import Exploit, creating_clauses, material, paying_clauses, title
from .paths import divisors, figure_sources, guards, on_the_way, subtracted

#: How far an amount that is taken off is raised, as shares of what it is taken off, or of what its bounds leave.
MOST = 0.3
FAR = (1.0 / 3.0, 2.0 / 3.0, 1.0)


def unlimited_deduction(books: Books) -> Iterator[Exploit]:
    """Something that the provider declares is taken off its cost, its cases or its points, and nothing limits it."""
    for name in subtracted(books.contract):
        if name not in books.movable or books.backings[name].reporter != PROVIDER or books.backings[name].kind == "switch":
            continue
        span = np.minimum(MOST * _against(books, name), 0.98 * (books.backings[name].high - books.columns[name]))
        edits = [{name: bounded(books, name, books.columns[name] + share * span)} for share in FAR]
        gains = books.gains(edits)
        means = gains.mean(axis=1)
        if material(books, gains[0], edits[0]) and means[2] > means[1] + 0.25 * (means[1] - means[0]) > means[1]:
            yield Exploit(
                "what is left out has a limit", "omit", (name,), creating_clauses(books, edits[0]), gains[0],
                f"Declare more {title(name)}: it is taken off what the provider answers for, and no limit ends it.",
                "a tenth of what it is taken off, or as far as its bounds allow", grade="false", change=edits[0],
            )  # fmt: skip


def _against(books: Books, name: str) -> np.ndarray:
    """float64[cases, T]: the size of what a quantity is taken off: the largest other quantity of its unit in that formula."""
    from .paths import names_in, tree

    formula = next(t for t in books.contract.terms if t.id == subtracted(books.contract)[name])
    known = books.backings[name]
    others = [
        books.columns[n] for n in sorted(names_in(tree(formula.values["value"])) | figure_sources(books.contract)[formula.id])
        if n in books.columns and n != name and books.backings[n].unit == known.unit
    ]  # fmt: skip
    if not others:
        span = known.high - known.low
        return np.full_like(books.columns[name], span if span < 1e14 else 1.0)
    return np.maximum.reduce([np.abs(one) for one in others])


def declared_divisor(books: Books) -> Iterator[Exploit]:
    """A rate whose denominator the provider declares: fewer in it, and the rate is better."""
    for name in divisors(books.contract):
        if name not in books.movable or books.backings[name].reporter != PROVIDER:
            continue
        edits = [scaled(books, name, sign * share) for sign in (-1.0, 1.0) for share in (0.1, 0.2)]
        gains = books.gains(edits)
        k = int(np.argmax(gains.mean(axis=1)))
        if material(books, gains[k], edits[k]):
            way = "fewer" if k < 2 else "more"
            yield Exploit(
                "others supply the denominator", "omit" if k < 2 else "duplicate", (name,),
                creating_clauses(books, edits[k]), gains[k],
                f"Declare {way} {title(name)}: it stands below the line of a rate that is paid on, and nobody else counts it.",
                f"{'10%' if k % 2 == 0 else '20%'} {way}", grade="grey",
                change=edits[k],
            )  # fmt: skip


def paid_twice(books: Books) -> Iterator[Exploit]:
    """One result for which two clauses pay, each by its own reading of it."""
    sources = figure_sources(books.contract)
    ids = [term.id for term in books.contract.terms]
    for name, known in books.backings.items():
        if name not in books.movable or known.kind in ("money", "switch") or (known.kind == "persons" and not known.flow):
            continue
        readers = [term.id for term in books.contract.terms if term.kind.moves and name in sources[term.id]]
        if len(readers) < 2:
            continue
        edits = [scaled(books, name, sign * 0.1) for sign in (1.0, -1.0)]
        paid = books.pay(edits)
        change = (paid.amounts - books.honest.amounts).sum(axis=3) * books.signs[:, None, None]
        for k, edit in enumerate(edits):
            paying = [c for c in readers if material(books, change[ids.index(c), k])]
            if len(paying) >= 2:
                yield Exploit(
                    "one result is paid once", "duplicate", (name,), tuple(on_the_way(books.contract, {name}, paying)),
                    change[[ids.index(c) for c in paying[1:]], k].sum(axis=0),
                    f"Be paid for {title(name)} under {' and '.join(paying)}: one change counts in each.",
                    f"a tenth {'more' if k == 0 else 'less'}", grade="lawful",
                    change=edit,
                )  # fmt: skip
                break


def idle_guard(books: Books) -> Iterator[Exploit]:
    """A limit drawn from somebody else's number that never binds, however much is declared: a slip, or a limit in name only."""
    for term, text, declared, limit in guards(books.contract, books.movable):
        names = [n for n in declared if books.backings[n].reporter == PROVIDER]
        if not names:
            continue
        edit = {n: bounded(books, n, books.columns[n] * 1.3) for n in names}
        free = {n: bounded(books, n, books.columns[n] * 1.15) for n in names}
        gains = books.gains([edit, free])
        straight = np.abs(gains[0] - 2.0 * gains[1]) <= 1e-6 * np.abs(gains[0]).max()
        if material(books, gains[0], edit) and np.all(straight):
            yield Exploit(
                "a limit binds somewhere", "scale", tuple(names),
                tuple(on_the_way(books.contract, {*names, *limit}, [term.id, *paying_clauses(books, edit)])), gains[0],
                f"Declare more {' and '.join(title(n) for n in names)}: the limit that should hold it ({text}) does not bind "
                f"even at 30% more.",
                "30% more", grade="false",
                change=edit,
            )  # fmt: skip
