"""Numbers that change over a contract's years: dated, growing and indexed, written out year by year."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_contracts import payment, read, refused, settled, small

from stresstest.config.section import Section
from stresstest.config.values import Calendar, contract_calendar, expand
from stresstest.errors import ConfigError

TARIFF = {"tariff": [0.10, 0.20], "flat": 0.5}


def by_year(price: Any, **more: Any) -> list[float]:
    """What a payment's price is in each year of a contract with the index `tariff`."""
    contract = read(small(payment("one", price), indices=TARIFF, **more))
    return [contract.terms[0].at(year)["price"] for year in range(contract.years)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (2.0, [2, 2, 2, 2]),
        ([1, 2], [1, 2, 2, 2]),
        ({"value": [1, 2], "source": "s"}, [1, 2, 2, 2]),
        ({"dated": [{"from": "2020/21", "value": 1}]}, [1, 1, 1, 1]),
        ({"dated": [{"from": "2020/21", "value": 1}, {"from": "2022/23", "value": 3}]}, [1, 1, 3, 3]),
        ({"dated": [{"from": 1, "value": 1}, {"from": 2, "value": 2}, {"from": "2023/24", "value": 4}]}, [1, 2, 2, 4]),
        ({"value": 100, "growth": 0.5}, [100, 150, 225, 337.5]),
        ({"value": 100, "growth": [0.5, 0.0, -0.1]}, [100, 150, 150, 135]),
        ({"value": 100, "growth": [0.5, 0.0]}, [100, 150, 150, 150]),
        ({"value": 100, "growth": -1}, [100, 0, 0, 0]),
        ({"value": 100, "index": "tariff"}, [100, 110, 132, 158.4]),
        ({"value": 100, "index": "flat"}, [100, 150, 225, 337.5]),
        ({"dated": [{"from": 1, "value": 100}, {"from": 3, "value": 10}], "growth": 0.5}, [100, 150, 10, 15]),
        ({"dated": [{"from": 1, "value": 100}, {"from": 3, "value": 10}], "growth": [9, 9, 0.1]}, [100, 1000, 10, 11]),
        ({"dated": [{"from": 1, "value": 100}, {"from": 2, "value": 10}], "index": "tariff"}, [100, 10, 12, 14.4]),
    ],
)
def test_each_form_is_written_out_year_by_year(price: Any, expected: list[float]) -> None:
    """Dates hold until the next begins, growth runs from year to year, and the last rate holds."""
    assert by_year(price) == pytest.approx(expected, rel=1e-14)


@pytest.mark.unit
def test_calendar_years_may_be_the_dates() -> None:
    """A contract that counts calendar years is dated in them, and in contract years."""
    price = {"dated": [{"from": "2016", "value": 1}, {"from": "2018", "value": 2}, {"from": 4, "value": 3}]}
    assert by_year(price, first_year="2016") == [1, 1, 2, 3]


@pytest.mark.unit
def test_unit_source_and_quality_are_kept() -> None:
    """What stands beside a dated or growing number stands beside each year's number."""
    notes = {"unit": "GBP per head", "source": "a table", "quality": "published"}
    for form in ({"value": 1, "growth": 0.1}, {"value": 1, "index": "flat"}, {"dated": [{"from": 1, "value": 1}]}):
        price = read(small(payment("one", {**form, **notes}), indices=TARIFF)).terms[0].values["price"]
        assert (price.unit, price.source, price.quality) == tuple(notes.values())


@pytest.mark.unit
def test_what_is_written_out_is_what_is_paid() -> None:
    """The settlement pays each year's number."""
    paid = settled(read(small(payment("one", {"value": 100, "growth": 0.5}))))["payment"]
    assert paid == [100, 150, 225, 337.5]


