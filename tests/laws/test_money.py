"""Laws of money: it is neither made nor lost, it stays within its caps, and it has no favourite unit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from drawn import firsts, levels
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.drivers.parameters import PARAMETERS
from stresstest.place import Quantity
from stresstest.strategy import Strategy

pytestmark = pytest.mark.law

N = 48
few = settings(max_examples=15)


def flows(years, study, t, i, strategy=0):
    """(payer, payee, amount) of every line in year t of future i."""
    amounts = years.ledger[strategy, :, t, i]
    return [(payer, payee, float(a)) for (payer, payee), a in zip(study.line_parties, amounts, strict=True)]


@few
@given(level=levels, first=firsts)
def test_transfers_sum_to_nothing(dudley, level, first):
    """What all parties pay and receive sums to 0, exactly, in every future and year; and each line has two parties."""
    years = dudley.years(Strategy("any", level), first=first, n=8)
    for t in range(dudley.study.years):
        for i in range(8):
            balances = {name: [] for name in L.PARTIES}
            for payer, payee, amount in flows(years, dudley.study, t, i):
                assert payer != payee
                balances[payer].append(-amount)
                balances[payee].append(amount)
            assert math.fsum(entry for entries in balances.values() for entry in entries) == 0.0


@few
@given(level=levels, first=firsts)
def test_income_is_what_the_ledger_says(dudley, level, first):
    """The provider's income is the sum of its lines, and surplus is income less cost, year by year and in total."""
    years = dudley.years(Strategy("any", level), first=first, n=N)
    signs = np.array([(b == "provider") - (a == "provider") for a, b in dudley.study.line_parties], dtype=float)
    income = np.einsum("l,lti->ti", signs, years.ledger[0])
    np.testing.assert_allclose(years["income_gbp"][0], income, rtol=1e-12, atol=1e-3)
    np.testing.assert_allclose(
        years["surplus_gbp"][0], years["income_gbp"][0] - years["cost_gbp"][0], rtol=0, atol=1e-6
    )
    np.testing.assert_allclose(
        years["cumulative_surplus_gbp"][0], np.cumsum(years["surplus_gbp"][0], axis=0), atol=1e-3
    )


@few
@given(level=levels, first=firsts)
def test_exposure_is_what_the_commissioner_pays_beyond_the_budget(dudley, level, first):
    """Yearly exposure is the commissioner's ledger less the agreed budget, plus acute cost that was shifted back."""
    years = dudley.years(Strategy("any", level), first=first, n=N)
    signs = np.array([(a == "commissioner") - (b == "commissioner") for a, b in dudley.study.line_parties], dtype=float)
    paid = np.einsum("l,lti->ti", signs, years.ledger[0])
    shifted = years["world_shifted_acute"][0] * years["running"][0]
    np.testing.assert_allclose(
        years["commissioner_exposure_gbp"][0], paid - years["agreed_budget_gbp"][0] + shifted, rtol=1e-12, atol=1e-3
    )


@few
@given(level=levels, first=firsts)
def test_exposure_is_the_sum_of_its_causes(dudley, level, first):
    """Net exposure is the sum of its causes; gross exposure is no less than net, and no less than nothing."""
    out = dudley.outcomes(Strategy("any", level), first=first, n=N)[0]
    causes = sum(out[L.OUT[f"exposure_{name}_npv_gbp"]] for name in L.EXPOSURE)
    net, gross = out[L.OUT["commissioner_exposure_npv_gbp"]], out[L.OUT["commissioner_exposure_gross_npv_gbp"]]
    np.testing.assert_allclose(net, causes, rtol=1e-11, atol=1e-3)
    assert np.all(gross >= net - 1e-3)
    assert np.all(gross >= 0.0)


@few
@given(level=levels, first=firsts)
def test_present_values_are_the_discounted_years(dudley, level, first):
    """Surplus and exposure over the term are the discounted sums of their years."""
    strategy = Strategy("any", level)
    out, years = dudley.outcomes(strategy, first=first, n=N)[0], dudley.years(strategy, first=first, n=N)
    rate = dudley.study.place.parameters["health.money_discount"].value
    discount = (1.0 + rate) ** -np.arange(dudley.study.years)
    pairs = (("provider_surplus_npv_gbp", "surplus_gbp"), ("commissioner_exposure_npv_gbp", "commissioner_exposure_gbp"),
             ("performance_npv_gbp", "performance_gbp"))  # fmt: skip
    for name, yearly in pairs:
        np.testing.assert_allclose(out[L.OUT[name]], discount @ years[yearly][0], rtol=1e-10, atol=1e-2)


@few
@given(level=levels, first=firsts)
def test_clauses_without_a_share_move_nothing(dudley, level, first):
    """A share of nothing, nothing at risk, no floor and no support: those lines are 0 in every year."""
    empty = dudley.with_terms(
        gain_loss_share__share_gain=0.0, gain_loss_share__share_loss=0.0, improvement_payment__at_risk=0.0,
        prevention_floor__floor=0.0, cap_and_collar__support_share=0.0, cap_and_collar__support_more_share=0.0,
        cap_and_collar__pay_back_share=0.0,
    )  # fmt: skip
    years = empty.years(Strategy("any", level), first=first, n=N)
    for name in ("gain_loss_share", "improvement_payment", "prevention_floor", "cap_and_collar"):
        assert np.all(years[name] == 0.0), name


