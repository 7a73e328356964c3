"""Every law of the hunt on a contract small enough to reckon by hand, beside a twin that keeps the law."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stresstest.contract_verbs import contract_named
from stresstest.gaming.books import Books
from stresstest.gaming.exploits import Exploit
from stresstest.gaming.hunt_choice import better_of_two, claims, other_names
from stresstest.gaming.hunt_range import idle_scale, perverse, used_twice
from stresstest.gaming.hunt_shape import declared_divisor, idle_guard, paid_twice, unlimited_deduction
from stresstest.gaming.hunt_size import leverage, out_of_scale
from stresstest.gaming.hunt_time import sacrifice, swing, timing
from stresstest.gaming.mends import mend
from stresstest.gaming.records import made_up

pytestmark = pytest.mark.unit

HEAD = """schema_version = 1
title = "Hand-made"
currency = "GBP"
price_basis = "cash"
first_year = "2026/27"
years = 4
"""


def entry(name: str, unit: str, default: float, low: float = 0.0, high: float = 1e9, who: str = "provider") -> str:
    """One declared input."""
    return (
        f'[[inputs]]\nname = "{name}"\nunit = "{unit}"\ndoc = "x"\nlow = {low}\nhigh = {high}\ndefault = {default}\n'
        f'reported_by = "{who}"\n'
    )


def clause(name: str, kind: str, **fields: object) -> str:
    """One clause."""
    shown = "".join(f'{k} = "{v}"\n' if isinstance(v, str) else f"{k} = {v}\n" for k, v in fields.items())
    return f'[[terms]]\nid = "{name}"\nkind = "{kind}"\n{shown}'


def books_of(tmp_path: Path, *parts: str) -> Books:
    """Made-up books of a contract written down here."""
    path = tmp_path / "hand-made.toml"
    path.write_text(HEAD + "".join(parts))
    return made_up(contract_named(str(path)), 64)


FEE = clause("fee", "payment", price=50e6)
COST, EXPECTED = entry("care_cost", "GBP", 40e6), entry("expected_cost", "GBP", 40e6, who="independent")


def share(settlement: str, cap: float) -> str:
    """Half of a gain or loss, up to a cap."""
    return clause(
        "half", "gain_loss_share", share_gain=0.5, share_loss=0.5, gain_cap_money=cap, loss_cap_money=cap,
        gain_cap=1e18, loss_cap=1e18, settlement=settlement, expected="expected_cost", actual="care_cost", payment="fee",
    )  # fmt: skip


def test_timing_pays_under_a_yearly_cap_and_not_without_one(tmp_path: Path) -> None:
    """A yearly cap makes the year matter; a straight share, or a cap on the running total, does not; the repair closes it."""
    capped = books_of(tmp_path, COST, EXPECTED, FEE, share("annual", 0.5e6))
    found = list(timing(capped))
    assert [one.quantities for one in found] == [("care_cost",)]
    assert found[0].clauses == ("half",)
    repair = mend(capped, found[0])
    assert repair.changes == ("half.settlement = cumulative",)
    assert abs(repair.residual) < 0.1 * found[0].mean
    for clean in (share("annual", 1e18), share("cumulative", 1e18)):
        assert list(timing(books_of(tmp_path, COST, EXPECTED, FEE, clean))) == []


def test_timing_of_two_years_is_test_vector_five(tmp_path: Path) -> None:
    """Savings of 8 and −2 under half shares and ±3 a year pay 2; with 2 moved they pay 3; pooled they pay 3 either way."""
    books = books_of(tmp_path, COST, EXPECTED, FEE, share("annual", 3e6))
    flat = np.full((1, 4), 40e6)
    spent = flat - np.array([[8e6, -2e6, 0.0, 0.0]])
    own = Books(books.contract, {**dict.fromkeys(books.columns, flat), "care_cost": spent}, "TV05")
    moved = spent + np.array([[2e6, -2e6, 0.0, 0.0]])
    assert own.honest.net.sum() == pytest.approx(200e6 + 2e6)
    assert own.gains([{"care_cost": moved}])[0, 0] == pytest.approx(1e6)


def test_a_target_that_follows_the_report_rewards_a_worse_year(tmp_path: Path) -> None:
    """A price at last year's reported cost is raised by reporting more; a fixed price is not."""
    loop = clause("price", "formula", value="1.1 * last.care_cost"), clause("pay", "payment", of="price", price=1.0)
    found = list(sacrifice(books_of(tmp_path, COST, FEE, *loop)))
    assert [one.quantities for one in found] == [("care_cost",)]
    assert set(found[0].clauses) == {"price", "pay"}
    fixed = clause("price", "schedule", value=44e6), clause("pay", "payment", of="price", price=1.0)
    assert list(sacrifice(books_of(tmp_path, COST, FEE, *fixed, share_free()))) == []