@pytest.mark.unit
def test_rows_of_a_clause_and_inputs_take_the_same_forms() -> None:
    """A column of a clause's rows and the value of an input grow and are dated as any number is."""
    layer = {"attachment": 0.0, "limit": {"value": 100, "growth": 1.0}, "share": {"dated": [{"from": 1, "value": 0.5}]}}
    raw = small({"kind": "layered_share", "of": "losses", "layers": [layer]}, payment("premium"))
    raw["inputs"] = [{"name": "losses", "unit": "GBP"}]
    raw["inputs"] += [{"name": "premium", "unit": "GBP", "value": {"value": 10, "index": "flat"}}]
    contract = read({**raw, "indices": TARIFF})
    assert [contract.terms[0].at(t)["layers"][0]["limit"] for t in range(4)] == [100, 200, 400, 800]
    assert contract.terms[0].at(3)["layers"][0]["share"] == 0.5
    assert contract.inputs[1].value is not None
    assert [contract.inputs[1].value.at(t) for t in range(4)] == [10, 15, 22.5, 33.75]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("price", "key", "message", "value"),
    [
        ({"dated": []}, "price.dated", "this should be a list of { from, value }", []),
        ({"dated": 3}, "price.dated", "this should be a list of { from, value }", 3),
        ({"dated": [{"from": 1}]}, "price.dated", "this should be a list of { from, value }", [{"from": 1}]),
        ({"dated": [{"from": "2021/22", "value": 1}]}, "price.dated[1].from",
         "the first date is the contract's first year", "2021/22"),
        ({"dated": [{"from": 1, "value": 1}, {"from": 1, "value": 2}]}, "price.dated[2].from", "dates must rise", 1),
        ({"dated": [{"from": 1, "value": 1}, {"from": 3, "value": 2}, {"from": "2021/22", "value": 2}]},
         "price.dated[3].from", "dates must rise", "2021/22"),
        ({"dated": [{"from": 1, "value": 1}, {"from": 5, "value": 2}]}, "price.dated[2].from",
         "not a year of this contract", 5),
        ({"dated": [{"from": 0, "value": 1}]}, "price.dated[1].from", "not a year of this contract", 0),
        ({"dated": [{"from": True, "value": 1}]}, "price.dated[1].from", "not a year of this contract", True),
        ({"dated": [{"from": 1.0, "value": 1}]}, "price.dated[1].from", "not a year of this contract", 1.0),
        ({"dated": [{"from": "2024/25", "value": 1}]}, "price.dated[1].from", "not a year of this contract", "2024/25"),
        ({"dated": [{"from": "2020", "value": 1}]}, "price.dated[1].from", "not a year of this contract", "2020"),
        ({"dated": [{"from": 1, "value": "x"}]}, "price", "this should be a number", "x"),
        ({"dated": [{"from": 1, "value": math.nan}]}, "price", "not a finite number", None),
        ({"value": 1, "dated": [{"from": 1, "value": 1}]}, "price.value", "these entries do not go together", None),
        ({"value": 1, "growth": 0.1, "index": "tariff"}, "price.index", "these entries do not go together", None),
        ({"value": 1, "growht": 0.1, "growth": 0.1}, "price.growht", "these entries do not go together", None),
        ({"growth": 0.1}, "price", "this should be a number", None),
        ({"value": [1, 2], "growth": 0.1}, "price", "this should be a number", [1, 2]),
        ({"value": 1, "growth": []}, "price.growth", "an empty list has no rate", None),
        ({"value": 1, "growth": "much"}, "price.growth", "this should be a number", "much"),
        ({"value": 1, "growth": [0.1, True]}, "price.growth", "this should be a number", True),
        ({"value": 1, "growth": math.inf}, "price.growth", "not a finite number", math.inf),
        ({"value": 1, "index": "tarif"}, "price.index", "the contract has no such index", "tarif"),
        ({"value": 1, "index": 3}, "price.index", "the contract has no such index", 3),
        ({"value": 1, "growth": 0.1, "quality": "guess"}, "price.quality", "not a quality mark", "guess"),
        ({"value": 1e11, "growth": 9.0}, "price", "out of range", 1e13),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_written_out_is_refused_where_it_stands(
    price: Any, key: str, message: str, value: Any
) -> None:
    """The error names the entry inside the clause, and what was found there."""
    error = refused(small(payment("one", price), indices=TARIFF))
    assert (error.key, error.message) == (f"terms[1].{key}", message)
    if value is not None:
        assert error.value == value


@pytest.mark.unit
def test_the_nearest_year_and_index_are_offered() -> None:
    """A slip in a label or in the name of an index is met with what was meant."""
    assert refused(small(payment("one", {"value": 1, "index": "tarif"}), indices=TARIFF)).nearest == "tariff"
    error = refused(small(payment("one", {"dated": [{"from": "2021/2", "value": 1}]})))
    assert error.nearest == "2021/22"
    assert error.expected == "a contract year from 1 to 4, or a label from 2020/21 to 2023/24"
    assert refused(small(payment("one", {"value": 1, "index": "x"}))).expected == "a series under [indices]"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("indices", "key"),
    [({"a": "x"}, "a"), ({"a": []}, "a"), ({"a": -0.95}, "a"), ({"a": [0.1, 11]}, "a"), ({"a": {"valu": 1}}, "a.valu")],
)
def test_an_index_is_a_rate_or_a_list_of_rates(indices: dict[str, Any], key: str) -> None:
    """Anything else under [indices] is refused, by name, whether or not it is used."""
    assert refused(small(payment("one"), indices=indices)).key == f"indices.{key}"


