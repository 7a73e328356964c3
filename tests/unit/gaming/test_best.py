"""The best response over all levers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.analysis.evaluate import Arena
from stresstest.gaming.best import best, game_on, honest_of, knots, near, scored, search, with_budget
from stresstest.gaming.plays import strategies
from stresstest.levers import GAMING, HONEST, LEVERS
from stresstest.place import Quantity

pytestmark = pytest.mark.unit
KNOWN = {"list_inflation", "upcoding", "exception_reporting", "year_end_timing"}


def test_the_toys_best_response_is_found(toy):
    """All four levers that pay are found, with the years of the one that pays late: £4m + £4m + £0.67m."""
    answer = best(toy)
    assert set(answer.signature) == KNOWN
    assert answer.levels["year_end_timing"] == (0.0,) * 10 + (0.03,) * 5
    assert answer.gain == pytest.approx(4e6 + 4e6 + 2e6 / 3, abs=2e5)


def test_every_start_and_block_of_futures_gives_the_same(toy):
    """From starts far apart and from other search futures the toy's answer is the same."""
    from stresstest.gaming.stability import stability

    found = stability(toy, starts=5, blocks=3)
    assert len(found.gains) == 8
    assert found.holds
    assert min(found.overlap) == 1.0


def test_blocks_of_search_futures_have_nothing_in_common(toy):
    """Another block begins far beyond the last future of the one before, and before the verifying futures."""
    other = game_on(toy.study, 1, 2)
    assert other.screen.first == other.polish.first > toy.polish.first + toy.polish.n
    assert other.polish.first + other.polish.n < toy.verify.first == other.verify.first


def test_levers_outside_the_allowed_ones_are_never_used(toy):
    """With one lever allowed the answer holds honest levers and that one; with none it is the honest twin."""
    assert set(search(toy, ("upcoding",))) <= set(HONEST) | {"upcoding"}
    assert set(near(toy, {"effort": 1.0, "list_inflation": 0.04}, ("upcoding",))) <= set(HONEST) | {"upcoding"}
    assert not scored(toy, search(toy, ())).signature


def test_winners_curse_is_search_less_fresh_mean(toy):
    """The gain on the search futures less the one on fresh futures is what is reported."""
    answer = scored(toy, {**honest_of(toy), "list_inflation": 0.04})
    pair = toy.polish.mean_aim(strategies([honest_of(toy), answer.levels]))
    assert answer.winners_curse == pytest.approx(pair[1] - pair[0] - answer.worth.aim.mean())
    assert answer.worth.aim.size == toy.verify.n


def test_knots_are_the_clauses_own_numbers_and_their_neighbours(toy):
    """A tolerance that lies within a lever's range is tried exactly, and one step of rounding to either side."""
    contract = toy.study.contract.with_change("annual_payment", "list_tolerance", 0.02)
    found = knots(toy.study.with_contract(contract), "list_inflation")
    assert {np.nextafter(0.02, 0.0), 0.02, np.nextafter(0.02, 1.0)} <= set(found)


def test_the_budget_changes_nothing_else(dudley):
    """Other numbers of futures leave the rest of the study as it is."""
    study = with_budget(dudley.study, 10, 20)
    assert (study.search.polish_futures, study.search.verify_futures) == (10, 20)
    assert replace(study, search=dudley.study.search) == dudley.study


@pytest.mark.parametrize("lever", GAMING)
def test_a_lever_at_nothing_is_the_identity(small, lever):
    """On the real machine a lever at nothing changes no outcome in any future, to the last bit."""
    game = small(futures=2)
    out = game.verify.outcomes(strategies([honest_of(game), {**honest_of(game), lever: 0.0}]))
    np.testing.assert_array_equal(out[0], out[1])


def test_a_fixed_fee_pays_for_no_report(dudley, small):
    """Where one fee is paid whatever is reported, no lever that bends the record alone gains anything in any future."""
    contract = dudley.study.contract
    fee = replace(contract.terms[0], values={
        **contract.terms[0].values, "form": "fixed",
        **{name: Quantity((0.0,)) for name in ("list_pass_through", "need_pass_through", "base_year_weight")},
    })  # fmt: skip
    bench = dudley.with_contract(replace(contract, terms=(fee,))).with_ending(reserve=1e10)
    game = small(bench, futures=4)
    levers = [kind for kind in LEVERS if kind.bends == "record" and kind.name != "low_bid"]
    plays = [{**honest_of(game), kind.name: kind.highest} for kind in levers]
    aims = game.verify.aim(game.verify.outcomes(strategies([honest_of(game), *plays])))
    for kind, aim in zip(levers, aims[1:], strict=True):
        assert (aim - aims[0]).max() <= 1e-6, kind.name


def test_certain_and_costly_discovery_ends_false_reporting(dudley, small):
    """Found out every year, with the claim twice over, fines and penalty, no false-grade lever pays in the mean."""
    provider = dudley.study.provider
    levers = dict(provider.levers)
    false = [kind.name for kind in LEVERS if kind.grade == "false"]
    for name in false:
        sure = {"detection": 1.0, "enforcement": 1.0, "fine": 2.0, "fixed_penalty": 5e7}
        levers[name] = {**levers[name], **{key: Quantity((value,)) for key, value in sure.items()}}
    study = dudley.study.with_provider(replace(provider, levers=levers))
    game = small(replace(dudley, study=study).with_ending(reserve=1e10), futures=8)
    arena = Arena(game.study, game.scenario, game.verify.first, 8, 1)
    plays = [{**honest_of(game), name: share * LEVERS[k].highest} for k, name in
             ((k, kind.name) for k, kind in enumerate(LEVERS) if kind.name in false) for share in (0.1, 1.0)]  # fmt: skip
    aims = arena.mean_aim(strategies([honest_of(game), *plays]))
    assert false
    assert aims[1:].max() < aims[0]
