"""Laws of measures: order, parts, names and the scale of weights do not matter, in any sampling design."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference import estimates as slow
from stresstest.measures import stream
from stresstest.measures.designs import Design
from stresstest.measures.estimates import describe
from stresstest.measures.stream import Column, Piece

pytestmark = pytest.mark.law

values = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False) | st.just(0.0), min_size=20, max_size=300).map(np.array)
weighing = st.sampled_from(["one", "drawn", "some nothing"])
kinds = st.sampled_from(["independent", "pairs", "lhs", "importance", "stratified"])
DESIGNS = {
    "independent": (Design(), lambda n: np.zeros(n, dtype=np.int64)),
    "pairs": (Design("random", 1, True), lambda n: np.arange(n) // 2),
    "lhs": (Design("lhs", 5), lambda n: np.arange(n) % 5),
    "importance": (Design("importance", 4), lambda n: np.arange(n) % 4),
    "stratified": (Design("stratified"), lambda n: np.arange(n) * 7 % 13),
}


def weights_of(kind, n):
    """Weights of n futures, whole numbers of sixteenths so that sums are exact in any order."""
    drawn = np.random.default_rng(n).integers(0 if kind == "some nothing" else 1, 40, n) / 16.0
    return np.ones(n) if kind == "one" else drawn + (1.0 / 16.0 if drawn.sum() == 0 else 0.0)


def column(x, w, g, design, parts=1):
    """A column in parts."""
    whole = Piece(x, w, g)
    pieces = [whole.cut(rows) for rows in np.array_split(np.arange(x.size), parts)]
    return Column(lambda: iter(pieces), design=design)


def agree(one, two, scale, factor=1.0):
    """Whether two descriptions are the same to rounding; a spread is a root, which doubles the digits lost."""
    for a, b in zip(one, two, strict=True):
        for field in ("value", "error", "low", "high"):
            x, y = factor * getattr(a, field), getattr(b, field)
            lost = 1e-5 if a.statistic == "sd" or field != "value" else 1e-9
            same = (math.isnan(x) and math.isnan(y)) or y == pytest.approx(x, rel=1e-6, abs=lost * scale)
            assert same, (a.statistic, field, x, y)


def size_of(x):
    """The largest amount, at least 1."""
    return max(1.0, float(np.abs(x).max()))


@given(values, st.permutations(range(7)), st.booleans())
def test_swapping_futures_changes_nothing(held, order, bad):
    """Futures in another order give the same quantiles exactly, and the same sums to rounding."""
    pieces = np.array_split(held, 7)
    other = np.concatenate([pieces[k][::-1] for k in order])
    one, two = (
        {e.statistic: e.value for e in describe(Column.of(x), bad) if e.statistic != "central"} for x in (held, other)
    )
    for name, value in one.items():
        exact = name.startswith("p") and name[1].isdigit()
        assert two[name] == value if exact else two[name] == pytest.approx(value, abs=1e-9 * size_of(held))


@given(values, kinds, weighing, st.booleans(), st.randoms(use_true_random=False))
def test_swapping_futures_of_one_group_changes_nothing(held, kind, weighing, bad, chance):
    """In every design, futures that change places with others of their group leave values, errors and intervals alone."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    order = np.arange(held.size)
    for group in np.unique(g):
        own = np.flatnonzero(g == group).tolist()
        chance.shuffle(own)
        order[np.flatnonzero(g == group)] = own
    one = describe(column(held, w, g, design), bad)
    agree(one, describe(column(held[order], w[order], g[order], design), bad), size_of(held))


@given(values, kinds, weighing, st.integers(2, 9), st.booleans())
def test_parts_do_not_matter(held, kind, weighing, parts, bad):
    """A column in any number of parts has the statistics, errors and intervals of the whole, in every design."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    one = describe(column(held, w, g, design), bad)
    agree(one, describe(column(held, w, g, design, parts), bad), size_of(held))


@settings(max_examples=40)
@given(values, kinds, weighing, st.booleans())
def test_a_column_that_is_not_held_is_described_alike(held, kind, weighing, bad):
    """A column too long to be held has the same statistics, errors and intervals."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    one = describe(column(held, w, g, design, 5), bad)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "GATHER", 7)
        agree(one, describe(column(held, w, g, design, 5), bad), size_of(held))


