"""Signposts of a small real run: who is at risk, what is seen, thresholds judged on other futures, and nothing found in noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stresstest.advice.failures import chosen, failure
from stresstest.advice.reading import read_cases
from stresstest.advice.sentences import LONGEST, sentence_lengths
from stresstest.advice.signposts import best_signposts, signposts
from stresstest.advice.signposts_pack import pack_rows, triggers
from stresstest.advice.signposts_single import singles
from stresstest.advice.signposts_together import by_count, together
from stresstest.advice.signposts_words import best_words, timing_words, together_words
from stresstest.advice.watching import QUANTITIES, watch
from stresstest.errors import ConfigError, DataError
from stresstest.results.ensemble import Ensemble

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def seen(small_folder):
    """The small run's futures as a commissioner sees them, with its study's year labels."""
    from stresstest.advice.source import Source

    source = Source.of(small_folder)
    return watch(source, chosen(source.study, [])), source.study.year_labels


def test_what_is_seen_is_what_the_tables_hold(seen, small_folder, small_source):
    """Result to date, reserve and acute ratio equal the table of years; mean axes equal the table of futures; nothing is NaN."""
    own, labels = seen
    years = Ensemble(small_folder).years(scenario="calibrated", strategy="honest")
    third = years[(years["year"] == labels[2]) & (years["future"] > 0)].sort_values("future")
    there = (own.exits < 0) | (own.exits >= 2)
    by_hand = (third["cumulative_surplus_gbp"] / third["agreed_budget_gbp"]).to_numpy()
    np.testing.assert_allclose(own.values["cumulative_surplus"][2][there], by_hand[there], rtol=1e-12)
    ratio = (third["acute_actual_gbp"] / third["acute_expected_gbp"]).to_numpy()
    np.testing.assert_allclose(own.values["acute"][2][there], ratio[there], rtol=1e-12)
    means = read_cases(small_source, ["economy_mean", "state_end"])
    stays = own.exits < 0
    np.testing.assert_allclose(own.values["growth"][-1][stays], means.values("economy_mean")[stays], rtol=1e-9)
    np.testing.assert_allclose(own.values["state"][-1][stays], means.values("state_end")[stays], rtol=1e-9)
    assert set(own.values) == {one.name for one in QUANTITIES}
    assert all(np.isfinite(values).all() for values in own.values.values())


def test_who_is_at_risk(seen, small_folder):
    """At risk of a walk-away: in service after the year and no notice given; of the limit: in service and the sum not yet
    beyond it."""
    own, _ = seen
    went = Ensemble(small_folder).outcomes(scenario="calibrated", strategy="honest")
    went = went[went["future"] > 0].sort_values("future")
    left = ~went["exit_cause"].isin(["none", "policy break"]).to_numpy()
    np.testing.assert_array_equal(own.failed["walks_away"], left)
    for year in (0, 2, 5):
        by_hand = (own.exits < 0) | (own.exits > year)
        by_hand &= ~left | (own.exits > year + 1) | ((own.exits > year) & (own.exits - 1 > year))
        np.testing.assert_array_equal(own.at_risk("walks_away", year), by_hand)
    assert own.ahead("walks_away", 0) > own.ahead("walks_away", 2) > 0.0
    assert own.ahead("quality_floor", 0) <= 1.0
    limit = own.when["commissioner_limit"][own.failed["commissioner_limit"]]
    assert limit.min() > 0
    assert len(np.unique(limit)) > 5


def test_what_is_known_at_the_end_only_is_settled_by_the_exit(seen, small_source):
    """Quality and comparisons of one's own are dated by the end of service, early or at the term's end; limits keep their own."""
    own, labels = seen
    by_hand = np.where(own.exits >= 0, own.exits, len(labels) - 1)
    assert own.at_end == {"quality_floor"}
    np.testing.assert_array_equal(own.when["quality_floor"], by_hand)
    ill = watch(small_source, chosen(small_source.study, ["health_qaly_npv < 500"]))
    np.testing.assert_array_equal(ill.when["health_qaly_npv < 500"], by_hand)
    failed = own.failed["quality_floor"] & own.at_risk("quality_floor", 0)
    early = failed & (own.exits >= 0)
    assert early.sum() > 0.5 * failed.sum()
    np.testing.assert_array_equal(own.years_to("quality_floor", 0)[early], own.exits[early])


def test_quality_is_told_without_contradiction(seen):
    """A lead ends with service; the term's end is named only where that settles it; nothing ahead is told once."""
    own, labels = seen
    one = replace(singles(own, "walks_away", labels)[0], failure="quality_floor", year=0, lead_low=2.0, lead_median=2.0)
    assert "2 years ahead of the end of service" in best_words(replace(one, lead_high=2.0), own)[1]
    assert "end of the term" not in " ".join(best_words(replace(one, lead_high=2.0), own))
    last = float(len(labels) - 1)
    late = replace(one, lead_low=last, lead_median=last, lead_high=last)
    assert f"{last:.0f} years ahead, as it is settled at the end of the term" in best_words(late, own)[1]
    gone = replace(own, serving=own.serving & (np.arange(len(labels)) < 2)[:, None])
    told = timing_words(gone, "quality_floor", labels, [0, 1, 2, 4])
    assert f"none from {labels[2]} on" in told
    assert " 0%" not in told


