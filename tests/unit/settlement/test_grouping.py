"""Which rows are settled side by side: the quick way against a plain one, and against each case by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from settled_tables import PAY, TOTAL, contract_of

from stresstest.errors import DataError
from stresstest.kernel.table import STAGE
from stresstest.settlement.engine import Given, settle
from stresstest.settlement.grouping import grouped, in_order

pytestmark = pytest.mark.unit


def plain_groups(case, year, clause):
    """The groups by a loop over rows: (first year, rows of each year in a list)."""
    if not clause:
        return [(t, [[k for k, own in enumerate(year) if own == t]]) for t in sorted(set(year))]
    cases = {}
    for k, number in enumerate(case):
        cases.setdefault(number, []).append(k)
    found = {}
    for number in sorted(cases):
        rows = sorted(cases[number], key=lambda k: year[k])
        if [year[k] for k in rows] != list(range(year[rows[0]], year[rows[0]] + len(rows))):
            at = next(j for j, k in enumerate(rows) if year[k] != year[rows[0]] + j)
            return year[rows[at]] + 1
        found.setdefault((year[rows[0]], len(rows)), []).append(rows)
    return [(start, np.array(found[start, length]).T.tolist()) for start, length in sorted(found)]


TABLES = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, 7, -5, 10**15]), st.integers(0, 4)), max_size=14)
SORTED_TABLES = TABLES.map(sorted)
WHOLE_CASES = st.lists(
    st.tuples(st.integers(-3, 9), st.integers(0, 2), st.integers(1, 3)), max_size=6, unique_by=lambda one: one[0]
).flatmap(lambda cases: st.permutations([(c, first + k) for c, first, length in cases for k in range(length)]))


@drawn(st.one_of(TABLES, SORTED_TABLES, WHOLE_CASES), st.sampled_from(["", "total"]))
def test_groups_are_those_of_a_plain_loop(rows, clause):
    """Unsorted, sorted, repeated, one row or none, numbers of cases close or far: the same groups, or the same refusal."""
    case, year = [case for case, _ in rows], [year for _, year in rows]
    wanted = plain_groups(case, year, clause)
    arrays = np.array(case, dtype=np.int64), np.array(year, dtype=np.int64)
    if isinstance(wanted, int):
        with pytest.raises(DataError, match="a year is missing, and total") as caught:
            grouped(*arrays, clause)
        assert (caught.value.key, caught.value.value) == ("year", wanted)
    else:
        assert [(start, where.tolist()) for start, where in grouped(*arrays, clause)] == wanted


@drawn(st.one_of(TABLES, SORTED_TABLES, WHOLE_CASES).filter(bool))
def test_the_order_is_that_of_a_stable_sort(rows):
    """By case, year and place in the table; nothing is done where the rows stand so."""
    case, year = np.array(rows, dtype=np.int64).T
    wanted = np.lexsort((year, case)).tolist()
    order = in_order(case, year)
    assert (list(range(len(rows))) if order is None else order.tolist()) == wanted
    assert (order is None) == (wanted == list(range(len(rows))))


@pytest.mark.parametrize("cases", [1, 15, 16, 17, 63, 65, STAGE, STAGE + 1, 2 * STAGE + 77])
@pytest.mark.parametrize("years", [1, 3])
@pytest.mark.parametrize("mixed", [False, True])
def test_results_are_the_same_bits_in_any_order_and_size_of_table(cases, years, mixed):
    """Blocks, stages, what is left over and rows in disorder: each row comes to what a sum by hand gives."""
    contract = contract_of(PAY, TOTAL)
    rng = np.random.default_rng(cases)
    case, year = np.repeat(np.arange(cases), years), np.tile(np.arange(years), cases)
    x = rng.integers(0, 1000, case.size).astype(float)
    place = rng.permutation(case.size) if mixed else np.arange(case.size)
    found = settle(contract, Given(case[place], year[place], {"x": x[place]}))
    assert found.figures["total"].tobytes() == x.reshape(cases, years).cumsum(axis=1).ravel()[place].tobytes()
    assert found.amounts["pay"].tobytes() == (x * (2.0 + year))[place].tobytes()
    assert sum(found.net.values()).tolist() == [0.0] * case.size
    paid = next(term for term in contract.terms if term.id == "pay")
    assert found.net[paid.payee].tobytes() == found.amounts["pay"].tobytes()


def test_a_table_without_rows_comes_back_without_rows():
    """No row in, no row out."""
    nothing = np.zeros(0, dtype=np.int64)
    found = settle(contract_of(PAY, TOTAL), Given(nothing, nothing, {"x": np.zeros(0)}))
    assert (found.amounts["pay"].size, found.figures["total"].size) == (0, 0)


def test_no_amount_is_minus_zero():
    """Nothing paid is 0 and not −0, in amounts and nets."""
    found = settle(contract_of(PAY), Given(np.arange(20), np.zeros(20, dtype=np.int64), {"x": np.full(20, -0.0)}))
    for numbers in (found.amounts["pay"], *found.net.values()):
        assert not np.signbit(numbers).any()


def test_small_whole_numbers_are_as_good_as_large_ones():
    """Years and cases that a library has squeezed into one byte settle as any others, late starts included."""
    case, year = np.repeat([0, 1, 2], 2).astype(np.int8), np.array([10, 11, 0, 1, 3, 4], dtype=np.int8)
    x = np.arange(6.0)
    contract = contract_of(PAY, TOTAL, years=12)
    wide = settle(contract, Given(case.astype(np.int64), year.astype(np.int64), {"x": x}))
    small = settle(contract, Given(case, year, {"x": x}))
    assert small.figures["total"].tolist() == wide.figures["total"].tolist() == [0.0, 1.0, 2.0, 5.0, 4.0, 9.0]


@pytest.mark.parametrize("year", [-1, 3])
def test_a_year_outside_the_contract_is_refused(year):
    """The kernel reads a row for each year of the contract, and none beyond."""
    with pytest.raises(DataError, match="outside the contract"):
        settle(contract_of(PAY), Given(np.arange(2), np.array([0, year]), {"x": np.ones(2)}))


@pytest.mark.parametrize("length", [1, 3, 5])
def test_a_column_of_another_length_is_refused(length):
    """One number does not stand for all rows, and none is left out."""
    given = Given(np.arange(4), np.zeros(4, dtype=np.int64), {"x": np.ones(length)})
    with pytest.raises(DataError, match="another length"):
        settle(contract_of(PAY), given)
