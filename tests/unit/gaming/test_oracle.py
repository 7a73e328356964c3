"""The commissioner against an archive, the double oracle, and regret."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.analysis.exploit import fix_parts
from stresstest.gaming.best import honest_of, search
from stresstest.gaming.costs import Ledger, allowed, cheapest
from stresstest.gaming.fixes import fixes_of
from stresstest.gaming.oracle import candidates, double_oracle
from stresstest.gaming.regret import Regret, minimax_regret, variants_of

pytestmark = pytest.mark.unit
LISTED = {"list_inflation": 0.04}


def fixes(*levers):
    """The fixes of some levers."""
    return tuple(fix for _, fix in fixes_of(levers))


def ledger_of(game, *levers):
    """A ledger with one exploit, of the list."""
    return Ledger(game, candidates(game.study, fixes(*levers)), [{**honest_of(game), **LISTED}], [honest_of(game)], 16)


def test_the_commissioner_picks_the_fix_that_answers_the_archive(toy):
    """Of two fixes only the one that ends the exploit is bought: fixes that change nothing are left out."""
    ledger = ledger_of(toy, "list_inflation", "prevention_run_off")
    chosen = cheapest(ledger, 1e6)
    assert [ledger.fixes[k].words for k in chosen] == [fixes("list_inflation")[0].words]
    assert ledger.cost(chosen).exploit == -1
    assert ledger.cost(frozenset()).exploit == 0
    assert ledger.cost(frozenset()).gain == pytest.approx(4e6, rel=0.05)


def test_greedy_and_exhaustive_choices_agree_on_the_toy(toy):
    """Adding and leaving out ends where trying every combination does."""
    ledger = ledger_of(toy, "list_inflation", "prevention_run_off")
    assert cheapest(ledger, 1e6, 0) == cheapest(ledger, 1e6, 12)


def test_a_fix_that_ruins_honest_work_is_not_open(toy):
    """With nothing to lose allowed, a contract on which honest surplus is lower is refused."""
    ledger = ledger_of(toy, "list_inflation")
    before = ledger.cost(frozenset())
    assert allowed(before, before, 0.0)
    assert not allowed(before, before, -1.0)
    assert not allowed(None, before, 1e9)


def test_ties_go_against_the_commissioner(toy):
    """Of two plays worth the same to the provider the one that costs the public more counts."""
    ledger = ledger_of(toy, "list_inflation")
    ledger.plays.append({"effort": 1.0025, **LISTED})  # as far above the best effort as the twin is below it
    cost = ledger.cost(frozenset())
    assert honest_of(toy)["effort"] == pytest.approx(0.9975)
    assert cost.exploit == 0


def test_the_double_oracle_stops_with_nothing_new(toy):
    """The provider moves to what is still open, the commissioner answers, and in the end no new play gains anything."""
    found = double_oracle(toy, (search(toy),), fixes("list_inflation", "exception_reporting"), epsilon=1e5)
    assert found.closed
    assert 1 <= len(found.rounds) <= 6
    assert found.rounds[-1].new_gain < 1e5
    assert found.after.cost <= found.before.cost
    assert len(found.plays) == 1 + len(found.rounds)


def test_rounds_that_run_out_are_said_to(toy):
    """With an epsilon that no play falls under, the oracle stops when its rounds are over, and says so."""
    found = double_oracle(toy, (search(toy),), fixes("list_inflation"), epsilon=-1e12, rounds=2)
    assert not found.closed
    assert len(found.rounds) == 2


def test_regret_is_cost_above_the_least_for_the_same_provider():
    """By hand: the second variant has the least largest regret, the first the least mean cost."""
    cost = np.array([[0.0, 10.0], [4.0, 7.0]])
    table = Regret(("a", "b"), (("honest", 0.0), ("strategic", 0.0)), cost, cost * 0, np.array([0.6, 0.4]), cost)
    np.testing.assert_array_equal(table.regret, [[0.0, 3.0], [4.0, 0.0]])
    np.testing.assert_array_equal(table.largest, [3.0, 4.0])
    assert (table.chosen, table.cheapest) == (0, 0)


def test_the_fixed_contract_has_less_regret_on_the_toy(toy):
    """A fix that costs honest providers nothing and ends an exploit has no regret; the contract as procured has."""
    variants = variants_of(toy.study, fixes("list_inflation"))
    assert variants[0].name == "as procured"
    table = minimax_regret(variants, [search(toy)], ("honest", "strategic"), (0.0,), 1)
    assert table.chosen == table.cheapest == 1
    assert table.regret[0, 1] > 1e6
    assert table.errors[0].max() == 0.0


def test_fixes_that_a_contract_cannot_take_are_no_candidates(toy):
    """A fix of a clause that the contract lacks, one without changes, and one named twice are left out."""
    assert all(fix_parts(fix) for fix in candidates(toy.study, fixes("low_bid")))
    assert candidates(toy.study, tuple(fix for fix in fixes("low_bid") if not fix_parts(fix))) == ()
    assert len(candidates(toy.study, fixes("list_inflation") * 2)) == 1
