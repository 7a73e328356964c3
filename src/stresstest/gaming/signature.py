"""Which library lever an exploit is: by what it bends, how, and which clauses pay for it.

A lever of the library bends named quantities of the record and is paid through named clauses. An exploit is that lever when
it bends nothing else, by the same kind of edit, and one of the lever's clauses pays. Anything else is unnamed; `resembles`
then gives the lever of the same idea.
"""

from __future__ import annotations

from dataclasses import dataclass

from .books import Books
from .exploits import Exploit

_ANY = ("scale", "omit", "duplicate", "vary by year", "alternate", "shift in time")


@dataclass(frozen=True)
class Signature:
    """What a lever does to the record: the quantities it bends, by which edits, paid by clauses of which kinds."""

    lever: str
    code: str
    quantities: tuple[str, ...]
    edits: tuple[str, ...]
    kinds: tuple[str, ...]


SIGNATURES = (
    Signature("list_inflation", "L02", ("list",), _ANY, ("annual_payment",)),
    Signature("upcoding", "L03", ("need",), _ANY, ("annual_payment",)),
    Signature("exception_reporting", "L04", ("exceptions",), _ANY, ("improvement_payment",)),
    Signature("ratchet_holding_back", "L06", ("indicator.",), ("vary by year", "alternate"), ("improvement_payment",)),
    Signature("misreporting", "L08", ("indicator.",), ("scale", "duplicate", "omit"), ("improvement_payment",)),
    Signature("year_end_timing", "L11", ("acute_actual",), ("shift in time",), ("gain_loss_share",)),
    Signature("related_party", "L16", ("reported_cost",), ("scale",), ("cap_and_collar", "profit_share", "profit_cap")),
    Signature("noise_harvesting", "L18", ("acute_actual",), ("alternate",), ("gain_loss_share",)),
    Signature("prevention_run_off", "L13", ("prevention_spend",), _ANY, ("prevention_floor",)),
)
#: The lever of the same idea, by the law that is broken.
RESEMBLES = {
    "path independence": "L11", "no reward for worse years": "L06", "no more than a pound for a pound": "L19",
    "pay in proportion": "L08", "what is measured can be failed": "L07", "what is left out has a limit": "L04",
    "others supply the denominator": "L04", "one result is paid once": "L19", "choices are made beforehand": "L18",
    "a claim needs another's word": "L19", "a pound is a pound under every name": "L09", "two halves pay as the whole": "L09",
    "a limit binds somewhere": "L08", "what is paid on has another's word": "L08",
    "no reward for doing less": "L07", "no reward behind a loss": "L09",
    "what is earned in advance is used once": "L19", "the mean pays as its swings do": "L06",
}  # fmt: skip


def _bends(signature: Signature, name: str, follows: dict[str, str]) -> bool:
    names = (name, follows.get(name, name))
    return any(n == q or (q.endswith(".") and n.startswith(q)) for n in names for q in signature.quantities)


def named(books: Books, exploit: Exploit) -> Exploit:
    """The exploit with the name of the library's lever that has its signature, or with the one that it resembles."""
    follows = {entry.name: entry.follows for entry in books.contract.inputs if entry.follows}
    kinds = {term.id: term.kind.name for term in books.contract.terms}
    paying = [kinds[clause] for clause in exploit.clauses if clause in kinds]
    for signature in SIGNATURES:
        if (
            exploit.edit in signature.edits
            and all(_bends(signature, name, follows) for name in exploit.quantities)
            and paying
            and all(kind in signature.kinds for kind in paying)
        ):
            return exploit.marked(lever=signature.lever, code=signature.code, resembles=signature.code)
    return exploit.marked(resembles=RESEMBLES.get(exploit.hunt, ""))
