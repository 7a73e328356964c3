"""The engine against a second statement of the model, written in plain Python from the words of its clauses."""

from __future__ import annotations

import math
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.config.load import load_study
from stresstest.kernel.project import project, trace
from stresstest.levers import GAMING, LEVERS
from stresstest.strategy import Strategy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import columns, draws, live, measures, schemes, world

pytestmark = pytest.mark.kernel

HONEST = {"effort": 1.0, "prevention": 0.5, "efficiency": 0.8}
GAMED = {
    "effort": (0.9, 0.8, 1.0, 0.6), "prevention": 0.5, "efficiency": 0.4, "threshold_bunching": 0.5,
    "ratchet_holding_back": (0.0, 0.5, 0.0, 1.0), "prevention_run_off": 0.5, "cost_shifting": 0.5, "list_inflation": (0.02, 0.05),
    "upcoding": 0.08, "exception_reporting": (0.0, 0.05, 0.1), "year_end_timing": 0.02,
}  # fmt: skip
SCHEMING = {
    "effort": 0.8, "prevention": 0.5, "efficiency": (0.6, 0.3), "risk_selection": (0.1, 0.05, 0.0, 0.02),
    "disinvestment": (0.5, 1.0, 0.2), "misreporting": (0.0, 0.05, 0.5, 0.1), "relabelling": (0.1, 0.03, 0.0),
    "skimping": (0.02, 0.08, 0.0, 0.04), "baseline_inflation": (0.1, 0.05), "low_bid": (0.02, 0.01, 0.05),
    "related_party": (0.1, 0.42, 0.2), "noise_harvesting": (2.0, 0.5, 1.0), "double_relief": (1.0, 0.4),
    "indicator_choice": (1.0, 0.3, 0.7), "walk_away": (0.0, 0.3, 0.6),
}  # fmt: skip
EVERYTHING = {
    **SCHEMING, **{name: GAMED[name] for name in list(GAMED)[3:]}, "threshold_bunching": (1.0, 0.2),
    "prevention_run_off": 1.0, "cost_shifting": (1.0, 0.3), "upcoding": (0.16, 0.03), "walk_away": 1.0, "low_bid": 0.1,
}  # fmt: skip
GIVEN_UP = {**GAMED, "list_inflation": (0.05, 0.05, 0.0), "year_end_timing": (0.03, 0.03, 0.0, 0.03, 0.0)}
TIERS = "[{from=0.0, to=0.02, share=0.2}, {from=0.02, to=0.05, share=0.6}, {from=0.05, to=1.0, share=0.3}]"
BUILT_UP = (
    "contract.annual_payment.form='build_up'", "contract.annual_payment.inflation=0.02",
    "contract.annual_payment.efficiency=0.01", "contract.annual_payment.demand=0.012",
    "contract.annual_payment.list_uplift=0.0024", "contract.improvement_payment.style='additional'",
    "contract.gain_loss_share.settlement='cumulative'", "contract.gain_loss_share.quality_scaled=1",
    f"contract.gain_loss_share.tiers={TIERS}", "contract.ending.guarantee=4e6", "contract.ending.notice_years=0",
)  # fmt: skip
CONTRACTS = {
    "as procured": (),
    "rescue": (*BUILT_UP, "contract.ending.rescue=1"),
    "no notice": (*BUILT_UP, "contract.annual_payment.combination='additive'"),
    "long notice": (
        "contract.ending.notice_years=3", "place.policy.break_probability=0.2", "contract.ending.step_in_years=1",
        "contract.gain_loss_share.gain_cap=0.003", f"contract.gain_loss_share.tiers={TIERS}",
    ),
    "tight limits": (
        "contract.improvement_payment.exception_cap=0.02", "contract.improvement_payment.step_share=1.0",
        "contract.improvement_payment.rebase_from=2", "contract.annual_payment.need_pass_through=1.0",
        "contract.annual_payment.coding_cap=0.03", "contract.annual_payment.list_tolerance=0.0",
        "contract.prevention_floor.floor=0.008", "contract.gain_loss_share.band='first_pound'",
    ),
    "fixed price": (
        "contract.annual_payment.form='fixed'", "contract.annual_payment.growth_floor=0.001",
        "contract.gain_loss_share.share_gain=0.0", "contract.gain_loss_share.dead_band=0.0",
        "place.shock.pandemic_probability=0.3", "contract.annual_payment.list_tolerance=0.03",
    ),
    "leaving costs": (
        "contract.ending.exit_fee=7e6", "contract.ending.guarantee=4e6", "contract.ending.notice_years=2",
        "contract.annual_payment.base_year_weight=1.0", "contract.improvement_payment.open_weights=0.6",
        "contract.improvement_payment.step_share=0.8", "contract.improvement_payment.rebase_from=2",
        "provider.levers.misreporting.look_back=3", "provider.levers.upcoding.look_back=4",
        "provider.levers.upcoding.audit_records=20", "provider.levers.upcoding.false_share_per_unit=0.3",
        "provider.levers.related_party.fixed_penalty=1e6", "provider.levers.skimping.audit_records=3",
        "provider.levers.skimping.false_share_per_unit=20", "provider.levers.low_bid.reopen_year=5",
    ),
    "many bidders": (
        "place.opening.bidders=4", "place.opening.bid_spread=0.05", "place.opening.omitted_probability=0.4",
        "place.opening.staleness=0.02", "place.opening.hold_up=0.9", "place.start.delay_limit=1.5",
        "place.cost.inflation_probability=0.3", "place.shock.winter_probability=0.4", "place.acute.winter=0.05",
        "place.shock.pandemic_probability=0.3", "place.policy.break_probability=0.15",
    ),
}  # fmt: skip
LIVES = [("as procured", "honest", 1000), ("as procured", "gamed", 1000)]
LIVES += [(name, strategy, 100) for name in list(CONTRACTS)[1:] for strategy in ("honest", "gamed")]
LIVES += [("as procured", "scheming", 300), ("leaving costs", "scheming", 300), ("leaving costs", "everything", 300)]
LIVES += [(name, "everything", 100) for name in ("as procured", "rescue", "tight limits", "no notice")]
STRATEGIES = {
    "honest": HONEST, "gamed": GAMED, "given up": GIVEN_UP, "scheming": SCHEMING, "everything": EVERYTHING,
}  # fmt: skip
PUNISHED = ("list_inflation", "upcoding", "misreporting", "skimping", "related_party")


