"""Contagion by provider and hospital: an example by hand, and what must hold whatever the futures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from stresstest.errors import ConfigError
from stresstest.futures.resampling import key_of, uniforms
from stresstest.measures import contagion as C
from stresstest.measures.contagion import HOSPITAL, PROVIDER, Links
from stresstest.place import Quantity

pytestmark = pytest.mark.unit
YEARS, N = 6, 400
DEFAULTS = {PROVIDER: 0.25, HOSPITAL: 0.5}
#: Four places: a and b of provider P (budgets 3 and 1), c and d alone; b and c lean on hospital H (1 and 1), d on nobody.
FOUR = Links(("a", "b", "c", "d"), ("P", "P", "", ""), ("", "H", "H", ""), (3.0, 1.0, 1.0, 2.0))


def spread(links: Links, year: np.ndarray, losses: np.ndarray, thresholds: dict[str, float] | None = None) -> C.Caught:
    """Contagion over both kinds of link."""
    groups = [group for kind in C.KINDS for group in links.groups(kind)]
    return C.spread(year, losses, groups, thresholds or DEFAULTS, YEARS)


def made(name: str, places: int) -> tuple[Links, np.ndarray, np.ndarray]:
    """Links, last years and causes of so many places in N futures, by the name."""
    u = uniforms(key_of(f"test/contagion/{name}"), 5 * places, N).reshape(5, places, N)
    year = np.where(u[0] < 0.5, np.floor(u[1] * YEARS), -1).astype(np.int8)
    names = [tuple(f"{kind}{int(x * 4)}" for x in u[row, :, 0]) for kind, row in (("p", 2), ("h", 3))]
    return Links(tuple(f"x{k}" for k in range(places)), *names, tuple(1.0 + 9.0 * u[4, :, 0])), year, (year >= 0) & (u[2] < 0.7)


def test_four_places_by_hand() -> None:
    """a's losses in year 2 are 3/4 of P: b goes in year 3, half of H: c goes in year 4; d is alone and stays."""
    year, losses = np.array([[1], [-1], [-1], [-1]], dtype=np.int8), np.array([[True], [False], [False], [False]])
    found = spread(FOUR, year, losses)
    assert found.year[:, 0].tolist() == [-1, 2, 3, -1]
    assert found.by_group[:, 0].tolist() == [1, 1]


def test_own_ends_and_policy_by_hand() -> None:
    """Policy's end weighs nothing; b's end in the year in which it would be caught is its own; a later one is caught earlier."""
    year = np.array([[1, 1, 1], [-1, 2, 4], [-1, -1, -1], [-1, -1, -1]], dtype=np.int8)
    losses = np.array([[False, True, True], [False, True, False], [False] * 3, [False] * 3])
    found = spread(FOUR, year, losses)
    assert found.year.tolist() == [[-1, -1, -1], [-1, -1, 2], [-1, 3, 3], [-1, -1, -1]]


def test_nobody_is_caught_after_the_term() -> None:
    """An end in the last year catches nobody."""
    year, losses = np.array([[YEARS - 1], [-1], [-1], [-1]], dtype=np.int8), np.array([[True], [False], [False], [False]])
    assert (spread(FOUR, year, losses).year < 0).all()


@settings(max_examples=15, deadline=None)
@given(some.integers(0, 10_000), some.integers(2, 12), some.floats(0.05, 0.9))
def test_contagion_never_lowers_failures(seed: int, places: int, threshold: float) -> None:
    """Every own end stands or comes earlier; a lower threshold catches in the same futures or more, and no later."""
    links, year, losses = made(f"never {seed}", places)
    strict, loose = (spread(links, year, losses, dict.fromkeys(C.KINDS, t)) for t in (threshold, 0.5 * threshold))
    ends = [np.where(one.year >= 0, one.year, np.where(losses, year, YEARS)) for one in (strict, loose)]
    assert (ends[0] <= np.where(losses, year, YEARS)).all()
    assert (ends[1] <= ends[0]).all()
    hit = strict.year >= 0
    assert (strict.year[hit] < np.where(year[hit] < 0, YEARS, year[hit])).all()
    assert (strict.year[hit] >= 1).all()


