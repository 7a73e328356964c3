"""Repairs of unnamed loopholes: changes of the clauses that create them, carried out on the same books.

For each law there is a repair in words. Where the creating clauses have an entry that answers it (settlement by running
total, a memory that does not reset, a re-basing share), the repair is made, and the exploit is tried again on the mended
contract: what it still pays, and what the repair costs the honest provider.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..contract import Contract
from ..place import Quantity
from .books import Books
from .exploits import Exploit, pv

WORDS = {
    "path independence": "settle on the running total of the years, with limits that grow with them",
    "no reward for worse years": "take price and target from a path published at signature, or from peers",
    "no more than a pound for a pound": "count the sum once, and share no more than the whole of it",
    "pay in proportion": "check the unit of the number and of what multiplies it, and cap what it can move",
    "what is measured can be failed": "put the threshold where the measure can lie, and check its unit",
    "what is left out has a limit": "limit what may be left out, and count the rest as failed",
    "others supply the denominator": "take the denominator from a source outside the provider, with a floor",
    "a limit binds somewhere": "check the limit's unit, and let one limit hold everything that is paid from it",
    "no reward for doing less": "reckon top-ups, minimums and reliefs on each other, and pay nothing for work left undone",
    "no reward behind a loss": "let the test follow the event, and not what the provider chooses about its report",
    "what is earned in advance is used once": "carry forward only the credit that is left after the year's duty",
    "what is paid on has another's word": "let somebody else report it, cap it, or pay nothing for it",
    "one result is paid once": "pay for it in one clause, or net one payment against the other",
    "choices are made beforehand": "fix the base at signature, or choose it before the year begins",
    "a claim needs another's word": "let another party certify the claim before it is paid",
    "a pound is a pound under every name": "treat both names alike, under one share and one limit",
    "two halves pay as the whole": "pay by person or by year, not by case",
    "the mean pays as its swings do": "pay on a mean of years, with floors and targets beyond the swing",
}


@dataclass(frozen=True)
class Mend:
    """A repair in words and, where it could be carried out, as changes, with what is left (£ present value) and what it costs.

    `residual` is the exploit's gain on the mended contract, `honest_change` the honest provider's pay under it less before.
    Both are NaN where no entry of the clauses answers the hole.
    """

    words: str
    changes: tuple[str, ...]
    residual: float
    residual_error: float
    honest_change: float


def _variants(contract: Contract, clause: str) -> list[tuple[str, Contract]]:
    """The contract with one entry of a clause changed, each change in words."""
    term = next(t for t in contract.terms if t.id == clause)
    found = []
    if term.values.get("settlement") == "annual":
        found.append((f"{clause}.settlement = cumulative", contract.with_change(clause, "settlement", "cumulative")))
    if term.resets_every:
        terms = tuple(replace(t, resets_every=0) if t.id == clause else t for t in contract.terms)
        found.append((f"{clause}.resets_every = 0", replace(contract, terms=terms)))
    for name in ("rebase", "share_rebase"):
        value = term.values.get(name)
        if isinstance(value, Quantity) and any(v != 0.0 for v in value.values):
            found.append((f"{clause}.{name} = 0", contract.with_change(clause, name, 0.0)))
    return found


def mend(books: Books, exploit: Exploit, rate: float = 0.0) -> Mend:
    """The repair of an exploit: the change that leaves least, where there is one. Money discounted at `rate` a year."""
    words = WORDS.get(exploit.hunt, "")
    best = Mend(words, (), float("nan"), float("nan"), float("nan"))
    ids = [term.id for term in books.contract.terms]
    for clause in exploit.clauses if exploit.change else ():
        if clause not in ids:
            continue
        for change, contract in _variants(books.contract, clause):
            fixed = Books(contract, books.columns, books.origin, books.served)
            gain = pv((fixed.pay([exploit.change]).net - fixed.honest.net)[0], rate)
            cost = float(pv((fixed.honest.net - books.honest.net)[0], rate).mean())
            left = replace(exploit, gain=gain)
            if not best.changes or left.mean < best.residual:
                best = Mend(words, (change,), left.mean, left.error, cost)
    return best
