"""One future lived again, to the penny."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.draws import draw
from stresstest.analysis.replay import pence, replay

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.125, "0.12"), (0.135, "0.14"), (-2.675, "-2.68"), (1e9 + 0.005, "1000000000.00"), (0.0, "0.00")],
)
def test_pence(value, shown):
    """Amounts are rounded to the penny by their shortest decimal form, ties to the even penny."""
    assert pence(value) == Decimal(shown)


@pytest.mark.parametrize("future", [0, 1, 37, 4242])
def test_a_statement_closes_and_is_the_run(dudley, gamed, future):
    """Every year's lines less its cost are its surplus, and the outcomes are those that a run writes down, bit for bit."""
    statement = replay(dudley.study, dudley.study.scenarios[0], gamed, future)
    assert statement.closes()
    assert statement.total == sum(year.surplus for year in statement.years)
    out, yearly, _ = dudley.chunk(gamed, first=max(0, future - 3), n=5)
    at = future - max(0, future - 3)
    assert list(statement.outcomes.values()) == out[0, :, at].tolist()
    surplus = yearly[0, L.YEAR["surplus_gbp"], :, at]
    assert float(statement.total) == pytest.approx(surplus.sum(), abs=0.08 * 15)
    assert [year.in_service for year in statement.years] == (yearly[0, L.YEAR["running"], :, at] == 1.0).tolist()


def test_others_money_is_shown_apart(dudley, honest):
    """After an exit the successor's money stands among the others', with who pays whom."""
    out = dudley.outcomes(honest, n=400)[0]
    future = 1 + int(np.argmax((out[L.OUT["exit_year_index"]] >= 2) & (out[L.OUT["exit_year_index"]] < 12)))
    statement = replay(dudley.study, dudley.study.scenarios[0], honest, future)
    last = statement.years[-1]
    assert not last.in_service
    assert last.surplus == 0
    assert any("commissioner to successor" in name for name in last.others)


def test_axis_values_are_those_that_were_lived(dudley, honest):
    """Year by year axis values have the mean and the end that the run reports for the future."""
    _, _, nature = dudley.chunk(honest, first=9, n=1)
    values = draw(dudley.study, dudley.study.scenarios[0], 9, 1).axes[:, :, 0]
    np.testing.assert_allclose(values.mean(axis=0), nature[:6, 0], rtol=1e-12)
    np.testing.assert_array_equal(values[-1], nature[6:12, 0])
