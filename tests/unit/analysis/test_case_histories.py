"""What the engine says to a case history: known sums, probabilities with their error, and how both are told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stresstest.analysis.histories import BOUNDS, Answer, answers, as_text, settled
from stresstest.config.contracts import load_contract
from stresstest.config.folders import config_folder
from stresstest.config.histories import Check, Expected, History, Prior, Use
from stresstest.errors import ConfigError

pytestmark = pytest.mark.unit
CONFIGS = config_folder(Path(__file__).resolve().parent)
YEAR = {"norm_cost": 2e6, "actual_cost": 2e6, "insured": 10.0}
ONCE = Prior("gap", 1.0, 0.1, 0.0, False, "d", "s", "judgement")
YEARLY = Prior("noise", 1.0, 0.0, 4.0, True, "d", "s", "judgement")


def check(name="one", **more) -> Check:
    """A check of one year of Gesundes Kinzigtal, which shares half of norm less cost."""
    return Check(name, load_contract("kinzigtal", CONFIGS), "calibration", "How often?", **{"years": (YEAR,), **more})


def drawn(prior=ONCE, persons=1.0, share=1.0, name="one", **more) -> Check:
    """A check whose cost is drawn: how often is there anything to share?"""
    draws = {"actual_cost": ("actual_cost", (Use(prior, persons, share),))}
    return check(name, **{"draws": draws, "column": "savings", "at_least": 1.0, "happened": "it did", **more})


def said(*checks: Check, draws=4000) -> list[Answer]:
    """The answers of a history with these checks."""
    return list(answers(History("case", "A case", "It happened.", checks), draws))


def test_known_sums_hit_within_their_tolerance():
    """Half of a saving of £1m is £500,000: a hit where that is known, a miss where one penny more is."""
    year = {**YEAR, "actual_cost": 1e6}
    hit, miss = said(check(years=(year,), expect=(Expected("savings", 1, 5e5, 0.0, "half"),
                                                  Expected("savings", 1, 500000.01, 0.005, "half"))))  # fmt: skip
    assert (hit.hit, hit.said, hit.error, hit.near, hit.source) == (True, 5e5, 0.0, False, "half")
    assert (miss.hit, miss.happened) == (False, "known 500,000.01 ± 0.005")
    assert hit.mark.strip() == "hit"
    assert miss.mark == "MISS"


def test_a_probability_has_its_error():
    """Chance alone earns in half of all draws; the error is that of 4,000 of them."""
    (one,) = said(drawn(low=0.4, high=0.6))
    assert one.said == pytest.approx(0.5, abs=4 * one.error)
    assert one.error == pytest.approx(math.sqrt(one.said * (1.0 - one.said) / 4000))
    assert one.hit
    assert one.happened == "asked 0.4 to 0.6; what happened: it did"


def test_factors_by_person_share_and_year():
    """sd = 4 / √10,000 = 4%, times a share of one half; a yearly factor is drawn for each year, another once for all."""
    many = drawn(YEARLY, 10000.0, 0.5, years=(YEAR, YEAR))
    cost = 2e6 - settled(many, 4000, "case")["savings.gap"]
    assert np.std(cost[:, 0] / 2e6) == pytest.approx(0.02, rel=0.1)
    assert abs(np.corrcoef(cost.T)[0, 1]) < 0.1
    once = settled(drawn(years=(YEAR, YEAR)), 4000, "case")["savings.gap"]
    assert (once[:, 0] == once[:, 1]).all()


def test_streams_are_their_own():
    """The same check gives the same draws again; another check or another history gives others."""
    first = settled(drawn(), 50, "case")["savings.gap"]
    assert (first == settled(drawn(), 50, "case")["savings.gap"]).all()
    assert (first != settled(drawn(), 50, "other")["savings.gap"]).all()
    assert (first != settled(drawn(name="two"), 50, "case")["savings.gap"]).all()


def test_near_a_bound_is_marked_beside_hit_and_miss():
    """Within two errors of a bound either verdict may be luck; bounds of 0 and 1 bound nothing."""
    (free,) = said(drawn())
    assert not free.near
    p, error = free.said, free.error
    bounds = ((p + error, False, True), (p - error, True, True), (p - 3 * error, True, False), (p + 3 * error, False, False))
    for low, hit, near in bounds:
        (one,) = said(drawn(low=low))
        assert (one.hit, one.near) == (hit, near)
        assert ("(within error of the bound)" in one.mark) == near
        (one,) = said(drawn(high=2 * p - low))
        assert (one.hit, one.near) == (hit, near)
    (never,) = said(drawn(at_least=1e12, high=0.05))
    assert (never.said, never.error, never.hit, never.near) == (0.0, 0.0, True, False)


def test_a_year_that_lacks_a_quantity_is_refused():
    """The error names the year and what there is."""
    with pytest.raises(ConfigError) as caught:
        said(check(years=(YEAR, {"norm_cost": 1.0, "insured": 1.0}), expect=(Expected("savings", 1, 0.0, 1.0, ""),)))
    assert caught.value.key == "one.years[2].actual_cost"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        (check(expect=(Expected("saving", 1, 0.0, 1.0, ""),)), "savings"),
        (drawn(column="saving"), "savings"),
        (drawn(draws={"actual_cost": ("actual_costs", (Use(ONCE, 1.0, 1.0),))}), "actual_cost"),
    ],
)
def test_a_column_that_is_not_there_is_refused(wrong, near):
    """The nearest is named."""
    with pytest.raises(ConfigError) as caught:
        said(wrong)
    assert near in str(caught.value.nearest)


def test_the_text_begins_with_score_and_misses():
    """Score, what a hit is worth, the misses, and only then the histories; near ones are counted and marked."""
    (free,) = said(drawn())
    checks = (
        drawn(low=free.said + free.error), drawn(name="two", low=0.9),
        replace(check("three"), kind="plumbing", expect=(Expected("savings", 1, 0.0, 0.0, "none"),)),
    )  # fmt: skip
    case = History("case", "A case", "It happened.", checks)
    text = as_text([case], list(answers(case, 4000)))
    score, misses, own = (text.index(head) for head in ("## Score", "## Misses", "## A case"))
    assert score < text.index(BOUNDS) < misses < own
    assert text.startswith("## Score")
    assert "1 of 1 hit, 0 missed\n" in text[:misses]
    assert "0 of 2 hit, 2 missed; 1 of the 2 within error of the bound" in text[:misses]
    assert "  case/one: MISS (within error of the bound)  P(savings ≥ 1 in year 1)" in text[misses:own]
    assert "  case/two: MISS  P(savings" in text[misses:own]
    assert "three" not in text[misses:own]
    assert "  hit   savings, year 1: 0; known 0 ± 0   [none]" in text[own:]


def test_without_misses_and_probabilities_the_text_says_so():
    """No misses: none; only sums: no word on bounds."""
    case = History("case", "A case", "It happened.", (check(expect=(Expected("savings", 1, 0.0, 0.0, ""),)),))
    text = as_text([case], list(answers(case)))
    assert "## Misses\n\n  none\n" in text
    assert BOUNDS not in text


def test_a_guarantee_can_change_how_unitingcare_ends():
    """£34m short in the first year ends it without a guarantee, and does not with one of £34m."""
    contract = load_contract("unitingcare", CONFIGS)
    year = {"reported_cost": 186e6, "indicator.outcome measures met": 0.0, "vat.affected_share": 0.0}
    for limit, ends in ((0.0, 1.0), (33.9e6, 1.0), (34e6, 0.0)):
        one = Check("u", contract, "plumbing", "?", ({**year, "parent_guarantee.limit": limit},))
        done = settled(one)
        assert (done["parent_guarantee"][0, 0], done["cannot_go_on"][0, 0]) == (limit, ends)
