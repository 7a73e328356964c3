"""Narratives: every number is a figure of the future, every word agrees with it, and what is unusual goes first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest import layout as L
from stresstest.analysis.narrative import Told
from stresstest.report.narrative import CAUSES, PARTS, Narrative, narrate
from stresstest.report.narrative_topics import LEVELS, TOPICS
from stresstest.report.narrative_words import REMARKABLE
from stresstest.report.words import percent, pounds

pytestmark = pytest.mark.unit
YEARS = 15
LABELS = tuple(f"{y}/{(y + 1) % 100:02d}" for y in range(2018, 2018 + YEARS))
TODAY = dict(zip(L.AXES, (0.0, 0.3, 0.398, 0.018, 0.0, 0.087), strict=True))
ANCHORS = dict(zip(
    L.AXES, ((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (0.25, 0.35, 0.45), (0.0, 0.02, 0.04), (-1.0, 0.0, 1.0), (0.15, 0.1, 0.05)),
    strict=True,
))  # fmt: skip
LIMITS = ((-1.5, 1.5), (-1.5, 1.5), (0.2, 0.6), (-0.11, 0.09), (-1.5, 1.5), (0.02, 0.25))
NUMERAL = re.compile(r"\d{4}/\d{2}|−?£?\d+(?:,\d{3})*(?:\.\d+)?(?:%|bn|m|k)?")


def told(axes: np.ndarray, **more: Any) -> Told:
    """A future with these axes; nothing in it is unusual unless `below` and `above` say so."""
    values = {f"{axis}_mean": float(axes[:, a].mean()) for a, axis in enumerate(L.AXES)}
    values |= {f"{axis}_end": float(axes[-1, a]) for a, axis in enumerate(L.AXES)}
    values |= {"economy_worst": float(axes[:, L.ECONOMY].min()), "vacancy_peak": float(axes[:, L.WORKFORCE].max())}
    years = {"falls": tuple(np.flatnonzero(axes[:, L.ECONOMY] < 0.0).tolist()), "inflation": (), "pandemic": (), "winter": ()}
    years |= more.pop("years", {})
    values |= {f"{kind}_years": float(len(found)) for kind, found in years.items()}
    values |= {"opening_gap": 0.02, "omitted_item": 0.0, "start_delay": 0.0, "starts": 1.0, "realised_scope": 1.0}
    outcomes = dict.fromkeys(L.OUTCOMES, 0.0) | {"exit_year_index": -1.0} | more.pop("outcomes", {})
    values |= outcomes | more.pop("values", {})
    below = dict.fromkeys(values, 0.5) | more.pop("below", {})
    above = {name: 1.0 - share for name, share in below.items()}
    return Told(1, LABELS, axes, TODAY, ANCHORS, values, below, above, years, outcomes, 4096, **more)


def steady(**levels: float) -> np.ndarray:
    """Axes that stay at today's values, or at the levels given."""
    return np.tile([levels.get(axis, TODAY[axis]) for axis in L.AXES], (YEARS, 1))


def sentence(story: Narrative, topic: str) -> str:
    """The sentence on a topic."""
    return next(one.text for one in story.sentences if one.topic == topic)


