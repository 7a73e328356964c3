"""A first-order effect in two parts: what an input does itself, and what it does because it goes with others.

With the best sum of functions of single inputs, y ≈ Σ f_i(x_i), fitted to all inputs at once (Li, Rabitz and others 2010):

    structural_i   = Var(f_i) / Var(y)
    correlative_i  = Cov(f_i, Σ over j ≠ i of f_j) / Var(y)

The two add up over all inputs to what the sum explains. A correlative part below 0 means that inputs offset each other. Both are
corrected for chance fit: the residual variance times the trace of the Gram block and the matching block of its inverse, over n.
An input may be several columns. Errors follow from influence functions, in which the fitted functions move with the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .projection import Share, Spread, blocks, critical, solve, standard
from .shapley import Fit

#: Futures that errors are found from.
ERROR_ROWS = 16_384


@dataclass(frozen=True)
class Component:
    """An input's part in one result."""

    player: str
    structural: Share
    correlative: Share

    @property
    def total(self) -> float:
        """Both parts."""
        return self.structural.value + self.correlative.value


def components(own: Fit, result: str) -> list[Component]:
    """Structural and correlative parts of every player, from a fit's main effects and what a player's own factors do together."""
    k = own.moments.results.index(result)
    gram, products, _ = own.moments.centred()
    basis = own.basis
    single = (basis.owners & (basis.owners - 1)) == 0
    solved, kept = solve(gram, products[:, [k]], basis.within(own.size) & single)
    beta, held, owner = solved[kept, 0], gram[np.ix_(kept, kept)], basis.owners[kept]
    inverse = np.linalg.inv(held) if kept.size else np.zeros((0, 0))
    n, fitted = own.moments.n, float(beta @ products[kept, k])
    noise = max(0.0, 1.0 - fitted) / max(1.0, n - kept.size - 1.0)
    parts = np.array([owner == 1 << i for i in range(len(basis.players))]) * beta
    shared = parts @ held @ parts.T
    chance = _traces(held, inverse, parts != 0.0) * noise
    found = shared - chance
    spread = _spread(own, result, kept, parts, held, inverse, shared)
    errors = np.sqrt(np.maximum(0.0, np.diag(spread.covariance())))
    multiple, count = critical(own.cases), len(parts)
    return [
        Component(
            name, Share.of(found[i, i], errors[i], multiple),
            Share.of(found[i].sum() - found[i, i], errors[count + i], multiple),
        )
        for i, name in enumerate(basis.players)
    ]  # fmt: skip


def _traces(held: np.ndarray, inverse: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """trace(Gram_ij · inverse_ji) for every two players, given whose columns are whose [players, columns]."""
    own = mine.astype(np.float64)
    return np.asarray(own @ (held * inverse.T) @ own.T)


def _spread(
    own: Fit, result: str, kept: np.ndarray, parts: np.ndarray, held: np.ndarray, inverse: np.ndarray, shared: np.ndarray
) -> Spread:
    """Influence of each future on the structural, then the correlative parts."""
    y = standard(own.cases, [result])[:, 0]
    total, p = own.moments.sums.sum(axis=0), own.moments.columns
    middle = (total[p, :p] / total[p, p])[kept]
    mine = parts != 0.0
    rest = parts.sum(axis=0) - parts
    structural = inverse @ (2.0 * mine * (parts @ held)).T
    correlative = inverse @ (mine * (rest @ held) + ~mine * (parts @ held)).T
    a, b = np.diag(shared), shared.sum(axis=1) - np.diag(shared)
    spread = Spread(own.cases, 2 * len(parts))
    basis = own.basis.part(kept)
    for block in blocks(own.cases, ERROR_ROWS):
        x = basis.design(own.cases, block) - middle
        each = x @ parts.T
        other, square = each.sum(axis=1, keepdims=True) - each, y[block, None] ** 2
        left = y[block, None] - each.sum(axis=1, keepdims=True)
        influence = np.hstack([
            left * (x @ structural) + each**2 - a * square, left * (x @ correlative) + each * other - b * square,
        ])  # fmt: skip
        spread.add(influence, own.cases.weight[block], block)
    return spread
