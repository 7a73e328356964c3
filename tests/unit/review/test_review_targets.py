"""Years without a target, targets that pay for nothing, and targets out of reach."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.unit

IMPROVEMENT = """
[[terms]]
kind = "annual_payment"
opening_price = 360e6
form = "fixed"
[[terms]]
kind = "improvement_payment"
at_risk = 0.05
style = "withheld"
exception_cap = 0.05
indicators = [{{ name = "{name}", weight = 1.0, floor = {floor}, target = {target} }}]
"""
RISING, FALLING = "at home 91 days after discharge", "avoidable emergency admissions"


def payment(name=RISING, floor="82", target="90"):
    """An improvement payment of 5% of £360m on one indicator; by default a good one."""
    return IMPROVEMENT.format(name=name, floor=floor, target=target)


EVERY = (
    "targets-stop-early", "baseline-above-target", "target-never-reached", "floor-equals-target", "target-wrong-way-round",
    "floor-above-baseline", "indicator-inside-noise", "standing-still-pays",
)  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("text", [payment(), payment(FALLING, "2574", "2322"), payment(target="[88, 88, 89, 89, 90]")])
def test_good_targets_are_left_alone(found, place, name, text):
    """A floor below the baseline, a target beyond it, given to the end: nothing is found."""
    assert not found(name, text, place)


def test_targets_that_stop(found, place):
    """Targets for three years of five; the last holds for two."""
    (one,) = found("targets-stop-early", payment(target="[87, 88, 90]"), place)
    assert (one.clause, one.field, one.severity) == ("improvement_payment", "indicators.target", "warning")
    assert "(one indicator) are given for 3 of 5 years; the last holds for the other 2" in one.sentence


def test_targets_that_stop_and_follow_reports(found, place):
    """Where targets are re-based they move on, which is a note."""
    text = payment(target="[87, 88, 90]").replace("exception_cap", "rebase = 0.2\nexception_cap")
    (one,) = found("targets-stop-early", text, place)
    assert one.severity == "note"
    assert "moved each year by 20% of the distance" in one.sentence


def test_prices_that_stop(found):
    """A price by year that ends early is named; what is at risk may be phased in."""
    (one,) = found("targets-stop-early", '[[terms]]\nkind = "payment"\nprice = [1e6, 2e6]\n')
    assert "is given for 2 of 5 years; the last holds for the other 3" in one.sentence
    assert not found("targets-stop-early", payment().replace("0.05\nstyle", "[0.0, 0.05]\nstyle"))


def test_a_target_already_reached(found, place):
    """86 at home against a target of 85: all of the weight pays for nothing."""
    (one,) = found("baseline-above-target", payment(target="85"), place)
    assert "stands at 86 (per cent), at or past its target of 85 for year 1: its weight of 100%" in one.sentence
    assert found("baseline-above-target", payment(FALLING, "2600", "2448"), place)
    assert not found("baseline-above-target", payment(target="85"))


def test_only_years_with_something_at_risk_count(found, place):
    """A target below the baseline in a first year without money hurts nobody."""
    text = payment(target="[85, 88, 89, 90, 90]").replace("at_risk = 0.05", "at_risk = [0.0, 0.05]")
    assert not found("baseline-above-target", text, place)


def test_a_target_far_beyond_the_plan(found, place):
    """94 lies twice as far from 86 as the place's own 90."""
    (one,) = found("target-never-reached", payment(target="94"), place)
    assert "lies 2 times as far from the baseline of 86 as the place's own plan (90)" in one.sentence


def test_a_floor_at_the_target(found, place):
    """All or nothing; for an indicator that should fall it is a fault."""
    (one,) = found("floor-equals-target", payment(floor="90"), place)
    assert one.severity == "warning"
    assert "both 90 in year 1" in one.sentence
    (one,) = found("floor-equals-target", payment(FALLING, "2322", "2322"), place)
    assert one.severity == "fault"
    assert "it should fall (from 2448 to 2322)" in one.sentence


def test_the_wrong_way_round(found, place):
    """A floor of 2,322 and a target of 2,574 pay for more admissions."""
    (one,) = found("target-wrong-way-round", payment(FALLING, "2322", "2574"), place)
    assert one.severity == "fault"
    assert "should fall (from 2448 to 2322), but a floor of 2322 and a target of 2574" in one.sentence


def test_a_floor_beyond_the_baseline(found, place):
    """From 86 to 88 nothing is earned: half of the way to 90."""
    (one,) = found("floor-above-baseline", payment(floor="88"), place)
    assert "the first 50% of the way to its target of 90" in one.sentence


def test_an_indicator_within_its_own_noise(found, place):
    """900 cases move by 1.16 points a year, which is more than half of the two points between floor and target."""
    (one,) = found("indicator-inside-noise", payment(floor="86", target="88"), place)
    assert "by 1.16 (one standard deviation)" in one.sentence
    assert "lie 2 apart in year 1, so that is 57.8% of the score" in one.sentence


def test_standing_still_earns_most(found, place):
    """A floor of 66 and a target of 90 pay 83% for standing at 86."""
    (one,) = found("standing-still-pays", payment(floor="66"), place)
    assert "pays 83.3% of what is at risk in year 1: of 5% of annual_payment (£18.0m a year) only 16.7%" in one.sentence


SCHEDULE = '[[terms]]\nid = "plan"\nkind = "schedule"\nvalue = { value = %s, unit = "GBP" }\n'


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        ('id = "share"\nkind = "corridor"\ntarget = "plan"\n'
         'bands = [{ side = "loss", from = 0.01, share = 0.5 }]\n', "plan, which share is held against, is given for 3 of 5"),
        ('id = "good"\nkind = "gate"\nof = "reported_cost"\nat = "plan"\n', "plan, which good is held against"),
        ('id = "pay"\nkind = "payment"\nprice = "plan"\n', "the last holds for the other 2"),
        ('id = "pay"\nkind = "payment"\nprice = "plan"\nin_force = { from = 1, to = 4 }\n', "for 3 of 4 years"),
    ],
)  # fmt: skip
def test_schedules_that_stop(found, reader, words):
    """A schedule that is read as a target or a price and ends early is named; given to the end it is not."""
    (one,) = found("targets-stop-early", SCHEDULE % "[1e6, 2e6, 3e6]" + "[[terms]]\n" + reader)
    assert (one.clause, one.field, one.severity) == ("plan", "value", "warning")
    assert words in one.sentence
    assert not found("targets-stop-early", SCHEDULE % "[1e6, 2e6, 3e6, 4e6, 5e6]" + "[[terms]]\n" + reader)
    assert not found("targets-stop-early", SCHEDULE % "1e6" + "[[terms]]\n" + reader)


@pytest.mark.parametrize(
    "reader",
    ['kind = "payment"\nof = "plan"\nprice = 1.0\n', 'kind = "payment"\nprice = "plan"\nin_force = { from = 1, to = 3 }\n'],
)
def test_schedules_that_may_stop(found, reader):
    """A schedule that is nobody's target, or that lasts as long as its reader, is left alone."""
    assert not found("targets-stop-early", SCHEDULE % "[1e6, 2e6, 3e6]" + "[[terms]]\n" + reader)
