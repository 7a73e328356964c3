"""Shared savings: minimum rates, loss forms, caps, gate and haircut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.terms.shared_savings import KIND, NOT_USED, final_share, loss_limit, loss_rate, saving_due

shares = st.floats(0, 1)
terms_of = st.fixed_dictionaries({
    "max_share": shares, "msr": st.floats(0, 0.1), "mlr": st.floats(0, 0.1),
    "loss_form": st.sampled_from(["none", "fixed", "one_minus_final"]), "loss_rate": shares,
    "loss_rate_floor": st.floats(0, 0.5), "loss_rate_ceiling": st.floats(0.5, 1),
    "gain_cap_benchmark": st.floats(0, 0.3), "loss_cap_benchmark": st.floats(0, 0.3),
    "loss_cap_revenue": st.floats(0, 0.3), "quality_gate": shares, "haircut": st.floats(0, 0.1),
    "haircut_order": st.sampled_from(["before_cap", "after_cap"]),
})  # fmt: skip


def year(acute: float, score: float = 1.0) -> dict[str, float]:
    """One year with a benchmark of £100m and a revenue of £50m."""
    return {"annual": 5e7, "acute_expected": 1e8, "acute": acute, "score": score}


@pytest.mark.unit
@pytest.mark.parametrize(("quality", "share"), [(0.0, 0.0), (0.3, 0.0), (0.31, 0.155), (1.0, 0.5)])
def test_final_share_at_the_gate(quality, share):
    """A score at the gate fails it; above it the share is in line with quality."""
    assert final_share(0.5, quality, 0.3) == pytest.approx(share)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("form", "final", "rate"), [(0, 0.5, 0.0), (1, 0.5, 0.3), (2, 0.75, 0.4), (2, 0.5, 0.5), (2, 0.0, 0.75)]
)
def test_loss_rate_forms(form, final, rate):
    """No loss share, a fixed one, or one less the final share between floor and ceiling."""
    assert loss_rate(float(form), 0.3, final, 0.4, 0.75) == pytest.approx(rate)


@pytest.mark.unit
def test_the_lower_loss_cap_applies_and_an_unused_one_never_does():
    """The lower of two caps holds; a cap that is not used holds for no revenue, not even none."""
    assert loss_limit(100.0, 40.0, 0.04, 0.08) == pytest.approx(3.2)
    assert loss_limit(100.0, 100.0, 0.04, 0.08) == pytest.approx(4.0)
    assert loss_limit(100.0, 0.0, 0.04, NOT_USED) == pytest.approx(4.0)


@pytest.mark.unit
def test_haircut_before_and_after_the_cap():
    """Only after the cap does the haircut cut a capped saving."""
    assert saving_due(20.0, 0.5, 8.0, 0.02, 0.0) == pytest.approx(8.0)
    assert saving_due(20.0, 0.5, 8.0, 0.02, 1.0) == pytest.approx(7.84)
    assert saving_due(10.0, 0.5, 8.0, 0.02, 0.0) == pytest.approx(4.9)


@pytest.mark.unit
def test_failing_quality_loses_at_the_ceiling(pay):
    """A score at the gate earns nothing of a saving and bears a loss at the ceiling."""
    terms = {"max_share": 0.75, "loss_form": "one_minus_final", "loss_rate_floor": 0.4, "loss_rate_ceiling": 0.75}
    terms["quality_gate"] = 0.3
    assert pay("shared_savings", terms, year(9e7, 0.3), year(1.1e8, 0.3)) == pytest.approx([0.0, -7.5e6])


@pytest.mark.unit
def test_a_saving_under_the_minimum_rate_may_count_in_part(pay):
    """Below the MSR the provider's share is a part of the usual one, under the same cap; at it, the whole."""
    terms = {"max_share": 0.5, "msr": 0.02, "loss_form": "none", "below_msr_factor": 0.5, "gain_cap_benchmark": 0.004}
    assert pay("shared_savings", terms, year(9.9e7), year(9.81e7), year(9.8e7)) == pytest.approx([2.5e5, 4e5, 4e5])
    plain = terms | {"below_msr_factor": 0.0, "gain_cap_benchmark": 1.0}
    assert pay("shared_savings", plain, year(9.9e7), year(9.8e7)) == pytest.approx([0.0, 1e6])


@pytest.mark.unit
def test_relief_forgives_part_of_what_the_cap_leaves(pay):
    """A quarter of a capped loss is forgiven; a saving is not touched."""
    terms = {"max_share": 0.5, "loss_form": "fixed", "loss_rate": 0.3, "loss_cap_benchmark": 0.02, "relief": 0.25}
    assert pay("shared_savings", terms, year(1.1e8), year(9e7)) == pytest.approx([-1.5e6, 5e6])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("form", "cap", "names"),
    [("none", 0.08, ("revenue",)), ("fixed", NOT_USED, ("revenue",)), ("fixed", 0.08, ()), (float("nan"), 0.08, ())],
)
def test_revenue_is_read_only_under_its_cap(form, cap, names):
    """Revenue matters where a loss is shared and its cap is a share of revenue."""
    assert KIND.unread({"loss_form": form, "loss_cap_revenue": cap}) == names


@pytest.mark.unit
def test_floor_above_ceiling_is_reported():
    """A floor above the ceiling of the loss rate is named."""
    assert KIND.check({"loss_rate_floor": 0.8, "loss_rate_ceiling": 0.7})[0][0] == "loss_rate_floor"


@pytest.mark.law
@given(terms=terms_of, acute=st.floats(0, 2e8), more=st.floats(0, 1e8), score=shares)
def test_amount_never_rises_with_spend_and_caps_bind(pay, terms, acute, more, score):
    """More spend never brings more, and no amount leaves the caps."""
    low, high = (pay("shared_savings", terms, year(a, score))[0] for a in (acute, acute + more))
    assert high <= low + 1e-6
    worst = min(terms["loss_cap_benchmark"] * 1e8, terms["loss_cap_revenue"] * 5e7)
    assert -worst - 1e-6 <= high <= low <= terms["gain_cap_benchmark"] * 1e8 + 1e-6


@pytest.mark.law
@given(terms=terms_of, acute=st.floats(0, 2e8), score=shares, other=shares)
def test_amount_never_falls_with_quality(pay, terms, acute, score, other):
    """A better score never lowers what the provider receives or raises what it owes."""
    low, high = sorted((score, other))
    worse, better = (pay("shared_savings", terms, year(acute, q))[0] for q in (low, high))
    assert better >= worse - 1e-6


@pytest.mark.law
@given(acute=st.floats(0, 2e8), score=shares)
def test_zero_share_without_loss_share_moves_no_money(pay, acute, score):
    """Without shares there is no transfer."""
    assert pay("shared_savings", {"max_share": 0.0, "loss_form": "none"}, year(acute, score)) == [0.0]