def share_free() -> str:
    """A clause that reads the cost and pays nothing for it."""
    return clause("seen", "formula", value="care_cost")


def test_more_than_a_pound_for_a_pound(tmp_path: Path) -> None:
    """Two shares of 60% and 50% of one saving pay £1.10 for a pound; 60% and 40% do not pay more than a pound."""
    def two(second: float) -> tuple[str, str, str]:
        saving = clause("saving", "formula", value="expected_cost - care_cost")
        first = clause("part_one", "payment", of="saving", price=0.6)
        return saving, first, clause("part_two", "payment", of="saving", price=second)

    found = list(leverage(books_of(tmp_path, COST, EXPECTED, FEE, *two(0.5))))
    assert [one.quantities for one in found] == [("care_cost",)]
    assert "£1.10" in found[0].sentence
    assert list(leverage(books_of(tmp_path, COST, EXPECTED, FEE, *two(0.4)))) == []


def test_a_slip_of_units_turns_the_contract_over(tmp_path: Path) -> None:
    """A bonus of £1m a point on a score out of 100, meant for one out of 1, is out of scale."""
    score = entry("quality_points", "points", 80.0, 0.0, 100.0)
    slip = clause("bonus", "payment", of="quality_points", price=1e7)
    fine = clause("bonus", "payment", of="quality_points", price=1e4)
    assert list(out_of_scale(books_of(tmp_path, score, FEE, fine))) == []
    assert list(out_of_scale(books_of(tmp_path, score, FEE, slip))) == []  # its pay goes with it: no more than its size
    steep = clause("steep", "formula", value="1e8 * max(0, quality_points - 70)")
    assert len(list(out_of_scale(books_of(tmp_path, score, FEE, steep, clause("bonus", "payment", of="steep", price=1.0))))) == 1


def test_what_is_left_out_without_a_limit(tmp_path: Path) -> None:
    """Excluded cost comes off the actual; held to 2m it is no hole."""
    left_out = entry("left_out", "GBP", 1e6, 0.0, 40e6)
    def parts(counted: str) -> tuple[str, str]:
        return clause("counted", "formula", value=counted), clause("pay", "payment", of="gap", price=0.5)

    gap = clause("gap", "formula", value="expected_cost - counted")
    for counted, holes in (("care_cost - left_out", 1), ("care_cost - min(left_out, 1000000)", 0)):
        figure, pay = parts(counted)
        found = list(unlimited_deduction(books_of(tmp_path, COST, EXPECTED, left_out, FEE, figure, gap, pay)))
        assert len(found) == holes, counted


def test_a_denominator_of_ones_own(tmp_path: Path) -> None:
    """A rate over one's own register pays for a smaller register; over somebody else's count it does not."""
    seen = entry("plans", "persons", 5000.0, 0.0, 9000.0, "independent")
    rate = clause("rate", "formula", value="plans / register"), clause("pay", "payment", of="rate", price=5e6)
    for who, holes in (("provider", 1), ("independent", 0)):
        register = entry("register", "persons", 8000.0, 1.0, 20000.0, who)
        assert len(list(declared_divisor(books_of(tmp_path, seen, register, FEE, *rate)))) == holes


def test_a_guard_that_never_binds(tmp_path: Path) -> None:
    """A tolerance of 1.5 instead of 0.015 lets a declared count run away."""
    count = entry("contacts", "contacts", 1e6, 0.0, 3e6), entry("validated", "contacts", 1e6, 0.0, 3e6, "independent")
    for tolerance, holes in ((1.5, 1), (0.015, 0)):
        paid = clause("paid", "formula", value=f"min(contacts, validated * {1 + tolerance})")
        found = list(idle_guard(books_of(tmp_path, *count, FEE, paid, clause("pay", "payment", of="paid", price=38.0))))
        assert len(found) == holes


def test_one_result_paid_twice(tmp_path: Path) -> None:
    """Two clauses that read one score pay for it twice; one that reads it does not."""
    score = entry("reviews_done", "reviews", 5000.0, 0.0, 9000.0)
    one, two = clause("a", "payment", of="reviews_done", price=200.0), clause("b", "payment", of="reviews_done", price=150.0)
    assert len(list(paid_twice(books_of(tmp_path, score, FEE, one, two)))) == 1
    assert list(paid_twice(books_of(tmp_path, score, FEE, one))) == []


