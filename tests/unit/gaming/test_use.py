"""Ranges of use, as shipped and as they may be written wrongly."""

from __future__ import annotations

import pytest

from stresstest.errors import DataError
from stresstest.gaming.use import read_use, use_file
from stresstest.levers import GAMING

pytestmark = pytest.mark.unit


def test_every_gaming_lever_has_a_range_that_is_a_judgement():
    """All levers, in order, each a judgement with what it leans on."""
    found = read_use()
    assert tuple(found) == GAMING
    for one in found.values():
        assert one.low <= one.at("mode") <= one.at("high")
        assert one.quality == "judgement"
        assert one.source


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ("skimping,", "skimpin,", "lever", "skimping"),
        ("skimping,0.2,0.4,0.7", "skimping,0.4,0.2,0.7", "skimping", "low, mode, high"),
        ("skimping,0.2,0.4,0.7", "skimping,20,40,70", "skimping", "from 0 to 1"),
        ("skimping,0.2,0.4,0.7,judgement", "skimping,0.2,0.4,0.7,guess", "skimping", "judgement"),
    ],
)
def test_mistakes_in_the_file_are_told_with_their_remedy(tmp_path, old, new, key, told):
    """A lever that does not exist and a range that is none name the file, the key and what was expected."""
    path = tmp_path / "use.csv"
    path.write_text(use_file().read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_use(path)
    assert key in str(caught.value)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_lever_without_a_range_is_missed(tmp_path):
    """A file that leaves a lever out is refused, and the lever is named."""
    path = tmp_path / "use.csv"
    text = use_file().read_text(encoding="utf-8")
    start = text.index("indicator_choice,")
    path.write_text(text[:start], encoding="utf-8")
    with pytest.raises(DataError, match="indicator_choice"):
        read_use(path)
