"""What a search asks for thousands of times is made once, and is what it would be if it were made anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.levers import LEVER_NUMBER
from stresstest.strategy import Strategy
from stresstest.wiring import _plain

pytestmark = pytest.mark.unit
CONTRACTS = sorted(path.stem for path in (config_folder() / "contracts").glob("*.toml"))


@pytest.mark.parametrize("name", CONTRACTS)
def test_values_of_a_clause_are_those_of_the_year(name):
    """In every year, forwards, backwards and again, and beyond the last value that was given."""
    for term in load_contract(name, config_folder()).terms:
        for year in (0, 3, 40, 1, 3, 0, 15):
            direct = {field: _plain(value, year) for field, value in term.values.items()}
            np.testing.assert_equal(term.at(year), direct)
        term.at(0).clear()
        assert term.at(0)
        every = [set(term.kind.unread({f: _plain(v, year) for f, v in term.values.items()})) for year in range(40)]
        assert term.unread(40) == set.intersection(*every)


def test_a_contract_is_resolved_once_for_a_place(dudley):
    """The same tables for the same indicators; others for other indicators, and for a changed contract."""
    contract, place = dudley.study.contract, dudley.study.place
    table = contract.resolve(place)
    assert contract.resolve(place) is table
    assert contract.resolve(replace(place, title="elsewhere")) is table
    turned = replace(place, indicators=place.indicators[::-1])
    assert not np.array_equal(contract.resolve(turned).rows, table.rows)
    np.testing.assert_array_equal(contract.resolve(place).rows, table.rows)
    changed = contract.with_change("gain_loss_share", "dead_band", 0.5)
    assert not np.array_equal(changed.resolve(place).rows, table.rows)


@pytest.mark.parametrize("level", [0.0, 1.25, (0.5,), (0.1, 0.2, 0.3), tuple(k / 10 for k in range(9))])
def test_a_strategys_table_holds_the_last_level(level):
    """A number holds in every year; of a tuple each year its own, the last ever after, and none beyond the term."""
    by_year = level if isinstance(level, tuple) else (level,)
    for years in (1, 3, 5, 12):
        table = Strategy("s", {"effort": level, "upcoding": 0.05}).table(years)
        expected = [by_year[min(t, len(by_year) - 1)] for t in range(years)]
        assert table[:, LEVER_NUMBER["effort"]].tolist() == expected
        assert (table[:, LEVER_NUMBER["upcoding"]] == 0.05).all()