def test_what_is_no_better_is_set_against_those_at_risk(seen):
    """The share that is told is that of the futures still at risk, on the half that judges; names keep their hyphens."""
    own, labels = seen
    signs = [one for one in singles(own, "walks_away", labels) if one.year == 1]
    both = together(own, "walks_away", 1, signs, labels[1])
    rest = own.at_risk("walks_away", 1) & (np.arange(own.n) % 2 == 1)
    share = own.failed["walks_away"][rest].mean()
    assert both.came == pytest.approx(share)
    assert both.came != pytest.approx(both.base, abs=1e-6)
    told = together_words(replace(both, failure="health_qaly_npv < -5"), False)
    assert f"of the futures still at risk ({100.0 * share:.1f}% on the half that judges)" in told
    assert "all futures that fail" not in told
    assert "health_qaly_npv < -5" in told


def test_a_signpost_is_judged_on_futures_that_it_was_not_chosen_on(seen):
    """Threshold from the even half, rates from the odd half, both by brute force."""
    own, labels = seen
    one = next(s for s in singles(own, "walks_away", labels) if (s.quantity, s.year) == ("surplus", 0))
    risk, values, failed = own.at_risk("walks_away", 0), own.values["surplus"][0], own.failed["walks_away"]
    even, odd = risk & (np.arange(own.n) % 2 == 0), risk & (np.arange(own.n) % 2 == 1)
    points = np.unique(values[even])
    gain = [np.mean(values[even & failed] < p) - np.mean(values[even & ~failed] < p) for p in points]
    best = int(np.argmax(gain))
    assert one.side == "below"
    assert points[best - 1] < one.threshold.value < points[best]
    signal = values < one.threshold.value
    assert one.judged.hit.value == pytest.approx(signal[odd & failed].mean())
    assert one.judged.false_alarm.value == pytest.approx(signal[odd & ~failed].mean())
    assert one.judged.precision.value == pytest.approx(failed[odd & signal].mean())
    assert one.at_risk == odd.sum()
    leads = own.exits[odd & failed & signal] - 0
    assert one.lead_low <= one.lead_median == np.sort(leads)[(leads.size - 1) // 2] <= one.lead_high


def test_best_signposts_are_found_and_in_order(small_source, seen):
    """What is found tells more than chance, best first; a deficit in the first year foretells a walk-away."""
    own, _ = seen
    found = best_signposts(small_source, "walks_away", own)
    assert all(one.found for one in found)
    assert [one.merit for one in found] == sorted((one.merit for one in found), reverse=True)
    assert found[0].year == 0
    assert found[0].judged.hit.low > found[0].judged.false_alarm.high
    inside = own.values["surplus"][0] < np.median(own.values["surplus"][0])
    assert best_signposts(small_source, "walks_away", own, inside)[0].base < found[0].base


def test_nothing_is_found_in_noise(seen):
    """With what is seen replaced by chance, of 24 searches at most two find a signpost, and no model beats the base rate."""
    own, labels = seen
    alarms, better = 0, 0
    for seed in range(24):
        r = np.random.default_rng(seed)
        noise = replace(own, values={name: r.normal(size=values.shape) for name, values in own.values.items()})
        found = singles(noise, "walks_away", labels)
        alarms += any(one.found for one in found)
        first = [one for one in found if one.year == 0]
        both = together(noise, "walks_away", 0, first, labels[0])
        better += any(one.skill.p_value < 0.01 for one in both.forecasts)
    assert alarms <= 2
    assert better <= 1


def test_a_scorecard_counts_signals(seen):
    """The scorecard's chance rises with the number of signals, and beats the single best signpost or equals it."""
    own, labels = seen
    signs = [one for one in singles(own, "commissioner_limit", labels) if one.year == 0]
    both = together(own, "commissioner_limit", 0, signs, labels[0])
    card = both.of("scorecard")
    assert 1 <= both.least <= len(both.signs) <= 5
    assert card.skill.better
    assert card.skill.skill > both.of("best signpost").skill.skill - 2.0 * card.skill.skill_error
    table = by_count(np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1], dtype=bool), np.ones(5), 3)
    assert table == pytest.approx([0.4 / 3, 1.4 / 3, 1.4 / 2, 0.4])


