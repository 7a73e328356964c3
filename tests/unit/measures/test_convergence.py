"""The convergence block: prefixes that suit the design, order-statistic bounds, and what weights cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_run import make_run

from stresstest.measures.convergence import DOUBLED, convergence_rows, subsets
from stresstest.measures.designs import Design
from stresstest.measures.estimates import Wanted, estimate
from stresstest.measures.headline import of_folder
from stresstest.measures.intervals import order_statistics
from stresstest.measures.stream import Column

pytestmark = pytest.mark.unit

COLUMNS = ["block", "measure", "futures", "value", "error", "low", "high", "note"]


def run(tmp_path, kind, futures=4096, weights="drawn"):
    """A run of a design and its rows by block."""
    made = make_run(tmp_path, futures, 2, weights, {"kind": kind, "replicates": 16, "antithetic": False}, years=False)
    rows = convergence_rows(made.folder, "calibrated", "honest")
    assert all(list(row) == COLUMNS for row in rows)
    return made, {block: [row for row in rows if row["block"] == block] for block in ("doubling", "tails", "weights")}


def sizes(design, n=4096):
    """(futures, note) of every subset of n futures."""
    column = Column.of(np.arange(float(n)), None, np.arange(n) % max(1, design.replicates), design)
    found = [(futures, note) for futures, part, note in subsets(column) if sum(p.values.size for p in part) == futures]
    return [futures for futures, _ in found], found[-1][1]


@pytest.mark.parametrize(
    ("design", "futures", "note"),
    [
        (Design(), [4096, 2048, 1024], "first futures"),
        (Design("random", 1, True), [4096, 2048, 1024], "first pairs"),
        (Design("sobol", 16), [4096, 2048, 1024], "first points of each of 16 nets"),
        (Design("importance", 16), [4096, 2048, 1024], "first points of each of 16 pairs of nets"),
        (Design("stratified"), [4096, 2048, 1024], "by cells in their shares"),
        (Design("lhs", 16), [4096, 2048, 1024], "4 of 16 Latin hypercubes, whole: a hypercube has no prefix"),
        (Design("lhs", 4), [4096, 2048], "2 of 4 Latin hypercubes"),
        (Design("sobol", 48), [4096, 2016, 1008], "first points of each of 48 nets"),
    ],
)  # fmt: skip
def test_prefixes_suit_the_design(design, futures, note):
    """Half as many futures again and again, down to about a thousand: first futures, whole pairs, points or hypercubes."""
    found, last = sizes(design)
    assert found == futures
    assert note in last


def test_few_futures_are_not_halved():
    """Of 1,500 futures there is the whole only."""
    assert sizes(Design(), 1500) == ([1500], "all futures")


def test_doubling_states_each_headline_measure(tmp_path):
    """The first row of each measure is that of the whole run; errors fall as futures double."""
    made, rows = run(tmp_path, "random")
    for name in DOUBLED:
        own = [row for row in rows["doubling"] if row["measure"] == name]
        assert [row["futures"] for row in own] == [4096, 2048, 1024]
        whole = of_folder(name, made.folder, "calibrated")
        assert (own[0]["value"], own[0]["error"], own[0]["low"], own[0]["high"]) == (
            whole.value, whole.error, whole.low, whole.high,
        )  # fmt: skip
        assert own[-1]["error"] > 1.2 * own[0]["error"]
        assert all(row["low"] <= row["value"] <= row["high"] for row in own)


def test_half_a_run_is_the_first_half(tmp_path):
    """The row of half the futures is the statistic of the first half, weights and groups with it."""
    made, rows = run(tmp_path, "sobol")
    (row,) = [r for r in rows["doubling"] if r["measure"] == "mean_surplus" and r["futures"] == 2048]
    cut = slice(1, 2049)
    column = Column.of(made.surplus["honest"][cut], made.weights[cut], made.groups[cut], Design("sobol", 16))
    (found,) = estimate(column, [Wanted("mean")])
    assert (row["value"], row["error"]) == pytest.approx((found.value, found.error))


def test_hypercubes_are_taken_whole(tmp_path):
    """Of a hypercube run the row of half the futures holds eight whole hypercubes and says so."""
    made, rows = run(tmp_path, "lhs", weights="one")
    (row,) = [r for r in rows["doubling"] if r["measure"] == "mean_surplus" and r["futures"] == 2048]
    assert row["value"] == pytest.approx(made.surplus["honest"][1:][made.groups[1:] < 8].mean())
    assert "8 of 16" in row["note"]


def test_tails_have_exact_bounds_beside_the_designs(tmp_path):
    """Of independent futures of equal weight both intervals are the binomial order statistics, and the note names them."""
    made, rows = run(tmp_path, "random", weights="one")
    ordered = np.sort(made.exposure["honest"][1:])
    for p in (0.05, 0.5, 0.95, 0.99):
        own, bounds = (row for row in rows["tails"] if row["measure"] == f"p{100 * p:g}_exposure")
        first, last = order_statistics(4096, p)
        assert (bounds["low"], bounds["high"]) == (ordered[first - 1], ordered[last - 1]) == (own["low"], own["high"])
        assert bounds["note"] == f"order statistics {first:,} and {last:,} of 4,096: exact"
        assert "by the design: independent futures" in own["note"]


def test_bounds_say_what_they_suppose(tmp_path):
    """Under replicates of equal weight the bounds hold as if futures were independent; with weights they are approximate."""
    _, equal = run(tmp_path / "a", "sobol", weights="one")
    assert "as if futures were independent" in equal["tails"][1]["note"]
    _, weighted = run(tmp_path / "b", "importance")
    assert "approximate" in weighted["tails"][1]["note"]
    assert all(row["low"] <= row["value"] <= row["high"] for row in weighted["tails"])


def test_weights_are_worth_fewer_futures(tmp_path):
    """W² / Σw² and the heaviest share; with equal weights every future counts, and one is one in n."""
    made, rows = run(tmp_path / "a", "random")
    w = made.weights[1:]
    assert [row["value"] for row in rows["weights"]] == pytest.approx([w.sum() ** 2 / (w**2).sum(), w.max() / w.sum()])
    _, plain = run(tmp_path / "b", "random", weights="one")
    assert [row["value"] for row in plain["weights"]] == pytest.approx([4096, 1 / 4096])
    assert math.isnan(plain["weights"][0]["error"])
