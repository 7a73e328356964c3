"""Hunts for what is chosen after the fact: the better of two bases, claims, other names for the same care, smaller cases.

Laws.  A choice is made before the year is known. A claim needs somebody else's word. The same pound pays the same under
every name. Cutting a case in two pays no more than the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .backing import PROVIDER
from .books import Books
from .edits import relabelled, split
from .exploits import Exploit, creating_clauses, material, title
from .paths import choices, names_in, on_the_way, tree


def better_of_two(books: Books) -> Iterator[Exploit]:
    """A formula that takes the better of two moving bases: the option is worth more than either base."""
    for term, text, branches in choices(books.contract):
        moving = [b for b in branches if _moves(books, b)]
        if len(moving) < 2:
            continue
        whole = " ".join(ast_text(term.values["value"]).split())
        variants = [whole.replace(text, f"({branch})") for branch in branches]
        nets = [_net_with(books, term.id, variant) for variant in variants if variant != whole]
        if len(nets) < 2:
            continue
        fixed = max(nets, key=lambda net: float(net.mean()))
        gain = (books.honest.net[0] - fixed).sum(axis=1)
        if material(books, gain):
            paying = [t.id for t in books.contract.terms if t.kind.moves and books.signs[_number(books, t.id)] != 0.0
                      and term.id in _sources(books, t.id)]  # fmt: skip
            quantities = tuple(sorted({n for b in moving for n in _inputs_of(books, b)}))
            yield Exploit(
                "choices are made beforehand", "exercise an option", quantities,
                tuple(dict.fromkeys([term.id, *on_the_way(books.contract, set(quantities), paying)])), gain,
                f"Take the better of two bases in each year ({text}): worth more than either of them.",
                "the choice against the better fixed base", "feedback", "lawful",
            )  # fmt: skip


def ast_text(text: str) -> str:
    """A formula as the syntax tree writes it."""
    import ast

    return ast.unparse(tree(text))


def _inputs_of(books: Books, text: str) -> set[str]:
    from .paths import figure_sources

    found: set[str] = set()
    sources = figure_sources(books.contract)
    for name in names_in(tree(text)):
        found |= {name} & set(books.columns)
        found |= sources.get(name, set()) & set(books.columns)
    return found


def _moves(books: Books, text: str) -> bool:
    """Whether a branch rests on something that differs from case to case."""
    return any(float(books.columns[name].std()) > 0.0 for name in _inputs_of(books, text))


def _number(books: Books, clause: str) -> int:
    return [term.id for term in books.contract.terms].index(clause)


def _sources(books: Books, clause: str) -> set[str]:
    from .paths import all_sources

    return all_sources(books.contract)[clause]


def _net_with(books: Books, clause: str, text: str) -> np.ndarray:
    """float64[cases, T]: what the provider gets where a formula says something else."""
    terms = tuple(
        replace(term, values={**term.values, "value": text}) if term.id == clause else term for term in books.contract.terms
    )
    return Books(replace(books.contract, terms=terms), books.columns, books.origin, books.served).honest.net[0]


def claims(books: Books) -> Iterator[Exploit]:
    """A switch that the provider throws: always, never, or in the years in which it pays."""
    for name in books.movable:
        known = books.backings[name]
        if known.kind != "switch" or known.reporter != PROVIDER:
            continue
        on, off = np.ones_like(books.columns[name]), np.zeros_like(books.columns[name])
        nets = books.pay([{name: on}, {name: off}]).net
        best = np.where(nets[0] > nets[1], on, off)
        edits = [{name: on}, {name: off}, {name: best}]
        gains = books.gains(edits)
        fixed = int(np.argmax(gains[:2].mean(axis=1)))
        k = 2 if gains[2].mean() > gains[fixed].mean() * 1.01 + 1.0 else fixed
        if material(books, gains[k], edits[k]):
            words = ("in every year", "in no year", "in the years in which it pays")[k]
            yield Exploit(
                "a claim needs another's word", "exercise an option", (name,), creating_clauses(books, edits[k]), gains[k],
                f"Declare {title(name)} {words}: nobody else decides it.", words, "feedback" if k == 2 else "open loop", "grey",
                change=edits[k],
            )  # fmt: skip


def other_names(books: Books) -> Iterator[Exploit]:
    """Pounds or cases that pay more under another name: scopes, years of account, parties of the same owner."""
    flows = [n for n in books.movable if books.backings[n].flow and books.backings[n].reporter == PROVIDER]
    for source in flows:
        for target in flows:
            pair = books.backings[source], books.backings[target]
            if source == target or pair[0].unit.lower() != pair[1].unit.lower() or pair[0].kind != "money":
                continue
            if {source, target} == {"reported_cost", "prevention_spend"}:
                continue
            edit = relabelled(books, source, target)
            gain = books.gains([edit])[0]
            if material(books, gain, edit):
                yield Exploit(
                    "a pound is a pound under every name", "relabel", (source, target), creating_clauses(books, edit), gain,
                    f"Book part of {title(source)} as {title(target)}: the sum stays, the pay rises.",
                    f"a twentieth of {title(source)}", grade="grey",
                    change=edit,
                )  # fmt: skip


def smaller_cases(books: Books) -> Iterator[Exploit]:
    """A count and an average whose product stays: two small cases that pay more than one large."""
    for count in books.movable:
        known = books.backings[count]
        if known.kind not in ("events", "persons", "number") or known.reporter != PROVIDER:
            continue
        for average in books.columns:
            if " per " not in books.backings[average].unit or not books.backings[average].movable:
                continue
            edit = split(books, count, average)
            gain = books.gains([edit])[0]
            if material(books, gain, edit):
                yield Exploit(
                    "two halves pay as the whole", "split or merge", (count, average), creating_clauses(books, edit), gain,
                    f"Cut cases in two: more {title(count)}, each with less {title(average)}, and the same care.",
                    "a fifth more cases", grade="grey",
                    change=edit,
                )  # fmt: skip
