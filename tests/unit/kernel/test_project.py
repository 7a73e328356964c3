"""The loop over futures: what it fills, and how it counts nature's events."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.strategy import NULL

pytestmark = pytest.mark.unit


def test_nature_reports_what_was_lived(dudley):
    """Opening gap, full benefit and mean growth of funding are those of the drivers."""
    _, _, nature = dudley.chunk(NULL, first=1, n=64)
    years = dudley.years(NULL, n=64)
    named = dict(zip(L.NATURE + L.TAGS, nature, strict=True))
    np.testing.assert_allclose(named["opening_gap"], years["world_opening"][0, 0] - 1.0, atol=1e-15)
    np.testing.assert_allclose(
        named["funding_growth_mean"], years["world_funding"][0, -1] ** (1 / 14) - 1.0, atol=1e-15
    )
    limit = dudley.study.place.parameters["acute.benefit_limit"].value
    assert named["benefit_full"].max() <= limit


def test_events_come_as_often_as_their_chances(dudley):
    """Pandemics, hard winters, surprises, omitted items and starts, over 20,000 futures, within five standard errors."""
    _, _, nature = dudley.chunk(NULL, first=1, n=20_000)
    named, at = dict(zip(L.NATURE + L.TAGS, nature, strict=True)), dudley.study.place.parameters
    pandemic = at["shock.pandemic_probability"].value
    for name, chance, years in (
        ("pandemic_years", pandemic, 15),
        ("hard_winters", (1 - pandemic) * at["shock.winter_probability"].value, 15),
        ("inflation_surprises", at["cost.inflation_probability"].value, 14),
        ("omitted_item", at["opening.omitted_probability"].value, 1),
        ("starts", (1 - at["start.hazard"].value) ** at["start.mobilisation_years"].value, 1),
    ):
        error = np.sqrt(chance * (1 - chance) * years / 20_000)
        assert named[name].mean() == pytest.approx(chance * years, abs=5 * error), name
    assert 0.5 < named["crisis_years"].mean() < 3.0


def test_pandemics_and_winters_show_in_cost(dudley):
    """Shock is the cost of pandemics and hard winters times chance variation: above 1 on average by chances times costs."""
    years = dudley.years(NULL, n=2000)
    at = {key: quantity.value for key, quantity in dudley.study.place.parameters.items()}
    pandemic = at["shock.pandemic_probability"]
    expected = 1.0 + pandemic * at["shock.pandemic_cost"]
    expected += (1.0 - pandemic) * at["shock.winter_probability"] * at["shock.winter_cost"]
    assert years["world_shock"].mean() == pytest.approx(expected, abs=5 * years["world_shock"].std() / np.sqrt(30_000))


def test_hard_winters_raise_cost_and_acute_care_together(dudley):
    """In a hard winter cost and acute care are dearer by their shares than in the same year without; not in a pandemic."""
    often = {"shock__winter_probability": 0.4, "shock__pandemic_probability": 0.3}
    cold = dudley.with_place(**often, shock__winter_cost=0.1, acute__winter=0.2).years(NULL, n=64)
    mild = dudley.with_place(**often, shock__winter_cost=0.0, acute__winter=0.0).years(NULL, n=64)
    shock, acute = (cold[name][0] / mild[name][0] for name in ("world_shock", "world_acute"))
    winter = shock > 1.05
    np.testing.assert_allclose(shock, np.where(winter, 1.1, 1.0), rtol=1e-12)
    np.testing.assert_allclose(acute, np.where(winter, 1.2, 1.0), rtol=1e-12)
    assert winter.mean() == pytest.approx(0.7 * 0.4, abs=0.06)


def test_tables_of_no_width_are_left_alone(dudley, honest):
    """Without a yearly table the outcomes are the same as with one."""
    from stresstest.runner import simulate_chunk

    with_years = simulate_chunk(dudley.inputs(honest), 0, 40, True)
    without = simulate_chunk(dudley.inputs(honest), 0, 40, False)
    np.testing.assert_array_equal(with_years[0], without[0])
    assert without[1].shape == (1, 0, 15, 0)


def test_a_contract_of_one_year(dudley, honest):
    """A one-year contract runs, and its futures begin as those of fifteen years do."""
    from dataclasses import replace

    short = dudley.with_contract(replace(dudley.study.contract, years=1))
    one, long = short.years(honest, n=32), dudley.years(honest, n=32)
    for name in ("annual_payment", "world_cost", "surplus_gbp"):
        np.testing.assert_array_equal(one[name][0, 0], long[name][0, 0], err_msg=name)
