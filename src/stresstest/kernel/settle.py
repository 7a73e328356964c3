"""From the record to money: every clause in the contract's order, then what an audit recovers.

A clause gives one number, from payer to payee; the ledger is that number with two parties, so transfers sum to zero by
construction. After the provider has left, its contract moves no money. A lever that is found out (a uniform of its own
stream below its detection chance) pays back what was overpaid, with its fine: (1 + fine) · claim.
"""

from __future__ import annotations

import numpy as np

from .. import layout as L
from .._jit import rule, switch_action, switch_amount
from ..futures.design import HIGH_WORD, LOW_WORD
from ..futures.streams import threefry, unit
from ..levers import LEVERS
from ..levers._lever import ROW_DETECTION, ROW_FINE
from ..terms import TERMS

settle_term = switch_amount(tuple(kind.arm for kind in TERMS), "clause")
claim_back = switch_action(tuple(kind.overpaid for kind in LEVERS), "overpaid")
LEVER_RECOVERS = np.array([kind.recovers for kind in LEVERS])


@rule
def settle_year(
    t: int, n: int, kinds: np.ndarray, payers: np.ndarray, payees: np.ndarray, rows: np.ndarray, d: np.ndarray,
    s: np.ndarray, memory: np.ndarray, money: np.ndarray, ledger: np.ndarray,
) -> None:  # fmt: skip
    """Fill ledger[t, term, :n] and add what the provider gets to paid_income."""
    for k in range(kinds.size):
        settle_term(kinds[k], rows[k, t], d, memory[k], money, n)
        sign = 0.0
        if payees[k] == L.PROVIDER:
            sign += 1.0
        if payers[k] == L.PROVIDER:
            sign -= 1.0
        for i in range(n):
            amount = money[i] * s[L.S_RUNNING, i]
            ledger[t, k, i] = amount
            d[L.PAID_INCOME, i] += sign * amount


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
            for i in range(n):
                if found_out(first + i, t, lever_keys[j], lever_rows[j, ROW_DETECTION]):
                    amount = (1.0 + lever_rows[j, ROW_FINE]) * d[L.AUDIT_CLAIM, i] * s[L.S_RUNNING, i]
                    ledger[t, line, i] += amount
                    d[L.PAID_INCOME, i] -= amount