def engine(study, inputs, first, n):
    """Everything the engine says about futures first … first + n − 1, by array."""
    years, lines = study.years, len(study.line_names)
    axes, noise = np.zeros((years, len(L.AXES), n)), np.zeros((years, len(L.NOISE), n))
    once, ledger = np.zeros((len(L.ONCE), n)), np.zeros((years, lines, n))
    drivers, states = np.zeros((years, len(L.DRIVERS), n)), np.zeros((years, len(L.STATES), n))
    given = (inputs.dimensions, inputs.design, inputs.law, inputs.world, inputs.deal)
    asked = (inputs.lever_rows, inputs.lever_keys, inputs.goals, inputs.edges)
    trace(first, n, years, *given, inputs.strategies[0], *asked, axes, noise, once, ledger, drivers, states)
    out, yearly = np.zeros((1, len(L.OUTCOMES), n)), np.zeros((1, len(L.YEARLY), years, n))
    nature = np.zeros((len(L.NATURE) + len(L.TAGS), n))
    project(first, n, years, *given, inputs.strategies, *asked, out, yearly, nature)
    return SimpleNamespace(
        axes=axes, noise=noise, once=once, ledger=ledger, drivers=drivers, outcomes=out[0], yearly=yearly[0],
        nature=nature,
    )  # fmt: skip


def nature_at(got, i):
    """The engine's draws of future i of a block, as the reference takes them."""
    return world.Nature(
        axes={name: got.axes[:, k, i].tolist() for k, name in enumerate(L.AXES)},
        noise={name: got.noise[:, k, i].tolist() for k, name in enumerate(L.NOISE)},
        once={name: float(got.once[k, i]) for k, name in enumerate(L.ONCE)},
    )


