"""The split of variance between futures and within them."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.evaluate import EXPOSURE, simulate
from stresstest.analysis.variance_split import LEVELS, _share, split_rows, twin
from stresstest.futures.design import RANDOM_DESIGN
from stresstest.futures.plan import VERIFY_FIRST

pytestmark = pytest.mark.unit


def test_the_share_is_that_of_a_sum_of_two_parts():
    """Twins that share a part of variance 3 of 4 have share 0.75, and the error is about right."""
    rng = np.random.default_rng(4)
    shared, n = np.sqrt(3.0) * rng.standard_normal(40_000), 40_000
    value, error = _share(shared + rng.standard_normal(n), shared + rng.standard_normal(n))
    assert abs(value - 0.75) < 4.0 * error
    assert 0.001 < error < 0.006


def test_twins_share_what_they_are_told_to(dudley, honest):
    """Sharing all streams gives the same outcome, sharing none an independent one."""
    inputs = dudley.study.kernel_inputs(dudley.study.scenarios[0], (honest,), RANDOM_DESIGN)
    base = simulate(inputs, VERIFY_FIRST, 500)[0, EXPOSURE]
    same = simulate(twin(dudley.study, inputs, ("axis/", "once/", "noise/")), VERIFY_FIRST, 500)[0, EXPOSURE]
    other = simulate(twin(dudley.study, inputs, ("nothing",)), VERIFY_FIRST, 500)[0, EXPOSURE]
    np.testing.assert_array_equal(base, same)
    assert abs(np.corrcoef(base, other)[0, 1]) < 0.2


def test_shares_rise_with_what_is_shared(dudley, honest):
    """Each level shares more than the one before, none more than everything."""
    rows = split_rows(dudley.study, honest, 3000)
    for measure in ("net exposure", "surplus"):
        shares = [row["share_of_variance"] for row in rows if row["measure"] == measure]
        assert len(shares) == len(LEVELS)
        assert -0.1 < shares[0] < shares[1] < shares[2] < 1.0
