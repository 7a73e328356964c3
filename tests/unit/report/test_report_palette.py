"""Colours can be told apart, and read."""

from itertools import pairwise

import pytest

from stresstest.errors import RunError
from stresstest.report import palette as P

pytestmark = pytest.mark.unit


def test_contrast_is_that_of_wcag():
    """Black on white is 21:1, and #767676 on white is the well-known 4.54:1 (WCAG 2.2)."""
    assert P.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert P.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_series_differ_from_neighbours_and_paper():
    """Neighbouring series, and each series and the paper, differ by 3:1 or more."""
    assert all(P.contrast(a, b) >= 3.0 for a, b in pairwise(P.SERIES))
    assert all(P.contrast(colour, P.PAPER) >= 3.0 for colour in P.SERIES)


def test_band_edges_stand_out():
    """The edges of the fan's bands differ by 3:1 from every band and from the paper, and by style from each other."""
    assert all(P.contrast(P.SERIES[0], fill) >= 3.0 for fill in (*P.BANDS, P.PAPER))
    assert len(set(P.BAND_EDGE_STYLES)) == len(P.BANDS)


@pytest.mark.parametrize(("text", "ground"), P.TEXT_PAIRS)
def test_text_can_be_read(text, ground):
    """Text on its background reaches 4.5:1."""
    assert P.contrast(text, ground) >= 4.5


def test_series_have_more_than_colour():
    """Every series has a line style and a marker of its own."""
    assert len(set(P.LINE_STYLES)) == len(set(P.MARKERS)) == len(P.SERIES) == P.MOST_SERIES


def test_a_fifth_series_is_refused():
    """Four series pass; five do not, and are named."""
    P.require_few(list("abcd"))
    with pytest.raises(RunError, match="a, b, c, d, e"):
        P.require_few(list("abcde"))
