"""How a clause is tied to the quantities: one row of integers for each clause, in the order of the names below.

    in force     first and last year (from 0)
    moves        1 where the clause moves money, 0 for a figure
    plain        1 where nothing else below is used, so that the kernel can skip it
    amount       row of d that takes the amount, −1: nobody reads it
    scale        row of d that multiplies the amount, −1: none
    shows, from  how many figures the clause shows, and the row of d of the first, −1: nobody reads them
    balances     rows of d: net and received of the payer, net and received of the payee, −1: nobody reads them
    resets       years after which what the clause remembers starts anew, 0: never
    binds        how many numbers of the clause's row a quantity gives, then (slot, row of d) for each
"""

from __future__ import annotations

from typing import Any

from .. import layout as L

WIRES = (
    "from", "to", "moves", "plain", "amount", "scale", "shows", "shown_from", "payer_net", "payer_received", "payee_net",
    "payee_received", "resets", "binds",
)  # fmt: skip
(
    W_FROM, W_TO, W_MOVES, W_PLAIN, W_AMOUNT, W_SCALE, W_SHOWS, W_SHOWN_FROM, W_PAYER_NET, W_PAYER_RECEIVED, W_PAYEE_NET,
    W_PAYEE_RECEIVED, W_RESETS, W_BINDS,
) = range(len(WIRES))  # fmt: skip
W_FIRST_BIND = len(WIRES)


def wire_row(term: Any, years: int, rows: dict[str, int], binds: list[tuple[int, int]]) -> list[int]:
    """The integers of one clause (a contract's Term). The provider's net is kept by the settlement itself."""
    amount = rows.get(term.id, -1)
    if amount in range(len(L.DRIVERS)):
        amount = -1
    shown = [rows.get(f"{term.id}.{figure.name}", -1) for figure in term.kind.shows]
    balances = [
        rows.get(f"{balance}.{party}", -1) for party in (term.payer, term.payee) for balance in ("net", "received")
    ]
    balances = [-1 if row == L.PAID_INCOME else row for row in balances]
    if not term.kind.moves:
        balances = [-1] * 4
    scale = rows[term.scaled_by] if term.scaled_by else -1
    first, last = term.start, min(term.end, years - 1)
    plain = amount < 0 and scale < 0 and max(balances) < 0 and not binds and (first, last) == (0, years - 1)
    row = [first, last, int(term.kind.moves), int(plain), amount, scale, len(shown), shown[0] if shown else -1, *balances]
    return [*row, term.resets_every, len(binds), *(number for bind in binds for number in bind)]
