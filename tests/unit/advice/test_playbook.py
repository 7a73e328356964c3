"""The playbook on a small real run: mitigations laid within bounds, triggers that wait for their signal, paired effects, and
the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest import layout as L
from stresstest.advice import playbook_plan
from stresstest.advice.failures import chosen, failure, present
from stresstest.advice.mitigations import NotLaidError, changed, lay
from stresstest.advice.mitigations_try import attempt, effect, futures_of
from stresstest.advice.playbook import in_turn, playbook, try_all
from stresstest.advice.playbook_plan import beaten, ranked, worsened
from stresstest.advice.playbook_tables import trigger_rows
from stresstest.advice.sentences import LONGEST, sentence_lengths
from stresstest.advice.signposts_single import singles
from stresstest.advice.source import Source, columns_of
from stresstest.advice.watching import watch
from stresstest.analysis.evaluate import simulate_years
from stresstest.config.playbooks import Change, read_playbook
from stresstest.errors import ConfigError
from stresstest.methods.box import Box, Limit

pytestmark = pytest.mark.unit

LIBRARY = {one.id: one for one in read_playbook()}
FUTURES = 500


@pytest.fixture(scope="module")
def source(small_folder):
    """The small run, honest."""
    return Source.of(small_folder)


@pytest.fixture(scope="module")
def futures(source):
    """Its first 500 futures as they are."""
    return futures_of(source, chosen(source.study, []), 1, FUTURES)


class Books:
    """A trigger's mitigation in 300 futures year by year: its payments, the provider's result before them, and the drivers."""

    def __init__(self, source, name, n=300):
        study = lay(source.study, [LIBRARY[name]]).study
        names, own = study.line_names, {term.id for term in source.study.contract.terms}
        yearly = simulate_years(source.inputs(study), 1, n, len(names), drivers=True)[0]
        lines = yearly[len(L.YEARLY) : len(L.YEARLY) + len(names)]
        self.driver = yearly[len(L.YEARLY) + len(names) :]
        self.paid = lines[names.index(LIBRARY[name].paying_clause)]
        self.budget, self.running = yearly[L.YEAR["agreed_budget_gbp"]], yearly[L.YEAR["running"]]
        net = np.zeros_like(self.paid)
        for line, name_, (payer, payee) in zip(lines, names, study.line_parties, strict=True):
            if name_ in own:
                net += line * ((payee == "provider") - (payer == "provider"))
        self.net = net
        self.result = (net - self.driver[L.RECORD_COST]) * self.running

    def before(self, signal):
        """Whether a signal was seen in an earlier year, bool[T, n]."""
        seen = np.cumsum(signal, axis=0) > 0
        return np.vstack([np.zeros((1, signal.shape[1]), dtype=bool), seen[:-1]])


def check(books, called, due):
    """What was paid is what is due where the trigger was called and the provider serves; both happen, and never in the first
    year."""
    np.testing.assert_allclose(books.paid, np.where(called, due, 0.0) * books.running, rtol=1e-9, atol=1e-3)
    fired = (books.paid != 0.0).any(axis=0)
    assert 0 < fired.sum() < fired.size
    assert not (books.paid[0] != 0.0).any()


def test_deficit_support_waits_for_losses(source):
    """Half of a year's deficit, at most 3% of the budget, once losses to date have passed 1% of it in an earlier year."""
    books = Books(source, "deficit_support")
    called = books.before(np.cumsum(books.result, axis=0) < -0.01 * books.budget)
    check(books, called, np.minimum(0.03 * books.budget, 0.5 * np.maximum(0.0, -books.result)))


def test_injection_comes_once(source):
    """3% of the budget in the year after losses to date first passed 1% of it, and never again."""
    books = Books(source, "injection_on_signal")
    called = books.before(np.cumsum(books.result, axis=0) < -0.01 * books.budget)
    first = called & (np.cumsum(called, axis=0) == 1)
    check(books, first, 0.03 * books.budget)
    assert (books.paid != 0.0).sum(axis=0).max() == 1


