"""The tree's leaves as boxes: they part the cases, say what the tree says, and find a planted corner."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import ConfigError
from stresstest.methods.cases import Cases
from stresstest.methods.prim_checks import jaccard
from stresstest.methods.tree import Leaf, failing_leaves, leaves, union

pytestmark = pytest.mark.unit


def made(weighted=False):
    """A corner of two factors of five, and weights if asked."""
    draw = np.random.default_rng(6)
    x = draw.uniform(size=(5, 3000))
    corner = (x[1] > 0.6) & (x[3] < 0.5)
    y = (draw.uniform(size=3000) < np.where(corner, 0.9, 0.1)).astype(float)
    weight = np.exp(0.5 * draw.normal(size=3000)) if weighted else None
    return Cases.of({f"x{k}": x[k] for k in range(5)}, {"y": y}, weight), corner


@pytest.mark.parametrize("weighted", [False, True])
def test_leaves_part_the_cases(weighted):
    """Every case lies in exactly one leaf, and each leaf's mass and density are those of its box."""
    cases, _ = made(weighted)
    grown = leaves(cases, "y")
    inside = np.array([leaf.box.inside(cases) for leaf in grown])
    assert np.all(inside.sum(axis=0) == 1)
    assert 2 <= len(grown) <= 8
    for leaf, own in zip(grown, inside, strict=True):
        weight = cases.weight[own]
        assert leaf.mass == pytest.approx(weight.sum() / cases.weight.sum())
        assert leaf.density == pytest.approx(weight @ cases.result("y")[own] / weight.sum())
        assert leaf.mass >= 0.02


def test_the_failing_leaves_are_the_corner():
    """The leaves chosen by Youden's index hold nearly the planted corner and nothing else."""
    cases, corner = made()
    chosen = failing_leaves(leaves(cases, "y"), float(cases.result("y").mean()))
    assert jaccard(cases, union([leaf.box for leaf in chosen], cases), corner) > 0.95


def test_leaves_do_not_change_with_a_bent_factor():
    """The same cases share a leaf when a factor is put through an increasing function."""
    cases, _ = made()
    bent = Cases.of({name: np.exp(9 * cases.values(name)) for name in cases.names}, cases.results)
    for one, two in zip(leaves(cases, "y"), leaves(bent, "y"), strict=True):
        np.testing.assert_array_equal(one.box.inside(cases), two.box.inside(bent))


def test_no_leaf_fails_where_none_is_denser():
    """Leaves all as dense as the whole give an empty choice; dense ones are taken in order."""
    box = leaves(made()[0], "y")[0].box
    assert failing_leaves([Leaf(box, 0.3, 0.5), Leaf(box, 0.3, 0.5)], 0.3) == []
    taken = failing_leaves([Leaf(box, 0.9, 0.2), Leaf(box, 0.5, 0.3), Leaf(box, 0.1, 0.5)], 0.38)
    assert [leaf.density for leaf in taken] == [0.9, 0.5]


def test_one_class_only_is_refused():
    """A tree has nothing to part where nothing fails."""
    with pytest.raises(ConfigError, match="nothing fails"):
        leaves(Cases.of({"x": np.arange(9.0)}, {"y": np.zeros(9)}), "y")