def test_the_better_of_two_bases_and_a_claim_of_ones_own(tmp_path: Path) -> None:
    """max of two moving bases is an option; a switch that the provider throws is a claim."""
    other = entry("activity_sum", "GBP", 40e6, who="independent")
    option = clause("base", "formula", value="max(care_cost, activity_sum)"), clause("pay", "payment", of="base", price=1.0)
    assert len(list(better_of_two(books_of(tmp_path, COST, other, *option)))) == 1
    plain = clause("base", "formula", value="activity_sum"), clause("pay", "payment", of="base", price=1.0)
    assert list(better_of_two(books_of(tmp_path, COST, other, *plain))) == []
    for who, holes in (("provider", 1), ("independent", 0)):
        switch = entry("hard_year", "0 or 1", 0.0, 0.0, 1.0, who)
        relief = clause("relief", "payment", price=2e6, scaled_by="hard_year")
        assert len(list(claims(books_of(tmp_path, switch, FEE, relief)))) == holes


def test_a_pound_under_another_name(tmp_path: Path) -> None:
    """Two headings at 80% and 50% invite relabelling; two at 80% do not."""
    first, second = entry("health", "GBP", 20e6), entry("social", "GBP", 10e6)
    for rate, holes in ((0.5, 1), (0.8, 0)):
        pays = clause("a", "payment", of="health", price=0.8), clause("b", "payment", of="social", price=rate)
        assert len(list(other_names(books_of(tmp_path, first, second, FEE, *pays)))) == holes


def test_swings_pay_at_a_floor(tmp_path: Path) -> None:
    """A level that earns nothing below its mean and something above it pays for swinging; a straight line does not."""
    level = entry("index_of_need", "ratio", 1.0, 0.5, 1.5)
    bent = clause("above", "formula", value="max(0, index_of_need - 1)"), clause("pay", "payment", of="above", price=9e7)
    line = clause("above", "formula", value="index_of_need - 0"), clause("pay", "payment", of="above", price=9e6)
    assert len(list(swing(books_of(tmp_path, level, FEE, *bent)))) == 1
    assert list(swing(books_of(tmp_path, level, FEE, *line))) == []


def test_ranges_less_work_that_pays_more_idle_scales_and_credits_used_twice(tmp_path: Path) -> None:
    """A minimum that is made good twice, a scale in the wrong unit, a credit that is never used up; and their repairs."""
    tests = entry("tests_done", "tests", 60000.0, 10000.0, 75000.0)
    fee = clause("fees", "payment", of="tests_done", price=100.0)
    twice = (clause("short", "formula", value="max(0, 5000000 - fees)"), clause("part_one", "payment", of="short", price=1.0),
             clause("part_two", "payment", of="short", price=1.0))  # fmt: skip
    assert len(list(perverse(books_of(tmp_path, tests, FEE, fee, *twice)))) == 1
    assert list(perverse(books_of(tmp_path, tests, FEE, fee, *twice[:2]))) == []
    plans = entry("plans", "plans", 800.0, 100.0, 1000.0)
    for factor, holes in ((100.0, 1), (1.0, 0)):
        cover = clause("cover", "formula", value=f"{factor} * plans / 1000")
        scale = clause("part", "sliding_scale", of="cover") + "points = [{ at = 0.4, value = 0 }, { at = 0.9, value = 1 }]\n"
        pay = clause("premium", "payment", of="part", price=3e6)
        cost = '[[terms]]\nid = "each"\nkind = "payment"\npayer = "provider"\npayee = "operator"\nof = "plans"\nprice = 2000.0\n'
        assert len(list(idle_scale(books_of(tmp_path, plans, FEE, cost, cover, scale, pay)))) == holes
    upkeep = entry("upkeep", "GBP", 3e6, 0.0, 9e6)
    for carried, holes in (("credit + max(0, upkeep - 3000000)", 1), ("max(0, credit + upkeep - 3000000)", 0)):
        parts = (
            clause("credit", "formula", value="last.carried"),
            clause("owed", "formula", value="max(0, 3000000 - upkeep - credit)"),
            '[[terms]]\nid = "back"\nkind = "payment"\npayer = "provider"\npayee = "commissioner"\nof = "owed"\nprice = 1.0\n',
            '[[terms]]\nid = "work"\nkind = "payment"\npayer = "provider"\npayee = "operator"\nof = "upkeep"\nprice = 1.0\n',
            clause("carried", "formula", value=carried),
        )  # fmt: skip
        assert len(list(used_twice(books_of(tmp_path, upkeep, FEE, *parts)))) == holes, carried


def test_an_exploit_knows_its_mean_and_error() -> None:
    """Mean and standard error are those of its cases."""
    one = Exploit("law", "scale", ("q",), ("c",), np.array([1.0, 3.0]), "s", "h")
    assert one.mean == 2.0
    assert one.error == pytest.approx(1.0)