@few
@given(
    level=levels,
    first=firsts,
    gain=st.floats(0, 0.02),
    loss=st.floats(0, 0.02),
    band=st.sampled_from(["net", "first_pound"]),
)
def test_caps_bind(dudley, level, first, gain, loss, band):
    """No year's gain/loss share leaves its caps, whatever the provider does, and no performance pay exceeds its pot."""
    capped = dudley.with_terms(
        gain_loss_share__gain_cap=gain, gain_loss_share__loss_cap=loss, gain_loss_share__share_gain=1.0,
        gain_loss_share__share_loss=1.0, gain_loss_share__band=band, gain_loss_share__dead_band=0.0,
    )  # fmt: skip
    years = capped.years(Strategy("any", level), first=first, n=N)
    paid, annual = years["gain_loss_share"][0], years["annual_payment"][0]
    assert np.all(paid <= gain * annual + 1e-6)
    assert np.all(paid >= -loss * annual - 1e-6)
    withheld = years["improvement_payment"][0]
    pot = (
        np.array([capped.study.contract.first("improvement_payment").at(t)["at_risk"] for t in range(15)])[:, None]
        * annual
    )
    assert np.all((withheld <= 1e-6) & (withheld >= -pot - 1e-6))


@few
@given(level=levels, first=firsts)
def test_withheld_and_additional_differ_by_the_pot(dudley, level, first):
    """In the same year and future, additional pays exactly the pot more than withheld: κ·P·s less −κ·P·(1 − s) is κ·P."""
    rich = dudley.with_ending(reserve=1e10)
    strategy = Strategy("any", level)
    withheld = rich.years(strategy, first=first, n=N)
    extra = rich.with_terms(improvement_payment__style="additional").years(strategy, first=first, n=N)
    risk = np.array([rich.study.contract.first("improvement_payment").at(t)["at_risk"] for t in range(15)])[:, None]
    np.testing.assert_array_equal(extra["annual_payment"], withheld["annual_payment"])
    more = extra["improvement_payment"][0] - withheld["improvement_payment"][0]
    np.testing.assert_allclose(more, risk * withheld["annual_payment"][0], rtol=1e-12, atol=1e-5)


def times(quantity, factor):
    """A quantity of money, counted in another unit."""
    return Quantity(tuple(v * factor for v in quantity.values), quantity.unit, quantity.source, quantity.quality)


def in_other_pounds(study, factor):
    """The study with every amount of money multiplied: place, contract with its ending, and provider."""
    power = {"GBP": 1, "QALY per GBP": -1, "GBP per QALY": 1}
    change = {(q.owner, q.key): factor ** power.get(q.unit, 0) for q in PARAMETERS}

    def scaled(owner, held):
        return {key: times(value, change.get((owner, key), 1.0)) for key, value in held.items()}

    place = replace(
        study.place, parameters=scaled("place", study.place.parameters),
        pods=tuple(replace(pod, base_gbp=pod.base_gbp * factor) for pod in study.place.pods),
    )  # fmt: skip
    terms = []
    for term in study.contract.terms:
        money = {f.name for f in term.kind.fields if f.unit == "GBP"}
        terms.append(replace(term, values={k: times(v, factor) if k in money else v for k, v in term.values.items()}))
    contract = replace(
        study.contract, terms=tuple(terms), scope={k: v * factor for k, v in study.contract.scope.items()},
        benchmark={k: times(v, factor if k.endswith("_gbp") else 1.0) for k, v in study.contract.benchmark.items()},
        ending={k: times(v, change["contract", f"ending.{k}"]) for k, v in study.contract.ending.items()},
    )  # fmt: skip
    provider = replace(
        study.provider, parameters=scaled("provider", study.provider.parameters),
        levers={name: _lever(name, held, factor) for name, held in study.provider.levers.items()},
    )  # fmt: skip
    return replace(study, place=place, contract=contract, provider=provider)


def _lever(name, held, factor):
    from stresstest.levers import LEVER_NUMBER, LEVERS

    money = {f.name for f in LEVERS[LEVER_NUMBER[name]].fields if f.unit.startswith("GBP")}
    return {key: times(value, factor) if key in money else value for key, value in held.items()}


@few
@given(level=levels, first=firsts)
def test_results_do_not_depend_on_the_unit_of_money(dudley, level, first):
    """With every pound counted as a thousand, money comes out a thousandfold, and health, scores and endings the same."""
    strategy = Strategy("any", level)
    other = type(dudley)(in_other_pounds(dudley.study, 1000.0))
    plain, large = dudley.outcomes(strategy, first=first, n=N)[0], other.outcomes(strategy, first=first, n=N)[0]
    for name, k in L.OUT.items():
        factor = 1000.0 if name.endswith("_gbp") else 1.0
        scale = max(float(np.abs(plain[k]).max()), 1.0)
        np.testing.assert_allclose(large[k] / factor, plain[k], rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def test_every_amount_of_the_scaled_study_has_moved(dudley):
    """The scaling of the law above leaves no amount of money behind: the kernel's numbers that moved are the money."""
    other = in_other_pounds(dudley.study, 1000.0)
    before, after = dudley.study.parameter_vector(), other.parameter_vector()
    for q, a, b in zip(PARAMETERS, before, after, strict=True):
        factor = {"GBP": 1000.0, "GBP per QALY": 1000.0, "QALY per GBP": 0.001}.get(q.unit, 1.0)
        assert b == pytest.approx(a * factor), q.key
