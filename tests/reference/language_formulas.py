"""Formulas drawn by chance: every operation, with and without parentheses, also where there is no value."""

from __future__ import annotations

import ast

import numpy as np

CALLS = {
    "min": (2, 3), "max": (2, 3), "abs": (1, 1), "clip": (3, 3), "ratio": (2, 2), "floor": (1, 1), "round": (1, 1),
    "sqrt": (1, 1), "exp": (1, 1), "log": (1, 1),
}  # fmt: skip
NUMBERS = ("0", "1", "2", "0.5", "3", "-1", "10", "0.25", "1e3", "1e300")
MOST_STEPS = 20


def one_of(rng: np.random.Generator, options: object) -> str:
    """One of several texts."""
    texts = list(options)  # type: ignore[call-overload]
    return str(texts[int(rng.integers(len(texts)))])


def drawn_formula(rng: np.random.Generator, names: list[str]) -> str:
    """A formula over these names that is short enough for one figure."""
    while True:
        text = comparison(rng, names, 3) if rng.random() < 0.6 else number(rng, names, 3)
        steps = sum(isinstance(node, ast.expr) for node in ast.walk(ast.parse(text, mode="eval")))
        if 1 < steps <= MOST_STEPS:
            return text


def number(rng: np.random.Generator, names: list[str], depth: int) -> str:
    """A sum, a sign, a call or a choice between two."""
    kind = rng.random() if depth > 0 else 1.0
    if kind < 0.45:
        left, right = number(rng, names, depth - 1), number(rng, names, depth - 1)
        text = f"{left} {one_of(rng, ('+', '-', '*', '/', '**'))} {right}"
        return text if rng.random() < 0.5 else f"({text})"
    if kind < 0.52:
        return f"-{number(rng, names, depth - 1)}"
    if kind < 0.72:
        call = one_of(rng, CALLS)
        least, most = CALLS[call]
        given = [number(rng, names, depth - 1) for _ in range(int(rng.integers(least, most + 1)))]
        return f"{call}({', '.join(given)})"
    if kind < 0.85:
        return f"({comparison(rng, names, depth)})"
    return one_of(rng, names) if rng.random() < 0.6 else one_of(rng, NUMBERS)


def comparison(rng: np.random.Generator, names: list[str], depth: int) -> str:
    """A comparison, what joins comparisons, or an `if`."""
    kind = rng.random() if depth > 1 else 0.0
    if kind < 0.35:
        sign = one_of(rng, ("<", "<=", ">", ">=", "==", "!="))
        return f"{number(rng, names, depth - 1)} {sign} {number(rng, names, depth - 1)}"
    if kind < 0.5:
        return f"not {number(rng, names, depth - 1)}"
    if kind < 0.75:
        sides = [number(rng, names, depth - 1), f"({comparison(rng, names, depth - 1)})", number(rng, names, depth - 2)]
        return f" {one_of(rng, ('and', 'or'))} ".join(sides[: int(rng.integers(2, 4))])
    left, right = number(rng, names, depth - 1), number(rng, names, depth - 1)
    return f"{left} if ({comparison(rng, names, depth - 1)}) else {right}"
