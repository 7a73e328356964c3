"""Rows of the tables that a reader opens: what was found, in words and numbers that fit a cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from .books import Books
from .exploits import Exploit, pv
from .mends import mend


def present_value(books: Books, exploit: Exploit, rate: float) -> np.ndarray:
    """float64[cases]: the exploit's gain as a present value (£); undiscounted where its books were not kept."""
    if not exploit.change:
        return exploit.gain
    return pv((books.pay([exploit.change]).net - books.honest.net)[0], rate)


def loophole_row(books: Books, exploit: Exploit, rate: float) -> dict[str, Any]:
    """One exploit of the wording: gains as present values, the repair and what it leaves."""
    gain, repair = present_value(books, exploit, rate), mend(books, exploit, rate)
    low, middle, high = np.quantile(gain, (0.05, 0.5, 0.95))
    error = float(gain.std(ddof=1) / np.sqrt(gain.size)) if gain.size > 1 else 0.0
    return {
        "kind": "named" if exploit.lever else "unnamed", "lever": exploit.lever, "resembles": exploit.resembles,
        "hunt": exploit.hunt, "edit": exploit.edit, "quantities": exploit.quantities, "clauses": exploit.clauses,
        "regime": exploit.regime, "grade": exploit.grade, "gain_mean_gbp": float(gain.mean()), "gain_error_gbp": error,
        "gain_p5_gbp": float(low), "gain_p50_gbp": float(middle), "gain_p95_gbp": float(high),
        "probability_worthwhile": float((gain > 0.0).mean()), "how": exploit.how, "sentence": exploit.sentence,
        "also": exploit.also, "fix": repair.words, "fix_changes": repair.changes, "residual_gain_mean_gbp": repair.residual,
        "residual_error_gbp": repair.residual_error, "fix_cost_honest_gbp": -repair.honest_change,
        "books": books.origin, "cases": books.cases,
    }  # fmt: skip


def loopholes_as_text(rows: list[dict[str, Any]], coin: str = "£") -> str:
    """The loopholes for a terminal: one paragraph each, unnamed ones marked."""
    if not rows:
        return "No edit of the contract's own inputs pays: nothing was found.\n"
    lines = []
    for row in rows:
        name = "UNNAMED" if row["kind"] == "unnamed" else row["lever"]
        near = f", like {row['resembles']}" if row["kind"] == "unnamed" and row["resembles"] else ""
        lines.append(
            f"{name}{near}: {row['sentence']}\n"
            f"    gain {coin}{row['gain_mean_gbp']:,.0f} ± {row['gain_error_gbp']:,.0f} over the term "
            f"({row['how']}; {row['regime']}); grade {row['grade']}\n"
            f"    through {', '.join(row['clauses'])}; by {', '.join(row['quantities'])}\n"
            f"    repair: {row['fix']}{_left(row, coin)}"
        )
        if row["also"]:
            lines.append(f"    the same hole also opens by: {'; '.join(row['also'])}")
    return "\n".join(lines) + "\n"


def _left(row: dict[str, Any], coin: str) -> str:
    """What a repair that was carried out leaves, in brackets."""
    if not row["fix_changes"]:
        return ""
    return f" ({', '.join(row['fix_changes'])}: leaves {coin}{row['residual_gain_mean_gbp']:,.0f})"