@settings(max_examples=10, deadline=None)
@given(some.integers(0, 10_000), some.sampled_from([1.0, 1.0001, 3.0]))
def test_a_threshold_of_all_catches_nobody(seed: int, threshold: float) -> None:
    """At 1 and above nothing changes: who would be caught has gone already."""
    links, year, losses = made(f"all {seed}", 9)
    found = spread(links, year, losses, dict.fromkeys(C.KINDS, threshold))
    assert (found.year == -1).all()
    assert not found.by_group.any()


@settings(max_examples=10, deadline=None)
@given(some.integers(0, 10_000))
def test_order_of_places_does_not_matter(seed: int) -> None:
    """The same places in another order are caught in the same years, and groups catch as many."""
    links, year, losses = made(f"order {seed}", 10)
    found = spread(links, year, losses)
    turned = np.argsort(uniforms(key_of(f"test/contagion/turn {seed}"), 10, 1)[:, 0])
    other = links.ordered([links.places[k] for k in turned], [links.budgets[k] for k in turned])
    again = spread(other, year[turned], losses[turned])
    assert np.array_equal(again.year, found.year[turned])
    assert np.array_equal(again.by_group, found.by_group)


def test_an_unrelated_place_changes_nobody() -> None:
    """A place of its own provider and hospital is never caught itself, and the others' ends stay as they were."""
    links, year, losses = made("unrelated", 8)
    found = spread(links, year, losses)
    more = links.ordered([*links.places, "alone"], [*links.budgets, 5.0])
    again = spread(more, np.vstack((year, year[:1])), np.vstack((losses, ~losses[:1])))
    assert (found.year >= 0).any()
    assert np.array_equal(again.year[:-1], found.year)
    assert (again.year[-1] == -1).all()


def by_hand(links: Links, year: list[int], losses: list[bool]) -> list[int]:
    """The rule in one future, written down plainly."""
    groups = [group for kind in C.KINDS for group in links.groups(kind)]
    last = [y if y >= 0 else YEARS for y in year]
    lost, out = [y if hit else YEARS for y, hit in zip(last, losses, strict=True)], [-1] * len(year)
    for t in range(YEARS - 1):
        new = [k for group in groups for k in group.members if last[k] > t + 1 and DEFAULTS[group.kind] - 1e-9 <= sum(
            share for m, share in zip(group.members, group.shares, strict=True) if lost[m] <= t)]  # fmt: skip
        for k in new:
            last[k] = lost[k] = out[k] = t + 1
    return out


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_the_rule_written_down_plainly(name: str) -> None:
    """Fourteen places of four providers and four hospitals: every future as the plain rule has it."""
    links, year, losses = made(f"plain {name}", 14)
    found = spread(links, year, losses).year
    for f in range(N):
        assert found[:, f].tolist() == by_hand(links, year[:, f].tolist(), losses[:, f].tolist())


def test_one_future_after_the_other_is_the_same() -> None:
    """Futures do not touch each other: worked out in two parts, the same comes out."""
    links, year, losses = made("parts", 9)
    whole, parts = spread(links, year, losses), [spread(links, year[:, s], losses[:, s]) for s in (slice(0, 100), slice(100, N))]
    assert np.array_equal(whole.year, np.concatenate([one.year for one in parts], axis=1))


def test_inputs_are_left_alone() -> None:
    """What is handed in is not written into."""
    links, year, losses = made("alone", 9)
    before = year.copy(), losses.copy()
    spread(links, year, losses)
    assert np.array_equal(year, before[0])
    assert np.array_equal(losses, before[1])


