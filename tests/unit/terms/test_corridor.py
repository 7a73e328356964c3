"""A result shared band by band about a target."""

from __future__ import annotations

import math

import pytest

from stresstest.terms._term import NOT_USED
from stresstest.terms.corridor import KIND, band_part

pytestmark = pytest.mark.unit

BANDS = [
    {"side": "gain", "from": 0.03, "to": 0.08, "share": 0.5},
    {"side": "gain", "from": 0.08, "share": 0.8},
    {"side": "loss", "from": 0.05, "to": 0.10, "share": 0.25},
]


def values(bands, edges="share_of_target"):
    """The fields as a check sees them; bands as (side, from, to)."""
    return {
        "edges": edges, "counts": "net",
        "bands": [{"side": side, "from": a, "to": b, "share": 0.5} for side, a, b in bands],
    }  # fmt: skip


@pytest.mark.parametrize(("size", "part"), [(1, 0), (2, 0), (3, 1), (6, 4), (7, 4)])
def test_band_counts_above_its_start(size, part):
    """A band counts what lies between its start and its end."""
    assert band_part(float(size), 2.0, 6.0, False) == part


@pytest.mark.parametrize(("size", "part"), [(1.99, 0), (2, 2), (3, 3), (6, 6), (7, 6)])
def test_first_pound_counts_from_zero_at_the_start(size, part):
    """Reaching the start is enough for the whole gap to count."""
    assert band_part(float(size), 2.0, 6.0, True) == part


@pytest.mark.parametrize(
    ("actual", "due"), [(100, 0), (97, 0), (95, 1), (92, 2.5), (90, 4.1), (105, 0), (108, -0.75), (120, -1.25)]
)
def test_gain_is_paid_and_loss_is_paid_back(pay, actual, due):
    """Gains and losses go by the bands of their own side, and beyond the last band nothing is shared."""
    year = {"acute_expected": 100, "acute_actual": actual}
    assert pay("corridor", {"bands": BANDS}, year) == pytest.approx([due])


def test_bands_in_money_do_not_follow_the_target(pay):
    """With edges in money the same gap pays the same whatever the target."""
    terms = {"edges": "money", "bands": [{"side": "gain", "from": 10.0, "share": 0.5}]}
    years = [{"acute_expected": target, "acute_actual": target - 30} for target in (100, 1_000, 0)]
    assert pay("corridor", terms, *years) == pytest.approx([10, 10, 10])


def test_first_pound_is_of_the_lowest_band_of_each_side(pay):
    """The order of the bands in the file does not matter."""
    terms = {"counts": "first_pound", "bands": list(reversed(BANDS))}
    years = [{"acute_expected": 100, "acute_actual": actual} for actual in (90, 97, 97.5, 105, 104)]
    assert pay("corridor", terms, *years) == pytest.approx([5.6, 1.5, 0, -1.25, 0])


@pytest.mark.parametrize("target", [0, -50])
def test_target_without_size_has_room_only_beyond_all_edges(pay, target):
    """Edges as shares of nothing are 0: only a band without an end shares the gap."""
    year = {"acute_expected": target, "acute_actual": target - 10}
    assert pay("corridor", {"bands": BANDS}, year) == pytest.approx([8])


def test_what_is_not_a_number_stays_visible(pay):
    """A missing actual never becomes a payment of nothing."""
    assert math.isnan(pay("corridor", {"bands": BANDS}, {"acute_expected": 100, "acute_actual": math.nan})[0])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (values([]), "no band"),
        (values([("gain", 0.03, 0.08), ("gain", 0.05, 0.1)]), "overlap"),
        (values([("loss", 0.05, NOT_USED), ("loss", 0.03, 0.08)]), "overlap"),
        (values([("loss", 0.05, 0.05)]), "not above"),
        (values([("loss", 3.0, 8.0)]), "stands for 3%"),
    ],
)
def test_bad_bands_are_reported(given, word):
    """Bands that are empty, overlap or look like percentages are named."""
    assert any(word in sentence for _, sentence in KIND.check(given))


def test_sound_bands_pass():
    """Bands of different sides may lie over each other, touch, and be large where they are money."""
    assert KIND.check(values([("gain", 0.03, 0.08), ("loss", 0.03, 0.08), ("gain", 0.08, NOT_USED)])) == []
    assert KIND.check(values([("gain", 3e6, 8e6)], edges="money")) == []
