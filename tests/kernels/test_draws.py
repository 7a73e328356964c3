"""A future is its number and nothing else: not its block, its company, its chunk, nor what was added to the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.analysis.exploit import Game
from stresstest.contract import Term
from stresstest.futures import plan
from stresstest.futures.plan import detection_plan, plan_design
from stresstest.levers import LEVERS
from stresstest.place import Quantity
from stresstest.strategy import Strategy
from stresstest.terms import TERM_NUMBER, TERMS

pytestmark = pytest.mark.kernel


def assert_equal(one, other):
    """Bit for bit, every array of a chunk."""
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def cut(chunk, start, stop):
    """Futures start … stop − 1 of a chunk."""
    return tuple(part[..., start:stop] for part in chunk)


@pytest.fixture(scope="module")
def whole(dudley, honest, gamed):
    """Futures 0 … 599 under both strategies."""
    return dudley.chunk(honest, gamed, n=600)


def test_every_number_is_filled(whole):
    """No outcome, yearly figure or fact of nature is left empty, and no future repeats another."""
    assert all(np.isfinite(part).all() for part in whole)
    assert np.unique(whole[2][L.NATURE.index("opening_gap")]).size == 600
    assert np.unique(whole[0], axis=2).shape[2] == 600


@pytest.mark.parametrize("n", [1, 255, 256, 257, 300])
def test_the_first_futures_of_a_longer_run(dudley, honest, gamed, whole, n):
    """The first n futures of 600 are those of a run of n, on either side of a block's edge."""
    assert_equal(dudley.chunk(honest, gamed, n=n), cut(whole, 0, n))


@pytest.mark.parametrize("future", [1, 255, 256, 511, 599])
def test_a_future_drawn_alone(dudley, honest, gamed, whole, future):
    """A future drawn alone is the same as in its block."""
    assert_equal(dudley.chunk(honest, gamed, first=future, n=1), cut(whole, future, future + 1))


def test_blocks_may_begin_anywhere(dudley, honest, gamed, whole):
    """Pieces that begin and end away from the edges of blocks join to the same run."""
    pieces = [dudley.chunk(honest, gamed, first=a, n=b - a) for a, b in ((0, 100), (100, 417), (417, 600))]
    assert_equal([np.concatenate(parts, axis=-1) for parts in zip(*pieces, strict=True)], whole)


@pytest.mark.parametrize(("order", "register"), [("NOISE_KINDS", "YEARLY_DRAWS"), ("ONCE_KINDS", "FIRST_DRAWS")])
@pytest.mark.parametrize("at", [0, -1])
@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_a_new_stream_moves_no_other(monkeypatch, order, register, at, kind):
    """A further variate, first or last in its list, leaves every other stream's key and Sobol' dimensions as they were."""
    before = plan_design(3, "dudley", 15)
    names, more = getattr(plan.layout, order), {"extra": kind}
    monkeypatch.setattr(plan.layout, order, {**more, **names} if at == 0 else {**names, **more})
    name = "noise/extra" if order == "NOISE_KINDS" else "once/extra"
    monkeypatch.setattr(plan, register, (*getattr(plan, register), name))
    after = plan_design(3, "dudley", 15)
    assert set(after.names) == {*before.names, name}
    for own, key in zip(before.names, before.keys, strict=True):
        np.testing.assert_array_equal(after.keys[after.names.index(own)], key)
    dimensions = dict(zip(after.rows(), after.sobol, strict=True))
    assert {row: dimensions[row] for row in before.rows()} == dict(zip(before.rows(), before.sobol, strict=True))


def test_a_stream_without_a_dimension_is_refused(monkeypatch):
    """A stream that nobody has entered in the register of dimensions stops the plan instead of taking another's."""
    monkeypatch.setattr(plan.layout, "NOISE_KINDS", {**plan.layout.NOISE_KINDS, "extra": "normal"})
    with pytest.raises(ValueError, match="not in tuple"):
        plan_design(3, "dudley", 15)


def test_a_new_lever_moves_no_detection():
    """A further lever, first or last in the register, leaves the others' chances of being found out as they were."""
    names = tuple(kind.name for kind in LEVERS)
    before = detection_plan(3, "dudley", 15, names)
    np.testing.assert_array_equal(detection_plan(3, "dudley", 15, ("extra", *names))[1:], before)
    np.testing.assert_array_equal(detection_plan(3, "dudley", 15, (*names, "extra"))[:-1], before)


def further(contract, kind, **values):
    """The contract with one more clause at its end."""
    given = TERMS[TERM_NUMBER[kind]]
    held = {field.name: field.default for field in given.fields} | values
    plain = {name: Quantity((float(v),)) if isinstance(v, (int, float)) else v for name, v in held.items()}
    return replace(contract, terms=(*contract.terms, Term(f"further {kind}", given, given.payer, given.payee, plain)))


def test_a_further_clause_leaves_the_others_and_the_world_alone(dudley, honest, gamed):
    """A clause for the hospital at the end of the contract changes no earlier line, no driver and no ending."""
    before = dudley.years(honest, gamed, n=300)
    longer = dudley.with_contract(further(dudley.study.contract, "marginal_rate", rate=0.7, baseline=1e8))
    after = longer.years(honest, gamed, n=300)
    for name in (*dudley.study.line_names, *L.DRIVERS, "running", "reserve_gbp", "surplus_gbp"):
        np.testing.assert_array_equal(after[name], before[name], err_msg=name)
    assert np.abs(after["further marginal_rate"]).sum() > 0


