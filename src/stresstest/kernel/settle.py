"""From the record to money: every clause in the contract's order, then what an audit recovers.

A clause gives one number, from payer to payee; the ledger is that number with two parties, so transfers sum to zero by
construction. A figure's number goes to those who read it and moves no money. After the provider has left, its contract
moves no money. A lever that is found out (a uniform of its own stream below its chance in the year) pays back what was
overpaid, with its fine and its fixed penalty: see levers/_lever.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import layout as L
from .._jit import Array, rule, switch_action, switch_amount
from .._lanes import LANES, blank, counted_words, numbered, pick, shared_of, words_of
from ..futures.streams import threefry, unit
from ..levers import LEVERS
from ..levers._lever import amount_recovered, found_chance
from ..terms import TERMS
from .wires import (
    W_AMOUNT,
    W_BINDS,
    W_FIRST_BIND,
    W_FROM,
    W_MOVES,
    W_PAYEE_NET,
    W_PAYEE_RECEIVED,
    W_PAYER_NET,
    W_PAYER_RECEIVED,
    W_PLAIN,
    W_RESETS,
    W_SCALE,
    W_SHOWN_FROM,
    W_SHOWS,
    W_TO,
)

settle_term = switch_amount(tuple(kind.arm for kind in TERMS), "clause")
claim_back = switch_action(tuple(kind.overpaid for kind in LEVERS), "overpaid")
LEVER_RECOVERS = np.array([kind.recovers for kind in LEVERS])


@rule
def open_year(t: int, n: int, constants: Array, sizes: Array, d: Array) -> None:
    """Write the year's constants behind the drivers, and empty the parties' balances."""
    for c in range(constants.shape[1]):
        for i in range(n):
            d[len(L.DRIVERS) + c, i] = constants[t, c]
    blank(d, sizes[1], sizes[2] - sizes[1], n)


@rule
def copy_one(into: Array, to: int, out_of: Array, i: int) -> None:
    """Copy future i of every row into future `to`."""
    for k in range(into.shape[0]):
        into[k, to] = out_of[k, i]


@rule
def settle_alone(kind: int, k: int, row: Array, wire: Array, apart: Any, n: int) -> None:
    """Run clause k future by future where quantities give numbers of its row, which then differ between futures.

    `apart` = (d, memory, money) of the block and of one group, number by number, and those of the group as rows. Each future is
    settled in that group with a row of its own, and its results are copied back.
    """
    d, memory, money, own_d, own_memory, own_money, d_rows, memory_rows, money_rows = apart
    own = np.empty(row.shape[0])
    for j in range(row.shape[0]):
        own[j] = row[j]
    for i in range(n * LANES):
        for b in range(wire[W_BINDS]):
            own[wire[W_FIRST_BIND + 2 * b]] = d[wire[W_FIRST_BIND + 2 * b + 1], i]
        copy_one(own_d, 0, d, i)
        copy_one(own_memory, 0, memory[k], i)
        # one group, by a number that the compiler does not know: a literal 1 has a type of its own, and all clauses would be
        # compiled for it a second time
        settle_term(kind, shared_of(own), d_rows, memory_rows, money_rows, n // n)
        copy_one(d, i, own_d, 0)
        copy_one(memory[k], i, own_memory, 0)
        money[i] = own_money[0]


@rule
def book(wire: Array, d: Array, s: Array, money: Array, n: int) -> None:
    """Scale the amounts, and write them where somebody reads them: clause, balances of payer and payee."""
    if wire[W_SCALE] >= 0:
        for i in range(n):
            money[i] *= d[wire[W_SCALE], i]
    if wire[W_AMOUNT] >= 0:
        for i in range(n):
            d[wire[W_AMOUNT], i] = money[i] * s[L.S_RUNNING, i]
    if wire[W_MOVES] == 1:
        book_balances(wire, d, s, money, n)


@rule
def book_balances(wire: Array, d: Array, s: Array, money: Array, n: int) -> None:
    """Add the amounts to the balances that somebody reads; −1: nobody does."""
    for i in range(n):
        amount = money[i] * s[L.S_RUNNING, i]
        if wire[W_PAYER_NET] >= 0:
            d[wire[W_PAYER_NET], i] -= amount
        if wire[W_PAYEE_NET] >= 0:
            d[wire[W_PAYEE_NET], i] += amount
        if wire[W_PAYER_RECEIVED] >= 0:
            d[wire[W_PAYER_RECEIVED], i] += max(0.0, -amount)
        if wire[W_PAYEE_RECEIVED] >= 0:
            d[wire[W_PAYEE_RECEIVED], i] += max(0.0, amount)


@rule
def stay_silent(wire: Array, d: Array, money: Array, n: int) -> None:
    """A clause out of force pays nothing and shows nothing; what it remembers stays as it is."""
    for i in range(n):
        money[i] = 0.0
    if wire[W_SHOWN_FROM] >= 0:
        blank(d, wire[W_SHOWN_FROM], wire[W_SHOWS], n)


@rule
def settle_clause(
    t: int, n: int, kind: int, k: int, row: Array, wire: Array, d: Array, memory: Array, money: Array, apart: Any
) -> None:
    """Fill money[n] with what clause k moves this year."""
    if wire[W_RESETS] > 0 and t > wire[W_FROM] and (t - wire[W_FROM]) % wire[W_RESETS] == 0:
        blank(memory, 0, memory.shape[0], n)
    if not wire[W_FROM] <= t <= wire[W_TO]:
        stay_silent(wire, d, money, n)
    elif wire[W_BINDS] > 0:
        settle_alone(kind, k, row, wire, apart, n)
    else:
        settle_term(kind, row, d, memory, money, n)


@rule
def settle_year(
    t: int, n: int, kinds: Array, payers: Array, payees: Array, rows: Array, wires: Array, constants: Array, sizes: Array,
    kept: Array, d: Array, s: Array, memory: Array, money: Array, apart: Any, ledger: Array,
) -> None:  # fmt: skip
    """Fill ledger[t, term, n] and add what the provider gets to paid_income, for n groups of futures."""
    open_year(t, n, constants, sizes, d)
    for k in range(kinds.size):
        settle_clause(t, n, kinds[k], k, rows[k, t], wires[k], d, memory[k], money, apart)
        if wires[k, W_PLAIN] == 0:
            book(wires[k], d, s, money, n)
        sign = (1.0 if payees[k] == L.PROVIDER else 0.0) - (1.0 if payers[k] == L.PROVIDER else 0.0)
        moves = 1.0 if wires[k, W_MOVES] == 1 else 0.0
        for i in range(n):
            amount = money[i] * s[L.S_RUNNING, i] if moves == 1.0 else 0.0
            ledger[t, k, i] = amount
            if sign * moves != 0.0:
                d[L.PAID_INCOME, i] += sign * amount
    keep(kept, d, n)


@rule
def keep(kept: Array, d: Array, n: int) -> None:
    """Copy what next year may want to know of this one."""
    for k in range(kept.shape[0]):
        for i in range(n):
            d[kept[k, 1], i] = d[kept[k, 0], i]


@rule
def found_out(first: int, t: int, key: np.ndarray, chance: float) -> bool:
    """Whether the providers of a group, whose first future is `first`, are found out in year t: each future's own uniform lies
    below the chance. Never in future 0."""
    low, high = counted_words(first)
    words = threefry(
        low, high, words_of(t // 4), words_of(0), words_of(key[0]), words_of(key[1]), words_of(key[2]), words_of(key[3])
    )
    return (unit(words[t % 4]) < chance) & (numbered(first) > 0.0)


@rule
def recover_year(
    t: int, first: int, n: int, strategy: np.ndarray, lever_rows: np.ndarray, lever_keys: np.ndarray,
    goals: np.ndarray, edges: np.ndarray, d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int,
) -> None:  # fmt: skip
    """Fill ledger[t, line, n] with what is recovered from the provider, and take it off paid_income."""
    for i in range(n):
        ledger[t, line, i] = 0.0
    for j in range(LEVER_RECOVERS.size):
        if LEVER_RECOVERS[j] and strategy[t, j] != 0.0:
            for i in range(n):
                d[L.AUDIT_CLAIM, i] = 0.0
            claim_back(j, strategy[t, j], t, lever_rows[j], goals[t], edges[t], d, s, p, n)
            chance = found_chance(strategy[t, j], lever_rows[j])
            for i in range(n):
                claimed = amount_recovered(d[L.AUDIT_CLAIM, i], t, lever_rows[j]) * s[L.S_RUNNING, i]
                amount = pick(found_out(first + LANES * i, t, lever_keys[j], chance), claimed, 0.0)
                ledger[t, line, i] += amount
                d[L.PAID_INCOME, i] -= amount