@st.composite
def futures(draw: st.DrawFn) -> Told:
    """Any future: paths within the limits, events in any years, any ending, any ranks."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    calm = draw(st.floats(0.0, 1.0))
    axes = np.array([[rng.uniform(low, high) for low, high in LIMITS] for _ in range(YEARS)])
    axes = calm * steady() + (1.0 - calm) * axes
    years = {kind: tuple(np.flatnonzero(rng.random(YEARS) < 0.2).tolist()) for kind in ("inflation", "pandemic", "winter")}
    cause = int(rng.integers(0, len(L.EXIT_CAUSES)))
    outcomes = {name: float(rng.normal(0.0, 10.0 ** rng.integers(2, 10))) for name in L.OUTCOMES}
    outcomes |= {"exit_cause_code": float(cause), "exit_year_index": float(rng.integers(0, YEARS)) if cause else -1.0}
    values = {
        "opening_gap": float(rng.normal(0.0, 0.1)), "omitted_item": float(rng.integers(0, 2)),
        "starts": float(rng.integers(0, 2)), "realised_scope": float(rng.random()),
    }  # fmt: skip
    plain = told(axes, years=years, outcomes=outcomes, values=values)
    share = dict(zip(plain.values, rng.random(len(plain.values)).tolist(), strict=True))
    return replace(plain, below=share, above={name: 1.0 - below for name, below in share.items()})


def figure(name: str, of: Told) -> list[float]:
    """The values that a fact of this name may have, from the future itself."""
    kind, _, rest = name.partition(" ")
    if kind == "today":
        return [of.today[rest]]
    if kind == "level":
        return list(of.anchors[rest])
    if kind == "rank":
        return [max(of.below[rest], of.above[rest])]
    if name.startswith("years of "):
        nearest = [min(range(3), key=lambda k: abs(of.anchors[name[9:]][k] - x)) for x in of.axis(name[9:])]
        return [float(nearest.count(k)) for k in range(3)]
    special = {"futures": [100.0], "term": [15.0], "year of service": [of.outcomes["exit_year_index"] + 1.0]}
    if name in special:
        return special[name]
    if name == "year":
        return [float(t) for t in range(YEARS)]
    return [of.values[name], abs(of.values[name])]


def written(name: str, value: float) -> str:
    """How a figure is to be written."""
    if name == "year":
        return LABELS[int(value)]
    if name.startswith("rank "):
        return str(min(99, int(100 * value)))
    if name.endswith("_gbp"):
        return pounds(value)
    if name in ("futures", "term", "year of service") or name.endswith("_years") or name.startswith("years of "):
        return f"{value:.0f}"
    axis = name.split(" ")[-1].split("_")[0]
    if axis in LEVELS:
        return f"{value:.1f}".replace("-0.0", "0.0").removesuffix(".0").replace("-", "−")
    return percent(value)


@settings(max_examples=300)
@given(futures())
def test_every_number_in_the_text_is_in_the_future(of: Told) -> None:
    """Each numeral is a fact of its sentence, each fact is a figure of the future, rounded as it is written."""
    story = narrate(of)
    for one in story.sentences:
        shown = {fact.shown for fact in one.facts}
        assert set(NUMERAL.findall(one.text)) <= shown, one.text
        for fact in one.facts:
            assert any(fact.value == pytest.approx(value) for value in figure(fact.name, of)), fact
            assert fact.shown == written(fact.name, fact.value), fact


@settings(max_examples=300)
@given(futures())
def test_words_agree_with_the_numbers(of: Told) -> None:
    """Grew is said of growth only, fell of a fall, up of a rise, made of a surplus; a contract that ran its term has no end."""
    text, values = narrate(of).text, of.values
    assert ("grew by" in text) == (values["economy_mean"] >= 0.0005)
    assert ("shrank by" in text) == (values["economy_mean"] <= -0.0005)
    assert "it fell in no year" not in text or not of.years["falls"]
    for axis, start in (("state", "public spending averaged"), ("workforce", "vacancies averaged")):
        for found in re.findall(rf"{start} [^,;]*, (up|down) from", text, re.I):
            assert (found == "up") == (values[f"{axis}_mean"] > of.today[axis])
    assert ("the provider made" in text) == (of.outcomes["provider_surplus_npv_gbp"] >= 0.0)
    assert re.search(r"had to find [^ ]+ more", text) is None or of.outcomes["commissioner_exposure_npv_gbp"] >= 0.0
    assert ("ran its term" in text) == (of.outcomes["exit_year_index"] < 0)
    assert ("less than its opening price" in text) == (values["opening_gap"] <= -0.005)
    assert ("more than its opening price" in text) == (values["opening_gap"] >= 0.005)
    for kind, word in (("pandemic", "no pandemics"), ("winter", "no hard winters"), ("inflation", "no inflation surprises")):
        assert word not in text or not of.years[kind]


@settings(max_examples=300)
@given(futures())
def test_four_to_eight_sentences_the_unusual_first(of: Told) -> None:
    """The order follows how unusual each topic is; each is told once, at length or in passing; the contract comes last."""
    story = narrate(of)
    names = [one.topic for one in story.sentences]
    assert 4 <= len(names) <= 8
    assert len(set(names)) == len(names)
    told_at_length = names[: names.index("the rest")]
    how = {topic.name: of.unusual(*topic.by) for topic in TOPICS}
    ordered = [how[name] for name in told_at_length]
    assert ordered == sorted(ordered, reverse=True)
    assert min(ordered) >= max((how[name] for name in how if name not in told_at_length), default=0.0)
    assert names[-2:] == ["ending", "money"]
    assert all(one.text[0] == one.text[0].upper() and one.text.endswith(".") for one in story.sentences)
    assert narrate(of) == story


@settings(max_examples=200)
@given(futures())
def test_a_rank_is_told_only_where_it_is_remarkable(of: Told) -> None:
    """Every rank is that of a figure outside the middle of the reference futures."""
    for one in narrate(of).sentences:
        for fact in one.facts:
            if fact.name.startswith("rank "):
                assert of.unusual(fact.name.removeprefix("rank ")) >= REMARKABLE


def test_an_economy_that_shrinks() -> None:
    """Average below the lowest level, and the worst year by its label."""
    axes = steady(economy=-0.01)
    axes[3, L.ECONOMY] = -0.08
    story = narrate(told(axes, below={"economy_mean": 0.004}))
    assert sentence(story, "economy") == (
        "Output shrank by 1.5% a year on average, against 1.8% at the outset (the scenario work's lowest level is 0.0%), weaker "
        "than in 99 of 100 futures; it fell in 15 years, by most in 2021/22, by 8.0%."
    )


def test_control_that_moves_to_the_centre_and_stays() -> None:
    """The year from which the level holds is the first after the last other one."""
    axes = steady()
    axes[5:, L.CONTROL] = 0.9
    axes[2, L.CONTROL] = 0.7
    story = narrate(told(axes, below={"control_mean": 0.97}))
    assert sentence(story, "control") == (
        "Control of care passed to the centre from 2023/24 on (0.3 at the outset and 0.9 in 2032/33, on a scale from −1, local, "
        "to 1, national); its average of 0.7 is higher than in 97 of 100 futures."
    )


def test_an_index_that_goes_and_comes_back() -> None:
    """It ended as it began, and was elsewhere for so many years."""
    axes = steady()
    axes[4:8, L.RESPONSIBILITY] = -0.8
    text = sentence(narrate(told(axes, below={"responsibility_mean": 0.1})), "responsibility")
    assert text.startswith("Responsibility for health ended shared, as at the outset, but was with individuals in 4 years (0 at")


def test_events_by_their_years() -> None:
    """One event has its year, several a count and their years, and what did not come is said."""
    story = narrate(told(steady(), years={"inflation": (1, 4), "pandemic": (2,)}, below={"inflation_years": 0.93}))
    assert sentence(story, "shocks") == (
        "There came a pandemic in 2020/21 and 2 inflation surprises (2019/20 and 2022/23), more than in 93 of 100 futures; there "
        "were no hard winters."
    )


@pytest.mark.parametrize(
    ("outcomes", "ending", "money"),
    [
        ({"provider_surplus_npv_gbp": 12.3e6, "commissioner_exposure_npv_gbp": -4e6}, "The contract ran its term of 15 years.",
         "In present value the provider made £12.3m in its years of service; the commissioner had to find £4.00m less than the "
         "agreed budget."),
        ({"provider_surplus_npv_gbp": -20e6, "commissioner_exposure_npv_gbp": 100e6, "exposure_step_in_npv_gbp": 80e6,
          "exit_year_index": 4.0, "exit_cause_code": 2.0},
         "The contract ended after 2022/23, year 5 of 15: the owners' money was used up, above all because the opening price was "
         "too low for what care cost.",
         "In present value the provider lost £20.0m in its years of service; the commissioner had to find £100m more than the "
         "agreed budget, most of it (£80.0m) for care after the provider had left."),
        ({"exit_year_index": 0.0, "exit_cause_code": 1.0},
         "The contract ended after 2018/19, year 1 of 15, because national policy changed.", ""),
    ],
)  # fmt: skip
def test_what_became_of_the_contract(outcomes: dict[str, float], ending: str, money: str) -> None:
    """When and why it ended, what the provider was left with, and what the commissioner had to find for what."""
    story = narrate(told(steady(), outcomes=outcomes))
    assert sentence(story, "ending") == ending
    assert sentence(story, "money") == money or not money


def test_a_contract_that_never_starts_says_so() -> None:
    """The figures suppose a start in full scope, and the story says it before it tells them."""
    never = narrate(told(steady(), values={"starts": 0.0, "realised_scope": 0.0}))
    assert "falls before it begins" in sentence(never, "start")
    small = narrate(told(steady(), values={"realised_scope": 0.06}))
    assert sentence(small, "start").startswith("Only 6.0% of the scope is ever moved")
    assert [one.topic for one in never.sentences][-3:] == ["start", "ending", "money"]


def test_every_cause_and_every_part_of_exposure_has_words() -> None:
    """Nothing that a run can write down is without a sentence."""
    assert set(CAUSES) == set(L.EXIT_CAUSES) - {"none"}
    assert set(PARTS) == set(L.EXPOSURE)