def test_payment_brake_waits_for_growth(source):
    """Half of what the payment is above the budget, once the sum has passed 3% of a year's budget in an earlier year."""
    books = Books(source, "payment_brake")
    over = books.driver[L.PAID_ANNUAL] - books.budget
    check(
        books, books.before(np.cumsum(over * books.running, axis=0) > 0.03 * books.budget), 0.5 * np.maximum(0.0, over)
    )


def test_windfall_share_waits_for_surplus(source):
    """Half of a year's surplus once surplus to date has passed 3% of the budget in an earlier year."""
    books = Books(source, "windfall_share")
    check(
        books, books.before(np.cumsum(books.result, axis=0) > 0.03 * books.budget), 0.5 * np.maximum(0.0, books.result)
    )


def test_bridge_to_hospital_waits_for_care_to_move(source):
    """15% of what acute spend lies below the expected, once that was over 2% of it in an earlier year."""
    books = Books(source, "bridge_to_hospital")
    expected = books.driver[L.RECORD_ACUTE_EXPECTED]
    below = np.maximum(0.0, expected - books.driver[L.RECORD_ACUTE]) * books.running
    check(books, books.before(below > 0.02 * expected), 0.15 * below)


def test_price_is_reopened_for_good(source):
    """80% of the first gap beyond 1% of the budget, at most 5% of it, paid unchanged in every later year of service."""
    books = Books(source, "price_reopened")
    gap = np.maximum(0.0, -books.result)
    kept = np.zeros(books.paid.shape)
    for t in range(1, len(kept)):
        new = np.where(gap[t - 1] > 0.01 * books.budget[t], np.minimum(0.05 * books.budget[t], 0.8 * gap[t - 1]), 0.0)
        kept[t] = np.where(kept[t - 1] > 0.0, kept[t - 1], new) * books.running[t]
    check(books, kept > 0.0, kept)


def test_changes_set_multiply_and_add(source):
    """Entries by year are multiplied year by year; a share of the budget is that of the opening price; dated changes keep the
    past."""
    contract = source.study.contract
    budget = contract.opening_price
    halved = changed(contract, Change("improvement_payment", "at_risk", "*=", 0.5), budget)
    old = next(term for term in contract.terms if term.id == "improvement_payment").values["at_risk"]
    new = next(term for term in halved.terms if term.id == "improvement_payment").values["at_risk"]
    assert [new.at(t) for t in range(4)] == [0.5 * old.at(t) for t in range(4)]
    more = changed(contract, Change("ending", "reserve", "+=", 0.05, True), budget)
    assert more.ending["reserve"].value == pytest.approx(contract.ending["reserve"].value + 0.05 * budget)
    late = changed(contract, Change("annual_payment", "growth_ceiling", "=", 0.03), budget, 4)
    term = next(term for term in late.terms if term.id == "annual_payment")
    assert [term.at(t)["growth_ceiling"] for t in (3, 4, 14)] == [0.06, 0.03, 0.03]


def test_what_cannot_be_laid_says_why(source):
    """A clause that is not there, an entry out of bounds, a reserve that cannot be dated, two that set one entry."""
    contract = source.study.contract
    for change, start, told in (
        (Change("risk_corridor", "x", "=", 1.0), 0, "no clause risk_corridor"),
        (Change("cap_and_collar", "support_shape", "=", 1.0), 0, "no entry"),
        (Change("cap_and_collar", "support_share", "=", 3.0), 0, "beyond"),
        (Change("ending", "reserve", "*=", 2.0), 3, "cannot be changed later"),
        (Change("annual_payment", "opening_price", "*=", 1.1), 3, "cannot be changed later"),
        (Change("gain_loss_share", "band", "=", "nett"), 0, "cannot be set"),
    ):
        with pytest.raises(NotLaidError, match=told):
            changed(contract, change, 1e6, start)
    twin = replace(LIBRARY["rescue"], id="twin")
    with pytest.raises(NotLaidError, match="both set"):
        lay(source.study, [LIBRARY["rescue"], twin])


