"""Laws of solvency and ending: reserves, owners, rescue, exit, and what detection does to gaming."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import endings, firsts, levels
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.levers import LEVERS
from stresstest.strategy import Strategy

pytestmark = pytest.mark.law

N = 64
few = settings(max_examples=12)
YEAR, CAUSE = L.OUT["exit_year_index"], L.OUT["exit_cause_code"]


def last_year(out):
    """Last year of service of each future, counting a contract that ran its term as ending after every other."""
    return np.where(out[YEAR] < 0, 1000, out[YEAR])


@few
@given(level=levels, first=firsts, ending=endings, rescue=st.sampled_from([0.0, 1.0]))
def test_the_reserve_is_never_negative(dudley, level, first, ending, rescue):
    """After owners and support the reserve stands at nothing or above, and support is never negative."""
    years = dudley.with_ending(**ending, rescue=rescue).years(Strategy("any", level), first=first, n=N)
    assert np.all(years["reserve_gbp"] >= 0.0)
    assert np.all(years["deficit_support"] >= 0.0)


@few
@given(level=levels, first=firsts, ending=endings, rescue=st.sampled_from([0.0, 1.0]))
def test_the_reserve_is_what_came_in_less_what_went_out(dudley, level, first, ending, rescue):
    """Reserve at the end = reserve at the start + all surpluses + what owners put in, which is within their cap."""
    bench = dudley.with_ending(**ending, rescue=rescue)
    years = bench.years(Strategy("any", level), first=first, n=N)
    running = years["running"][0]
    served = running.sum(axis=0).astype(int)
    at = np.arange(N)
    owners = (
        years["reserve_gbp"][0][served - 1, at] - ending["reserve"] - years["cumulative_surplus_gbp"][0][served - 1, at]
    )
    assert np.all(owners >= -1e-3)
    assert np.all(owners <= ending["loss_cap"] + ending["guarantee"] + 1e-3)


@few
@given(level=levels, first=firsts, ending=endings)
def test_support_comes_only_once_the_owners_are_spent(dudley, level, first, ending):
    """In a year with support the reserve ends at nothing and the owners have borne their whole cap."""
    bench = dudley.with_ending(**ending, rescue=1.0)
    years = bench.years(Strategy("any", level), first=first, n=N)
    helped = years["deficit_support"][0] > 0.01
    owners = years["reserve_gbp"][0] - ending["reserve"] - years["cumulative_surplus_gbp"][0]
    assert np.all(years["reserve_gbp"][0][helped] == 0.0)
    np.testing.assert_allclose(owners[helped], ending["loss_cap"] + ending["guarantee"], atol=0.02)


@few
@given(level=levels, first=firsts, ending=endings)
def test_an_exit_ends_the_contract(dudley, level, first, ending):
    """After the last year of service no clause moves money and the successor is paid; before it the other way round."""
    bench = dudley.with_ending(**ending, rescue=0.0)
    strategy = Strategy("any", level)
    years, out = bench.years(strategy, first=first, n=N), bench.outcomes(strategy, first=first, n=N)[0]
    after = np.arange(15)[:, None] > last_year(out)
    np.testing.assert_array_equal(years["running"][0] == 0.0, after)
    own = [term.id for term in bench.study.contract.terms] + ["recovery", "deficit_support", "price_variation"]
    for name in own:
        assert np.all(years[name][0][after] == 0.0), name
    assert np.all(years["step_in"][0][after] > 0.0)
    assert np.all(years["step_in"][0][~after] == 0.0)
    first_after = np.arange(15)[:, None] == last_year(out) + 1
    price = bench.study.contract.ending["reprocurement_cost"].value
    np.testing.assert_array_equal(years["reprocurement"][0], np.where(first_after, price, 0.0))
    for name in ("income_gbp", "cost_gbp", "surplus_gbp"):
        assert np.all(years[name][0][after] == 0.0)


@few
@given(level=levels, first=firsts, ending=endings)
def test_a_rescued_contract_never_ends_by_losses(dudley, level, first, ending):
    """Where the commissioner carries the losses, nothing but national policy ends the contract."""
    out = dudley.with_ending(**ending, rescue=1.0).outcomes(Strategy("any", level), first=first, n=4 * N)[0]
    assert set(np.unique(out[CAUSE])) <= {L.EXIT_NONE, L.EXIT_POLICY}


@few
@given(level=levels, first=firsts, chance=st.floats(0, 0.4), more=st.floats(0, 0.4), link=st.floats(-1, 2))
def test_a_likelier_policy_break_never_comes_later(dudley, level, first, chance, more, link):
    """In the same future, of a provider that no loss exhausts, a higher chance never puts policy's end off."""
    rich, strategy = dudley.with_ending(reserve=1e10), Strategy("any", level)
    last = [
        last_year(
            rich.with_place(policy__break_probability=p, policy__control_link=link).outcomes(
                strategy, first=first, n=4 * N
            )[0]
        )
        for p in sorted((chance, more))
    ]
    assert np.all(last[1] <= last[0])


@few
@given(level=levels, other=levels, first=firsts)
def test_policy_breaks_know_nothing_of_the_provider(dudley, level, other, first):
    """What a provider that no loss exhausts does moves neither the year of a policy break nor whether there is one."""
    rich = dudley.with_ending(reserve=1e10)
    one, two = rich.outcomes(Strategy("one", level), Strategy("two", other), first=first, n=4 * N)
    np.testing.assert_array_equal(one[YEAR], two[YEAR])
    np.testing.assert_array_equal(one[CAUSE], two[CAUSE])


