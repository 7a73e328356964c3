"""A second opinion on where failures lie: a classification tree with few leaves, each leaf a box.

Source: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees; Lempert, Bryant and Bankes (2008), RAND
WR-557, for the use of its leaves beside PRIM. The tree is grown on the numbers of the levels, so that it does not change when a
factor is put through any increasing function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .box import Box, Limit
from .cases import Cases
from .prim import require_both

MOST_LEAVES = 8
LEAST_LEAF = 0.02


@dataclass(frozen=True)
class Leaf:
    """A leaf as a box, with the share of its weight that fails and its share of all weight, where the tree was grown."""

    box: Box
    density: float
    mass: float


def leaves(cases: Cases, result: str, most: int = MOST_LEAVES, least: float = LEAST_LEAF) -> list[Leaf]:
    """The leaves of a tree of at most `most`, each of at least the share `least` of the weight, the densest first.

    Errors: ConfigError where nothing or everything fails.
    """
    from sklearn.tree import DecisionTreeClassifier

    require_both(cases, result)
    tree = DecisionTreeClassifier(max_leaf_nodes=most, min_weight_fraction_leaf=least, random_state=0)
    tree.fit(cases.codes.T.astype(np.float32), cases.result(result) > 0.5, sample_weight=cases.weight)
    spans = [(0, levels.size - 1) for levels in cases.levels]
    found = _below(tree.tree_, 0, spans, cases, float(cases.weight.sum()))
    return sorted(found, key=lambda leaf: -leaf.density)


def _below(tree: Any, node: int, spans: list[tuple[int, int]], cases: Cases, total: float) -> list[Leaf]:
    """The leaves below a node, whose cases lie between the level numbers `spans` of each factor."""
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left == right:
        limits = (_limit(cases, k, span) for k, span in enumerate(spans))
        failing = float(tree.value[node][0][1] / tree.value[node][0].sum())
        return [Leaf(Box(tuple(one for one in limits if one.sides)), failing, float(tree.weighted_n_node_samples[node]) / total)]
    k, cut = int(tree.feature[node]), int(np.floor(tree.threshold[node]))
    low, high = spans[k]
    found = []
    for child, span in ((left, (low, min(high, cut))), (right, (max(low, cut + 1), high))):
        found += _below(tree, child, [*spans[:k], span, *spans[k + 1 :]], cases, total)
    return found


def _limit(cases: Cases, k: int, span: tuple[int, int]) -> Limit:
    """Level numbers as a limit in the factor's own unit."""
    levels = cases.levels[k]
    low = float(levels[span[0]]) if span[0] > 0 else -np.inf
    high = float(levels[span[1]]) if span[1] < levels.size - 1 else np.inf
    return Limit(cases.names[k], low, high)


def failing_leaves(grown: list[Leaf], base: float) -> list[Leaf]:
    """The densest leaves that together have the largest Youden index, `base` being the share of all weight that fails."""
    best, worth, hits, mass = 0, 0.0, 0.0, 0.0
    for number, leaf in enumerate(grown, start=1):
        hits, mass = hits + leaf.density * leaf.mass, mass + leaf.mass
        now = hits / base - (mass - hits) / (1.0 - base)
        if now > worth + 1e-12:
            best, worth = number, now
    return grown[:best]


def union(boxes: list[Box], cases: Cases) -> np.ndarray:
    """bool[n]: inside any of the boxes."""
    found = np.zeros(cases.n, dtype=bool)
    for box in boxes:
        found |= box.inside(cases)
    return found
