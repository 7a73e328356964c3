"""Rounding and wording of numbers."""

import math

import pytest

from stresstest.report import register
from stresstest.report import words as W

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (5.5e9, None, "£5.50bn"), (244.3e6, None, "£244m"), (-12.34e6, None, "−£12.3m"), (960_400, None, "£960k"),
        (0.0, None, "£0"), (-0.2, None, "£0"), (12.34e6, 3e6, "£12m"), (244.3e6, 3e6, "£244m"),
        (12.34e6, 0.4e6, "£12.3m"),
        (1.234e6, 2e4, "£1.23m"), (999_600, None, "£1.00m"), (math.nan, None, "–"), (None, None, "–"),
        (42.0, None, "£42"),
    ],
)  # fmt: skip
def test_pounds(value, error, said):
    """Three figures, fewer where the error is larger, and never a minus before nothing."""
    assert W.pounds(value, error) == said


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "none of the futures"), (0.0004, "about 1 in 2,500"), (0.05, "about 1 in 20"), (0.0526, "about 1 in 20"),
        (0.1, "about 1 in 10"), (0.5, "about half"), (0.88, "about 9 in 10"), (0.95, "about 19 in 20"),
        (0.99, "about 99 in 100"), (1.0, "all of the futures"), (math.nan, "not known"),
    ],
)  # fmt: skip
def test_chance(p, said):
    """A probability as people say it."""
    assert W.chance(p) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.125, "12.5%"), (-0.0014, "−0.1%"), (-0.0001, "0.0%"), (1.0, "100.0%"), (math.nan, "–")]
)
def test_percent(value, said):
    """One decimal, a real minus sign, and none before zero."""
    assert W.percent(value) == said


def test_number_and_error():
    """Counts carry commas; errors two figures; both the minus sign of the house."""
    assert W.number(-5300.4) == "−5,300"
    assert W.number(12.345, 3.0) == "12"
    assert W.spare(366_667.0) == "£370k"
    assert W.spare(2_849.0) == "£2.8k"
    assert W.spare(0.2849, W.number) == "0.28"
    assert W.spare(math.nan) == "–"
    assert W.points(0.0013) == "0.1 percentage points"
    assert W.points(0.0001) == "under 0.05 percentage points"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.035, "share", "0.035"), (0.5 * 0.07, "", "0.035"), (25e6, "GBP", "£25.0m"), (-0.0014, "", "−0.0014"),
     (366_666_667.0, "persons", "366,666,667"), (math.nan, "GBP", "–"), (None, "", "–")],
)  # fmt: skip
def test_a_changed_input_is_shown_as_set(value, unit, said):
    """Nothing is rounded away but the noise of the arithmetic; pounds are said as money."""
    assert W.as_set(value, unit) == said


def test_changes_and_points():
    """Signs before what has risen or fallen and not before nothing; tiny errors are not said to be nothing."""
    assert W.changed(19.3e6, W.pounds) == "+£19.3m"
    assert W.changed(-2.2e5, W.pounds) == "−£220k"
    assert [W.changed(x, W.in_points) for x in (0.323, -0.031, 0.0, 0.00001)] == ["+32.3", "−3.1", "0.0", "0.00"]
    assert [W.in_points(x) for x in (0.0046, 0.0001196, -0.0003, math.nan)] == ["0.5", "0.01", "−0.03", "–"]
    assert [W.correlation(x) for x in (-0.2, 0.004, math.nan)] == ["−0.20", "0.00", "–"]


def test_lists_and_names():
    """Lists read as English and names as words."""
    assert W.listed([]) == ""
    assert W.listed(["a"]) == "a"
    assert W.listed(["a", "b", "c"]) == "a, b and c"
    assert W.scenario_title("state-supreme") == "State Supreme"
    assert W.within("Cost shifted") == "cost shifted"
    assert W.within("NHS funding") == "NHS funding"
    assert W.spoken("gain_loss_share") == "gain loss share"


@pytest.mark.parametrize(
    ("value", "said"),
    [("-0.0014", "−0.0014"), ("366666667.0", "366,666,667"), ("withheld", "withheld"), ("", ""), (None, ""),
     ("[0.0, 0.1]", "[0.0, 0.1]"), (0.02, "0.02")],
)  # fmt: skip
def test_an_input_is_shown_as_set(value, said):
    """The register rounds nothing away and leaves words alone."""
    assert register.shown(value) == said


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "remote chance"), (0.05, "remote chance"), (0.07, "remote chance"), (0.08, "highly unlikely"),
        (0.2, "highly unlikely"), (0.22, "highly unlikely"), (0.24, "unlikely"), (0.35, "unlikely"), (0.37, "unlikely"),
        (0.38, "realistic possibility"), (0.5, "realistic possibility"), (0.524, "realistic possibility"), (0.53, "likely"),
        (0.5529, "likely"), (0.75, "likely"), (0.77, "likely"), (0.78, "highly likely"), (0.9, "highly likely"),
        (0.92, "highly likely"), (0.93, "almost certain"), (1.0, "almost certain"), (math.nan, ""), (None, ""),
    ],
)  # fmt: skip
def test_likelihood(p, said):
    """A word of the PHIA scale; between two bands that of the nearer one."""
    assert W.likelihood(p) == said


@pytest.mark.parametrize(("p", "said"), [(0.075, "highly unlikely"), (0.525, "realistic possibility"), (0.925, "highly likely")])
def test_likelihood_in_the_middle_of_a_gap(p, said):
    """As near to one band as to the other, the word of the one nearer to even chances is used."""
    assert W.likelihood(p) == said


def test_likelihood_words_rise_with_the_chance():
    """Every word of the scale is used, each for one stretch of probabilities."""
    words = list(dict.fromkeys(W.likelihood(k / 1000.0) for k in range(1001)))
    assert words == [word for _, _, word in W.LIKELIHOODS]