@pytest.mark.unit
@pytest.mark.parametrize("form", [[1.0, 2.0], {"value": 1, "growth": 0.1}, {"dated": [{"from": 1, "value": 1}]}])
def test_one_number_for_the_whole_contract_takes_no_such_form(form: Any) -> None:
    """An entry that is fixed refuses lists, growth and dates, also in a contract of one year."""
    for years in (1, 4):
        term = {"kind": "annual_payment", "form": "fixed", "opening_price": form}
        error = refused(small(term, years=years))
        assert (error.key, error.message) == (
            "terms[1].opening_price", "this entry holds for the whole contract; only clause entries vary by year",
        )  # fmt: skip


@pytest.mark.unit
def test_outside_clauses_and_inputs_no_number_grows() -> None:
    """The plan, the benchmark and the ending take none of the forms."""
    plan = dict.fromkeys(("need_and_list_growth", "input_price_growth", "productivity_growth"), 0.0)
    error = refused(small(payment("one"), plan={"funding_growth": {"value": 0.1, "growth": 0.1}, **plan}))
    assert (error.key, error.message) == ("plan.funding_growth.growth", "unknown key")


@pytest.mark.unit
@pytest.mark.parametrize("label", ["2020/22", "20/21", "2020-21", "", "year 1"])
def test_a_contract_begins_in_a_year(label: str) -> None:
    """A first year that is no label is refused at its key."""
    error = refused(small(payment("one"), first_year=label))
    assert (error.key, error.message, error.value) == ("first_year", "not a year", label)


@pytest.mark.unit
def test_other_entries_are_left_as_they_are() -> None:
    """`expand` changes nothing but its own forms, and misses nothing where there is no entry."""
    calendar = Calendar("2020/21", 2)
    for raw in (1.0, [1.0, 2.0], "losses", {"value": 1.0, "unit": "GBP"}, {"earliest": 1}, None):
        section = Section("file", {"entry": raw})
        expand(section, "entry", calendar)
        assert section.peek("entry") == raw
    section = Section("file", {})
    expand(section, "entry", calendar)
    assert section.remaining() == []


@pytest.mark.unit
def test_a_calendar_knows_its_labels_and_numbers() -> None:
    """Both name the same year; the calendar of a contract takes its indices along."""
    top = Section("file", {"indices": TARIFF})
    calendar = contract_calendar(top, 3, "1999")
    assert calendar.indices == {"tariff": [0.10, 0.20], "flat": [0.5]}
    assert [calendar.year(top, "x", raw) for raw in ("1999", "2001", 1, 3)] == [0, 2, 0, 2]
    with pytest.raises(ConfigError) as caught:
        calendar.year(top, "x", "2002")
    assert caught.value.key == "x"


rates = st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=5)


@pytest.mark.law
@given(start=st.floats(-1e6, 1e6), growth=rates, years=st.integers(1, 10), cut=st.integers(2, 10))
def test_growth_an_index_and_dates_of_the_same_series_are_one(
    start: float, growth: list[float], years: int, cut: int
) -> None:
    """A list of rates is the same under growth and under an index, and a date changes nothing before it."""
    steps = [{"from": 1, "value": start}] + ([{"from": cut, "value": 7.0}] if cut <= years else [])
    forms = [{"value": start, "growth": growth}, {"value": start, "index": "i"}, {"dated": steps, "growth": growth}]
    grown, indexed, dated = ([] for _ in forms)
    for form, out in zip(forms, (grown, indexed, dated), strict=True):
        section = Section("file", {"entry": form})
        expand(section, "entry", Calendar("2020", years, {"i": growth}))
        out += section.peek("entry")["value"]
    assert grown == indexed
    assert len(grown) == years
    assert dated[: cut - 1] == grown[: cut - 1]
    if cut <= years:
        assert dated[cut - 1] == 7.0
        assert grown[years - 1] == pytest.approx(
            start * math.prod(1.0 + growth[min(t, len(growth) - 1)] for t in range(years - 1)), rel=1e-9, abs=1e-9
        )
