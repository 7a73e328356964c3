"""Short sentences: lists told in several, lengths counted, errors of chances in points."""

from __future__ import annotations

import pytest

from stresstest.advice.sentences import packed, points, sentence_lengths

pytestmark = pytest.mark.unit


def test_a_list_is_told_in_sentences_that_are_short_enough():
    """Items go on in a further sentence where the first would be too long; none is lost, and none gives no sentence."""
    assert packed("Left", ["a b", "c d", "e f"], full=5) == ["Left: a b; c d.", "Likewise: e f."]
    assert packed("Left", ["a b", "c d"]) == ["Left: a b; c d."]
    assert packed("Left", ["a much too long item"], full=2) == ["Left: a much too long item."]
    assert packed("Left", []) == []


def test_sentences_are_counted_by_themselves():
    """A full stop within a number or before a small letter ends nothing."""
    assert sentence_lengths("It is £1.5m now. That saves 2.0% a year.") == [4, 5]


def test_an_error_of_a_chance_is_in_points():
    """Two figures, however small it is."""
    assert [points(x) for x in (0.0123, 0.00045, 0.0)] == ["1.2 points", "0.045 points", "0 points"]