def test_the_pack_holds_limits_and_false_alarms(seen):
    """Limits lie in order, a trigger holds until the next, and the false alarm over the term is at least that of the first
    year."""
    own, labels = seen
    signs = singles(own, "walks_away", labels)
    rows = pack_rows(own, "walks_away", signs, labels)
    for row in rows:
        assert (
            row["outer_limit_low"]
            <= row["middle_low"]
            <= row["middle"]
            <= row["middle_high"]
            <= row["outer_limit_high"]
        )
        if row["year"] == labels[0] and row["alarm_rate"] is not None:
            assert row["alarm_in_term_rate"] >= row["alarm_rate"]
    by_year = triggers(signs, signs[0], len(labels))
    assert by_year[2] == by_year[3]
    assert by_year[0] == signs[0].threshold


def test_the_advice_answers_with_figures(small_source):
    """The first sentence says what to watch, its limit, when and with what chance; every table has rows; failures that cannot
    be told are said to be so."""
    found = signposts(small_source, chosen(small_source.study, ["walks_away", "commissioner_limit"]))
    assert found.answer[0].startswith("Act at the end of 2018/19 where ")
    assert "the provider walks away" in found.answer[0]
    assert all(sentence.endswith(".") for sentence in found.answer)
    assert all(max(sentence_lengths(text)) <= LONGEST for text in (*found.answer, *found.notes))
    (first,) = sentence_lengths(found.answer[0])
    assert first <= 36
    assert all(found.tables[name] for name in found.tables)
    never = failure(small_source.study, "health_qaly_npv < -1e9")
    both = signposts(small_source, (*chosen(small_source.study, ["walks_away"]), never))
    assert any("nothing to watch for" in sentence for sentence in both.answer)
    with pytest.raises(ConfigError, match="nothing to watch for"):
        signposts(small_source, (never,))


def test_a_run_without_yearly_rows_is_refused(small_source):
    """A run that kept no years is refused, with what to do."""
    bare = replace(small_source, study=replace(small_source.study, years_futures=0))
    with pytest.raises(DataError, match="years_futures"):
        watch(bare, chosen(bare.study, []))