def found_out(study, setting, levels, future):
    """Which acts are found out, by year: their own stream's uniform below the year's chance; none in future 0."""
    years = [{} for _ in range(study.years)]
    for name in PUNISHED:
        key = draws.key_of(study.seed, f"detection/{name}", study.place.name)
        for t, year in enumerate(years):
            chance = schemes.chance(live.level(levels, name, t), setting.levers[name])
            year[name] = future != 0 and draws.uniform(key, future, t) < chance
    return years


@cache
def both(contract, strategy, n):
    """(study, engine's blocks, reference's lives) of futures 0 … n − 1."""
    study = load_study("dudley", changes=CONTRACTS[contract])
    setting, levels = world.setting_of(study), STRATEGIES[strategy]
    inputs = study.kernel_inputs(study.scenarios[0], (Strategy(strategy, levels),))
    blocks, lives = [], []
    for first in range(0, n, L.BLOCK):
        blocks.append(engine(study, inputs, first, min(L.BLOCK, n - first)))
        for i in range(min(L.BLOCK, n - first)):
            nature = nature_at(blocks[-1], i)
            lives.append((nature, live.live(setting, nature, levels, found_out(study, setting, levels, first + i))))
    got = SimpleNamespace(**{name: np.concatenate([getattr(b, name) for b in blocks], -1) for name in vars(blocks[0])})
    return study, setting, got, lives


def nearly_nothing(where, value):
    """Difference that rounding leaves: £0.000001 on money, which may be a small rest of large sums; else 1e-9."""
    money = abs(value) > 1e3 or str(where[-1]).endswith("_gbp")
    return 1e-6 if money else 1e-9


def differences(pairs):
    """The pairs (where, reference, engine) that differ by more than 1e-9 of their size and by more than rounding leaves."""
    return [
        (where, mine, theirs) for where, mine, theirs in pairs
        if not (abs(mine - theirs) <= max(1e-9 * max(abs(mine), abs(theirs)), nearly_nothing(where, theirs)))
    ]  # fmt: skip


def assert_agree(pairs):
    """No pair differs; the first few that do are shown."""
    wrong = differences(pairs)
    assert not wrong, f"{len(wrong)} differ (where, reference, engine), first: {wrong[:5]}"


@pytest.mark.parametrize(("contract", "strategy", "n"), LIVES)
def test_drivers_and_record(contract, strategy, n):
    """Every year's world, record and payments are what the words say."""
    _, _, got, lives = both(contract, strategy, n)
    assert_agree(
        ((i, year.t, name), value, float(got.drivers[year.t, L.driver(name), i]))
        for i, (_, life) in enumerate(lives) for year in life.years for name, value in columns.drivers(year).items()
    )  # fmt: skip


@pytest.mark.parametrize(("contract", "strategy", "n"), LIVES)
def test_every_ledger_line(contract, strategy, n):
    """Every clause, recovery, support, step-in and re-letting is what the words say."""
    study, _, got, lives = both(contract, strategy, n)
    assert_agree(
        ((i, year.t, name), year.ledger[name], float(got.ledger[year.t, line, i]))
        for i, (_, life) in enumerate(lives) for year in life.years for line, name in enumerate(study.line_names)
    )  # fmt: skip


@pytest.mark.parametrize(("contract", "strategy", "n"), LIVES)
def test_outcomes_and_yearly_table(contract, strategy, n):
    """Every outcome measure and every yearly column is what the words say, for every future."""
    _, setting, got, lives = both(contract, strategy, n)
    pairs = []
    for i, (_, life) in enumerate(lives):
        found = measures.outcomes(life, setting)
        assert set(found) == set(L.OUTCOMES)
        pairs += [((i, name), value, float(got.outcomes[L.OUT[name], i])) for name, value in found.items()]
        for t, row in enumerate(measures.yearly(life, setting)):
            assert set(row) == set(L.YEARLY)
            pairs += [((i, t, name), value, float(got.yearly[L.YEAR[name], t, i])) for name, value in row.items()]
    assert_agree(pairs)


