"""The guard: a slower rule is seen, noise is not, and what looks worse is measured again."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest import bench_verbs
from stresstest.bench.guard import (
    BETTER,
    HOLDS,
    NOT_JUDGED,
    RULE_FLOOR,
    WORSE,
    combined,
    common_start,
    comparable,
    judge_compiled,
    judge_instructions,
    judge_ratio,
    judge_rule,
    judge_rules,
    settled,
    unjudged,
)
from stresstest.bench.record import Record, rules_of
from stresstest.bench.timing import Ratio, summary

pytestmark = pytest.mark.unit
NOISE = 0.03


def answers(rng: np.random.Generator, cost: float, processes: int, slower: float = 1.0) -> list[dict[str, float]]:
    """What processes say of one rule: its cost with a few hundredths of noise, and now and then a good deal more."""
    noise = 1.0 + NOISE * rng.standard_normal(processes) + 0.3 * (rng.random(processes) < 0.15)
    return [{"clause: a": float(value)} for value in slower * cost * noise]


def ratio(median: float, half: float = 0.01) -> Ratio:
    """A ratio with an interval of so much to both sides."""
    low, high = median * (1 - half), median * (1 + half)
    return Ratio(median, low, high, low, high, 9, median, 1.0)


def verdict(rng: np.random.Generator, slower: float) -> str:
    """One use of the guard: a stored record, a new one, and suspects measured again."""
    stored, found = rules_of(answers(rng, 20.0, 3)), rules_of(answers(rng, 20.0, 3, slower))

    def again(names: list[str]):
        nonlocal found
        found = combined(found, answers(rng, 20.0, 2, slower))
        return judge_rules(stored, found)

    return settled(judge_rules(stored, found), again)[0].state


def test_a_rule_that_is_a_fifth_slower_is_seen():
    """Of 200 slow-downs by 20% nearly all are reported, noise or not."""
    rng = np.random.default_rng(1)
    assert sum(verdict(rng, 1.2) == WORSE for _ in range(200)) >= 190


def test_noise_is_not_reported():
    """Of 2,000 comparisons of the same program none is reported as worse."""
    rng = np.random.default_rng(2)
    assert not [k for k in range(2000) if verdict(rng, 1.0) == WORSE]


def test_a_faster_rule_is_said_to_be_better():
    """A rule whose cost fell by a half is neither worse nor the same."""
    assert verdict(np.random.default_rng(3), 0.5) == BETTER


def test_what_costs_next_to_nothing_is_not_told_apart():
    """A rule far below the floor may cost twice as much; one of some size may not."""
    tiny, small = ({"cost": cost, "least": cost, "most": cost} for cost in (0.1 * RULE_FLOOR, 20 * RULE_FLOOR))
    assert judge_rule("x", tiny, {k: 2 * v for k, v in tiny.items()}).state == HOLDS
    assert judge_rule("x", small, {k: 1.2 * v for k, v in small.items()}).state == WORSE


@pytest.mark.parametrize(
    ("now", "higher", "state"),
    [
        (1.3, False, WORSE), (1.05, False, HOLDS), (0.7, False, BETTER), (1.3, True, BETTER), (0.7, True, WORSE),
        (0.95, True, HOLDS),
    ],
)  # fmt: skip
def test_ratios_are_judged_by_their_intervals(now, higher, state):
    """A ratio is worse where its interval lies beyond the stored one by more than 10%, to the side that is worse."""
    assert judge_ratio("x", ratio(1.0), ratio(now), 0.10, not higher).state == state


def test_a_wide_interval_proves_nothing():
    """A median that is a third worse does not count while its interval reaches down to the stored one."""
    assert judge_ratio("x", ratio(1.0), ratio(1.33, 0.3), 0.10, True).state == HOLDS
    assert judge_ratio("x", ratio(1.0, 0.3), ratio(1.33), 0.10, True).state == HOLDS


def test_ratios_under_noise():
    """Of 300 comparisons of noisy rounds none of the same speed is worse, and nearly all of 1.3 times it are."""
    rng = np.random.default_rng(4)

    def measured(level: float) -> Ratio:
        rounds = list(level * np.exp(0.05 * rng.standard_normal(9)))
        return summary(rounds, rounds, [1.0] * 9)

    same = [judge_ratio("x", measured(1.0), measured(1.0), 0.12, True).state for _ in range(300)]
    slower = [judge_ratio("x", measured(1.0), measured(1.3), 0.12, True).state for _ in range(300)]
    assert WORSE not in same
    assert slower.count(WORSE) >= 150


def test_an_entry_compiled_for_more_is_worse():
    """One signature more is reported at once, also for an entry that is new, and one less is better."""
    states = [one.state for one in judge_compiled({"a": 1, "b": 2, "c": 1}, {"a": 2, "b": 1, "c": 1, "new": 2, "other": 1})]
    assert states == [WORSE, BETTER, HOLDS, WORSE, HOLDS]


def test_rules_are_measured_again_by_what_they_share():
    """The longest common beginning of the names, and the whole name of one."""
    assert common_start(["clause: gate", "clause: gate form step", "clause: guarantee"]) == "clause: g"
    assert common_start(["step: pay"]) == "step: pay"
    assert common_start(["step: pay", "lever: effort"]) == ""


def test_suspects_alone_are_measured_again():
    """What holds is not measured again, a suspect until it holds, and one that stays worse no more often than is set."""
    asked: list[list[str]] = []
    first = [judge_ratio(name, ratio(1.0), ratio(now), 0.1, True) for name, now in (("a", 1.0), ("b", 1.5), ("c", 1.5))]

    def again(names: list[str]):
        asked.append(names)
        return [judge_ratio(name, ratio(1.0), ratio(1.5 if name == "c" else 1.0), 0.1, True) for name in names]

    assert [one.state for one in settled(first, again, 3)] == [HOLDS, HOLDS, WORSE]
    assert asked == [["b", "c"], ["c"], ["c"]]


def test_what_a_suspect_needs_is_measured_again_with_it(monkeypatch):
    """Threads that had a free machine when the yardstick was measured, and a busy one ever since, are no slower program."""
    key, needs = "two_threads_vs_one", "two_threads_of_yardstick"
    stored, found = Record(ratios={key: ratio(1.95), needs: ratio(1.97)}), Record(ratios={key: ratio(1.2), needs: ratio(1.96)})
    asked: list[list[str]] = []

    def busy(subjects, of, say):
        asked.append([subject.key for subject in subjects])
        return {subject.key: ratio(1.2) for subject in subjects}

    monkeypatch.setattr(bench_verbs.measure, "ratios", busy)
    assert [(one.name, one.state) for one in bench_verbs.judge(stored, found, True, lambda text: None)] == [
        (key, NOT_JUDGED), (needs, HOLDS)
    ]  # fmt: skip
    assert asked == [[needs, key]]


def test_threads_that_no_longer_gain_are_seen(monkeypatch):
    """Where the yardstick gains from two threads each time and the program does not, the program is worse."""
    key, needs = "two_threads_vs_one", "two_threads_of_yardstick"
    stored, found = Record(ratios={key: ratio(1.95), needs: ratio(1.97)}), Record(ratios={key: ratio(1.2), needs: ratio(1.96)})
    gains = {key: 1.2, needs: 1.96}
    monkeypatch.setattr(
        bench_verbs.measure, "ratios", lambda subjects, of, say: {one.key: ratio(gains[one.key]) for one in subjects}
    )
    assert bench_verbs.judge(stored, found, True, lambda text: None)[0].state == WORSE


def test_instructions_have_no_noise():
    """A rule that takes a twentieth more is worse, one that was laid out anew by a hundredth is not."""
    stored = {"a": 10_000, "b": 10_000, "c": 40, "d": 10_000}
    states = [one.state for one in judge_instructions(stored, {"a": 10_500, "b": 10_100, "c": 60, "d": 9_000, "e": 1})]
    assert states == [WORSE, HOLDS, HOLDS, BETTER]


def test_other_machines_are_not_judged():
    """Where processor or library differ, times are shown and not judged."""
    here = Record(environment={"processor": "one", "numba": "1"})
    assert comparable(here, Record(environment={"processor": "one", "numba": "1", "load": 9.0}))
    assert not comparable(here, Record(environment={"processor": "two", "numba": "1"}))
    assert unjudged([judge_ratio("x", ratio(1.0), ratio(2.0), 0.1, True)])[0].state == NOT_JUDGED
