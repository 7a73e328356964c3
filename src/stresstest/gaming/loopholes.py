"""Loopholes that no list names: every hunt over a contract's own inputs, one row for each hole.

A hunt yields exploits that were carried out on honest books and paid. One hole shows itself in several ways, so exploits that
share a quantity or a paying clause are one row: the one that pays most, with the others under `also`. An exploit whose
signature is a library lever's carries that lever's name; anything else is unnamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .books import Books
from .exploits import Exploit
from .hunt_choice import better_of_two, claims, other_names, smaller_cases
from .hunt_range import OWN_WORD, idle_scale, own_word, perverse, used_twice
from .hunt_shape import declared_divisor, idle_guard, paid_twice, unlimited_deduction
from .hunt_size import leverage, out_of_scale
from .hunt_time import sacrifice, swing, timing
from .signature import named

Hunt = Callable[[Books], Iterator[Exploit]]
HUNTS: tuple[Hunt, ...] = (
    timing, sacrifice, leverage, out_of_scale, unlimited_deduction, declared_divisor, idle_guard, paid_twice, better_of_two,
    claims, other_names, smaller_cases, swing, used_twice, perverse, idle_scale, own_word,
)  # fmt: skip


def hunt(books: Books, say: Callable[[str], None] = lambda text: None) -> list[Exploit]:
    """Every exploit that pays, named where a lever of the library has its signature; best first."""
    if not books.movable:
        return []
    found: list[Exploit] = []
    for one in HUNTS:
        say(f"hunting: {one.__name__.replace('_', ' ')}")
        found += [named(books, exploit) for exploit in one(books)]
    return sorted(found, key=lambda exploit: -exploit.mean)


def holes(exploits: list[Exploit]) -> list[Exploit]:
    """One exploit for each hole, in the order of their gains: the others of the same hole stand under `also`."""
    kept: list[list[Exploit]] = []
    for exploit in sorted(exploits, key=lambda one: one.hunt == OWN_WORD):
        home = next((group for group in kept if any(_same_hole(one, exploit) for one in group)), None)
        if home is None:
            kept.append([exploit])
        else:
            home.append(exploit)
    return sorted((_as_one(group) for group in kept), key=lambda one: -one.mean)


def _as_one(group: list[Exploit]) -> Exploit:
    """The exploit that pays most, with what else opens the same hole; numbers on the provider's own word are told together."""
    also = tuple(dict.fromkeys(f"{one.edit} {', '.join(one.quantities)}" for one in group[1:]))
    names = tuple(dict.fromkeys(name for one in group for name in one.quantities))
    clauses = tuple(dict.fromkeys(clause for one in group for clause in one.clauses))
    return group[0].marked(also=also, quantities=names, clauses=clauses)


def _same_hole(first: Exploit, other: Exploit) -> bool:
    if bool(first.lever) != bool(other.lever):
        return False
    if first.lever:
        return first.lever == other.lever
    if OWN_WORD in (first.hunt, other.hunt):
        return first.hunt == other.hunt or bool(set(first.quantities) & set(other.quantities))
    return bool(set(first.quantities) & set(other.quantities)) or bool(set(first.clauses) & set(other.clauses))


def unnamed(exploits: list[Exploit]) -> list[Exploit]:
    """The exploits that no lever of the library names."""
    return [exploit for exploit in exploits if not exploit.lever]