@few
@given(
    level=levels,
    first=firsts,
    ending=endings,
    more=st.floats(0, 5e7),
    which=st.sampled_from(["loss_cap", "guarantee", "reserve"]),
)
def test_deeper_pockets_never_leave_earlier(dudley, level, first, ending, more, which):
    """In the same future, a larger cap, guarantee or reserve never brings the end forward."""
    strategy = Strategy("any", level)
    before = dudley.with_ending(**ending, rescue=0.0).outcomes(strategy, first=first, n=4 * N)[0]
    deeper = {**ending, which: ending[which] + more}
    after = dudley.with_ending(**deeper, rescue=0.0).outcomes(strategy, first=first, n=4 * N)[0]
    assert np.all(last_year(after) >= last_year(before))


@few
@given(level=levels, first=firsts, ending=endings, longer=st.integers(1, 3))
def test_notice_puts_the_end_off_by_its_years(dudley, level, first, ending, longer):
    """Without policy breaks, each year of notice moves an end by losses one year on, or to the term's end; causes stay."""
    calm = dudley.with_place(policy__break_probability=0.0)
    strategy = Strategy("any", level)
    now = calm.with_ending(**(ending | {"notice_years": 0}), rescue=0.0).outcomes(strategy, first=first, n=4 * N)[0]
    late = calm.with_ending(**(ending | {"notice_years": longer}), rescue=0.0).outcomes(strategy, first=first, n=4 * N)[
        0
    ]
    expected = np.where((now[YEAR] >= 0) & (now[YEAR] + longer < 14), now[YEAR] + longer, -1.0)
    np.testing.assert_array_equal(late[YEAR], expected)
    gone = late[YEAR] >= 0
    np.testing.assert_array_equal(late[CAUSE][gone], now[CAUSE][gone])


@few
@given(first=firsts, level=levels)
def test_a_provider_that_has_left_does_nothing(dudley, level, first):
    """After the exit there is no investment, no gaming and no bent record: need and list are told as they are."""
    years = dudley.years(Strategy("any", level), first=first, n=N)
    gone = years["running"][0] == 0.0
    for name in (
        "world_investment",
        "world_gaming_cost",
        "world_shifted",
        "choice_prevention",
        "choice_efficiency",
        "choice_effort_0",
    ):
        assert np.all(years[name][0][gone] == 0.0), name
    for told, true in (("record_list", "world_list"), ("record_need", "world_need")):
        np.testing.assert_array_equal(years[told][0][gone], years[true][0][gone])


#: What is claimed back on each lever; on skimping nothing is, there is only a penalty.
CLAIMED = {
    "list_inflation": "paid_list_over", "upcoding": "paid_need_over", "misreporting": "paid_score_over",
    "related_party": "record_markup",
}  # fmt: skip


@pytest.mark.parametrize("lever", [kind.name for kind in LEVERS if kind.recovers])
@settings(max_examples=8)
@given(first=firsts, share=st.floats(0.1, 1.0))
def test_certain_discovery_with_a_large_fine_deters(dudley, honest, lever, first, share):
    """A lever that is always found out and dearly fined loses money in every future of a provider that cannot walk away.

    Where the contract ends with its first year, in which nothing hangs on outcomes, a false report has neither gain nor loss.
    """
    penalty = 1e9 if lever == "skimping" else 0.0  # nothing is overpaid, so that a fine alone takes nothing
    strict = dudley.with_lever(lever, detection=1.0, fine=10.0, enforcement=1.0, fixed_penalty=penalty)
    strict = strict.with_ending(reserve=1e10)
    top = LEVERS[[kind.name for kind in LEVERS].index(lever)].highest
    out = strict.outcomes(honest, Strategy("gamed", {**honest.levels, lever: share * top}), first=first, n=N)
    gain, brief = out[1, 0] - out[0, 0], out[1, L.OUT["exit_year_index"]] == 0.0
    assert np.all(gain[~brief] < 0.0)
    assert np.all(gain <= 0.0)


@pytest.mark.parametrize("lever", list(CLAIMED))
def test_never_found_out_pays_nothing_back(dudley, gamed, lever):
    """Without detection nothing is recovered, and with it the recovery is the claim with its fine."""
    others = dict.fromkeys(("upcoding", "list_inflation"), 0.0)
    alone = Strategy("alone", {**gamed.levels, **others, lever: gamed.levels.get(lever, 0.2)})
    plain = {"enforcement": 1.0, "fixed_penalty": 0.0, "audit_records": 0.0}
    rich = dudley.with_ending(reserve=1e10)
    assert np.all(rich.with_lever(lever, detection=0.0, **plain).years(alone)["recovery"] == 0.0)
    years = rich.with_lever(lever, detection=1.0, fine=0.5, **plain).years(alone)
    over = years[CLAIMED[lever]][0]
    np.testing.assert_allclose(years["recovery"][0], 1.5 * over * years["running"][0], rtol=1e-12)
    assert over.sum() > 0.0


@few
@given(level=levels, first=firsts, chance=st.floats(0, 1), higher=st.floats(0, 1))
def test_more_detection_never_recovers_less(dudley, level, first, chance, higher):
    """In the same futures, a higher chance of being found out finds out everyone that a lower one did."""
    low, high = sorted((chance, higher))
    rich, strategy = dudley.with_ending(reserve=1e10), Strategy("any", level)
    less, more = (
        rich.with_lever("upcoding", detection=p).years(strategy, first=first, n=N)["recovery"] for p in (low, high)
    )
    assert np.all(more >= less - 1e-6)
