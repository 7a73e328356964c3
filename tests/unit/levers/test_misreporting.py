"""L08 false reports."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.levers import LEVER_NUMBER, LEVERS
from stresstest.levers._lever import amount_recovered, found_chance
from stresstest.levers.misreporting import lied
from stresstest.levers.payoff import audit_detection
from stresstest.strategy import Strategy

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "lie", "span", "told"), [(80.0, 0.5, 10.0, 85.0), (80.0, 0.5, -10.0, 75.0), (80.0, 0.0, 10.0, 80.0)]
)
def test_lies_lie_beyond_the_truth(value, lie, span, told):
    """Half of the way to the target: up for what should rise, down for what should fall."""
    assert lied(value, lie, span) == told


def test_only_the_record_is_bent(world):
    """The lever says how far reports lie; a provider that has left reports as it is."""
    world.pull("misreporting", 0.1)
    np.testing.assert_allclose(world.get("record_false"), [0.1, 0.1, 0.0])


def test_the_claim_is_what_the_lie_brought(world):
    """Found out, the provider owes what the false score alone brought it."""
    world.set(paid_list_over=1e6, paid_score_over=3e6).find_out("misreporting")
    np.testing.assert_array_equal(world.get("audit_claim"), 3e6)


def row(**values):
    """The lever's row with these values."""
    return np.array(LEVERS[LEVER_NUMBER["misreporting"]].row(15, {"detection": 0.0, "fine": 0.0, **values}))


@pytest.mark.parametrize(
    ("records", "false", "chance"), [(100, 0.002, 0.181433), (1000, 0.002, 0.864935), (100, 0.04, 0.983130)]
)
def test_audits_find_false_records(records, false, chance):
    """The kernel's chance is that of test vector TV14, and of the sum on paper."""
    found = found_chance(0.5, row(audit_records=records, false_share_per_unit=2.0 * false))
    assert found == pytest.approx(chance, abs=5e-7)
    assert found == pytest.approx(audit_detection(false, records))


def test_chances_combine_and_are_not_always_enforced():
    """A whistle-blower's 0.1 beside an audit that always finds; half of it has consequences; a share above 1 is all."""
    assert found_chance(0.5, row(detection=0.1)) == 0.1
    assert found_chance(0.5, row(detection=0.1, enforcement=0.5)) == 0.05
    assert found_chance(0.5, row(detection=0.1, audit_records=1, false_share_per_unit=1.0)) == pytest.approx(0.55)
    assert found_chance(0.5, row(detection=0.1, audit_records=1, false_share_per_unit=9.0, enforcement=0.5)) == 0.5


def test_looking_back_fines_and_penalties():
    """£2m with a fine of a half is £3m; three years back £9m, two in the second year; the penalty comes on top."""
    assert amount_recovered(2e6, 9, row(fine=0.5)) == 3e6
    assert amount_recovered(2e6, 9, row(fine=0.5, look_back=3)) == 9e6
    assert amount_recovered(2e6, 1, row(fine=0.5, look_back=3, fixed_penalty=1e5)) == 6.1e6


def test_reports_rise_and_an_audit_finds_the_truth(dudley, honest):
    """Reported scores rise, true ones and audited values do not; the claim is never negative and is what the lie brought."""
    calm = dudley.with_ending(reserve=1e10).with_terms(improvement_payment__rebase=0.0)
    quiet = calm.with_lever("misreporting", detection=0.0, enforcement=0.0)
    years = quiet.years(honest, Strategy("l", {**honest.levels, "misreporting": 0.3}), n=32)
    np.testing.assert_array_equal(years["true_score"][1], years["true_score"][0])
    np.testing.assert_array_equal(years["audit_indicator_0"][1], years["record_indicator_0"][0])
    assert np.all(years["paid_score_over"][1] >= 0.0)
    gain = years["improvement_payment"][1] - years["improvement_payment"][0]
    np.testing.assert_allclose(gain, years["paid_score_over"][1], atol=1e-6)
    assert gain.mean() > 1e5


def test_more_audits_recover_more(dudley, honest):
    """An audit of a thousand records leaves the liar less than one of a hundred, and nobody is found out for nothing."""
    lying = Strategy("l", {**honest.levels, "misreporting": 0.05})
    rich = dudley.with_ending(reserve=1e10)
    few, many = (rich.with_lever("misreporting", audit_records=n).outcomes(honest, lying, n=200) for n in (100, 1000))
    assert (many - few)[1, L.OUT["provider_surplus_npv_gbp"]].mean() < -1e6
    np.testing.assert_array_equal(few[0], many[0])