@pytest.mark.parametrize(("contract", "n"), [("as procured", 1000), ("many bidders", 100)])
def test_what_nature_did(contract, n):
    """Axis means and ends, opening gap, benefit, funding growth, counts of shocks, start and scope are what the words say."""
    _, setting, got, lives = both(contract, "honest", n)
    pairs = []
    for i, (nature, life) in enumerate(lives):
        found = columns.nature_of(nature, setting, [year.w.funding for year in life.years])
        assert set(found) == set(L.NATURE)
        pairs += [((i, name), value, float(got.nature[L.NATURE.index(name), i])) for name, value in found.items()]
    assert_agree(pairs)


def test_the_futures_cover_every_branch():
    """The comparison is not an empty one: providers leave by losses and by policy, are rescued, and are found out."""
    causes = [both(*lives)[2].outcomes[L.OUT["exit_cause_code"]] for lives in LIVES]
    assert len(np.unique(np.concatenate(causes))) >= 5
    study, _, got, _ = both("as procured", "gamed", 1000)
    for name in ("recovery", "deficit_support", "step_in", "reprocurement", "price_variation"):
        assert np.count_nonzero(got.ledger[:, study.line_names.index(name)]) > 50


def test_every_lever_is_pulled_at_several_levels():
    """The strategies that are compared pull every gaming lever of the register at three levels or more, 0 among them."""
    for name in GAMING:
        levels = {level for levels in STRATEGIES.values() for level in np.atleast_1d(levels.get(name, 0.0)).tolist()}
        assert 0.0 in levels
        assert len(levels) >= 3
    assert set(PUNISHED) == {kind.name for kind in LEVERS if kind.recovers}
    assert set(live.LEVERS) == {kind.name for kind in LEVERS}


def test_early_leavers_pay_and_others_do_not():
    """In the futures compared some providers leave early and pay the fee once; with the lever at 0 nobody does."""
    for strategy, fewest in (("scheming", 10), ("everything", 50)):
        study, _, got, _ = both("leaving costs", strategy, 300)
        fees = got.ledger[:, study.line_names.index("exit_fee")]
        assert np.count_nonzero(fees) >= fewest
        assert set(np.unique(fees)) == {0.0, 7e6}
        assert np.count_nonzero(fees, axis=0).max() == 1
        assert np.count_nonzero(got.ledger[:, study.line_names.index("recovery")]) > 100
    study, _, got, _ = both("as procured", "gamed", 1000)
    assert not got.ledger[:, study.line_names.index("exit_fee")].any()


@pytest.mark.parametrize(("contract", "strategy", "n"), LIVES)
def test_transfers_sum_to_zero(contract, strategy, n):
    """What parties pay and get adds up to exactly nothing in every future and year."""
    study, _, got, _ = both(contract, strategy, n)
    for t in range(study.years):
        for i in range(n):
            entries = []
            for (payer, payee), amount in zip(study.line_parties, got.ledger[t, :, i].tolist(), strict=True):
                assert math.isfinite(amount)
                assert payer != payee
                entries += [(payer, -amount), (payee, amount)]
            assert math.fsum(amount for _, amount in entries) == 0.0


def test_brought_forward_cost_is_counted_once():
    """Cost recorded a year early is not recorded again, also where the provider stops bringing cost forward."""
    _, _, got, lives = both("as procured", "given up", 100)
    assert_agree(
        ((i, year.t, "record_acute"), year.r.acute, float(got.drivers[year.t, L.driver("record_acute"), i]))
        for i, (_, life) in enumerate(lives) for year in life.years if year.running
    )  # fmt: skip


@pytest.mark.parametrize("name", ["list", "need", "acute"])
def test_a_provider_that_has_left_bends_nothing(name):
    """Once the provider has left, the record is the truth."""
    _, _, got, lives = both("as procured", "gamed", 1000)
    record, truth = got.drivers[:, L.driver(f"record_{name}")], got.drivers[:, L.driver(f"world_{name}")]
    assert_agree(
        ((i, year.t), float(truth[year.t, i]), float(record[year.t, i]))
        for i, (_, life) in enumerate(lives) for year in life.years if not year.running
    )  # fmt: skip