def test_a_higher_price_costs_the_commissioner(source, futures):
    """The rise of the agreed budget counts as exposure: what is beside the clauses is its present value to the penny."""
    laid = lay(source.study, [LIBRARY["due_diligence_price"]])
    assert laid.beside == pytest.approx(0.03 * present(source.study, 0))
    assert lay(source.study, [LIBRARY["larger_reserve"]]).beside == pytest.approx(
        0.05 * source.study.contract.opening_price
    )
    found = effect(futures, attempt(futures, [LIBRARY["due_diligence_price"]], 2), "walks_away")
    assert found.helps
    assert found.money["commissioner_exposure_npv_gbp"].value > 0.0


def test_effects_are_paired_differences(source, futures):
    """Change, cost and residual equal the plain difference of two lives of the same futures, in all of them and inside a
    region."""
    one = LIBRARY["stronger_collar"]
    trial = attempt(futures, [one], 2)
    before = columns_of(source.live(FUTURES)[0])
    after = columns_of(source.live(FUTURES, lay(source.study, [one]).study)[0])
    wall = chosen(source.study, ["walks_away"])[0]
    inside = futures.inside(Box((Limit("opening_gap", low=0.02),)))
    assert 0 < inside.sum() < FUTURES
    for among in (np.ones(FUTURES, dtype=bool), inside):
        found = effect(futures, trial, "walks_away", among)
        moved = wall.failing(after)[among].astype(float) - wall.failing(before)[among]
        assert found.change.value == pytest.approx(moved.mean())
        assert found.change.error == pytest.approx(moved.std(ddof=1) / np.sqrt(among.sum()), rel=0.01)
        assert found.after.value == pytest.approx(wall.failing(after)[among].mean())
        cost = (after["commissioner_exposure_npv_gbp"] - before["commissioner_exposure_npv_gbp"])[among]
        assert found.money["commissioner_exposure_npv_gbp"].value == pytest.approx(cost.mean())
        assert found.cost[0] == pytest.approx(cost.mean() / -moved.mean())
    still = effect(futures, futures.base, "walks_away")
    assert (still.change.value, still.helps, still.harms, still.cost) == (0.0, False, False, None)


def test_ranking_looks_at_money_and_health(futures):
    """Of two that lower the chance alike the dearer and unhealthier is beaten; tiny gains and what does not help stand last or
    not at all."""
    trials, skipped = try_all(
        futures, {name: LIBRARY[name] for name in ("rescue", "stronger_collar", "exit_fee", "longer_notice")}, 2
    )
    assert not skipped
    effects = {name: effect(futures, trial, "walks_away") for name, trial in trials.items()}
    order = ranked(effects)
    assert order[0] == "rescue"
    assert "exit_fee" not in order
    same = {
        "a": effects["stronger_collar"],
        "b": replace(effects["stronger_collar"], health=replace(effects["rescue"].health, value=-1.0)),
    }
    assert beaten(same) == {"b"}
    assert ranked(same) == ["a", "b"]
    assert any(text.startswith("hospital_limit +") for text in worsened(futures, trials["rescue"])) or not worsened(
        futures, trials["rescue"]
    )


def test_in_turn_takes_first_choices_first():
    """First choices of every eventuality, then what works through choices, then second and third choices, each once."""
    assert in_turn([["a", "b", "c"], [], ["d", "a"]], ["x"]) == ["a", "d", "x", "b", "c"]


def test_late_mitigations_leave_more(source, futures):
    """A change that is in force only after its signpost leaves at least as much as one from the start; triggers need no date."""
    sign = next(
        s for s in singles(watch(source, futures.failing), "walks_away", source.study.year_labels) if s.year == 0
    )
    among = np.ones(FUTURES, dtype=bool)
    late, why = playbook_plan.late_rate(futures, among, "walks_away", LIBRARY["stronger_collar"], sign, 2)
    now = effect(futures, attempt(futures, [LIBRARY["stronger_collar"]], 2), "walks_away").after.value
    base = futures.base.failed["walks_away"].mean()
    assert why == ""
    assert now < late <= base
    assert playbook_plan.late_rate(futures, among, "walks_away", LIBRARY["deficit_support"], sign, 2) == (
        None,
        "fires by itself",
    )
    assert playbook_plan.late_rate(futures, among, "walks_away", LIBRARY["rescue"], sign, 2) == (
        None,
        playbook_plan.AT_SIGNATURE,
    )


