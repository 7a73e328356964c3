"""From the record to money: every clause in the contract's order, then what an audit recovers.

A clause gives one number, from payer to payee; the ledger is that number with two parties, so transfers sum to zero by
construction. A figure's number goes to those who read it and moves no money. After the provider has left, its contract
moves no money. A lever that is found out (a uniform of its own stream below its chance in the year) pays back what was
overpaid, with its fine and its fixed penalty: see levers/_lever.py.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import Array, rule, switch_action, switch_amount
from ..futures.random_points import HIGH_WORD, LOW_WORD
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
    for k in range(sizes[1], sizes[2]):
        for i in range(n):
            d[k, i] = 0.0


@rule
def give_numbers(own: Array, wire: Array, d: Array, i: int) -> None:
    """Write the numbers that quantities give into future i's own row."""
    for b in range(wire[W_BINDS]):
        own[wire[W_FIRST_BIND + 2 * b]] = d[wire[W_FIRST_BIND + 2 * b + 1], i]


@rule
def settle_clause(kind: int, row: Array, wire: Array, d: Array, memory: Array, money: Array, n: int) -> None:
    """Run a clause for futures 0 … n − 1: at one go, or one by one where quantities give numbers of its row.

    There is one call of `settle_term` for both, because the compiler writes out the whole register at every call.
    """
    own, step = row, n
    if wire[W_BINDS] > 0:
        own, step = row.copy(), 1
    for i in range(0, n, step):
        if step == 1:
            give_numbers(own, wire, d, i)
        settle_term(kind, own, d, memory, money, i, i + step)


@rule
def add_to(d: Array, k: int, i: int, amount: float) -> None:
    """Add to a row of d that somebody reads; −1: nobody does."""
    if k >= 0:
        d[k, i] += amount


@rule
def book(wire: Array, d: Array, s: Array, money: Array, i: int) -> None:
    """Scale the amount of future i, and write it where somebody reads it: clause, balances of payer and payee."""
    if wire[W_SCALE] >= 0:
        money[i] *= d[wire[W_SCALE], i]
    amount = money[i] * s[L.S_RUNNING, i]
    if wire[W_AMOUNT] >= 0:
        d[wire[W_AMOUNT], i] = amount
    if wire[W_MOVES] == 1:
        add_to(d, wire[W_PAYER_NET], i, -amount)
        add_to(d, wire[W_PAYEE_NET], i, amount)
        add_to(d, wire[W_PAYER_RECEIVED], i, max(0.0, -amount))
        add_to(d, wire[W_PAYEE_RECEIVED], i, max(0.0, amount))


@rule
def stay_silent(wire: Array, d: Array, money: Array, n: int) -> None:
    """A clause out of force pays nothing and shows nothing; what it remembers stays as it is."""
    for i in range(n):
        money[i] = 0.0
    if wire[W_SHOWN_FROM] >= 0:
        for k in range(wire[W_SHOWS]):
            for i in range(n):
                d[wire[W_SHOWN_FROM] + k, i] = 0.0


@rule
def settle_year(
    t: int, n: int, kinds: Array, payers: Array, payees: Array, rows: Array, wires: Array, constants: Array, sizes: Array,
    kept: Array, d: Array, s: Array, memory: Array, money: Array, ledger: Array,
) -> None:  # fmt: skip
    """Fill ledger[t, term, :n] and add what the provider gets to paid_income."""
    open_year(t, n, constants, sizes, d)
    for k in range(kinds.size):
        if wires[k, W_RESETS] > 0 and t > wires[k, W_FROM] and (t - wires[k, W_FROM]) % wires[k, W_RESETS] == 0:
            empty(memory[k], n)
        if wires[k, W_FROM] <= t <= wires[k, W_TO]:
            settle_clause(kinds[k], rows[k, t], wires[k], d, memory[k], money, n)
        else:
            stay_silent(wires[k], d, money, n)
        if wires[k, W_PLAIN] == 0:
            for i in range(n):
                book(wires[k], d, s, money, i)
        sign = 0.0
        if payees[k] == L.PROVIDER:
            sign += 1.0
        if payers[k] == L.PROVIDER:
            sign -= 1.0
        if wires[k, W_MOVES] == 0:
            for i in range(n):
                ledger[t, k, i] = 0.0
            continue
        for i in range(n):
            amount = money[i] * s[L.S_RUNNING, i]
            ledger[t, k, i] = amount
            d[L.PAID_INCOME, i] += sign * amount
    keep(kept, d, n)


@rule
def empty(numbers: Array, n: int) -> None:
    """Set numbers[:, :n] to 0."""
    for k in range(numbers.shape[0]):
        for i in range(n):
            numbers[k, i] = 0.0


@rule
def keep(kept: Array, d: Array, n: int) -> None:
    """Copy what next year may want to know of this one."""
    for k in range(kept.shape[0]):
        for i in range(n):
            d[kept[k, 1], i] = d[kept[k, 0], i]


@rule
def found_out(future: int, t: int, key: np.ndarray, chance: float) -> bool:
    """Whether this future's provider is found out in year t: its own uniform lies below the chance. Never in future 0."""
    if future == 0:
        return False
    number = np.uint64(future)
    words = threefry(
        number & LOW_WORD, number >> HIGH_WORD, np.uint64(t // 4), np.uint64(0), key[0], key[1], key[2], key[3]
    )
    return unit(words[t % 4]) < chance


@rule
def recover_year(
    t: int, first: int, n: int, strategy: np.ndarray, lever_rows: np.ndarray, lever_keys: np.ndarray,
    goals: np.ndarray, edges: np.ndarray, d: np.ndarray, s: np.ndarray, p: np.ndarray, ledger: np.ndarray, line: int,
) -> None:  # fmt: skip
    """Fill ledger[t, line, :n] with what is recovered from the provider, and take it off paid_income."""
    for i in range(n):
        ledger[t, line, i] = 0.0
    for j in range(LEVER_RECOVERS.size):
        if LEVER_RECOVERS[j] and strategy[t, j] != 0.0:
            for i in range(n):
                d[L.AUDIT_CLAIM, i] = 0.0
            claim_back(j, strategy[t, j], t, lever_rows[j], goals[t], edges[t], d, s, p, n)
            chance = found_chance(strategy[t, j], lever_rows[j])
            for i in range(n):
                if found_out(first + i, t, lever_keys[j], chance):
                    amount = amount_recovered(d[L.AUDIT_CLAIM, i], t, lever_rows[j]) * s[L.S_RUNNING, i]
                    ledger[t, line, i] += amount
                    d[L.PAID_INCOME, i] -= amount