def test_costs_of_an_end_shrink_over_places_not_years() -> None:
    """Own mean where 30 ends are; else the year's £ for each £ of all places; a year of few ends takes the nearest of all."""
    counts = np.array([[40.0, 3.0, 0.0, 50.0], [60.0, 37.0, 0.0, 2.0], [0.0] * 4])
    sums = counts * np.array([[10.0, 99.0, 0.0, 30.0], [5.0, 4.0, 0.0, 8.0], [0.0] * 4])
    found = C.end_costs(counts, counts, sums, (100.0, 10.0, 50.0))
    rate = [(400 + 300) / (4000 + 600), (297 + 148) / (300 + 370), (1500 + 16) / (5000 + 20)]
    assert found[0] == pytest.approx([10.0, 100 * rate[1], 100 * rate[1], 30.0])
    assert found[1] == pytest.approx([5.0, 4.0, 10 * rate[1], 10 * rate[2]])
    assert found[2] == pytest.approx([50 * rate[0], 50 * rate[1], 50 * rate[1], 50 * rate[2]])


def test_costs_of_few_ends_are_those_of_all_years() -> None:
    """Where no year has enough ends all years' £ for each £ hold; without ends nothing costs."""
    counts, budgets = np.array([[2.0, 1.0], [0.0, 1.0]]), (100.0, 10.0)
    found = C.end_costs(counts, counts, counts * 6.0, budgets)
    assert found == pytest.approx(np.array([[100.0] * 2, [10.0] * 2]) * 24.0 / 310.0)
    assert not C.end_costs(0.0 * counts, 0.0 * counts, 0.0 * counts, budgets).any()


def test_extra_cost_takes_off_the_own_later_end() -> None:
    """A contract that would have run its term costs its caught end; one that would have ended later, the difference."""
    caught, year = np.array([[2, 2, 2, -1]], dtype=np.int8), np.array([[-1, 4, 4, 1]], dtype=np.int8)
    losses, other = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]), np.array([[0.1] * 6])
    found = C.extra_cost(caught, year, np.array([[False, True, False, True]]), losses, other)
    assert found == pytest.approx([3.0, 3.0 - 5.0, 3.0 - 0.1, 0.0])


def test_thresholds_are_sourced_judgements() -> None:
    """The defaults are numbers with unit and source, marked as judgement, and links may bring their own."""
    for kind, value in ((PROVIDER, 0.25), (HOSPITAL, 0.5)):
        one = C.THRESHOLDS[kind]
        assert (one.value, one.quality) == (value, "judgement")
        assert one.unit
        assert one.source
    own = Links.of(("a", "b"), {"a": "P", "b": "P"}, thresholds={PROVIDER: Quantity((0.6,))})
    assert (own.threshold(PROVIDER), own.threshold(HOSPITAL)) == (0.6, 0.5)


def test_links_from_names_and_their_order() -> None:
    """Places without an entry stand alone; another order keeps each place's links; groups of one place are none."""
    links = Links.of(("a", "b", "c"), {"a": "P", "c": "P"}, {"b": "H"}).ordered(("c", "new", "a", "b"), (1.0, 1.0, 3.0, 1.0))
    assert links.providers == ("P", "", "P", "")
    assert links.hospitals == ("", "", "", "H")
    (group,) = links.groups(PROVIDER)
    assert (group.name, group.members.tolist(), group.shares.tolist()) == ("P", [0, 2], [0.25, 0.75])
    assert links.groups(HOSPITAL) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((("a", "b"), ("P",), ("", "")), "own entry"),
        ((("a", "a"), ("", ""), ("", "")), "given twice"),
        ((("a",), ("",), ("",), (0.0,)), "not above 0"),
        ((("a",), ("",), ("",), (), {PROVIDER: Quantity((0.0,))}), "threshold"),
    ],
)
def test_bad_links_are_refused(entries: tuple[object, ...], said: str) -> None:
    """Lists that do not match, doubled places, budgets of nothing and thresholds of nothing are refused, and said why."""
    with pytest.raises(ConfigError, match=said):
        Links(*entries)  # type: ignore[arg-type]