def test_triggers_weigh_futures(source, futures):
    """How often a trigger fires and what it pays where it does are weighted by the futures, with errors; as by hand."""
    weight = np.where(np.arange(FUTURES) % 3 == 0, 4.0, 0.5)
    weighed = replace(futures, nature=replace(futures.nature, weight=weight))
    (row,) = trigger_rows(weighed, LIBRARY, ["deficit_support"])
    paid = Books(source, "deficit_support", FUTURES).paid
    fired, sums = (paid != 0.0).any(axis=0), paid.sum(axis=0)
    assert row["fires_rate"] == pytest.approx(np.average(fired, weights=weight))
    assert row["paid_where_fired_gbp"] == pytest.approx(np.average(sums[fired], weights=weight[fired]))
    assert row["paid_where_fired_gbp"] != pytest.approx(sums[fired].mean(), rel=1e-4)
    share = weight[fired] / weight[fired].sum()
    error = np.sqrt(np.sum((share * (sums[fired] - row["paid_where_fired_gbp"])) ** 2))
    assert row["paid_where_fired_error_gbp"] == pytest.approx(error, rel=0.01)


@pytest.fixture(scope="module")
def small_library(tmp_path_factory):
    """Four mitigations of the standard library and one that this contract cannot take."""
    text = """schema_version = 1
[[mitigation]]
id = "collar"
words = "more support"
kind = "change set"
answers = ["walks_away"]
changes = ["cap_and_collar.support_from = 1.0", "cap_and_collar.support_share = 0.6"]
agree = ["commissioner", "provider"]
notice_years = 0
cost = "the commissioner"
quality = "judgement"
source = "made up"
[[mitigation]]
id = "elsewhere"
words = "a clause that is not there"
kind = "change set"
answers = ["walks_away"]
changes = ["risk_corridor.share = 1.0"]
agree = ["commissioner"]
notice_years = 0
cost = "nobody"
quality = "judgement"
source = "made up"
"""
    path = tmp_path_factory.mktemp("library") / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_playbook_as_a_whole(source, small_library, monkeypatch):
    """Plan with do nothing first, effects in the region and everywhere, what was not tried and why, and sentences with
    figures."""
    from stresstest.advice import discover
    from stresstest.advice.discover_regions import Region

    box = Box((Limit("opening_gap", low=0.02),))
    region = Region(
        "walks_away", "an opening gap above 2.0%", box, 0.8, 0.9, 0.01, 0.88, 0.92, 1.6, 0.5, 0.55, 0.0, True
    )
    monkeypatch.setattr(discover, "regions", lambda source, one, cases=None: [region])
    found = playbook(source, chosen(source.study, ["walks_away"]), small_library)
    plan = found.tables["plan"]
    assert [row["rank"] for row in plan] == [0, 1]
    assert plan[0]["what"] == "do nothing"
    assert plan[1]["fails_rate"] < plan[0]["fails_rate"]
    assert plan[1]["fails_if_answered_rate"] is not None
    assert "2018/19" in plan[1]["signpost"]
    (late,) = found.tables["acting_late"]
    assert late["in_force_from"] == "2019/20"
    assert plan[1]["fails_rate"] < late["fails_rate"] == plan[1]["fails_if_late_rate"] <= plan[0]["fails_rate"]
    assert any("best that can still be agreed" in sentence for sentence in found.answer)
    assert [row["mitigation"] for row in found.tables["not_tried"]] == ["elsewhere"]
    assert {row["where"] for row in found.tables["effects"]} == {"all futures", "an opening gap above 2.0%"}
    assert found.answer[0].startswith("Where the provider walks away often (50.0% of futures), the chance falls from ")
    assert found.answer[0].endswith("with this: more support.")
    assert found.answer[1] == "That is given an opening gap above 2.0%."
    assert all(max(sentence_lengths(text)) <= LONGEST for text in (*found.answer, *found.notes))
    (first,) = sentence_lengths(found.answer[0])
    assert first <= 35
    with pytest.raises(ConfigError, match="nothing fails"):
        playbook(source, (failure(source.study, "health_qaly_npv < -1e9"),), small_library)
