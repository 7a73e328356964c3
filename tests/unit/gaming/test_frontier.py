"""Trade-offs between what is measured, what is not, and money; pay against value."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.gaming import alignment, frontier
from stresstest.levers import GAMING, HONEST
from stresstest.place import Quantity

pytestmark = pytest.mark.unit


def test_a_point_is_dominated_by_one_that_is_nowhere_worse():
    """Ties on every axis dominate nobody; a point better on one and worse on none does."""
    axes = np.array([[1.0, 1.0], [1.0, 1.0], [0.5, 1.0], [2.0, 0.0]])
    assert frontier.dominated(axes).tolist() == [False, False, True, False]
    assert frontier.dominators(axes)[2].tolist() == [True, True, False, False]


def test_distance_is_to_the_nearest_point_of_the_frontier_in_ranges():
    """By hand: ranges 4 and 2, from (0, 0) to (2, 2) is (½, 1); a dominated point is no goal, however near."""
    axes = np.array([[0.0, 0.0], [2.0, 2.0], [0.1, 0.1], [4.0, 1.0]])
    far, nearest = frontier.distances(axes)
    assert far[0] == pytest.approx(np.hypot(0.5, 1.0))
    assert nearest.tolist()[:2] == [1, -1]
    assert far[1] == far[3] == 0.0


def test_all_points_alike_lie_on_the_frontier():
    """Where no axis has a range nobody dominates anybody."""
    far, nearest = frontier.distances(np.ones((3, 3)))
    assert not far.any()
    assert set(nearest) == {-1}


def test_the_grid_holds_honest_work_and_every_lever():
    """Honest strategies use honest levers alone, and each gaming lever is tried at a half and at its top."""
    honest, gamed = frontier.honest_grid(), frontier.gamed_grid({"effort": 0.5})
    assert len(honest) == 30
    assert all(set(levels) <= set(HONEST) for _, levels in honest)
    for name in GAMING:
        assert sum(name in levels for _, levels in gamed) >= 2


def test_the_share_at_risk_moves_in_years_that_have_one(dudley):
    """Year 1 has nothing at risk as procured, and keeps that."""
    changed = frontier.with_share_at_risk(dudley.study.contract, 0.15)
    term = changed.first("improvement_payment")
    assert isinstance(term.values["at_risk"], Quantity)
    assert term.values["at_risk"].values == (0.0, 0.15)
    assert frontier.share_at_risk(changed) == 0.15
    assert frontier.share_at_risk(dudley.study.contract) == 0.10


def test_a_strategy_without_cuts_has_no_unmeasured_loss(small):
    """Unmeasured health is measured from the strategy's own twin without cuts to care."""
    game = small(futures=4)
    tried = [dict(game.honest), {**game.honest, "disinvestment": 1.0}, {**game.honest, "upcoding": 0.05}]
    axes, health = frontier.axes_of(game.verify, tried)
    assert axes.shape == (3, 4)
    assert axes[0, 1] == axes[2, 1] == 0.0
    assert axes[1, 1] == pytest.approx(health[1] - health[0])
    assert axes[1, 1] != 0.0


def test_batches_change_no_point(small):
    """More strategies than a batch holds give the points that each gives alone."""
    game = small(futures=2)
    tried = [{"effort": k / 40} for k in range(40)]
    whole, _ = frontier.axes_of(game.verify, tried)
    last, _ = frontier.axes_of(game.verify, tried[-1:])
    np.testing.assert_array_equal(whole[-1], last[0])


def test_compared_points_say_who_is_better(small):
    """A point that another beats on everything is marked, with its distance and with the name of a better one."""
    def point(score, unmeasured, surplus, exposure, name):
        return {"share_at_risk": 0.1, "kind": "honest", "levers": name, "score": score, "unmeasured_qaly": unmeasured,
                "surplus_gbp": surplus, "exposure_gbp": exposure, "health_qaly": 0.0}  # fmt: skip

    best, worse = frontier.compared([point(0.5, 0.0, 5.0, 1.0, "good"), point(0.2, -1.0, 9.0, 3.0, "bad")])
    assert not best["dominated"]
    assert not best["dominated_for_public"]
    assert best["distance"] == 0.0
    assert worse["dominated_for_public"]
    assert not worse["dominated"]
    assert worse["nearest_better"] == "good"
    assert worse["distance"] == pytest.approx(np.sqrt(3.0))


def test_pay_for_progress_is_nothing_where_nothing_is_at_risk(small, dudley):
    """A contract without money on outcomes pays nothing for progress; as procured every indicator pays."""
    bench = dudley.with_terms(improvement_payment__at_risk=0.0).with_ending(reserve=1e10)
    assert alignment.pay_per_progress(small(bench, 2), 2) == pytest.approx(np.zeros(6))
    paid = alignment.pay_per_progress(small(dudley.with_ending(reserve=1e10), 8), 8)
    assert np.all(paid > 0.0)


@pytest.mark.parametrize(
    ("pay", "value", "cosine"), [((1.0, 1.0), (2.0, 2.0), 1.0), ((1.0, 0.0), (0.0, 3.0), 0.0), ((1.0, 0.0), (1.0, 1.0), 0.5**0.5)]
)
def test_the_cosine_of_two_gradients(pay, value, cosine):
    """Pay in proportion to value is 1; pay for what has no value is 0."""
    assert alignment.cosine(np.array(pay), np.array(value)) == pytest.approx(cosine)


def test_no_pay_at_all_has_no_angle():
    """The angle of nothing is not a number."""
    assert np.isnan(alignment.cosine(np.zeros(2), np.ones(2)))


def test_services_without_an_indicator_pay_nothing_and_widen_the_angle(small, dudley):
    """Their row pays nothing and is worth something, so the cosine with them is the smaller one."""
    found = alignment.alignment(small(dudley.with_ending(reserve=1e10), 4), 4)
    last = found.rows()[-1]
    assert last["pay_per_unit_gbp"] == 0.0
    assert last["value_per_unit_gbp"] > 0.0
    assert 0.0 < found.cosine < found.cosine_measured <= 1.0
    assert 0.0 < found.degrees < 90.0


def test_a_contract_without_outcome_money_has_one_set_of_points(small, dudley):
    """Where no share is at risk in numbers, the frontier is that of the contract as it is."""
    from dataclasses import replace

    contract = dudley.study.contract
    terms = tuple(term for term in contract.terms if term.kind.name != "improvement_payment")
    bench = dudley.with_contract(replace(contract, terms=terms))
    game = small(bench, 2)
    found = frontier.frontier(game, dict(game.honest), futures=2)
    assert {row["share_at_risk"] for row in found.rows()} == {None}
    assert {row["kind"] for row in found.rows()} == {"best response", "honest best response", "honest", "gamed"}