@given(values, kinds, weighing, st.sampled_from([0.125, 2.0, 1024.0]), st.booleans())
def test_the_scale_of_weights_does_not_matter(held, kind, weighing, factor, bad):
    """All weights times one number: values, errors and intervals stay."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    one = describe(column(held, w, g, design), bad)
    agree(one, describe(column(held, factor * w, g, design), bad), size_of(held))


@given(values, kinds, weighing, st.sampled_from([0.5, 4.0]))
def test_the_unit_does_not_matter(held, kind, weighing, factor):
    """In another unit, values, errors and intervals of sums and tails are those in the first one, converted."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    one, two = (
        [e for e in describe(column(x, w, g, design), True) if e.statistic != "probability_negative"]
        for x in (held, factor * held)
    )
    agree(one, two, factor * size_of(held), factor)


@given(values, st.integers(1, 9), st.booleans())
def test_weight_one_is_no_weight(held, parts, bad):
    """With weight 1 every value is, to the last bit, what it was worked out to be before there were weights."""
    pieces = np.array_split(held, parts)
    found = {e.statistic: e.value for e in describe(Column(lambda: iter(pieces)), bad)}
    for name, value in slow.before_weights(pieces, bad).items():
        assert found[name] == value, name


@given(values, st.integers(2, 4))
def test_a_whole_weight_is_so_many_futures(held, times):
    """A future that weighs 3 stands for three: values are those of a column that holds it three times."""
    w = np.ones(held.size)
    w[::3] = times
    one = {e.statistic: e.value for e in describe(Column.of(held, w), True)}
    two = {e.statistic: e.value for e in describe(Column.of(np.repeat(held, w.astype(int))), True)}
    for name in ("mean", "cte95", "cte99", "probability_negative"):
        assert one[name] == pytest.approx(two[name], rel=1e-6, abs=1e-7 * size_of(held)), name
    for name in ("p2.5", "p50", "p90", "p99"):
        assert one[name] == two[name], name


@given(values)
def test_the_other_side_is_the_mirror(held):
    """The worst of −x where low is bad is minus the worst of x where high is bad, interval and all.

    Where the tail is a whole number of futures its edge is either of two values, and errors then follow the edge.
    """
    assume(held.size % 20)
    one, two = ({e.statistic: e for e in describe(Column.of(x), bad)} for x, bad in ((held, True), (-held, False)))
    for name in ("mean", "cte95", "cte99"):
        a, b = one[name], two[name]
        assert b.value == pytest.approx(-a.value, abs=1e-8 * size_of(held))
        assert b.error == pytest.approx(a.error, rel=1e-5, abs=1e-5 * size_of(held))
        if not math.isnan(a.high):
            assert b.low == pytest.approx(-a.high, rel=1e-5, abs=1e-5 * size_of(held))


@given(values, kinds, weighing)
def test_statistics_stand_in_order(held, kind, weighing):
    """Quantiles rise, the tail lies beyond its quantile, values within the range, and every interval holds its value."""
    design, groups_of = DESIGNS[kind]
    w, g = weights_of(weighing, held.size), groups_of(held.size)
    described = describe(column(held, w, g, design), True)
    found = {e.statistic: e.value for e in described}
    quantiles = [found[f"p{100 * p:g}"] for p in (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)]
    assert quantiles == sorted(quantiles)
    slack = 1e-9 * size_of(held)
    assert found["p95"] - slack <= found["cte95"] <= found["cte99"] + slack <= held.max() + 2 * slack
    assert held.min() - slack <= found["mean"] <= held.max() + slack
    assert all(not e.low > e.value and not e.high < e.value for e in described)