def test_a_further_clause_with_the_provider_leaves_the_world_alone(dudley, honest):
    """Even a clause that drains the provider leaves nature as it was, and its own years of service until it leaves."""
    before = dudley.chunk(honest, n=300)
    longer = dudley.with_contract(further(dudley.study.contract, "area_flows", outflow=5e6, inflow=0.0))
    after = longer.chunk(honest, n=300)
    np.testing.assert_array_equal(after[2], before[2])
    annual, running = L.YEAR["annual_payment_gbp"], L.YEAR["running"]
    both = (after[1][:, running] == 1.0) & (before[1][:, running] == 1.0)
    np.testing.assert_array_equal(after[1][:, annual][both], before[1][:, annual][both])
    assert after[0][0, 0].mean() < before[0][0, 0].mean()


@pytest.mark.parametrize("lever", [kind.name for kind in LEVERS])
def test_a_lever_at_nought_is_the_identity(dudley, honest, lever):
    """A lever at 0 changes nothing, bit for bit; at its top it changes something."""
    others = {name: level for name, level in honest.levels.items() if name != lever}
    top = LEVERS[[kind.name for kind in LEVERS].index(lever)].highest
    without, nought, full = (Strategy("x", {**others, **more}) for more in ({}, {lever: 0.0}, {lever: top}))
    # the contract's own re-basing and steps are what some levers feed on
    out = dudley.outcomes(without, nought, full, n=100)
    np.testing.assert_array_equal(out[0], out[1])
    assert not np.array_equal(out[0], out[2])


def test_a_lever_at_nought_in_some_years(dudley, honest):
    """A lever that starts in year 10 leaves the nine years before it as they were."""
    late = Strategy("late", {**honest.levels, "upcoding": (*[0.0] * 9, 0.1), "cost_shifting": (*[0.0] * 9, 1.0)})
    years = dudley.years(honest, late, n=100)
    np.testing.assert_array_equal(years.table[0, :, :9], years.table[1, :, :9])
    assert not np.array_equal(years.table[0, :, 9], years.table[1, :, 9])


def test_company_changes_nothing(dudley, honest, gamed, whole):
    """The honest provider's numbers are the same alone, first, last, and beside a gaming one."""
    alone = dudley.chunk(honest, n=600)
    np.testing.assert_array_equal(alone[0][0], whole[0][0])
    other = dudley.chunk(gamed, honest, n=600)
    np.testing.assert_array_equal(other[0], whole[0][::-1])
    np.testing.assert_array_equal(other[2], whole[2])


def test_the_central_case_has_no_events(dudley, gamed):
    """In future 0 there is no crisis, no surprise, no pandemic, no hard winter, no policy break; nobody is found out."""
    certain = dudley.with_lever("upcoding", detection=1.0).with_lever("list_inflation", detection=1.0)
    out, _, nature = certain.chunk(gamed, n=200)
    names = ("crisis_years", "inflation_surprises", "pandemic_years", "hard_winters", "omitted_item")
    events = [L.NATURE.index(name) for name in names]
    assert np.all(nature[events, 0] == 0.0)
    assert np.all(nature[events, 1:].sum(axis=1) > 0.0)
    assert out[0, L.OUT["exit_cause_code"], 0] != L.EXIT_POLICY
    recovered = certain.years(gamed, first=0, n=64)["recovery"][0]
    assert np.all(recovered[:, 0] == 0.0)
    assert np.all(recovered[0, 1:] > 0.0)


def test_choosing_and_scoring_use_different_futures(dudley):
    """The futures on which strategies are chosen, scored and reported do not meet."""
    game = Game(dudley.study, dudley.study.scenarios[0], 1)
    ranges = [(arena.first, arena.first + arena.n) for arena in (game.polish, game.verify)]
    ranges.append((0, dudley.study.futures + 1))
    assert game.screen.first == game.polish.first
    for a, (start, stop) in enumerate(ranges):
        for other_start, other_stop in ranges[a + 1 :]:
            assert stop <= other_start or other_stop <= start
    assert not np.array_equal(
        game.screen.outcomes([Strategy("x", {})])[0, 0, :64], game.verify.outcomes([Strategy("x", {})])[0, 0, :64]
    )


def test_another_seed_is_another_world(dudley, honest):
    """Another seed changes every future but the central one; another place changes what is local."""
    other = type(dudley)(replace(dudley.study, seed=dudley.study.seed + 1))
    a, b = dudley.chunk(honest, n=100), other.chunk(honest, n=100)
    np.testing.assert_array_equal(a[2][:, 0], b[2][:, 0])
    assert not np.any(a[2][: len(L.AXES), 1:] == b[2][: len(L.AXES), 1:])
    moved = type(dudley)(replace(dudley.study, place=replace(dudley.study.place, name="elsewhere")))
    c = moved.chunk(honest, n=100)
    np.testing.assert_array_equal(a[2][:12], c[2][:12])
    assert not np.any(a[2][L.NATURE.index("opening_gap"), 1:] == c[2][L.NATURE.index("opening_gap"), 1:])
